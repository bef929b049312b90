"""Takes a paragraph whose extractor ran lines together and restores the spaces that are certain to be lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.recognise.draft import MADE, Fragment, Paragraph
from index.recognise.join import Vocabulary
from index.recognise.seams import is_known, lost_hyphen, lost_space

_SMALL = (
    "aan|als|bij|dat|de|deze|die|dit|door|een|en|het|hun|ik|in|is|maar|met|naar|niet|of|om|onder|ook|op|over|te|tot"
    "|uit|uw|van|voor|wat|zijn"
)
_MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
# Each pattern ends where a space is certain to be missing.
_SEAMS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:[a-zà-ÿ]{2}|[)»])[.?!](?=[A-Z][a-zà-ÿ]+\b)(?![A-Z][a-z]+\.[a-z])",  # "gezet.Het"
        r"[a-zà-ÿ\d)»][,;](?=[A-Za-zà-ÿ«]{2})",  # "jaar,die"
        r"[»?!](?=[A-Za-zà-ÿ«]{2})",  # "»is"
        r"[a-zà-ÿ,»](?=\((?:ingezonden|ontvangen))",  # "economie(ingezonden"
        rf"(?:{_MONTHS})(?=\d{{4}}\b)",  # "november2024"
        rf"\b(?:{_SMALL})(?=[A-Z][a-zà-ÿ]{{2,}})",  # "deMobiliteitsalliantie"
    )
)
_TOKEN = re.compile(r"\S+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
# Where a known word is followed by a name, an abbreviation or a year: "groepenNederlanders", "doorUNHCR", "eind2024".
_CAMEL = re.compile(r"(?<![^\W\d_])([a-zà-ÿ]{2,})(?=[A-Z][a-zà-ÿ]{2,}|[A-Z]{2,}|(?:19|20)\d\d(?!\d))")
_ADDRESS = re.compile(r"https?:|www\.|\.(?:nl|com|org|eu|html|pdf)\b|@|\w/\w")

Edit = tuple[int, int, str]  # the span of a text and what is to stand there


def restore_spaces(paragraph: Paragraph, words: Vocabulary | None = None) -> Paragraph:
    """Return the paragraph with a space at each certain seam; with `words` also those between small words.

    No letter or digit is changed; a hyphen of a line's end in the middle of a word is taken out.
    """
    edits = sorted(set(_edits(paragraph.text, words)))
    if not edits:
        return paragraph
    fragments: list[Fragment] = []
    at = 0
    for fragment in paragraph.fragments:
        end = at + len(fragment.text)
        start = at
        for first, last, text in edits:
            if at <= first and last <= end and first < end and (first > at or fragments):
                fragments += _piece(fragment, start - at, first - at)
                fragments += [Fragment(text, MADE)] if text else []
                start = last
        fragments += _piece(fragment, start - at, end - at)
        at = end
    return Paragraph(tuple(fragments), tuple((_moved(offset, edits), mark) for offset, mark in paragraph.marks))


def _piece(fragment: Fragment, start: int, end: int) -> list[Fragment]:
    if start >= end:
        return []
    return [Fragment(fragment.text[start:end], fragment.at + start if fragment.at >= 0 else MADE)]


def _moved(offset: int, edits: list[Edit]) -> int:
    return offset + sum(len(text) - (last - first) for first, last, text in edits if last <= offset)


def _edits(text: str, words: Vocabulary | None) -> Iterator[Edit]:
    for token in _TOKEN.finditer(text):
        word = token[0]
        if len(word) > 400 or _ADDRESS.search(word):
            continue
        plain = word.isalpha() and word.islower()  # most words: no seam but between two small words
        for pattern in () if plain else _SEAMS:
            for match in pattern.finditer(word):
                if match.end() < len(word):
                    yield token.start() + match.end(), token.start() + match.end(), " "
        if words is not None:
            for match in () if plain else _CAMEL.finditer(word):
                if is_known(match[1]):
                    yield token.start() + match.end(), token.start() + match.end(), " "
            yield from _word_edits(word, token.start(), words)


def _word_edits(token: str, at: int, words: Vocabulary) -> Iterator[Edit]:
    for match in _WORD.finditer(token):
        start = at + match.start()
        hyphen = lost_hyphen(match[0], words)
        if hyphen:
            yield start + hyphen[0], start + hyphen[1], ""
            continue
        place = lost_space(match[0], words)
        before, after = token[: match.start()][-1:], token[match.end() :][:1]
        if place is not None and before not in ("-", "(", ")") and after not in ("-", "(", ")", "’", "'"):
            yield start + place, start + place, " "
