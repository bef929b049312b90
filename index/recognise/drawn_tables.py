"""Takes the lines of a PDF and tells which rows of its drawn tables are headers, also on the next page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.read.source import Line, Source
from index.read.table import header_rows
from index.read.writer import Inline
from index.recognise.furniture import IDENTIFIER, is_foot
from index.recognise.numbers import parse_heading
from index.recognise.tables import told_cells

_NEAR = 3.0  # points between lines of one column on two pages


def with_heads(source: Source) -> Source:
    """Return the source with the headers of each row of a drawn table."""
    lines = list(source.lines)
    last: tuple[int, int] | None = None
    heads: tuple[Line, ...] = ()
    for start, end in _tables(lines):
        rows = lines[start:end]
        if last and _goes_on(lines, last[1], start):
            count = _repeated(rows, heads)
            heads = tuple(rows[:count]) or heads
        else:
            count = _head_count(rows)
            heads = tuple(rows[:count])
        for number in range(start, end):
            lines[number] = replace(lines[number], heads=heads, is_head=number < start + count)
        last = start, end
    return replace(source, lines=tuple(lines)) if last else source


def without_frames(source: Source) -> Source:
    """Return the source without tables that are no more than a frame around questions and answers."""
    if any(not line.cells and parse_heading(line.text) for line in source.lines):
        return source
    lines: list[Line] = []
    at = 0
    for start, end in _tables(source.lines):
        rows = source.lines[start:end]
        first = (row.text[slice(*cell.spans[0])] for row in rows for cell in row.cells)
        if any((heading := parse_heading(text)) and heading.numbers for text in first):
            lines += [*source.lines[at:start], *(line for row in rows for line in _unframed(row))]
            at = end
    return replace(source, lines=(*lines, *source.lines[at:])) if at else source


def _tables(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    start = 0
    for number, line in enumerate(lines):
        above = lines[number - 1] if number else None
        if above is None or above.columns != line.columns or above.page != line.page:
            if number and lines[start].cells:
                yield start, number
            start = number
    if lines and lines[start].cells:
        yield start, len(lines)


def _texts(row: Line) -> list[str]:
    return [" ".join(row.text[slice(*span)] for span in cell.spans) for cell in row.cells]


def _unframed(row: Line) -> Iterator[Line]:
    plain = replace(row, ends=False, cells=(), columns=())
    for cell in row.cells:
        yield Line("", page=row.page)
        for start, end in cell.spans:
            marks = tuple((a - start, b - start) for a, b in row.marks if start <= a and b <= end)
            yield replace(plain, text=row.text[start:end], at=row.at + start, bold=cell.bold, marks=marks)
    yield Line("", page=row.page)


def _head_count(rows: Sequence[Line]) -> int:
    """How many of a table's first rows are headers; all that the cells of the first of them take."""
    width = len(rows[0].columns) - 1
    inlines = [_inlines(row, width) for row in rows]
    count = header_rows(inlines)
    deep = max(cell.down for cell in rows[0].cells)
    return max(count, sum(row.cells[0].row < rows[0].cells[0].row + deep for row in rows)) if count else 0


def _inlines(row: Line, width: int) -> list[Inline]:
    bold = {cell.column: cell.bold for cell in row.cells}
    (cells,) = told_cells([row], width)
    texts = (" ".join(part.text for part in cell) for cell in cells)
    return [Inline(text, plain=not bold.get(column, True)) for column, text in enumerate(texts)]


def _repeated(rows: Sequence[Line], heads: Sequence[Line]) -> int:
    """How many first rows of a table that goes on are headers again: the same, or others that are bold as they were."""
    if heads and [_texts(row) for row in rows[: len(heads)]] == [_texts(head) for head in heads]:
        return len(heads)
    bold = 0
    while bold < len(rows) - 1 and rows[bold].bold and len(rows[bold].cells) > 1:
        bold += 1
    return bold if heads and heads[0].bold else 0


def _goes_on(lines: Sequence[Line], end: int, start: int) -> bool:
    """Whether a table is the rest of one on the page before: columns of the same width, and between them only notes
    and what stands on other pages too."""
    above, below = lines[end - 1], lines[start]
    if below.page != above.page + 1 or len(above.columns) != len(below.columns):
        return False
    shift = below.columns[0] - above.columns[0]  # pages for the left and for the right hand
    if any(abs(b - a - shift) > _NEAR for a, b in zip(above.columns, below.columns, strict=True)):
        return False
    between = [line for line in lines[end:start] if line.text.strip() and line.size >= 0.95 * above.size]
    pages: dict[str, set[int]] = {}
    for line in lines if between else ():
        if line.page in (above.page, below.page, above.page - 1, below.page + 1):
            pages.setdefault(_without_numbers(line.text), set()).add(line.page)
    return all(_is_furniture(line.text) or len(pages[_without_numbers(line.text)]) > 1 for line in between)


def _without_numbers(text: str) -> str:
    return re.sub(r"\d+", "", text[:300]).strip()


def _is_furniture(text: str) -> bool:
    short = len(text) < 80
    return is_foot(text) or (short and (not _without_numbers(text) or IDENTIFIER.fullmatch(text) is not None))
