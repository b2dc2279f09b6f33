"""Thousands of event streams that are all given ten events a second, and how late each event comes.

Every stream follows an analysis of its own that waits in a paused queue. An emergency is let in before all of them and withdrawn
again: both times everybody's place changes, and everybody's stream says so. It is what the product does by itself when somebody more urgent
comes; nothing of it is made for this measurement.
"""

import contextlib
import http.client
import multiprocessing
import resource
import select
import socket
import time
from array import array
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import drawing
from document import Report, build_of, circumstances, percentile, table
from journey import Client, Failed, Tally
from journeys import said
from counters import held, processor_seconds
from server import ROOT, Server, distribution

TOKEN = "a-token-of-an-operator"
TARGET = 0.1
"""Seconds that the 99th percentile may take."""
DRIVERS = 5
"""Emergencies take turns, so that none of their sessions meets its limit of analyses a minute."""
URGENT = {"answers": {"reason": "crushing chest pain, can't get air"}}


class OperatedServer(Server):
    """With an operator, who pauses the queue."""

    def __init__(self, name: str, **settings: str) -> None:
        super().__init__(name, **settings)
        token = Path(self.folder.name) / "token"
        token.write_text(TOKEN, encoding="utf-8")
        token.chmod(0o600)
        self.environment["LIGHTBOX_OPERATOR_TOKEN_FILE"] = str(token)

    def pause(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.operator_port, timeout=30)
        connection.request("POST", "/admin/queue/pause", headers={"Authorization": f"Bearer {TOKEN}"})
        answer = connection.getresponse()
        if answer.status != 200:
            raise RuntimeError(f"the queue could not be paused: {answer.status}")
        connection.close()


# Those who wait


@dataclass
class Waiting:
    """A session with a picture, whose analysis waits."""

    cookie: str
    upload: str
    analysis: str = ""


def waiting(port: int, picture: bytes, asks: bool = True, before: dict | None = None) -> Waiting:
    client = Client(port, Tally())
    try:
        client.call("session", "POST", "/session", client.consent)
        if before:
            client.call("history", "PATCH", "/intake", before)
        one = Waiting(client.cookie, client.call("upload", "POST", "/uploads", picture, kind="image/png")["id"])
        if asks:
            one.analysis = client.call("analysis", "POST", "/analyses", {"uploadId": one.upload})["id"]
        return one
    finally:
        client.close()


# What changes everybody's place


@dataclass
class Act:
    scheduled: float
    answered: float
    shift: int
    """By how many places everybody is now further back than at first: 1 or 0."""


def drive(port: int, drivers: list[Waiting], rate: float, began: float, ended: float, pipe: Connection) -> None:
    """In a process of its own: an emergency comes, and is withdrawn, at a fixed pace whatever the answers take."""
    acts: list[Act] = []
    clients = []
    problem = ""
    try:
        for one in drivers:
            client = Client(port, Tally())
            client.cookie = one.cookie
            clients.append(client)
        number, analysis = 0, ""
        while (scheduled := began + number / rate) < ended or number % 2:
            time.sleep(max(0.0, scheduled - time.monotonic()))
            turn = number // 2 % len(drivers)
            client = clients[turn]
            if number % 2 == 0:
                analysis = client.call("urgent", "POST", "/analyses", {"uploadId": drivers[turn].upload})["id"]
            else:
                client.call("withdrawn", "POST", f"/analyses/{analysis}/cancel")
            acts.append(Act(scheduled, time.monotonic(), 1 - number % 2))
            number += 1
    except (Failed, OSError, http.client.HTTPException) as error:
        problem = f"{error}"
    pipe.send((acts, problem))


# Those who read


class Reader:
    """Many event streams in one thread: as little as can be done with each piece that comes."""

    def __init__(self, port: int, watched: list[Waiting]) -> None:
        self.poll = select.epoll()
        self.sockets: dict[int, socket.socket] = {}
        self.first: dict[int, tuple[int, int]] = {}
        """Each one's place and revision when nobody urgent is there."""
        self.rest: dict[int, bytes] = {}
        """The beginning of a piece that hasn't come whole."""
        self.broken: set[int] = set()
        for one in watched:
            line = socket.create_connection(("127.0.0.1", port), timeout=60)
            line.sendall(
                f"GET /api/v1/analyses/{one.analysis}/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {one.cookie}\r\n"
                "Accept: text/event-stream\r\n\r\n".encode())
            self.sockets[line.fileno()] = line
        # Each begins with the present state.
        for number, line in self.sockets.items():
            come = b""
            while not (b"\ndata: " in come and come.endswith(b"\n\n\r\n")):
                piece = line.recv(1 << 16)
                if not piece:
                    raise RuntimeError(f"a stream ended before it began: {come[:100]!r}")
                come += piece
            if not come.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"a stream was refused: {come[:100]!r}")
            self.first[number] = next(self.states(come))
            line.setblocking(False)
            self.poll.register(number, select.EPOLLIN)

    @staticmethod
    def states(piece: bytes) -> Iterator[tuple[int, int]]:
        """Place and revision of each event."""
        at = piece.find(b'"position":')
        while at >= 0:
            at += 11
            end = piece.find(b",", at)
            place = int(piece[at:end])
            at = piece.find(b'"revision":', end) + 11
            end = piece.find(b",", at)
            yield place, int(piece[at:end])
            at = piece.find(b'"position":', end)

    def read(self, until: float) -> tuple[array, array, array]:
        """Until the time: when each event came, which one it is of its stream (from 0), and by how many places it moves its reader."""
        times, turns, shifts = array("d"), array("l"), array("b")
        buffer = bytearray(1 << 16)
        view = memoryview(buffer)
        clock, first, rest, sockets = time.monotonic, self.first, self.rest, self.sockets
        while (left := until - clock()) > 0:
            for number, _ in self.poll.poll(left, 512):
                try:
                    size = sockets[number].recv_into(buffer)
                except BlockingIOError:
                    continue
                except OSError:
                    size = 0
                now = clock()
                if size == 0:
                    self.broken.add(number)
                    self.poll.unregister(number)
                    continue
                piece = bytes(view[:size])
                if number in rest:
                    piece = rest.pop(number) + piece
                if not piece.endswith(b"\n\n\r\n"):
                    # Whole events are read; the rest waits for what follows.
                    cut = piece.rfind(b"\n\n\r\n") + 4 if b"\n\n\r\n" in piece else 0
                    rest[number] = piece[cut:]
                    piece = piece[:cut]
                place_at_first, revision_at_first = first[number]
                for place, revision in self.states(piece):
                    times.append(now)
                    turns.append(revision - revision_at_first - 1)
                    shifts.append(place - place_at_first)
        return times, turns, shifts

    def close(self) -> None:
        for line in self.sockets.values():
            line.close()
        self.poll.close()


# One measurement


@dataclass
class Round:
    streams: int
    rate: float
    acts: list[Act]
    seconds: float
    problem: str
    broken: int
    strange: int
    """Events that fit no act: there must be none."""
    server: float
    client: float
    memory: float
    late: list[float] = field(default_factory=list)
    """Seconds from when the act was due to when its event was read, one for each event."""
    spread: list[float] = field(default_factory=list)
    """Seconds from when the first reader had an act's event, one for each event."""

    @property
    def expected(self) -> int:
        return self.streams * len(self.acts)

    @property
    def is_right(self) -> bool:
        return bool(
            self.acts and not self.problem and not self.broken and not self.strange and len(self.late) == self.expected)


def match(one: Round, times: array, turns: array, shifts: array) -> None:
    """Gives each event to its act: every act changes each place once, so that the revision says which one it was, however late
    it comes. An event that then says another place than that act leads to is strange."""
    earliest: dict[int, float] = {}
    found: list[int] = []
    for at, turn, shift in zip(times, turns, shifts, strict=True):
        if not 0 <= turn < len(one.acts) or one.acts[turn].shift != shift:
            one.strange += 1
            continue
        one.late.append(at - one.acts[turn].scheduled)
        one.spread.append(at)
        earliest[turn] = min(at, earliest.get(turn, at))
        found.append(turn)
    one.spread = [at - earliest[turn] for at, turn in zip(one.spread, found, strict=True)]


def run(server: Server, waiters: list[Waiting], drivers: list[Waiting], count: int, rate: float, seconds: float) -> Round:
    assert server.process
    reader = Reader(server.port, waiters[:count])
    ours, theirs = multiprocessing.Pipe()
    began = time.monotonic() + 1
    ended = began + seconds
    driver = multiprocessing.get_context("fork").Process(
        target=drive, args=(server.port, drivers, rate, began, ended, theirs))
    before, mine = processor_seconds(server.process.pid), time.process_time()
    try:
        driver.start()
        # What is under way at the end still comes; an event that takes longer than this is missing.
        times, turns, shifts = reader.read(ended + 5)
        acts, problem = ours.recv() if ours.poll(30) else ([], "the driver didn't answer")
        driver.join(10)
        found = held(server.process.pid)
        one = Round(
            count, rate, acts, seconds, problem, len(reader.broken), 0, processor_seconds(server.process.pid) - before,
            time.process_time() - mine, found.resident if found else 0)
    finally:
        reader.close()
    match(one, times, turns, shifts)
    return one


def settle(process: int) -> None:
    """Waits until what uploads left to do is done: texts in pictures are looked for when nothing else waits."""
    before = processor_seconds(process)
    for _ in range(120):
        time.sleep(1)
        now = processor_seconds(process)
        if now - before < 0.05:
            return
        before = now
    raise RuntimeError("the server doesn't come to rest")


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"


def written(rounds: list[Round], waiters: int, report: Report, build: str, settings: dict[str, str]) -> str:
    rows = []
    for one in rounds:
        # The last act's answer says when it was done; the pace that was kept up to there.
        kept = (len(one.acts) - 1) / (one.acts[-1].answered - one.acts[0].scheduled) if len(one.acts) > 1 else 0
        late, spread = one.late or [0.0], one.spread or [0.0]
        rows.append([
            f"{one.streams:,}", f"{kept:.1f}", f"{len(one.late):,}", f"{one.expected - len(one.late):,}", f"{one.broken + one.strange}",
            *(milliseconds(percentile(late, share)) for share in (0.5, 0.95, 0.99)), milliseconds(max(late)),
            milliseconds(percentile(spread, 0.99)), milliseconds(percentile([act.answered - act.scheduled for act in one.acts] or [0.0], 0.99)),
            f"{one.server / (one.seconds + 6):.2f}", f"{one.client / (one.seconds + 6):.2f}", f"{one.memory:.0f}"])
    shares = [number / 200 for number in range(1, 200)] + [0.999, 0.9999]
    drawn = []
    for one in rounds:
        if one.late:
            ordered = sorted(one.late)
            drawn.append(drawing.Line(f"{one.streams:,}", [
                (share * 100, ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000) for share in shares]))
    plot = report.draw("load-streams.svg", drawing.lines(
        "How late events are, by share of all events", "per cent of events", "milliseconds", drawn, logarithmic=True,
        bound=TARGET * 1000)) if drawn else ""
    problems = [one.problem for one in rounds if one.problem]
    return f"""## Event streams

`make load-streams`. {circumstances(build)}

{waiters:,} sessions each have an analysis that waits, and each stream follows one of its own. The queue is paused by its operator, so
that the model takes nothing of the processors. {rounds[0].rate:g} times a second for {rounds[0].seconds:g} s an emergency is let in before all who wait,
or withdrawn again (`POST /analyses`, `POST /analyses/{{id}}/cancel`, by the API): everybody's place changes, and every stream is given
an event. That is {rounds[-1].streams * rounds[-1].rate:,.0f} deliveries a second in the last row.

"Late" is from the moment at which the driver's request was **due** by its schedule to the moment at which the reading program had taken the
event from its socket. So it holds the request's own way, its commit to the disk, the reordering of {waiters:,} who wait, the writing to all streams
before this one, and the reader's own queue; the event itself is younger (events carry no time). "Spread" is from when the first
stream had it. Requests that are late count from when they were due, so that a stalled server isn't spared (no coordinated omission). Settings
other than the standard ones: {said(settings)}.

{table(["streams", "events a second", "delivered", "missing", "broken", "p50 ms late", "p95", "p99", "most", "p99 ms spread",
        "p99 ms of the driver's answer", "cores, server", "cores, reader", "server MiB"], rows)}

The aim is a p99 below {TARGET * 1000:.0f} ms. {"Problems: " + "; ".join(problems) + "." if problems else ""}

![How late events are]({plot})"""


def main(streams: list[int], rate: float, seconds: float, folder: Path, settings: dict[str, str]) -> int:
    most = max(streams)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4 * most + 1000)), hard))
    if most + DRIVERS + 2 > 1000:
        settings = {"LIGHTBOX_QUEUE_LENGTH": str(most + 2 * DRIVERS), **settings}
    picture = (ROOT / "models/chest-xray/golden/phantom-small.png").read_bytes()
    with OperatedServer("load-streams", **settings) as server:
        server.pause()
        began = time.monotonic()
        # The first in the queue may be owed its place whoever comes; nobody watches it.
        waiting(server.port, picture)
        with ThreadPoolExecutor(4) as pool:
            waiters = list(pool.map(lambda _: waiting(server.port, picture), range(most)))
        drivers = [waiting(server.port, picture, asks=False, before=URGENT) for _ in range(DRIVERS)]
        print(f"{most} wait after {time.monotonic() - began:.0f} s", flush=True)
        assert server.process
        settle(server.process.pid)
        rounds = []
        for count in streams:
            rounds.append(run(server, waiters, drivers, count, rate, seconds))
            one = rounds[-1]
            with contextlib.suppress(IndexError):
                print(
                    f"{count} streams: {len(one.late)} of {one.expected} events, p50 {percentile(one.late, 0.5) * 1000:.1f} ms, p99 "
                    f"{percentile(one.late, 0.99) * 1000:.1f} ms, server {one.server / (seconds + 6):.2f} cores, {one.problem}", flush=True)
    report = Report(folder)
    text = written(rounds, most, report, build_of(distribution()), settings)
    report.write("streams", text)
    print(f"\n{text}\n\nWritten to {report.file}")
    last = rounds[-1]
    return 0 if all(one.is_right for one in rounds) and percentile(last.late, 0.99) < TARGET else 1
