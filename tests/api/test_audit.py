"""The audit trail of the real server: what a person sees of it, and what an operator can prove."""

import http.client
import json
import sqlite3
import subprocess
import time
import unittest

from pathlib import Path

from client import Client, Server, sample_film
from test_api import APITest


def data(server: Server) -> Path:
    return Path(server.folder.name) / "data"


def audit(server: Server, *words: str) -> subprocess.CompletedProcess:
    command = [server.program, "audit", *words, "--data-directory", data(server)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


class Trail(APITest):
    def entries(self, client: Client | None = None) -> list[dict]:
        return (client or self.client).api("GET", "/access-log").json()["entries"]

    def test_a_person_sees_what_was_done_with_the_record_and_nobody_else_does(self):
        self.client.api("PATCH", "/intake", {"answers": {"age": 54, "reason": "Xylocough"}})
        self.client.api("PATCH", "/intake", {"answers": {"age": "old"}})
        upload = self.client.upload(sample_film().read_bytes()).json()["id"]
        analysis = self.client.analyse_all_the_same(upload)["id"]
        self.client.finished(analysis)
        entries = self.entries()
        self.assertEqual([entry["number"] for entry in entries], sorted((entry["number"] for entry in entries), reverse=True))
        told = [(entry["event"], entry["outcome"], entry["actor"]) for entry in reversed(entries)]
        self.assertEqual(
            told[:4],
            [("session-opened", "done", "person"), ("history-changed", "done", "person"),
             ("history-changed", "refused", "person"), ("picture-received", "done", "person")])
        self.assertIn(("analysis-asked", "done", "person"), told)
        self.assertTrue(all(entry["request"] for entry in entries if entry["event"] == "history-changed"))
        stranger = Client(self.server).begin()
        self.assertEqual([entry["event"] for entry in self.entries(stranger)], ["session-opened"])
        self.assertNotIn("Xylocough", json.dumps(entries))
        self.assert_problem(self.client.api("GET", "/access-log?before=x"), 400, "bad-request")
        self.assertEqual(self.client.api("GET", f"/access-log?before={entries[-1]['number']}").json()["entries"], [])

    def test_the_trail_outlives_the_record_and_holds_nothing_of_it(self):
        client = Client(self.server).begin()
        client.api("PATCH", "/intake", {"answers": {"pseudonym": "Zaphodia", "reason": "Xylocough"}})
        session = client.api("GET", "/session").json()["id"]
        client.api("DELETE", "/session")
        # Somebody asks, so that everything before is written.
        self.entries()
        result = audit(self.server, "export")
        self.assertEqual(result.returncode, 0, result.stderr)
        lines = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual([line["number"] for line in lines], list(range(1, len(lines) + 1)))
        self.assertIn("session-erased", [line["event"] for line in lines])
        for line in lines:
            self.assertRegex(line["at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        for word in ("Zaphodia", "Xylocough", session):
            self.assertNotIn(word, result.stdout)


class Proof(unittest.TestCase):
    def test_a_whole_trail_is_proven_and_the_first_bad_line_is_named(self):
        with Server("api-audit") as server:
            client = Client(server).begin()
            for age in range(20, 26):
                client.api("PATCH", "/intake", {"answers": {"age": age}})
            client.api("GET", "/access-log")
            server.stop()
            result = audit(server, "verify")
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
            self.assertIn("Whole: 7 lines", result.stdout)
            heads = data(server) / "audit-heads.jsonl"
            # The head was signed at the end of the process.
            self.assertEqual(json.loads(heads.read_text().splitlines()[-1])["number"], 7)
            database = sqlite3.connect(data(server) / "audit.sqlite")
            with self.assertRaises(sqlite3.IntegrityError):
                database.execute("UPDATE lines SET event = 'x' WHERE number = 3")
            database.execute("DELETE FROM lines WHERE number = 7")
            database.commit()
            result = audit(server, "verify")
            self.assertEqual(result.returncode, 1)
            self.assertIn("line 7 is missing at the end", result.stdout)
            database.execute("DROP TRIGGER lines_stay")
            database.execute("UPDATE lines SET outcome = 'failed' WHERE number = 3")
            database.commit()
            database.close()
            result = audit(server, "verify")
            self.assertEqual(result.returncode, 1)
            self.assertIn("line 3 was changed", result.stdout)
            self.assertIn("The 2 lines before that", result.stdout)

    def test_a_trail_that_was_cut_at_its_front_or_emptied_is_not_whole(self):
        with Server("api-audit-front") as server:
            client = Client(server).begin()
            for age in range(20, 26):
                client.api("PATCH", "/intake", {"answers": {"age": age}})
            client.api("GET", "/access-log")
            server.stop()
            heads = data(server).parent / "heads-elsewhere.jsonl"
            heads.write_text((data(server) / "audit-heads.jsonl").read_text())
            self.assertEqual(audit(server, "verify", "--heads", str(heads)).returncode, 0)
            database = sqlite3.connect(data(server) / "audit.sqlite")
            hash, = database.execute("SELECT hash FROM lines WHERE number = 3").fetchone()
            cut = "DELETE FROM lines WHERE number <= 3; UPDATE origin SET number = 4, hash = x'%s';" % hash.hex()
            emptied = "DELETE FROM lines; DELETE FROM heads; UPDATE origin SET number = 8, hash = zeroblob(32);"
            new = "DELETE FROM lines; DELETE FROM heads; UPDATE origin SET number = 1, hash = zeroblob(32);"
            for script, words in (
                (cut, "the lines up to 3 were let go"), (emptied, "the lines up to 7 were let go"), (new, "lines 1 to 7 are missing at the end"),
            ):
                database.executescript(script)
                result = audit(server, "verify", "--heads", str(heads))
                self.assertEqual((result.returncode, words in result.stdout), (1, True), result.stdout + result.stderr)
            database.close()
            # The running server notices it, too, by the heads that it keeps beside the trail.
            server.start()
            deadline = time.monotonic() + 30
            while "lightbox_audit_chain_ok 0" not in server.metrics():
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.2)

    def test_after_a_change_of_the_signing_key_the_old_one_is_named(self):
        with Server("api-audit-keys") as server:
            Client(server).begin()
            connection = http.client.HTTPConnection("127.0.0.1", server.port)
            connection.request("GET", "/.well-known/jwks.json")
            old = data(server).parent / "old-jwks.json"
            old.write_bytes(connection.getresponse().read())
            connection.close()
            server.stop()
            key = data(server) / "signing.key"
            key.unlink()
            server.start()
            Client(server).begin()
            server.stop()
            self.assertIn("isn't genuine", audit(server, "verify").stdout)
            for words in (("--keys", str(old)), ("--keys", old.read_text()), ("--audit-former-keys-file", str(old))):
                result = audit(server, "verify", *words)
                self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
            self.assertEqual(audit(server, "verify", "--keys", "nothing").returncode, 65)

    def test_without_a_trail_it_says_so(self):
        server = Server("api-audit-none")
        try:
            result = audit(server, "verify")
            self.assertEqual(result.returncode, 66, result.stderr)
            self.assertIn("There is no audit trail", result.stderr)
        finally:
            server.folder.cleanup()
