"""Rankings and their gold go in, the measures of the literature with their intervals come out. Knows no search.

The measures are those of ir-measures. trec_eval orders by score, held as a 32-bit float, and breaks ties by identifier:
a run is therefore written with the score 1000 − rank. A question without any result counts with 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from eval.measures import Measure
from index.errors import VraagbaakError

MEASURES = ("nDCG@10", "RR@10", "R@1", "R@5", "R@10", "R@50")
DEPTH = 50

Run = Mapping[str, Sequence[str]]
Gold = Mapping[str, Sequence[str]]
Values = npt.NDArray[np.float64]

_RESAMPLES = 5_000
_SEED = 1848
_TOP_SCORE = 1_000


class EvaluationError(VraagbaakError):
    """An evaluation that cannot be run as it was asked for."""


def scores(run: Run, gold: Gold, names: Sequence[str] = MEASURES) -> dict[str, Values]:
    """Return each of the measures `names` for every question of `gold`, in its order, arrays of shape (questions,)."""
    ir = _ir_measures()
    measures = {str(measure): measure for measure in map(ir.parse_measure, names)}
    qrels = [ir.Qrel(question, found, 1) for question, right in gold.items() for found in right]
    ranked = [
        ir.ScoredDoc(question, found, _TOP_SCORE - rank)
        for question in gold
        for rank, found in enumerate(run.get(question, ()), 1)
    ]
    place = {question: row for row, question in enumerate(gold)}
    values = {name: np.zeros(len(gold)) for name in measures}
    for metric in ir.iter_calc(list(measures.values()), qrels, ranked):
        values[str(metric.measure)][place[metric.query_id]] = metric.value
    return values


def mean(name: str, values: Values) -> Measure:
    """Return the mean with its 95 % percentile bootstrap interval over questions (5,000 resamples, fixed seed).

    For the difference of two systems on the same questions give the differences: the interval is then the paired one.
    """
    count = len(values)
    if not count:
        return Measure(name, None, 0)
    chance = np.random.default_rng(_SEED)
    means = [values[chance.integers(count, size=count)].mean() for _ in range(_RESAMPLES)]
    low, high = np.percentile(means, (2.5, 97.5))
    return Measure(name, float(values.mean()), count, float(low), float(high))


def write_run(run: Run, path: Path, tag: str) -> None:
    """Write a ranking in TREC's format: question, Q0, what was found, rank, score, tag."""
    lines = [
        f"{question} Q0 {found} {rank} {_TOP_SCORE - rank} {tag}\n"
        for question, ranking in run.items()
        for rank, found in enumerate(ranking, 1)
    ]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def _ir_measures() -> Any:
    try:
        import ir_measures
    except ImportError as error:
        raise EvaluationError("eval.library", library="ir-measures") from error
    return ir_measures
