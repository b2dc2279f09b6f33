"""Many uploads by several ways at once, while the server is killed again and again; then each promise is held against it."""

import base64
import contextlib
import fcntl
import hashlib
import os
import random
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from rig import GONE, Client, Extent, FaultyServer, Ledger, check, form, pictures, scenario, spread

TUS = {"Tus-Resumable": "1.0.0"}
PART = {**TUS, "Content-Type": "application/offset+octet-stream"}
# A session holds 50 pictures unless told otherwise; so this needs no setting.
PER_SESSION = 45
KILLS_BEFORE_SETTLING = 5
# How often a kill is followed by one in the middle of the start.
KILLS_IN_START = 0.5


class Traffic:
    """What all clients have done together."""

    def __init__(self, server: FaultyServer) -> None:
        self.server = server
        self.lock = threading.Lock()
        self.up = threading.Event()
        self.over = threading.Event()
        # Those that are being filled, and those that are full, with how many kills there had been then.
        self.ledgers: list[Ledger] = []
        self.full: list[tuple[Ledger, int]] = []
        self.kills = 0
        # What was held against the server, and how many more were there that nobody was answered for.
        self.settled = self.more = self.sessions = 0
        self.promised = 0
        self.by_way: dict[str, int] = {}
        self.resumed = 0
        self.replayed = 0
        self.faults: list[BaseException] = []

    def promise(self, ledger: Ledger, way: str, id: str, picture: bytes) -> None:
        with self.lock:
            ledger.promise(id, picture)
            self.promised += 1
            self.by_way[way] = self.by_way.get(way, 0) + 1

    def close(self, ledger: Ledger) -> None:
        with self.lock:
            self.ledgers.remove(ledger)
            self.full.append((ledger, self.kills))

    def wait_until_up(self) -> None:
        while not self.up.wait(0.2):
            if self.over.is_set():
                raise Over

    def open(self) -> Ledger:
        """A new session. Where the answer is lost, another one is begun."""
        while True:
            self.wait_until_up()
            try:
                ledger = Ledger(Client(self.server).begin())
            except GONE:
                continue
            with self.lock:
                self.ledgers.append(ledger)
            return ledger


class Over(Exception):
    pass


def steadily(traffic: Traffic, ask):
    """Asks again and again until there is an answer. Returns it, and how often there was none."""
    failures = 0
    while True:
        traffic.wait_until_up()
        try:
            answer = ask()
        except GONE:
            failures += 1
            time.sleep(0.01)
            continue
        # The server may be starting or stopping.
        if answer.status == 503:
            time.sleep(0.05)
            continue
        return answer, failures


def raw(traffic: Traffic, ledger: Ledger, picture: bytes) -> None:
    traffic.wait_until_up()
    answer = ledger.upload(picture)
    if answer is not None and answer.status == 201:
        # `upload` has noted it; only counted here.
        traffic.promise(ledger, "raw", answer.json()["id"], picture)
    elif answer is not None:
        check(answer.status == 503, "a raw upload:", answer.status, answer.body[:300])


def multipart(traffic: Traffic, ledger: Ledger, picture: bytes) -> None:
    traffic.wait_until_up()
    body, kind = form([('name="file"; filename="a.png"', picture)])
    try:
        answer = ledger.client.ask("POST", "/api/v1/uploads", body, {"Content-Type": kind})
    except GONE:
        ledger.unanswered.add(hashlib.sha256(picture).hexdigest())
        return
    if answer.status == 201:
        traffic.promise(ledger, "multipart", answer.json()["id"], picture)
    else:
        check(answer.status == 503, "a multipart upload:", answer.status, answer.body[:300])


def keyed(traffic: Traffic, ledger: Ledger, picture: bytes) -> None:
    """With an Idempotency-Key, sent again until there is an answer."""
    headers = {"Content-Type": "image/png", "Idempotency-Key": str(uuid.uuid4())}
    # What a try that was not answered may have left.
    ledger.unanswered.add(hashlib.sha256(picture).hexdigest())
    answer, _ = steadily(traffic, lambda: ledger.client.ask("POST", "/api/v1/uploads", picture, headers))
    check(answer.status == 201, "an upload with a key:", answer.status, answer.body[:300])
    if answer.headers.get("idempotent-replayed") == "true":
        with traffic.lock:
            traffic.replayed += 1
    traffic.promise(ledger, "with a key", answer.json()["id"], picture)


def in_parts(traffic: Traffic, ledger: Ledger, picture: bytes) -> None:
    """By tus, in two parts. What was acknowledged of it must be there after a kill, and the rest is sent then."""
    name = base64.b64encode(b"a.png").decode()
    ledger.unanswered.add(hashlib.sha256(picture).hexdigest())
    created, _ = steadily(traffic, lambda: ledger.client.ask(
        "POST", "/api/v1/uploads/tus", headers={**TUS, "Upload-Length": str(len(picture)), "Upload-Metadata": f"filename {name}"}))
    check(created.status == 201, "tus:", created.status, created.body[:300])
    address = created.headers["location"]
    acknowledged, offset, interrupted = 0, 0, False
    while True:
        end = len(picture) // 2 if offset < len(picture) // 2 else len(picture)
        traffic.wait_until_up()
        try:
            answer = ledger.client.ask("PATCH", address, picture[offset:end], {**PART, "Upload-Offset": str(offset)})
        except GONE:
            answer = None
        if answer is not None and answer.status == 204:
            acknowledged = offset = int(answer.headers["upload-offset"])
            if "content-location" in answer.headers:
                traffic.promise(ledger, "in parts", answer.headers["content-location"].rsplit("/", 1)[1], picture)
                break
            continue
        if answer is not None:
            check(answer.status in (503, 409, 410), "a part:", answer.status, answer.body[:300])
        interrupted = True
        head, _ = steadily(traffic, lambda: ledger.client.ask("HEAD", address, headers=TUS))
        if head.status == 410:
            # It was whole, and was judged: the answer was all that got lost.
            said, _ = steadily(traffic, lambda: ledger.client.ask("GET", address))
            check(said.status == 200 and said.json()["state"] == "kept", "tus, over:", said.body[:300])
            traffic.promise(ledger, "in parts", said.json()["uploads"][0]["id"], picture)
            break
        check(head.status == 200, "tus, HEAD:", head.status)
        offset = int(head.headers["upload-offset"])
        check(offset >= acknowledged, f"tus: {acknowledged} bytes were acknowledged, {offset} are there")
        if offset == len(picture):
            # Whole, and not judged yet: asking for it has it judged.
            until_judged(traffic, ledger, address, picture)
            break
    if interrupted:
        with traffic.lock:
            traffic.resumed += 1


def until_judged(traffic: Traffic, ledger: Ledger, address: str, picture: bytes) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        said, _ = steadily(traffic, lambda: ledger.client.ask("GET", address))
        state = said.json()["state"]
        if state == "kept":
            return traffic.promise(ledger, "in parts", said.json()["uploads"][0]["id"], picture)
        check(state in ("receiving", "checking"), "tus, whole:", said.body[:300])
        time.sleep(0.02)
    raise AssertionError("an upload that was whole was not judged within a minute")


WAYS = [raw, multipart, keyed, in_parts]


def client(traffic: Traffic, way, seed: int) -> None:
    source = pictures(seed)
    ledger = traffic.open()
    while not traffic.over.is_set():
        way(traffic, ledger, next(source))
        # Not more than a session may hold, with what came in unanswered.
        if len(ledger.kept) + unanswered_kept(ledger) >= PER_SESSION:
            traffic.close(ledger)
            ledger = traffic.open()


def auditor(traffic: Traffic) -> None:
    """Holds full sessions against the server when it was killed some more times since, and erases them then."""
    while True:
        traffic.wait_until_up()
        with traffic.lock:
            due = next(((ledger, since) for ledger, since in traffic.full if traffic.kills - since >= KILLS_BEFORE_SETTLING), None)
        if due is None:
            time.sleep(0.05)
            continue
        try:
            kept, more = due[0].settle()
        except GONE:
            continue
        erase(traffic, due[0])
        with traffic.lock:
            traffic.full.remove(due)
            traffic.settled += kept
            traffic.more += more
            traffic.sessions += 1


def erase(traffic: Traffic, ledger: Ledger) -> None:
    """So that a start doesn't take longer and longer, by the files of all that came."""
    tried = False
    while True:
        traffic.wait_until_up()
        try:
            answer = ledger.client.api("DELETE", "/session")
        except GONE:
            tried = True
            continue
        if answer.status == 200 or (tried and answer.status == 401):
            return
        check(answer.status == 503, "erasing:", answer.status, answer.body)


def bravely(traffic: Traffic, work, *arguments) -> None:
    try:
        work(traffic, *arguments)
    except Over:
        pass
    except BaseException as error:  # noqa: BLE001  (told by the main thread)
        traffic.faults.append(error)
        traffic.over.set()


def unanswered_kept(ledger: Ledger) -> int:
    promised = {promise.sha256 for promise in ledger.kept.values()}
    return min(5, len(ledger.unanswered - promised))


@contextlib.contextmanager
def shared(lock: str | None) -> Iterator[None]:
    """Holds a lock that others take alone while they measure."""
    if lock is None:
        yield
        return
    with open(lock, "a+b") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


@scenario("Four clients upload small pictures, each another way (raw, as a form, with an Idempotency-Key and sent again until answered, "
          "in two parts by tus), and a fifth reads and erases what is full; the server gets SIGKILL at random moments, some of them while it starts")
def thousands_of_uploads_under_kills(extent: Extent) -> str:
    kills, goal = (4, 120) if extent.quick else (extent.kills, extent.uploads)
    chance = random.Random(extent.seed)
    extent.say(f"    seed {extent.seed}: {kills} kills over {goal} acknowledged uploads")
    lock = os.environ.get("LIGHTBOX_FAULTS_LOCK")
    restarts: list[float] = []
    in_start = 0
    with FaultyServer("thousands", LIGHTBOX_SESSION_IDLE_TIMEOUT="86400", LIGHTBOX_LOG_LEVEL="notice") as server:
        traffic = Traffic(server)
        threads = [threading.Thread(target=bravely, args=(traffic, client, way, extent.seed * 100 + number), daemon=True) for number, way in enumerate(WAYS)]
        threads.append(threading.Thread(target=bravely, args=(traffic, auditor), daemon=True))
        for thread in threads:
            thread.start()

        def kill() -> None:
            server.kill()
            with traffic.lock:
                traffic.kills += 1

        try:
            while traffic.kills < kills:
                with shared(lock):
                    traffic.up.set()
                    # Each round a share of what is left, more or less; then, some time into a request.
                    share = (goal - traffic.promised) / (kills - traffic.kills) * (1 + KILLS_IN_START)
                    enough = traffic.promised + share * chance.uniform(0.5, 1.5)
                    wait(lambda: traffic.promised >= min(enough, goal) or traffic.faults, 180)
                    time.sleep(chance.uniform(0, 0.02))
                    if traffic.faults:
                        raise traffic.faults[0]
                    traffic.up.clear()
                    kill()
                    if chance.random() < KILLS_IN_START and traffic.kills < kills:
                        server.launch()
                        time.sleep(chance.uniform(0, min(restarts, default=1.0)))
                        kill()
                        in_start += 1
                    began = time.monotonic()
                    server.start()
                    restarts.append(time.monotonic() - began)
                if len(restarts) % 10 == 0:
                    extent.say(f"    {traffic.kills} kills, {traffic.promised} acknowledged, {traffic.settled} of them settled, restart {restarts[-1]:.1f} s")
            traffic.up.set()
            wait(lambda: traffic.promised >= goal or traffic.faults, 300)
        finally:
            traffic.over.set()
            traffic.up.set()
            for thread in threads[:-1]:
                thread.join(60)
            # The last one has no end of its own, but asks for the server each time.
            traffic.up.clear()
            threads[-1].join(60)
        if traffic.faults:
            raise traffic.faults[0]
        with shared(lock), ThreadPoolExecutor(4) as pool:
            for kept, more in pool.map(Ledger.settle, traffic.ledgers + [ledger for ledger, _ in traffic.full]):
                traffic.settled += kept
                traffic.more += more
                traffic.sessions += 1
        check(traffic.settled == traffic.promised >= goal, traffic.settled, traffic.promised)
        server.kill()
        server.start()
        drafts = [name for name in server.files() if name.endswith(".part")]
        check(not drafts, len(drafts), "files of nobody are left")
        server.is_sound()
    ways = ", ".join(f"{count} {way}" for way, count in sorted(traffic.by_way.items()))
    return (f"{traffic.kills} kills (seed {extent.seed}), {in_start} of them during the start, over {traffic.promised} acknowledged uploads ({ways}) in {traffic.sessions} sessions: **0 lost**. "
            f"Each was read back, by its id, with its size and SHA-256, {KILLS_BEFORE_SETTLING} or more kills after its session was full, or at the end. {traffic.more} more that nobody was answered for were there, whole; "
            f"{traffic.resumed} uploads in parts went on after a kill, none behind what was acknowledged. Ready again after {spread(restarts)}")


def wait(condition, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        check(time.monotonic() < deadline, f"nothing went on for {seconds} s")
        time.sleep(0.002)

