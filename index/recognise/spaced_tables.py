"""Takes lines of plain text and gives the cells of a table that is laid out in them with tabs or with spaces.

Only where that is certain: all lines between two white ones are rows of it, but for a caption above and a source below;
there are three or more; each holds words in two columns or more; and tabs part them all into as many cells, or white of
two spaces and more runs down all of them between cells that begin, or end, below one another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from index.read.source import Line, Span

_GAP = re.compile(r"(?<=\S)(?:\t| {2,})\s*(?=\S)")
_RULE = re.compile(r"[\s=_+-]*[=_-]{3}[\s=_+-]*")
_BULLET = re.compile(r"[\W_]{0,3}|\d{1,3}[.)]?|\(?[A-Za-z][.)]|\(\d{1,3}\)")
_BELOW = re.compile(r"[A-Z(*]")
_WIDEST, _MOST_ROWS = 1_000, 5_000  # characters of a line, lines of a table
_CAPTION, _SOURCE = 2, 2  # lines without columns above and below
_PROSE = 30  # characters: longer cells side by side are columns of running text

Spans = list[Span]


@dataclass(frozen=True, slots=True)
class SpacedCells:
    """For each line of a table the spans of its cells, empty ones too, and none for a rule; `heads` rows stand above
    a rule."""

    spans: tuple[Spans, ...]
    heads: int


def cells_at(lines: Sequence[Line], position: int) -> SpacedCells | None:
    """Return the cells of the table whose first row is the line at `position`."""
    if not _has_gap(lines[position].text) or not _begins(lines, position):
        return None
    block = [line.text for line in takewhile(_is_filled, islice(lines, position, position + _MOST_ROWS))]
    below: list[str] = []
    while not (_has_gap(block[-1]) or _RULE.fullmatch(block[-1])):
        below.append(block.pop())
    rows = [text for text in block if not _RULE.fullmatch(text)]
    spans = _certain(rows) if len(rows) >= 3 and len(below) <= _SOURCE and all(map(_BELOW.match, below)) else None
    if spans is None:
        return None
    found = iter(spans)
    rule = next((n for n, text in enumerate(block) if _RULE.fullmatch(text)), 0)
    whole = tuple([] if _RULE.fullmatch(text) else next(found) for text in block)
    return SpacedCells(whole, rule if rule <= 2 else 0)


def _is_filled(line: Line) -> bool:
    return bool(line.text.strip())


def _has_gap(text: str) -> bool:
    return len(text) <= _WIDEST and _GAP.search(text) is not None and not _RULE.fullmatch(text)


def _begins(lines: Sequence[Line], position: int) -> bool:
    """Whether nothing but a caption stands between a line and the white above it."""
    above = takewhile(lambda n: n >= 0 and _is_filled(lines[n]), range(position - 1, position - _CAPTION - 2, -1))
    captions = [lines[n].text for n in above]
    return len(captions) <= _CAPTION and not any(map(_has_gap, captions))


def _certain(rows: Sequence[str]) -> list[Spans] | None:
    spans = _by_tabs(rows) if any("\t" in row.strip() for row in rows) else _by_spaces(rows)
    if not spans or any(sum(start < end for start, end in row) < 2 for row in spans):
        return None
    first = [row[slice(*cells[0])].strip() for row, cells in zip(rows, spans, strict=True)]
    is_list = len(spans[0]) == 2 and all(map(_BULLET.fullmatch, first))
    is_signed = len(spans[0]) == 2 and any(text.endswith(",") for text in first)
    return None if is_list or is_signed else spans


def _by_tabs(rows: Sequence[str]) -> list[Spans]:
    """The cells between tabs, of which several in a row are one, or each ends a cell that may be empty."""
    cells = [[match.span() for match in re.finditer(r"[^\t]*[^\t ][^\t]*", row)] for row in rows]
    if len(set(map(len, cells))) == 1:
        return cells
    exact = [[match.span() for match in re.finditer(r"(?:(?<=\t)|^)[^\t]*", row.rstrip())] for row in rows]
    width = len(exact[0])
    if width < 3 or any(len(row) > width for row in exact) or not all(start < end for start, end in exact[0][1:]):
        return []
    return [row + [(row[-1][1], row[-1][1])] * (width - len(row)) for row in exact]


def _by_spaces(rows: Sequence[str]) -> list[Spans]:
    """The cells between the white that runs down all rows, where they begin or end below one another."""
    width = max(map(len, rows))
    padded = [row.ljust(width) for row in rows]
    white = "".join(" " if all(sign == " " for sign in signs) else "x" for signs in zip(*padded, strict=True))
    columns = [match.span() for match in re.finditer(r"x(?: ?x)*", white)]
    spans = [[_trimmed(row, *column) for column in columns] for row in padded]
    texts = [[row[slice(*span)] for span in cells] for row, cells in zip(padded, spans, strict=True)]
    if any("  " in text for row in texts for text in row):
        return []
    if all(sum(len(row[n]) for row in texts) > _PROSE * len(rows) for n in range(len(columns))):
        return []
    for n in range(len(columns)):
        filled = [cells[n] for cells in spans[1:] if cells[n][0] < cells[n][1]]
        if len({start for start, _ in filled}) > 1 and len({end for _, end in filled}) > 1:
            return []
    return spans


def _trimmed(row: str, start: int, end: int) -> Span:
    text = row[start:end]
    first = start + len(text) - len(text.lstrip())
    return (first, first + len(text.strip())) if text.strip() else (start, start)
