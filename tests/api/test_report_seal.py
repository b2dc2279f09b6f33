"""Seals and keys of reports, against an implementation of their description that shares no code with the product."""

import base64
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import seals
from client import Client, Server
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

VECTOR = Path(__file__).parent / "data/sealed-report.txt"
STATEMENT = {
    "audience": "clinician", "created": "2026-11-28T09:30:00Z", "format": "txt", "marked": ["effusion", "mass"],
    "report": "019ac9c5-1c40-7000-8000-0123456789ab",
    "sources": {"context": "e" * 64, "model": "a" * 64, "picture": "c" * 64, "preprocessing": "b" * 64,
                "softwareVersion": "0.1.0", "thresholds": "d" * 64},
    "urgency": "soon",
}
CREATED = 1_795_858_200
TEXT = "".join(f"Line {number} of a report, which says something of its own.\n" for number in range(30)).encode()


def vector_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32)


def vector() -> bytes:
    return seals.seal(TEXT, b"\n", 1700, STATEMENT, vector_key())


class TheVector(unittest.TestCase):
    """The Swift tests make the same bytes from the same key, so that both sides are held against one file."""

    def test_it_is_what_the_description_gives(self):
        self.assertEqual(VECTOR.read_bytes(), vector(), f"python3 {Path(__file__).name} --write-vector writes it")

    def test_a_library_that_we_did_not_write_accepts_it_and_no_changed_one(self):
        document = VECTOR.read_bytes()
        key = seals.public_jwk(vector_key())
        self.assertEqual(seals.check(document, key), STATEMENT)
        for place in range(0, len(document), 61):
            changed = bytearray(document)
            changed[place] ^= 1
            with self.assertRaises(Exception, msg=f"byte {place}"):
                seals.check(bytes(changed), key)


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.server = cls.enterClassContext(Server("report-seal"))
        cls.data = Path(cls.server.environment["LIGHTBOX_DATA_DIRECTORY"])
        cls.key = Ed25519PrivateKey.from_private_bytes(base64.b64decode((cls.data / "signing.key").read_text()))
        cls.public = seals.public_jwk(cls.key)
        cls.report = seals.seal(TEXT, b"\n", 1700, STATEMENT, cls.key)

    def run_program(self, *arguments: str):
        return subprocess.run(
            [str(self.server.program), "report", *arguments], env=self.server.environment, cwd=self.folder,
            capture_output=True, text=True, timeout=60)

    def file(self, name: str, content: bytes) -> str:
        (self.folder / name).write_bytes(content)
        return name

    def test_the_key_is_served_to_everybody_and_may_be_kept(self):
        answer = Client(self.server).ask("GET", "/.well-known/jwks.json")
        self.assertEqual((answer.status, answer.headers["content-type"]), (200, "application/jwk-set+json"))
        self.assertIn("max-age=", answer.headers["cache-control"])
        (key,) = answer.json()["keys"]
        self.assertEqual(key, {**self.public, "alg": "EdDSA", "use": "sig", "kid": seals.fingerprint(self.public)})
        again = Client(self.server).ask("GET", "/.well-known/jwks.json", headers={"If-None-Match": answer.headers["etag"]})
        self.assertEqual((again.status, again.body), (304, b""))
        self.assertEqual(Client(self.server).ask("POST", "/.well-known/jwks.json", b"{}").status, 405)

    def test_the_private_key_is_for_its_owner_only(self):
        self.assertEqual((self.data / "signing.key").stat().st_mode & 0o777, 0o600)

    def test_the_key_is_printed(self):
        result = self.run_program("key")
        fingerprint, line = result.stdout.splitlines()
        self.assertEqual(fingerprint, f"Fingerprint: {seals.fingerprint(self.public)}")
        self.assertEqual(json.loads(line)["x"], self.public["x"])
        self.assertEqual(json.loads(self.run_program("key", "--jwk").stdout), json.loads(line))
        none = self.run_program("key", "--keys-signing-file", "nowhere.key")
        self.assertEqual((none.returncode, none.stdout), (69, ""))
        self.assertFalse((self.folder / "nowhere.key").exists())

    def test_a_report_is_genuine_and_a_changed_byte_is_named(self):
        genuine = self.run_program("verify", self.file("report.txt", self.report))
        self.assertEqual(genuine.returncode, 0, genuine.stdout + genuine.stderr)
        for words in ("report.txt: Genuine", "019ac9c5-1c40-7000-8000-0123456789ab", "effusion, mass", seals.fingerprint(self.public)):
            self.assertIn(words, genuine.stdout)
        changed = bytearray(self.report)
        changed[1000] = ord("X")
        result = self.run_program("verify", "report.txt", self.file("changed.txt", bytes(changed)))
        self.assertEqual(result.returncode, 1)
        self.assertIn("report.txt: Genuine", result.stdout)
        was = self.report[1000]
        self.assertIn(f"Byte 1000 was 0x{was:02x} “{chr(was)}” and is 0x58 “X”.", result.stdout)
        found = json.loads(self.run_program("verify", "changed.txt", "--json").stdout)
        self.assertEqual((found["outcome"], found["isTrusted"]), ("changed", True))
        self.assertEqual([(change["kind"], change["from"], change["was"], change["now"]) for change in found["changes"]],
                         [("byte", 1000, was, 0x58)])
        self.assertEqual(found["statement"], STATEMENT)

    def test_what_is_no_report_has_a_status_of_its_own(self):
        none = self.run_program("verify", self.file("none.txt", b"Just a text."), self.file("report.txt", self.report))
        self.assertEqual(none.returncode, 2)
        self.assertIn("no seal", none.stdout)
        self.assertEqual(self.run_program("verify", "nowhere.txt").returncode, 66)
        self.assertEqual(self.run_program("verify").returncode, 66)
        cut = self.run_program("verify", self.file("cut.txt", self.report[:2500]))
        self.assertEqual(cut.returncode, 1)
        self.assertIn("missing", cut.stdout)
        # The end of the last line: the line break, spaces after the seal, the seal itself.
        for taken in (1, 3):
            cut = self.run_program("verify", self.file("cut.txt", self.report[:-taken]), "--json")
            found = json.loads(cut.stdout)
            self.assertEqual(found["outcome"], "cut-short")
            self.assertEqual([(change["kind"], change["from"], change["grownBy"]) for change in found["changes"]],
                             [("cut", len(self.report) - taken, -taken)])
            self.assertIn(f"The file ends at byte {len(self.report) - taken}", found["changes"][0]["sentence"])

    def test_keys_come_in_every_form_and_a_stranger_is_not_believed(self):
        stranger = vector_key()
        self.file("theirs.txt", seals.seal(TEXT, b"\n", 1700, STATEMENT, stranger))
        alone = self.run_program("verify", "theirs.txt")
        self.assertEqual(alone.returncode, 1)
        self.assertIn("Not proven", alone.stdout)
        jwk = seals.public_jwk(stranger)
        raw = seals.decode(jwk["x"])
        pem = stranger.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        for key in (
            jwk["x"], base64.b64encode(raw).decode(), json.dumps(jwk), json.dumps({"keys": [jwk]}),
            self.file("key.pem", pem), self.file("key.json", json.dumps(jwk).encode()),
        ):
            with self.subTest(key):
                result = self.run_program("verify", "theirs.txt", "--key", key)
                self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
                self.assertEqual(self.run_program("verify", self.file("report.txt", self.report), "--key", key).returncode, 1)
        self.assertEqual(self.run_program("verify", "theirs.txt", "--key", "no key").returncode, 65)

    def test_the_code_of_a_printed_report_is_checked_too(self):
        code = seals.code(STATEMENT, self.key, CREATED)
        genuine = self.run_program("verify", "--code", code)
        self.assertEqual(genuine.returncode, 0, genuine.stdout + genuine.stderr)
        for words in ("Genuine", "019ac9c5-1c40-7000-8000-0123456789ab", "effusion, mass", "2026-11-28T09:30:00Z"):
            self.assertIn(words, genuine.stdout)
        _, payload, signature = code.split(".")
        forged = seals.encode(seals.decode(payload).replace(b'"soon"', b'"routine"'))
        for text, status, outcome in (
            (f"LBX1.{forged}.{signature}", 1, "forged"), (seals.code(STATEMENT, vector_key(), CREATED), 1, "unknown-key"),
            ("https://example.org", 2, "unreadable"), (code[:-1], 2, "unreadable"),
        ):
            result = self.run_program("verify", "--json", "--code", text)
            self.assertEqual((result.returncode, json.loads(result.stdout)["outcome"]), (status, outcome))


if __name__ == "__main__":
    if sys.argv[1:] == ["--write-vector"]:
        VECTOR.parent.mkdir(exist_ok=True)
        VECTOR.write_bytes(vector())
    else:
        unittest.main()
