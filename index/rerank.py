"""A question and the candidates of both legs go in, what to add to each candidate's score comes out.

Looks at what the legs cannot see: how much of the question a passage and one place in it hold, words side by side,
numbers and names, the way of asking, and whether it answers anything at all. Knows no engine. The weights were fitted
by `eval.fit_rerank`, in units of the fused score, and stand in `rerank.json`.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from index.compounds import parts
from index.dutch import index_terms, index_text, is_stopword, stem, tokenise
from index.rarity import rarity
from index.values import Document, Passage

RERANK_FILE = "rerank.json"
FEATURES = ("covered", "covered_in_one_place", "neighbours", "numbers", "names", "asked_alike", "unanswered")

Candidate = tuple[Passage, Document]
Features = npt.NDArray[np.float64]

_KEPT = 20_000
# Stretches of about a sentence or two, each beginning in the middle of the one before.
_STRETCH = 48
_NAME = re.compile(r"(?<=[a-z,»”\"’] )[A-Z][\w-]+")
# Of a compound of which only a part is found, that part counts half: BM25 has seen it too.
_PART = 0.5
_ANSWERS_NOTHING = frozenset({"questions", "postponement", "oral"})


@dataclass(frozen=True, slots=True)
class _Words:
    """What is compared of a text: its index terms, those of each stretch, and all of them in order."""

    terms: frozenset[str]
    stretches: tuple[frozenset[str], ...]
    order: str


class _Asked:
    """The words of a question with what each is worth; a word counts by its stem, a compound's part counts half."""

    def __init__(self, question: str) -> None:
        content = [word for word in tokenise(question) if not is_stopword(word)]
        stems = {word: stem(word) for word in content}
        self._worth = {_term(word): rarity(found) for word, found in stems.items()}
        self._parts = {
            _term(word): [_term(part) for part in both] for word in stems if (both := parts(word)) and word.isalpha()
        }
        self._whole = sum(self._worth.values()) or 1.0
        self._terms = frozenset(self._worth)
        self._neighbours = [(a, b, _side_by_side(a, b)) for a, b in set(pairwise(_term(word) for word in content))]
        self.numbers = frozenset(word for word in content if not word.isalpha())
        self.names = frozenset(tokenise(" ".join(_NAME.findall(question))))

    def covered(self, held: frozenset[str]) -> float:
        """Return which share of the question's worth is among `held` terms."""
        there = self._terms & held
        total = sum(self._worth[term] for term in there)
        for term, both in self._parts.items():
            if term not in there:
                total += _PART * self._worth[term] * sum(part in held for part in both) / len(both)
        return total / self._whole

    def neighbours(self, *texts: _Words) -> float:
        """Return which share of the question's neighbouring words stands side by side in one of `texts`."""
        found = [
            any(a in text.terms and b in text.terms and beside.search(text.order) for text in texts)
            for a, b, beside in self._neighbours
        ]
        return sum(found) / len(found) if found else 0.0


def bonuses(question: str, candidates: Sequence[Candidate]) -> list[float]:
    """Return what to add to the fused score of each candidate."""
    return [float(value) for value in features(question, candidates) @ _weights()]


def features(question: str, candidates: Sequence[Candidate]) -> Features:
    """Return an array of shape (len(candidates), len(FEATURES)), each feature from 0 to 1."""
    asked = _Asked(question)
    alike = _asked_alike(question, [passage.question or "" for passage, _ in candidates])
    rows = []
    for (passage, document), similar in zip(candidates, alike, strict=True):
        answer, own = _words(passage.body), _words(passage.question or "")
        held = answer.terms | own.terms
        rows.append(
            (
                asked.covered(held),
                max(map(asked.covered, answer.stretches), default=0.0),
                asked.neighbours(answer, own),
                _part_of(asked.numbers, held),
                _part_of(asked.names, held),
                similar,
                float(document.kind in _ANSWERS_NOTHING),
            )
        )
    return np.array(rows, dtype=np.float64).reshape(len(candidates), len(FEATURES))


def _term(word: str) -> str:
    """Return the index term that a word counts by: its stem, of a number the number itself."""
    return index_terms(word)[1] if word.isalpha() else word


def _part_of(wanted: frozenset[str], held: frozenset[str]) -> float:
    return len(wanted & held) / len(wanted) if wanted else 0.0


def _asked_alike(question: str, others: Sequence[str]) -> list[float]:
    """Return how alike the ways of asking are, by the small words that no index holds ("hoeveel", "waarom").

    BM25 of the question's stopwords over the candidates' questions, as a share of the highest.
    """
    asked = {word for word in tokenise(question) if is_stopword(word)}
    own = [_stopwords(other) for other in others]
    lengths = [sum(counts.values()) for counts in own]
    average = sum(lengths) / max(1, len(lengths)) or 1.0
    held = Counter(word for counts in own for word in counts)
    found = [0.0] * len(own)
    for word in asked & held.keys():
        idf = math.log1p((len(own) - held[word] + 0.5) / (held[word] + 0.5))
        for row, counts in enumerate(own):
            if count := counts[word]:
                found[row] += idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * lengths[row] / average))
    highest = max(found, default=0.0)
    return [score / highest if highest else 0.0 for score in found]


@lru_cache(maxsize=_KEPT)
def _stopwords(text: str) -> Counter[str]:
    return Counter(word for word in tokenise(text) if is_stopword(word))


@lru_cache(maxsize=_KEPT)
def _words(text: str) -> _Words:
    order = index_text(text)
    terms = order.split()
    starts = range(0, max(1, len(terms) - _STRETCH // 2), _STRETCH // 2)
    stretches = tuple(frozenset(terms[start : start + _STRETCH]) for start in starts)
    return _Words(frozenset(terms), stretches, f" {order} ")


def _side_by_side(one: str, other: str) -> re.Pattern[str]:
    """Match a stem, the stems of its parts, the next word and the stem of that one."""
    first, second = (rf"(?:\w+ )?{re.escape(term)}" for term in (one, other))
    return re.compile(rf" {first}(?: 0[a-z]+)* {second} ")


@cache
def _weights() -> Features:
    fitted = json.loads((files("index") / RERANK_FILE).read_text(encoding="utf-8"))
    return np.array([fitted["weights"][name] for name in FEATURES])
