"""The operators' page in a real browser: who comes in, what they see of a server that works, and what they change."""

import re
import subprocess
import unittest
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from browser import Visitor, chromium, visiting
from server import Server

# Chromium itself writes a line for each answer over 399.
PROVOKED = [r"status of 401", r"status of 403", r"status of 503"]


class OperatorsPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        server = Server("operators-page")
        tokens = Path(server.folder.name) / "tokens.json"
        server.environment["LIGHTBOX_OPERATOR_TOKENS_FILE"] = str(tokens)
        cls.tokens = {
            role: subprocess.run(
                [server.program, "operators", "add", name, "--role", role, "--operator-tokens-file", str(tokens)],
                capture_output=True, text=True, check=True, timeout=60).stdout.strip()
            for name, role in (("Dr. Lee", "clinician"), ("Otto", "operator"), ("Vera", "viewer"))}
        cls.server = cls.enterClassContext(server)
        cls.browser = cls.enterClassContext(chromium(cls.enterClassContext(sync_playwright())))

    def operator(self, role: str, name: str) -> Visitor:
        """Somebody at the operators' listener, signed in with the token of a role."""
        visitor = self.enterContext(visiting(self.browser, self.server, name))
        visitor.expected = PROVOKED
        origin = f"http://127.0.0.1:{self.server.operator_port}"
        visitor.context.unroute_all()
        visitor.context.route(lambda url: not url.startswith((origin, self.server.origin)), visitor._foreign)
        page = visitor.page
        page.goto(origin + "/")
        page.get_by_label("Operator’s token").fill(self.tokens[role])
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1, name="Overview")).to_be_visible()
        return visitor

    def section(self, visitor: Visitor, name: str) -> None:
        visitor.page.get_by_role("navigation", name="Sections").get_by_role("link", name=name).click()
        expect(visitor.page.get_by_role("heading", level=1, name=name)).to_be_visible()

    def test_a_wrong_token_is_turned_away_with_a_sentence(self) -> None:
        visitor = self.enterContext(visiting(self.browser, self.server, "operators-refused"))
        visitor.expected = PROVOKED
        visitor.context.unroute_all()
        page = visitor.page
        page.goto(f"http://127.0.0.1:{self.server.operator_port}/")
        visitor.look("sign-in")
        page.get_by_label("Operator’s token").fill("nobody's")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_be_visible()

    def test_an_operator_sees_the_server_work_and_pauses_its_queue(self) -> None:
        person = self.enterContext(visiting(self.browser, self.server, "operators-person"))
        person.expected = PROVOKED
        person.start()
        visitor = self.operator("operator", "operators")
        page = visitor.page
        expect(page.get_by_role("figure", name="Requests", exact=True)).to_contain_text(re.compile(r"requests: now"))
        visitor.look("overview")
        self.section(visitor, "Queue")
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_text("The queue is paused")).to_be_visible()
        visitor.look("queue")
        page.get_by_role("button", name="Resume").click()
        expect(page.get_by_text("The queue is running")).to_be_visible()
        self.section(visitor, "Workers")
        expect(page.locator("tbody tr").first).to_contain_text(re.compile("idle|busy"))
        for name in ("Alerts", "Errors", "Models"):
            self.section(visitor, name)
            expect(page.locator(".loading")).to_have_count(0)
            visitor.look(name.lower())
        self.section(visitor, "Sessions")
        page.get_by_role("link", name="What was done").first.click()
        expect(page.get_by_role("heading", level=1, name="Audit trail")).to_be_visible()
        expect(page.locator("tbody")).to_contain_text("session-opened")
        visitor.look("audit")
        self.section(visitor, "Maintenance")
        page.get_by_label("What people read").fill("We are back at 18:00.")
        page.get_by_role("button", name="Begin maintenance").click()
        expect(page.get_by_text("Maintenance is on")).to_be_visible()
        person.open("/")
        expect(person.page.get_by_text("We are back at 18:00.")).to_be_visible()
        page.get_by_role("button", name="End maintenance").click()
        expect(page.get_by_text("Maintenance is off")).to_be_visible()

    def test_a_viewer_changes_nothing_and_a_clinician_opens_a_record(self) -> None:
        person = self.enterContext(visiting(self.browser, self.server, "operators-patient"))
        person.expected = PROVOKED
        person.start()
        viewer = self.operator("viewer", "operators-viewer")
        self.section(viewer, "Queue")
        expect(viewer.page.get_by_text("The queue is")).to_be_visible()
        expect(viewer.page.get_by_role("button", name="Pause")).to_have_count(0)
        self.section(viewer, "Sessions")
        session = viewer.page.locator("tbody tr td").first.inner_text()
        self.assertRegex(session, r"^[0-9a-f]{24}$")

        clinician = self.operator("clinician", "operators-clinician")
        self.section(clinician, "Open a record")
        page = clinician.page
        page.get_by_label("Session").fill(session)
        page.get_by_label("Reason").fill("Found unconscious, no history told")
        page.get_by_role("button", name="Open the record").click()
        expect(page.get_by_text("Open until")).to_be_visible()
        clinician.look("record")


if __name__ == "__main__":
    unittest.main()
