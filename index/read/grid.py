"""Takes the straight lines of a page and gives the grids that they form, cell by cell; knows no words.

A grid is what lines that touch make, where every cell is closed on all four sides; sides left open to the left and
right of a table count as closed where its level lines all begin and end together.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.read.glyphs import Box

NEAR = 3.0  # points within which two lines touch, or are one
_MOST_LINES, _MOST_CELLS = 300, 5_000

Ruling = tuple[float, float, float]  # where it stands, where it begins and ends
_Place = tuple[int, int]  # row and column


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell: its first row and column, and how many of each it takes; rows count from the top."""

    row: int
    column: int
    down: int
    across: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns between `xs` from left to right, rows between `ys` from top to bottom, and who owns each place."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owner: dict[_Place, GridCell]

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies within the outer lines."""
        return self.xs[0] <= x <= self.xs[-1] and self.ys[-1] <= y <= self.ys[0]

    def cell_at(self, x: float, y: float) -> GridCell | None:
        """Return the cell that a point within the grid lies in, if a closed one does."""
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        row = min(max(bisect_left(self.ys, -y, key=lambda line: -line) - 1, 0), len(self.ys) - 2)
        return self.owner.get((row, column))


def grids_of(lines: Iterable[Box]) -> list[Grid]:
    """Return the grids of at least two rows and two columns that level and upright lines form, from the top."""
    boxes = list(lines)
    level = _merged([(bottom, left, right) for left, bottom, right, top in boxes if right - left > top - bottom])
    upright = _merged([(left, bottom, top) for left, bottom, right, top in boxes if right - left <= top - bottom])
    if not 3 <= len(level) <= _MOST_LINES or not 1 <= len(upright) <= _MOST_LINES:
        return []
    found = (_grid(*group) for group in _touching(level, upright))
    return sorted((grid for grid in found if grid), key=lambda grid: -grid.ys[0])


def _merged(lines: list[Ruling]) -> list[Ruling]:
    """Lines that lie on one another, or go on where another ends, are one."""
    merged: list[Ruling] = []
    for group in _beside(sorted(lines)):
        place = sum(line[0] for line in group) / len(group)
        spans: list[list[float]] = []
        for _, start, end in sorted(group, key=lambda line: line[1]):
            if spans and start <= spans[-1][1] + NEAR:
                spans[-1][1] = max(spans[-1][1], end)
            else:
                spans.append([start, end])
        merged += [(place, start, end) for start, end in spans]
    return merged


def _beside(lines: Sequence[Ruling]) -> Iterator[list[Ruling]]:
    group: list[Ruling] = []
    for line in lines:
        if group and line[0] - group[0][0] > NEAR:
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _touching(level: list[Ruling], upright: list[Ruling]) -> Iterator[tuple[list[Ruling], list[Ruling]]]:
    """Part the lines into groups that touch."""
    above = list(range(len(level) + len(upright)))
    for n, (y, left, right) in enumerate(level):
        for m, (x, bottom, top) in enumerate(upright, len(level)):
            if left - NEAR <= x <= right + NEAR and bottom - NEAR <= y <= top + NEAR:
                above[_root(above, n)] = _root(above, m)
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for n, line in enumerate([*level, *upright]):
        groups.setdefault(_root(above, n), ([], []))[n >= len(level)].append(line)
    yield from groups.values()


def _root(above: list[int], number: int) -> int:
    while above[number] != number:
        above[number] = above[above[number]]
        number = above[number]
    return number


def _grid(level: list[Ruling], upright: list[Ruling]) -> Grid | None:
    if len(level) < 3:
        return None
    upright = [*upright, *_open_sides(level, upright)]
    xs = [group[0][0] for group in _beside(sorted(upright))]
    ys = [group[-1][0] for group in _beside(sorted(level))][::-1]
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 2 or columns < 2 or rows * columns > _MOST_CELLS:
        return None
    sides = {(row, n) for n, line in _placed(upright, xs) for row in range(rows) if _covers(line, ys[row + 1], ys[row])}
    tops = {
        (n, column) for n, line in _placed(level, ys) for column in range(columns) if _covers(line, *xs[column:][:2])
    }
    owner = {place: cell for cell in _cells(rows, columns, sides, tops) for place in _places(cell)}
    return Grid(tuple(xs), tuple(ys), owner)


def _open_sides(level: Sequence[Ruling], upright: Sequence[Ruling]) -> list[Ruling]:
    """The sides of a table that has none: where its level lines all begin and end."""
    left, right = min(line[1] for line in level), max(line[2] for line in level)
    bottom, top = min(line[0] for line in level), max(line[0] for line in level)
    whole = [line[0] for line in level if line[1] - left <= NEAR and right - line[2] <= NEAR]
    if len(whole) < 3 or bottom not in whole or top not in whole:
        return []
    return [(x, bottom, top) for x in (left, right) if all(abs(line[0] - x) > NEAR for line in upright)]


def _placed(lines: Iterable[Ruling], places: Sequence[float]) -> Iterator[tuple[int, Ruling]]:
    for line in lines:
        yield min(range(len(places)), key=lambda n: abs(places[n] - line[0])), line


def _covers(line: Ruling, start: float, end: float) -> bool:
    return line[1] - NEAR <= start and end <= line[2] + NEAR


def _cells(rows: int, columns: int, sides: set[_Place], tops: set[_Place]) -> Iterator[GridCell]:
    """Yield the closed cells: places with no line between them are one, if together they are a rectangle."""
    seen: set[_Place] = set()
    for first in ((row, column) for row in range(rows) for column in range(columns)):
        if first in seen:
            continue
        seen.add(first)
        group, waiting, closed = [first], [first], True
        while waiting:
            row, column = waiting.pop()
            for there, beside in (
                ((row, column) in sides, (row, column - 1)),
                ((row, column + 1) in sides, (row, column + 1)),
                ((row, column) in tops, (row - 1, column)),
                ((row + 1, column) in tops, (row + 1, column)),
            ):
                if there:
                    continue
                if not (0 <= beside[0] < rows and 0 <= beside[1] < columns):
                    closed = False
                elif beside not in seen:
                    seen.add(beside)
                    group.append(beside)
                    waiting.append(beside)
        cell = _around(group)
        if closed and cell.down * cell.across == len(group):
            yield cell


def _around(places: Sequence[_Place]) -> GridCell:
    top, left = min(row for row, _ in places), min(column for _, column in places)
    return GridCell(top, left, max(r for r, _ in places) - top + 1, max(c for _, c in places) - left + 1)


def _places(cell: GridCell) -> Iterator[_Place]:
    for row in range(cell.row, cell.row + cell.down):
        for column in range(cell.column, cell.column + cell.across):
            yield row, column
