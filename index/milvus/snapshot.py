"""One generation of a store in Milvus, searched: two legs there, fused and reranked here as for every store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from index.abbreviations import in_other_words, learn
from index.cross_encoder import CrossEncoder
from index.errors import EmbedderError
from index.milvus.contents import MilvusContents
from index.milvus.legs import DenseLeg, SparseLeg
from index.milvus.rows import Generation
from index.milvus.server import Server
from index.milvus.weights import word_names
from index.protocols import Embedder
from index.search import DENSE_WEIGHT, Leg, Mode, Search
from index.spelling import mended, near, unknown


class MilvusSnapshot(MilvusContents):
    """A store in Milvus as it was at one generation."""

    def __init__(
        self,
        server: Server,
        generation: Generation,
        embedder: Embedder | None,
        *,
        cross_encoder: CrossEncoder | None = None,
    ) -> None:
        super().__init__(server, generation)
        self._embedder = embedder
        self._cross_encoder = cross_encoder
        self._in_other_words: dict[str, Mapping[str, Sequence[str]]] = {}

    def retriever(self, mode: Mode = "hybrid") -> Search:
        """Return the searching of this generation by words, by meaning, or by all there is, reranked."""
        legs: list[tuple[Leg, float]] = []
        state, counts = self._shared.state, self._shared.counts
        if mode != "dense" and state.table:
            words = SparseLeg(self._seen, counts, self.manifest.passages, self._other_words)
            legs.append((words, 1 - DENSE_WEIGHT))
        if mode != "lexical" and state.table and state.dimensions and self._embedder is not None:
            legs.append((DenseLeg(self._seen, self._embedder), DENSE_WEIGHT))
        if mode == "dense" and not legs and self.manifest.passages:
            raise EmbedderError("embedder.none", folder=self._server.address)
        return Search(legs, self._fetch, self._bonuses if mode == "hybrid" else None, self.mended)

    def mended(self, query: str) -> str:
        """Return `query` with words that neither the documents nor our lists know mended by one letter."""
        if not self.manifest.passages:
            return query
        # All that may be asked is asked at once: one by one, a word with a wrong letter takes a thousand requests.
        for word in unknown(query, self._frequencies):
            self._frequencies({*near(word)})
        return mended(query, lambda word: self._frequencies([word])[word])

    def _frequencies(self, words: Iterable[str]) -> dict[str, int]:
        """Return in how many passages each folded word stands."""
        wanted = sorted(set(words))
        held = self._shared.counts.terms(name for word in wanted for name in word_names(word))
        return {word: max(held[name] for name in word_names(word)) for word in wanted}

    def _other_words(self, query: str) -> Mapping[str, Sequence[str]]:
        if self._shared.explained is None:
            self._shared.explained = learn(self._shared.counts.all("explained").items())
        if query not in self._in_other_words:
            self._in_other_words[query] = in_other_words(query, self._shared.explained)
        return self._in_other_words[query]
