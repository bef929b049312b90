"""A store goes in, the same documents with the same vectors come out in another place: a folder, or a server of Milvus.

No text is read, cut or embedded again, and so no model is needed. Source files that a folder keeps stay there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from index.errors import EmbedderError, StoreError
from index.protocols import Vectors
from index.store.manifest import EmbedderMark, Manifest
from index.store.snapshot import Snapshot
from index.where import Where, open_store, prepare, writer

_RESTS_AFTER = 500  # documents


@dataclass(slots=True)
class CopiedVectors:
    """An `Embedder` that knows the vectors of the document that is being copied, and no others."""

    mark: EmbedderMark
    known: dict[str, Vectors] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the embedder that made them."""
        return self.mark.name

    @property
    def digest(self) -> str:
        """Its digest."""
        return self.mark.digest

    @property
    def dimensions(self) -> int:
        """The length of each vector."""
        return self.mark.dimensions

    def learn(self, vectors: Mapping[str, Vectors]) -> None:
        """Know the vectors of some more words."""
        self.known.update(vectors)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), dimensions)."""
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        return np.stack([self.known[text] for text in texts])

    def embed_question(self, text: str) -> Vectors:
        """Raise `EmbedderError`: nothing is asked while a store is copied."""
        raise EmbedderError("embedder.none", folder=text)


def copy_store(
    source: Where, target: Where, on_document: Callable[[int, int], None] = lambda _done, _total: None
) -> Manifest:
    """Copy the store at `source` to `target`, where there is none, an empty one, or one whose copying was broken off.

    `on_document` is told how many documents are done, and how many there are. Raises `StoreError` when `target` holds
    other documents.
    """
    with open_store(source).snapshot() as snapshot:
        prepare(target)
        _refuse_others(snapshot, target)
        total = snapshot.manifest.documents
        vectors = CopiedVectors(snapshot.manifest.embedder) if snapshot.manifest.embedder else None
        with writer(target, vectors, encoding=snapshot.manifest.encoding) as writing:
            for done, whole in enumerate(snapshot.wholes(), 1):
                if vectors is not None:
                    vectors.learn(whole.vectors)
                writing.put(whole.reading, whole.path)
                if done % _RESTS_AFTER == 0:
                    writing.commit(partial=True)
                    if vectors is not None:
                        vectors.known.clear()
                on_document(done, total)
            for file in snapshot.files():
                writing.attach(replace(file, kept=""))
            writing.commit()
            return writing.manifest


def _refuse_others(snapshot: Snapshot, target: Where) -> None:
    with open_store(target).snapshot() as there:
        if any(snapshot.document(document.document) is None for document in there.documents()):
            raise StoreError("store.target", folder=target)
