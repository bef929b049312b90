"""A question goes in, out come its words with their places, and the periods that some of them name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from index.dutch import tokenise


def word_set(text: str) -> frozenset[str]:
    """Return the words of `text`, which blanks part."""
    return frozenset(text.split())


_WORD = re.compile(r"[^\W_]+")
_MONTHS = (
    "januari jan january",
    "februari feb february",
    "maart mrt march mar",
    "april apr",
    "mei may",
    "juni jun june",
    "juli jul july",
    "augustus aug august",
    "september sep sept",
    "oktober okt october oct",
    "november nov",
    "december dec",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_NOTHING = word_set("het jaar the year de maand month")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question, folded; `capital` says how it was written, `joined` whether a hyphen stands before it."""

    folded: str
    start: int
    end: int
    capital: bool
    joined: bool


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, named by the words up to place `end`."""

    first: date
    last: date
    end: int


def words_of(question: str) -> tuple[Word, ...]:
    """Return the words and numbers of a question in order."""
    return tuple(
        Word(
            "".join(tokenise(match[0])) or match[0].lower(),
            match.start(),
            match.end(),
            match[0][0].isupper(),
            question[match.start() - 1 : match.start()] == "-",
        )
        for match in _WORD.finditer(question)
    )


def period_at(words: Sequence[Word], place: int) -> Period | None:
    """Read "2023", "maart 2024", "6 maart 2023", "6-3-2023" or "2023-03-06" at `place`; None for anything else."""
    while place < len(words) and words[place].folded in _NOTHING:
        place += 1
    texts = [word.folded for word in words[place : place + 3]]
    for size, reader in ((3, _day), (2, _month), (1, _year)):
        found = reader(texts[:size]) if len(texts) >= size else None
        if found:
            return Period(*found, place + size)
    return None


def _day(texts: Sequence[str]) -> tuple[date, date] | None:
    one, month, other = texts
    number = _MONTH.get(month) or (int(month) if month.isdigit() else 0)
    year, day = (one, other) if _YEAR.fullmatch(one) else (other, one)
    if not (_YEAR.fullmatch(year) and day.isdigit()):
        return None
    try:
        found = date(int(year), number, int(day))
    except ValueError:
        return None
    return found, found


def _month(texts: Sequence[str]) -> tuple[date, date] | None:
    name, year = texts
    if name not in _MONTH or not _YEAR.fullmatch(year):
        return None
    first = date(int(year), _MONTH[name], 1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _year(texts: Sequence[str]) -> tuple[date, date] | None:
    if not _YEAR.fullmatch(texts[0]):
        return None
    return date(int(texts[0]), 1, 1), date(int(texts[0]), 12, 31)
