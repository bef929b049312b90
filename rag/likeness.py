"""Two words go in, how far one stands for the other in a claim comes out: as in a search, and by their verb forms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rag.words import PLURAL, best_likeness

_SHORTEST = 4
_ENDINGS = re.compile(r"(?<=\w{3})(?:(?<=\w{4})(?:ten|den|en)|te|de|t|d)$")


def held_by(token: str, found: Iterable[str]) -> float:
    """Return how far the folded word `token` is held by any of `found`, from 0 to 1."""
    words = tuple(found)
    best = best_likeness(token, words)
    if best >= PLURAL or not token.isalpha() or len(root(token)) < _SHORTEST:
        return best
    return PLURAL if any(root(word) == root(token) for word in words if word.isalpha()) else best


@lru_cache(maxsize=20_000)
def root(token: str) -> str:
    """Return the bare form of a weak verb: "traint", "trainen" and "getraind" are all "train"."""
    bare = token.removeprefix("ge") if token[-1:] in "dt" and len(token) > 6 else token
    bare = _ENDINGS.sub("", bare)
    bare = re.sub(r"([aeou])\1", r"\1", bare)
    bare = re.sub(r"([^aeiou])\1$", r"\1", bare)
    return re.sub("v$", "f", re.sub("z$", "s", bare))
