"""Takes lines that hold a table, drawn on a page, with bars, tabs or spaces, and gives its rows as paragraphs, the
headers repeated in each; every word leads back to its own cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from index.read.source import Line, Span, TableCell
from index.read.table import LONGEST_HEADER, header_rows
from index.read.writer import Inline
from index.recognise.draft import MADE, Fragment, Paragraph
from index.recognise.join import Vocabulary, join
from index.recognise.questions import rest_of
from index.recognise.spaced_tables import cells_at

_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?\s*")
_LONGEST = 5_000
_BETWEEN = Fragment("; ", MADE)

Parts = tuple[Line, ...]  # the lines of a cell; none of an empty one
Cells = Sequence[Parts]


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of headers and of rows; how many lines it takes."""

    heads: Sequence[Cells]
    rows: Sequence[Cells]
    length: int


def table_at(lines: Sequence[Line], position: int, *, spaced: bool) -> Table | None:
    """Return the table that begins at a line; one laid out with tabs or spaces only where they are the file's own."""
    if lines[position].cells:
        return _told(lines, position)
    return _barred(lines, position) or (_spaced(lines, position) if spaced else None)


def table_paragraphs(table: Table, words: Vocabulary) -> list[Paragraph]:
    """Return a paragraph for each row: "Jaar: 2024; Bedrag: 12"; first the headers that no row repeats."""
    width = max(map(len, (*table.heads, *table.rows)))
    titles = [_title(table.heads, column, words) for column in range(width)]
    used = {column for row in table.rows for column, cell in enumerate(row) if cell}
    lone = any(title and (n not in used or _length(title) > LONGEST_HEADER) for n, title in enumerate(titles))
    rows = [_row(head, [()] * width, words) for head in table.heads] if lone else []
    short = [title if _length(title) <= LONGEST_HEADER else () for title in titles]
    rows += [_row(row, short, words) for row in table.rows]
    return [row for row in rows if row.fragments]


def _title(heads: Sequence[Cells], column: int, words: Vocabulary) -> tuple[Fragment, ...]:
    """The words above a column, each once, without their note marks."""
    found: dict[str, tuple[Fragment, ...]] = {}
    for cell in (head[column] for head in heads if column < len(head)):
        paragraph = join(cell, words)
        found.setdefault(paragraph.text, paragraph.fragments)
    title: list[Fragment] = []
    for fragments in filter(None, found.values()):
        title += [Fragment(" ", MADE), *fragments] if title else fragments
    return tuple(title)


def _length(fragments: Sequence[Fragment]) -> int:
    return sum(len(fragment.text) for fragment in fragments)


def _row(row: Cells, titles: Sequence[tuple[Fragment, ...]], words: Vocabulary) -> Paragraph:
    fragments: list[Fragment] = []
    marks: list[tuple[int, str]] = []
    has_titles = any(titles)
    column = 0
    while column < len(row):
        cell = row[column]
        across = 1
        while cell and column + across < len(row) and row[column + across] is cell:
            across += 1
        content = join(cell, words)
        if content.fragments:
            if fragments:
                last = fragments[-1].text[-1]
                pair = ": " if len(row) == 2 and last != ":" else " " if len(row) == 2 else " | "
                fragments.append(_BETWEEN if has_titles else Fragment(pair, MADE))
            fragments += _above(titles[column : column + across], is_whole=across == len(row))
            marks += [(_length(fragments) + offset, mark) for offset, mark in content.marks]
            fragments += content.fragments
        column += across
    return Paragraph(tuple(fragments), tuple(marks))


def _above(titles: Sequence[tuple[Fragment, ...]], *, is_whole: bool) -> list[Fragment]:
    """The headers of all columns that a cell takes; a cell as wide as the table has none."""
    above: list[Fragment] = []
    for title in dict.fromkeys(filter(None, () if is_whole else titles)):
        above += [Fragment(", ", MADE), *title] if above else title
    if not above:
        return []
    return [*above, Fragment(" " if above[-1].text.endswith(":") else ": ", MADE)]


def _barred(lines: Sequence[Line], position: int) -> Table | None:
    """A table with bars: headers, a rule of hyphens, rows."""
    if position + 2 >= len(lines) or "|" not in lines[position].text or not _is_rule(lines[position + 1].text):
        return None
    width = len(_between_bars(lines[position]))
    if width < 2 or len(_between_bars(lines[position + 1])) != width:
        return None
    end = position + 2
    while end < len(lines) and "|" in lines[end].text and len(lines[end].text) < _LONGEST:
        end += 1
    head, _, *rows = (_between_bars(line) for line in lines[position:end])
    return Table([head], rows, end - position) if rows else None


def _is_rule(text: str) -> bool:
    return len(text) < _LONGEST and "|" in text and _RULE.fullmatch(text) is not None


def _between_bars(line: Line) -> Cells:
    """The parts of a line between its bars; a bar after a backslash is a sign like any other."""
    bars = [match.start() for match in re.finditer(r"(?<!\\)\|", line.text)]
    starts, ends = [0, *(bar + 1 for bar in bars)], [*bars, len(line.text)]
    cells = [(_part(line, span),) for span in zip(starts, ends, strict=True)]
    text = line.text.strip()
    return cells[text.startswith("|") : len(cells) - (text.endswith("|") and len(cells) > 1)]


def _spaced(lines: Sequence[Line], position: int) -> Table | None:
    """A table laid out with tabs or spaces."""
    found = cells_at(lines, position)
    if found is None:
        return None
    rows = [
        [(_part(line, span),) if span[0] < span[1] else () for span in spans]
        for line, spans in zip(lines[position:], found.spans, strict=False)
        if spans
    ]
    heads = found.heads or header_rows([[_plain(cell) for cell in row] for row in rows])
    return Table(rows[:heads], rows[heads:], len(found.spans))


def _plain(cell: Parts) -> Inline:
    return Inline(" ".join(line.text.strip() for line in cell), plain=True)


def _told(lines: Sequence[Line], position: int) -> Table:
    """The rows of a table drawn on a page, whose headers were found before; those on its own page are among them."""
    taken = [lines[position]]
    for line in islice(lines, position + 1, None):
        if line.columns != taken[0].columns or line.page != taken[0].page or (line.is_head and not taken[-1].is_head):
            break
        taken.append(line)
    fresh = {line.at: line for line in taken}  # with the note marks that were found in them
    width = len(lines[position].columns) - 1
    heads = tuple(fresh.get(head.at, head) for head in next((line.heads for line in taken if not line.is_head), ()))
    rows = [line for line in taken if not line.is_head]
    if not rows:
        heads, rows = (), taken
    return Table(told_cells(heads, width), told_cells(rows, width), len(taken))


def told_cells(lines: Sequence[Line], width: int) -> list[Cells]:
    """Return the cells of drawn rows by their columns; one that takes several rows stands in each, if it is short."""
    rows: list[Cells] = []
    hanging: list[tuple[TableCell, Parts]] = []
    for line in lines:
        own = [(cell, tuple(_part(line, span) for span in cell.spans)) for cell in line.cells]
        number = line.cells[0].row
        hanging = [pair for pair in hanging if pair[0].row < number < pair[0].row + pair[0].down]
        row: list[Parts] = [()] * width
        for cell, parts in (*hanging, *own):
            row[cell.column : cell.column + cell.across] = [parts] * cell.across
        rows.append(row)
        hanging += [pair for pair in own if pair[0].down > 1 and len(_plain(pair[1]).text) <= LONGEST_HEADER]
    return rows


def _part(line: Line, span: Span) -> Line:
    start, end = span
    part = rest_of(line, start)
    length = end - start
    marks = tuple(span for span in part.marks if span[1] <= length)
    cuts = tuple((a, min(b, length)) for a, b in part.cuts if a < length)
    return Line(part.text[:length], part.at, line.page, marks=marks, cuts=cuts)
