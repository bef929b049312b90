"""Texts go in, unit vectors come out, by any sentence-transformers model; the door to sentence-transformers.

Knows the model's folder or name and asks no host for it: a model that is not on this machine is an error that says
how to fetch it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import EmbedderError
from index.protocols import Vectors

_BATCH = 64

# Models trained with prompts that their own settings do not name: a part of the name, the question's, the passage's.
_UNSAID_PROMPTS = (("e5-", "query: ", "passage: "),)


class SentenceEmbedder:
    """An `Embedder` made of a loaded sentence-transformers model."""

    def __init__(self, name: str, model: Any) -> None:
        self._model = model
        self.name = name
        self.digest = _digest(model)
        self.dimensions = len(self.embed_question(name))

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), dimensions), each row of length 1 (0 when it knows no word)."""
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        return self._embed(self._model.encode_document, list(texts))

    def embed_question(self, text: str) -> Vectors:
        """Return an array of shape (dimensions,) of length 1 (0 when it knows no word)."""
        vectors: Vectors = self._embed(self._model.encode_query, [text])[0]
        return vectors

    def _embed(self, encode: Any, texts: list[str]) -> Vectors:
        vectors = encode(
            texts,
            batch_size=_BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


def load_embedder(name: str) -> SentenceEmbedder:
    """Load the model in the folder `name`, or the one of that name among the models already on this machine.

    Raises `EmbedderError` when it is not there or cannot be loaded, or when sentence-transformers is missing.
    """
    model = _load("SentenceTransformer", name, "embedder")
    _complete_prompts(name, model)
    return SentenceEmbedder(name, model)


def _load(kind: str, name: str, setting: str) -> Any:
    """Load a model of one of the classes of sentence-transformers, from this machine alone; `setting` names it."""
    try:
        import sentence_transformers
    except ImportError as error:
        raise EmbedderError("embedder.library", name=name, library="sentence-transformers") from error
    if _looks_like_folder(name) and not Path(name).is_dir():
        raise EmbedderError("embedder.folder", name=name, setting=setting)
    try:
        return getattr(sentence_transformers, kind)(name, local_files_only=True)
    except Exception as error:
        # What goes wrong here is another library's, and of every kind: OSError, ValueError, KeyError, RuntimeError.
        key = "embedder.unreadable" if Path(name).is_dir() else "embedder.missing"
        raise EmbedderError(key, name=name, setting=setting, reason=str(error).split("\n", 1)[0]) from error


def _looks_like_folder(name: str) -> bool:
    return Path(name).is_absolute() or name.startswith(".") or name.count("/") > 1


def unsaid_prompts(name: str) -> tuple[str, str]:
    """Return what a model of this name wants before a question and before a passage, "" where it wants nothing."""
    found = ((question, passage) for part, question, passage in _UNSAID_PROMPTS if part in Path(name).name)
    return next(found, ("", ""))


@cache
def load_cross_encoder(name: str) -> Callable[[Sequence[tuple[str, str]]], Any]:
    """Return what scores pairs of a question and a text, by the cross-encoder `name` (a folder or a name).

    Raises `EmbedderError` when it is not there or cannot be loaded, or when sentence-transformers is missing.
    """
    model = _load("CrossEncoder", name, "cross_encoder")
    return lambda pairs: model.predict(list(pairs), show_progress_bar=False)


def _complete_prompts(name: str, model: Any) -> None:
    question, passage = unsaid_prompts(name)
    if (question or passage) and not any((model.prompts or {}).values()):
        model.prompts = {"query": question, "document": passage}


def _digest(model: Any) -> str:
    """Return a hash of all that decides the vectors: weights, tokenizer, prompts, the order of the parts."""
    state = hashlib.sha256()
    for key, weights in sorted(model.state_dict().items()):
        state.update(key.encode("utf-8"))
        state.update(np.ascontiguousarray(weights.detach().cpu().float().numpy()).tobytes())
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", model.tokenizer)
    state.update((tokenizer.to_str() if hasattr(tokenizer, "to_str") else repr(tokenizer)).encode("utf-8"))
    parts = [type(part).__name__ for part in model]
    state.update(repr((sorted((model.prompts or {}).items()), parts, model.max_seq_length)).encode("utf-8"))
    return state.hexdigest()[:32]
