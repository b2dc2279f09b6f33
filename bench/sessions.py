"""Measures sessions: looking up a token among a few and among a million, sweeping beside traffic, and what sealing costs.

    bench/sessions.py [--sessions N] [--ended N] [--lookups N] [--old DIST] [--json FILE]

A server makes its database; then rows of sessions are written into it as the server writes them. A lookup is
`GET /session` over a connection that stays open, so that it is the way a browser goes. Prints Markdown tables; times are
milliseconds.

1. Lookups among 1,000 sessions and among N, each with a server of its own, in alternating rounds of the same run.
2. Sweeping: `--ended` sessions are over when the server starts. Lookups go on from 8 connections until they are gone.
3. With `--old`, a laid-out build from before rows were sealed: `GET /intake` and a question in a conversation, on both
   builds in alternating rounds; the ratio is new by old (less is better).
"""

import argparse
import http.client
import json
import os
import re
import sqlite3
import statistics
import sys
import threading
import time
import uuid
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests/api"), str(ROOT / "tests/journeys")]

from client import Client, Server  # noqa: E402
from server import distribution  # noqa: E402


def fill(server: Server, count: int, ended: int = 0) -> None:
    """Rows of sessions; the first `ended` are over. They hold nothing, so that they need no key."""
    database = sqlite3.connect(Path(server.environment["LIGHTBOX_DATA_DIRECTORY"]) / "lightbox.sqlite")
    database.execute("PRAGMA synchronous = OFF")
    now = time.time()

    def rows():
        for number in range(count):
            seen = now - 3600 if number < ended else now + 600
            yield str(uuid.uuid4()), sha256(f"{number:043d}".encode()).digest(), now - 3600, seen, "v", now, b""

    with database:
        database.executemany(
            "INSERT INTO sessions (id, token_hash, created_at, last_seen_at, consent_version, consent_at, wrapped_key) VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows(),
        )
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


class Line:
    """A connection that stays open."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> tuple[float, int]:
        started = time.perf_counter()
        self.connection.request(method, "/api/v1" + path, body, headers)
        response = self.connection.getresponse()
        response.read()
        return (time.perf_counter() - started) * 1000, response.status

    def look_up(self, token: str) -> float:
        took, status = self.ask("GET", "/session", {"Cookie": f"lightbox={token}"})
        assert status == 200, status
        return took


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def prepared(name: str, count: int, ended: int = 0) -> Server:
    """A stopped server with so many sessions."""
    server = Server(name, LIGHTBOX_WORKER_COUNT="1", LIGHTBOX_LOG_LEVEL="warning")
    server.start()
    server.stop()
    fill(server, count, ended)
    return server


def lookups(count: int, rounds: int) -> dict[int, list[float]]:
    """Milliseconds, by how many sessions there are."""
    sizes = (1000, count)
    servers = [prepared(f"bench-sessions-{size}", size) for size in sizes]
    times: dict[int, list[float]] = {size: [] for size in sizes}
    try:
        for server in servers:
            server.start()
        lines = [Line(server.port) for server in servers]
        for number in range(rounds + 100):
            for size, line in zip(sizes, lines, strict=True):
                took = line.look_up(f"{(number * 7919) % size:043d}")
                if number >= 100:
                    times[size].append(took)
    finally:
        for server in servers:
            server.stop()
            server.folder.cleanup()
    print("| sessions | p50 | p99 |\n|---:|---:|---:|")
    for size in sizes:
        print(f"| {size:,} | {statistics.median(times[size]):.2f} | {percentile(times[size], 0.99):.2f} |")
    print(f"\nRatio of the medians: {statistics.median(times[count]) / statistics.median(times[1000]):.2f}\n")
    return times


def swept(server: Server) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.operator_port, timeout=60)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    found = re.search(r"^lightbox_sessions_swept_total\S* (\d+)", text, re.MULTILINE)
    return int(found[1]) if found else 0


def sweeping(ended: int, living: int = 1000) -> None:
    server = prepared("bench-sweep", ended + living, ended)
    times: list[float] = []
    done = threading.Event()

    def look(start: int) -> None:
        line = Line(server.port)
        number = start
        while not done.is_set():
            times.append(line.look_up(f"{ended + number % living:043d}"))
            number += 8
            time.sleep(0.01)

    try:
        server.start()
        began = time.perf_counter()
        threads = [threading.Thread(target=look, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        while swept(server) < ended:
            time.sleep(0.2)
        took = time.perf_counter() - began
        done.set()
        for thread in threads:
            thread.join()
        busy, times[:] = list(times), []
        done.clear()
        threads = [threading.Thread(target=look, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        time.sleep(5)
        done.set()
        for thread in threads:
            thread.join()
        quiet = list(times)
    finally:
        done.set()
        server.stop()
        server.folder.cleanup()
    print(f"{ended:,} ended sessions were swept in {took:.1f} s.\n")
    print("| lookups from 8 connections | count | p50 | p99 | most |\n|---|---:|---:|---:|---:|")
    for name, values in (("while sweeping", busy), ("afterwards", quiet)):
        print(f"| {name} | {len(values):,} | {statistics.median(values):.2f} | {percentile(values, 0.99):.2f} | {max(values):.2f} |")
    print()


def sealing(old: Path, rounds: int) -> None:
    builds = {}
    for name, dist in (("before", old), ("sealed", distribution())):
        os.environ["DIST"] = str(dist)
        builds[name] = Server(f"bench-sealing-{name}", LIGHTBOX_WORKER_COUNT="1", LIGHTBOX_LOG_LEVEL="warning")
    times = {name: {"GET /intake": [], "POST message": []} for name in builds}
    try:
        asked = {}
        for name, server in builds.items():
            server.start()
            client = Client(server).begin()
            client.api("PATCH", "/intake", {"answers": {"age": 54, "reason": "Cough for three weeks. " * 20}})
            asked[name] = (Line(server.port), client)
        for number in range(rounds + 20):
            for name, (line, client) in asked.items():
                took, status = line.ask("GET", "/intake", {"Cookie": client.cookie})
                assert status == 200
                if number >= 20:
                    times[name]["GET /intake"].append(took)
        for number in range(rounds // 10 + 5):
            for name, (line, client) in asked.items():
                conversation = client.api("POST", "/conversations", {}).json()["id"]
                body = json.dumps({"text": "What is an effusion?"}).encode()
                took, status = line.ask("POST", f"/conversations/{conversation}/messages", {"Cookie": client.cookie, "Content-Type": "application/json"}, body)
                client.api("DELETE", f"/conversations/{conversation}")
                assert status == 200
                if number >= 5:
                    times[name]["POST message"].append(took)
    finally:
        for server in builds.values():
            server.stop()
            server.folder.cleanup()
    print("| request | before, p50 | sealed, p50 | ratio |\n|---|---:|---:|---:|")
    for request in ("GET /intake", "POST message"):
        before, after = (statistics.median(times[name][request]) for name in ("before", "sealed"))
        print(f"| {request} | {before:.2f} | {after:.2f} | {after / before:.2f} |")
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=1_000_000)
    parser.add_argument("--ended", type=int, default=100_000)
    parser.add_argument("--lookups", type=int, default=5000)
    parser.add_argument("--old", type=Path)
    parser.add_argument("--json", type=Path, help="also writes the lookups' numbers there")
    arguments = parser.parse_args()
    if arguments.old:
        sealing(arguments.old, arguments.lookups // 5)
    if arguments.sessions:
        times = lookups(arguments.sessions, arguments.lookups)
        if arguments.json:
            arguments.json.write_text(json.dumps({"sessions": arguments.sessions, "lookups": times}), encoding="utf-8")
    if arguments.ended:
        sweeping(arguments.ended)


if __name__ == "__main__":
    main()
