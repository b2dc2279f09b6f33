"""The queue on a real server: whose turn it is, how long it takes, and what an operator does with it."""

import contextlib
import http.client
import json
import os
import signal
import time
import unittest
from pathlib import Path

from client import Client, Server, png, sample_film

TOKEN = "a-token-of-an-operator"


PICTURE = png(300, 300)


def until(condition, seconds: float = 30):
    """What the condition gives once it is something."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it didn't come about"
        time.sleep(0.02)
    return found


def send(pid: int, number: signal.Signals) -> None:
    """A signal to a process that may have ended meanwhile."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


class QueueServer(Server):
    """With an operator."""

    def __init__(self, name: str, **settings: str) -> None:
        super().__init__(name, **settings)
        token = Path(self.folder.name) / "token"
        token.write_text(TOKEN)
        token.chmod(0o600)
        self.environment["LIGHTBOX_OPERATOR_TOKEN_FILE"] = str(token)

    def admin(self, method: str, path: str, token: str = TOKEN):
        connection = http.client.HTTPConnection("127.0.0.1", self.operator_port, timeout=30)
        try:
            connection.request(method, "/admin" + path, headers={"Authorization": f"Bearer {token}"})
            response = connection.getresponse()
            body = response.read()
            return response.status, json.loads(body)
        finally:
            connection.close()


def begin(server: Server) -> tuple[Client, dict]:
    client = Client(server).begin()
    return client, client.upload(PICTURE).json()


def ask(client: Client, upload: dict):
    return client.api("POST", "/analyses", {"uploadId": upload["id"]})


class QueueTest(unittest.TestCase):
    def test_a_paused_queue_takes_pictures_tells_each_its_place_and_goes_on_in_turn(self):
        with QueueServer("queue-paused", LIGHTBOX_WORKER_COUNT="1", LIGHTBOX_QUEUE_MAX_PER_SESSION="4") as server:
            status, queue = server.admin("POST", "/queue/pause")
            self.assertEqual((status, queue["state"]), (200, "paused"))
            many, film_of_many = begin(server)
            asked = [ask(many, film_of_many) for _ in range(4)]
            self.assertEqual([answer.status for answer in asked], [202] * 4)
            first = asked[0].json()
            self.assertEqual((first["state"], first["position"], first["paused"]), ("queued", 1, True))
            self.assertNotIn("etaSeconds", {k: v for k, v in first.items() if v is not None})
            self.assertIn("paused", first["detail"])
            # Another comes later, and is second all the same.
            other, film_of_other = begin(server)
            late = ask(other, film_of_other).json()
            self.assertEqual(late["position"], 2)
            self.assertEqual(many.api("GET", f"/analyses/{asked[1].json()['id']}").json()["position"], 3)
            # One more of the first session is too many; of the other it is not.
            refused = ask(many, film_of_many)
            self.assertEqual((refused.status, refused.code), (429, "too-many-waiting"))
            self.assertEqual(refused.headers["retry-after"], str(refused.json()["retryAfter"]))
            self.assertEqual(ask(other, film_of_other).status, 202)

            # It holds over a restart, and so does everybody's place.
            server.stop()
            server.start()
            status, queue = server.admin("GET", "/queue")
            self.assertEqual((queue["state"], len(queue["waiting"]), queue["running"]), ("paused", 6, []))
            self.assertEqual(queue["waiting"][1]["id"], late["id"])
            self.assertNotIn(late["id"], queue["waiting"][1]["session"])
            self.assertEqual(other.api("GET", f"/analyses/{late['id']}").json()["position"], 2)

            status, queue = server.admin("POST", "/queue/resume")
            self.assertEqual(queue["state"], "running")
            ended = other.finished(late["id"])
            self.assertIn(ended["state"], ("completed", "refused"))
            for answer in asked:
                many.finished(answer.json()["id"])
            times = [many.api("GET", f"/analyses/{answer.json()['id']}").json()["updatedAt"] for answer in asked]
            self.assertEqual(times, sorted(times))

    def test_who_waits_is_told_how_long_by_how_long_analyses_take_here(self):
        with QueueServer("queue-wait", LIGHTBOX_WORKER_COUNT="1", LIGHTBOX_LIMITS_RATE_PERCENT="0") as server:
            client = Client(server).begin()
            upload = client.upload(sample_film().read_bytes()).json()
            took = []
            for _ in range(3):
                began = time.monotonic()
                client.finished(client.analyse_all_the_same(upload["id"])["id"])
                took.append(time.monotonic() - began)
            worker = server.admin("GET", "/workers")[1]["workers"][0]["processId"]
            send(worker, signal.SIGSTOP)
            # As many as go through the model together.
            working = [client.analyse_all_the_same(upload["id"])["id"] for _ in range(4)]
            until(lambda: all(client.api("GET", f"/analyses/{one}").json()["state"] != "queued" for one in working))
            waiting = [client.analyse_all_the_same(upload["id"])["id"] for _ in range(4)]
            told = [client.api("GET", f"/analyses/{analysis}").json() for analysis in waiting]
            self.assertEqual([one["position"] for one in told], [1, 2, 3, 4])
            # Whole seconds of one mean, times the place: what each of them says of the mean can be true together, and is what was measured.
            least = max((one["etaSeconds"] - 1) / one["position"] for one in told)
            most = min(one["etaSeconds"] / one["position"] for one in told)
            self.assertLess(least, most, told)
            self.assertLess(least, max(took), (told, took))
            self.assertGreater(most, min(took) / 4, (told, took))
            # In the events, too.
            self.assertEqual(next(client.events(waiting[3]))[1]["etaSeconds"], told[3]["etaSeconds"])
            send(worker, signal.SIGCONT)
            for analysis in waiting:
                self.assertEqual(client.finished(analysis)["state"], "completed")

    def test_an_urgent_history_is_served_first_and_a_draining_queue_takes_nothing_new(self):
        with QueueServer("queue-urgent", LIGHTBOX_WORKER_COUNT="1") as server:
            server.admin("POST", "/queue/pause")
            calm, calm_film = begin(server)
            waiting = [ask(calm, calm_film).json() for _ in range(3)]
            urgent, urgent_film = begin(server)
            mine = ask(urgent, urgent_film).json()
            self.assertEqual(mine["position"], 2)
            # What is told while it waits counts too.
            answer = urgent.api("PATCH", "/intake", {"answers": {"reason": "crushing chest pain, can't get air"}})
            self.assertEqual(answer.status, 200, answer.body)
            level = urgent.api("GET", "/acuity").json()["level"]
            self.assertEqual(level, "emergency")
            _, queue = server.admin("GET", "/queue")
            self.assertEqual((queue["waiting"][0]["id"], queue["waiting"][0]["acuity"]), (mine["id"], "emergency"))
            server.admin("POST", "/queue/drain")
            refused = ask(calm, calm_film)
            self.assertEqual((refused.status, refused.code), (503, "queue-draining"))
            self.assertIn("retry-after", refused.headers)
            for analysis in waiting:
                calm.finished(analysis["id"])
            urgent.finished(mine["id"])
            _, queue = server.admin("GET", "/queue")
            self.assertEqual((queue["state"], queue["waiting"]), ("draining", []))

    def test_a_picture_that_ends_two_workers_is_given_up_and_an_operator_puts_it_back(self):
        with QueueServer("queue-dead", LIGHTBOX_WORKER_COUNT="1", LIGHTBOX_WORKER_TIMEOUT="3") as server:
            client = Client(server).begin()
            # One that takes long enough to be met in the middle.
            upload = client.upload(sample_film().read_bytes()).json()
            _, status = server.admin("GET", "/workers")
            self.assertEqual(len(status["workers"]), 1)
            # Stopped, so that each job runs out of time.
            def hold() -> bool:
                _, status = server.admin("GET", "/workers")
                pid = status["workers"][0].get("processId")
                if pid and status["workers"][0]["state"] in ("idle", "busy"):
                    send(pid, signal.SIGSTOP)
                return client.api("GET", f"/analyses/{analysis['id']}").json()["state"] == "failed"

            server.admin("POST", "/queue/pause")
            analysis = ask(client, upload).json()
            server.admin("POST", "/queue/resume")
            until(hold, 60)
            failed = client.api("GET", f"/analyses/{analysis['id']}").json()
            self.assertEqual(failed["failure"]["code"], "timed-out")
            self.assertEqual(failed["attempt"], 2)
            _, queue = server.admin("GET", "/queue")
            self.assertEqual([dead["id"] for dead in queue["dead"]], [analysis["id"]])
            self.assertEqual((queue["dead"][0]["attempts"], queue["dead"][0]["code"]), (2, "timed-out"))
            # The person may try it once more. A third worker is the last that the picture ends.
            self.assertTrue(failed["failure"]["retryable"])
            self.assertEqual(client.api("POST", f"/analyses/{analysis['id']}/retry").status, 202)
            until(hold, 60)
            failed = client.api("GET", f"/analyses/{analysis['id']}").json()
            self.assertEqual((failed["failure"]["code"], failed["failure"]["retryable"], failed["attempt"]), ("analysis-quarantined", False, 3))
            again = client.api("POST", f"/analyses/{analysis['id']}/retry")
            self.assertEqual((again.status, again.code), (409, "analysis-quarantined"))
            anew = ask(client, upload)
            self.assertEqual((anew.status, anew.code), (409, "analysis-quarantined"))

            def ready() -> bool:
                pid = server.admin("GET", "/workers")[1]["workers"][0].get("processId")
                if pid:
                    send(pid, signal.SIGCONT)
                return server.admin("GET", "/workers")[1]["workers"][0]["state"] == "idle"

            until(ready, 30)
            status, back = server.admin("POST", f"/analyses/{analysis['id']}/requeue")
            self.assertEqual((status, back["state"]), (202, "queued"))
            self.assertIn(client.finished(analysis["id"])["state"], ("completed", "refused"))
            self.assertEqual(server.admin("GET", "/queue")[1]["dead"], [])
            self.assertEqual(ask(client, upload).status, 202)
            # Once each, by name; and the person reads who put it back.
            lines = [(line["name"], line["role"], line["outcome"]) for action in ("queue-paused", "queue-resumed", "analysis-requeued")
                     for line in server.admin("GET", f"/audit?action={action}")[1]["lines"]]
            self.assertEqual(lines, [("operator", "operator", "done")] * 3)
            self.assertEqual(server.admin("GET", "/audit?action=operator-acted")[1]["lines"], [])
            entry = next(entry for entry in client.api("GET", "/access-log").json()["entries"] if entry["event"] == "analysis-requeued")
            self.assertEqual((entry["subject"], entry["name"]), (f"analysis:{analysis['id']}", "operator"))
            status, _ = server.admin("POST", f"/analyses/{analysis['id']}/requeue")
            self.assertEqual(status, 404)
            self.assertEqual(server.admin("GET", "/queue", token="another-token-entirely")[0], 401)

    def test_a_server_that_is_told_to_stop_parks_what_takes_too_long(self):
        with QueueServer("queue-park", LIGHTBOX_WORKER_COUNT="1", LIGHTBOX_QUEUE_DRAIN_SECONDS="0") as server:
            client, upload = begin(server)
            # Not in the middle of the check of the model.
            until(lambda: server.get("/health/clinical")[0] == 200)
            pid = server.admin("GET", "/workers")[1]["workers"][0]["processId"]
            os.kill(pid, signal.SIGSTOP)
            analysis = ask(client, upload).json()
            until(lambda: server.admin("GET", "/queue")[1]["running"])
            began = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - began, 20)
            server.start()
            self.assertIn(client.finished(analysis["id"])["state"], ("completed", "refused"))


if __name__ == "__main__":
    unittest.main()
