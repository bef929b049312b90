"""A question goes in, hits come out: by words, by meaning, or by both fused. Knows no files and no rows.

Each leg scores passage numbers; `Search` turns the best into hits, the hybrid ones reranked. Fused scores are a convex
combination of the legs' scores, each divided by its own maximum over the candidates (Bruch et al., "An Analysis of
Fusion Functions for Hybrid Retrieval", TOIS 2023): on Dutch questions equal reciprocal ranks lose what the better leg
found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, repeat
from typing import Literal, Protocol

import numpy as np

from index.bm25 import Floats
from index.english import dutch_words
from index.lexical import LexicalIndex
from index.profiles import Profiles
from index.protocols import Embedder, Vectors
from index.ranking import best_first
from index.values import Document, Filters, Hit, Passage
from index.vectors import Numbers, VectorIndex

Mode = Literal["hybrid", "lexical", "dense"]
Scores = dict[int, float]
Reasons = dict[str, float]
Guess = Callable[[str, int, Filters | None], Scores | None]
Rerank = Callable[[str, Sequence[int]], Sequence[tuple[int, Reasons]]]
Fetch = Callable[[Sequence[int]], Mapping[int, tuple[Passage, Document]]]

DENSE_WEIGHT = 0.35
_DEPTH = 100
_RERANKED = 50
_GUESSED = 200  # by words, in a large store; as many more than _DEPTH as make up for what is guessed wrong


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was found and is not read yet; of a reranked one `flags` of `index.profiles` say what it is."""

    number: int
    score: float
    legs: dict[str, float]
    reasons: Reasons
    flags: int = 0


class Leg(Protocol):
    """One way of scoring passages; higher is better."""

    @property
    def name(self) -> str:
        """What the leg is called in a hit's `legs`."""
        ...

    def best(self, query: str, depth: int, filters: Filters | None) -> Scores:
        """Return the scores of at most `depth` passages, the best there are within `filters`."""
        ...

    def scores(self, query: str, numbers: Numbers) -> Scores:
        """Return the scores of the passages `numbers`; one without any score is left out."""
        ...


class LexicalLeg:
    """Scores by the words that question and passage share."""

    name = "lexical"

    def __init__(self, index: LexicalIndex, profiles: Callable[[Sequence[int]], Profiles]) -> None:
        self._index = index
        self._profiles = profiles

    def best(self, query: str, depth: int, filters: Filters | None) -> Scores:
        """Return the BM25 scores of the best passages."""
        return dict(self._index.search(query, depth, filters))

    def scores(self, query: str, numbers: Numbers) -> Scores:
        """Return the BM25 scores of these passages."""
        return self._index.scores(query, numbers, self._profiles(numbers.tolist())) if len(numbers) else {}

    def guess(self, query: str, count: int, filters: Filters | None) -> Scores | None:
        """Return `count` passages with scores that are too low, None where the best are as quickly found."""
        return self._index.guesses(query, count, filters)


class DenseLeg:
    """Scores by the inner product of the question's vector with each passage's."""

    name = "dense"

    def __init__(self, index: VectorIndex, embedder: Embedder, allowed: Callable[[Filters], Numbers]) -> None:
        self._index = index
        self._embedder = embedder
        self._allowed = allowed
        self._embedded: tuple[str, Vectors] | None = None

    def best(self, query: str, depth: int, filters: Filters | None) -> Scores:
        """Return the inner products of the nearest passages."""
        limits = None if filters is None or filters.is_empty else self._allowed(filters)
        return dict(self._index.search(self._vector(query), depth, limits))

    def scores(self, query: str, numbers: Numbers) -> Scores:
        """Return the inner products of these passages."""
        return self._index.scores(self._vector(query), numbers)

    def _vector(self, query: str) -> Vectors:
        embedded = self._embedded
        if embedded is None or embedded[0] != query:
            self._embedded = embedded = (query, self._embedder.embed_question(query))
        return embedded[1]


class Search:
    """A retriever made of one leg, or of several with their weights.

    `rerank` says of the best what they are and what to add to their scores; `mend` takes slips of the pen out of a
    query. `guess` finds for the first leg what is worth being scored by it, where finding the best itself takes long.
    """

    def __init__(
        self,
        legs: Sequence[tuple[Leg, float]],
        fetch: Fetch,
        rerank: Rerank | None = None,
        mend: Callable[[str], str] = str,
        guess: Guess | None = None,
    ) -> None:
        self._legs = tuple(legs)
        self._fetch = fetch
        self._rerank = rerank
        self._mend = mend
        self._guess = guess

    def search(self, query: str, top_k: int, filters: Filters | None = None) -> list[Hit]:
        """Return at most `top_k` hits, best first, each passage once."""
        return self.hits(self.find(query, top_k, filters))

    def hits(self, found: Sequence[Found]) -> list[Hit]:
        """Read the passages that were found."""
        pairs = self._fetch([one.number for one in found])
        return [Hit(one.score, *pairs[one.number], one.legs, one.reasons) for one in found]

    def find(self, query: str, top_k: int, filters: Filters | None = None) -> list[Found]:
        """Return at most `top_k` passages, best first, each once, without reading them."""
        if top_k < 1:
            return []
        query = self._mend(dutch_words(query))
        found = self._scores(query, top_k, filters)
        depth = top_k if self._rerank is None else max(top_k, _RERANKED)
        factors = {self._legs[0][0].name: 1.0} if self._is_one_leg else _factors(found, self._legs)
        ranked = best_first(*_sums(found, factors))[:depth]
        reasons: dict[int, Reasons] = {
            number: {leg: factor * max(0.0, found[leg].get(number, 0.0)) for leg, factor in factors.items()}
            for number, _ in ranked
        }
        flags: dict[int, int] = {}
        if self._rerank is not None:
            for (number, _), (what, more) in zip(ranked, self._rerank(query, [n for n, _ in ranked]), strict=True):
                flags[number] = what
                reasons[number] |= more
            numbers = [number for number, _ in ranked]
            ranked = best_first(numbers, [sum(reasons[number].values()) for number in numbers])[:top_k]
        return [
            Found(n, score, {name: part[n] for name, part in found.items() if n in part}, reasons[n], flags.get(n, 0))
            for n, score in ranked
        ]

    def without_reranking(self) -> Search:
        """Return the same search with its fused scores as they are, to fit a reranker on."""
        return Search(self._legs, self._fetch, mend=self._mend)

    @property
    def _is_one_leg(self) -> bool:
        return len(self._legs) == 1 and self._rerank is None

    def _scores(self, query: str, top_k: int, filters: Filters | None) -> dict[str, Scores]:
        depth = max(top_k, _DEPTH)
        guesses = None
        if self._guess is not None and self._rerank is not None and top_k <= _RERANKED:
            guesses = self._guess(query, _GUESSED, filters)
        if guesses is None and len(self._legs) < 2:
            return {leg.name: leg.best(query, depth if self._rerank else top_k, filters) for leg, _ in self._legs}
        first, *others = (leg for leg, _ in self._legs)
        found = {first.name: first.best(query, depth, filters) if guesses is None else guesses}
        found |= {leg.name: leg.best(query, depth, filters) for leg in others}
        candidates = set[int]().union(*found.values())
        for leg in others:
            # What one leg found and another did not must not count as worth nothing to that other.
            found[leg.name] |= leg.scores(query, _numbers(candidates - found[leg.name].keys()))
        wanted = top_k if self._rerank is None else max(top_k, _RERANKED)
        if guesses is not None:
            kept = _hopeful(found, self._legs, wanted)
            found = {name: {number: part[number] for number in kept if number in part} for name, part in found.items()}
            found[first.name] = first.scores(query, _numbers(kept))
        elif len(listed := found[first.name]) >= depth:
            unlisted = [number for number in _hopeful(found, self._legs, wanted) if number not in listed]
            found[first.name] |= first.scores(query, _numbers(unlisted))
        return found


def _hopeful(found: Mapping[str, Scores], legs: Sequence[tuple[Leg, float]], wanted: int) -> list[int]:
    """Return what may be among the `wanted` best: what the first leg did not list with all it could have got there.

    That is no more than the lowest score it listed. The other legs must have scored every candidate.
    """
    listed, whole = found[legs[0][0].name], sum(weight for _, weight in legs)
    most = legs[0][1] / whole / max(listed.values()) * min(listed.values())
    numbers, known = _sums(found, _factors(found, legs))
    bar = np.sort(known)[-wanted:][0]
    could_be = known + np.where(np.fromiter(map(listed.__contains__, numbers), np.bool_), 0.0, most)
    return list(compress(numbers, could_be >= bar))


def _numbers(numbers: Iterable[int]) -> Numbers:
    return np.array(sorted(numbers), dtype=np.int64)


def fused(found: Mapping[str, Scores], legs: Sequence[tuple[Leg, float]]) -> list[tuple[int, float]]:
    """Return (number, score) for every candidate, best first, each a share of 1, which is the highest of every leg."""
    return best_first(*_sums(found, _factors(found, legs)))


def _factors(found: Mapping[str, Scores], legs: Sequence[tuple[Leg, float]]) -> dict[str, float]:
    """Return by what the scores of each leg are multiplied so that they can be added."""
    whole = sum(weight for _, weight in legs)
    highest = {leg.name: max(found[leg.name].values(), default=0.0) for leg, _ in legs}
    return {leg.name: weight / whole / highest[leg.name] if highest[leg.name] > 0 else 0.0 for leg, weight in legs}


def _sums(found: Mapping[str, Scores], factors: Mapping[str, float]) -> tuple[list[int], Floats]:
    """Return every candidate, and beside it its score."""
    numbers = list(set[int]().union(*found.values()))
    sums = np.zeros(len(numbers))
    for leg, factor in factors.items():
        scores = np.fromiter(map(found[leg].get, numbers, repeat(0.0)), dtype=np.float64, count=len(numbers))
        sums += factor * np.maximum(scores, 0.0)
    return numbers, sums
