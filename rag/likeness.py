"""Two words go in, how far one stands for the other in a claim comes out: as in a search, and by their verb forms."""

from __future__ import annotations

from collections.abc import Iterable

from rag.verbs import root
from rag.words import PLURAL, best_likeness

_SHORTEST = 4


def held_by(token: str, found: Iterable[str]) -> float:
    """Return how far the folded word `token` is held by any of `found`, from 0 to 1."""
    words = tuple(found)
    best = best_likeness(token, words)
    if best >= PLURAL or not token.isalpha() or len(root(token)) < _SHORTEST:
        return best
    return PLURAL if any(root(word) == root(token) for word in words if word.isalpha()) else best
