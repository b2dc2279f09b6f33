"""Step 5. Heads for mirrored, cropped, glare and side views on the frozen network: joined to the graph, which stays as it is.

python train_faults.py --model first.onnx --cache DIR --side side-views.csv --out model.onnx --report faults.json

Each head is one linear layer on pooled maps of the network: one wants to know where in the picture something is, so that
the maps keep their 5 x 5 places. Nothing that was there is trained: the old outputs are the same to the last bit.

--side names the few side views that are among the films by mistake. They were found by how much their features are like
those of a first one, and each was looked at. They count for the head of side views only.
"""
import argparse
import csv
import json
import os
import time

import numpy as np
import onnx
from onnx import helper, numpy_helper
from sklearn.metrics import roc_auc_score

import faults
from common import CROPPED, GLARE, MIRRORED, SIDE, SIZE, fold, resize

HEADS = ["mirrored", "cropped", "glare", "not-frontal"]
assert [MIRRORED, CROPPED, GLARE, SIDE] == [26, 27, 28, 29]
KINDS, SHARES = ["ordinary", "photograph", "cropped", "glare"], [.37, .10, .28, .25]
# The logits are divided by this, which calibration undoes: on pictures far from any film they are large, and so would be the
# rounding errors that differ between processors and that golden pictures are held against.
DIVISOR = 8
SIDE_WEIGHT = .1        # of all side views together, against all other pictures together
# Tensor of the graph, side of its maps, and how each is pooled to 5 x 5.
MAPS = [("/_blocks.15/_project_conv/Conv_output_0", 5, ()), ("/_blocks.10/Add_output_0", 10, ("AveragePool",)),
        ("/_blocks.4/Add_output_0", 20, ("AveragePool", "MaxPool")), ("/_blocks.2/Add_output_0", 40, ("AveragePool", "MaxPool")),
        ("/Div_output_0", 160, ("AveragePool", "MaxPool"))]


def with_features(model):
    """The graph with one more output, `faultFeatures` [n, F]."""
    graph = model.graph
    parts = []
    for k, (tensor, side, pools) in enumerate(MAPS):
        flat = []
        for pool in pools or (None,):
            source = tensor
            if pool:
                source = f"fault_pool_{k}_{pool}"
                step = 10 if side == 160 else side // 5
                graph.node.append(helper.make_node(pool, [tensor], [source], kernel_shape=[step, step], strides=[step, step]))
            flat.append(f"{source}_flat" if pool else f"fault_flat_{k}")
            graph.node.append(helper.make_node("Flatten", [source], [flat[-1]], axis=1))
        parts += flat
    graph.node.append(helper.make_node("Concat", parts, ["faultFeatures"], axis=1))
    graph.output.append(helper.make_tensor_value_info("faultFeatures", onnx.TensorProto.FLOAT, ["n", "features"]))
    return model


def joined(model, weight, bias):
    """The graph with the heads behind its old logits. weight [F, heads], bias [heads]."""
    graph = with_features(model).graph
    del graph.output[-1]
    graph.initializer.extend([numpy_helper.from_array(weight.astype(np.float32), "faults.weight"),
                              numpy_helper.from_array(bias.astype(np.float32), "faults.bias")])
    for node in graph.node:
        for k, name in enumerate(node.output):
            if name == "logits":
                node.output[k] = "logits_before"
    graph.node.extend([helper.make_node("Gemm", ["faultFeatures", "faults.weight", "faults.bias"], ["fault_logits"]),
                       helper.make_node("Concat", ["logits_before", "fault_logits"], ["logits"], axis=1)])
    for output in graph.output:
        if output.name == "logits":
            output.type.tensor_type.shape.dim[1].dim_value += len(bias)
    onnx.checker.check_model(model, full_check=True)
    return model


class Features:
    def __init__(self, path, threads=1):
        import openvino as ov
        core = ov.Core()
        self.run = core.compile_model(core.read_model(with_features(onnx.load(path)).SerializeToString()), "CPU", {
            "INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1})
        self.request = self.run.create_infer_request()

    def __call__(self, g):
        self.request.infer({0: np.ascontiguousarray(g, np.float32)[None, None]})
        return self.request.get_output_tensor(2).data[0]


def draw(g, kind, rng, side=False):
    """One picture at SIZE of a film, and its labels in the order of HEADS; -1 where it says nothing to a head."""
    mirrored = rng.random() < .5
    if mirrored:
        g = g[:, ::-1]
    labels = (mirrored, kind == "cropped", kind == "glare", 0)
    if kind == "as-is":
        picture = resize(g, SIZE)
    elif kind == "cropped":
        g = faults.cut(g, rng)[0]
        u = rng.random()
        picture = resize(g, SIZE) if u < .4 else faults.photograph(g, rng) if u < .5 else faults.ordinary(g, rng)
    else:
        picture = getattr(faults, kind)(g, rng)
    if kind == "glare":
        labels = (mirrored, -1, 1, 0)
    return picture, (-1, -1, -1, 1) if side else labels


def kind_in(r, rng):
    """What is drawn over a film in round r: nothing in the first, then any kind."""
    return "as-is" if r == 0 else str(rng.choice(KINDS, p=SHARES))


def fit(x, y, weight_of, mean, deviation, penalty, rng, epochs, batch=512):
    """Logistic regressions, one a column, by Adam with a falling rate; the penalty is on the weights of scaled features."""
    n, f = x.shape
    w, b = np.zeros((f, y.shape[1]), np.float32), np.zeros(y.shape[1], np.float32)
    m, v, mb, vb = np.zeros_like(w), np.zeros_like(w), np.zeros_like(b), np.zeros_like(b)
    step, total = 0, epochs * (n // batch)
    for _ in range(epochs):
        order = rng.permutation(n)
        for k in range(n // batch):
            rows = np.sort(order[k * batch:(k + 1) * batch])
            xb = (x[rows].astype(np.float32) - mean) / deviation
            p = 1 / (1 + np.exp(-np.clip(xb @ w + b, -30, 30)))
            e = (p - y[rows]) * weight_of[rows] / batch
            g, gb = xb.T @ e + penalty * w, e.sum(0)
            step += 1
            rate = 2e-3 * min(1, step / 50) * (.01 + .99 * .5 * (1 + np.cos(np.pi * step / total)))
            for q, r, s, t in ((w, g, m, v), (b, gb, mb, vb)):
                s += .1 * (r - s)
                t += .001 * (r * r - t)
                q -= rate * (s / (1 - .9 ** step)) / (np.sqrt(t / (1 - .999 ** step)) + 1e-8)
    return w, b


def read_side(path, files):
    with open(path, newline="") as f:
        named = {r["file"] for r in csv.DictReader(f)}
    assert named <= set(files), named - set(files)
    return np.isin(files, sorted(named))


def weights(y):
    """1 where a picture says something to a head; side views are few, and count for more."""
    w = (y >= 0).astype(np.float32)
    side = y[:, 3] == 1
    w[side, 3] = SIDE_WEIGHT * (~side).sum() / max(1, side.sum())
    return w


def solve(x, y, columns, rng, penalty, epochs=14):
    """Weights and biases of some heads, for unscaled features."""
    some = np.sort(rng.choice(len(x), min(6000, len(x)), replace=False))
    part = x[some].astype(np.float32)
    mean, deviation = part.mean(0), part.std(0) + 1e-2
    w, b = fit(x, np.maximum(y, 0)[:, columns], weights(y)[:, columns], mean, deviation, penalty, rng, epochs)
    return w / deviation[:, None], b - (mean / deviation) @ w


def left_out(x, y, film, patients, films, penalty, folds=5):
    """Logits of each side view as it is, from a head that never saw its patient."""
    part = np.array([fold("side" + q) % folds for q in patients])
    out = {}
    for k in range(folds):
        rows = np.flatnonzero(((np.arange(len(x)) < films) | (y[:, 3] == 1)) & ~((y[:, 3] == 1) & (part[film] == k)))
        w, b = solve(x[rows], y[rows], [3], np.random.default_rng(k), penalty, epochs=8)
        for i in np.flatnonzero((y[:films, 3] == 1) & (part[film[:films]] == k)):
            out[int(film[i])] = float((x[i].astype(np.float32) @ w + b)[0]) / DIVISOR
    return out


def main():
    p = argparse.ArgumentParser()
    for n in ("model", "cache", "side", "out", "report"):
        p.add_argument("--" + n, required=True)
    p.add_argument("--rounds", type=int, default=3, help="pictures drawn for each training film")
    p.add_argument("--more", type=int, default=120, help="further pictures drawn for each side view")
    p.add_argument("--penalty", type=float, default=1e-2)
    p.add_argument("--seed", type=int, default=11)
    a = p.parse_args()
    d = np.load(a.cache + "/films.npz")
    images, train = d["images"], np.flatnonzero(~d["val"])
    side = read_side(a.side, d["files"])
    features = Features(a.model)
    plan = [(r, int(i)) for r in range(a.rounds) for i in train]
    plan += [(r, int(i)) for i in train[side[train]] for r in range(a.rounds, a.rounds + a.more)]
    film = np.array([i for _, i in plan])
    x = np.lib.format.open_memmap(a.cache + "/fault_features.npy", "w+", np.float16, (len(plan), len(features(np.zeros((SIZE, SIZE))))))
    y = np.zeros((len(plan), len(HEADS)), np.float32)
    start = time.time()
    for k, (r, i) in enumerate(plan):
        rng = np.random.default_rng([a.seed, r, i])
        g, y[k] = draw(images[i].astype(np.float32), kind_in(r, rng), rng, side[i])
        x[k] = features(g)
        if k % 5000 == 0:
            print(f"{k} of {len(plan)}, {time.time() - start:.0f}s", flush=True)
    np.savez(a.cache + "/fault_labels.npz", y=y, film=film)
    finish(a, x, y, film, d["patients"], len(train), d["files"])


def finish(a, x, y, film, patients, films, files):
    weight, bias = solve(x, y, [0, 1, 2, 3], np.random.default_rng(a.seed), a.penalty)
    onnx.save(joined(onnx.load(a.model), weight / DIVISOR, bias / DIVISOR), a.out)
    z = x[:films].astype(np.float32) @ weight + bias
    seen = {h: round(float(roc_auc_score(y[:films, k][y[:films, k] >= 0], z[y[:films, k] >= 0, k])), 4) for k, h in enumerate(HEADS) if h in ("mirrored", "not-frontal")}
    report = {"pictures": len(x), "features": int(x.shape[1]), "bytesAdded": os.path.getsize(a.out) - os.path.getsize(a.model),
              "aucOnTrainingFilms": seen,
              "sideViewsLeftOut": {str(files[i]): round(v, 4) for i, v in left_out(x, y, film, patients, films, a.penalty).items()}}
    print(json.dumps(report, indent=1))
    with open(a.report, "w") as f:
        json.dump(report, f, indent=1)


if __name__ == "__main__":
    main()
