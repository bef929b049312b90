"""A need and its best sentence go in, the chance that the sentence answers it comes out; one threshold decides.

The features are shares of what was asked for: held by the sentence and its neighbour, by the passage with its
question, the names and numbers, and the heaviest word that is nowhere. The weights stand in `sufficiency.json`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rag.extract import Pick, coverage
from rag.need import Need

_PRESENT = 0.5  # how strongly a word must be held to count as there


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """The chance (0–1) that the evidence answers a need, whether that is enough, and the words that are missing."""

    chance: float
    enough: bool
    missing: tuple[str, ...]


def features_of(need: Need, best: Pick) -> dict[str, float]:
    """Return the features of the best sentence for `need`, each from 0 to 1."""
    held = _held(need, best)
    total = need.weight or 1.0
    exact = [(t.weight, h) for t, h in zip(need.terms, held, strict=True) if t.exact]
    missing = [t.weight for t, h in zip(need.terms, held, strict=True) if h < _PRESENT]
    return {
        "near": best.features.near,
        "own": best.features.own,
        "passage": best.features.passage,
        "asked": best.features.asked,
        "sort": best.features.sort,
        "exact_missing": float(any(h < _PRESENT for _, h in exact)),
        "heaviest_missing": max(missing, default=0.0) / total,
        "few_terms": float(len(need.terms) < 2),
    }


def judge_evidence(need: Need, ranked: Sequence[Pick]) -> Sufficiency:
    """Return whether the best of `ranked` is enough to answer `need`."""
    if not ranked or not need.terms:
        return Sufficiency(0.0, False, tuple(term.token for term in need.terms))
    weights, threshold = _model()
    features = features_of(need, ranked[0])
    logit = weights["bias"] + sum(weights[name] * value for name, value in features.items())
    chance = 1 / (1 + math.exp(-logit))
    held = _held(need, ranked[0])
    missing = tuple(t.token for t, h in zip(need.terms, held, strict=True) if h < _PRESENT)
    return Sufficiency(round(chance, 6), chance >= threshold, missing)


def _held(need: Need, best: Pick) -> list[float]:
    tokens = best.source.tokens | frozenset(best.source.about)
    return coverage(need, tokens)


@cache
def _model() -> tuple[dict[str, float], float]:
    stored = json.loads((files("rag") / "sufficiency.json").read_text(encoding="utf-8"))
    return {name: float(weight) for name, weight in stored["weights"].items()}, float(stored["threshold"])
