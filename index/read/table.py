"""Takes the cells of a table and gives its rows as readable lines, the headers repeated in each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.read.writer import Inline

LONGEST_HEADER = 80
_WIDEST = 200  # columns; no cell further on is repeated in the rows below
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s?[-–/]\s?\d{2,4})?")
MOST_ACROSS, MOST_DOWN = 50, 1000
Row = Sequence[Inline]


def table_lines(rows: Sequence[Row], headers: int = 0) -> list[Inline]:
    """Return a line for each row: "Naam: Jansen; Functie: secretaris"; `headers` rows of headers come first.

    Without headers a first row that reads as one is taken for it; else two columns read as "name: value".
    """
    filled = [row for row in rows if any(row)]
    headers = min(headers, len(filled) - 1) if headers else header_rows(filled)
    width = max((len(row) for row in filled), default=0)
    titles = [_title(filled[:headers], column) for column in range(width)]
    return [_line(row, titles, width) for row in filled[max(headers, 0) :]]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as markup gives it: how many columns and rows it takes, and its column where that is told."""

    content: Inline
    across: int = 1
    down: int = 1
    column: int | None = None


def spread(rows: Sequence[Sequence[Cell]]) -> list[list[Inline]]:
    """Return rows in which each cell stands in all columns and rows that it takes.

    What is too long to be a heading of the rows below stands in the first of them only.
    """
    spread_rows: list[list[Inline]] = []
    hanging: dict[int, tuple[int, Inline]] = {}  # by column: for how many rows more, and what
    for row in rows:
        line: list[Inline] = []
        last = max(hanging, default=-1)
        below: dict[int, tuple[int, Inline]] = {}
        cells = iter(row)
        cell = next(cells, None)
        while cell is not None or len(line) <= last:
            place = len(line)
            if place in hanging:
                left, content = hanging[place]
                line.append(content)
                if left > 1:
                    below[place] = (left - 1, content)
            elif cell is None or (cell.column or 0) > place:
                line.append(Inline())
            else:
                if cell.down > 1 and len(line) < _WIDEST:
                    short = repeated(cell.content)
                    below |= {place + n: (cell.down - 1, short) for n in range(cell.across)}
                line += [cell.content] * cell.across
                cell = next(cells, None)
        spread_rows.append(line)
        hanging = below
    return spread_rows


def repeated(content: Inline) -> Inline:
    """Return what stands in the rows below of a cell that takes several: the same, where it is short."""
    return content if len(content.text) <= LONGEST_HEADER else Inline()


def span_of(value: str, most: int) -> int:
    """Return how many columns or rows an attribute says a cell takes; 1 where it says nothing sensible."""
    return min(int(value), most) if value.isdigit() and len(value) < 6 and int(value) else 1


def header_rows(rows: Sequence[Row]) -> int:
    """Return how many of the first rows read as headers: those in bold, or one of short words or of years."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return 0
    bold = 0
    while bold < len(rows) and all(cell.is_bold for cell in rows[bold] if cell) and sum(map(bool, rows[bold])) >= 2:
        bold += 1
    if 0 < bold < len(rows):
        return bold
    corner, *others = (cell.text.strip() for cell in rows[0])
    if len(others) < 2 or len(corner) > 40 or _DIGIT.search(corner):
        return 0
    if all(_YEAR.fullmatch(text) for text in others):
        return int(not any(_YEAR.fullmatch(cell.text.strip()) for row in rows[1:] for cell in row[1:]))
    return int(len(rows) >= 3 and all(0 < len(text) <= 40 and not _DIGIT.search(text) for text in others))


def _title(rows: Sequence[Row], column: int) -> str:
    texts = (row[column].text.strip(" :") for row in rows if column < len(row))
    return " ".join(dict.fromkeys(text for text in texts if text))[:LONGEST_HEADER]


def _line(row: Row, titles: Sequence[str], width: int) -> Inline:
    # A cell that spans columns stands in each of them.
    cells = [(titles[n], cell) for n, cell in enumerate(row) if cell and not (n and row[n - 1] is cell)]
    line = Inline()
    for position, (title, cell) in enumerate(cells):
        if position:
            line.text = line.text.rstrip()
            line.text += "; " if any(titles) else ": " if width == 2 and not line.text.endswith(":") else " | "
        if title and len(cells) > 1:
            line.text += f"{title}: "
        line.append(cell)
    return line
