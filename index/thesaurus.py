"""A word goes in, out come other words for the same: synonyms, and official words for everyday ones.

Knows `synonyms.txt` (groups of words that stand for each other) and `everyday.txt` (everyday words, and the official
words that count for them); a desk can edit both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from index.dutch import stem, tokenise

SYNONYMS_FILE, EVERYDAY_FILE = "synonyms.txt", "everyday.txt"
_NONE: frozenset[str] = frozenset()


def synonyms() -> Iterator[tuple[int, list[str]]]:
    """Give the groups of synonyms: their numbers, and their words, folded."""
    for number, line in enumerate(_lines(SYNONYMS_FILE)):
        yield number, tokenise(line)


def official(word: str) -> frozenset[str]:
    """Return the official words, folded, for a folded everyday word: for itself and for its stem."""
    return _official().get(word, _NONE) | _official().get(stem(word), _NONE)


def others(word: str) -> frozenset[str]:
    """Return all words by which a text may say the same as a folded word, in everyday words or official ones."""
    return (official(word) | _alike().get(stem(word), _NONE)) - {word}


@cache
def _official() -> Mapping[str, frozenset[str]]:
    """Return the words on the right of each line by each word on its left, and by its stem."""
    found = defaultdict[str, set[str]](set)
    for everyday, words in _everyday():
        for token in everyday:
            for key in (token, stem(token)):
                found[key].update(words)
    return {key: frozenset(words) for key, words in found.items()}


@cache
def _alike() -> Mapping[str, frozenset[str]]:
    """Return by the stem of a word its synonyms, and the everyday words for it."""
    found = defaultdict[str, set[str]](set)
    for _, group in synonyms():
        for token in group:
            found[stem(token)].update(group)
    for everyday, words in _everyday():
        for token in words:
            found[stem(token)].update(everyday)
    return {key: frozenset(words) for key, words in found.items()}


def _everyday() -> Iterator[tuple[list[str], list[str]]]:
    for line in _lines(EVERYDAY_FILE):
        everyday, _, words = line.partition(":")
        yield tokenise(everyday), tokenise(words)


def _lines(name: str) -> Iterator[str]:
    for line in (files("index") / name).read_text(encoding="utf-8").splitlines():
        yield line.partition("#")[0]
