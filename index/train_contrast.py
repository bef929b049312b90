"""Batches of pairs and a first table go in, a table comes out by which each query finds its own passage.

The symmetric in-batch softmax of Henderson et al. ("Efficient Natural Language Response Suggestion", 2017) over
cosines, with Adam on the rows that a batch touches. Written out in numpy: two cores and a small table need no more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.train_batches import Batch, Ids

Floats = npt.NDArray[np.float32]

_WARM_UP = 100
_LAST_RATE = 0.02
_MEAN_DECAY, _SQUARE_DECAY = 0.9, 0.99


@dataclass(frozen=True, slots=True)
class Settings:
    """How long and how fast to learn; `temperature` divides the cosines."""

    steps: int
    rate: float = 0.01
    temperature: float = 0.05


def contrast(
    table: Floats, batch: Callable[[], Batch], settings: Settings, progress: Callable[[int, float], None]
) -> Floats:
    """Return `table` (tokens, dimensions) after `settings.steps` batches; `progress` gets the step and the loss."""
    table = table.copy()
    means, squares = np.zeros_like(table), np.zeros_like(table)
    seen = np.zeros(len(table), dtype=np.int64)
    for step in range(1, settings.steps + 1):
        queries, passages = batch()
        rows, gradient, loss = _gradient(table, queries, passages, settings.temperature)
        seen[rows] += 1
        times = seen[rows][:, None]
        means[rows] = _MEAN_DECAY * means[rows] + (1 - _MEAN_DECAY) * gradient
        squares[rows] = _SQUARE_DECAY * squares[rows] + (1 - _SQUARE_DECAY) * gradient**2
        mean = means[rows] / (1 - _MEAN_DECAY**times)
        square = squares[rows] / (1 - _SQUARE_DECAY**times)
        rate = settings.rate * min(1.0, step / _WARM_UP) * max(_LAST_RATE, 1 - step / settings.steps)
        table[rows] -= (rate * mean / (np.sqrt(square) + 1e-8)).astype(np.float32)
        progress(step, loss)
    return table


def means_of(ids: Sequence[Ids], size: int) -> Any:
    """Return the sparse matrix of shape (len(ids), size) that takes the mean of each text's rows of a table."""
    from scipy.sparse import csr_matrix

    lengths = np.array([len(one) for one in ids])
    shares = np.repeat(1 / np.maximum(lengths, 1), lengths).astype(np.float32)
    return csr_matrix((shares, np.concatenate(ids), np.concatenate([[0], np.cumsum(lengths)])), (len(ids), size))


def _gradient(
    table: Floats, queries: Sequence[Ids], passages: Sequence[Ids], temperature: float
) -> tuple[npt.NDArray[np.int64], Floats, float]:
    """Return the touched rows, their gradient and the loss of one batch."""
    asked, held = means_of(queries, len(table)), means_of(passages, len(table))
    query, query_length = _unit(asked @ table)
    passage, passage_length = _unit(held @ table)
    alike = query @ passage.T / temperature
    by_query, by_passage = _softmax(alike, 1), _softmax(alike, 0)
    count = len(queries)
    own = np.arange(count)
    loss = float(-np.log(np.maximum(by_query[own, own], 1e-9)).mean())
    pull: Floats = by_query + by_passage
    pull[own, own] -= 2
    pull = np.asarray(pull / (2 * count * temperature), dtype=np.float32)
    sides = [
        _through_unit(np.asarray(pull @ passage), query, query_length),
        _through_unit(np.asarray(pull.T @ query), passage, passage_length),
    ]
    touched = np.unique(np.concatenate([asked.indices, held.indices]))
    gradient = asked.T.tocsr()[touched] @ sides[0] + held.T.tocsr()[touched] @ sides[1]
    return touched, gradient.astype(np.float32), loss


def _unit(vectors: Floats) -> tuple[Floats, Floats]:
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return vectors / lengths, lengths


def _through_unit(gradient: Floats, unit: Floats, lengths: Floats) -> Floats:
    along = (gradient * unit).sum(axis=1, keepdims=True)
    return np.asarray((gradient - along * unit) / lengths, dtype=np.float32)


def _softmax(values: Floats, axis: int) -> Floats:
    powers = np.exp(values - values.max(axis=axis, keepdims=True))
    return np.asarray(powers / powers.sum(axis=axis, keepdims=True), dtype=np.float32)
