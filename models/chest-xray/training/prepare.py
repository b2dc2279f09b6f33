"""Step 1. Read the two data sets, split by patient, cache the pictures as one array.

python prepare.py --nih-tar T --nih-csv C --kermany-tar T --split split.csv --cache DIR
With --write-split the split file is made (from a hash of the patient), else it is read.
"""
import argparse
import csv
import io
import os
import re
import tarfile

import numpy as np
from PIL import Image

from common import CACHE, FINDINGS, fold, read_split, resize, to_grey


def kermany_patient(name):
    stem = os.path.basename(name)
    m = re.match(r"(person\d+)_", stem)
    if m:
        return "kermany/" + m.group(1)
    m = re.match(r"((?:NORMAL2-)?IM-\d+)", stem)
    return "kermany/" + m.group(1)


def members(path):
    with tarfile.open(path) as t:
        for m in t:
            if m.isfile() and m.name.lower().endswith((".jpg", ".jpeg", ".png")):
                yield m.name.lstrip("./"), t.extractfile(m).read()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--nih-tar", required=True)
    p.add_argument("--nih-csv", required=True)
    p.add_argument("--kermany-tar", required=True)
    p.add_argument("--split", required=True)
    p.add_argument("--write-split", action="store_true")
    p.add_argument("--cache", required=True)
    p.add_argument("--validation-percent", type=int, default=16)
    a = p.parse_args()
    os.makedirs(a.cache, exist_ok=True)
    with open(a.nih_csv, newline="") as f:
        nih = {r["file"]: r for r in csv.DictReader(f)}

    rows = []
    for name, data in members(a.nih_tar):
        key = name if name in nih else "/".join(name.split("/")[-2:])
        if key not in nih:
            continue
        rows.append(("nih/" + key, "nih/" + nih[key]["patient"], nih[key], data))
    for name, data in members(a.kermany_tar):
        parts = name.split("/")
        key = "/".join(parts[-3:])
        if parts[-3] == "test":          # left alone until the end
            continue
        rows.append(("kermany/" + key, kermany_patient(name), None, data))
    rows.sort(key=lambda r: r[0])

    if a.write_split:
        with open(a.split, "w", newline="") as f:
            w = csv.writer(f, lineterminator="\n")
            w.writerow(["file", "patient", "split"])
            for file, patient, _, _ in rows:
                w.writerow([file, patient,
                            "val" if fold(patient) < a.validation_percent else "train"])
    split = read_split(a.split)

    n = len(rows)
    images = np.zeros((n, CACHE, CACHE), np.uint8)
    findings = np.full((n, 14), -1, np.int8)
    extra = np.full((n, 6), -1, np.int16)   # any, view(0 PA,1 AP), child, bacterial, age, sex(1 M)
    val = np.zeros(n, bool)
    for i, (file, patient, r, data) in enumerate(rows):
        g = to_grey(Image.open(io.BytesIO(data)))
        images[i] = np.clip(np.round(resize(g, CACHE)), 0, 255)
        val[i] = split[file]["split"] == "val"
        if r is not None:
            labels = set(r["labels"].split("|"))
            findings[i] = [f in labels for f in FINDINGS]
            extra[i, 0] = "No Finding" not in labels
            extra[i, 1] = r["view"] == "AP"
            extra[i, 4] = int(r["age"])
            extra[i, 5] = r["sex"] == "M"
        else:
            sick = "/PNEUMONIA/" in file
            extra[i, 2] = sick
            if sick:
                extra[i, 3] = "bacteria" in file
    np.savez(os.path.join(a.cache, "films.npz"), images=images, findings=findings,
             extra=extra, val=val, files=np.array([r[0] for r in rows]),
             patients=np.array([r[1] for r in rows]))
    for source in ("nih/", "kermany/"):
        m = np.array([r[0].startswith(source) for r in rows])
        print(source, "train", (m & ~val).sum(), "val", (m & val).sum(),
              "patients", len({r[1] for r in rows if r[0].startswith(source)}))


if __name__ == "__main__":
    main()
