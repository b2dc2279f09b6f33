"""What was done with the record, as its person reads it; and that a clinician who opened it stands above everything."""

import json
import http.client
import re
import subprocess
import unittest
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from browser import chromium, visiting
from server import Server

# Chromium itself writes a line for each answer over 399; asking whether there is a session is one of them.
NO_SESSION_YET = r"status of 401"
TITLE = "What was done with my record"
REASON = "Found unconscious, no history told"


class AccessLog(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        server = Server("access-log")
        tokens = Path(server.folder.name) / "tokens.json"
        server.environment["LIGHTBOX_OPERATOR_TOKENS_FILE"] = str(tokens)
        cls.tokens = {
            role: subprocess.run(
                [server.program, "operators", "add", name, "--role", role, "--operator-tokens-file", str(tokens)],
                capture_output=True, text=True, check=True, timeout=60).stdout.strip()
            for name, role in (("Dr. Lee", "clinician"), ("Otto", "operator"))}
        cls.server = cls.enterClassContext(server)
        cls.browser = cls.enterClassContext(chromium(cls.enterClassContext(sync_playwright())))

    def operator(self, role: str, method: str, path: str, value: object) -> dict:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.operator_port, timeout=30)
        try:
            connection.request(method, path, json.dumps(value), {"Authorization": f"Bearer {self.tokens[role]}", "Content-Type": "application/json"})
            response = connection.getresponse()
            body = json.loads(response.read())
            self.assertLess(response.status, 300, body)
            return body
        finally:
            connection.close()

    def test_a_person_reads_what_was_done_and_who_opened_the_record(self) -> None:
        visitor = self.enterContext(visiting(self.browser, self.server, "access-log"))
        visitor.expected = [NO_SESSION_YET]
        page = visitor.page
        visitor.start()
        visitor.fill_history()
        page.get_by_role("contentinfo").get_by_role("link", name=TITLE).click()
        visitor.heading(TITLE)
        entries = page.locator(".access-entry")
        expect(entries.last).to_contain_text("You: the session was begun, and the text was agreed to.")
        expect(entries.first).to_contain_text("You: the history was changed.")
        expect(page.locator(".notice.attention")).to_have_count(0)
        visitor.look("log")

        session = page.request.get(f"{self.server.origin}/api/v1/session").json()["id"]
        opened = self.operator("clinician", "POST", f"/admin/records/{session}/break-glass", {"reason": REASON})
        self.assertTrue(opened["grant"])
        page.get_by_role("button", name="Read again").click()
        notice = page.locator(".notice.attention")
        expect(notice).to_contain_text("Somebody else opened your record")
        expect(notice).to_contain_text("Dr. Lee (clinician)")
        expect(notice).to_contain_text(REASON)
        visitor.look("log-opened")
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Save as a table (CSV)").click()
        table = waiting.value.path().read_text(encoding="utf-8")
        self.assertEqual(waiting.value.suggested_filename, "access-log.csv")
        self.assertRegex(table, r'"record-opened".*"' + re.escape(REASON))
        visitor.reload_at(TITLE)

        visitor.open("/record")
        page.get_by_role("main").get_by_role("link", name=TITLE).click()
        visitor.heading(TITLE)

    def test_maintenance_is_told_in_the_operators_words(self) -> None:
        visitor = self.enterContext(visiting(self.browser, self.server, "maintenance"))
        visitor.expected = [NO_SESSION_YET, r"status of 503"]
        page = visitor.page
        self.operator("operator", "PUT", "/admin/maintenance", {"on": True, "message": "Back at noon."})
        try:
            visitor.open("/")
            expect(page.locator(".notice.attention")).to_contain_text("Back at noon.")
            page.get_by_role("checkbox", name="I understand").check()
            page.get_by_role("button", name="Start", exact=True).click()
            expect(page.get_by_role("alert")).to_contain_text("The server is being worked on")
            visitor.look("maintenance")
        finally:
            self.operator("operator", "PUT", "/admin/maintenance", {"on": False})
        visitor.start()
        expect(page.locator(".notice.attention")).to_have_count(0)


if __name__ == "__main__":
    unittest.main()
