"""Runs the test modules of a folder, two at a time, each in a process of its own.

    side_by_side.py FOLDER [--at-once N]

The output of each comes whole when it ends. Status 0 if all passed.
"""

import argparse
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path


def run(module: Path) -> tuple[subprocess.CompletedProcess[str], float]:
    began = time.monotonic()
    outcome = subprocess.run(
        [sys.executable, "-B", "-m", "unittest", "--verbose", module.stem], cwd=module.parent, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    return outcome, time.monotonic() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--at-once", type=int, default=2)
    options = parser.parse_args()
    # The largest first, so that the last one isn't a long one alone.
    modules = sorted(options.folder.resolve().glob("test_*.py"), key=lambda module: -module.stat().st_size)
    if not modules:
        parser.error(f"there is no test_*.py in {options.folder}")
    failed = []
    with ThreadPoolExecutor(options.at_once) as pool:
        running = {pool.submit(run, module): module for module in modules}
        for done in as_completed(running):
            outcome, seconds = done.result()
            name = running[done].stem
            print(f"== {name}, {seconds:.0f} s\n{outcome.stdout}", flush=True)
            if outcome.returncode != 0:
                failed.append(name)
    print("All passed." if not failed else f"Failed: {', '.join(sorted(failed))}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
