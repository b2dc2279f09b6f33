"""Step 6. Run model.onnx (OpenVINO) on the validation split: calibration, thresholds, measures, manifest.

python measure.py --model model.onnx --cache DIR --nih-tar T --kermany-tar T
                  --export export.json --manifest manifest.json --metrics metrics.json --version 1.0.0
"""
import argparse
import hashlib
import io
import json
import os

import numpy as np
from PIL import Image
from scipy.optimize import minimize
from sklearn.metrics import roc_auc_score

import heads
from common import (ANY, BACTERIAL, CHILD, FIND, FINDING_IDS, GATE, MAPPED, MIRROR, ORIENT, POLARITY,
                    SIZE, VIEW, compiled, resize, to_grey)
from measures import auc_ci, cross_ece, ece, platt, rates, reliability, sigmoid, threshold_for, why_not_shown
from prepare import members


def run_all(model, pictures):
    req = model.create_infer_request()
    out = []
    for g in pictures:
        req.infer({0: np.ascontiguousarray(g, np.float32)[None, None]})
        out.append(req.get_output_tensor(0).data[0].copy())
    return np.array(out, np.float64)


def temperature(z, y):
    def nll(v):
        q = z * np.exp(v[0])
        return np.mean(np.log(np.exp(q - q.max(1, keepdims=True)).sum(1)) + q.max(1) - q[np.arange(len(y)), y])
    return round(float(np.exp(minimize(nll, [0.0], method="Nelder-Mead").x[0])), 6)


def from_files(names, nih_tar, kermany_tar):
    """The named films at SIZE, straight from the files and not by way of the cache."""
    where = {n: i for i, n in enumerate(names)}
    pics = {}
    for tar, prefix in ((nih_tar, "nih/"), (kermany_tar, "kermany/")):
        for name, data in members(tar):
            for k in (prefix + name, prefix + "/".join(name.split("/")[-2:]), prefix + "/".join(name.split("/")[-3:])):
                if k in where:
                    pics[where[k]] = resize(to_grey(Image.open(io.BytesIO(data))), SIZE)
    assert len(pics) == len(names), (len(pics), len(names))
    return [pics[i] for i in range(len(names))]


def main():
    p = argparse.ArgumentParser()
    for n in ("model", "cache", "nih-tar", "kermany-tar", "export", "manifest", "metrics", "version"):
        p.add_argument("--" + n, required=True)
    p.add_argument("--turned", type=int, default=1200, help="films used for gate, orientation, polarity")
    a = p.parse_args()
    model = compiled(a.model)
    d = np.load(a.cache + "/films.npz")
    files = d["files"]
    pick = np.flatnonzero(d["val"])
    grid = from_files(files[pick], a.nih_tar, a.kermany_tar)
    findings, extra = d["findings"][pick], d["extra"][pick]
    patients, names = d["patients"][pick], files[pick]
    z = run_all(model, grid)
    np.savez(a.cache + "/val_logits.npz", z=z, pick=pick)

    metrics = {"version": a.version, "export": json.load(open(a.export)), "findings": {}, "split": {
        "validationFilms": int(len(pick)), "validationPatients": int(len(set(patients)))}}
    out_heads = []

    # ---- gate, orientation, polarity, mirrored
    rng = np.random.default_rng(5)
    some = np.sort(rng.choice(len(grid), min(a.turned, len(grid)), replace=False))
    turned = {"upright": z[some]}
    turned["rotatedLeft"] = run_all(model, [np.rot90(grid[i], 1) for i in some])
    turned["upsideDown"] = run_all(model, [np.rot90(grid[i], 2) for i in some])
    turned["rotatedRight"] = run_all(model, [np.rot90(grid[i], 3) for i in some])
    inverted = run_all(model, [255 - grid[i] for i in some])
    mirrored = run_all(model, [grid[i][:, ::-1] for i in some])
    flipped = run_all(model, [grid[i][::-1] for i in some])
    neg = np.load(a.cache + "/negatives.npz")
    held = np.flatnonzero(neg["held"])
    nz = run_all(model, [resize(neg["images"][i].astype(np.float32), SIZE) for i in held])
    kinds = neg["kinds"][held]

    gate_films = np.concatenate([sigmoid(v[:, GATE]) for v in (*turned.values(), inverted)])
    t_gate = float(np.clip(np.floor(np.quantile(gate_films, 0.004) * 1000) / 1000, 0.5, 0.95))
    up, ng = sigmoid(z[:, GATE]), sigmoid(nz[:, GATE])
    by_kind = {k: {"pictures": int((kinds == k).sum()), "accepted": int((ng[kinds == k] >= t_gate).sum())}
               for k in sorted(set(kinds))}
    lo, hi = auc_ci(np.concatenate([up, ng]), np.concatenate([np.ones(len(up)), np.zeros(len(ng))]),
                    np.concatenate([patients, [f"n{i}" for i in range(len(ng))]]), 300)
    gate = {"dataset": "all validation films; held-out kinds of other pictures", "images": int(len(up) + len(ng)), "positives": int(len(up)),
            "auc": round(float(roc_auc_score(np.r_[np.ones(len(up)), np.zeros(len(ng))], np.r_[up, ng])), 4),
            "aucLow": lo, "aucHigh": hi,
            "falseRefusalRate": round(float((up < t_gate).mean()), 4),
            "falseAcceptances": int((ng >= t_gate).sum()), "falseRefusals": int((up < t_gate).sum()),
            "falseRefusalRateTurnedOrInverted": round(float((gate_films < t_gate).mean()), 4),
            "falseAcceptanceRate": round(float((ng >= t_gate).mean()), 4),
            "otherPictures": int(len(ng)), "otherKinds": len(by_kind),
            "sensitivity": round(float((up >= t_gate).mean()), 4), "specificity": round(float((ng < t_gate).mean()), 4)}
    metrics["gate"] = dict(gate, byKind=by_kind)
    out_heads.append({"id": "gate.chest", "kind": "binary", "purpose": "gate", "indices": [GATE], "name": "Chest X-ray",
                      "plain": "Whether the picture looks like a chest X-ray taken from the front or the back",
                      "calibration": {"scale": 1.0, "bias": 0.0}, "threshold": t_gate,
                      "thresholdRule": "passes at least 99.6 % of validation films, turned and inverted ones included, and never under 0.5",
                      "shown": True, "measured": gate})

    oz = np.concatenate([turned[c][:, ORIENT] for c in ("upright", "upsideDown", "rotatedLeft", "rotatedRight")])
    oy = np.repeat(np.arange(4), len(some))
    os_ = temperature(oz, oy)
    op = np.exp(os_ * (oz - oz.max(1, keepdims=True)))
    op /= op.sum(1, keepdims=True)
    acc = {c: round(float((op[oy == i].argmax(1) == i).mean()), 4)
           for i, c in enumerate(("upright", "upsideDown", "rotatedLeft", "rotatedRight"))}
    acc["flippedTopToBottomCalledUpsideDown"] = round(float((flipped[:, ORIENT].argmax(1) == 1).mean()), 4)
    ori = {"dataset": "validation films, each turned four ways", "images": int(len(oy)), "accuracy": round(float((op.argmax(1) == oy).mean()), 4),
           "byClass": acc, "uprightCalledTurnedAtThreshold": round(float(((op[oy == 0].argmax(1) != 0) & (op[oy == 0].max(1) >= .5)).mean()), 4)}
    metrics["orientation"] = ori
    out_heads.append({"id": "orientation", "kind": "softmax", "purpose": "orientation", "indices": list(range(1, 5)),
                      "classes": ["upright", "upsideDown", "rotatedLeft", "rotatedRight"], "name": "Which way up",
                      "plain": "upright: head at the top. upsideDown: head at the bottom. rotatedLeft: turned a quarter anticlockwise, head at the left. rotatedRight: turned a quarter clockwise, head at the right.",
                      "calibration": {"scale": os_}, "threshold": 0.5, "thresholdRule": "the most probable class, if its probability is at least 0.5",
                      "shown": True, "measured": ori})

    pz = np.r_[turned["upright"][:, POLARITY], inverted[:, POLARITY]]
    py = np.r_[np.zeros(len(some)), np.ones(len(some))]
    s, b = platt(pz, py)
    pp = sigmoid(s * pz + b)
    sens, spec = rates(pp, py, .5)
    pol = {"dataset": "validation films, as they are and inverted", "images": int(len(py)), "positives": int(py.sum()),
           "auc": round(float(roc_auc_score(py, pp)), 4), "accuracy": round(float(((pp >= .5) == py).mean()), 4),
           "sensitivity": sens, "specificity": spec, "ece": round(cross_ece(pz, py, np.r_[patients[some], patients[some]]), 4)}
    metrics["polarity"] = pol
    out_heads.append({"id": "polarity", "kind": "binary", "purpose": "polarity", "indices": [POLARITY], "name": "Inverted greys",
                      "plain": "Whether black and white are swapped, so that bones look black",
                      "calibration": {"scale": s, "bias": b}, "threshold": 0.5, "thresholdRule": "more probable than not",
                      "shown": True, "measured": pol})

    mz = np.r_[turned["upright"][:, MIRROR], mirrored[:, MIRROR]]
    ms, mb = platt(mz, py)
    mp = sigmoid(ms * mz + mb)
    sens, spec = rates(mp, py, .5)
    mir = {"dataset": "validation films, as they are and mirrored", "images": int(len(py)), "positives": int(py.sum()),
           "auc": round(float(roc_auc_score(py, mz)), 4), "accuracy": round(float(((mp >= .5) == py).mean()), 4),
           "sensitivity": sens, "specificity": spec, "ece": round(cross_ece(mz, py, np.r_[patients[some], patients[some]]), 4)}
    metrics["mirrored"] = dict(mir, logit=MIRROR, calibration={"scale": ms, "bias": mb})   # measured, not offered

    adult = (extra[:, 0] >= 0) & (extra[:, 4] >= 18)
    vz, vy = z[adult][:, VIEW], extra[adult, 1].astype(int)
    vs = temperature(vz, vy)
    vp = sigmoid(vs * (vz[:, 1] - vz[:, 0]))
    lo, hi = auc_ci(vp, vy, patients[adult])
    view = {"dataset": "NIH ChestX-ray14 subset, patient-grouped validation split, adults", "images": int(adult.sum()), "positives": int(vy.sum()),
            "auc": round(float(roc_auc_score(vy, vp)), 4), "aucLow": lo, "aucHigh": hi,
            "accuracy": round(float(((vp >= .5) == vy).mean()), 4), "ece": round(ece(vp, vy), 4)}
    metrics["view"] = view
    out_heads.append({"id": "view", "kind": "softmax", "purpose": "view", "indices": [VIEW.start, VIEW.start + 1], "classes": ["PA", "AP"],
                      "name": "Direction of the beam", "plain": "PA: from the back, usually standing. AP: from the front, often in bed.",
                      "calibration": {"scale": vs}, "threshold": 0.8, "thresholdRule": "said only when one direction has a probability of 0.8 or more",
                      "shown": view["auc"] >= .7, "measured": view})

    # ---- findings
    def finding(id_, index, rows, y, words, code, scope, sens_wanted, dataset):
        zz, yy, pt = z[rows, index], y.astype(float), patients[rows]
        s, b = platt(zz, yy)
        pr = sigmoid(s * zz + b)
        auc = float(roc_auc_score(yy, zz))
        lo, hi = auc_ci(zz, yy, pt)
        t = threshold_for(pr, yy, sens_wanted)
        se, sp = rates(pr, yy, t)
        n_pos = int(yy.sum())
        m = {"dataset": dataset, "images": int(len(yy)), "patients": int(len(set(pt))), "positives": n_pos, "auc": round(auc, 3),
             "aucLow": lo, "aucHigh": hi, "sensitivity": se, "specificity": sp, "ece": round(cross_ece(zz, yy, pt), 4)}
        why = why_not_shown(n_pos, auc, lo)
        h = {"id": id_, "kind": "binary", "purpose": "finding", "indices": [index], "activationIndex": MAPPED.index(index),
             "name": words[0], "plain": words[1], "means": words[2],
             "code": {"system": "http://radlex.org", "code": code[0], "display": code[1]} if code else None,
             "calibration": {"scale": s, "bias": b}, "threshold": t, "thresholdRule": f"sensitivity {sens_wanted:.2f} on validation",
             "shown": why is None, "whyNotShown": why, "scope": scope, "measured": m}
        out_heads.append(h)
        bins = reliability(pr, yy)
        row = dict(m, shown=why is None, threshold=t, reliability=bins)
        # What the product tells people: of so many pictures with a number like this one, so many had it.
        m["groups"] = [{"upTo": b["upTo"], "images": b["n"], "positives": b["positives"]} for b in bins]
        groups = {}
        e = extra[rows]
        cuts = {}
        if e[0, 0] >= 0:
            cuts = {"women": e[:, 5] == 0, "men": e[:, 5] == 1, "18-39": e[:, 4] < 40, "40-64": (e[:, 4] >= 40) & (e[:, 4] < 65),
                    "65+": e[:, 4] >= 65, "PA": e[:, 1] == 0, "AP": e[:, 1] == 1,
                    "128 px": np.char.startswith(names[rows].astype(str), "nih/128"),
                    "64 px": np.char.startswith(names[rows].astype(str), "nih/64")}
        for g, c in cuts.items():
            n1 = int(yy[c].sum())
            if 10 <= n1 < c.sum():
                gs, gp = rates(pr[c], yy[c], t)
                groups[g] = {"images": int(c.sum()), "positives": n1, "auc": round(float(roc_auc_score(yy[c], zz[c])), 3),
                             "sensitivity": gs, "specificity": gp}
        row["groups"] = groups
        metrics["findings"][id_] = row

    codes = {"edema": "pulmonary edema"}
    nih_name = "NIH ChestX-ray14 subset, patient-grouped validation split, adults"
    ad = np.flatnonzero(adult)
    scope = {"minAge": 18, "maxAge": None, "views": ["PA", "AP"]}
    for k, id_ in enumerate(FINDING_IDS):
        n, pl, me, code = heads.ADULT[id_]
        finding(id_, FIND.start + k, ad, findings[ad, k], (n, pl, me),
                (code, codes.get(id_, "pleural effusion" if id_ == "effusion" else id_)) if code else None, scope, .90, nih_name)
    finding("any-finding", ANY, ad, extra[ad, 0], heads.ANY, None, scope, .90, nih_name)
    ker = "Kermany paediatric pneumonia, patient-grouped validation split of the published train folder"
    cs = {"minAge": 1, "maxAge": 5, "views": ["PA", "AP"]}
    r = np.flatnonzero(extra[:, 2] >= 0)
    finding("pneumonia-child", CHILD, r, extra[r, 2], heads.CHILD, None, cs, .95, ker)
    r = np.flatnonzero(extra[:, 3] >= 0)
    finding("pneumonia-bacterial", BACTERIAL, r, extra[r, 3], heads.BACTERIAL, None, cs, .90, ker + ", pictures with pneumonia")
    out_heads[-1]["onlyWhenFlagged"] = "pneumonia-child"
    metrics["macroAuc14"] = round(float(np.mean([metrics["findings"][i]["auc"] for i in FINDING_IDS])), 4)

    inp = {"name": "image", "width": SIZE, "height": SIZE, "channels": 1, "range": [0, 255], "polarity": "boneWhite",
           "resize": {"method": "triangle", "fit": "stretch"}, "grey": "rec601"}
    unsure = [h["id"] for h in out_heads if h["purpose"] == "finding" and not h["shown"]]
    manifest = {
        "schema": "lightbox-model/1", "id": "chest-xray", "version": a.version, "title": "Lightbox chest X-ray",
        "licence": "Apache-2.0 (weights and code; the starting weights are Apache-2.0); trained on NIH ChestX-ray14 (free to use with attribution) and Kermany et al. (CC BY 4.0)",
        "summary": "A small network that checks whether a picture is a chest X-ray the right way up and estimates some findings in adults and pneumonia in children of 1 to 5 years.",
        "intendedUse": "Research and education. Not a medical device; not for diagnosis, treatment or deciding how urgent something is. Every result needs a trained person who looks at the picture.",
        "modelFile": "model.onnx", "sha256": hashlib.sha256(open(a.model, "rb").read()).hexdigest(),
        "preprocessingSha256": hashlib.sha256(json.dumps(inp, sort_keys=True, separators=(",", ":")).encode()).hexdigest(),
        "trainedOn": ["NIH ChestX-ray14 subset (12,188 frontal pictures at 64 and 128 px; labels text-mined from reports)",
                      "Kermany paediatric chest X-rays (4,376 pictures, ages 1 to 5, one hospital)"],
        "input": inp, "outputs": {"logits": "logits", "activation": "activation"},
        "heads": out_heads, "notChecked": heads.not_checked(unsure)}
    for path, what in ((a.manifest, manifest), (a.metrics, metrics)):
        with open(path, "w") as f:
            json.dump(what, f, indent=1, ensure_ascii=False)
            f.write("\n")
    print("gate", {k: v for k, v in gate.items() if "Rate" in k}, "threshold", t_gate)
    print({k: v for k, v in by_kind.items() if v["accepted"]})
    print("orientation", ori["accuracy"], acc, "polarity", pol["accuracy"], "mirror", metrics["mirrored"], "view", view["auc"])
    for i, m in metrics["findings"].items():
        print(f"{i:20s} n+ {m['positives']:4d} AUC {m['auc']:.3f} [{m['aucLow']:.3f}, {m['aucHigh']:.3f}] se {m['sensitivity']:.2f} sp {m['specificity']:.2f} ece {m['ece']:.3f} {'' if m['shown'] else 'not shown'}")
    print("macro", metrics["macroAuc14"])


if __name__ == "__main__":
    main()
