"""Hits go in, hits come out as a person wants them: answers for questions, the same once, the newest first.

Knows hits and how alike their words are; what else a store holds of a case or a document it is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from index.dutch import NUMBER, STEM, WORD, code, coded_terms
from index.profiles import Codes, Ints, beside, is_reference
from index.rarity import known_stems, rarity
from index.values import Document, Hit, Passage

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
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


def folded(hits: Sequence[Hit], *, newest_first: bool, bodies: Mapping[str, Codes] | None = None) -> list[Hit]:
    """Return `hits` with those of other documents that say the same left out, the newest one kept.

    `bodies` are the codes of what passages say, by their identifiers, of those that are known.
    With `newest_first` an older answer on the same matter goes below a newer one that scores nearly as well.
    """
    words = _Words([hit.passage for hit in hits[:COMPARED]], bodies or {})
    kept: list[tuple[Hit, int]] = []
    for row, hit in enumerate(hits[:COMPARED]):
        place, mine = len(kept), row
        for at, (other, theirs) in enumerate(kept):
            if other.document.document == hit.document.document:
                continue
            if words.say_the_same(row, theirs):
                newer = newest_first and _day(hit) > _day(other)
                first, second = (hit, other) if newer else (other, hit)
                same = (*other.same, second.passage.passage)
                kept[at] = (replace(_as_high(first, other.score), same=same), mine if newer else theirs)
                break
            if (
                place == len(kept)
                and newest_first
                and _supersedes(hit, other)
                and words.likeness[row, theirs] >= _SAME_MATTER
            ):
                place = at
        else:
            score = kept[place][0].score if place < len(kept) else hit.score
            kept.insert(place, (_as_high(hit, score), mine))
    return [*(hit for hit, _ in kept), *hits[COMPARED:]]


class _Words:
    """The words of passages: how alike what they say is, and whether it is the same."""

    def __init__(self, passages: Sequence[Passage], bodies: Mapping[str, Codes]) -> None:
        self._passages = passages
        known = (bodies.get(passage.passage) for passage in passages)
        codes = [_coded(one.body) if body is None else body for one, body in zip(passages, known, strict=True)]
        self.likeness, self._same_numbers, self._terms = _compared(codes)

    def say_the_same(self, one: int, other: int) -> bool:
        """Whether the answers, and where those are short the questions, hold the same."""
        if not self._same_numbers[one, other] or self.likeness[one, other] < _DUPLICATE:
            return False
        if min(self._terms[one], self._terms[other]) >= _FEW_WORDS:
            return True
        likeness, _, _ = _compared([_coded(beside(self._passages[row])) for row in (one, other)])
        return bool(likeness[0, 1] >= _DUPLICATE)


def _coded(text: str) -> Codes:
    return np.frombuffer(coded_terms(text), dtype="<u4")


def _compared(texts: Sequence[Codes]) -> tuple[Floats, Mask, Ints]:
    """Return how alike each two texts are, whether they hold the same numbers, and how many terms each holds.

    Terms are stems and numbers; likeness is the cosine of two sets of terms, each term weighed by its rarity.
    """
    sizes = [len(text) for text in texts]
    codes, rows = np.concatenate([*texts, np.empty(0, np.uint32)]), np.repeat(np.arange(len(texts)), sizes)
    counted = codes & 3 != WORD
    terms, which = np.unique(codes[counted], return_inverse=True)
    held = np.zeros((len(texts), len(terms)))
    held[rows[counted], which] = 1.0
    known, worths = _worths()
    at = np.minimum(np.searchsorted(known, terms), len(known) - 1)
    worth = np.where(known[at] == terms, worths[at], np.where(terms & 3 == STEM, _unknown(), _NUMBER_WORTH**2))
    both = held * worth @ held.T
    numbers = held[:, terms & 3 == NUMBER]
    same = (numbers[:, None] == numbers).all(axis=2)
    whole = np.sqrt(np.outer(both.diagonal(), both.diagonal()))
    # Without any term at all two texts are the same.
    nothing = np.outer(both.diagonal() == 0, both.diagonal() == 0)
    likeness = np.where(nothing, 1.0, both / np.where(whole > 0, whole, 1.0))
    return likeness, same, held.sum(axis=1).astype(np.int64)


def _supersedes(hit: Hit, other: Hit) -> bool:
    if other.score - hit.score > _NEARLY or not _day(hit) > _day(other) > date.min:
        return False
    return {hit.document.kind, other.document.kind}.isdisjoint(("questions", "postponement", "oral"))


@cache
def _unknown() -> float:
    return rarity("") ** 2


@cache
def _worths() -> tuple[Codes, Floats]:
    """Return the codes of all known stems, ascending, and what each is worth."""
    worths = {code("0" + stem): rarity(stem) ** 2 for stem in known_stems()}
    codes = sorted(worths)
    return np.array(codes, dtype=np.uint32), np.array([worths[one] for one in codes])


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
