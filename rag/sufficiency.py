"""A need and its ranked sentences go in, the chance that they answer it comes out; one threshold decides.

The features say how much of what was asked for stands in the best sentence, beside it and anywhere, whether the sort of
answer asked for does ("hoe hoog" wants an amount), and how far the best stands above the rest. The weights stand in
`sufficiency.json`, fitted by `eval.fit_answers`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain

from rag.evidence import Source
from rag.need import VALUES, Need
from rag.rank import Pick, coverage
from rag.sorts import holds_sort, proper_names, says_unknown
from rag.vocabulary import pattern
from rag.words import content_tokens

_TAKEN = ("next", "asked", "alike", "focus", "place")
FEATURES = (
    *_TAKEN,
    *("exact_missing", "other_name", "exact_missing_there", "missing_there", "missing_anywhere", "detail"),
    *("no_value", "no_value_near", "no_amount", "no_count", "no_name", "uncounted", "unsaid", "unqualified"),
    *("terms", "few_terms", "top_score", "top_gap"),
)
_TOLD = VALUES | {"person", "reason", "contact"}  # what a sentence visibly holds or does not
_PRESENT = 0.5  # how strongly a word must be held to count as there
_BESIDE = 0.9  # what a word weighs that stands beside the passage, in its question or title
_MOST_GAP = 0.8  # a small library has no rival to an answer, and is no surer for it
_MOST_TERMS = 6
_MOST_MISSING = 0.5  # the share of what was asked for that may be nowhere
_SCALE = 10.0  # of the scores of the ranking, so that every feature is of the same order
_ALIKE_FROM = 6  # letters by which a qualifying word is known again: "gemiddeld", "gemiddelde"


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """The chance (0–1) that the evidence answers a need, whether that is enough, and the words that are missing."""

    chance: float
    enough: bool
    missing: tuple[str, ...]


def features_of(need: Need, ranked: Sequence[Pick]) -> dict[str, float]:
    """Return the features of the best of `ranked` for `need`."""
    best = ranked[0]
    document = best.source.document.document
    others = [pick.score for pick in ranked if pick.source.document.document != document]
    said = sum(not term.light for term in need.terms)
    held = _held(need, best)
    return (
        {name: best.features[name] for name in _TAKEN}
        | _missing(need, ranked, held)
        | _values(need, best)
        | {
            "detail": _detail(need, best),
            "other_name": float(_names_another(need, best, held)),
            "terms": min(_MOST_TERMS, said) / _MOST_TERMS,
            "few_terms": float(len(need.terms) < 3),
            "top_score": best.score / _SCALE,
            "top_gap": min(_MOST_GAP, (best.score - (others[0] if others else 0.0)) / _SCALE),
        }
    )


def judge_evidence(need: Need, ranked: Sequence[Pick]) -> Sufficiency:
    """Return whether the best of `ranked` is enough to answer `need`."""
    if not ranked or not need.terms:
        return Sufficiency(0.0, False, tuple(term.token for term in need.terms))
    model = _model()
    features = features_of(need, ranked)
    logit = model["bias"] + sum(model[name] * features[name] for name in FEATURES)
    chance = 1 / (1 + math.exp(-logit))
    missing = [
        term
        for term, held in zip(need.terms, _held(need, ranked[0]), strict=True)
        if held < _PRESENT and not term.light
    ]
    too_much = sum(term.weight for term in missing) >= _MOST_MISSING * (need.weight or 1.0)
    enough = chance >= model["threshold"] and not too_much
    return Sufficiency(round(chance, 6), enough, tuple(term.token for term in missing))


def _missing(need: Need, ranked: Sequence[Pick], held: Sequence[float]) -> dict[str, float]:
    """Return how much of what was asked for is nowhere in the best passage, its document, all that was found."""
    best = ranked[0].source
    there = _union(need, [p for p in ranked if p.source.document.document == best.document.document])
    anywhere = _union(need, ranked)

    def share(there: Sequence[float]) -> float:
        return sum(t.weight * (1 - h) for t, h in zip(need.terms, there, strict=True)) / (need.weight or 1.0)

    def exact(there: Sequence[float]) -> float:
        return float(any(t.exact and h < _PRESENT for t, h in zip(need.terms, there, strict=True)))

    return {
        "exact_missing": exact(held),
        "exact_missing_there": exact(there),
        "missing_there": share(there),
        "missing_anywhere": share(anywhere),
    }


def _values(need: Need, best: Pick) -> dict[str, float]:
    """Return whether the value that is asked for is missing from the best sentence, and what qualifies it."""
    lines = best.source.lines
    near = lines[best.line : best.line + 2]
    around = " ".join(line.text for line in lines[max(0, best.line - 1) : best.line + 2]).lower()
    here, beside = (holds_sort(line.text, need.sort, need.said) for line in (near[0], near[-1]))
    lacks = need.sort in _TOLD and not here
    return {
        "no_value": float(not here),
        "no_value_near": float(need.sort in _TOLD and not (here or beside)),
        "no_amount": float(lacks and need.sort in ("money", "amount", "share")),
        "no_count": float(lacks and need.sort == "number"),
        "no_name": float(lacks and need.sort in ("name", "place")),
        "uncounted": float(bool(need.counted) and best.features["counted"] < _PRESENT),
        "unsaid": float(says_unknown(lines[best.line].text)),
        "unqualified": float(any(one[:_ALIKE_FROM] not in around for one in _qualifiers(need.question))),
    }


def _detail(need: Need, best: Pick) -> float:
    """Return how much of what the title does not say stands in the best sentence and its neighbours, or beside them."""
    source = best.source
    around = source.lines[max(0, best.line - 1) : best.line + 2]
    near = coverage(need, frozenset(token for line in around for token in line.tokens))
    beside = coverage(need, source.about)
    titled = coverage(
        need, content_tokens(" ".join((source.document.title, *source.document.topics, source.passage.context)))
    )
    asked = [
        (term.weight, max(n, _BESIDE * b))
        for term, n, b, t in zip(need.terms, near, beside, titled, strict=True)
        if not term.light and t < _PRESENT
    ]
    return sum(weight * held for weight, held in asked) / sum(weight for weight, _ in asked) if asked else 1.0


def _names_another(need: Need, best: Pick, held: Sequence[float]) -> bool:
    """Whether a name asked for is nowhere in the passage, and the sentence names another: Amsterdam for Rotterdam."""
    names = ((term, h) for term, h in zip(need.terms, held, strict=True) if term.exact and term.token.isalpha())
    if all(h >= _PRESENT for _, h in names):
        return False
    return any(name.isdisjoint(need.said) for name in proper_names(best.source.lines[best.line].text))


def _qualifiers(question: str) -> list[str]:
    """Return the words that single out one among many: "de hoogste", "per uur"."""
    return [re.sub(r"\s+", " ", one[0]).lower() for one in pattern("question.qualifiers").finditer(question)]


def _union(need: Need, picks: Sequence[Pick]) -> list[float]:
    """Return how strongly each term is held by any of the passages of `picks` or by what stands beside them."""
    sources = {pick.source.passage.passage: pick.source for pick in picks}
    return coverage(need, chain.from_iterable(map(_words, sources.values())))


def _words(source: Source) -> Iterable[str]:
    """Give the words of a passage and of what stands beside it."""
    return chain(source.about, *(line.tokens for line in source.lines))


def _held(need: Need, best: Pick) -> list[float]:
    held = coverage(need, _words(best.source))
    return [h * share for h, share in zip(held, best.shares, strict=True)]


@cache
def _model() -> Mapping[str, float]:
    stored = json.loads((files("rag") / "sufficiency.json").read_text(encoding="utf-8"))
    return {name: float(weight) for name, weight in stored.items()}
