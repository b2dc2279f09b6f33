"""Holds the picture decoder against Pillow: time from a file's bytes to a model's input, and memory of a preview.

    bench/decode.py BENCH [--rounds N] [--edge N] [--keep FOLDER] [--json FILE]

BENCH is the built `picture-bench`. The pictures are drawn here, the same in every run. Both sides decode in a process
that is already running, one after the other in each round, and each decodes every picture once before it counts.
Prints Markdown tables of medians. A ratio of time is Pillow's by ours (more is better), one of memory ours by Pillow's
(less is better).

Needs Pillow and numpy, which the product doesn't.
"""

import argparse
import io
import json
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

import numpy
import PIL
from PIL import Image, features

ROOT = Path(__file__).resolve().parents[1]
Image.MAX_IMAGE_PIXELS = None


def film(width: int, height: int, seed: int = 7) -> numpy.ndarray:
    """A body with two dark fields, ribs, and the grain of a film."""
    random = numpy.random.default_rng(seed)
    grey = numpy.empty((height, width), numpy.uint8)
    u = (numpy.arange(width, dtype=numpy.float32) + 0.5) / width
    for top in range(0, height, 256):
        v = ((numpy.arange(top, min(height, top + 256), dtype=numpy.float32) + 0.5) / height)[:, None]
        band = 150 + 60 * numpy.sin(3 * u) * numpy.cos(2 * v)
        for centre in (0.3, 0.7):
            band = band - 110 * numpy.exp(-((((u - centre) / 0.17) ** 2 + ((v - 0.47) / 0.33) ** 2) ** 2))
        for rib in range(12):
            band = band + 14 * numpy.exp(-(((v - 0.1 - 0.065 * rib - 0.25 * (u - 0.5) ** 2) / 0.012) ** 2))
        band = band + random.normal(0, 3, band.shape).astype(numpy.float32)
        grey[top : top + 256] = numpy.clip(band, 0, 255)
    return grey


def tinted(grey: numpy.ndarray) -> numpy.ndarray:
    """The same as a photograph of it would have it, in RGB."""
    colours = numpy.empty((*grey.shape, 3), numpy.uint8)
    for channel, (scale, shift) in enumerate(((1, 0), (0.98, 0), (0.95, 5))):
        for top in range(0, len(grey), 256):
            colours[top : top + 256, :, channel] = numpy.clip(grey[top : top + 256] * scale + shift, 0, 255)
    return colours


def write_tiff(file: Path, pixels: numpy.ndarray, tile: int | None, compress: bool) -> None:
    """TIFF 6.0 in tiles, or in strips of 16 rows; Pillow writes no tiles."""
    height, width = pixels.shape[:2]
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    across, down = (tile, tile) if tile else (width, 16)
    blocks = []
    with file.open("wb") as out:
        out.write(b"II*\0\0\0\0\0")
        for top in range(0, height, down):
            for left in range(0, width, across):
                block = pixels[top : top + down, left : left + across]
                if tile:
                    whole = numpy.zeros((tile, tile, *pixels.shape[2:]), numpy.uint8)
                    whole[: block.shape[0], : block.shape[1]] = block
                    block = whole
                encoded = zlib.compress(block.tobytes(), 1) if compress else block.tobytes()
                blocks.append((out.tell(), len(encoded)))
                out.write(encoded)
        offsets, lengths = ([block[part] for block in blocks] for part in (0, 1))
        size = [(322, 4, [across]), (323, 4, [down])] if tile else [(278, 4, [down])]
        where = (324, 325) if tile else (273, 279)
        entries = sorted(
            [(256, 4, [width]), (257, 4, [height]), (258, 3, [8] * channels), (259, 3, [8 if compress else 1])]
            + [(262, 3, [2 if channels == 3 else 1]), (277, 3, [channels]), (284, 3, [1])]
            + [(where[0], 4, offsets), (where[1], 4, lengths), *size]
        )
        fields = b""
        for tag, kind, values in entries:
            value = struct.pack(f"<{len(values)}{'H' if kind == 3 else 'I'}", *values)
            if len(value) > 4:
                place = out.tell()
                out.write(value)
                value = struct.pack("<I", place)
            fields += struct.pack("<HHI", tag, kind, len(values)) + value.ljust(4, b"\0")
        directory = out.tell() + out.tell() % 2
        out.seek(directory)
        out.write(struct.pack("<H", len(entries)) + fields + bytes(4))
        out.seek(4)
        out.write(struct.pack("<I", directory))


def draw(folder: Path) -> tuple[list[Path], list[Path]]:
    """Writes what is timed, and what is weighed."""
    timed = []
    grey = film(2000, 2400)
    for name, pixels in (("grey", grey), ("rgb", tinted(grey))):
        for ending, options in (("jpg", {"quality": 92}), ("png", {})):
            timed.append(folder / f"{name}.{ending}")
            Image.fromarray(pixels).save(timed[-1], **options)
    large = film(10000, 10000)
    weighed = []
    for name, pixels in (("grey", large), ("rgb", tinted(large))):
        for kind, tile in (("strips", None), ("tiles", 256)):
            for ending, compress in (("", False), ("-deflate", True)):
                weighed.append(folder / f"{name}-{kind}{ending}.tiff")
                write_tiff(weighed[-1], pixels, tile, compress)
    return timed, weighed


class Ours:
    def __init__(self, program: Path) -> None:
        self.process = subprocess.Popen(
            [program, ROOT / "models/chest-xray/manifest.json"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, *words: object) -> list[float]:
        print(*words, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer or answer.startswith("failed"):
            raise RuntimeError(f"{words}: {answer.strip() or 'picture-bench ended'}")
        return [float(word) for word in answer.split()]


def tensor(encoded: bytes, edge: int) -> numpy.ndarray:
    picture = Image.open(io.BytesIO(encoded))
    picture.draft("L", (edge, edge))
    small = picture.convert("L").resize((edge, edge), Image.Resampling.BILINEAR)
    return numpy.asarray(small).astype(numpy.float32)


def timed_by_pillow(file: Path, edge: int) -> list[float]:
    """Milliseconds, those of them on a processor, and the mean of the result."""
    encoded = file.read_bytes()
    started, started_processor = time.perf_counter(), time.process_time()
    pixels = tensor(encoded, edge)
    elapsed, processor = time.perf_counter() - started, time.process_time() - started_processor
    return [elapsed * 1000, processor * 1000, float(pixels.mean())]


# Run alone, so that nothing else of this program counts. What is resident before is not counted on either side.
WEIGH = """
import io, sys
from PIL import Image
Image.MAX_IMAGE_PIXELS = None
def number(name):
    for line in open("/proc/self/status"):
        if line.startswith(name + ":"):
            return int(line.split()[1])
Image.new("L", (64, 64)).resize((8, 8), Image.BILINEAR).save(io.BytesIO(), "JPEG")
Image.preinit()
before = number("VmRSS")
open("/proc/self/clear_refs", "w").write("5")
picture = Image.open(sys.argv[1])
if picture.mode != "L":
    picture = picture.convert("L")
edge = int(sys.argv[2])
scale = edge / max(picture.size)
small = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.BILINEAR)
out = io.BytesIO()
small.save(out, "JPEG", quality=85)
peak = number("VmHWM")
print(peak - before, peak, len(out.getvalue()))
"""


def weighed_by_pillow(file: Path, edge: int) -> list[float]:
    answer = subprocess.run([sys.executable, "-c", WEIGH, file, str(edge)], capture_output=True, text=True, check=True)
    return [float(word) for word in answer.stdout.split()]


def time_all(program: Path, files: list[Path], edge: int, rounds: int) -> dict[str, dict[str, list[float]]]:
    """Milliseconds of both sides, by picture."""
    ours = Ours(program)
    told = {}
    print(f"Bytes to a tensor of {edge} x {edge}, medians of {rounds} rounds, milliseconds (on a processor)\n")
    print("| picture | here | Pillow | ratio | ratio on a processor | means |\n| --- | --- | --- | --- | --- | --- |")
    for file in files:
        ours.ask("tensor", file, edge)
        timed_by_pillow(file, edge)
        pairs = [(ours.ask("tensor", file, edge), timed_by_pillow(file, edge)) for _ in range(rounds)]
        told[file.name] = {name: [pair[side][0] for pair in pairs] for side, name in enumerate(("here", "pillow"))}
        here, there = ([statistics.median(pair[side][value] for pair in pairs) for value in range(3)] for side in (0, 1))
        print(
            f"| {file.name} | {here[0]:.1f} ({here[1]:.1f}) | {there[0]:.1f} ({there[1]:.1f}) "
            f"| {there[0] / here[0]:.2f} | {there[1] / here[1]:.2f} | {here[2]:.2f}, {there[2]:.2f} |",
            flush=True,
        )
    return told


def weigh_all(program: Path, files: list[Path], edge: int, rounds: int) -> dict[str, dict[str, list[float]]]:
    """MiB of both sides, by picture."""
    told = {}
    print(f"\nMost memory for a preview of {edge} pixels of 100 megapixels, MiB beyond what a process has before (in all)\n")
    print("| picture | file | here | Pillow | ratio |\n| --- | --- | --- | --- | --- |")
    for file in files:
        here, there = [], []
        for _ in range(rounds):
            # A process that has decoded one picture already, as a worker has.
            ours = Ours(program)
            ours.ask("preview", file.parent / "grey.png", edge)
            here.append(ours.ask("preview", file, edge))
            ours.process.stdin.close()
            ours.process.wait()
            there.append(weighed_by_pillow(file, edge))
        told[file.name] = {
            name: [answer[0] / 1024 for answer in answers] for name, answers in (("here", here), ("pillow", there))
        }
        one, other = (
            [statistics.median(answer[value] for answer in answers) / 1024 for value in range(2)]
            for answers in (here, there)
        )
        print(
            f"| {file.name} | {file.stat().st_size >> 20} | {one[0]:.1f} ({one[1]:.1f}) "
            f"| {other[0]:.1f} ({other[1]:.1f}) | {one[0] / other[0]:.2f} |",
            flush=True,
        )
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bench", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--edge", type=int, default=512)
    parser.add_argument("--preview", type=int, default=800)
    parser.add_argument("--keep", type=Path, help="a folder that the pictures stay in and are taken from")
    parser.add_argument("--only", choices=("time", "memory"))
    parser.add_argument("--json", type=Path, help="also writes the numbers there")
    arguments = parser.parse_args()
    versions = ", ".join(f"{name} {features.version(name)}" for name in ("libjpeg_turbo", "zlib_ng", "libtiff"))
    print(f"Pillow {PIL.__version__} ({versions})\n")
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary)
        folder.mkdir(exist_ok=True)
        timed, weighed = draw(folder) if not any(folder.iterdir()) else (
            sorted(folder.glob("*.jpg")) + sorted(folder.glob("*.png")), sorted(folder.glob("*.tiff"))
        )
        told: dict[str, object] = {"version": PIL.__version__}
        if arguments.only != "memory":
            told["time"] = time_all(arguments.bench, timed, arguments.edge, arguments.rounds)
        if arguments.only != "time":
            told["memory"] = weigh_all(arguments.bench, weighed, arguments.preview, arguments.rounds)
        if arguments.json:
            arguments.json.write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
