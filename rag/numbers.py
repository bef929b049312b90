"""Text goes in, the numbers in it come out by value: digits, number words, "2 miljoen", shares, percentages, dates.

Written otherwise but the same: "twee derde" and "2 op de 3", "20 procent" and "een op de vijf", "6 maart 2023" and
"06-03-2023", "driekwart" and "75%", "een half jaar" and "zes maanden".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from rag.vocabulary import entries
from rag.words import content_tokens

NumberSort = Literal["year", "day", "share", "amount"]

_NAMED = (
    "nul één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien "
    "achttien negentien twintig"
)
_WORDS: dict[str, float] = {word: value for value, word in enumerate(_NAMED.split())}
_TENS = {"dertig": 30, "veertig": 40, "vijftig": 50, "zestig": 60, "zeventig": 70, "tachtig": 80, "negentig": 90}
_WORDS |= {"twintig": 20, **_TENS, "honderd": 100, "duizend": 1000, "anderhalf": 1.5, "anderhalve": 1.5}
_DIGIT_WORDS = ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen")
_WORDS |= {
    f"{unit}{'ën' if unit[-1] == 'e' else 'en'}{ten}": float(value + n)
    for ten, value in {"twintig": 20, **_TENS}.items()
    for n, unit in enumerate(_DIGIT_WORDS, 1)
}
_SCALES = {"duizend": 1e3, "miljoen": 1e6, "mln": 1e6, "miljard": 1e9, "mld": 1e9}
_PARTS = {"halve": 2, "derde": 3, "vierde": 4, "kwart": 4, "vijfde": 5, "zesde": 6, "achtste": 8, "tiende": 10}
_SHARES = {"helft": 0.5, "driekwart": 0.75, "kwart": 0.25, "tweederde": 2 / 3, "eenderde": 1 / 3, "eenvijfde": 0.2}
_MONTHS = {month: number for number, month in enumerate(entries("answer.months"), 1)}
_ANY_MONTH = "|".join(_MONTHS)
_ANY_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_DIGITS = r"\d{1,3}(?:[.\u00a0\u202f ]\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_ONE = rf"(?:{_ANY_WORD}|een|{_DIGITS})"

_DATE = re.compile(rf"\b(\d{{1,2}})\s+({_ANY_MONTH})\b(?:\s+((?:19|20)\d\d)\b)?", re.IGNORECASE)
_NUMERIC_DATE = re.compile(r"\b(\d{1,2})[-/](\d{1,2})[-/]((?:19|20)\d\d)\b")
_ISO_DATE = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b")
_MONTH = re.compile(rf"\b({_ANY_MONTH})\b", re.IGNORECASE)
_PERCENT = re.compile(rf"(?<![\w.,])({_DIGITS}|\b(?:{_ANY_WORD}))\s*(?:%|procent\b)", re.IGNORECASE)
_ONE_IN = re.compile(rf"\b({_ONE})\s+(?:op|van)\s+(?:de|elke|iedere)\s+({_ONE})\b", re.IGNORECASE)
_FRACTION = re.compile(
    rf"\b(een|één|twee|drie|vier)\s+({'|'.join(_PARTS)})(?=\s+(?:van|deel|gedeelte)\b|[.,;)]|\s*$)", re.IGNORECASE
)
_SHARE = re.compile(rf"\b({'|'.join(_SHARES)})\b", re.IGNORECASE)
_HALF_YEAR = re.compile(r"\b(een\s+half|half|anderhalf)[\s-]?jaar\b", re.IGNORECASE)
_AND_A_HALF = re.compile(rf"\b({_ANY_WORD}|\d+)[\s-]?en[\s-]?(?:een[\s-]?)?half(?:ve)?\b", re.IGNORECASE)
_NUMBER = re.compile(rf"(?<![\w.,])(?:{_DIGITS})(?!\w)")
_WORD = re.compile(rf"\b(?:{_ANY_WORD})\b", re.IGNORECASE)
_SCALE = re.compile(rf"\s*({'|'.join(_SCALES)})\b", re.IGNORECASE)
_UNIT = re.compile(r"\s*([^\W\d_]+)")
_NEAR = 45  # characters to either side in which a number finds what it counts


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written, its value, its sort, the content words near it, and where it stands.

    A day with its month is the value month × 100 + day (sort "day") with its `year` where that is written; a month
    alone is month × 100. A share is a part of one (sort "share"). `unit` is the word after an amount.
    """

    text: str
    value: float
    sort: NumberSort
    near: tuple[str, ...]
    unit: str = ""
    year: int | None = None
    start: int = 0
    end: int = 0


def numbers_of(text: str) -> tuple[Number, ...]:
    """Return the numbers of `text`; a date gives its day, its month alone and its year."""
    found: list[Number] = []
    rest = text
    for take in (_dates, _shares, _spoken, _plain):
        numbers = take(text, rest)
        found += numbers
        for number in numbers:
            rest = rest[: number.start] + " " * (number.end - number.start) + rest[number.end :]
    return tuple(found)


def _dates(text: str, rest: str) -> list[Number]:
    found: list[Number] = []
    matches = [(m, int(m[1]), int(m[2]), int(m[3])) for m in _NUMERIC_DATE.finditer(rest)]
    matches += [(m, int(m[3]), int(m[2]), int(m[1])) for m in _ISO_DATE.finditer(rest)]
    whole: list[tuple[re.Match[str], int, int, int | None]] = [*matches]
    whole += [(m, int(m[1]), _MONTHS[m[2].lower()], int(m[3]) if m[3] else None) for m in _DATE.finditer(rest)]
    for match, day, month, year in whole:
        found.append(replace(_number(text, match, month * 100 + day, "day"), year=year))
        found.append(_number(text, match, month * 100, "day"))
        if year is not None:
            found.append(_number(text, match, year, "year"))
    taken = [match.span() for match, *_ in whole]
    for match in _MONTH.finditer(rest):
        if not any(start <= match.start() < end for start, end in taken):
            found.append(_number(text, match, _MONTHS[match[1].lower()] * 100, "day"))
    return found


def _shares(text: str, rest: str) -> list[Number]:
    found = [_number(text, m, _value(m[1]) / 100, "share") for m in _PERCENT.finditer(rest)]
    for match in _ONE_IN.finditer(rest):
        part, whole = _value(match[1]), _value(match[2])
        if 0 < part < whole <= 10:
            found.append(_number(text, match, part / whole, "share"))
    found += [_number(text, m, _value(m[1]) / _PARTS[m[2].lower()], "share") for m in _FRACTION.finditer(rest)]
    taken = [(number.start, number.end) for number in found]
    for match in _SHARE.finditer(rest):
        if not any(start <= match.start() < end for start, end in taken):
            found.append(_number(text, match, _SHARES[match[1].lower()], "share"))
    return found


def _spoken(text: str, rest: str) -> list[Number]:
    found = [_number(text, m, _value(m[1]) + 0.5, "amount") for m in _AND_A_HALF.finditer(rest)]
    taken = [(number.start, number.end) for number in found]
    for match in _HALF_YEAR.finditer(rest):
        if not any(start <= match.start() < end for start, end in taken):
            months = 18.0 if match[1].lower() == "anderhalf" else 6.0
            found.append(replace(_number(text, match, months, "amount"), unit="maanden"))
    return found


def _plain(text: str, rest: str) -> list[Number]:
    found: list[Number] = []
    taken: list[tuple[int, int]] = []
    for pattern in (_NUMBER, _WORD):
        for match in pattern.finditer(rest):
            if any(start <= match.start() < end for start, end in taken):
                continue
            scale = _SCALE.match(rest, match.end())
            value = _value(match[0]) * (_SCALES[scale[1].lower()] if scale else 1)
            end = scale.end() if scale else match.end()
            taken.append((match.start(), end))
            number = _number(text, match, value, "year" if _is_year(match[0]) and not scale else "amount")
            after = _UNIT.match(rest, end)
            found.append(replace(number, end=end, unit=after[1].lower() if after else ""))
    return found


def _value(written: str) -> float:
    if written.lower() == "een":
        return 1.0
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
    return Number(match[0], round(float(value), 6), sort, near, start=match.start(), end=match.end())
