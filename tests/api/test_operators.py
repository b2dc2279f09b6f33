"""Operators: who may come in and do what, breaking the glass, maintenance, and what the trail and the patient see of it."""

import base64
import json
import os
import re
import sqlite3
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
import unittest

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from pathlib import Path

from client import CONSENT, Client, Server, png, sample_film
from operators import Operators, command, named, tokens_file

REASON = "Found unconscious, no history told"


def routes() -> list[tuple[str, str]]:
    """Every route of the operators' listener, from the sources."""
    sources = Path(__file__).resolve().parents[2] / "server/Sources/WebAPI"
    return [
        (method.upper(), "/admin/" + path)
        for file in sources.glob("*.swift")
        for method, path in re.findall(r'\badmin\.(get|post|put|patch|delete)\("([^"]+)"', file.read_text())
    ]


class OperatorTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        server = Server("api-operators")
        server.environment["LIGHTBOX_OPERATOR_TOKENS_FILE"] = str(tokens_file(server))
        cls.stranger = Operators(server)
        cls.viewer = named(server, "Vera", "viewer")
        cls.operator = named(server, "Otto", "operator")
        cls.clinician = named(server, "Dr. Lee", "clinician")
        cls.server = cls.enterClassContext(server)

    def setUp(self):
        self.client = Client(self.server).begin()
        self.session = self.client.api("GET", "/session").json()["id"]

    def assert_problem(self, answer, status, code):
        self.assertEqual((answer.status, answer.code), (status, code), answer.body)
        self.assertEqual(answer.headers["content-type"], "application/problem+json; charset=utf-8")

    def entries(self, client=None):
        return (client or self.client).api("GET", "/access-log").json()["entries"]

    def pseudonym(self):
        return self.viewer.ask("GET", "/admin/sessions").json()["sessions"][0]["session"]

    def trail(self, **query):
        words = "&".join(f"{name}={value}" for name, value in query.items())
        answer = self.viewer.ask("GET", f"/admin/audit?{words}")
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json()


class Rights(OperatorTest):
    def test_without_a_token_every_address_is_401_whether_or_not_it_exists(self):
        found = routes()
        self.assertGreater(len(found), 9)
        for method, path in [*found, ("GET", "/admin"), ("GET", "/admin/nothing"), ("DELETE", "/admin/me"), ("GET", "/%61dmin/me"), ("GET", "/admin/%6de")]:
            for stranger in (self.stranger, Operators(self.server, "x" * 40), Operators(self.server, "x" * 9000)):
                answer = stranger.ask(method, path.replace(":session", self.session), {} if method != "GET" else None)
                with self.subTest(method=method, path=path):
                    if path.startswith("/%"):
                        self.assertIn(answer.status, (401, 404))
                    else:
                        self.assert_problem(answer, 401, "operator-token-required")
                        self.assertTrue(answer.headers["www-authenticate"].startswith("Bearer"))

    def test_each_role_may_do_what_it_may_and_nothing_else(self):
        for method, path in routes():
            clinical = "/records/" in path or path.endswith("/acuity")
            for person, role in ((self.viewer, "viewer"), (self.operator, "operator"), (self.clinician, "clinician")):
                may = (role == "clinician") if clinical else (method == "GET" or role == "operator")
                answer = person.ask(method, re.sub(r":\w+", "none", path), {} if method != "GET" else None)
                with self.subTest(method=method, path=path, role=role):
                    if may:
                        self.assertNotIn(answer.code if answer.status in (401, 403) else None, ("operator-token-required", "operator-role-required"))
                    else:
                        self.assert_problem(answer, 403, "operator-role-required")
        self.assertEqual(self.viewer.ask("GET", "/admin/nothing").status, 404)

    def test_me_says_who_one_is(self):
        self.assertEqual(self.clinician.ask("GET", "/admin/me").json(), {"name": "Dr. Lee", "roles": ["clinician"], "proof": "token"})

    def test_tries_are_counted_and_stand_in_the_trail_with_a_bound(self):
        for _ in range(30):
            self.stranger.ask("GET", "/admin/me")
        self.viewer.ask("PUT", "/admin/maintenance", {"on": True, "message": "x"})
        refused = self.trail(action="operator-refused")["lines"]
        # Ten a minute, and a minute of the clock may take the end of one count and the beginning of the next.
        minutes = Counter(line["at"][:16] for line in refused if line.get("subject") == "401")
        self.assertTrue(minutes)
        self.assertLessEqual(max(minutes.values()), 20)
        # Or a line that counts it, where she was turned away often within the minute.
        hers = [line["subject"] for line in refused if line.get("name") == "Vera"]
        self.assertTrue(hers)
        self.assertTrue(all(subject.startswith(("403", "more:")) for subject in hers), hers)
        admitted = self.trail(action="operator-admitted")["lines"]
        self.assertEqual([line["role"] for line in admitted if line["name"] == "Vera"], ["viewer"])
        metrics = self.stranger.ask("GET", "/metrics").body.decode()
        self.assertGreaterEqual(float(re.search(r'lightbox_operator_requests_total\{outcome="unknown"\} (\S+)', metrics)[1]), 30)
        self.assertNotIn(self.viewer.token, self.server.log.read_text())

    def test_the_command_makes_lists_and_takes_away(self):
        person = named(self.server, "Temporary", "viewer", "clinician")
        self.assertEqual(person.ask("GET", "/admin/me").json()["roles"], ["viewer", "clinician"])
        listed = command(self.server, "list").stdout
        self.assertIn("Temporary\tviewer,clinician\t", listed)
        self.assertNotIn(person.token, tokens_file(self.server).read_text())
        self.assertEqual(tokens_file(self.server).stat().st_mode & 0o777, 0o600)
        self.assertEqual(command(self.server, "add", "Temporary", "--role", "viewer").returncode, 65)
        self.assertNotEqual(command(self.server, "add", "Other", "--role", "root").returncode, 0)
        self.assertEqual(command(self.server, "remove", "Temporary").returncode, 0)
        self.assertEqual(person.ask("GET", "/admin/me").status, 401)
        self.assertEqual(command(self.server, "remove", "Temporary").returncode, 66)
        self.assertEqual(command(self.server, "add", "operator", "--role", "viewer").returncode, 65)

    def test_a_file_that_the_server_can_not_read_is_told_and_a_written_one_keeps_whose_it_is(self):
        server = Server("api-operators-file")
        server.environment["LIGHTBOX_OPERATOR_TOKENS_FILE"] = str(tokens_file(server))
        kim = named(server, "Kim", "viewer")
        with server:
            os.chmod(tokens_file(server), 0o640)
            if os.geteuid() == 0:
                os.chown(tokens_file(server), 0, 4711)
            named(server, "Lee", "viewer")
            state = tokens_file(server).stat()
            self.assertEqual((state.st_mode & 0o777, state.st_gid), (0o640, 4711 if os.geteuid() == 0 else os.getegid()))
            self.assertEqual(kim.ask("GET", "/admin/me").status, 200)
            ready = kim.ask("GET", "/health/ready").json()
            self.assertNotIn("operators", ready.get("warnings", {}))
            # Root reads every file; nobody reads a folder.
            kept = tokens_file(server).rename(tokens_file(server).with_suffix(".kept"))
            tokens_file(server).mkdir()
            for _ in range(3):
                self.assertEqual(kim.ask("GET", "/admin/me").status, 401)
            answer = kim.ask("GET", "/health/ready")
            self.assertEqual((answer.status, answer.json()["status"]), (200, "ready"))
            self.assertIn("operators", answer.json()["warnings"])
            self.assertNotIn(str(tokens_file(server)), answer.body.decode())
            self.assertEqual(server.log.read_text().count("operators are locked out"), 1)
            tokens_file(server).rmdir()
            kept.rename(tokens_file(server))
            self.assertEqual(kim.ask("GET", "/admin/me").status, 200)
            self.assertNotIn("operators", kim.ask("GET", "/health/ready").json().get("warnings", {}))


class Looking(OperatorTest):
    def test_sessions_are_named_by_pseudonym_and_nothing_of_their_record_is_told(self):
        self.client.api("PATCH", "/intake", {"answers": {"pseudonym": "Zaphodia", "reason": "Xylocough"}})
        self.client.upload(png(200, 200))
        answer = self.viewer.ask("GET", "/admin/sessions")
        newest = answer.json()["sessions"][0]
        self.assertRegex(newest["session"], r"^[0-9a-f]{24}$")
        self.assertEqual((newest["uploads"], newest["analyses"], newest["reports"], newest["conversations"]), (1, 0, 0, 0))
        self.assertLess(newest["createdAt"], newest["expiresAt"])
        for word in ("Zaphodia", "Xylocough", self.session):
            self.assertNotIn(word, answer.body.decode())
        self.assert_problem(self.viewer.ask("GET", "/admin/sessions?after=x"), 400, "bad-request")
        self.assertEqual(self.viewer.ask("GET", f"/admin/sessions?after={newest['session']}").status, 200)

    def test_the_trail_is_searched(self):
        name = self.pseudonym()
        for age in (30, 31, 32):
            self.client.api("PATCH", "/intake", {"answers": {"age": age}})
        lines = self.trail(session=name)["lines"]
        self.assertEqual([line["action"] for line in lines], ["history-changed"] * 3 + ["session-opened"])
        self.assertEqual(self.trail(session=self.session)["lines"], lines)
        self.assertEqual(len(self.trail(session=name, action="session-opened")["lines"]), 1)
        self.assertEqual(self.trail(session=name, after=lines[0]["number"])["lines"], lines[1:])
        self.assertEqual(self.trail(session=name, to="2020-01-01T00:00:00Z")["lines"], [])
        self.assertEqual(self.trail(session=name, **{"from": lines[-1]["at"]})["lines"], lines)
        for wrong in ("session=x", "action=nothing", "from=yesterday", "after=x"):
            self.assert_problem(self.viewer.ask("GET", f"/admin/audit?{wrong}"), 400, "bad-request")


class Glass(OperatorTest):
    def open(self, person=None, session=None, reason=REASON):
        return (person or self.clinician).ask("POST", f"/admin/records/{session or self.pseudonym()}/break-glass", {"reason": reason})

    def test_a_clinician_opens_one_record_and_the_patient_sees_it_at_once(self):
        self.client.api("PATCH", "/intake", {"answers": {"age": 54, "reason": "Xylocough"}})
        analysis = self.client.analyse_all_the_same(self.client.upload(sample_film().read_bytes()).json()["id"])
        self.client.finished(analysis["id"])
        report = self.client.reported(analysis["id"])
        opened = self.open()
        self.assertEqual(opened.status, 201, opened.body)
        entry = self.entries()[0]
        self.assertEqual(
            (entry["event"], entry["actor"], entry["name"], entry["role"], entry["reason"], entry["outcome"]),
            ("record-opened", "operator", "Dr. Lee", "clinician", REASON, "done"))

        record = self.clinician.ask("GET", opened.headers["location"])
        self.assertEqual(record.status, 200, record.body)
        body = record.json()
        self.assertEqual(body["history"]["answers"]["reason"], "Xylocough")
        self.assertTrue(body["analyses"][0]["result"]["findings"])
        self.assertEqual([item["id"] for item in body["reports"]], [report["id"]])
        self.assertEqual(record.headers["cache-control"], "private, no-store")
        entry = self.entries()[0]
        self.assertEqual((entry["event"], entry["name"], entry["reason"]), ("record-read", "Dr. Lee", REASON))
        trail = json.dumps(self.trail())
        self.assertIn("record-opened", trail)
        for place in (trail, self.server.log.read_text()):
            self.assertNotIn(REASON, place)
            self.assertNotIn("Xylocough", place)
        # It is by its session's key only, and goes with it.
        database = Path(self.server.environment["LIGHTBOX_DATA_DIRECTORY"])
        for file in database.glob("*.sqlite*"):
            self.assertNotIn(REASON.encode(), file.read_bytes(), file)
        self.client.api("DELETE", "/session")
        self.assert_problem(self.clinician.ask("GET", opened.headers["location"]), 403, "grant-required")

    def test_no_other_grant_opens_it(self):
        mine = self.pseudonym()
        grant = self.open(session=mine).json()["grant"]
        other = Client(self.server).begin()
        theirs = self.pseudonym()
        self.assertNotEqual(mine, theirs)
        colleague = named(self.server, f"Dr. Kim {time.monotonic_ns()}", "clinician")
        for person, address in (
            (self.clinician, f"/admin/records/{mine}"), (self.clinician, f"/admin/records/{mine}?grant=x"),
            (self.clinician, f"/admin/records/{mine}?grant={mine}"), (self.clinician, f"/admin/records/{theirs}?grant={grant}"),
            (colleague, f"/admin/records/{mine}?grant={grant}"), (self.clinician, f"/admin/records/{'0' * 24}?grant={grant}"),
        ):
            self.assert_problem(person.ask("GET", address), 403, "grant-required")
        self.assertEqual(self.clinician.ask("GET", f"/admin/records/{self.session}?grant={grant}").status, 200)
        self.assertEqual([entry["outcome"] for entry in self.entries(other)], ["refused", "done"])
        for person in (self.viewer, self.operator):
            self.assert_problem(person.ask("GET", f"/admin/records/{mine}?grant={grant}"), 403, "operator-role-required")
            self.assert_problem(self.open(person), 403, "operator-role-required")

    def test_nothing_is_opened_or_read_while_the_trail_takes_no_line(self):
        grant = self.open().json()["grant"]
        address = f"/admin/records/{self.session}?grant={grant}"
        lock = sqlite3.connect(Path(self.server.environment["LIGHTBOX_DATA_DIRECTORY"]) / "audit.sqlite", isolation_level=None)
        try:
            lock.execute("BEGIN IMMEDIATE")
            with ThreadPoolExecutor() as pool:
                opening = pool.submit(self.open, session=self.session)
                reading = pool.submit(self.clinician.ask, "GET", address)
                for answer in (opening.result(), reading.result()):
                    self.assert_problem(answer, 503, "storage-busy")
        finally:
            lock.execute("ROLLBACK")
            lock.close()
        self.assertEqual(self.clinician.ask("GET", address).status, 200)
        entries = self.entries()
        opened = [entry["subject"] for entry in entries if entry["event"] == "record-opened" and entry["outcome"] == "done"]
        self.assertEqual(opened, [f"grant:{grant}"])
        self.assertEqual([entry["outcome"] for entry in entries if entry["event"] == "record-read"], ["done"])

    def test_it_ends_after_a_quarter_of_an_hour(self):
        opened = self.open()
        times = [time.strptime(opened.json()[name], "%Y-%m-%dT%H:%M:%SZ") for name in ("openedAt", "expiresAt")]
        self.assertEqual(time.mktime(times[1]) - time.mktime(times[0]), 900)

    def test_it_needs_a_reason_and_a_record(self):
        for reason in ("", "short", " " * 30, "x" * 501):
            answer = self.open(reason=reason)
            self.assert_problem(answer, 422, "validation-failed")
            self.assertEqual(answer.json()["errors"][0]["pointer"], "/reason")
        self.assert_problem(self.open(session="0" * 24), 404, "not-found")
        self.assertEqual({entry["outcome"] for entry in self.entries() if entry["event"] == "record-opened"}, {"refused"})

    def test_what_is_held_back_for_a_blind_reading_stays_held_back(self):
        upload = self.client.upload(sample_film().read_bytes()).json()["id"]
        answer = self.client.api("POST", "/analyses", {"uploadId": upload, "blindFirst": True})
        self.client.finished(answer.json()["id"])
        body = self.clinician.ask("GET", self.open().headers["location"]).json()
        self.assertTrue(body["analyses"][0]["awaitsReading"])
        self.assertNotIn("result", body["analyses"][0])


class AccessLog(OperatorTest):
    def test_it_names_what_each_line_is_about(self):
        upload = self.client.upload(sample_film().read_bytes()).json()["id"]
        analysis = self.client.api("POST", "/analyses", {"uploadId": upload}).json()["id"]
        self.client.finished(analysis)
        self.client.api("PUT", f"/analyses/{analysis}/reading", {"clinician": "Lee", "text": "Clear"})
        conversation = self.client.api("POST", "/conversations", {}).json()["id"]
        self.client.api("POST", f"/conversations/{conversation}/messages", {"text": "What is this?"})
        report = self.client.reported(analysis)["id"]
        self.client.api("DELETE", f"/reports/{report}")
        subjects = {entry["event"]: entry.get("subject") for entry in self.entries()}
        self.assertEqual(subjects | {
            "picture-received": f"upload:{upload}", "analysis-asked": f"analysis:{analysis}",
            "reading-recorded": f"analysis:{analysis}", "question-answered": f"conversation:{conversation}",
            "report-made": f"report:{report}", "report-deleted": f"report:{report}",
        }, subjects)

    def test_what_is_not_in_the_session_is_refused_with_a_line_and_a_bound(self):
        stranger = Client(self.server).begin()
        upload = stranger.upload(png(200, 200)).json()["id"]
        unknown = upload[:-4] + ("0000" if upload[-4:] != "0000" else "1111")
        for number in range(20):
            self.assertEqual(self.client.api("GET", f"/uploads/{upload if number % 2 else unknown}").status, 404)
        denied = [entry for entry in self.entries() if entry["event"] == "access-denied"]
        self.assertEqual(len(denied), 10)
        self.assertEqual({entry["subject"] for entry in denied}, {f"upload:{upload}", f"upload:{unknown}"})
        self.assertEqual({entry["outcome"] for entry in denied}, {"refused"})
        # Whose it is learns nothing of it, and what is one's own and isn't there is no such try.
        self.assertNotIn("access-denied", [entry["event"] for entry in self.entries(stranger)])
        own = stranger.upload(sample_film().read_bytes()).json()["id"]
        analysis = stranger.api("POST", "/analyses", {"uploadId": own}).json()["id"]
        self.assertEqual(stranger.api("GET", f"/analyses/{analysis}/reading").status, 404)
        self.assertNotIn("access-denied", [entry["event"] for entry in self.entries(stranger)])

    def test_it_can_be_kept_as_a_file(self):
        self.clinician.ask("POST", f"/admin/records/{self.session}/break-glass", {"reason": '=HYPERLINK("x"), she said'})
        table = self.client.ask("GET", "/api/v1/access-log/download?format=csv")
        self.assertEqual(table.headers["content-type"], "text/csv; charset=utf-8")
        self.assertIn("attachment", table.headers["content-disposition"])
        self.assertIn('"\'=HYPERLINK(""x""), she said"', table.body.decode())
        whole = self.client.ask("GET", "/api/v1/access-log/download?format=json").json()
        self.assertEqual(whole["entries"], self.entries())
        self.assertEqual(len(table.body.decode().splitlines()), len(whole["entries"]) + 1)
        self.assert_problem(self.client.ask("GET", "/api/v1/access-log/download?format=xml"), 400, "bad-request")
        self.assertEqual(Client(self.server).ask("GET", "/api/v1/access-log/download").status, 401)

    def test_a_picture_that_is_deleted_unread_and_sent_again_is_not_read_blind(self):
        film = sample_film().read_bytes()
        upload = self.client.upload(film).json()["id"]
        answer = self.client.api("POST", "/analyses", {"uploadId": upload, "blindFirst": True})
        self.client.finished(answer.json()["id"])
        self.client.api("DELETE", f"/uploads/{upload}")
        again = self.client.upload(film).json()["id"]
        answer = self.client.api("POST", "/analyses", {"uploadId": again, "blindFirst": True})
        self.assert_problem(answer, 422, "validation-failed")
        self.assertEqual(answer.json()["errors"][0]["pointer"], "/blindFirst")
        told = [(entry["event"], entry.get("subject"), entry["outcome"]) for entry in self.entries()]
        self.assertIn(("held-findings-deleted", f"upload:{upload}", "done"), told)
        self.assertEqual(told[0], ("analysis-asked", f"upload:{again}", "refused"))


class WorkedOn(unittest.TestCase):
    def test_maintenance_stops_what_begins_and_nothing_else_and_outlives_a_restart(self):
        server = Server("api-maintenance")
        server.environment["LIGHTBOX_OPERATOR_TOKENS_FILE"] = str(tokens_file(server))
        operator = named(server, "Otto", "operator")
        with server:
            client = Client(server).begin()
            upload = client.upload(png(200, 200)).json()["id"]
            wrong = operator.ask("PUT", "/admin/maintenance", {"on": True, "message": " "})
            self.assertEqual((wrong.status, wrong.json()["errors"][0]["pointer"]), (422, "/message"))
            on = operator.ask("PUT", "/admin/maintenance", {"on": True, "message": "Back at noon."})
            self.assertEqual((on.status, on.json()["on"], on.json()["message"]), (200, True, "Back at noon."))
            for round in range(2):
                for answer in (
                    Client(server).api("POST", "/session", CONSENT), client.upload(png(200, 200)),
                    client.ask("POST", "/api/v1/uploads/tus", b"", {"Tus-Resumable": "1.0.0", "Upload-Length": "9"}),
                    client.api("POST", "/analyses", {"uploadId": upload}),
                ):
                    self.assertEqual((answer.status, answer.code), (503, "maintenance"), answer.body)
                    self.assertEqual(answer.json()["detail"], "Back at noon.")
                    self.assertGreater(int(answer.headers["retry-after"]), 0)
                self.assertEqual(client.api("GET", f"/uploads/{upload}").status, 200)
                self.assertEqual(client.api("PATCH", "/intake", {"answers": {"age": 50}}).status, 200)
                self.assertEqual(client.api("GET", "/limits").json()["maintenance"]["message"], "Back at noon.")
                self.assertTrue(operator.ask("GET", "/admin/maintenance").json()["on"])
                if round == 0:
                    server.stop()
                    server.start()
            self.assertEqual(operator.ask("PUT", "/admin/maintenance", {"on": False}).json(), {"on": False})
            self.assertNotIn("maintenance", client.api("GET", "/limits").json())
            self.assertEqual(client.upload(png(200, 200)).status, 201)
            actions = [line["action"] for line in operator.ask("GET", "/admin/audit").json()["lines"] if line.get("name") == "Otto" and line["outcome"] == "done"]
            self.assertEqual((actions.count("maintenance-begun"), actions.count("maintenance-ended")), (1, 1))


class IdentityProvider(unittest.TestCase):
    def test_a_token_of_the_provider_lets_in_by_its_roles(self):
        key = ec.generate_private_key(ec.SECP256R1())
        numbers = key.public_key().public_numbers()

        def url(data: bytes) -> str:
            return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

        def token(**claims) -> str:
            parts = [{"alg": "ES256", "kid": "k1", "typ": "JWT"}, {
                "iss": "https://id.example.org", "aud": "lightbox", "sub": "u1", "preferred_username": "dana",
                "exp": time.time() + 60, **claims}]
            signed = ".".join(url(json.dumps(part).encode()) for part in parts)
            r, s = utils.decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
            return f"{signed}.{url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"

        server = Server("api-oidc")
        keys = Path(server.folder.name) / "jwks.json"
        keys.write_text(json.dumps({"keys": [{
            "kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "k1", "use": "sig",
            "x": url(numbers.x.to_bytes(32, "big")), "y": url(numbers.y.to_bytes(32, "big"))}]}))
        server.environment |= {
            "LIGHTBOX_OPERATOR_OIDC_ISSUER": "https://id.example.org", "LIGHTBOX_OPERATOR_OIDC_JWKS_FILE": str(keys),
            "LIGHTBOX_OPERATOR_OIDC_ROLE_CLAIM": "realm_access.roles"}
        with server:
            def ask(method, path, value=None, **claims):
                return Operators(server, token(**claims)).ask(method, path, value)

            viewer = {"realm_access": {"roles": ["viewer", "offline_access"]}}
            me = ask("GET", "/admin/me", **viewer).json()
            self.assertEqual((me["name"], me["roles"], me["proof"]), ("dana", ["viewer"], "oidc"))
            self.assertEqual(ask("PUT", "/admin/maintenance", {"on": False}, **viewer).code, "operator-role-required")
            self.assertEqual(ask("GET", "/admin/me").code, "operator-role-required")
            for wrong in ({"aud": "other"}, {"iss": "https://other"}, {"exp": time.time() - 1}, {"nbf": time.time() + 60}):
                self.assertEqual(ask("GET", "/admin/me", **viewer, **wrong).code, "operator-token-required", wrong)


if __name__ == "__main__":
    unittest.main()
