"""Step 7. Measure the heads for mirrored, cropped, glare and side views, and write them into the manifest.

python measure_faults.py --model model.onnx --cache DIR --nih-tar T --kermany-tar T --side side-views.csv --faults faults.json
                         --manifest manifest.json --metrics metrics.json --version 1.1.0 [--before first.onnx]

The validation patients are cut in two by a hash: one half chooses calibration and threshold, the other is measured.
"""
import argparse
import hashlib
import json
import os
import time

import numpy as np
from sklearn.metrics import roc_auc_score

import faults
import heads
from common import CROPPED, GLARE, MIRRORED, SIDE, SIZE, compiled, fold, resize
from measure import from_files, run_all
from measures import auc_ci, cross_ece, platt, sigmoid
from train_faults import DIVISOR, read_side

INDEX = {"glare": GLARE, "cropped": CROPPED, "mirrored": MIRRORED}      # in the order in which they refuse
ALLOWED = 0.003          # share of untouched films that a head may refuse, of adults and of children


def drawn(films, seed):
    """For each film what is drawn over it: {kind: picture}, and the largest share that was cut off."""
    out = {k: [] for k in ("cropped", "glare", "photograph", "ordinary")}
    shares = []
    for i, g in enumerate(films):
        rng = np.random.default_rng([seed, i])
        g = g.astype(np.float32)
        cut, share = faults.cut(g, rng)
        shares.append(share)
        out["cropped"].append(resize(cut, SIZE))
        out["glare"].append(faults.glare(g, rng))
        out["photograph"].append(faults.photograph(g, rng))
        out["ordinary"].append(faults.ordinary(g, rng))
    return out, shares


def threshold(p, groups):
    """At most ALLOWED of the untouched films of each group, and never under 0.9."""
    t = max(np.quantile(p[g], 1 - ALLOWED, method="higher") for g in groups)
    return min(float(np.ceil(max(t, .9) * 1e4 + 1) / 1e4), .9999)


def share(v):
    return round(float(np.mean(v)), 4) if len(v) else None


def head(id_, index, scale, bias, t, allowed, measured):
    name, plain = heads.FAULTS[id_]
    return {"id": id_, "kind": "binary", "purpose": "fault", "indices": [index], "name": name, "plain": plain,
            "calibration": {"scale": scale, "bias": bias}, "threshold": t,
            "thresholdRule": f"refuses at most {100 * ALLOWED:.1f} % of untouched films of adults and of children, on the patients that chose it, and never under 0.9",
            "shown": bool(allowed), "whyNotShown": None if allowed else "It refused too many untouched films.", "measured": measured}


def main():
    p = argparse.ArgumentParser()
    for n in ("model", "cache", "nih-tar", "kermany-tar", "side", "faults", "manifest", "metrics", "version"):
        p.add_argument("--" + n, required=True)
    p.add_argument("--before", help="the graph without these heads, to be timed beside the one with them")
    p.add_argument("--again", action="store_true", help="with the logits of the last run, which lie in the cache")
    a = p.parse_args()
    d = np.load(a.cache + "/films.npz")
    side = read_side(a.side, d["files"])
    pick = np.flatnonzero(d["val"] & ~side)
    names, patients, extra = d["files"][pick], d["patients"][pick], d["extra"][pick]
    grid = from_files(names, a.nih_tar, a.kermany_tar)
    model = compiled(a.model)
    if a.again:
        kept = np.load(a.cache + "/fault_logits.npz", allow_pickle=False)
        z, cuts = {k: kept[k] for k in kept.files if k != "cuts"}, json.loads(str(kept["cuts"]))
    else:
        pictures, cuts = drawn(d["images"][pick], 5)
        pictures["as-is"] = grid
        pictures["mirrored"] = [g[:, ::-1] for g in grid]
        z = {k: run_all(model, v) for k, v in pictures.items()}
        np.savez(a.cache + "/fault_logits.npz", cuts=json.dumps(cuts), **z)
    unseen = np.flatnonzero(d["val"] & side)
    side_grid = from_files(d["files"][unseen], a.nih_tar, a.kermany_tar)

    groups = {"adults": (extra[:, 0] >= 0) & (extra[:, 4] >= 18), "children": extra[:, 2] >= 0,
              "minors": (extra[:, 0] >= 0) & (extra[:, 4] < 18)}
    choose = np.array([fold("faults" + q) < 50 for q in patients])
    metrics, out = {}, []
    for id_, index in INDEX.items():
        plain, with_it = z["as-is"][:, index], z[id_][:, index]
        both, y = np.r_[plain, with_it], np.r_[np.zeros(len(plain)), np.ones(len(with_it))]
        half = np.r_[choose, choose]
        scale, bias = platt(both[half], y[half])
        p = {k: sigmoid(scale * v[:, index] + bias) for k, v in z.items()}
        t = threshold(p["as-is"], [choose & groups["adults"], choose & groups["children"]])
        test = ~choose
        rows = {}
        for name, g in groups.items():
            g = g & test
            rows[name] = {"films": int(g.sum()), "found": share(p[id_][g] >= t), "falselyRefused": int((p["as-is"][g] >= t).sum()),
                          "falseRefusalRate": share(p["as-is"][g] >= t), "auc": round(float(roc_auc_score(
                              np.r_[np.zeros(g.sum()), np.ones(g.sum())], np.r_[p["as-is"][g], p[id_][g]])), 4),
                          "varied": share(p["ordinary"][g] >= t), "photographed": share(p["photograph"][g] >= t)}
        pt = np.r_[patients[test], patients[test]]
        yt, pr = np.r_[np.zeros(test.sum()), np.ones(test.sum())], np.r_[p["as-is"][test], p[id_][test]]
        lo, hi = auc_ci(pr, yt, pt, 300)
        measured = {
            "dataset": "validation films of patients who chose nothing here, as they are and with the fault drawn over them",
            "images": int(len(yt)), "patients": int(len(set(pt))), "positives": int(yt.sum()), "auc": round(float(roc_auc_score(yt, pr)), 4),
            "aucLow": lo, "aucHigh": hi, "sensitivity": share(pr[yt > 0] >= t), "specificity": share(pr[yt == 0] < t),
            "ece": round(cross_ece(both[~half], yt, pt), 4),
            "falseRefusalRate": share(p["as-is"][test] >= t), "falseRefusalRateAdults": rows["adults"]["falseRefusalRate"],
            "falseRefusalRateChildren": rows["children"]["falseRefusalRate"]}
        row = dict(measured, threshold=t, groups=rows)
        if id_ == "cropped":
            most = np.array([max(c.values()) for c in cuts])
            row["byShareCut"] = {f"{lo}-{hi} %": {"pictures": int(m.sum()), "found": share(p[id_][m] >= t)} for lo, hi in
                                 ((15, 20), (20, 25), (25, 30), (30, 40)) for m in [test & (most >= lo / 100) & (most < hi / 100)]}
            row["bySide"] = {s: {"pictures": int(m.sum()), "found": share(p[id_][m] >= t)} for s in faults.SIDES
                             for m in [test & np.array([list(c) == [s] for c in cuts])]}
        metrics[id_] = row
        allowed = all(rows[g]["falseRefusalRate"] <= ALLOWED for g in ("adults", "children"))
        out.append(head(id_, index, scale, bias, t, allowed, measured))
        print(id_, "threshold", t, {k: v for k, v in row.items() if k not in ("dataset",)})

    # Side views: few, so that what was left out of training by patient counts beside those of the validation patients.
    p = sigmoid(DIVISOR * z["as-is"][:, SIDE])
    t = threshold(p, [choose & groups["adults"], choose & groups["children"]])
    test = ~choose
    found = sigmoid(DIVISOR * run_all(model, side_grid)[:, SIDE])
    left_out = sigmoid(DIVISOR * np.array(list(json.load(open(a.faults))["sideViewsLeftOut"].values())))
    lo, hi = auc_ci(np.r_[p[test], found, left_out], np.r_[np.zeros(test.sum()), np.ones(len(found) + len(left_out))],
                    np.r_[patients[test], [f"s{i}" for i in range(len(found) + len(left_out))]], 300)
    both = np.r_[found, left_out]
    measured = {"dataset": "validation films of patients who chose nothing here; side views of validation patients, and of training patients from heads that never saw them",
                "images": int(test.sum() + len(both)), "positives": len(both), "auc": round(float(roc_auc_score(np.r_[np.zeros(test.sum()), np.ones(len(both))], np.r_[p[test], both])), 4),
                "aucLow": lo, "aucHigh": hi, "sensitivity": share(both >= t), "specificity": share(p[test] < t), "falseRefusalRate": share(p[test] >= t),
                "falseRefusalRateAdults": share(p[test & groups["adults"]] >= t), "falseRefusalRateChildren": share(p[test & groups["children"]] >= t)}
    metrics["not-frontal"] = dict(measured, threshold=t, validation={"sideViews": len(found), "found": int((found >= t).sum())},
                                  leftOut={"sideViews": len(left_out), "found": int((left_out >= t).sum())},
                                  groups={k: {"films": int((test & g).sum()), "falselyRefused": int((p[test & g] >= t).sum())} for k, g in groups.items()},
                                  varied=share(sigmoid(DIVISOR * z["ordinary"][test][:, SIDE]) >= t), photographed=share(sigmoid(DIVISOR * z["photograph"][test][:, SIDE]) >= t))
    print("not-frontal", metrics["not-frontal"])
    allowed = measured["falseRefusalRateAdults"] <= ALLOWED and measured["falseRefusalRateChildren"] <= ALLOWED
    out.insert(0, head("not-frontal", SIDE, float(DIVISOR), 0.0, t, allowed, measured))

    m, q = json.load(open(a.manifest)), json.load(open(a.metrics))
    m["version"] = q["version"] = a.version
    m["sha256"] = hashlib.sha256(open(a.model, "rb").read()).hexdigest()
    kept = [h for h in m["heads"] if h["purpose"] != "fault"]
    at = next(i for i, h in enumerate(kept) if h["purpose"] == "view")
    m["heads"] = kept[:at] + out + kept[at:]
    m["notChecked"] = heads.not_checked([h["id"] for h in m["heads"] if h["purpose"] == "finding" and not h["shown"]])
    q["faults"] = metrics
    runs = {a.version: model, **({"before": compiled(a.before)} if a.before else {})}
    times = {k: [] for k in runs}
    for _ in range(400):                       # in turn, so that other programs slow both
        for k, run in runs.items():
            start = time.perf_counter()
            run(grid[0][None, None])
            times[k].append((time.perf_counter() - start) * 1000)
    latency = {k: {"median": round(float(np.median(v)), 2), "p95": round(float(np.percentile(v, 95)), 2), "least": round(float(np.min(v)), 2)}
               for k, v in times.items()}
    q["export"].update(sha256=m["sha256"], bytes=os.path.getsize(a.model), latencyMs=latency[a.version], latencyBeforeMs=latency.get("before"))
    for path, what in ((a.manifest, m), (a.metrics, q)):
        with open(path, "w") as f:
            json.dump(what, f, indent=1, ensure_ascii=False)
            f.write("\n")


if __name__ == "__main__":
    main()
