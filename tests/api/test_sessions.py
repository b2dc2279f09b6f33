"""Sessions and keys, on the real server: who comes back and who doesn't, and what stands in the files."""

import base64
import json
import os
import random
import sqlite3
import subprocess
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

from client import CONSENT, Client, Server, png, sample_film
from test_api import APITest

WORD = b"zebra"
VERSION_6 = Path(__file__).parent / "data/version-6.sql"


def data(server: Server) -> Path:
    return Path(server.environment["LIGHTBOX_DATA_DIRECTORY"])


def until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


def holds(folder: Path, word: bytes) -> list[str]:
    """The files in which a word stands."""
    return [str(path.relative_to(folder)) for path in sorted(folder.rglob("*")) if path.is_file() and word in path.read_bytes()]


def lightbox(server: Server, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(server.program), *arguments], env={**server.environment, **environment}, cwd=server.folder.name,
        capture_output=True, text=True, timeout=300, check=False,
    )


class Program(Client):
    """A client that holds a bearer token instead of a cookie."""

    token = ""

    def begin(self) -> "Program":
        answer = self.api("POST", "/session", {**CONSENT, "credential": "bearer"})
        assert answer.status == 201 and "set-cookie" not in answer.headers, answer
        self.token = answer.json()["token"]
        self.extra = {"Authorization": f"Bearer {self.token}"}
        return self


class Ends(APITest):
    def test_logged_off_nobody_comes_back_and_everything_goes(self):
        upload = self.client.upload(png(90, 90)).json()["id"]
        session = self.client.api("GET", "/session").json()["id"]
        cookie = self.client.cookie
        answer = self.client.api("POST", "/session/log-off")
        self.assertEqual((answer.status, answer.body), (204, b""))
        self.assertIn("Max-Age=0", answer.headers["set-cookie"])
        for path in ("/session", "/intake", f"/uploads/{upload}"):
            self.assert_problem(Client(self.server, cookie).api("GET", path), 401, "session-required")
        self.assert_problem(Client(self.server, cookie).api("POST", "/session/log-off"), 401, "session-required")
        until(lambda: not (data(self.server) / "files" / session).exists())
        database = sqlite3.connect(data(self.server) / "lightbox.sqlite", timeout=10)
        self.addCleanup(database.close)
        until(lambda: database.execute("SELECT count(*) FROM sessions WHERE id = ?", (session,)).fetchone() == (0,))

    def test_a_token_that_the_client_brought_is_never_adopted(self):
        planted = "A" * 43
        for headers in ({"Cookie": f"lightbox={planted}"}, {"Authorization": f"Bearer {planted}"}, {"Cookie": self.client.cookie}):
            answer = Client(self.server).ask("POST", "/api/v1/session", json.dumps(CONSENT), {"Content-Type": "application/json", **headers})
            self.assertEqual(answer.status, 201)
            given = answer.headers["set-cookie"].split(";")[0]
            self.assertNotIn(given, (f"lightbox={planted}", self.client.cookie))
        for client in (Client(self.server, f"lightbox={planted}"), Client(self.server, extra={"Authorization": f"Bearer {planted}"})):
            self.assert_problem(client.api("GET", "/session"), 401, "session-required")

    def test_the_receipt_counts_everything(self):
        client = self.client
        client.api("PATCH", "/intake", {"answers": {"age": 54}})
        analysis = client.analyse(client.upload(png(90, 90)).json()["id"])["id"]
        client.finished(analysis)
        client.api("PUT", f"/analyses/{analysis}/reading", {"clinician": "N", "text": "Clear."})
        conversation = client.api("POST", "/conversations", {}).json()["id"]
        client.api("POST", f"/conversations/{conversation}/messages", {"text": "What is an effusion?"})
        client.ask("POST", "/api/v1/uploads/tus", b"", {"Tus-Resumable": "1.0.0", "Upload-Length": "100"})
        held = client.api("GET", "/session").json()
        expected = {"uploads": 1, "analyses": 1, "reports": 0, "conversations": 1, "messages": 2, "readings": 1, "receptions": 1}
        self.assertEqual({name: held[name] for name in expected}, expected)
        receipt = client.api("DELETE", "/session").json()
        self.assertEqual({name: receipt[name] for name in expected}, expected)

    def test_the_last_copy_of_a_key_goes_by_itself_when_whoever_read_has_finished(self):
        folder = data(self.server)
        database = sqlite3.connect(folder / "lightbox.sqlite", isolation_level=None)
        self.addCleanup(database.close)
        session = self.client.api("GET", "/session").json()["id"]
        key = database.execute("SELECT wrapped_key FROM sessions WHERE id = ?", (session,)).fetchone()[0]

        def places():
            return [path.name for path in folder.glob("lightbox.sqlite*") if key in path.read_bytes()]

        # As “lightbox backup” reads, in one long transaction.
        database.execute("BEGIN")
        database.execute("SELECT count(*) FROM sessions").fetchone()
        other = Client(self.server).begin()
        receipt = self.client.api("DELETE", "/session")
        self.assertEqual((receipt.status, receipt.json()["logEmptied"]), (200, False))
        self.assertIn("lightbox.sqlite-wal", places())
        self.assertEqual(other.api("PATCH", "/intake", {"answers": {"age": 40}}).status, 200)
        database.execute("COMMIT")
        # Nobody else leaves meanwhile.
        until(lambda: not places())
        self.assertEqual(other.api("GET", "/intake").json()["answers"], {"age": 40})
        # Where nobody reads, it is gone with the answer.
        session = other.api("GET", "/session").json()["id"]
        key = database.execute("SELECT wrapped_key FROM sessions WHERE id = ?", (session,)).fetchone()[0]
        receipt = other.api("DELETE", "/session")
        self.assertEqual((receipt.status, receipt.json()["logEmptied"], places()), (200, True, []))

    def test_two_tabs_share_one_session_and_neither_loses_the_others_answers(self):
        first, second = self.client, Client(self.server, self.client.cookie)
        answers = {"age": 54, "reason": "cough", "symptoms": ["fever"], "alcohol": None}
        del answers["alcohol"]
        with ThreadPoolExecutor(4) as pool:
            saved = pool.map(lambda item: (first, second)[item[0] % 2].api("PATCH", "/intake", {"answers": dict([item[1]])}).status, enumerate(answers.items()))
            self.assertEqual(set(saved), {200})
        self.assertEqual(first.api("GET", "/intake").json()["answers"], answers)
        self.assertEqual(second.api("GET", "/session").json()["id"], first.api("GET", "/session").json()["id"])
        # What the other tab saw before is no ground to change what this one wrote since.
        stale = second.ask("PATCH", "/api/v1/intake", json.dumps({"answers": {"age": 1}}), {"Content-Type": "application/json", "If-Match": '"1"'})
        self.assert_problem(stale, 412, "intake-changed")
        self.assertEqual(first.api("DELETE", "/session").status, 200)
        self.assert_problem(second.api("GET", "/intake"), 401, "session-required")
        self.assert_problem(second.api("PATCH", "/intake", {"answers": {"age": 2}}), 401, "session-required")


class Programs(APITest):
    def test_a_program_holds_a_token_and_no_cookie(self):
        program = Program(self.server).begin()
        self.assertEqual(program.api("PATCH", "/intake", {"answers": {"age": 40}}).status, 200)
        self.assertNotIn("token", program.api("GET", "/session").json())
        self.assertEqual(program.api("POST", "/session/extend").status, 200)
        self.assertEqual(program.api("POST", "/session/log-off").status, 204)
        self.assert_problem(program.api("GET", "/session"), 401, "session-required")

    def test_a_token_of_one_kind_is_worth_nothing_as_the_other(self):
        token = Program(self.server).begin().token
        self.assertEqual(Client(self.server, f"lightbox={token}").api("GET", "/session").status, 401)
        cookie = self.client.cookie.split("=", 1)[1]
        self.assertEqual(Client(self.server, extra={"Authorization": f"Bearer {cookie}"}).api("GET", "/session").status, 401)

    def test_beside_a_bearer_token_no_cookie_is_read(self):
        for authorization in ("Bearer nonsense", "bearer " + "A" * 43):
            both = Client(self.server, self.client.cookie, {"Authorization": authorization})
            self.assert_problem(both.api("GET", "/session"), 401, "session-required")
            # So nothing is lost where its origin isn't asked for.
            forged = both.ask("DELETE", "/api/v1/session", headers={"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"})
            self.assert_problem(forged, 401, "session-required")
        self.assertEqual(self.client.api("GET", "/session").status, 200)
        program = Program(self.server).begin()
        extended = program.ask("POST", "/api/v1/session/extend", headers={"Origin": "https://elsewhere.example"})
        self.assertEqual(extended.status, 200)
        self.assertNotIn("access-control-allow-origin", extended.headers)
        # A cookie alone is still held to its origin.
        forged = self.client.ask("DELETE", "/api/v1/session", headers={"Origin": "https://elsewhere.example"})
        self.assert_problem(forged, 403, "cross-site-request")

    def test_another_kind_of_credential_is_no_field(self):
        answer = Client(self.server).api("POST", "/session", {**CONSENT, "credential": "basic"})
        self.assert_problem(answer, 422, "validation-failed")


class Once(APITest):
    """One key, one effect, on every address that creates something."""

    def keyed(self, method: str, path: str, value, key: str):
        return self.client.ask(method, "/api/v1" + path, json.dumps(value), {"Content-Type": "application/json", "Idempotency-Key": key})

    def check(self, path: str, value, other):
        key = f"key of {path}".replace(" ", "-")
        first = self.keyed("POST", path, value, key)
        self.assertIn(first.status, (200, 201, 202), first.body)
        self.assertNotIn("idempotent-replayed", first.headers)
        again = self.keyed("POST", path, value, key)
        self.assertEqual((again.status, again.body), (first.status, first.body))
        self.assertEqual(again.headers["idempotent-replayed"], "true")
        if other is not None:
            self.assert_problem(self.keyed("POST", path, other, key), 422, "key-reused")
        return first.json()

    def test_everything_that_is_created_is_created_once(self):
        self.client.api("PATCH", "/intake", {"answers": {"age": 54, "reason": "cough"}})
        uploads = [self.client.upload(sample_film().read_bytes()).json()["id"], self.client.upload(png(99, 99)).json()["id"]]
        conversation = self.check("/conversations", {"title": "one"}, {"title": "two"})
        messages = f"/conversations/{conversation['id']}/messages"
        self.check(messages, {"text": "What is an effusion?"}, {"text": "What is a nodule?"})
        self.check(f"/conversations/{conversation['id']}/regenerate", {}, None)
        self.assertEqual(len(self.client.api("GET", f"/conversations/{conversation['id']}").json()["items"]), 2)
        analysis = self.check("/analyses", {"uploadId": uploads[1]}, {"uploadId": uploads[1], "frame": 0, "blindFirst": True})
        self.assertEqual(len(self.client.api("GET", "/analyses").json()["analyses"]), 1)
        self.client.api("POST", f"/analyses/{analysis['id']}/cancel")
        ended = self.client.finished(analysis["id"])
        if ended["state"] == "cancelled":
            self.check(f"/analyses/{analysis['id']}/retry", {}, None)

    def test_a_key_brings_back_nothing_that_was_deleted(self):
        headers = {"Idempotency-Key": "gone", "Content-Disposition": 'attachment; filename="zebra.png"'}
        upload = self.client.upload(png(210, 240), **headers)
        again = self.client.upload(png(210, 240), **headers)
        self.assertEqual((again.body, again.headers["idempotent-replayed"]), (upload.body, "true"))
        self.assertEqual(self.client.api("DELETE", f"/uploads/{upload.json()['id']}").status, 204)
        made = self.client.upload(png(210, 240), **headers)
        self.assertEqual(made.status, 201)
        self.assertNotIn("idempotent-replayed", made.headers)
        self.assertEqual(self.client.api("GET", f"/uploads/{made.json()['id']}").status, 200)

    def test_a_key_is_known_in_its_session_only_and_after_a_restart(self):
        first = self.keyed("POST", "/conversations", {"title": "one"}, "k")
        other = Client(self.server).begin()
        made = other.ask("POST", "/api/v1/conversations", json.dumps({"title": "two"}), {"Content-Type": "application/json", "Idempotency-Key": "k"})
        self.assertEqual(made.status, 201)
        self.assertNotIn("idempotent-replayed", made.headers)
        self.server.kill()
        self.server.start()
        again = self.keyed("POST", "/conversations", {"title": "one"}, "k")
        self.assertEqual((again.body, again.headers["idempotent-replayed"]), (first.body, "true"))

    def test_while_the_first_runs_the_second_is_told_so(self):
        def create(_):
            return self.keyed("POST", "/conversations", {"title": "race"}, "race")

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(create, range(16)))
        self.assertEqual({answer.status for answer in answers} - {201, 409}, set())
        for answer in answers:
            if answer.status == 409:
                self.assert_problem(answer, 409, "request-in-progress")
                self.assertEqual(answer.headers["retry-after"], "1")
        titles = [one["title"] for one in self.client.api("GET", "/conversations").json()["conversations"]]
        self.assertEqual(titles.count("race"), 1)

    def test_a_title_that_nobody_can_see_is_refused(self):
        for title in ("\u202e", "\u200b\u2060", " \u3164 "):
            self.assert_problem(self.client.api("POST", "/conversations", {"title": title}), 422, "validation-failed")
        made = self.client.api("POST", "/conversations", {}).json()["id"]
        self.assert_problem(self.client.api("PATCH", f"/conversations/{made}", {"title": "\u202e"}), 422, "validation-failed")


class Sealed(unittest.TestCase):
    def fill(self, client: Client) -> None:
        """The same word in every field that a person can type into."""
        client.api("PATCH", "/intake", {"answers": {"age": 54, "reason": "zebra-reason", "allergies": "zebra-allergy"}})
        assert client.api("PATCH", "/intake", {"answers": {"age": 54, "reason": "zebra-reason"}}).status == 200
        upload = client.upload(
            sample_film().read_bytes(), "application/dicom",
            **{"Content-Disposition": 'attachment; filename="zebra.dcm"', "Idempotency-Key": "zebra-key"},
        ).json()["id"]
        analysis = client.analyse_all_the_same(upload)["id"]
        conversation = client.api("POST", "/conversations", {"title": "zebra-title"}).json()["id"]
        assert client.api("POST", f"/conversations/{conversation}/messages", {"text": "zebra-question: what is an effusion?"}).status == 200
        client.finished(analysis)
        client.api("PUT", f"/analyses/{analysis}/reading", {"clinician": "zebra-name", "text": "zebra-reading"})
        name = base64.b64encode(b"zebra-part.dcm").decode()
        client.ask("POST", "/api/v1/uploads/tus", b"zebra" * 4, {"Tus-Resumable": "1.0.0", "Upload-Length": "100", "Upload-Metadata": f"filename {name}", "Content-Type": "application/offset+octet-stream"})
        client.reported(analysis, "patient")

    def test_nothing_that_was_typed_stands_anywhere_before_or_after_it_is_erased(self):
        with Server("sealed", LIGHTBOX_WORKER_COUNT="1", LIGHTBOX_LOG_LEVEL="debug") as server:
            client = Client(server).begin()
            self.fill(client)
            session = client.api("GET", "/session").json()["id"]
            self.assertIn(WORD, client.api("GET", "/intake").body)
            self.assertEqual(holds(data(server), WORD), [])
            self.assertEqual(holds(data(server), b"9RG1"), [], "what the file says of its person")
            self.assertIn("lightbox.sqlite", " ".join(holds(data(server), session.encode())))
            self.assertEqual(client.api("DELETE", "/session").status, 200)
            self.assertEqual(holds(data(server), WORD), [])
            server.stop()
            left = [name for name in holds(data(server), session.encode()) if not name.startswith("audit")]
            self.assertEqual(left, [], "not even that there was one, but in the audit trail")
            self.assertNotIn(WORD.decode(), server.log.read_text())

    def test_a_record_of_the_version_before_is_sealed_at_the_first_start_even_if_that_is_killed(self):
        server = Server("sealed-upgrade", LIGHTBOX_WORKER_COUNT="1")
        self.addCleanup(server.folder.cleanup)
        folder = data(server)
        folder.mkdir(mode=0o700)
        script = VERSION_6.read_text()
        key = folder / "master.key"
        key.write_text(script.splitlines()[0].rsplit(" ", 1)[1] + "\n")
        key.chmod(0o600)
        database = sqlite3.connect(folder / "lightbox.sqlite")
        database.executescript(script)
        token = "t" * 43
        database.execute("UPDATE sessions SET token_hash = ?, created_at = ?, last_seen_at = ?", (sha256(token.encode()).digest(), time.time(), time.time()))
        # The dump is of one day; what it receives in parts is given up some hours later.
        database.execute("UPDATE receptions SET created_at = ?, expires_at = ?", (time.time(), time.time() + 3600))
        for number in range(3000):
            id = f"01a222f2-0000-7000-8000-{number:012x}"
            database.execute("INSERT INTO sessions (id, token_hash, created_at, last_seen_at, consent_version, consent_at) VALUES (?, ?, ?, ?, 'v', 1)", (id, os.urandom(32), time.time(), time.time()))
            database.execute("INSERT INTO intakes VALUES (?, '{\"reason\":\"zebra\"}', 1, 1)", (id,))
        database.commit()
        database.execute("PRAGMA journal_mode = WAL")
        database.close()
        self.assertNotEqual(holds(folder, WORD), [])
        unsealed = "SELECT count(*) FROM intakes WHERE typeof(answers) = 'text'"

        def left() -> int | None:
            connection = sqlite3.connect(folder / "lightbox.sqlite", timeout=10)
            try:
                return connection.execute(unsealed).fetchone()[0]
            except sqlite3.OperationalError:
                return None
            finally:
                connection.close()

        seen = []
        for attempt in range(4):
            with server.log.open("ab") as log:
                process = subprocess.Popen([str(server.program), "serve"], cwd=server.folder.name, env=server.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            goal = 3000 - 700 * attempt
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline and process.poll() is None:
                count = left()
                if count is not None and count < goal:
                    break
            process.kill()
            process.wait()
            seen.append(left())
        self.assertTrue(any(0 < count < 3001 for count in seen if count), f"it was never killed in the middle: {seen}")
        server.start()
        self.addCleanup(server.stop)
        self.assertEqual(left(), 0)
        # The way back from the upgrade holds what was there before, as docs/sessions.md says; nothing else does.
        self.assertEqual(holds(folder, WORD), ["lightbox.before-migration-7.sqlite"])
        self.assertEqual((folder / "lightbox.before-migration-7.sqlite").stat().st_mode & 0o777, 0o600)
        client = Client(server, f"lightbox={token}")
        self.assertEqual(client.api("GET", "/intake").json()["answers"], {"age": 54, "reason": "zebra-reason since Tuesday"})
        self.assertEqual(client.api("GET", "/context").status, 200)
        [conversation] = client.api("GET", "/conversations").json()["conversations"]
        self.assertEqual(conversation["title"], "zebra-title")
        messages = client.api("GET", f"/conversations/{conversation['id']}").json()["items"]
        self.assertIn("zebra-question", json.dumps(messages))
        [upload] = client.api("GET", "/uploads").json()["uploads"]
        self.assertEqual(upload["fileName"], "zebra-film.dcm")
        [analysis] = client.api("GET", "/analyses").json()["analyses"]
        self.assertEqual(analysis["state"], "completed")
        self.assertEqual(client.api("GET", f"/analyses/{analysis['id']}/reading").json()["text"], "zebra-reading")
        [report] = client.api("GET", "/reports").json()["reports"]
        self.assertEqual(report["audience"], "patient")
        receipt = client.api("DELETE", "/session").json()
        self.assertEqual((receipt["messages"], receipt["readings"], receipt["receptions"]), (2, 1, 1))


class Rotation(unittest.TestCase):
    def test_the_key_is_exchanged_and_everything_reads_as_before(self):
        with Server("rotation", LIGHTBOX_WORKER_COUNT="1") as server:
            client = Client(server).begin()
            client.api("PATCH", "/intake", {"answers": {"age": 54}})
            upload = client.upload(png(90, 90)).json()["id"]
            running = lightbox(server, "keys", "rotate")
            self.assertEqual((running.returncode, running.stdout), (69, ""))
            self.assertIn("Stop it first", running.stderr)
            self.assertEqual(lightbox(server, "keys", "check").returncode, 0)
            server.stop()
            old = (data(server) / "master.key").read_text()
            done = lightbox(server, "keys", "rotate")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("The keys of 1 session(s)", done.stdout)
            new = (data(server) / "master.key").read_text()
            self.assertNotEqual(new, old)
            self.assertEqual((data(server) / "master.key").stat().st_mode & 0o777, 0o600)
            self.assertFalse((data(server) / "master.key.next").exists())
            server.start()
            self.assertEqual(client.api("GET", "/intake").json()["answers"], {"age": 54})
            self.assertEqual(client.api("GET", f"/uploads/{upload}/preview").status, 200)
            server.stop()
            (data(server) / "master.key").write_text(old)
            with self.assertRaises(RuntimeError) as refused:
                server.start()
            self.assertIn("isn't the one", str(refused.exception))
            (data(server) / "master.key").write_text(new)
            server.start()

    def test_killed_at_any_moment_the_server_starts_and_a_second_try_ends_it(self):
        with Server("rotation-killed", LIGHTBOX_WORKER_COUNT="1") as server:
            client = Client(server).begin()
            client.api("PATCH", "/intake", {"answers": {"age": 54}})
            server.stop()
            database = sqlite3.connect(data(server) / "lightbox.sqlite")
            wrapped = database.execute("SELECT wrapped_key FROM sessions").fetchone()[0]
            with database:
                # Keys that no master key has wrapped would stop it; those of sessions from before there were keys don't.
                database.executemany(
                    "INSERT INTO sessions (id, token_hash, created_at, last_seen_at, consent_version, consent_at, wrapped_key) VALUES (?, ?, ?, ?, 'v', 1, x'')",
                    [(f"f1a222f2-0000-7000-8000-{number:012x}", os.urandom(32), time.time(), time.time()) for number in range(20000)],
                )
            database.close()
            self.assertEqual(len(wrapped), 12 + 32 + 16)
            chance = random.Random(8)
            for _ in range(6):
                process = subprocess.Popen([str(server.program), "keys", "rotate"], env=server.environment, cwd=server.folder.name, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    process.wait(timeout=chance.uniform(0.05, 1.5))
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                self.assertEqual(lightbox(server, "keys", "check").returncode, 0)
            server.start()
            self.assertEqual(client.api("GET", "/intake").json()["answers"], {"age": 54})
            server.stop()
            done = lightbox(server, "keys", "rotate")
            self.assertEqual(done.returncode, 0, done.stderr)
            server.start()
            self.assertEqual(client.api("GET", "/intake").json()["answers"], {"age": 54})

    def test_the_key_may_come_from_the_environment_and_is_never_shown(self):
        key, other = (base64.b64encode(os.urandom(32)).decode() for _ in range(2))
        with Server("rotation-environment", LIGHTBOX_WORKER_COUNT="1", LIGHTBOX_KEYS_MASTER=key) as server:
            client = Client(server).begin()
            client.api("PATCH", "/intake", {"answers": {"age": 54}})
            self.assertFalse((data(server) / "master.key").exists())
            shown = lightbox(server, "config")
            self.assertIn("keys.master = (not shown)", shown.stdout)
            self.assertNotIn(key, shown.stdout + shown.stderr)
            server.stop()
            missing = lightbox(server, "keys", "rotate")
            self.assertEqual(missing.returncode, 69)
            self.assertIn("LIGHTBOX_KEYS_NEXT_MASTER", missing.stderr)
            done = lightbox(server, "keys", "rotate", LIGHTBOX_KEYS_NEXT_MASTER=other)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn(other, done.stdout + done.stderr)
            with self.assertRaises(RuntimeError):
                server.start()
            server.environment["LIGHTBOX_KEYS_MASTER"] = other
            server.start()
            self.assertEqual(client.api("GET", "/intake").json()["answers"], {"age": 54})
            self.assertNotIn(other, server.log.read_text())


if __name__ == "__main__":
    unittest.main()
