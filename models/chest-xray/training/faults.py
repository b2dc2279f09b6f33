"""Draws over films what can be wrong with a picture: a part cut off, the glare of a photographed film.

All functions take and give a square grey picture, float 0..255. `rng` decides everything, so that a repeat draws the same.
"""
import io

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from common import SIZE, resize

SIDES = ("left", "right", "top", "bottom")


def warp(g, matrix, size, fill=0.0):
    """The picture seen through a 3 x 3 matrix from output to input, both 0..1."""
    n = g.shape[0]
    to = np.diag([n, n, 1.0]) @ matrix @ np.diag([1 / size, 1 / size, 1.0])
    to = to / to[2, 2]
    return np.asarray(Image.fromarray(np.ascontiguousarray(g, np.float32), "F").transform(
        (size, size), Image.PERSPECTIVE, to.ravel()[:8], Image.BILINEAR, fillcolor=float(fill)))


def blobs(size, rng):
    """Coordinates 0..1 of each pixel, turned by a random angle about a random place."""
    y, x = (np.mgrid[0:size, 0:size] + .5) / size
    cx, cy, t = rng.uniform(.05, .95), rng.uniform(.05, .95), rng.uniform(0, np.pi)
    return (x - cx) * np.cos(t) + (y - cy) * np.sin(t), (y - cy) * np.cos(t) - (x - cx) * np.sin(t)


def wires(rng):
    """Leads, tubes and discs as on films of people in bed: an attenuation 0..1 at SIZE."""
    im = Image.new("L", (2 * SIZE, 2 * SIZE), 0)
    d = ImageDraw.Draw(im)
    for _ in range(int(rng.integers(1, 7))):
        p = rng.uniform(-.2, 1.2, (4, 2)) * 2 * SIZE
        t = np.linspace(0, 1, 40)[:, None]
        curve = (1 - t) ** 3 * p[0] + 3 * t * (1 - t) ** 2 * p[1] + 3 * t * t * (1 - t) * p[2] + t ** 3 * p[3]
        d.line([tuple(q) for q in curve], fill=int(rng.integers(60, 255)), width=int(rng.integers(1, 5)))
    for _ in range(int(rng.integers(0, 4))):
        cx, cy = rng.uniform(0, 2 * SIZE, 2)
        r = rng.uniform(3, 9)
        d.ellipse([cx - r, cy - r, cx + r, cy + r], fill=int(rng.integers(60, 255)))
    return np.asarray(im.resize((SIZE, SIZE), Image.BILINEAR), np.float32) / 255


def jpeg(g, quality):
    b = io.BytesIO()
    Image.fromarray(np.clip(g, 0, 255).astype(np.uint8)).save(b, "JPEG", quality=int(quality))
    return np.asarray(Image.open(b), np.float32)


def ordinary(g, rng):
    """A film as another hospital might have made it; nothing that a person would call a fault. At SIZE."""
    t = np.deg2rad(rng.normal(0, 3))
    zoom = np.exp(rng.uniform(-.03, .12))                       # > 1: a margin round the film
    wide = np.exp(rng.normal(0, .03))
    c, s = np.cos(t), np.sin(t)
    turn = np.array([[c * zoom * wide, -s * zoom, 0], [s * zoom * wide, c * zoom, 0], [0, 0, 1]])
    move = np.array([[1, 0, .5 + rng.normal(0, .015)], [0, 1, .5 + rng.normal(0, .015)], [0, 0, 1]])
    back = np.array([[1, 0, -.5], [0, 1, -.5], [0, 0, 1]])
    g = warp(g, move @ turn @ back, SIZE, 0 if rng.random() < .85 else 255)
    if rng.random() < .25:                                       # evened-out contrast of newer machines
        broad = resize(g, int(rng.integers(5, 14)))
        broad = np.asarray(Image.fromarray(broad).resize((SIZE, SIZE), Image.BICUBIC))
        g = g - rng.uniform(.2, .8) * (broad - broad.mean())
    u = rng.random()
    if u < .3:
        g = g + rng.uniform(.2, 1.2) * (g - ndimage.gaussian_filter(g, rng.uniform(.6, 2)))
    elif u < .45:
        g = resize(resize(g, int(rng.integers(56, 144))), SIZE)
    g = np.clip(g, 0, 255) / 255
    g = ((g ** np.exp(rng.normal(0, .25)) - .5) * rng.uniform(.65, 1.3) + .5 + rng.uniform(-.1, .1)) * 255
    if rng.random() < .3:
        g = g + rng.normal(0, rng.uniform(0, 6), g.shape)
    g = np.clip(g, 0, 255).astype(np.float32)
    if rng.random() < .2:
        g = g + wires(rng) * rng.uniform(.3, 1) * (255 - g)
    for _ in range(int(rng.integers(0, 3)) if rng.random() < .3 else 0):      # letters and labels
        h, w = int(rng.integers(4, 14)), int(rng.integers(4, 30))
        y, x = int(rng.integers(0, 150)), int(rng.choice([rng.integers(0, 40), rng.integers(95, 130)]))
        g[y:y + h, x:x + w] = 255. if rng.random() < .8 else 0.
    if rng.random() < .15:                                       # a bright thing with a hard edge: a pacemaker, a button
        im = Image.new("L", (SIZE, SIZE), 0)
        x, y, r, q = rng.uniform(20, 140), rng.uniform(20, 140), rng.uniform(2, 11), rng.uniform(2, 11)
        ImageDraw.Draw(im).ellipse([x - r, y - q, x + r, y + q], fill=255)
        g = np.where(np.asarray(im) > 0, rng.uniform(190, 255), g)
    if rng.random() < .12:                                       # frame or shutters outside the film
        e, v = int(rng.integers(2, 16)), 0. if rng.random() < .7 else 255.
        inner = resize(g, SIZE - 2 * e)
        g = np.full((SIZE, SIZE), v, np.float32)
        g[e:SIZE - e, e:SIZE - e] = inner
    if rng.random() < .2:
        g = jpeg(g, rng.integers(30, 92))
    return np.clip(g, 0, 255).astype(np.float32)


def cut(g, rng, low=.15, high=.40):
    """A film with one or two sides cut off, each by low..high of the picture (half of that where two opposite sides
    go), and what was cut: {side: share}."""
    sides = [str(s) for s in rng.permutation(SIDES)[:1 if rng.random() < .65 else 2]]
    opposite = set(sides) in ({"left", "right"}, {"top", "bottom"})
    share = {s: float(rng.uniform(low, min(high, .25) if opposite else high)) for s in sides}
    n = g.shape[0]
    at = {s: int(round(n * share.get(s, 0))) for s in SIDES}
    return resize(g[at["top"]:n - at["bottom"], at["left"]:n - at["right"]], n), share


def photograph(g, rng):
    """A film on a light box or a screen photographed carefully: a little askew, a little darker at the edges. At SIZE."""
    quad = rng.normal(0, .02, 2)
    over = rng.uniform(-.02, .06)
    m = np.array([[1 + 2 * over, rng.normal(0, .02), -over], [rng.normal(0, .02), 1 + 2 * over, -over], [*quad * 2, 1.0]])
    g = warp(g, m, SIZE, rng.choice([0, 12, 40, 90, 200, 245]))
    y, x = (np.mgrid[0:SIZE, 0:SIZE] + .5) / SIZE - .5
    g = g * (1 - rng.uniform(0, .25) * 2 * (x * x + y * y))
    t = rng.uniform(0, 2 * np.pi)
    g = g * (1 + rng.uniform(0, .12) * (np.cos(t) * x + np.sin(t) * y))
    black = rng.uniform(0, 45)
    g = black + g * (rng.uniform(200, 255) - black) / 255
    g = ndimage.gaussian_filter(g, rng.uniform(0, .9)) + rng.normal(0, rng.uniform(0, 4), g.shape)
    return np.clip(jpeg(g, rng.integers(40, 95)) if rng.random() < .7 else g, 0, 255).astype(np.float32)


def reflection(rng):
    """Light 0..1 thrown back by the film or the screen: a lamp, a window, a tube, a flash."""
    u, v = blobs(SIZE, rng)
    kind = rng.integers(4)
    if kind == 0:                                                # a lamp or flash: bright core, wide halo
        r = np.hypot(u, v * rng.uniform(.6, 1.6))
        a = rng.uniform(.05, .15)
        light = 1 / (1 + (r / a) ** rng.uniform(2, 5)) if rng.random() < .5 else np.exp(-(r / a) ** 2 / 2) + .35 * np.exp(-(r / (3 * a)) ** 2)
    elif kind == 1:                                              # a window: panes with soft edges
        w, h = rng.uniform(.08, .22), rng.uniform(.08, .25)
        edge = rng.uniform(.004, .04)
        light = 1 / (1 + np.exp((np.abs(u) - w) / edge)) / (1 + np.exp((np.abs(v) - h) / edge))
        if rng.random() < .6:
            light = light * (1 - .8 * np.exp(-(u / .012) ** 2)) * (1 - .8 * np.exp(-(v / .012) ** 2))
    elif kind == 2:                                              # a tube light
        w, h = rng.uniform(.015, .05), rng.uniform(.2, .7)
        light = 1 / (1 + np.exp((np.abs(u) - w) / rng.uniform(.004, .03))) / (1 + np.exp((np.abs(v) - h) / .03))
    else:                                                        # a veil over one side
        light = 1 / (1 + np.exp(-(u - rng.uniform(-.2, .2)) / rng.uniform(.04, .2)))
    return np.clip(light, 0, 1).astype(np.float32)


def moire(rng):
    """The pattern between a screen's pixels and a camera's, -1..1."""
    u, v = blobs(SIZE, rng)
    f = SIZE / rng.uniform(3.5, 14)
    bend = rng.uniform(-.6, .6)
    a = np.sin(2 * np.pi * f * (u + bend * v * v))
    if rng.random() < .5:
        a = a * np.sin(2 * np.pi * f * rng.uniform(.5, 1.2) * (v + bend * u * u))
    return a.astype(np.float32)


def glare(g, rng):
    """A film photographed badly: light thrown back from it hides a part, or a screen's pattern lies over it. At SIZE."""
    g = photograph(g, rng)
    screen = rng.random() < .25
    if screen:
        g = g * (1 + rng.uniform(.07, .22) * moire(rng))
    if not screen or rng.random() < .3:
        for _ in range(int(rng.choice([1, 1, 1, 2, 3]))):
            g = g + rng.uniform(.55, 1.15) * reflection(rng) * (rng.uniform(235, 255) - .7 * g)
    if rng.random() < .35:
        g = g + rng.uniform(5, 40)
    return np.clip(jpeg(g, rng.integers(40, 95)) if rng.random() < .5 else g, 0, 255).astype(np.float32)
