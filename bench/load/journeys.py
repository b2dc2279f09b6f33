"""k clients that do the whole journey, for so many seconds each k."""

import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import drawing
from document import Report, build_of, circumstances, percentile, table
from journey import STEPS, Tally, travel
from counters import processor_seconds
from server import Server, distribution


@dataclass
class Round:
    clients: int
    seconds: float
    tally: Tally
    began: float
    server: float
    client: float
    """Processor seconds."""

    @property
    def rate(self) -> float:
        """Journeys a minute."""
        return 60 * len(self.tally.journeys) / self.seconds


def run(server: Server, picture: Path, clients: int, seconds: float) -> Round:
    assert server.process
    tally = Tally()
    server_before, client_before = processor_seconds(server.process.pid), time.process_time()
    began = time.monotonic()
    threads = [
        threading.Thread(target=travel, args=(server.port, picture, tally, began + seconds, number * 7))
        for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    return Round(
        clients, took, tally, began, processor_seconds(server.process.pid) - server_before,
        time.process_time() - client_before)


def milliseconds(seconds: float) -> str:
    value = seconds * 1000
    return f"{value:.1f}" if value < 10 else f"{value:,.0f}"


def written(rounds: list[Round], picture: Path, report: Report, build: str, settings: dict[str, str]) -> str:
    largest = rounds[-1]
    names = ("p50", "p95", "p99")
    rows = [
        (step, [percentile(largest.tally.times[step], share) * 1000 for share in (0.5, 0.95, 0.99)])
        for step in STEPS if largest.tally.times[step]]
    steps = report.draw("load-steps.svg", drawing.spans(
        f"Steps of a journey, {largest.clients} clients", "milliseconds", rows, names)) if rows else ""
    over_time = report.draw("load-journeys.svg", drawing.lines(
        "Journeys while it goes on", "seconds since the start", "seconds a journey",
        [drawing.Line(f"{one.clients} client(s)", [(at - one.began, took) for at, took in sorted(one.tally.journeys)])
         for one in rounds if one.tally.journeys])) if largest.tally.journeys else ""
    summary = []
    for one in rounds:
        whole = [took for _, took in one.tally.journeys] or [0.0]
        summary.append([
            f"{one.clients}", f"{len(one.tally.journeys)}", f"{one.rate:.0f}", f"{sum(one.tally.errors.values())}",
            f"{percentile(whole, 0.5):.2f}", f"{percentile(whole, 0.95):.2f}", f"{percentile(whole, 0.99):.2f}",
            f"{sum(one.tally.waits.values())}", f"{one.server / one.seconds:.2f}", f"{one.client / one.seconds:.2f}"])
    parts = [
        f"""## Whole journeys

`make load`. {circumstances(build)}

k clients go the whole way again and again for {rounds[0].seconds:.0f} s or a little more: consent, history, an upload ({picture.name},
{picture.stat().st_size / 1e3:,.0f} kB), an analysis that is followed by its event stream to the end, the findings, a heat map, a question to the
assistant (the library of answers; its event stream read to the end), a report, its PDF, its FHIR bundle, and the erasure
of it all. Each answer is looked at: a stream must end with `completed`, documents must be as long as they say and of their
kind, the receipt must count what was there, and the cookie must be worth nothing afterwards. Anything else, and every
status that isn't the expected one, is an error and ends that journey.

The loop is closed: a client asks when it has its answer, with no time to think, so that k is how much is under way at
once. A server that stalls is asked less meanwhile; that coordinated omission is why these are times at k clients, not at a rate of
arrivals. 429 and 503 with `Retry-After` are obeyed and counted as waiting, not as errors; steps are told without that
waiting, journeys with it. Settings other than the standard ones: {said(settings)}.
""",
        table(["clients", "journeys", "a minute", "errors", "p50 s", "p95 s", "p99 s", "told to wait", "cores, server and workers",
               "cores, clients"], summary)]
    for one in rounds:
        parts.append(f"\nMilliseconds a step with {one.clients} client(s), of {len(one.tally.journeys)} journeys:\n")
        parts.append(table(
            ["step", *names, "most"],
            [[step, *(milliseconds(percentile(one.tally.times[step], share)) for share in (0.5, 0.95, 0.99)),
              milliseconds(max(one.tally.times[step]))] for step in STEPS if one.tally.times[step]]))
    errors: Counter[str] = Counter()
    waits: Counter[int] = Counter()
    for one in rounds:
        errors += one.tally.errors
        waits += one.tally.waits
    firsts = [seconds for one in rounds for seconds in one.tally.first_events]
    if firsts:
        parts.append(
            f"\nThe first event of an analysis was there {milliseconds(percentile(firsts, 0.5))} ms after it was asked for (median; p99 "
            f"{milliseconds(percentile(firsts, 0.99))} ms). {sum(one.tally.events for one in rounds):,} events were read in all.")
    parts.append("\nErrors: " + ("none." if not errors else "; ".join(f"{count} x {what}" for what, count in errors.items()) + "."))
    if waits:
        told = ", ".join(f"{count} x {status}" for status, count in waits.items())
        parts.append(f"Told to wait: {told}; {sum(one.tally.waited for one in rounds):.0f} s in all.")
    if steps:
        parts.append(f"\n![How long each step takes]({steps})\n\n![How long each journey took, by when it ended]({over_time})")
    return "\n".join(parts)


def said(settings: dict[str, str]) -> str:
    if not settings:
        return "none"
    return ", ".join(
        f"`{name.removeprefix('LIGHTBOX_').lower().replace('_', '.', 1).replace('_', '-')}={value}`" for name, value in settings.items())


def main(clients: list[int], seconds: float, picture: Path, folder: Path, settings: dict[str, str]) -> int:
    rounds = []
    with Server("load-journeys", **settings) as server:
        # What is made at the first use (the workers' first picture, fonts) isn't load.
        warm = run(server, picture, 1, 0.01)
        if warm.tally.errors:
            print(dict(warm.tally.errors))
        for count in clients:
            rounds.append(run(server, picture, count, seconds))
            last = rounds[-1]
            print(f"{count} client(s): {len(last.tally.journeys)} journeys, {last.rate:.0f} a minute, errors {dict(last.tally.errors)}", flush=True)
    report = Report(folder)
    text = written(rounds, picture, report, build_of(distribution()), settings)
    report.write("journeys", text)
    print(f"\n{text}\n\nWritten to {report.file}")
    is_right = all(one.tally.journeys and not one.tally.errors for one in rounds)
    return 0 if is_right else 1
