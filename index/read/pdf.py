"""Takes the bytes of a PDF and gives its lines with their page, type size and raised note marks; the one door to
pdfium. Knows the geometry of a page, not what its words mean."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from index.errors import ReadError
from index.language import say
from index.read.glyphs import (
    Box,
    Glyph,
    Row,
    boxes_around,
    column_edges,
    column_of,
    ends,
    turned,
    without_false_spaces,
)
from index.read.grid import GridCell
from index.read.layout import SetLine, laid_out, set_lines
from index.read.rulings import rulings_of
from index.read.source import Line, Source, Span, TableCell

_PASSWORD = 4  # FPDF_ERR_PASSWORD
_PDFIUM = Lock()
LINE_END_HYPHEN = "\ufffe"  # what pdfium's text holds for a hyphen at a line's end; character by character it is 2


@dataclass(frozen=True, slots=True)
class PageBoxes:
    """A page's size in points, and for each stretch asked for the boxes of its words, one a line."""

    width: float
    height: float
    boxes: tuple[tuple[Box, ...], ...]


def read_pdf(data: bytes, name: str) -> Source:
    """Return the lines of a PDF page by page; pages that are scans without text are named, or all of it refused."""
    with opened(data, name) as (document, raw):
        return _read_pages(document, raw, name)


def page_boxes(data: bytes, name: str, page: int, spans: Sequence[Span]) -> PageBoxes:
    """Return where stretches of a page's text stand on that page, counted from 1."""
    with opened(data, name) as (document, raw):
        shown = page_at(document, page, name)
        characters: list[Glyph | None] = []
        for line in _set_lines(shown, raw):
            characters += [*line.printed.glyphs, None] if line else [None]
        turn = shown.get_rotation() // 90  # how it is shown: boxes are where they are seen
        left, bottom, right, top = turned(shown.get_bbox(), turn)  # what is shown need not begin at the origin
        found = ((turned(box, turn) for box in boxes_around(characters[start:end])) for start, end in spans)
        moved = (tuple((a - left, b - bottom, c - left, d - bottom) for a, b, c, d in boxes) for boxes in found)
        return PageBoxes(right - left, top - bottom, tuple(moved))


def page_at(document: Any, page: int, name: str) -> Any:
    """Return a page of an open PDF, counted from 1; raise `ReadError` when there is none."""
    if not 1 <= page <= len(document):
        raise ReadError("read.broken_page", file=name, page=page)
    return document[page - 1]


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
    textpage = page.get_textpage()
    printed = list(_set_lines(page, raw))
    edges = column_edges(line.row for line in printed if line and not line.table)
    lines: list[Line] = []
    for line in printed:
        if line is None:
            lines.append(Line("", page=number))
            continue
        row, following = line.row, line.following
        text, marks = line.printed.text, line.printed.marks
        if line.table:
            cells = tuple(_table_cell(*pair, textpage, raw) for pair in zip(line.table.cells, line.cells, strict=True))
            bold, ended = all(cell.bold for cell in cells), True
        else:
            cells, bold = (), _is_bold(row, textpage, raw)
            ended = following is not None and ends(row, following, edges[column_of(row)])
        columns = line.table.columns if line.table else ()
        lines.append(Line(text, 0, number, row.size, row.left, bold, ended, marks, cells=cells, columns=columns))
    textpage.close()
    return lines


def _set_lines(page: Any, raw: Any) -> Iterator[SetLine | None]:
    return set_lines(laid_out(_glyphs(page, raw), rulings_of(page, raw)))


def _table_cell(held: tuple[GridCell, tuple[Row, ...]], spans: tuple[Span, ...], textpage: Any, raw: Any) -> TableCell:
    cell, rows = held
    bold = all(_is_bold(row, textpage, raw) for row in rows)
    return TableCell(spans, cell.row, cell.column, cell.across, cell.down, bold)


def _is_bold(row: Row, textpage: Any, raw: Any) -> bool:
    index = row.glyphs[0].index
    weight = raw.FPDFText_GetFontWeight(textpage.raw, index)
    if weight:
        return bool(weight >= 600)
    name = ctypes.create_string_buffer(100)  # a font that every reader has tells its weight by its name alone
    raw.FPDFText_GetFontInfo(textpage.raw, index, name, len(name), None)
    return b"Bold" in name.value


def _glyphs(page: Any, raw: Any) -> list[Glyph]:
    textpage = page.get_textpage()
    handle = textpage.raw
    x, y = ctypes.c_double(), ctypes.c_double()
    left, right, bottom, top = ctypes.c_double(), ctypes.c_double(), ctypes.c_double(), ctypes.c_double()
    matrix = raw.FS_MATRIX()
    glyphs: list[Glyph] = []
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
            glyphs.append(Glyph(character, last.size, last.right, last.y, last.right, index, last.box, last.turn, True))
            continue
        origin_of(handle, index, x, y)
        box_of(handle, index, left, right, bottom, top)
        matrix_of(handle, index, matrix)
        size = round(abs(size_of(handle, index) * (matrix.d or matrix.b or 1.0)), 1)
        box = (left.value, bottom.value, right.value, top.value)
        turn = _quarters(matrix.a, matrix.b, matrix.d)
        if turn:
            box = turned(box, turn)
            at = turned((x.value, y.value, x.value, y.value), turn)
            glyphs.append(Glyph(character, size, at[0], at[1], box[2], index, box, turn))
        else:
            glyphs.append(Glyph(character, size, x.value, y.value, right.value, index, box))
    textpage.close()
    return without_false_spaces(glyphs)


def _quarters(a: float, b: float, d: float) -> int:
    """How many quarters, against the clock, a line of text is turned; one that leans a little is not."""
    if abs(b) > abs(a):
        return 1 if b > 0 else 3
    return 2 if a < 0 and d < 0 else 0
