"""A query goes in, out comes the same with words that nobody knows mended by one letter; knows no index.

Only a word that neither the documents nor our own lists of words hold is touched, and only when one letter more, less,
other or moved makes a word that the documents do hold (Norvig, "How to Write a Spelling Corrector", 2007). The first
letter is taken to be right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files

from index.compounds import COMPOUNDS_FILE, parts
from index.dutch import is_stopword, stem, tokenise
from index.rarity import is_known

_SHORTEST = 5
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORD = re.compile(r"[^\W\d_]+")


def mended(query: str, frequency: Callable[[str], int]) -> str:
    """Return `query` with unknown words mended; `frequency` says how many passages hold a folded word."""
    return _WORD.sub(lambda match: _mended(match[0], frequency) or match[0], query)


def unknown(query: str, frequencies: Callable[[list[str]], Mapping[str, int]]) -> list[str]:
    """Return the folded words of `query` that `mended` will look for others of, where asking one by one costs much."""
    words = [word for written in _WORD.findall(query) if (word := _to_look_at(written))]
    held = frequencies(words)
    return [word for word in words if not held[word] and not _is_a_word(word)]


def _to_look_at(written: str) -> str | None:
    words = tokenise(written)
    if len(words) != 1 or len(words[0]) < _SHORTEST or written.isupper() or is_stopword(words[0]):
        return None
    return words[0]


def _mended(written: str, frequency: Callable[[str], int]) -> str | None:
    word = _to_look_at(written)
    if word is None or frequency(word) or _is_a_word(word):
        return None
    best = max(set(near(word)), key=lambda other: (frequency(other), other), default=None)
    return best if best is not None and frequency(best) else None


def _is_a_word(word: str) -> bool:
    return word in _vocabulary() or is_known(stem(word)) or bool(parts(word))


def near(word: str) -> Iterator[str]:
    """Give every word that differs by one letter, the first one aside."""
    for place in range(1, len(word) + 1):
        head, tail = word[:place], word[place:]
        for letter in _LETTERS:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset((files("index") / COMPOUNDS_FILE).read_text(encoding="utf-8").split())
