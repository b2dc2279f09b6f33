"""Builds and runs the fuzzers, as many at once as there are cores.

    fuzz/run.py [--seconds N] [TARGET...]

Each target runs for N seconds (default 60, or FUZZ_SECONDS) from the inputs of fuzz/corpus.py and from what earlier runs
have found in .build-fuzz/corpus. The status is 1 if one of them crashed, hung, wanted too much memory or ran nothing
at all; then the input that did it lies in .build-fuzz/crashes, and the line that repeats it is printed.
"""

import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import corpus
from build import BUILD, TARGETS, build

LONGEST_INPUT = 4096


@dataclass
class Result:
    target: str
    status: int
    executions: int
    coverage: int
    features: int
    log: str
    reproducers: list[Path]

    @property
    def passed(self) -> bool:
        return self.status == 0 and self.executions > 0 and self.coverage > 0


def longest_input(target: str) -> int:
    """What the first line of a target's file says: `// max_len 8192`."""
    source = next(file for file in TARGETS.glob("*.swift") if file.stem.lower() == target)
    said = re.match(r"// max_len (\d+)\n", source.read_text(encoding="utf-8"))
    return int(said[1]) if said else LONGEST_INPUT


def options(target: str) -> list[str]:
    return ["-timeout=10", "-rss_limit_mb=2048", f"-max_len={longest_input(target)}"]


def fuzz(target: str, seconds: int) -> Result:
    program = BUILD / "bin" / target
    grown, seeds, crashes = (BUILD / name / target for name in ("corpus", "seeds", "crashes"))
    for folder in (grown, seeds, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    started = time.time()
    done = subprocess.run(
        [str(program), str(grown), str(seeds), *options(target), f"-max_total_time={seconds}", "-print_final_stats=1",
         f"-artifact_prefix={crashes}/"],
        capture_output=True, text=True, errors="replace", check=False, env=os.environ | {"SWIFT_BACKTRACE": "enable=no"})
    coverage = re.findall(r"\bcov: (\d+) ft: (\d+)", done.stderr)
    executions = re.findall(r"^stat::number_of_executed_units:\s*(\d+)|^#(\d+)\s", done.stderr, re.MULTILINE)
    last = executions[-1] if executions else ("0", "")
    return Result(
        target, done.returncode, int(last[0] or last[1]), *(map(int, coverage[-1]) if coverage else (0, 0)), done.stderr,
        sorted(file for file in crashes.iterdir() if file.stat().st_mtime >= started - 1))


def report(result: Result, seconds: int) -> None:
    state = "passed" if result.passed else "FAILED"
    print(f"{result.target:<10} {state}  {result.executions:>9} executions ({result.executions // max(1, seconds)}/s), "
          f"{result.coverage} edges, {result.features} features", flush=True)
    if result.passed:
        return
    print("\n".join("    " + line for line in result.log.splitlines()[-60:]))
    for file in result.reproducers:
        print(f"    {result.target}: {file.relative_to(BUILD.parent)} does it. Again, alone:")
        print(f"        SWIFT_BACKTRACE=enable=no .build-fuzz/bin/{result.target} {' '.join(options(result.target))} {file.relative_to(BUILD.parent)}")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("targets", nargs="*")
    arguments.add_argument("--seconds", type=int, default=int(os.environ.get("FUZZ_SECONDS") or 60))
    chosen = arguments.parse_args()
    try:
        targets = build(chosen.targets)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    corpus.write(BUILD / "seeds")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = []
        for result in pool.map(lambda target: fuzz(target, chosen.seconds), targets):
            report(result, chosen.seconds)
            results.append(result)
    failed = [result.target for result in results if not result.passed]
    print(f"fuzz: {len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
