"""Plots as SVG, by nothing but text: what the measurements in this folder are drawn with."""

import math
from dataclasses import dataclass
from html import escape

COLOURS = ("#0b5cad", "#b5530b", "#2d7a2d", "#7a2d77", "#555555")
WIDTH, LEFT, BOTTOM, TOP, RIGHT = 720, 60, 40, 40, 130


@dataclass
class Line:
    name: str
    points: list[tuple[float, float]]


def number(value: float) -> str:
    """As short as it can be read."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def steps_to(most: float, ticks: int) -> list[float]:
    """Round numbers from 0 to `most`."""
    if most <= 0:
        return [0]
    raw = most / ticks
    size = 10 ** math.floor(math.log10(raw))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= raw)
    return [step * tick for tick in range(int(most / step + 1e-9) + 1)]


def powers(least: float, most: float) -> list[float]:
    """1, 2 and 5 times the powers of ten between the two."""
    first = math.floor(math.log10(least))
    last = math.ceil(math.log10(most))
    every = [factor * 10.0**power for power in range(first, last + 1) for factor in (1, 2, 5)]
    found = [value for value in every if least <= value <= most]
    return found if len(found) <= 7 else [value for value in found if f"{value:e}".startswith("1.0")]


def frame(title: str, height: int) -> list[str]:
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>", f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="{LEFT}" y="20" font-size="14">{escape(title)}</text>']


def apart(places: list[float], least: float) -> list[float]:
    """Heights of labels, moved down where they would cover each other; in the order given."""
    moved = list(places)
    before = -math.inf
    for index in sorted(range(len(places)), key=lambda index: places[index]):
        moved[index] = before = max(places[index], before + least)
    return moved


def lines(title: str, across: str, up: str, drawn: list[Line], logarithmic: bool = False, bound: float | None = None, height: int = 300) -> str:
    """Lines over a common axis. With `bound`, a dashed line at what must not be passed."""
    drawn = [line for line in drawn if line.points]
    values = [y for line in drawn for _, y in line.points] + ([bound] if bound else [])
    most_x = max(x for line in drawn for x, _ in line.points) or 1
    most = (max(values) or 1) * 1.1
    least = min((value for value in values if value > 0), default=1) / 1.1 if logarithmic else 0

    def x(value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * value / most_x

    def y(value: float) -> float:
        share = math.log(max(value, least) / least) / math.log(most / least) if logarithmic else value / most
        return height - BOTTOM - (height - BOTTOM - TOP) * share

    parts = frame(title, height)
    for tick in powers(least, most) if logarithmic else steps_to(most, 6):
        parts.append(f'<path d="M{LEFT} {y(tick):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{number(tick)}</text>')
    for tick in steps_to(most_x, 5):
        parts.append(f'<text x="{x(tick):.1f}" y="{height - BOTTOM + 16}" text-anchor="middle">{number(tick)}</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{height - 6}" text-anchor="middle">{escape(across)}</text>')
    parts.append(f'<text x="14" y="{height / 2}" transform="rotate(-90 14 {height / 2})" text-anchor="middle">{escape(up)}</text>')
    if bound:
        parts.append(f'<path d="M{LEFT} {y(bound):.1f}H{WIDTH - RIGHT}" stroke="#a00" stroke-dasharray="4 3"/>')
    labels = apart([y(line.points[-1][1]) + 4 for line in drawn], 14)
    for index, (line, place) in enumerate(zip(drawn, labels, strict=True)):
        colour = COLOURS[index % len(COLOURS)]
        points = " ".join(f"{x(across):.1f},{y(up):.1f}" for across, up in line.points)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        parts.append(
            f'<text x="{WIDTH - RIGHT + 6}" y="{place:.1f}" fill="{colour}">{escape(line.name)} {number(line.points[-1][1])}</text>')
    return "\n".join([*parts, "</svg>\n"])


def spans(title: str, across: str, rows: list[tuple[str, list[float]]], names: tuple[str, ...]) -> str:
    """One row for each thing, with a mark for each of its values, over a logarithmic axis."""
    left, row_height = 110, 24
    height = TOP + row_height * len(rows) + BOTTOM + 10
    values = [value for _, marks in rows for value in marks if value > 0]
    least, most = min(values) / 1.2, max(values) * 1.2

    def x(value: float) -> float:
        return left + (WIDTH - left - RIGHT) * math.log(max(value, least) / least) / math.log(most / least)

    parts = frame(title, height)
    bottom = TOP + row_height * len(rows)
    for tick in powers(least, most):
        parts.append(f'<path d="M{x(tick):.1f} {TOP}V{bottom}" stroke="#ddd"/>')
        parts.append(f'<text x="{x(tick):.1f}" y="{bottom + 16}" text-anchor="middle">{number(tick)}</text>')
    for index, (name, marks) in enumerate(rows):
        y = TOP + row_height * index + row_height / 2
        parts.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{escape(name)}</text>')
        parts.append(f'<path d="M{x(min(marks)):.1f} {y:.1f}H{x(max(marks)):.1f}" stroke="#999"/>')
        for place, value in enumerate(marks):
            parts.append(f'<circle cx="{x(value):.1f}" cy="{y:.1f}" r="4" fill="{COLOURS[place]}"/>')
    for place, name in enumerate(names):
        y = TOP + 10 + 18 * place
        parts.append(f'<circle cx="{WIDTH - RIGHT + 14}" cy="{y}" r="4" fill="{COLOURS[place]}"/>')
        parts.append(f'<text x="{WIDTH - RIGHT + 24}" y="{y + 4}">{escape(name)}</text>')
    parts.append(f'<text x="{(left + WIDTH - RIGHT) / 2}" y="{height - 8}" text-anchor="middle">{escape(across)}</text>')
    return "\n".join([*parts, "</svg>\n"])
