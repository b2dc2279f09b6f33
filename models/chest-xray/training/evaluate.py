"""Step 9. Look at the finished package: other people's films, DICOM files, and (once) the published test folder.

python evaluate.py --package .. [--films DIR] [--dicom FILE ...] [--kermany-tar T --published-test] [--json out.json]
"""
import argparse
import io
import json
import os
import re

import numpy as np
from PIL import Image
from sklearn.metrics import roc_auc_score

import faults
from common import CACHE, compiled, resize, to_grey
from measure import run_all
from measures import auc_ci, ece, rates, sigmoid
from prepare import kermany_patient, members


class Package:
    def __init__(self, folder):
        self.m = json.load(open(os.path.join(folder, "manifest.json")))
        self.model = compiled(os.path.join(folder, self.m["modelFile"]))
        self.size = self.m["input"]["width"]
        self.heads = {h["id"]: h for h in self.m["heads"]}

    def logits(self, greys):
        return run_all(self.model, [resize(g, self.size) for g in greys])

    def read(self, z):
        out = {}
        for i, h in self.heads.items():
            s = h["calibration"]["scale"]
            if h["kind"] == "binary":
                out[i] = sigmoid(s * z[:, h["indices"][0]] + h["calibration"]["bias"])
            else:
                q = s * z[:, h["indices"]]
                q = np.exp(q - q.max(1, keepdims=True))
                out[i] = q / q.sum(1, keepdims=True)
        return out


def faulty(pk, greys, t):
    """Of films as they are, how many each head for a fault refuses; of those with the fault drawn over them, how many it finds."""
    small = [resize(g, CACHE) for g in greys]
    rngs = [np.random.default_rng([9, i]) for i in range(len(small))]
    plain = pk.read(pk.logits(greys))
    drawn = {"mirrored": [g[:, ::-1] for g in greys], "cropped": [faults.cut(g, r)[0] for g, r in zip(small, rngs)],
             "glare": [faults.glare(g, r) for g, r in zip(small, rngs)]}
    seen = {i: {"pictures": len(greys), "refusedAsTheyAre": int((plain[i] >= t[i]).sum()), "highestAsTheyAre": round(float(plain[i].max()), 4)}
            for i in ("not-frontal", "glare", "cropped", "mirrored")}
    for i, v in drawn.items():
        seen[i]["found"] = int((pk.read(pk.logits(v))[i] >= t[i]).sum())
    return seen


def dicom_grey(path):
    import pydicom
    from pydicom.pixels import apply_modality_lut, apply_voi_lut
    d = pydicom.dcmread(path, force=True)
    a = apply_voi_lut(apply_modality_lut(d.pixel_array, d), d).astype(np.float32)
    lo, hi = (a.min(), a.max())
    g = (a - lo) / (hi - lo + 1e-6) * 255
    return 255 - g if d.get("PhotometricInterpretation") == "MONOCHROME1" else g


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--package", required=True)
    p.add_argument("--films")
    p.add_argument("--dicom", nargs="*", default=[])
    p.add_argument("--kermany-tar")
    p.add_argument("--published-test", action="store_true")
    p.add_argument("--json")
    a = p.parse_args()
    pk = Package(a.package)
    t = {i: h["threshold"] for i, h in pk.heads.items()}
    result = {"sha256": pk.m["sha256"]}

    def show(names, greys):
        r = pk.read(pk.logits(greys))
        rows = []
        for k, n in enumerate(names):
            o = r["orientation"][k]
            rows.append({"file": n, "gate": round(float(r["gate.chest"][k]), 4), "accepted": bool(r["gate.chest"][k] >= t["gate.chest"]),
                         "orientation": pk.heads["orientation"]["classes"][int(o.argmax())], "orientationP": round(float(o.max()), 3),
                         "inverted": round(float(r["polarity"][k]), 4), **{i: round(float(r[i][k]), 4) for i in ("not-frontal", "glare", "cropped", "mirrored")}, "AP": round(float(r["view"][k][1]), 3),
                         **{i: round(float(r[i][k]), 3) for i, h in pk.heads.items() if h["purpose"] == "finding" and h["shown"]}})
            print(rows[-1])
        return rows

    if a.films:
        names = sorted(f for f in os.listdir(a.films) if f.lower().endswith((".png", ".jpg", ".jpeg")))
        g = [to_grey(Image.open(os.path.join(a.films, n))) for n in names]
        rows = show(names, g)
        result["films"] = {"pictures": len(rows), "accepted": sum(r["accepted"] for r in rows),
                           "upright": sum(r["orientation"] == "upright" for r in rows),
                           "notInverted": sum(r["inverted"] < t["polarity"] for r in rows), "rows": rows}
        result["films"]["faults"] = faulty(pk, g, t)
        turned = pk.read(pk.logits([np.rot90(x, 2) for x in g]))["orientation"].argmax(1)
        inv = pk.read(pk.logits([255 - x for x in g]))["polarity"]
        result["films"]["upsideDownFound"] = int((turned == 1).sum())
        result["films"]["invertedFound"] = int((inv >= t["polarity"]).sum())
        print({k: v for k, v in result["films"].items() if k != "rows"})
    if a.dicom:
        result["dicom"] = show([os.path.basename(f) for f in a.dicom], [dicom_grey(f) for f in a.dicom])
    if a.published_test:
        g, y, b, pt = [], [], [], []
        for name, data in members(a.kermany_tar):
            if name.split("/")[-3] != "test":
                continue
            g.append(to_grey(Image.open(io.BytesIO(data))))
            y.append("/PNEUMONIA/" in name)
            b.append("bacteria" in name)
            pt.append(kermany_patient(name))
        y, b, pt = np.array(y), np.array(b), np.array(pt)
        r = pk.read(pk.logits(g))
        q = r["pneumonia-child"]
        lo, hi = auc_ci(q, y, pt)
        se, sp = rates(q, y, t["pneumonia-child"])
        out = {"images": len(y), "positives": int(y.sum()), "auc": round(float(roc_auc_score(y, q)), 4), "aucLow": lo, "aucHigh": hi,
               "sensitivity": se, "specificity": sp, "ece": round(ece(q, y.astype(float)), 4),
               "gateAccepted": int((r["gate.chest"] >= t["gate.chest"]).sum()),
               "upright": int((r["orientation"].argmax(1) == 0).sum()), "notInverted": int((r["polarity"] < t["polarity"]).sum()),
               "faults": faulty(pk, g, t)}
        v = r["pneumonia-bacterial"][y]
        lo, hi = auc_ci(v, b[y], pt[y])
        se, sp = rates(v, b[y].astype(float), t["pneumonia-bacterial"])
        out["bacterial"] = {"images": int(y.sum()), "positives": int(b.sum()), "auc": round(float(roc_auc_score(b[y], v)), 4),
                            "aucLow": lo, "aucHigh": hi, "sensitivity": se, "specificity": sp}
        result["publishedTest"] = out
        print(out)
    if a.json:
        with open(a.json, "w") as f:
            json.dump(result, f, indent=1)
            f.write("\n")


if __name__ == "__main__":
    main()
