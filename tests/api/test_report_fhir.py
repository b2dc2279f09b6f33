"""The report as a FHIR document, from the real server, read by a library that we did not write."""

import json
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import fhir_document  # noqa: E402
from client import sample_film  # noqa: E402
from test_api import APITest  # noqa: E402

ENDED = {"ready", "failed", "cancelled"}
ANSWERS = {
    "pseudonym": "J. <b>D.</b>", "age": 54, "birth-date": "1972-03", "sex": "female",
    "reason": "Cough & fever <script>alert(1)</script>\nfor two weeks", "temperature": 38.4,
    "conditions": [{"name": "Asthma", "since": "1990", "status": "active"}],
    "medication-status": "yes", "medication": [{"name": "Salbutamol", "dose": "100 µg", "route": "inhaled"}],
    "allergy-status": "yes", "allergies": [{"substance": "Penicillin", "severity": "severe"}],
    "smoking": "former", "cigarettes": 10, "smoking-years": 15,
}


class FHIRReports(APITest):
    def document(self, picture: bytes, answers: dict) -> bytes:
        self.assertEqual(self.client.api("PATCH", "/intake", {"answers": answers}).status, 200)
        analysis = self.client.analyse_all_the_same(self.client.upload(picture).json()["id"])["id"]
        self.assertEqual(self.client.finished(analysis)["state"], "completed")
        made = self.client.api("POST", "/reports", {"analysisId": analysis, "audience": "clinician"})
        self.assertIn(made.status, (201, 202), made.body[:300])
        report = f"/reports/{made.json()['id']}"
        deadline = time.monotonic() + 60
        while (state := self.client.api("GET", report).json()["state"]) not in ENDED:
            self.assertLess(time.monotonic(), deadline, state)
            time.sleep(0.02)
        answer = self.client.api("GET", f"{report}/document?format=fhir")
        self.assertEqual(answer.status, 200, answer.body[:300])
        self.assertTrue(answer.headers["content-type"].startswith("application/fhir+json"), answer.headers)
        return answer.body

    def resources(self, document: bytes, kind: str) -> list[dict]:
        entries = json.loads(document)["entry"]
        return [entry["resource"] for entry in entries if entry["resource"]["resourceType"] == kind]

    def test_a_library_that_we_did_not_write_reads_it_and_writes_the_same_again(self):
        document = self.document(sample_film().read_bytes(), ANSWERS)
        self.assertEqual(fhir_document.problems(document), [])
        self.assertEqual([patient["name"][0]["text"] for patient in self.resources(document, "Patient")], ["J. <b>D.</b>"])
        for kind in ("AllergyIntolerance", "MedicationStatement", "Condition"):
            self.assertEqual(len(self.resources(document, kind)), 1, kind)
        report, = self.resources(document, "DiagnosticReport")
        self.assertEqual(report["presentedForm"][0]["contentType"], "application/pdf")

    def test_little_told_is_a_document_too(self):
        document = self.document(sample_film().read_bytes(), {"age": 40, "reason": "cough"})
        self.assertEqual(fhir_document.problems(document), [])
        composition, = self.resources(document, "Composition")
        comparison = composition["section"][3]
        self.assertEqual(comparison["emptyReason"]["coding"][0]["code"], "unavailable")

    def test_the_bundle_is_signed(self):
        document = self.document(sample_film().read_bytes(), {"age": 40, "reason": "cough"})
        seal, = json.loads(document)["signature"]["extension"]
        self.assertEqual(seal["url"], "urn:lightbox:seal")
        self.assertRegex(seal["valueString"], r"\ALIGHTBOX-SEAL-1:[\w-]")


class Checks(unittest.TestCase):
    """The checks find what they look for."""

    def test_what_is_no_document_is_told(self):
        self.assertTrue(fhir_document.problems(b'{"resourceType": "Bundle"}'))
        self.assertTrue(fhir_document.problems(b'{"resourceType": "Bundle", "type": "document", "entry": [{"x": 1}]}'))
        self.assertEqual(list(fhir_document.differences({"a": [1, 2]}, {"a": [1, 3]})), ["Bundle.a[1]: 2 became 3"])
        self.assertTrue(list(fhir_document.codes({"system": "http://snomed.info/sct", "code": "1"})))
        self.assertTrue(list(fhir_document.codes({"system": "http://loinc.org", "code": "1-8"})))
        self.assertTrue(list(fhir_document.texts({"div": "<div><script/></div>"})))
        self.assertTrue(list(fhir_document.texts({"div": "<div>a<br></div>"})))


if __name__ == "__main__":
    unittest.main()
