"""Reports as DICOM objects, read by programs that no one here wrote."""

import unittest

import pydicom

from client import Client, Server, png, sample_film
from dicom_report import OWN, encapsulated, structured, texts

HOSTILE = "J\\D^=<script> 👩 Ж漢 " + "x" * 30


class DicomReports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server("api-report-dicom"))

    def report(self, picture: bytes, **answers) -> tuple[dict, dict, str]:
        """The finished analysis and the address of the report's documents."""
        self.client = Client(self.server).begin()
        told = self.client.api("PATCH", "/intake", {"answers": answers})
        self.assertEqual(told.status, 200, told.body)
        upload = self.client.upload(picture).json()
        analysis = self.client.finished(self.client.analyse_all_the_same(upload["id"])["id"])
        self.assertEqual(analysis["state"], "completed")
        report = self.client.reported(analysis["id"])
        return upload, analysis, f"/api/v1/reports/{report['id']}/document?format="

    def document(self, address: str, form: str) -> bytes:
        answer = self.client.ask("GET", address + form)
        self.assertEqual(answer.status, 200, answer.body[:300])
        if form != "pdf":
            self.assertEqual(answer.headers["content-type"], "application/dicom")
            self.assertEqual(self.client.ask("GET", address + form).body, answer.body)
        return answer.body

    def test_the_objects_belong_to_the_study_of_the_film(self):
        film = pydicom.dcmread(sample_film())
        _, analysis, address = self.report(sample_film().read_bytes(), age=54, reason="cough", pseudonym=HOSTILE)
        printed = encapsulated(self.document(address, "dicom"), self.document(address, "pdf"))
        report, groups = structured(self.document(address, "sr"))
        for made in (printed, report):
            self.assertEqual(made.StudyInstanceUID, film.StudyInstanceUID)
            self.assertEqual((made.PatientID, made.PatientName), (film.PatientID, film.PatientName))
            self.assertNotEqual(made.SeriesInstanceUID, film.SeriesInstanceUID)
        self.assertNotEqual(printed.SeriesInstanceUID, report.SeriesInstanceUID)
        self.assertEqual(printed.SourceInstanceSequence[0].ReferencedSOPInstanceUID, film.SOPInstanceUID)
        series = report.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0]
        self.assertEqual(series.SeriesInstanceUID, film.SeriesInstanceUID)
        self.assertEqual(series.ReferencedSOPSequence[0].ReferencedSOPInstanceUID, film.SOPInstanceUID)
        # The same findings with the same numbers as the API tells.
        told = {finding["id"]: finding["probability"] for finding in analysis["result"]["findings"]}
        read = {}
        for group in groups:
            numbers = {str(item.name.value): item.value for item in group.get_measurements()}
            read[str(group.finding_type.value)] = numbers["probability"]
        self.assertEqual(set(read), set(told))
        for finding, probability in told.items():
            self.assertAlmostEqual(read[finding], probability, places=12)
        self.assertEqual(texts(report, "not-checked"), analysis["result"]["notChecked"])
        self.assertIn("\\D^=<script>", texts(report, "pseudonym")[0])

    def test_a_picture_without_a_header_gets_a_study_of_its_own(self):
        _, _, address = self.report(png_of_the_film(), age=54, pseudonym=HOSTILE)
        report, _ = structured(self.document(address, "sr"))
        printed = encapsulated(self.document(address, "dicom"), self.document(address, "pdf"))
        self.assertEqual(report.StudyInstanceUID, printed.StudyInstanceUID)
        self.assertTrue(report.StudyInstanceUID.startswith("2.25."))
        self.assertEqual(report.PatientName, printed.PatientName)
        self.assertEqual(str(report.PatientName).count("^"), 0)
        self.assertNotIn("CurrentRequestedProcedureEvidenceSequence", report)
        self.assertEqual(report.CompletionFlag, "PARTIAL")
        self.assertEqual(report.CodingSchemeIdentificationSequence[0].CodingSchemeDesignator, OWN)


def png_of_the_film() -> bytes:
    """The sample film in grey, without its header."""
    film = pydicom.dcmread(sample_film())
    pixels = film.pixel_array
    grey = (pixels.max() - pixels) * (255.0 / max(1, int(pixels.max()) - int(pixels.min())))
    return png(film.Columns, film.Rows, grey.astype("uint8").tobytes())


if __name__ == "__main__":
    unittest.main()
