"""The two protocols of the ground floor: what can search, and what can turn text into vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.values import Filters, Hit

Vectors = npt.NDArray[np.float32]


class Retriever(Protocol):
    """Anything that finds passages: the lexical index, the vector index, their fusion."""

    def search(self, query: str, top_k: int, filters: Filters | None = None) -> list[Hit]:
        """Return at most `top_k` hits, best first, each passage once."""
        ...


class Embedder(Protocol):
    """Turns text into unit vectors. `name` and `digest` identify it in a store's manifest."""

    @property
    def name(self) -> str:
        """The name or folder it was made from."""
        ...

    @property
    def digest(self) -> str:
        """A hash that changes when the vectors it gives would change."""
        ...

    @property
    def dimensions(self) -> int:
        """The length of each vector."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), dimensions), each row of length 1."""
        ...

    def embed_question(self, text: str) -> Vectors:
        """Return an array of shape (dimensions,) of length 1."""
        ...
