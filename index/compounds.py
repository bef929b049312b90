"""A long Dutch word goes in, the two words it is made of come out: "toeslagenaffaire" is "toeslag" and "affaire".

Knows a list of words from laws and questions, the most frequent first, and the linking s, en, e and n. Of all cuts
into two known words the one with the most frequent rarer half wins; a linking letter counts a little against it.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

COMPOUNDS_FILE = "compounds.txt"

_SHORTEST_WORD = 9
_SHORTEST_PART = 4
_LINKS = ("", "s", "en", "e", "n")
# Ranks are compared by ratio; at equal words a cut without a linking letter is the likelier one.
_LINK_COST = 1.5
_KEPT = 200_000


@lru_cache(maxsize=_KEPT)
def parts(word: str) -> tuple[str, ...]:
    """Return the two parts of a folded word of nine letters or more, nothing when it is no compound we know."""
    if len(word) < _SHORTEST_WORD or not word.isalpha():
        return ()
    cuts = [
        (max(ranks[head], ranks[tail]) * (_LINK_COST if link else 1.0), head, tail)
        for ranks in (_ranks(),)
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
        if (tail := word[cut:]) in ranks
        for link in _LINKS
        if word[:cut].endswith(link) and (head := word[:cut].removesuffix(link)) in ranks
    ]
    return min(cuts)[1:] if cuts else ()


@cache
def _ranks() -> dict[str, int]:
    words = (files("index") / COMPOUNDS_FILE).read_text(encoding="utf-8").split()
    return {word: rank for rank, word in enumerate(words, 1)}
