"""Makes chosen calls of a process on chosen files fail, wait, or be its last, and puts its clock: see interpose.c, which
stands between a program and the C library.

    interposer = Interposer(folder)
    with Server("name", **interposer.environment) as server:
        with interposer.rules(Rule(SYNC, "lightbox.sqlite-wal", KILL)):
            ...
"""

import contextlib
import dataclasses
import errno
import hashlib
import mmap
import os
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().with_name("interpose.c")

# As in interpose.c.
CREATE, WRITE, TRUNCATE, SYNC, RENAME, REMOVE, FOLDER, SEND, READ = (1 << bit for bit in range(9))
NAMES = {CREATE: "create", WRITE: "write", TRUNCATE: "truncate", SYNC: "sync", RENAME: "name", REMOVE: "remove",
         FOLDER: "make folder", SEND: "answer", READ: "read"}
CHANGES = CREATE | WRITE | TRUNCATE | SYNC | RENAME | REMOVE | FOLDER
KILL, FAIL, DELAY = 1, 2, 3
_PATH = 200
_RULES, _ENTRIES = 8, 16384
_RULE = struct.Struct(f"=4i4q{_PATH}s")
_ENTRY = struct.Struct(f"=2i2q{_PATH}s")
_HEAD = struct.Struct(f"=2i{_PATH}s3q")
_ARMED, _RECORDING, _COUNT, _AHEAD = 0, 4, 16 + _PATH, 24 + _PATH
_SIZE = _HEAD.size + _RULES * _RULE.size + _ENTRIES * _ENTRY.size


@dataclasses.dataclass(frozen=True)
class Rule:
    """The `first` matching call, and the `count` - 1 after it (-1: all), meet the action."""

    calls: int
    part: str
    action: int
    number: int = 0
    first: int = 1
    count: int = -1


@dataclasses.dataclass(frozen=True)
class Call:
    kind: int
    path: str
    began: int
    # None: the process ended in it, or it goes on.
    ended: int | None
    failed: int

    def __str__(self) -> str:
        return f"{NAMES[self.kind]} {self.path}"


def library() -> Path:
    """The compiled interposer: made once for each version of its source, with the C compiler of the Swift toolchain."""
    mark = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]
    folder = SOURCE.parents[2] / ".build-debug"
    folder.mkdir(exist_ok=True)
    built = folder / f"interpose-{mark}.so"
    if not built.exists():
        draft = folder / f"interpose-{mark}.{os.getpid()}"
        subprocess.run(["clang", "-std=gnu11", "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-U_FORTIFY_SOURCE", str(SOURCE), "-o", str(draft), "-ldl"], check=True)
        draft.rename(built)
    return built


class Interposer:
    """What stands between one server (and each that is started with the same environment after it) and its files."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "interpose"
        with self.path.open("wb") as file:
            file.truncate(_SIZE)
        with self.path.open("r+b") as file:
            self.memory = mmap.mmap(file.fileno(), _SIZE)

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(library()), "LIGHTBOX_FAULTS": str(self.path)}

    def _set(self, place: int, form: str, value) -> None:
        struct.pack_into(form, self.memory, place, value)

    def _get(self, place: int, form: str) -> int:
        return struct.unpack_from(form, self.memory, place)[0]

    # MARK: Rules

    def arm(self, *rules: Rule) -> None:
        self.disarm()
        for index in range(_RULES):
            rule = rules[index] if index < len(rules) else None
            packed = (rule.calls, rule.action, rule.number, 0, rule.first, rule.count, 0, 0, rule.part.encode()) if rule else (0,) * 8 + (b"",)
            _RULE.pack_into(self.memory, _HEAD.size + index * _RULE.size, *packed)
        self._set(_ARMED, "=i", 1)

    def disarm(self) -> None:
        self._set(_ARMED, "=i", 0)

    @contextlib.contextmanager
    def rules(self, *rules: Rule) -> Iterator[None]:
        self.arm(*rules)
        try:
            yield
        finally:
            self.disarm()

    def struck(self, index: int = 0) -> int:
        """How many calls the rule has struck since it was armed."""
        return self._get(_HEAD.size + index * _RULE.size + 16 + 24, "=q")

    def put_clock(self, ahead: int) -> None:
        """Puts the clock on the wall so many seconds ahead of what it is, or back."""
        self._set(_AHEAD, "=q", ahead)

    # MARK: What is called

    @contextlib.contextmanager
    def recording(self, root: str) -> Iterator[None]:
        _HEAD.pack_into(self.memory, 0, self._get(_ARMED, "=i"), 0, root.encode(), 0, 0, self._get(_AHEAD, "=q"))
        place = _HEAD.size + _RULES * _RULE.size
        self.memory[place:] = bytes(_SIZE - place)
        self._set(_RECORDING, "=i", 1)
        try:
            yield
        finally:
            self._set(_RECORDING, "=i", 0)

    def calls(self) -> list[Call]:
        """Those of the last recording, in the order in which they began."""
        count = self._get(_COUNT, "=q")
        if count > _ENTRIES:
            raise OverflowError(f"{count} calls were made; {_ENTRIES} can be recorded")
        calls = []
        for index in range(count):
            kind, failed, began, ended, path = _ENTRY.unpack_from(self.memory, _HEAD.size + _RULES * _RULE.size + index * _ENTRY.size)
            calls.append(Call(kind, path.rstrip(b"\0").decode(), began, ended or None, failed))
        return sorted(calls, key=lambda call: call.began)


EIO, ENOSPC = errno.EIO, errno.ENOSPC
