"""Writes what the fuzzers start from: well-formed inputs and odd ones, made here byte by byte.

    fuzz/corpus.py FOLDER

FOLDER/<target>/ gets a file for each. A target's inputs come from the function with its name in SEEDS; a target
without one starts from nothing. The coded pictures are those of the unit tests, and where pydicom-data is installed
its smaller files are taken as well.
"""

import base64
import hashlib
import io
import json
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = ROOT / "engine/Tests/ImageDecodingTests/Fixtures.swift"
LARGEST = 60_000


def fixtures() -> dict[str, bytes]:
    """The small encoded pictures of the unit tests, by name."""
    source = FIXTURES.read_text(encoding="utf-8")
    return {
        name: base64.b64decode("".join(text.split()))
        for name, text in re.findall(r'static let (\w+) = bytes\(\s*"""(.*?)"""', source, re.DOTALL)
    }


# Forms. An input is a byte that says how to cut, the content type, a line feed, the body.

FORM = "multipart/form-data; boundary="


def part(name: str, data: str = "data", more: str = "") -> str:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{data}\r\n'


def multipart() -> Iterator[bytes]:
    end = "--b--\r\n"
    long = "b" * 70
    file = '; filename="a \\"b\\".png"\r\nContent-Type: image/png'
    bodies = [
        part("file", "one\r\n--x\r\n-", file) + part("other", "") + end + "after",
        "before\r\n" + part("file", "\r\n--\r\n--b_\r\n", file) + end,
        part("a") + part("a") + end,
        part("%22%0D%0A", "x", '; filename="C:\\\\x\\\\y.dcm"') + end,
        part("a", "x", "; filename=a; filename=b") + end,
        part("") + end,
        '--b\r\nContent-Disposition: form-data; name="a"\r\n--b--',
        '--b\r\nContent-Disposition form-data\r\n\r\nx\r\n' + end,
        "--b\nContent-Disposition: form-data; name=a\n\nx\n--b--",
        part("a\0b") + end,
        part("a", "x", "\r\nContent-Type: multipart/mixed; boundary=c") + end,
        part("a", "--c\r\nX: y\r\n\r\nz\r\n--c--") + end,
        part("a", "\r\n\r\n--" + "b" * 3) + end,
        part("a", "x", "\r\nContent-Transfer-Encoding: base64") + end,
        part("a", "x", "\r\nX-Long: " + "y" * 9000) + end,
        "".join(part(str(number), "") for number in range(70)) + end,
        "--b \t \r\nContent-Disposition: form-data; name=bare\r\n\r\n\r\n--b-- \t",
        part("a") + "--b",
        "--b--\r\n",
        "",
    ]
    for number, body in enumerate(bodies):
        yield bytes([number * 13 % 256]) + f"{FORM}b\n{body}".encode()
    yield b"\0" + f"{FORM}{long}\n{part('a')}{end}".replace("--b", f"--{long}").encode()
    for header in ('"a b:c"', "b; boundary=c", "", '"b', "b" * 71, "=_a/b", "b; charset=utf-8"):
        yield b"\5" + f"{FORM}{header}\n{part('a')}{end}".encode()


# Pictures


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, depth: int, colour: int, *extra: bytes, interlaced: bool = False) -> bytes:
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    row = (width * channels * depth + 7) // 8
    if interlaced:
        rows = b""
        for left, top, across, down in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4),
                                        (1, 0, 2, 2), (0, 1, 1, 2)):
            columns, lines = len(range(left, width, across)), len(range(top, height, down))
            rows += (b"\1" + b"\x11" * ((columns * channels * depth + 7) // 8)) * lines if columns else b""
    else:
        rows = b"".join(bytes([line % 5]) + bytes((line * 7 + place) % 256 for place in range(row))
                        for line in range(height))
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    palette = chunk(b"PLTE", bytes(range(48))) if colour == 3 else b""
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(extra) + palette
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def tiff(order: str, pages: list[dict[int, int]], big: bool = False) -> bytes:
    """Pages of 8 by 6 pixels without compression; the tags of each page are added to what it needs."""
    offset, count, entry = ("Q", "Q", 20) if big else ("I", "H", 12)
    mark = b"II" if order == "<" else b"MM"
    head = mark + struct.pack(order + "HHHQ", 43, 8, 0, 16) if big else mark + struct.pack(order + "HI", 42, 8)
    out = bytearray(head)
    for number, tags in enumerate(pages):
        samples, bits = tags.get(277, 1), tags.get(258, 8)
        data = bytes((place * 5) % 256 for place in range((8 * bits * samples + 7) // 8 * 6))
        tags = {256: 8, 257: 6, 258: bits, 259: 1, 262: 1, 277: samples, 278: 6, 279: len(data)} | tags
        start = len(out) + struct.calcsize(order + count) + (len(tags) + 1) * entry + struct.calcsize(order + offset)
        tags[273] = start
        out += struct.pack(order + count, len(tags))
        for tag, value in sorted(tags.items()):
            # The value is left-justified in its field.
            short = tag not in (273, 279)
            packed = struct.pack(order + ("H" if short else "I"), value).ljust(8 if big else 4, b"\0")
            out += struct.pack(order + "HH" + offset, tag, 3 if short else 4, 1) + packed
        out += struct.pack(order + offset, start + len(data) if number + 1 < len(pages) else 0) + data
    return bytes(out)


def exif(orientation: int) -> bytes:
    return b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 274, 3, 1, orientation, 0, 0)


def pictures() -> Iterator[bytes]:
    for depth, colour in ((1, 0), (2, 0), (4, 0), (8, 0), (16, 0), (8, 2), (16, 2), (4, 3), (8, 4), (16, 4), (8, 6), (16, 6)):
        yield png(9, 7, depth, colour)
    yield png(9, 7, 8, 2, interlaced=True)
    yield png(9, 7, 8, 0, chunk(b"eXIf", exif(6)), chunk(b"gAMA", struct.pack(">I", 45455)), chunk(b"tEXt", b"a\0b"))
    yield png(9, 7, 8, 2, chunk(b"tRNS", bytes(6)))
    yield png(9, 7, 8, 0)[:-20]
    yield png(1, 1, 8, 0).replace(struct.pack(">II", 1, 1), struct.pack(">II", 1 << 31, 1 << 31))
    for order in "<>":
        for big in (False, True):
            yield tiff(order, [{}, {274: 6}], big)
        for bits in (1, 2, 4, 16, 32):
            yield tiff(order, [{258: bits}])
    yield tiff("<", [{262: 0}])
    yield tiff("<", [{262: 2, 277: 3}])
    yield tiff("<", [{262: 5, 277: 4}])
    yield tiff("<", [{322: 16, 323: 16}])
    yield tiff("<", [{339: 3, 258: 32}])
    yield from (data for name, data in fixtures().items() if not name.startswith("coded"))
    grey = fixtures()["jpegGrey"]
    yield grey[:2] + b"\xff\xe1" + struct.pack(">H", 2 + 6 + len(exif(8))) + b"Exif\0\0" + exif(8) + grey[2:]
    for beginning in (b"%PDF-1.7", b"GIF89a", b"BM", b"PK\3\4", b"\0\0\0\x18ftypheic", b"<svg>", b"\xff\x4f\xff\x51"):
        yield beginning + bytes(64)
    yield dicom_file(image() + [pixels()])
    yield b"II*\0" + dicom_file(image() + [pixels()])[4:]


def image_seeds() -> Iterator[bytes]:
    for number, picture in enumerate(pictures()):
        yield bytes([number % 7 == 6]) + picture


# DICOM

EXPLICIT, IMPLICIT, BIG = "explicit", "implicit", "big"
Element = tuple[int, str, object]


def element(tag: int, vr: str, value: object, encoding: str) -> bytes:
    """One element. The value is text, numbers of 16 bits, bytes, items (lists of elements) or fragments (a tuple)."""
    order = ">" if encoding == BIG else "<"
    undefined = False

    def item(body: bytes) -> bytes:
        return struct.pack(order + "HHI", 0xFFFE, 0xE000, len(body)) + body

    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, tuple):
        undefined = True
        body = b"".join(item(piece + bytes(len(piece) % 2)) for piece in value)
    elif isinstance(value, list) and value and isinstance(value[0], list):
        undefined = len(value) > 1
        body = b"".join(item(elements(inner, encoding)) for inner in value)
    elif isinstance(value, list):
        body = b"".join(struct.pack(order + "H", number & 0xFFFF) for number in value)
    else:
        body = bytes(value) + (b"\0" if vr in ("UI", "OB") else b" ") * (len(value) % 2)
    if undefined:
        body += struct.pack(order + "HHI", 0xFFFE, 0xE0DD, 0)
    length = 0xFFFFFFFF if undefined else len(body)
    head = struct.pack(order + "HH", tag >> 16, tag & 0xFFFF)
    if encoding == IMPLICIT:
        return head + struct.pack("<I", length) + body
    if vr in ("OB", "OW", "SQ", "UN", "UT"):
        return head + vr.encode() + b"\0\0" + struct.pack(order + "I", length) + body
    return head + vr.encode() + struct.pack(order + "H", length) + body


def elements(wanted: list[Element], encoding: str = EXPLICIT) -> bytes:
    return b"".join(element(*one, encoding) for one in sorted(wanted, key=lambda one: one[0]))


def meta(syntax: str) -> bytes:
    group = elements([(0x00020001, "OB", b"\0\1"), (0x00020010, "UI", syntax)])
    return elements([(0x00020000, "UL", struct.pack("<I", len(group)))]) + group


def dicom_file(wanted: list[Element], syntax: str = "1.2.840.10008.1.2.1", encoding: str = EXPLICIT) -> bytes:
    return bytes(128) + b"DICM" + meta(syntax) + elements(wanted, encoding)


def image(rows: int = 6, columns: int = 8, allocated: int = 16, stored: int = 12, signed: int = 0, frames: int = 1,
          photometric: str = "MONOCHROME2") -> list[Element]:
    return [
        (0x00080005, "CS", "ISO_IR 192"), (0x00080060, "CS", "DX"), (0x00100010, "PN", "Müller^Žofie"),
        (0x00100020, "LO", "1"), (0x00180015, "CS", "CHEST"), (0x00185101, "CS", "PA"), (0x00280002, "US", [1]),
        (0x00280004, "CS", photometric), (0x00280008, "IS", str(frames)), (0x00280010, "US", [rows]),
        (0x00280011, "US", [columns]), (0x00280100, "US", [allocated]), (0x00280101, "US", [stored]),
        (0x00280102, "US", [stored - 1]), (0x00280103, "US", [signed]),
    ]


def pixels(samples: int = 48) -> Element:
    return (0x7FE00010, "OW", [number * 83 for number in range(samples)])


def run_length(data: bytes) -> bytes:
    """Literal runs of one segment for each byte of a sample, most significant first."""
    segments = []
    for place in (1, 0):
        plane = data[place::2]
        segments.append(b"".join(bytes([len(plane[start:start + 100]) - 1]) + plane[start:start + 100]
                                 for start in range(0, len(plane), 100)))
    offsets = [64, 64 + len(segments[0])]
    return struct.pack("<3I", 2, *offsets).ljust(64, b"\0") + b"".join(segments)


def dicom_objects() -> Iterator[bytes]:
    window: list[Element] = [(0x00281050, "DS", "2048\\40"), (0x00281051, "DS", "4096\\80")]
    table: list[Element] = [(0x00283002, "US", [4, 100, 8]), (0x00283006, "OW", [0, 51, 204, 255])]
    yield dicom_file(image() + window + [pixels()])
    yield dicom_file(image(frames=2) + [pixels(96)])
    yield dicom_file(image(signed=1, photometric="MONOCHROME1") + window + [
        (0x00281056, "CS", "SIGMOID"), (0x00281052, "DS", "-1024"), (0x00281053, "DS", "1.5"),
        (0x00280120, "SS", [-2000]), (0x00280121, "SS", [-1000]), (0x20500020, "CS", "INVERSE"), pixels()])
    yield dicom_file(image() + [(0x00283000, "SQ", [table]), (0x00283010, "SQ", [table, table]), pixels()])
    yield dicom_file(image(frames=2) + [
        (0x52009229, "SQ", [[(0x00289145, "SQ", [[(0x00281052, "DS", "1"), (0x00281053, "DS", "2")]])]]),
        (0x52009230, "SQ", [[(0x00289132, "SQ", [window])], [(0x00289132, "SQ", [window])]]), pixels(96)])
    yield dicom_file(image() + [pixels()], "1.2.840.10008.1.2", IMPLICIT)
    yield dicom_file(image() + [pixels()], "1.2.840.10008.1.2.2", BIG)
    for allocated, samples in ((1, 3), (8, 24), (32, 96)):
        yield dicom_file(image(allocated=allocated, stored=allocated) + [pixels(samples)])
    packer = zlib.compressobj(wbits=-15)
    deflated = packer.compress(elements(image() + [pixels()])) + packer.flush()
    yield bytes(128) + b"DICM" + meta("1.2.840.10008.1.2.1.99") + deflated
    run = run_length(struct.pack("<48H", *(number * 83 for number in range(48))))
    yield dicom_file(image() + [(0x7FE00010, "OB", (b"", run))], "1.2.840.10008.1.2.5")
    yield dicom_file(image(frames=2) + [(0x7FE00010, "OB", (struct.pack("<II", 0, 8 + len(run)), run, run))],
                     "1.2.840.10008.1.2.5")
    coded = fixtures()
    for name, syntax, bits in (
        ("codedLossless16", "4.70", 16), ("codedLossless8", "4.57", 8), ("codedExtended12", "4.51", 12),
        ("jpegGrey", "4.50", 8), ("codedLS16", "4.80", 16), ("codedLSNear", "4.81", 8), ("coded2000", "4.90", 16),
        ("coded2000InBoxes", "4.91", 16),
    ):
        stream = coded[name]
        allocated = 16 if bits > 8 else 8
        described = image(12, 16, allocated, bits)
        yield dicom_file(described + [(0x7FE00010, "OB", (b"", stream))], f"1.2.840.10008.1.2.{syntax}")
        half = len(stream) // 2 & ~1
        yield dicom_file(described + [(0x7FE00010, "OB", (b"", stream[:half], stream[half:]))],
                         f"1.2.840.10008.1.2.{syntax}")
    for charset in ("ISO_IR 100", "\\ISO 2022 IR 87", "ISO_IR 144", "ISO_IR 166", "ISO_IR 13"):
        yield dicom_file([(0x00080005, "CS", charset) if one[0] == 0x00080005 else one for one in image()]
                         + [(0x00081030, "LO", b"\x1b$B;3ED\x1b(B=\xe4\xf6^x"), pixels()])
    deep: list[Element] = [(0x00081140, "SQ", [[], []])]
    for _ in range(20):
        deep = [(0x00081140, "SQ", [deep, []])]
    yield dicom_file(deep + image() + [pixels()])


def dicom() -> Iterator[bytes]:
    for file in dicom_objects():
        yield b"\1" + file[132:]
        yield b"\2" + file[132:]
    for file in sorted(ROOT.glob(".venv/lib/python3*/site-packages/data_store/data/*.dcm")):
        if file.stat().st_size <= LARGEST:
            data = file.read_bytes()
            yield b"\1" + data[132:] if data[128:132] == b"DICM" else b"\0" + data


# Frames between server and worker. An input is a byte of choices and the frame.


def frame(message: object, attachments: dict[str, bytes] | None = None) -> bytes:
    envelope: dict[str, object] = {"message": message}
    if attachments:
        envelope["attachments"] = [{"name": name, "length": len(data)} for name, data in attachments.items()]
    text = json.dumps(envelope).encode()
    data = b"".join((attachments or {}).values())
    return struct.pack("<II", len(text), len(data)) + text + data


def packed(*numbers: float) -> str:
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()


def protocol() -> Iterator[bytes]:
    limits = {"maxBytes": 104857600, "maxPixels": 64000000, "maxEdge": 16384, "minEdge": 64}
    adjustment = {"turn": 90, "mirror": True, "invert": False}
    asked = {"id": 7, "limits": limits}
    requests = {
        "inspect": asked | {"previewEdges": [320, 800]}, "preview": asked | {"edge": 320},
        "rendition": asked | {"frame": 0, "adjustment": adjustment, "edge": 800}, "samples": asked | {"frame": 0},
        "analyse": asked | {"frame": 0, "adjustment": adjustment},
        "heatMap": {"id": 7, "activation": {"headID": "x", "columns": 2, "rows": 1, "values": [0.25, 3e38]}, "width": 640,
                    "height": 480, "longestEdge": 384},
        "encode": {"id": 1}, "readText": asked | {"frame": 0}, "deidentify": asked,
    }
    inspection = {"format": "png", "width": 640, "height": 480, "bitsPerSample": 8, "channels": 1, "frames": 1}
    measured = {"width": 640, "height": 480, "mean": 0.5, "contrast": 0.7, "clippedLow": 0, "clippedHigh": 0.01,
                "colourfulness": 0}
    output = {"inspection": inspection, "measurements": measured, "logits": [0.5, -1e-7],
              "activations": [{"headID": "x", "columns": 2, "rows": 1, "values": packed(0.25, 3e38)}], "modelID": "m",
              "modelVersion": "1", "modelSHA256": "00", "preprocessingSHA256": "ff", "milliseconds": {"decoding": 1.5}}
    line = {"text": "L", "confidence": 0.9, "x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1}
    replies = {
        "ready": {"_0": {"modelID": "m", "modelVersion": "1", "modelSHA256": "00", "preprocessingSHA256": "ff",
                         "library": "2026", "startMilliseconds": 12.5}},
        "progress": {"id": 7, "step": "decoding"}, "inspected": {"id": 7, "inspection": inspection},
        "previewed": {"id": 7}, "rendered": {"id": 7}, "piece": {"id": 7}, "sampled": {"id": 7},
        "analysed": {"id": 7, "output": output}, "encoded": {"id": 7, "vector": packed(0.1, -0.2)},
        "textRead": {"id": 7, "text": {"lines": [line], "sideMarkers": [line], "milliseconds": 3}},
        "failed": {"id": 0, "code": "cannot-start", "message": "x"},
    }
    for kind, body in requests.items():
        yield b"\1" + frame({kind: body})
    for kind, body in replies.items():
        yield b"\3" + frame({kind: body}, {"preview": b"\xff\xd8\xff", "heatmap/x": b"\x89PNG"})
        yield b"\2" + frame({kind: body})
    yield b"\3" + frame({"previewed": {"id": 1}}, {"bytes": bytes(5000)})
    yield b"\2" + struct.pack("<II", 9, 0) + b'{"message'
    yield b"\3" + frame({"previewed": {"id": 1}}) + b"more"
    yield b"\2" + struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF) + b"{}"
    yield b"\2" + frame({"previewed": {"id": 1}}).replace(b"}}", b'}, "attachments": [{"name": "a", "length": -1}]}')
    yield b"\2" + struct.pack("<II", 5000, 0) + b"[" * 5000


# Archives


def archive() -> Iterator[bytes]:
    def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as file:
            file.comment = comment
            for name, data in files.items():
                file.writestr(zipfile.ZipInfo(name), data, method)
        return out.getvalue()

    picture = png(9, 7, 8, 0)
    plain = packed({"a.png": picture, "folder/b.dcm": dicom_file(image() + [pixels()])})
    yield plain
    yield packed({"a.png": picture, "a.png/": b"", "../../b": b"x"}, zipfile.ZIP_STORED, b"words")
    yield packed({"zeros": bytes(200_000)})
    yield packed({"bzip2": picture}, zipfile.ZIP_BZIP2)
    yield packed({"lzma": picture}, zipfile.ZIP_LZMA)
    yield packed({"__MACOSX/._a": b"x", "DICOMDIR": b"x", "Größe\u202e.png": picture, "": b""})
    yield packed({str(number): b"" for number in range(12)})
    yield packed({"inner.zip": plain})
    yield packed({})
    yield plain[:-10]
    yield plain.replace(b"PK\1\2", b"PK\1\3", 1)
    # General purpose bit 0: encrypted, in the directory and in the local header.
    place = plain.index(b"PK\1\2")
    yield plain[:6] + b"\1" + plain[7:place + 8] + b"\1" + plain[place + 9:]


# Headers of resumable uploads. An input is a byte that says which header, and the header.


def tus() -> Iterator[bytes]:
    for number in ("0", "104857600", "999999999999999999", "9999999999999999999", "-1", "+1", "٣", " 1", ""):
        yield b"\0" + number.encode()
    name = base64.b64encode("Thorax größer.dcm".encode()).decode()
    for metadata in (
        f"filename {name},filetype YXBwbGljYXRpb24vZGljb20=", "is_confidential", f"filename {name},filename {name}",
        "a ,b", ",", "a YQ=", "a YR==", "a  YQ==", "filename ====", ",".join(f"k{number} YQ==" for number in range(40)),
    ):
        yield b"\1" + metadata.encode()
    for kind in ("sha1", "sha256", "md5"):
        digest = base64.b64encode(hashlib.new(kind, b"x", usedforsecurity=False).digest())
        yield b"\2" + kind.encode() + b" " + digest
        yield b"\2" + kind.upper().encode() + b"  " + digest[:-1]
        yield b"\2" + kind.encode() + b" " + digest + b" " * 300 + b"x"
    yield b"\2crc32 AAAAAA=="


SEEDS = {"multipart": multipart, "image": image_seeds, "dicom": dicom, "protocol": protocol, "tus": tus,
         "archive": archive}


def write(folder: Path) -> None:
    """Writes the inputs of every target; each file is named after its content."""
    for target, seeds in SEEDS.items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for seed in seeds():
            (folder / target / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
