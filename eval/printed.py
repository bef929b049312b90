"""Paragraphs in, a PDF out that is printed as official answers are: a head, one column, notes below, page furniture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from eval.pdf_file import BOLD, line, pdf_file, width_of

WIDTH, HEIGHT = 558, 771
_MARGIN, _COLUMN, _COLUMN_WIDTH = 40, 202, 318
_TEXT, _NOTE, _SMALL, _LEADING = 8.5, 7.0, 5.5, 9.6
_LAST = 130  # points above the page's edge where its text ends


@dataclass(frozen=True, slots=True)
class Print:
    """What is printed: paragraphs (an empty one is a white line; `^` stands before a note's mark) and notes.

    `identifier` stands in the margin of the first page, `year` ("2023–2024") in its head and at the foot of each.
    """

    identifier: str
    year: str
    title: str
    paragraphs: Sequence[str]
    notes: Sequence[str] = ()


def make_pdf(text: Print) -> bytes:
    """Return the PDF; the same text always gives the same bytes. Signs beyond Windows' Latin are left out."""
    pages = list(_pages([one for paragraph in text.paragraphs for one in _wrapped(paragraph)]))
    shown = [_page(text, number, lines, number == len(pages)) for number, lines in enumerate(pages, 1)]
    return pdf_file(shown, (WIDTH, HEIGHT))


def _wrapped(paragraph: str) -> list[str]:
    lines = [""]
    for word in paragraph.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        signs = longer.replace("^", "")
        if width_of(signs, _TEXT) <= _COLUMN_WIDTH or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _pages(lines: Sequence[str]) -> Iterator[list[str]]:
    first, rest = int((HEIGHT - 250 - _LAST) / _LEADING), int((HEIGHT - 60 - _LAST) / _LEADING)
    start, size = 0, first
    while start < len(lines):
        yield list(lines[start : start + size])
        start, size = start + size, rest


def _page(text: Print, number: int, lines: Sequence[str], is_last: bool) -> str:
    marks = _head(text) if number == 1 else []
    top = HEIGHT - (250 if number == 1 else 60)
    for row, shown in enumerate(lines):
        marks.append(line(_COLUMN, top - row * _LEADING, shown, _TEXT))
    if is_last:
        marks += [line(_COLUMN, 60 + 9 * row, note, _NOTE) for row, note in enumerate(reversed(text.notes))]
    marks.append(line(_COLUMN, 38, f"Tweede Kamer, vergaderjaar {text.year}, Aanhangsel", _TEXT))
    marks.append(line(515, 38, str(number), _TEXT))
    return "\n".join(marks)


def _head(text: Print) -> list[str]:
    return [
        line(_MARGIN, 728, "Tweede Kamer der Staten-Generaal", 18, BOLD),
        line(_MARGIN, 674, f"Vergaderjaar {text.year}", _TEXT),
        line(_COLUMN, 674, "Aanhangsel van de Handelingen", _TEXT, BOLD),
        line(_COLUMN, 622, "Vragen gesteld door de leden der Kamer, met de daarop door de", _TEXT, BOLD),
        line(_COLUMN, 612, "regering gegeven antwoorden", _TEXT, BOLD),
        line(_COLUMN, HEIGHT - 225, text.title, 12, BOLD),
        line(_MARGIN, 58, text.identifier, _SMALL),
        line(_MARGIN, 48, "ISSN 0921 - 7398", _SMALL),
    ]


def shows_paragraphs(paragraphs: Sequence[str]) -> bool:
    """Whether print shows where each paragraph ends: its last line has room for the first word of the next."""
    for paragraph, following in pairwise(paragraphs):
        last, word = _wrapped(paragraph)[-1], following.split(" ")[0]
        if len(_wrapped(f"{last} {word}")) > 1:
            return False
    return True
