"""Points and intervals go in, SVG comes out: plain shapes that need no script and take their colours from the page."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, HEIGHT = 420, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 12, 44
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_BAR = 150

Points = Sequence[Sequence[float]]


def whisker(low: float | None, value: float, high: float | None) -> Markup:
    """Return a value between 0 and 1 as a bar with its interval, small enough for a row of a table."""
    bar = Markup('<rect class="bar" x="0" y="3" width="{}" height="8" rx="1"/>').format(_at(value))
    line = Markup()
    if low is not None and high is not None:
        line = Markup('<path class="whisker" d="M{0} 7H{1}M{0} 3.5V10.5M{1} 3.5V10.5"/>').format(_at(low), _at(high))
    return Markup(
        '<svg class="small" viewBox="-2 0 {} 14" width="{}" height="14" aria-hidden="true">'
        '<rect class="field" x="0" y="3" width="{}" height="8" rx="1"/>{}{}</svg>'
    ).format(_BAR + 4, _BAR + 4, _BAR, bar, line)


def change(low: float | None, value: float, high: float | None) -> Markup:
    """Return a difference between −1 and 1 as a bar from the middle with its interval."""
    places = [_at((one + 1) / 2) for one in (value, value if low is None else low, value if high is None else high)]
    middle = _BAR / 2
    return Markup(
        '<svg class="small" viewBox="-2 0 {0} 14" width="{0}" height="14" aria-hidden="true">'
        '<rect class="field" x="0" y="3" width="{1}" height="8" rx="1"/><rect class="bar" x="{2}" y="3" width="{3}" '
        'height="8"/><path class="whisker" d="M{4} 7H{5}M{4} 3.5V10.5M{5} 3.5V10.5"/><path class="grid" d="M{6} 0V14"/>'
        "</svg>"
    ).format(_BAR + 4, _BAR, min(places[0], middle), round(abs(places[0] - middle), 1), *places[1:], middle)


def risk_coverage(points: Points, base: float, labels: tuple[str, str], title: str) -> Markup:
    """Return the risk–coverage curve as a plot, with the risk of answering everything as a dotted line."""
    top = max([0.1, base * 1.15, *(point[1] for point in points)])
    top = min(1.0, -(-top // 0.1) * 0.1)
    steps = " ".join(f"{_x(point[0])},{_y(point[1] / top)}" for point in points)
    body = Markup('<line class="base" x1="{}" x2="{}" y1="{}" y2="{}"/><polyline class="curve" points="{}"/>').format(
        _x(0), _x(1), _y(base / top), _y(base / top), steps
    )
    return _plot(body, labels, title, top)


def calibration(rows: Points, labels: tuple[str, str], title: str) -> Markup:
    """Return chances against outcomes as a plot; the area of each dot stands for how many questions are in it."""
    largest = max([1.0, *(row[2] for row in rows)])
    diagonal = Markup('<line class="base" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(_x(0), _y(0), _x(1), _y(1))
    dots = Markup().join(
        Markup(
            '<circle class="dot" cx="{}" cy="{}" r="{:.1f}"><title>{:.2f} → {:.2f} (n = {})</title></circle>'
        ).format(_x(row[0]), _y(row[1]), 3 + 9 * (row[2] / largest) ** 0.5, row[0], row[1], int(row[2]))
        for row in rows
    )
    return _plot(diagonal + dots, labels, title, 1.0)


def _plot(body: Markup, labels: tuple[str, str], title: str, top: float) -> Markup:
    ticks = Markup().join(
        Markup(
            '<line class="grid" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/><text class="tick" x="{3}" y="{4}" '
            'text-anchor="end">{5}</text><text class="tick" x="{6}" y="{7}" text-anchor="middle">{8}</text>'
        ).format(
            *(_x(0), _x(1), _y(tick), _x(0) - 6, _y(tick) + 4, f"{tick * top:.2g}"),
            *(_x(tick), HEIGHT - _BOTTOM + 16, f"{tick:.2g}"),
        )
        for tick in _TICKS
    )
    middle = (HEIGHT - _BOTTOM + _TOP) / 2
    return Markup(
        '<svg class="plot" viewBox="0 0 {0} {1}" role="img" aria-label="{2}">{3}'
        '<text class="axis" x="{4}" y="{5}" text-anchor="middle">{6}</text>'
        '<text class="axis" transform="rotate(-90)" x="{7}" y="14" text-anchor="middle">{8}</text>{9}</svg>'
    ).format(WIDTH, HEIGHT, title, ticks, (_x(0) + _x(1)) / 2, HEIGHT - 8, labels[0], -middle, labels[1], body)


def _x(share: float) -> float:
    return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)


def _y(share: float) -> float:
    return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)


def _at(share: float) -> float:
    return round(min(1.0, max(0.0, share)) * _BAR, 1)
