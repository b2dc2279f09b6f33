"""Measures the way from a picture to its report on a real server, split by step.

    bench/latency.py [--times N] [--together N] [--json FILE] [FILE...]

Each FILE (default: the sample film) goes through upload, analysis and report N times, one after another, then
--together analyses at once. Prints a Markdown table of medians, and the most memory that server and worker held.
"""

import argparse
import concurrent.futures
import http.client
import json
import mimetypes
import os
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/journeys"))

from server import Server, sample_film  # noqa: E402

STEPS = ("queued", "decoding", "checking", "inferring", "explaining")


class Client:
    """One session with the API."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookie = ""
        version = self.call("GET", "/limits")["consentVersion"]
        self.call("POST", "/session", {"consent": {"version": version, "accepted": True}})

    def request(self, method: str, path: str, body: bytes | None, content_type: str) -> bytes:
        """The body of the answer. Raises RuntimeError for an answer that is no success."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            headers = {"Cookie": self.cookie, "Origin": f"http://127.0.0.1:{self.port}"}
            if body is not None:
                headers["Content-Type"] = content_type
            connection.request(method, "/api/v1" + path, body, headers)
            response = connection.getresponse()
            answer = response.read()
            if cookie := response.getheader("Set-Cookie"):
                self.cookie = cookie.split(";", 1)[0]
            if response.status >= 400:
                raise RuntimeError(f"{method} {path}: {response.status} {answer[:500].decode(errors='replace')}")
            return answer
        finally:
            connection.close()

    def call(self, method: str, path: str, body: object = None) -> dict:
        encoded = None if body is None else json.dumps(body).encode()
        return json.loads(self.request(method, path, encoded, "application/json"))

    def upload(self, file: Path) -> dict:
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return json.loads(self.request("POST", "/uploads", file.read_bytes(), kind))

    def analyse(self, upload: str) -> dict:
        """Starts an analysis, follows its events to the end, answers with it."""
        analysis = self.call("POST", "/analyses", {"uploadId": upload, "confirmedDifferences": ["birth-date"]})
        # The stream closes after a terminal state.
        self.request("GET", f"/analyses/{analysis['id']}/events", None, "")
        return self.call("GET", f"/analyses/{analysis['id']}")


def milliseconds(work) -> tuple[float, object]:
    started = time.monotonic()
    value = work()
    return (time.monotonic() - started) * 1000, value


def peak_memory(process: int) -> dict[str, int]:
    """The most resident memory, in MiB, of a process and its children, by name."""
    peaks: dict[str, int] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = dict(
                line.split(":", 1) for line in (entry / "status").read_text(encoding="utf-8").splitlines() if ":" in line
            )
        except OSError:
            continue
        if "VmHWM" in fields and process in (int(entry.name), int(fields["PPid"])):
            name = fields["Name"].strip()
            peaks[name] = max(peaks.get(name, 0), int(fields["VmHWM"].split()[0]) // 1024)
    return peaks


def one_way(client: Client, file: Path) -> dict[str, float]:
    times: dict[str, float] = {}
    times["upload"], upload = milliseconds(lambda: client.upload(file))
    times["analysis"], analysis = milliseconds(lambda: client.analyse(upload["id"]))
    if analysis["state"] == "completed":
        times |= {step: analysis["result"]["milliseconds"].get(step, 0) for step in STEPS}
        report = {"analysisId": analysis["id"], "audience": "clinician"}
        times["report"], _ = milliseconds(lambda: client.call("POST", "/reports", report))
    else:
        print(f"{file.name}: {analysis['state']} {analysis.get('refusal') or analysis.get('failure')}", file=sys.stderr)
    client.request("DELETE", f"/uploads/{upload['id']}", None, "")
    return times


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("files", nargs="*", type=Path, default=[sample_film()])
    arguments.add_argument("--times", type=int, default=10)
    arguments.add_argument("--together", type=int, default=8)
    arguments.add_argument("--json", type=Path, help="also writes the numbers there")
    options = arguments.parse_args()

    told: dict[str, list[dict[str, float]]] = {}
    started = time.monotonic()
    with Server("bench") as server:
        print(f"ready {time.monotonic() - started:.2f} s after the start, on {os.cpu_count()} cores\n")
        columns = ("upload", "analysis", *STEPS, "report")
        print("| picture | " + " | ".join(f"{column} ms" for column in columns) + " |")
        print("| --- |" + " ---: |" * len(columns))
        for file in options.files:
            client = Client(server.port)
            runs = [one_way(client, file) for _ in range(options.times)]
            told[file.name] = runs
            cells = [
                f"{statistics.median(values):.0f}" if (values := [run[column] for run in runs if column in run]) else "–"
                for column in columns
            ]
            print(f"| {file.name}, {file.stat().st_size / 1e6:.1f} MB | " + " | ".join(cells) + " |")
        print()
        clients = [Client(server.port) for _ in range(options.together)]
        with concurrent.futures.ThreadPoolExecutor(options.together) as pool:
            took, runs = milliseconds(lambda: list(pool.map(lambda client: one_way(client, options.files[0]), clients)))
        slowest = max(run["upload"] + run["analysis"] for run in runs)
        print(f"{options.together} at once: {took / 1000:.2f} s for all, {slowest / 1000:.2f} s for the slowest result")
        peaks = peak_memory(server.process.pid if server.process else 0)
        if options.json:
            options.json.write_text(json.dumps(told), encoding="utf-8")
        print("peak memory: " + ", ".join(f"{name} {mebibytes} MiB" for name, mebibytes in peaks.items()))


if __name__ == "__main__":
    main()
