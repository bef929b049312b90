"""A sentence and the sort of answer asked for go in, out comes whether the sentence holds something of that sort.

"Wanneer" wants a date, a year or "voor de zomer"; "hoeveel" a number that is no reference; "waarom" a reason; "wie is
de …" a name. What the question says itself ("in 2023", "in Utrecht") is no answer to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from index.capitals import is_common
from index.dutch import tokenise
from rag.need import Sort
from rag.vocabulary import entries, pattern

_IN_BRACKETS = re.compile(
    r"\([^()]*\b(?:Kamerstuk|Aanhangsel|Handelingen|nr\.|bijlage|TK|Stb|Stcrt)[^()]*\)", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")
_ITEM = re.compile(r"^\s*(?:\d{1,2}|[a-z])[.)]\s")
_NOTE = re.compile(r"(?<=[^\W\d_][.,;:])\d{1,2}(?!\S)|(?<=[^\W\d_]{3})\d{1,2}(?!\w)|(?<=\d{4}\.)\d{1,2}(?!\S)")
_CAPITAL = re.compile(r"(?<=[^\s.!?:] )[«‘'\"(]?([A-Z][\w&’-]+(?: (?:(?:van|de|der|den|ter|ten) )*[A-Z][\w&’-]+)*)")
_TITLED = re.compile(
    r"\b(?:[Dd]e heer|[Mm]evrouw|[DdMm]rs?\.|[Ii]r\.|[Pp]rof\.|[Mm]inister|[Ss]taatssecretaris|[Ww]ethouder|[Ll]id) "
    r"([A-Z][\w’-]+)"
)
_LISTS: dict[str, tuple[str, ...]] = {
    "amount": ("money", "share", "size"),
    "time": ("time", "weekday", "date"),
    "day": ("day_of_month", "weekday", "date"),
    "name": (),
    "official": (),
    "town": (),
    "firm": (),
}
_NAMED = frozenset(("name", "official", "town", "firm", "person", "place"))
_WHICH = frozenset(("welk", "welke", "which"))
_SHORTEST_NAME = 2  # words of a person's name
_MAY_BE_UNKNOWN: frozenset[Sort] = frozenset({"number", "share", "money", "amount", "time"})
_ANYTHING: tuple[Sort, ...] = ("yes_no", "open")


def holds_sort(text: str, sort: Sort, said: frozenset[str] = frozenset()) -> bool:
    """Whether `text` holds an answer of `sort` that is more than the words of the question, `said`; that a number, a
    date or a name is not known is an answer too."""
    if sort in _ANYTHING:
        return True
    if sort in _MAY_BE_UNKNOWN and says_unknown(text):
        return True
    finer = _finer(sort, said)
    named, values = _values(text, finer)
    if finer == "official":  # "voor Jemen Hans Grundberg": what the question says itself is no part of the name
        return any(not value <= said for value in values) or any(len(name - said) > 1 for name in named)
    return any(not value <= said for value in values) or any(name.isdisjoint(said) for name in named)


def _finer(sort: Sort, said: frozenset[str]) -> str:
    """Return what a name must be a name of, where the words of the question, `said`, tell: a country, a person."""
    if sort != "name":
        return sort
    if not said.isdisjoint(_words(" ".join(entries("question.country")))):
        return "country"
    if any(map(pattern("question.official").fullmatch, said)):
        return "official"
    is_which = not said.isdisjoint(_WHICH)  # "hoe heet de regeling van de gemeente" asks for no town
    return "town" if is_which and any(map(pattern("question.places").fullmatch, said)) else sort


@lru_cache(maxsize=50_000)
def proper_names(text: str) -> tuple[frozenset[str], ...]:
    """Return the words of each name in `text` that no common word is part of."""
    names = (_words(name) for name in _CAPITAL.findall(_bare(text)))
    return tuple(name for name in names if not any(map(is_common, name)))


@lru_cache(maxsize=50_000)
def says_unknown(text: str) -> bool:
    """Whether `text` says that something is not known: "Hierover zijn geen cijfers bekend."."""
    return pattern("answer.unsaid").search(_bare(text)) is not None


@lru_cache(maxsize=50_000)
def _values(text: str, sort: str) -> tuple[tuple[frozenset[str], ...], tuple[frozenset[str], ...]]:
    """Return the names and the other answers of `sort` in `text`, each as its words."""
    bare = _bare(text)
    if sort == "number":
        bare = pattern("answer.unit").sub(" ", pattern("answer.day").sub(" ", bare))  # a date counts nothing
    found = [match[0] for name in _LISTS.get(sort, (sort,)) for match in pattern(f"answer.{name}").finditer(bare)]
    names = _CAPITAL.findall(bare) if sort in _NAMED else []
    if sort in ("name", "official", "town"):
        names = [name for name in names if not name.isupper()]
    if sort in _PROPER:
        names = list(filter(_PROPER[sort], names))
    if sort == "official":
        found += _TITLED.findall(bare)
    if sort == "meaning" and ": " in bare:
        found.append(":")
    names = [name for name in names if not pattern("answer.no_name").fullmatch(name)]
    return tuple(map(_words, names)), tuple(map(_words, found))


def _is_person(name: str) -> bool:
    """Whether a name may be a person's: "Hans Grundberg", not "Regio Achterhoek"."""
    words = tokenise(pattern("answer.country").sub("", name))
    return len(words) >= _SHORTEST_NAME and not is_common(words[0])


def _is_town(name: str) -> bool:
    """Whether a name may be that of a town or a region: "Zuid-Limburg", not "Friese" or "Kwaliteitskader"."""
    return not all(map(is_common, tokenise(name))) and not _is_of_country(name) and not name.endswith("se")


def _is_firm(name: str) -> bool:
    """Whether a name may be that of a firm: not of common words alone, no country and no body of the state."""
    proper = [token for token in tokenise(name) if name.isupper() or not is_common(token)]
    return bool(proper) and not _is_of_country(name) and not all(map(pattern("answer.no_firm").fullmatch, proper))


def _is_of_country(name: str) -> bool:
    return pattern("answer.country").search(name) is not None


_PROPER: dict[str, Callable[[str], bool]] = {"official": _is_person, "town": _is_town, "firm": _is_firm}


@lru_cache(maxsize=50_000)
def _bare(text: str) -> str:
    """Return `text` without the numbers of items, notes and papers."""
    if not _DIGIT.search(text):
        return text  # most sentences have none, and it is asked of every one that was found
    return pattern("answer.cited").sub(" ", _IN_BRACKETS.sub(" ", _NOTE.sub("", _ITEM.sub("", text))))


def _words(value: str) -> frozenset[str]:
    return frozenset(tokenise(value)) or frozenset((value,))
