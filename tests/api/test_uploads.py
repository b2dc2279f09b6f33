"""Uploads in parts, archives, what is served of a picture, and how it lies on the disk: on the real server."""

import base64
import gzip
import hashlib
import http.client
import io
import json
import os
import random
import signal
import socket
import sqlite3
import struct
import subprocess
import tempfile
import unittest
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from client import Client, Server, dicom, form, png, sample_film
from processes import descendants, until

TUS = {"Tus-Resumable": "1.0.0"}
PART = {**TUS, "Content-Type": "application/offset+octet-stream"}


def meta(**values: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


class UploadsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server(f"uploads-{cls.__name__}", LIGHTBOX_UPLOAD_MAX_BYTES=str(16 << 20)))

    def setUp(self):
        self.client = Client(self.server).begin()

    def assert_problem(self, answer, status, code):
        self.assertEqual((answer.status, answer.code), (status, code), answer.body[:300])

    def create(self, length, name="a.png", client=None, **headers):
        answer = (client or self.client).ask(
            "POST", "/api/v1/uploads/tus", headers={**TUS, "Upload-Length": str(length), "Upload-Metadata": meta(filename=name), **headers})
        self.assertEqual(answer.status, 201, answer.body)
        return answer.headers["location"]

    def patch(self, address, offset, body, **headers):
        return self.client.ask("PATCH", address, body, {**PART, "Upload-Offset": str(offset), **headers})

    def offset(self, address):
        answer = self.client.ask("HEAD", address, headers=TUS)
        self.assertEqual((answer.status, answer.headers["cache-control"]), (200, "private, no-store"))
        return int(answer.headers["upload-offset"])


class InParts(UploadsTest):
    def test_the_server_says_what_it_speaks(self):
        answer = self.client.ask("OPTIONS", "/api/v1/uploads/tus")
        self.assertEqual(answer.status, 204)
        self.assertEqual(answer.headers["tus-version"], "1.0.0")
        self.assertEqual(answer.headers["tus-max-size"], str(16 << 20))
        self.assertEqual(set(answer.headers["tus-extension"].split(",")), {"creation", "creation-with-upload", "expiration", "checksum", "termination"})
        self.assertEqual(set(answer.headers["tus-checksum-algorithm"].split(",")), {"sha1", "sha256", "md5"})
        limits = self.client.api("GET", "/limits").json()
        self.assertEqual(limits["resumable"]["version"], "1.0.0")

    def test_a_picture_comes_in_parts_and_is_kept_as_it_was(self):
        picture = sample_film().read_bytes()
        address = self.create(len(picture), "Röntgen.dcm")
        third = len(picture) // 3
        first = self.patch(address, 0, picture[:third])
        self.assertEqual((first.status, first.headers["upload-offset"]), (204, str(third)))
        self.assertRegex(first.headers["upload-expires"], r"^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$")
        self.assertEqual(self.offset(address), third)
        listed = self.client.api("GET", "/uploads/tus").json()["receptions"]
        self.assertEqual([(entry["offset"], entry["state"], entry["fileName"]) for entry in listed], [(third, "receiving", "Röntgen.dcm")])
        self.assertEqual(self.patch(address, third, picture[third:-1]).status, 204)
        last = self.patch(address, len(picture) - 1, picture[-1:])
        self.assertEqual(last.status, 204, last.body)
        upload = self.client.ask("GET", last.headers["content-location"]).json()
        self.assertEqual((upload["sha256"], upload["fileName"]), (hashlib.sha256(picture).hexdigest(), "Röntgen.dcm"))
        self.assert_problem(self.patch(address, len(picture), b""), 410, "upload-over")
        over = self.client.ask("GET", address).json()
        self.assertEqual((over["state"], [kept["id"] for kept in over["uploads"]]), ("kept", [upload["id"]]))
        self.assertEqual(self.client.api("GET", "/uploads/tus").json(), {"receptions": []})

    def test_a_small_picture_comes_with_its_creation(self):
        picture = png(100, 100)
        answer = self.client.ask(
            "POST", "/api/v1/uploads/tus", picture, {**PART, "Upload-Length": str(len(picture)), "Upload-Metadata": meta(filename="a.png")})
        self.assertEqual(answer.status, 201, answer.body)
        self.assertEqual(answer.headers["upload-offset"], str(len(picture)))
        self.assertIn("content-location", answer.headers)
        begun = self.client.ask("POST", "/api/v1/uploads/tus", picture[:10], {**PART, "Upload-Length": str(len(picture))})
        self.assertEqual((begun.status, begun.headers["upload-offset"]), (201, "10"))

    def test_a_wrong_offset_changes_nothing(self):
        picture = png(100, 100)
        address = self.create(len(picture))
        self.patch(address, 0, picture[:50])
        for offset in (0, 49, 51, len(picture)):
            answer = self.patch(address, offset, b"x" * 5)
            self.assert_problem(answer, 409, "wrong-offset")
            self.assertEqual(answer.headers["upload-offset"], "50")
            self.assertEqual(answer.headers["tus-resumable"], "1.0.0")
        self.assertEqual(self.offset(address), 50)
        self.assertEqual(self.patch(address, 50, picture[50:]).status, 204)

    def test_a_part_that_is_not_what_its_checksum_says_is_thrown_away(self):
        picture = png(300, 300)
        address = self.create(len(picture))
        for name, hashed in [("sha1", hashlib.sha1), ("sha256", hashlib.sha256), ("md5", hashlib.md5)]:
            wrong = base64.b64encode(hashed(b"other").digest()).decode()
            self.assert_problem(self.patch(address, 0, picture[:100], **{"Upload-Checksum": f"{name} {wrong}"}), 460, "checksum-mismatch")
            self.assertEqual(self.offset(address), 0)
        right = base64.b64encode(hashlib.sha256(picture[:100]).digest()).decode()
        self.assertEqual(self.patch(address, 0, picture[:100], **{"Upload-Checksum": f"sha256 {right}"}).status, 204)
        self.assert_problem(self.patch(address, 100, b"x", **{"Upload-Checksum": "crc32 AAAA"}), 400, "bad-request")
        rest = self.patch(address, 100, picture[100:])
        upload = self.client.ask("GET", rest.headers["content-location"]).json()
        self.assertEqual(upload["sha256"], hashlib.sha256(picture).hexdigest())

    def test_headers_that_make_no_sense_are_refused_by_name(self):
        address = self.create(10)
        for headers, code, status in [
            ({**TUS}, "bad-request", 400), ({**TUS, "Upload-Length": "-1"}, "bad-request", 400), ({**TUS, "Upload-Length": "1.5"}, "bad-request", 400),
            ({"Upload-Length": "1"}, "tus-version", 412), ({"Tus-Resumable": "0.2.2", "Upload-Length": "1"}, "tus-version", 412),
            ({**TUS, "Upload-Length": "1", "Upload-Metadata": "filename ???"}, "bad-request", 400),
            ({**TUS, "Upload-Length": str(1 << 40)}, "payload-too-large", 413),
        ]:
            with self.subTest(headers):
                answer = self.client.ask("POST", "/api/v1/uploads/tus", headers=headers)
                self.assert_problem(answer, status, code)
                if status == 400:
                    self.assertTrue(answer.json()["errors"][0]["pointer"].startswith("/headers/Upload-"))
        self.assert_problem(self.client.ask("PATCH", address, b"x", {**TUS, "Upload-Offset": "0", "Content-Type": "image/png"}), 415, "unsupported-media-type")
        self.assert_problem(self.patch(address, 0, b"x" * 11), 413, "payload-too-large")
        self.assertEqual(self.offset(address), 0)

    def test_what_is_no_picture_is_refused_when_it_is_whole(self):
        address = self.create(5, "a.txt")
        self.assert_problem(self.patch(address, 0, b"hello"), 422, "unsupported-format")
        self.assertEqual(self.client.ask("HEAD", address, headers=TUS).status, 410)
        state = self.client.ask("GET", address).json()
        self.assertEqual((state["state"], state["refused"][0]["code"], state["refused"][0]["fileName"]), ("refused", "unsupported-format", "a.txt"))
        self.assertEqual(self.client.api("GET", "/uploads").json(), {"uploads": []})
        empty = self.client.ask("POST", "/api/v1/uploads/tus", headers={**TUS, "Upload-Length": "0"})
        self.assert_problem(empty, 422, "empty-file")

    def test_an_upload_can_be_given_up(self):
        address = self.create(100)
        self.patch(address, 0, b"x" * 50)
        self.assertEqual(self.client.ask("DELETE", address, headers=TUS).status, 204)
        self.assertEqual(self.client.ask("HEAD", address, headers=TUS).status, 404)
        self.assertEqual(self.client.api("GET", "/uploads/tus").json(), {"receptions": []})

    def test_another_session_finds_nothing(self):
        address = self.create(100)
        other = Client(self.server).begin()
        for method in ("HEAD", "PATCH", "DELETE"):
            self.assertEqual(other.ask(method, address, b"x" if method == "PATCH" else None, {**PART, "Upload-Offset": "0"}).status, 404)
        self.assertEqual(other.ask("GET", address).status, 404)

    def test_a_lost_connection_leaves_what_came_and_who_comes_back_takes_over(self):
        picture = png(1200, 1200, bytes((x * y) % 251 for y in range(1200) for x in range(1200)))
        address = self.create(len(picture))
        half = len(picture) // 2
        lost = socket.create_connection(("127.0.0.1", self.server.port))
        head = "".join(f"{name}: {value}\r\n" for name, value in self.client.fields({**PART, "Upload-Offset": "0", "Content-Length": str(len(picture))}).items())
        lost.sendall(f"PATCH {address} HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode() + picture[:half])
        # The connection stays open, as it does when a network is gone: the next HEAD ends it.
        until(lambda: self.client.ask("GET", address).json()["offset"] >= half - 65536)
        offset = until(lambda: self.offset(address))
        self.assertGreater(offset, 0)
        done = self.patch(address, offset, picture[offset:])
        self.assertEqual(done.status, 204, done.body)
        lost.close()
        upload = self.client.ask("GET", done.headers["content-location"]).json()
        self.assertEqual(upload["sha256"], hashlib.sha256(picture).hexdigest())

    def test_parts_that_come_at_the_same_time_are_taken_one_after_another(self):
        picture = png(600, 500, random.Random(2).randbytes(300_000))
        first = 200_000
        for _ in range(6):
            address = self.create(len(picture))
            with ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(lambda _: self.patch_or_lost(address, 0, picture[:first]), range(8)))
            # Whoever was taken over lost its connection; who came too late was told where it stands.
            self.assertLessEqual(set(answers), {204, 409, 400, None})
            offset = self.offset(address)
            self.assertGreater(offset, 0)
            self.assertLessEqual(offset, first)
            done = self.patch(address, offset, picture[offset:])
            self.assertEqual(done.status, 204, done.body)
            upload = self.client.ask("GET", done.headers["content-location"]).json()
            self.assertEqual(upload["sha256"], hashlib.sha256(picture).hexdigest())

    def patch_or_lost(self, address, offset, body, **headers):
        try:
            return self.patch(address, offset, body, **headers).status
        except (OSError, http.client.HTTPException):
            return None

    def test_what_comes_after_the_end_changes_nothing_of_what_is_kept(self):
        picture = png(900, 800, random.Random(3).randbytes(720_000))
        for _ in range(6):
            address = self.create(len(picture))
            self.patch(address, 0, picture[:-10])
            with ThreadPoolExecutor(7) as pool:
                last = pool.submit(lambda: self.patch_or_lost(address, len(picture) - 10, picture[-10:]))
                late = [pool.submit(lambda: self.patch_or_lost(address, len(picture), b"")) for _ in range(6)]
                statuses = {attempt.result() for attempt in [last, *late]}
            self.assertLessEqual(statuses, {204, 409, 410, 400, None})
            if self.client.ask("GET", address).json()["state"] == "receiving":
                offset = self.offset(address)
                self.assertEqual(self.patch(address, offset, picture[offset:]).status, 204)
            state = until(lambda: (found := self.client.ask("GET", address).json())["state"] == "kept" and found)
            kept = self.client.ask("GET", state["uploads"][0]["file"])
            self.assertEqual(hashlib.sha256(kept.body).hexdigest(), hashlib.sha256(picture).hexdigest())

    def test_a_method_can_be_named_in_a_header(self):
        picture = png(100, 100)
        address = self.create(len(picture))
        headers = {**PART, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
        self.assertEqual(self.client.ask("POST", address, picture[:50], headers).status, 204)
        self.assertEqual(self.client.ask("POST", address, headers={**TUS, "X-HTTP-Method-Override": "DELETE"}).status, 204)
        self.assertEqual(self.client.ask("HEAD", address, headers=TUS).status, 404)

    def test_a_client_that_others_wrote_uploads_with_checksums(self):
        from tusclient import client as tus

        uploader = tus.TusClient(self.server.origin + "/api/v1/uploads/tus", headers={"Cookie": self.client.cookie}).uploader(
            str(sample_film()), chunk_size=100_000, metadata={"filename": "film.dcm"}, upload_checksum=True)
        uploader.upload_chunk()
        # Begun again by another object, as after a crash of the client.
        again = tus.TusClient(self.server.origin + "/api/v1/uploads/tus", headers={"Cookie": self.client.cookie}).uploader(
            str(sample_film()), chunk_size=100_000, url=uploader.url, upload_checksum=True)
        self.assertEqual(again.offset, 100_000)
        again.upload()
        uploads = self.client.api("GET", "/uploads").json()["uploads"]
        self.assertEqual([upload["sha256"] for upload in uploads], [hashlib.sha256(sample_film().read_bytes()).hexdigest()])

    def test_curl_uploads_too(self):
        picture = png(200, 200)
        with tempfile.NamedTemporaryFile() as file:
            file.write(picture)
            file.flush()
            address = self.create(len(picture))
            sent = subprocess.run(
                ["curl", "--silent", "--show-error", "--include", "--request", "PATCH", "--header", f"Cookie: {self.client.cookie}",
                 "--header", "Tus-Resumable: 1.0.0", "--header", "Upload-Offset: 0", "--header", "Content-Type: application/offset+octet-stream",
                 "--data-binary", f"@{file.name}", self.server.origin + address], capture_output=True, text=True, timeout=30)
            self.assertIn("204 No Content", sent.stdout, sent.stderr)
            self.assertIn("Content-Location: /api/v1/uploads/", sent.stdout)
            form_sent = subprocess.run(
                ["curl", "--silent", "--show-error", "--header", f"Cookie: {self.client.cookie}", "--form", f"file=@{file.name};type=image/png",
                 self.server.origin + "/api/v1/uploads"], capture_output=True, text=True, timeout=30)
            self.assertEqual(json.loads(form_sent.stdout)["sha256"], hashlib.sha256(picture).hexdigest())

    def test_a_key_makes_one_upload_and_stands_for_one_request(self):
        first = self.create(100, **{"Idempotency-Key": "k1"})
        self.assertEqual(self.create(100, **{"Idempotency-Key": "k1"}), first)
        self.assertEqual(len(self.client.api("GET", "/uploads/tus").json()["receptions"]), 1)
        other = self.client.ask("POST", "/api/v1/uploads/tus", headers={**TUS, "Upload-Length": "101", "Idempotency-Key": "k1"})
        self.assert_problem(other, 422, "key-reused")
        self.assertNotEqual(self.create(100, client=Client(self.server).begin(), **{"Idempotency-Key": "k1"}), first)
        picture = png(100, 100)
        whole = [self.client.ask("POST", "/api/v1/uploads/tus", picture, {**PART, "Upload-Length": str(len(picture)), "Idempotency-Key": "k2"}) for _ in range(2)]
        self.assertEqual([(answer.status, answer.headers["upload-offset"]) for answer in whole], [(201, str(len(picture)))] * 2)
        self.assertEqual(len(self.client.api("GET", "/uploads").json()["uploads"]), 1)
        bad = self.client.ask("POST", "/api/v1/uploads/tus", headers={**TUS, "Upload-Length": "1", "Idempotency-Key": "k" * 300})
        self.assert_problem(bad, 400, "bad-request")

    def test_the_same_picture_and_the_same_analysis_sent_twice_have_one_effect(self):
        picture = png(120, 120)
        first = self.client.upload(picture, "image/png", **{"Idempotency-Key": "u"})
        body, content_type = form([('name="file"; filename="a.png"', picture)], "another")
        for again in (self.client.upload(picture, "image/png", **{"Idempotency-Key": "u"}), self.client.upload(body, content_type, **{"Idempotency-Key": "u"})):
            self.assertEqual((again.status, again.body), (201, first.body))
        self.assert_problem(self.client.upload(png(121, 121), "image/png", **{"Idempotency-Key": "u"}), 422, "key-reused")
        self.assertEqual(len(self.client.api("GET", "/uploads").json()["uploads"]), 1)
        upload = first.json()["id"]

        def analyse(frame=0):
            return self.client.ask("POST", "/api/v1/analyses", json.dumps({"uploadId": upload, "frame": frame}), {"Content-Type": "application/json", "Idempotency-Key": "a"})

        self.assertEqual(analyse().json()["id"], analyse().json()["id"])
        self.assertEqual(len(self.client.api("GET", "/analyses").json()["analyses"]), 1)
        failed = self.client.upload(b"no picture", **{"Idempotency-Key": "f"})
        self.assertEqual(failed.status, 422)
        self.assertEqual(self.client.upload(picture, **{"Idempotency-Key": "f"}).status, 201, "what failed can be tried again under its key")


class AfterTheEnd(unittest.TestCase):
    def test_parts_survive_the_end_of_the_server(self):
        with Server("uploads-kill") as server:
            client = Client(server).begin()
            picture = png(1500, 1500, random.Random(1).randbytes(1500 * 1500))
            answer = client.ask("POST", "/api/v1/uploads/tus", headers={**TUS, "Upload-Length": str(len(picture))})
            address, offset = answer.headers["location"], 0
            for end in (100_000, 100_001, 1_000_000, len(picture) - 1):
                sent = client.ask("PATCH", address, picture[offset:end], {**PART, "Upload-Offset": str(offset)})
                self.assertEqual(sent.status, 204)
                server.kill()
                server.start()
                answer = client.ask("HEAD", address, headers=TUS)
                self.assertEqual((answer.status, answer.headers["upload-offset"]), (200, str(end)))
                offset = end
            done = client.ask("PATCH", address, picture[offset:], {**PART, "Upload-Offset": str(offset)})
            self.assertEqual(done.status, 204, done.body)
            upload = client.ask("GET", done.headers["content-location"]).json()
            self.assertEqual(upload["sha256"], hashlib.sha256(picture).hexdigest())

    def test_what_was_whole_when_the_server_ended_is_read_when_it_is_asked_for(self):
        with Server("uploads-whole", LIGHTBOX_WORKER_COUNT="1") as server:
            client = Client(server).begin()
            picture = sample_film().read_bytes()
            address = client.ask("POST", "/api/v1/uploads/tus", headers={**TUS, "Upload-Length": str(len(picture))}).headers["location"]
            # The worker doesn't answer, so that the server ends in the middle of the check.
            os.kill(descendants(server.process.pid)[-1], signal.SIGSTOP)
            with ThreadPoolExecutor(1) as pool:
                sending = pool.submit(lambda: self.try_patch(client, address, picture))
                until(lambda: client.ask("GET", address).json()["state"] == "checking")
                server.kill()
                sending.result()
            server.start()
            state = until(lambda: (found := client.ask("GET", address).json())["state"] == "kept" and found)
            self.assertEqual(state["uploads"][0]["sha256"], hashlib.sha256(picture).hexdigest())

    @staticmethod
    def try_patch(client, address, picture):
        try:
            client.ask("PATCH", address, picture, {**PART, "Upload-Offset": "0"})
        except (OSError, http.client.HTTPException):
            pass

    def test_unfinished_uploads_are_removed_in_their_time(self):
        with Server("uploads-expiry") as server:
            client = Client(server).begin()
            address = client.ask("POST", "/api/v1/uploads/tus", headers={**TUS, "Upload-Length": "100"}).headers["location"]
            client.ask("PATCH", address, b"x" * 10, {**PART, "Upload-Offset": "0"})
            server.stop()
            data = Path(server.environment["LIGHTBOX_DATA_DIRECTORY"])
            database = sqlite3.connect(data / "lightbox.sqlite")
            with database:
                database.execute("UPDATE receptions SET expires_at = 1")
            database.close()
            server.start()
            until(lambda: client.ask("HEAD", address, headers=TUS).status == 404)
            until(lambda: not list(data.glob("files/*/reception-*")))

    def test_a_file_under_the_name_of_another_is_given_to_nobody(self):
        with Server("uploads-exchanged") as server:
            client = Client(server).begin()
            uploads = [client.upload(png(width, 240)).json() for width in (200, 260)]
            folder = next((Path(server.environment["LIGHTBOX_DATA_DIRECTORY"]) / "files").iterdir())

            def exchange(names):
                first, second = (folder / name for name in names)
                first.rename(folder / "aside")
                second.rename(first)
                (folder / "aside").rename(second)

            def answers(path):
                return [client.ask("GET", f"/api/v1/uploads/{upload['id']}/{path}").status for upload in uploads]

            for kind, path in (("picture-{}", "file"), ("preview-{}-1600.jpg", "preview")):
                names = [kind.format(upload["id"]) for upload in uploads]
                self.assertEqual(answers(path), [200, 200])
                exchange(names)
                self.assertEqual(answers(path), [500, 500])
                if path == "file":
                    analysis = client.finished(client.analyse(uploads[0]["id"])["id"])
                    self.assertEqual(analysis["state"], "failed")
                exchange(names)
                self.assertEqual(answers(path), [200, 200])

    def test_files_are_sealed_and_worth_nothing_without_the_key(self):
        with Server("uploads-sealed") as server:
            client = Client(server).begin()
            picture = dicom(200, 200, bytes(range(200)) * 200, PatientName="QUARTZ^XYLOPHONIA")
            upload = client.upload(picture).json()
            data = Path(server.environment["LIGHTBOX_DATA_DIRECTORY"])
            files = list(data.glob("files/*/*"))
            self.assertEqual(len(files), 4)
            for file in files:
                self.assertTrue(file.read_bytes().startswith(b"LBXF"))
                self.assertNotIn(b"QUARTZ", file.read_bytes())
            self.assertEqual((data / "master.key").stat().st_mode & 0o777, 0o600)
            # One byte changed on the disk is noticed when it is read.
            kept = next(data.glob("files/*/picture-*"))
            changed = bytearray(kept.read_bytes())
            changed[-20] ^= 1
            kept.write_bytes(changed)
            self.assertEqual(client.ask("GET", upload["preview"]).status, 200)
            analysis = client.finished(client.analyse(upload["id"])["id"])
            self.assertEqual(analysis["state"], "failed")
            # What was erased, and its key, stand in no file any more.
            database = sqlite3.connect(data / "lightbox.sqlite")
            key = database.execute("SELECT wrapped_key FROM sessions").fetchone()[0]
            database.close()
            self.assertEqual(client.api("DELETE", "/session").status, 200)
            for file in [path for path in data.rglob("*") if path.is_file()]:
                self.assertNotIn(key, file.read_bytes(), file.name)
            # Another master key, and none, are noticed at the start.
            server.stop()
            (data / "master.key").rename(data / "aside")
            ended = subprocess.run([str(server.program), "serve"], env=server.environment, capture_output=True, text=True, timeout=60, cwd=server.folder.name)
            self.assertEqual(ended.returncode, 69, ended.stderr)
            self.assertIn("master key", ended.stderr)
            self.assertFalse((data / "master.key").exists())
            (data / "master.key").write_text(base64.b64encode(bytes(32)).decode())
            (data / "master.key").chmod(0o600)
            ended = subprocess.run([str(server.program), "serve"], env=server.environment, capture_output=True, text=True, timeout=60, cwd=server.folder.name)
            self.assertEqual(ended.returncode, 69, ended.stderr)
            self.assertIn("isn't the one", ended.stderr)


class Archives(UploadsTest):
    @staticmethod
    def zipped(files: dict[str, bytes]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return out.getvalue()

    def test_each_file_of_an_archive_is_judged_by_itself(self):
        film = sample_film().read_bytes()
        archive = self.zipped({
            "study/IM0001": film, "study/notes.txt": b"hello", "study/b.png": png(100, 100), "__MACOSX/._b.png": b"x",
            "../../etc/passwd.png": png(90, 90), "study/tiny.png": png(5, 5), "DICOMDIR": film[:500],
        })
        answer = self.client.upload(archive, "application/zip")
        self.assertEqual(answer.status, 201, answer.body)
        body = answer.json()
        self.assertEqual({(upload["fileName"], upload["format"]) for upload in body["uploads"]}, {("IM0001", "dicom"), ("b.png", "png"), ("passwd.png", "png")})
        self.assertEqual({(file["fileName"], file["code"]) for file in body["refused"]}, {("notes.txt", "unsupported-format"), ("tiny.png", "picture-too-small")})
        kept = next(upload for upload in body["uploads"] if upload["format"] == "dicom")
        self.assertEqual(kept["sha256"], hashlib.sha256(film).hexdigest())
        self.assertEqual(len(self.client.api("GET", "/uploads").json()["uploads"]), 3)

    def test_a_key_stands_for_one_archive(self):
        one, other = self.zipped({"a.png": png(100, 100)}), self.zipped({"b.png": png(110, 110)})
        first = self.client.upload(one, "application/zip", **{"Idempotency-Key": "z"})
        again = self.client.upload(one, "application/zip", **{"Idempotency-Key": "z"})
        self.assertEqual((first.status, again.status, again.body), (201, 201, first.body))
        self.assert_problem(self.client.upload(other, "application/zip", **{"Idempotency-Key": "z"}), 422, "key-reused")
        self.assertEqual(len(self.client.api("GET", "/uploads").json()["uploads"]), 1)

    def test_an_archive_comes_in_parts_too(self):
        archive = self.zipped({"a.png": png(100, 100), "b.txt": b"x"})
        address = self.create(len(archive), "study.zip")
        self.patch(address, 0, archive[:50])
        done = self.patch(address, 50, archive[50:])
        self.assertEqual((done.status, done.headers["content-location"]), (204, address))
        state = self.client.ask("GET", address).json()
        self.assertEqual((state["state"], len(state["uploads"]), [file["fileName"] for file in state["refused"]]), ("kept", 1, ["b.txt"]))

    def test_archives_that_hold_nothing_or_too_much_are_refused_by_name(self):
        bomb = self.zipped({"bomb.png": bytes(64 << 20)})
        for name, archive, code in [
            ("nothing", self.zipped({}), "nothing-readable"), ("texts", self.zipped({"a.txt": b"x", "b.txt": b"y"}), "nothing-readable"),
            ("cut", self.zipped({"a.png": png(300, 300)})[:200], "damaged-archive"), ("bomb", bomb, "archive-too-large"),
            ("many", self.zipped({f"{index}.png": b"x" for index in range(600)}), "archive-too-large"),
            ("nested", self.zipped({"inner.zip": self.zipped({"a.png": png(100, 100)})}), "nothing-readable"),
        ]:
            with self.subTest(name):
                answer = self.client.upload(archive, "application/zip")
                self.assert_problem(answer, 422, code)
                if name == "texts":
                    self.assertEqual([fault["detail"].split(":")[0] for fault in answer.json()["errors"]], ["a.txt", "b.txt"])
        self.assertEqual(self.client.api("GET", "/uploads").json(), {"uploads": []})


class Served(UploadsTest):
    def test_previews_are_kept_in_three_sizes_with_tags_and_ranges(self):
        upload = self.client.upload(sample_film().read_bytes()).json()
        sizes = {}
        for width in (100, 301, 400, 1500):
            answer = self.client.ask("GET", f"{upload['preview']}?width={width}")
            self.assertEqual(answer.headers["content-type"], "image/jpeg")
            sizes[width] = len(answer.body)
            again = self.client.ask("GET", f"{upload['preview']}?width={width}", headers={"If-None-Match": answer.headers["etag"]})
            self.assertEqual((again.status, again.body), (304, b""))
        self.assertEqual(sizes[301], sizes[100])
        self.assertLess(sizes[301], sizes[400])
        self.assertLess(sizes[400], sizes[1500])
        part = self.client.ask("GET", upload["preview"], headers={"Range": "bytes=0-1"})
        self.assertEqual((part.status, part.body, part.headers["content-length"]), (206, b"\xff\xd8", "2"))
        for query in ("width=1", "width=x", "frame=1", "turn=45", "invert=1"):
            self.assertEqual(self.client.ask("GET", f"{upload['preview']}?{query}").status, 400, query)

    def test_a_preview_shows_what_an_adjustment_would_do(self):
        from PIL import Image

        width, height = 96, 64
        upload = self.client.upload(png(width, height, bytes(220 if x < 48 and y < 32 else 20 for y in range(height) for x in range(width)))).json()

        def corner(query):
            picture = Image.open(io.BytesIO(self.client.ask("GET", f"{upload['preview']}?{query}").body)).convert("L")
            places = {"top left": (8, 8), "top right": (picture.width - 9, 8), "bottom left": (8, picture.height - 9), "bottom right": (picture.width - 9, picture.height - 9)}
            values = {name: picture.getpixel(place) for name, place in places.items()}
            return max(values, key=values.get), picture.size

        self.assertEqual(corner("turn=0"), ("top left", (width, height)))
        self.assertEqual(corner("turn=90"), ("top right", (height, width)))
        self.assertEqual(corner("turn=180")[0], "bottom right")
        self.assertEqual(corner("turn=270")[0], "bottom left")
        self.assertEqual(corner("mirror=true")[0], "top right")
        self.assertEqual(corner("turn=90&mirror=true")[0], "top left")
        inverted = Image.open(io.BytesIO(self.client.ask("GET", f"{upload['preview']}?invert=true").body)).convert("L")
        self.assertLess(inverted.getpixel((8, 8)), inverted.getpixel((width - 9, height - 9)))

    def test_the_file_comes_back_as_it_was_but_for_a_preamble(self):
        film = bytearray(sample_film().read_bytes())
        film[:128] = b"II*\0" + bytes(range(1, 125))
        upload = self.client.upload(bytes(film), "application/dicom").json()
        self.assertEqual(upload["sha256"], hashlib.sha256(film).hexdigest())
        answer = self.client.ask("GET", upload["file"])
        self.assertEqual(answer.headers["content-type"], "application/dicom")
        self.assertTrue(answer.headers["content-disposition"].startswith("attachment"))
        self.assertEqual(answer.body[:128], bytes(128))
        self.assertEqual(answer.body[128:], bytes(film[128:]))
        tail = self.client.ask("GET", upload["file"], headers={"Range": "bytes=-100"})
        self.assertEqual((tail.status, tail.body), (206, bytes(film[-100:])))

    def test_a_dicom_file_comes_without_what_tells_whose_it_is(self):
        import pydicom

        picture = dicom(100, 80, bytes(range(100)) * 80, PatientName="QUARTZ^X", PatientBirthDate="19700101", PatientSex="F", StudyDate="20250101")
        upload = self.client.upload(picture).json()
        answer = self.client.ask("GET", upload["deidentified"])
        self.assertEqual((answer.status, answer.headers["content-type"]), (200, "application/dicom"))
        self.assertNotIn(b"QUARTZ", answer.body)
        read = pydicom.dcmread(io.BytesIO(answer.body))
        before = pydicom.dcmread(io.BytesIO(picture))
        self.assertEqual((str(read.PatientName), read.PatientIdentityRemoved), ("", "YES"))
        self.assertEqual(read.PixelData, before.PixelData)
        self.assertNotEqual(read.SOPInstanceUID, before.SOPInstanceUID)
        removed = self.client.ask("GET", upload["deidentified"] + "/removed").json()["removed"]
        self.assertIn("PatientName", {element["name"] for element in removed})
        plain = self.client.upload(png(100, 100)).json()
        self.assertNotIn("deidentified", plain)
        self.assertEqual(self.client.ask("GET", f"/api/v1/uploads/{plain['id']}/deidentified").status, 404)

    def test_another_session_gets_none_of_it(self):
        upload = self.client.upload(sample_film().read_bytes()).json()
        other = Client(self.server).begin()
        for address in (upload["preview"], upload["samples"], upload["file"], upload["deidentified"], upload["deidentified"] + "/removed"):
            self.assertEqual(other.ask("GET", address).status, 404)
            self.assertEqual(Client(self.server).ask("GET", address).status, 401)

    def test_an_analysis_does_what_was_asked_and_says_so(self):
        import pydicom
        from PIL import Image

        self.client.api("PATCH", "/intake", {"answers": {"age": 54, "reason": "cough"}})
        pixels = pydicom.dcmread(sample_film()).pixel_array
        # MONOCHROME1: the smallest value is white.
        film = Image.fromarray(255 - (pixels.astype("float") * 255 / pixels.max()).astype("uint8"))
        for done, spoilt, code in [
            ("turned-180", film.rotate(180), "upside-down"), ("inverted", Image.eval(film, lambda value: 255 - value), "inverted"),
            ("mirrored", film.transpose(Image.Transpose.FLIP_LEFT_RIGHT), "mirrored"), ("turned-90", film.rotate(90, expand=True), "rotated"),
        ]:
            with self.subTest(code):
                out = io.BytesIO()
                spoilt.save(out, "PNG")
                upload = self.client.upload(out.getvalue(), "image/png").json()["id"]
                refused = self.client.finished(self.client.analyse(upload)["id"])
                self.assertEqual((refused["state"], refused["refusal"]["code"]), ("refused", code))
                remedy = refused["refusal"]["remedy"]
                answer = self.client.api("POST", "/analyses", {"uploadId": upload, "adjustment": remedy})
                self.assertEqual(answer.status, 202, answer.body)
                mended = self.client.finished(answer.json()["id"])
                self.assertEqual(mended["state"], "completed", mended.get("refusal"))
                self.assertEqual({**{"turn": 0, "mirror": False, "invert": False}, **remedy}, mended["adjustment"])
                self.client.reported(mended["id"])
                # What was done is in the trail, which the person reads.
                adjusted = [entry["subject"] for entry in self.client.api("GET", "/access-log").json()["entries"] if entry["event"] == "picture-adjusted"]
                self.assertIn(f"upload:{upload} {done}", adjusted)
        # What is missing can't be mended by a click: it says what to do instead.
        out = io.BytesIO()
        film.crop((0, film.height // 2, film.width, film.height)).save(out, "PNG")
        half = self.client.upload(out.getvalue(), "image/png").json()["id"]
        refusal = self.client.finished(self.client.analyse(half)["id"])["refusal"]
        self.assertEqual(refusal["code"], "cropped")
        self.assertNotIn("remedy", {name for name, value in refusal.items() if value is not None})
        self.assertTrue(refusal["reason"] and refusal["advice"])
        self.assertIn("picture-adjusted", {line["message"] for line in self.server.log_lines() if line.get("logger") == "lightbox.audit"})
        for body, pointer in [({"frame": 1}, "/frame"), ({"frame": -1}, "/frame"), ({"adjustment": {"turn": 45}}, "/adjustment/turn")]:
            answer = self.client.api("POST", "/analyses", {"uploadId": upload, **body})
            self.assert_problem(answer, 422, "validation-failed")
            self.assertEqual(answer.json()["errors"][0]["pointer"], pointer)

    def test_letters_in_the_pixels_are_found(self):
        from PIL import Image, ImageDraw, ImageFont

        film = Image.new("L", (1400, 1600), 30)
        ImageDraw.Draw(film).text((60, 60), "SMITH JOHN 1970-01-01", fill=240, font=ImageFont.load_default(48))
        states = {}
        out = io.BytesIO()
        film.save(out, "PNG")
        for name, picture in [("written", out.getvalue()), ("clean", sample_film().read_bytes())]:
            upload = self.client.upload(picture).json()["id"]
            states[name] = until(lambda: (found := self.client.api("GET", f"/uploads/{upload}").json()["burnedInText"])["state"] != "pending" and found)
        self.assertEqual(states["written"]["state"], "found", states)
        self.assertIn("SMITH", " ".join(line["text"] for line in states["written"]["lines"]))
        line = states["written"]["lines"][0]
        self.assertLess(line["y"], 0.1)
        self.assertEqual(states["clean"]["state"], "none", states)
        self.assertNotIn("SMITH", self.server.log.read_text(encoding="utf-8"))


def samples_of(answer) -> tuple[dict, "numpy.ndarray"]:
    import numpy

    raw = gzip.decompress(answer.body)
    length = struct.unpack_from("<I", raw)[0]
    head = json.loads(raw[4 : 4 + length])
    values = numpy.frombuffer(raw, "<u2" if head["bytesPerSample"] == 2 else "u1", offset=4 + length)
    return head, values.reshape(head["height"], head["width"])


class AgainstPydicom(unittest.TestCase):
    """The samples that the viewer gets, and the greys that it shows, held against those that pydicom reads, on every file of grey values."""

    # What comes compressed, and is compared. pydicom has no decoder for lossless JPEG here; for it dcmtk unpacks the file first.
    COMPRESSED = {"RLELossless", "JPEGLosslessSV1", "JPEGLSLossless", "JPEG2000Lossless", "JPEG2000"}

    def read(self, path: Path):
        """A file and its pixels; None where it isn't one of grey values."""
        import pydicom

        data = pydicom.dcmread(path, force=True)
        if data.get("PhotometricInterpretation") not in ("MONOCHROME1", "MONOCHROME2") or "PixelData" not in data:
            return None
        try:
            return data, data.pixel_array
        except RuntimeError:
            with tempfile.TemporaryDirectory() as folder:
                plain = Path(folder) / "plain.dcm"
                subprocess.run(["dcmdjpeg", path, plain], check=True, capture_output=True)
                return data, pydicom.dcmread(plain).pixel_array

    def shown_by_pydicom(self, data, values) -> "numpy.ndarray":
        """0 to 255, through the first window."""
        from pydicom.pixels import apply_modality_lut, apply_windowing

        full, signed = 2**data.BitsStored, data.PixelRepresentation == 1
        ends = [-full / 2, full / 2 - 1] if signed else [0, full - 1]
        ends = [end * float(data.get("RescaleSlope", 1)) + float(data.get("RescaleIntercept", 0)) for end in ends]
        shown = (apply_windowing(apply_modality_lut(values, data), data) - ends[0]) * 255 / (ends[1] - ends[0])
        return 255 - shown if data.PhotometricInterpretation == "MONOCHROME1" else shown

    def test_samples_and_greys_differ_by_at_most_one_grey_level(self):
        import warnings

        import numpy
        import pydicom
        from pydicom.pixels import apply_modality_lut, apply_voi_lut

        warnings.simplefilter("ignore")
        folder = sample_film().parent
        compared, windowed, compressed = [], [], set()
        with Server("uploads-pydicom", LIGHTBOX_UPLOAD_MIN_EDGE="1") as server:
            client = Client(server).begin()
            for path in sorted(folder.glob("*.dcm")):
                with self.subTest(path.name):
                    try:
                        found = self.read(path)
                    except (AttributeError, ValueError, pydicom.errors.InvalidDicomError, NotImplementedError):
                        continue  # it is no picture, or a damaged one
                    if found is None:
                        continue
                    data, pixels = found
                    answer = client.upload(path.read_bytes(), "application/dicom")
                    self.assertEqual(answer.status, 201, answer.body)
                    upload = answer.json()
                    frames = upload["frames"]
                    stack = pixels.reshape(frames, *pixels.shape[-2:]).astype("int64")
                    for frame in {0, frames - 1}:
                        head, ours = samples_of(client.ask("GET", f"{upload['samples']}?frame={frame}"))
                        self.assertEqual(ours.shape, stack[frame].shape)
                        self.assertLessEqual(int(ours.max()), head["maximum"])
                        # Padding is no measurement: it is shown black.
                        shown = stack[frame] != data.get("PixelPaddingValue", None)
                        if "ModalityLUTSequence" in data or "VOILUTSequence" in data:
                            wanted = apply_voi_lut(apply_modality_lut(stack[frame], data), data)
                            table = (data.get("VOILUTSequence") or data.get("ModalityLUTSequence"))[0]
                            wanted = wanted.astype("float64") * 255 / (2 ** (table.LUTDescriptor[2]) - 1)
                            off = ours * (255 / head["maximum"]) - wanted
                            self.assertLessEqual(float(abs(off[shown]).max()), 1, head)
                        else:
                            sign = -1 if data.PhotometricInterpretation == "MONOCHROME1" else 1
                            off = (ours.astype("int64") - sign * stack[frame])[shown]
                            self.assertLessEqual(int(off.max() - off.min()), 1, (head, off.min(), off.max()))
                            if "WindowCenter" in data:
                                window = head["windows"][0]
                                greys = numpy.clip((ours - window["center"]) / window["width"] + 0.5, 0, 1) * 255
                                off = abs(greys - self.shown_by_pydicom(data, stack[frame]))[shown]
                                self.assertLessEqual(float(off.max()), 1, head)
                                windowed.append(path.name)
                    compared.append(path.name)
                    syntax = data.file_meta.TransferSyntaxUID
                    if syntax.is_compressed:
                        compressed.add(syntax.keyword)
                if len(client.api("GET", "/uploads").json()["uploads"]) > 40:
                    client = Client(server).begin()
        self.assertGreaterEqual(len(compared), 30, compared)
        self.assertGreaterEqual(len(set(windowed)), 12, windowed)
        self.assertLessEqual(self.COMPRESSED, compressed)


if __name__ == "__main__":
    unittest.main()
