"""Half an hour of journeys at a moderate rate, and whether what the server holds stays flat."""

import statistics
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import drawing
from document import Report, build_of, circumstances, percentile, table
from journey import Tally, travel
from journeys import said
from counters import children, held, processor_seconds
from server import Server, distribution


@dataclass(frozen=True)
class Bound:
    """What may be held more and still be flat."""

    name: str
    unit: str
    hourly: float
    growth: float


BOUNDS = (
    Bound("server memory", "MiB", 10, 5),
    Bound("workers' memory", "MiB", 20, 10),
    Bound("descriptors", "", 6, 2),
    Bound("sockets", "", 6, 2),
    Bound("threads", "", 6, 2),
    Bound("workers' descriptors", "", 6, 2),
)


@dataclass
class Verdict:
    bound: Bound
    hourly: float
    growth: float
    least: float
    most: float

    @property
    def is_flat(self) -> bool:
        return self.hourly <= self.bound.hourly and self.growth <= self.bound.growth


def slope(points: list[tuple[float, float]]) -> float:
    """The median of the slopes between all pairs (Theil and Sen): a spike doesn't move it."""
    slopes = [
        (later - earlier) / (until - since)
        for index, (since, earlier) in enumerate(points) for until, later in points[index + 1 :] if until > since]
    return statistics.median(slopes) if slopes else 0.0


def judged(bound: Bound, points: list[tuple[float, float]]) -> Verdict:
    """By the last two thirds of (seconds, value): the first third is what a server fills once."""
    last = points[len(points) // 3 :]
    tenth = max(1, len(last) // 10)
    growth = statistics.median(value for _, value in last[-tenth:]) - statistics.median(value for _, value in last[:tenth])
    values = [value for _, value in last]
    return Verdict(bound, slope(last) * 3600, growth, min(values), max(values))


def sample(process: int) -> dict[str, float] | None:
    server = held(process)
    workers = [found for child in children(process) if (found := held(child))]
    if not server:
        return None
    return {
        "server memory": server.resident, "workers' memory": sum(worker.resident for worker in workers),
        "descriptors": server.descriptors, "sockets": server.sockets, "threads": server.threads,
        "workers' descriptors": sum(worker.descriptors for worker in workers)}


def written(series: dict[str, list[tuple[float, float]]], verdicts: list[Verdict], tally: Tally, took: float, cores: float,
            clients: int, think: float, report: Report, build: str, settings: dict[str, str]) -> str:
    minutes = {name: [(at / 60, value) for at, value in points] for name, points in series.items()}
    memory = report.draw("soak-memory.svg", drawing.lines(
        "Resident memory during the soak", "minutes", "MiB",
        [drawing.Line("server", minutes["server memory"]), drawing.Line("workers", minutes["workers' memory"])]))
    counts = report.draw("soak-descriptors.svg", drawing.lines(
        "What the server holds during the soak", "minutes", "count",
        [drawing.Line(name, minutes[name]) for name in ("descriptors", "sockets", "threads")]))
    whole = [seconds for _, seconds in tally.journeys] or [0.0]
    rows = [
        [one.bound.name + (f", {one.bound.unit}" if one.bound.unit else ""), f"{one.least:.1f} to {one.most:.1f}",
         f"{one.hourly:+.1f}", f"{one.bound.hourly:g}", f"{one.growth:+.1f}", f"{one.bound.growth:g}", "yes" if one.is_flat else "**no**"]
        for one in verdicts]
    errors = "none" if not tally.errors else "; ".join(f"{count} x {what}" for what, count in tally.errors.items())
    return f"""## A soak

`make soak`. {circumstances(build)}

{clients} clients go whole journeys for {took / 60:.0f} minutes, each with {think:g} s of rest after each: {len(tally.journeys)} journeys
({60 * len(tally.journeys) / took:.0f} a minute), p50 {percentile(whole, 0.5):.2f} s, p99 {percentile(whole, 0.99):.2f} s, {cores:.2f} cores for server and
workers; other work may have gone on beside it. Errors: {errors}. Settings other than the standard ones: {said(settings)}.

Every few seconds it was read from `/proc` what the server and its workers hold. Flat is what over the last two thirds of the time
neither rises by more than its bound an hour (the median of the slopes between all pairs of samples, Theil and Sen) nor is
higher in the last tenth of it than in the first by more than its bound (medians). Status 1 unless all are flat and there were no errors.

{table(["what", "least to most", "an hour", "at most", "growth", "at most", "flat"], rows)}

![Resident memory of the server and its workers]({memory})

![Descriptors, sockets and threads of the server]({counts})"""


def main(clients: int, seconds: float, think: float, every: float, picture: Path, folder: Path, settings: dict[str, str]) -> int:
    names = [bound.name for bound in BOUNDS]
    series: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    tally = Tally()
    with Server("load-soak", **settings) as server:
        assert server.process
        before, began = processor_seconds(server.process.pid), time.monotonic()
        threads = [
            threading.Thread(target=travel, args=(server.port, picture, tally, began + seconds, number * 7, think))
            for number in range(clients)]
        for thread in threads:
            thread.start()
        is_up = True
        rest = threading.Event()
        turn = 0
        while is_up and (now := time.monotonic() - began) < seconds:
            found = sample(server.process.pid)
            is_up = found is not None
            for name, value in (found or {}).items():
                series[name].append((now, value))
            turn += 1
            if turn % 60 == 0:
                print(f"{now:.0f} s: {len(tally.journeys)} journeys, {found}, errors {dict(tally.errors)}", flush=True)
            rest.wait(max(0.0, began + turn * every - time.monotonic()))
        for thread in threads:
            thread.join()
        took = time.monotonic() - began
        cores = (processor_seconds(server.process.pid) - before) / took
    if not is_up or not series[names[0]]:
        print(f"the server ended after {time.monotonic() - began:.0f} s")
        return 1
    verdicts = [judged(bound, series[bound.name]) for bound in BOUNDS]
    report = Report(folder)
    text = written(series, verdicts, tally, took, cores, clients, think, report, build_of(distribution()), settings)
    report.write("soak", text)
    print(f"\n{text}\n\nWritten to {report.file}")
    return 0 if tally.journeys and not tally.errors and all(one.is_flat for one in verdicts) else 1
