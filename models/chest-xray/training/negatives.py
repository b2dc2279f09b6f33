"""Step 2. Pictures that are not chest X-rays, for the gate.

python negatives.py --cache DIR [--extra DIR]
Sources: pictures inside PyPI packages (scikit-image, scikit-learn, matplotlib, pydicom,
pydicom-data, PyWavelets, mahotas, nilearn) and, with --extra, the unpacked Debian packages
invesalius-examples, mricron-data, mate-backgrounds, gnome-backgrounds, plasma-workspace-wallpapers,
lomiri-wallpapers-20.04, openclipart-png and gcompris-qt-data; all else is drawn here.
Kinds in HELD_OUT are never trained on: they measure the gate.
"""
import argparse
import gzip
import io
import os
import tarfile
import tempfile
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from scipy import ndimage

from common import CACHE, fold, resize, to_grey

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20)
HELD_OUT = {"mr-body", "bone-scan", "forearm-film", "photo-other", "fundus", "astronomy",
            "microscopy", "desktop-art", "mr-animal", "barcode", "handwriting", "test-chart",
            "ultrasound-other", "ct-body", "hand-drawn-film",
            "drawing-unseen", "photo-unseen"}


def site(module):
    import importlib
    return Path(importlib.import_module(module).__file__).parent


def stretch(a):
    a = np.asarray(a, np.float32)
    lo, hi = np.percentile(a, [0.5, 99.5])
    return np.clip((a - lo) / (hi - lo + 1e-6), 0, 1) * 255


def vary(g, crop=True):
    """A random crop, turn and tone of one picture, at cache size."""
    h, w = g.shape
    if crop and min(h, w) > 60 and rng.random() < 0.8:
        s = rng.uniform(0.35, 1.0)
        ch, cw = int(h * s), int(w * min(1, s * rng.uniform(0.8, 1.25)))
        y, x = rng.integers(0, h - ch + 1), rng.integers(0, w - cw + 1)
        g = g[y:y + ch, x:x + cw]
    g = resize(g, CACHE)
    if rng.random() < 0.5:
        g = g[:, ::-1]
    if rng.random() < 0.25:
        g = 255 - g
    if rng.random() < 0.5:
        g = 255 * (np.clip(g, 0, 255) / 255) ** rng.uniform(0.5, 2)
    return np.clip(g, 0, 255)


def font(size):
    paths = [p for d in ("/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/truetype/liberation2")
             for p in sorted(Path(d).glob("*.ttf"))]
    import matplotlib
    paths = paths or sorted((Path(matplotlib.get_data_path()) / "fonts/ttf").glob("DejaVu*.ttf"))
    return ImageFont.truetype(str(paths[rng.integers(len(paths))]), size)


WORDS = ("patient report image normal clear lung heart date name clinic total amount please the of and "
         "to in is for with on request form page table order result view dose week letter dear").split()


def text_page():
    im = Image.new("L", (384, 512), int(rng.choice([255, 245, 230, 0, 20])))
    d = ImageDraw.Draw(im)
    ink = 0 if im.getpixel((0, 0)) > 100 else 255
    f = font(int(rng.integers(9, 30)))
    y = int(rng.integers(5, 60))
    while y < 500:
        line = " ".join(rng.choice(WORDS, int(rng.integers(2, 14))))
        d.text((int(rng.integers(10, 40)), y), line, fill=ink, font=f)
        y += int(f.size * rng.uniform(1.1, 2))
        if rng.random() < 0.1:
            d.rectangle([20, y, int(rng.integers(60, 360)), y + int(rng.integers(10, 90))], outline=ink,
                        fill=int(rng.integers(0, 255)) if rng.random() < 0.5 else None)
            y += 40
    return np.asarray(im, np.float32)


def shapes():
    n = 256
    im = Image.new("L", (n, n), int(rng.integers(0, 255)))
    d = ImageDraw.Draw(im)
    for _ in range(int(rng.integers(1, 25))):
        x0, y0 = rng.integers(-40, n, 2)
        x1, y1 = x0 + rng.integers(5, 200), y0 + rng.integers(5, 200)
        c = int(rng.integers(0, 255))
        k = rng.integers(4)
        if k == 0:
            d.ellipse([x0, y0, x1, y1], fill=c)
        elif k == 1:
            d.rectangle([x0, y0, x1, y1], fill=c)
        elif k == 2:
            d.line([x0, y0, x1, y1], fill=c, width=int(rng.integers(1, 15)))
        else:
            d.polygon([tuple(map(int, rng.integers(0, n, 2))) for _ in range(4)], fill=c)
    if rng.random() < 0.6:
        im = im.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 14)))
    return np.asarray(im, np.float32)


def noise():
    k = rng.integers(3)
    if k == 0:
        a = rng.normal(rng.uniform(30, 220), rng.uniform(2, 80), (CACHE, CACHE))
    elif k == 1:
        a = stretch(ndimage.gaussian_filter(rng.normal(size=(CACHE, CACHE)), rng.uniform(1, 30)))
    else:
        a = np.zeros((CACHE, CACHE))
        for o in range(1, 7):
            m = 2 ** o
            a += np.asarray(Image.fromarray(rng.normal(size=(m, m)).astype(np.float32), "F")
                            .resize((CACHE, CACHE), Image.BICUBIC)) / m ** rng.uniform(0.3, 1.3)
        a = stretch(a)
    return np.clip(a, 0, 255)


def blank():
    y, x = np.mgrid[0:CACHE, 0:CACHE] / CACHE
    k = rng.integers(4)
    if k == 0:
        a = np.full((CACHE, CACHE), rng.choice([0, 255, rng.uniform(0, 255)]))
    elif k == 1:
        t = rng.uniform(0, 2 * np.pi)
        a = stretch(np.cos(t) * x + np.sin(t) * y)
    elif k == 2:
        a = stretch(np.hypot(x - rng.uniform(0, 1), (y - rng.uniform(0, 1)) * rng.uniform(.5, 2)))
    else:
        a = stretch(np.sin(x * rng.uniform(2, 60)) + np.sin(y * rng.uniform(2, 60)))
    a = a * rng.uniform(0.1, 1) + rng.normal(0, rng.choice([0, 1, 5]), a.shape)
    return np.clip(255 - a if rng.random() < 0.5 else a, 0, 255)


def plot():
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    fig, ax = plt.subplots(figsize=(3, 3), dpi=64)
    k = rng.integers(5)
    x = np.linspace(0, 10, 60)
    if k == 0:
        for _ in range(int(rng.integers(1, 5))):
            ax.plot(x, np.cumsum(rng.normal(size=60)), c="k", lw=rng.uniform(.5, 3))
    elif k == 1:
        ax.bar(range(8), rng.uniform(1, 9, 8), color="grey")
    elif k == 2:
        ax.scatter(*rng.normal(size=(2, 80)), c="k", s=rng.uniform(2, 40))
    elif k == 3:
        ax.imshow(rng.normal(size=(6, 6)), cmap="gray")
    else:
        ax.pie(rng.uniform(1, 5, 5), colors=["0.1", "0.3", "0.5", "0.7", "0.9"])
    ax.set_title(" ".join(rng.choice(WORDS, 3)))
    fig.canvas.draw()
    a = np.asarray(fig.canvas.buffer_rgba())[..., :3].mean(-1).astype(np.float32)
    plt.close(fig)
    return a


def limb(thin=False):
    """An extremity film, drawn: soft tissue and long bones as attenuating tubes on a dark or open field."""
    n = 256
    y, x = np.mgrid[0:n, 0:n].astype(np.float32)

    def tube(x0, y0, x1, y1, r0, r1, hollow):
        dx, dy = x1 - x0, y1 - y0
        t = np.clip(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy + 1e-6), 0, 1)
        d = np.hypot(x - x0 - t * dx, y - y0 - t * dy)
        flare = 1 + rng.uniform(0, 1.2) * (np.abs(t - .5) * 2) ** 6
        r = (r0 + (r1 - r0) * t) * flare
        full = np.sqrt(np.clip(r * r - d * d, 0, None))
        if hollow:
            ri = r * rng.uniform(.4, .8)
            full = full - rng.uniform(.5, .9) * np.sqrt(np.clip(ri * ri - d * d, 0, None))
        return full

    a = np.zeros((n, n), np.float32)
    k = rng.integers(3)
    c = rng.uniform(90, 166)
    if k == 0:                                   # one limb, one or two bones, maybe a joint
        w = rng.uniform(30, 75)
        a += tube(c + rng.uniform(-20, 20), -20, c + rng.uniform(-20, 20), n + 20, w, w * rng.uniform(.6, 1.3), False) * .5
        joint = rng.uniform(60, 320)
        for s in ([0] if rng.random() < .4 else [-1, 1]):
            o = s * rng.uniform(10, 20)
            r = rng.uniform(6, 14)
            a += tube(c + o, -20, c + o * .8, joint, r, r, True) * 2.2
            a += tube(c + o, joint + 6, c + o, n + 20, r, r, True) * 2.2
    elif k == 1:                                 # a hand or foot: fan of small bones
        wx, wy = c, rng.uniform(190, 240)
        for i in range(5):
            t = -np.pi / 2 + (i - 2) * rng.uniform(.15, .3)
            px, py = wx + (i - 2) * 9, wy - 30
            lengths = rng.uniform(25, 60, 4)
            ex, ey = px + np.cos(t) * lengths.sum(), py + np.sin(t) * lengths.sum()
            a += tube(px, py, ex, ey, 13, 8, False) * .7
            for ln in lengths:
                qx, qy = px + np.cos(t) * ln, py + np.sin(t) * ln
                a += tube(px, py, qx - np.cos(t) * 3, qy - np.sin(t) * 3, 6, 4.5, True) * 2
                px, py = qx, qy
        for _ in range(8):
            bx, by = wx + rng.uniform(-22, 22), wy + rng.uniform(-30, 0)
            a += 1.6 * np.sqrt(np.clip(rng.uniform(6, 10) ** 2 - (x - bx) ** 2 - (y - by) ** 2, 0, None))
        a += tube(wx - 12, wy, wx - 14, n + 30, 10, 10, True) * 2
        a += tube(wx + 12, wy, wx + 14, n + 30, 8, 8, True) * 2
        a += tube(wx, wy - 40, wx, n + 30, 34, 34, False) * .5
    else:                                        # a joint seen large: two broad ends, pelvis- or knee-like
        a += tube(c, -20, c, n + 20, rng.uniform(60, 110), rng.uniform(60, 110), False) * .5
        r = rng.uniform(18, 34)
        m = rng.uniform(90, 170)
        a += tube(c, -30, c, m - 4, r * .8, r, True) * 1.5
        a += tube(c, m + 4, c, n + 30, r, r * .8, True) * 1.5
        a += 1.2 * np.sqrt(np.clip(r * r * 1.2 - (x - c - r) ** 2 - (y - m) ** 2, 0, None))
    g = 255 * (1 - np.exp(-a / rng.uniform(25, 70)))
    g = ndimage.rotate(g, rng.uniform(-50, 50) if rng.random() < .7 else rng.choice([0, 90]), reshape=False, order=1, mode="nearest")
    g = ndimage.gaussian_filter(g, rng.uniform(0.3, 1.5)) + rng.normal(0, rng.uniform(0, 6), g.shape)
    if rng.random() < .35:                       # collimated: dark or white border
        b = rng.integers(5, 80)
        v = rng.choice([0., 255.])
        if rng.random() < .7:
            g[:, :b] = v
            g[:, -b:] = v
        else:
            g[:b] = v
            g[-b:] = v
    if rng.random() < .5:
        im = Image.fromarray(np.clip(g, 0, 255).astype(np.uint8))
        ImageDraw.Draw(im).text(tuple(map(int, rng.integers(5, 220, 2))), str(rng.choice(["L", "R"])), fill=255, font=font(18))
        g = np.asarray(im, np.float32)
    return np.clip(g, 0, 255)


def body_drawn():
    """A whole body or part of one as soft bright tubes: stands for bone scans and long views."""
    n = 192
    y, x = np.mgrid[0:n, 0:n].astype(np.float32)
    a = np.zeros((n, n), np.float32)

    def tube(x0, y0, x1, y1, r, v):
        dx, dy = x1 - x0, y1 - y0
        t = np.clip(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy + 1e-6), 0, 1)
        d = np.hypot(x - x0 - t * dx, y - y0 - t * dy)
        return v * np.sqrt(np.clip(1 - (d / r) ** 2, 0, 1))

    c = n / 2 + rng.uniform(-15, 15)
    k = rng.uniform(.6, 1.7)                      # how much of the body is seen
    top = rng.uniform(-40, 40)
    w = rng.uniform(20, 42) * k
    sh, hip = top + 45 * k, top + 115 * k
    a += tube(c, top + 5, c, top + 28 * k, rng.uniform(11, 17) * k, rng.uniform(.3, 1.2))
    a += tube(c, sh, c, hip, w, rng.uniform(.2, .9))
    a += tube(c - w * .6, hip, c + w * .6, hip, rng.uniform(10, 22) * k, rng.uniform(.2, 1))
    a += tube(c, top + 20 * k, c, hip, rng.uniform(3, 7) * k, rng.uniform(.2, 1.5))
    for s in (-1, 1):
        leg = s * rng.uniform(10, 24) * k
        a += tube(c + leg, hip, c + leg * rng.uniform(.6, 1.4), hip + 60 * k, rng.uniform(8, 15) * k, rng.uniform(.3, 1))
        a += tube(c + leg, hip + 60 * k, c + leg, hip + 115 * k, rng.uniform(6, 11) * k, rng.uniform(.3, 1))
        a += tube(c + s * w, sh, c + s * (w + rng.uniform(0, 14)), hip, rng.uniform(5, 10) * k, rng.uniform(.3, 1))
        for _ in range(rng.integers(0, 7)):
            ry = rng.uniform(sh, hip)
            a += tube(c, ry, c + s * w * .9, ry + rng.uniform(-8, 14), rng.uniform(1.5, 4), rng.uniform(.1, .5))
    g = ndimage.gaussian_filter(stretch(a), rng.uniform(.5, 5))
    g = g * rng.uniform(.6, 1) + rng.normal(0, 1, g.shape) * np.sqrt(np.clip(g, 1, None)) * rng.uniform(0, 1.2)
    g = ndimage.rotate(g, rng.normal(0, 8), reshape=False, order=1)
    return np.clip(g if rng.random() < .75 else 255 - g, 0, 255)


def sector():
    """Drawn ultrasound: speckle in a fan or a box, dark round it, sometimes letters."""
    n = 224
    y, x = np.mgrid[0:n, 0:n].astype(np.float32)
    cx, cy = n / 2 + rng.uniform(-25, 25), rng.uniform(-60, 40)
    r, th = np.hypot(x - cx, y - cy), np.arctan2(x - cx, y - cy)
    sp = np.abs(ndimage.gaussian_filter(rng.normal(size=(n, n)), (rng.uniform(.5, 1.5), rng.uniform(.8, 3))))
    tissue = np.clip(.5 + 2 * ndimage.gaussian_filter(rng.normal(size=(n, n)), rng.uniform(6, 25)) * rng.uniform(5, 20), 0, 1)
    for _ in range(rng.integers(0, 5)):
        ex, ey, a, b = rng.uniform(40, 184), rng.uniform(60, 200), rng.uniform(8, 50), rng.uniform(8, 50)
        tissue = np.where(((x - ex) / a) ** 2 + ((y - ey) / b) ** 2 < 1, rng.uniform(0, .15), tissue)
    g = stretch(sp * tissue)
    if rng.random() < .7:
        m = (np.abs(th) < rng.uniform(.4, .9)) & (r < rng.uniform(150, 230)) & (r > rng.uniform(0, 60))
    else:
        m = (np.abs(x - cx) < rng.uniform(50, 100)) & (y > 20) & (y < rng.uniform(120, 215))
    g = np.where(m, g, 0)
    im = Image.fromarray(np.clip(g, 0, 255).astype(np.uint8))
    d = ImageDraw.Draw(im)
    for _ in range(rng.integers(0, 6)):
        d.text(tuple(map(int, rng.integers(0, 200, 2))), str(rng.choice(WORDS)), fill=int(rng.integers(120, 255)), font=font(int(rng.integers(8, 14))))
    return np.asarray(im, np.float32)


def carved(path):
    """JPEG and WebP pictures inside a Qt resource file."""
    data = path.read_bytes()
    for mark in (b"\xff\xd8\xff", b"RIFF"):
        at = data.find(mark)
        while at >= 0:
            try:
                im = Image.open(io.BytesIO(data[at:at + 3_000_000]))
                im.load()
                if min(im.size) >= 90:
                    yield to_grey(im)
                at += 2000
            except Exception:
                pass
            at = data.find(mark, at + 1)


def barcode():
    n = 256
    a = np.full((n, n), 255.0)
    if rng.random() < .5:
        m = rng.integers(15, 40)
        a = np.kron(rng.integers(0, 2, (m, m)), np.ones((n // m + 1, n // m + 1)))[:n, :n] * 255.0
    else:
        w = rng.integers(0, 2, 90)
        a[40:220] = np.repeat(w, 3)[:n] if len(np.repeat(w, 3)) >= n else np.repeat(w, 3)[-1]
    return a.astype(np.float32)


def scribble():
    im = Image.new("L", (256, 256), int(rng.choice([255, 240, 10])))
    ink = 0 if im.getpixel((0, 0)) > 100 else 255
    d = ImageDraw.Draw(im)
    for row in range(int(rng.integers(3, 9))):
        y = 25 + row * rng.uniform(24, 32)
        p = [(10.0, y)]
        for _ in range(int(rng.integers(20, 90))):
            p.append((p[-1][0] + rng.uniform(-1, 6), y + rng.normal(0, 6)))
        d.line(p, fill=ink, width=int(rng.integers(1, 4)), joint="curve")
    return np.asarray(im, np.float32)


def hand_drawn_film():
    """Somebody's sketch of a chest film: ovals for lungs and lines for ribs."""
    im = Image.new("L", (256, 256), int(rng.choice([255, 0])))
    ink = 0 if im.getpixel((0, 0)) > 100 else 255
    d = ImageDraw.Draw(im)
    w = int(rng.integers(2, 5))
    d.ellipse([45, 50, 115, 210], outline=ink, width=w)
    d.ellipse([140, 50, 210, 210], outline=ink, width=w)
    for i in range(int(rng.integers(0, 8))):
        y = 60 + i * 18
        d.arc([40, y, 120, y + 40], 180, 350, fill=ink, width=w)
        d.arc([136, y, 216, y + 40], 190, 360, fill=ink, width=w)
    d.line([128, 20, 128, 240], fill=ink, width=w)
    return np.asarray(im, np.float32)


def jigsaw(film):
    m = int(rng.integers(2, 6))
    s = CACHE // m
    tiles = [film[i * s:(i + 1) * s, j * s:(j + 1) * s] for i in range(m) for j in range(m)]
    order = rng.permutation(len(tiles))
    if (order == np.arange(len(tiles))).mean() > .3:
        order = np.roll(order, 1)
    out = np.zeros((m * s, m * s), np.float32)
    for k, t in enumerate(order):
        i, j = divmod(k, m)
        tile = tiles[t]
        out[i * s:(i + 1) * s, j * s:(j + 1) * s] = np.rot90(tile, rng.integers(4))
    return resize(out, CACHE)


def volume_slices(path, n):
    import nibabel
    v = np.asarray(nibabel.load(str(path)).dataobj, dtype=np.float32)
    v = v[..., 0] if v.ndim == 4 else v
    out = []
    for _ in range(n):
        ax = rng.integers(3)
        if rng.random() < .12:
            s = v.mean(ax)
        else:
            s = np.take(v, int(v.shape[ax] * rng.uniform(.2, .8)), ax)
        out.append(stretch(np.rot90(s)))
    return out


def dicom_pictures():
    """(kind, grey picture) for the image files in pydicom and pydicom-data."""
    import pydicom
    from pydicom.pixels import apply_modality_lut
    kinds = {"MR2": "mr-body", "MR-SIEMENS": "mr-body", "examples_overlay": "mr-body",
             "JPEG-LL": "bone-scan", "JPEG2000": "bone-scan", "JPGExtended": "bone-scan",
             "RG3": "forearm-film", "mlut_18": "test-chart", "vlut_04": "test-chart",
             "693": "ct-head", "J2K_pixelrep": "ct-head", "eCT": "ct-head",
             "CT_small": "ct-body", "explicit_VR-UN": "ct-body", "bad_sequence": "ct-body",
             "emri": "mr-head", "MR_small": "mr-spine", "OBXXXX1A": "ultrasound",
             "US1": "ultrasound", "color-pl": "ultrasound-other", "color3d": "ultrasound-other",
             "gdcm-US": "ultrasound", "JPGLossless": "ultrasound-other",
             "examples_ybr": "ultrasound-other", "examples_palette": "ultrasound",
             "GDCMJ2K_Text": "text-picture", "liver_1frame": "mask"}
    folders = [Path(pydicom.__file__).parent / "data/test_files",
               Path(pydicom.__file__).parent.parent / "data_store/data"]
    seen = set()
    for folder in folders:
        for f in sorted(folder.glob("*.dcm")):
            kind = next((k for p, k in kinds.items() if f.name.startswith(p)), None)
            if kind is None:
                continue
            try:
                d = pydicom.dcmread(f, force=True)
                a = np.asarray(d.pixel_array)
            except Exception:
                continue
            if d.get("SamplesPerPixel", 1) == 3:
                frames = a if a.ndim == 4 else a[None]
                frames = [x.astype(np.float32) @ np.array([.299, .587, .114], np.float32) for x in frames[:8]]
            else:
                frames = [x.astype(np.float32) for x in (a if a.ndim == 3 else a[None])[:8]]
            for x in frames:
                g = stretch(x)
                if d.get("PhotometricInterpretation") == "MONOCHROME1":
                    g = 255 - g
                key = (kind, round(float(g.mean()), 0), g.shape)
                if key in seen:
                    continue
                seen.add(key)
                yield kind, g


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--cache", required=True)
    p.add_argument("--extra", help="folder with the unpacked Debian packages")
    a = p.parse_args()
    out = []

    def add(kind, g, n=1, crop=True):
        for _ in range(n):
            out.append((kind, vary(np.asarray(g, np.float32), crop)))

    for _ in range(900):
        out.append(("text", vary(text_page())))
    for _ in range(700):
        out.append(("shapes", shapes()))
    for _ in range(500):
        out.append(("noise", noise()))
    for _ in range(500):
        out.append(("blank", blank()))
    for _ in range(250):
        out.append(("plot", vary(plot())))
    for _ in range(1500):
        out.append(("limb-drawn", vary(limb(), crop=False)))
    for _ in range(500):
        out.append(("body-drawn", vary(body_drawn(), crop=False)))
    for _ in range(400):
        out.append(("sector-drawn", vary(sector())))
    for _ in range(40):
        out.append(("barcode", barcode()))
        out.append(("handwriting", scribble()))
        out.append(("hand-drawn-film", hand_drawn_film()))

    def pic(path):
        return to_grey(Image.open(path))

    sk = site("skimage") / "data"
    for n in ("astronaut", "camera", "chelsea", "coffee", "motorcycle_left", "rocket"):
        f = next(x for x in (sk / f"{n}.png", sk / f"{n}.jpg") if x.exists())
        add("photo", pic(f), 60)
    for n in ("brick", "grass", "gravel", "coins", "clock_motion", "horse", "phantom", "page", "text", "logo"):
        add("texture", pic(sk / f"{n}.png"), 25)
    add("moon", pic(sk / "moon.png"), 30)
    add("fundus", pic(sk / "retina.jpg"), 50)
    add("fundus", pic(sk / "microaneurysms.png"), 10)
    add("microscopy", pic(sk / "ihc.png"), 30)
    add("microscopy", pic(sk / "cell.png"), 10)
    add("astronomy", pic(sk / "hubble_deep_field.jpg"), 40)
    for f in np.load(sk / "lfw_subset.npy")[:100]:
        add("face", stretch(f), 2, crop=False)
    for f in sorted((site("sklearn") / "datasets/images").glob("*.jpg")):
        add("photo", pic(f), 60)
    from sklearn.datasets import load_digits
    for d in load_digits().images[:150]:
        add("digit", stretch(np.kron(d, np.ones((8, 8)))), 1, crop=False)
    import matplotlib
    add("photo", pic(Path(matplotlib.get_data_path()) / "sample_data/grace_hopper.jpg"), 60)
    m = site("pywt") / "data"
    for n in ("ascent", "aero"):
        add("photo", np.load(m / f"{n}.npz")["data"], 50)
    m = site("mahotas") / "demos/data"
    for n in ("DepartmentStore.jpg", "luispedro.jpg", "lena.jpg"):
        add("photo-other", pic(m / n), 30)
    add("microscopy", pic(m / "nuclear.png"), 20)
    for kind, g in dicom_pictures():
        add(kind, g, 20 if kind in HELD_OUT else 25, crop=True)
        add(kind, g, 6 if kind in HELD_OUT else 15, crop=False)
    nl = site("nilearn") / "datasets/data"
    for f in sorted(nl.glob("mni_*t1*.nii.gz")):
        for g in volume_slices(f, 150):
            add("mr-head", g, 1, crop=rng.random() < .4)
    if a.extra:
        x = Path(a.extra)
        for f in sorted(x.rglob("ch2*.nii.gz")):
            for g in volume_slices(f, 150):
                add("mr-head", g, 1, crop=rng.random() < .4)
        for f in sorted(x.rglob("inia19-t1-brain.nii.gz")):
            for g in volume_slices(f, 50):
                add("mr-animal", g, 1, crop=rng.random() < .3)
        for i, f in enumerate(sorted((x / "usr/share/backgrounds/mate/nature").glob("*"))):
            try:
                add("photo" if i % 3 else "photo-other", pic(f), 50 if i % 3 else 15)
            except Exception:
                pass
        for sub in ("abstract", "desktop"):
            for f in sorted((x / "usr/share/backgrounds/mate" / sub).glob("*")):
                try:
                    add("wallpaper" if sub == "abstract" else "desktop-art", pic(f), 20 if sub == "abstract" else 8)
                except Exception:
                    pass
        clip = [f for f in sorted(x.rglob("*.png")) if "openclipart" in str(f)]
        for f in rng.choice(np.array(clip, dtype=object), min(1800, len(clip)), replace=False):
            unseen = fold(f.name) < 12
            try:
                im = Image.open(f)
                if max(im.size) > 1600:
                    continue
                im = im.convert("RGBA")
                paper = Image.new("RGBA", im.size, (255, 255, 255, 255) if rng.random() < .6 else (0, 0, 0, 255))
                add("drawing-unseen" if unseen else "drawing", to_grey(Image.alpha_composite(paper, im).convert("RGB")), 1, crop=rng.random() < .5)
            except Exception:
                pass
        seen = set()
        walls = [f for sub in ("backgrounds/gnome", "wallpapers", "backgrounds") for f in sorted((x / "usr/share" / sub).rglob("*"))
                 if f.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp") and "mate" not in str(f)]
        for f in walls:
            key = f.parts[f.parts.index("share") + 2] if "wallpapers" in f.parts else f.stem
            if key in seen:
                continue
            try:
                im = Image.open(f)
                im.draft("RGB", (800, 800))
                im = im.convert("RGB")
                im.thumbnail((800, 800))
                seen.add(key)
                add("photo-unseen" if fold(key) < 15 else "wallpaper", to_grey(im), 10)
            except Exception:
                pass
        total = 0
        for f in sorted(x.rglob("*.rcc")):
            for i, g in enumerate(carved(f)):
                if total < 900 and i < 40:
                    total += 1
                    add("photo-unseen" if fold(f"{f.name}{i}") < 12 else "photo-small", g, 2)
        for f in x.rglob("Cranium.inv3"):
            for g in cranium(f):
                add("skull", g, 1, crop=rng.random() < .4)

    films = np.load(os.path.join(a.cache, "films.npz"))
    train = np.flatnonzero(~films["val"])
    images = films["images"]
    for i in rng.choice(train, 900, replace=False):
        out.append(("jigsaw", jigsaw(images[i].astype(np.float32))))

    kinds = np.array([k for k, _ in out])
    arr = np.stack([np.clip(np.round(resize(g, CACHE)), 0, 255).astype(np.uint8) for _, g in out])
    held = np.array([k in HELD_OUT for k in kinds])
    np.savez(os.path.join(a.cache, "negatives.npz"), images=arr, kinds=kinds, held=held)
    for k in sorted(set(kinds)):
        print(f"{k:18s} {(kinds == k).sum():5d} {'held out' if k in HELD_OUT else ''}")


def cranium(path):
    """CT of a head (InVesalius example): slices and projections like skull films."""
    with tempfile.TemporaryDirectory() as tmp:
        with tarfile.open(path) as t:
            t.extractall(tmp, filter="data")
        import plistlib
        main_plist = next(Path(tmp).rglob("main.plist"))
        with open(main_plist, "rb") as f:
            info = plistlib.load(f)
        mat = info["matrix"]
        v = np.fromfile(next(Path(tmp).rglob(mat["filename"])), dtype=mat["dtype"]).reshape(mat["shape"])
    v = v.astype(np.float32)
    v = v[::max(1, v.shape[0] // 160), ::2, ::2]
    if v.shape[0] < 100:
        v = ndimage.zoom(v, (160 / v.shape[0], 1, 1), order=1)
    out = []
    for _ in range(150):
        ax = rng.integers(3)
        s = np.take(v, int(v.shape[ax] * rng.uniform(.2, .8)), ax)
        c, w = rng.choice([40, 300]), rng.choice([200, 1500])
        out.append(np.clip((s - c + w / 2) / w, 0, 1) * 255)
    mu = np.clip(v + 1000, 0, None) / 1000
    for _ in range(130):
        r = ndimage.rotate(mu, rng.uniform(-90, 90), axes=(1, 2), reshape=False, order=0)
        lo = rng.uniform(0, .45)
        hi = rng.uniform(.55, 1)
        r = r[int(lo * len(r)):int(hi * len(r))] if rng.random() < .5 else r
        out.append(stretch(r.sum(rng.integers(1, 3)) ** rng.uniform(.7, 1.5)))
    return [np.flipud(g) if rng.random() < .5 else g for g in out]


if __name__ == "__main__":
    main()
