"""A picture's row as JSON with FastAPI, for whoever holds the cookie of its session.

    DATABASE=... uvicorn record_app:app --workers N --port N

The functions are `async` and ask SQLite themselves, because a query of some microseconds costs less than FastAPI's way
through a thread. Each process has one connection; sqlite3 keeps its prepared statements.
"""

import hashlib
import json
import os
import sqlite3
import time
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Cookie, Depends, FastAPI, HTTPException
from pydantic import BaseModel

IDLE, ABSOLUTE = 1800, 86400

database = sqlite3.connect(os.environ["DATABASE"], check_same_thread=False)
database.execute("PRAGMA journal_mode = WAL")
app = FastAPI(openapi_url=None)


class BurnedIn(BaseModel):
    state: str
    lines: list[str]
    sideMarkers: list[str]


class Identity(BaseModel):
    rows: list[str] = []
    confirmed: list[str] = []


class Picture(BaseModel):
    id: str
    fileName: str
    sha256: str
    bytes: int
    format: str
    width: int
    height: int
    bitsPerSample: int
    frames: int
    createdAt: str
    preview: str
    samples: str
    file: str
    burnedInText: BurnedIn
    identity: Identity


async def session(lightbox: Annotated[str | None, Cookie()] = None) -> str:
    if lightbox is None or len(lightbox) != 43:
        raise HTTPException(401)
    found = database.execute(
        "SELECT id, created_at, last_seen_at FROM sessions WHERE token_hash = ? AND revoked_at IS NULL",
        (hashlib.sha256(lightbox.encode()).digest(),)).fetchone()
    now = time.time()
    if found is None or now >= found[1] + ABSOLUTE or now >= found[2] + IDLE:
        raise HTTPException(401)
    return found[0]


@app.get("/api/v1/uploads/{upload}")
async def show(upload: str, session: Annotated[str, Depends(session)]) -> Picture:
    found = database.execute(
        "SELECT id, file_name, bytes, sha256, inspection, burned_in, created_at FROM uploads WHERE id = ? AND session_id = ?",
        (upload, session)).fetchone()
    if found is None:
        raise HTTPException(404)
    address = f"/api/v1/uploads/{found[0]}"
    return Picture(
        id=found[0], fileName=found[1], bytes=found[2], sha256=found[3], **json.loads(found[4]),
        burnedInText=BurnedIn(**json.loads(found[5])),
        createdAt=datetime.fromtimestamp(found[6], UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        preview=f"{address}/preview", samples=f"{address}/samples", file=f"{address}/file", identity=Identity())
