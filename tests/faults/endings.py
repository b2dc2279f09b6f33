"""SIGTERM again and again in the middle of everything; workers that are killed, hang, or meet a file that kills them."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rig import Client, Extent, FaultyServer, Ledger, check, descendants, pictures, png, sample_film, scenario, spread, until


@scenario("SIGTERM 20 times in quick succession while uploads, analyses, an answer that is being written and reports run")
def sigterm_storm(extent: Extent) -> str:
    from model_server import ModelServer, Script
    from test_conversations import events_of

    source = pictures(extent.seed + 30)
    rounds = 1 if extent.quick else 5
    times, uploads, analyses = [], 0, 0
    with ModelServer() as model, FaultyServer("storm", LIGHTBOX_ASSISTANT_ENDPOINT=model.url, LIGHTBOX_WORKER_COUNT="2", LIGHTBOX_LOG_LEVEL="notice") as server:
        patient = Client(server).begin()
        patient.api("PATCH", "/intake", {"answers": {"age": 54, "reason": "cough"}})
        film = patient.upload(sample_film().read_bytes()).json()["id"]
        server.idle()
        first = patient.finished(patient.analyse(film)["id"])["id"]
        accepted = [first]
        reports: list[str] = []
        for _ in range(rounds):
            ledgers = [Ledger(Client(server).begin()) for _ in range(3)]
            over = threading.Event()

            def sending(ledger: Ledger) -> None:
                while not over.is_set():
                    answer = ledger.upload(next(source))
                    if answer is None:
                        return
                    check(answer.status in (201, 503), answer.status, answer.body)

            with ThreadPoolExecutor(8) as pool, stopping(over):
                work = [pool.submit(sending, ledger) for ledger in ledgers]
                model.script = Script(["The model looks at patterns. ", "It "], ending="wait")
                conversation = patient.api("POST", "/conversations", {}).json()["id"]
                answering = events_of(patient, "POST", f"/conversations/{conversation}/messages", {"text": "How does the model work?"})
                next(event for event in answering if event[1] == "writing")
                for _ in range(3):
                    accepted.append(patient.analyse(film)["id"])
                answer = patient.api("POST", "/reports", {"analysisId": first, "audience": "clinician"})
                check(answer.status in (201, 202), answer.body)
                reports.append(answer.json()["id"])
                until(lambda: all(len(ledger.kept) >= 2 for ledger in ledgers))
                processes = descendants(server.process.pid)
                began = time.monotonic()
                for _ in range(20):
                    server.process.send_signal(signal.SIGTERM)
                    time.sleep(0.005)
                status = server.wait_for_end(60)
                times.append(time.monotonic() - began)
                over.set()
                model.script.release.set()
                for one in work:
                    one.result()
            check(status == 0, f"it ended with status {status}", server.last_words())
            check(times[-1] < 30, times)
            check(not [process for process in processes if Path(f"/proc/{process}/exe").exists()], "workers are left")
            server.restart()
            for ledger in ledgers:
                uploads += ledger.settle()[0]
            for analysis in accepted:
                check(patient.finished(analysis)["state"] == "completed", analysis)
            for report in reports:
                ready = until(lambda: (lambda now: now if now["state"] != "making" else None)(patient.api("GET", f"/reports/{report}").json()))
                check(ready["state"] == "ready", ready)
            items = patient.api("GET", f"/conversations/{conversation}").json()["items"]
            check(len(items) == 2 and items[1]["answer"]["sentences"] and items[1]["answer"]["state"] in ("interrupted", "complete", "stopped"), items)
        analyses = len(accepted)
        server.is_sound()
    return (f"{rounds} storms: exit status 0 each time, after {spread(times)}, no process left; {uploads} answered uploads, {analyses} analyses and {len(reports)} reports "
            "are there and complete, each question keeps its grounded answer")


@contextlib.contextmanager
def stopping(over: threading.Event) -> Iterator[None]:
    """So that those who wait for it end, whatever happens."""
    try:
        yield
    finally:
        over.set()


class Workers:
    """The workers of a server that have loaded their model, as its log tells, and which of them computes."""

    def __init__(self, server: FaultyServer, count: int) -> None:
        self.server = server
        until(lambda: len(self.ready()) == count, 120)
        self.before: dict[int, int] = {}
        self.begin()

    def ready(self) -> list[int]:
        told = [int(str(line["pid"])) for line in self.server.log_lines() if line.get("message") == "worker is ready"]
        return [process for process in dict.fromkeys(told) if Path(f"/proc/{process}/exe").exists()]

    def begin(self) -> None:
        """From now on: whoever computes more than a little does what is asked for now."""
        self.before = {process: processor(process) for process in self.ready()}

    def computing(self, but: set[int]) -> int | None:
        for process in self.ready():
            if process in but:
                continue
            try:
                now = processor(process)
            except OSError:
                continue
            if now - self.before.setdefault(process, now) >= 3:
                return process
        return None


def processor(process: int) -> int:
    """Hundredths of a second that a process has computed."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


@scenario("One of two workers is killed (SIGKILL) or stopped (SIGSTOP) while it analyses, once and twice for the same analysis; others upload and analyse meanwhile")
def workers_die_and_hang(extent: Extent) -> str:
    source = pictures(extent.seed + 31)
    with FaultyServer("workers", LIGHTBOX_WORKER_COUNT="2", LIGHTBOX_WORKER_TIMEOUT="20") as server:
        victim, other = (Client(server).begin() for _ in range(2))
        uploads = []
        for client in (victim, other):
            client.api("PATCH", "/intake", {"answers": {"age": 54, "reason": "cough"}})
            uploads.append(client.upload(sample_film().read_bytes()).json()["id"])
        server.idle()
        lives, others, over = [], [], threading.Event()

        def living() -> None:
            while not over.wait(0.05):
                began = time.monotonic()
                check(server.get("/health/live")[0] == 200)
                lives.append(time.monotonic() - began)

        def working() -> None:
            ledger = Ledger(other)
            while not over.is_set():
                answer = ledger.upload(next(source)) if len(ledger.kept) < 30 else None
                check(answer is None or answer.status in (201, 503), answer)
                others.append(other.finished(other.analyse(uploads[1])["id"])["state"])

        def struck(sign: int, times: int) -> dict:
            workers = Workers(server, 2)
            analysis = victim.analyse(uploads[0])["id"]
            hit: set[int] = set()
            while len(hit) < times:
                state = victim.api("GET", f"/analyses/{analysis}").json()["state"]
                if state in ("completed", "failed"):
                    break
                if state != "queued" and (worker := workers.computing(hit)):
                    os.kill(worker, sign)
                    hit.add(worker)
            ended = victim.finished(analysis)
            for worker in hit:
                until(lambda: not Path(f"/proc/{worker}/exe").exists(), 30)
            return ended | {"hit": len(hit)}

        seen = []
        with ThreadPoolExecutor(2) as pool, stopping(over):
            watching = pool.submit(living)
            killed = struck(signal.SIGKILL, 1)
            check(killed["state"] == "completed", "killed once:", killed)
            seen.append("killed once: completed at the second try")
            began = time.monotonic()
            hung = struck(signal.SIGSTOP, 1)
            check(hung["state"] == "completed", "stopped once:", hung)
            seen.append(f"stopped: ended after its 20 s and completed at the second try, {time.monotonic() - began:.1f} s in all")
            if not extent.quick:
                twice = struck(signal.SIGKILL, 2)
                check(twice["hit"] == 2 and twice["state"] == "failed", "killed twice:", twice)
                check(twice["failure"]["code"] and twice["failure"]["message"] and twice["failure"].get("retryable", twice["failure"].get("isRetryable")), twice["failure"])
                again = victim.api("POST", f"/analyses/{twice['id']}/retry")
                check(again.status in (200, 202), again.body)
                check(victim.finished(twice["id"])["state"] == "completed")
                seen.append(f"killed twice: failed (`{twice['failure']['code']}`: \"{twice['failure']['message']}\"), and completed when retried")
                beside = pool.submit(working)
                for _ in range(3):
                    struck(signal.SIGKILL, 1)
                over.set()
                beside.result()
                check(set(others) == {"completed"}, others)
                seen.append(f"{len(others)} analyses of another session beside three more kills: all completed")
            over.set()
            watching.result()
        check(max(lives) < 2, max(lives))
        server.is_sound()
        return f"{'; '.join(seen)}; /health/live answered all the time, {spread(lives, 'ms')}"


@scenario("The worker that reads a picture is killed each time that it reads it, as by a file that crashes the decoder")
def a_file_that_kills_its_worker(extent: Extent) -> str:
    source = pictures(extent.seed + 32)
    large = png(6000, 6000, os.urandom(6000 * 6000))
    with FaultyServer("quarantine", LIGHTBOX_WORKER_COUNT="2") as server:
        ledger = Ledger(Client(server).begin())
        ledger.upload(next(source))
        server.idle()
        hit: set[int] = set()
        workers = Workers(server, 2)
        with ThreadPoolExecutor(1) as pool:
            sending = pool.submit(lambda: ledger.client.upload(large, "image/png"))
            while not sending.done() and len(hit) < 2:
                if worker := workers.computing(hit):
                    os.kill(worker, signal.SIGKILL)
                    hit.add(worker)
            answer = sending.result()
        check(len(hit) == 2, hit)
        check((answer.status, answer.code) == (422, "picture-quarantined"), answer.status, answer.body)
        beside = ledger.upload(next(source))
        check(beside.status == 201, beside.body)
        kept, more = ledger.settle()
        check((kept, more) == (2, 0))
        left = [name for name in server.files() if not name.startswith("samples-")]
        check(len(left) == 8, left)
        check(server.trail("picture-quarantined") >= 1, "it isn't in the trail")
        server.is_sound()
        return f"two workers died of it, then 422 `picture-quarantined` (\"{answer.json()['detail']}\"); nothing of it is kept, the trail has a line, the next picture is taken"
