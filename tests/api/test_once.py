"""What was made under an Idempotency-Key whose answer could not be written: on the real server, before and after its end."""

import io
import json
import random
import sqlite3
import unittest
import zipfile
from contextlib import closing, contextmanager
from pathlib import Path

from client import Client, Server, form, png, sample_film
from test_uploads import TUS

CHANCE = random.Random(33)


def picture() -> bytes:
    return png(64, 64, CHANCE.randbytes(64 * 64))


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


class MadeWithoutAnAnswer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server("once", LIGHTBOX_WORKER_COUNT="1"))

    def setUp(self):
        self.client = Client(self.server).begin()
        self.keys = 0

    def change(self, sql: str) -> list:
        path = Path(self.server.environment["LIGHTBOX_DATA_DIRECTORY"]) / "lightbox.sqlite"
        with closing(sqlite3.connect(path, timeout=30)) as database, database:
            return database.execute(sql).fetchall()

    @contextmanager
    def unable_to_answer(self):
        """No answer can be written meanwhile."""
        self.change("CREATE TRIGGER unable BEFORE UPDATE OF answer ON idempotency_keys BEGIN SELECT raise(ABORT, 'unable'); END")
        try:
            yield
        finally:
            self.change("DROP TRIGGER unable")

    def key(self) -> dict[str, str]:
        self.keys += 1
        return {"Idempotency-Key": f"k{self.keys}"}

    def post(self, path: str, value, headers: dict[str, str]):
        return self.client.ask("POST", f"/api/v1{path}", json.dumps(value), {"Content-Type": "application/json", **headers})

    def listed(self, name: str) -> int:
        return len(self.client.api("GET", f"/{name}").json()[name])

    def once(self, send, identify, ends=False):
        """Sends it while no answer can be written, then again: from what was made, also after the process has ended, and from the answer that is written then."""
        headers = self.key()
        with self.unable_to_answer():
            first = send(headers)
            again = send(headers)
        if ends:
            self.end()
        answers = [again, send(headers), send(headers)]
        self.assertLess(first.status, 300, first.body)
        self.assertNotIn("idempotent-replayed", first.headers)
        for answer in answers:
            self.assertEqual((answer.status, answer.headers.get("idempotent-replayed")), (first.status, "true"), answer.body)
            self.assertEqual(answer.headers.get("location"), first.headers.get("location"))
            self.assertEqual(identify(answer), identify(first))
        self.assertEqual(answers[1].body, answers[2].body, "the second is the stored one")
        return first

    def end(self) -> None:
        self.server.kill()
        self.server.start()

    @staticmethod
    def told(archive: dict):
        """What doesn't change while letters are looked for."""
        return [upload["id"] for upload in archive["uploads"]], archive["refused"]

    @staticmethod
    def id_of(answer) -> str:
        return answer.json()["id"]

    def test_an_upload(self):
        one = picture()
        self.once(lambda headers: self.client.upload(one, "image/png", **headers), self.id_of, ends=True)
        self.assertEqual(self.listed("uploads"), 1)
        with self.unable_to_answer():
            headers = self.key()
            self.assertEqual(self.client.upload(one, "image/png", **headers).status, 201)
            other = self.client.upload(picture(), "image/png", **headers)
            self.assertEqual((other.status, other.code), (422, "key-reused"))
            body, content_type = form([('name="file"; filename="a.png"', one)])
            self.assertEqual(self.client.upload(body, content_type, **headers).status, 201, "the same file in a form")
        self.assertEqual(self.listed("uploads"), 2)

    def test_one_that_was_deleted_leaves_its_key_free(self):
        one = picture()
        headers = self.key()
        with self.unable_to_answer():
            made = self.client.upload(one, "image/png", **headers).json()["id"]
            self.assertEqual(self.client.api("DELETE", f"/uploads/{made}").status, 204)
            again = self.client.upload(picture(), "image/png", **headers)
        self.assertEqual(again.status, 201)
        self.assertNotIn("idempotent-replayed", again.headers)
        self.assertEqual(self.listed("uploads"), 1)

    def test_what_fails_is_not_made_and_its_key_is_free(self):
        headers = self.key()
        with self.unable_to_answer():
            self.assertEqual(self.client.upload(b"no picture", "image/png", **headers).status, 422)
            self.assertEqual(self.client.upload(picture(), "image/png", **headers).status, 201)

    def test_an_archive(self):
        one = zipped({"a.png": picture(), "b.txt": b"no picture", "c.png": picture()})
        headers = self.key()
        with self.unable_to_answer():
            first = self.client.upload(one, "application/zip", **headers).json()
            again = self.client.upload(one, "application/zip", **headers)
            self.assertEqual((again.status, self.told(again.json())), (201, self.told(first)))
            other = self.client.upload(zipped({"a.png": picture()}), "application/zip", **headers)
            self.assertEqual((other.status, other.code), (422, "key-reused"))
        self.assertEqual(self.told(self.client.upload(one, "application/zip", **headers).json()), self.told(first))
        self.assertEqual(self.client.upload(one, "application/zip", **headers).headers.get("idempotent-replayed"), "true")
        self.assertEqual([file["fileName"] for file in first["refused"]], ["b.txt"])
        self.assertEqual(self.listed("uploads"), 2)
        # One that was looked at meanwhile is deleted: the key is free, as after any answer.
        self.client.api("DELETE", f"/uploads/{first['uploads'][0]['id']}")
        self.assertNotIn("idempotent-replayed", self.client.upload(one, "application/zip", **headers).headers)

    def test_an_upload_in_parts(self):
        def send(headers):
            return self.client.ask("POST", "/api/v1/uploads/tus", headers={**TUS, "Upload-Length": "100", **headers})

        self.once(send, lambda answer: answer.headers["location"])
        self.assertEqual(len(self.client.api("GET", "/uploads/tus").json()["receptions"]), 1)
        headers = self.key()
        with self.unable_to_answer():
            address = send(headers).headers["location"]
            self.assertEqual(self.client.ask("DELETE", address, headers=TUS).status, 204)
            self.assertNotEqual(send(headers).headers["location"], address)

    def test_a_conversation_and_its_questions(self):
        first = self.once(lambda headers: self.post("/conversations", {"title": "One"}, headers), self.id_of)
        self.assertEqual(self.listed("conversations"), 1)
        path = f"/conversations/{self.id_of(first)}"

        def answered(answer):
            return answer.json()["question"]["id"], answer.json()["answer"]["id"]

        self.once(lambda headers: self.post(f"{path}/messages", {"text": "What is a CT?"}, headers), answered, ends=True)
        self.once(lambda headers: self.post(f"{path}/regenerate", {}, headers), answered)
        self.assertEqual(len(self.client.api("GET", path).json()["items"]), 2)

    def test_an_analysis_and_its_report(self):
        film = self.client.upload(sample_film().read_bytes()).json()["id"]
        first = self.once(lambda headers: self.post("/analyses", {"uploadId": film}, headers), self.id_of)
        self.assertEqual(self.listed("analyses"), 1)
        analysis = self.client.finished(self.id_of(first))
        self.assertEqual(analysis["state"], "completed", analysis)
        wanted = {"analysisId": analysis["id"], "audience": "patient"}
        headers = self.key()
        with self.unable_to_answer():
            made = [self.post("/reports", wanted, headers) for _ in range(2)]
        self.end()
        made += [self.post("/reports", wanted, headers) for _ in range(2)]
        self.assertEqual(len({self.id_of(answer) for answer in made}), 1)
        self.assertTrue(all(answer.status in (201, 202) for answer in made), made)
        self.assertEqual(self.listed("reports"), 1)

    def test_another_try_of_an_analysis(self):
        film = self.client.upload(sample_film().read_bytes()).json()["id"]
        analysis = self.post("/analyses", {"uploadId": film}, {}).json()["id"]
        self.assertEqual(self.client.api("POST", f"/analyses/{analysis}/cancel").status, 200)
        self.once(lambda headers: self.client.ask("POST", f"/api/v1/analyses/{analysis}/retry", headers=headers), self.id_of)
        self.assertEqual(self.client.finished(analysis)["state"], "completed")


if __name__ == "__main__":
    unittest.main()
