"""Measures how many analyses a second come through the queue, beside the bare model and beside a FastAPI service.

    bench/analyses.py [--programs FOLDER] [--rounds N] [--analyses N] [--clients N] [--workers N] [--batch] [--json FILE]

All on the same pictures, in interleaved rounds after one that isn't counted; medians are printed, with the least and the
most.

  model       --workers processes, each with OpenVINO on one thread, run the model on pixels that are in memory already:
              no decoding, nothing kept. It is the ceiling that no service can reach.
  lightbox    --clients sessions ask for one analysis after another and follow its events to the end; pictures were sent
              before. It has --workers workers of one thread.
  fastapi     the same clients ask bench/peers/queue_app.py, with as many processes.

The peers are installed into .build-bench from PyPI. --batch prints instead what the model's batch dimension is worth:
pictures a second of one thread for batches of 1, 2, 4 and 8, in one run.
"""

import argparse
import concurrent.futures
import http.client
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "bench/peers"
sys.path[:0] = [str(ROOT / "tests/journeys"), str(ROOT / "bench")]

from latency import Client  # noqa: E402
from server import Server, free_port  # noqa: E402
from uploads import environment  # noqa: E402

MODEL = ROOT / "models/chest-xray"

# Runs in the peers' environment, on a pipe: a line with a number asks for so many pictures, and is answered when they are
# through.
BARE = """
import json, sys
import numpy as np, openvino
folder, batch = sys.argv[1], int(sys.argv[2])
manifest = json.load(open(folder + "/manifest.json"))
core = openvino.Core()
graph = core.read_model(folder + "/" + manifest["modelFile"])
shape = [batch, 1, manifest["input"]["height"], manifest["input"]["width"]]
graph.reshape(shape)
settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": "1", "NUM_STREAMS": "1",
            "PERFORMANCE_HINT": "LATENCY", "ENABLE_CPU_PINNING": "NO", "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0"}
request = core.compile_model(graph, "CPU", settings).create_infer_request()
pixels = np.random.default_rng(1).uniform(0, 255, shape).astype(np.float32)
request.infer({0: pixels})
print("ready", flush=True)
for line in sys.stdin:
    for _ in range(-(-int(line) // batch)):
        request.infer({0: pixels})
    print("done", flush=True)
"""


class Bare:
    """The model alone, in so many processes."""

    def __init__(self, programs: Path, workers: int, batch: int = 1) -> None:
        self.processes = [
            subprocess.Popen(
                [str(programs / "python"), "-c", BARE, str(MODEL), str(batch)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(workers)
        ]
        for process in self.processes:
            self.answer(process, "ready")

    @staticmethod
    def answer(process: subprocess.Popen[str], expected: str) -> None:
        assert process.stdout
        said = process.stdout.readline().strip()
        if said != expected:
            raise RuntimeError(f"the model alone said {said!r}")

    def round(self, analyses: int) -> float:
        share = -(-analyses // len(self.processes))
        started = time.monotonic()
        for process in self.processes:
            assert process.stdin
            process.stdin.write(f"{share}\n")
            process.stdin.flush()
        for process in self.processes:
            self.answer(process, "done")
        return share * len(self.processes) / (time.monotonic() - started)

    def close(self) -> None:
        for process in self.processes:
            assert process.stdin
            process.stdin.close()
            process.wait(30)


def together(clients: list, work, analyses: int) -> float:
    """Analyses a second when each client does its share, one after another."""
    share = -(-analyses // len(clients))

    def one(client) -> None:
        for _ in range(share):
            work(client)

    started = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(len(clients)) as pool:
        for future in [pool.submit(one, client) for client in clients]:
            future.result()
    return share * len(clients) / (time.monotonic() - started)


class Connection:
    """One that stays open, so that what is measured isn't the clients' own connecting."""

    def __init__(self, port: int, headers: dict[str, str] | None = None) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = headers or {}

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "application/json") -> bytes:
        headers = self.headers if body is None else {**self.headers, "Content-Type": kind}
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        answer = response.read()
        if response.status >= 400:
            raise RuntimeError(f"{path}: {response.status} {answer[:300].decode(errors='replace')}")
        return answer


class Lightbox:
    def __init__(self, server: Server, clients: int, picture: Path) -> None:
        self.clients = []
        for _ in range(clients):
            client = Client(server.port)
            upload = client.upload(picture)["id"]
            headers = {"Cookie": client.cookie, "Origin": f"http://127.0.0.1:{server.port}"}
            self.clients.append((Connection(server.port, headers), json.dumps({"uploadId": upload}).encode()))

    @staticmethod
    def one(pair: tuple[Connection, bytes]) -> None:
        connection, asked = pair
        address = f"/api/v1/analyses/{json.loads(connection.ask('POST', '/api/v1/analyses', asked))['id']}"
        # The stream closes after a terminal state.
        connection.ask("GET", f"{address}/events")
        analysis = json.loads(connection.ask("GET", address))
        if analysis["state"] not in ("completed", "refused"):
            raise RuntimeError(f"an analysis ended as {analysis['state']}: {analysis.get('failure')}")

    def round(self, analyses: int) -> float:
        return together(self.clients, self.one, analyses)


class FastAPI:
    def __init__(self, programs: Path, workers: int, clients: int, picture: Path) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="lightbox-peer-")
        self.port = free_port()
        self.process = subprocess.Popen(
            [str(programs / "uvicorn"), "queue_app:app", "--port", str(self.port), "--workers", str(workers),
             "--log-level", "warning", "--no-access-log"],
            cwd=PEERS, env={**os.environ, "FOLDER": self.folder.name, "MODEL": str(MODEL), "PYTHONDONTWRITEBYTECODE": "1"})
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                break
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise RuntimeError("the FastAPI service did not start") from None
                time.sleep(0.1)
        content = picture.read_bytes()
        self.clients = []
        for _ in range(clients):
            connection = Connection(self.port)
            self.clients.append((connection, json.loads(connection.ask("POST", "/uploads", content, "image/png"))["id"]))

    @staticmethod
    def one(pair: tuple[Connection, str]) -> None:
        json.loads(pair[0].ask("POST", f"/analyses/{pair[1]}"))

    def round(self, analyses: int) -> float:
        return together(self.clients, self.one, analyses)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        self.folder.cleanup()


def line(name: str, rates: list[float], base: float | None) -> str:
    median = statistics.median(rates)
    ratio = "" if base is None else f"{median / base:.2f}"
    return f"| {name} | {median:.1f} | {min(rates):.1f} to {max(rates):.1f} | {ratio} |"


def batches(programs: Path, rounds: int) -> None:
    sizes = (1, 2, 4, 8)
    models = {size: Bare(programs, 1, size) for size in sizes}
    rates: dict[int, list[float]] = {size: [] for size in sizes}
    try:
        for number in range(rounds + 1):
            for size, model in models.items():
                rate = model.round(64)
                if number:
                    rates[size].append(rate)
    finally:
        for model in models.values():
            model.close()
    print("| batch | pictures a second, median | least to most | to batch 1 |\n| --- | --- | --- | --- |")
    base = statistics.median(rates[1])
    for size in sizes:
        print(line(str(size), rates[size], base))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=Path, help="the folder that scripts/build.sh laid out; default: the newer one")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--analyses", type=int, default=200, help="in each round")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--picture", type=Path, default=MODEL / "golden/phantom-large.png")
    parser.add_argument("--batch", action="store_true", help="what batches are worth, and nothing else")
    parser.add_argument("--json", type=Path, help="also writes the numbers there")
    options = parser.parse_args()
    if options.programs:
        os.environ["DIST"] = str(options.programs)
    programs = environment("queue-venv", "queue_requirements.txt")
    print(f"{platform.machine()}, {os.cpu_count()} cores, {options.rounds} rounds\n")
    if options.batch:
        batches(programs, options.rounds)
        return
    with Server("bench-analyses", LIGHTBOX_WORKER_COUNT=str(options.workers), LIGHTBOX_WORKER_THREADS="1",
                LIGHTBOX_LOG_LEVEL="warning") as server:
        bare = Bare(programs, options.workers)
        peer = FastAPI(programs, options.workers, options.clients, options.picture)
        ours = Lightbox(server, options.clients, options.picture)
        subjects = {"model": bare, "lightbox": ours, "fastapi": peer}
        rates: dict[str, list[float]] = {name: [] for name in subjects}
        try:
            for number in range(options.rounds + 1):
                for name, subject in subjects.items():
                    rate = subject.round(options.analyses)
                    if number:
                        rates[name].append(rate)
        finally:
            bare.close()
            peer.close()
    base = statistics.median(rates["model"])
    print("| what | analyses a second, median | least to most | to the model alone |\n| --- | --- | --- | --- |")
    for name, values in rates.items():
        print(line(name, values, base))
    print(f"\nlightbox to fastapi: {statistics.median(rates['lightbox']) / statistics.median(rates['fastapi']):.2f}")
    if options.json:
        options.json.write_text(json.dumps(rates), encoding="utf-8")


if __name__ == "__main__":
    main()
