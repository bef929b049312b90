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
from rag.words import PLURAL

_PRESENT = 0.5  # how strongly a word must be held to count as there


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """The chance (0–1) that the evidence answers a need, whether that is enough, and the words that are missing."""

    chance: float
    enough: bool
    missing: tuple[str, ...]


def features_of(need: Need, ranked: Sequence[Pick]) -> dict[str, float]:
    """Return the features of the best of `ranked` for `need`, each from 0 to 1."""
    best = ranked[0]
    held = _held(need, best)
    total = need.weight or 1.0
    weights = [term.weight for term in need.terms]
    missing = [t.weight for t, h in zip(need.terms, held, strict=True) if h < _PRESENT and not t.light]
    others = [p.source.score for p in ranked if p.source.document.document != best.source.document.document]
    return {
        "near": best.features.near,
        "own": best.features.own,
        "passage": best.features.passage,
        "asked": best.features.asked,
        "sort": best.features.sort,
        "literal": sum(w for w, h in zip(weights, held, strict=True) if h >= PLURAL) / total,
        "missing": sum(missing) / total,
        "heaviest_missing": max(missing, default=0.0) / total,
        "exact_missing": float(any(t.exact and h < _PRESENT for t, h in zip(need.terms, held, strict=True))),
        "margin": best.source.score - max(others, default=0.0),
        "few_terms": float(len(need.terms) < 3),
    }


def judge_evidence(need: Need, ranked: Sequence[Pick]) -> Sufficiency:
    """Return whether the best of `ranked` is enough to answer `need`."""
    if not ranked or not need.terms:
        return Sufficiency(0.0, False, tuple(term.token for term in need.terms))
    weights, threshold = _model()
    features = features_of(need, ranked)
    logit = weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in features.items())
    chance = 1 / (1 + math.exp(-logit))
    held = _held(need, ranked[0])
    missing = tuple(t.token for t, h in zip(need.terms, held, strict=True) if h < _PRESENT and not t.light)
    return Sufficiency(round(chance, 6), chance >= threshold, missing)


def _held(need: Need, best: Pick) -> list[float]:
    tokens = best.source.tokens | frozenset(best.source.about)
    return coverage(need, tokens)


@cache
def _model() -> tuple[dict[str, float], float]:
    stored = json.loads((files("rag") / "sufficiency.json").read_text(encoding="utf-8"))
    return {name: float(weight) for name, weight in stored["weights"].items()}, float(stored["threshold"])
