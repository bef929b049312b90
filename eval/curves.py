"""Figures by size go in, a picture of one curve each comes out (SVG, both axes logarithmic); knows no measurement."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path

from eval.report.values import ReportError

WIDTH, HEIGHT, ACROSS = 420, 250, 2
GROWTH = "growth.json"  # the file that holds the curves of a run of `eval.growth`
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 20, 40, 64


@dataclass(frozen=True, slots=True)
class Curve:
    """`points` are (size, value), `bar` is the most a value may be, `limit` a line of arithmetic below the picture."""

    name: str
    unit: str
    points: Sequence[tuple[float, float]]
    bar: float | None = None
    limit: str = ""


def draw(curves: Sequence[Curve]) -> str:
    """Return a picture with a panel for each curve."""
    rows = -(-len(curves) // ACROSS)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH * ACROSS}" height="{HEIGHT * rows}" '
        'font-family="sans-serif" font-size="11">'
    )
    panels = [
        f'<g transform="translate({WIDTH * (place % ACROSS)} {HEIGHT * (place // ACROSS)})">{_panel(curve)}</g>'
        for place, curve in enumerate(curves)
    ]
    background = f'<rect width="{WIDTH * ACROSS}" height="{HEIGHT * rows}" fill="white"/>'
    return "\n".join([head, background, *panels, "</svg>"]) + "\n"


def write_curves(curves: Sequence[Curve], path: Path) -> None:
    """Write curves as JSON."""
    path.write_text(json.dumps([asdict(curve) for curve in curves], indent=1) + "\n", encoding="utf-8", newline="\n")


def read_curves(path: Path) -> list[Curve]:
    """Read curves; a file that holds none is a `ReportError` that names it."""
    try:
        return [_curve(**value) for value in json.loads(path.read_text(encoding="utf-8"))]
    except OSError as error:
        raise ReportError("evaluate.report_file", file=path, reason=error.strerror) from error
    except (ValueError, TypeError) as error:
        raise ReportError("evaluate.growth_none", file=path) from error


def _curve(name: str, unit: str, points: Sequence[tuple[float, float]], bar: float | None, limit: str) -> Curve:
    found = [(float(size), float(value)) for size, value in points]
    return Curve(str(name), str(unit), found, None if bar is None else float(bar), str(limit))


def _panel(curve: Curve) -> str:
    shown = [(size, value) for size, value in curve.points if size > 0 and value > 0]
    parts = [f'<text x="{_LEFT}" y="20" font-weight="bold">{escape(curve.name)} ({escape(curve.unit)})</text>']
    parts += _wrapped(curve.limit)
    if not shown:
        return "".join(parts)
    values = [value for _, value in shown] + ([curve.bar] if curve.bar else [])
    across, up = _scale([size for size, _ in shown]), _scale(values)

    def x(size: float) -> float:
        return _LEFT + across(size) * (WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        return HEIGHT - _BOTTOM - up(value) * (HEIGHT - _TOP - _BOTTOM)

    parts.append(
        f'<path d="M{_LEFT} {_TOP}V{HEIGHT - _BOTTOM}H{WIDTH - _RIGHT}" fill="none" stroke="#888" stroke-width="1"/>'
    )
    if curve.bar:
        parts.append(
            f'<path d="M{_LEFT} {y(curve.bar):.1f}H{WIDTH - _RIGHT}" stroke="#b00" stroke-dasharray="5 4"/>'
            f'<text x="{_LEFT - 4}" y="{y(curve.bar) + 4:.1f}" text-anchor="end" fill="#b00">{curve.bar:g}</text>'
        )
    line = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in shown)
    parts.append(f'<polyline points="{line}" fill="none" stroke="#154273" stroke-width="2"/>')
    for size, value in shown:
        parts.append(
            f'<circle cx="{x(size):.1f}" cy="{y(value):.1f}" r="3" fill="#154273"/>'
            f'<text x="{x(size):.1f}" y="{y(value) - 7:.1f}" text-anchor="middle">{_shown(value)}</text>'
            f'<text x="{x(size):.1f}" y="{HEIGHT - _BOTTOM + 15}" text-anchor="middle">{size:,.0f}</text>'
        )
    return "".join(parts)


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _scale(values: Sequence[float]) -> Callable[[float], float]:
    """Return what gives the place of a value between the least and the most, from .08 to .92."""
    least, most = math.log10(min(values)), math.log10(max(values))
    room = max(most - least, 0.3)
    return lambda value: 0.08 + 0.84 * (math.log10(value) - least) / room


def _wrapped(text: str, width: int = 70) -> list[str]:
    words, lines = text.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] += f" {word}"
    first = HEIGHT - _BOTTOM + 32
    return [
        f'<text x="{_LEFT}" y="{first + 13 * row}" font-size="9" fill="#555">{escape(line.strip())}</text>'
        for row, line in enumerate(lines)
    ]
