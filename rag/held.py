"""The words asked for go in, a table comes out that tells of any other words how strongly they hold each of those.

Hardly a word of a text is like any of those asked for: the table keeps only which are, so that the rest costs nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rag.words import SYNONYM, Asked, answered_by, keys_of

_MOST_KEPT = 20_000  # words of one table
_NONE: tuple[tuple[int, float], ...] = ()


class Held(dict[str, tuple[tuple[int, float], ...]]):
    """For each word met so far: the places of the words asked for that it stands for, and how far, above 0 to 1.

    `asked` gives at each place a word and other words that will do as well, as far as they are there whole.
    """

    def __init__(self, asked: Sequence[Sequence[str]]) -> None:
        super().__init__()
        self._asked = [[answered_by(word) for word in words] for words in asked]
        self._by_key = defaultdict[str | int, set[int]](set)
        for place, words in enumerate(self._asked):
            for word in words:
                for key in word.keys_asked:
                    self._by_key[key].add(place)
        self._keys = frozenset(self._by_key)

    def __missing__(self, token: str) -> tuple[tuple[int, float], ...]:
        self.meet((token,))
        return self[token]

    def meet(self, tokens: Iterable[str]) -> None:
        """Look up all of `tokens` at once, which is quicker than one by one."""
        if len(self) >= _MOST_KEPT:
            self.clear()
        fresh = dict.fromkeys(tokens, _NONE)
        for token in self.keys() & fresh.keys():
            del fresh[token]
        for token in [token for token in fresh if not self._keys.isdisjoint(keys_of(token))]:
            places = set[int]().union(*map(self._by_key.__getitem__, self._keys & keys_of(token)))
            fresh[token] = tuple((place, value) for place in places if (value := _best(self._asked[place], token)))
        self.update(fresh)  # at last: who asks the same at the same time must not find a word half looked up

    def like(self, place: int, tokens: Iterable[str]) -> list[str]:
        """Return those of `tokens` that stand for the word asked for at `place`, or for one that will do as well."""
        return [token for token in tokens for other, _ in self[token] if other == place]

    def by(self, tokens: Iterable[str]) -> list[float]:
        """Return for each word asked for how strongly `tokens` hold it, from 0 to 1."""
        held = [0.0] * len(self._asked)
        for pairs in filter(None, map(self.__getitem__, tokens)):
            for place, value in pairs:
                held[place] = max(held[place], value)
        return held


@lru_cache(maxsize=16)
def table_of(asked: tuple[tuple[str, ...], ...]) -> Held:
    """Return the table for the words asked for, the same one for all that is looked up for one question."""
    return Held(asked)


def _best(words: Sequence[Asked], token: str) -> float:
    """Return how far `token` stands for the first of `words`, or for another one for it that is there whole."""
    best = words[0][token]
    for other in words[1:]:
        value = other[token]
        if value >= SYNONYM:
            best = max(best, value)
    return best
