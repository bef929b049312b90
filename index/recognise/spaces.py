"""Takes a paragraph whose extractor lost spaces at line ends and restores those that are certain, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.recognise.draft import MADE, Fragment, Paragraph

_SMALL = (
    "aan|als|bij|dat|de|deze|die|dit|door|een|en|het|hun|ik|in|is|maar|met|naar|niet|of|om|onder|ook|op|over|te|tot"
    "|uit|uw|van|voor|wat|zijn"
)
_MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
# Each pattern ends where a space is certain to be missing.
_SEAMS = tuple(
    re.compile(pattern)
    for pattern in (
        r"[a-zà-ÿ]{2}[.?!](?=[A-Z][a-zà-ÿ]+\b)(?![A-Z][a-z]+\.[a-z])",  # "gezet.Het"
        r"[a-zà-ÿ\d)»][,;](?=[A-Za-zà-ÿ«]{2})",  # "jaar,die"
        r"[»?!](?=[A-Za-zà-ÿ«]{2})",  # "»is"
        r"[a-zà-ÿ,»](?=\((?:ingezonden|ontvangen))",  # "economie(ingezonden"
        rf"(?:{_MONTHS})(?=\d{{4}}\b)",  # "november2024"
        rf"\b(?:{_SMALL})(?=[A-Z][a-zà-ÿ]{{2,}})",  # "deMobiliteitsalliantie"
    )
)
_TOKEN = re.compile(r"\S+")
_ADDRESS = re.compile(r"https?:|www\.|\.(?:nl|com|org|eu|html|pdf)\b|@|\w/\w")


def restore_spaces(paragraph: Paragraph) -> Paragraph:
    """Return the paragraph with a space put in at each certain seam; the words themselves are untouched."""
    text = paragraph.text
    seams = sorted(set(_seams(text)))
    if not seams:
        return paragraph
    fragments: list[Fragment] = []
    at = 0
    for fragment in paragraph.fragments:
        cuts = [seam - at for seam in seams if at < seam < at + len(fragment.text)]
        if at in seams and fragments:
            fragments.append(Fragment(" ", MADE))
        start = 0
        for cut in [*cuts, len(fragment.text)]:
            place = fragment.at + start if fragment.at >= 0 else MADE
            fragments.append(Fragment(fragment.text[start:cut], place))
            if cut < len(fragment.text):
                fragments.append(Fragment(" ", MADE))
            start = cut
        at += len(fragment.text)
    moved = tuple((offset + sum(seam <= offset for seam in seams), mark) for offset, mark in paragraph.marks)
    return Paragraph(tuple(fragments), moved)


def _seams(text: str) -> Iterator[int]:
    for token in _TOKEN.finditer(text):
        word = token[0]
        if _ADDRESS.search(word):
            continue
        for pattern in _SEAMS:
            for match in pattern.finditer(word):
                if match.end() < len(word):
                    yield token.start() + match.end()
