"""A real Chromium, what is asked of every page in it, and the steps that journeys are made of."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import BrowserContext, Locator, Page, Playwright, expect

from server import RESULTS, Server

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}

# The history, a page each: the end of its address, and its heading.
TOPICS = {
    "now": "Right now",
    "person": "The person in the picture",
    "visit": "The reason for the visit",
    "past": "Illnesses and operations",
    "devices": "Implants and devices",
    "medicines": "Medication",
    "reactions": "Allergies",
    "relatives": "Family",
    "habits": "Smoking, alcohol and drugs",
    "surroundings": "Work, home and travel",
    "vaccines": "Immunisations",
    "body": "Anything else lately",
    "childbearing": "Pregnancy",
    "earlier": "Earlier chest pictures",
    "measurements": "Measurements",
}
CHECK = "Check your answers"
SAVED = re.compile(r"Saved at \d\d:\d\d")


@contextmanager
def chromium(playwright: Playwright):
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
    try:
        yield browser
    finally:
        browser.close()


class Visitor:
    """One person with one browser: a page whose console and network are watched."""

    def __init__(self, browser, server: Server, name: str, *, phone: bool = False, dark: bool = False) -> None:
        self.server = server
        self.name = name
        self.shots = 0
        self.complaints: list[str] = []
        # What the browser says by itself about answers that a journey provokes.
        self.expected: list[str] = []
        self.context: BrowserContext = browser.new_context(
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            is_mobile=phone,
            device_scale_factor=2 if phone else 1,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            bypass_csp=False,
            accept_downloads=True,
        )
        # A request to anywhere else is a complaint, and doesn't get out.
        self.context.route(lambda url: not url.startswith((server.origin, "blob:", "data:")), self._foreign)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        # The machine may have much else to do.
        expect.set_options(timeout=20_000)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))

    def _foreign(self, route) -> None:
        self.complaints.append(f"asked for {route.request.url}")
        route.abort()

    def _console(self, message) -> None:
        if message.type in ("error", "warning") and not any(re.search(text, message.text) for text in self.expected):
            self.complaints.append(f"{message.type}: {message.text}")

    def close(self) -> None:
        self.context.close()
        assert not self.complaints, "\n".join(self.complaints)

    def open(self, path: str) -> None:
        self.page.goto(self.server.origin + path)

    # What is asked of every page

    def look(self, what: str) -> None:
        """Takes a picture of the page, and asks it for accessibility and for fitting its screen."""
        self.shots += 1
        file = RESULTS / f"{self.name}-{self.shots:02}-{what}.png"
        self.page.screenshot(path=file, full_page=True)
        wide = self.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide[0] <= wide[1], f"{what}: the page is {wide[0]} px wide on a screen of {wide[1]} px"
        found = self.violations()
        assert not found, f"{what} is not accessible:\n" + "\n".join(found)

    def violations(self) -> list[str]:
        """What axe-core finds. It runs in a world of its own, because the page's policy lets no script in."""
        session = self.context.new_cdp_session(self.page)
        frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        world = session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "axe"})["executionContextId"]
        session.send("Runtime.evaluate", {"expression": AXE, "contextId": world})
        answer = session.send(
            "Runtime.evaluate",
            {
                "expression": "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v =>"
                " `${v.id}: ${v.help}: ` + v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary).join(' | ')))",
                "contextId": world,
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        session.detach()
        assert "value" in answer["result"], answer
        return answer["result"]["value"]

    def reload_at(self, heading: str) -> None:
        """Where a reload leads: to the same page."""
        before = self.page.url
        self.page.reload()
        self.heading(heading)
        assert self.page.url == before, (before, self.page.url)

    # Steps

    def heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1, name=text, exact=True)).to_be_visible()

    def start(self) -> None:
        self.open("/")
        self.heading("A second look at a chest X-ray")
        self.page.get_by_role("checkbox", name="I understand").check()
        self.page.get_by_role("button", name="Start", exact=True).click()
        self.heading(TOPICS["now"])

    def go_on(self, topic: str, *, keyboard: bool = False) -> None:
        """Saves this page of the history; leads to the next one, whose heading is named."""
        button = self.page.get_by_role("button", name="Save and go on")
        if keyboard:
            self.tab_to(button)
            self.page.keyboard.press("Enter")
            self.focused(topic)
        else:
            button.click()
            self.heading(topic)

    def saved(self) -> None:
        expect(self.page.get_by_text(SAVED)).to_be_visible()

    def fill_history(self, age: str = "54", reason: str = "A cough for three weeks") -> None:
        """From the first page of the history to the page with the reason: what is needed, and a name."""
        page = self.page
        self.go_on(TOPICS["person"])
        page.get_by_label("Name or pseudonym").fill("Jay Doe")
        page.get_by_label("Age in years").fill(age)
        self.go_on(TOPICS["visit"])
        page.get_by_label("Why was the picture taken?").fill(reason)
        self.saved()

    def to_picture(self) -> None:
        """From any page of the history, past the topics that are left, to the picture."""
        skip = self.page.get_by_role("link", name="Skip to checking your answers")
        button = self.page.get_by_role("button", name="Go on to the picture")
        expect(skip.or_(button)).to_be_visible()
        if skip.is_visible():
            skip.click()
        self.heading(CHECK)
        button.click()
        self.heading("The picture")

    def take_sample(self) -> None:
        self.page.get_by_role("button", name="Use this sample").first.click()
        self.heading("Is this the right picture?")

    def analyse(self) -> None:
        """Asks for the analysis. Where file and history differ, for example in the name, it confirms that."""
        button = self.page.get_by_role("button", name="Analyse this picture")
        expect(button).to_be_visible()
        confirmation = self.page.get_by_role("checkbox", name="I have checked it")
        if confirmation.count() > 0:
            confirmation.check()
        button.click()

    def tab_to(self, target) -> None:
        """Presses the Tab key until the element has the focus."""
        for _ in range(120):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key doesn't lead to {target}")

    def focused(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1, name=heading, exact=True)).to_be_focused()

    def result(self) -> None:
        expect(self.page.get_by_role("heading", level=1, name="What the model found")).to_be_visible(timeout=60_000)

    def make_report(self, audience: str = "For a clinician") -> Locator:
        """Asks for a report and waits until it is ready. Returns its part of the page."""
        page = self.page
        page.get_by_role("radio", name=audience).check()
        page.get_by_role("button", name="Make the report").click()
        report = page.locator(".report").first
        expect(report.get_by_role("heading", name=audience)).to_be_focused()
        expect(report.locator(".verdict")).to_have_text("ready")
        return report

    def download(self, file: Path) -> str:
        """Takes a report home. Returns the name that the server gave it."""
        report = self.make_report()
        with self.page.expect_download() as waiting:
            report.get_by_role("button", name="Download the PDF").click()
        waiting.value.save_as(file)
        return waiting.value.suggested_filename


@contextmanager
def visiting(browser, server: Server, name: str, **options: bool) -> Iterator[Visitor]:
    visitor = Visitor(browser, server, name, **options)
    try:
        yield visitor
    except BaseException:
        visitor.page.screenshot(path=RESULTS / f"{name}-failed.png", full_page=True)
        visitor.context.close()
        raise
    visitor.close()
