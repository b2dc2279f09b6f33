"""Pictures that arrive over a bad connection, and pictures that are refused and mended, in a real browser."""

import hashlib
import io
import random
import struct
import tempfile
import unittest
import zlib
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from browser import chromium, visiting
from server import Server, sample_film


def noise(edge: int) -> bytes:
    """A grey PNG that doesn't become smaller, so that it comes in several parts."""
    rows = random.Random(7).randbytes(edge * edge)
    raw = b"".join(b"\0" + rows[y * edge : (y + 1) * edge] for y in range(edge))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", edge, edge, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw, 0)) + chunk(b"IEND", b"")


class Pictures(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.server = cls.enterClassContext(Server("pictures"))
        cls.browser = cls.enterClassContext(chromium(cls.enterClassContext(sync_playwright())))

    def visit(self, name: str, expected: tuple[str, ...] = ()):
        visitor = self.enterContext(visiting(self.browser, self.server, name))
        visitor.expected = [r"status of 401", *expected]
        return visitor

    def test_an_upload_goes_on_after_a_lost_connection_and_a_reload(self) -> None:
        visitor = self.visit("resumed", expected=(r"ERR_CONNECTION_FAILED",))
        page = visitor.page
        visitor.start()
        visitor.fill_history()
        visitor.to_picture()
        # A real file: that it is the same one again is known by its date too.
        picture = Path(self.enterContext(tempfile.TemporaryDirectory())) / "film.png"
        picture.write_bytes(noise(3400))
        offsets: list[int] = []
        is_lost = True

        def part(route) -> None:
            if route.request.method == "PATCH":
                offsets.append(int(route.request.headers["upload-offset"]))
                if is_lost and len(offsets) > 1:
                    route.abort("connectionfailed")
                    return
            route.continue_()

        page.route("**/api/v1/uploads/tus/*", part)
        page.get_by_label("Choose a picture").set_input_files(picture)
        page.get_by_role("button", name="Upload this picture").click()
        expect(page.get_by_role("status").filter(has_text="Connection lost. It goes on by itself.")).to_be_attached(timeout=30_000)
        visitor.look("lost")
        visitor.reload_at("The picture")
        expect(page.get_by_text("Choose the same file again and it goes on")).to_be_visible()
        visitor.look("stopped")
        is_lost = False
        before = len(offsets)
        page.get_by_label("Choose a picture").set_input_files(picture)
        visitor.heading("Is this the right picture?")
        self.assertEqual(offsets[0], 0)
        self.assertTrue(all(offset > 0 for offset in offsets[before:]) and offsets[before:], offsets)
        uploads = page.request.get(self.server.origin + "/api/v1/uploads").json()["uploads"]
        self.assertEqual([upload["sha256"] for upload in uploads], [hashlib.sha256(picture.read_bytes()).hexdigest()])

    def test_a_film_that_lies_upside_down_is_refused_and_turned_at_a_click(self) -> None:
        import pydicom
        from PIL import Image

        visitor = self.visit("turned")
        page = visitor.page
        pixels = pydicom.dcmread(sample_film()).pixel_array
        # MONOCHROME1: the smallest value is white.
        film = Image.fromarray(255 - (pixels.astype("float") * 255 / pixels.max()).astype("uint8")).rotate(180)
        out = io.BytesIO()
        film.save(out, "PNG")
        visitor.start()
        visitor.fill_history()
        visitor.to_picture()
        page.get_by_label("Choose a picture").set_input_files(
            {"name": "film.png", "mimeType": "image/png", "buffer": out.getvalue()}
        )
        page.get_by_role("button", name="Upload this picture").click()
        visitor.heading("Is this the right picture?")
        visitor.analyse()
        expect(page.get_by_text("The picture seems to be upside down.")).to_be_visible(timeout=60_000)
        for name in ("The picture as it was analysed", "The picture after the change"):
            expect(page.get_by_role("img", name=name)).to_be_visible()
        visitor.look("refused")
        page.get_by_role("button", name="Turn it upright and analyse").click()
        visitor.result()
        expect(page.get_by_text("Turned by 180°, at your request.")).to_be_visible()
        visitor.look("mended")


if __name__ == "__main__":
    unittest.main()
