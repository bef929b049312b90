"""Takes the lines of a printed document and takes out what belongs to the page: running heads, feet, margins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.read.source import Line
from index.recognise.numbers import parse_heading

OFFICIAL = r"(?:ah|kv)-(?:tk-)?(?:\d{8}-\d{1,5}|\d{4}Z\d{4,6}|\d{7,10})(?:-[hn]\d{1,2})?"
SAMPLE = r"voorbeeld-[a-z]+-[\w-]+"
LETTER = r"(?:kst|blg)-\d{4,6}(?:-[\w()]+)?-[\w]+(?:-[hn]\d{1,2})?"
IDENTIFIER = re.compile(rf"\s*({OFFICIAL}|{SAMPLE}|{LETTER})\s*", re.IGNORECASE)
_FOOT = re.compile(
    r"\s*(?:ISSN\s?\d{4}\s?-\s?\d{4}\s{0,3})?(?:(?:[’'‘]s-Gravenhage|Den Haag|[A-Z]\w+)\s?\d{4}\s{0,3})?"
    r"(?:(?:Tweede\s?Kamer|Eerste\s?Kamer|Gemeenteraad)[^,]{0,40},\s{0,3}vergaderjaar\s?\d{4}\s?[–-]\s?\d{4},"
    r"\s{0,3}[\w ,.()XVI-]{0,60})?\s*"
)
_PAGE_NUMBER = re.compile(r"\s*P\s?agina\s+\d{1,4}\s+van\s+\d{1,4}\s*|\s*Pagina\s*\d{0,4}\s*", re.IGNORECASE)
_HEAD = re.compile(
    r"\s*(?:Tweede\s?Kamer\s?der\s?Staten-Generaal\s?\d?|Gemeenteraad van [\w\s-]{2,40}"
    r"|Vergaderjaar\s?\d{4}\s?[–-]\s?\d{4}(?:\s+.{0,60})?"
    r"|Vragen gesteld door de leden (?:der Kamer|van de raad).{0,40}|(?:regering |college )?gegeven antwoorden)\s*"
)
_DIGITS = re.compile(r"[0-9]{1,9}")
_FEWEST_PAGES, _EDGE, _LONGEST_FOOT = 3, 2, 150  # pages that show it; lines above and below; characters


@dataclass(frozen=True, slots=True)
class Pages:
    """The lines that are text, each with the page it stands on, the identifiers met and what was taken out."""

    lines: tuple[Line, ...]
    identifiers: tuple[str, ...]
    removed: tuple[str, ...]


def is_foot(text: str) -> bool:
    """Whether a line is a running foot, "ISSN 0921 - 7398" or "Tweede Kamer, vergaderjaar …, Aanhangsel 1"."""
    if len(text) > 200 or not text.strip():
        return False
    if _PAGE_NUMBER.fullmatch(text):
        return True
    match = _FOOT.fullmatch(text)
    return match is not None and ("vergaderjaar" in text or "ISSN" in text or "Gravenhage" in text)


def is_head(text: str) -> bool:
    """Whether a line belongs to the printed head that all documents of a series share."""
    return len(text) < 200 and _HEAD.fullmatch(text) is not None


def running_lines(lines: Sequence[Line]) -> set[int]:
    """Return which lines of a PDF are running heads and feet of its own: the same words in the same type first or last
    on most pages, whose numbers stay as they are or count the pages."""
    pages: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        if line.size and line.text.strip() and not line.cells:
            pages.setdefault(line.page, []).append(number)
    if len(pages) < _FEWEST_PAGES:
        return set()
    forms: dict[tuple[str, float], list[int]] = {}
    for filled in pages.values():
        for line, number in ((lines[n], n) for n in (*filled[:_EDGE], *filled[_EDGE:][-_EDGE:])):
            if len(line.text) <= _LONGEST_FOOT and parse_heading(line.text) is None:
                form = (_DIGITS.sub("0", line.text.strip()), line.size)
                forms.setdefault(form, []).append(number)
    found = (numbers for numbers in forms.values() if len(numbers) >= max(_FEWEST_PAGES, 0.6 * len(pages)))
    running = {number for numbers in found if _counts([lines[number] for number in numbers]) for number in numbers}
    return running if len(running) < sum(map(len, pages.values())) else set()  # what is all there is, is the text


def _counts(lines: Sequence[Line]) -> bool:
    """Whether each number in lines that are otherwise the same stays the same, or goes up with the pages."""
    columns = zip(*(map(int, _DIGITS.findall(line.text)[:9]) for line in lines), strict=True)
    pages = [line.page for line in lines]
    return all(
        len(set(column)) == 1 or len({n - page for n, page in zip(column, pages, strict=True)}) == 1
        for column in columns
    )


def without_furniture(lines: Sequence[Line]) -> Pages:
    """Take the feet and the shared head out. In a text without pages each foot ends one."""
    kept: list[Line] = []
    identifiers: list[str] = []
    removed: list[str] = []
    page = 1
    open_page = True
    running = running_lines(lines)
    for number, line in enumerate(lines):
        blank = not line.text.strip()
        identifier = IDENTIFIER.fullmatch(line.text) if not blank and len(line.text) < 80 else None
        foot = number in running or (not blank and is_foot(line.text))
        if identifier or foot:
            while kept and not kept[-1].text.strip():
                kept.pop()
            removed.append(line.text.strip())
            if identifier:
                identifiers.append(identifier[1])
            elif foot and open_page and "vergaderjaar" in line.text:
                page, open_page = page + 1, False
            continue
        if blank and not (open_page and kept and kept[-1].text.strip()):
            continue  # one white line parts as well as many
        open_page = True
        kept.append(replace(line, page=page) if line.page < page else line)
    return Pages(tuple(kept), tuple(identifiers), tuple(removed))
