"""Step 3. Train the network (CPU).

python train.py --cache DIR --out net.pt [--init net.pt] (--steps N | --minutes M) [--seed 1]
With --minutes the cosine schedule follows the clock; the log says how many steps that was.
"""
import argparse
import copy
import io
import math
import time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from common import ANY, BACTERIAL, CHILD, FIND, GATE, MIRROR, ORIENT, POLARITY, SIZE, VIEW
from faults import wires
from network import Net


class Sampler:
    """Goes through a list in random order, again and again."""

    def __init__(self, index, rng):
        self.index, self.rng, self.left = index, rng, []

    def take(self, n):
        out = []
        while len(out) < n:
            if not len(self.left):
                self.left = list(self.rng.permutation(self.index))
            out.append(self.left.pop())
        return np.array(out)


def augment(x, film, rng, gen, turned=0.22, inverted=0.12, wired=0.0, flattened=0.0):
    """x: [N,1,C,C] float 0..255. Returns the pictures at SIZE and what was done to them."""
    n = len(x)
    rot = np.where(rng.random(n) < turned, rng.integers(1, 4, n), 0)   # quarter turns, anticlockwise
    flip = rng.random(n) < 0.35
    inv = rng.random(n) < inverted
    # small geometry and the output grid in one step
    ang = np.deg2rad(rng.normal(0, 5, n).clip(-14, 14))
    zoom = np.exp(rng.normal(-0.04, 0.09, n).clip(-.3, .22))         # < 1 looks closer
    wide = np.exp(rng.normal(0, 0.07, n).clip(-.2, .2))
    far = rng.random(n) < 0.06
    zoom = np.where(far, rng.uniform(1.05, 1.4, n), zoom)
    tx, ty = rng.normal(0, .05, n).clip(-.15, .15), rng.normal(0, .05, n).clip(-.15, .15)
    theta = np.zeros((n, 2, 3), np.float32)
    c, s = np.cos(ang), np.sin(ang)
    theta[:, 0, 0], theta[:, 0, 1], theta[:, 0, 2] = c * zoom * wide, -s * zoom, tx
    theta[:, 1, 0], theta[:, 1, 1], theta[:, 1, 2] = s * zoom * wide, c * zoom, ty
    theta[:, :, 0] *= np.where(flip, -1, 1)[:, None]
    grid = F.affine_grid(torch.from_numpy(theta), (n, 1, SIZE, SIZE), align_corners=False)
    x = F.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    # blur or sharpen
    amount = torch.from_numpy(rng.uniform(-1.0, 1.0, n).astype(np.float32) * (rng.random(n) < .6)).view(n, 1, 1, 1)
    k = torch.tensor([1., 4., 6., 4., 1.])
    k = (k[:, None] * k / k.sum() ** 2)[None, None]
    soft = F.conv2d(F.pad(x, (2, 2, 2, 2), mode="replicate"), k)
    x = x + amount * (soft - x)
    # some with the broad differences evened out, as newer machines do
    some = np.flatnonzero(rng.random(n) < flattened) if flattened else []
    if len(some):
        r = int(rng.integers(5, 14))
        broad = F.interpolate(x[some], (r, r), mode="bilinear", antialias=True, align_corners=False)
        broad = F.interpolate(broad, (SIZE, SIZE), mode="bicubic", align_corners=False)
        part = torch.from_numpy(rng.uniform(.2, .8, len(some)).astype(np.float32)).view(-1, 1, 1, 1)
        x[some] = x[some] - part * (broad - broad.mean((2, 3), keepdim=True))
    # lower resolution for some
    some = np.flatnonzero(rng.random(n) < .3)
    if len(some):
        r = int(rng.integers(56, 144))
        small = F.interpolate(x[some], (r, r), mode="bilinear", antialias=True, align_corners=False)
        x[some] = F.interpolate(small, (SIZE, SIZE), mode="bilinear", align_corners=False)
    # tone
    x = x.clamp(0, 255) / 255
    gamma = torch.from_numpy(np.exp(rng.normal(0, .25, n)).astype(np.float32)).view(n, 1, 1, 1)
    x = x ** gamma
    gain = torch.from_numpy(rng.uniform(.6, 1.35, n).astype(np.float32)).view(n, 1, 1, 1)
    bias = torch.from_numpy(rng.uniform(-.12, .12, n).astype(np.float32)).view(n, 1, 1, 1)
    x = (x - .5) * gain + .5 + bias
    noise = torch.from_numpy((rng.uniform(0, .025, n) * (rng.random(n) < .4)).astype(np.float32)).view(n, 1, 1, 1)
    x = (x + noise * torch.randn(x.shape, generator=gen)).clamp(0, 1) * 255
    for i in range(n):
        if wired and rng.random() < wired:
            w = torch.from_numpy(wires(rng) * rng.uniform(.3, 1))
            x[i, 0] = x[i, 0] + w * (255 - x[i, 0])
        u = rng.random()
        if u < .12:                                   # JPEG
            b = io.BytesIO()
            Image.fromarray(x[i, 0].numpy().astype(np.uint8)).save(b, "JPEG", quality=int(rng.integers(25, 90)))
            x[i, 0] = torch.from_numpy(np.asarray(Image.open(b), np.float32))
        elif u < .20:                                 # collimation or letterbox
            e = int(rng.integers(3, 26))
            v = 0. if rng.random() < .8 else 255.
            if rng.random() < .5:
                x[i, :, :e] = v
                x[i, :, SIZE - e:] = v
            else:
                x[i, :, :, :e] = v
                x[i, :, :, SIZE - e:] = v
        elif u < .28:                                 # a bright marker
            h, w = int(rng.integers(4, 14)), int(rng.integers(4, 26))
            yy, xx = int(rng.integers(0, 40)), int(rng.choice([rng.integers(0, 40), rng.integers(95, 130)]))
            x[i, :, yy:yy + h, xx:xx + w] = 255. if rng.random() < .8 else 0.
        if rot[i]:
            x[i] = torch.rot90(x[i], int(rot[i]), (1, 2))
    inv_t = torch.from_numpy(inv)
    x[inv_t] = 255 - x[inv_t]
    # classes: 0 upright, 1 upside down, 2 rotated left (anticlockwise), 3 rotated right
    orient = np.choose(rot, [0, 2, 1, 3])
    return x, orient, flip, inv


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--cache", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--init")
    p.add_argument("--steps", type=int)
    p.add_argument("--minutes", type=float)
    p.add_argument("--stop", type=int, help="stop after this many steps, before the schedule ends")
    p.add_argument("--batch", type=int, nargs=3, default=[26, 11, 11], help="NIH, Kermany, negatives")
    p.add_argument("--lr", type=float, default=1.2e-3)
    p.add_argument("--decay", type=float, default=0.998)
    p.add_argument("--turned", type=float, default=.22, help="share turned by quarters")
    p.add_argument("--inverted", type=float, default=.12)
    p.add_argument("--wired", type=float, default=0.0, help="share with drawn leads and tubes")
    p.add_argument("--flattened", type=float, default=0.0, help="share with broad differences evened out")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--save-minutes", type=float, default=5)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    rng = np.random.default_rng(a.seed)
    gen = torch.Generator().manual_seed(a.seed)

    d = np.load(a.cache + "/films.npz")
    images, findings, extra, val = d["images"], d["findings"].astype(np.float32), d["extra"], d["val"]
    neg = np.load(a.cache + "/negatives.npz")
    nimg, nkeep = neg["images"], np.flatnonzero(~neg["held"])
    kinds = neg["kinds"][nkeep]
    nih = Sampler(np.flatnonzero(~val & (extra[:, 0] >= 0)), rng)
    child = Sampler(np.flatnonzero(~val & (extra[:, 2] >= 0)), rng)
    # kinds count as the square root of their number
    weight = {k: (kinds == k).sum() ** -.5 for k in set(kinds)}
    w = np.array([weight[k] for k in kinds])
    w /= w.sum()

    net = Net(pretrained=True)
    if a.init:
        net.load_state_dict(torch.load(a.init))
    net = net.to(memory_format=torch.channels_last).train()
    ema = copy.deepcopy(net).eval()
    head = [q for n, q in net.named_parameters() if n.startswith("heads")]
    slow = [q for n, q in net.named_parameters() if not n.startswith("heads") and q.ndim > 1]
    norm = [q for n, q in net.named_parameters() if not n.startswith("heads") and q.ndim <= 1]
    opt = torch.optim.AdamW([{"params": head, "weight_decay": 1e-2, "k": 2.0},
                             {"params": slow, "weight_decay": 2e-2, "k": 1.0},
                             {"params": norm, "weight_decay": 0.0, "k": 1.0}], lr=a.lr)
    bce = F.binary_cross_entropy_with_logits
    start = saved = time.time()
    step, log = 0, []
    while True:
        done = step / a.steps if a.steps else (time.time() - start) / 60 / a.minutes
        if done >= 1 or step == a.stop:
            break
        lr = a.lr * min(1, (step + 1) / 60) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
        for g in opt.param_groups:
            g["lr"] = lr * g["k"]
        n1, n2, n3 = a.batch
        idx = np.concatenate([nih.take(n1), child.take(n2)])
        pic = np.concatenate([images[idx], nimg[rng.choice(nkeep, n3, p=w)]])
        film = np.arange(len(pic)) < n1 + n2
        x = torch.from_numpy(pic).float()[:, None]
        x, orient, flip, inv = augment(x, film, rng, gen, a.turned, a.inverted, a.wired, a.flattened)
        x = x.contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            f = net.trunk.extract_features(net.standardise(x))
        out = net.heads(net.dropout(f.float().mean((2, 3))))

        good = np.zeros(len(pic), bool)
        good[:n1 + n2] = (orient[:n1 + n2] == 0) & ~inv[:n1 + n2]
        e = np.full((len(pic), 6), -1)
        e[:n1 + n2] = extra[idx]
        parts = {}
        m = good & (e[:, 0] >= 0)
        mt = torch.from_numpy(np.flatnonzero(m))
        t = torch.from_numpy(findings[idx[m[:n1 + n2]]])
        parts["findings"] = 4.0 * bce(out[mt, FIND], t)
        parts["any"] = 0.5 * bce(out[mt, ANY], torch.from_numpy(e[m, 0]).float())
        parts["view"] = 0.3 * F.cross_entropy(out[mt, VIEW], torch.from_numpy(e[m, 1]).long())
        m = np.flatnonzero(good & (e[:, 2] >= 0))
        if len(m):
            parts["child"] = 0.5 * bce(out[m, CHILD], torch.from_numpy(e[m, 2]).float())
        m = np.flatnonzero(good & (e[:, 3] >= 0))
        if len(m):
            parts["bact"] = 0.3 * bce(out[m, BACTERIAL], torch.from_numpy(e[m, 3]).float())
        parts["gate"] = 0.5 * bce(out[:, GATE], torch.from_numpy(film).float())
        ft = torch.from_numpy(np.flatnonzero(film))
        parts["orient"] = 0.5 * F.cross_entropy(out[ft, ORIENT], torch.from_numpy(orient[film]).long())
        parts["polarity"] = 0.4 * bce(out[ft, POLARITY], torch.from_numpy(inv[film]).float())
        gt = torch.from_numpy(np.flatnonzero(good))
        parts["mirror"] = 0.3 * bce(out[gt, MIRROR], torch.from_numpy(flip[good]).float())
        loss = sum(parts.values())
        opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        opt.step()
        step += 1
        k = min(a.decay, (1 + step) / (10 + step))
        with torch.no_grad():
            for q, r in zip(ema.state_dict().values(), net.state_dict().values()):
                if q.dtype.is_floating_point:
                    q.lerp_(r, 1 - k)
                else:
                    q.copy_(r)
        log.append({n: float(v.detach()) for n, v in parts.items()})
        if step % 50 == 0:
            mean = {n: sum(q.get(n, 0) for q in log) / len(log) for n in parts}
            log = []
            print(f"{step} {time.time() - start:.0f}s lr {lr:.2e} " +
                  " ".join(f"{n} {v:.3f}" for n, v in mean.items()), flush=True)
        if time.time() - saved > 60 * a.save_minutes:
            torch.save(ema.state_dict(), a.out)
            saved = time.time()
    torch.save(ema.state_dict(), a.out)
    print("steps", step, "seconds", round(time.time() - start))


if __name__ == "__main__":
    main()
