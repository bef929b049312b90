"""A word goes in, out whether it is a common word, which no name is made of: "kwaliteitskader", not "Taheri".

Knows the stems of government language and which of them are nearly always written with a capital.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from index.compounds import parts
from index.dutch import stem
from index.rarity import is_known

CAPITALS_FILE = "capitals.txt"


@lru_cache(maxsize=50_000)
def is_common(token: str) -> bool:
    """Whether a folded word is known as a common one, itself or by both its parts; an unknown word is not."""
    one = stem(token)
    if is_known(one):
        return one not in _capitals()
    both = parts(token)
    return bool(both) and all(map(is_common, both))


@cache
def _capitals() -> frozenset[str]:
    return frozenset((files("index") / CAPITALS_FILE).read_text(encoding="utf-8").split())
