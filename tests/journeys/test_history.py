"""The history and what follows from it: by keyboard, in two tabs, offline, of a child, in an emergency."""

import base64
import datetime
import re
import sys
import unittest

from playwright.sync_api import Page, expect, sync_playwright

from browser import CHECK, TOPICS, Visitor, chromium, visiting
from server import ROOT, Server

sys.path.insert(0, str(ROOT / "tests/api"))

from client import dicom  # noqa: E402

# Chromium itself writes a line for each answer over 399; asking whether there is a session is one of them.
NO_SESSION_YET = r"status of 401"
CHANGED_ELSEWHERE = r"status of 412"
OFFLINE = r"ERR_INTERNET_DISCONNECTED"
EMERGENCY = "This may be an emergency"


class Histories(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.server = cls.enterClassContext(Server("histories"))
        cls.browser = cls.enterClassContext(chromium(cls.enterClassContext(sync_playwright())))

    def visit(self, name: str, expected: tuple[str, ...] = (), **options: bool) -> Visitor:
        visitor = self.enterContext(visiting(self.browser, self.server, name, **options))
        visitor.expected = [NO_SESSION_YET, *expected]
        return visitor

    def test_a_whole_history_by_keyboard_alone(self) -> None:
        visitor = self.visit("history-keyboard")
        page, keys = visitor.page, visitor.page.keyboard
        visitor.open("/")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        self.press(visitor, page.get_by_role("checkbox", name="I understand"), "Space")
        self.press(visitor, page.get_by_role("button", name="Start", exact=True), "Enter")
        visitor.focused(TOPICS["now"])
        self.press(visitor, page.get_by_role("checkbox", name="None of these"), "Space")

        visitor.go_on(TOPICS["person"], keyboard=True)
        self.write(visitor, page.get_by_label("Name or pseudonym"), "Jay Doe")
        self.write(visitor, page.get_by_label("Age in years"), "54")
        born = str(datetime.date.today().year - 54)
        self.write(visitor, page.get_by_role("group", name="Date of birth").get_by_label("Year"), born)
        self.press(visitor, page.get_by_role("radio", name="Female", exact=True), "Space")
        keys.press("ArrowDown")
        expect(page.get_by_role("radio", name="Male", exact=True)).to_be_checked()

        visitor.go_on(TOPICS["visit"], keyboard=True)
        self.write(visitor, page.get_by_label("Why was the picture taken?"), "Cough for two weeks")
        self.press(visitor, page.get_by_role("checkbox", name="Cough", exact=True), "Space")
        visitor.go_on(TOPICS["past"], keyboard=True)
        visitor.go_on(TOPICS["devices"], keyboard=True)

        visitor.go_on(TOPICS["medicines"], keyboard=True)
        taken = page.get_by_role("group", name="Is any medication taken?")
        self.press(visitor, taken.get_by_role("radio", name="Yes", exact=True), "Space")
        self.press(visitor, page.get_by_role("button", name="Add one"), "Enter")
        expect(page.get_by_role("combobox", name="Medicine")).to_be_focused()
        keys.type("aspir")
        expect(page.locator("datalist option[value^='aspirin']").first).to_be_attached()
        keys.type("in")
        row = page.get_by_role("group", name="Medicine 1: aspirin")
        self.write(visitor, row.get_by_label("Dose"), "100 mg")
        since = row.get_by_role("group", name="Since when?")
        self.write(visitor, since.get_by_label("Year"), "2020")
        self.write(visitor, since.get_by_label("Month"), "Mar")
        expect(since.get_by_label("Month")).to_have_value("03")
        self.press(visitor, page.get_by_role("button", name="Add another"), "Enter")
        keys.type("insulin")
        expect(page.get_by_role("group", name="Medicine 2: insulin")).to_be_visible()
        visitor.look("medication")

        visitor.go_on(TOPICS["reactions"], keyboard=True)
        any_allergies = page.get_by_role("group", name="Any allergies?")
        self.press(visitor, any_allergies.get_by_role("radio", name="None known", exact=True), "ArrowDown")
        expect(any_allergies.get_by_role("radio", name="Yes", exact=True)).to_be_checked()
        self.press(visitor, page.get_by_role("button", name="Add one"), "Enter")
        keys.type("penicillin")
        row = page.get_by_role("group", name="Substance 1: penicillin")
        self.write(visitor, row.get_by_label("What happened?"), "rash")
        self.press(visitor, row.get_by_role("radio", name="Mild", exact=True), "Space")
        visitor.look("allergies")

        later = list(TOPICS.values())[7:]
        later.remove(TOPICS["childbearing"])  # He is male.
        for heading in [*later, CHECK]:
            visitor.go_on(heading, keyboard=True)
        answers = page.get_by_role("main")
        for told in [
            "Jay Doe", "54", born, "Male", "Cough for two weeks", "aspirin; dose: 100 mg; since: 2020-03", "insulin",
            "penicillin; reaction: rash; severity: Mild",
        ]:
            expect(answers).to_contain_text(told)
        visitor.look("check")
        self.press(visitor, page.get_by_role("button", name="Go on to the picture"), "Enter")
        visitor.focused("The picture")

    def press(self, visitor: Visitor, target, key: str) -> None:
        visitor.tab_to(target)
        visitor.page.keyboard.press(key)

    def write(self, visitor: Visitor, target, text: str) -> None:
        visitor.tab_to(target)
        visitor.page.keyboard.type(text)

    def test_neither_a_reload_nor_a_lost_connection_loses_an_answer(self) -> None:
        visitor = self.visit("history-lost", expected=(OFFLINE,))
        page = visitor.page
        visitor.start()
        visitor.go_on(TOPICS["person"])
        page.get_by_label("Age in years").fill("61")
        page.get_by_label("Name or pseudonym").fill("Kim")
        # At once, before it could be saved.
        visitor.reload_at(TOPICS["person"])
        expect(page.get_by_label("Age in years")).to_have_value("61")
        expect(page.get_by_label("Name or pseudonym")).to_have_value("Kim")

        visitor.context.set_offline(True)
        page.get_by_label("Language spoken best").fill("Danish")
        expect(page.get_by_role("alert").filter(has_text="can't be reached")).to_be_visible()
        page.get_by_label("Age in years").fill("62")
        page.get_by_role("button", name="Save and go on").click()
        visitor.heading(TOPICS["person"])
        visitor.look("offline")
        visitor.context.set_offline(False)
        expect(page.get_by_role("alert")).to_have_count(0)
        visitor.saved()
        visitor.go_on(TOPICS["visit"])
        self.assertEqual(
            self.answers(page), {"pseudonym": "Kim", "age": 62, "language": "Danish"}, "what the server holds"
        )
        visitor.open("/history/person")
        expect(page.get_by_label("Language spoken best")).to_have_value("Danish")
        expect(page.get_by_label("Age in years")).to_have_value("62")

    def answers(self, page: Page) -> dict:
        return page.request.get(self.server.origin + "/api/v1/intake").json()["answers"]

    def test_two_tabs_are_joined_and_asked_where_they_differ(self) -> None:
        visitor = self.visit("history-tabs", expected=(CHANGED_ELSEWHERE,))
        one = visitor.page
        visitor.start()
        visitor.go_on(TOPICS["person"])
        other = visitor.context.new_page()
        other.set_default_timeout(20_000)
        other.goto(one.url)
        expect(other.get_by_role("heading", level=1, name=TOPICS["person"])).to_be_visible()

        one.get_by_label("Name or pseudonym").fill("Kim")
        visitor.saved()
        other.get_by_label("Age in years").fill("44")
        expect(other.get_by_label("Name or pseudonym")).to_have_value("Kim")
        expect(other.get_by_text(re.compile(r"Saved at"))).to_be_visible()
        self.assertEqual(self.answers(one), {"pseudonym": "Kim", "age": 44})

        # The number is finished: nothing of this tab is under way when the other one answers.
        with other.expect_response(lambda answer: answer.request.method == "PATCH"):
            other.get_by_label("Age in years").blur()
        one.get_by_label("Language spoken best").fill("Danish")
        expect(one.get_by_label("Age in years")).to_have_value("44")
        visitor.saved()
        other.get_by_label("Language spoken best").fill("Finnish")
        expect(other.get_by_text("“Language” was answered differently in another tab")).to_be_visible()
        expect(other.get_by_text("Danish", exact=True)).to_be_visible()
        other.get_by_role("button", name="Use the other answer").click()
        expect(other.get_by_label("Language spoken best")).to_have_value("Danish")
        expect(other.get_by_text(re.compile(r"Saved at"))).to_be_visible()
        self.assertEqual(self.answers(one)["language"], "Danish")
        other.close()
        visitor.reload_at(TOPICS["person"])
        expect(one.get_by_label("Language spoken best")).to_have_value("Danish")

    def test_a_child_is_asked_for_a_guardian_and_the_findings_of_adults_are_not_shown(self) -> None:
        visitor = self.visit("child")
        page = visitor.page
        visitor.start()
        visitor.go_on(TOPICS["person"])
        guardian = page.get_by_label("Parent or guardian")
        page.get_by_label("Age in years").fill("54")
        page.get_by_role("radio", name="Female", exact=True).check()
        expect(guardian).to_have_count(0)
        page.get_by_text("All topics").click()
        pregnancy = page.get_by_role("link", name=TOPICS["childbearing"])
        expect(pregnancy).to_be_visible()
        page.get_by_label("Age in years").fill("9")
        expect(pregnancy).to_have_count(0)
        guardian.fill("Her mother")
        visitor.saved()
        visitor.look("child")
        visitor.go_on(TOPICS["visit"])
        page.get_by_label("Why was the picture taken?").fill("A fall from a swing a month ago, better now")
        visitor.saved()
        visitor.to_picture()
        visitor.take_sample()
        visitor.analyse()
        visitor.result()
        expect(page.get_by_role("article")).to_have_count(0)
        withheld = page.get_by_role("region", name="Not shown for this picture", exact=True)
        expect(withheld).to_contain_text("Pleural effusion")
        expect(withheld).to_contain_text("It was made for people of 18 years and older, so it says nothing at 9 years")
        visitor.look("child-result")

    # How urgent it is

    def emergency(self, page: Page) -> None:
        expect(page.get_by_role("alert").filter(has_text=EMERGENCY)).to_be_visible()
        call = page.get_by_role("link", name=re.compile(r"^Call \d+$"))
        expect(call).to_be_visible()
        expect(call).to_have_attribute("href", re.compile(r"^tel:\d+$"))
        expect(page.get_by_text("Only a clinician can take this back")).to_be_visible()

    def test_an_emergency_is_told_at_once_and_stays(self) -> None:
        visitor = self.visit("emergency")
        page = visitor.page
        visitor.start()
        expect(page.get_by_text(EMERGENCY)).to_have_count(0)
        page.get_by_role("checkbox", name="Blue or grey lips or face").check()
        self.emergency(page)
        visitor.heading(TOPICS["now"])
        visitor.look("at-once")
        visitor.reload_at(TOPICS["now"])
        self.emergency(page)
        page.get_by_role("checkbox", name="Blue or grey lips or face").uncheck()
        visitor.saved()
        self.emergency(page)
        visitor.fill_history()
        self.emergency(page)
        visitor.to_picture()
        self.emergency(page)
        visitor.take_sample()
        visitor.analyse()
        visitor.result()
        self.emergency(page)
        visitor.look("result")

    def test_what_is_written_as_the_reason_is_heard_too(self) -> None:
        visitor = self.visit("emergency-written", phone=True)
        page = visitor.page
        visitor.start()
        visitor.fill_history(reason="cant get air")
        self.emergency(page)
        visitor.heading(TOPICS["visit"])
        visitor.look("at-once")

    # What the assistant is told

    def test_what_the_assistant_is_told_can_be_read_and_withheld(self) -> None:
        visitor = self.visit("record")
        page = visitor.page
        visitor.start()
        visitor.fill_history()
        page.get_by_role("link", name="Skip to checking your answers").click()
        page.get_by_role("link", name="What the assistant is told").click()
        visitor.heading("What the assistant is told")
        told = page.get_by_role("region", name="The text", exact=True)
        kept = page.get_by_role("region", name="Kept from the assistant", exact=True)
        expect(told.get_by_text("[intake.reason]", exact=True)).to_be_visible()
        expect(told).to_contain_text("A cough for three weeks")
        visitor.look("told")
        reason = re.compile("Tell the assistant ?: Reason for the visit")
        visitor.tab_to(told.get_by_role("switch", name=reason))
        page.keyboard.press("Space")
        expect(kept.get_by_role("switch", name=reason)).to_be_focused()
        expect(told).not_to_contain_text("A cough for three weeks")
        visitor.look("withheld")
        visitor.reload_at("What the assistant is told")
        expect(told.get_by_text("[intake.age]", exact=True)).to_be_visible()
        expect(told).not_to_contain_text("A cough for three weeks")
        kept.get_by_role("switch", name=reason).click()
        expect(told).to_contain_text("A cough for three weeks")

    # Whose picture it is

    def test_a_film_of_somebody_else_has_to_be_confirmed(self) -> None:
        visitor = self.visit("identity")
        page = visitor.page
        visitor.start()
        visitor.go_on(TOPICS["person"])
        page.get_by_role("radio", name="Male", exact=True).check()
        page.get_by_label("Name or pseudonym").fill("Jay Doe")
        page.get_by_label("Age in years").fill("54")
        visitor.go_on(TOPICS["visit"])
        page.get_by_label("Why was the picture taken?").fill("Before an operation")
        visitor.saved()
        visitor.to_picture()
        visitor.take_sample()
        film = dicom(
            *self.greys(page),
            PatientName="Roe^Jane", PatientSex="F", PatientAge="030Y",
            StudyDate=datetime.date.today().strftime("%Y%m%d"),
        )
        visitor.open("/picture")
        page.get_by_label("Choose a picture").set_input_files(
            {"name": "roe.dcm", "mimeType": "application/dicom", "buffer": film}
        )
        page.get_by_role("button", name="Upload this picture").click()
        visitor.heading("Is this the right picture?")
        table = page.get_by_role("table", name="What you told, beside what the file says")
        for cells in (["Name", "Jay Doe", "Jane Roe", "differs"], ["Sex", "male", "female", "differs"],
                      ["Age", "54 years", "30 years", "differs"]):
            row = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name=cells[0], exact=True))
            expect(row.get_by_role("cell")).to_have_text(cells[1:])
        address = page.url
        page.get_by_role("button", name="Analyse this picture").click()
        expect(page.get_by_role("alert")).to_contain_text("Tick the box first")
        confirmation = page.get_by_role("checkbox", name="I have checked it")
        expect(confirmation).to_be_focused()
        self.assertEqual(page.url, address)
        visitor.look("differs")
        page.keyboard.press("Space")
        expect(confirmation).to_be_checked()
        page.get_by_role("button", name="Analyse this picture").click()
        visitor.result()
        expect(page.get_by_text("The history and the file differ")).to_be_visible()
        differing = page.get_by_role("table", name="What differs").get_by_role("rowheader")
        expect(differing).to_have_text(["Name", "Sex", "Age"])
        visitor.look("differed")

    def greys(self, page: Page) -> tuple[int, int, bytes]:
        """Width, height and pixels of the picture that the page shows, as the server reads it."""
        expect(page.get_by_role("button", name="Analyse this picture")).to_be_visible()
        width, height, pixels = page.evaluate(
            """async address => {
                const picture = await createImageBitmap(await (await fetch(address)).blob());
                const canvas = new OffscreenCanvas(picture.width, picture.height);
                const context = canvas.getContext('2d');
                context.drawImage(picture, 0, 0);
                const colours = context.getImageData(0, 0, picture.width, picture.height).data;
                let text = '';
                for (let place = 0; place < colours.length; place += 4) text += String.fromCharCode(colours[place]);
                return [picture.width, picture.height, btoa(text)];
            }""",
            f"/api/v1/uploads/{page.url.rsplit('/', 1)[1]}/preview",
        )
        return width, height, base64.b64decode(pixels)

    # On any screen, in any language

    def test_the_page_speaks_german(self) -> None:
        visitor = self.visit("german")
        page = visitor.page
        visitor.start()
        page.get_by_role("button", name="Deutsch", exact=True).click()
        visitor.heading("Jetzt gerade")
        self.assertEqual(page.evaluate("[document.documentElement.lang, document.documentElement.dir]"), ["de", "ltr"])
        visitor.look("now")
        page.get_by_role("checkbox", name="Blaue oder graue Lippen").check()
        expect(page.get_by_role("alert")).to_contain_text("Das kann ein Notfall sein")
        expect(page.get_by_role("link", name=re.compile(r"^\d+ anrufen$"))).to_be_visible()
        visitor.look("emergency")
        page.get_by_role("button", name="Speichern und weiter").click()
        visitor.heading("Die Person auf dem Bild")
        page.get_by_label("Alter in Jahren").fill("54")
        visitor.look("person")
        page.get_by_role("button", name="Speichern und weiter").click()
        visitor.heading("Der Grund für den Besuch")
        visitor.look("visit")
        visitor.open("/history/check")
        visitor.heading("Antworten prüfen")
        visitor.look("check")
        visitor.open("/record")
        visitor.heading("Was der Assistent erfährt")
        expect(page.get_by_role("switch").first).to_be_visible()
        visitor.look("record")
        visitor.open("/picture")
        visitor.heading("Das Bild")
        visitor.look("picture")
        self.assertEqual(page.evaluate("document.documentElement.lang"), "de")

    def test_every_page_of_the_history_fits_a_narrow_phone(self) -> None:
        visitor = self.visit("history-phone", phone=True)
        page = visitor.page
        visitor.start()
        visitor.go_on(TOPICS["person"])
        page.get_by_label("Age in years").fill("34")
        page.get_by_role("radio", name="Female", exact=True).check()
        visitor.saved()
        for topic, heading in TOPICS.items():
            visitor.open(f"/history/{topic}")
            visitor.heading(heading)
            if topic == "medicines":
                page.get_by_role("group", name="Is any medication taken?").get_by_role("radio", name="Yes").check()
            if topic in ("past", "medicines"):
                page.get_by_role("button", name="Add one").first.click()
                page.locator(".row input").first.fill("a" * 100)
                visitor.saved()
            # It measures the page too.
            visitor.look(topic)
        for address, heading in (("/history/check", CHECK), ("/record", "What the assistant is told")):
            visitor.open(address)
            visitor.heading(heading)
            visitor.look(heading.lower().replace(" ", "-"))


if __name__ == "__main__":
    unittest.main()
