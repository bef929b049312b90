"""A form of a Dutch verb goes in, its infinitive comes out: "aangekomen" is "aankomen", "verhuisd" is as "verhuizen".

Strong verbs stand in `verbs.txt`; weak ones meet by their root. Knows no sentence and no likeness.
"""

from __future__ import annotations

import re
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
_ENDINGS = re.compile(r"(?<=\w{3})(?:(?<=\w{4})(?:ten|den|en)|te|de|t|d)$")
_HARD = {"z": "s", "v": "f"}
_DOUBLE_VOWEL, _DOUBLE_END = re.compile(r"([aeou])\1"), re.compile(r"([^aeiou])\1$")


@lru_cache(maxsize=50_000)
def infinitive(token: str) -> str:
    """Return the infinitive of the folded form `token` of a strong verb, with its prefix; "" for any other word."""
    known = _forms()
    if token in known:
        return known[token]
    cuts = (length for length in _LENGTHS if len(token) - length >= _SHORTEST and token[:length] in _PLACES)
    found = [length for length in cuts if token[length:] in known]
    if not found:
        return ""
    length = min(found, key=lambda cut: _PLACES[token[:cut]])
    return token[:length] + known[token[length:]]


@lru_cache(maxsize=50_000)
def root(token: str) -> str:
    """Return the bare form of a weak verb: "traint", "trainen" and "getraind" are all "train"."""
    bare = token.removeprefix("ge") if token[-1:] in "dt" and len(token) > 6 else token
    bare = _ENDINGS.sub("", bare)
    bare = _DOUBLE_VOWEL.sub(r"\1", bare)
    bare = _DOUBLE_END.sub(r"\1", bare)
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
