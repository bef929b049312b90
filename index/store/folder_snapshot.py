"""One generation of a store in a folder, searched by the engines that were loaded for it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from index.cross_encoder import CrossEncoder
from index.errors import EmbedderError, StoreError
from index.profiles import Profiles, is_profile
from index.protocols import Embedder
from index.search import DENSE_WEIGHT, DenseLeg, Leg, LexicalLeg, Mode, Search
from index.spelling import mended
from index.store.contents import Contents
from index.store.encode import document_from, embedded_text, places_from
from index.store.loaded import Loaded
from index.store.rows import VISIBLE, Source
from index.store.snapshot import Whole
from index.values import Reading

_KEPT_PROFILES = 10_000


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
        loaded, embedder, guess = self._loaded, self._embedder, None
        if mode != "dense" and loaded.lexical is not None:
            words = LexicalLeg(loaded.lexical, self._profiles)
            legs.append((words, 1 - DENSE_WEIGHT))
            guess = words.guess
        if mode != "lexical" and loaded.vectors is not None and embedder is not None:
            legs.append((DenseLeg(loaded.vectors, embedder, self._allowed), DENSE_WEIGHT))
        if mode == "dense" and not legs and loaded.manifest.passages:
            raise EmbedderError("embedder.none", folder=self._folder)
        return Search(legs, self._fetch, self._bonuses if mode == "hybrid" else None, self.mended, guess)

    def wholes(self) -> Iterator[Whole]:
        """Give all documents as they were put, in the order in which they were."""
        vectors = self._loaded.vectors
        for row, value, text, path in self._rows(
            f"SELECT row, value, text, path FROM documents WHERE {VISIBLE} ORDER BY row"
        ):
            alone = {number: passage for number, (passage, _) in self._alone("row = ?", [row]).items()}
            reading = Reading(document_from(value), text, tuple(alone.values()), places=places_from(value))
            there = vectors.rows(np.array(sorted(alone), dtype=np.int64)) if vectors and alone else {}
            found = {embedded_text(alone[number]): vector.astype(np.float32) for number, vector in there.items()}
            yield Whole(reading, path, found)

    def files(self) -> list[Source]:
        """Return all files that hold a document, by path."""
        query = f"SELECT path, given, digest, reader, document, kept FROM sources WHERE {VISIBLE} ORDER BY path, source"
        return [Source(*row) for row in self._rows(query)]

    def mended(self, query: str) -> str:
        """Return `query` with words that neither the documents nor our lists know mended by one letter."""
        lexical = self._loaded.lexical
        return query if lexical is None else mended(query, lexical.frequency)

    def _profiles(self, numbers: Sequence[int]) -> Profiles:
        known = self._loaded.profiles
        if missing := [number for number in numbers if number not in known]:
            if len(known) + len(missing) > _KEPT_PROFILES:
                known = self._loaded.profiles = {}
                missing = list(numbers)
            # Joined in this order, a quarter faster than with IN: no list of the numbers is made first.
            each = (
                "SELECT number, profiles.value FROM json_each(?) AS wanted CROSS JOIN profiles ON number = wanted.value"
            )
            read: dict[int, bytes] = dict(self._raw(each, [json.dumps(missing)]))
            for number in missing:
                if not is_profile(number, read.get(number, b"")):
                    raise StoreError("store.damaged", folder=self._folder, part=f"passage {number}")
            known.update(read)
        return Profiles([known[number] for number in numbers])

    def _other_words(self, query: str) -> Mapping[str, Sequence[str]]:
        lexical = self._loaded.lexical
        return lexical.other_words(query) if lexical else {}
