"""Many pictures at once, letters in a picture, and files that look like another one, in a real browser."""

import hashlib
import io
import os
import re
import tempfile
import unittest
import zipfile
from pathlib import Path

from PIL import ImageDraw, ImageFont
from playwright.sync_api import Locator, expect, sync_playwright

from browser import Visitor, chromium, visiting
from films import as_file, encoded, film, small_film
from server import Server, site_packages

SAMPLES = site_packages() / "data_store/data"


class Archives(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.server = cls.enterClassContext(Server("archives"))
        cls.browser = cls.enterClassContext(chromium(cls.enterClassContext(sync_playwright())))
        cls.small = encoded(film().reduce(4))
        cls.scan = (SAMPLES / "MR2_UNCR.dcm").read_bytes()
        cls.cut = cls.small[: len(cls.small) // 2]

    def visit(self, name: str, *expected: str) -> Visitor:
        visitor = self.enterContext(visiting(self.browser, self.server, name))
        visitor.expected = [r"status of 401", *expected]
        visitor.start()
        visitor.open("/picture")
        visitor.heading("The picture")
        return visitor

    def kept(self, visitor: Visitor) -> list[str]:
        """The pictures that the server has of this session, by their names."""
        uploads = visitor.page.request.get(self.server.origin + "/api/v1/uploads").json()["uploads"]
        return sorted(upload["fileName"] for upload in uploads)

    def row(self, visitor: Visitor, name: str) -> Locator:
        """What stands about a file in the list of those that were chosen."""
        rows = visitor.page.locator(".rows > li")
        return rows.filter(has=visitor.page.locator(".row-head .file-name", has_text=re.compile(f"^{re.escape(name)}$")))

    def test_several_files_are_judged_one_by_one(self) -> None:
        visitor = self.visit("several", r"status of 422")
        page = visitor.page
        page.get_by_label("Choose a picture").set_input_files(
            [
                as_file("good.png", self.small),
                as_file("notes.txt", b"These are some notes.", "text/plain"),
                as_file("cut.png", self.cut),
                as_file("MR2", self.scan, "application/octet-stream"),
            ]
        )
        expect(page.get_by_role("heading", name="Your files, before they are sent")).to_be_focused()
        expect(self.row(visitor, "notes.txt")).to_contain_text("not sent")
        expect(self.row(visitor, "notes.txt")).to_contain_text("This is a text file; choose the picture itself.")
        self.assertEqual(self.kept(visitor), [])
        page.get_by_role("button", name="Upload 3 files").click()
        expect(page.get_by_role("status").filter(has_text="2 of 4 pictures received")).to_be_visible(timeout=30_000)
        expect(self.row(visitor, "good.png").locator(".row-state")).to_have_text("kept")
        expect(self.row(visitor, "cut.png").locator(".row-state")).to_have_text("not kept")
        expect(self.row(visitor, "cut.png")).to_contain_text("damaged")
        expect(self.row(visitor, "MR2").locator(".row-state")).to_have_text("kept")
        self.assertEqual(self.kept(visitor), ["MR2", "good.png"])
        expect(page.get_by_role("region", name="Pictures in this session").get_by_role("link")).to_have_count(2)
        visitor.look("sent")
        # Each that was kept can be looked at.
        self.row(visitor, "MR2").get_by_role("link").click()
        visitor.heading("Is this the right picture?")

    def test_each_file_of_an_archive_is_judged_by_itself(self) -> None:
        visitor = self.visit("archive", r"status of 422")
        page = visitor.page
        content = zipped(
            {"disc/good.png": self.small, "disc/notes.txt": b"These are some notes.", "disc/cut.png": self.cut,
             "disc/IM000001": self.scan}
        )
        page.get_by_label("Choose a picture").set_input_files(as_file("disc.zip", content, "application/zip"))
        page.get_by_role("button", name="Upload 1 file").click()
        expect(page.get_by_role("status").filter(has_text="2 of 4 pictures received")).to_be_visible(timeout=30_000)
        for name in ("good.png", "IM000001"):
            expect(page.locator(".rows").get_by_role("link", name=f"Open {name}")).to_be_visible()
        page.get_by_text("2 files in it were not kept").click()
        refused = page.locator(".refused li")
        expect(refused.filter(has_text="cut.png")).to_contain_text("damaged")
        expect(refused.filter(has_text="notes.txt")).to_contain_text("picture")
        expect(refused).to_have_count(2)
        self.assertEqual(self.kept(visitor), ["IM000001", "good.png"])
        visitor.look("archive")
        page.locator(".rows").get_by_role("link", name="Open good.png").click()
        visitor.heading("Is this the right picture?")

        # With nothing good in it, it is refused with the reasons.
        visitor.open("/picture")
        content = zipped({"notes.txt": b"These are some notes.", "cut.png": self.cut})
        page.get_by_label("Choose a picture").set_input_files(as_file("bad.zip", content, "application/zip"))
        page.get_by_role("button", name="Upload 1 file").click()
        expect(self.row(visitor, "bad.zip").locator(".row-state")).to_have_text("not kept")
        page.get_by_text("2 files in it were not kept").click()
        expect(page.locator(".refused li")).to_have_count(2)
        self.assertEqual(self.kept(visitor), ["IM000001", "good.png"])

    def test_a_folder_of_a_disc_gives_its_pictures(self) -> None:
        visitor = self.visit("folder", r"status of 422")
        page = visitor.page
        disc = Path(self.enterContext(tempfile.TemporaryDirectory())) / "disc"
        for name, content in {
            "DICOM/ST000001/IM000001": self.scan,
            "DICOM/ST000001/IM000002": (SAMPLES / "MR2_J2KR.dcm").read_bytes(),
            "DICOM/ST000001/.DS_Store": b"\0",
            "DICOMDIR": b"\0" * 200,
            "readme.txt": b"A viewer is on this disc.",
        }.items():
            (disc / name).parent.mkdir(parents=True, exist_ok=True)
            (disc / name).write_bytes(content)
        page.get_by_label("Choose a folder").set_input_files(disc)
        expect(page.locator(".rows > li")).to_have_count(3)
        expect(self.row(visitor, "readme.txt")).to_contain_text("not sent")
        page.get_by_role("button", name="Upload 2 files").click()
        expect(page.get_by_role("status").filter(has_text="2 of 3 pictures received")).to_be_visible(timeout=30_000)
        self.assertEqual(self.kept(visitor), ["IM000001", "IM000002"])
        page.locator(".rows").get_by_role("link", name="Open IM000001").click()
        visitor.heading("Is this the right picture?")
        expect(page.locator(".film-stage[data-state=full]")).to_be_visible()

    def test_letters_in_the_picture_are_warned_of_and_shown_on_request(self) -> None:
        visitor = self.visit("letters")
        page = visitor.page
        written = small_film().copy()
        pen, font, text = ImageDraw.Draw(written), ImageFont.load_default(32), "SMITH JOHN 1970-01-01"
        pen.rectangle(pen.textbbox((60, 60), text, font=font), fill=0)
        pen.text((60, 60), text, fill=255, font=font)
        page.get_by_label("Choose a picture").set_input_files(as_file("written.png", encoded(written)))
        page.get_by_role("button", name="Upload this picture").click()
        visitor.heading("Is this the right picture?")
        warning = page.get_by_role("status").filter(has_text="Letters are written into this picture")
        expect(warning).to_be_visible(timeout=60_000)
        expect(warning).to_contain_text("no program takes them out of the pixels")
        expect(page.get_by_text("SMITH")).to_have_count(0)
        warning.get_by_text(re.compile("line")).click()
        expect(warning.get_by_text("SMITH")).to_be_visible()
        visitor.look("read")
        # A warning, no refusal.
        expect(page.get_by_role("button", name="Analyse this picture")).to_be_enabled()

    def test_another_file_with_the_same_name_and_size_does_not_go_on_where_one_stopped(self) -> None:
        visitor = self.visit("other", r"ERR_CONNECTION_FAILED")
        page = visitor.page
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        # Too large to go with their creation.
        wide = film().resize((1200, 1280))
        first, second = same_length(encoded(wide, compress_level=0), encoded(wide.rotate(90), compress_level=0))
        requests: list[tuple[str, int | None]] = []
        is_lost = True

        def part(route) -> None:
            request = route.request
            if request.method == "PATCH":
                requests.append(("PATCH", int(request.headers["upload-offset"])))
                if is_lost:
                    route.abort("connectionfailed")
                    return
            elif request.method == "POST":
                requests.append(("POST", None))
            route.continue_()

        page.route(re.compile("/api/v1/uploads/tus"), part)
        file = folder / "film.png"
        file.write_bytes(first)
        date = file.stat().st_mtime
        page.get_by_label("Choose a picture").set_input_files(file)
        page.get_by_role("button", name="Upload this picture").click()
        expect(page.get_by_role("status").filter(has_text="Connection lost. It goes on by itself.")).to_be_attached(timeout=30_000)
        visitor.reload_at("The picture")
        expect(page.get_by_text("Choose the same file again and it goes on")).to_be_visible()
        is_lost = False
        requests.clear()
        file.write_bytes(second)
        os.utime(file, (date, date))
        page.get_by_label("Choose a picture").set_input_files(file)
        # It isn't the same file: it waits for a click.
        expect(page.get_by_role("button", name="Upload this picture")).to_be_enabled()
        page.get_by_role("button", name="Upload this picture").click()
        visitor.heading("Is this the right picture?")
        self.assertEqual(requests[:2], [("POST", None), ("PATCH", 0)])
        uploads = page.request.get(self.server.origin + "/api/v1/uploads").json()["uploads"]
        self.assertEqual([upload["sha256"] for upload in uploads], [hashlib.sha256(second).hexdigest()])
        # The other one may still go on.
        visitor.open("/picture")
        file.write_bytes(first)
        os.utime(file, (date, date))
        requests.clear()
        expect(page.get_by_text("Choose the same file again and it goes on")).to_be_visible()
        page.get_by_label("Choose a picture").set_input_files(file)
        visitor.heading("Is this the right picture?")
        self.assertNotIn(("POST", None), requests)
        self.assertEqual(len(self.kept(visitor)), 2)


def same_length(one: bytes, other: bytes) -> tuple[bytes, bytes]:
    """Adds to the shorter of two PNGs what readers leave unread after its end."""
    length = max(len(one), len(other))
    return one.ljust(length, b"\0"), other.ljust(length, b"\0")


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


if __name__ == "__main__":
    unittest.main()
