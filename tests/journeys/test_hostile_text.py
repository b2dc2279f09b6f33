"""What strangers wrote is shown as text on every page: a name of a file, an answer, a tag, a question."""

import io
import unittest

import pydicom
from playwright.sync_api import expect, sync_playwright

from browser import Visitor, chromium, visiting
from server import Server, sample_film

# Chromium itself writes a line for each answer over 399; asking whether there is a session is one of them.
NO_SESSION_YET = r"status of 401"
SCRIPT = "<img src=x onerror=window.stolen=1><script>window.stolen=1</script>"
# As the browser is told: what an element with an event handler would do, and a frame, and a link.
OTHERS = "<svg onload=window.stolen=1></svg><iframe srcdoc='<script>parent.stolen=1</script>'></iframe>javascript:window.stolen=1"


class HostileText(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.server = cls.enterClassContext(Server("hostile-text"))
        cls.browser = cls.enterClassContext(chromium(cls.enterClassContext(sync_playwright())))

    def film(self) -> bytes:
        data = pydicom.dcmread(sample_film())
        data.PatientName = SCRIPT[:60]
        data.StudyDescription = SCRIPT[:60]
        out = io.BytesIO()
        data.save_as(out)
        return out.getvalue()

    def nothing_ran(self, visitor: Visitor, where: str) -> None:
        page = visitor.page
        self.assertIsNone(page.evaluate("window.stolen ?? null"), where)
        for selector in ("img[src='x']", "[onerror]", "[onload]", "iframe", "a[href^='javascript:']", "body script:not([src])"):
            self.assertEqual(page.locator(selector).count(), 0, f"{where}: {selector}")

    def test_script_from_everywhere_is_text_on_every_page(self) -> None:
        visitor = self.enterContext(visiting(self.browser, self.server, "hostile-text"))
        visitor.expected = [NO_SESSION_YET]
        page = visitor.page
        # A dialog would be somebody's script at work.
        page.on("dialog", lambda dialog: (visitor.complaints.append(f"a dialog: {dialog.message}"), dialog.dismiss()))
        visitor.start()
        visitor.fill_history(reason=SCRIPT + OTHERS)
        self.nothing_ran(visitor, "history")
        request = page.request
        origin = {"Origin": self.server.origin}
        answers = {"pseudonym": "Zed", "occupation": SCRIPT}
        self.assertEqual(request.patch(f"{self.server.origin}/api/v1/intake", data={"answers": answers}, headers=origin).status, 200)
        sent = request.post(f"{self.server.origin}/api/v1/uploads", headers=origin, multipart={
            "file": {"name": SCRIPT.replace("/", "") + ".dcm", "mimeType": "application/dicom", "buffer": self.film()}})
        self.assertEqual(sent.status, 201, sent.text())
        upload = sent.json()
        self.assertIn("onerror", upload["fileName"])
        asked = {"uploadId": upload["id"], "confirmedDifferences": ["name", "sex", "age", "birth-date", "study-date"]}
        analysis = request.post(f"{self.server.origin}/api/v1/analyses", data=asked, headers=origin)
        self.assertEqual(analysis.status, 202, analysis.text())
        conversation = request.post(f"{self.server.origin}/api/v1/conversations", data={"title": SCRIPT}, headers=origin).json()["id"]
        said = request.post(f"{self.server.origin}/api/v1/conversations/{conversation}/messages", data={"text": SCRIPT + " what is it?"}, headers=origin)
        self.assertEqual(said.status, 200)
        # The events end with the analysis.
        self.assertEqual(request.get(f"{self.server.origin}/api/v1/analyses/{analysis.json()['id']}/events").status, 200)

        for path in ("/", "/history/check", "/picture", f"/picture/{upload['id']}", f"/analyses/{analysis.json()['id']}", "/record", "/assistant",
                     f"/assistant/{conversation}"):
            visitor.open(path)
            expect(page.get_by_role("main")).to_be_visible()
            page.wait_for_load_state("networkidle")
            self.nothing_ran(visitor, path)
        visitor.open(f"/assistant/{conversation}")
        # It is there, word for word.
        expect(page.locator(".question-text")).to_have_text(SCRIPT + " what is it?")


if __name__ == "__main__":
    unittest.main()
