"""Reading before the findings are shown: nothing of them leaves the server until then."""

import json
import re
import sqlite3
import unittest
from pathlib import Path

from client import ROOT, Client, png, sample_film
from test_api import SOME_ID, APITest
from test_conversations import Asking

READING = {"clinician": "Dr. Lee", "text": "Left effusion?\nNothing else."}
# With these answers the sample film has marks that ask for more than a routine visit.
ANSWERS = {"answers": {"age": 54, "reason": "a check"}}
# What these give is the same in every session.
FIXED = {"/api/v1/limits", "/api/v1/models", "/api/v1/samples", "/api/v1/intake/questionnaire", "/api/v1/assistant"}


def get_routes() -> list[str]:
    """Every GET address of the API, as the source declares them."""
    found = []
    for file in sorted((ROOT / "server/Sources/WebAPI").glob("*.swift")):
        found += re.findall(r'\bapi\.get\("([^"]+)"', file.read_text())
    return sorted(set(found))


class BlindTest(APITest):
    def setUp(self):
        super().setUp()
        self.client.api("PATCH", "/intake", ANSWERS)

    def waiting(self, client: Client | None = None) -> tuple[str, dict]:
        """The upload, and a blind-first analysis of it that has ended."""
        client = client or self.client
        upload = client.upload(sample_film().read_bytes()).json()["id"]
        answer = client.api("POST", "/analyses", {"uploadId": upload, "blindFirst": True, "confirmedDifferences": ["birth-date"]})
        self.assertEqual(answer.status, 202, answer.body)
        return upload, client.finished(answer.json()["id"])

    def opened(self) -> tuple[Client, dict]:
        """The same record with the findings shown, in another session."""
        client = Client(self.server).begin()
        client.api("PATCH", "/intake", ANSWERS)
        analysis = client.analyse(client.upload(sample_film().read_bytes()).json()["id"])
        return client, client.finished(analysis["id"])

    def put(self, analysis: str, reading=None):
        return self.client.api("PUT", f"/analyses/{analysis}/reading", reading or READING)

    def shown(self, analysis: str) -> dict:
        return self.client.api("GET", f"/analyses/{analysis}").json()


class Leaks(Asking, BlindTest):
    def test_while_an_analysis_awaits_its_reading_no_address_tells_what_it_found(self):
        open_client, open_analysis = self.opened()
        findings = open_analysis["result"]["findings"]
        flagged = [finding for finding in findings if finding["flagged"]]
        open_acuity = open_client.api("GET", "/acuity").json()
        # Otherwise the test below could not fail.
        self.assertTrue(flagged)
        self.assertIn("finding", [reason["origin"] for reason in open_acuity["reasons"]])
        self.assertNotEqual(open_acuity["level"], "routine")

        upload, analysis = self.waiting()
        conversation = self.begin()
        said = [self.ask(question, conversation)["text"] for question in
                ["What did the picture show?", "How urgent is it?", "What was not checked?"]]
        for finding in flagged:
            # That it is explained in general tells nothing, as long as nothing is said of this picture.
            other = self.begin()
            self.assertNotRegex(self.ask(f"Is there {finding['name']}?", other)["text"], r"\d %|marked|threshold")
            self.client.api("DELETE", f"/conversations/{other}")
        self.assertIn("held back until the clinician's own reading is recorded", said[0])

        values = {
            "analysis": [analysis["id"]], "upload": [upload], "conversation": [conversation], "report": [SOME_ID],
            "finding": [finding["id"] for finding in findings] + ["any-finding", "nonsense"],
        }
        paths = []
        for route in get_routes():
            names = re.findall(r":(\w+)", route)
            self.assertTrue(set(names) <= set(values), f"{route}: this test has no value for one of {names}")
            several = next((name for name in names if len(values[name]) > 1), None)
            for value in values[several] if several else [None]:
                paths.append("/api/v1/" + re.sub(
                    r":(\w+)", lambda match: value if match[1] == several else values[match[1]][0], route))
        self.assertGreater(len(paths), 25)

        stranger = Client(self.server).begin()
        secrets = {f'"{finding["id"]}"' for finding in findings} | {str(finding["probability"]) for finding in findings}
        secrets |= {f"{finding['probability'] * 100:.1f} %" for finding in findings}
        names = {finding["name"] for finding in flagged} | {finding["plain"] for finding in flagged}
        reasons = {reason["text"] for reason in open_acuity["reasons"] if reason["origin"] == "finding"}
        keys = ['"findings":', '"flagged"', '"probability"', '"heatmap"', '"origin":"finding"', "[finding."]
        for path in paths:
            with self.subTest(path):
                answer = self.client.ask("GET", path)
                if path in FIXED:
                    self.assertEqual(answer.body, stranger.ask("GET", path).body)
                    continue
                text = answer.body.decode("utf-8", "replace")
                for secret in [*secrets, *names, *reasons, *keys]:
                    self.assertFalse(secret.lower() in text.lower(), f"“{secret}” is told by GET {path}")
                if "/heatmaps/" in path:
                    self.assert_problem(answer, 409, "reading-awaited")
        for name in names:
            self.assertNotIn(name.lower(), " ".join(said).lower())

        markdown = self.client.ask("GET", "/api/v1/context", headers={"Accept": "text/markdown"}).body.decode()
        self.assertIn("held back until a clinician's own reading is recorded", markdown)
        self.assertNotIn("finding.", markdown)
        report = self.client.api("POST", "/reports", {"analysisId": analysis["id"], "audience": "clinician"})
        self.assert_problem(report, 409, "reading-awaited")
        for answer in (self.client.api("PATCH", "/intake", {"answers": {"height": 170}}),
                       self.client.api("PATCH", "/context", {"withheld": {"height": True}}),
                       self.client.api("POST", "/acuity/messages", {"text": "hello"}),
                       self.client.api("POST", f"/analyses/{analysis['id']}/retry"),
                       self.client.api("POST", f"/analyses/{analysis['id']}/cancel")):
            for secret in [*reasons, *keys]:
                self.assertNotIn(secret, answer.body.decode())
        self.assertEqual(self.client.api("GET", "/acuity").json()["level"], "routine")

        self.assertEqual(self.put(analysis["id"]).status, 201)
        self.assertEqual(self.client.api("GET", "/acuity").json()["reasons"], open_acuity["reasons"])
        told = [(finding["id"], finding["probability"]) for finding in self.shown(analysis["id"])["result"]["findings"]]
        self.assertEqual(told, [(finding["id"], finding["probability"]) for finding in findings])

    def test_an_older_pictures_findings_do_not_pass_for_those_that_are_held_back(self):
        film = self.client.upload(sample_film().read_bytes()).json()["id"]
        smaller = self.client.ask("GET", f"/api/v1/uploads/{film}/preview").body
        older = self.client.analyse(self.client.upload(smaller).json()["id"])
        self.assertTrue(self.client.finished(older["id"])["result"]["findings"])
        self.assertNotIn("held back", self.ask("What did the picture show?")["text"])
        self.waiting()
        said = self.ask("What did the picture show?")["text"]
        self.assertIn("held back", said)
        self.assertNotIn("%", said)


class Readings(BlindTest):
    def test_the_body_says_what_is_awaited_until_when_and_warns(self):
        _, analysis = self.waiting()
        self.assertEqual((analysis["state"], analysis["blindFirst"], analysis["awaitsReading"]), ("completed", True, True))
        self.assertNotIn("result", analysis)
        self.assertNotIn("revealedWithoutReading", analysis)
        self.assertIn("30 minutes after", analysis["warning"])
        self.assertIn("may be seriously ill", analysis["warning"])
        self.assertGreater(analysis["revealsAt"], analysis["updatedAt"])
        self.assertEqual(self.client.api("GET", "/limits").json()["longestBlindMinutes"], 30)
        listed = self.client.api("GET", "/analyses").json()["analyses"]
        self.assertEqual(listed, [analysis])

    def test_a_blind_reading_shows_the_findings_and_is_final(self):
        _, analysis = self.waiting()
        address = f"/analyses/{analysis['id']}/reading"
        self.assert_problem(self.client.api("GET", address), 404, "not-found")
        recorded = self.put(analysis["id"])
        self.assertEqual((recorded.status, recorded.headers["location"]), (201, "/api/v1" + address))
        reading = recorded.json()
        self.assertEqual((reading["clinician"], reading["text"], reading["isBlind"]), (*READING.values(), True))
        self.assertEqual(self.client.api("GET", address).json(), reading)
        self.assert_problem(self.put(analysis["id"], {**READING, "text": "Another"}), 409, "reading-recorded")
        self.assertEqual(self.client.api("GET", address).json(), reading)
        shown = self.shown(analysis["id"])
        self.assertTrue(shown["result"]["findings"])
        self.assertEqual([name for name in ("awaitsReading", "revealedWithoutReading", "warning", "revealsAt") if name in shown], [])
        heat_map = next(finding["heatmap"] for finding in shown["result"]["findings"] if "heatmap" in finding)
        self.assertEqual(self.client.ask("GET", heat_map).status, 200)
        report = self.client.api("POST", "/reports", {"analysisId": analysis["id"], "audience": "clinician"})
        self.assertIn(report.status, (201, 202), report.body)
        log = self.server.log.read_text()
        self.assertIn("reading-recorded", log)
        for word in ("Lee", "effusion?"):
            self.assertNotIn(word, log)

    def test_it_may_be_recorded_before_the_model_has_ended(self):
        upload = self.client.upload(sample_film().read_bytes()).json()["id"]
        analysis = self.client.api("POST", "/analyses", {"uploadId": upload, "blindFirst": True, "confirmedDifferences": ["birth-date"]}).json()
        self.assertTrue(analysis["awaitsReading"])
        self.assertTrue(self.put(analysis["id"]).json()["isBlind"])
        self.assertTrue(self.client.finished(analysis["id"])["result"])

    def test_findings_can_be_shown_without_a_reading_and_that_stays_known(self):
        _, analysis = self.waiting()
        for _ in range(2):
            revealed = self.client.api("POST", f"/analyses/{analysis['id']}/reveal")
            self.assertEqual(revealed.status, 200)
            self.assertTrue(revealed.json()["revealedWithoutReading"] and revealed.json()["result"]["findings"])
        self.assertNotEqual(self.client.api("GET", "/acuity").json()["level"], "routine")
        self.assertEqual((self.put(analysis["id"]).status, self.put(analysis["id"]).status), (201, 200))
        later = self.put(analysis["id"], {**READING, "text": "Another"}).json()
        self.assertEqual((later["isBlind"], later["text"]), (False, "Another"))
        self.assertTrue(self.shown(analysis["id"])["revealedWithoutReading"])
        self.assertIn("findings-revealed", self.server.log.read_text())

    def test_without_the_choice_nothing_is_held_back_and_a_reading_is_not_blind(self):
        analysis = self.client.analyse(self.client.upload(sample_film().read_bytes()).json()["id"])
        shown = self.client.finished(analysis["id"])
        self.assertTrue(shown["result"])
        self.assertNotIn("blindFirst", shown)
        self.assertFalse(self.put(analysis["id"]).json()["isBlind"])
        revealed = self.client.api("POST", f"/analyses/{analysis['id']}/reveal")
        self.assertNotIn("revealedWithoutReading", revealed.json())

    def test_a_refusal_is_told_at_once(self):
        upload = self.client.upload(png(400, 400)).json()["id"]
        analysis = self.client.api("POST", "/analyses", {"uploadId": upload, "blindFirst": True, "confirmedDifferences": ["birth-date"]}).json()
        finished = self.client.finished(analysis["id"])
        self.assertEqual((finished["state"], finished["blindFirst"]), ("refused", True))
        self.assertTrue(finished["refusal"]["reason"])
        self.assertNotIn("awaitsReading", finished)

    def test_what_is_wrong_with_a_reading_is_named(self):
        _, analysis = self.waiting()
        for change, pointer, code in [
            ({"clinician": " "}, "/clinician", "required"), ({"text": "\n"}, "/text", "required"),
            ({"clinician": "x" * 121}, "/clinician", "too-long"), ({"text": "x" * 4001}, "/text", "too-long"),
            ({"clinician": "Lee\nMD"}, "/clinician", "forbidden-character"), ({"text": "a\u0007"}, "/text", "forbidden-character"),
            ({"text": 5}, "/text", "wrong-type"),
        ]:
            with self.subTest(pointer=pointer, code=code):
                answer = self.put(analysis["id"], {**READING, **change})
                self.assert_problem(answer, 422, "validation-failed")
                error = answer.json()["errors"][0]
                self.assertEqual((error["pointer"], error["code"]), (pointer, code))
        self.assertTrue(self.shown(analysis["id"])["awaitsReading"])
        hostile = {**READING, "text": "<script>\u202etxet</script> 😀"}
        self.assertEqual(self.put(analysis["id"], hostile).json()["text"], hostile["text"])

    def test_it_belongs_to_its_session(self):
        _, analysis = self.waiting()
        for client, status in ((Client(self.server).begin(), 404), (Client(self.server), 401)):
            for method, path, body in (("PUT", "reading", READING), ("GET", "reading", None), ("POST", "reveal", None)):
                answer = client.api(method, f"/analyses/{analysis['id']}/{path}", body)
                self.assertEqual(answer.status, status, (method, path))
        self.assertTrue(self.shown(analysis["id"])["awaitsReading"])


class SamePicture(BlindTest):
    def test_no_second_analysis_shows_what_the_first_holds_back(self):
        upload, analysis = self.waiting()
        again = self.client.upload(sample_film().read_bytes()).json()["id"]
        for picture in (upload, again):
            for blind in (False, True):
                answer = self.client.api("POST", "/analyses", {"uploadId": picture, "blindFirst": blind, "confirmedDifferences": ["birth-date"]})
                self.assert_problem(answer, 409, "reading-awaited")
        self.put(analysis["id"])
        self.assertEqual(self.client.api("POST", "/analyses", {"uploadId": upload, "confirmedDifferences": ["birth-date"]}).status, 202)

    def test_what_was_shown_cannot_be_read_blind(self):
        upload = self.client.upload(sample_film().read_bytes()).json()["id"]
        self.client.finished(self.client.analyse(upload)["id"])
        answer = self.client.api("POST", "/analyses", {"uploadId": upload, "blindFirst": True, "confirmedDifferences": ["birth-date"]})
        self.assert_problem(answer, 422, "validation-failed")
        self.assertEqual(answer.json()["errors"][0]["pointer"], "/blindFirst")

    def test_a_picture_that_is_removed_unread_leaves_its_urgency(self):
        upload, _ = self.waiting()
        self.assertEqual(self.client.api("GET", "/acuity").json()["level"], "routine")
        self.assertEqual(self.client.api("DELETE", f"/uploads/{upload}").status, 204)
        acuity = self.client.api("GET", "/acuity").json()
        self.assertNotEqual(acuity["level"], "routine")
        self.assertEqual({reason["origin"] for reason in acuity["reasons"]}, {"finding"})


class Time(BlindTest):
    def test_it_waits_across_a_restart_and_not_longer_than_it_may(self):
        _, analysis = self.waiting()
        self.server.kill()
        self.server.start()
        self.assertTrue(self.shown(analysis["id"])["awaitsReading"])
        # What half an hour does to the row is the same as half an hour less to wait.
        database = Path(self.server.environment["LIGHTBOX_DATA_DIRECTORY"]) / "lightbox.sqlite"
        with sqlite3.connect(database, timeout=10) as connection:
            connection.execute("UPDATE analyses SET blind_seconds = 0.001 WHERE id = ?", [analysis["id"]])
        connection.close()
        shown = self.shown(analysis["id"])
        self.assertTrue(shown["result"]["findings"] and shown["revealedWithoutReading"])
        self.assertNotIn("awaitsReading", shown)
        self.assertNotEqual(self.client.api("GET", "/acuity").json()["level"], "routine")
        self.assertFalse(self.put(analysis["id"]).json()["isBlind"])


if __name__ == "__main__":
    unittest.main()
