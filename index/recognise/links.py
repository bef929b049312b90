"""Takes text and gives the references in it to other official documents, with their identifier and address."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from index.values import Link

OFFICIAL_PAGE = "https://zoek.officielebekendmakingen.nl/{document}.html"

_DOSSIER = r"(?<![\d.,-])(?P<dossier>\d{2}\s?\d{3})(?:(?:-|\s)(?P<part>[IVX]{1,5}|\d{2}|[A-F])(?![\w]))?"
# "28 638, nr. 213", "36 600 XII, nr. 42", "21 501-02, nr. 2498", "28 638 en 34 193, nr. 207", "29 665, nrs. 427 en 433"
_KAMERSTUK = re.compile(
    rf"{_DOSSIER}(?:\s?,?\s(?:en|/)\s\d{{2}}\s?\d{{3}})?,?\s?(?:,\s?)?"
    r"(?:(?P<many>nrs\.?|nummers)\s?(?P<numbers>\d{1,5}(?:(?:,\s?|,?\sen\s)\d{1,5}(?!\s?\d)){0,40})"
    r"|(?:nr\.?|nummer)\s?(?P<number>\d{1,5}))(?!\d)"
)
# "Kamerstuk 36200-XII-60"
_HYPHENED = re.compile(
    r"Kamerstuk(?:ken|nummer)?:?\s(?P<dossier>\d{2}\s?\d{3})-(?:(?P<part>[IVX]{1,5})-)?(?P<number>\d{1,5})\b(?!,?\s?nr)"
)
_AANHANGSEL = re.compile(
    r"(?:Aanhangsel(?:\s(?:van\sde|der))?\s?Handelingen|Handelingen)(?:\s(?:II|TK))?,?\s?(?:\(?vergaderjaar\s?)?"
    r"(?P<from>(?:19|20)\d{2})\s?[–/-]\s?(?P<to>(?:\d{2})?\d{2})\)?,?\s?(?:Aanhangsel,?\s)?nr\.?\s?(?P<number>\d{1,5})(?!\d)"
)
_CASE = re.compile(r"\b(?:19|20)\d{2}Z\d{5}\b")
_ASKED = re.compile(r"vra(?:ag|gen)", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:kst|blg|ah-tk|kv-tk|h-tk|ah|kv)-\d[\dA-Z]*(?:-[\dA-Z]+){0,4}\b")
_NEAR = 120


def find_links(text: str, own: Sequence[str] = ()) -> tuple[Link, ...]:
    """Return the references in reading order; none to a document or case in `own`, none overlapping another."""
    found: list[Link] = []
    for link in sorted((*_kamerstukken(text), *_others(text)), key=lambda link: (link.start, -link.end)):
        itself = any(name and link.document.endswith(name) for name in own)
        if not itself and (not found or link.start >= found[-1].end):
            found.append(link)
    return tuple(found)


def links_within(links: Sequence[Link], start: int, end: int) -> tuple[Link, ...]:
    """Return those of `links`, which are in reading order, that stand wholly in a span."""
    first = bisect_left(links, start, key=lambda link: link.start)
    last = bisect_left(links, end, key=lambda link: link.start)
    return tuple(link for link in links[first:last] if link.end <= end)


def _kamerstukken(text: str) -> Iterator[Link]:
    for match in (*_KAMERSTUK.finditer(text), *_HYPHENED.finditer(text)):
        dossier = re.sub(r"\s", "", match["dossier"])
        name = f"kst-{dossier}-{match['part']}" if match["part"] else f"kst-{dossier}"
        if match["number"]:
            yield _link(text, f"{name}-{match['number']}", *match.span())
            continue
        at = match.start("numbers")
        for position, number in enumerate(re.finditer(r"\d+", match["numbers"])):
            start = match.start() if position == 0 else at + number.start()
            yield _link(text, f"{name}-{number[0]}", start, at + number.end())


def _others(text: str) -> Iterator[Link]:
    for match in _AANHANGSEL.finditer(text):
        if "Aanhangsel" in match[0]:
            until = match["to"] if len(match["to"]) == 4 else match["from"][:2] + match["to"]
            yield _link(text, f"ah-tk-{match['from']}{until}-{match['number']}", *match.span())
    for match in _CASE.finditer(text):  # other cases than questions have such numbers too
        if _ASKED.search(text[max(0, match.start() - _NEAR) : match.start()]):
            yield _link(text, f"kv-tk-{match[0]}", *match.span())
    for match in _NAMED.finditer(text):
        yield _link(text, match[0], *match.span())


def _link(text: str, document: str, start: int, end: int) -> Link:
    return Link(text[start:end], document, OFFICIAL_PAGE.format(document=document), start, end)
