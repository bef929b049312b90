"""Rows of features go in, weights come out: a conditional logit, a logistic regression and the threshold for it.

Knows nothing of questions and answers; folds keep what belongs together together.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
FOLDS = 5
_GRID = 100
_FEWEST = 30  # let through, before the bound may end the search: with fewer it says nothing


@dataclass(frozen=True, slots=True)
class Lists:
    """The lines of each case as rows of features, whether each is right, and how much each case weighs."""

    rows: tuple[Floats, ...]
    right: tuple[npt.NDArray[np.bool_], ...]
    weights: Floats


def fit_lists(lists: Lists, strength: float) -> Floats:
    """Return the weights under which the right lines get most of a softmax over all lines of their case.

    Conditional logit (McFadden 1974) with an L2 penalty of `strength` a case.
    """
    from scipy.optimize import minimize

    total = float(lists.weights.sum())

    def loss(weights: Floats) -> tuple[float, Floats]:
        value, slope = 0.5 * strength * float(weights @ weights), strength * weights
        for rows, right, weight in zip(lists.rows, lists.right, lists.weights, strict=True):
            scores = rows @ weights
            share = np.exp(scores - scores.max())
            among_right = np.where(right, share, 0.0)
            value -= weight / total * float(np.log(among_right.sum() / share.sum()))
            slope = slope + weight / total * ((share / share.sum() - among_right / among_right.sum()) @ rows)
        return value, slope

    fitted: Floats = minimize(loss, np.zeros(lists.rows[0].shape[1]), jac=True, method="L-BFGS-B").x
    return fitted


def folds_of(groups: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return the fold of each group, the same for the same group, by a hash that does not change."""
    return np.array([zlib.crc32(group.encode()) % FOLDS for group in groups], dtype=np.int64)


def fit_chance(rows: Floats, labels: Floats, weights: Floats, strength: float) -> tuple[Floats, float]:
    """Return (weights, bias) of an L2 logistic regression."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, max_iter=5000)
    model.fit(rows, labels, sample_weight=weights)
    return model.coef_[0], float(model.intercept_[0])


def chances(rows: Floats, fitted: tuple[Floats, float]) -> Floats:
    """Return the chance of each row."""
    answer: Floats = 1 / (1 + np.exp(-(rows @ fitted[0] + fitted[1])))
    return answer


def threshold_of(chances_of: Floats, right: npt.NDArray[np.bool_], most_wrong: float) -> float:
    """Return the lowest threshold of a fixed grid, strict to lax, before too much of what it lets through is wrong.

    Too many: the one-sided Clopper–Pearson 95 % upper bound of the share of wrong ones (Clopper and Pearson,
    Biometrika 1934) exceeds `most_wrong`; 1 when even the strictest threshold does.
    """
    from scipy.stats import beta

    kept = 1.0
    for step in range(_GRID - 1, 0, -1):
        threshold = step / _GRID
        through = chances_of >= threshold
        wrong, good = int((through & ~right).sum()), int((through & right).sum())
        if wrong + good == 0 or (good and float(beta.ppf(0.95, wrong + 1, good)) <= most_wrong):
            kept = threshold
        elif wrong + good >= _FEWEST:
            break
    return kept
