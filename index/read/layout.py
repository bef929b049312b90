"""Takes the glyphs and the drawn lines of a page and gives its rows of text in reading order, tables row by row.

A grid is a table where that is certain: at least two of its rows hold words in two cells, no word crosses a line, all
words in it lie in closed cells, and no cell holds a page of text. What is no table is read as if nothing were drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from index.read.glyphs import Box, Glyph, Printed, Row, has_gap, printed, rows_of, turned
from index.read.grid import Grid, GridCell, grids_of
from index.read.source import Span

_LONGEST_CELL = 1500  # characters; what is longer is a frame around text


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table: its filled cells from left to right, and the lines between the columns of the table."""

    cells: tuple[tuple[GridCell, tuple[Row, ...]], ...]
    columns: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line as printed, its row and the next; of a table its first row, and the spans of the lines in each cell."""

    printed: Printed
    row: Row
    following: Row | None
    table: TableRow | None = None
    cells: tuple[tuple[Span, ...], ...] = ()


def laid_out(glyphs: Sequence[Glyph], lines: Sequence[Box]) -> list[list[Row] | list[TableRow]]:
    """Return the page as stretches of text and tables, each where its first glyph is drawn."""
    turn = Counter(glyph.turn for glyph in glyphs).most_common(1)[0][0] if glyphs else 0
    grids = _grids(tuple(lines), turn) if len(lines) > 3 and len(glyphs) > 3 else []
    tables: dict[int, list[TableRow]] = {}  # by the place of their first glyph
    taken: set[int] = set()
    for grid in grids:
        inside = [n for n in _within(grid, glyphs, turn) if n not in taken]
        table = _table(grid, [glyphs[n] for n in inside])
        if table:
            tables[inside[0]] = table
            taken.update(inside)
    if not tables:
        return [rows_of(glyphs)]
    stretches: list[list[Row] | list[TableRow]] = []
    text: list[Glyph] = []
    for n, glyph in enumerate(glyphs):
        if n in tables:
            stretches += [rows_of(text), tables[n]]
            text = []
        if n not in taken:
            text.append(glyph)
    return [stretch for stretch in (*stretches, rows_of(text)) if stretch]


@lru_cache(maxsize=2)  # pages on which the same is drawn, one after the other
def _grids(lines: tuple[Box, ...], turn: int) -> list[Grid]:
    return grids_of(turned(line, turn) for line in lines)


def set_lines(stretches: Sequence[Sequence[Row | TableRow]]) -> Iterator[SetLine | None]:
    """Yield what is printed line by line, a row of a table as one; None where white parts two lines."""
    for number, stretch in enumerate(stretches):
        if number:
            yield None
        above: Row | None = None
        for position, row in enumerate(stretch):
            if isinstance(row, TableRow):
                yield _set_row(row)
                continue
            if above and has_gap(above, row):
                yield None
            following = stretch[position + 1] if position + 1 < len(stretch) else None
            yield SetLine(printed(row), row, following if isinstance(following, Row) else None)
            above = row


def _set_row(row: TableRow) -> SetLine:
    text = ""
    marks: list[Span] = []
    glyphs: list[Glyph | None] = []
    cells: list[tuple[Span, ...]] = []
    for _, lines in row.cells:
        spans: list[Span] = []
        for line in map(printed, lines):
            if text:
                text += " "
                glyphs.append(None)
            at = len(text)
            marks += [(at + start, at + end) for start, end in line.marks]
            text += line.text
            glyphs += line.glyphs
            spans.append((at, len(text)))
        cells.append(tuple(spans))
    return SetLine(Printed(text, tuple(marks), glyphs), row.cells[0][1][0], None, row, tuple(cells))


def _within(grid: Grid, glyphs: Sequence[Glyph], turn: int) -> Iterator[int]:
    """Yield the numbers of the glyphs in a grid; a space, which may have no place, goes with what it follows."""
    inside = False
    for number, glyph in enumerate(glyphs):
        if not glyph.character.isspace():
            inside = glyph.turn == turn and grid.holds(*_middle(glyph))
        if inside:
            yield number


def _middle(glyph: Glyph) -> tuple[float, float]:
    left, bottom, right, top = glyph.box
    return (left + right) / 2, (bottom + top) / 2


def _table(grid: Grid, glyphs: Sequence[Glyph]) -> list[TableRow]:
    """The rows of a grid with its words; none where it is not certain that it is a table."""
    places: list[GridCell | None] = []
    for glyph in glyphs:
        places.append(places[-1] if glyph.character.isspace() else grid.cell_at(*_middle(glyph)))
    cells: dict[GridCell, list[Glyph]] = {}
    for glyph, cell in zip(glyphs, places, strict=True):
        if cell is None:
            return []
        cells.setdefault(cell, []).append(glyph)
    if any(len(held) > _LONGEST_CELL for held in cells.values()) or _crosses(glyphs, places):
        return []
    filled = {cell: tuple(rows_of(held)) for cell, held in cells.items()}
    rows = [
        TableRow(tuple((cell, filled[cell]) for cell in sorted(filled, key=_order) if cell.row == row), grid.xs)
        for row in range(len(grid.ys) - 1)
    ]
    if sum(len(row.cells) > 1 for row in rows) < 2:
        return []
    return [row for row in rows if row.cells]


def _order(cell: GridCell) -> tuple[int, int]:
    return cell.row, cell.column


def _crosses(glyphs: Sequence[Glyph], places: Sequence[GridCell | None]) -> bool:
    """Whether a word begins in one cell and goes on in another."""
    for (one, here), (other, there) in pairwise(zip(glyphs, places, strict=True)):
        close = abs(one.y - other.y) < 0.1 * one.size and abs(other.x - one.right) < 0.1 * one.size
        if here is not there and close and one.character.isalnum() and other.character.isalnum():
            return True
    return False
