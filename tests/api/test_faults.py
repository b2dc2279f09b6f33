"""What must happen when things break: processes are really killed, and limits really reached."""

import os
import re
import signal
import sqlite3
import subprocess
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from client import Client, Server, png, sample_film
from processes import descendants, until


class Faults(unittest.TestCase):
    def test_what_was_accepted_survives_the_end_of_the_server_and_completes_once(self):
        with Server("fault-kill", LIGHTBOX_WORKER_COUNT="1") as server:
            client = Client(server).begin()
            client.api("PATCH", "/intake", {"answers": {"age": 54, "reason": "cough"}})
            upload = client.upload(sample_film().read_bytes()).json()["id"]
            for round in range(int(os.environ.get("LIGHTBOX_KILLS", "4"))):
                accepted = [client.analyse(upload)["id"] for _ in range(3)]
                # At a different moment in each round: waiting, decoding, or between two.
                until(lambda: client.api("GET", f"/analyses/{accepted[round % 3]}").json()["state"] != "queued")
                workers = descendants(server.process.pid)
                server.kill()
                until(lambda: not any(Path(f"/proc/{worker}/exe").exists() for worker in workers))
                server.start()
                self.assertEqual(client.api("GET", "/intake").json()["answers"]["age"], 54)
                for analysis in accepted:
                    self.assertEqual(client.finished(analysis)["state"], "completed")
            states = [analysis["state"] for analysis in client.api("GET", "/analyses").json()["analyses"]]
            self.assertEqual(set(states), {"completed"})

    def test_files_without_a_row_are_removed_at_the_start(self):
        with Server("fault-orphans") as server:
            client = Client(server).begin()
            upload = client.upload(png(100, 100)).json()
            files = Path(server.environment["LIGHTBOX_DATA_DIRECTORY"]) / "files"
            folder = next(files.iterdir())
            (folder / "01a20953-5594-79a5-bd55-caf3503d0159.part").write_bytes(b"x")
            (folder / "picture-01a20953-5594-79a5-bd55-caf3503d0159").write_bytes(b"x")
            server.kill()
            server.start()
            until(lambda: len(list(folder.iterdir())) == 4)
            self.assertEqual(client.ask("GET", upload["preview"]).status, 200)

    def test_a_worker_that_dies_is_replaced_and_the_analysis_completes(self):
        with Server("fault-worker", LIGHTBOX_WORKER_COUNT="1") as server:
            client = Client(server).begin()
            upload = client.upload(sample_film().read_bytes()).json()["id"]
            analysis = client.analyse(upload)["id"]
            until(lambda: client.api("GET", f"/analyses/{analysis}").json()["state"] in ("decoding", "completed"))
            before = until(lambda: descendants(server.process.pid))
            os.kill(before[-1], signal.SIGKILL)
            finished = client.finished(analysis)
            self.assertEqual(finished["state"], "completed", finished.get("failure"))
            self.assertEqual(client.finished(client.analyse(upload)["id"])["state"], "completed")
            self.assertNotIn(before[-1], descendants(server.process.pid))
            self.assertEqual(client.ask("GET", "/health/live").status, 200)

    def test_a_worker_that_hangs_is_ended_and_the_analysis_completes(self):
        with Server("fault-hang", LIGHTBOX_WORKER_COUNT="1", LIGHTBOX_WORKER_TIMEOUT="10") as server:
            client = Client(server).begin()
            upload = client.upload(sample_film().read_bytes()).json()["id"]
            os.kill(descendants(server.process.pid)[-1], signal.SIGSTOP)
            analysis = client.analyse(upload)["id"]
            finished = client.finished(analysis)
            self.assertEqual(finished["state"], "completed", finished.get("failure"))

    def test_each_way_in_which_a_worker_ends_is_counted_and_noted(self):
        with Server("fault-ends", LIGHTBOX_WORKER_COUNT="1", LIGHTBOX_WORKER_TIMEOUT="10", LIGHTBOX_LOG_LEVEL="info") as server:
            client = Client(server).begin()
            upload = client.upload(sample_film().read_bytes()).json()["id"]

            def counted(kind: str) -> float:
                return float(re.search(rf'(?m)^lightbox_worker_incidents_total{{kind="{kind}"}} (\S+)$', server.metrics())[1])

            for kind, event, sign in [
                ("crashed", "worker-crashed", signal.SIGKILL), ("sandbox-violated", "sandbox-violated", signal.SIGSYS),
                ("processor-limit-reached", "processor-limit-reached", signal.SIGXCPU), ("job-timed-out", "job-timed-out", None),
            ]:
                with self.subTest(kind):
                    until(lambda: server.get("/health/clinical")[0] == 200)
                    before = counted(kind)
                    # Stopped before it is given the job, so that it ends in the middle of it.
                    worker = descendants(server.process.pid)[-1]
                    os.kill(worker, signal.SIGSTOP)
                    analysis = client.analyse(upload)["id"]
                    until(lambda: client.api("GET", f"/analyses/{analysis}").json()["state"] != "queued")
                    if sign:
                        os.kill(worker, sign)
                        os.kill(worker, signal.SIGCONT)
                    self.assertEqual(client.finished(analysis)["state"], "completed")
                    self.assertEqual(counted(kind), before + 1)
                    lines = [line for line in server.log_lines() if line.get("logger") == "lightbox.audit" and line["message"] == event]
                    self.assertEqual(len(lines), 1, lines)

    def test_the_server_stops_cleanly_with_streams_open_and_leaves_no_process(self):
        with Server("fault-stop") as server:
            client = Client(server).begin()
            upload = client.upload(sample_film().read_bytes()).json()["id"]
            streams = [client.events(client.analyse(upload)["id"]) for _ in range(3)]
            for stream in streams:
                next(stream)
            processes = descendants(server.process.pid)
            started = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - started, 15)
            self.assertFalse([process for process in processes if Path(f"/proc/{process}/exe").exists()])
            server.start()
            for analysis in client.api("GET", "/analyses").json()["analyses"]:
                self.assertEqual(client.finished(analysis["id"])["state"], "completed")

    def test_a_full_queue_says_so_and_takes_again_later(self):
        with Server("fault-queue", LIGHTBOX_QUEUE_LENGTH="2", LIGHTBOX_WORKER_COUNT="1") as server:
            client = Client(server).begin()
            upload = client.upload(sample_film().read_bytes()).json()["id"]
            answers = [client.api("POST", "/analyses", {"uploadId": upload}) for _ in range(12)]
            full = [answer for answer in answers if answer.status == 503]
            self.assertTrue(full)
            self.assertEqual(full[0].code, "queue-full")
            # From how long analyses take here.
            self.assertEqual(int(full[0].headers["retry-after"]), full[0].json()["retryAfter"])
            self.assertIn(full[0].json()["retryAfter"], range(1, 601))
            for answer in answers:
                if answer.status == 202:
                    client.finished(answer.json()["id"])
            self.assertEqual(client.api("POST", "/analyses", {"uploadId": upload}).status, 202)

    def test_a_session_ends_by_idleness_and_its_files_go(self):
        with Server("fault-idle", LIGHTBOX_SESSION_IDLE_TIMEOUT="60") as server:
            client = Client(server).begin()
            client.upload(png(100, 100))
            files = Path(server.environment["LIGHTBOX_DATA_DIRECTORY"])
            server.stop()
            database = sqlite3.connect(files / "lightbox.sqlite")
            with database:
                database.execute("UPDATE sessions SET last_seen_at = last_seen_at - 61")
            database.close()
            server.start()
            self.assertEqual(client.api("GET", "/session").status, 401)
            until(lambda: not list((files / "files").iterdir()))

    def test_memory_stays_flat_while_large_files_come_in(self):
        with Server("fault-memory", LIGHTBOX_UPLOAD_MAX_BYTES=str(2 << 30)) as server:
            client = Client(server).begin()

            def resident() -> int:
                fields = Path(f"/proc/{server.process.pid}/statm").read_text().split()
                return int(fields[1]) * os.sysconf("SC_PAGESIZE")

            client.upload(bytes(32 << 20))
            before = resident()
            size = 256 << 20
            largest = 0

            def pieces(head: bytes, tail: bytes):
                nonlocal largest
                yield head
                for _ in range(size >> 20):
                    largest = max(largest, resident())
                    yield bytes(1 << 20)
                yield tail

            form = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n', b"\r\n--b--\r\n"
            for kind, head, tail in (("image/png", b"", b""), ("multipart/form-data; boundary=b", *form)):
                fields = {"Content-Type": kind, "Content-Length": str(len(head) + size + len(tail))}
                answer = client.ask("POST", "/api/v1/uploads", (piece for piece in pieces(head, tail) if piece), fields, timeout=300)
                self.assertEqual((answer.status, answer.code), (422, "unsupported-format"))
                self.assertLess(largest - before, 48 << 20, kind)

    def test_a_second_server_on_the_same_port_says_why_and_ends(self):
        with Server("fault-port") as server:
            result = subprocess.run(
                [str(server.program), "serve", "--data-directory", server.folder.name + "/other"],
                env=server.environment, capture_output=True, timeout=60, text=True)
            self.assertEqual(result.returncode, 69, result.stderr)
            self.assertIn("listened on", result.stderr)

    def test_eight_at_once(self):
        with Server("fault-eight") as server:
            def journey(index: int) -> str:
                client = Client(server).begin()
                client.api("PATCH", "/intake", {"answers": {"age": 20 + index, "reason": "cough"}})
                upload = client.upload(sample_film().read_bytes()).json()["id"]
                return client.finished(client.analyse(upload)["id"])["state"]

            with ThreadPoolExecutor(8) as pool:
                self.assertEqual(list(pool.map(journey, range(8))), ["completed"] * 8)


if __name__ == "__main__":
    unittest.main()
