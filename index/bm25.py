"""Profiles and what a question's terms weigh go in, the scores come out that the lexical engine gives the passages.

BM25 with k1 = 1.2 and b = 0.75 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009). The engine
holds the length of a field in one byte: from 40 on it knows eight lengths between a power of two and the next, less 24.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.profiles import Ints, Profiles

Floats = npt.NDArray[np.float64]

K1, B = 1.2, 0.75
_EXACT = 24  # what all lengths held in one byte are counted from


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the engine knows of a field: how many passages there are, removed ones too, and their average length."""

    passages: int
    length: float

    def rarity(self, frequency: int) -> float:
        """Return the weight of a term that `frequency` passages hold."""
        return math.log(1 + (self.passages - frequency + 0.5) / (frequency + 0.5))


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the engine: from the first to the last part of a profile that it is made of.

    `weights` are what each term asked for weighs in it, by code, and `average` its average length.
    """

    first: int
    last: int
    weights: Mapping[int, float]
    average: float


def bm25(profiles: Profiles, fields: Sequence[Field]) -> Floats:
    """Return the score of each profile, summed over fields."""
    codes = sorted({code for field in fields for code in field.weights})
    found = profiles.find(np.array(codes, dtype=np.uint32))
    scores = np.zeros(len(profiles))
    for field in fields:
        counts = found.within(field.first, field.last).counted(len(profiles))
        lengths = held_lengths(profiles.lengths[:, field.first : field.last + 1].sum(axis=1))
        saturated = counts / (counts + K1 * (1 - B + B * lengths[:, None] / field.average))
        scores += saturated @ np.array([field.weights.get(code, 0.0) * (K1 + 1) for code in codes])
    return scores


def held_lengths(lengths: Ints) -> Ints:
    """Return the lengths that the engine takes these for."""
    over = np.maximum(lengths - _EXACT, 0)
    spare = np.maximum(np.frexp(over)[1].astype(np.int64) - 4, 0)
    held: Ints = np.minimum(lengths, _EXACT) + (over >> spare << spare)
    return held
