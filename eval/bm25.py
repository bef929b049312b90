"""Texts go in, a plain BM25 ranking comes out: the yardstick that our own search must beat. Knows no Dutch.

Okapi BM25 as Lucene writes it: idf = ln(1 + (N - n + .5) / (n + .5)), k1 = 1.2, b = .75 (Robertson & Zaragoza, 2009).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

_WORD = re.compile(r"\w+")
Scores = npt.NDArray[np.float64]


def plain_words(text: str) -> list[str]:
    """Return the lower-cased words and numbers of `text`, nothing folded, stemmed or left out."""
    return _WORD.findall(text.lower())


class Bm25:
    """A BM25 index over a fixed list of texts, whole in memory."""

    def __init__(
        self,
        texts: Sequence[str],
        words: Callable[[str], list[str]] = plain_words,
        *,
        k1: float = 1.2,
        b: float = 0.75,
    ) -> None:
        self._words = words
        self._count = len(texts)
        counted = [Counter(words(text)) for text in texts]
        lengths = [sum(found.values()) for found in counted]
        average = sum(lengths) / max(1, len(lengths)) or 1.0
        postings: dict[str, list[tuple[int, float]]] = {}
        for row, found in enumerate(counted):
            norm = k1 * (1 - b + b * lengths[row] / average)
            for word, count in found.items():
                postings.setdefault(word, []).append((row, count * (k1 + 1) / (count + norm)))
        self._postings = {word: self._weighed(found) for word, found in postings.items()}

    def scores(self, question: str) -> Scores:
        """Return the score of every text, an array of shape (number of texts,)."""
        total = np.zeros(self._count)
        for word, count in Counter(self._words(question)).items():
            if word in self._postings:
                rows, weights = self._postings[word]
                total[rows] += count * weights
        return total

    def _weighed(self, found: list[tuple[int, float]]) -> tuple[npt.NDArray[np.int64], Scores]:
        idf = math.log1p((self._count - len(found) + 0.5) / (len(found) + 0.5))
        rows, weights = zip(*found, strict=True)
        return np.array(rows, dtype=np.int64), idf * np.array(weights)
