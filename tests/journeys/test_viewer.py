"""The light box in a real browser: what a hand does is seen in the pixels of the canvas, and undone to the last one."""

import re
import unittest
from collections.abc import Callable

import numpy
from PIL import Image
from playwright.sync_api import Browser, Locator, expect, sync_playwright

from browser import Visitor, chromium, visiting
from films import FilmOnScreen, as_file, brightness, encoded, greys, inside, picture_of, pixel_for_pixel, same, small_film
from server import Server, sample_film

INFLUENCE = "Influence on the model, not the location of disease."


def setUpModule() -> None:
    # One for all classes: it takes long to start.
    Light.server = unittest.enterModuleContext(Server("viewer"))
    Light.browser = unittest.enterModuleContext(chromium(unittest.enterModuleContext(sync_playwright())))


class Light(unittest.TestCase):
    """Ways to a film on the light box."""

    server: Server
    browser: Browser

    def visit(self, name: str, **options: bool) -> Visitor:
        visitor = self.enterContext(visiting(self.browser, self.server, name, **options))
        visitor.expected = [r"status of 401"]
        return visitor

    def send(self, visitor: Visitor, file) -> None:
        """From anywhere in a session to a picture that the server has read."""
        visitor.open("/picture")
        visitor.heading("The picture")
        visitor.page.get_by_label("Choose a picture").set_input_files(file)
        visitor.page.get_by_role("button", name="Upload this picture").click()
        visitor.heading("Is this the right picture?")

    def is_in_sight(self, shown: FilmOnScreen, patient: str, edges: str) -> None:
        """Whose film it is, and which side is which, stands on the film."""
        stage = shown.stage.bounding_box()
        name = shown.corner("top-left").get_by_text(patient, exact=True)
        labels = [name, *(shown.stage.locator(".film-side b").all())]
        for label in labels:
            expect(label).to_be_visible()
            box = label.bounding_box()
            self.assertGreaterEqual(min(box["x"] - stage["x"], box["y"] - stage["y"]), 0, label)
            self.assertLessEqual(box["x"] + box["width"], stage["x"] + stage["width"], label)
            self.assertLessEqual(box["y"] + box["height"], stage["y"] + stage["height"], label)
        self.assertEqual(shown.edges(), edges)


class Viewer(Light):
    def test_a_mouse_does_what_it_says_and_reset_brings_back_each_pixel(self) -> None:
        visitor = self.visit("viewer-mouse")
        page = visitor.page
        visitor.start()
        self.send(visitor, as_file("film.png", encoded(small_film())))
        shown = FilmOnScreen(page).has_full_data()
        fitted = shown.at_rest()

        def button(name: str) -> Locator:
            return page.get_by_role("button", name=name, exact=True)

        window = shown.corner("bottom-left").get_by_text("Window 128 / 256")
        zoom = shown.corner("bottom-left").get_by_text(re.compile(r"Zoom \d+ %"))
        expect(window).to_be_visible()
        before = zoom.inner_text()

        # The wheel enlarges, and what lies under the pointer stays there.
        x, y = shown.middle()
        page.mouse.move(x - 100, y - 80)
        page.mouse.wheel(0, -240)
        enlarged = shown.after(fitted)
        expect(zoom).not_to_have_text(before)
        self.assertEqual(page.evaluate("scrollY"), 0)
        height, width = fitted.shape[:2]
        place = (slice(height // 2 - 83, height // 2 - 77), slice(width // 2 - 103, width // 2 - 97))
        self.assertLess(abs(enlarged[place].mean() - fitted[place].mean()), 6)
        page.mouse.wheel(0, 2000)
        page.mouse.wheel(0, 2000)
        shown.back_at(fitted)

        # One pixel of the screen for each of the file.
        button("Pixel for pixel").click()
        one_to_one = shown.after(fitted)
        expect(zoom).to_contain_text("Zoom 100 %")
        wanted = pixel_for_pixel(numpy.asarray(small_film()), *one_to_one.shape[1::-1])
        self.assertLessEqual(abs(one_to_one[:, :, 0] - wanted).max(), 1)
        self.is_in_sight(shown, "No name in the file", "RL--")

        # The film follows the hand.
        shown.drag(60, 40)
        moved = shown.after(one_to_one)
        self.assertTrue(same(moved[40:, 60:], one_to_one[:-40, :-60]))
        self.is_in_sight(shown, "No name in the file", "RL--")
        button("Show all of it").click()
        shown.back_at(fitted)

        # Brightness and contrast by the hand.
        button("Brightness and contrast").click()
        shown.drag(0, -60)
        brighter = shown.after(fitted)
        self.assertGreater(brightness(brighter), brightness(fitted) + 5)
        expect(window).to_have_count(0)
        shown.drag(150, 0)
        softer = shown.after(brighter)
        self.assertLess(softer[inside(softer)].std(), brighter[inside(brighter)].std())
        expect(page.get_by_label("Greys")).to_have_value("")
        button("Move the film").click()
        shown.drag(0, -60, button="right")
        self.assertGreater(brightness(shown.after(softer)), brightness(softer))
        button("Back to the beginning").click()
        shown.back_at(fitted)
        expect(window).to_be_visible()

        # What stands on a white film can be read.
        shown.drag(0, -270, button="right")
        shown.drag(0, -270, button="right")
        shown.until(lambda seen: brightness(seen) > 250, "a white film")
        button("Pixel for pixel").click()
        shown.until(lambda seen: brightness(seen) > 250 and bool(inside(seen).all()), "white everywhere")
        visitor.look("white")
        for label in shown.stage.locator(".film-corner > *, .film-side b").all():
            behind = numpy.median(picture_of(label.screenshot()))
            self.assertLess(behind, 128, label.inner_text())
        button("Back to the beginning").click()
        shown.back_at(fitted)

        # Windows to choose.
        presets = page.get_by_label("Greys")
        presets.select_option("Lungs (darker greys)")
        lungs = shown.after(fitted)
        self.assertGreater(brightness(lungs), brightness(fitted))
        presets.select_option("Bones, soft tissue (brighter greys)")
        self.assertLess(brightness(shown.after(lungs)), brightness(lungs))
        presets.select_option("Full range")
        shown.back_at(fitted)

        # Black and white swapped.
        button("Swap black and white").click()
        expect(shown.corner("top-right")).to_contain_text("Inverted")
        swapped = shown.after(fitted)
        there = inside(fitted)
        self.assertTrue((swapped[there] == 255 - fitted[there]).all())

        # Turned, and the letters at the edges with it.
        button("Swap black and white").click()
        shown.back_at(fitted)
        button("Turn to the right").click()
        expect(shown.corner("top-right")).to_contain_text("Turned 90°")
        shown.after(fitted)
        self.is_in_sight(shown, "No name in the file", "--RL")
        button("Turn to the right").click()
        expect(shown.corner("top-right")).to_contain_text("Turned 180°")
        self.assertEqual(shown.edges(), "LR--")
        turned = shown.until(lambda seen: inside(seen).sum() == inside(fitted).sum(), "the same size")
        self.assertLess(abs(numpy.rot90(turned, 2) - fitted)[inside(fitted)].mean(), 2)
        button("Swap left and right").click()
        expect(shown.corner("top-right")).to_contain_text("MIRRORED")
        self.assertEqual(shown.edges(), "RL--")
        button("Back to the beginning").click()
        expect(shown.corner("top-right")).to_contain_text("As in the file")
        self.assertEqual(shown.edges(), "RL--")
        shown.back_at(fitted)

    def test_a_film_of_twelve_bits_by_keyboard_alone(self) -> None:
        visitor = self.visit("viewer-keyboard")
        page = visitor.page
        visitor.start()
        self.send(visitor, sample_film())
        shown = FilmOnScreen(page).has_full_data()
        fitted = shown.at_rest()
        name = shown.corner("top-left").locator("strong").inner_text()
        self.assertNotEqual(name, "No name in the file")
        edges = shown.edges()
        self.assertRegex(edges, "[RL]")
        press = page.keyboard.press
        visitor.tab_to(shown.canvas)
        said = page.get_by_role("region", name="X-ray viewer").get_by_role("status").first

        press("+")
        expect(said).to_contain_text("Zoom")
        enlarged = shown.after(fitted)
        press("-")
        shown.back_at(fitted)
        press("1")
        pixels = shown.after(enlarged)
        press("ArrowRight")
        self.assertTrue(same(shown.after(pixels)[:, :-40], pixels[:, 40:]))
        self.is_in_sight(shown, name, edges)
        press("0")
        shown.back_at(fitted)
        press("w")
        press("ArrowUp")
        self.assertGreater(brightness(shown.after(fitted)), brightness(fitted))
        expect(said).to_contain_text("Window")
        press("i")
        expect(said).to_contain_text("Inverted")
        press("r")
        expect(said).to_contain_text("Turned 90°")
        press("Escape")
        shown.back_at(fitted)
        press("?")
        expect(page.get_by_role("dialog", name="Keys and gestures")).to_be_visible()
        visitor.look("help")
        press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(shown.canvas).to_be_focused()
        shown.back_at(fitted)
        # The buttons too, without a pointer.
        visitor.tab_to(page.get_by_role("button", name="Swap black and white"))
        press("Enter")
        expect(page.get_by_role("button", name="Swap black and white")).to_have_attribute("aria-pressed", "true")
        self.assertLess(brightness(shown.after(fitted)), brightness(fitted))

    def test_fingers_enlarge_move_and_brighten(self) -> None:
        visitor = self.visit("viewer-touch", phone=True)
        page = visitor.page
        visitor.start()
        self.send(visitor, as_file("film.png", encoded(small_film())))
        shown = FilmOnScreen(page).has_full_data()
        shown.stage.scroll_into_view_if_needed()
        fitted = shown.at_rest()
        hand = Fingers(visitor, shown)

        zoom = shown.corner("bottom-left").get_by_text(re.compile(r"Zoom \d+ %"))
        before = zoom.inner_text()
        hand.move([(-30, 0), (30, 0)], [(-90, 0), (90, 0)])
        enlarged = shown.after(fitted)
        expect(zoom).not_to_have_text(before)
        self.assertGreater(percent(zoom.inner_text()), 2 * percent(before))
        self.is_in_sight(shown, "No name in the file", "RL--")
        visitor.look("pinched")
        hand.move([(0, 0)], [(40, 30)])
        moved = shown.after(enlarged)
        self.assertTrue(same(moved[60:, 80:], enlarged[:-60, :-80]))
        hand.move([(-40, 40), (40, 40)], [(-40, -40), (40, -40)])
        self.assertGreater(brightness(shown.after(moved)), brightness(moved))
        page.get_by_role("button", name="Back to the beginning").tap()
        shown.back_at(fitted)

    def test_a_heat_map_says_what_it_is_and_an_earlier_picture_lies_beside_it(self) -> None:
        visitor = self.visit("viewer-heat")
        page = visitor.page
        visitor.start()
        visitor.fill_history()
        self.send(visitor, as_file("earlier.png", encoded(small_film().rotate(2, fillcolor=0))))
        self.send(visitor, sample_film())
        visitor.analyse()
        visitor.result()
        shown = FilmOnScreen(page).has_full_data()
        shown.at_rest()
        self.heat(visitor, shown)
        self.beside(visitor, shown)

    def heat(self, visitor: Visitor, shown: FilmOnScreen) -> None:
        page = visitor.page
        choice = page.get_by_label("Show the heat map of")
        words = page.locator(".legend")
        overlay = page.get_by_role("img", name="Heat map laid over the picture")
        choice.select_option("")
        expect(overlay).to_have_count(0)
        expect(words).to_have_count(0)
        alone = self.stage_picture(shown)
        self.assertLess(colourfulness(alone), 8)

        page.get_by_role("button", name="Heat map on or off").click()
        expect(overlay).to_be_visible()
        expect(words).to_contain_text(INFLUENCE)
        expect(words).to_contain_text(re.compile(r"The influence is strongest: (upper|middle|lower) third, .+\."))
        name = choice.locator("option:checked").inner_text().rsplit(",", 1)[0]
        expect(page.get_by_role("img", name=f"where the number for {name} came from")).to_be_visible()
        first = self.stage_picture(shown)
        self.assertGreater(colourfulness(first), colourfulness(alone) + 3)

        strength = page.get_by_role("slider", name="Strength of the heat map")
        strength.fill("20")
        expect(overlay).to_have_css("opacity", "0.2")
        faint = self.stage_picture(shown)
        self.assertGreater(colourfulness(faint), colourfulness(alone) + 0.3)
        self.assertLess(colourfulness(faint), colourfulness(first) - 1)
        strength.fill("65")

        other = [value for value in choice.locator("option").evaluate_all("all => all.map(one => one.value)") if value]
        choice.select_option(other[-1] if choice.input_value() != other[-1] else other[0])
        expect(page.get_by_role("img", name=f"where the number for {name} came from")).to_have_count(0)
        expect(overlay).to_be_visible()
        expect(words).to_contain_text(INFLUENCE)
        self.assertFalse(same(self.stage_picture(shown), first))
        page.get_by_role("button", name="Hide the heat map").click()
        expect(overlay).to_have_count(0)
        self.assertTrue(same(self.stage_picture(shown), alone))

    def beside(self, visitor: Visitor, main: FilmOnScreen) -> None:
        page = visitor.page
        whose = main.corner("top-left").locator("strong").inner_text()
        page.get_by_label("Beside it").select_option("earlier.png")
        stages = page.locator(".film-stage")
        expect(stages).to_have_count(2)
        expect(page.get_by_text("Lightbox doesn't compare them.")).to_be_visible()
        main = FilmOnScreen(page, stages.first).has_full_data()
        side = FilmOnScreen(page, stages.last).has_full_data()
        expect(side.corner("top-left")).to_contain_text("earlier.png")
        both = main.at_rest(), side.at_rest()
        self.is_in_sight(main, whose, main.edges())
        self.is_in_sight(side, "No name in the file", "RL--")
        visitor.look("side-by-side")
        page.get_by_role("button", name="Larger", exact=True).click()
        main.after(both[0])
        side.after(both[1])
        page.get_by_role("button", name="Back to the beginning").click()
        main.back_at(both[0])
        side.back_at(both[1])
        page.get_by_label("Move both together").uncheck()
        side.stage.click()
        page.keyboard.press("i")
        side.after(both[1])
        main.back_at(both[0])
        page.get_by_label("Beside it").select_option("no other picture")
        expect(stages).to_have_count(1)

    def stage_picture(self, shown: FilmOnScreen) -> numpy.ndarray:
        """What is seen of the stage, with all that lies over the canvas, as colours."""
        shown.page.mouse.move(0, 0)
        return picture_of(shown.stage.screenshot())


class Mended(Light):
    def test_what_a_click_mends_is_shown_before_and_after_and_analysed_as_shown(self) -> None:
        visitor = self.visit("mended")
        visitor.start()
        visitor.fill_history()
        turned, negative = small_film().rotate(180), small_film().point(lambda value: 255 - value)
        # Upside down.
        self.mend(visitor, "turned", turned, lambda before: before[::-1, ::-1],
                  reason="The picture seems to be upside down.",
                  click="Turn it upright and analyse", done="Turned by 180°, at your request.")
        # A negative.
        self.mend(visitor, "negative", negative, lambda before: 255 - before,
                  reason="Black and white seem to be swapped: bones should be bright.",
                  click="Swap black and white and analyse", done="Black and white swapped, at your request.")

    def mend(self, visitor: Visitor, name: str, picture: Image.Image, mended: Callable[[numpy.ndarray], numpy.ndarray],
             *, reason: str, click: str, done: str) -> None:
        page = visitor.page
        self.send(visitor, as_file(f"{name}.png", encoded(picture)))
        visitor.analyse()
        expect(page.get_by_text("This picture was not analysed")).to_be_visible(timeout=60_000)
        expect(page.locator(".why")).to_contain_text(reason)
        expect(page.locator(".why dt").get_by_text("What to do")).to_have_count(1)
        before = self.loaded(page.get_by_role("img", name="The picture as it was analysed"))
        after = self.loaded(page.get_by_role("img", name="The picture after the change"))
        self.assertGreater(abs(before - after).mean(), 20)
        self.assertLess(abs(mended(before) - after).mean(), 3)
        visitor.look(f"{name}-refused")
        page.get_by_role("button", name=click).click()
        visitor.result()
        expect(page.get_by_text(done)).to_be_visible()
        # What lies on the light box, and was analysed, is what stood there as "after".
        seen = FilmOnScreen(page).has_full_data().at_rest()
        there = inside(seen)
        on_screen = seen[there.any(axis=1)][:, there.any(axis=0), 0]
        self.assertLess(abs(ninths(on_screen) - ninths(after)).max(), 8)
        self.assertGreater(abs(ninths(on_screen) - ninths(before)).max(), 20)

    def loaded(self, picture: Locator) -> numpy.ndarray:
        """The greys of a picture of the page."""
        expect(picture).to_be_visible()
        picture.evaluate("image => image.decode()")
        answer = picture.page.request.get(self.server.origin + picture.get_attribute("src"))
        self.assertEqual(answer.status, 200)
        return greys(answer.body())


class Fingers:
    """Fingers on the film: places are CSS pixels from its middle."""

    def __init__(self, visitor: Visitor, shown: FilmOnScreen) -> None:
        self.shown = shown
        self.line = visitor.context.new_cdp_session(visitor.page)

    def move(self, start: list[tuple[int, int]], end: list[tuple[int, int]], steps: int = 6) -> None:
        """Puts fingers down, one after another, moves them together and lifts them."""
        for count in range(1, len(start) + 1):
            self.touch("touchStart", start[:count])
        for step in range(1, steps + 1):
            share = step / steps
            places = [(x + (to_x - x) * share, y + (to_y - y) * share) for (x, y), (to_x, to_y) in zip(start, end)]
            self.touch("touchMove", places)
        self.touch("touchEnd", [])

    def touch(self, kind: str, places: list[tuple[float, float]]) -> None:
        x, y = self.shown.middle()
        points = [{"x": x + dx, "y": y + dy, "id": number} for number, (dx, dy) in enumerate(places)]
        self.line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def percent(zoom: str) -> int:
    return int(re.search(r"(\d+) %", zoom).group(1))


def colourfulness(seen: numpy.ndarray) -> float:
    """How far its pixels are from grey, on average."""
    return float((seen.max(axis=2) - seen.min(axis=2)).mean())


def ninths(values: numpy.ndarray) -> numpy.ndarray:
    """The brightness of each ninth of a picture."""
    return numpy.array([[part.mean() for part in numpy.array_split(row, 3, axis=1)] for row in numpy.array_split(values, 3)])


if __name__ == "__main__":
    unittest.main()
