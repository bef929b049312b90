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
_SHORTEST = 3
_ENDINGS = re.compile(r"(?<=\w{3})(?:(?<=\w{4})(?:ten|den|en)|te|de|t|d)$")


@lru_cache(maxsize=50_000)
def infinitive(token: str) -> str:
    """Return the infinitive of the folded form `token` of a strong verb, with its prefix; "" for any other word."""
    known = _forms()
    if token in known:
        return known[token]
    for prefix in _PREFIXES:
        rest = token.removeprefix(prefix)
        if rest != token and len(rest) >= _SHORTEST and rest in known:
            return prefix + known[rest]
    return ""


@lru_cache(maxsize=50_000)
def root(token: str) -> str:
    """Return the bare form of a weak verb: "traint", "trainen" and "getraind" are all "train"."""
    bare = token.removeprefix("ge") if token[-1:] in "dt" and len(token) > 6 else token
    bare = _ENDINGS.sub("", bare)
    bare = re.sub(r"([aeou])\1", r"\1", bare)
    bare = re.sub(r"([^aeiou])\1$", r"\1", bare)
    return re.sub("v$", "f", re.sub("z$", "s", bare))


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
