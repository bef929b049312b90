"""Values of single questions go in, intervals and tests of differences come out; the same every time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from eval.measures import Measure, proportion

Values = npt.NDArray[np.float64]
Statistic = Callable[[npt.NDArray[np.int64]], float | None]

RESAMPLES = 2_000
FLIPS = 10_000
_SEED = 1848
_NORMAL = NormalDist()
_CELLS = 4_000_000  # how many random numbers are held at once


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean difference over paired questions with its 95 % interval, and how often chance alone gives as much."""

    value: float
    count: int
    low: float
    high: float
    p: float


def mean_of(name: str, values: Sequence[float]) -> Measure:
    """Return a mean with its 95 % interval: Wilson's for shares of yes and no, BCa for all other values.

    A bootstrap of values that are all equal has no width; the Wilson interval of a share does.
    """
    if all(value in (0.0, 1.0) for value in values):
        return proportion(name, [value == 1.0 for value in values])
    return Measure(name, float(np.mean(values)), len(values), *bca(np.asarray(values, dtype=np.float64)))


def statistic_of(name: str, count: int, statistic: Statistic) -> Measure:
    """Return any statistic of `count` cases with its percentile bootstrap interval over cases.

    `statistic` takes the places of cases (an array of shape (count,)) and may return None where it is not defined;
    such resamples are left out of the interval.
    """
    value = statistic(np.arange(count)) if count else None
    if value is None:
        return Measure(name, None, 0)
    chance = np.random.default_rng(_SEED)
    drawn = [statistic(chance.integers(count, size=count)) for _ in range(RESAMPLES // 4)]
    low, high = np.percentile([found for found in drawn if found is not None], (2.5, 97.5))
    return Measure(name, value, count, float(low), float(high))


def bca(values: Values, resamples: int = RESAMPLES) -> tuple[float, float]:
    """Return the 95 % bias-corrected and accelerated bootstrap interval of the mean (Efron, JASA 1987)."""
    count, mean = len(values), values.mean()
    deviations = values - mean
    spread = float((deviations**2).sum())
    if count < 2 or spread < 1e-12:
        return float(mean), float(mean)
    means = _resampled_means(values, resamples)
    # The share of resampled means below the mean, ties by half; the acceleration is the jackknife's skewness.
    below = float((np.sum(means < mean - 1e-12) + 0.5 * np.sum(np.abs(means - mean) <= 1e-12)) / resamples)
    bias = _NORMAL.inv_cdf(min(max(below, 1 / (resamples + 1)), resamples / (resamples + 1)))
    acceleration = float((deviations**3).sum()) / (6 * spread**1.5)

    def adjusted(level: float) -> float:
        z = bias + _NORMAL.inv_cdf(level)
        return 100 * _NORMAL.cdf(bias + z / (1 - acceleration * z))

    low, high = np.percentile(means, (adjusted(0.025), adjusted(0.975)))
    return float(low), float(high)


def sign_flip(differences: Sequence[float] | Values, flips: int = FLIPS) -> float:
    """Return the p of the paired randomisation test: p = (1 + #{|mean(s·d)| ≥ |mean d|}) / (B + 1), two-sided.

    Fisher's test with random signs s; Smucker, Allan & Carterette, CIKM 2007.
    """
    found = np.asarray(differences, dtype=np.float64)
    found = found[np.abs(found) > 1e-12]
    if not len(found):
        return 1.0
    observed, extreme, chance = abs(found.sum()), 0, np.random.default_rng(_SEED)
    step = max(1, _CELLS // len(found))
    for start in range(0, flips, step):
        signs = chance.integers(0, 2, size=(min(step, flips - start), len(found)), dtype=np.int8) * 2 - 1
        extreme += int((np.abs(signs @ found) >= observed - 1e-9).sum())
    return (1 + extreme) / (flips + 1)


def paired(one: Sequence[float], other: Sequence[float]) -> Difference:
    """Return the mean of `one` − `other` over the same questions, with its BCa interval and its p."""
    differences = np.asarray(one, dtype=np.float64) - np.asarray(other, dtype=np.float64)
    if not len(differences):
        return Difference(0.0, 0, 0.0, 0.0, 1.0)
    low, high = bca(differences)
    return Difference(float(differences.mean()), len(differences), low, high, sign_flip(differences))


def holm(ps: Sequence[float]) -> list[float]:
    """Return the p's as Holm adjusts them for being several (Scandinavian Journal of Statistics, 1979), in order."""
    adjusted, highest = [0.0] * len(ps), 0.0
    for rank, place in enumerate(sorted(range(len(ps)), key=lambda place: ps[place])):
        highest = max(highest, min(1.0, (len(ps) - rank) * ps[place]))
        adjusted[place] = highest
    return adjusted


def corrected(judged: Sequence[float], labelled: Sequence[float], truth: Sequence[float]) -> tuple[float, float]:
    """Return a judge's mean put right by a labelled sample, and half the width of its 95 % interval.

    Prediction-powered inference: θ = mean(ŷ unlabelled) − mean(ŷ labelled − y), half = z·√(var ŷ_u / N + var(ŷ_l − y)
    / n) (Angelopoulos et al., Science 2023; ARES, NAACL 2024).
    """
    unlabelled = np.asarray(judged, dtype=np.float64)
    errors = np.asarray(labelled, dtype=np.float64) - np.asarray(truth, dtype=np.float64)
    spread = unlabelled.var(ddof=1) / len(unlabelled) + errors.var(ddof=1) / len(errors)
    return float(unlabelled.mean() - errors.mean()), _NORMAL.inv_cdf(0.975) * float(np.sqrt(spread))


def _resampled_means(values: Values, resamples: int) -> Values:
    chance, count = np.random.default_rng(_SEED), len(values)
    step = max(1, _CELLS // count)
    parts = [
        values[chance.integers(count, size=(min(step, resamples - start), count))].mean(axis=1)
        for start in range(0, resamples, step)
    ]
    return np.concatenate(parts)
