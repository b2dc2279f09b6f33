"""Measures uploads on a real server beside those of other people's: FastAPI, Go's net/http, Node with busboy.

    bench/uploads.py [--programs FOLDER] [--rounds N] [--large MIB] [--small MIB] [--together N] [--peers NAME...]
                     [--json FILE]

Two loads, each in interleaved rounds after one that isn't counted; medians are printed, with the least and the most.

  one large    a form with one picture of --large MiB
  many         --together forms of --small MiB at once: how long until all are answered, and the most memory that the
               server process held

Every server writes the file, hashes it with SHA-256 and syncs it before it answers; the answer's sum is checked. Each
gets the same bytes from the same client over loopback: `sendfile` from a file in memory. "taken" is when the last byte
had left the client (what is still in the kernel's buffers, at most some MiB, counts as taken), "answered" when the
answer was there.

Lightbox does more before it answers, and none of it is left out: the file is encrypted where the build does that, a
sandboxed worker decodes the picture to its last pixel and makes the previews, the folder is synced, and a row is
committed. Hence two times: what is taken compares receiving with receiving, what is answered is the product's. Where the
answer has `Server-Timing`, its parts are printed.

The peers' programs are in bench/peers. They and the pictures come to .build-bench; the first run installs them from
PyPI and takes Debian's node-busboy, which must be there.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import platform
import random
import re
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / ".build-bench"
PEERS = ROOT / "bench/peers"
sys.path[:0] = [str(ROOT / "tests/journeys"), str(ROOT / "bench")]

from latency import Client  # noqa: E402
from server import Server, free_port  # noqa: E402

BOUNDARY = "----benchmark7MA4YWxkTrZu0gW"
MIB = 1 << 20


# The pictures


def tiff(file: Path, mebibytes: int) -> None:
    """An uncompressed grey TIFF of 16 bits, nearly square, with at least that many MiB of pixels."""
    width = 1 << max(0, (mebibytes * MIB // 2).bit_length() // 2)
    height = -(-mebibytes * MIB // 2 // width)
    while width > 2 * height:
        width, height = width // 2, height * 2
    size = width * height * 2
    tags = {256: width, 257: height, 258: 16, 259: 1, 262: 1, 273: 0, 277: 1, 278: height, 279: size}
    start = 8 + 2 + 12 * len(tags) + 4
    tags[273] = start
    head = struct.pack("<2sHIH", b"II", 42, 8, len(tags))
    head += b"".join(struct.pack("<HHII", tag, 4 if tag not in (258, 259, 262, 277) else 3, 1, value)
                     for tag, value in tags.items()) + struct.pack("<I", 0)
    noise = random.Random(5).randbytes(MIB)
    with file.open("wb") as out:
        out.write(head)
        for place in range(0, size, MIB):
            out.write(noise[: min(MIB, size - place)])


@dataclass
class Picture:
    file: Path
    bytes: int
    sha256: str

    @staticmethod
    def of(mebibytes: int) -> "Picture":
        file = PLACE / f"grey-{mebibytes}.tif"
        if not file.exists():
            tiff(file.with_suffix(".new"), mebibytes)
            file.with_suffix(".new").rename(file)
        data = file.read_bytes()
        return Picture(file, len(data), hashlib.sha256(data).hexdigest())


# The client


@dataclass
class Answer:
    taken: float
    answered: float
    body: dict
    timing: dict[str, float]


def post(port: int, path: str, picture: Picture, headers: dict[str, str]) -> Answer:
    """Sends a form with the picture in the field "file". Raises RuntimeError for anything but 201 with its sum."""
    before = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{picture.file.name}"\r\n'
        "Content-Type: image/tiff\r\n\r\n"
    ).encode()
    after = f"\r\n--{BOUNDARY}--\r\n".encode()
    lines = {
        "Host": f"127.0.0.1:{port}", "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(len(before) + picture.bytes + len(after)), "Connection": "close", **headers,
    }
    head = f"POST {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
    with picture.file.open("rb") as file, socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        started = time.monotonic()
        try:
            connection.sendall(head.encode() + before)
            connection.sendfile(file)
            connection.sendall(after)
        except (BrokenPipeError, ConnectionResetError):
            pass  # Refused on the way; the answer says why.
        taken = time.monotonic() - started
        answer = b""
        while piece := connection.recv(1 << 16):
            answer += piece
        answered = time.monotonic() - started
    top, _, rest = answer.partition(b"\r\n\r\n")
    fields = top.decode(errors="replace")
    if " 201 " not in fields.split("\r\n", 1)[0]:
        raise RuntimeError(f"{path}: {fields.splitlines()[:1]} {rest[:300]!r}")
    body = json.loads(rest[rest.index(b"{") : rest.rindex(b"}") + 1])
    if body["sha256"] != picture.sha256:
        raise RuntimeError(f"{path}: another sum than that of the file")
    said = re.search(r"^Server-Timing: (.*)$", fields, re.IGNORECASE | re.MULTILINE)
    timing = {name: float(value) for name, value in re.findall(r"([\w-]+);dur=([\d.]+)", said[1])} if said else {}
    return Answer(taken, answered, body, timing)


# The servers


@dataclass
class Peer:
    """A server under load: where it listens, what it is, how to send to it and to clear away what it kept."""

    name: str
    version: str
    port: int
    process: int
    path: str
    headers: dict[str, str]
    clear: Callable[[list[Answer]], None]
    stop: Callable[[], object]

    def send(self, picture: Picture) -> Answer:
        return post(self.port, self.path, picture, self.headers)

    def forget_peak(self) -> None:
        """The most memory is counted from now on (proc_pid_clear_refs(5))."""
        for process in (self.process, *children(self.process)):
            Path(f"/proc/{process}/clear_refs").write_text("5", encoding="ascii")

    def peak(self) -> int:
        return status(self.process, "VmHWM")


def status(process: int, name: str) -> int:
    """A field of /proc/PID/status, in KiB."""
    text = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    found = re.search(rf"^{name}:\s*(\d+)", text, re.MULTILINE)
    return int(found[1]) if found else 0


def children(process: int) -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and (entry / "status").exists() and status(int(entry.name), "PPid") == process]


def environment(name: str = "venv", packages: str = "requirements.txt") -> Path:
    """The programs of a virtual environment with the peers' packages, which is made on the first run."""
    place = PLACE / name
    wanted = (PEERS / packages).read_text(encoding="utf-8")
    stamp = place / "requirements.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        subprocess.run([str(place / "bin/pip"), "install", "--quiet", "-r", str(PEERS / packages)], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return place / "bin"


def start(name: str, version: str, command: list[str], port: int, folder: Path, **more: str) -> Peer:
    """Starts a peer and waits until it listens."""
    folder.mkdir()
    log = (PLACE / f"{name}.log").open("wb")
    process = subprocess.Popen(command, env={**os.environ, "FOLDER": str(folder), **more}, stdout=log, stderr=log,
                               stdin=subprocess.DEVNULL, cwd=PEERS)

    def stop() -> None:
        process.terminate()
        process.wait(timeout=30)

    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} does not start: see {log.name}") from None
            time.sleep(0.05)

    def clear(_: list[Answer]) -> None:
        for file in folder.iterdir():
            file.unlink()

    return Peer(name, version, port, process.pid, "/upload", {}, clear, stop)


def output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def fastapi(folder: Path) -> Peer:
    programs, port = environment(), free_port()
    return start("fastapi", f"FastAPI on uvicorn, Python {platform.python_version()}",
                 [str(programs / "uvicorn"), "fastapi_app:app", "--port", str(port), "--no-access-log"], port,
                 folder, PYTHONDONTWRITEBYTECODE="1", TMPDIR=str(folder.parent))


def go(folder: Path) -> Peer:
    compiler, program, port = environment() / "go", PLACE / "upload-go", free_port()
    subprocess.run([str(compiler), "build", "-o", str(program), str(PEERS / "upload.go")], check=True, cwd=PLACE,
                   env={**os.environ, "GOCACHE": str(PLACE / "go-cache"), "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local"})
    return start("go", output(str(compiler), "version").removeprefix("go version "), [str(program), str(port)], port,
                 folder)


def node(folder: Path) -> Peer:
    port = free_port()
    version = json.loads(Path("/usr/share/nodejs/busboy/package.json").read_text(encoding="utf-8"))["version"]
    return start("node", f"Node {output('node', '--version')}, busboy {version}", ["node", "busboy.js", str(port)], port,
                 folder, NODE_PATH="/usr/share/nodejs", NODE_ENV="production")


def lightbox(programs: Path, largest: int) -> Peer:
    os.environ["DIST"] = str(programs)
    server = Server(
        "bench-uploads", LIGHTBOX_UPLOAD_MAX_BYTES=str(max(100 * MIB, largest + MIB)),
        LIGHTBOX_UPLOAD_MAX_PIXELS=str(max(64_000_000, largest)), LIGHTBOX_UPLOAD_MAX_PER_SESSION="10000",
        LIGHTBOX_WORKER_MEMORY_LIMIT="8192", LIGHTBOX_WORKER_TIMEOUT="600")
    server.__enter__()
    assert server.process
    client = Client(server.port)

    def clear(answers: list[Answer]) -> None:
        for answer in answers:
            client.request("DELETE", f"/uploads/{answer.body['id']}", None, "")

    return Peer("lightbox", f"programs in {programs.name}", server.port, server.process.pid, "/api/v1/uploads",
                {"Cookie": client.cookie, "Origin": server.origin}, clear, lambda: server.__exit__(None, None, None))


# The loads


@dataclass
class Figures:
    """What was measured of one server, a number for each round."""

    taken: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)
    workers: list[float] = field(default_factory=list)
    timing: dict[str, list[float]] = field(default_factory=dict)


def one_round(peer: Peer, picture: Picture, together: int) -> tuple[list[Answer], float, float]:
    """`together` uploads at once. Answers with them, the peak of the server and that of its children, in MiB."""
    os.sync()
    peer.forget_peak()
    with concurrent.futures.ThreadPoolExecutor(together) as pool:
        answers = list(pool.map(lambda _: peer.send(picture), range(together)))
    peak = peer.peak() / 1024
    workers = sum(status(child, "VmHWM") for child in children(peer.process)) / 1024
    peer.clear(answers)
    return answers, peak, workers


def measure(peers: list[Peer], picture: Picture, together: int, rounds: int) -> dict[str, Figures]:
    figures = {peer.name: Figures() for peer in peers}
    for number in range(-1, rounds):
        # Nobody always follows the same one.
        for peer in peers[number % len(peers):] + peers[: number % len(peers)]:
            answers, peak, workers = one_round(peer, picture, together)
            if number < 0:
                continue
            one = figures[peer.name]
            one.taken.append(max(answer.taken for answer in answers))
            one.answered.append(max(answer.answered for answer in answers))
            one.peak.append(peak)
            one.workers.append(workers)
            for name in answers[0].timing:
                longest = max(answer.timing.get(name, 0) for answer in answers)
                one.timing.setdefault(name, []).append(longest)
    return figures


def spread(values: list[float], digits: int) -> str:
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def table(title: str, figures: dict[str, Figures], mebibytes: float) -> None:
    print(f"\n{title}\n")
    print("| server | taken s | answered s | MiB/s answered | peak memory MiB | of its workers |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, one in figures.items():
        rate = mebibytes / statistics.median(one.answered)
        workers = spread(one.workers, 0) if any(one.workers) else "–"
        print(f"| {name} | {spread(one.taken, 2)} | {spread(one.answered, 2)} | {rate:.0f} | {spread(one.peak, 0)} | "
              f"{workers} |")
    for name, one in figures.items():
        if one.timing:
            print(f"\n{name}, of the slowest answer: "
                  + ", ".join(f"{part} {spread(values, 0)} ms" for part, values in one.timing.items()))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--programs", type=Path, default=ROOT / ".build-dist", help="what scripts/build.sh laid out")
    arguments.add_argument("--rounds", type=int, default=7)
    arguments.add_argument("--large", type=int, default=200)
    arguments.add_argument("--small", type=int, default=8)
    arguments.add_argument("--together", type=int, default=64)
    arguments.add_argument("--peers", nargs="*", default=["fastapi", "go", "node"], choices=["fastapi", "go", "node"])
    arguments.add_argument("--json", type=Path, help="also writes the numbers there")
    options = arguments.parse_args()

    PLACE.mkdir(exist_ok=True)
    shutil.rmtree(PLACE / "kept", ignore_errors=True)
    (PLACE / "kept").mkdir()
    # All on one file system, Lightbox's data folder too.
    tempfile.tempdir = str(PLACE / "kept")
    large, small = Picture.of(options.large), Picture.of(options.small)
    starters = {"fastapi": fastapi, "go": go, "node": node}
    peers: list[Peer] = []
    try:
        peers.append(lightbox(options.programs.resolve(), large.bytes))
        peers += [starters[name](PLACE / "kept" / name) for name in options.peers]
        print(f"{os.cpu_count()} cores, Linux {platform.release()}, load {os.getloadavg()[0]:.1f} at the start")
        for peer in peers:
            print(f"{peer.name}: {peer.version}; {status(peer.process, 'VmRSS') / 1024:.0f} MiB at rest")
        loads = {"large": (large, 1), "many": (small, options.together)}
        measured: dict[str, dict[str, Figures]] = {}
        for load, (picture, together) in loads.items():
            measured[load] = measure(peers, picture, together, options.rounds)
            title = f"{together} pictures of {picture.bytes / MIB:.0f} MiB at once" if together > 1 else (
                f"One picture of {picture.bytes / MIB:.0f} MiB")
            table(f"{title}, medians of {options.rounds} (least–most)", measured[load], together * picture.bytes / MIB)
        if options.json:
            options.json.write_text(json.dumps({
                "versions": {peer.name: peer.version for peer in peers}, "large": options.large, "small": options.small,
                "together": options.together,
                "figures": {load: {name: vars(one) for name, one in figures.items()} for load, figures in measured.items()},
            }), encoding="utf-8")
    finally:
        for peer in peers:
            peer.stop()
        shutil.rmtree(PLACE / "kept", ignore_errors=True)


if __name__ == "__main__":
    main()
