"""A question goes in, passage numbers with their scores come out, each from one search in Milvus."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from index.filters import facet_filters
from index.milvus.counts import Counts
from index.milvus.rows import Generation
from index.milvus.server import Server, Sparse, among, literal
from index.milvus.tables import SINGLE
from index.milvus.weights import asked_terms, counted, question_vector
from index.protocols import Embedder, Vectors
from index.search import Scores
from index.values import Filters
from index.vectors import Numbers

_MOST = 16_000  # Milvus gives no more at once


class Seen:
    """Which passages there are for one generation, and in which document's row each one is that a search met."""

    def __init__(self, server: Server, generation: Generation) -> None:
        self.server = server
        self.table = generation.state.passages
        self.visible = generation.visible
        self.reading = generation.reading
        self.rows: dict[int, int] = {}

    def search(self, field: str, vector: Vectors | Sparse, depth: int, limits: Sequence[str]) -> Scores:
        """Return the inner products of the best passages within `limits`."""
        where = " and ".join([self.visible, *limits])
        with self.reading():
            found = self.server.search(self.table, field, vector, where, min(depth, _MOST))
        self.rows.update({number: row for number, _, row in found})
        # A weight stands for a passage without any words; it is no score.
        return {number: score for number, score, _ in found if field == "dense" or score > 0}


class SparseLeg:
    """Scores by the words that question and passage share, as the lexical index of a folder does."""

    name = "lexical"

    def __init__(
        self, seen: Seen, counts: Counts, passages: int, other_words: Callable[[str], Mapping[str, Sequence[str]]]
    ) -> None:
        self._seen = seen
        self._counts = counts
        self._passages = passages
        self._other_words = other_words
        self._asked: tuple[str, Sparse] | None = None

    def best(self, query: str, depth: int, filters: Filters | None) -> Scores:
        """Return the BM25 scores of the best passages."""
        return self._seen.search("sparse", self._vector(query), depth, conditions(filters))

    def scores(self, query: str, numbers: Numbers) -> Scores:
        """Return the BM25 scores of these passages."""
        if not len(numbers):
            return {}
        return self._seen.search("sparse", self._vector(query), len(numbers), [among("number", numbers.tolist())])

    def _vector(self, query: str) -> Sparse:
        if self._asked is None or self._asked[0] != query:
            terms = asked_terms(query, self._other_words(query))
            held = self._counts.terms(counted(field, term) for field, term, _ in terms)
            self._asked = (query, question_vector(terms, held, self._passages))
        return self._asked[1]


class DenseLeg:
    """Scores by the inner product of the question's vector with each passage's."""

    name = "dense"

    def __init__(self, seen: Seen, embedder: Embedder) -> None:
        self._seen = seen
        self._embedder = embedder
        self._embedded: tuple[str, Vectors] | None = None

    def best(self, query: str, depth: int, filters: Filters | None) -> Scores:
        """Return the inner products of the nearest passages."""
        return self._seen.search("dense", self._vector(query), depth, conditions(filters))

    def scores(self, query: str, numbers: Numbers) -> Scores:
        """Return the inner products of these passages, made here: an index that is not exact may miss some of them."""
        if not len(numbers):
            return {}
        with self._seen.reading():
            rows = self._seen.server.query(self._seen.table, among("number", numbers.tolist()), ["number", "dense"])
        question = self._vector(query)
        return {int(row["number"]): float(np.asarray(row["dense"], dtype=np.float32) @ question) for row in rows}

    def _vector(self, query: str) -> Vectors:
        if self._embedded is None or self._embedded[0] != query:
            self._embedded = (query, self._embedder.embed_question(query))
        return self._embedded[1]


def conditions(filters: Filters | None) -> list[str]:
    """Return what must hold of a passage's row for it to be within `filters`."""
    if filters is None:
        return []
    limits = [
        among(facet, values) if facet in SINGLE else f"array_contains_any({facet}, {literal(values)})"
        for facet, values in facet_filters(filters).items()
    ]
    if filters.numbers:
        limits.append(f"array_contains_any(asked, {literal(list(filters.numbers))})")
    if filters.since:
        limits.append(f"date >= {filters.since.toordinal()}")
    if filters.until:
        limits.append(f"date > 0 and date <= {filters.until.toordinal()}")
    return limits
