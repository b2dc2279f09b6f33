"""Films to send, and what is seen of a film on the page's light box."""

import base64
import io
import time
from collections.abc import Callable
from functools import cache

import numpy
import pydicom
from PIL import Image
from playwright.sync_api import Locator, Page

from server import sample_film

# The colour around a film, as the viewer draws it.
AROUND = (4, 8, 10)


@cache
def film() -> Image.Image:
    """The sample film as grey values of 8 bits, bright where bone is, 1841 x 1955."""
    pixels = pydicom.dcmread(sample_film()).pixel_array.astype("float")
    # MONOCHROME1: the smallest value is white.
    return Image.fromarray(255 - (pixels * 255 / pixels.max()).astype("uint8"))


@cache
def small_film() -> Image.Image:
    """The same half as wide: quicker to send and to read."""
    return film().reduce(2)


def encoded(picture: Image.Image, compress_level: int = 1) -> bytes:
    """As PNG: quickly rather than small."""
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=compress_level)
    return out.getvalue()


def as_file(name: str, content: bytes, media_type: str = "image/png") -> dict[str, object]:
    """A file to choose that lies nowhere."""
    return {"name": name, "mimeType": media_type, "buffer": content}


def picture_of(content: bytes) -> numpy.ndarray:
    """Red, green and blue of an encoded picture, row by row."""
    return numpy.asarray(Image.open(io.BytesIO(content)).convert("RGB"), dtype="int16")


def greys(content: bytes) -> numpy.ndarray:
    """The brightness of an encoded picture's pixels, row by row."""
    return numpy.asarray(Image.open(io.BytesIO(content)).convert("L"), dtype="int16")


class FilmOnScreen:
    """One film of the viewer: its pixels as they are on the canvas, and what a hand does with it."""

    def __init__(self, page: Page, stage: Locator | None = None) -> None:
        self.page = page
        self.stage = stage or page.locator(".film-stage")
        self.canvas = self.stage.locator("canvas")

    def has_full_data(self) -> "FilmOnScreen":
        """Waits until the picture of full depth is there."""
        self.stage.and_(self.page.locator("[data-state=full]")).wait_for()
        return self

    def colours(self) -> numpy.ndarray:
        """Red, green and blue of the canvas after the next frame, row by row."""
        address = self.canvas.evaluate(
            "canvas => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(canvas.toDataURL()))))"
        )
        return picture_of(base64.b64decode(address.partition(",")[2]))

    def until(self, is_so: Callable[[numpy.ndarray], bool], what: str) -> numpy.ndarray:
        """Waits until this is true of the pixels of the film at rest. Returns them."""
        end = time.monotonic() + 20
        while True:
            seen = self.colours()
            if self.is_sharp(seen) and is_so(seen):
                return seen
            assert time.monotonic() < end, f"the film on the screen: {what} has not come about"

    def is_sharp(self, seen: numpy.ndarray) -> bool:
        """While a film is moved it may be drawn with fewer pixels."""
        width, height = self.stage.evaluate(
            "stage => [stage.clientWidth, stage.clientHeight].map(length => Math.round(length * devicePixelRatio))"
        )
        return seen.shape[:2] == (height, width)

    def at_rest(self) -> numpy.ndarray:
        return self.until(lambda seen: True, "rest")

    def after(self, before: numpy.ndarray) -> numpy.ndarray:
        """The pixels once they are others than before."""
        return self.until(lambda seen: not same(seen, before), "a change")

    def back_at(self, before: numpy.ndarray) -> None:
        """Waits until each pixel is what it was."""
        self.until(lambda seen: same(seen, before), "what it was before")

    def middle(self) -> tuple[float, float]:
        box = self.stage.bounding_box()
        assert box
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, dx: int, dy: int, button: str = "left") -> None:
        x, y = self.middle()
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down(button=button)
        mouse.move(x + dx / 2, y + dy / 2)
        mouse.move(x + dx, y + dy)
        mouse.up(button=button)

    def corner(self, name: str) -> Locator:
        """What stands at a corner: top-left, top-right, bottom-left or bottom-right."""
        return self.stage.locator(f".film-{name}")

    def edges(self) -> str:
        """The letters at the left, right, upper and lower edge; a dash where there is none."""
        letters = (self.stage.locator(f".film-side-{edge} b") for edge in ("left", "right", "top", "bottom"))
        return "".join(letter.inner_text() if letter.count() else "-" for letter in letters)


def same(one: numpy.ndarray, other: numpy.ndarray) -> bool:
    return one.shape == other.shape and bool((one == other).all())


def inside(seen: numpy.ndarray) -> numpy.ndarray:
    """Where the film itself is on a canvas, and not what is around it."""
    return (seen != numpy.array(AROUND)).any(axis=2)


def brightness(seen: numpy.ndarray) -> float:
    """Of the film itself, from 0 to 255."""
    return float(seen[inside(seen)].mean())


def pixel_for_pixel(samples: numpy.ndarray, width: int, height: int) -> numpy.ndarray:
    """The middle of a picture where each sample has a pixel; between two samples where its middle lies between them."""

    def cut(values: numpy.ndarray, length: int) -> numpy.ndarray:
        low = (len(values) - length) // 2
        here, next_one = values[low : low + length], values[low + 1 : low + 1 + length]
        return here if (len(values) - length) % 2 == 0 else (here + next_one) / 2

    return cut(cut(samples.astype("float"), height).T, width).T
