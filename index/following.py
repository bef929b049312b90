"""Hits go in, hits come out as a person wants them: answers for questions, the same once, the newest first.

Knows hits and how alike their words are; what else a store holds of a case or a document it is told.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from itertools import islice, zip_longest

import numpy as np

from index.dutch import NUMBER, STEM, WORD, code, coded_terms
from index.profiles import Codes, beside, is_reference
from index.rarity import known_stems, rarity
from index.values import Document, Hit, Passage

Answers = Callable[[Passage, Document], Iterable[tuple[Passage, Document]]]

_MENTION = 0.95  # what an answer that was only referred to scores, of the score of the hit that referred to it
_TIME = re.compile(
    r"\b(?:(?:19|20)\d\d|destijds|toen(?:malige)?|toentertijd|vroeger|eerder|eerst|oorspronkelijk|vorige?|afgelopen|"
    r"geleden|previous(?:ly)?|earlier|formerly|originally|last|ago)\b",
    re.IGNORECASE,
)
_DUPLICATE = 0.9  # how alike two texts are that say the same, their numbers being equal
_SAME_MATTER = 0.4  # how alike two answers are that are on the same matter
_FEW_WORDS = 8  # as few words as in "Ja, zie vraag 2" are the same in answers to different questions
COMPARED = 12  # hits; what stands lower is left as it is
_NEARLY = 0.2  # how far a newer position may score below the older one that it goes above
_NUMBER_WORTH = 6.0
_NEARLY_ONE = 1 - 1e-9  # for what rounding may do
_KEPT_TEXTS = 1_000


def names_a_time(question: str) -> bool:
    """Whether a question asks about a time, so that the newest position need not be the one asked for."""
    return bool(_TIME.search(question))


def with_answers(hits: Iterable[Hit], answers: Answers, referred: Answers) -> list[Hit]:
    """Put answers in the place of questions that were answered elsewhere, and behind answers that only name them.

    `answers` gives the answers to the questions in a passage that has none itself, `referred` those that an answer
    names. Each passage comes once, where it first comes.
    """
    found: dict[str, Hit] = {}
    for hit in hits:
        given = list(answers(hit.passage, hit.document)) if hit.document.kind == "questions" else []
        for one in [_led(hit, pair, 1.0) for pair in given] or [hit]:
            found.setdefault(one.passage.passage, one)
        if is_reference(hit.passage):
            for pair in referred(hit.passage, hit.document):
                found.setdefault(pair[0].passage, _led(hit, pair, _MENTION))
    return sorted(found.values(), key=lambda hit: -hit.score)


def folded(hits: Sequence[Hit], *, newest_first: bool, bodies: Iterable[Codes] = ()) -> list[Hit]:
    """Return `hits` with those of other documents that say the same left out, the newest one kept.

    `bodies` are the codes of what the first hits say, where they are known.
    With `newest_first` an older answer on the same matter goes below a newer one that scores nearly as well.
    """
    kept: list[tuple[Hit, _Words]] = []
    for hit, body in zip_longest(hits[:COMPARED], islice(bodies, COMPARED)):
        words, place = _Words(hit.passage, body), len(kept)
        for at, (other, theirs) in enumerate(kept):
            if other.document.document == hit.document.document:
                continue
            if words.says_the_same(theirs):
                newer = newest_first and _day(hit) > _day(other)
                first, second = (hit, other) if newer else (other, hit)
                same = (*other.same, second.passage.passage)
                kept[at] = (replace(_as_high(first, other.score), same=same), words if newer else theirs)
                break
            if (
                place == len(kept)
                and newest_first
                and _supersedes(hit, other)
                and words.answer.is_alike(theirs.answer, _SAME_MATTER)
            ):
                place = at
        else:
            score = kept[place][0].score if place < len(kept) else hit.score
            kept.insert(place, (_as_high(hit, score), words))
    return [*(hit for hit, _ in kept), *hits[COMPARED:]]


@dataclass(frozen=True, slots=True)
class _Text:
    """What two texts are compared by: the codes of their stems and numbers, and what all of these are worth."""

    terms: frozenset[int]
    numbers: frozenset[int]
    worth: float

    @staticmethod
    @lru_cache(maxsize=_KEPT_TEXTS)
    def of(text: str) -> _Text:
        return _Text.of_codes(np.frombuffer(coded_terms(text), dtype="<u4"))

    @staticmethod
    def of_codes(codes: Codes) -> _Text:
        terms = frozenset(codes[codes & 3 != WORD].tolist())
        return _Text(terms, frozenset(one for one in terms if one & 3 == NUMBER), _worth(terms))

    def is_alike(self, other: _Text, least: float) -> bool:
        """Whether the cosine of two sets of terms, each term weighed by its rarity, is at least so much."""
        worth, theirs = self.worth, other.worth
        # Both hold at most what the lesser holds.
        if min(worth, theirs) < least**2 * max(worth, theirs) * _NEARLY_ONE:
            return False
        both, wanted = self.terms & other.terms, least * math.sqrt(worth * theirs)
        if not both:
            return self.terms == other.terms
        # Adding up takes longer than counting.
        return len(both) * _most() >= wanted * _NEARLY_ONE and _worth(both) >= wanted


class _Words:
    """The words of a passage: of its answer, and of its question or heading."""

    def __init__(self, passage: Passage, body: Codes | None) -> None:
        self.answer = _Text.of(passage.body) if body is None else _Text.of_codes(body)
        self._beside = beside(passage)

    def says_the_same(self, other: _Words) -> bool:
        """Whether the answers, and where those are short the questions, hold the same."""
        mine, theirs = self.answer, other.answer
        if mine.numbers != theirs.numbers or not mine.is_alike(theirs, _DUPLICATE):
            return False
        enough = min(len(mine.terms), len(theirs.terms)) >= _FEW_WORDS
        return enough or _Text.of(self._beside).is_alike(_Text.of(other._beside), _DUPLICATE)


def _supersedes(hit: Hit, other: Hit) -> bool:
    answers = {hit.document.kind, other.document.kind}.isdisjoint(("questions", "postponement", "oral"))
    return answers and other.score - hit.score <= _NEARLY and _day(hit) > _day(other) > date.min


def _worth(terms: Iterable[int]) -> float:
    return sum(map(_worths().__getitem__, terms))


class _Worths(dict[int, float]):
    """What each term is worth, by its code."""

    def __missing__(self, term: int) -> float:
        return _unknown() if term & 3 == STEM else _NUMBER_WORTH**2


@cache
def _unknown() -> float:
    return rarity("") ** 2


def _most() -> float:
    return max(_unknown(), _NUMBER_WORTH**2)


@cache
def _worths() -> _Worths:
    return _Worths((code("0" + stem), rarity(stem) ** 2) for stem in known_stems())


def _led(hit: Hit, pair: tuple[Passage, Document], share: float) -> Hit:
    reasons = {name: share * value for name, value in hit.reasons.items()}
    return Hit(share * hit.score, *pair, hit.legs, reasons, via=hit.passage.passage)


def _as_high(hit: Hit, score: float) -> Hit:
    """Return `hit` with the score of the one whose place it takes."""
    if score <= hit.score:
        return hit
    return replace(hit, score=score, reasons={**hit.reasons, "newer": score - hit.score})


def _day(hit: Hit) -> date:
    return hit.document.date or date.min
