"""What every step shares: heads, resize, running a graph, reading the cache."""
import csv
import hashlib

import numpy as np
from PIL import Image

SIZE = 160          # side of the network's input
CACHE = 192         # side of the cached training pictures

FINDINGS = ["Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Effusion",
            "Emphysema", "Fibrosis", "Hernia", "Infiltration", "Mass", "Nodule",
            "Pleural_Thickening", "Pneumonia", "Pneumothorax"]
FINDING_IDS = ["atelectasis", "cardiomegaly", "consolidation", "edema", "effusion",
               "emphysema", "fibrosis", "hernia", "infiltration", "mass", "nodule",
               "pleural-thickening", "pneumonia", "pneumothorax"]

# index of each logit
GATE = 0
ORIENT = slice(1, 5)            # upright, upsideDown, rotatedLeft, rotatedRight
POLARITY = 5
VIEW = slice(6, 8)              # PA, AP
FIND = slice(8, 22)
ANY = 22
CHILD = 23
BACTERIAL = 24
MIRROR = 25                     # of the first network; measured, not used: MIRRORED is better
K = 26
# joined behind them by train_faults.py
MIRRORED, CROPPED, GLARE, SIDE = 26, 27, 28, 29

# logits that have an activation map, in channel order
MAPPED = list(range(8, 25))


def resize(grey, size):
    """The contract's resize: float grey picture -> size x size, triangle filter."""
    a = np.ascontiguousarray(grey, dtype=np.float32)
    if a.shape == (size, size):
        return a
    return np.asarray(Image.fromarray(a, "F").resize((size, size), Image.BILINEAR))


def to_grey(image):
    """A Pillow picture -> float grey 0..255 (0.299 R + 0.587 G + 0.114 B, alpha on black)."""
    if image.mode in ("I;16", "I", "I;16B"):
        return np.asarray(image, dtype=np.float32) * (255.0 / 65535.0)
    if image.mode == "F":
        return np.asarray(image, dtype=np.float32)
    if image.mode in ("L", "1"):
        return np.asarray(image.convert("L"), dtype=np.float32)
    rgba = np.asarray(image.convert("RGBA"), dtype=np.float32)
    rgb = rgba[..., :3] * (rgba[..., 3:] / 255.0)
    return rgb[..., 0] * 0.299 + rgb[..., 1] * 0.587 + rgb[..., 2] * 0.114


def fold(key):
    """A stable number 0..99 for a patient, from which the split follows."""
    return int(hashlib.sha1(key.encode()).hexdigest()[:8], 16) % 100


def read_split(path):
    with open(path, newline="") as f:
        return {r["file"]: r for r in csv.DictReader(f)}


def compiled(path):
    import openvino as ov
    core = ov.Core()
    return core.compile_model(core.read_model(path), "CPU", {
        "INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1})
