"""Takes the lines of a document and takes its footnotes out; finds the marks in the text that point to them.

A mark is taken out of the running text only where it is certain: a number is never changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.read.source import Line, Span
from index.recognise.draft import Note
from index.recognise.join import Vocabulary, join
from index.recognise.numbers import parse_heading

# "1NOS, 29 oktober", "22023 Annual report" (note 2): as extractors give it
_PRINTED = re.compile(r"(\d{1,3}?)(?=[A-Za-z«(‘“'\"[/À-ÿ]|(?:19|20)\d\d\b)")
_WORD_NOTE = re.compile(r"\s*(?:\[(\d{1,3})\]|(\d{1,3})\))\s{0,4}(?=\S)")
_RULE = re.compile(r"\s*[_\-–—=*]{3,}\s*")
# Words after which a number on the next line is that number and no mark.
_BEFORE_NUMBER = re.compile(
    r"(?:vra(?:ag|gen)|antwoord(?:en)?|nr\.?|nrs\.?|nummers?|artikel|art\.?|lid|punt|bijlage|deel|fase|groep|pagina"
    r"|hoofdstuk|en|of|van|tot|de|het|een|circa|ongeveer|ruim|bijna|in|op|met|voor|dan|t/m|km|m|minimaal|maximaal|is"
    r"|zijn|januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|€|\d)$",
    re.IGNORECASE,
)
_SERIES = re.compile(r"(?<=[.?!»”’)\]:;'\"])\s?(\d{1,3}(?:[ ,]{1,2}\d{1,3}){0,6})(?=[\s.,;:»?)]|$)")
_GLUED = re.compile(r"(?<=[a-zà-ÿ»])(\d{1,3})(?=[\s.,;:?»]|$)")
_END_MARK = re.compile(r"(\[(\d{1,3})\]|(?<=[.?!»”’'\" ])(\d{1,3})\))(?=[\s.,;:?]|$)")
_UNITS = re.compile(r"(?:\b[kcdm]?m|CO)$")


@dataclass(frozen=True, slots=True)
class Noted:
    """Lines without their footnotes, with the spans of the marks in them, and the footnotes."""

    lines: tuple[Line, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class _Raw:
    mark: str
    lines: tuple[Line, ...]


def take_pdf_notes(lines: Sequence[Line], words: Vocabulary) -> Noted:
    """Take out the notes of a PDF: the small type at the foot of each page, from its first raised number on."""
    body = _body_size(lines)
    raw: list[_Raw] = []
    kept: list[Line] = []
    for page in _pages(lines):
        start = len(page)
        while start and (not page[start - 1].text or page[start - 1].size < 0.9 * body) and not page[start - 1].cells:
            start -= 1
        while start < len(page) and not _starts_note(page[start], len(raw) + 1):
            start += 1
        kept += page[:start]
        for line in page[start:]:
            if line.text:
                _collect(line, raw)
    notes = _notes(raw, words)
    known = {note.mark for note in notes}
    return Noted(tuple(_certain(line, known) for line in kept), notes)


def take_text_notes(lines: Sequence[Line], words: Vocabulary) -> Noted:
    """Take out the notes of a text: at the foot of each printed page, or numbered "1)" or "[1]" at the end; or those
    that markup tells."""
    if any(line.role == "note" for line in lines):
        return _take_told_notes(lines, words)
    raw: list[_Raw] = []
    pages: list[tuple[list[Line], list[str]]] = []
    for page in _pages(lines):
        start = _printed_start(page, len(raw) + 1)
        found = len(raw)
        for line in page[start:]:
            match = _PRINTED.match(line.text)
            if match and int(match[1]) == len(raw) + 1:
                raw.append(_Raw(match[1], (_after(line, match.end()),)))
            elif line.text.strip() and len(raw) > found:
                raw[-1] = _Raw(raw[-1].mark, (*raw[-1].lines, line))
        pages.append((list(page[:start]), [note.mark for note in raw[found:]]))
    kept = [line for page, marks in pages for line in _marked(page, marks)]
    notes = _notes(raw, words)
    if notes:
        return Noted(tuple(kept), notes)
    return _take_end_notes(kept, words)


def _take_told_notes(lines: Sequence[Line], words: Vocabulary) -> Noted:
    """Take the lines that markup tells are notes; each begins with its mark, and marks in the text are as told."""
    notes = []
    for line in lines:
        if line.role == "note":
            ((start, end), *_) = line.marks
            notes.append(Note(line.text[start:end], join([_after(line, end)], words)))
    return Noted(tuple(line for line in lines if line.role != "note"), tuple(notes))


def _body_size(lines: Sequence[Line]) -> float:
    sizes: dict[float, int] = {}
    for line in lines:
        sizes[line.size] = sizes.get(line.size, 0) + len(line.text)
    return max(sizes, key=lambda size: sizes[size], default=0.0)


def _pages(lines: Sequence[Line]) -> list[list[Line]]:
    pages: list[list[Line]] = []
    for line in lines:
        if not pages or pages[-1][0].page != line.page:
            pages.append([])
        pages[-1].append(line)
    return pages


def _starts_note(line: Line, expected: int) -> bool:
    if line.marks and line.marks[0][0] == 0:
        return True
    match = re.match(r"(\d{1,3})\s", line.text)
    return match is not None and int(match[1]) == expected


def _collect(line: Line, raw: list[_Raw]) -> None:
    """Add a line to the notes; a raised number that is the next one starts a note, also within a line."""
    starts = [span for span in line.marks if line.text[slice(*span)].isdigit()]
    if not starts and (match := re.match(r"(\d{1,3})\s", line.text)) and int(match[1]) == len(raw) + 1:
        starts = [(0, match.end(1))]
    at = 0
    for start, end in starts:
        if start > at and raw:
            raw[-1] = _Raw(raw[-1].mark, (*raw[-1].lines, _part(line, at, start)))
        raw.append(_Raw(line.text[start:end], ()))
        at = end
    if line.text[at:].strip() and raw:
        raw[-1] = _Raw(raw[-1].mark, (*raw[-1].lines, _part(line, at, len(line.text))))


def _part(line: Line, start: int, end: int) -> Line:
    return replace(line, text=line.text[start:end], at=line.at + start, marks=(), cells=(), columns=())


def _after(line: Line, start: int) -> Line:
    return _part(line, start, len(line.text))


def _notes(raw: Iterable[_Raw], words: Vocabulary) -> tuple[Note, ...]:
    """Make notes; in the text each begins with its mark."""
    notes = []
    for note in raw:
        paragraph = join(note.lines, words)
        notes.append(Note(note.mark, paragraph))
    return tuple(note for note in notes if note.paragraph.text)


def _certain(line: Line, known: set[str]) -> Line:
    """Keep the raised numbers that are marks: their note is there, and they are no power ("m3")."""
    marks = tuple(
        (start, end)
        for start, end in line.marks
        if line.text[start:end] in known and not _UNITS.search(line.text[max(0, start - 3) : start])
    )
    return replace(line, marks=marks, cuts=(*line.cuts, *_between(line.text, marks)))


def _between(text: str, marks: Sequence[Span]) -> list[Span]:
    """The commas and spaces between marks side by side, "1, 2", which go with them."""
    return [(a, b) for (_, a), (b, _) in pairwise(marks) if a < b and not text[a:b].strip(" ,;")]


def _printed_start(page: Sequence[Line], expected: int) -> int:
    """Where the notes at the foot of a printed page begin: the next number glued to its text, no heading after."""
    for position in range(len(page) - 1, -1, -1):
        if parse_heading(page[position].text):
            return len(page)
        match = _PRINTED.match(page[position].text)
        if match and int(match[1]) == expected:
            return position
    return len(page)


def _marked(page: list[Line], marks: Sequence[str]) -> list[Line]:
    """Find where on a page its notes are pointed to; a mark that could stand in two places is left in the text."""
    spans: dict[int, list[Span]] = {}
    for mark in marks:
        places = _strong(page, mark, marks) or _weak(page, mark)
        if len(places) == 1:
            position, span = places[0]
            spans.setdefault(position, []).append(span)
    marked = []
    for position, line in enumerate(page):
        found = tuple(sorted(spans.get(position, [])))
        cuts = (*line.cuts, *_between(line.text, found))
        marked.append(replace(line, marks=found, cuts=cuts) if found or line.marks else line)
    return marked


def _strong(page: Sequence[Line], mark: str, known: Sequence[str]) -> list[tuple[int, Span]]:
    places: list[tuple[int, Span]] = []
    for position, line in enumerate(page):
        text = line.text
        above = page[position - 1].text.rstrip() if position else ""
        if text.strip() == mark:
            if above and not _BEFORE_NUMBER.search(above[-20:]):
                places.append((position, (text.index(mark), text.index(mark) + len(mark))))
            continue
        if (
            above
            and re.match(rf"{mark}(?=[ .,;:)»?])(?!{mark}[.,]\d)", text)
            and not _BEFORE_NUMBER.search(above[-20:])
        ):
            if above[-1] in ".?!»”)’" or not text[len(mark)].isspace():
                places.append((position, (0, len(mark))))
            continue
        places += [(position, span) for span in _series(text, mark, known)]
    return places


def _series(text: str, mark: str, known: Sequence[str]) -> list[Span]:
    spans: list[Span] = []
    for match in _SERIES.finditer(text):
        numbers = re.findall(r"\d+", match[1])
        if mark in numbers and all(number in known for number in numbers):
            found = re.search(rf"(?<!\d){mark}(?!\d)", match[1])
            if found:
                spans.append((match.start(1) + found.start(), match.start(1) + found.end()))
    return spans


def _weak(page: Sequence[Line], mark: str) -> list[tuple[int, Span]]:
    return [
        (position, match.span(1))
        for position, line in enumerate(page)
        for match in _GLUED.finditer(line.text)
        if match[1] == mark and not _UNITS.search(line.text[max(0, match.start(1) - 3) : match.start(1)])
    ]


def _take_end_notes(lines: list[Line], words: Vocabulary) -> Noted:
    """Take the lines "1) …" or "[1] …" that close a document out, and the marks of the same form in its text."""
    raw: list[_Raw] = []
    kept: list[Line] = []
    last = max((p for p, line in enumerate(lines) if parse_heading(line.text)), default=0)
    for position, line in enumerate(lines):
        match = _WORD_NOTE.match(line.text)
        blank = (
            position == 0
            or not lines[position - 1].text.strip()
            or bool(raw and _WORD_NOTE.match(lines[position - 1].text))
        )
        mark = (match[1] or match[2]) if match else ""
        if match and position > last and blank and not line.text.rstrip().endswith("?") and int(mark) == len(raw) + 1:
            raw.append(_Raw(mark, (_after(line, match.end()),)))
        else:
            kept.append(line)
    known = {note.mark for note in raw}
    told = [line for line in kept if not _RULE.fullmatch(line.text) or not raw]
    return Noted(tuple(_end_marked(line, known) for line in told), _notes(raw, words))


def _end_marked(line: Line, known: set[str]) -> Line:
    marks = tuple(
        match.span(1)
        for match in _END_MARK.finditer(line.text)
        if (match[2] or match[3]) in known and _closes(line.text, match)
    )
    return replace(line, marks=marks) if marks or line.marks else line


def _closes(text: str, match: re.Match[str]) -> bool:
    """Whether "1)" stands where a mark stands, after a closing mark, and not where a list item begins."""
    if match[2]:
        return True
    before = text[: match.start(1)].rstrip()
    return bool(before) and (before[-1] in ".?!»”’'\")" or not text[match.end(1) :].strip())
