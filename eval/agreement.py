"""Two judges' verdicts on the same sentences go in, how far they agree beyond chance comes out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eval.measures import Measure, proportion
from eval.significance import statistic_of


def kappa(one: Sequence[bool], other: Sequence[bool]) -> float | None:
    """Return Cohen's kappa: (observed − expected agreement) / (1 − expected) (Cohen, 1960).

    None without a sentence; 1 when both give all sentences the same one verdict.
    """
    count = len(one)
    if not count:
        return None
    observed = sum(a == b for a, b in zip(one, other, strict=True)) / count
    yes_one, yes_other = sum(one) / count, sum(other) / count
    expected = yes_one * yes_other + (1 - yes_one) * (1 - yes_other)
    return 1.0 if expected == 1.0 else (observed - expected) / (1 - expected)


def agreement(one: Sequence[bool], other: Sequence[bool]) -> list[Measure]:
    """Return the share of sentences on which two judges agree, and Cohen's kappa, both with intervals."""
    first, second = np.asarray(one, dtype=bool), np.asarray(other, dtype=bool)
    return [
        proportion("agreement", [bool(same) for same in first == second]),
        statistic_of("Cohen's kappa", len(first), lambda rows: kappa(list(first[rows]), list(second[rows]))),
    ]
