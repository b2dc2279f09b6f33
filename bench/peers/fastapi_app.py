"""The upload as FastAPI's documentation shows it, with the sum and the sync that Lightbox does too.

    FOLDER=... uvicorn fastapi_app:app --port N

Starlette has spooled the file to the disk by the time that the function is called; it is hashed on its way to its place.
"""

import hashlib
import os
import uuid
from pathlib import Path

from fastapi import FastAPI, UploadFile

FOLDER = Path(os.environ["FOLDER"])
PIECE = 1 << 20

app = FastAPI()


# Not `async`: FastAPI runs it in a thread, so that hashing and writing don't hold up the event loop.
@app.post("/upload", status_code=201)
def upload(file: UploadFile) -> dict[str, str | int]:
    digest = hashlib.sha256()
    count = 0
    target = FOLDER / uuid.uuid4().hex
    with target.open("xb", buffering=0) as out:
        while piece := file.file.read(PIECE):
            digest.update(piece)
            count += out.write(piece)
        os.fsync(out.fileno())
    return {"bytes": count, "sha256": digest.hexdigest()}
