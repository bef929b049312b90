"""Pairs of texts that belong together go in, batches of them come out, each batch from one source only.

Within one source the other pairs of a batch are the harder to tell apart. In half of the pairs the passage loses the
words of its question: what words share is the lexical leg's work, what they mean must be learned from the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int32]
Batch = tuple[list[Ids], list[Ids]]

KIND_WEIGHTS = {
    "title-question": 0.5,
    "title-answer": 1.0,
    "question-answer": 1.0,
    "part": 2.0,
    "titled-part": 1.0,
    "introduction": 0.5,
}

_LONGEST_QUERY = 120
_LONGEST_SENTENCE = 60
_NEAR = 6
_FEWEST_LEFT = 5


@dataclass(frozen=True, slots=True)
class Pairs:
    """Given pairs; `weights` says how often each is drawn. `lengths` are the passages' crops, in tokens."""

    queries: Sequence[Ids]
    passages: Sequence[Ids]
    weights: npt.NDArray[np.float64]
    lengths: tuple[int, int] = (60, 300)


@dataclass(frozen=True, slots=True)
class Texts:
    """Running texts as sentences: a sentence is paired with what stands around it."""

    sentences: Sequence[Sequence[Ids]]
    lengths: tuple[int, int] = (40, 160)


def draw(source: Pairs | Texts, size: int, masked: float, chance: np.random.Generator) -> Batch:
    """Return `size` queries and their passages; of a share `masked` the passage loses the query's words."""
    if isinstance(source, Pairs):
        rows = chance.choice(len(source.weights), size, p=source.weights)
        pairs = [(_crop(source.queries[row], _LONGEST_QUERY, chance), source.passages[row]) for row in rows]
    else:
        rows = chance.integers(len(source.sentences), size=size)
        pairs = [_sentence_and_rest(source.sentences[row], chance) for row in rows]
    lengths = chance.integers(source.lengths[0], source.lengths[1] + 1, size=size)
    hidden = chance.random(size) < masked
    queries = [query for query, _ in pairs]
    passages = [_crop(passage, int(length), chance) for (_, passage), length in zip(pairs, lengths, strict=True)]
    return queries, [
        _without(passage, query) if hide else passage
        for passage, query, hide in zip(passages, queries, hidden, strict=True)
    ]


def _sentence_and_rest(sentences: Sequence[Ids], chance: np.random.Generator) -> tuple[Ids, Ids]:
    place = int(chance.integers(len(sentences)))
    around = [
        part for other, part in enumerate(sentences) if other != place and abs(other - place) <= _NEAR and len(part)
    ]
    rest = np.concatenate(around) if around else sentences[place]
    return _crop(sentences[place], _LONGEST_SENTENCE, chance), rest


def _crop(ids: Ids, length: int, chance: np.random.Generator) -> Ids:
    if len(ids) <= length:
        return ids
    start = int(chance.integers(len(ids) - length + 1))
    return ids[start : start + length]


def _without(passage: Ids, query: Ids) -> Ids:
    left = passage[~np.isin(passage, query)]
    return left if len(left) >= _FEWEST_LEFT else passage
