"""Curves: how well a chance (0–1) that a question can be answered tells those that can be from those that cannot.

The risk is the share without an answer among the questions that would be answered, the surest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

Point = tuple[float, float]
BINS = 10


def risk_coverage(chances: Sequence[float], answerable: Sequence[bool]) -> list[Point]:
    """Return (coverage, risk) after each question, the surest first (El-Yaniv & Wiener, JMLR 2010).

    Questions with the same chance stand in no order: each of them carries the mean error of their group.
    """
    ordered = sorted(zip(chances, answerable, strict=True), key=lambda pair: -pair[0])
    points: list[Point] = []
    errors = 0.0
    for _, group in groupby(ordered, key=lambda pair: pair[0]):
        members = [is_answerable for _, is_answerable in group]
        share = sum(not is_answerable for is_answerable in members) / len(members)
        for _ in members:
            errors += share
            covered = len(points) + 1
            points.append((covered / len(ordered), errors / covered))
    return points


def aurc(chances: Sequence[float], answerable: Sequence[bool]) -> float | None:
    """Return the area under the risk–coverage curve: the mean risk over all coverages (Geifman et al., ICLR 2019)."""
    points = risk_coverage(chances, answerable)
    return sum(risk for _, risk in points) / len(points) if points else None


def auroc(chances: Sequence[float], answerable: Sequence[bool]) -> float | None:
    """Return how often an answerable question has the higher chance of a pair; ties count half (Mann–Whitney)."""
    yes = [chance for chance, is_answerable in zip(chances, answerable, strict=True) if is_answerable]
    no = [chance for chance, is_answerable in zip(chances, answerable, strict=True) if not is_answerable]
    if not yes or not no:
        return None
    return sum((a > b) + 0.5 * (a == b) for a in yes for b in no) / (len(yes) * len(no))


def brier(chances: Sequence[float], answerable: Sequence[bool]) -> float | None:
    """Return the mean squared difference of chance and outcome (Brier, 1950)."""
    pairs = list(zip(chances, answerable, strict=True))
    return sum((chance - is_answerable) ** 2 for chance, is_answerable in pairs) / len(pairs) if pairs else None


def calibration(chances: Sequence[float], answerable: Sequence[bool]) -> list[tuple[float, float, int]]:
    """Return (mean chance, share answerable, how many) for each of ten bins of equal width that holds a question."""
    rows = []
    for place in range(BINS):
        inside = [
            (chance, is_answerable)
            for chance, is_answerable in zip(chances, answerable, strict=True)
            if min(BINS - 1, int(chance * BINS)) == place
        ]
        if inside:
            mean = sum(chance for chance, _ in inside) / len(inside)
            rows.append((mean, sum(is_answerable for _, is_answerable in inside) / len(inside), len(inside)))
    return rows


def ece(chances: Sequence[float], answerable: Sequence[bool]) -> float | None:
    """Return the expected calibration error: Σ n_b/n · |share − mean chance| (Naeini et al., AAAI 2015)."""
    rows, total = calibration(chances, answerable), len(chances)
    return sum(count / total * abs(share - mean) for mean, share, count in rows) if total else None
