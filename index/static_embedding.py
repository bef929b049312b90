"""Texts go in, unit vectors come out, by our own Dutch embedding and without torch.

A text's vector is the mean of its tokens' vectors, scaled to length 1. Knows the folder `model/`: a tokenizer, and a
table of 8-bit numbers with one scale for each row, in the form that model2vec and sentence-transformers read too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from importlib.resources import as_file, files
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import EmbedderError
from index.protocols import Vectors

BUNDLED = "bundled"
WEIGHTS_FILE = "model.safetensors"
TOKENIZER_FILE = "tokenizer.json"

_ENCODED_AT_ONCE = 512
_KEPT_STRETCHES = 400_000
_FEW = 64  # stretches of text: no more than a question has
# What does not look over a blank, so that a text's tokens are those of the stretches between its blanks.
_NORMALIZERS = frozenset({"NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents"})
_BLANK_TO_PYTHON_ALONE = "\x1c\x1d\x1e\x1f"
_KINDS = {"I8": np.int8, "F16": np.float16, "F32": np.float32}


class StaticEmbedder:
    """An `Embedder` made of a tokenizer and a table with a vector for each token."""

    def __init__(self, name: str, folder: Path) -> None:
        """Read the model in `folder`; raise `EmbedderError` when it cannot be read."""
        self.name = name
        try:
            weights = (folder / WEIGHTS_FILE).read_bytes()
            tokenizer = (folder / TOKENIZER_FILE).read_bytes()
            tensors = _tensors(weights)
            self._numbers, self._scales = tensors["embeddings"], tensors["weights"].astype(np.float32)
            self._tokenizer = _tokenizer(tokenizer)
            self._blanks_part = _blanks_part(json.loads(tokenizer))
        except (OSError, ValueError, KeyError) as error:
            raise EmbedderError("embedder.unreadable", name=str(folder), setting="embedder", reason=error) from error
        self._hashed = (weights, tokenizer)
        self._known: dict[str, tuple[int, ...]] = {}

    @cached_property
    def digest(self) -> str:
        """A hash over the weights and the tokenizer."""
        state = hashlib.sha256()
        for part in self._hashed:
            state.update(part)
        return state.hexdigest()[:32]

    @property
    def dimensions(self) -> int:
        """The length of each vector."""
        return int(self._numbers.shape[1])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), dimensions), each row of length 1 (0 when it knows no word)."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), _ENCODED_AT_ONCE):
            part = list(texts[start : start + _ENCODED_AT_ONCE])
            for row, ids in enumerate(self._encoded(part), start):
                tokens = np.asarray(ids, dtype=np.intp)
                # One row's scales times its tokens' numbers: the sum of their vectors, fifteen times as fast as adding.
                vectors[row] = self._scales[tokens] @ np.take(self._numbers, tokens, axis=0).astype(np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, lengths, out=vectors, where=lengths > 0)
        return vectors

    def _encoded(self, texts: list[str]) -> list[list[int]]:
        """Return the tokens of each text: ten times as fast where each stretch between blanks is encoded only once."""
        if not self._blanks_part or any(sign in text for sign in _BLANK_TO_PYTHON_ALONE for text in texts):
            return [found.ids for found in self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)]
        known, apart = self._known, [text.split() for text in texts]
        if len(known) > _KEPT_STRETCHES:
            # Begun again, and not emptied: another thread may be at work with it.
            known = self._known = {}
        new = list(set().union(*apart).difference(known))
        if len(new) < _FEW:
            # The library hands a batch to other threads, which a question then waits for.
            encoded = [self._tokenizer.encode(stretch, add_special_tokens=False) for stretch in new]
        else:
            encoded = self._tokenizer.encode_batch_fast(new, add_special_tokens=False)
        known.update((stretch, tuple(found.ids)) for stretch, found in zip(new, encoded, strict=True))
        return [list(chain.from_iterable(map(known.__getitem__, stretches))) for stretches in apart]

    def embed_question(self, text: str) -> Vectors:
        """Return an array of shape (dimensions,) of length 1 (0 when it knows no word)."""
        vector: Vectors = self.embed_passages([text])[0]
        return vector


def bundled() -> StaticEmbedder:
    """Return the embedding that is shipped with the package."""
    with as_file(files("index") / "model") as folder:
        return StaticEmbedder(BUNDLED, folder)


def _tensors(data: bytes) -> dict[str, Any]:
    """Return the arrays of a safetensors file: an 8-byte length, a JSON header, the numbers."""
    size = int.from_bytes(data[:8], "little")
    header: dict[str, Any] = json.loads(data[8 : 8 + size])
    found = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        first, last = entry["data_offsets"]
        numbers = np.frombuffer(data[8 + size + first : 8 + size + last], dtype=_KINDS[entry["dtype"]])
        found[name] = numbers.reshape(entry["shape"])
    return found


def _blanks_part(tokenizer: dict[str, Any]) -> bool:
    """Whether a tokenizer takes each stretch of text between blanks apart by itself, as far as we know them."""
    normalizer = tokenizer.get("normalizer") or {}
    kinds = {part["type"] for part in normalizer.get("normalizers", [normalizer] if normalizer else [])}
    pre_tokenizer, model = tokenizer.get("pre_tokenizer") or {}, tokenizer.get("model") or {}
    by_words = (pre_tokenizer.get("type"), model.get("type")) == ("BertPreTokenizer", "WordPiece")
    return by_words and kinds <= _NORMALIZERS and not tokenizer.get("added_tokens")


def _tokenizer(data: bytes) -> Any:
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise EmbedderError("embedder.library", name=BUNDLED, library="tokenizers") from error
    try:
        return Tokenizer.from_str(data.decode("utf-8"))
    except Exception as error:
        # The tokenizers library raises bare `Exception` for whatever it cannot read.
        raise ValueError(str(error)) from error
