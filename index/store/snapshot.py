"""One generation of a store, to be read and searched: it stays the same whatever is written meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from index.cases import is_superseded
from index.cross_encoder import READ_AGAIN, CrossEncoder
from index.errors import EmbedderError
from index.filters import within
from index.following import folded, names_a_time, with_answers
from index.protocols import Embedder
from index.rerank import bonuses
from index.search import DENSE_WEIGHT, DenseLeg, Leg, LexicalLeg, Mode, Search
from index.spelling import mended
from index.store.contents import Contents
from index.store.loaded import Loaded
from index.values import Document, Filters, Hit, Passage

_MOST_READ = 50  # who asks for more hits than a person reads wants them all, as they are
_SPARE = 10  # hits beyond those asked for, some of which make way for others


class Snapshot(Contents):
    """A store as it was at one generation. Close it, or use it as a context manager, when the request is done."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        loaded: Loaded,
        folder: Path,
        embedder: Embedder | None,
        idle: list[sqlite3.Connection],
        *,
        cross_encoder: CrossEncoder | None = None,
    ) -> None:
        super().__init__(connection, loaded, folder, idle)
        self._embedder = embedder
        self._cross_encoder = cross_encoder

    def retriever(self, mode: Mode = "hybrid") -> Search:
        """Return the searching of this generation by words, by meaning, or by all there is, reranked.

        Raises `EmbedderError` when `mode` is "dense" and there is no embedder.
        """
        legs: list[tuple[Leg, float]] = []
        loaded, embedder = self._loaded, self._embedder
        if mode != "dense" and loaded.lexical is not None:
            legs.append((LexicalLeg(loaded.lexical), 1 - DENSE_WEIGHT))
        if mode != "lexical" and loaded.vectors is not None and embedder is not None:
            legs.append((DenseLeg(loaded.vectors, embedder, self._allowed), DENSE_WEIGHT))
        if mode == "dense" and not legs and loaded.manifest.passages:
            raise EmbedderError("embedder.none", folder=self._folder)
        return Search(legs, self._fetch, self._bonuses if mode == "hybrid" else None, self.mended)

    def mended(self, query: str) -> str:
        """Return `query` with words that neither the documents nor our lists know mended by one letter."""
        lexical = self._loaded.lexical
        return query if lexical is None else mended(query, lexical.frequency)

    def _bonuses(self, query: str, candidates: Sequence[tuple[Passage, Document]]) -> list[dict[str, float]]:
        lexical = self._loaded.lexical
        return bonuses(query, candidates, lexical.other_words(query) if lexical else None)

    def search(self, query: str, top_k: int, filters: Filters | None = None, mode: Mode = "hybrid") -> list[Hit]:
        """Return at most `top_k` passages for `query`, best first, each once.

        A postponement whose answer is there as well is left out, unless it is asked for by its kind. In hybrid mode
        answers stand in for their questions, what says the same comes once, and of answers on the same matter the
        newest comes first unless `query` or `filters` name a time.
        """
        search = self.retriever(mode)
        filters = None if filters is None or filters.is_empty else self.known.resolved(filters)
        hits = search.search(query, top_k + _SPARE, filters)
        if (
            any(hit.document.kind == "postponement" for hit in hits)
            and "postponement" not in (filters or Filters()).kinds
        ):
            more = search.search(query, 2 * (top_k + _SPARE), filters)
            hits = [hit for hit in more if not is_superseded(hit.document, self.case(hit.document))]
        if mode == "hybrid" and top_k <= _MOST_READ:
            hits = self._read_again(query, hits)
            limited = bool(filters and (filters.since or filters.until))
            hits = with_answers(
                hits[: top_k + _SPARE],
                lambda passage, document: self._answers(passage, document, filters or Filters()),
                lambda passage, document: self._referred(passage, document, filters or Filters()),
            )
            hits = folded(hits, newest_first=not (limited or names_a_time(query)))
        return hits[:top_k]

    def _read_again(self, query: str, hits: list[Hit]) -> list[Hit]:
        """Let the cross-encoder, if there is one, raise the best of the first hits."""
        if self._cross_encoder is None:
            return hits
        first, rest = hits[:READ_AGAIN], hits[READ_AGAIN:]
        added = self._cross_encoder.bonuses(query, [(hit.passage, hit.document) for hit in first])
        raised = [
            replace(hit, score=hit.score + more, reasons={**hit.reasons, "cross": more})
            for hit, more in zip(first, added, strict=True)
        ]
        return [*sorted(raised, key=lambda hit: -hit.score), *rest]

    def _answers(self, passage: Passage, document: Document, among: Filters) -> Iterator[tuple[Passage, Document]]:
        """Give the answers of its case to the questions in a passage."""
        for other in self.case(document):
            if other.kind == "answer" and within(other, among):
                yield from ((p, other) for p in self.passages(other.document) if set(p.numbers) & set(passage.numbers))

    def _referred(self, passage: Passage, document: Document, among: Filters) -> Iterator[tuple[Passage, Document]]:
        """Give the answers of the same document that a passage names, unless questions were asked for by number."""
        wanted = set() if among.numbers else set(passage.refers_to)
        for other in self.passages(document.document):
            if wanted & set(other.numbers) and other.passage != passage.passage:
                yield other, document
