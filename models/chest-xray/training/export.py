"""Step 4. net.pt -> model.onnx, then compare torch with OpenVINO and time it.

python export.py --net net.pt --out model.onnx [--report export.json]
"""
import argparse
import hashlib
import json
import os
import time

import numpy as np
import onnx
import torch

from common import SIZE, compiled
from network import Exported, Net


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--net", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--report")
    a = p.parse_args()
    torch.manual_seed(0)
    net = Net()
    net.load_state_dict(torch.load(a.net))
    e = Exported(net).eval()
    x = torch.rand(2, 1, SIZE, SIZE) * 255
    torch.onnx.export(e, (x,), a.out, input_names=["image"], output_names=["logits", "activation"],
                      dynamic_axes={"image": {0: "n"}, "logits": {0: "n"}, "activation": {0: "n"}},
                      opset_version=17, dynamo=False)
    m = onnx.load(a.out)
    onnx.checker.check_model(m)
    run = compiled(a.out)
    worst = {"logits": 0.0, "activation": 0.0}
    rng = np.random.default_rng(0)
    for n in (1, 3):
        for kind in range(4):
            q = rng.uniform(0, 255, (n, 1, SIZE, SIZE)).astype(np.float32)
            if kind == 1:
                q[:] = np.linspace(0, 255, SIZE, dtype=np.float32)
            if kind == 2:
                q[:] = 0
            if kind == 3:
                q = np.repeat(np.repeat(q[:, :, ::16, ::16], 16, 2), 16, 3)[:, :, :SIZE, :SIZE].copy()
            with torch.no_grad():
                t = [v.numpy() for v in e(torch.from_numpy(q))]
            r = run(q)
            for name, tv, rv in zip(worst, t, [r[0], r[1]]):
                worst[name] = max(worst[name], float(np.abs(tv - rv).max()))
    q = rng.uniform(0, 255, (1, 1, SIZE, SIZE)).astype(np.float32)
    req = run.create_infer_request()
    times = []
    for _ in range(200):
        t = time.perf_counter()
        req.infer({0: q})
        times.append((time.perf_counter() - t) * 1000)
    sha = hashlib.sha256(open(a.out, "rb").read()).hexdigest()
    report = {"sha256": sha, "bytes": os.path.getsize(a.out), "opset": m.opset_import[0].version,
              "largestDifference": worst, "activationShape": list(r[1].shape[1:]),
              "latencyMs": {"median": round(float(np.median(times)), 2),
                            "p95": round(float(np.percentile(times, 95)), 2),
                            "least": round(float(np.min(times)), 2)}}
    print(json.dumps(report, indent=1))
    # Activations are tens of times larger than logits, and so are their rounding errors.
    assert worst["logits"] < 1e-4 and worst["activation"] < 1e-3, worst
    if a.report:
        with open(a.report, "w") as f:
            json.dump(report, f, indent=1)


if __name__ == "__main__":
    main()
