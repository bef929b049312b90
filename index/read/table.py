"""Takes the cells of a table and gives its rows as readable lines, the headers repeated in each."""

from __future__ import annotations

from collections.abc import Sequence

from index.read.writer import Inline

_LONGEST_HEADER = 80
Row = Sequence[Inline]


def table_lines(rows: Sequence[Row], headers: int = 0) -> list[Inline]:
    """Return a line for each row: "Naam: Jansen; Functie: secretaris"; `headers` rows of headers come first.

    Without headers a first row that reads as one is taken for it; else two columns read as "name: value".
    """
    filled = [row for row in rows if any(row)]
    headers = min(headers, len(filled) - 1) if headers else _header_rows(filled)
    width = max((len(row) for row in filled), default=0)
    titles = [_title(filled[:headers], column) for column in range(width)]
    return [_line(row, titles, width) for row in filled[max(headers, 0) :]]


def _header_rows(rows: Sequence[Row]) -> int:
    if len(rows) < 2 or len(rows[0]) < 2:
        return 0
    bold = 0
    while bold < len(rows) and all(cell.is_bold for cell in rows[bold] if cell) and sum(map(bool, rows[bold])) >= 2:
        bold += 1
    if 0 < bold < len(rows):
        return bold
    short = all(0 < len(cell.text) <= 40 and not any(map(str.isdigit, cell.text)) for cell in rows[0])
    return int(len(rows[0]) >= 3 and len(rows) >= 3 and short)


def _title(rows: Sequence[Row], column: int) -> str:
    texts = (row[column].text.strip(" :") for row in rows if column < len(row))
    return " ".join(dict.fromkeys(text for text in texts if text))[:_LONGEST_HEADER]


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
