"""Other processes: waiting for what they do, and finding them."""

import time
from pathlib import Path


def until(condition, seconds=60):
    """Waits for something that another process does."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError("it didn't happen")
        time.sleep(0.01)
    return value


def children(process_id: int) -> list[int]:
    tasks = Path(f"/proc/{process_id}/task")
    return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]


def descendants(process_id: int) -> list[int]:
    found = children(process_id)
    return found + [below for child in found for below in descendants(child)]
