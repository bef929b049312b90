"""Takes the glyphs of a page in the order it draws them, gives rows: their text, their raised marks, their place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from index.read.source import Span

Box = tuple[float, float, float, float]  # left, bottom, right, top in points, from the lower left corner
_STOPS = frozenset(".?!:;»”")
_RAISED, _SMALL, _ON_LINE = 0.15, 0.85, 0.45  # of the size of the type


@dataclass(slots=True)
class Glyph:
    """A character and where it stands, in a frame turned so that it reads from left to right.

    `turn` tells how many quarters, against the clock, its line is turned on the page.
    """

    character: str
    size: float
    x: float
    y: float
    right: float
    index: int
    box: Box = (0.0, 0.0, 0.0, 0.0)
    turn: int = 0
    guessed: bool = False  # a space that pdfium put where it saw white


@dataclass(frozen=True, slots=True)
class Row:
    """Glyphs on one base line."""

    glyphs: list[Glyph]
    size: float
    base: float
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Printed:
    """The characters of a row, the spans of its raised digits, and the glyph of each; None is a space of our own."""

    text: str
    marks: tuple[Span, ...]
    glyphs: list[Glyph | None]


def turned(box: Box, quarters: int) -> Box:
    """Return a box as it stands when the page is turned clockwise by that many quarters, about its origin."""
    left, bottom, right, top = box
    for _ in range(quarters % 4):
        left, bottom, right, top = bottom, -right, top, -left
    return left, bottom, right, top


def without_false_spaces(glyphs: list[Glyph]) -> list[Glyph]:
    """Drop the spaces that pdfium guessed within words of spaced-out type, on a page that has real spaces."""
    spaces = [glyph for glyph in glyphs if glyph.character.isspace()]
    if sum(glyph.guessed for glyph in spaces) * 2 > len(spaces):
        return glyphs
    kept: list[Glyph] = []
    for position, glyph in enumerate(glyphs):
        if glyph.guessed and 0 < position < len(glyphs) - 1:
            before, after = glyphs[position - 1], glyphs[position + 1]
            if before.size == after.size and 0 <= after.x - before.right < 0.3 * glyph.size:
                continue
        kept.append(glyph)
    return kept


def rows_of(glyphs: Iterable[Glyph]) -> list[Row]:
    """Group glyphs that stand on one base line, raised marks with the line they belong to."""
    rows: list[list[Glyph]] = []
    base = size = 0.0
    for glyph in glyphs:
        row = rows[-1] if rows else []
        height = max(size, glyph.size, 1.0)
        same = bool(row) and abs(glyph.y - base) < _ON_LINE * height and glyph.x > row[-1].x - 2 * height
        if glyph.character.isspace():
            if row and same:
                row.append(glyph)
            continue
        if not same or glyph.turn != row[0].turn:
            rows.append([glyph])
            base, size = glyph.y, glyph.size
            continue
        row.append(glyph)
        if glyph.size > 1.15 * size:  # the line began with a raised mark: its own base line is lower
            base, size = glyph.y, glyph.size
    return [_row(row) for row in rows]


def _row(glyphs: list[Glyph]) -> Row:
    end = len(glyphs)
    while glyphs[end - 1].character.isspace():  # the first glyph of a row is no space
        end -= 1
    glyphs = glyphs[:end]
    size = Counter(glyph.size for glyph in glyphs if not glyph.character.isspace()).most_common(1)[0][0]
    base = next(glyph.y for glyph in glyphs if glyph.size == size)
    return Row(glyphs, size, base, glyphs[0].x, glyphs[-1].right)


def printed(row: Row) -> Printed:
    """Return a row's text and the spans of the digits in it that are set small and raised."""
    characters: list[str] = []
    glyphs: list[Glyph | None] = []
    marks: list[Span] = []
    before = row.glyphs[0]
    for glyph in row.glyphs:
        if glyph.character.isalnum() and before.index + 2 < glyph.index and not before.character.isspace():
            characters.append(" ")  # a line break of pdfium's own, after a raised mark
            glyphs.append(None)
        small = glyph.size < _SMALL * row.size and glyph.y > row.base + _RAISED * row.size
        if small and glyph.character.isdigit():
            at = len(characters)
            if marks and marks[-1][1] == at:
                marks[-1] = (marks[-1][0], at + 1)
            else:
                marks.append((at, at + 1))
        characters.append(glyph.character)
        glyphs.append(glyph)
        before = glyph
    return Printed("".join(characters), tuple(marks), glyphs)


def has_gap(above: Row, row: Row) -> bool:
    """Whether more white than between lines parts two rows; a sentence goes on at the top of the next column."""
    distance = above.base - row.base
    if distance < 0 and row.size == above.size and row.left > above.right:
        return not row.glyphs[0].character.islower() or above.glyphs[-1].character in _STOPS
    return distance < 0 or distance > 1.7 * max(row.size, above.size, 1.0)


def column_of(row: Row) -> tuple[float, int]:
    """The type size of a row and about where it starts: rows of one column have both in common."""
    return row.size, round(row.left / 100)


def column_edges(rows: Iterable[Row]) -> dict[tuple[float, int], float]:
    """The right edge of each column: of the rows of one type size that start at about the same place."""
    edges: dict[tuple[float, int], float] = {}
    for row in rows:
        edges[column_of(row)] = max(edges.get(column_of(row), row.right), row.right)
    return edges


def ends(row: Row, following: Row, edge: float) -> bool:
    """Whether the first word of the next row, of the same type size, would still have fitted on this one."""
    if following.size != row.size:
        return False
    word = list(takewhile(lambda glyph: not glyph.character.isspace(), following.glyphs))
    return row.right + 0.3 * row.size + word[-1].right - word[0].x < edge - 1


def boxes_around(characters: Sequence[Glyph | None]) -> tuple[Box, ...]:
    """One box on the page around the characters of each line; None is a line's end or a character of our own."""
    boxes: list[tuple[int, Box]] = []
    base: float | None = None
    for glyph in characters:
        if glyph is None or glyph.character.isspace():
            continue
        left, bottom, right, top = glyph.box
        turn, last = boxes[-1] if boxes else (glyph.turn, glyph.box)
        if base is not None and turn == glyph.turn and abs(glyph.y - base) < _ON_LINE * glyph.size and right >= last[0]:
            boxes[-1] = (turn, (min(last[0], left), min(last[1], bottom), max(last[2], right), max(last[3], top)))
        else:
            boxes.append((glyph.turn, glyph.box))
            base = glyph.y
    return tuple(turned(box, -turn) for turn, box in boxes)
