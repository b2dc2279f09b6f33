"""Questions to the assistant without a language model: answered from the record, with the way to what they rest on."""

import re
import unittest

from playwright.sync_api import Locator, expect, sync_playwright

from browser import Visitor, chromium, visiting
from server import Server

# Chromium itself writes a line for each answer over 399; asking whether there is a session is one of them.
NO_SESSION_YET = r"status of 401"
TITLE = "Ask about it"
PREPARED = "Prepared answers of this program"


class Questions(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.server = cls.enterClassContext(Server("questions"))
        cls.browser = cls.enterClassContext(chromium(cls.enterClassContext(sync_playwright())))

    def visit(self, name: str, **options: bool) -> Visitor:
        visitor = self.enterContext(visiting(self.browser, self.server, name, **options))
        visitor.expected = [NO_SESSION_YET]
        return visitor

    def ask(self, visitor: Visitor, question: str) -> Locator:
        """Asks, and waits for the end of the answer, which is returned."""
        page = visitor.page
        answers = page.locator(".answer")
        before = answers.count()
        page.get_by_role("textbox", name="Your question", exact=True).fill(question)
        page.keyboard.press("Enter")
        answer = answers.nth(before)
        expect(answer.get_by_role("button", name="Copy")).to_be_visible()
        expect(answer.locator(".sentence").first).to_be_visible()
        return answer

    def test_from_the_result_to_an_answer_to_the_finding_and_to_an_emergency(self) -> None:
        visitor = self.visit("assistant")
        page = visitor.page
        visitor.start()
        visitor.fill_history()
        visitor.to_picture()
        visitor.take_sample()
        visitor.analyse()
        visitor.result()
        page.get_by_role("link", name=TITLE, exact=True).click()
        visitor.focused(TITLE)
        note = page.get_by_role("main")
        expect(note).to_contain_text("This is software, not a clinician")
        expect(note).to_contain_text(f"Who answers now: {PREPARED}")
        expect(note.get_by_role("link", name=re.compile("In an emergency: call"))).to_be_visible()
        visitor.look("new")

        answer = self.ask(visitor, "What did the picture show?")
        expect(answer).to_contain_text(PREPARED)
        self.assertRegex(page.url, r"/assistant/[^/]+$")
        expect(page.get_by_role("textbox", name="Your question", exact=True)).to_be_focused()
        expect(page.get_by_role("textbox", name="Your question", exact=True)).to_have_value("")
        self.everything_rests_on_something(answer)
        visitor.look("answer")
        said = answer.locator(".answer-text").inner_text()
        visitor.reload_at(TITLE)
        expect(page.locator(".answer .answer-text")).to_have_text(said, use_inner_text=True)
        expect(page.locator(".question-text")).to_have_text("What did the picture show?")

        finding = page.locator("a.citation[href*='#finding-']").first
        place = (finding.get_attribute("href") or "").split("#")[1]
        finding.click()
        visitor.result()
        expect(page.locator(f"[id='{place}']")).to_be_focused()
        page.go_back()
        visitor.heading(TITLE)
        expect(page.locator(".answer .answer-text")).to_have_count(1)

        answer = self.ask(visitor, "Why was the picture taken?")
        field = answer.locator("a.citation[href^='/history/']").first
        self.everything_rests_on_something(answer)
        field.click()
        expect(page).to_have_url(re.compile(r"/history/\w+#question-"))
        page.go_back()
        visitor.heading(TITLE)
        expect(page.locator(".answer .answer-text")).to_have_count(2)

        suggestion = page.get_by_role("region", name="You may ask").get_by_role("button").first
        question = suggestion.inner_text()
        suggestion.click()
        expect(page.locator(".question-text").last).to_have_text(question)
        expect(page.locator(".answer")).to_have_count(3)
        expect(page.get_by_role("button", name="Answer again")).to_be_visible()
        page.get_by_role("button", name="Answer again").click()
        expect(page.get_by_role("button", name="Answer again")).to_be_visible()
        expect(page.locator(".answer")).to_have_count(3)

        answer = self.ask(visitor, "I can't breathe and my lips are blue")
        call = answer.get_by_role("link", name=re.compile(r"^Call \d+"))
        expect(call).to_be_visible()
        self.assertRegex(call.get_attribute("href") or "", r"^tel:\d+$")
        expect(page.get_by_role("alert").filter(has_text="This may be an emergency")).to_be_visible()
        visitor.look("emergency")

    def everything_rests_on_something(self, answer: Locator) -> None:
        """Each sentence of the library has a number, and each number leads somewhere."""
        for sentence in answer.locator(".sentence").all():
            expect(sentence.locator(".citation").first).to_be_visible()
        notes = answer.get_by_role("list", name="What this rests on").get_by_role("listitem")
        names = [citation.get_attribute("aria-label") or "" for citation in answer.locator(".citation").all()]
        numbers = {int(name.split(",")[0]) for name in names}
        self.assertEqual(numbers, set(range(1, notes.count() + 1)))
        for link in answer.locator(".footnotes a[target]").all():
            self.assertEqual(link.get_attribute("rel"), "noopener noreferrer")

    def test_conversations_on_a_phone_in_the_dark(self) -> None:
        visitor = self.visit("assistant-phone", phone=True, dark=True)
        page = visitor.page
        visitor.start()
        visitor.open("/assistant")
        visitor.heading(TITLE)
        self.ask(visitor, "What can I ask you?")
        visitor.look("first")
        page.get_by_role("button", name="Edit: What can I ask you?").click()
        page.get_by_label("Your question in other words").fill("What do you know about me?")
        page.get_by_role("button", name="Ask it again").click()
        expect(page.locator(".question-text")).to_have_text("What do you know about me?")
        expect(page.locator(".answer")).to_have_count(1)

        page.get_by_role("link", name="New conversation", exact=True).click()
        field = page.get_by_role("textbox", name="Your question", exact=True)
        expect(field).to_be_focused()
        field.fill("Half a quest")
        page.get_by_role("link", name="What the assistant is told").click()
        visitor.heading("What the assistant is told")
        page.go_back()
        expect(field).to_have_value("Half a quest")
        self.ask(visitor, "Is this <b>bold</b>? <img src=x onerror=alert(1)>")
        expect(page.locator(".question-text")).to_have_text("Is this <b>bold</b>? <img src=x onerror=alert(1)>")
        self.assertEqual(page.locator(".log img, .log b").count(), 0)

        page.get_by_role("button", name="Rename").click()
        page.get_by_label("Name of this conversation").fill("About letters")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=2, name="About letters")).to_be_visible()
        expect(page.get_by_role("button", name="Rename")).to_be_focused()
        conversations = page.get_by_role("navigation", name="Conversations")
        expect(conversations.get_by_role("listitem")).to_have_count(2)
        visitor.reload_at(TITLE)
        expect(page.get_by_role("heading", level=2, name="About letters")).to_be_visible()
        page.get_by_role("button", name="Delete", exact=True).click()
        visitor.look("delete")
        page.get_by_role("button", name="Delete it").click()
        expect(conversations.get_by_role("listitem")).to_have_count(1)
        conversations.get_by_role("listitem").get_by_role("link").click()
        expect(page.locator(".question-text")).to_have_text("What do you know about me?")

    def test_an_answer_is_written_on_while_nobody_looks(self) -> None:
        visitor = self.visit("assistant-away")
        page = visitor.page
        visitor.start()
        visitor.open("/assistant")
        visitor.heading(TITLE)
        page.get_by_role("textbox", name="Your question", exact=True).fill("How does the model work?")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"/assistant/[^/]+$"))
        expect(page.locator(".answer")).to_be_attached()
        place = page.url
        page.goto("about:blank")
        page.goto(place)
        expect(page.get_by_role("button", name="Answer again")).to_be_visible()
        expect(page.locator(".answer .sentence").first).to_be_visible()
        expect(page.locator(".question-text")).to_have_count(1)
        expect(page.locator(".answer .remark")).to_have_count(0)


if __name__ == "__main__":
    unittest.main()
