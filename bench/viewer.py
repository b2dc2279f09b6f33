"""Measures how smoothly the viewer follows the hand, in a real Chromium without a graphics card.

    .venv-test/bin/python bench/viewer.py [--edge PIXELS] [--bits N] [--seconds S] [--keep FOLDER] [--json FILE] [BUILT_PAGE]

Builds the page (or takes BUILT_PAGE, a folder that web/scripts/build.sh made), serves it on loopback with a generated film,
and drags: pan, zoom by the wheel, window and level, and all that with a heat map over the film. Prints a Markdown table of
the times between frames, of the scripting in a frame, of the processor's time that all of Chromium's processes spend for a
frame, and of dropped frames: those that took longer than 1.5 times 1/60 s. The processor's time says what a frame costs also
where other programs are busy; then frames are late although nothing here is slow. --keep saves pictures of the page.
"""

import argparse
import array
import gzip
import json
import math
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/journeys"))

from playwright.sync_api import sync_playwright  # noqa: E402

from browser import chromium  # noqa: E402

FRAME_MS = 1000 / 60
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
# The page's own policy, so that what is measured is what runs.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self';"
    " font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'"
)


def png(width: int, height: int, channels: int, rows) -> bytes:
    """A PNG of 8 bits a channel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, {1: 0, 4: 6}[channels], 0, 0, 0)
    lines = b"".join(b"\0" + row for row in rows)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines, 6)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def bump(x: float, y: float, cx: float, cy: float, rx: float, ry: float) -> float:
    return math.exp(-1.6 * (((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2))


def brightness(x: float, y: float) -> float:
    """Two dark lungs, a heart, ribs; 0...1 for x and y from 0 to 1."""
    grey = 60 + 120 * bump(x, y, 0.5, 0.6, 0.55, 0.7)
    grey -= 130 * (bump(x, y, 0.3, 0.47, 0.17, 0.33) + bump(x, y, 0.7, 0.47, 0.17, 0.33))
    grey += 70 * bump(x, y, 0.54, 0.66, 0.13, 0.16) + 60 * bump(x, y, 0.5, 0.4, 0.05, 0.5)
    grey += 10 * math.sin(y * 60 + abs(x - 0.5) * 14)
    return min(1.0, max(0.0, grey / 255))


def film(edge: int, bits: int) -> tuple[bytes, bytes]:
    """The samples as the API gives them (gzip), and a preview. Drawn small, and enlarged by repeating."""
    small = 256
    grid = [[brightness(x / small, y / small) for x in range(small)] for y in range(small)]
    preview = png(
        small * 3,
        small * 3,
        1,
        (bytes(round(grid[y // 3][x // 3] * 255) for x in range(small * 3)) for y in range(small * 3)),
    )
    maximum = (1 << bits) - 1
    windows = [
        {"name": "NORMAL", "center": maximum / 2, "width": maximum},
        {"name": "HARDER", "center": maximum * 0.45, "width": maximum / 2},
    ]
    told = {
        "width": edge,
        "height": edge,
        "bitsPerSample": bits,
        "bytesPerSample": 2,
        "maximum": maximum,
        "windows": windows,
    }
    text = json.dumps(told).encode()
    text += b" " * (-len(text) % 4)
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    parts = [packer.compress(struct.pack("<I", len(text)) + text)]
    at = [min(small - 1, x * small // edge) for x in range(edge)]
    for y in range(edge):
        row = grid[min(small - 1, y * small // edge)]
        values = [round(value * maximum * 0.9) for value in row]
        # A little noise that no compression of the browser could leave out.
        parts.append(
            packer.compress(
                array.array("H", [min(maximum, values[at[x]] + (x * 7 + y * 13) % 11) for x in range(edge)]).tobytes()
            )
        )
    return b"".join([*parts, packer.flush()]), preview


def heat_map() -> bytes:
    def pixel(x: float, y: float) -> bytes:
        v = bump(x, y, 0.28, 0.72, 0.16, 0.14)
        if v < 0.15:
            return bytes(4)
        return bytes(
            round(max(0, min(255, channel)))
            for channel in (255 * min(1, v * 2), 255 * v * v, 60 * (1 - v), 255 * min(1, v * 1.3))
        )

    return png(384, 384, 4, (b"".join(pixel(x / 384, y / 384) for x in range(384)) for y in range(384)))


class Answers:
    """What the API says about one session with one analysed film, and an earlier one."""

    def __init__(self, edge: int, bits: int) -> None:
        self.samples, self.preview = film(edge, bits)
        self.heat = heat_map()
        now = "2026-11-23T10:00:00Z"
        upload = {
            "id": "u1",
            "fileName": "film.dcm",
            "sha256": "ab" * 32,
            "bytes": len(self.samples),
            "format": "dicom",
            "width": edge,
            "height": edge,
            "bitsPerSample": bits,
            "frames": 1,
            "capturedView": "PA",
            "createdAt": now,
            "preview": "/api/v1/uploads/u1/preview",
            "samples": "/api/v1/uploads/u1/samples",
            "dicom": {
                "patientName": "Doe^Jay",
                "studyDate": "20250304",
                "patientOrientation": "L\\F",
                "imagerPixelSpacing": [0.1, 0.1],
            },
        }
        earlier = {
            **upload,
            "id": "u2",
            "fileName": "earlier.dcm",
            "dicom": {"studyDate": "20231105"},
            "preview": "/api/v1/uploads/u2/preview",
            "samples": None,
        }
        measured = {"dataset": "made up", "images": 100}
        finding = {
            "id": "effusion",
            "name": "Pleural effusion",
            "plain": "Fluid beside the lung",
            "means": "Made up.",
            "probability": 0.31,
            "threshold": 0.045,
            "flagged": True,
            "measured": measured,
            "heatmap": "/api/v1/analyses/a1/heatmaps/effusion",
        }
        result = {
            "model": {"id": "m", "version": "1", "title": "Model", "sha256": "x", "preprocessingSha256": "y"},
            "engineVersion": "1",
            "quality": {"usable": True, "width": edge, "height": edge, "notes": []},
            "scope": {"statement": "Made up.", "notes": []},
            "findings": [finding],
            "withheld": [],
            "notChecked": ["Everything: this is a measurement"],
            "milliseconds": {},
        }
        analysis = {
            "id": "a1",
            "uploadId": "u1",
            "state": "completed",
            "progress": 1,
            "attempt": 1,
            "revision": 1,
            "detail": "Done.",
            "createdAt": now,
            "updatedAt": now,
            "result": result,
        }
        limits = {
            "maxUploadBytes": 1,
            "maxPixels": 1,
            "maxEdge": 1,
            "minEdge": 1,
            "formats": [],
            "maxUploadsPerSession": 1,
            "idleTimeoutSeconds": 1800,
            "absoluteTimeoutSeconds": 86400,
            "consentVersion": "1",
            "emergencyNumber": "112",
            "version": "0",
        }
        session = {
            "id": "s",
            "createdAt": now,
            "idleExpiresAt": "2126-01-01T00:00:00Z",
            "absoluteExpiresAt": "2126-01-01T00:00:00Z",
            "consent": {"version": "1", "acceptedAt": now},
            "intakeComplete": True,
            "uploads": 2,
            "analyses": 1,
            "reports": 0,
        }
        acuity = {"level": "routine", "reasons": [], "advice": {"title": "", "steps": []}, "emergencyNumber": "112"}
        self.told = {
            "/limits": limits,
            "/session": session,
            "/acuity": acuity,
            "/uploads": {"uploads": [upload, earlier]},
            "/uploads/u1": upload,
            "/analyses/a1": analysis,
            "/analyses": {"analyses": [analysis]},
            "/reports": {"reports": []},
        }

    def answer(self, path: str) -> tuple[bytes, dict[str, str]] | None:
        if path.endswith("/samples"):
            return self.samples, {"Content-Type": "application/octet-stream", "Content-Encoding": "gzip"}
        if path.endswith("/preview"):
            return self.preview, {"Content-Type": "image/png"}
        if "/heatmaps/" in path:
            return self.heat, {"Content-Type": "image/png"}
        if path in self.told:
            return json.dumps(self.told[path]).encode(), {"Content-Type": "application/json"}
        return None


def serve(page: Path, answers: Answers) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            if path.startswith("/api/v1"):
                found = answers.answer(path.removeprefix("/api/v1"))
            else:
                file = page / path.lstrip("/")
                file = file if file.is_file() else page / "index.html"
                found = file.read_bytes(), {"Content-Type": TYPES.get(file.suffix, "text/plain")}
            body, headers = found or (b"", {})
            self.send_response(200 if found else 404)
            for name, value in {**headers, "Content-Length": str(len(body)), "Content-Security-Policy": POLICY}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


# Between two frames, and in the page's own script. The scripting of a frame is the time that the callbacks of
# requestAnimationFrame and of the pointer take, which is all that the viewer does while it is dragged.
WATCH = """() => {
  const frames = [], script = [];
  let last = 0, spent = 0, on = true;
  const timed = (work) => function (...given) {
    const began = performance.now();
    try { return work.apply(this, given); } finally { spent += performance.now() - began; }
  };
  const ask = window.requestAnimationFrame.bind(window);
  if (!window.watched) {
    window.watched = true;
    window.requestAnimationFrame = (work) => ask((now) => window.timedFrame ? window.timedFrame(work)(now) : work(now));
  }
  window.timedFrame = timed;
  const tick = (now) => {
    if (!on) return;
    if (last) { frames.push(now - last); script.push(spent); }
    spent = 0;
    last = now;
    ask(tick);
  };
  ask(tick);
  window.stopWatching = () => { on = false; window.timedFrame = null; return { frames, script }; };
}"""

# Moves the hand from inside the page, once a frame: playwright's own mouse is too slow for sixty moves a second.
DRAG = """([button, wheel, seconds, idle]) => new Promise((done) => {
  const stage = document.querySelector('.film-stage');
  const box = stage.getBoundingClientRect();
  const [cx, cy] = [box.left + box.width / 2, box.top + box.height / 2];
  const canvas = stage.querySelector('canvas');
  const send = (name, x, y) => canvas.dispatchEvent(new PointerEvent(name, {
    bubbles: true, cancelable: true, pointerId: 1, pointerType: 'mouse', button, buttons: 1, clientX: x, clientY: y }));
  let began = 0;
  if (!wheel && !idle) send('pointerdown', cx, cy);
  const move = (now) => {
    began ||= now;
    const t = (now - began) / 1000;
    if (t > seconds) {
      if (!wheel) send('pointerup', cx, cy);
      return done();
    }
    if (wheel) canvas.dispatchEvent(new WheelEvent('wheel', {
      bubbles: true, cancelable: true, clientX: cx + 60, clientY: cy - 40, deltaY: Math.sin(t * 2.2) > 0 ? -14 : 14 }));
    else send('pointermove', cx + 160 * Math.sin(t * 5), cy + 120 * Math.sin(t * 3.3));
    window.setTimeout(() => requestAnimationFrame(move), 0);
  };
  requestAnimationFrame(move);
})"""


def spent(system) -> dict[str, float]:
    """Milliseconds of the processor's time, by kind of process."""
    times: dict[str, float] = {}
    for process in system.send("SystemInfo.getProcessInfo")["processInfo"]:
        times[process["type"]] = times.get(process["type"], 0) + process["cpuTime"] * 1000
    return times


# Frames in a second, by what was done.
RATES: dict[str, float] = {}


def measure(page, system, name: str, seconds: float, button: int = 0, wheel: bool = False, idle: bool = False) -> str:
    page.evaluate(WATCH)
    before = spent(system)
    page.evaluate(DRAG, [button, wheel, seconds, idle])
    seen = page.evaluate("() => window.stopWatching()")
    cost = {kind: (value - before.get(kind, 0)) / len(seen["frames"]) for kind, value in spent(system).items()}
    frames, script = seen["frames"][2:], seen["script"][2:]
    ordered = sorted(frames)
    late = sum(max(0, round(frame / FRAME_MS) - 1) for frame in frames if frame > 1.5 * FRAME_MS)
    at = lambda values, share: sorted(values)[min(len(values) - 1, int(share * len(values)))]  # noqa: E731
    RATES[name] = len(frames) / (sum(frames) / 1000)
    return (
        f"| {name} | {RATES[name]:.1f} | {statistics.median(ordered):.1f} | {at(frames, 0.95):.1f} |"
        f" {statistics.median(script):.1f} | {at(script, 0.95):.1f} | {cost.get('renderer', 0):.1f} + {sum(cost.values()) - cost.get('renderer', 0):.1f} |"
        f" {late} of {len(frames) + late} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", nargs="?", type=Path)
    parser.add_argument("--edge", type=int, default=4096)
    parser.add_argument("--bits", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--pane", type=int, default=900, help="CSS pixels along each side")
    parser.add_argument("--density", type=float, default=1)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--json", type=Path, help="also writes the frames in a second there")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        built = asked.page
        if built is None:
            built = Path(folder)
            subprocess.run(["bash", ROOT / "web/scripts/build.sh", folder], check=True, stdout=subprocess.DEVNULL)
        server = serve(built.resolve(), Answers(asked.edge, asked.bits))
        try:
            with sync_playwright() as playwright, chromium(playwright) as browser:
                run(browser, f"http://127.0.0.1:{server.server_port}", asked)
        finally:
            server.shutdown()
    if asked.json:
        asked.json.write_text(json.dumps(RATES), encoding="utf-8")


def run(browser, origin: str, asked: argparse.Namespace) -> None:
    context = browser.new_context(viewport={"width": 1400, "height": 1020}, device_scale_factor=asked.density)
    page = context.new_page()
    system = browser.new_browser_cdp_session()
    page.on(
        "console",
        lambda message: print(message.type, message.text, file=sys.stderr) if message.type == "error" else None,
    )
    page.on("pageerror", lambda error: print(error, file=sys.stderr))
    began = time.monotonic()
    page.goto(f"{origin}/analyses/a1")
    page.wait_for_selector(".film-stage img.film-covered", state="attached")
    first = time.monotonic() - began
    page.wait_for_selector(".film-stage[data-state=full]")
    full = time.monotonic() - began
    page.evaluate(
        "(edge) => { const style = (name) => document.querySelector(name).style; style('.results').display = 'block';"
        " style('.results-film').width = edge + 2 + 'px'; Object.assign(style('.film-stage'), {"
        " width: edge + 'px', height: edge + 'px', aspectRatio: 'auto', maxHeight: 'none' }); }",
        asked.pane,
    )
    page.locator(".film-stage").evaluate(
        "stage => scrollTo(0, document.querySelector('.results-film').getBoundingClientRect().top + scrollY - 4)"
    )
    page.wait_for_timeout(500)
    if asked.keep:
        page.screenshot(path=asked.keep / "viewer-fit.png")
    print(
        f"{asked.edge} x {asked.edge}, {asked.bits} bits; pane {asked.pane} x {asked.pane} at density {asked.density:g}; Chromium {browser.version};"
        f" {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
    )
    print(f"First picture after {first * 1000:.0f} ms, full depth after {full * 1000:.0f} ms.\n")
    print(
        "| drag | frames/s | median ms | 95 % ms | script median ms | script 95 % ms | processor ms: page + rest | dropped |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    print(measure(page, system, "nothing: a pointer that holds no button", asked.seconds, idle=True), flush=True)
    focus = page.get_by_role("img", name="The X-ray picture")
    for heat in ("without", "with"):
        if heat == "without":
            page.get_by_role("button", name="Hide the heat map").click()
        else:
            page.get_by_role("button", name="Heat map of Pleural effusion").click()
            page.wait_for_timeout(300)
        focus.focus()
        for zoom, keys in (("fit", "0"), ("1:1", "1"), ("4:1", "1" + "+" * 6)):
            for key in "z" + keys:
                page.keyboard.press(key)
            page.wait_for_timeout(300)
            if zoom != "fit":
                print(measure(page, system, f"pan, {zoom}, {heat} heat map", asked.seconds))
            print(measure(page, system, f"window, {zoom}, {heat} heat map", asked.seconds, button=2), flush=True)
            if asked.keep:
                page.screenshot(path=asked.keep / f"viewer-{zoom.replace(':', '-')}-{heat}.png")
        page.keyboard.press("z")
        print(measure(page, system, f"zoom, {heat} heat map", asked.seconds, wheel=True), flush=True)
    for key in "z1r":
        page.keyboard.press(key)
    print(measure(page, system, "pan, 1:1, turned, with heat map", asked.seconds))
    context.close()


if __name__ == "__main__":
    main()
