"""A question and the candidates of both legs go in, what to add to each candidate's score comes out.

Looks at what the legs cannot see: how much of the question a passage and one sentence of it hold, words side by side,
numbers and names, the way of asking, and whether it answers anything at all. Knows no engine. The weights were fitted
by `eval.fit_rerank`, in units of the fused score, and stand in `rerank.json`.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from index.compounds import parts
from index.dutch import is_stopword, stem, tokenise
from index.rarity import rarity
from index.sentences import sentence_spans
from index.values import Document, Passage

RERANK_FILE = "rerank.json"
FEATURES = ("covered", "covered_in_one_sentence", "neighbours", "numbers", "names", "asked_alike", "unanswered")

Candidate = tuple[Passage, Document]
Features = npt.NDArray[np.float64]

_KEPT = 20_000
_NAME = re.compile(r"(?<=[a-z,»”\"’] )[A-Z][\w-]+")
# Of a compound of which only a part is found, that part counts half: BM25 has seen it too.
_PART = 0.5
_ANSWERS_NOTHING = frozenset({"questions", "postponement", "oral"})


@dataclass(frozen=True, slots=True)
class _Words:
    """What is compared of a text: stems with those of compounds' parts, neighbours, tokens."""

    stems: frozenset[str]
    sentences: tuple[frozenset[str], ...]
    neighbours: frozenset[tuple[str, str]]
    tokens: frozenset[str]


def bonuses(question: str, candidates: Sequence[Candidate]) -> list[float]:
    """Return what to add to the fused score of each candidate."""
    return [float(value) for value in features(question, candidates) @ _weights()]


def features(question: str, candidates: Sequence[Candidate]) -> Features:
    """Return an array of shape (len(candidates), len(FEATURES)), each feature from 0 to 1."""
    content = [word for word in tokenise(question) if not is_stopword(word)]
    asked = {stem(word): tuple(stem(part) for part in parts(word)) for word in content}
    worth = {word: rarity(word) for word in asked}
    whole = sum(worth.values()) or 1.0
    stems = [stem(word) for word in content]
    neighbours = set(pairwise(stems))
    numbers = {word for word in content if any(map(str.isdigit, word))}
    names = set(tokenise(" ".join(_NAME.findall(question))))
    alike = _asked_alike(question, [passage.question or "" for passage, _ in candidates])

    def covered(held: frozenset[str]) -> float:
        return sum(worth[word] * _share(word, asked[word], held) for word in asked) / whole

    rows = []
    for (passage, document), similar in zip(candidates, alike, strict=True):
        words = _words(passage.body)
        own = _words(passage.question or "")
        best = max((covered(sentence) for sentence in words.sentences), default=0.0)
        rows.append(
            (
                covered(words.stems | own.stems),
                best,
                _part_of(neighbours, words.neighbours | own.neighbours),
                _part_of(numbers, words.tokens | own.tokens),
                _part_of(names, words.tokens | own.tokens),
                similar,
                float(document.kind in _ANSWERS_NOTHING),
            )
        )
    return np.array(rows, dtype=np.float64).reshape(len(candidates), len(FEATURES))


def _share(word: str, compound: tuple[str, ...], held: frozenset[str]) -> float:
    if word in held:
        return 1.0
    return _PART * sum(part in held for part in compound) / len(compound) if compound else 0.0


def _part_of(wanted: set[str] | set[tuple[str, str]], held: frozenset[str] | frozenset[tuple[str, str]]) -> float:
    return len(wanted & held) / len(wanted) if wanted else 0.0


def _asked_alike(question: str, others: Sequence[str]) -> list[float]:
    """Return how alike the ways of asking are, by the small words that no index holds ("hoeveel", "waarom").

    BM25 of the question's stopwords over the candidates' questions, as a share of the highest.
    """
    asked = {word for word in tokenise(question) if is_stopword(word)}
    own = [_stopwords(other) for other in others]
    lengths = [sum(counts.values()) for counts in own]
    average = sum(lengths) / max(1, len(lengths)) or 1.0
    held = Counter(word for counts in own for word in counts)
    found = [0.0] * len(own)
    for word in asked & held.keys():
        idf = math.log1p((len(own) - held[word] + 0.5) / (held[word] + 0.5))
        for row, counts in enumerate(own):
            if count := counts[word]:
                found[row] += idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * lengths[row] / average))
    highest = max(found, default=0.0)
    return [score / highest if highest else 0.0 for score in found]


@lru_cache(maxsize=_KEPT)
def _stopwords(text: str) -> Counter[str]:
    return Counter(word for word in tokenise(text) if is_stopword(word))


@lru_cache(maxsize=_KEPT)
def _words(text: str) -> _Words:
    sentences = [[word for word in tokenise(text[a:b]) if not is_stopword(word)] for a, b in sentence_spans(text)]
    stems = [[stem(word) for word in sentence] for sentence in sentences]
    wide = [
        frozenset(own) | {stem(part) for word in sentence for part in parts(word)}
        for sentence, own in zip(sentences, stems, strict=True)
    ]
    return _Words(
        frozenset().union(*wide),
        tuple(wide),
        frozenset(pair for own in stems for pair in pairwise(own)),
        frozenset(word for sentence in sentences for word in sentence),
    )


@cache
def _weights() -> Features:
    fitted = json.loads((files("index") / RERANK_FILE).read_text(encoding="utf-8"))
    return np.array([fitted["weights"][name] for name in FEATURES])
