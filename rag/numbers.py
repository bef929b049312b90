"""Text goes in, the numbers in it come out by value: digits, number words, "2 miljoen", percentages, dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.vocabulary import entries
from rag.words import content_tokens

NumberSort = Literal["year", "day", "amount"]

_NAMED = (
    "nul één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien "
    "achttien negentien twintig"
)
_WORDS: dict[str, float] = {word: value for value, word in enumerate(_NAMED.split())}
_WORDS |= {"dertig": 30, "veertig": 40, "vijftig": 50, "zestig": 60, "zeventig": 70, "tachtig": 80, "negentig": 90}
_WORDS |= {"honderd": 100, "duizend": 1000, "anderhalf": 1.5, "anderhalve": 1.5, "beide": 2}
_SCALES = {"duizend": 1e3, "miljoen": 1e6, "mln": 1e6, "miljard": 1e9, "mld": 1e9}
_MONTHS = {month: number for number, month in enumerate(entries("answer.months"), 1)}
_DATE = re.compile(rf"\b(\d{{1,2}})\s+({'|'.join(_MONTHS)})\b", re.IGNORECASE)
_NUMERIC_DATE = re.compile(r"\b(\d{1,2})[-/](\d{1,2})[-/]((?:19|20)\d\d)\b")
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<![\w.,])\d{1,3}(?:[.\u00a0\u202f ]\d{3})+(?:,\d+)?(?![\w])|(?<![\w.,])\d+(?:[.,]\d+)?(?!\w)|\b\d+(?=%)"
)
_WORD = re.compile(rf"\b({'|'.join(sorted(_WORDS, key=len, reverse=True))})\b", re.IGNORECASE)
_SCALE = re.compile(rf"\s*({'|'.join(_SCALES)})\b", re.IGNORECASE)
_NEAR = 45  # characters to either side in which a number finds what it counts


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written, its value, its sort, and the content words near it."""

    text: str
    value: float
    sort: NumberSort
    near: tuple[str, ...]


def numbers_of(text: str) -> tuple[Number, ...]:
    """Return the numbers of `text` in order of their sort and place; a date gives its day with month, and its year.

    A day with its month is the value month × 100 + day (sort "day"), a month alone month × 100.
    """
    found: list[Number] = []
    taken: list[tuple[int, int]] = []
    for date in _NUMERIC_DATE.finditer(text):
        day, month, year = (int(part) for part in date.groups())
        taken.append(date.span())
        found += [_number(text, date, month * 100 + day, "day"), _number(text, date, month * 100, "day")]
        found.append(_number(text, date, year, "year"))
    for date in _DATE.finditer(text):
        month = _MONTHS[date[2].lower()]
        taken.append(date.span())
        found += [_number(text, date, month * 100 + int(date[1]), "day")]
    for month_name in _MONTH.finditer(text):
        found.append(_number(text, month_name, _MONTHS[month_name[1].lower()] * 100, "day"))
    for pattern in (_NUMBER, _WORD):
        for match in pattern.finditer(text):
            if not any(start <= match.start() < end for start, end in taken):
                scale = _SCALE.match(text, match.end())
                value = _value(match[0]) * (_SCALES[scale[1].lower()] if scale else 1)
                taken.append((match.start(), scale.end() if scale else match.end()))
                found.append(_number(text, match, value, "year" if _is_year(match[0]) else "amount"))
    return tuple(found)


def _value(written: str) -> float:
    word = _WORDS.get(written.lower())
    if word is not None:
        return float(word)
    if re.fullmatch(r"\d{1,3}(?:[.\u00a0\u202f ]\d{3})+(?:,\d+)?", written):
        written = re.sub(r"[.\u00a0\u202f ]", "", written)
    return float(written.replace(",", "."))


def _is_year(written: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", written) is not None


def _number(text: str, match: re.Match[str], value: float, sort: NumberSort) -> Number:
    around = f"{text[max(0, match.start() - _NEAR) : match.start()]} {text[match.end() : match.end() + _NEAR]}"
    near = tuple(token for token in content_tokens(around) if token.isalpha())
    return Number(match[0], round(float(value), 6), sort, near)
