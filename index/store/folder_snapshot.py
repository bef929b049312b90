"""One generation of a store in a folder, searched by the engines that were loaded for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from index.cross_encoder import CrossEncoder
from index.errors import EmbedderError
from index.protocols import Embedder
from index.search import DENSE_WEIGHT, DenseLeg, Leg, LexicalLeg, Mode, Search
from index.spelling import mended
from index.store.contents import Contents
from index.store.loaded import Loaded


class FolderSnapshot(Contents):
    """A store in a folder as it was at one generation."""

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
        """Return the searching of this generation by words, by meaning, or by all there is, reranked."""
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

    def _other_words(self, query: str) -> Mapping[str, Sequence[str]]:
        lexical = self._loaded.lexical
        return lexical.other_words(query) if lexical else {}
