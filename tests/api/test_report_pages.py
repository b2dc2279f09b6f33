"""The pages of real reports, as others see them: read, taken apart and drawn by programs that we did not write."""

import io
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from client import Client, Server, sample_film
from PIL import Image

import pdf_archive

KINDS = [(audience, paper) for audience in ("clinician", "patient") for paper in ("a4", "letter")]
SIZES = {"a4": (595, 842), "letter": (612, 792)}


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.server = cls.enterClassContext(Server("report-pages"))
        cls.client = Client(cls.server).begin()
        told = {"age": 54, "reason": "cough for three weeks, “worse at night”", "pseudonym": "Ωmega Ёж عربى", "symptoms": ["cough"]}
        answer = cls.client.api("PATCH", "/intake", {"answers": told})
        assert answer.status == 200, answer
        cls.upload = cls.client.upload(sample_film().read_bytes()).json()
        cls.analysis = cls.client.finished(cls.client.analyse(cls.upload["id"])["id"])
        assert cls.analysis["state"] == "completed", cls.analysis
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.reports = {}
        for audience, paper in KINDS:
            made = cls.client.api("POST", "/reports", {"analysisId": cls.analysis["id"], "audience": audience, "paper": paper})
            assert made.status in (201, 202), made
            for _ in cls.client_events(made.json()["id"]):
                pass
            report = cls.client.api("GET", f"/reports/{made.json()['id']}").json()
            file = cls.folder / f"{audience}-{paper}.pdf"
            file.write_bytes(cls.client.ask("GET", report["document"]).body)
            cls.reports[audience, paper] = (report, file)

    @classmethod
    def client_events(cls, report: str):
        """Until it has ended."""
        return cls.client.ask("GET", f"/api/v1/reports/{report}/events").body.splitlines()

    def text(self, file: Path, page: int | None = None) -> str:
        only = [] if page is None else ["-f", str(page), "-l", str(page)]
        return subprocess.run(["pdftotext", "-layout", *only, file, "-"], capture_output=True, text=True, check=True).stdout

    def drawn(self, file: Path, dots_per_inch: int) -> list[Image.Image]:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["pdftoppm", "-gray", "-r", str(dots_per_inch), file, f"{folder}/page"], check=True)
            return [Image.open(io.BytesIO(page.read_bytes())) for page in sorted(Path(folder).iterdir())]

    def test_they_keep_the_rules_of_pdf_a_that_are_checked(self):
        for (audience, paper), (report, file) in self.reports.items():
            with self.subTest(audience=audience, paper=paper):
                self.assertEqual(pdf_archive.Checker(file).check(), [])

    def test_each_page_tells_whose_it_is(self):
        for (audience, paper), (report, file) in self.reports.items():
            with self.subTest(audience=audience, paper=paper):
                pages = len(self.drawn(file, 10))
                self.assertGreater(pages, 1)
                for page in range(1, pages + 1):
                    text = self.text(file, page)
                    self.assertIn(f"Report {report['id']}", text.splitlines()[0], page)
                    self.assertIn("Ωmega Ёж", text.splitlines()[0], page)
                    self.assertIn(f"Page {page} of {pages}", text)

    def test_the_information_of_the_document_is_whole(self):
        for (audience, paper), (report, file) in self.reports.items():
            with self.subTest(audience=audience, paper=paper):
                told = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
                for name in ("Title", "Subject", "Keywords", "Author", "CreationDate"):
                    self.assertRegex(told, rf"(?m)^{name}: +\S")
                self.assertRegex(told, r"(?m)^Tagged: +yes$")
                self.assertIn(report["id"], told)
                size = re.search(r"(?m)^Page size: +([\d.]+) x ([\d.]+)", told)
                self.assertEqual(tuple(round(float(length)) for length in size.groups()), SIZES[paper])
                fonts = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
                self.assertTrue(fonts)
                for font in fonts:
                    self.assertRegex(font, r" yes yes yes ")
                with pdf_archive.pikepdf.open(file) as pdf:
                    self.assertEqual(str(pdf.Root.Lang), "en")

    def test_the_picture_stands_in_it_byte_for_byte(self):
        preview = self.client.ask("GET", f"{self.upload['preview']}?width=1600", headers={"Accept": "image/jpeg"})
        self.assertEqual(preview.status, 200)
        self.assertTrue(preview.body.startswith(b"\xff\xd8"))
        for (audience, paper), (report, file) in self.reports.items():
            with self.subTest(audience=audience, paper=paper):
                with tempfile.TemporaryDirectory() as folder:
                    subprocess.run(["pdfimages", "-all", file, f"{folder}/image"], check=True)
                    self.assertIn(preview.body, [image.read_bytes() for image in Path(folder).iterdir()])

    def test_the_pages_as_pictures(self):
        """Margins are empty, no page is, each has its watermark, and the film is there."""
        for (audience, paper), (report, file) in self.reports.items():
            with self.subTest(audience=audience, paper=paper):
                pages = self.drawn(file, 50)
                for number, page in enumerate(pages, 1):
                    width, height = page.size
                    margin = int(48 / 72 * 50)
                    for part in ((0, 0, margin, height), (width - margin, 0, width, height), (0, 0, width, int(0.03 * height)), (0, int(0.985 * height), width, height)):
                        self.assertGreater(page.crop(part).getextrema()[0], 200, (number, part))
                    dark = sum(page.histogram()[:160]) / (width * height)
                    self.assertGreater(dark, 0.002, number)
                    self.assertLess(dark, 0.6, number)
                    # “Research and education” across the page, in a grey that nothing else has so much of.
                    self.assertGreater(sum(page.histogram()[236:248]) / (width * height), 0.005, number)
                # A film is the only thing with so many shades of grey.
                shades = [sum(count > 20 for count in page.histogram()[20:235]) for page in pages]
                self.assertGreater(max(shades), 60, shades)


if __name__ == "__main__":
    unittest.main()
