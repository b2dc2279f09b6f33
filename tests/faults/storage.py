"""A disk that is full, reports errors, or is slow; a database that somebody else has locked."""

import http.client
import json
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from interpose import DELAY, EIO, ENOSPC, FAIL, RENAME, SYNC, WRITE, Rule
from namespaces import small_disk
from rig import Client, Extent, FaultyServer, Ledger, check, pictures, scenario, spread, until

DATABASE = "lightbox.sqlite-wal"


def refused(answer, status: int, code: str, name: object) -> None:
    check((answer.status, answer.code) == (status, code), name, answer.status, answer.body[:300])
    check(int(answer.headers["retry-after"]) > 0, name, "no Retry-After")


def writes(ledger: Ledger, source) -> dict[str, object]:
    """Everything that changes something, each as it would be asked for."""
    client = ledger.client
    return {
        "history": lambda: client.api("PATCH", "/intake", {"answers": {"age": 71}}),
        "upload": lambda: ledger.upload(next(source)),
        "session": lambda: Client(client.server).api("POST", "/session", {"consent": {"version": "2026-11", "accepted": True}}),
        "conversation": lambda: client.api("POST", "/conversations", {}),
    }


def unready(server) -> tuple[int, bytes]:
    """What the operators' listener says once it isn't ready; strangers hear only whether. One look is shared for a second."""
    until(lambda: told(server)[0] == 503, 5)
    return told(server)


def told(server) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.operator_port, timeout=30)
    try:
        connection.request("GET", "/health/ready")
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def reads(ledger: Ledger) -> int:
    """What must go on: the page, the history, and every picture that was promised."""
    client = ledger.client
    for path in ("/", "/api/v1/intake", "/api/v1/uploads", "/api/v1/limits", "/health/live"):
        answer = client.ask("GET", path)
        check(answer.status == 200, path, answer.status, answer.body[:200])
    check(client.api("GET", "/intake").json()["answers"]["age"] == 54)
    kept, more = ledger.settle()
    check(more == 0, f"{more} that were refused are there")
    return kept


@scenario("The data folder is on a tmpfs of 48 MiB (in a mount namespace of its own), which is filled to its last byte")
def disk_full(extent: Extent) -> str:
    source = pictures(extent.seed + 10)
    with small_disk(48) as disk, FaultyServer("disk-full", LIGHTBOX_DATA_DIRECTORY=f"{disk}/data", LIGHTBOX_LOG_LEVEL="notice") as server:
        ledger = Ledger(Client(server).begin())
        check(ledger.client.api("PATCH", "/intake", {"answers": {"age": 54}}).status == 200)
        for _ in range(3):
            ledger.upload(next(source))
        server.idle()
        # So that no later request has to note the visit.
        ledger.client.api("POST", "/session/extend")
        filler = Path(disk) / "filler"
        fill(filler)
        taken = {}
        deadline = time.monotonic() + 30
        # What still finds room in files that are there is answered as kept, and is; at last nothing does.
        while True:
            fill(filler)
            answers = {name: work() for name, work in writes(ledger, source).items() if name != "session"}
            if answers["history"].status == 200:
                ledger.client.api("PATCH", "/intake", {"answers": {"age": 54}})
            if all(answer.status == 507 for answer in answers.values()):
                break
            check(all(answer.status in (200, 201, 507) for answer in answers.values()), {name: answer.status for name, answer in answers.items()})
            check(time.monotonic() < deadline, "the disk didn't get full", {name: answer.status for name, answer in answers.items()})
        for name, work in writes(ledger, source).items():
            taken[name] = work()
            refused(taken[name], 507, "storage-full", name)
        with ThreadPoolExecutor(4) as pool:
            for answer in pool.map(lambda _: ledger.client.api("PATCH", "/intake", {"answers": {"age": 71}}), range(4)):
                refused(answer, 507, "storage-full", "four at once")
        kept = reads(ledger)
        ready, body = unready(server)
        troubles = json.loads(body)["troubles"]
        check(ready == 503 and "disk" in troubles, ready, troubles)
        # Erasing takes room, too: for the rows that say so.
        over = next(iter(ledger.kept))
        erased = ledger.client.api("DELETE", f"/uploads/{over}")
        check(erased.status in (204, 507), "erasing a picture on a full disk:", erased.status, erased.body)
        if erased.status == 204:
            del ledger.kept[over]
        began = time.monotonic()
        filler.unlink()
        until(lambda: (answer := ledger.upload(next(source))) is not None and answer.status == 201, 30)
        until(lambda: server.get("/health/ready")[0] == 200, 30)
        recovered = time.monotonic() - began
        check(ledger.client.api("PATCH", "/intake", {"answers": {"age": 54}}).status == 200)
        check(ledger.client.api("DELETE", f"/uploads/{next(iter(ledger.kept))}").status == 204)
        del ledger.kept[next(iter(ledger.kept))]
        server.kill()
        server.restart()
        reads(ledger)
        server.is_sound()
        return (f"507 `storage-full` with Retry-After for {', '.join(taken)}, and for four at once; {kept} pictures, the history and the page were read meanwhile; erasing a picture: {erased.status}; "
                f"/health/ready: 503, \"{'; '.join(f'{name}: {text}' for name, text in sorted(troubles.items()))}\"; with room again everything was taken after {recovered * 1000:.0f} ms, without a restart")


def fill(file: Path) -> None:
    with file.open("ab", buffering=0) as out:
        for size in (1 << 20, 4096, 512):
            try:
                while True:
                    out.write(b"x" * size)
            except OSError:
                pass


@scenario("write, fsync and fdatasync of the database's log fail with EIO and ENOSPC: once, and again and again")
def database_errors(extent: Extent) -> str:
    source = pictures(extent.seed + 11)
    with FaultyServer("database-errors", LIGHTBOX_LOG_LEVEL="notice") as server:
        ledger = Ledger(Client(server).begin())
        check(ledger.client.api("PATCH", "/intake", {"answers": {"age": 54}}).status == 200)
        ledger.upload(next(source))
        server.idle()
        times: list[float] = []
        tried = []
        for calls, said in ((WRITE, "write"), (SYNC, "fdatasync")):
            for number, status, code in ((EIO, 503, "storage-failed"), (ENOSPC, 507, "storage-full")):
                if calls == SYNC and number == ENOSPC:
                    # SQLite takes any failure of a sync as an I/O error.
                    status, code = 503, "storage-failed"
                with server.interposer.rules(Rule(calls, DATABASE, FAIL, number)):
                    for name, work in writes(ledger, source).items():
                        began = time.monotonic()
                        answer = work()
                        times.append(time.monotonic() - began)
                        refused(answer, status, code, (said, number, name))
                    with ThreadPoolExecutor(8) as pool:
                        for answer in pool.map(lambda _: ledger.client.api("PATCH", "/intake", {"answers": {"age": 71}}), range(8)):
                            refused(answer, status, code, (said, number, "eight at once"))
                    reads(ledger)
                    check(server.interposer.struck() > 0)
                    ready, body = unready(server)
                    check(ready == 503 and b"database" in body, ready, body)
                # Without a restart.
                check(ledger.client.api("PATCH", "/intake", {"answers": {"age": 54}}).status == 200)
                ledger.upload(next(source))
                until(lambda: server.get("/health/ready")[0] == 200, 10)
                tried.append(f"{said} {'EIO' if number == EIO else 'ENOSPC'}: {status}")
        # Once only: who meets it is refused, who comes next isn't, and both is true after a kill, too.
        for _ in range(20):
            server.interposer.arm(Rule(SYNC, DATABASE, FAIL, EIO, count=1))
            answer = ledger.client.api("PATCH", "/intake", {"answers": {"age": 72}})
            if answer.status != 200:
                break
            # Something that the server wrote by itself met it.
            check(server.interposer.struck() == 1)
            check(ledger.client.api("PATCH", "/intake", {"answers": {"age": 54}}).status == 200)
        refused(answer, 503, "storage-failed", "once")
        check(ledger.client.api("GET", "/intake").json()["answers"]["age"] == 54, "what was refused is there")
        check(ledger.client.api("PATCH", "/intake", {"answers": {"weight": 80}}).status == 200)
        server.kill()
        server.restart()
        check(ledger.client.api("GET", "/intake").json()["answers"] == {"age": 54, "weight": 80}, "after a failed sync the kept answers are others")
        reads(ledger)
        server.is_sound()
        check(max(times) < 6, max(times))
        return f"{'; '.join(tried)}, each with Retry-After within {spread(times, 'ms')}, eight at once too; nothing refused is there, nothing kept is lost, reading went on, and writing without a restart once the disk was well"


@scenario("write, fsync and rename of the files of pictures fail with EIO and ENOSPC, one upload at a time and four at once")
def file_errors(extent: Extent) -> str:
    source = pictures(extent.seed + 12)
    with FaultyServer("file-errors", LIGHTBOX_LOG_LEVEL="notice") as server:
        ledger = Ledger(Client(server).begin())
        check(ledger.client.api("PATCH", "/intake", {"answers": {"age": 54}}).status == 200)
        ledger.upload(next(source))
        server.idle()
        tried = []
        for calls, part, said in ((WRITE, ".part", "write"), (RENAME, "picture-", "rename"), (RENAME, "preview-", "rename of a preview"), (SYNC, "/files", "fsync")):
            for number, status, code in ((EIO, 503, "storage-failed"), (ENOSPC, 507, "storage-full")):
                with server.interposer.rules(Rule(calls, part, FAIL, number)):
                    refused(ledger.upload(next(source)), status, code, (said, number))
                    with ThreadPoolExecutor(4) as pool:
                        for answer in pool.map(lambda _: ledger.upload(next(source)), range(4)):
                            refused(answer, status, code, (said, number, "four at once"))
                    check(ledger.client.api("PATCH", "/intake", {"answers": {"age": 54}}).status == 200, "the history isn't on that disk")
                    reads(ledger)
                    check(server.interposer.struck() >= 5)
                left = [name for name in server.files() if not name.startswith("samples-")]
                check(len(left) == 4 * len(ledger.kept), said, number, "files are left:", left)
                check(ledger.upload(next(source)).status == 201)
                tried.append(f"{said} {'EIO' if number == EIO else 'ENOSPC'}: {status}")
        server.kill()
        server.restart()
        reads(ledger)
        server.is_sound()
        return f"{'; '.join(tried)}, each with Retry-After; nothing refused left a file or a row, everything kept is there after a kill"


@scenario("Each fsync, fdatasync and syncfs takes 200 ms longer; then one takes 8 s")
def slow_disk(extent: Extent) -> str:
    source = pictures(extent.seed + 13)
    with FaultyServer("slow-disk", LIGHTBOX_LOG_LEVEL="notice") as server:
        ledgers = [Ledger(Client(server).begin()) for _ in range(8)]
        server.idle()

        def timed(work) -> tuple[float, object]:
            began = time.monotonic()
            answer = work()
            return time.monotonic() - began, answer

        lives: list[float] = []
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.05):
                seconds, answer = timed(lambda: server.get("/health/live"))
                check(answer[0] == 200)
                lives.append(seconds)

        with server.interposer.rules(Rule(SYNC, "", DELAY, 200)), ThreadPoolExecutor(9) as pool:
            watching = pool.submit(watch)
            try:
                answers = [outcome for _ in range(2) for outcome in pool.map(lambda ledger: timed(lambda: ledger.upload(next(source))), ledgers)]
            finally:
                over.set()
            watching.result()
        check(all(answer.status == 201 for _, answer in answers), [answer.status for _, answer in answers])
        taken = [seconds for seconds, _ in answers]
        # One after the other each would wait for more than one second's worth of syncs of each of the others.
        check(max(taken) < 8, taken)
        check(max(lives) < 1, max(lives))
        with server.interposer.rules(Rule(SYNC, DATABASE, DELAY, 8000, count=1)), ThreadPoolExecutor(2) as pool:
            hanging = pool.submit(lambda: timed(lambda: ledgers[0].client.api("PATCH", "/intake", {"answers": {"age": 54}})))
            until(lambda: server.interposer.struck() == 1)
            seconds, (ready, body) = timed(lambda: unready(server))
            check(ready == 503 and b"database" in body, ready, body)
            check(seconds < 4, seconds)
            read, answer = timed(lambda: ledgers[1].client.api("GET", "/uploads"))
            check(answer.status == 200 and read < 2, read)
            waited, answer = hanging.result()
        check(answer.status == 200 and waited >= 7, answer.status, waited)
        for ledger in ledgers:
            ledger.settle()
        server.is_sound()
        return (f"{len(taken)} uploads, eight at once: all kept, {spread(taken)} each (they share syncs); /health/live meanwhile {spread(lives, 'ms')}. While one sync took 8 s: "
                f"/health/ready said 503 (database) after {seconds:.1f} s, reading took {read * 1000:.0f} ms, and what waited for it was answered as kept after {waited:.1f} s")


@scenario("Another process holds the database's write lock (BEGIN IMMEDIATE) as long as two writes are tried")
def database_locked(extent: Extent) -> str:
    source = pictures(extent.seed + 14)
    with FaultyServer("locked", LIGHTBOX_LOG_LEVEL="notice") as server:
        ledger = Ledger(Client(server).begin())
        check(ledger.client.api("PATCH", "/intake", {"answers": {"age": 54}}).status == 200)
        ledger.upload(next(source))
        server.idle()
        other = sqlite3.connect(server.data / "lightbox.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        times = []
        for name, work in {"history": writes(ledger, source)["history"], "upload": writes(ledger, source)["upload"]}.items():
            began = time.monotonic()
            answer = work()
            times.append(time.monotonic() - began)
            refused(answer, 503, "storage-busy", name)
        reads(ledger)
        other.execute("ROLLBACK")
        other.close()
        began = time.monotonic()
        check(ledger.client.api("PATCH", "/intake", {"answers": {"age": 54}}).status == 200)
        back = time.monotonic() - began
        check(max(times) < 12, times)
        server.is_sound()
        return f"503 `storage-busy` with Retry-After after {spread(times)}; reading went on; when the lock was gone, a write took {back * 1000:.0f} ms"
