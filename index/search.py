"""A question goes in, hits come out: by words, by meaning, or by both fused. Knows no files and no rows.

Each leg scores passage numbers; `Search` turns the best into hits, the hybrid ones reranked. Fused scores are a convex
combination of the legs' scores, each divided by its own maximum over the candidates (Bruch et al., "An Analysis of
Fusion Functions for Hybrid Retrieval", TOIS 2023): on Dutch questions equal reciprocal ranks lose what the better leg
found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from index.english import dutch_words
from index.lexical import LexicalIndex
from index.profiles import Profiles
from index.protocols import Embedder, Vectors
from index.values import Document, Filters, Hit, Passage
from index.vectors import Numbers, VectorIndex

Mode = Literal["hybrid", "lexical", "dense"]
Scores = dict[int, float]
Reasons = dict[str, float]
Rerank = Callable[[str, Sequence[int]], Sequence[tuple[int, Reasons]]]
Fetch = Callable[[Sequence[int]], Mapping[int, tuple[Passage, Document]]]

DENSE_WEIGHT = 0.35
_DEPTH = 100
_RERANKED = 50


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
    query.
    """

    def __init__(
        self,
        legs: Sequence[tuple[Leg, float]],
        fetch: Fetch,
        rerank: Rerank | None = None,
        mend: Callable[[str], str] = str,
    ) -> None:
        self._legs = tuple(legs)
        self._fetch = fetch
        self._rerank = rerank
        self._mend = mend

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
        ranked = _best_first(_sums(found, factors))[:depth]
        reasons: dict[int, Reasons] = {
            number: {leg: factor * max(0.0, found[leg].get(number, 0.0)) for leg, factor in factors.items()}
            for number, _ in ranked
        }
        flags: dict[int, int] = {}
        if self._rerank is not None:
            for (number, _), (what, more) in zip(ranked, self._rerank(query, [n for n, _ in ranked]), strict=True):
                flags[number] = what
                reasons[number] |= more
            ranked = _best_first([(number, sum(reasons[number].values())) for number, _ in ranked])[:top_k]
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
        if len(self._legs) < 2:
            return {leg.name: leg.best(query, depth if self._rerank else top_k, filters) for leg, _ in self._legs}
        found = {leg.name: leg.best(query, depth, filters) for leg, _ in self._legs}
        first, *others = (leg for leg, _ in self._legs)
        candidates = set[int]().union(*found.values())
        for leg in others:
            # What one leg found and another did not must not count as worth nothing to that other.
            found[leg.name] |= leg.scores(query, _numbers(candidates - found[leg.name].keys()))
        if len(found[first.name]) >= depth:
            wanted = top_k if self._rerank is None else max(top_k, _RERANKED)
            found[first.name] |= first.scores(query, _numbers(_hopeful(found, self._legs, wanted)))
        return found


def _hopeful(found: Mapping[str, Scores], legs: Sequence[tuple[Leg, float]], wanted: int) -> list[int]:
    """Return what the first leg did not list and may still be among the `wanted` best, with all it could have got.

    That is no more than the lowest score it listed. The other legs must have scored every candidate.
    """
    listed, whole = found[legs[0][0].name], sum(weight for _, weight in legs)
    most = legs[0][1] / whole / max(listed.values()) * min(listed.values())
    known = fused(found, legs)
    bar = sorted((score for _, score in known), reverse=True)[:wanted][-1]
    return [number for number, score in known if number not in listed and score + most >= bar]


def _numbers(numbers: Iterable[int]) -> Numbers:
    return np.array(sorted(numbers), dtype=np.int64)


def _best_first(scored: Iterable[tuple[int, float]]) -> list[tuple[int, float]]:
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))


def fused(found: Mapping[str, Scores], legs: Sequence[tuple[Leg, float]]) -> list[tuple[int, float]]:
    """Return (number, score) for every candidate, each score a share of 1, which is the highest of every leg."""
    return _sums(found, _factors(found, legs))


def _factors(found: Mapping[str, Scores], legs: Sequence[tuple[Leg, float]]) -> dict[str, float]:
    """Return by what the scores of each leg are multiplied so that they can be added."""
    whole = sum(weight for _, weight in legs)
    highest = {leg.name: max(found[leg.name].values(), default=0.0) for leg, _ in legs}
    return {leg.name: weight / whole / highest[leg.name] if highest[leg.name] > 0 else 0.0 for leg, weight in legs}


def _sums(found: Mapping[str, Scores], factors: Mapping[str, float]) -> list[tuple[int, float]]:
    sums: Scores = dict.fromkeys(set[int]().union(*found.values()), 0.0)
    for leg, factor in factors.items():
        for number, score in found[leg].items():
            if score > 0:
                sums[number] += factor * score
    return list(sums.items())
