"""The API, on the real server with real workers and the real model."""

import http.client
import json
import re
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor

from client import CONSENT, Client, Server, dicom, form, png, sample_film

SOME_ID = "01a20953-5594-79a5-bd55-caf3503d0159"


class APITest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server(f"api-{cls.__name__}", LIGHTBOX_UPLOAD_MAX_BYTES=str(8 << 20)))

    def setUp(self):
        self.client = Client(self.server).begin()

    def assert_problem(self, answer, status, code):
        self.assertEqual((answer.status, answer.code), (status, code), answer.body[:300])
        self.assertEqual(answer.headers["content-type"], "application/problem+json; charset=utf-8")
        problem = answer.json()
        self.assertEqual(problem["type"], f"/docs/errors.md#{code}")
        self.assertEqual(problem["status"], status)
        self.assertEqual(problem["instance"], answer.headers["x-request-id"])


class Sessions(APITest):
    def test_a_session_needs_consent_to_the_present_text(self):
        for body in ({}, {"consent": {"version": "2026-11", "accepted": False}}, {"consent": {"version": "1", "accepted": True}}):
            answer = Client(self.server).api("POST", "/session", body)
            self.assert_problem(answer, 422, "consent-required")
            self.assertNotIn("set-cookie", answer.headers)

    def test_the_cookie_is_for_this_site_and_for_no_script(self):
        answer = Client(self.server).api("POST", "/session", CONSENT)
        self.assertRegex(answer.headers["set-cookie"], r"^lightbox=[\w-]{43}; Path=/; HttpOnly; SameSite=Strict; Max-Age=86400$")

    def test_without_a_session_everything_that_belongs_to_one_is_401(self):
        stranger = Client(self.server)
        for method, path in [
            ("GET", "/session"), ("POST", "/session/extend"), ("DELETE", "/session"), ("GET", "/intake"), ("GET", "/acuity"), ("GET", "/context"), ("GET", "/uploads"),
            ("GET", f"/uploads/{SOME_ID}"), ("GET", f"/uploads/{SOME_ID}/preview"), ("DELETE", f"/uploads/{SOME_ID}"),
            ("GET", "/analyses"), ("GET", f"/analyses/{SOME_ID}"), ("GET", f"/analyses/{SOME_ID}/events"),
            ("GET", f"/analyses/{SOME_ID}/heatmaps/effusion"), ("POST", f"/analyses/{SOME_ID}/retry"),
            ("POST", f"/analyses/{SOME_ID}/cancel"), ("GET", "/reports"), ("GET", f"/reports/{SOME_ID}"),
            ("GET", f"/reports/{SOME_ID}/document"),
        ]:
            with self.subTest(f"{method} {path}"):
                self.assert_problem(stranger.api(method, path), 401, "session-required")

    def test_another_sessions_ids_are_404_exactly_as_ids_that_do_not_exist(self):
        upload = self.client.upload(sample_film().read_bytes()).json()["id"]
        analysis = self.client.analyse(upload)["id"]
        self.client.api("PATCH", "/intake", {"answers": {"age": 50, "reason": "cough"}})
        finding = self.client.finished(analysis)["result"]["findings"]
        name = finding[0]["id"] if finding else "any-finding"
        report = self.client.api("POST", "/reports", {"analysisId": analysis, "audience": "clinician"}).json()["id"]
        other = Client(self.server).begin()
        for method, path, own in [
            ("GET", "/uploads/{}", upload), ("GET", "/uploads/{}/preview", upload), ("DELETE", "/uploads/{}", upload),
            ("GET", "/analyses/{}", analysis), ("GET", "/analyses/{}/events", analysis),
            ("GET", "/analyses/{}/heatmaps/" + name, analysis), ("POST", "/analyses/{}/retry", analysis),
            ("POST", "/analyses/{}/cancel", analysis), ("GET", "/reports/{}", report), ("GET", "/reports/{}/document", report),
        ]:
            with self.subTest(f"{method} {path}"):
                answers = [other.api(method, path.format(name)) for name in (own, SOME_ID, "x", "%2e%2e")]
                for answer in answers:
                    self.assert_problem(answer, 404, "not-found")
                bodies = [{**answer.json(), "instance": ""} for answer in answers]
                self.assertTrue(all(body == bodies[0] for body in bodies), bodies)
        for path, body in [("/analyses", {"uploadId": upload}), ("/reports", {"analysisId": analysis, "audience": "clinician"})]:
            self.assert_problem(other.api("POST", path, body), 404, "not-found")
        self.assertEqual(self.client.api("GET", f"/uploads/{upload}").status, 200)

    def test_erasing_leaves_a_receipt_and_nothing_else(self):
        self.client.upload(png(100, 100))
        cookie = self.client.cookie
        answer = self.client.api("DELETE", "/session")
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.json()["uploads"], 1)
        self.assertIn("Max-Age=0", answer.headers["set-cookie"])
        self.client.cookie = cookie
        self.assert_problem(self.client.api("GET", "/session"), 401, "session-required")

    def test_requests_from_other_sites_change_nothing(self):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
            answer = self.client.ask("POST", "/api/v1/session/extend", headers=headers)
            self.assert_problem(answer, 403, "cross-site-request")
        for headers in ({"Sec-Fetch-Site": "same-origin", "Origin": self.server.origin}, {"Origin": self.server.origin}, {}):
            self.assertEqual(self.client.ask("POST", "/api/v1/session/extend", headers=headers).status, 200)


class Answers(APITest):
    def test_every_answer_is_strict_and_has_a_request_id(self):
        for path in ("/", "/health/live", "/api/v1/limits", "/api/v1/session", "/nothing.txt", "/api/v1/nothing", "/docs/errors.md"):
            with self.subTest(path):
                answer = self.client.ask("GET", path)
                self.assertRegex(answer.headers["x-request-id"], r"^[0-9a-z]{13}$")
                policy = answer.headers["content-security-policy"]
                self.assertNotIn("unsafe", policy)
                self.assertIn("default-src 'none'", policy)
                self.assertEqual(answer.headers["x-content-type-options"], "nosniff")
                self.assertEqual(answer.headers["referrer-policy"], "no-referrer")

    def test_what_does_not_exist_is_404_and_a_wrong_method_405(self):
        for path in ("/api/v1/nothing", "/api/nothing", "/nothing.txt", "/assets/../../etc/passwd", "/docs/..%2f..%2fetc%2fpasswd", "/%00"):
            with self.subTest(path):
                self.assertIn(self.client.ask("GET", path).status, (404, 400, 200) if "." not in path and "api" not in path else (404, 400))
        answer = self.client.api("PUT", "/limits", {})
        self.assert_problem(answer, 405, "method-not-allowed")
        self.assertEqual(answer.headers["allow"], "GET, HEAD")
        self.assertEqual(self.client.api("DELETE", f"/analyses/{SOME_ID}").headers["allow"], "GET, HEAD")

    def test_bad_json_is_told_apart(self):
        for body, content_type, status, code in [
            ("{", "application/json", 400, "malformed-json"), ("", "application/json", 400, "malformed-json"),
            ("[]", "application/json", 422, "validation-failed"), ('{"answers":5}', "application/json", 422, "validation-failed"),
            ("{}", "application/json", 422, "validation-failed"), ("{}", "text/plain", 415, "unsupported-media-type"),
            ('{"answers":{"age":{"a":1}}}', "application/json", 422, "validation-failed"),
            ('{"answers":{"reason":"' + "x" * 300_000 + '"}}', "application/json", 413, "payload-too-large"),
        ]:
            with self.subTest(body[:30]):
                answer = self.client.ask("PATCH", "/api/v1/intake", body, {"Content-Type": content_type})
                self.assert_problem(answer, status, code)

    def test_the_limits_are_told_before_anything_is_sent(self):
        limits = Client(self.server).api("GET", "/limits").json()
        self.assertEqual(limits["maxUploadBytes"], 8 << 20)
        self.assertEqual([entry["format"] for entry in limits["formats"]], ["png", "jpeg", "webp", "tiff", "dicom"])

    def test_health_is_on_both_listeners_and_metrics_only_on_that_of_operators(self):
        self.assertEqual(self.client.ask("GET", "/health/ready").json(), {"status": "ready"})
        self.assertNotIn(b"# TYPE", self.client.ask("GET", "/metrics").body)
        connection = http.client.HTTPConnection("127.0.0.1", self.server.operator_port, timeout=10)
        for path in ("/health/live", "/health/ready", "/metrics"):
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
            self.assertEqual(response.status, 200)
            if path == "/health/ready":
                ready = json.loads(body)
                self.assertEqual((ready["status"], ready["troubles"]), ("ready", {}))
                self.assertEqual({check["status"] for check in ready["checks"]}, {"ok"})
        self.assertIn(b"# TYPE lightbox_http_request_seconds histogram", body)
        self.assertNotIn(SOME_ID.encode(), body)
        connection.close()

    def test_the_model_card_says_what_is_shown_and_what_is_not(self):
        model = self.client.api("GET", "/models").json()["models"][0]
        shown = [head for head in model["heads"] if head["purpose"] == "finding" and head["shown"]]
        self.assertTrue(shown)
        self.assertTrue(all(head["measured"]["auc"] >= 0.7 for head in shown))
        self.assertTrue(all(head["whyNotShown"] for head in model["heads"] if not head["shown"]))

    def test_browsers_can_report_errors(self):
        report = {"name": "TypeError", "message": "Cannot read properties of undefined (reading 'Muster')\nforged line", "component": "part", "path": "/analyses/0198-abc?name=anna",
                  "stack": "TypeError: Anna Muster\n    at read (https://h/assets/main-ABCDEFGH.js:1:2)\n" + "x" * 9000}
        self.assertEqual(self.client.api("POST", "/client-errors", report).status, 204)
        lines = [line for line in self.server.log_lines() if line.get("logger") == "lightbox.browser"]
        self.assertEqual(lines[-1]["message"], "TypeError: Cannot read properties of undefined")
        self.assertEqual(lines[-1]["stack"], "at main-ABCDEFGH.js:1:2")
        self.assertEqual(lines[-1]["path"], "/analyses/:id")
        words = ("Peter", "Meier", "Oberhausen", "lymphoma")
        plain = {"name": "Peter", "message": "cannot render Peter Meier aus Oberhausen with lymphoma", "component": "Peter Meier",
                 "path": "/Peter/Meier", "stack": "Peter@https://h/Oberhausen.js:1:2"}
        self.assertEqual(self.client.api("POST", "/client-errors", plain).status, 204)
        logged = self.server.log.read_text(encoding="utf-8")
        self.assertEqual([word for word in words if word in logged], [])
        self.assertNotIn("Muster", self.server.log.read_text(encoding="utf-8"))
        self.assert_problem(self.client.api("POST", "/client-errors", {}), 422, "validation-failed")


class History(APITest):
    def test_the_form_is_a_fhir_questionnaire(self):
        answer = self.client.api("GET", "/intake/questionnaire")
        self.assertEqual(answer.headers["content-type"], "application/fhir+json; charset=utf-8")
        self.assertEqual(answer.json()["resourceType"], "Questionnaire")

    def test_answers_are_saved_one_by_one_and_survive(self):
        first = self.client.api("PATCH", "/intake", {"answers": {"age": 54}}).json()
        self.assertEqual((first["answers"], first["complete"], first["missing"]), ({"age": 54}, False, ["reason"]))
        second = self.client.api("PATCH", "/intake", {"answers": {"reason": " cough ", "symptoms": ["fever"]}})
        self.assertEqual(second.headers["etag"], '"2"')
        self.assertEqual(second.json()["answers"], {"age": 54, "reason": "cough", "symptoms": ["fever"]})
        self.assertTrue(self.client.api("GET", "/session").json()["intakeComplete"])
        third = self.client.api("PATCH", "/intake", {"answers": {"age": None}}).json()
        self.assertEqual(third["missing"], ["age"])
        self.assertEqual(self.client.api("GET", "/intake").json(), third)
        replaced = self.client.api("PUT", "/intake", {"answers": {"age": 3}}).json()
        self.assertEqual(replaced["answers"], {"age": 3})

    def test_a_bad_field_is_named_and_nothing_is_saved(self):
        answer = self.client.api("PATCH", "/intake", {"answers": {"age": 500, "reason": "x", "nothing": 1}})
        self.assert_problem(answer, 422, "validation-failed")
        self.assertEqual(
            [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]],
            [("/answers/age", "out-of-range"), ("/answers/nothing", "unknown-field")],
        )
        self.assertEqual(self.client.api("GET", "/intake").json()["answers"], {})


class Uploads(APITest):
    def test_a_picture_comes_raw_or_in_a_form_and_is_hashed(self):
        import hashlib

        picture = png(300, 200)
        body, content_type = form([('name="note"', b"hello"), ('name="file"; filename="a.png"', picture)])
        for answer in (
            self.client.upload(picture, "image/png", **{"Content-Disposition": "attachment; filename*=UTF-8''R%C3%B6ntgen.png"}),
            self.client.upload(body, content_type),
        ):
            self.assertEqual(answer.status, 201, answer.body)
            upload = answer.json()
            self.assertEqual(answer.headers["location"], f"/api/v1/uploads/{upload['id']}")
            self.assertRegex(answer.headers["server-timing"], r"^receive;dur=[\d.]+, check;dur=[\d.]+, commit;dur=[\d.]+$")
            self.assertEqual(upload["sha256"], hashlib.sha256(picture).hexdigest())
            self.assertEqual((upload["bytes"], upload["width"], upload["height"], upload["format"]), (len(picture), 300, 200, "png"))
            preview = self.client.ask("GET", upload["preview"])
            self.assertEqual((preview.headers["content-type"], preview.body[:2]), ("image/jpeg", b"\xff\xd8"))
            small = self.client.ask("GET", upload["preview"] + "?width=100")
            self.assertEqual((small.status, small.headers["content-type"]), (200, "image/jpeg"))
        names = [upload["fileName"] for upload in self.client.api("GET", "/uploads").json()["uploads"]]
        self.assertEqual(names, ["a.png", "Röntgen.png"])

    def test_a_dangerous_name_is_only_a_name(self):
        body, content_type = form([('name="file"; filename="../../<script>alert(1)</script>.png"', png(100, 100))])
        self.assertEqual(self.client.upload(body, content_type).json()["fileName"], "script>.png")
        body, content_type = form([('name="file"; filename="..%2f..%0d%0a<b>.png"', png(100, 100))])
        self.assertNotIn("\n", self.client.upload(body, content_type).json()["fileName"])

    def test_what_is_no_picture_is_refused_by_its_content_and_nothing_is_kept(self):
        whole = sample_film().read_bytes()
        for name, body, code in [
            ("nothing", b"", "empty-file"), ("text", b"hello, this is a text", "unsupported-format"),
            ("pdf", b"%PDF-1.7\n", "unsupported-format"), ("half a png", png(300, 300)[:400], "damaged-picture"),
            ("half a dicom", whole[: len(whole) // 2], "damaged-picture"), ("bomb", png(10, 10, declared=(60_000, 60_000)), "picture-too-large"),
            ("tiny", png(10, 10), "picture-too-small"),
        ]:
            with self.subTest(name):
                self.assert_problem(self.client.upload(body, "image/png"), 422, code)
        self.assertEqual(self.client.api("GET", "/uploads").json(), {"uploads": []})

    def test_a_content_type_that_is_no_picture_is_415(self):
        self.assert_problem(self.client.upload(png(100, 100), "text/html"), 415, "unsupported-media-type")

    def test_a_malformed_form_is_400(self):
        body, content_type = form([('name="file"; filename="a.png"', png(100, 100))])
        for name, broken, kind, status, code in [
            ("cut", body[:-20], content_type, 400, "malformed-multipart"), ("no boundary", body, "multipart/form-data", 400, "malformed-multipart"),
            ("empty name", body.replace(b'name="file"', b'name=""'), content_type, 400, "malformed-multipart"),
            ("two files", form([('name="file"', png(100, 100))] * 2)[0], content_type, 400, "malformed-multipart"),
            ("no file", form([('name="other"', b"x")])[0], content_type, 422, "validation-failed"),
            ("many parts", form([('name="x"', b"")] * 2000)[0], content_type, 400, "malformed-multipart"),
        ]:
            with self.subTest(name):
                self.assert_problem(self.client.upload(broken, kind), status, code)

    def test_a_body_over_the_limit_is_refused_before_it_is_read(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        connection.putrequest("POST", "/api/v1/uploads")
        for header, value in self.client.fields({"Content-Type": "image/png", "Content-Length": str(1 << 30)}).items():
            connection.putheader(header, value)
        connection.endheaders()
        answer = self.client.read(connection.getresponse())
        connection.close()
        self.assert_problem(answer, 413, "payload-too-large")

    def test_a_body_without_a_length_is_refused_at_the_limit(self):
        def pieces():
            for _ in range(12):
                yield bytes(1 << 20)

        answer = self.client.ask("POST", "/api/v1/uploads", pieces(), {"Content-Type": "image/png"})
        self.assert_problem(answer, 413, "payload-too-large")

    def test_an_upload_that_breaks_off_leaves_nothing(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        connection.putrequest("POST", "/api/v1/uploads")
        for header, value in self.client.fields({"Content-Type": "image/png", "Content-Length": "100000"}).items():
            connection.putheader(header, value)
        connection.endheaders(png(200, 200)[:500])
        connection.close()
        self.assertEqual(self.client.api("GET", "/uploads").json(), {"uploads": []})

    def test_two_uploads_of_one_session_at_once_both_arrive(self):
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda size: self.client.upload(png(size, size)), range(200, 208)))
        self.assertEqual([answer.status for answer in answers], [201] * 8)
        self.assertEqual(len(self.client.api("GET", "/uploads").json()["uploads"]), 8)

    def test_a_sample_can_be_tried(self):
        samples = self.client.api("GET", "/samples").json()
        self.assertEqual([sample["id"] for sample in samples], ["chest-pa"])
        upload = self.client.api("POST", "/uploads", {"sampleId": "chest-pa"})
        self.assertEqual((upload.status, upload.json()["format"], upload.json()["width"]), (201, "dicom", 1841))
        self.assert_problem(self.client.api("POST", "/uploads", {"sampleId": "../x"}), 404, "not-found")

    def test_an_upload_can_be_removed(self):
        upload = self.client.upload(png(100, 100)).json()
        self.assertEqual(self.client.api("DELETE", f"/uploads/{upload['id']}").status, 204)
        self.assert_problem(self.client.ask("GET", upload["preview"]), 404, "not-found")


class Analyses(APITest):
    def test_a_chest_film_is_analysed_and_reported(self):
        self.client.api("PATCH", "/intake", {"answers": {"age": 54, "reason": "cough", "pseudonym": "Ada"}})
        upload = self.client.upload(sample_film().read_bytes()).json()
        analysis = self.client.analyse(upload["id"])
        self.assertEqual(analysis["state"] in ("queued", "decoding"), True)
        events = list(self.client.events(analysis["id"]))
        numbers = [number for number, _ in events]
        self.assertEqual(numbers, sorted(set(numbers)))
        self.assertEqual(events[-1][1]["state"], "completed")
        finished = self.client.finished(analysis["id"])
        result = finished["result"]
        self.assertTrue(result["findings"])
        for finding in result["findings"]:
            self.assertTrue(0 <= finding["probability"] <= 1)
            self.assertEqual(finding["flagged"], finding["probability"] >= finding["threshold"])
            heat_map = self.client.ask("GET", finding["heatmap"])
            self.assertEqual((heat_map.headers["content-type"], heat_map.body[:4]), ("image/png", b"\x89PNG"))
        self.assertTrue(result["notChecked"])
        self.assertEqual(set(result["milliseconds"]), {"queued", "decoding", "checking", "inferring", "explaining"})
        self.assertEqual(finished["revision"], numbers[-1])

        report = self.client.reported(analysis["id"])
        document = self.client.ask("GET", report["document"])
        self.assertEqual((document.body[:5], len(document.body)), (b"%PDF-", report["bytes"]))
        self.assertRegex(document.headers["content-disposition"], r'filename="lightbox-chest-x-ray-\d{4}-\d\d-\d\d-[0-9a-f]{6}\.pdf"')
        part = self.client.ask("GET", report["document"], headers={"Range": "bytes=0-4"})
        self.assertEqual((part.status, part.body), (206, b"%PDF-"))
        beyond = self.client.ask("GET", report["document"], headers={"Range": "bytes=99999999-"})
        self.assert_problem(beyond, 416, "range-not-satisfiable")
        same = self.client.ask("GET", report["document"], headers={"If-None-Match": document.headers["etag"]})
        self.assertEqual(same.status, 304)

    def test_who_comes_back_gets_only_what_was_missed(self):
        analysis = self.client.analyse(self.client.upload(sample_film().read_bytes()).json()["id"])["id"]
        first = next(self.client.events(analysis))[0]
        rest = list(self.client.events(analysis, after=first))
        self.assertTrue(all(number > first for number, _ in rest))
        self.assertEqual(rest[-1][1]["state"], "completed")
        self.assertEqual(list(self.client.events(analysis, after=rest[-1][0])), [])
        self.assertEqual([data["state"] for _, data in self.client.events(analysis)], ["completed"])

    def test_a_picture_that_is_no_chest_film_is_refused_with_advice(self):
        analysis = self.client.analyse(self.client.upload(png(400, 400)).json()["id"])
        finished = self.client.finished(analysis["id"])
        self.assertEqual(finished["state"], "refused")
        self.assertTrue(finished["refusal"]["reason"] and finished["refusal"]["advice"])
        self.assertIsNone(finished.get("result"))
        answer = self.client.api("POST", "/reports", {"analysisId": analysis["id"], "audience": "clinician"})
        self.assert_problem(answer, 409, "analysis-not-completed")
        self.assert_problem(self.client.api("POST", f"/analyses/{analysis['id']}/retry"), 409, "analysis-not-retryable")
        self.assert_problem(self.client.api("POST", f"/analyses/{analysis['id']}/cancel"), 409, "analysis-finished")

    def test_without_an_age_only_the_picture_is_checked(self):
        analysis = self.client.analyse(self.client.upload(sample_film().read_bytes()).json()["id"])
        result = self.client.finished(analysis["id"])["result"]
        self.assertEqual(result["findings"], [])
        self.assertTrue(result["withheld"])

    def test_cancelling_ends_it_and_a_retry_completes_it(self):
        upload = self.client.upload(sample_film().read_bytes()).json()["id"]
        waiting = [self.client.analyse(upload)["id"] for _ in range(6)]
        cancelled = self.client.api("POST", f"/analyses/{waiting[-1]}/cancel")
        self.assertEqual((cancelled.status, cancelled.json()["state"]), (200, "cancelled"))
        self.assertEqual(self.client.finished(waiting[-1])["state"], "cancelled")
        self.assertEqual(self.client.api("POST", f"/analyses/{waiting[-1]}/retry").status, 202)
        for analysis in waiting:
            self.assertEqual(self.client.finished(analysis)["state"], "completed")

    def test_nothing_that_was_typed_is_in_the_log(self):
        secret = "Xylophonia Quartz"
        self.client.api("PATCH", "/intake", {"answers": {"age": 54, "reason": secret, "pseudonym": secret}})
        body, content_type = form([(f'name="file"; filename="{secret}.dcm"', sample_film().read_bytes())])
        analysis = self.client.analyse(self.client.upload(body, content_type).json()["id"])
        self.client.finished(analysis["id"])
        self.client.api("POST", "/reports", {"analysisId": analysis["id"], "audience": "clinician"})
        self.assertNotIn("Xylophonia", self.server.log.read_text(encoding="utf-8"))
        for line in self.server.log_lines():
            self.assertTrue({"time", "level", "logger", "message"} <= set(line), line)


if __name__ == "__main__":
    unittest.main()
