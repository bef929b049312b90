"""Takes the lines of a printed document and takes out what belongs to the page: running heads, feet, margins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.read.source import Line

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


def without_furniture(lines: Sequence[Line]) -> Pages:
    """Take the feet and the shared head out. In a text without pages each foot ends one."""
    kept: list[Line] = []
    identifiers: list[str] = []
    removed: list[str] = []
    page = 1
    open_page = True
    for line in lines:
        blank = not line.text.strip()
        identifier = IDENTIFIER.fullmatch(line.text) if not blank and len(line.text) < 80 else None
        foot = not blank and is_foot(line.text)
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
