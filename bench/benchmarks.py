"""Runs every benchmark in one go, and writes one table and one plot of it.

    bench/benchmarks.py [--programs FOLDER] [--benches FOLDER] [--only NAME...] [--quick] [--out FILE.md] [--plot FILE.svg]

Each line of the table is one goal: what was measured, what is wanted, what Lightbox did, what the peer beside it did in the
same run, the ratio of the two, and how much of the goal that is. 1 or more meets it, less does not; it stands there as it was
measured. The plot is that last number of each line.

With --only or --quick (fewer rounds: for trying, not for telling) the table is printed and no file is written, unless
--out names one. What was not run or did not end well is named in the document. Exit status 1 where something did not end
well; a goal that isn't met is no failure of the run.

--benches names the folder of the built `picture-bench` and `report-bench`; without it they are built (release). Run it with
.venv-test/bin/python, which `scripts/setup.sh bench` makes; `make benchmarks` does all that.
"""

import argparse
import datetime
import json
import math
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT / "bench"
sys.path[:0] = [str(ROOT / "tests/journeys"), str(BENCH)]

from server import distribution  # noqa: E402
from uploads import PLACE, environment  # noqa: E402


@dataclass
class Line:
    """A goal, and what became of it."""

    what: str
    goal: str
    ours: str
    peer: str
    # How much of the goal was reached, by round: 1 is just so. Empty where there is none.
    reached: list[float] = field(default_factory=list)
    # Lightbox's number by the peer's, by round.
    ratio: list[float] = field(default_factory=list)


@dataclass
class Measurement:
    name: str
    # For the document: what is measured beside what.
    text: str
    # What is run; `{programs}` and `{benches}` are filled in.
    command: list[str]
    quick: list[str]
    read: Callable[[dict], tuple[list[Line], list[str]]]
    # The environment that the program needs, and the list that it is made from; none: the tests'.
    packages: tuple[str, str] | None = None
    lines: list[Line] = field(default_factory=list)
    # Versions of peers and the like.
    notes: list[str] = field(default_factory=list)
    trouble: str = ""


def spread(values: list[float], digits: int = 0, unit: str = "") -> str:
    """The median, the least and the most."""
    return f"{median(values):,.{digits}f}{unit} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"


def more(what: str, name: str, factor: float, ours: list[float], theirs: list[float], **shown) -> Line:
    """At least so many times the peer's. The two of a round were measured one right after the other."""
    ratio = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    return Line(f"{what}, beside {name}", f"at least {factor:g} times {name}", spread(ours, **shown), spread(theirs, **shown),
                [one / factor for one in ratio], ratio)


def quicker(what: str, name: str, factor: float, ours: list[float], theirs: list[float], **shown) -> Line:
    """At least so many times as fast. The ratio is the peer's time by Lightbox's, so that more is better here too."""
    ratio = [other / mine for mine, other in zip(ours, theirs, strict=True)]
    return Line(f"{what}, beside {name}", f"at least {factor:g} times as fast", spread(ours, **shown), spread(theirs, **shown),
                [one / factor for one in ratio], ratio)


def smaller(what: str, name: str, share: float, ours: list[float], theirs: list[float], **shown) -> Line:
    """At most such a share of the peer's."""
    ratio = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    return Line(f"{what}, beside {name}", f"at most {share:g} of it", spread(ours, **shown), spread(theirs, **shown),
                [share / one for one in ratio], ratio)


def requests(told: dict) -> tuple[list[Line], list[str]]:
    lines = []
    for count, rates in told["rates"].items():
        for name, shown, factor in (("fastapi", "FastAPI", 5), ("express", "Express", 1.5), ("go", "Go", 0.7)):
            if name in rates:
                lines.append(more(f"JSON answers a second, {count} connections", shown, factor, rates["lightbox"], rates[name]))
    notes = ["; ".join(version for name, version in told["versions"].items() if name != "lightbox")]
    for count, times in told["p99"].items():
        slow = ", ".join(f"{name} {median(values):.1f}" for name, values in times.items())
        notes.append(f"99 of 100 answers over {count} connections came within so many ms: {slow}")
    memory = ", ".join(f"{name} {amount:.0f}" for name, amount in told["resident"].items())
    return lines, [*notes, f"Resident afterwards, MiB (Lightbox with its models in a worker): {memory}"]


def decode(told: dict) -> tuple[list[Line], list[str]]:
    lines = []
    for name, sides in told["time"].items():
        kind, factor = ("JPEG", 1.2) if name.endswith(".jpg") else ("PNG", 1.0)
        lines.append(quicker(f"{name.split('.')[0]} {kind} to a model's input", "Pillow", factor, sides["here"], sides["pillow"],
                             digits=1, unit=" ms"))
    weighed = told["memory"]
    worst = max(weighed, key=lambda name: median(weighed[name]["here"]) / median(weighed[name]["pillow"]))
    lines.append(smaller(
        f"memory for a preview of a TIFF of 100 megapixels, the worst of {len(weighed)} ({worst.removesuffix('.tiff')})",
        "Pillow", 0.25, weighed[worst]["here"], weighed[worst]["pillow"], digits=1, unit=" MiB"))
    return lines, [f"Pillow {told['version']}; JPEG in draft mode"]


def uploads(told: dict) -> tuple[list[Line], list[str]]:
    large, many = told["figures"]["large"], told["figures"]["many"]
    lines = []
    for part, until in (("taken", "until the last byte is taken"), ("answered", "until it is answered")):
        for name, shown, factor in (("fastapi", "FastAPI", 1.5), ("go", "Go", 1.0)):
            if name in large:
                lines.append(quicker(f"a form of {told['large']} MiB to the disk with SHA-256, {until}", shown, factor,
                                     large["lightbox"][part], large[name][part], digits=2, unit=" s"))
    notes = ["; ".join(version for name, version in told["versions"].items() if name != "lightbox")]
    if "node" in many:
        lines.append(smaller(f"most memory of the server for {told['together']} forms of {told['small']} MiB at once",
                             "Node with busboy", 0.5, many["lightbox"]["peak"], many["node"]["peak"], unit=" MiB"))
        notes.append(f"Lightbox's workers, which hold the models, took {spread(many['lightbox']['workers'], 0, ' MiB')} beside that")
    return lines, notes


def report(told: dict) -> tuple[list[Line], list[str]]:
    times, what = told["times"], "a report of three pages as PDF"
    ours = times["ours"]
    return [
        Line(what, "at most 15 ms", spread(ours, 1, " ms"), "", [15 / one for one in ours]),
        quicker(what, "WeasyPrint as it comes", 5, ours, times["plain"], digits=1, unit=" ms"),
        quicker(what, "WeasyPrint with PDF/A-2b and tags, as ours", 5, ours, times["same"], digits=1, unit=" ms"),
    ], [f"WeasyPrint {told['version']}"]


def analyses(told: dict) -> tuple[list[Line], list[str]]:
    what = "analyses a second through the queue"
    return [
        more(what, "the bare model", 0.9, told["lightbox"], told["model"], digits=1),
        more(what, "a FastAPI service", 1.5, told["lightbox"], told["fastapi"], digits=1),
    ], []


def assistant(told: dict) -> tuple[list[Line], list[str]]:
    def line(what: str, through: list[float]) -> Line:
        added = [one - bare for one, bare in zip(through, told["bare"], strict=True)]
        # A round in which the way cost nothing that can be measured counts as one of 10 microseconds.
        return Line(f"what Lightbox adds to a language model's first token, {what}", "at most 5 ms", spread(added, 2, " ms"),
                    f"asked directly: {spread(told['bare'], 2, ' ms')}", [5 / max(one, 0.01) for one in added])

    return [
        line("to a question that it proposes", told["lightbox"]),
        line("to one in other words, which the sentence model reads", told["typed"]),
    ], [f"a request that only finds its session: {spread(told['request'], 2, ' ms')}"]


def sessions(told: dict) -> tuple[list[Line], list[str]]:
    few, many = told["lookups"]["1000"], told["lookups"][str(told["sessions"])]
    return [Line(f"looking up a session among {told['sessions']:,}, beside 1,000", "", spread(many, 2, " ms"),
                 spread(few, 2, " ms"), ratio=[median(many) / median(few)])], []


def viewer(told: dict) -> tuple[list[Line], list[str]]:
    moved = {name: rate for name, rate in told.items() if not name.startswith("nothing")}
    slowest = min(moved, key=lambda name: moved[name])
    return [Line(
        f"frames a second while a film of 16 megapixels is dragged, the slowest of {len(moved)} gestures ({slowest})",
        "60, rounded", f"{moved[slowest]:.1f}; the others up to {max(moved.values()):.1f}", "", [round(moved[slowest]) / 60])], []


def latency(told: dict) -> tuple[list[Line], list[str]]:
    lines = []
    for runs in told.values():
        whole = [run for run in runs if "report" in run]
        if whole:
            lines += [
                Line("the sample film (DICOM, JPEG 2000) from its first byte to its result", "",
                     spread([run["upload"] + run["analysis"] for run in whole], 0, " ms"), ""),
                Line("its report, from there", "", spread([run["report"] for run in whole], 0, " ms"), "")]
    return lines, []


MEASUREMENTS = [
    Measurement(
        "requests", "JSON answers with a session and a row, beside FastAPI, Express and Go on the same rows in SQLite.",
        ["rows.py"], ["--rounds", "1", "--seconds", "1"], requests),
    Measurement(
        "uploads", "Forms with pictures to the disk, with SHA-256, beside FastAPI, Go and Node with busboy. Lightbox also decodes "
        "the picture, makes its previews and commits a row before it answers, which the second number leaves out.",
        ["uploads.py", "--programs", "{programs}"], ["--rounds", "1", "--large", "32", "--together", "8"], uploads),
    Measurement(
        "decode", "Pictures from bytes to a model's input, and the memory of a preview, beside Pillow.",
        ["decode.py", "{benches}/picture-bench"], ["--rounds", "1"], decode, ("pictures-venv", "pictures_requirements.txt")),
    Measurement(
        "report", "A report with two pictures and a table, beside WeasyPrint on the same words.",
        ["report.py", "{benches}/report-bench"], ["--rounds", "3"], report, ("pictures-venv", "pictures_requirements.txt")),
    Measurement(
        "analyses", "Analyses asked for by eight sessions at once, beside the model alone on pixels in memory and a FastAPI "
        "service that decodes, runs the model and keeps the result. Heat maps are drawn by neither: in Lightbox that is done when "
        "somebody looks at one.",
        ["analyses.py", "--programs", "{programs}"], ["--rounds", "1", "--analyses", "16"], analyses),
    Measurement(
        "assistant", "The first token of an answer, through Lightbox and asked directly, of a server that answers at once.",
        ["assistant.py", "--rounds", "100"], ["--rounds", "5"], assistant),
    Measurement(
        "sessions", "`GET /session` over a connection that stays open.",
        ["sessions.py", "--ended", "0"], ["--sessions", "20000", "--lookups", "200"], sessions),
    Measurement(
        "viewer", "The page's viewer in Chromium without a graphics card.",
        ["viewer.py", "{programs}/share/lightbox/web"], ["--seconds", "1", "--edge", "1024"], viewer),
    Measurement("latency", "The whole way of one picture, by one client.", ["latency.py"], ["--times", "2", "--together", "1"], latency),
]
# Longer than any of them takes; what hangs doesn't hang the others.
LONGEST = 1800


# Running


def benches() -> Path:
    """The folder of the two programs that are built for measuring."""
    scratch = ROOT / ".build-release/engine"
    for product in ("picture-bench", "report-bench"):
        subprocess.run(
            ["swift", "build", "--package-path", ROOT / "engine", "--scratch-path", scratch, "--configuration", "release",
             "--product", product], check=True, stdout=sys.stderr)
    return scratch / "release"


def run(one: Measurement, programs: Path, built: Path | None, quick: bool) -> None:
    python = environment(*one.packages) / "python" if one.packages else Path(sys.executable)
    told = PLACE / "benchmarks" / f"{one.name}.json"
    told.unlink(missing_ok=True)
    words = [word.format(programs=programs, benches=built) for word in one.command] + (one.quick if quick else [])
    command = [str(python), "-B", str(BENCH / words[0]), *words[1:], "--json", str(told)]
    print(f"\n## {one.name}\n", flush=True)
    started = time.monotonic()
    try:
        subprocess.run(command, check=True, timeout=LONGEST, env={**os.environ, "DIST": str(programs)})
        one.lines, one.notes = one.read(json.loads(told.read_text(encoding="utf-8")))
    except subprocess.CalledProcessError as error:
        one.trouble = f"it ended with status {error.returncode}"
    except subprocess.TimeoutExpired:
        one.trouble = f"it took longer than {LONGEST // 60} minutes"
    print(f"\n{one.name}: {one.trouble or 'done'}, {time.monotonic() - started:.0f} s", flush=True)


# Telling


def machine() -> str:
    """The machine, without its name."""
    processors = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"^model name\s*:\s*(.*)$", processors, re.MULTILINE)
    memory = re.search(r"^MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8"), re.MULTILINE)
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    return (f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores,"
            f" {int(memory[1]) / (1 << 20) if memory else 0:.0f} GiB of memory, {system}, Linux {platform.release().split('-')[0]}")


def said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()


def row(line: Line) -> str:
    many = len(line.ratio) > 1
    ratio = (spread(line.ratio, 2) if many else f"{line.ratio[0]:.2f}") if line.ratio else ""
    reached = f"{median(line.reached):.2f}" if line.reached else ""
    met = ("yes" if median(line.reached) >= 1 else "**no**") if line.reached else ""
    return "| " + " | ".join((line.what, line.goal or "none", line.ours, line.peer, ratio, reached, met)) + " |"


HEAD = "| what | goal | Lightbox | the peer | ratio | of the goal | met |\n| --- | --- | --- | --- | --- | ---: | --- |"


def document(measured: list[Measurement], programs: Path, quick: bool, plot: str) -> str:
    commit = said("git", "rev-parse", "--short=10", "HEAD")
    changed = said("git", "status", "--porcelain", "--untracked-files=no", "--", "engine", "server", "web", "bench")
    run_ones = [one for one in measured if not one.trouble]
    lines = [line for one in run_ones for line in one.lines]
    goals = [line for line in lines if line.reached]
    met = sum(median(line.reached) >= 1 for line in goals)
    build = "debug" if "debug" in programs.name else "release"
    parts = [
        "# Benchmarks", "",
        "Written by `make benchmarks` (`bench/benchmarks.py`), all in one run; do not edit. Each line is a goal, with what was",
        "measured in the same run on the same machine: the median of the rounds, with the least and the most. The ratio is that of",
        "two measurements of the same round, the peer's time by Lightbox's where times are measured. \"Of the goal\" is how much of",
        "the goal was reached: 1 or more meets it.", "",
        f"- Machine: {machine()}. Clients, servers and peers share its cores, and the disk.",
        f"- Commit {commit}{' with changes that are not committed' if changed else ''}, {build} build, {datetime.date.today().isoformat()}.",
        f"- {met} of {len(goals)} goals were met." + (" **A quick run, for trying: its numbers say little.**" if quick else ""),
    ]
    missing = [one for one in measured if one.trouble]
    for one in missing:
        parts.append(f"- **Not measured: {one.name}** ({one.trouble}).")
    parts += ["", f"![Each goal, and how much of it was reached, on a logarithmic scale]({plot})", "", HEAD]
    parts += [row(line) for line in lines]
    parts += ["", "## What is compared", ""]
    for one in run_ones:
        notes = f" {'. '.join(one.notes)}." if one.notes else ""
        parts.append(f"- **{one.name}** (`bench/{one.command[0]}`): {one.text}{notes}")
    if any(one.name == "requests" for one in run_ones):
        parts += [
            "", "In each JSON answer Lightbox does what its peers don't, and none of it was left out: it opens four sealed values",
            "(AES-GCM), counts two rate limits, writes a line to the access log, keeps metrics and a trace, checks host and origin,",
            "holds the history against the picture's header where there is one, and adds its security headers. That a person reads",
            "their own record is not audited, by design, so that no line is written there."]
    return "\n".join([*parts, ""])


def drawing(lines: list[Line]) -> str:
    """An SVG: a dot for each goal, with its least and most, on a logarithmic scale with a line at 1."""
    wide, left, right, top, each = 980, 560, 50, 46, 24
    high = top + each * len(lines) + 40
    values = [value for line in lines for value in line.reached]
    low, most = min(0.5, *values) / 1.15, max(2.0, *values) * 1.15

    def x(value: float) -> float:
        return left + (wide - left - right) * math.log(value / low) / math.log(most / low)

    ticks = [tick for power in range(-3, 5) for tick in (10.0**power, 2 * 10.0**power, 5 * 10.0**power) if low < tick < most]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img" font-family="sans-serif" font-size="11">',
        "<title>How much of each goal was reached</title>", f'<rect width="{wide}" height="{high}" fill="#fff"/>',
        '<text x="12" y="20" font-size="14">How much of each goal was reached: 1 meets it</text>']
    for tick in ticks:
        parts.append(f'<path d="M{x(tick):.1f} {top - 8}V{high - 32}" stroke="{"#333" if tick == 1 else "#ddd"}"/>')
        parts.append(f'<text x="{x(tick):.1f}" y="{high - 16}" text-anchor="middle">{tick:g}</text>')
    for number, line in enumerate(lines):
        y = top + each * number + each / 2
        middle = median(line.reached)
        colour = "#0b5cad" if middle >= 1 else "#b5530b"
        what = line.what if len(line.what) <= 92 else line.what[:91] + "…"
        parts.append(f'<text x="{left - 10}" y="{y + 4:.1f}" text-anchor="end">{escape(what)}</text>')
        parts.append(f'<path d="M{x(min(line.reached)):.1f} {y:.1f}H{x(max(line.reached)):.1f}" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<circle cx="{x(middle):.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>')
        parts.append(f'<text x="{x(max(line.reached)) + 8:.1f}" y="{y + 4:.1f}" fill="{colour}">{middle:.2f}</text>')
    return "\n".join([*parts, "</svg>\n"])


def main() -> int:
    names = [one.name for one in MEASUREMENTS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=Path, help="the folder that scripts/build.sh laid out; default: the newer one")
    parser.add_argument("--benches", type=Path, help="the folder of picture-bench and report-bench; default: they are built")
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    programs = options.programs.resolve() if options.programs else distribution()
    (PLACE / "benchmarks").mkdir(parents=True, exist_ok=True)
    chosen = [one for one in MEASUREMENTS if one.name in options.only]
    needs_built = any("{benches}" in word for one in chosen for word in one.command)
    built = options.benches.resolve() if options.benches else benches() if needs_built else None
    for one in MEASUREMENTS:
        if one in chosen:
            run(one, programs, built, options.quick)
        else:
            one.trouble = "it was not asked for"
    whole = len(chosen) == len(MEASUREMENTS) and not options.quick
    out = options.out or (ROOT / "docs/benchmarks.md" if whole else None)
    plot = options.plot or (ROOT / "docs/images/benchmarks.svg" if whole else None)
    lines = [line for one in chosen for line in one.lines]
    print("\n" + "\n".join([HEAD, *map(row, lines)]))
    goals = [line for line in lines if line.reached]
    if plot and goals:
        plot.write_text(drawing(goals), encoding="utf-8")
    if out:
        shown = os.path.relpath(plot, out.parent) if plot else ""
        out.write_text(document(MEASUREMENTS, programs, options.quick, shown), encoding="utf-8")
    return 1 if any(one.trouble for one in chosen) else 0


if __name__ == "__main__":
    sys.exit(main())
