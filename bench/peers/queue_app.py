"""The analysis as a FastAPI service would do it: Pillow, numpy, onnxruntime, SQLite; the same model, the same steps.

    FOLDER=... MODEL=models/chest-xray uvicorn queue_app:app --workers N --port N

A picture is stored first; an analysis reads it, decodes it, shrinks it with a triangle filter, runs the model on one
thread, and commits a row with the scores and the activations of the findings that are shown durably before it answers.
Heat maps would be drawn of those when somebody looks at one.
"""

import io
import json
import os
import sqlite3
import threading
import uuid
from pathlib import Path

import numpy as np
import onnxruntime
from fastapi import FastAPI, Request
from PIL import Image

FOLDER = Path(os.environ["FOLDER"])
MODEL = Path(os.environ["MODEL"])
MANIFEST = json.loads((MODEL / "manifest.json").read_text(encoding="utf-8"))
INPUT = MANIFEST["input"]
MAPS = [
    (head["id"], head["activationIndex"])
    for head in MANIFEST["heads"]
    if head.get("shown") and head.get("purpose") == "finding" and head.get("activationIndex") is not None
]

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
model = onnxruntime.InferenceSession(MODEL / MANIFEST["modelFile"], options, providers=["CPUExecutionProvider"])
kept = threading.local()
app = FastAPI()


def database() -> sqlite3.Connection:
    if not hasattr(kept, "database"):
        kept.database = sqlite3.connect(FOLDER / "results.sqlite", timeout=30)
        kept.database.execute("PRAGMA journal_mode = WAL")
        kept.database.execute("PRAGMA synchronous = FULL")
        kept.database.execute("CREATE TABLE IF NOT EXISTS results (id TEXT PRIMARY KEY, logits TEXT NOT NULL, activations TEXT NOT NULL)")
    return kept.database


@app.post("/uploads", status_code=201)
async def upload(request: Request) -> dict[str, str]:
    name = uuid.uuid4().hex
    (FOLDER / name).write_bytes(await request.body())
    return {"id": name}


# Not `async`: FastAPI runs it in a thread, so that decoding doesn't hold up the event loop.
@app.post("/analyses/{picture}", status_code=201)
def analyse(picture: str) -> dict[str, object]:
    image = Image.open(io.BytesIO((FOLDER / uuid.UUID(picture).hex).read_bytes())).convert("L")
    small = image.resize((INPUT["width"], INPUT["height"]), Image.Resampling.BILINEAR)
    pixels = np.asarray(small, dtype=np.float32)[None, None]
    logits, activation = model.run([MANIFEST["outputs"]["logits"], MANIFEST["outputs"]["activation"]], {INPUT["name"]: pixels})
    name = uuid.uuid4().hex
    activations = {head: activation[0, channel].tolist() for head, channel in MAPS}
    with database() as connection:
        connection.execute("INSERT INTO results VALUES (?, ?, ?)", (name, json.dumps(logits[0].tolist()), json.dumps(activations)))
    return {"id": name, "logits": logits[0].tolist()}
