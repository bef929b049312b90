"""A need and its ranked sentences go in, the chance that they answer it comes out; one threshold decides.

The features say how much of what was asked for the best sentence, its neighbours and its passage hold, which names,
numbers and heaviest words are nowhere, and how far the best stands above the rest. The weights stand in
`sufficiency.json`, fitted by `eval.fit_answers`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rag.need import Need
from rag.rank import Pick, coverage
from rag.words import PLURAL

_TAKEN = ("near", "next", "passage", "asked", "alike", "sort", "counted", "focus", "place", "lead")
FEATURES = (
    *_TAKEN,
    *("literal", "missing", "heaviest_missing", "second_missing", "missing_here", "exact_missing"),
    *("exact_missing_here", "margin", "few_terms", "top_score", "top_gap", "uncounted"),
    *("missing_there", "exact_missing_there", "missing_anywhere"),
)
_PRESENT = 0.5  # how strongly a word must be held to count as there
_HERE = 2  # sentences on either side of the best
_MOST_MARGIN, _MOST_GAP = 0.6, 0.8  # a small library has no rival to an answer, and is no surer for it
_MOST_MISSING = 0.6  # the share of what was asked for that may be nowhere
_SCALE = 10.0  # of the scores of the ranking, so that every feature is of the same order


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """The chance (0–1) that the evidence answers a need, whether that is enough, and the words that are missing."""

    chance: float
    enough: bool
    missing: tuple[str, ...]


def features_of(need: Need, ranked: Sequence[Pick]) -> dict[str, float]:
    """Return the features of the best of `ranked` for `need`."""
    best = ranked[0]
    total = need.weight or 1.0
    held = _held(need, best)
    around = best.source.lines[max(0, best.line - _HERE) : best.line + _HERE + 1]
    here = coverage(need, frozenset(token for line in around for token in line.tokens))
    weights = [term.weight for term in need.terms]
    lacking = [t.weight for t, h in zip(need.terms, held, strict=True) if h < _PRESENT and not t.light]
    missing = sorted(lacking, reverse=True)
    there = _union(need, [p for p in ranked if p.source.document.document == best.source.document.document])
    anywhere = _union(need, ranked)
    others = [p for p in ranked if p.source.document.document != best.source.document.document]
    return {name: best.features[name] for name in _TAKEN} | {
        "literal": sum(w for w, h in zip(weights, held, strict=True) if h >= PLURAL) / total,
        "missing": sum(missing) / total,
        "heaviest_missing": sum(missing[:1]) / total,
        "second_missing": sum(missing[1:2]) / total,
        "missing_here": sum(w * (1 - h) for w, h in zip(weights, here, strict=True)) / total,
        "exact_missing": float(any(t.exact and h < _PRESENT for t, h in zip(need.terms, held, strict=True))),
        "exact_missing_here": float(any(t.exact and h < _PRESENT for t, h in zip(need.terms, here, strict=True))),
        "margin": min(_MOST_MARGIN, best.source.score - max((p.source.score for p in others), default=0.0)),
        "uncounted": float(bool(need.counted) and best.features["counted"] < _PRESENT),
        "missing_there": sum(w * (1 - h) for w, h in zip(weights, there, strict=True)) / total,
        "exact_missing_there": float(any(t.exact and h < _PRESENT for t, h in zip(need.terms, there, strict=True))),
        "missing_anywhere": sum(w * (1 - h) for w, h in zip(weights, anywhere, strict=True)) / total,
        "few_terms": float(len(need.terms) < 3),
        "top_score": best.score / _SCALE,
        "top_gap": min(_MOST_GAP, (best.score - (others[0].score if others else 0.0)) / _SCALE),
    }


def judge_evidence(need: Need, ranked: Sequence[Pick]) -> Sufficiency:
    """Return whether the best of `ranked` is enough to answer `need`."""
    if not ranked or not need.terms:
        return Sufficiency(0.0, False, tuple(term.token for term in need.terms))
    model = _model()
    features = features_of(need, ranked)
    logit = model["bias"] + sum(model.get(name, 0.0) * value for name, value in features.items())
    chance = 1 / (1 + math.exp(-logit))
    held = _held(need, ranked[0])
    missing = tuple(t.token for t, h in zip(need.terms, held, strict=True) if h < _PRESENT and not t.light)
    enough = chance >= model["threshold"] and features["missing"] < _MOST_MISSING
    return Sufficiency(round(chance, 6), enough, missing)


def _union(need: Need, picks: Sequence[Pick]) -> list[float]:
    """Return how strongly each term is held by any of the passages of `picks` or by what stands beside them."""
    sources = {pick.source.passage.passage: pick.source for pick in picks}
    found = frozenset(token for source in sources.values() for token in (*source.tokens, *source.about))
    return coverage(need, found)


def _held(need: Need, best: Pick) -> list[float]:
    return coverage(need, best.source.tokens | frozenset(best.source.about))


@cache
def _model() -> Mapping[str, float]:
    stored = json.loads((files("rag") / "sufficiency.json").read_text(encoding="utf-8"))
    return {name: float(weight) for name, weight in stored.items()}
