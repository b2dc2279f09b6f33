"""Reports: how they are made, kept and given out, on the real server."""

import contextlib
import hashlib
import http.client
import json
import os
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from client import ROOT, Client, Server, sample_film
from processes import descendants, until

SOME_ID = "01a20953-5594-79a5-bd55-caf3503d0159"
FORMATS = ["pdf", "fhir", "dicom", "sr", "txt"]
WITHOUT_PICTURE = {"fhir", "sr", "txt"}
ENDED = {"ready", "failed", "cancelled"}
BEGINS = {"pdf": b"%PDF-", "fhir": b"{", "dicom": b"\0" * 128 + b"DICM", "sr": b"\0" * 128 + b"DICM", "txt": b""}


def files(server: Server) -> list[Path]:
    return [path for path in (Path(server.environment["LIGHTBOX_DATA_DIRECTORY"]) / "files").rglob("*") if path.is_file()]


def metric(server: Server, line: str) -> float:
    return sum(float(row.rsplit(" ", 1)[1]) for row in server.metrics().splitlines() if row.startswith(line + " "))


class Patient(Client):
    """A session with an analysed film."""

    def prepare(self, **answers) -> "Patient":
        self.begin()
        self.api("PATCH", "/intake", {"answers": {"age": 54, "reason": "cough", **answers}})
        self.upload_id = self.upload(sample_film().read_bytes()).json()["id"]
        self.analysis = self.analyse(self.upload_id)["id"]
        assert self.finished(self.analysis)["state"] == "completed"
        return self

    def ask_for(self, headers=None, **fields):
        body = {"analysisId": self.analysis, "audience": "clinician", **fields}
        return self.ask("POST", "/api/v1/reports", json.dumps(body), {"Content-Type": "application/json", **(headers or {})})

    def failed(self, status: int, code: str, **fields) -> dict:
        """The problem of a report that can't be made, whether it comes at once or after a while."""
        answer = self.ask_for(**fields)
        if answer.status == 202:
            report = self.ended(answer.json()["id"])
            assert report["state"] == "failed" and report["failure"]["code"] == code, report
            return {**report["failure"], "report": f"/api/v1/reports/{report['id']}"}
        assert (answer.status, answer.code) == (status, code), answer
        return answer.json()

    def report(self, id: str) -> dict:
        return self.api("GET", f"/reports/{id}").json()

    def made(self, **fields) -> dict:
        """A report, once it has ended."""
        answer = self.ask_for(**fields)
        assert answer.status in (201, 202), answer
        return self.ended(answer.json()["id"])

    def ended(self, id: str) -> dict:
        deadline = time.monotonic() + 60
        while (report := self.report(id))["state"] not in ENDED:
            assert time.monotonic() < deadline, report
            time.sleep(0.02)
        return report

    def report_events(self, id: str, after: int | None = None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        headers = {} if after is None else {"Last-Event-ID": str(after)}
        connection.request("GET", f"/api/v1/reports/{id}/events", headers=self.fields(headers))
        response = connection.getresponse()
        lines = response.read().decode().splitlines()
        connection.close()
        numbers = [int(line[4:]) for line in lines if line.startswith("id: ")]
        return response.status, list(zip(numbers, [json.loads(line[6:]) for line in lines if line.startswith("data: ")]))


class ReportTest(unittest.TestCase):
    settings: dict[str, str] = {}

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server(f"reports-{cls.__name__}", **cls.settings))
        cls.patient = Patient(cls.server).prepare()

    def assert_problem(self, answer, status, code):
        self.assertEqual((answer.status, answer.code), (status, code), answer.body[:400])
        return answer.json()


class Asking(ReportTest):
    def test_a_report_is_ready_at_once_or_says_where_it_will_be(self):
        answer = self.patient.ask_for(audience="patient", paper="letter")
        self.assertIn(answer.status, (201, 202))
        body = answer.json()
        self.assertEqual(answer.headers["location"], f"/api/v1/reports/{body['id']}")
        self.assertEqual(body["state"] == "ready", answer.status == 201)
        report = self.patient.ended(body["id"])
        self.assertEqual((report["state"], report["progress"], report["audience"], report["paper"]), ("ready", 1, "patient", "letter"))
        self.assertEqual(report["document"], f"/api/v1/reports/{body['id']}/document?format=pdf")
        pdf = next(document for document in report["documents"] if document["format"] == "pdf")
        self.assertEqual((pdf["bytes"], pdf["sha256"], pdf["fileName"]), (report["bytes"], report["sha256"], report["fileName"]))
        self.assertNotIn("failure", report)
        self.assertIn(report, self.patient.api("GET", "/reports").json()["reports"])

    def test_one_that_takes_long_is_made_in_the_background_and_tells_how_far_it_is(self):
        with Server("reports-slow", LIGHTBOX_WORKER_COUNT="1") as server:
            patient = Patient(server).prepare()
            # The picture has to be made again, by a worker that stands still.
            for path in files(server):
                if path.name.startswith(f"preview-{patient.upload_id}"):
                    path.unlink()
            workers = descendants(server.process.pid)
            for worker in workers:
                os.kill(worker, signal.SIGSTOP)
            try:
                answer = patient.ask_for()
                self.assertEqual(answer.status, 202, answer.body)
                body = answer.json()
                self.assertEqual(answer.headers["location"], f"/api/v1/reports/{body['id']}")
                self.assertEqual((body["state"], body["documents"]), ("making", []))
                gathering = until(lambda: (found := patient.report(body["id"]))["progress"] > 0 and found)
                self.assertTrue(gathering["progress"] < 1 and gathering["step"] and gathering["detail"], gathering)
                self.assert_problem(patient.ask("GET", body["document"]), 409, "report-not-ready")
            finally:
                for worker in workers:
                    os.kill(worker, signal.SIGCONT)
            _, events = patient.report_events(body["id"])
            self.assertEqual((events[-1][1]["state"], events[-1][1]["progress"]), ("ready", 1))
            self.assertEqual([progress for _, event in events if (progress := event["progress"])], sorted(event["progress"] for _, event in events if event["progress"]))
            self.assertEqual(patient.ask("GET", body["document"]).status, 200)

    def test_each_wrong_field_is_named(self):
        before = len(self.patient.api("GET", "/reports").json()["reports"])
        for field, value, code in [
            ("analysisId", 7, "wrong-type"), ("analysisId", None, "required"), ("audience", 7, "wrong-type"),
            ("audience", "doctor", "not-an-option"), ("paper", 4, "wrong-type"), ("paper", "a3", "not-an-option"),
            ("conversations", "x", "wrong-type"), ("conversations", {}, "wrong-type"),
            ("nameInFileName", "yes", "wrong-type"), ("nameInFileName", 1, "wrong-type"), ("conversations", [SOME_ID] * 11, "too-many"),
        ]:
            with self.subTest(field=field, value=value):
                errors = self.assert_problem(self.patient.ask_for(**{field: value}), 422, "validation-failed")["errors"]
                self.assertEqual([(error["pointer"], error["code"]) for error in errors], [(f"/{field}", code)])
        for value, pointer, code in [
            ([SOME_ID], "/conversations/0", "not-an-option"), (["x"], "/conversations/0", "not-an-option"), ([7], "/conversations/0", "wrong-type"),
        ]:
            with self.subTest(value=value):
                errors = self.assert_problem(self.patient.ask_for(conversations=value), 422, "validation-failed")["errors"]
                self.assertEqual([(error["pointer"], error["code"]) for error in errors], [(pointer, code)])
        errors = self.assert_problem(self.patient.ask_for(audience="x", paper="x"), 422, "validation-failed")["errors"]
        self.assertEqual([error["pointer"] for error in errors], ["/audience", "/paper"])
        for missing in ("analysisId", "audience"):
            body = {"analysisId": self.patient.analysis, "audience": "clinician"}
            del body[missing]
            errors = self.assert_problem(self.patient.api("POST", "/reports", body), 422, "validation-failed")["errors"]
            self.assertEqual(errors[0]["pointer"], f"/{missing}")
        self.assertEqual(len(self.patient.api("GET", "/reports").json()["reports"]), before)

    def test_conversations_of_this_session_and_of_no_other_are_printed(self):
        own = self.patient.api("POST", "/conversations", {}).json()["id"]
        report = self.patient.made(conversations=[own])
        self.assertEqual((report["state"], report["conversations"]), ("ready", [own]))
        twice = self.assert_problem(self.patient.ask_for(conversations=[own, own]), 422, "validation-failed")
        self.assertEqual([(error["pointer"], error["code"]) for error in twice["errors"]], [("/conversations/1", "contradiction")])
        other = Client(self.server).begin()
        theirs = other.api("POST", "/conversations", {}).json()["id"]
        self.assert_problem(self.patient.ask_for(conversations=[theirs]), 422, "validation-failed")

    def test_one_key_makes_one_report(self):
        before = len(self.patient.api("GET", "/reports").json()["reports"])
        key = {"Idempotency-Key": "report-1"}
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: self.patient.ask_for(key), range(8)))
        self.assertLessEqual({answer.status for answer in answers}, {201, 202, 409})
        first = self.patient.ask_for(key)
        ids = {answer.json()["id"] for answer in [*answers, first] if answer.status != 409}
        self.assertEqual(len(ids), 1)
        self.assertEqual(len(self.patient.api("GET", "/reports").json()["reports"]), before + 1)
        self.assert_problem(self.patient.ask_for(key, audience="patient"), 422, "key-reused")
        self.assert_problem(self.patient.ask_for(key, paper="letter"), 422, "key-reused")
        self.assert_problem(self.patient.ask_for(key, nameInFileName=True), 422, "key-reused")

    def test_twenty_at_once_are_all_made(self):
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda number: self.patient.ask_for(audience=("clinician", "patient")[number % 2]), range(20)))
        self.assertLessEqual({answer.status for answer in answers}, {201, 202})
        reports = [self.patient.ended(answer.json()["id"]) for answer in answers]
        self.assertEqual({report["state"] for report in reports}, {"ready"})
        self.assertEqual(len({report["id"] for report in reports}), 20)
        for report in reports:
            self.assertEqual(hashlib.sha256(self.patient.ask("GET", report["document"]).body).hexdigest(), report["sha256"])
            self.patient.api("DELETE", f"/reports/{report['id']}")

    def test_the_events_end_with_the_report_and_resume(self):
        answer = self.patient.ask_for()
        id = answer.json()["id"]
        status, events = self.patient.report_events(id)
        self.assertEqual(status, 200)
        numbers = [number for number, _ in events]
        self.assertEqual(numbers, sorted(set(numbers)))
        number, last = events[-1]
        self.assertEqual((last["id"], last["state"], last["progress"], last["revision"]), (id, "ready", 1, number))
        self.assertTrue(last["detail"])
        self.assertEqual(self.patient.report_events(id, after=number), (204, []))
        self.assertEqual(self.patient.report_events(id, after=number - 1), (200, [(number, last)]))
        self.assert_problem(self.patient.api("POST", f"/reports/{id}/cancel"), 409, "report-finished")

    def test_every_address_is_404_for_another_session(self):
        report = self.patient.made()["id"]
        other = Client(self.server).begin()
        for method, path in [
            ("GET", "/reports/{}"), ("GET", "/reports/{}/events"), ("GET", "/reports/{}/document"), ("HEAD", "/reports/{}/document"),
            ("GET", "/reports/{}/document?format=txt"), ("POST", "/reports/{}/cancel"), ("DELETE", "/reports/{}"),
        ]:
            with self.subTest(f"{method} {path}"):
                answers = [other.api(method, path.format(name)) for name in (report, SOME_ID, "x", "%2e%2e")]
                self.assertEqual({answer.status for answer in answers}, {404})
                if method != "HEAD":
                    bodies = [{**answer.json(), "instance": ""} for answer in answers]
                    self.assertTrue(all(body == bodies[0] for body in bodies), bodies)
        self.assert_problem(other.api("POST", "/reports", {"analysisId": self.patient.analysis, "audience": "clinician"}), 404, "not-found")
        self.assertEqual(self.patient.report(report)["state"], "ready")
        self.assertEqual(other.api("GET", "/reports").json(), {"reports": []})
        stranger = Client(self.server)
        for method, path in [("DELETE", f"/reports/{report}"), ("POST", f"/reports/{report}/cancel"), ("GET", f"/reports/{report}/events")]:
            self.assert_problem(stranger.api(method, path), 401, "session-required")


class Documents(ReportTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.patient.made()
        cls.formats = [document["format"] for document in cls.report["documents"]]

    def test_the_formats_that_are_made_here_are_listed(self):
        self.assertIn("pdf", self.formats)
        self.assertLessEqual(set(self.formats), set(FORMATS))

    def test_each_format_is_given_out_whole_and_in_pieces(self):
        for document in self.report["documents"]:
            with self.subTest(document["format"]):
                whole = self.patient.ask("GET", document["address"])
                self.assertEqual((whole.status, whole.headers["content-type"]), (200, document["mediaType"]))
                self.assertEqual(int(whole.headers["content-length"]), len(whole.body))
                self.assertTrue(whole.body.startswith(BEGINS[document["format"]]))
                tag = whole.headers["etag"]
                self.assertEqual(tag, f'"{hashlib.sha256(whole.body).hexdigest()}"')
                self.assertIn(f'attachment; filename="{document["fileName"]}"', whole.headers["content-disposition"])
                head = self.patient.ask("HEAD", document["address"])
                self.assertEqual((head.status, head.body, head.headers["etag"], head.headers["content-length"]), (200, b"", tag, str(len(whole.body))))
                pieces, size = b"", max(1, len(whole.body) // 7)
                while len(pieces) < len(whole.body):
                    part = self.patient.ask("GET", document["address"], headers={"Range": f"bytes={len(pieces)}-{len(pieces) + size - 1}", "If-Range": tag})
                    self.assertEqual(part.status, 206)
                    self.assertRegex(part.headers["content-range"], rf"^bytes {len(pieces)}-\d+/{len(whole.body)}$")
                    pieces += part.body
                self.assertEqual(pieces, whole.body)
                changed = self.patient.ask("GET", document["address"], headers={"Range": "bytes=5-", "If-Range": '"other"'})
                self.assertEqual((changed.status, changed.body), (200, whole.body))
                self.assertEqual(self.patient.ask("GET", document["address"], headers={"If-None-Match": tag}).status, 304)
                self.assert_problem(self.patient.ask("GET", document["address"], headers={"Range": f"bytes={len(whole.body)}-"}), 416, "range-not-satisfiable")
                shown = self.patient.ask("GET", document["address"] + "&inline")
                self.assertTrue(shown.headers["content-disposition"].startswith("inline; "), shown.headers)
                now = next(d for d in self.patient.report(self.report["id"])["documents"] if d["format"] == document["format"])
                self.assertEqual((now["bytes"], now["sha256"]), (len(whole.body), tag.strip('"')))

    def test_what_the_address_asks_for_must_be_known(self):
        base = f"/reports/{self.report['id']}/document"
        for query, pointer in [("format=docx", "/query/format"), ("format=", "/query/format"), ("format=PDF", "/query/format"), ("inline=maybe", "/query/inline")]:
            with self.subTest(query):
                problem = self.assert_problem(self.patient.api("GET", f"{base}?{query}"), 400, "bad-request")
                self.assertEqual(problem["errors"][0]["pointer"], pointer)
        for format in set(FORMATS) - set(self.formats):
            problem = self.assert_problem(self.patient.api("GET", f"{base}?format={format}"), 501, "report-format-unavailable")
            self.assertEqual((problem["failed"], problem["available"]), ("format", self.formats))

    def test_a_document_says_what_was_true_then_and_is_drawn_once(self):
        patient = Patient(self.server).prepare()
        report = patient.made()
        before = {document["format"]: patient.ask("GET", document["address"]) for document in report["documents"]}
        patient.api("PATCH", "/intake", {"answers": {"age": 71, "reason": "something else"}})
        for path in files(self.server):
            if path.name.startswith(f"report-{report['id']}"):
                path.unlink()
        for document in report["documents"]:
            with self.subTest(document["format"]):
                line = f'lightbox_reports_documents_total{{format="{document["format"]}",outcome="made"}}'
                drawn = metric(self.server, line)
                with ThreadPoolExecutor(20) as pool:
                    answers = list(pool.map(lambda _: patient.ask("GET", document["address"]), range(20)))
                for answer in answers:
                    self.assertEqual((answer.status, answer.headers["etag"]), (200, before[document["format"]].headers["etag"]))
                    self.assertEqual(answer.body, before[document["format"]].body)
                self.assertEqual(metric(self.server, line) - drawn, 1)

    def test_the_name_of_the_file_tells_the_pseudonym_only_where_that_was_chosen(self):
        patient = Patient(self.server).prepare(pseudonym="Zoë Ωmega 山田")
        plain = patient.made()
        self.assertRegex(plain["fileName"], r"^lightbox-chest-x-ray-\d{4}-\d\d-\d\d-[0-9a-f]{6}\.pdf$")
        self.assertNotIn("filename*", patient.ask("GET", plain["document"]).headers["content-disposition"])
        named = patient.made(nameInFileName=True, audience="patient")
        self.assertRegex(named["fileName"], r"^lightbox-chest-x-ray-patient-\d{4}-\d\d-\d\d-Zoë-Ωmega-山田-[0-9a-f]{6}\.pdf$")
        header = patient.ask("GET", named["document"]).headers["content-disposition"]
        self.assertTrue(header.isascii())
        self.assertRegex(header, r'^attachment; filename="[A-Za-z0-9._-]+"; filename\*=UTF-8\'\'[A-Za-z0-9.%_-]+$')
        self.assertIn('-Zoe-_mega-__-', header)
        self.assertEqual(urllib.parse.unquote(header.split("UTF-8''")[1]), named["fileName"])

    def test_hostile_pseudonyms_give_harmless_names(self):
        for name in ["../../etc/passwd", 'a"; filename="b.exe', "back\\slash", "\u202egnp.exe", "..", "CON:|?*<>", "%2e%2e%2f", "😀😀", "a" * 100]:
            with self.subTest(name):
                patient = self.patient
                saved = patient.api("PATCH", "/intake", {"answers": {"pseudonym": name}})
                if saved.status != 200:
                    continue  # the history itself doesn't take it
                report = patient.made(nameInFileName=True)
                self.assertRegex(report["fileName"], r"^lightbox-chest-x-ray-\d{4}-\d\d-\d\d(-[\w-]+)?-[0-9a-f]{6}\.pdf$")
                self.assertLess(len(report["fileName"].encode()), 150)
                header = patient.ask("GET", report["document"]).headers["content-disposition"]
                self.assertRegex(header, r'^attachment; filename="[A-Za-z0-9._-]+"(; filename\*=UTF-8\'\'[A-Za-z0-9.%_-]+)?$')
                patient.api("DELETE", f"/reports/{report['id']}")

    def test_downloads_are_counted_once_and_tell_of_nobody(self):
        patient = Patient(self.server).prepare(pseudonym="Xylophonia")
        report = patient.made(nameInFileName=True)
        line = 'lightbox_audit_events_total{event="report-downloaded",outcome="done"}'
        before = metric(self.server, line)
        patient.ask("HEAD", report["document"])
        self.assertEqual(metric(self.server, line), before)
        # Whichever part is asked for, it is a download; the rest of the same document soon after is none.
        patient.ask("GET", report["document"], headers={"Range": "bytes=1-"})
        self.assertEqual(metric(self.server, line), before + 1)
        patient.ask("GET", report["document"], headers={"Range": "bytes=0-9"})
        self.assertEqual(metric(self.server, line), before + 1)
        patient.ask("GET", report["document"])
        self.assertEqual(metric(self.server, line), before + 2)
        patient.ask("GET", report["document"].split("?")[0] + "?format=txt", headers={"Range": "bytes=5-"})
        self.assertEqual(metric(self.server, line), before + 3)
        self.assertGreater(metric(self.server, 'lightbox_audit_events_total{event="report-made",outcome="done"}'), 0)
        self.assertGreater(metric(self.server, "lightbox_reports_seconds_count"), 0)
        self.assertNotIn("Xylophonia", self.server.log.read_text(encoding="utf-8"))


class Keeping(ReportTest):
    def test_deleting_a_report_a_picture_or_a_session_leaves_no_file(self):
        patient = Patient(self.server).prepare()
        reports = [patient.made() for _ in range(3)]

        def kept(report):
            return [path for path in files(self.server) if report["id"] in path.name]

        self.assertEqual({len(kept(report)) for report in reports}, {3})
        self.assertEqual(patient.api("DELETE", f"/reports/{reports[0]['id']}").status, 204)
        self.assertEqual(kept(reports[0]), [])
        self.assert_problem(patient.api("DELETE", f"/reports/{reports[0]['id']}"), 404, "not-found")
        self.assertEqual(len(kept(reports[1])), 3)
        self.assertEqual(patient.api("DELETE", f"/uploads/{patient.upload_id}").status, 204)
        self.assertEqual(kept(reports[1]) + kept(reports[2]), [])
        self.assert_problem(patient.ask("GET", reports[1]["document"]), 404, "not-found")
        second = Patient(self.server).prepare()
        report = second.made()
        second.made(audience="patient")
        self.assertEqual(second.api("DELETE", "/session").json()["reports"], 2)
        self.assertEqual(kept(report), [])

    def test_everything_is_the_same_after_a_restart_and_files_of_nobody_go(self):
        report = self.patient.made()
        before = self.patient.ask("GET", report["document"])
        folder = next(path for path in files(self.server) if report["id"] in path.name).parent
        (folder / f"report-{report['id']}-wabcdef.pdf").write_bytes(b"x")
        (folder / f"snapshot-{SOME_ID}.json").write_bytes(b"x")
        self.server.stop()
        self.server.start()
        self.assertEqual(sorted(path.suffix for path in files(self.server) if report["id"] in path.name), [".jpg", ".json", ".pdf"])
        self.assertFalse((folder / f"snapshot-{SOME_ID}.json").exists())
        after = self.patient.ask("GET", report["document"])
        self.assertEqual((after.headers["etag"], after.body), (before.headers["etag"], before.body))
        self.assertEqual(self.patient.report(report["id"]), report)

    def test_nothing_hangs_after_a_power_cut(self):
        patient = Patient(self.server).prepare()
        for moment in (0, 0.003, 0.01, 0.03):
            with ThreadPoolExecutor(12) as pool:
                waiting = [pool.submit(patient.ask_for) for _ in range(12)]
                time.sleep(0.02 + moment)
                self.server.kill()
                answers = [task.result() for task in waiting if not task.exception()]
            self.server.start()
            reports = [patient.ended(report["id"]) for report in patient.api("GET", "/reports").json()["reports"]]
            self.assertEqual({report["state"] for report in reports} - {"ready"}, set())
            accepted = {answer.json()["id"] for answer in answers if answer.status in (201, 202)}
            self.assertLessEqual(accepted, {report["id"] for report in reports})
            for report in reports:
                self.assertEqual(patient.ask("GET", report["document"]).status, 200)
                patient.api("DELETE", f"/reports/{report['id']}")

    def test_what_was_being_made_too_often_has_failed(self):
        """The rows are set as power cuts leave them; only how often they came is written by hand."""
        patient = Patient(self.server).prepare()
        tried, again = patient.made()["id"], patient.made()["id"]
        self.server.kill()
        database = sqlite3.connect(Path(self.server.environment["LIGHTBOX_DATA_DIRECTORY"]) / "lightbox.sqlite")
        database.execute("UPDATE reports SET state = 'making', attempt = 3 WHERE id = ?", (tried,))
        database.execute("UPDATE reports SET state = 'making', attempt = 2 WHERE id = ?", (again,))
        database.commit()
        database.close()
        self.server.start()
        failed = patient.report(tried)
        self.assertEqual((failed["state"], failed["failure"]["failed"], failed["failure"]["code"]), ("failed", "interrupted", "report-interrupted"))
        self.assertEqual(patient.ended(again)["state"], "ready")
        # Perhaps it is what ends the process: no document of it is made when one is asked for.
        for format in ("pdf", "txt", "fhir"):
            self.assert_problem(patient.api("GET", f"/reports/{tried}/document?format={format}"), 500, "report-interrupted")

    def test_a_waiting_report_is_cancelled_and_stays_so(self):
        patient = Patient(self.server).prepare()
        id = patient.made()["id"]
        self.server.kill()
        database = sqlite3.connect(Path(self.server.environment["LIGHTBOX_DATA_DIRECTORY"]) / "lightbox.sqlite")
        database.execute("UPDATE reports SET state = 'making', attempt = 1 WHERE id = ?", (id,))
        database.commit()
        database.close()
        self.server.start()
        # Either it was quick enough to be made again, or it is cancelled: nothing else.
        answer = patient.api("POST", f"/reports/{id}/cancel")
        if answer.status == 200:
            self.assertEqual(answer.json()["state"], "cancelled")
            self.assert_problem(patient.api("GET", f"/reports/{id}/document"), 409, "report-not-ready")
            self.assertEqual(patient.report(id)["documents"], [])
        else:
            self.assert_problem(answer, 409, "report-finished")
        self.assertIn(patient.report(id)["state"], ("cancelled", "ready"))


class Limits(ReportTest):
    settings = {"LIGHTBOX_REPORT_MAX_PER_SESSION": "2", "LIGHTBOX_REPORT_RESPONSIBLE": "Dr. Nobody, room 3"}

    def test_a_session_holds_so_many_reports_and_makes_room_by_deleting(self):
        first = self.patient.made()
        self.patient.made()
        self.assert_problem(self.patient.ask_for(), 409, "too-many-reports")
        self.patient.api("DELETE", f"/reports/{first['id']}")
        self.assertEqual(self.patient.made()["state"], "ready")
        self.assertEqual(Patient(self.server).prepare().made()["state"], "ready")


class Failures(ReportTest):
    def had_all_the_same(self, patient, problem, formats):
        """What `available` promises can be had."""
        self.assertEqual(problem["available"], formats)
        report = problem["report"].removeprefix("/api/v1")
        body = patient.api("GET", report).json()
        self.assertEqual((body["state"], body["failure"]["failed"]), ("failed", problem["failed"]))
        self.assertEqual([document["format"] for document in body["documents"]], formats)
        for format in formats:
            self.assertEqual(patient.api("GET", f"{report}/document?format={format}").status, 200)

    def without_picture(self, patient):
        report = patient.made()
        return [document["format"] for document in report["documents"] if document["format"] in WITHOUT_PICTURE]

    def test_a_picture_that_is_gone_leaves_the_text(self):
        patient = Patient(self.server).prepare()
        text = self.without_picture(patient)
        for path in files(self.server):
            if path.name.startswith((f"picture-{patient.upload_id}", f"preview-{patient.upload_id}")):
                path.unlink()
        problem = patient.failed(500, "report-picture-missing")
        self.assertEqual(problem["failed"], "picture")
        self.had_all_the_same(patient, problem, text)
        self.assert_problem(patient.ask("GET", problem["report"] + "/document"), 500, "report-picture-missing")
        self.assertGreater(metric(self.server, 'lightbox_reports_documents_total{format="pdf",outcome="picture"}'), 0)
        self.assertGreater(metric(self.server, 'lightbox_audit_events_total{event="report-failed",outcome="failed"}'), 0)

    def test_a_preview_that_is_gone_is_made_again(self):
        patient = Patient(self.server).prepare()
        for path in files(self.server):
            if path.name.startswith(f"preview-{patient.upload_id}"):
                path.unlink()
        self.assertEqual(patient.made()["state"], "ready")

    def test_a_kept_document_that_is_damaged_is_made_again(self):
        patient = Patient(self.server).prepare()
        report = patient.made()
        before = patient.ask("GET", report["document"])
        path = next(path for path in files(self.server) if path.name == f"report-{report['id']}.pdf")
        path.write_bytes(path.read_bytes()[:100])
        self.assertEqual(patient.ask("GET", report["document"]).body, before.body)


@unittest.skipUnless(os.geteuid() == 0, "a file system can be mounted by root only")
class FullDisk(unittest.TestCase):
    def assert_problem(self, answer, status, code):
        self.assertEqual((answer.status, answer.code), (status, code), answer.body[:400])
        return answer.json()

    def test_a_full_disk_is_507_and_what_was_gathered_can_still_be_had(self):
        with tempfile.TemporaryDirectory(prefix="lightbox-full-") as folder:
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", folder], check=True)
            try:
                with Server("reports-full", LIGHTBOX_DATA_DIRECTORY=f"{folder}/data") as server:
                    patient = Patient(server).prepare()
                    report = patient.made()
                    before = patient.ask("GET", report["document"])
                    for path in files(server):
                        if path.name.startswith(f"report-{report['id']}"):
                            path.unlink()
                    stranger = Client(server).begin()
                    for client in (patient, stranger):
                        client.api("POST", "/session/extend")  # so that no later request has to note the visit
                    # The database has no room of its own left, so that no row of a report finds any.
                    with contextlib.closing(sqlite3.connect(Path(server.environment["LIGHTBOX_DATA_DIRECTORY"]) / "lightbox.sqlite")) as database:
                        until(lambda: database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
                    filler = Path(folder) / "filler"
                    with filler.open("wb", buffering=0) as file:
                        try:
                            while True:
                                file.write(b"x" * 4096)
                        except OSError:
                            pass
                    # It can't be kept any more, but it can be given out.
                    again = patient.ask("GET", report["document"])
                    self.assertEqual((again.status, again.body), (200, before.body))
                    # Another one can't even be begun, and what it would say can be had nevertheless.
                    for headers in ({}, {"Idempotency-Key": "a-key-of-a-page"}):
                        answer = patient.ask_for(headers=headers)
                        problem = self.assert_problem(answer, 507, "storage-full")
                        self.assertEqual(problem["failed"], "disk-full")
                        self.assertEqual(problem["available"], FORMATS)
                        body = patient.api("GET", problem["report"].removeprefix("/api/v1")).json()
                        self.assertEqual((body["state"], body["failure"]["failed"]), ("failed", "disk-full"))
                        self.assertIn(body["id"], [report["id"] for report in patient.api("GET", "/reports").json()["reports"]])
                        for document in body["documents"]:
                            given = patient.ask("GET", document["address"])
                            self.assertEqual((given.status, given.headers["content-type"]), (200, document["mediaType"]))
                            self.assertTrue(given.body.startswith(BEGINS[document["format"]]))
                            if document["format"] in ("fhir", "txt"):
                                self.assertIn("cough", given.body.decode())
                        self.assertEqual(patient.api("POST", f"/reports/{body['id']}/cancel").code, "report-finished")
                        # Of nobody else.
                        for address in (problem["report"], body["documents"][0]["address"]):
                            self.assertEqual(stranger.ask("GET", address).status, 404)
                        self.assertEqual(stranger.api("DELETE", f"/reports/{body['id']}").status, 404)
                    filler.unlink()
                    # There is room again: they stay what they are, and can be removed.
                    self.assertEqual(patient.ask("GET", body["documents"][0]["address"]).status, 200)
                    self.assertEqual(patient.api("DELETE", f"/reports/{body['id']}").status, 204)
                    self.assertEqual(patient.api("GET", f"/reports/{body['id']}").status, 404)
                    # The other one goes with its picture.
                    (other,) = [report["id"] for report in patient.api("GET", "/reports").json()["reports"] if report["state"] == "failed"]
                    self.assertEqual(patient.api("DELETE", f"/uploads/{patient.upload_id}").status, 204)
                    self.assertEqual(patient.api("GET", f"/reports/{other}").status, 404)
                    patient = Patient(server).prepare()
                    self.assertEqual(patient.made()["state"], "ready")
            finally:
                subprocess.run(["umount", folder], check=True)


@unittest.skipUnless("fontMissing" in (ROOT / "engine/Sources/ReportDocuments/ReportDocument.swift").read_text(encoding="utf-8"), "pages are drawn without a font")
class NoFonts(unittest.TestCase):
    def test_without_fonts_there_still_is_the_text(self):
        with tempfile.TemporaryDirectory(prefix="lightbox-fonts-") as folder:
            settings = Path(folder) / "fonts.conf"
            settings.write_text(f"<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir></fontconfig>", encoding="utf-8")
            with Server("reports-fonts", FONTCONFIG_FILE=str(settings)) as server:
                patient = Patient(server).prepare()
                problem = patient.failed(500, "report-font-missing")
                self.assertEqual(problem["failed"], "font")
                for format in problem["available"]:
                    self.assertIn(format, WITHOUT_PICTURE)
                    self.assertEqual(patient.ask("GET", f"{problem['report']}/document?format={format}").status, 200)


if __name__ == "__main__":
    unittest.main()
