"""A form of a Dutch verb goes in, its infinitive comes out: "aangekomen" is "aankomen", "verhuisd" is as "verhuizen".

Strong verbs stand in `verbs.txt`; weak ones meet by their root. Knows no sentence and no likeness.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

_PREFIXES = (
    *("aan", "achter", "af", "be", "bij", "binnen", "buiten", "door", "er", "ge", "her", "in", "los", "mee", "mis"),
    *("na", "neer", "om", "onder", "ont", "op", "over", "plaats", "rond", "samen", "tegen", "terug", "toe", "uit"),
    *("vast", "ver", "vol", "voor", "voort", "vrij", "weg", "weer"),
)
_PLACES = {prefix: place for place, prefix in enumerate(_PREFIXES)}
_LENGTHS = sorted({len(prefix) for prefix in _PREFIXES})
_SHORTEST = 3
# The endings of weak verbs, the longest first, each with the letters that must stand before it.
_ENDINGS = (("ten", 4), ("den", 4), ("en", 4), ("te", 3), ("de", 3), ("t", 3), ("d", 3))
_HARD = {"z": "s", "v": "f"}


@lru_cache(maxsize=50_000)
def infinitive(token: str) -> str:
    """Return the infinitive of the folded form `token` of a strong verb, with its prefix; "" for any other word."""
    known = _forms()
    if token in known:
        return known[token]
    most = len(token) - _SHORTEST
    cuts = [n for n in _LENGTHS if n <= most and token[n:] in known and token[:n] in _PLACES]
    if not cuts:
        return ""
    length = min(cuts, key=lambda cut: _PLACES[token[:cut]])
    return token[:length] + known[token[length:]]


@lru_cache(maxsize=50_000)
def root(token: str) -> str:
    """Return the bare form of a weak verb: "traint", "trainen" and "getraind" are all "train"."""
    bare = token.removeprefix("ge") if token[-1:] in "dt" and len(token) > 6 else token
    for ending, least in _ENDINGS:
        if bare.endswith(ending) and len(bare) >= len(ending) + least:
            bare = bare.removesuffix(ending)
            break
    for vowel in "aeou":
        bare = bare.replace(vowel * 2, vowel)
    if bare[-2:-1] == bare[-1:] and bare[-1:] not in "aeiou":
        bare = bare[:-1]
    return bare[:-1] + _HARD.get(bare[-1:], bare[-1:])


@cache
def _forms() -> dict[str, str]:
    lines = (files("rag") / "verbs.txt").read_text(encoding="utf-8").splitlines()
    found: dict[str, str] = {}
    for line in lines:
        words = line.partition("#")[0].split()
        for word in words:
            found.setdefault(word, words[0])
        for word in words[1:]:
            if word.startswith("ge"):  # "vergeten" and "betrokken" have no "ge"
                found.setdefault(word.removeprefix("ge"), words[0])
    return found
