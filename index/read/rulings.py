"""Takes a page of an open PDF and gives the straight lines that are drawn on it: those of tables, and others.

A line is a stroke, a side of a box, or a box so thin that it looks like a line. Colours are not looked at: lines
between coloured cells are often white. A page with more drawn on it than a table has gives none.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Any

from index.read.glyphs import Box

_OBJECTS, _POINTS = 20_000, 8_000  # more than this on a page is a drawing
_NESTED = 3  # forms within forms
_THIN, _SHORT, _SLANT = 3.0, 4.0, 0.5  # points

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def rulings_of(page: Any, raw: Any) -> list[Box]:
    """Return the level and upright lines of a page, each as a box without height or without width."""
    drawn = list(islice(_drawn(page.raw, raw), _OBJECTS + 1))
    paths = [found for found in drawn if found]
    if len(drawn) > _OBJECTS or sum(raw.FPDFPath_CountSegments(path) for path, _ in paths) > _POINTS:
        return []
    return [line for path, matrix in paths for line in _lines(path, matrix, raw)]


def _drawn(holder: Any, raw: Any, outer: Matrix = _SAME, nested: int = 0) -> Iterator[tuple[Any, Matrix] | None]:
    """Yield the paths of a page or a form with what moves them to their place; None for all else, for the count."""
    count = raw.FPDFFormObj_CountObjects if nested else raw.FPDFPage_CountObjects
    item = raw.FPDFFormObj_GetObject if nested else raw.FPDFPage_GetObject
    for number in range(max(count(holder), 0)):
        drawn = item(holder, number)
        kind = raw.FPDFPageObj_GetType(drawn)
        yield (drawn, _times(_matrix(drawn, raw), outer)) if kind == raw.FPDF_PAGEOBJ_PATH else None
        if kind == raw.FPDF_PAGEOBJ_FORM and nested < _NESTED:
            yield from _drawn(drawn, raw, _times(_matrix(drawn, raw), outer), nested + 1)


def _matrix(drawn: Any, raw: Any) -> Matrix:
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(drawn, found):
        return _SAME
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does one and then the other (ISO 32000-1, 8.3.4)."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _lines(path: Any, matrix: Matrix, raw: Any) -> Iterator[Box]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(path, fill, stroke) or not (fill.value or stroke.value):
        return
    for points in _outlines(path, matrix, raw):
        box = _box(points)
        if box and min(box[2] - box[0], box[3] - box[1]) <= _THIN:
            yield from _straight(*_middle(box))
        elif stroke.value or box:
            for start, end in pairwise(points):
                yield from _straight(start, end)


def _outlines(path: Any, matrix: Matrix, raw: Any) -> Iterator[list[Point]]:
    """Yield the corners of each part of a path that is made of straight lines alone."""
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[Point] = []
    is_curved = False
    for number in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, number)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if not is_curved:
                yield points
            points, is_curved = [], False
        is_curved = is_curved or kind == raw.FPDF_SEGMENT_BEZIERTO
        points.append((a * x.value + c * y.value + e, b * x.value + d * y.value + f))
        if raw.FPDFPathSegment_GetClose(segment) and points[0] != points[-1]:
            points.append(points[0])
    if not is_curved:
        yield points


def _box(points: list[Point]) -> Box | None:
    """The box that an outline is, if it is one whose sides are level and upright."""
    corners = points[:-1] if len(points) == 5 and points[0] == points[-1] else points
    if len(corners) != 4:
        return None
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    left, bottom, right, top = min(xs), min(ys), max(xs), max(ys)
    near = all(min(x - left, right - x) < _SLANT and min(y - bottom, top - y) < _SLANT for x, y in corners)
    return (left, bottom, right, top) if near else None


def _middle(box: Box) -> tuple[Point, Point]:
    left, bottom, right, top = box
    if right - left >= top - bottom:
        return (left, (bottom + top) / 2), (right, (bottom + top) / 2)
    return ((left + right) / 2, bottom), ((left + right) / 2, top)


def _straight(start: Point, end: Point) -> Iterator[Box]:
    across, up = abs(end[0] - start[0]), abs(end[1] - start[1])
    if min(across, up) < _SLANT and max(across, up) >= _SHORT:
        x, y = sorted((start[0], end[0])), sorted((start[1], end[1]))
        if across >= up:
            yield x[0], (y[0] + y[1]) / 2, x[1], (y[0] + y[1]) / 2
        else:
            yield (x[0] + x[1]) / 2, y[0], (x[0] + x[1]) / 2, y[1]
