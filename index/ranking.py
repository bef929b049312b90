"""Numbers with their scores go in, best first they come out: of equal scores the lowest number first."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def best_first(numbers: npt.ArrayLike, scores: npt.ArrayLike) -> list[tuple[int, float]]:
    """Return (number, score) pairs, the highest score first."""
    each, scored = np.asarray(numbers, dtype=np.int64), np.asarray(scores, dtype=np.float64)
    order = np.lexsort((each, -scored))
    return list(zip(each[order].tolist(), scored[order].tolist(), strict=True))
