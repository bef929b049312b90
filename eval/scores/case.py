"""An answered question with all that was found and judged about it: what every measure is taken from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from eval.questions import GoldQuestion
from index.values import Hit
from rag.values import Answer

Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True, slots=True)
class Backing:
    """How far one sentence is borne out, each 0 or 1.

    `together` by all that it cites, taken as one text; `alone` by each of its citations; `without` by its other
    citations, when that one is left out; `found` by anything that the answer cites or the search found.
    """

    together: float
    alone: tuple[float, ...]
    without: tuple[float, ...]
    found: float


@dataclass(frozen=True, slots=True)
class Case:
    """One gold question, its answer, what the search found for it (best first), and what was judged.

    `found` are the names that the gold uses, `literal` says of each citation whether its words stand at its place,
    `seconds` how long the search took.
    """

    set: str
    question: GoldQuestion
    answer: Answer
    hits: tuple[Hit, ...] = ()
    found: tuple[str, ...] = ()
    backing: tuple[Backing, ...] = ()
    literal: tuple[bool, ...] = ()
    seconds: float = 0.0

    @property
    def refused(self) -> bool:
        """Whether nothing was answered."""
        return not self.answer.sentences

    @property
    def facts_found(self) -> int:
        """How many of the gold facts the answer's sentences hold."""
        said = plain(" ".join(sentence.text for sentence in self.answer.sentences))
        return sum(plain(fact) in said for fact in self.question.facts)

    @property
    def right(self) -> bool:
        """Whether all gold facts are in the answer, or nothing was answered where there is nothing to answer."""
        if not self.question.answerable:
            return self.refused
        return not self.refused and self.facts_found == len(self.question.facts)


@dataclass(frozen=True, slots=True)
class Score:
    """A measure of one case: `of` gives its value, or None for a case that it does not speak of."""

    name: str
    better: Better
    of: Callable[[Case], float | None]


def values_of(score: Score, cases: Sequence[Case]) -> list[float]:
    """Return the values of the cases that the score speaks of, in order."""
    return [value for case in cases if (value := score.of(case)) is not None]


def plain(text: str) -> str:
    """Return `text` in lower case with single spaces, as facts are compared."""
    return " ".join(text.casefold().split())
