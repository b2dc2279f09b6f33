"""What a person sees in a real browser while analyses are paused, because the model drifts or the server is worked on."""

import http.client
import json
import shutil
import unittest
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from browser import chromium, visiting
from server import Server, distribution

TOKEN = "correct-horse-battery-staple"


class Waiting(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        server = Server("waiting", LIGHTBOX_WORKER_COUNT="1")
        folder = Path(server.folder.name)
        (folder / "token").write_text(TOKEN)
        shutil.copytree(distribution() / "share/lightbox/models", folder / "models")
        server.environment |= {"LIGHTBOX_OPERATOR_TOKEN_FILE": str(folder / "token"), "LIGHTBOX_MODELS_DIRECTORY": str(folder / "models")}
        cls.expected = folder / "models/chest-xray/golden/expected.json"
        cls.right = cls.expected.read_text()
        golden = json.loads(cls.right)
        golden["files"][0]["logits"][0] += 0.5
        cls.drifted = json.dumps(golden)
        cls.server = cls.enterClassContext(server)
        cls.browser = cls.enterClassContext(chromium(cls.enterClassContext(sync_playwright())))

    def operators(self, method: str, path: str, value: object = None) -> dict:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.operator_port, timeout=120)
        try:
            connection.request(method, path, None if value is None else json.dumps(value), {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"})
            response = connection.getresponse()
            body = response.read()
            self.assertLess(response.status, 300, body)
            return json.loads(body) if body else {}
        finally:
            connection.close()

    def check_says(self, golden: str, status: str) -> None:
        self.expected.write_text(golden)
        self.assertEqual(self.operators("POST", "/admin/model/check")["status"], status)

    def visit(self, name: str):
        visitor = self.enterContext(visiting(self.browser, self.server, name))
        visitor.expected = [r"status of 401", r"status of 503"]
        return visitor

    def test_the_page_says_that_the_model_drifts_and_that_it_is_over(self) -> None:
        visitor = self.visit("drifting")
        page = visitor.page
        visitor.start()
        visitor.fill_history()
        visitor.to_picture()
        banner = page.get_by_text("New analyses are paused")
        expect(banner).to_have_count(0)
        visitor.take_sample()
        self.addCleanup(self.check_says, self.right, "passed")
        self.check_says(self.drifted, "drifted")
        # The page learns of it when it is refused, and stands where it was.
        visitor.analyse()
        expect(banner).to_be_visible()
        expect(page.get_by_text("What you entered and sent is kept.")).to_be_visible()
        expect(page.get_by_role("alert")).to_contain_text("The model did not pass its own check")
        visitor.look("paused")
        page.reload()
        expect(banner).to_be_visible()
        self.check_says(self.right, "passed")
        # By itself: nothing is pressed and nothing is loaded anew.
        expect(banner).to_have_count(0, timeout=30_000)
        visitor.analyse()
        visitor.result()

    def test_what_waits_says_that_it_waits_for_the_model(self) -> None:
        visitor = self.visit("drifting-queue")
        page = visitor.page
        visitor.start()
        visitor.fill_history()
        visitor.to_picture()
        visitor.take_sample()
        self.operators("POST", "/admin/queue/pause")
        self.addCleanup(self.operators, "POST", "/admin/queue/resume")
        visitor.analyse()
        expect(page.get_by_text("The operator of this server has paused them.")).to_be_visible()
        self.addCleanup(self.check_says, self.right, "passed")
        self.check_says(self.drifted, "drifted")
        self.operators("POST", "/admin/queue/resume")
        expect(page.get_by_text("A check of the model did not give the expected result, so nothing is analysed for now.")).to_be_visible()
        visitor.look("waiting")
        self.check_says(self.right, "passed")
        visitor.result()

    def test_an_open_page_says_in_the_operators_words_that_the_server_is_worked_on(self) -> None:
        visitor = self.visit("maintained")
        page = visitor.page
        visitor.start()
        visitor.fill_history()
        visitor.to_picture()
        visitor.take_sample()
        self.operators("PUT", "/admin/maintenance", {"on": True, "message": "We are back at <b>18:00</b>."})
        self.addCleanup(self.operators, "PUT", "/admin/maintenance", {"on": False})
        notice = page.get_by_text("We are back at <b>18:00</b>.")
        visitor.analyse()
        expect(notice.first).to_be_visible()
        expect(page.get_by_text("The server is being worked on", exact=True)).to_be_visible()
        visitor.look("maintenance")
        self.operators("PUT", "/admin/maintenance", {"on": False})
        expect(page.get_by_text("The server is being worked on", exact=True)).to_have_count(0, timeout=30_000)
        visitor.analyse()
        visitor.result()


if __name__ == "__main__":
    unittest.main()
