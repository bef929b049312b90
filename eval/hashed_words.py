"""An embedder without a model, for proofs: each word has a fixed random vector, a text's vector is their sum."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache

import numpy as np

from index.protocols import Vectors

_LENGTH = 32


class HashedWords:
    """Tells texts apart by their words and starts at once, which is all that proofs about a store need."""

    name = "hashed-words"
    digest = "hashed-words-1"
    dimensions = _LENGTH

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), 32), each row of length 1."""
        rows = np.stack([np.sum([_vector(word) for word in text.split() or [""]], axis=0) for text in texts])
        unit: Vectors = (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)).astype(np.float32)
        return unit

    def embed_question(self, text: str) -> Vectors:
        """Return an array of shape (32,) of length 1."""
        row: Vectors = self.embed_passages([text])[0]
        return row


@cache
def _vector(word: str) -> Vectors:
    return np.random.default_rng(zlib.crc32(word.encode())).standard_normal(_LENGTH).astype(np.float32)
