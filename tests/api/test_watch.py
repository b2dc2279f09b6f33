"""How the server is watched: metrics, traces, logs, errors, alerts, health."""

import base64
import contextlib
import http.client
import itertools
import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import string
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from client import ROOT, Client, Server, dicom, free_port, sample_film
from model_server import ModelServer, Script
from server import distribution
from watchers import Listener, MailServer, await_, certificate

TOKEN = "correct-horse-battery-staple"


class Watched(unittest.TestCase):
    settings: dict[str, str] = {}

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="lightbox-watch-")))
        token = cls.folder / "token"
        token.write_text(TOKEN)
        cls.prepare()
        cls.server = Server(f"watch-{cls.__name__}", **{"LIGHTBOX_OPERATOR_TOKEN_FILE": str(token), "LIGHTBOX_WORKER_COUNT": "1", **cls.settings})
        cls.enterClassContext(cls.server)

    @classmethod
    def prepare(cls):
        pass

    def operators(self, method: str, path: str, value=None, token: str | None = TOKEN):
        client = Client(self.server)
        client.server = type("Operators", (), {"port": self.server.operator_port})()
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        return client.ask(method, path, None if value is None else json.dumps(value), headers)

    def metrics(self) -> str:
        return self.operators("GET", "/metrics").body.decode()

    def series(self, name: str = "") -> set[str]:
        return {line.rsplit(" ", 1)[0] for line in self.metrics().splitlines() if line.startswith(name) and line[0] != "#"}

    def value(self, series: str) -> float:
        found = [line for line in self.metrics().splitlines() if line.startswith(series + " ")]
        return float(found[0].rsplit(" ", 1)[1]) if found else float("nan")

    def journey(self, client: Client) -> str:
        upload = client.upload(sample_film().read_bytes()).json()["id"]
        analysis = client.finished(client.analyse_all_the_same(upload)["id"])
        self.assertEqual(analysis["state"], "completed")
        client.reported(analysis["id"])
        return analysis["id"]


class Metrics(Watched):
    def test_they_are_well_formed_listed_and_bounded(self):
        client = Client(self.server).begin()
        client.api("PATCH", "/intake", {"answers": {"age": 54}})
        self.journey(client)
        conversation = client.api("POST", "/conversations", {}).json()["id"]
        client.api("POST", f"/conversations/{conversation}/messages", {"text": "What is an effusion?"})
        client.api("DELETE", "/session")
        await_(lambda: "lightbox_sessions_open" in self.metrics() and "lightbox_disk_free_bytes" in self.metrics(), "the samples")
        text = self.metrics()
        check = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, timeout=60)
        self.assertEqual((check.returncode, check.stdout + check.stderr), (0, ""))
        kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
        rows = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE))
        self.assertEqual({name: rows.get(name) for name in kinds}, kinds)
        for needed in (
            'lightbox_http_request_seconds_bucket{method="POST",route="/api/v1/uploads",status="201",le="+Inf"} 1',
            'lightbox_uploads_total{outcome="kept"} 1', 'lightbox_analysis_step_seconds_count{step="inferring"} 1',
            'lightbox_sessions_total{event="created"} 1', 'lightbox_sessions_total{event="erased"} 1',
            "lightbox_queue_oldest_seconds 0", "lightbox_model_check_ok 1", 'lightbox_health_check_ok{check="database"} 1',
        ):
            self.assertIn(needed + "\n", text)
        self.assertRegex(text, r'lightbox_build_info\{model="chest-xray","?')
        self.assertGreater(self.value("lightbox_database_commit_seconds_count"), 3)

    def test_hostile_requests_make_no_new_series(self):
        rng = random.Random(7)

        def word():
            return "".join(rng.choice(string.ascii_letters + string.digits) for _ in range(rng.randint(1, 40)))

        def hostile(count: int):
            for _ in range(count):
                method = rng.choice(["GET", "POST", "PUT", "DELETE", word().upper(), "OPTIONS", "PATCH"])
                path = rng.choice(["/", "/api/v1/", "/api/v1/analyses/", "/health/", "/docs/", "/api/v1/uploads/", "/admin/"]) + word()
                connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
                fields = {"traceparent": word(), "X-Request-Id": word(), "User-Agent": word(), "Cookie": f"lightbox={word()}", "Host": word()}
                connection.request(method, path + "?" + word(), word() if method != "GET" else None, fields)
                connection.getresponse().read()
                connection.close()
            Client(self.server).api("POST", "/client-errors", {"message": word(), "component": word(), "path": word()})

        hostile(150)
        before = self.series()
        hostile(300)
        added = {line for line in self.series() - before if "_bucket{" not in line}
        # A route may see a method or status that it hadn't seen yet; nothing grows with the number of requests.
        self.assertLess(len(added), 25, added)
        self.assertLess(len(self.series("lightbox_http_request_seconds_count")), 150)
        self.assertEqual(self.value("lightbox_metrics_dropped_series_total"), 0)


class FirstNumbers(Watched):
    def test_counters_of_alerts_begin_at_zero_and_not_at_their_first_event(self):
        text = (ROOT / "deploy/prometheus/alerts.yml").read_text()
        named = set(re.findall(r"\b(lightbox_\w+_total)\b", text))
        self.assertIn("lightbox_worker_incidents_total", named)
        rows = dict(re.findall(r"^\| `(lightbox_\w+_total)` \| counter \| \w+ \| ([^|]*)\|", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE))
        named |= {"lightbox_errors_total", "lightbox_audit_records_lost_total", "lightbox_audit_write_failures_total",
                  "lightbox_assistant_fallbacks_total", "lightbox_analyses_dead_total", "lightbox_model_checks_total",
                  "lightbox_worker_restarts_total", "lightbox_client_errors_total", "lightbox_alert_notifications_total"}
        there = {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in self.metrics().splitlines() if line.startswith("lightbox_")}
        for name in sorted(named):
            # Each value of a label that the table lists is a series of its own.
            labels = [(label, re.findall(r"`([^`]+)`", values)) for label, values in re.findall(r"`(\w+)`: ((?:[^;])*)", rows[name])]
            wanted = [name]
            if labels and all(values for _, values in labels):
                wanted = [name + "{" + ",".join(f'{label}="{value}"' for (label, _), value in zip(labels, choice)) + "}"
                          for choice in itertools.product(*(values for _, values in labels))]
            for series in wanted:
                found = there.get(series) if labels == [] or "{" in series else next((value for key, value in there.items() if key.startswith(name + "{")), None)
                self.assertIsNotNone(found, series)
                if name != "lightbox_model_checks_total":
                    self.assertEqual(found, 0, series)


class Traces(Watched):
    TRACE = "0af7651916cd43dd8448eb211c80319c"

    @classmethod
    def prepare(cls):
        cls.collector = cls.enterClassContext(Listener(refusals=1))
        cls.model = cls.enterClassContext(ModelServer())
        cls.settings = {
            "LIGHTBOX_TRACES_OTLP_ENDPOINT": cls.collector.url, "LIGHTBOX_ASSISTANT_ENDPOINT": cls.model.url}

    def spans(self, trace: str, names: set[str]) -> dict[str, dict]:
        """By name, once all of them have come."""
        def found():
            spans = {span["name"]: span for span in self.collector.spans() if span["traceId"] == trace}
            return spans if names <= set(spans) else None
        return await_(found, f"{names} in {trace}")

    def test_each_step_is_a_span_of_the_request(self):
        client = Client(self.server).begin()
        client.api("PATCH", "/intake", {"answers": {"age": 54}})
        answer = client.upload(sample_film().read_bytes(), traceparent=f"00-{self.TRACE}-b7ad6b7169203331-01")
        self.assertRegex(answer.headers["traceparent"], f"^00-{self.TRACE}-[0-9a-f]{{16}}-01$")
        upload = answer.json()["id"]
        spans = self.spans(self.TRACE, {"POST /api/v1/uploads", "receive", "inspect"})
        request = spans["POST /api/v1/uploads"]
        self.assertEqual((request["parentSpanId"], request["kind"]), ("b7ad6b7169203331", 2))
        self.assertEqual(request["spanId"], answer.headers["traceparent"].split("-")[2])
        for name in ("receive", "inspect"):
            self.assertEqual(spans[name]["parentSpanId"], request["spanId"])
        values = {item["key"]: item["value"] for item in request["attributes"]}
        self.assertEqual(values["http.response.status_code"], {"intValue": "201"})
        self.assertEqual(values["lightbox.request.id"], {"stringValue": answer.headers["x-request-id"]})

        answer = client.api("POST", "/analyses", {"uploadId": upload})
        if answer.status == 409:
            analysis = client.analyse_all_the_same(upload)["id"]
            client.finished(analysis)
        else:
            analysis = answer.json()["id"]
            client.finished(analysis)
        analysed = await_(lambda: [span for span in self.collector.spans() if span["name"] == "explain"], "the analysis")[0]
        steps = self.spans(analysed["traceId"], {"POST /api/v1/analyses", "analyse", "decode", "check", "infer", "explain"})
        self.assertEqual(steps["analyse"]["parentSpanId"], steps["POST /api/v1/analyses"]["spanId"])
        self.assertEqual({steps[name]["parentSpanId"] for name in ("decode", "check", "infer", "explain")}, {steps["analyse"]["spanId"]})

        client.reported(analysis)
        await_(lambda: [span for span in self.collector.spans() if span["name"] == "render"], "the report")

    def test_the_language_model_is_told_the_trace(self):
        self.model.script = Script(pieces=["An effusion is fluid."])
        client = Client(self.server).begin()
        conversation = client.api("POST", "/conversations", {}).json()["id"]
        answer = client.ask(
            "POST", f"/api/v1/conversations/{conversation}/messages", json.dumps({"text": "What is an effusion?"}),
            {"Content-Type": "application/json", "Accept": "application/json", "traceparent": "not one"})
        self.assertEqual(answer.status, 200 if answer.status == 200 else 201, answer.body)
        trace = answer.headers["traceparent"].split("-")[1]
        self.assertNotEqual(trace, self.TRACE)
        self.spans(trace, {"answer"})
        told = [fields["traceparent"].split("-")[1] for fields in self.model.headers if "traceparent" in fields]
        self.assertIn(trace, told)

    def test_log_lines_carry_the_trace(self):
        trace = "1af7651916cd43dd8448eb211c80319d"
        answer = Client(self.server).ask("GET", "/api/v1/nothing", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
        lines = [line for line in self.server.log_lines() if line.get("trace") == trace]
        self.assertEqual([(line["message"], line["request"]) for line in lines], [("request", answer.headers["x-request-id"])])

    def test_what_the_sender_does_not_want_kept_is_not_sent(self):
        trace = "2af7651916cd43dd8448eb211c80319e"
        client = Client(self.server)
        client.ask("GET", "/health/live", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-00"})
        after = client.ask("GET", "/health/live").headers["traceparent"].split("-")[1]
        self.spans(after, {"GET /health/live"})
        self.assertFalse([span for span in self.collector.spans() if span["traceId"] == trace])


class ACollectorThatIsDown(Watched):
    settings = {"LIGHTBOX_TRACES_OTLP_ENDPOINT": "http://127.0.0.1:9"}

    def test_costs_nobody_anything_but_is_counted(self):
        client = Client(self.server)
        for _ in range(20):
            self.assertEqual(client.ask("GET", "/health/live").status, 200)
        await_(lambda: self.value("lightbox_traces_dropped_spans_total") >= 20, "the dropped spans")


class TheEndOfTraces(Watched):
    """A server that exports its traces is quiet when nobody asks it anything, and ends whatever the collector does."""

    @classmethod
    def prepare(cls):
        cls.collector = cls.enterClassContext(Listener())
        cls.settings = {"LIGHTBOX_TRACES_OTLP_ENDPOINT": cls.collector.url}

    def restart_with(self, endpoint: str):
        self.assertEqual(self.server.stop(), 0)
        self.server.environment["LIGHTBOX_TRACES_OTLP_ENDPOINT"] = endpoint
        self.server.start()
        for _ in range(40):
            self.assertEqual(Client(self.server).ask("GET", "/health/live").status, 200)

    def stops(self):
        began = time.monotonic()
        self.assertEqual(self.server.stop(), 0, self.server.last_words())
        self.assertLess(time.monotonic() - began, 20)
        self.assertIn("stopped", self.server.last_words())
        self.server.start()

    def test_nothing_is_posted_while_nobody_asks_anything(self):
        self.restart_with(self.collector.url)
        await_(lambda: len([span for span in self.collector.spans() if span["name"] == "GET /health/live"]) >= 40, "the spans")
        seen, since = len(self.collector.posts), time.monotonic()

        def quiet():
            nonlocal seen, since
            if len(self.collector.posts) != seen:
                seen, since = len(self.collector.posts), time.monotonic()
            return time.monotonic() - since > 4
        await_(quiet, "four seconds without a post", 30)
        # Nothing that was posted is about the posts.
        self.assertFalse([span["name"] for span in self.collector.spans() if span["kind"] == 3])
        self.stops()

    def test_it_ends_beside_a_collector_that_never_answers(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen(64)
            self.restart_with(f"http://127.0.0.1:{silent.getsockname()[1]}")
            self.stops()

    def test_it_ends_beside_a_collector_that_is_not_there(self):
        self.restart_with(f"http://127.0.0.1:{free_port()}")
        self.stops()


class NothingThatWasTyped(Watched):
    @classmethod
    def prepare(cls):
        cls.collector = cls.enterClassContext(Listener())
        file = cls.folder / "tokens.json"
        added = subprocess.run(
            [distribution() / "bin/lightbox", "operators", "add", "Clara", "--role", "clinician", "--operator-tokens-file", file],
            capture_output=True, text=True, timeout=60, check=True)
        cls.clara = added.stdout.strip()
        cls.settings = {
            "LIGHTBOX_LOG_LEVEL": "debug", "LIGHTBOX_TRACES_OTLP_ENDPOINT": cls.collector.url, "LIGHTBOX_OPERATOR_TOKENS_FILE": str(file)}

    def test_is_in_logs_metrics_traces_errors_or_the_trail(self):
        client = Client(self.server).begin()
        words: set[str] = set()

        def word() -> str:
            # Of letters only, as names are and most of what people type: what drops words with digits must not help here.
            made = "Qx" + "".join(random.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(10))
            words.add(made)
            return made

        def answer_of(item: dict):
            kind = item["type"]
            if kind in ("string", "text"):
                return word()
            if kind == "choice" or kind == "open-choice":
                return None
            return None

        questionnaire = client.api("GET", "/intake/questionnaire").json()

        def items(node):
            for item in node.get("item", []):
                yield item
                yield from items(item)

        answers = {}
        for item in items(questionnaire):
            if (value := answer_of(item)) is not None:
                answers[item["linkId"]] = value
        self.assertGreater(len(answers), 3, [item["linkId"] for item in items(questionnaire)])
        for name, value in {"age": 54, **answers}.items():
            # One at a time, because a field may not take a word; what is refused must not be logged either.
            client.api("PATCH", "/intake", {"answers": {name: value}})
        client.api("PATCH", "/intake", {"answers": {word(): word(), "age": word()}})
        # Rows, dates, choices and numbers that stand nowhere by chance.
        rest = {
            "weight": 317.3, "conditions": [{"name": word(), "since": "1983-07", "status": "active"}], "operations": [{"name": word(), "date": "2011-02-17"}],
            "medication-status": "yes", "medication": [{"name": word(), "dose": word(), "frequency": word(), "started": "2011-02-17"}],
            "allergy-status": "yes", "allergies": [{"substance": word(), "reaction": word(), "severity": "severe"}],
            "family": ["lung-cancer"], "family-detail": word(), "immunisations": ["influenza"], "symptoms": ["night-sweats"],
            "earlier-pictures-status": "yes", "earlier-pictures": [{"kind": "x-ray", "date": "1983-07", "place": word(), "result": word()}],
        }
        for name, value in rest.items():
            saved = client.api("PATCH", "/intake", {"answers": {name: value}})
            self.assertEqual(saved.status, 200, (name, saved.body))
        told = client.api("GET", "/intake").json()["answers"]
        self.assertEqual({name: told[name] for name in rest}, rest)
        words |= {"317.3", "1983-07", "2011-02-17", "lung-cancer", "influenza", "night-sweats"}
        film = dicom(512, 512, bytes((x ^ y) & 255 for y in range(512) for x in range(512)), PatientName=word(), StudyDate="20250102")
        name = word()
        client.upload(film, **{"Content-Disposition": f'attachment; filename="{name}.dcm"'})
        client.upload(f"no picture {word()}".encode(), **{"Content-Disposition": f'attachment; filename="{word()}.png"'})
        upload = client.upload(sample_film().read_bytes(), **{"Content-Disposition": f'attachment; filename="{word()}.dcm"'}).json()["id"]
        analysis = client.finished(client.analyse_all_the_same(upload)["id"])["id"]
        reading = client.api("PUT", f"/analyses/{analysis}/reading", {"clinician": word(), "text": word()})
        self.assertLess(reading.status, 300, reading)
        # A film in parts, its name in the metadata, and one whose metadata is no metadata.
        def metadata(name: str) -> str:
            return "filename " + base64.b64encode(name.encode()).decode()
        for said, status in ((metadata(f"{word()} {word()}.dcm"), 201), (f"{word()} {word()} {word()}", 400)):
            part = client.ask("POST", "/api/v1/uploads/tus", None, {"Tus-Resumable": "1.0.0", "Upload-Length": "20", "Upload-Metadata": said})
            self.assertEqual(part.status, status, part)
            if status == 201:
                client.ask("PATCH", part.headers["location"].removeprefix(self.server.origin), f"no film {word()}"[:20].encode(),
                           {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"})
        # What operators type is for the trail and the person, and for no log.
        session = client.api("GET", "/session").json()["id"]
        client.api("PATCH", "/intake", {"answers": {"red-flags": ["fit"]}})
        for path, value in (
            (f"/admin/records/{session}/break-glass", {"reason": f"unconscious {word()} and {word()}"}),
            (f"/admin/sessions/{session}/acuity", {"level": "soon", "clinician": f"Dr {word()}", "reason": f"seen {word()}"}),
        ):
            done = self.operators("POST", path, value, token=self.clara)
            self.assertLess(done.status, 300, done)
        conversation = client.api("POST", "/conversations", {}).json()["id"]
        for question in (f"What is {word()}?", f"I have chest pain and {word()}", f"My name is {word()}, is it cancer?"):
            client.api("POST", f"/conversations/{conversation}/messages", {"text": question})
        report = client.reported(analysis)
        for format in ("pdf", "txt", "fhir", "dicom"):
            client.ask("GET", f"/api/v1/reports/{report['id']}/document?format={format}")
        client.ask("GET", f"/api/v1/{word()}?{word()}={word()}")
        client.ask("POST", "/api/v1/conversations", "{" + word(), {"Content-Type": "application/json", "Idempotency-Key": word()})
        client.api("POST", "/client-errors", {
            "message": f"can't read “{word()}” of undefined", "component": "Intake", "path": "/history",
            "stack": f"TypeError: \"{word()}\"\n    at f (app.js:1:2)"})
        client.api("POST", "/client-errors", {
            "name": word(), "message": f"cannot render {word()} aus {word()} with {word()}", "component": f"{word()} {word()}",
            "path": f"/{word()}/{word()}", "stack": f"Error: {word()}\n{word()}@https://h/assets/main-ABCDEFGH.js:1:2\n"
            f"    at {word()} (https://h/assets/main-ABCDEFGH.js:1:2)"})
        client.api("POST", "/client-errors", {"name": "TypeError", "message": f"{word()} is not a function", "component": "part", "path": "/history"})
        client.api("DELETE", "/session")
        await_(lambda: [span for span in self.collector.spans() if span["name"].startswith("DELETE")], "the last span")
        self.assertGreater(len(words), 20)
        export = subprocess.run(
            [str(self.server.program), "audit", "export", "--data-directory", self.server.environment["LIGHTBOX_DATA_DIRECTORY"]],
            capture_output=True, text=True, timeout=60)
        places = {
            "the log": self.server.log.read_text(encoding="utf-8", errors="replace"), "the metrics": self.metrics(),
            "the trail": export.stdout, "the traces": json.dumps(self.collector.spans()),
            "the error groups": self.operators("GET", "/admin/errors").body.decode(),
            "the alerts": self.operators("GET", "/admin/alerts").body.decode(),
            "the overview": self.operators("GET", "/admin/overview").body.decode(),
        }
        self.assertTrue(all(len(text) > 20 for text in places.values()))
        self.assertGreater(len(places["the log"].splitlines()), 30)
        self.assertIn('"level":"debug"', places["the log"])
        # Nor what the program holds: a library wrote out its services.
        self.assertNotIn("Custody.Keyring", places["the log"])
        # A number is one only by itself.
        found = [(word_, place) for place, text in places.items() for word_ in words
                 if re.search(rf"(?<![\d.]){re.escape(word_)}(?!\d)" if word_[0].isdigit() else re.escape(word_), text, re.IGNORECASE)]
        self.assertEqual(found, [])


class Errors(Watched):
    def groups(self) -> list[dict]:
        return self.operators("GET", "/admin/errors").json()["errors"]

    def test_they_are_grouped_kept_over_a_restart_and_resolved(self):
        client = Client(self.server).begin()
        for number in range(3):
            client.api("POST", "/client-errors", {"message": f"Cannot read properties of undefined (reading 'row{number}')", "requestId": f"request{number:06}"})
        (group,) = [group for group in self.groups() if group["origin"] == "browser"]
        self.assertEqual((group["count"], group["requestIds"]), (3, ["request000002", "request000001", "request000000"]))
        self.assertLessEqual(group["firstSeen"], group["lastSeen"])

        # A worker that dies in the middle of its job is in a group too.
        workers = subprocess.run(
            ["pgrep", "-P", str(self.server.process.pid), "-f", "lightbox-worker"], capture_output=True, text=True).stdout.split()
        for worker in workers:
            os.kill(int(worker), signal.SIGSTOP)
        upload = {}
        sending = threading.Thread(target=lambda: upload.update(client.upload(sample_film().read_bytes()).json()))
        sending.start()

        def busy():
            return self.value('lightbox_workers{state="busy"}') >= 1
        await_(busy, "a busy worker")
        for worker in workers:
            os.kill(int(worker), signal.SIGKILL)
        sending.join(timeout=120)
        self.assertIn("id", upload)
        await_(lambda: [group for group in self.groups() if group["origin"] == "worker"], "the worker's group")

        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        after = {group["fingerprint"]: group for group in self.groups()}
        self.assertEqual(after[group["fingerprint"]], group)
        resolved = self.operators("POST", f"/admin/errors/{group['fingerprint']}/resolve")
        self.assertIn("resolvedAt", resolved.json())
        client.api("POST", "/client-errors", {"message": "Cannot read properties of undefined (reading 'row9')"})
        (again,) = [other for other in self.groups() if other["fingerprint"] == group["fingerprint"]]
        self.assertEqual(again["count"], 4)
        self.assertNotIn("resolvedAt", again)
        self.assertEqual(self.operators("POST", "/admin/errors/0000000000000000/resolve").status, 404)
        self.assertEqual(self.operators("GET", "/admin/errors", token=None).status, 401)


class Alerts(Watched):
    RULES = [
        {"id": "always", "signal": "memory", "comparison": "above", "threshold": 1, "for": 0, "severity": "warning",
         "text": "It holds memory.", "repeat": 3600},
        {"id": "never", "signal": "disk-free", "comparison": "above", "threshold": 2, "for": 0, "severity": "critical",
         "text": "More than all is free.", "repeat": 3600},
        {"id": "certificate", "signal": "certificate-days", "comparison": "below", "threshold": 14, "for": 0,
         "severity": "warning", "text": "It ends soon.", "repeat": 3600},
    ]

    @classmethod
    def prepare(cls):
        cls.rules = cls.folder / "rules.json"
        cls.rules.write_text(json.dumps(cls.RULES))
        (cls.folder / "secret").write_text("webhook secret\n")
        (cls.folder / "password").write_text(MailServer.password)
        cls.certificate, key = certificate(cls.folder, days=5)
        cls.hook = cls.enterClassContext(Listener(refusals=1))
        cls.mail = cls.enterClassContext(MailServer(cls.certificate, key))
        cls.settings = {
            "LIGHTBOX_ALERTS_RULES_FILE": str(cls.rules), "LIGHTBOX_ALERTS_WEBHOOK_URL": cls.hook.url + "/hook",
            "LIGHTBOX_ALERTS_WEBHOOK_SECRET_FILE": str(cls.folder / "secret"),
            "LIGHTBOX_ALERTS_MAIL_TO": "one@example.org, two@example.org", "LIGHTBOX_ALERTS_MAIL_FROM": "lightbox@example.org",
            "LIGHTBOX_ALERTS_SMTP_PORT": str(cls.mail.port), "LIGHTBOX_ALERTS_SMTP_AUTHORITY_FILE": str(cls.certificate),
            "LIGHTBOX_ALERTS_SMTP_USER": MailServer.user, "LIGHTBOX_ALERTS_SMTP_PASSWORD_FILE": str(cls.folder / "password"),
            "LIGHTBOX_ALERTS_CERTIFICATE_FILE": str(cls.certificate),
        }

    def states(self) -> dict[str, str]:
        return {alert["id"]: alert["state"] for alert in self.operators("GET", "/admin/alerts").json()["alerts"]}

    def notices(self, rule: str) -> list[dict]:
        return [notice for notice in self.hook.json() if notice["rule"] == rule]

    def test_they_fire_once_reach_both_channels_and_end(self):
        await_(lambda: self.states() == {"always": "firing", "never": "inactive", "certificate": "firing"}, "the alerts")
        # The first try was refused, and tried again; the second alert came after it.
        await_(lambda: len(self.hook.posts) >= 3, "the posts")
        notice = self.notices("always")[0]
        self.assertEqual((notice["status"], notice["severity"], notice["runbook"]), ("firing", "warning", "docs/operations.md#memory"))
        self.assertTrue(all(self.hook.is_signed(index, b"webhook secret") for index in range(3)))
        self.assertEqual(self.hook.posts[0][0], "/hook")
        await_(lambda: len(self.mail.mails) >= 2, "the mails")
        (mail,) = [mail for mail in self.mail.mails if b"firing: always" in mail.content]
        self.assertEqual((mail.mail_from, mail.rcpt_tos), ("lightbox@example.org", ["one@example.org", "two@example.org"]))
        self.assertIn(b"It holds memory.", mail.content)
        self.assertEqual(self.value('lightbox_alert_notifications_total{channel="mail",outcome="sent"}'), 2)
        self.assertEqual(self.value('lightbox_alerts_firing{severity="warning"}'), 2)

        # A restart tells nothing twice; a new certificate resolves its alert.
        before = len(self.hook.posts)
        self.assertEqual(self.server.stop(), 0)
        fresh = self.folder / "fresh"
        fresh.mkdir()
        shutil.copy(certificate(fresh)[0], self.folder / "renewed.pem")
        self.server.environment["LIGHTBOX_ALERTS_CERTIFICATE_FILE"] = str(self.folder / "renewed.pem")
        self.server.start()
        await_(lambda: self.states()["certificate"] == "resolved", "the end")
        await_(lambda: len(self.notices("certificate")) >= 2, "the word of the end")
        self.assertEqual(self.notices("certificate")[-1]["status"], "resolved")
        self.assertEqual(len(self.hook.posts), before + 1)
        self.assertEqual(self.states()["always"], "firing")

        silenced = self.operators("POST", "/admin/alerts/always/silence", {"minutes": 60, "reason": "known"}).json()
        self.assertEqual(silenced["silenceReason"], "known")
        self.assertEqual(self.operators("POST", "/admin/alerts/other/silence", {"minutes": 60, "reason": "x"}).status, 404)
        self.assertEqual(self.operators("POST", "/admin/alerts/always/silence", {"minutes": -1, "reason": "x"}).status, 422)
        self.assertEqual(self.operators("POST", "/admin/alerts/always/silence", {"minutes": 1, "reason": " "}).status, 422)

    def test_rules_and_ways_that_make_no_sense_end_the_program_before_it_begins(self):
        bad = self.rules.with_name("bad.json")
        for rules, words in (
            ("{", "is not a list of rules"), ([{**self.RULES[0], "signal": "mood"}], "rule 1 (“always”): signal: “mood” is not one of"),
            ([{**self.RULES[0], "comparison": ">"}], "rule 1 (“always”): comparison:"), ([{**self.RULES[1], "for": -1}], "rule 1 (“never”): for: must be 0 or more"),
            ([self.RULES[0]] * 2, "rule 2 (“always”): id: another rule has the same"), ([{**self.RULES[0], "id": "a b"}], "id: may hold"),
        ):
            bad.write_text(rules if isinstance(rules, str) else json.dumps(rules))
            self.assert_refused(words, "--alerts-rules-file", str(bad))
        self.assert_refused("alerts.webhook-url (flag): “nowhere” must be", "--alerts-webhook-url", "nowhere")
        self.assert_refused("alerts.mail-to (flag): “somebody” must be", "--alerts-mail-to", "somebody")
        self.assert_refused("alerts.smtp-password-file: /nowhere can't be read", "--alerts-smtp-password-file", "/nowhere")
        self.assert_refused("alerts.smtp-tls: must be true", "--alerts-smtp-tls", "false")
        result = self.program("config", "--check")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))

    def program(self, *command: str) -> subprocess.CompletedProcess:
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "data"
            result = subprocess.run(
                [str(self.server.program), *command],
                env={**self.server.environment, "LIGHTBOX_DATA_DIRECTORY": str(data), "LIGHTBOX_HTTP_PORT": "0", "LIGHTBOX_OPERATOR_PORT": "0"},
                capture_output=True, text=True, timeout=120)
            self.assertFalse(data.exists(), "something was begun")
        return result

    def assert_refused(self, words: str, *settings: str) -> None:
        for command in (["serve"], ["config", "--check"]):
            result = self.program(*command, *settings)
            self.assertEqual(result.returncode, 78, result.stderr[-500:])
            self.assertIn(words, result.stderr)


class EachSignal(Watched):
    """The rules that need something to go wrong, on a server where it does."""

    RULES = [
        {"id": name, "signal": signal_, "comparison": "above", "threshold": threshold, "for": 0, "severity": "warning", "text": f"It is {name}.", "repeat": 3600}
        for name, signal_, threshold in (
            ("errors", "error-ratio", 0.05), ("waiting", "queue-age", 2), ("crashes", "worker-crashes", 4), ("trail", "audit-break", 0),
            ("model", "language-model-down", 0), ("workers", "worker-memory", 1))
    ]

    @classmethod
    def prepare(cls):
        cls.rules = cls.folder / "signals.json"
        cls.rules.write_text(json.dumps(cls.RULES))
        cls.model = ModelServer()
        cls.model.__enter__()
        cls.settings = {"LIGHTBOX_ALERTS_RULES_FILE": str(cls.rules), "LIGHTBOX_ASSISTANT_ENDPOINT": cls.model.url, "LIGHTBOX_LIMITS_RATE_PERCENT": "0"}

    def until_it_is(self, state: str | None, rule: str):
        def states() -> dict:
            return {alert["id"]: alert.get("state") for alert in self.operators("GET", "/admin/alerts").json()["alerts"]}
        await_(lambda: states()[rule] == state, f"{rule} {state}", 60)

    def test_a_worker_that_holds_much(self):
        self.until_it_is("firing", "workers")

    def test_an_analysis_that_waits(self):
        client = Client(self.server).begin()
        upload = client.upload(sample_film().read_bytes()).json()["id"]
        self.assertEqual(self.operators("POST", "/admin/queue/pause").status, 200)
        analysis = client.analyse_all_the_same(upload)["id"]
        self.until_it_is("firing", "waiting")
        self.assertEqual(self.operators("POST", "/admin/queue/resume").status, 200)
        client.finished(analysis)
        self.until_it_is("resolved", "waiting")

    def test_workers_that_are_killed_again_and_again(self):
        client = Client(self.server).begin()
        upload = client.upload(sample_film().read_bytes()).json()["id"]
        for _ in range(5):
            (worker,) = subprocess.run(
                ["pgrep", "-P", str(self.server.process.pid), "-f", "lightbox-worker"], capture_output=True, text=True).stdout.split()
            os.kill(int(worker), signal.SIGSTOP)
            analysis = client.analyse_all_the_same(upload)["id"]
            await_(lambda: client.api("GET", f"/analyses/{analysis}").json()["state"] != "queued", "its turn")
            os.kill(int(worker), signal.SIGKILL)
            self.assertEqual(client.finished(analysis)["state"], "completed")
        self.until_it_is("firing", "crashes")

    def test_answers_that_are_errors(self):
        client = Client(self.server).begin()
        upload = client.upload(sample_film().read_bytes()).json()["id"]
        analysis = client.finished(client.analyse_all_the_same(upload)["id"])["id"]
        # Its picture is lost: there can be no PDF of it.
        for path in (Path(self.server.environment["LIGHTBOX_DATA_DIRECTORY"]) / "files").rglob(f"*{upload}*"):
            path.unlink()
        answer = client.api("POST", "/reports", {"analysisId": analysis, "audience": "patient"})
        report = answer.json()["id"] if answer.status == 202 else answer.json()["report"].rsplit("/", 1)[1]
        await_(lambda: client.api("GET", f"/reports/{report}").json()["state"] == "failed", "the end of it")
        total = self.operators("GET", "/admin/overview").json()
        for _ in range(max(20, sum(point["requests"] for point in total["points"]) // 10)):
            self.assertEqual(client.ask("GET", f"/api/v1/reports/{report}/document").status, 500)
        self.until_it_is("firing", "errors")
        for _ in range(2000):
            client.ask("GET", "/health/live")
        self.until_it_is("resolved", "errors")

    def test_a_language_model_that_is_gone(self):
        self.model.__exit__()
        self.until_it_is("firing", "model")

    def test_a_trail_that_somebody_has_changed(self):
        Client(self.server).begin()
        self.assertEqual(self.server.stop(), 0)
        trail = Path(self.server.environment["LIGHTBOX_DATA_DIRECTORY"]) / "audit.sqlite"

        def change(old: str, new: str):
            with contextlib.closing(sqlite3.connect(trail)) as database, database:
                database.execute("DROP TRIGGER IF EXISTS lines_stay")
                changed = database.execute("UPDATE lines SET outcome = ? WHERE number = 2 AND outcome = ?", (new, old)).rowcount
                self.assertEqual(changed, 1)

        change("done", "failed")
        self.server.start()
        self.until_it_is("firing", "trail")
        self.assertEqual(self.server.stop(), 0)
        change("failed", "done")
        self.server.start()
        self.until_it_is("resolved", "trail")


class AMailServerInTheMiddle(Watched):
    """Between the server and its mail server somebody writes an answer in clear behind the word that TLS may begin."""

    @classmethod
    def prepare(cls):
        cls.rules = cls.folder / "rules.json"
        cls.rules.write_text(json.dumps(Alerts.RULES[:1]))
        cls.heard: list[bytes] = []
        cls.listener = cls.enterClassContext(socket.create_server(("127.0.0.1", 0)))
        threading.Thread(target=cls.answer, daemon=True).start()
        cls.settings = {
            "LIGHTBOX_ALERTS_RULES_FILE": str(cls.rules), "LIGHTBOX_ALERTS_MAIL_TO": "one@example.org",
            "LIGHTBOX_ALERTS_MAIL_FROM": "lightbox@example.org", "LIGHTBOX_ALERTS_SMTP_PORT": str(cls.listener.getsockname()[1])}

    @classmethod
    def answer(cls):
        while True:
            try:
                connection, _ = cls.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as lines:
                connection.sendall(b"220 mail.example\r\n")
                lines.readline()
                connection.sendall(b"250-mail.example\r\n250 STARTTLS\r\n")
                lines.readline()
                connection.sendall(b"220 go on\r\n250 mail.example, and no word of AUTH\r\n")
                cls.heard.append(lines.read(1))

    def test_what_came_in_clear_is_not_read_as_if_it_came_by_tls(self):
        def said():
            return [line for line in self.server.log_lines() if "delivered" in str(line.get("message")) and "in clear" in str(line.get("cause"))]
        await_(said, "the word of it")
        await_(lambda: self.heard, "the end of the connection")
        self.assertEqual(self.heard[0], b"", "not even a handshake is begun")


class Health(Watched):
    @classmethod
    def prepare(cls):
        cls.models = cls.folder / "models"
        shutil.copytree(distribution() / "share/lightbox/models", cls.models)
        cls.expected = cls.models / "chest-xray/golden/expected.json"
        cls.right = cls.expected.read_text()
        golden = json.loads(cls.right)
        golden["files"][0]["logits"][0] += 0.5
        cls.expected.write_text(json.dumps(golden))
        cls.settings = {"LIGHTBOX_MODELS_DIRECTORY": str(cls.models)}

    def test_drift_stops_new_analyses_until_a_later_check_passes(self):
        client = Client(self.server).begin()
        upload = client.upload(sample_film().read_bytes()).json()["id"]
        refused = client.api("POST", "/analyses", {"uploadId": upload, "confirmedDifferences": []})
        if refused.status == 409:
            differences = [re.search("“(.*)”", fault["detail"])[1] for fault in refused.json()["errors"]]
            refused = client.api("POST", "/analyses", {"uploadId": upload, "confirmedDifferences": differences})
        self.assertEqual((refused.status, refused.code), (503, "model-check-failed"), refused.body)
        self.assertEqual(refused.headers["retry-after"], "300")
        self.assertEqual(client.api("GET", "/limits").json()["analysesPausedBy"], "model-check")
        clinical = client.ask("GET", "/health/clinical")
        # Strangers learn that nothing is analysed, and not why.
        self.assertEqual((clinical.status, clinical.json()), (503, {"status": "drifted", "analyses": "paused"}))
        clinical = self.operators("GET", "/health/clinical", token=None)
        report = clinical.json()
        self.assertEqual((clinical.status, report["status"], report["analyses"]), (503, "drifted", "paused"))
        self.assertEqual(len(report["troubles"]), 1)
        self.assertAlmostEqual(report["largestDifference"], 0.5, places=2)
        ready = self.operators("GET", "/health/ready", token=None)
        self.assertEqual(ready.status, 200)
        self.assertIn("clinical", ready.json()["warnings"])
        self.assertEqual(client.ask("GET", "/health/ready").json(), {"status": "ready"})
        self.assertEqual(self.value("lightbox_model_check_ok"), 0)
        alerts = lambda: {alert["id"]: alert["state"] for alert in self.operators("GET", "/admin/alerts").json()["alerts"]}
        await_(lambda: alerts()["model-drift"] == "firing", "the alert")

        self.expected.write_text(self.right)
        self.assertEqual(self.operators("POST", "/admin/model/check").json()["status"], "passed")
        self.assertEqual(client.ask("GET", "/health/clinical").status, 200)
        self.assertEqual(client.finished(client.analyse_all_the_same(upload)["id"])["state"], "completed")
        self.assertEqual(self.value("lightbox_model_check_ok"), 1)
        await_(lambda: alerts()["model-drift"] == "resolved", "the end of the alert")

        # And back: what is damaged later is noticed by a later check. What waits then goes on waiting, and says why.
        self.assertEqual(self.operators("POST", "/admin/queue/pause").status, 200)
        waiting = client.analyse_all_the_same(upload)["id"]
        held = lambda: client.api("GET", f"/analyses/{waiting}").json()
        await_(lambda: held().get("pausedBy") == "operator", "the operator's pause")
        self.expected.write_text("{}")
        self.assertEqual(self.operators("POST", "/admin/model/check").json()["status"], "drifted")
        self.assertEqual(self.operators("POST", "/admin/queue/resume").status, 200)
        await_(lambda: held().get("pausedBy") == "model-check", "the pause of the check")
        self.assertEqual((held()["state"], held()["paused"]), ("queued", True))
        self.assertIn("did not pass its own check", held()["detail"])
        self.assertEqual(client.api("GET", "/limits").json()["analysesPausedBy"], "model-check")
        self.expected.write_text(self.right)
        self.assertEqual(self.operators("POST", "/admin/model/check").json()["status"], "passed")
        self.assertEqual(client.finished(waiting)["state"], "completed")
        self.assertNotIn("pausedBy", held())
        self.assertNotIn("analysesPausedBy", client.api("GET", "/limits").json())

    def test_ready_lists_its_checks(self):
        answer = self.operators("GET", "/health/ready", token=None)
        checks = {check["name"]: check["status"] for check in answer.json()["checks"]}
        self.assertEqual(checks, {name: "ok" for name in ("database", "disk", "engine", "model", "keys")})
        self.assertEqual(Client(self.server).ask("GET", "/health/live").json(), {"status": "live"})
        self.assertEqual(Client(self.server).ask("GET", "/health/ready").json(), {"status": "ready"})

    def test_whoever_asks_again_and_again_makes_no_write_each_time(self):
        def beats() -> int:
            with contextlib.closing(sqlite3.connect(Path(self.server.environment["LIGHTBOX_DATA_DIRECTORY"]) / "lightbox.sqlite")) as database:
                return database.execute("SELECT beats FROM heartbeat").fetchone()[0]

        before, began = beats(), time.monotonic()
        for _ in range(200):
            self.assertEqual(Client(self.server).ask("GET", "/health/ready").status, 200)
        # One a second at most, whoever asks.
        self.assertLessEqual(beats() - before, time.monotonic() - began + 2)
        self.assertLess(beats() - before, 150, "so slow a machine proves nothing")


class Overview(Watched):
    def test_the_last_hour_is_cheap_and_right(self):
        client = Client(self.server)
        for _ in range(30):
            client.ask("GET", "/health/live")
        body = await_(
            lambda: (lambda found: found if any("residentBytes" in point for point in found["points"]) else None)(
                self.operators("GET", "/admin/overview").json()), "a sample")
        self.assertEqual(body["bucketSeconds"], 10)
        self.assertGreaterEqual(sum(point["requests"] for point in body["points"]), 30)
        self.assertLessEqual(len(body["points"]), 360)
        busy = max(body["points"], key=lambda point: point["requests"])
        self.assertLessEqual(busy["p50"], busy["p95"])
        self.assertLessEqual(busy["p95"], busy["p99"])
        self.assertEqual(sum(point["errors"] for point in body["points"]), 0)


class Rules(unittest.TestCase):
    """The files for Prometheus and Alertmanager, held by their own tools and against the program's rules."""

    FOLDER = ROOT / "deploy/prometheus"

    def run_tool(self, *command: str):
        result = subprocess.run(command, cwd=self.FOLDER, capture_output=True, text=True, timeout=120)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result.stdout

    def test_the_tools_find_nothing_wrong(self):
        self.assertIn("12 rules found", self.run_tool("promtool", "check", "rules", "alerts.yml"))
        self.assertIn("SUCCESS", self.run_tool("promtool", "test", "rules", "alerts_test.yml"))
        self.run_tool("promtool", "check", "config", "prometheus.yml")
        self.run_tool("amtool", "check-config", "alertmanager.yml")

    def test_they_say_the_same_as_the_program(self):
        program = Server("rules").program
        rules = {rule["id"]: rule for rule in json.loads(subprocess.run([str(program), "metrics", "--alerts"], capture_output=True, check=True).stdout)}
        text = (self.FOLDER / "alerts.yml").read_text()
        found = {}
        for block in re.split(r"^      - alert: ", text, flags=re.MULTILINE)[1:]:
            id = re.search(r"rule: ([a-z-]+)", block)[1]
            expression = re.search(r"expr: (.*?)\n        for:", block, re.DOTALL)[1]
            found[id] = {
                "for": float(re.search(r"for: (\d+)s", block)[1]), "severity": re.search(r"severity: (\w+)", block)[1],
                "text": re.search(r"summary: (.*)", block)[1], "comparison": {">": "above", "<": "below"}.get(expression.split()[-2]),
                "threshold": float(expression.split()[-1]), "runbook": re.search(r"runbook: (\S+)", block)[1],
            }
        self.assertEqual(found.pop("down")["severity"], "critical")
        expected = {
            id: {**{key: rule[key] for key in ("severity", "text", "comparison")}, "for": float(rule["for"]),
                 "threshold": float(rule["threshold"]), "runbook": f"docs/operations.md#{id}"}
            for id, rule in rules.items()}
        self.assertEqual(found, expected)

    def test_the_list_of_metrics_is_that_of_the_program(self):
        program = Server("metrics").program
        printed = subprocess.run([str(program), "metrics"], capture_output=True, text=True, check=True).stdout
        self.assertEqual((ROOT / "docs/metrics.md").read_text(), printed, "run `lightbox metrics > docs/metrics.md`")


if __name__ == "__main__":
    unittest.main()
