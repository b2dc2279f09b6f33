"""Measures what Lightbox adds to a language model's first token.

    bench/assistant.py [--rounds N] [--json FILE]

A server on loopback speaks the protocol of OpenAI and gives its first token at once, so that all that is measured is
the way: asked directly, and asked through Lightbox (danger signs, intent, the library's answer, the row in the database,
the prompt). A question that Lightbox proposes itself is asked, and one in other words, which a model of sentences reads
first. Rounds are interleaved after one that isn't counted; medians are printed, with the least and the most. Through
Lightbox the time is that of the first `writing` event. `request` is a request that needs the session and nothing else.
"""

import argparse
import http.client
import json
import statistics
import sys
import time
from pathlib import Path
from urllib.parse import urlparse

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests/api"), str(ROOT / "tests/journeys")]

from client import Client, Server  # noqa: E402
from model_server import ModelServer, Script  # noqa: E402

QUESTIONS = {"lightbox": "How does the model work?", "typed": "How does your model work?"}


def first_line(port: int, path: str, body: dict, headers: dict[str, str], wanted: bytes) -> float:
    """Milliseconds until a line with `wanted` in it; the rest is read to its end."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    started = time.perf_counter()
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})
    response = connection.getresponse()
    found = None
    for line in response:
        if found is None and wanted in line:
            found = (time.perf_counter() - started) * 1000
    connection.close()
    if found is None:
        raise SystemExit(f"{path}: there was no {wanted.decode()}")
    return found


def empty_request(port: int, cookie: str) -> float:
    """Milliseconds of a request that is found its session and does nothing."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    started = time.perf_counter()
    connection.request("GET", "/api/v1/assistant", headers={"Cookie": cookie})
    response = connection.getresponse()
    response.read()
    taken = (time.perf_counter() - started) * 1000
    connection.close()
    if response.status != 200:
        raise SystemExit(f"/api/v1/assistant: {response.status}")
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--json", type=Path, help="also writes the numbers there")
    options = parser.parse_args()
    rounds = options.rounds
    with ModelServer() as model, Server("bench-assistant", LIGHTBOX_ASSISTANT_ENDPOINT=model.url) as server:
        model.script = Script(["The model ", "looks at patterns ", "in the picture."])
        bare_port = urlparse(model.url).port
        times: dict[str, list[float]] = {"bare": [], "lightbox": [], "typed": [], "request": []}
        for round_number in range(rounds + 1):
            # One session may ask only so much.
            if round_number % 40 == 0:
                client = Client(server).begin()
            taken = {"request": empty_request(server.port, client.cookie)}
            for name, question in QUESTIONS.items():
                conversation = client.api("POST", "/conversations", {}).json()["id"]
                taken[name] = first_line(
                    server.port, f"/api/v1/conversations/{conversation}/messages", {"text": question},
                    {"Accept": "text/event-stream", "Cookie": client.cookie}, b"event: writing")
                client.api("DELETE", f"/conversations/{conversation}")
            taken["bare"] = first_line(bare_port, "/v1/chat/completions", model.requests[-1], {}, b'"content"')
            if round_number:
                for name, values in times.items():
                    values.append(taken[name])
        for name, values in times.items():
            print(f"{name:>9}: {statistics.median(values):6.2f} ms ({min(values):.2f} to {max(values):.2f})")
        for name, question in QUESTIONS.items():
            added = statistics.median(times[name]) - statistics.median(times["bare"])
            print(f"    added: {added:6.2f} ms to “{question}”")
    if options.json:
        options.json.write_text(json.dumps(times), encoding="utf-8")


if __name__ == "__main__":
    main()
