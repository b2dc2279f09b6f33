"""Holds PDFs against those rules of PDF/A-2b (ISO 19005-2) that can be checked without a full validator.

    tests/support/pdf_archive.py FILE...

Prints what is wrong, a line for each; ends with 1 if anything is. Not checked: the inside of content streams beyond the
balance of marks, glyph widths against font programs, and all that a report never holds (forms, annotations, layers).

Needs pikepdf (which brings qpdf) and lxml.
"""

import re
import sys
from pathlib import Path

import pikepdf
from lxml import etree

NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
}
FORBIDDEN = {"/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/GoToE", "/GoTo3DView"}
FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


class Checker:
    def __init__(self, file: Path) -> None:
        self.bytes = file.read_bytes()
        self.pdf = pikepdf.open(file)
        self.wrong: list[str] = []

    def hold(self, is_right: bool, what: str) -> None:
        if not is_right:
            self.wrong.append(what)

    def check(self) -> list[str]:
        # Structural errors and warnings of qpdf.
        self.wrong += [f"qpdf: {problem}" for problem in self.pdf.check_pdf_syntax() + self.pdf.get_warnings()]
        for step in (self.file, self.actions, self.profile, self.metadata, self.things, self.structure):
            try:
                step()
            except (AttributeError, KeyError, IndexError, TypeError, ValueError, etree.XMLSyntaxError) as error:
                self.wrong.append(f"{step.__name__}: {error}")
        return self.wrong

    def actions(self) -> None:
        """6.5 and 6.4: nothing that acts, no form."""
        root = self.pdf.Root
        self.hold("/Names" not in root or "/JavaScript" not in root.Names, "the names hold scripts")
        self.hold("/AA" not in root and "/OpenAction" not in root, "the document acts by itself")
        self.hold("/AcroForm" not in root, "there is a form")

    def things(self) -> None:
        for thing in self.pdf.objects:
            self.thing(thing)

    def file(self) -> None:
        """6.1: header, trailer, end."""
        self.hold(re.match(rb"%PDF-1\.[0-7]\n%[\x80-\xff]{4}", self.bytes) is not None, "header without four high bytes")
        self.hold(not self.pdf.is_encrypted, "encrypted")
        identifier = self.pdf.trailer.get("/ID")
        self.hold(identifier is not None and len(identifier) == 2 and len(bytes(identifier[0])) >= 16, "no /ID")
        self.hold(self.bytes.rstrip(b"\r\n").endswith(b"%%EOF"), "something after the end")
        self.hold(b"/XRefStm" not in self.bytes, "a hybrid cross-reference")

    def profile(self) -> None:
        """6.2.3: one output intent, with a profile that fits its number of components."""
        intents = [intent for intent in self.pdf.Root.get("/OutputIntents", []) if intent.S == "/GTS_PDFA1"]
        self.hold(len(intents) == 1, "not one output intent for PDF/A")
        for intent in intents:
            profile = intent.DestOutputProfile
            data = profile.read_bytes()
            self.hold(data[36:40] == b"acsp" and int.from_bytes(data[:4], "big") == len(data), "a broken profile")
            self.hold(data[8] <= 4 and data[12:16] in (b"mntr", b"prtr"), "a profile of another class or version")
            self.hold((data[16:20], int(profile.N)) == (b"RGB ", 3), "a profile that isn't of three colours")

    def metadata(self) -> None:
        """6.6: XMP, uncompressed, and the same as the information dictionary."""
        stream = self.pdf.Root.Metadata
        self.hold("/Filter" not in stream, "XMP is compressed")
        tree = etree.fromstring(stream.read_raw_bytes())

        def value(path: str) -> str | None:
            found = tree.xpath(f"//{path}", namespaces=NAMESPACES)
            return found[0].text or "" if found else None

        self.hold(value("pdfaid:part") == "2", "XMP doesn't claim part 2")
        self.hold(value("pdfaid:conformance") in ("B", "U", "A"), "XMP doesn't claim a level")
        for key, path in {
            "/Title": "dc:title/rdf:Alt/rdf:li[@xml:lang='x-default']",
            "/Author": "dc:creator/rdf:Seq/rdf:li",
            "/Subject": "dc:description/rdf:Alt/rdf:li[@xml:lang='x-default']",
            "/Keywords": "pdf:Keywords",
            "/Creator": "xmp:CreatorTool",
            "/Producer": "pdf:Producer",
        }.items():
            ours = self.pdf.docinfo.get(key)
            self.hold(ours is None or str(ours) == value(path), f"{key} is {ours} here and {value(path)} in XMP")
        for key, path in {"/CreationDate": "xmp:CreateDate", "/ModDate": "xmp:ModifyDate"}.items():
            digits = [re.sub(r"\D", "", text or "")[:14] for text in (str(self.pdf.docinfo.get(key, "")), value(path))]
            self.hold(digits[0] == digits[1], f"{key} differs from XMP")

    def thing(self, thing: pikepdf.Object) -> None:
        if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
            return
        if isinstance(thing, pikepdf.Stream):
            filters = thing.get("/Filter", [])
            names = [str(name) for name in (filters if isinstance(filters, pikepdf.Array) else [filters])]
            self.hold("/LZWDecode" not in names and "/Crypt" not in names, "LZW or encryption")
            self.hold("/F" not in thing, "a stream in another file")
        self.hold(str(thing.get("/S", "")) not in FORBIDDEN or "/Type" in thing, "an action that isn't allowed")
        self.hold(str(thing.get("/Subtype", "")) != "/PS", "PostScript")
        kind = str(thing.get("/Type", ""))
        if kind == "/Page":
            self.hold("/AA" not in thing, "a page that acts by itself")
            self.hold(thing.get("/Group", {}).get("/CS", "/DeviceRGB") == "/DeviceRGB", "another blending space")
        if kind == "/Font":
            self.font(thing)
        if str(thing.get("/Subtype", "")) == "/Image":
            self.hold(not bool(thing.get("/Interpolate", False)), "a picture that is to be smoothed")
            self.hold("/Alternates" not in thing and "/OPI" not in thing, "alternates of a picture")
            space = thing.get("/ColorSpace", "")
            self.hold("CMYK" not in str(space), "a picture in four inks")
        if kind == "/ExtGState":
            self.hold("/TR" not in thing and str(thing.get("/BM", "/Normal")) == "/Normal", "a transfer or blend mode")

    def font(self, font: pikepdf.Object) -> None:
        """6.2.11: embedded, with a way back to Unicode, and CIDs mapped to glyphs."""
        name = str(font.get("/BaseFont", "?"))
        kind = str(font.Subtype)
        if kind in ("/Type0", "/TrueType", "/Type1"):
            self.hold("/ToUnicode" in font, f"{name} has no /ToUnicode")
        if kind == "/Type0":
            self.hold(str(font.Encoding) in ("/Identity-H", "/Identity-V"), f"{name} has another encoding")
            return
        if kind == "/CIDFontType2":
            self.hold("/CIDToGIDMap" in font, f"{name} has no /CIDToGIDMap")
        if kind == "/TrueType":
            encoded = str(font.get("/Encoding", ""))
            self.hold(encoded in ("/WinAnsiEncoding", "/MacRomanEncoding"), f"{name} is encoded by {encoded}")
        if kind != "/Type3":
            descriptor = font.get("/FontDescriptor", {})
            self.hold(any(key in descriptor for key in FONT_FILES), f"{name} isn't embedded")

    def structure(self) -> None:
        """What 6.7 wants of level A: marks lead to elements and back, pictures have words, headers have a scope."""
        root = self.pdf.Root
        self.hold(bool(root.get("/MarkInfo", {}).get("/Marked", False)), "not marked as tagged")
        self.hold("/Lang" in root, "no language")
        parents = {}
        numbers = list(root.StructTreeRoot.ParentTree.Nums)
        for key, owners in zip(numbers[::2], numbers[1::2], strict=True):
            parents[int(key)] = list(owners)
        pages = {page.objgen: page.obj for page in self.pdf.pages}
        seen: set[tuple] = set()

        def walk(element: pikepdf.Object) -> None:
            kind = str(element.S)
            self.hold(kind != "/Figure" or "/Alt" in element, "a figure without words")
            self.hold(kind != "/TH" or "/Scope" in element.get("/A", {}), "a header cell without a scope")
            kids = element.get("/K", [])
            for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") != "/MCR":
                    self.hold(kid.P.objgen == element.objgen, f"{kid.S} has another parent")
                    walk(kid)
                    continue
                is_reference = isinstance(kid, pikepdf.Dictionary)
                page = (kid if is_reference else element).Pg
                mark = int(kid.MCID if is_reference else kid)
                owner = parents[int(pages[page.objgen].StructParents)][mark]
                self.hold(owner.objgen == element.objgen, f"mark {mark} belongs to another element")
                seen.add((page.objgen, mark, kind))

        walk(root.StructTreeRoot.K)
        for page in self.pdf.pages:
            self.marks(page, seen)

    def marks(self, page: pikepdf.Page, seen: set[tuple]) -> None:
        """All that paints is within a mark of the structure or an artifact."""
        painting = {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "Tj", "TJ", "'", '"', "EI"}
        depth = 0
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BDC", "BMC"):
                depth += 1
                self.hold(depth == 1, "a mark within a mark")
                if name == "BDC":
                    mark = (page.objgen, int(operands[1].MCID), str(operands[0]))
                    self.hold(mark in seen, f"{mark} isn't in the structure")
                    seen.discard(mark)
                else:
                    self.hold(str(operands[0]) == "/Artifact", f"a mark of {operands[0]}")
            elif name == "EMC":
                depth -= 1
            elif name in painting:
                self.hold(depth == 1, f"{name} outside of marks")
        self.hold(depth == 0, "marks that don't end")
        self.hold(not any(mark[0] == page.objgen for mark in seen), "the structure has marks that the page lacks")


def main() -> int:
    status = 0
    for name in sys.argv[1:]:
        for wrong in Checker(Path(name)).check():
            print(f"{name}: {wrong}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
