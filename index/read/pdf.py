"""Takes the bytes of a PDF and gives its lines with their page, type size and raised note marks; the one door to
pdfium. Knows the geometry of a page, not what its words mean."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import takewhile
from threading import Lock
from typing import Any

from index.errors import ReadError
from index.language import say
from index.read.source import Line, Source, Span

_PASSWORD = 4  # FPDF_ERR_PASSWORD
_PDFIUM = Lock()
LINE_END_HYPHEN = "\ufffe"  # what pdfium's text holds for a hyphen at a line's end; character by character it is 2


Box = tuple[float, float, float, float]  # left, bottom, right, top in points, from the lower left corner


@dataclass(frozen=True, slots=True)
class PageBoxes:
    """A page's size in points, and for each stretch asked for the boxes of its words, one a line."""

    width: float
    height: float
    boxes: tuple[tuple[Box, ...], ...]


@dataclass(slots=True)
class _Glyph:
    character: str
    size: float
    x: float
    y: float
    right: float
    index: int
    box: Box = (0.0, 0.0, 0.0, 0.0)
    guessed: bool = False  # a space that pdfium put where it saw white


@dataclass(frozen=True, slots=True)
class _Row:
    glyphs: list[_Glyph]
    size: float
    base: float
    left: float
    right: float


def read_pdf(data: bytes, name: str) -> Source:
    """Return the lines of a PDF page by page; pages that are scans without text are named, or all of it refused."""
    with opened(data, name) as (document, raw):
        return _read_pages(document, raw, name)


def page_boxes(data: bytes, name: str, page: int, spans: Sequence[Span]) -> PageBoxes:
    """Return where stretches of a page's text stand on that page, counted from 1."""
    with opened(data, name) as (document, raw):
        shown = page_at(document, page, name)
        characters: list[_Glyph | None] = []
        above: _Row | None = None
        for row in _rows(_glyphs(shown, raw)):
            if above and _gap(above, row):
                characters.append(None)
            characters += [*_text(row)[2], None]
            above = row
        left, bottom, right, top = shown.get_bbox()  # what is shown need not begin at the origin
        found = (_boxes(characters[start:end]) for start, end in spans)
        moved = (tuple((a - left, b - bottom, c - left, d - bottom) for a, b, c, d in boxes) for boxes in found)
        return PageBoxes(right - left, top - bottom, tuple(moved))


def page_at(document: Any, page: int, name: str) -> Any:
    """Return a page of an open PDF, counted from 1; raise `ReadError` when there is none."""
    if not 1 <= page <= len(document):
        raise ReadError("read.broken_page", file=name, page=page)
    return document[page - 1]


def _boxes(characters: Sequence[_Glyph | None]) -> tuple[Box, ...]:
    """One box around the characters of each line; None stands for a line's end and for characters of our own."""
    boxes: list[Box] = []
    base: float | None = None
    for glyph in characters:
        if glyph is None or glyph.character.isspace():
            continue
        left, bottom, right, top = glyph.box
        if base is not None and abs(glyph.y - base) < 0.45 * glyph.size and right >= boxes[-1][0]:
            last = boxes[-1]
            boxes[-1] = (min(last[0], left), min(last[1], bottom), max(last[2], right), max(last[3], top))
        else:
            boxes.append(glyph.box)
            base = glyph.y
    return tuple(boxes)


@contextmanager
def opened(data: bytes, name: str) -> Iterator[tuple[Any, Any]]:
    """Open a PDF; give it and pdfium's functions. One at a time: pdfium may not be used by two threads at once."""
    try:
        import pypdfium2
    except ImportError as error:
        raise ReadError("read.missing_pdfium", file=name) from error
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            locked = getattr(error, "err_code", None) == _PASSWORD or "assword" in str(error)
            raise ReadError("read.locked" if locked else "read.broken_pdf", file=name) from error
        try:
            yield document, pypdfium2.raw
        finally:
            document.close()


def _read_pages(document: Any, raw: Any, name: str) -> Source:
    lines: list[Line] = []
    scans: list[int] = []
    for number in range(len(document)):
        try:
            page = document[number]
            found = _page_lines(page, raw, number + 1)
            if not found and any(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)):
                scans.append(number + 1)
            page.close()
        except Exception as error:  # pdfium's own errors on a damaged page have no common class
            raise ReadError("read.broken_page", file=name, page=number + 1) from error
        lines += found
    if scans and not lines:
        raise ReadError("read.scan", file=name, pages=_page_list(scans))
    if not lines:
        raise ReadError("read.empty", file=name)
    warnings = (say("read.scan_pages", file=name, pages=_page_list(scans)),) if scans else ()
    return Source("pdf", tuple(_placed(lines)), len(document), warnings)


def _page_list(pages: list[int]) -> str:
    return ", ".join(map(str, pages[:10])) + (" …" if len(pages) > 10 else "")


def _placed(lines: list[Line]) -> Iterator[Line]:
    at = 0
    for line in lines:
        yield replace(line, at=at)
        at += len(line.text) + 1


def _page_lines(page: Any, raw: Any, number: int) -> list[Line]:
    rows = _rows(_glyphs(page, raw))
    textpage = page.get_textpage()
    edges = _column_edges(rows)
    lines: list[Line] = []
    above: _Row | None = None
    for row, following in zip(rows, [*rows[1:], None], strict=False):
        if above and _gap(above, row):
            lines.append(Line("", page=number))
        text, marks, _ = _text(row)
        bold = raw.FPDFText_GetFontWeight(textpage.raw, row.glyphs[0].index) >= 600
        ends = following is not None and _ends(row, following, edges[_column(row)])
        lines.append(Line(text, 0, number, row.size, row.left, bold, ends, marks))
        above = row
    textpage.close()
    return lines


def _glyphs(page: Any, raw: Any) -> list[_Glyph]:
    textpage = page.get_textpage()
    handle = textpage.raw
    x, y = ctypes.c_double(), ctypes.c_double()
    left, right, bottom, top = ctypes.c_double(), ctypes.c_double(), ctypes.c_double(), ctypes.c_double()
    matrix = raw.FS_MATRIX()
    glyphs: list[_Glyph] = []
    # Bound once: a page has thousands of characters, and looking these up takes as long as calling them.
    unicode_of, origin_of, box_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetCharOrigin, raw.FPDFText_GetCharBox
    matrix_of, size_of, is_generated = raw.FPDFText_GetMatrix, raw.FPDFText_GetFontSize, raw.FPDFText_IsGenerated
    for index in range(raw.FPDFText_CountChars(handle)):
        code = unicode_of(handle, index)
        if code in (0, 10, 13) or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
            continue
        character = LINE_END_HYPHEN if code == 2 else chr(code)
        if glyphs and character.isspace() and is_generated(handle, index) == 1:
            last = glyphs[-1]  # a space that pdfium guessed has no place of its own
            glyphs.append(_Glyph(character, last.size, last.right, last.y, last.right, index, guessed=True))
            continue
        origin_of(handle, index, x, y)
        box_of(handle, index, left, right, bottom, top)
        matrix_of(handle, index, matrix)
        size = round(abs(size_of(handle, index) * (matrix.d or matrix.b or 1.0)), 1)
        box = (left.value, bottom.value, right.value, top.value)
        glyphs.append(_Glyph(character, size, x.value, y.value, right.value, index, box))
    textpage.close()
    return _without_false_spaces(glyphs)


def _without_false_spaces(glyphs: list[_Glyph]) -> list[_Glyph]:
    """Drop the spaces that pdfium guessed within words of spaced-out type, on a page that has real spaces."""
    spaces = [glyph for glyph in glyphs if glyph.character.isspace()]
    if sum(glyph.guessed for glyph in spaces) * 2 > len(spaces):
        return glyphs
    kept: list[_Glyph] = []
    for position, glyph in enumerate(glyphs):
        if glyph.guessed and 0 < position < len(glyphs) - 1:
            before, after = glyphs[position - 1], glyphs[position + 1]
            if before.size == after.size and 0 <= after.x - before.right < 0.3 * glyph.size:
                continue
        kept.append(glyph)
    return kept


def _rows(glyphs: list[_Glyph]) -> list[_Row]:
    """Group glyphs that stand on one base line, raised marks with the line they belong to."""
    rows: list[list[_Glyph]] = []
    base = size = 0.0
    for glyph in glyphs:
        row = rows[-1] if rows else []
        height = max(size, glyph.size, 1.0)
        same = bool(row) and abs(glyph.y - base) < 0.45 * height and glyph.x > row[-1].x - 2 * height
        if glyph.character.isspace():
            if row and same:
                row.append(glyph)
            continue
        if not same:
            rows.append([glyph])
            base, size = glyph.y, glyph.size
            continue
        row.append(glyph)
        if glyph.size > 1.15 * size:  # the line began with a raised mark: its own base line is lower
            base, size = glyph.y, glyph.size
    return [_row(row) for row in rows]


def _row(glyphs: list[_Glyph]) -> _Row:
    end = len(glyphs)
    while glyphs[end - 1].character.isspace():  # the first glyph of a row is no space
        end -= 1
    glyphs = glyphs[:end]
    size = Counter(glyph.size for glyph in glyphs if not glyph.character.isspace()).most_common(1)[0][0]
    base = next(glyph.y for glyph in glyphs if glyph.size == size)
    return _Row(glyphs, size, base, glyphs[0].x, glyphs[-1].right)


def _text(row: _Row) -> tuple[str, tuple[Span, ...], list[_Glyph | None]]:
    """Return the row's text, the spans of digits that are set small and raised, and the glyph of each character."""
    characters: list[str] = []
    glyphs: list[_Glyph | None] = []
    marks: list[Span] = []
    before = row.glyphs[0]
    for glyph in row.glyphs:
        if glyph.character.isalnum() and before.index + 2 < glyph.index and not before.character.isspace():
            characters.append(" ")  # a line break of pdfium's own, after a raised mark
            glyphs.append(None)
        small = glyph.size < 0.85 * row.size and glyph.y > row.base + 0.15 * row.size
        if small and glyph.character.isdigit():
            at = len(characters)
            if marks and marks[-1][1] == at:
                marks[-1] = (marks[-1][0], at + 1)
            else:
                marks.append((at, at + 1))
        characters.append(glyph.character)
        glyphs.append(glyph)
        before = glyph
    return "".join(characters), tuple(marks), glyphs


def _gap(above: _Row, row: _Row) -> bool:
    """Whether more white than between lines parts two rows."""
    distance = above.base - row.base
    return distance < 0 or distance > 1.7 * max(row.size, above.size, 1.0)


def _column(row: _Row) -> tuple[float, int]:
    return row.size, round(row.left / 100)


def _column_edges(rows: list[_Row]) -> dict[tuple[float, int], float]:
    """The right edge of each column: of the rows of one type size that start at about the same place."""
    edges: dict[tuple[float, int], float] = {}
    for row in rows:
        edges[_column(row)] = max(edges.get(_column(row), 0.0), row.right)
    return edges


def _ends(row: _Row, following: _Row, edge: float) -> bool:
    """Whether the first word of the next row, of the same type size, would still have fitted on this one."""
    if following.size != row.size:
        return False
    word = list(takewhile(lambda glyph: not glyph.character.isspace(), following.glyphs))
    return row.right + 0.3 * row.size + word[-1].right - word[0].x < edge - 1
