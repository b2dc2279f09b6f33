"""What the kernel says of a process: memory, descriptors, sockets, threads, processor time."""

import os
from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Held:
    """What a process holds at one moment."""

    resident: float
    descriptors: int
    sockets: int
    threads: int


def held(process: int) -> Held | None:
    """None for a process that is gone."""
    folder = Path(f"/proc/{process}")
    try:
        rows = dict(
            row.split(":", 1) for row in (folder / "status").read_text(encoding="utf-8").splitlines() if ":" in row)
        names = os.listdir(folder / "fd")
    except OSError:
        return None
    if "VmRSS" not in rows:
        return None
    sockets = 0
    for name in names:
        try:
            sockets += os.readlink(folder / "fd" / name).startswith("socket:")
        except OSError:
            continue  # Closed since it was listed.
    return Held(int(rows["VmRSS"].split()[0]) / 1024, len(names), sockets, int(rows["Threads"]))


def children(process: int) -> list[int]:
    found = []
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
    except OSError:
        return []
    for task in tasks:
        try:
            found += [int(word) for word in (task / "children").read_text(encoding="utf-8").split()]
        except OSError:
            continue
    return found


def processor_seconds(process: int) -> float:
    """Of a process and its children that live or were waited for."""
    total = 0.0
    for one in (process, *children(process)):
        try:
            fields = Path(f"/proc/{one}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(int(field) for field in fields[11:13]) / TICKS
        if one == process:
            total += sum(int(field) for field in fields[13:15]) / TICKS
    return total
