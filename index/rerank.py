"""A question and the candidates of both legs go in, what to add to each candidate's score comes out.

Looks at what the legs cannot see: how much of the question a passage and one place in it hold, words side by side,
numbers and names, the way of asking, and whether it answers anything at all. Knows no engine. The weights were fitted
by `eval.fit_rerank`, in units of the fused score, and stand in `rerank.json`.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain, compress, pairwise

import numpy as np
import numpy.typing as npt

from index.compounds import parts
from index.dutch import index_terms, is_stem_term, is_stopword, ordered_terms, stem, tokenise
from index.rarity import rarity
from index.values import Document, Passage

RERANK_FILE = "rerank.json"
FEATURES = ("covered", "covered_in_one_place", "neighbours", "numbers", "names", "asked_alike", "unanswered")

Candidate = tuple[Passage, Document]
Features = npt.NDArray[np.float64]

_KEPT = 20_000
# Stretches of about a sentence or two, each beginning in the middle of the one before.
_STRETCH = 48
_NAME = re.compile(r"(?<=[a-z,»”\"’] )[A-Z][\w-]+")
# Of a compound of which only a part is found, that part counts half: BM25 has seen it too.
_PART = 0.5
_ANSWERS_NOTHING = frozenset({"questions", "postponement", "oral"})


class _Asked:
    """The words of a question with what each is worth; a word counts by its stem, a compound's part counts half."""

    def __init__(self, question: str, others: Mapping[str, Sequence[str]]) -> None:
        content = [word for word in tokenise(question) if not is_stopword(word)]
        stems = {word: stem(word) for word in content}
        self._worth = {_term(word): rarity(found) for word, found in stems.items()}
        self._parts = {
            _term(word): [_term(part) for part in both] for word in stems if (both := parts(word)) and word.isalpha()
        }
        for name, words in others.items():
            for term in (_term(word) for word in name.split() if not is_stopword(word)):
                if term in self._worth:
                    self._parts[term] = [_term(other) for other in words]
        self._whole = sum(self._worth.values()) or 1.0
        self._neighbours = set(pairwise(_term(word) for word in content))
        self.numbers = frozenset(word for word in content if not word.isalpha())
        self.names = frozenset(tokenise(" ".join(_NAME.findall(question))))
        self._wanted = frozenset((*self._worth, *chain(*self._parts.values()), *self.numbers, *self.names))

    def found_in(self, text: str) -> _Found:
        """Return where in `text` the words of the question stand."""
        terms = ordered_terms(text)
        return _Found(terms, compress(range(len(terms)), map(self._wanted.__contains__, terms)))

    def covered(self, held: Set[str]) -> float:
        """Return which share of the question's worth is among `held` terms."""
        total = sum(self._worth[term] for term in held if term in self._worth)
        for term, both in self._parts.items():
            if term not in held:
                total += _PART * self._worth[term] * sum(part in held for part in both) / len(both)
        return total / self._whole

    def covered_in_one_place(self, found: _Found) -> float:
        """Return the highest share of the question's worth that one stretch of a text holds."""
        return max(map(self.covered, found.stretches()), default=0.0)

    def neighbours(self, *texts: _Found) -> float:
        """Return which share of the question's neighbouring words stands side by side in one of `texts`."""
        if not self._neighbours:
            return 0.0
        there = set[tuple[str, str]]()
        for found in texts:
            held = found.held
            there.update(p for p in self._neighbours if p[0] in held and p[1] in held and found.side_by_side(*p))
        return len(there) / len(self._neighbours)


class _Found:
    """The index terms of a text in order, and the places among them of what was looked for."""

    def __init__(self, terms: Sequence[str], places: Iterable[int]) -> None:
        self._terms = terms
        self._places = defaultdict[str, list[int]](list)
        for place in places:
            self._places[terms[place]].append(place)

    @property
    def held(self) -> Set[str]:
        """What was found."""
        return self._places.keys()

    def stretches(self) -> Iterable[Set[str]]:
        """Return what was found in each stretch that holds any of it."""
        half, last = _STRETCH // 2, max(0, (len(self._terms) - 1) // (_STRETCH // 2) - 1)
        held = defaultdict[int, set[str]](set)
        for term, places in self._places.items():
            for place in places:
                # A stretch begins in the middle of the one before: a place is in two of them.
                held[min(place // half, last)].add(term)
                held[max(place // half - 1, 0)].add(term)
        return held.values()

    def side_by_side(self, one: str, other: str) -> bool:
        """Whether a word with the term `other` follows upon one with the term `one`, or is the rest of that word."""
        terms, ends = self._terms, set(self._places[other])
        for start in self._places[one]:
            place = start + 1
            while place < len(terms) and terms[place][0] == "0" and is_stem_term(terms[place]):
                if place in ends:
                    return True
                place += 1
            if place in ends or place + 1 in ends:
                return True
        return False


def bonuses(
    question: str, candidates: Sequence[Candidate], others: Mapping[str, Sequence[str]] | None = None
) -> list[dict[str, float]]:
    """Return what to add to the fused score of each candidate, by feature; `others` as for `features`."""
    rows = (features(question, candidates, others) * _weights()).tolist()
    return [dict(zip(FEATURES, row, strict=True)) for row in rows]


def features(
    question: str, candidates: Sequence[Candidate], others: Mapping[str, Sequence[str]] | None = None
) -> Features:
    """Return an array of shape (len(candidates), len(FEATURES)), each feature from 0 to 1.

    `others` are the words that stand for an abbreviation or a full name in the question.
    """
    asked = _Asked(question, others or {})
    alike = _asked_alike(question, [passage.question or "" for passage, _ in candidates])
    rows = []
    for (passage, document), similar in zip(candidates, alike, strict=True):
        answer, own = asked.found_in(passage.body), asked.found_in(passage.question or "")
        held = answer.held | own.held
        rows.append(
            (
                asked.covered(held),
                asked.covered_in_one_place(answer),
                asked.neighbours(answer, own),
                _part_of(asked.numbers, held),
                _part_of(asked.names, held),
                similar,
                float(document.kind in _ANSWERS_NOTHING),
            )
        )
    return np.array(rows, dtype=np.float64).reshape(len(candidates), len(FEATURES))


def _term(word: str) -> str:
    """Return the index term that a word counts by: its stem, of a number the number itself."""
    return index_terms(word)[1] if word.isalpha() else word


def _part_of(wanted: Set[str], held: Set[str]) -> float:
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
    return Counter(filter(is_stopword, tokenise(text)))


@cache
def _weights() -> Features:
    fitted = json.loads((files("index") / RERANK_FILE).read_text(encoding="utf-8"))
    return np.array([fitted["weights"][name] for name in FEATURES])
