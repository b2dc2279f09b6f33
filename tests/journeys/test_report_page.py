"""Reports: asked for, made, taken home in every format; and a clinician who reads the picture before the model's findings."""

import hashlib
import json
import re
import subprocess
import unittest
from pathlib import Path

from playwright.sync_api import Locator, Route, expect, sync_playwright

from browser import Visitor, chromium, visiting
from server import RESULTS, Server

# Chromium itself writes a line for each answer over 399; asking whether there is a session is one of them.
NO_SESSION_YET = r"status of 401"
# The names of the other formats on the page.
NAMES = {"txt": "Plain text", "fhir": "FHIR", "dicom": "PDF within DICOM", "sr": "DICOM structured report"}
READING = "Heart not enlarged. No effusion.\n\nA patchy opacity in the left lower zone."


def words_of(pdf: Path) -> str:
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    return " ".join(text.split())


def facts_of(pdf: Path) -> str:
    return subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.server = cls.enterClassContext(Server("reports"))
        cls.browser = cls.enterClassContext(chromium(cls.enterClassContext(sync_playwright())))

    def visit(self, name: str, expected: tuple[str, ...] = (), **options: bool) -> Visitor:
        visitor = self.enterContext(visiting(self.browser, self.server, name, **options))
        visitor.expected = [NO_SESSION_YET, *expected]
        return visitor

    def api(self, visitor: Visitor, path: str):
        answer = visitor.page.request.get(f"{self.server.origin}/api/v1{path}")
        self.assertEqual(answer.status, 200, path)
        return answer

    def to_the_picture(self, visitor: Visitor) -> None:
        visitor.start()
        visitor.fill_history()
        visitor.to_picture()
        visitor.take_sample()

    def to_the_result(self, visitor: Visitor) -> None:
        self.to_the_picture(visitor)
        visitor.analyse()
        visitor.result()

    def newest(self, visitor: Visitor) -> dict:
        return max(self.api(visitor, "/reports").json()["reports"], key=lambda report: report["createdAt"])

    def take(self, visitor: Visitor, button: Locator, document: dict) -> Path:
        """Downloads a document by its button. The file is the one that the API gives out."""
        with visitor.page.expect_download() as waiting:
            button.click()
        self.assertEqual(waiting.value.suggested_filename, document["fileName"])
        file = RESULTS / f"{visitor.name}-{document['format']}{Path(document['fileName']).suffix}"
        waiting.value.save_as(file)
        here = hashlib.sha256(file.read_bytes()).hexdigest()
        there = self.api(visitor, document["address"].removeprefix("/api/v1")).body()
        self.assertEqual(here, hashlib.sha256(there).hexdigest(), document["format"])
        if document.get("sha256"):
            self.assertEqual(here, document["sha256"])
        return file

    def test_both_audiences_and_every_format(self) -> None:
        visitor = self.visit("reports")
        page = visitor.page
        self.to_the_result(visitor)
        page.get_by_role("link", name="Go to the report").click()
        expect(page.get_by_role("group", name="Go to the report")).to_be_focused()
        page.get_by_role("radio", name="A4").check()
        report = visitor.make_report()
        made = self.newest(visitor)
        self.assertEqual((made["audience"], made["state"]), ("clinician", "ready"))
        documents = {document["format"]: document for document in made["documents"]}
        pdf = self.take(visitor, report.get_by_role("button", name="Download the PDF"), documents["pdf"])
        expect(report).to_contain_text("It arrived just as the server made it.")
        self.assertNotIn("Jay", documents["pdf"]["fileName"])
        self.assertRegex(facts_of(pdf), r"Page size:\s+595.*A4")
        report.get_by_text("Other formats").click()
        visitor.look("clinician")
        for format, document in documents.items():
            if format != "pdf":
                with self.subTest(format):
                    self.take(visitor, report.get_by_role("button", name=f"Download: {NAMES[format]}"), document)
        self.assertIn("pdf", documents)

        page.get_by_role("radio", name="Letter").check()
        page.get_by_role("checkbox", name="Put the name into the file's name").check()
        report = visitor.make_report("For yourself")
        made = self.newest(visitor)
        self.assertEqual((made["audience"], made["paper"]), ("patient", "letter"))
        (document,) = [document for document in made["documents"] if document["format"] == "pdf"]
        self.assertRegex(document["fileName"], r"(?i)jay-?doe")
        pdf = self.take(visitor, report.get_by_role("button", name="Download the PDF"), document)
        self.assertRegex(facts_of(pdf), r"Page size:\s+612.*letter")
        visitor.look("yourself")

        expect(page.locator(".report")).to_have_count(2)
        visitor.reload_at("What the model found")
        expect(page.locator(".report")).to_have_count(2)
        report = page.locator(".report").first
        report.get_by_role("button", name="Delete the report For yourself").click()
        dialog = page.get_by_role("alertdialog", name="Delete this report?")
        visitor.look("delete")
        dialog.get_by_role("button", name="Delete it").click()
        expect(page.locator(".report")).to_have_count(1)
        expect(page.get_by_role("heading", name="Reports made so far")).to_be_focused()
        self.assertEqual(len(self.api(visitor, "/reports").json()["reports"]), 1)

    def test_conversations_are_printed_only_when_ticked(self) -> None:
        visitor = self.visit("reports-conversation")
        page = visitor.page
        self.to_the_result(visitor)
        result = page.url
        page.get_by_role("link", name="Ask about it", exact=True).click()
        page.get_by_role("textbox", name="Your question", exact=True).fill("Why was the picture taken?")
        page.keyboard.press("Enter")
        expect(page.locator(".answer").get_by_role("button", name="Copy")).to_be_visible()
        page.goto(result)
        visitor.result()
        box = page.get_by_role("group", name="Conversations with the assistant to print").get_by_role("checkbox")
        expect(box).to_have_count(1)
        expect(box).not_to_be_checked()
        file = RESULTS / "reports-conversation.pdf"
        visitor.download(file)
        self.assertNotIn("Why was the picture taken?", words_of(file))
        box.check()
        visitor.look("ticked")
        visitor.download(file)
        self.assertIn("Why was the picture taken?", words_of(file))

    @staticmethod
    def cut_short(route: Route) -> None:
        """Half of the answer, as if the connection had ended there."""
        answer = route.fetch()
        whole = answer.body()
        route.fulfill(status=answer.status, headers=answer.headers, body=whole[: len(whole) // 2])

    def test_a_download_is_stopped_and_goes_on_after_the_connection_was_lost(self) -> None:
        visitor = self.visit("reports-lost", expected=(r"ERR_INTERNET_DISCONNECTED", r"ERR_FAILED"))
        page = visitor.page
        self.to_the_result(visitor)
        report = visitor.make_report()
        (document,) = [one for one in self.newest(visitor)["documents"] if one["format"] == "pdf"]
        # A slow line, so that the download can be seen.
        line = visitor.context.new_cdp_session(page)
        line.send("Network.enable")
        slow = {"offline": False, "latency": 0, "downloadThroughput": max(8_000, document["bytes"] // 8), "uploadThroughput": -1}
        line.send("Network.emulateNetworkConditions", slow)
        button = report.get_by_role("button", name="Download the PDF")
        bar = page.get_by_role("progressbar", name="Download of PDF")
        begun = re.compile(r"B of \d")

        button.click()
        expect(report.locator(".transfer-amount")).to_have_text(begun)
        report.get_by_role("button", name="Stop the download").click()
        expect(report).to_contain_text("The download was stopped.")
        expect(bar).to_have_count(0)

        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.headers.get("range", "")) if "/document" in request.url else None)
        line.send("Network.emulateNetworkConditions", {**slow, "downloadThroughput": -1})
        page.route("**/document?format=pdf", self.cut_short, times=1)
        with page.expect_download() as waiting:
            button.click()
            expect(report).to_contain_text("The connection was lost. It goes on by itself")
            visitor.look("lost")
        file = RESULTS / "reports-lost.pdf"
        waiting.value.save_as(file)
        self.assertEqual(hashlib.sha256(file.read_bytes()).hexdigest(), document["sha256"])
        self.assertRegex(asked[-1], r"^bytes=[1-9]\d*-$")

    def test_a_clinician_reads_first_and_then_sees_the_findings(self) -> None:
        visitor = self.visit("blind")
        page = visitor.page
        told: list[str] = []
        page.on("response", lambda response: self.note(response, told))
        self.to_the_picture(visitor)
        choice = page.get_by_role("checkbox", name="I am a clinician: let me write my own reading first")
        expect(choice).not_to_be_checked()
        choice.check()
        visitor.look("choice")
        visitor.analyse()
        expect(page.get_by_role("heading", level=1, name="Read the picture first")).to_be_visible(timeout=60_000)
        expect(page.get_by_text("The findings are held back, also urgent ones")).to_be_visible()
        expect(page.get_by_text(re.compile(r"They are shown by themselves at \d\d:\d\d, in \d+ minutes\."))).to_be_visible()
        identity = page.url.rsplit("/", 1)[1]
        self.assertIsNone(self.api(visitor, f"/analyses/{identity}").json().get("result"))
        page.get_by_role("button", name="Record and show findings").click()
        expect(page.get_by_role("textbox", name="Your name")).to_be_focused()
        visitor.look("missing")
        page.get_by_role("textbox", name="Your name").fill("Dr. Maria Example")
        page.get_by_role("textbox", name="Your reading").fill(READING)
        visitor.look("reading")
        hidden = page.content()
        before = list(told)
        page.get_by_role("button", name="Record and show findings").click()
        visitor.result()
        visitor.focused("What the model found")

        findings = self.api(visitor, f"/analyses/{identity}").json()["result"]["findings"]
        self.assertGreater(len(findings), 3)
        # Neither the page nor any answer that it had got told a finding.
        for finding in findings:
            for place in (hidden, *before):
                self.assertNotIn(f"finding-{finding['id']}", place)
                self.assertNotIn(finding["plain"], place)
        own = page.get_by_role("region", name="Your own reading")
        expect(own).to_contain_text("A patchy opacity in the left lower zone.")
        expect(own).to_contain_text("Dr. Maria Example")
        expect(own).to_contain_text("Recorded before the model's findings were shown.")
        visitor.look("beside")
        visitor.reload_at("What the model found")
        file = RESULTS / "blind.pdf"
        visitor.download(file)
        words = words_of(file)
        self.assertIn("Dr. Maria Example", words)
        self.assertIn("A patchy opacity in the left lower zone.", words)

    def note(self, response, told: list[str]) -> None:
        """What the server said of analyses, urgency and context."""
        if re.search(r"/api/v1/(analyses|acuity|context|reports)", response.url) and response.status == 200:
            if "json" in response.headers.get("content-type", ""):
                told.append(json.dumps(response.json()))

    def test_the_findings_are_shown_without_a_reading_on_a_phone_in_the_dark(self) -> None:
        visitor = self.visit("blind-phone", expected=(r"status of 404",), phone=True, dark=True)
        page = visitor.page
        self.to_the_picture(visitor)
        page.get_by_role("checkbox", name="I am a clinician").check()
        visitor.analyse()
        expect(page.get_by_role("heading", level=1, name="Read the picture first")).to_be_visible(timeout=60_000)
        visitor.look("reading")
        page.get_by_role("button", name="Show findings without a reading").click()
        visitor.result()
        expect(page.get_by_text("The findings were shown before a reading was recorded.")).to_be_visible()
        visitor.make_report("For yourself")
        visitor.look("revealed")


if __name__ == "__main__":
    unittest.main()
