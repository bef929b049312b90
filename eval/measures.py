"""Measures as values with the names of the literature; an unanswered question counts with its default."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """A mean over `count` cases, with its 95 % interval (None where there is no case)."""

    name: str
    value: float | None
    count: int
    low: float | None = None
    high: float | None = None


def proportion(name: str, outcomes: Sequence[bool]) -> Measure:
    """Return the share of true outcomes with its Wilson score interval (Wilson, JASA 1927), z = 1.96."""
    count = len(outcomes)
    if not count:
        return Measure(name, None, 0)
    share, z = sum(outcomes) / count, 1.959964
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return Measure(name, share, count, max(0.0, centre - half), min(1.0, centre + half))


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile of at least one value."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]
