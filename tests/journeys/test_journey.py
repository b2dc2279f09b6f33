"""What people do with Lightbox, in a real browser, with a real film."""

import os
import re
import subprocess
import unittest

from playwright.sync_api import expect, sync_playwright

from browser import CHECK, TOPICS, chromium, visiting
from server import RESULTS, ROOT, Server, sample_film

# Chromium itself writes a line for each answer over 399; asking whether there is a session is one of them.
NO_SESSION_YET = r"status of 401"


class Journeys(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.server = cls.enterClassContext(Server("journeys"))
        cls.browser = cls.enterClassContext(chromium(cls.enterClassContext(sync_playwright())))

    def visit(self, name: str, expected: tuple[str, ...] = (), **options: bool):
        visitor = self.enterContext(visiting(self.browser, self.server, name, **options))
        visitor.expected = [NO_SESSION_YET, *expected]
        return visitor

    def test_the_whole_way_on_a_desktop(self) -> None:
        visitor = self.visit("desktop")
        page = visitor.page
        visitor.open("/")
        visitor.look("welcome")

        page.get_by_role("button", name="Start", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("Tick the box first")
        visitor.look("welcome-without-consent")
        visitor.start()

        visitor.look("history")
        visitor.go_on(TOPICS["person"])
        page.get_by_role("button", name="Save and go on").click()
        expect(page.get_by_role("alert")).to_contain_text("One answer needs your attention")
        visitor.look("history-with-mistakes")
        page.get_by_role("link", name="Age in years").click()
        expect(page.get_by_label("Age in years")).to_be_focused()
        page.get_by_label("Name or pseudonym").fill("Jay Doe")
        page.get_by_label("Age in years").fill("34")
        page.get_by_role("radio", name="Female", exact=True).check()
        visitor.saved()
        visitor.look("history-filled")
        visitor.reload_at(TOPICS["person"])
        expect(page.get_by_label("Name or pseudonym")).to_have_value("Jay Doe")
        expect(page.get_by_label("Age in years")).to_have_value("34")
        expect(page.get_by_role("radio", name="Female", exact=True)).to_be_checked()
        visitor.go_on(TOPICS["visit"])
        page.get_by_label("Why was the picture taken?").fill("A cough for three weeks")
        page.get_by_role("checkbox", name="Cough", exact=True).check()
        visitor.look("history-visit")
        for topic, heading in list(TOPICS.items())[3:]:
            visitor.go_on(heading)
            visitor.look(f"history-{topic}")
            if topic == "childbearing":
                page.get_by_role("radio", name="It is possible", exact=True).check()
        visitor.go_on(CHECK)
        expect(page.get_by_text("A cough for three weeks")).to_be_visible()
        expect(page.get_by_text("It is possible", exact=True)).to_be_visible()
        visitor.look("history-check")
        visitor.reload_at(CHECK)
        visitor.to_picture()
        visitor.look("picture")
        visitor.reload_at("The picture")

        page.get_by_label("Choose a picture").set_input_files(sample_film())
        expect(page.get_by_role("heading", name="Your picture, before it is sent")).to_be_visible()
        visitor.look("before-sending")
        self.assertEqual(page.request.get(self.server.origin + "/api/v1/uploads").json(), {"uploads": []})
        page.get_by_role("button", name="Upload this picture").click()
        visitor.heading("Is this the right picture?")
        expect(page.get_by_role("img", name="as the server reads it")).to_be_visible()
        visitor.look("received")
        visitor.reload_at("Is this the right picture?")

        visitor.analyse()
        visitor.result()
        visitor.look("result")
        visitor.reload_at("What the model found")
        self.heat_maps(page)
        for region in ("Findings", "Quality and scope", "What was not checked", "Model and versions"):
            expect(page.get_by_role("region", name=region, exact=True)).to_be_visible()
        self.report(visitor, ["Jay Doe", "34 years", "A cough for three weeks", "Cough"])
        visitor.look("report")
        # Nothing of what was typed is in the log.
        log = self.server.log.read_text(encoding="utf-8")
        self.assertIn('"message":"request"', log)
        for typed in ("Jay Doe", "cough for three weeks", sample_film().name):
            self.assertNotIn(typed, log)
        if os.environ.get("JOURNEY_README"):
            self.picture_for_the_readme(page)

    def heat_maps(self, page) -> None:
        shown = page.get_by_role("img", name="Heat map laid over the picture")
        expect(shown).to_be_visible()
        page.get_by_role("button", name="Hide the heat map").click()
        expect(shown).to_be_hidden()
        button = page.get_by_role("button", name="Heat map of").last
        name = (button.get_attribute("aria-label") or button.inner_text()).removeprefix("Heat map of ")
        button.click()
        expect(page.get_by_role("img", name=f"where the number for {name} came from")).to_be_visible()
        slider = page.get_by_role("slider", name="Strength of the heat map")
        before = shown.evaluate("image => getComputedStyle(image).opacity")
        slider.fill("20")
        expect(shown).not_to_have_css("opacity", before)

    def report(self, visitor, told: list[str]) -> None:
        file = RESULTS / f"{visitor.name}.pdf"
        name = visitor.download(file)
        self.assertRegex(name, r"^lightbox-chest-x-ray-\d{4}-\d\d-\d\d-[0-9a-f]{6}\.pdf$")
        about = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
        self.assertRegex(about, r"Tagged:\s+yes")
        self.assertRegex(about, r"Title:\s+Chest X-ray: model findings")
        text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
        words = " ".join(text.split())
        names = [article.get_by_role("heading").first.inner_text() for article in visitor.page.get_by_role("article").all()]
        self.assertGreater(len(names), 3)
        for part in [*names, *told, "What was not checked", "not a diagnosis", "SHA-256"]:
            self.assertIn(part, words)
        expect(visitor.page.get_by_text(f"Your browser saves it now as {name}.")).to_be_visible()

    def picture_for_the_readme(self, page) -> None:
        page.set_viewport_size({"width": 1440, "height": 960})
        page.get_by_role("button", name="Heat map of").first.click()
        page.get_by_role("slider", name="Strength of the heat map").fill("65")
        page.evaluate("scrollTo(0, document.querySelector('.results').getBoundingClientRect().top + scrollY - 16)")
        page.screenshot(path=ROOT / "docs/images/result.png")

    def test_the_whole_way_on_a_phone_with_the_sample(self) -> None:
        visitor = self.visit("phone", phone=True)
        visitor.open("/")
        visitor.look("welcome")
        visitor.start()
        visitor.look("history")
        visitor.fill_history()
        visitor.to_picture()
        visitor.look("picture")
        visitor.take_sample()
        visitor.look("received")
        visitor.analyse()
        visitor.result()
        visitor.look("result")
        self.report(visitor, ["54 years"])
        visitor.look("report")

    def test_in_the_dark_every_page_can_be_read(self) -> None:
        visitor = self.visit("dark", dark=True)
        visitor.open("/")
        visitor.look("welcome")
        visitor.start()
        visitor.look("history")
        visitor.fill_history()
        visitor.to_picture()
        visitor.look("picture")
        visitor.take_sample()
        visitor.look("received")
        visitor.analyse()
        visitor.result()
        visitor.look("result")

    def test_what_can_be_watched_of_an_upload_and_an_analysis(self) -> None:
        visitor = self.visit("live")
        page = visitor.page
        visitor.start()
        visitor.fill_history()
        visitor.to_picture()
        # A slow line, so that the upload can be seen; and then cancelled.
        line = visitor.context.new_cdp_session(page)
        line.send("Network.enable")
        slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 60_000}
        line.send("Network.emulateNetworkConditions", slow)
        page.get_by_label("Choose a picture").set_input_files(sample_film())
        page.get_by_role("button", name="Upload this picture").click()
        bar = page.get_by_role("progressbar", name="Upload")
        expect(bar).to_be_visible()
        visitor.look("uploading")
        page.get_by_role("button", name="Cancel the upload").click()
        expect(page.get_by_text("The upload was cancelled. Nothing was kept.")).to_be_visible()
        line.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
        page.get_by_role("button", name=re.compile("Upload this picture|Send it again")).click()
        visitor.heading("Is this the right picture?")
        # Workers that stand still, so that the steps can be seen.
        with self.stopped_workers():
            visitor.analyse()
            visitor.heading("The analysis")
            expect(page.get_by_role("progressbar", name="Progress of the analysis")).to_be_visible()
            visitor.look("analysing")
            visitor.reload_at("The analysis")
            expect(page.get_by_role("button", name="Cancel the analysis")).to_be_visible()
        visitor.result()

    def test_an_analysis_can_be_cancelled_and_tried_again(self) -> None:
        visitor = self.visit("cancel")
        page = visitor.page
        visitor.start()
        visitor.fill_history()
        visitor.to_picture()
        visitor.take_sample()
        with self.stopped_workers():
            visitor.analyse()
            page.get_by_role("button", name="Cancel the analysis").click()
            expect(page.get_by_text("The analysis was cancelled")).to_be_visible()
        visitor.look("cancelled")
        page.get_by_role("button", name="Try the analysis again").click()
        visitor.result()

    def stopped_workers(self):
        return StoppedWorkers(self.server)

    def test_a_picture_is_dropped_or_pasted_and_a_bad_one_refused_in_words(self) -> None:
        visitor = self.visit("pictures", expected=(r"status of 422",))
        page = visitor.page
        visitor.start()
        visitor.fill_history()
        visitor.to_picture()
        visitor.take_sample()
        jpeg = page.request.get(f"{self.server.origin}/api/v1/uploads/{page.url.rsplit('/', 1)[1]}/preview").body()
        for way in ("drop", "paste"):
            visitor.open("/picture")
            visitor.heading("The picture")
            self.hand_over(page, way, "film.jpg", "image/jpeg", jpeg)
            expect(page.get_by_role("img", name="Preview of film.jpg")).to_be_visible()
        page.get_by_role("button", name="Upload this picture").click()
        visitor.heading("Is this the right picture?")
        for name, content, words in [
            ("empty.png", b"", "The file is empty"),
            ("notes.txt", b"These are some notes.", "a text file"),
            ("text.png", b"These are some notes.", "isn't a picture"),
            ("cut.jpg", jpeg[: len(jpeg) // 2], "damaged"),
        ]:
            with self.subTest(name):
                visitor.open("/picture")
                page.get_by_label("Choose a picture").set_input_files(
                    {"name": name, "mimeType": "application/octet-stream", "buffer": content}
                )
                send = page.get_by_role("button", name="Upload this picture")
                expect(send.or_(page.get_by_role("alert"))).to_be_visible()
                if send.is_visible():
                    send.click()
                expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
                visitor.look(f"refused-{name.split('.')[0]}")

    def hand_over(self, page, way: str, name: str, media_type: str, content: bytes) -> None:
        """Drops a file on the page, or pastes it."""
        page.evaluate(
            """([way, name, type, bytes]) => {
                const transfer = new DataTransfer();
                transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
                const [target, event] = way === 'drop'
                    ? [document.querySelector('.drop'), new DragEvent('drop', { dataTransfer: transfer, bubbles: true })]
                    : [document, new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true })];
                target.dispatchEvent(event);
            }""",
            [way, name, media_type, list(content)],
        )

    def test_a_picture_that_is_no_chest_film_is_refused_with_advice(self) -> None:
        visitor = self.visit("refused")
        page = visitor.page
        visitor.start()
        visitor.fill_history()
        visitor.to_picture()
        page.get_by_label("Choose a picture").set_input_files(sample_film().parent / "MR2_J2KI.dcm")
        page.get_by_role("button", name="Upload this picture").click()
        visitor.heading("Is this the right picture?")
        visitor.analyse()
        expect(page.get_by_text("This picture was not analysed")).to_be_visible(timeout=60_000)
        expect(page.get_by_text("What to do")).to_be_visible()
        visitor.look("refused")
        visitor.reload_at("The analysis")

    def test_everything_by_keyboard(self) -> None:
        visitor = self.visit("keyboard")
        page = visitor.page
        visitor.open("/")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        visitor.tab_to(page.get_by_role("checkbox", name="I understand"))
        page.keyboard.press("Space")
        visitor.tab_to(page.get_by_role("button", name="Start", exact=True))
        page.keyboard.press("Enter")
        visitor.focused(TOPICS["now"])
        visitor.go_on(TOPICS["person"], keyboard=True)
        visitor.tab_to(page.get_by_label("Age in years"))
        # As old as the person of the sample film.
        page.keyboard.type("86")
        visitor.go_on(TOPICS["visit"], keyboard=True)
        visitor.tab_to(page.get_by_label("Why was the picture taken?"))
        page.keyboard.type("Cough")
        visitor.tab_to(page.get_by_role("link", name="Skip to checking your answers"))
        page.keyboard.press("Enter")
        visitor.focused(CHECK)
        visitor.tab_to(page.get_by_role("button", name="Go on to the picture"))
        page.keyboard.press("Enter")
        visitor.focused("The picture")
        visitor.tab_to(page.get_by_role("button", name="Use this sample").first)
        page.keyboard.press("Enter")
        visitor.focused("Is this the right picture?")
        visitor.tab_to(page.get_by_role("button", name="Analyse this picture"))
        page.keyboard.press("Enter")
        visitor.result()
        visitor.focused("What the model found")
        visitor.tab_to(page.get_by_role("radio", name="For a clinician"))
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("radio", name="For yourself")).to_be_checked()
        visitor.tab_to(page.get_by_role("button", name="Make the report"))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="For yourself", level=4)).to_be_focused()
        expect(page.locator(".report .verdict")).to_have_text("ready")
        visitor.tab_to(page.get_by_role("button", name="Download the PDF"))
        with page.expect_download():
            page.keyboard.press("Enter")

    def test_erasing_leaves_nothing_and_another_browser_sees_nothing(self) -> None:
        visitor = self.visit("erasing")
        page = visitor.page
        visitor.start()
        visitor.fill_history()
        visitor.to_picture()
        visitor.take_sample()
        visitor.analyse()
        visitor.result()
        address = page.url.removeprefix(self.server.origin)

        other = self.visit("stranger", expected=(r"status of 404",))
        other.start()
        other.open(address)
        expect(other.page.get_by_role("alert")).to_be_visible()
        expect(other.page.get_by_role("article")).to_have_count(0)
        other.look("not-found")

        page.get_by_role("button", name="Erase everything").click()
        dialog = page.get_by_role("alertdialog", name="Erase everything?")
        expect(dialog).to_be_visible()
        visitor.look("erase")
        dialog.get_by_role("button", name="Yes, erase everything").click()
        visitor.heading("Everything is erased")
        visitor.look("erased")
        self.assertEqual([cookie["name"] for cookie in visitor.context.cookies()], [])
        visitor.open(address)
        visitor.heading("A second look at a chest X-ray")


class StoppedWorkers:
    """Lets the server's workers stand still for a while."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.workers: list[int] = []

    def __enter__(self) -> None:
        found = subprocess.run(
            ["pgrep", "--parent", str(self.server.process.pid), "--full", "lightbox-worker"],
            capture_output=True, text=True, check=True,
        )
        self.workers = [int(line) for line in found.stdout.split()]
        self.signal("STOP")

    def __exit__(self, *_: object) -> None:
        self.signal("CONT")

    def signal(self, name: str) -> None:
        for worker in self.workers:
            subprocess.run(["kill", f"-{name}", str(worker)], check=False)


class ServerThatDies(unittest.TestCase):
    def test_a_page_that_waits_survives_the_end_of_the_server(self) -> None:
        server = self.enterContext(Server("kill"))
        browser = self.enterContext(chromium(self.enterContext(sync_playwright())))
        visitor = self.enterContext(visiting(browser, server, "kill"))
        ends = ("CONNECTION_REFUSED", "CONNECTION_RESET", "INCOMPLETE_CHUNKED_ENCODING", "EMPTY_RESPONSE")
        visitor.expected = [NO_SESSION_YET, *(f"ERR_{end}" for end in ends)]
        visitor.start()
        visitor.fill_history()
        visitor.to_picture()
        visitor.take_sample()
        with StoppedWorkers(server):
            visitor.analyse()
            visitor.heading("The analysis")
            server.kill()
        server.start()
        visitor.result()


if __name__ == "__main__":
    unittest.main()
