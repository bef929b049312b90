"""Hits go in, hits come out as a person wants them: answers for questions, the same once, the newest first.

Knows hits and how alike their words are; what else a store holds of a case or a document it is told.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from index.dutch import is_stem_term, ordered_terms
from index.rarity import rarity
from index.values import Document, Hit, Passage

Answers = Callable[[Passage, Document], Iterable[tuple[Passage, Document]]]

_REFERENCE = re.compile(r"\b(?:zie|verwijs|antwoord|antwoorden|beantwoording|aangegeven|toegelicht)\b", re.IGNORECASE)
_LONGEST_REFERENCE = 30  # words; a longer answer that names another one says something of its own
_MENTION = 0.95  # what an answer that was only referred to scores, of the score of the hit that referred to it
_TIME = re.compile(
    r"\b(?:(?:19|20)\d\d|destijds|toen(?:malige)?|toentertijd|vroeger|eerder|eerst|oorspronkelijk|vorige?|afgelopen|"
    r"geleden|previous(?:ly)?|earlier|formerly|originally|last|ago)\b",
    re.IGNORECASE,
)
_DUPLICATE = 0.9  # how alike two texts are that say the same, their numbers being equal
_SAME_MATTER = 0.4  # how alike two answers are that are on the same matter
_FEW_WORDS = 8  # as few words as in "Ja, zie vraag 2" are the same in answers to different questions
_COMPARED = 12  # hits; what stands lower is left as it is
_NEARLY = 0.2  # how far a newer position may score below the older one that it goes above
_NUMBER_WORTH = 6.0
_KEPT = 100_000
_KEPT_TEXTS = 1_000


def names_a_time(question: str) -> bool:
    """Whether a question asks about a time, so that the newest position need not be the one asked for."""
    return bool(_TIME.search(question))


def is_reference(passage: Passage) -> bool:
    """Whether the answer does little more than name another one ("Ja, zie het antwoord op vraag 2.")."""
    body = passage.body
    return bool(passage.refers_to and _REFERENCE.search(body) and len(body.split()) <= _LONGEST_REFERENCE)


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


def folded(hits: Sequence[Hit], *, newest_first: bool) -> list[Hit]:
    """Return `hits` with those of other documents that say the same left out, the newest one kept.

    With `newest_first` an older answer on the same matter goes below a newer one that scores nearly as well.
    """
    kept: list[tuple[Hit, _Words]] = []
    for hit in hits[:_COMPARED]:
        words, place = _Words(hit.passage), len(kept)
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
                and words.answer.likeness(theirs.answer) >= _SAME_MATTER
            ):
                place = at
        else:
            score = kept[place][0].score if place < len(kept) else hit.score
            kept.insert(place, (_as_high(hit, score), words))
    return [*(hit for hit, _ in kept), *hits[_COMPARED:]]


@dataclass(frozen=True, slots=True)
class _Text:
    """What two texts are compared by: their terms, the numbers among them, and what all terms are worth."""

    terms: frozenset[str]
    numbers: frozenset[str]
    worth: float

    @staticmethod
    @lru_cache(maxsize=_KEPT_TEXTS)
    def of(text: str) -> _Text:
        terms = frozenset(term for term in set(ordered_terms(text)) if term[0] == "0" or not term.isalpha())
        return _Text(terms, frozenset(term for term in terms if not term[1:].isalpha()), _worth(terms))

    def likeness(self, other: _Text) -> float:
        """Return the cosine of two sets of terms, each term weighed by its rarity."""
        both = self.terms & other.terms
        return _worth(both) / math.sqrt(self.worth * other.worth) if both else float(self.terms == other.terms)


class _Words:
    """The words of a passage: of its answer, and of its question or heading."""

    def __init__(self, passage: Passage) -> None:
        self.answer = _Text.of(passage.body)
        self._beside = passage.question or passage.context

    def says_the_same(self, other: _Words) -> bool:
        """Whether the answers, and where those are short the questions, hold the same."""
        mine, theirs = self.answer, other.answer
        if mine.numbers != theirs.numbers or mine.likeness(theirs) < _DUPLICATE:
            return False
        enough = min(len(mine.terms), len(theirs.terms)) >= _FEW_WORDS
        return enough or _Text.of(self._beside).likeness(_Text.of(other._beside)) >= _DUPLICATE


def _supersedes(hit: Hit, other: Hit) -> bool:
    answers = {hit.document.kind, other.document.kind}.isdisjoint(("questions", "postponement", "oral"))
    return answers and other.score - hit.score <= _NEARLY and _day(hit) > _day(other) > date.min


def _worth(terms: Iterable[str]) -> float:
    return sum(map(_term_worth, terms))


@lru_cache(maxsize=_KEPT)
def _term_worth(term: str) -> float:
    return (rarity(term[1:]) if is_stem_term(term) else _NUMBER_WORTH) ** 2


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
