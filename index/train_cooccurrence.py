"""Texts as token numbers go in, first vectors come out: tokens that keep the same company get alike vectors.

Positive pointwise mutual information within five words, factored by a truncated singular value decomposition (Levy,
Goldberg & Dagan, "Improving Distributional Similarity with Lessons Learned from Word Embeddings", TACL 2015).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]

_WINDOW = 5
_KEPT_SHARE = 1e-4  # of very frequent tokens only some occurrences are counted, as in word2vec
_SMOOTHING = 0.75


def first_vectors(texts: Sequence[Ids], size: int, dimensions: int, seed: int) -> Floats:
    """Return an array of shape (size, dimensions): unit vectors, 0 for tokens that were never seen."""
    from sklearn.utils.extmath import randomized_svd

    information = _information(_stream(texts, size, seed), size)
    left, values, _ = randomized_svd(information, dimensions, n_iter=3, n_oversamples=20, random_state=seed)
    vectors: Floats = (left * np.sqrt(values)).astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = np.zeros_like(vectors)
    np.divide(vectors, lengths, out=unit, where=lengths > 1e-6)
    return unit


def shares(texts: Sequence[Ids], size: int) -> npt.NDArray[np.float64]:
    """Return which share of all tokens each token is, an array of shape (size,)."""
    counts = np.bincount(np.concatenate(texts), minlength=size)
    return np.asarray(counts / max(1, counts.sum()), dtype=np.float64)


def _stream(texts: Sequence[Ids], size: int, seed: int) -> npt.NDArray[np.int64]:
    """Return all texts in a row, thinned, with −1 between texts so that no window reaches over a border."""
    border = np.full(_WINDOW, -1, dtype=np.int32)
    stream = np.concatenate([part for text in texts for part in (text, border)]).astype(np.int64)
    kept = np.minimum(1.0, np.sqrt(_KEPT_SHARE / np.maximum(shares(texts, size), 1e-12)))
    chosen = np.random.default_rng(seed).random(len(stream)) < kept[np.maximum(stream, 0)]
    return stream[(stream < 0) | chosen]


def _information(stream: npt.NDArray[np.int64], size: int) -> Any:
    from scipy.sparse import csr_matrix

    counts = csr_matrix((size, size), dtype=np.float32)
    for distance in range(1, _WINDOW + 1):
        one, other = stream[:-distance], stream[distance:]
        both = (one >= 0) & (other >= 0)
        pairs, times = np.unique(one[both] * size + other[both], return_counts=True)
        weight = np.float32((_WINDOW + 1 - distance) / _WINDOW)
        counts = counts + csr_matrix((times * weight, (pairs // size, pairs % size)), shape=(size, size))
    counts = (counts + counts.T).tocoo()
    totals = np.asarray(counts.sum(axis=1)).ravel()
    smoothed = totals**_SMOOTHING / max(float((totals**_SMOOTHING).sum()), 1.0)
    expected = np.maximum(totals[counts.row] * smoothed[counts.col], 1e-12)
    values = np.log(np.maximum(counts.data, 1e-9) / expected)
    kept = values > 0
    return csr_matrix((values[kept].astype(np.float32), (counts.row[kept], counts.col[kept])), shape=(size, size))
