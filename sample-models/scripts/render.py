"""Renders small colour pictures of ten everyday objects.

Every picture is a function of (class, seed, number): objects are built of a few
parts, each an antialiased mask that is lit as if it were slightly inflated, so
light direction and colour, highlights and shadows all vary from picture to picture.

    python render.py --out ../images --per-class 30 --seed 7
"""

import argparse
import colorsys
import io
import math
import pathlib
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw

CLASSES = ["apple", "car", "fish", "flower", "house", "key", "mug", "sailboat", "tree", "umbrella"]
JPEG_QUALITY = 88
SUPERSAMPLING = 4
TAU = 2 * math.pi


# ---------------------------------------------------------------- small helpers

def hsv(hue, saturation, value):
    return np.array(colorsys.hsv_to_rgb(hue % 1.0, min(max(saturation, 0), 1), min(max(value, 0), 1)), np.float32)


def any_color(rng, saturation=(0.35, 0.95), value=(0.45, 1.0)):
    return hsv(rng.random(), rng.uniform(*saturation), rng.uniform(*value))


def near(rng, hue, saturation, value, spread=0.03):
    return hsv(hue + rng.normal(0, spread), saturation + rng.normal(0, 0.1), value + rng.normal(0, 0.1))


def chance(rng, probability):
    return rng.random() < probability


def pick(rng, items):
    return items[int(rng.integers(len(items)))]


_GAUSS = {}


def _gauss_matrix(n, sigma):
    key = (n, sigma)
    if key not in _GAUSS:
        if len(_GAUSS) > 4000:
            _GAUSS.clear()
        at = np.arange(n, dtype=np.float32)
        m = np.exp(-0.5 * ((at[:, None] - at[None, :]) / sigma) ** 2)
        _GAUSS[key] = (m / m.sum(1, keepdims=True)).astype(np.float32)
    return _GAUSS[key]


def blur(a, sigma):
    """Gaussian blur with clamped borders of a (h, w) or (h, w, c) array."""
    sigma = round(max(float(sigma), 0.25) * 4) / 4
    rows, cols = _gauss_matrix(a.shape[0], sigma), _gauss_matrix(a.shape[1], sigma)
    if a.ndim == 2:
        return rows @ a @ cols.T
    return np.stack([rows @ a[..., c] @ cols.T for c in range(a.shape[2])], -1)


def shift(a, dx, dy):
    """Moves an array by whole pixels, filling with zeros."""
    dx, dy = int(round(dx)), int(round(dy))
    h, w = a.shape[:2]
    out = np.zeros_like(a)
    if abs(dx) < w and abs(dy) < h:
        out[max(dy, 0):h + min(dy, 0), max(dx, 0):w + min(dx, 0)] = \
            a[max(-dy, 0):h - max(dy, 0), max(-dx, 0):w - max(dx, 0)]
    return out


def noise(rng, h, w, cell, octaves=3):
    """Smooth value noise between 0 and 1."""
    total, weight = np.zeros((h, w), np.float32), 0.0
    for octave in range(octaves):
        step = max(cell / 2 ** octave, 1.0)
        gh, gw = max(2, int(h / step) + 2), max(2, int(w / step) + 2)
        grid = Image.fromarray(rng.random((gh, gw), dtype=np.float32))
        total += np.asarray(grid.resize((w, h), Image.BICUBIC)) * 0.5 ** octave
        weight += 0.5 ** octave
    return np.clip(total / weight, 0, 1)


# ---------------------------------------------------------------- outlines (object coordinates, y down)

def ellipse(cx, cy, rx, ry=None, rotation=0.0, start=0.0, end=TAU, n=40):
    ry = rx if ry is None else ry
    t = np.linspace(start, end, n)
    x, y = rx * np.cos(t), ry * np.sin(t)
    c, s = math.cos(rotation), math.sin(rotation)
    return np.stack([cx + c * x - s * y, cy + s * x + c * y], -1)


def points(*xy):
    return np.array(xy, np.float64).reshape(-1, 2)


def box(x0, y0, x1, y1):
    return points(x0, y0, x1, y0, x1, y1, x0, y1)


def smooth(pts, closed=True, steps=8):
    """A Catmull-Rom curve through the given points."""
    pts = np.asarray(pts, np.float64)
    n = len(pts)
    out = []
    for i in range(n if closed else n - 1):
        if closed:
            p0, p1, p2, p3 = (pts[(i + k) % n] for k in (-1, 0, 1, 2))
        else:
            p0, p1, p2, p3 = (pts[min(max(i + k, 0), n - 1)] for k in (-1, 0, 1, 2))
        for t in np.linspace(0, 1, steps, endpoint=False):
            out.append(0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t ** 2
                              + (3 * p1 - p0 - 3 * p2 + p3) * t ** 3))
    if not closed:
        out.append(pts[-1])
    return np.array(out)


def rounded(pts, radius, steps=5):
    """A polygon with rounded corners."""
    pts = np.asarray(pts, np.float64)
    out = []
    for i in range(len(pts)):
        before, at, after = pts[i - 1], pts[i], pts[(i + 1) % len(pts)]
        a, b = before - at, after - at
        la, lb = np.linalg.norm(a), np.linalg.norm(b)
        a, b = at + a / la * min(radius, la / 2), at + b / lb * min(radius, lb / 2)
        for t in np.linspace(0, 1, steps):
            out.append((1 - t) ** 2 * a + 2 * t * (1 - t) * at + t ** 2 * b)
    return np.array(out)


def fill(pts):
    return ("fill", pts, 0.0)


def cut(pts):
    return ("cut", pts, 0.0)


def line(pts, width):
    return ("line", np.asarray(pts, np.float64), width)


def cutline(pts, width):
    return ("cutline", np.asarray(pts, np.float64), width)


@dataclass
class Part:
    shapes: list
    color: np.ndarray
    bulge: float = 0.6          # how strongly inflated
    radius: float = 0.25        # width of the rounded rim, in object units
    gloss: float = 0.15
    sharp: float = 14.0         # exponent of the highlight
    clip: list = None           # other shapes that limit this part
    texture: object = None      # function (u, v) -> factor on the colour
    contact: float = 0.35       # darkness of the soft shadow on what lies below
    opacity: float = 1.0
    mask: np.ndarray = field(default=None, repr=False)


# ---------------------------------------------------------------- the ten objects

def apple(rng):
    kind = rng.random()
    hue = 0.0 if kind < 0.5 else (0.24 if kind < 0.8 else 0.13)
    base, blush = near(rng, hue, 0.8, 0.75), near(rng, 0.01 if hue else 0.1, 0.75, 0.8)
    wide, taper = rng.uniform(0.84, 1.0), rng.uniform(0.05, 0.22)
    t = np.linspace(0, TAU, 64, endpoint=False)
    r = 0.84 - 0.2 * np.exp(-((t - 1.5 * math.pi) / 0.3) ** 2) - 0.07 * np.exp(-((t - 0.5 * math.pi) / 0.25) ** 2)
    x, y = r * np.cos(t) * wide, r * np.sin(t) * 0.92 + 0.12
    x = x * (1 - taper * y)
    outline = np.stack([x, y], -1)
    body = [fill(outline)]
    bx = rng.choice([-1.0, 1.0])
    bitten = chance(rng, 0.15)
    if bitten:
        for k in range(3):
            body.append(cut(ellipse(bx * 0.86, -0.1 + 0.2 * k, 0.2)))
    angle, streaks, freckles = rng.uniform(0, TAU), rng.uniform(0, 0.05), rng.integers(5, 25)
    fx, fy = rng.uniform(-0.7, 0.7, freckles), rng.uniform(-0.5, 0.9, freckles)

    def skin(u, v):
        side = np.clip(0.5 + 0.8 * (u * math.cos(angle) + v * math.sin(angle)), 0, 1)[..., None]
        c = base * (1 - side) + blush * side
        c = c * (1 + streaks * np.sin(np.arctan2(v + 0.5, u) * 22))[..., None]
        dots = sum(np.exp(-((u - a) ** 2 + (v - b) ** 2) / 0.0012) for a, b in zip(fx, fy))
        dip = np.exp(-(u ** 2 / 0.06 + (v + 0.52) ** 2 / 0.012))
        return c * (1 - 0.5 * dip[..., None]) + 0.25 * np.clip(dots, 0, 1)[..., None]

    parts = [Part(body, base, bulge=1.0, radius=0.7, gloss=rng.uniform(0.2, 0.7), sharp=24, texture=skin)]
    if bitten:
        parts.insert(0, Part([fill(ellipse(bx * 0.62, 0.1, 0.17, 0.28))], hsv(0.13, 0.25, 0.95), bulge=0.3, contact=0))
    lean = rng.uniform(-0.15, 0.2)
    parts.append(Part([line(smooth([(0, -0.48), (lean * 0.4, -0.68), (lean, -0.9)], False), 0.09)],
                      near(rng, 0.08, 0.6, 0.35), radius=0.06))
    if chance(rng, 0.75):
        s, a = rng.choice([-1.0, 1.0]), rng.uniform(-0.5, 0.2)
        leaf = smooth([(0, 0), (0.2, -0.14), (0.5, -0.05), (0.25, 0.1)])
        leaf = leaf @ np.array([[math.cos(a), math.sin(a)], [-math.sin(a), math.cos(a)]]) * [s, 1]
        parts.append(Part([fill(leaf + [lean * 0.4, -0.68])], near(rng, 0.3, 0.75, 0.55), radius=0.1))
    return parts


def car(rng):
    paint = any_color(rng) if chance(rng, 0.8) else hsv(0, 0, rng.uniform(0.2, 0.95))
    glass = near(rng, 0.56, 0.3, 0.55)
    style = pick(rng, ["saloon", "hatchback", "van", "pickup", "beetle"])
    top = rng.uniform(-0.5, -0.38)
    low, sill = 0.3, -0.04
    tops = {
        "saloon": points(-0.62, sill, -0.4, top, 0.2, top, 0.5, sill),
        "hatchback": points(-0.9, sill, -0.72, top, 0.12, top, 0.46, sill),
        "van": points(-0.95, sill, -0.9, top - 0.14, 0.35, top - 0.14, 0.66, sill),
        "pickup": points(-0.12, sill, -0.1, top, 0.24, top, 0.48, sill),
        "beetle": points(-0.7, sill, -0.52, top * 0.85, -0.08, top - 0.08, 0.3, top * 0.75, 0.46, sill),
    }
    cabin = tops[style]
    nose = rng.uniform(0.02, 0.1)
    hull = rounded(points(-0.98, sill - 0.02, 0.5, sill - 0.04, 0.92, sill + nose, 0.98, low, -0.98, low), 0.14)
    if style == "beetle":
        hull = smooth(points(-0.96, low, -0.9, 0.02, -0.6, -0.1, 0.3, -0.12, 0.8, -0.02, 0.98, low, 0.5, low + 0.02,
                             -0.5, low + 0.02))
    body = [fill(rounded(cabin, 0.12) if style != "beetle" else smooth(cabin)), fill(hull),
            fill(points(*np.ravel(cabin)))]
    wheel, rear, front = rng.uniform(0.2, 0.26), rng.uniform(-0.64, -0.54), rng.uniform(0.52, 0.62)
    arches = [cut(ellipse(x, low, wheel * 1.12)) for x in (rear, front)]
    parts = [Part([fill(box(-0.8, 0.1, 0.8, low))], hsv(0, 0, 0.08), bulge=0),
             Part(body + arches, paint, bulge=0.7, radius=0.22, gloss=rng.uniform(0.2, 0.6))]
    middle = cabin.mean(0) * [1, 1]
    window = middle + (cabin - middle) * [0.84, 0.72] + [0, 0.0]
    pillar = middle[0] + rng.uniform(-0.08, 0.08)
    shapes = [fill(rounded(window, 0.06))]
    if style != "pickup":
        shapes.append(cut(box(pillar - 0.03, -1, pillar + 0.03, sill)))
    parts.append(Part(shapes, glass * rng.uniform(0.4, 1.1), bulge=0.25, gloss=0.5, contact=0.1,
                      texture=lambda u, v: (1 + 0.35 * np.tanh(12 * (u * 0.6 + v + 0.1)))[..., None]))
    if chance(rng, 0.6):
        parts.append(Part([line(points(-0.95, 0.13, 0.95, 0.13), 0.045)],
                          paint * 0.45 if chance(rng, 0.5) else hsv(0, 0, 0.85), bulge=0.2, contact=0))
    parts.append(Part([fill(ellipse(0.9, 0.06, 0.07, 0.055))], hsv(0.15, 0.3, 1.0), gloss=0.6, contact=0.1))
    parts.append(Part([fill(box(-0.98, 0.0, -0.9, 0.1))], hsv(0.0, 0.85, 0.8), contact=0.1))
    hub = hsv(0, 0, rng.uniform(0.55, 0.9))
    for x in (rear, front):
        parts.append(Part([fill(ellipse(x, low, wheel))], hsv(0, 0, 0.11), bulge=0.5, radius=0.08, gloss=0.05))
        parts.append(Part([fill(ellipse(x, low, wheel * 0.55))], hub, bulge=0.5, radius=0.05, gloss=0.4, contact=0))
        parts.append(Part([fill(ellipse(x, low, wheel * 0.18))], hub * 0.4, bulge=0, contact=0))
    return parts


def fish(rng):
    main, second = any_color(rng), any_color(rng)
    fin = second if chance(rng, 0.5) else main * 0.75
    tall, long = rng.uniform(0.3, 0.55), 0.62
    body = smooth(points(0.85, 0.02, 0.62, -tall * 0.65, 0.2, -tall, -0.3, -tall * 0.6, -long, -0.1,
                         -long, 0.1, -0.3, tall * 0.6, 0.2, tall, 0.62, tall * 0.7))
    spread, notch = rng.uniform(0.28, 0.5), rng.uniform(-0.82, -0.68)
    tail = smooth(points(-0.5, 0, -0.7, -spread * 0.5, -0.98, -spread, notch, 0, -0.98, spread, -0.7, spread * 0.5))
    high = rng.uniform(0.12, 0.32)
    dorsal = smooth(points(0.35, -tall * 0.8, 0.1, -tall - high, -0.35, -tall - high * 0.5, -0.35, -tall * 0.4))
    belly = smooth(points(0.15, tall * 0.8, -0.1, tall + high * 0.8, -0.3, tall + high * 0.5, -0.25, tall * 0.45))
    count, tilt, kind = rng.uniform(7, 16), rng.uniform(-0.3, 0.3), pick(rng, ["bands", "scales", "line", "plain"])

    def skin(u, v):
        shade = np.clip(0.5 - v / tall * 0.45, 0, 1)[..., None]
        c = main * (0.55 + 0.45 * shade) + (1 - shade) * 0.35
        if kind == "bands":
            m = np.clip(np.sin((u + tilt * v) * count) * 3, 0, 1)[..., None]
            c = c * (1 - m) + second * m
        elif kind == "scales":
            c = c * (1 + 0.2 * np.sin(u * 28) * np.sin(v * 28))[..., None]
        elif kind == "line":
            m = np.exp(-(v / 0.09) ** 2)[..., None]
            c = c * (1 - m) + second * m
        return c

    fins = lambda u, v: (0.85 + 0.2 * np.sin(np.arctan2(v, u + 0.2) * 34))[..., None] * fin
    parts = [Part([fill(dorsal)], fin, bulge=0.25, radius=0.08, texture=fins),
             Part([fill(belly)], fin, bulge=0.25, radius=0.08, texture=fins),
             Part([fill(tail)], fin, bulge=0.3, radius=0.1, texture=fins),
             Part([fill(body)], main, bulge=0.9, radius=0.4, gloss=rng.uniform(0.2, 0.6), texture=skin)]
    parts.append(Part([line(ellipse(0.28, 0, 0.2, tall * 0.75, start=-1.0, end=1.0), 0.03)], main * 0.45, bulge=0, contact=0))
    parts.append(Part([fill(smooth(points(0.22, 0.05, -0.1, 0.0, -0.16, 0.2, 0.0, 0.2)))], fin * 0.9, bulge=0.3, radius=0.06))
    parts.append(Part([fill(ellipse(0.58, -0.1, 0.095))], hsv(0.14, 0.1, 1.0), bulge=0.4, radius=0.06, contact=0.2))
    parts.append(Part([fill(ellipse(0.6, -0.1, 0.055))], hsv(0, 0, 0.05), bulge=0.2, gloss=0.8, contact=0))
    parts.append(Part([line(points(0.82, 0.1, 0.7, 0.14), 0.03)], main * 0.3, bulge=0, contact=0))
    return parts


def flower(rng):
    petals = int(rng.integers(5, 13))
    color = any_color(rng, (0.25, 0.95), (0.65, 1.0)) if chance(rng, 0.8) else hsv(0, 0.02, 0.97)
    inner = color * rng.uniform(0.5, 1.0) + rng.uniform(0, 0.2)
    heart = near(rng, 0.12, 0.85, 0.85) if chance(rng, 0.7) else near(rng, 0.08, 0.6, 0.3)
    stem = chance(rng, 0.6)
    cx, cy, reach = (rng.uniform(-0.12, 0.12), -0.32, 0.62) if stem else (0.0, 0.0, 0.9)
    squash, facing = rng.uniform(0.75, 1.0), rng.uniform(0, TAU)
    core = reach * rng.uniform(0.22, 0.36)
    parts = []
    if stem:
        green = near(rng, 0.3, 0.7, 0.45)
        bend = rng.uniform(-0.25, 0.25)
        parts.append(Part([line(smooth([(cx, cy), (bend, 0.4), (bend * 0.5, 0.98)], False), 0.085)], green, radius=0.05))
        for side in (-1, 1):
            if chance(rng, 0.75):
                y, up = rng.uniform(0.45, 0.75), rng.uniform(0.15, 0.4)
                leaf = smooth(points(0, 0, 0.22 * side, -up * 0.9, 0.56 * side, -up, 0.32 * side, 0.02))
                parts.append(Part([fill(leaf + [bend * 0.85, y])], green * rng.uniform(0.8, 1.2), radius=0.12, bulge=0.5))
    width = min(rng.uniform(0.75, 1.1) * math.pi * reach * 0.6 / petals, 0.34 * reach / 0.62)
    start = rng.uniform(0, TAU)
    pointed = rng.uniform(0.0, 0.8)
    order = list(range(0, petals, 2)) + list(range(1, petals, 2))
    for k in order:
        a = start + TAU * k / petals + rng.normal(0, 0.05)
        size = reach * rng.uniform(0.92, 1.04)
        leaf = smooth([(core * 0.3, 0), (size * 0.45, width * 0.8), (size * 0.8, width * (1 - 0.55 * pointed)), (size, 0),
                       (size * 0.8, -width * (1 - 0.55 * pointed)), (size * 0.45, -width * 0.8)])
        c, s = math.cos(a), math.sin(a)
        leaf = leaf @ np.array([[c, s], [-s, c]])
        leaf = leaf @ np.array([[math.cos(facing), -math.sin(facing)], [math.sin(facing), math.cos(facing)]]) * [1, squash]
        leaf = leaf @ np.array([[math.cos(facing), math.sin(facing)], [-math.sin(facing), math.cos(facing)]])

        def tint(u, v):
            d = np.clip(np.hypot(u - cx, v - cy) / reach, 0, 1)[..., None] ** 1.3
            return inner * (1 - d) + color * d

        parts.append(Part([fill(leaf + [cx, cy])], color, bulge=0.6, radius=0.14, gloss=0.08, texture=tint, contact=0.45))
    parts.append(Part([fill(ellipse(cx, cy, core, core * (squash + 1) / 2))], heart, bulge=1.0, radius=core * 0.8, gloss=0.1,
                      texture=lambda u, v: (1 + 0.22 * np.sin(u * 46) * np.sin(v * 46))[..., None] * heart))
    return parts


def house(rng):
    wall = near(rng, pick(rng, [0.08, 0.12, 0.0, 0.55, 0.3]), rng.uniform(0.05, 0.5), 0.85, 0.02)
    roof = near(rng, pick(rng, [0.02, 0.05, 0.6, 0.09]), rng.uniform(0.3, 0.7), rng.uniform(0.35, 0.65), 0.01)
    door, pane = any_color(rng, (0.4, 0.9), (0.3, 0.7)), near(rng, 0.56, 0.35, 0.7) if chance(rng, 0.7) else hsv(0.13, 0.5, 1)
    eaves, ground, peak = rng.uniform(-0.2, 0.0), rng.uniform(0.72, 0.85), rng.uniform(-0.88, -0.65)
    frame = hsv(0.1, 0.05, rng.uniform(0.7, 1.0))
    style = pick(rng, ["front", "corner", "corner", "long"])
    bricks = rng.uniform(0.0, 0.16)

    def masonry(u, v):
        row = np.floor(v * 13)
        joint = (np.abs((v * 13) % 1 - 0.5) > 0.4) | (np.abs((u * 7 + row * 0.5) % 1 - 0.5) > 0.45)
        return (1 - bricks * joint)[..., None] * wall

    tiles = lambda u, v: (1 - 0.14 * (np.abs((v * 14) % 1 - 0.5) > 0.34))[..., None] * roof
    parts, chimney = [], Part([fill(box(0.28, peak - 0.08, 0.46, eaves))], near(rng, 0.03, 0.5, 0.5), bulge=0.3, radius=0.08)
    if chance(rng, 0.75):
        parts.append(chimney)

    def window(x, y, w, h):
        parts.append(Part([fill(box(x - w, y - h, x + w, y + h))], frame, bulge=0.3, radius=0.05, contact=0.15))
        i = 0.03
        shapes = [fill(box(x - w + i, y - h + i, x + w - i, y + h - i)), cut(box(x - 0.012, y - h, x + 0.012, y + h)),
                  cut(box(x - w, y - 0.012, x + w, y + 0.012))]
        parts.append(Part(shapes, pane, bulge=0.1, gloss=0.4, contact=0.0,
                          texture=lambda u, v: (1 + 0.3 * np.tanh(10 * (u - x + v - y)))[..., None] * pane))

    def doorway(x, w, h):
        parts.append(Part([fill(box(x - w - 0.03, ground - h - 0.03, x + w + 0.03, ground))], frame, bulge=0.2, radius=0.05, contact=0.15))
        parts.append(Part([fill(box(x - w, ground - h, x + w, ground))], door, bulge=0.3, radius=0.06, contact=0.1))
        parts.append(Part([fill(ellipse(x + w * 0.6, ground - h * 0.5, 0.025))], hsv(0.13, 0.5, 0.95), contact=0))

    if style == "front":
        half = rng.uniform(0.62, 0.78)
        parts.append(Part([fill(points(-half, eaves, 0, peak + 0.08, half, eaves, half, ground, -half, ground))], wall, bulge=0.2,
                          radius=0.12, texture=masonry))
        over = half + 0.16
        parts.append(Part([line(points(-over, eaves + 0.1, 0, peak, over, eaves + 0.1), 0.15)], roof, bulge=0.4, radius=0.08, contact=0.6))
        doorway(rng.uniform(-0.12, 0.12), 0.14, 0.42)
        for x in (-half * 0.62, half * 0.62):
            window(x, (eaves + ground) / 2 - 0.04, 0.14, 0.15)
        if chance(rng, 0.6):
            window(0, (eaves + peak) / 2 + 0.1, 0.1, 0.1)
    elif style == "corner":
        edge, left, right = rng.uniform(-0.2, 0.05), -0.85, 0.88
        mid = (left + edge) / 2
        parts.append(Part([fill(points(edge, eaves, right, eaves - 0.02, right, ground - 0.1, edge, ground))], wall * 0.78, bulge=0.1,
                          texture=lambda u, v: masonry(u, v) * 0.78))
        parts.append(Part([fill(points(left, eaves, mid, peak + 0.06, edge, eaves, edge, ground, left, ground - 0.06))], wall, bulge=0.1,
                          texture=masonry, contact=0))
        parts.append(Part([fill(points(mid - 0.02, peak, right - 0.18, peak + 0.03, right + 0.08, eaves + 0.06, edge + 0.06, eaves + 0.08))],
                          roof, bulge=0.2, radius=0.08, texture=tiles, contact=0.6))
        parts.append(Part([line(points(left - 0.08, eaves + 0.1, mid, peak + 0.02), 0.09)], roof * 0.8, bulge=0.3, radius=0.05, contact=0.5))
        doorway(mid, 0.13, 0.4)
        window(edge + (right - edge) * 0.3, (eaves + ground) / 2, 0.12, 0.13)
        window(edge + (right - edge) * 0.72, (eaves + ground) / 2 - 0.02, 0.12, 0.13)
    else:
        half = 0.86
        parts.append(Part([fill(box(-half, eaves, half, ground))], wall, bulge=0.2, radius=0.12, texture=masonry))
        inset = rng.uniform(0.15, 0.4)
        parts.append(Part([fill(points(-half + inset, peak + 0.1, half - inset, peak + 0.1, half + 0.12, eaves + 0.08, -half - 0.12, eaves + 0.08))],
                          roof, bulge=0.3, radius=0.1, texture=tiles, contact=0.6))
        at = rng.uniform(-0.15, 0.15)
        doorway(at, 0.14, 0.42)
        for x in (-0.55, 0.55):
            window(x, (eaves + ground) / 2, 0.16, 0.14)
    return parts


def key(rng):
    metal = pick(rng, [near(rng, 0.125, 0.6, 0.85, 0.01), hsv(0.6, 0.04, rng.uniform(0.6, 0.9)), near(rng, 0.07, 0.6, 0.6, 0.01),
                       hsv(0.6, 0.1, 0.35)])
    bow = rng.uniform(0.28, 0.4)
    at = -0.95 + bow
    kind = pick(rng, ["ring", "disc", "square", "clover", "oval"])
    shapes = []
    if kind == "ring":
        shapes += [fill(ellipse(at, 0, bow)), cut(ellipse(at, 0, bow * rng.uniform(0.5, 0.68)))]
    elif kind == "disc":
        shapes += [fill(ellipse(at, 0, bow)), cut(ellipse(at - bow * 0.4, 0, bow * 0.25))]
    elif kind == "square":
        shapes += [fill(rounded(box(at - bow, -bow, at + bow, bow), 0.15)), cut(ellipse(at - bow * 0.35, 0, bow * 0.3))]
    elif kind == "clover":
        for a in (0.5, 1, 1.5):
            x, y = at + math.cos(a * math.pi) * bow * 0.5, math.sin(a * math.pi) * bow * 0.65
            shapes += [fill(ellipse(x, y, bow * 0.52))]
        for a in (0.5, 1, 1.5):
            x, y = at + math.cos(a * math.pi) * bow * 0.5, math.sin(a * math.pi) * bow * 0.65
            shapes += [cut(ellipse(x, y, bow * 0.25))]
    else:
        shapes += [fill(ellipse(at, 0, bow, bow * 0.75)), cut(ellipse(at, 0, bow * 0.65, bow * 0.4))]
    thick = rng.uniform(0.055, 0.085)
    end = 0.95
    shapes.append(fill(box(at + bow * (0.55 if kind == "clover" else 0.9), -thick, end, thick)))
    if chance(rng, 0.5):
        x = at + bow + 0.08
        shapes.append(fill(box(x, -thick * 1.8, x + 0.07, thick * 1.8)))
    if chance(rng, 0.55):      # a skeleton key's bit
        width, depth = rng.uniform(0.22, 0.36), rng.uniform(0.24, 0.36)
        shapes.append(fill(box(end - width - 0.06, 0, end - 0.06, depth)))
        slots = int(rng.integers(1, 3))
        for k in range(slots):
            x = end - 0.06 - width * (k + 1) / (slots + 1)
            shapes.append(cut(box(x - 0.028, depth * rng.uniform(0.35, 0.6), x + 0.028, depth + 0.01)))
    else:                      # a saw edge
        x, edge = end - 0.62, [(end - 0.64, 0)]
        while x < end - 0.02:
            edge += [(x, thick + rng.uniform(0.04, 0.2)), (x + 0.05, thick + rng.uniform(0.0, 0.16))]
            x += 0.1
        edge += [(end, 0)]
        shapes.append(fill(np.array(edge)))
    return [Part(shapes, metal, bulge=1.0, radius=0.09, gloss=rng.uniform(0.4, 0.9), sharp=8, contact=0.5)]


def mug(rng):
    glaze = any_color(rng, (0.2, 0.9), (0.45, 1.0)) if chance(rng, 0.75) else hsv(0.1, 0.04, rng.uniform(0.7, 1.0))
    deco = any_color(rng)
    top, bottom = rng.uniform(0.5, 0.66), 0
    bottom = top * rng.uniform(0.75, 1.0)
    high, dip = rng.uniform(0.55, 0.75), rng.uniform(0.1, 0.2)
    x0 = -0.18
    side = np.concatenate([points(x0 - top, -high), ellipse(x0, high - dip * 0.4, bottom, dip * bottom / top, start=math.pi, end=0, n=20),
                           points(x0 + top, -high), ellipse(x0, -high, top, dip, start=0, end=-math.pi, n=20)])
    pattern = pick(rng, ["plain", "stripe", "stripes", "dots", "dip"])
    level, count = rng.uniform(-0.3, 0.3), rng.uniform(6, 10)

    def wall(u, v):
        around = np.clip((u - x0) / top, -1, 1)
        w = v - dip * np.sqrt(np.clip(1 - around ** 2, 0, 1)) * 0.8
        c = np.broadcast_to(glaze, u.shape + (3,))
        m = None
        if pattern == "stripe":
            m = np.clip((0.14 - np.abs(w - level)) * 40, 0, 1)
        elif pattern == "stripes":
            m = np.clip(np.sin(w * 3 * count) * 4, 0, 1)
        elif pattern == "dots":
            angle = np.arcsin(around * 0.999)
            m = np.clip((np.sin(angle * count * 0.8) * np.sin(w * count * 1.3) - 0.4) * 8, 0, 1)
        elif pattern == "dip":
            m = np.clip((w - level) * 40, 0, 1)
        if m is not None:
            c = c * (1 - m[..., None]) + deco * m[..., None]
        return c

    handle = rng.uniform(0.3, 0.38)
    hx, hy, thick = x0 + top * 0.93, rng.uniform(-0.06, 0.06), rng.uniform(0.12, 0.17)
    loop = smooth(points(hx - 0.06, hy - handle, hx + 0.26, hy - handle * 0.95, hx + handle * 1.15, hy - 0.1,
                         hx + handle * 0.9, hy + handle * 0.7, hx - 0.1, hy + handle), False)
    drink = near(rng, 0.07, 0.7, 0.25) if chance(rng, 0.65) else glaze * 0.4
    parts = [Part([line(loop, thick)], glaze, bulge=0.9, radius=thick * 0.6, gloss=0.4),
             Part([fill(side)], glaze, bulge=1.1, radius=0.6, gloss=rng.uniform(0.2, 0.6), texture=wall),
             Part([fill(ellipse(x0, -high, top, dip))], glaze * 0.5 + 0.5, bulge=0.2, radius=0.05, contact=0),
             Part([fill(ellipse(x0, -high + 0.01, top * 0.9, dip * 0.8))], glaze * 0.55, bulge=0.0, contact=0),
             Part([fill(ellipse(x0, -high + dip * 0.3, top * 0.82, dip * 0.6))], drink, bulge=0.2, gloss=0.4, contact=0,
                  clip=[fill(ellipse(x0, -high + 0.01, top * 0.9, dip * 0.8))])]
    if chance(rng, 0.25):
        for k in (-1, 1):
            path = smooth([(x0 + k * 0.16, -high), (x0 + k * 0.16 + 0.08, -high - 0.12), (x0 + k * 0.16 - 0.05, -high - 0.24),
                           (x0 + k * 0.16 + 0.05, -high - 0.36)], False)
            parts.append(Part([line(path, 0.05)], hsv(0, 0, 1), bulge=0, contact=0, opacity=0.45))
    return parts


def sailboat(rng):
    hull_color = any_color(rng, (0.3, 0.9), (0.3, 0.9)) if chance(rng, 0.8) else hsv(0, 0, 0.95)
    cloth = hsv(0.12, rng.uniform(0, 0.12), rng.uniform(0.9, 1.0)) if chance(rng, 0.6) else any_color(rng, (0.3, 0.9), (0.6, 1.0))
    other = cloth if chance(rng, 0.5) else any_color(rng, (0.3, 0.9), (0.6, 1.0))
    deck, keel = rng.uniform(0.42, 0.52), rng.uniform(0.76, 0.9)
    hull = smooth(points(-0.82, deck, -0.7, (deck + keel) / 2, -0.45, keel, 0.35, keel, 0.7, (deck + keel) / 2 - 0.02,
                         0.95, deck - 0.06, 0.4, deck, -0.4, deck + 0.01))
    hull = np.concatenate([hull, points(0.9, deck - 0.04)])[:-1]
    mast, head = rng.uniform(-0.1, 0.12), rng.uniform(-0.98, -0.85)
    fullness = rng.uniform(0.05, 0.18)
    boom = rng.uniform(0.55, 0.72)
    main = smooth([(mast - 0.04, head + 0.06), (mast - 0.3 - fullness, -0.2), (mast - boom, deck - 0.14), (mast - boom * 0.5, deck - 0.1),
                   (mast - 0.04, deck - 0.12)], False)
    jib = smooth([(mast + 0.04, head + rng.uniform(0.1, 0.4)), (mast + 0.3 + fullness * 0.5, -0.1), (0.84, deck - 0.12),
                  (0.45, deck - 0.14 + fullness * 0.3), (mast + 0.08, deck - 0.14)], False)
    count, striped = rng.uniform(5, 9), chance(rng, 0.35)

    def canvas(color):
        def paint(u, v):
            c = np.broadcast_to(color, u.shape + (3,)) * (1 - 0.12 * (np.abs((v * count) % 1 - 0.5) > 0.44))[..., None]
            if striped:
                m = (np.sin(v * count * 2) > 0.2)[..., None]
                c = np.where(m, hull_color * 0.6 + 0.3, c)
            return c
        return paint

    parts = [Part([line(points(mast, head, mast, deck + 0.05), 0.06)], near(rng, 0.08, 0.5, 0.45), radius=0.03),
             Part([fill(main)], cloth, bulge=0.7, radius=0.45, gloss=0.03, texture=canvas(cloth)),
             Part([line(points(mast, deck - 0.08, mast - boom - 0.03, deck - 0.1), 0.045)], near(rng, 0.08, 0.5, 0.45), radius=0.03)]
    if chance(rng, 0.85):
        parts.append(Part([fill(jib)], other, bulge=0.7, radius=0.4, gloss=0.03, texture=canvas(other)))
    band = any_color(rng)
    level = rng.uniform(0.08, 0.14)
    parts.append(Part([fill(hull)], hull_color, bulge=0.9, radius=0.3, gloss=0.25,
                      texture=lambda u, v: np.where((np.abs(v - deck - level) < 0.035)[..., None], band, hull_color)))
    if chance(rng, 0.5):
        s = rng.choice([-1, 1])
        parts.append(Part([fill(points(mast, head - 0.02, mast + 0.24 * s, head + 0.05, mast, head + 0.12))], any_color(rng, (0.6, 1), (0.6, 1)),
                          radius=0.05))
    if chance(rng, 0.5):       # water
        sea = near(rng, 0.56, 0.6, 0.6)
        x = np.linspace(-1.25, 1.25, 60)
        wave = np.stack([x, keel - 0.06 + 0.03 * np.sin(x * rng.uniform(7, 12) + rng.uniform(0, TAU))], -1)
        shape = np.concatenate([wave, ellipse(0, keel - 0.06, 1.25, rng.uniform(0.12, 0.3), start=0, end=math.pi, n=20)])
        parts.append(Part([fill(shape)], sea, bulge=0.3, radius=0.1, gloss=0.2, contact=0.1, opacity=0.85,
                          texture=lambda u, v: (1 + 0.18 * np.sin(v * 40 + 2 * np.sin(u * 8)))[..., None] * sea))
    return parts


def tree(rng):
    season = rng.random()
    leaf = near(rng, 0.29 if season < 0.6 else pick(rng, [0.08, 0.03, 0.14]), 0.7, 0.5)
    bark = near(rng, 0.07, 0.5, 0.33)
    parts = []
    speckle_u, speckle_v = rng.uniform(18, 34), rng.uniform(18, 34)

    def foliage(color):
        return lambda u, v: (1 + 0.22 * np.sin(u * speckle_u + 3 * np.sin(v * 9)) * np.sin(v * speckle_v + 3 * np.sin(u * 11)))[..., None] * color

    style = pick(rng, ["round", "round", "conifer", "oval"])
    wide = rng.uniform(0.09, 0.16)
    bend = rng.uniform(-0.1, 0.1)
    if style == "conifer":
        parts.append(Part([fill(points(-wide * 0.7, 0.5, wide * 0.7, 0.5, wide, 0.98, -wide, 0.98))], bark, radius=0.1))
        tiers, reach = int(rng.integers(3, 6)), rng.uniform(0.52, 0.75)
        for k in range(tiers):
            low = 0.66 - k * 1.15 / tiers
            half = reach * (1 - 0.82 * k / tiers)
            peak = max(low - 0.42 - 1.1 / tiers * 0.5, -1.0)
            skirt = [(half * (1 - 2 * j / 8), low + (0.05 if j % 2 else -0.02)) for j in range(9)]
            parts.append(Part([fill(np.array([(bend * 0.5, peak)] + skirt))], leaf, bulge=0.7, radius=0.2, gloss=0.02, contact=0.55,
                              texture=foliage(leaf * (0.8 + 0.3 * k / tiers))))
    else:
        parts.append(Part([fill(smooth(points(bend - wide * 0.5, -0.2, bend + wide * 0.5, -0.2, wide * 0.8, 0.6, wide * 1.7, 0.98,
                                              -wide * 1.7, 0.98, -wide * 0.8, 0.6)))], bark, radius=0.14, bulge=0.8,
                          texture=lambda u, v: (1 + 0.2 * np.sin(u * 45 + 2 * np.sin(v * 6)))[..., None] * bark))
        for s in (-1, 1):
            parts.append(Part([line(points(bend, 0.25, bend + 0.32 * s, -0.15), wide * 0.6)], bark, radius=0.05))
        rx, ry = (rng.uniform(0.5, 0.68), rng.uniform(0.45, 0.58)) if style == "round" else (rng.uniform(0.36, 0.46), rng.uniform(0.6, 0.68))
        cy = -1.0 + ry * 1.12
        blobs = int(rng.integers(6, 11))
        parts.append(Part([fill(ellipse(bend, cy, rx * 0.85, ry * 0.85))], leaf * 0.8, bulge=0.9, radius=0.3, gloss=0, texture=foliage(leaf * 0.8)))
        for k in range(blobs):
            a = TAU * k / blobs + rng.normal(0, 0.2)
            d = rng.uniform(0.5, 0.72) if k < blobs - 2 else rng.uniform(0.0, 0.3)
            size = rng.uniform(0.3, 0.46)
            t = np.linspace(0, TAU, 30, endpoint=False)
            r = size * (1 + 0.09 * np.sin(t * 7 + rng.uniform(0, TAU)))
            blob = np.stack([bend + rx * d * math.cos(a) + rx * r * np.cos(t) * 1.15, cy + ry * d * math.sin(a) + ry * r * np.sin(t) * 1.15], -1)
            tone = leaf * rng.uniform(0.85, 1.15)
            parts.append(Part([fill(blob)], tone, bulge=0.9, radius=0.2, gloss=0.02, contact=0.35, texture=foliage(tone)))
        if chance(rng, 0.25):
            fruit = near(rng, pick(rng, [0.0, 0.09]), 0.85, 0.85)
            for _ in range(int(rng.integers(3, 8))):
                a, d = rng.uniform(0, TAU), rng.uniform(0.1, 0.8)
                parts.append(Part([fill(ellipse(bend + rx * d * math.cos(a), cy + ry * d * math.sin(a), 0.06))], fruit, radius=0.05, gloss=0.4))
    return parts


def umbrella(rng):
    first = any_color(rng)
    second = pick(rng, [first * 0.72, any_color(rng), hsv(0.1, 0.03, 0.97)])
    panels = int(rng.integers(4, 9))
    rim, crown = rng.uniform(-0.1, 0.08), rng.uniform(-0.92, -0.8)
    half = rng.uniform(0.82, 0.97)
    squeeze = rng.uniform(0.8, 1.0)
    dome = ellipse(0, rim, half, rim - crown, start=math.pi, end=TAU, n=40)
    dome[:, 1] = rim - (rim - dome[:, 1]) * (1 - 0.12 * (1 - np.abs(dome[:, 0]) / half) * (1 - squeeze) * 4)
    ends = half * np.sin(np.linspace(-math.pi / 2, math.pi / 2, panels + 1))
    edge = []
    for k in range(panels, 0, -1):
        x0, x1 = ends[k], ends[k - 1]
        for t in np.linspace(0, 1, 8):
            edge.append((x0 + (x1 - x0) * t, rim - 0.11 * math.sin(math.pi * t)))
    canopy = np.concatenate([dome, np.array(edge)])
    tip, metal = crown - 0.1, hsv(0.6, 0.05, rng.uniform(0.4, 0.8))
    wood = near(rng, 0.07, 0.65, 0.45) if chance(rng, 0.6) else any_color(rng, (0.3, 0.9), (0.15, 0.6))
    s, hook = rng.choice([-1, 1]), rng.uniform(0.12, 0.18)
    low = 0.95 - hook
    handle = np.concatenate([points(0, low - 0.22), points(0, low), ellipse(s * hook, low, hook, start=math.pi if s > 0 else 0,
                                                                         end=0 if s > 0 else math.pi, n=14)])

    def cloth(u, v):
        drop = np.clip((v - crown) / (rim - crown), 0.02, 1)
        across = np.clip(u / (half * np.sqrt(np.clip(1 - (1 - drop) ** 2, 0.001, 1))), -0.999, 0.999)
        place = (np.arcsin(across) / math.pi + 0.5) * panels
        odd = (np.floor(place) % 2)[..., None]
        rib = np.exp(-((place - np.round(place)) / 0.05) ** 2)[..., None]
        return (first * (1 - odd) + second * odd) * (1 - 0.3 * rib) * (0.85 + 0.25 * np.sin((place % 1) * math.pi))[..., None]

    parts = [Part([line(points(0, rim - 0.2, 0, low), 0.055)], metal, radius=0.03, gloss=0.4),
             Part([line(handle, 0.1)], wood, radius=0.05, gloss=0.4),
             Part([line(points(0, tip, 0, crown + 0.05), 0.06)], metal, radius=0.03, gloss=0.4),
             Part([fill(canopy)], first, bulge=0.9, radius=0.55, gloss=rng.uniform(0.05, 0.3), texture=cloth, contact=0.5)]
    return parts


MAKERS = {"apple": apple, "car": car, "fish": fish, "flower": flower, "house": house, "key": key, "mug": mug,
          "sailboat": sailboat, "tree": tree, "umbrella": umbrella}
TILT = {"apple": 0.35, "car": 0.22, "fish": 0.5, "flower": 0.35, "house": 0.14, "key": math.pi, "mug": 0.25,
        "sailboat": 0.25, "tree": 0.16, "umbrella": 0.6}


# ---------------------------------------------------------------- the scene

class Scene:
    def __init__(self, rng, width, height):
        self.rng, self.w, self.h = rng, width, height
        self.unit = min(width, height) / 2
        around, lift = rng.uniform(0, TAU) if chance(rng, 0.25) else rng.uniform(-math.pi, 0), rng.uniform(0.55, 1.2)
        self.light = np.array([math.cos(around) * math.cos(lift), math.sin(around) * math.cos(lift), math.sin(lift)], np.float32)
        half = self.light + [0, 0, 1]
        self.half = half / np.linalg.norm(half)
        warmth = rng.uniform(-1, 1)
        self.lamp = np.array([1 + 0.14 * warmth, 1.0, 1 - 0.22 * warmth], np.float32)
        self.sky = np.array([1 - 0.1 * warmth, 1.0, 1 + 0.12 * warmth], np.float32)
        self.ambient = rng.uniform(0.3, 0.6)
        yy, xx = np.mgrid[0:height, 0:width].astype(np.float32)
        self.xx, self.yy = xx + 0.5, yy + 0.5
        self.img = np.zeros((height, width, 3), np.float32)

    def matrix(self, cx, cy, scale, angle, mirror=False, stretch=1.0, skew=0.0):
        c, s = math.cos(angle), math.sin(angle)
        m = np.array([[c, -s], [s, c]]) @ np.array([[stretch, skew], [0, 1 / stretch]]) * scale
        if mirror:
            m = m @ np.diag([-1.0, 1.0])
        return m, np.array([cx, cy])

    def mask(self, shapes, transform):
        m, o = transform
        k = SUPERSAMPLING
        size = math.sqrt(abs(np.linalg.det(m)))
        im = Image.new("L", (self.w * k, self.h * k))
        draw = ImageDraw.Draw(im)
        for kind, pts, width in shapes:
            xy = [(float(x), float(y)) for x, y in (pts @ m.T + o) * k]
            ink = 0 if kind.startswith("cut") else 255
            if kind in ("fill", "cut"):
                draw.polygon(xy, fill=ink)
            else:
                w = max(width * size * k, 1.5)
                draw.line(xy, fill=ink, width=int(round(w)), joint="curve")
                for x, y in (xy[0], xy[-1]):
                    draw.ellipse((x - w / 2, y - w / 2, x + w / 2, y + w / 2), fill=ink)
        return np.asarray(im.reduce(k), np.float32) / 255

    def paint(self, part, transform):
        m, o = transform
        size = math.sqrt(abs(np.linalg.det(m)))
        cover = part.mask
        rows, cols = np.flatnonzero(cover.any(1)), np.flatnonzero(cover.any(0))
        if not len(rows):
            return
        pad = int(size * 0.12) + 3
        y0, y1, x0, x1 = max(rows[0] - pad, 0), min(rows[-1] + pad + 1, self.h), max(cols[0] - pad, 0), min(cols[-1] + pad + 1, self.w)
        cover = cover[y0:y1, x0:x1]
        below = self.img[y0:y1, x0:x1]
        if part.contact > 0:
            near_by = shift(cover, -self.light[0] * size * 0.07, -self.light[1] * size * 0.07)
            below = below * (1 - part.contact * np.clip(blur(near_by, max(size * 0.045, 0.6)), 0, 1)[..., None])
        sigma = max(part.radius * size * 0.5, 0.6)
        rise = blur(np.pad(cover, 3), sigma)[3:-3, 3:-3]
        height = np.sin(rise * math.pi / 2) * sigma * 3.6 * part.bulge
        gy, gx = np.gradient(height)
        norm = 1 / np.sqrt(gx ** 2 + gy ** 2 + 1)
        facing = np.clip((-gx * self.light[0] - gy * self.light[1] + self.light[2]) * norm, 0, 1)
        shine = np.clip((-gx * self.half[0] - gy * self.half[1] + self.half[2]) * norm, 0, 1) ** part.sharp
        if part.texture is None:
            color = part.color
        else:
            inverse = np.linalg.inv(m)
            x, y = self.xx[y0:y1, x0:x1] - o[0], self.yy[y0:y1, x0:x1] - o[1]
            color = part.texture(inverse[0, 0] * x + inverse[0, 1] * y, inverse[1, 0] * x + inverse[1, 1] * y)
            if color.shape[-1] == 1:
                color = part.color * color
        diffuse = facing / max(self.light[2], 0.5)
        lit = color * (self.ambient * self.sky + (1 - self.ambient) * diffuse[..., None] * self.lamp)
        lit = lit + part.gloss * shine[..., None] * self.lamp * 0.8
        a = cover[..., None] * part.opacity
        self.img[y0:y1, x0:x1] = below * (1 - a) + np.clip(lit, 0, 1.3) * a

    # -- backgrounds

    def plain_color(self):
        rng = self.rng
        return any_color(rng, (0.05, 0.6), (0.25, 0.95))

    def pattern(self):
        """A flat surface filling the picture."""
        rng, w, h = self.rng, self.w, self.h
        a, b = self.plain_color(), self.plain_color()
        kind = pick(rng, ["gradient", "radial", "noise", "stripes", "checks", "dots", "wood", "bokeh", "stone"])
        angle = rng.uniform(0, TAU)
        x, y = self.xx - w / 2, self.yy - h / 2
        u, v = math.cos(angle) * x + math.sin(angle) * y, -math.sin(angle) * x + math.cos(angle) * y
        if kind == "gradient":
            m = np.clip(u / (2 * self.unit) + 0.5, 0, 1)
        elif kind == "radial":
            m = np.clip(np.hypot(x - rng.normal(0, self.unit / 3), y - rng.normal(0, self.unit / 3)) / (1.5 * self.unit), 0, 1)
        elif kind == "noise":
            m = noise(rng, h, w, rng.uniform(10, 50), 4)
        elif kind == "stripes":
            b = a * 0.6 + b * 0.4
            m = np.clip(np.sin(u * TAU / rng.uniform(8, 30)) * 3 + 0.5, 0, 1)
        elif kind == "checks":
            b = a * 0.6 + b * 0.4
            p = rng.uniform(10, 26)
            m = np.clip(np.sin(u * TAU / p) * np.sin(v * TAU / p) * 5 + 0.5, 0, 1)
        elif kind == "dots":
            b = a * 0.5 + b * 0.5
            p = rng.uniform(9, 22)
            m = np.clip((np.cos(u * TAU / p) + np.cos(v * TAU / p) - rng.uniform(0.5, 1.2)) * 4, 0, 1)
        elif kind == "wood":
            a = near(rng, 0.08, 0.5, 0.6)
            b = a * rng.uniform(0.55, 0.8)
            warp = noise(rng, h, w, 40, 2) * rng.uniform(6, 16)
            m = 0.5 + 0.5 * np.sin((v + warp) * TAU / rng.uniform(5, 11)) * (0.4 + 0.6 * noise(rng, h, w, 18, 2))
            plank = rng.uniform(22, 40)
            m = np.where(np.abs((v / plank) % 1 - 0.5) > 0.47, 1.4, m)
        elif kind == "stone":
            b = a * rng.uniform(0.5, 0.8)
            m = np.clip((noise(rng, h, w, rng.uniform(4, 9), 3) - 0.3) * 2, 0, 1)
        else:
            m = np.clip(v / (2 * self.unit) + 0.5, 0, 1)
        image = a * (1 - m[..., None]) + b * m[..., None]
        if kind == "bokeh":
            for _ in range(int(rng.integers(5, 16))):
                r = rng.uniform(0.08, 0.3) * self.unit
                d = np.hypot(self.xx - rng.uniform(0, w), self.yy - rng.uniform(0, h))
                spot = np.clip((r - d) / 1.5, 0, 1) * (0.6 + 0.4 * np.clip(d / r, 0, 1)) * rng.uniform(0.15, 0.5)
                image = image * (1 - spot[..., None]) + any_color(rng, (0.1, 0.7), (0.7, 1.0)) * spot[..., None]
        return image

    def background(self):
        rng, w, h = self.rng, self.w, self.h
        kind = rng.random()
        self.floor = None
        if kind < 0.5:
            image = self.pattern()
        elif kind < 0.75:                      # a table or floor before a wall
            wall, floor = self.pattern(), self.pattern()
            level = h * rng.uniform(0.5, 0.8)
            m = np.clip((self.yy - level + (self.xx - w / 2) * rng.normal(0, 0.06)) * 1.5, 0, 1)[..., None]
            fade = np.clip((self.yy - level) / (h - level), 0, 1)[..., None]
            image = blur(wall, rng.uniform(0.3, 2)) * (1 - m) + floor * (0.75 + 0.3 * fade) * m
            self.floor = level
        else:                                  # open air
            level = h * rng.uniform(0.45, 0.8)
            top, low = near(rng, pick(rng, [0.58, 0.6, 0.07, 0.75]), 0.5, 0.8), near(rng, 0.56, 0.15, 0.95)
            t = np.clip(self.yy / level, 0, 1)[..., None]
            image = top * (1 - t) + low * t
            cloud = np.clip((noise(rng, h, w, 34, 4) - rng.uniform(0.45, 0.7)) * 3, 0, 1)[..., None]
            image = image * (1 - cloud) + 0.97 * cloud
            ground = near(rng, pick(rng, [0.28, 0.22, 0.1, 0.56, 0.0]), 0.45, 0.5)
            hills = level - (noise(rng, 1, w, 40, 2)[0] - 0.4) * h * rng.uniform(0, 0.3)
            m = np.clip((self.yy - hills[None, :]) * 1.2, 0, 1)[..., None]
            if chance(rng, 0.5):
                far = hills - (noise(rng, 1, w, 25, 2)[0]) * h * 0.25
                f = np.clip((self.yy - far[None, :]) * 1.2, 0, 1)[..., None]
                image = image * (1 - f) + (ground * 0.5 + low * 0.4) * f
            field_ = ground * (0.75 + 0.5 * noise(rng, h, w, rng.uniform(3, 12), 3))[..., None]
            image = image * (1 - m) + field_ * m
            self.floor = level
        self.img[:] = image
        slope = (self.xx - w / 2) / w * self.light[0] + (self.yy - h / 2) / h * self.light[1]
        self.img *= (1 + rng.uniform(0.0, 0.5) * slope)[..., None] * (0.55 + 0.45 * self.lamp)

    # -- clutter and occlusion

    def scrap(self, cx, cy, size, soft=False):
        """One meaningless coloured thing."""
        rng = self.rng
        kind = pick(rng, ["blob", "polygon", "stick", "ring", "disc", "box", "arc"])
        if kind == "blob":
            t = np.linspace(0, TAU, 9, endpoint=False)
            shapes = [fill(smooth(np.stack([np.cos(t), np.sin(t)], -1) * rng.uniform(0.5, 1.0, (9, 1))))]
        elif kind == "polygon":
            n = int(rng.integers(3, 7))
            shapes = [fill(ellipse(0, 0, 1, rng.uniform(0.5, 1), n=n + 1))]
        elif kind == "stick":
            shapes = [line(points(-1, 0, 1, 0), rng.uniform(0.15, 0.5))]
        elif kind == "ring":
            shapes = [line(ellipse(0, 0, 0.85), rng.uniform(0.12, 0.3))]
        elif kind == "disc":
            shapes = [fill(ellipse(0, 0, 1, rng.uniform(0.4, 1)))]
        elif kind == "box":
            shapes = [fill(rounded(box(-1, -rng.uniform(0.3, 1), 1, 0.6), rng.uniform(0.02, 0.4)))]
        else:
            shapes = [line(ellipse(0, 0, 1, rng.uniform(0.5, 1), start=0, end=rng.uniform(1.5, 4)), rng.uniform(0.12, 0.35))]
        transform = self.matrix(cx, cy, size, rng.uniform(0, TAU), stretch=rng.uniform(0.75, 1.3))
        color = any_color(rng, (0.1, 0.95), (0.2, 1.0))
        part = Part(shapes, color, bulge=rng.uniform(0, 1), radius=rng.uniform(0.15, 0.6), gloss=rng.uniform(0, 0.4), contact=0.3)
        if chance(rng, 0.3):
            count, other = rng.uniform(4, 14), any_color(rng)
            part.texture = lambda u, v: np.where((np.sin(u * count) > 0)[..., None], color, other)
        part.mask = self.mask(shapes, transform)
        if soft:
            part.mask = blur(part.mask, rng.uniform(0.8, 2.0))
        self.paint(part, transform)

    def clutter(self, count):
        rng = self.rng
        blurred = chance(rng, 0.4)
        for _ in range(count):
            self.scrap(rng.uniform(0, self.w), rng.uniform(0, self.h), self.unit * rng.uniform(0.08, 0.38), blurred)

    def occluder(self, cx, cy, reach):
        """Something in front that hides a part of the object's rim."""
        rng = self.rng
        a = rng.uniform(0, TAU)
        size = reach * rng.uniform(0.25, 0.5)
        d = reach * rng.uniform(0.65, 0.95)
        self.scrap(cx + d * math.cos(a), cy + d * math.sin(a), size)

    # -- the object

    def shadow(self, cover, base):
        rng = self.rng
        if self.floor is not None and chance(rng, 0.75):
            # lies on the ground: the silhouette, flattened and sheared away from the light
            flat = rng.uniform(0.15, 0.4)
            shear = -self.light[0] * rng.uniform(0.6, 1.4)
            source = Image.fromarray((cover * 255).astype(np.uint8))
            # output (x, y) comes from input (x - shear * (base - y) / flat, base - (base - y) / flat), both below and above the base
            data = (1, shear, -shear * base, 0, 1 / flat, base - base / flat)
            dark = np.asarray(source.transform(source.size, Image.AFFINE, data, Image.BILINEAR), np.float32) / 255
            dark = blur(dark, self.unit * rng.uniform(0.03, 0.08))
            middle = (cover.any(0).argmax() + self.w - cover.any(0)[::-1].argmax()) / 2
            half = max(cover.any(0).sum() / 2, 1)
            pool = np.exp(-(((self.xx - middle) / (half * 0.9)) ** 2 + ((self.yy - base) / (self.unit * 0.09)) ** 2))
            dark = np.maximum(dark * 0.8, pool * 0.7)
        else:
            away = self.unit * rng.uniform(0.05, 0.3)
            dark = blur(shift(cover, -self.light[0] * away, -self.light[1] * away), self.unit * rng.uniform(0.02, 0.14))
        self.img *= 1 - (rng.uniform(0.2, 0.65) * np.clip(dark, 0, 1))[..., None] * (1.05 - 0.05 * self.sky)

    def place(self, name, scale):
        rng = self.rng
        reach = self.unit * scale
        slack = max(self.unit * 0.92 - reach, self.unit * 0.06)
        cx = self.w / 2 + np.clip(rng.normal(0, 0.5), -1, 1) * slack
        cy = self.h / 2 + np.clip(rng.normal(0, 0.5), -1, 1) * slack
        tilt = TILT[name]
        angle = rng.uniform(-tilt, tilt) if tilt > 3 else rng.normal(0, tilt / 1.6)
        transform = self.matrix(cx, cy, reach, angle, chance(rng, 0.5), math.exp(rng.normal(0, 0.07)), rng.normal(0, 0.08))
        parts = MAKERS[name](rng)
        for part in parts:
            part.mask = self.mask(part.shapes, transform)
            if part.clip is not None:
                part.mask = part.mask * self.mask(part.clip, transform)
        cover = np.max([p.mask * p.opacity for p in parts], 0)
        filled = np.flatnonzero(cover.any(1))
        self.shadow(cover, (filled[-1] if len(filled) else self.h) - 1.0)
        for part in parts:
            self.paint(part, transform)
        return cx, cy, reach

    def develop(self):
        """Exposure, vignette, blur, sensor noise."""
        rng = self.rng
        image = self.img * math.exp(rng.normal(0.0, 0.22))
        if chance(rng, 0.4):
            d = np.hypot((self.xx - self.w / 2) / self.w, (self.yy - self.h / 2) / self.h)
            image = image * (1 - rng.uniform(0.2, 0.9) * d ** 2)[..., None]
        if chance(rng, 0.3):
            image = blur(image, rng.uniform(0.4, 0.9))
        if chance(rng, 0.2):
            image = image * 0.75 + rng.uniform(0.1, 0.25)            # haze
        image = image / (1 + np.clip(image - 0.85, 0, None) * 0.6)   # soft highlights
        image = image + rng.normal(0, rng.uniform(0.0, 0.026), image.shape).astype(np.float32)
        return Image.fromarray((np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8))


def render(name, rng, width, height):
    scene = Scene(rng, width, height)
    scene.background()
    scene.clutter(int(rng.integers(0, 7)))
    scale = rng.uniform(0.52, 0.92)
    cx, cy, reach = scene.place(name, scale)
    if chance(rng, 0.4):
        for _ in range(int(rng.integers(1, 3))):
            scene.occluder(cx, cy, reach)
    return scene.develop()


def sample(name, seed, number):
    """Picture `number` of a class as JPEG bytes."""
    rng = np.random.default_rng([seed, CLASSES.index(name), number])
    short = int(rng.integers(80, 97))
    long = int(short * pick(rng, [1.0, 1.0, rng.uniform(1.0, 1.34)]))
    width, height = (long, short) if chance(rng, 0.65) else (short, long)
    buffer = io.BytesIO()
    render(name, rng, width, height).save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("--per-class", type=int, default=30)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    for name in CLASSES:
        folder = pathlib.Path(args.out) / name
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(args.per_class):
            (folder / f"{number:03d}.jpg").write_bytes(sample(name, args.seed, number))


if __name__ == "__main__":
    main()
