"""docs/faults.md: what was promised, how the fault was caused, what was seen."""

import datetime
import json
import os
import platform
import subprocess
from pathlib import Path

import promises
from rig import ROOT, SCENARIOS, Extent, Server

RESULTS = ROOT / "test-results/faults"
DOCUMENT = ROOT / "docs/faults.md"


def machine() -> str:
    """Without a name of the machine."""
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), platform.machine())
    memory = int(next(line.split()[1] for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))) / (1 << 20)
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release()}"


def commit() -> str:
    said = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return said.stdout.strip() or "unknown"


def keep(name: str, seen: str, passed: bool, seconds: float, extent: Extent, tried: bool = True) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    result = {
        "name": name, "seen": seen, "passed": passed, "tried": tried, "seconds": round(seconds, 1), "bounded": extent.quick or bool(extent.places), "commit": commit(),
        "date": datetime.date.today().isoformat(), "machine": machine(),
        "build": "debug" if "debug" in os.environ.get("LIGHTBOX_FAULTS_BUILD", str(Server(name).program)) else "release",
    }
    (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def results() -> dict[str, dict]:
    found = {}
    for name in SCENARIOS:
        file = RESULTS / f"{name}.json"
        if file.exists():
            found[name] = json.loads(file.read_text(encoding="utf-8"))
    return found


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def state(found: list[dict | None], row: promises.Row) -> str:
    if row.missing and not found:
        return "**not there**"
    if not found:
        return "by its tests"
    if any(result is None or not result["tried"] for result in found):
        return "**not run**"
    if not all(result["passed"] for result in found):
        return "**not kept**"
    return "kept"


def text() -> str:
    done = results()
    shown = [result for result in done.values() if result["tried"]]
    lines = [
        "# Faults", "",
        "This file is written by `make faults`: every promise about what goes wrong, how the fault was caused on a real server, and",
        "what was seen. A test checks that each test that is named here exists, and that the rows are those of the harness.", "",
        "The faults are real: processes are ended by the kernel (SIGKILL), disks are full, locks are held by others. What a disk does",
        "only when it breaks (an I/O error, a slow sync), a kill at one chosen call, and a clock that jumps are done between the",
        "program and the C library by a small library that is loaded before it (`tests/faults/interpose.c`); the program itself has no",
        "hooks.", "",
        "## How it was run", "",
    ]
    for key, said in (("machine", "Machine"), ("build", "Build"), ("commit", "Commit"), ("date", "Date")):
        values = sorted({result[key] for result in shown})
        lines.append(f"- {said}: {'; '.join(values) or 'nothing was run yet'}")
    lines += ["", "Other programs may have run on the machine at the same time: the times say that waiting is bounded, not how fast it is. Rows",
              "that say *by its tests* are held by tests which `make test` runs; nothing of them was measured here.", "",
              "## What must happen, and what happened", "", "| fault | what must happen | result | held all the time by |", "| --- | --- | --- | --- |"]
    for row in promises.ROWS:
        found = [done.get(name) for name in row.scenarios]
        held = ", ".join([f"`{SCENARIOS[name].place}`" for name in row.scenarios] + [f"`{test}`" for test in row.tests]) or "nothing"
        lines.append(f"| {row.fault} | {row.promise} | {state(found, row)} | {held} |")
    lines += ["", "## What was seen", ""]
    for number, row in enumerate(promises.ROWS, 1):
        if not (row.scenarios or row.missing):
            continue
        lines += [f"### {number}. {row.fault[0].upper().replace('`', '') + row.fault[1:] if row.fault[0] != '`' else row.fault}", ""]
        if row.missing:
            lines += [row.missing, ""]
        if row.scenarios:
            lines += ["| how it was caused | what was seen | in | result |", "| --- | --- | --- | --- |"]
            for name in row.scenarios:
                result = done.get(name)
                if result is None:
                    lines.append(f"| {cell(SCENARIOS[name].caused)} | it was not run | | **not run** |")
                    continue
                outcome = "kept" if result["passed"] else ("**not kept**" if result["tried"] else "**not run**")
                extent = " (a bounded run)" if result["bounded"] else ""
                lines.append(f"| {cell(SCENARIOS[name].caused)} | {cell(result['seen'])}{extent} | {result['seconds']:.0f} s | {outcome} |")
            lines.append("")
    lines += ["## Running it again", "",
              "`make faults` runs everything (an hour on two cores, most of it starts of the server) and writes this file. `make faults FAULTS=\"--quick\"` does less of each,",
              "`FAULTS=\"--only disk_full,clock_jumps\"` only those that are named, `--list` names them, `--seed`, `--kills` and `--uploads` set the long one. What",
              "`make test` runs of it every time is in `tests/faults/test_quick.py`.", ""]
    return "\n".join(lines)


def write() -> None:
    DOCUMENT.write_text(text(), encoding="utf-8")
    print(f"written: {DOCUMENT.relative_to(ROOT)}")
