"""Takes an answer and gives the questions of the same document that it refers to, in any of the usual wordings."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.recognise.numbers import NUMBERS, parse_numbers

# What follows a number that counts something, or is a date.
_NO_NUMBER = (
    "keer|maal|jaar|maand|we[e]?k|dag|uur|euro|januari|februari|maart|april|mei|juni|juli|augustus|september|oktober"
    "|november|december"
)
# "antwoord op vraag 3", "bij vragen 1 en 5", "opvraag 3" (a lost space), "zie vraag 4"; or "antwoord 3"
_NAMED = re.compile(
    rf"(?:\b(?P<glued>op|bij|van|in)?vra(?:ag|gen)\s{{0,3}}(?:nummers?\s)?(?P<question>{NUMBERS})"
    rf"|\b(?:be)?antwoord(?:en|ing)?\s{{1,3}}(?:op\s)?(?P<answer>{NUMBERS}))(?![\d.,]?\d|\s(?:{_NO_NUMBER}))",
    re.IGNORECASE,
)
_PREVIOUS = re.compile(
    r"antwoord(?:en)?\s(?:op\s)?(?:de\s)?(?:vorige|voorgaande|voorafgaande)\svraag"
    r"|\bzie\s(?:ook\s|mijn\s)?(?:hierboven|bovenstaand(?:e)?\santwoord(?:en)?|(?:het\s)?vorige\santwoord)",
    re.IGNORECASE,
)
# Words before a number that make it a reference: an answer may well say "de vraag 2 jaar geleden".
_CUE = re.compile(
    r"antwoord|beantwoord|verwijs|verwezen|\bzie\b|zoals|conform|samenhang|reactie|toelichting|genoemd|aangegeven"
    r"|vermeld|toegelicht|beschreven|uiteengezet|gesteld|\b(?:op|bij|onder|in)(?:\sde)?\s*$|\ben\s*$|\($",
    re.IGNORECASE,
)
# What shows that the number is one of another document: it follows in the same sentence.
_ELSEWHERE_AFTER = re.compile(
    r"^\W{0,3}(?:van|uit|in|bij|over|d\.d\.)\s.{0,160}?(?:Kamerstuk|Aanhangsel|Handelingen|vergaderjaar|\beerder|\blid\b"
    r"|\bleden\b|\bbrief|Kamervragen|\bset\b|\bverslag|\brapport|\b\d{4}Z\d{4,6}|schriftelijke\svragen)",
    re.IGNORECASE | re.DOTALL,
)
_ELSEWHERE_BRACKET = re.compile(
    r"^[^.?!]{0,60}\((?:[^()]{0,80})(?:Kamerstuk|Aanhangsel|Handelingen|vergaderjaar|\d{4}Z\d{4,6})", re.IGNORECASE
)
_ELSEWHERE_BEFORE = re.compile(
    r"(?:eerdere|vorige|andere)\s(?:set\s)?(?:schriftelijke\s)?(?:Kamer)?vragen[^.?!]{0,80}$"
    r"|\b(?:eerdere|andere)\s$|(?:Kamerstuk|Aanhangsel|Handelingen)[^.?!)]{0,60}$",
    re.IGNORECASE,
)
_WINDOW = 200


def find_references(text: str, own: Iterable[int], known: Iterable[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the numbers referred to that exist, in order of mention, and those that the document lacks.

    `own` are the numbers the answer itself belongs to; `known` are all the numbers of the document.
    """
    mine, there = set(own), set(known)
    found: list[int] = []
    for match in _NAMED.finditer(text):
        before = text[max(0, match.start() - _WINDOW) : match.start()]
        after = text[match.end() : match.end() + _WINDOW]
        if match["question"] and not match["glued"] and not _CUE.search(before[-60:]):
            continue
        if _is_elsewhere(before, after):
            continue
        found += parse_numbers(match["question"] or match["answer"])
    if mine and _PREVIOUS.search(text):
        earlier = [number for number in there if number < min(mine)]
        found += [max(earlier)] if earlier else []
    found = [number for number in dict.fromkeys(found) if number not in mine]
    return tuple(n for n in found if n in there), tuple(n for n in found if n not in there)


def _is_elsewhere(before: str, after: str) -> bool:
    return bool(
        _ELSEWHERE_AFTER.match(after) or _ELSEWHERE_BRACKET.match(after) or _ELSEWHERE_BEFORE.search(before[-120:])
    )
