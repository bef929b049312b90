"""Words of a question meet words of a sentence: how strongly one stands for the other, from 0 to 1.

Knows stems, parts of compounds and the groups of `synonyms.txt`; knows no passage and no score of an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

from index.dutch import is_stopword, stem, tokenise

SAME, PLURAL, SYNONYM, HEAD, PART, RELATED = 1.0, 0.95, 0.85, 0.75, 0.6, 0.5
_SHORTEST_PART = 4
_SHORTEST_ROOT = 6


@lru_cache(maxsize=20_000)
def content_tokens(text: str) -> tuple[str, ...]:
    """Return the folded words of `text` that are no stopwords, each once, in order."""
    return tuple(dict.fromkeys(token for token in tokenise(text) if not is_stopword(token)))


@lru_cache(maxsize=200_000)
def likeness(asked: str, found: str) -> float:
    """Return how far the word `found` stands for the word `asked`, both folded; numbers only for themselves."""
    if asked == found:
        return SAME
    if not (asked.isalpha() and found.isalpha()):
        return 0.0
    asked_stem, found_stem = stem(asked), stem(found)
    if asked_stem == found_stem:
        return SAME
    if asked + "s" == found or found + "s" == asked:
        return PLURAL
    if groups_of(asked) & groups_of(found):
        return SYNONYM
    return max(_by_parts(asked, asked_stem, found, found_stem), _by_synonym_in_compound(asked, found_stem))


def best_likeness(asked: str, found: Iterable[str]) -> float:
    """Return the strongest likeness of `asked` to any of `found`, 0 where there is none."""
    return max((likeness(asked, token) for token in found), default=0.0)


def _by_parts(asked: str, asked_stem: str, found: str, found_stem: str) -> float:
    """Compounds: "onderzoek" meets "fenomeenonderzoek", "straffen" "strafoplegging", "opvangplek" "opvangplaats"."""
    short, long = sorted((asked_stem, found_stem), key=len)
    if long == "on" + short or asked == "on" + found or found == "on" + asked:
        return 0.0  # "mogelijk" is no part of "onmogelijk"
    if len(short) >= _SHORTEST_PART and len(long) - len(short) >= 3:
        if long.endswith(short):
            return HEAD
        if long.startswith(short):
            return PART
    shared = _shared_prefix(asked, found)
    if shared < _SHORTEST_PART + 1:
        return 0.0
    if groups_of(asked[shared:]) & groups_of(found[shared:]):
        return SYNONYM
    is_related = shared >= _SHORTEST_ROOT and max(len(asked), len(found)) - shared <= 6
    return RELATED if is_related else 0.0


def _by_synonym_in_compound(asked: str, found_stem: str) -> float:
    """ "Plek" meets "opvangplaats": the head of a compound is a synonym of what is asked."""
    if len(found_stem) < 2 * _SHORTEST_PART:
        return 0.0
    return PART if any(found_stem.endswith(other) for other in _synonyms(stem(asked))) else 0.0


def _shared_prefix(a: str, b: str) -> int:
    shared = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        shared += 1
    return shared


@lru_cache(maxsize=100_000)
def groups_of(token: str) -> frozenset[int]:
    """Return the numbers of the groups of synonyms that a folded word belongs to, by its stem."""
    return _groups().get(stem(token), frozenset()) if len(token) > 1 else frozenset()


@lru_cache(maxsize=20_000)
def _synonyms(asked_stem: str) -> tuple[str, ...]:
    """Return the stems that stand for `asked_stem`, as far as they are long enough to be part of a compound."""
    numbers = _groups().get(asked_stem, frozenset())
    found = {other for other, theirs in _groups().items() if theirs & numbers}
    return tuple(sorted(other for other in found - {asked_stem} if len(other) >= _SHORTEST_PART))


@cache
def _groups() -> dict[str, frozenset[int]]:
    lines = (files("rag") / "synonyms.txt").read_text(encoding="utf-8").splitlines()
    found: dict[str, set[int]] = {}
    for number, line in enumerate(lines):
        for token in tokenise(line.partition("#")[0]):
            found.setdefault(stem(token), set()).add(number)
    return {key: frozenset(numbers) for key, numbers in found.items()}
