"""A word of a question goes in, out how much it says about the answer: "graag" and "toelichten" next to nothing.

Learned from questions with their answers: a word that seldom returns in the answer to its question is a word of
asking, however rare it is. Knows the terms of `index.dutch`, words and stems apart, and no store.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

ASKING_FILE = "asking.txt"


def topicality(term: str) -> float:
    """Return from .3 to 1 how much an index term of a question weighs; an unknown term weighs 1."""
    return _weights().get(term, 1.0)


def parse_weights(content: str) -> dict[str, float]:
    """Return the weight of each term; lines hold a weight and its terms."""
    weights: dict[str, float] = {}
    for line in content.splitlines():
        weight, *terms = line.split(" ")
        weights.update(dict.fromkeys(terms, float(weight)))
    return weights


def format_weights(weights: Mapping[str, float]) -> str:
    """Return the file that `parse_weights` reads back, weights rounded to hundredths, each line in order."""
    lines: dict[str, list[str]] = {}
    for term in sorted(weights):
        lines.setdefault(f"{weights[term]:.2f}", []).append(term)
    return "".join(f"{weight} {' '.join(terms)}\n" for weight, terms in sorted(lines.items()))


@cache
def _weights() -> dict[str, float]:
    return parse_weights((files("index") / ASKING_FILE).read_text(encoding="utf-8"))
