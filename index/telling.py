"""The terms of a question go in, out come those few that find nearly all of its best passages; knows no engine.

In a large store nearly all work goes into words that nearly every passage holds, which hardly move its score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.dutch import is_stem_term, stem_term

TELLING = 0.95  # the share of what all terms are worth together that is enough to guess by
_ALIKE = 0.8  # a word in so many of the passages with its stem finds no others


@dataclass(frozen=True, slots=True)
class Term:
    """A term in one field: how many passages hold it, what it weighs in the question, and how rare it is."""

    field: str
    text: str
    passages: int
    weight: float
    rarity: float

    @property
    def worth(self) -> float:
        """What it adds at most to a score, but for a factor that all terms have in common."""
        return self.weight * self.rarity


def telling(terms: Sequence[Term], share: float = TELLING) -> list[Term]:
    """Return the terms that say most for each passage that holds them, of `share` of what all are worth.

    A word that mostly stands where its stem stands is counted with that stem, which then weighs more.
    """
    joined = _with_their_stems(terms)
    enough = share * sum(term.worth for term in joined)
    chosen: list[Term] = []
    for term in sorted(joined, key=lambda term: (-term.worth / term.passages, term.field, term.text)):
        if enough <= 0:
            break
        chosen.append(term)
        enough -= term.worth
    return chosen


def _with_their_stems(terms: Sequence[Term]) -> list[Term]:
    joined = {(term.field, term.text): term for term in terms}
    for term in terms:
        if is_stem_term(term.text):
            continue
        own = joined.get((term.field, stem_term(term.text)))
        if own is not None and term.passages >= _ALIKE * own.passages:
            more = term.weight * term.passages / own.passages
            joined[own.field, own.text] = replace(own, weight=own.weight + more)
            del joined[term.field, term.text]
    return list(joined.values())
