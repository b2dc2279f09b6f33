"""What the scenarios share: the server with the interposer before it, what it has promised, and what is looked at after each fault."""

import dataclasses
import hashlib
import http.client
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/api"), str(ROOT / "tests/support")]

from client import Client, Server, form, free_port, png, sample_film  # noqa: E402, F401  (used by the scenarios)
from interpose import Interposer  # noqa: E402
from processes import descendants, until  # noqa: E402, F401

# What a request meets whose server is killed, or doesn't serve yet.
GONE = (OSError, http.client.HTTPException)


@dataclasses.dataclass(frozen=True)
class Extent:
    """How much is done: all of it, or what `make test` has time for."""

    quick: bool = False
    seed: int = 9
    kills: int = 200
    uploads: int = 10_000
    # Of the places at which a piece of work is killed, so many; 0: all.
    places: int = 0
    say: Callable[[str], None] = lambda text: print(text, flush=True)


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    caused: str
    run: Callable[[Extent], str]

    @property
    def place(self) -> str:
        return f"{Path(self.run.__code__.co_filename).relative_to(ROOT)}::{self.run.__name__}"


SCENARIOS: dict[str, Scenario] = {}


def scenario(caused: str):
    """Registers a function that causes a fault, checks what must happen then, and returns what was seen."""

    def register(run: Callable[[Extent], str]) -> Callable[[Extent], str]:
        SCENARIOS[run.__name__] = Scenario(run.__name__, caused, run)
        return run

    return register


def check(condition: object, *said: object) -> None:
    """An `assert` that no option of Python switches off."""
    if not condition:
        raise AssertionError(" ".join(map(str, said)) or "it isn't so")


class FaultyServer(Server):
    """A server whose calls on its files can be made to fail. Nothing else is done to it."""

    def __init__(self, name: str, **settings: str) -> None:
        super().__init__(f"faults-{name}", **{"LIGHTBOX_WORKER_COUNT": "1", "LIGHTBOX_LIMITS_RATE_PERCENT": "0", **settings})
        self.interposer = Interposer(Path(self.folder.name))
        self.plain = dict(self.environment)
        self.environment |= self.interposer.environment
        self.restarts = 0
        self.restart_seconds: list[float] = []

    @property
    def data(self) -> Path:
        return Path(self.environment["LIGHTBOX_DATA_DIRECTORY"])

    def wait_for_end(self, seconds: float = 30) -> int:
        assert self.process
        return self.process.wait(timeout=seconds)

    def restart(self) -> None:
        """Starts it after it was killed."""
        assert self.process and self.process.poll() is not None
        self.interposer.disarm()
        began = time.monotonic()
        self.start()
        self.restarts += 1
        self.restart_seconds.append(time.monotonic() - began)

    def command(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.program), *words], env=self.plain | environment, cwd=self.folder.name, capture_output=True, text=True, timeout=120)

    def idle(self) -> None:
        """Waits until nothing is done that no request has asked for: the model has been checked, and letters looked for."""
        until(lambda: self.get("/health/clinical")[0] == 200)

    def is_sound(self) -> None:
        """The databases are whole, and the trail proves itself."""
        for name in ("lightbox.sqlite", "audit.sqlite"):
            database = sqlite3.connect(f"file:{self.data / name}?mode=ro", uri=True, timeout=30)
            try:
                found = database.execute("PRAGMA integrity_check").fetchall()
                check(found == [("ok",)], name, found)
                check(database.execute("PRAGMA foreign_key_check").fetchall() == [], name, "foreign keys")
            finally:
                database.close()
        verified = self.command("audit", "verify")
        check(verified.returncode == 0, "audit verify:", verified.stdout, verified.stderr)

    def files(self) -> list[str]:
        return sorted(path.name for path in self.data.glob("files/*/*"))

    def trail(self, event: str) -> int:
        """How many lines of the trail tell of an event."""
        database = sqlite3.connect(f"file:{self.data / 'audit.sqlite'}?mode=ro", uri=True, timeout=30)
        try:
            return database.execute("SELECT count(*) FROM lines WHERE event = ?", (event,)).fetchone()[0]
        finally:
            database.close()


@dataclasses.dataclass
class Promise:
    """An upload that was answered 201, or that a client knows to be kept by another answer."""

    id: str
    sha256: str
    bytes: int


class Ledger:
    """What one client was promised."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.kept: dict[str, Promise] = {}
        # Pictures that were sent and not answered for: they may be there or not, but whole.
        self.unanswered: set[str] = set()

    def upload(self, picture: bytes, **headers: str):
        """Sends a picture; what is answered 201 is a promise from then on. None: no answer came."""
        digest = hashlib.sha256(picture).hexdigest()
        try:
            answer = self.client.upload(picture, "image/png", **headers)
        except GONE:
            self.unanswered.add(digest)
            return None
        if answer.status == 201:
            self.promise(answer.json()["id"], picture)
        return answer

    def promise(self, id: str, picture: bytes) -> None:
        self.kept[id] = Promise(id, hashlib.sha256(picture).hexdigest(), len(picture))

    def settle(self) -> tuple[int, int]:
        """Holds the server to each promise: it is listed, and its file comes back with the same bytes.

        Returns how many were there, and how many more are there that nobody was answered for (each of them whole)."""
        listed = {upload["id"]: upload for upload in self.client.api("GET", "/uploads").json()["uploads"]}
        for promise in self.kept.values():
            check(promise.id in listed, "lost:", promise.id)
            check((listed[promise.id]["sha256"], listed[promise.id]["bytes"]) == (promise.sha256, promise.bytes), "changed:", promise.id)
        more = 0
        for id, upload in listed.items():
            file = self.client.ask("GET", upload["file"])
            check(file.status == 200, "can't be read:", id, file.status)
            digest = hashlib.sha256(file.body).hexdigest()
            check(digest == upload["sha256"], "other bytes:", id)
            if id not in self.kept:
                check(digest in self.unanswered, "nobody sent it:", id)
                more += 1
        return len(self.kept), more


class pictures:  # noqa: N801  (an iterator, for any number of threads)
    """Small pictures, each with other bytes."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.lock = threading.Lock()

    def __next__(self) -> bytes:
        with self.lock:
            return png(64, 64, self.chance.randbytes(64 * 64))


def median(values: list[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def spread(values: list[float], unit: str = "s") -> str:
    """Median, least and most."""
    if unit == "ms":
        values = [value * 1000 for value in values]
    form = "{:.0f}" if unit == "ms" or max(values) >= 100 else "{:.1f}"
    return f"median {form.format(median(values))} {unit} ({form.format(min(values))} to {form.format(max(values))})"


def temporary(name: str) -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix=f"lightbox-{name}-")


def now() -> float:
    return time.monotonic()


def has_root() -> bool:
    return os.geteuid() == 0
