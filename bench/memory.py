"""Watches the memory of a real server while it analyses and makes reports, and draws it.

    bench/memory.py [--programs FOLDER] [--analyses N] [--reports N] [--clients N] [--out FILE.svg] [--json FILE]

Each client is a session that analyses one picture again and again, and makes reports of it; a session that is full
erases itself and begins anew. Resident memory of the server and of its workers is read from /proc after each
--every of them. It prints the numbers, and draws them to --out.

Exit status 1 where the server's memory grew by more than --bound MiB between the end of the first fifth and the end.
"""

import argparse
import concurrent.futures
import json
import os
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests/journeys"), str(ROOT / "bench")]

from latency import Client  # noqa: E402
from server import Server  # noqa: E402

MIB = 1 << 20


def resident(process: int) -> int:
    """In bytes; 0 for a process that is gone."""
    try:
        text = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    for row in text.splitlines():
        if row.startswith("VmRSS:"):
            return int(row.split()[1]) << 10
    return 0


def children(process: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{process}/task").iterdir():
        try:
            found += [int(word) for word in (task / "children").read_text(encoding="utf-8").split()]
        except OSError:
            continue
    return found


class Sampler:
    """Memory by what has been done."""

    def __init__(self, process: int, every: int) -> None:
        self.process, self.every = process, every
        self.lock = threading.Lock()
        self.done = 0
        self.samples: list[dict[str, float]] = []
        self.started = time.monotonic()

    def count(self) -> None:
        with self.lock:
            self.done += 1
            if self.done % self.every == 0:
                self.sample()

    def sample(self) -> None:
        workers = [resident(child) for child in children(self.process)]
        self.samples.append({
            "done": self.done, "seconds": round(time.monotonic() - self.started, 1),
            "server": round(resident(self.process) / MIB, 1), "workers": round(sum(workers) / MIB, 1)})


def share(server: Server, picture: Path, analyses: int, reports: int, sampler: Sampler) -> None:
    """The work of one client."""
    most = 25
    while analyses > 0 or reports > 0:
        client = Client(server.port)
        upload = client.upload(picture)["id"]
        for _ in range(most):
            if analyses <= 0 and reports <= 0:
                break
            analysis = client.analyse(upload)
            if analysis["state"] != "completed":
                raise RuntimeError(f"the analysis ended as {analysis['state']}: {analysis.get('refusal')}")
            analyses -= 1
            sampler.count()
            if reports > 0:
                report = client.call("POST", "/reports", {"analysisId": analysis["id"], "audience": "clinician"})
                while report["state"] == "making":
                    time.sleep(0.05)
                    report = client.call("GET", f"/reports/{report['id']}")
                if report["state"] != "ready":
                    raise RuntimeError(f"a report ended as {report['state']}")
                client.request("GET", f"/reports/{report['id']}/document?format=pdf", None, "")
                reports -= 1
                sampler.count()
        client.call("DELETE", "/session")


def smoothed(values: list[float]) -> float:
    """The median of a few neighbours."""
    return sorted(values)[len(values) // 2]


def growth(samples: list[dict[str, float]]) -> float:
    """MiB by which the server grew, from the end of the first fifth to the end."""
    server = [sample["server"] for sample in samples]
    first = max(1, len(server) // 5)
    window = max(1, min(5, len(server) // 5))
    return smoothed(server[-window:]) - smoothed(server[first : first + window] or server[-1:])


def drawing(samples: list[dict[str, float]], title: str) -> str:
    """An SVG: memory over what has been done, the server and all its workers together."""
    width, height, left, bottom, top, right = 720, 300, 60, 40, 40, 110
    most_x = max(sample["done"] for sample in samples)
    most_y = max(max(sample["server"], sample["workers"]) for sample in samples) * 1.15
    step = next(size for size in (10, 20, 50, 100, 200, 500, 1000, 5000) if most_y / size <= 6)

    def x(value: float) -> float:
        return left + (width - left - right) * value / most_x

    def y(value: float) -> float:
        return height - bottom - (height - bottom - top) * value / most_y

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-family="sans-serif" font-size="12">',
        f"<title>{title}</title>", f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="{left}" y="20" font-size="14">{title}</text>']
    for tick in range(0, int(most_y) + 1, step):
        parts.append(f'<path d="M{left} {y(tick):.1f}H{width - right}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick}</text>')
    for fraction in (0, 0.25, 0.5, 0.75, 1):
        place = round(most_x * fraction)
        parts.append(f'<text x="{x(place):.1f}" y="{height - bottom + 16}" text-anchor="middle">{place}</text>')
    parts.append(f'<text x="{(left + width - right) / 2}" y="{height - 6}" text-anchor="middle">analyses and reports</text>')
    parts.append(f'<text x="14" y="{height / 2}" transform="rotate(-90 14 {height / 2})" text-anchor="middle">MiB resident</text>')
    for name, colour in (("server", "#0b5cad"), ("workers", "#b5530b")):
        points = " ".join(f"{x(sample['done']):.1f},{y(sample[name]):.1f}" for sample in samples)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        last = samples[-1]
        parts.append(f'<text x="{width - right + 6}" y="{y(last[name]) + 4:.1f}" fill="{colour}">{name} {last[name]:.0f}</text>')
    return "\n".join([*parts, "</svg>\n"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=Path, help="the folder that scripts/build.sh laid out; default: the newer one")
    parser.add_argument("--analyses", type=int, default=1000)
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--bound", type=float, default=48, help="MiB that the server may grow by")
    parser.add_argument("--picture", type=Path, default=None)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if options.programs:
        os.environ["DIST"] = str(options.programs)
    from server import sample_film

    picture = options.picture or sample_film()
    with Server("bench-memory", LIGHTBOX_LOG_LEVEL="warning") as server:
        assert server.process
        sampler = Sampler(server.process.pid, options.every)
        sampler.sample()
        with concurrent.futures.ThreadPoolExecutor(options.clients) as pool:
            for future in [
                pool.submit(share, server, picture, -(-options.analyses // options.clients),
                            -(-options.reports // options.clients), sampler)
                for _ in range(options.clients)
            ]:
                future.result()
        sampler.sample()
    samples = sampler.samples
    grown = growth(samples)
    print("| done | seconds | server MiB | workers MiB |\n| --- | --- | --- | --- |")
    step = max(1, len(samples) // 12)
    for sample in samples[::step] + samples[-1:]:
        print(f"| {sample['done']} | {sample['seconds']} | {sample['server']} | {sample['workers']} |")
    print(f"\nThe server grew by {grown:.1f} MiB after the first fifth; at most {options.bound:g} are taken for flat.")
    if options.json:
        options.json.write_text(json.dumps(samples), encoding="utf-8")
    if options.out:
        title = f"Memory over {options.analyses} analyses and {options.reports} reports"
        options.out.write_text(drawing(samples, title), encoding="utf-8")
    return 1 if grown > options.bound else 0


if __name__ == "__main__":
    sys.exit(main())
