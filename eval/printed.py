"""Paragraphs in, a PDF out that is printed as official answers are: a head, one column, notes below, page furniture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDTH, HEIGHT = 558, 771
_MARGIN, _COLUMN, _COLUMN_WIDTH = 40, 202, 318
_TEXT, _NOTE, _SMALL, _LEADING = 8.5, 7.0, 5.5, 9.6
_PLAIN, _BOLD = "F1", "F2"
_LAST = 130  # points above the page's edge where its text ends
# Widths of Helvetica in thousandths of its size (Adobe's published metrics); all other signs are 556 wide.
_NARROW = {222: "ijl’", 278: " ftI!,.:;/", 333: "r()-", 500: "ckvsxyzJ"}
_WIDE = {667: "ABEKPSVXY", 611: "FTZ", 722: "wCDHNRU", 778: "GOQ", 833: "mM", 944: "W"}
_WIDTHS = {sign: width for table in (_NARROW, _WIDE) for width, signs in table.items() for sign in signs}


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
    pages = list(_pages([line for paragraph in text.paragraphs for line in _wrapped(paragraph)]))
    return _file([_page(text, number, lines, number == len(pages)) for number, lines in enumerate(pages, 1)])


def _wrapped(paragraph: str) -> list[str]:
    lines = [""]
    for word in paragraph.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        signs = longer.replace("^", "")
        if _TEXT * sum(_WIDTHS.get(sign, 556) for sign in signs) / 1000 <= _COLUMN_WIDTH or not lines[-1]:
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
    for row, line in enumerate(lines):
        marks.append(_line(_COLUMN, top - row * _LEADING, line, _TEXT))
    if is_last:
        marks += [_line(_COLUMN, 60 + 9 * row, note, _NOTE) for row, note in enumerate(reversed(text.notes))]
    marks.append(_line(_COLUMN, 38, f"Tweede Kamer, vergaderjaar {text.year}, Aanhangsel", _TEXT))
    marks.append(_line(515, 38, str(number), _TEXT))
    return "\n".join(marks)


def _head(text: Print) -> list[str]:
    return [
        _line(_MARGIN, 728, "Tweede Kamer der Staten-Generaal", 18, _BOLD),
        _line(_MARGIN, 674, f"Vergaderjaar {text.year}", _TEXT),
        _line(_COLUMN, 674, "Aanhangsel van de Handelingen", _TEXT, _BOLD),
        _line(_COLUMN, 622, "Vragen gesteld door de leden der Kamer, met de daarop door de", _TEXT, _BOLD),
        _line(_COLUMN, 612, "regering gegeven antwoorden", _TEXT, _BOLD),
        _line(_COLUMN, HEIGHT - 225, text.title, 12, _BOLD),
        _line(_MARGIN, 58, text.identifier, _SMALL),
        _line(_MARGIN, 48, "ISSN 0921 - 7398", _SMALL),
    ]


def _line(x: float, y: float, text: str, size: float, font: str = _PLAIN) -> str:
    before, *raised = text.split("^")
    shown = f"BT /{font} {size} Tf {x} {y:.1f} Td ({_escaped(before)}) Tj"
    for piece in raised:  # a mark is one digit, small and raised; the line goes on after it
        shown += f" /{font} 5 Tf 3 Ts ({piece[0]}) Tj /{font} {size} Tf 0 Ts ({_escaped(piece[1:])}) Tj"
    return shown + " ET"


def _escaped(text: str) -> str:
    plain = text.encode("cp1252", "ignore").decode("cp1252")
    return plain.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file(pages: Sequence[str]) -> bytes:
    """Catalogue, page tree, two fonts, then page and stream in turn."""
    kids = " ".join(f"{5 + 2 * index} 0 R" for index in range(len(pages)))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /Lang (nl-NL) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} /MediaBox [0 0 {WIDTH} {HEIGHT}] >>",
        font.format("Helvetica"),
        font.format("Helvetica-Bold"),
    ]
    for index, page in enumerate(pages):
        fonts = f"<< /Font << /{_PLAIN} 3 0 R /{_BOLD} 4 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R /Resources {fonts} /Contents {6 + 2 * index} 0 R >>")
        objects.append(f"<< /Length {len(page.encode('cp1252'))} >>\nstream\n{page}\nendstream")
    out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode("cp1252")


def shows_paragraphs(paragraphs: Sequence[str]) -> bool:
    """Whether print shows where each paragraph ends: its last line has room for the first word of the next."""
    for paragraph, following in pairwise(paragraphs):
        last, word = _wrapped(paragraph)[-1], following.split(" ")[0]
        if len(_wrapped(f"{last} {word}")) > 1:
            return False
    return True
