"""Runs a command under the system calls that a unit of systemd allows, as systemd itself would set it up.

    under_unit.py UNIT [--no-writable-code] -- COMMAND...

systemd is not needed to run, only `systemd-analyze` to say what its groups of system calls hold. A forbidden call fails
with EPERM, as SystemCallErrorNumber in the unit has it. --no-writable-code adds what MemoryDenyWriteExecute forbids.
"""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

ALLOW = 0x7FFF0000
EPERM = 0x00050000 | 1
MASKED_EQUAL = 7


class Comparison(ctypes.Structure):
    _fields_ = [("argument", ctypes.c_uint), ("operation", ctypes.c_int), ("first", ctypes.c_uint64), ("second", ctypes.c_uint64)]


def settings(unit: str, key: str) -> list[str]:
    return [line.split("=", 1)[1].strip() for line in unit.splitlines() if line.startswith(key + "=")]


def group(name: str) -> set[str]:
    """The calls of a group, those of the groups in it too."""
    listing = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True).stdout
    calls: set[str] = set()
    for line in listing.splitlines():
        word = line.strip()
        if not line.startswith(" ") or word.startswith("#") or not word:
            continue
        calls |= group(word) if word.startswith("@") else {word}
    return calls


def allowed(unit: str) -> set[str]:
    """What the lines SystemCallFilter= come to, read one after the other as systemd.exec(5) says."""
    calls = group("@default")
    for line in settings(unit, "SystemCallFilter"):
        words = line.removeprefix("~").split()
        named = set().union(*(group(word) if word.startswith("@") else {word} for word in words))
        calls = calls - named if line.startswith("~") else calls | named
    return calls


def enter(calls: set[str], writable_code: bool) -> None:
    library = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    library.seccomp_init.restype = ctypes.c_void_p
    filter_ = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(EPERM)))

    def allow(call: int, *comparisons: Comparison) -> None:
        array = (Comparison * max(1, len(comparisons)))(*comparisons)
        status = library.seccomp_rule_add_array(filter_, ctypes.c_uint32(ALLOW), call, len(comparisons), array)
        assert status == 0, (call, status)

    for name in sorted(calls):
        number = library.seccomp_syscall_resolve_name(name.encode())
        # Negative: not a call of this processor.
        if number < 0:
            continue
        if writable_code or name not in ("mmap", "mprotect", "pkey_mprotect"):
            allow(number)
        elif name == "mmap":
            for protection in (0, 2, 4):
                allow(number, Comparison(2, MASKED_EQUAL, 6, protection))
        else:
            allow(number, Comparison(2, MASKED_EQUAL, 4, 0))
    status = library.seccomp_load(filter_)
    assert status == 0, status


def main() -> None:
    split = sys.argv.index("--")
    unit = Path(sys.argv[1]).read_text()
    # PR_SET_NO_NEW_PRIVS
    ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
    os.umask(int(settings(unit, "UMask")[0], 8))
    enter(allowed(unit), "--no-writable-code" not in sys.argv[:split])
    os.execvp(sys.argv[split + 1], sys.argv[split + 1:])


if __name__ == "__main__":
    main()
