"""Step 8. Draw the golden inputs (deterministic, nobody's pictures) and write the expected outputs.

python golden.py --model model.onnx --out golden/
"""
import argparse
import json
import os

import numpy as np
from PIL import Image
from scipy import ndimage

from common import SIZE, compiled, resize, to_grey


def phantom(h, w, seed):
    """A drawn chest: body, two dark lungs, heart, spine, ribs."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:h, 0:w]
    u, v = (x + .5) / w, (y + .5) / h
    a = 150 + 40 * v + 0 * u
    a = a - 110 * np.clip(1.3 - np.hypot((u - .30) / .17, (v - .47) / .33) ** 4, 0, 1)
    a = a - 110 * np.clip(1.3 - np.hypot((u - .70) / .17, (v - .47) / .33) ** 4, 0, 1)
    a = a + 80 * np.clip(1.3 - np.hypot((u - .55) / .16, (v - .62) / .18) ** 4, 0, 1)
    a = a + 25 * np.exp(-((u - .5) / .04) ** 2)
    for i in range(9):
        a = a + 18 * np.exp(-((v - .14 - i * .08 - .25 * (np.abs(u - .5) - .2) ** 2) / .012) ** 2)
    a = np.where(np.abs(u - .5) > .46 - .05 * np.abs(v - .5), 8, a)
    return ndimage.gaussian_filter(a + rng.normal(0, 3, a.shape), 1.2)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--model", required=True)
    p.add_argument("--out", required=True)
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    rng = np.random.default_rng(7)
    y, x = np.mgrid[0:97, 0:131]
    inputs = {
        "phantom-large.png": phantom(520, 431, 1),            # both sides shrink
        "phantom-small.png": phantom(120, 120, 2),            # both sides grow
        "phantom-upside-down.png": phantom(300, 256, 3)[::-1],
        "waves.png": 127 + 70 * np.sin(x / 9) + 50 * np.cos(y / 13),   # odd sizes, both grow
        "blocks-rgb.png": np.kron(rng.integers(0, 256, (9, 12, 3)), np.ones((23, 41, 1))),  # colour, shrinks
    }
    run = compiled(a.model)
    files = []
    for name, g in inputs.items():
        im = Image.fromarray(np.clip(np.round(g), 0, 255).astype(np.uint8))
        path = os.path.join(a.out, name)
        im.save(path, optimize=True)
        grey = resize(to_grey(Image.open(path)), SIZE)
        r = run(np.ascontiguousarray(grey, np.float32)[None, None])
        logits, act = r[0][0].astype(float), r[1][0].astype(float)
        files.append({"file": name, "width": im.width, "height": im.height, "mode": im.mode,
                      "inputMean": round(float(grey.astype(np.float64).mean()), 5),
                      "logits": [round(float(v), 6) for v in logits],
                      "activationMeans": [round(float(v), 6) for v in act.mean((1, 2))]})
    out = {"schema": "lightbox-golden/1", "tolerance": 1e-4,
           "toleranceMeans": "largest absolute difference of any logit (and any activation mean); inputMean, the mean of the resized picture, to 1e-3",
           "files": files}
    with open(os.path.join(a.out, "expected.json"), "w") as f:
        json.dump(out, f, indent=1)
        f.write("\n")
    print(os.listdir(a.out), max(abs(v) for q in files for v in q["logits"]))


if __name__ == "__main__":
    main()
