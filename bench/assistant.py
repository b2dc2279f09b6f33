"""Measures what Lightbox adds to a language model's first token.

    bench/assistant.py [--rounds N] [--json FILE]

A server on loopback speaks the protocol of OpenAI and gives its first token at once, so that all that is measured is
the way: asked directly, and asked through Lightbox (danger signs, intent, the library's answer, the row in the database,
the prompt). Rounds are interleaved after one that isn't counted; medians are printed, with the least and the most.
Through Lightbox the time is that of the first `writing` event.
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

QUESTION = "How does the model work?"


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--json", type=Path, help="also writes the numbers there")
    options = parser.parse_args()
    rounds = options.rounds
    with ModelServer() as model, Server("bench-assistant", LIGHTBOX_ASSISTANT_ENDPOINT=model.url) as server:
        model.script = Script(["The model ", "looks at patterns ", "in the picture."])
        client = Client(server).begin()
        bare_port = urlparse(model.url).port
        times: dict[str, list[float]] = {"bare": [], "lightbox": []}
        for round_number in range(rounds + 1):
            conversation = client.api("POST", "/conversations", {}).json()["id"]
            through = first_line(
                server.port, f"/api/v1/conversations/{conversation}/messages", {"text": QUESTION},
                {"Accept": "text/event-stream", "Cookie": client.cookie}, b"event: writing")
            client.api("DELETE", f"/conversations/{conversation}")
            prompt = model.requests[-1]
            bare = first_line(bare_port, "/v1/chat/completions", prompt, {}, b'"content"')
            if round_number:
                times["bare"].append(bare)
                times["lightbox"].append(through)
        for name, values in times.items():
            print(f"{name:>9}: {statistics.median(values):6.2f} ms ({min(values):.2f} to {max(values):.2f})")
        print(f" overhead: {statistics.median(times['lightbox']) - statistics.median(times['bare']):6.2f} ms")
    if options.json:
        options.json.write_text(json.dumps(times), encoding="utf-8")


if __name__ == "__main__":
    main()
