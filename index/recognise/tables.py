"""Takes lines that hold a table drawn with bars, and gives its rows as paragraphs, the headers repeated in each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.read.source import Line
from index.recognise.draft import MADE, Fragment, Paragraph
from index.recognise.join import Vocabulary, join
from index.recognise.questions import rest_of

_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?\s*")
_LONGEST = 5_000


def table_at(lines: Sequence[Line], position: int) -> int:
    """Return how many lines the table that begins here takes: headers, a rule of hyphens, rows; 0 where none does."""
    if position + 2 >= len(lines) or "|" not in lines[position].text or not _is_rule(lines[position + 1].text):
        return 0
    width = len(_cells(lines[position]))
    if width < 2 or len(_cells(lines[position + 1])) != width:
        return 0
    end = position + 2
    while end < len(lines) and "|" in lines[end].text and len(lines[end].text) < _LONGEST:
        end += 1
    return end - position if end > position + 2 else 0


def table_paragraphs(lines: Sequence[Line], words: Vocabulary) -> list[Paragraph]:
    """Return a paragraph for each row: "Jaar: 2024; Bedrag: 12"; every word leads back to its own cell."""
    headers = [join([cell], words) for cell in _cells(lines[0])]
    paragraphs = []
    for line in lines[2:]:
        fragments: list[Fragment] = []
        marks: list[tuple[int, str]] = []
        for number, part in enumerate(_cells(line)):
            cell = join([part], words)
            if not cell.fragments:
                continue
            header = headers[number].fragments if number < len(headers) else ()
            between = [Fragment("; ", MADE)] if fragments else []
            fragments += [*between, *header, *([Fragment(": ", MADE)] if header else [])]
            length = sum(len(fragment.text) for fragment in fragments)
            marks += [(length + offset, mark) for offset, mark in cell.marks]
            fragments += cell.fragments
        if fragments:
            paragraphs.append(Paragraph(tuple(fragments), tuple(marks)))
    return paragraphs


def _is_rule(text: str) -> bool:
    return len(text) < _LONGEST and "|" in text and _RULE.fullmatch(text) is not None


def _cells(line: Line) -> list[Line]:
    """The parts of a line between its bars; a bar after a backslash is a sign like any other."""
    bars = [match.start() for match in re.finditer(r"(?<!\\)\|", line.text)]
    ends = [*bars, len(line.text)]
    starts = [0, *(bar + 1 for bar in bars)]
    cells = [_part(line, start, end) for start, end in zip(starts, ends, strict=True)]
    text = line.text.strip()
    return cells[text.startswith("|") : len(cells) - (text.endswith("|") and len(cells) > 1)]


def _part(line: Line, start: int, end: int) -> Line:
    part = rest_of(line, start)
    length = end - start
    marks = tuple(span for span in part.marks if span[1] <= length)
    cuts = tuple((a, min(b, length)) for a, b in part.cuts if a < length)
    return Line(part.text[:length], part.at, line.page, marks=marks, cuts=cuts)
