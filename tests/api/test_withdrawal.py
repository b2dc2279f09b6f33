"""Withdrawing a version of a model, from the command line and on the operators' listener."""

import io
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import pydicom
from client import ROOT, Answer, Client, Server, sample_film

import pdf_archive  # its folder is known once the client is

TOKEN = "correct-horse-battery-staple"
MODEL = json.loads((ROOT / "models/chest-xray/manifest.json").read_text())
NAME, VERSION = MODEL["id"], MODEL["version"]


class WithdrawalTest(unittest.TestCase):
    def setUp(self):
        self.server = Server(f"withdrawal-{self._testMethodName}")
        token = Path(self.server.folder.name) / "token"
        token.write_text(TOKEN)
        self.server.environment["LIGHTBOX_OPERATOR_TOKEN_FILE"] = str(token)
        self.enterContext(self.server)
        self.client = Client(self.server).begin()
        self.client.api("PATCH", "/intake", {"answers": {"age": 54, "pseudonym": "Zanzibar"}})
        self.upload = self.client.upload(sample_film().read_bytes()).json()["id"]
        self.analysis = self.client.finished(self.client.analyse(self.upload)["id"])
        self.report = self.client.reported(self.analysis["id"], audience="patient")

    def run_program(self, *arguments: str):
        return subprocess.run(
            [str(self.server.program), "models", *arguments], env=self.server.environment, capture_output=True, text=True, timeout=120)

    def operators(self, method: str, path: str, value=None, token: str | None = TOKEN):
        client = Client(self.server)
        client.server = type("Operators", (), {"port": self.server.operator_port})()
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        return client.ask(method, path, None if value is None else json.dumps(value), headers)

    def assert_withdrawn(self, reason: str):
        answer = self.client.api("POST", "/analyses", {"uploadId": self.upload, "confirmedDifferences": ["birth-date"]})
        self.assertEqual((answer.status, answer.code), (409, "model-withdrawn"), answer.body)
        self.assertIn(reason, answer.json()["detail"])
        self.assertEqual(self.client.api("GET", "/models").json()["models"][0]["withdrawn"]["reason"], reason)
        ready = self.operators("GET", "/health/ready").json()
        self.assertEqual(ready["status"], "ready")
        self.assertIn(reason, ready["warnings"]["model"])
        told = self.client.api("GET", f"/analyses/{self.analysis['id']}").json()
        self.assertEqual(told["modelWithdrawn"]["reason"], reason)
        self.assertEqual(told["result"], self.analysis["result"])
        self.assertEqual(self.client.api("GET", "/analyses").json()["analyses"][-1]["modelWithdrawn"], told["modelWithdrawn"])
        self.assertIn(reason, self.client.api("GET", "/context").json()["markdown"])
        conversation = self.client.api("POST", "/conversations", {}).json()["id"]
        said = self.client.api("POST", f"/conversations/{conversation}/messages", {"text": "What did the picture show?"}).json()
        self.assertIn("Don't rely on what it found", said["answer"]["text"])

    def documents(self) -> dict[str, Answer]:
        return {document["format"]: self.client.ask("GET", document["address"]) for document in self.client.api("GET", f"/reports/{self.report['id']}").json()["documents"]}

    def words(self, format: str, document: bytes) -> str:
        """What a reader finds in it, in one line."""
        with tempfile.TemporaryDirectory() as folder:
            match format:
                case "dicom":
                    return self.words("pdf", pydicom.dcmread(io.BytesIO(document)).EncapsulatedDocument)
                case "sr":
                    text = "\n".join(str(element.value) for element in pydicom.dcmread(io.BytesIO(document)).iterall() if element.VR in ("UT", "LO", "ST"))
                case "pdf":
                    file = Path(folder) / "report.pdf"
                    file.write_bytes(document.rstrip(b"\0"))
                    text = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, text=True, check=True).stdout
                case _:
                    text = document.decode()
        return " ".join(text.split())


class FromTheCommandLine(WithdrawalTest):
    def test_documents_that_are_given_out_later_are_stamped_and_earlier_copies_are_not_taken_for_them(self):
        before = self.documents()
        self.assertEqual(sorted(before), ["dicom", "fhir", "pdf", "sr", "txt"])
        reason = "It marks pacemakers as effusions."
        for format, document in before.items():
            self.assertNotIn(reason, self.words(format, document.body), format)
        self.assertEqual(self.run_program("withdraw", NAME, VERSION, "--reason", reason, "--by", "M. Curie").returncode, 0)
        for format, old in before.items():
            with self.subTest(format):
                address = f"/api/v1/reports/{self.report['id']}/document?format={format}"
                new = self.client.ask("GET", address, headers={"If-None-Match": old.headers["etag"]})
                self.assertEqual(new.status, 200)
                self.assertNotEqual(new.headers["etag"], old.headers["etag"])
                self.assertIn(reason, self.words(format, new.body))
                self.assertRegex(self.words(format, new.body).lower(), "do not rely on this report|don't rely on this report|entered-in-error")
                # The rest of the copy from before isn't joined with this one.
                rest = self.client.ask("GET", address, headers={"Range": "bytes=100-", "If-Range": old.headers["etag"]})
                self.assertEqual((rest.status, rest.body), (200, new.body))
                self.assertEqual(self.client.ask("GET", address, headers={"If-None-Match": new.headers["etag"]}).status, 304)
                if format == "pdf":
                    pages = self.words("pdf", new.body).split("Page ")
                    # On each page, and nowhere instead of what the report said.
                    self.assertGreaterEqual(self.words("pdf", new.body).count("Withdrawn: version"), len(pages) - 1)
                    file = Path(self.server.folder.name) / "report.pdf"
                    file.write_bytes(new.body)
                    self.assertEqual(pdf_archive.Checker(file).check(), [])
                if format in ("pdf", "txt"):
                    file = Path(self.server.folder.name) / f"report.{format}"
                    file.write_bytes(new.body)
                    verified = subprocess.run(
                        [str(self.server.program), "report", "verify", str(file)], env=self.server.environment, capture_output=True, text=True, timeout=60)
                    self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
                    self.assertIn("was withdrawn", verified.stdout + verified.stderr)
        told = {document["format"]: document["sha256"] for document in self.client.api("GET", f"/reports/{self.report['id']}").json()["documents"]}
        self.assertEqual(told, {format: document.headers["etag"].strip('"') for format, document in self.documents().items()})

    def test_a_running_server_notices_and_the_reports_are_listed(self):
        self.assertEqual(self.run_program("withdrawals").stdout, "No version was withdrawn.\n")
        self.assertNotIn("modelWithdrawn", self.analysis)
        self.assertNotIn("warnings", self.operators("GET", "/health/ready").json())
        reason = "It marks pacemakers as effusions."
        result = self.run_program("withdraw", NAME, VERSION, "--reason", reason, "--by", "M. Curie")
        self.assertEqual(result.returncode, 0, result.stderr)
        first, second = result.stdout.splitlines()
        self.assertEqual([first.split("\t")[index] for index in (0, 2, 3)], [f"{NAME} {VERSION}", "M. Curie", reason])
        self.assertEqual([second.split("\t")[index] for index in (0, 1, 3)], ["report", self.report["id"], "patient"])
        self.assertIn("model-withdrawn", result.stderr)
        self.assertNotIn("Zanzibar", result.stdout)
        self.assert_withdrawn(reason)
        again = self.run_program("withdraw", NAME, VERSION, "--reason", "Other", "--by", "Other")
        self.assertIn("It was withdrawn before", again.stdout)
        self.assertEqual(self.run_program("withdrawals").stdout, result.stdout)

    def test_a_slip_of_the_pen_withdraws_nothing(self):
        for name, version in (("chest-xry", VERSION), (NAME, "99")):
            result = self.run_program("withdraw", name, version, "--reason", "r", "--by", "b")
            self.assertEqual(result.returncode, 66)
            self.assertIn(f"{NAME} {VERSION}", result.stderr)
        empty = self.run_program("withdraw", NAME, VERSION, "--reason", " ", "--by", "b\u0007")
        self.assertEqual(empty.returncode, 65)
        self.assertIn("--reason: This is needed.", empty.stderr)
        self.assertIn("--by: Remove the control characters.", empty.stderr)
        self.assertNotEqual(self.run_program("withdraw", NAME, VERSION).returncode, 0)
        nowhere = self.run_program("withdrawals", "--data-directory", "/nowhere")
        self.assertEqual(nowhere.returncode, 66)
        self.assertEqual(self.operators("GET", "/admin/models/withdrawals").json(), {"withdrawals": []})


class OnTheOperatorsListener(WithdrawalTest):
    def test_it_needs_the_token_and_lists_the_reports_without_patient_data(self):
        path = f"/admin/models/{NAME}/{VERSION}/withdraw"
        # Whatever name is sent, that of the token counts.
        sent = {"reason": "It was measured on the wrong data.", "by": "Dr. Hopper"}
        body = {**sent, "by": "operator"}
        for method, address, value in (("POST", path, sent), ("GET", "/admin/models/withdrawals", None)):
            for token in (None, "wrong"):
                answer = self.operators(method, address, value, token)
                self.assertEqual((answer.status, answer.code), (401, "operator-token-required"))
            # The public listener has the page there, and nothing else.
            self.assertNotIn("json;", self.client.ask(method, address).headers["content-type"].replace("problem+json;", ""))
        wrong = self.operators("POST", path, {"reason": ""})
        self.assertEqual([error["pointer"] for error in wrong.json()["errors"]], ["/reason"])

        other = self.client.analyse(self.upload)
        self.client.api("POST", f"/analyses/{other['id']}/cancel")
        made = self.operators("POST", path, sent)
        self.assertEqual(made.status, 201, made.body)
        listed = made.json()
        self.assertEqual(
            {**body, "model": NAME, "version": VERSION}, {key: listed[key] for key in ("reason", "by", "model", "version")})
        self.assertEqual([(report["id"], report["audience"]) for report in listed["reports"]], [(self.report["id"], "patient")])
        self.assertEqual(set(listed["reports"][0]), {"id", "audience", "createdAt"})
        self.assertEqual(self.operators("POST", path, {**body, "reason": "Other"}).status, 200)
        self.assertEqual(self.operators("GET", "/admin/models/withdrawals").json(), {"withdrawals": [listed]})
        self.assert_withdrawn(body["reason"])
        self.assertIn("model-withdrawn", self.server.log.read_text())
        self.assertEqual(self.client.api("POST", f"/analyses/{other['id']}/retry").code, "model-withdrawn")
        self.server.kill()
        self.server.start()
        self.assert_withdrawn(body["reason"])


if __name__ == "__main__":
    unittest.main()
