"""A need and its sources go in, every sentence comes out with what speaks for it, the best answer first.

A sentence is weighed by the words asked for that it holds, itself or taken over from the sentence before, by those its
passage holds, by whether it holds the sort of answer asked for and by the place of its passage in the search. The
weights were fitted by `eval.fit_answers` and stand in `ranking.json`, in units of a logit: a sentence that scores 1
more is the answer 2.7 times as likely.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain, pairwise
from operator import mul

import numpy as np
import numpy.typing as npt

from index.compounds import parts
from index.dutch import is_stopword, tokenise
from rag.evidence import Source
from rag.held import Held, table_of
from rag.need import Need, kin, questions_in
from rag.sorts import holds_sort
from rag.vocabulary import entries, pattern
from rag.words import HEAD, is_of_another, likeness

FEATURES = (
    *("near", "next", "passage", "asked", "alike", "sort", "counted"),
    *("place", "slight", "first", "opening", "focus", "lead"),
)
_BEFORE = (0.75, 0.7, 0.7, 0.65)  # what a sentence takes over from the first, second … sentence before it
_AFTER = 0.6  # and from the one after it
_TITLED = 0.6  # what the title and the other questions add to one question of a passage
_HEADED, _BESIDE = 0.85, 0.9  # from the heading above it; from the question and title beside its passage
_MUCH = 10.0  # the weight of a rare word: what a passage holds speaks for it the more, the more was asked for
_OF_ANOTHER = 0.4  # what the end of another compound counts: "toeslag" of "energietoeslag" for "huurtoeslag"
_ITEM = re.compile(r"^\s*\d{1,2}[.)]\s")
_NAMED_WITHIN = 3  # words after a number, small ones aside, among which the thing it counts is named
_HEADS = frozenset(("aantal", "aantallen"))  # what stands after these is counted by any number of the sentence

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pick:
    """One sentence of a source, by its place among the source's lines, with what speaks for it.

    Each of `features` is from 0 to 1 but "passage", which grows with what was asked for. `shares` says of each word
    asked for what counts of the words that stand for it in the source.
    """

    source: Source
    line: int
    features: Mapping[str, float]
    score: float
    shares: tuple[float, ...] = ()


def rank_lines(need: Need, sources: Sequence[Source]) -> list[Pick]:
    """Return every sentence of `sources`, the best answer to `need` first; the order is the same every time."""
    asked = _Asked(need)
    _table(need).meet(token for source in sources for tokens in _texts(source) for token in tokens)
    picks = [pick for source in sources for pick in asked.ranked(source, sources)]
    return sorted(picks, key=lambda pick: (-pick.score, pick.source.passage.passage, pick.line))


def coverage(need: Need, tokens: Iterable[str]) -> list[float]:
    """Return for each term of `need` how strongly `tokens` hold it, from 0 to 1."""
    return _table(need).by(tokens)


def _table(need: Need) -> Held:
    return table_of(tuple((term.token, *term.others) for term in need.terms))


class _Asked:
    """A need, and what each sentence of a source has to say for it; in a matrix each row is a term, each column a line.

    All sums run over the terms in their order, so that equal sentences come out equal to the last bit.
    """

    def __init__(self, need: Need) -> None:
        self._need = need
        self._table = _table(need)
        self._weights = np.array([[term.weight] for term in need.terms]).reshape(-1, 1)
        self._carried = np.array([[float(term.carried)] for term in need.terms]).reshape(-1, 1)
        self._total = need.weight or 1.0

    def ranked(self, source: Source, sources: Sequence[Source]) -> Iterable[Pick]:
        """Give each sentence of `source`, which is one of `sources`."""
        need, answers = self._need, source.passage.question is not None
        rows = [self._table.by(line.tokens) for line in source.lines]
        beside = self._table.by(source.about)
        shares = self._shares(source, rows, beside, sources)
        share = np.array([shares]).T
        own = share * np.ascontiguousarray(np.array(rows).reshape(len(rows), len(shares)).T)
        about = _BESIDE * (share * np.array([beside]).T)
        held = self._weigh(np.maximum(about[:, 0], own.max(axis=1, initial=0.0))[:, None])[0]
        asked, alike = self._likeness_of_questions(source, [_TITLED * held for held in beside])
        near, after = self._around(source, own, about)
        said = np.add.accumulate(own, axis=0)[-1:].sum(axis=0).tolist()
        for i, line in enumerate(source.lines):
            features = {
                "near": near[i],
                "next": after[i],
                "passage": held * self._total / _MUCH,
                "asked": asked,
                "alike": alike,
                "sort": float(holds_sort(line.text, need.sort, need.said)),
                "counted": _counted(need, line.text),
                "place": source.score,
                "slight": float(line.heading or len(line.tokens) < 3),
                "first": 0.0 if answers else 1.0 / (i + 1),
                "opening": 1.0 / (i + 1) if answers else 0.0,
                "focus": said[i] / max(3, len(line.tokens)),
                "lead": float(need.sort == "yes_no" and _says_yes_or_no(line.text)),
            }
            yield Pick(source, i, features, _score(features), shares)

    def _weigh(self, held: Matrix) -> list[float]:
        """Return of each column the share of what was asked for that it holds."""
        if not len(held):
            return [0.0] * held.shape[1]
        weighed: list[float] = (np.add.accumulate(self._weights * held, axis=0)[-1] / self._total).tolist()
        return weighed

    def _around(self, source: Source, own: Matrix, about: Matrix) -> tuple[list[float], list[float]]:
        """Return what each line holds with what it takes over: from above and beside, and from the next line too."""
        lines = source.lines
        near = np.maximum(own, self._carried * about)
        heading = -1
        for i, line in enumerate(lines):
            if heading >= 0:
                np.maximum(near[:, i], _HEADED * own[:, heading], out=near[:, i])
            heading = i if line.heading else heading
        running = np.array([float(not line.row) for line in lines])
        for n, share in enumerate(_BEFORE[: max(0, len(lines) - 1)], 1):
            np.maximum(near[:, n:], running[n:] * (share * own[:, :-n]), out=near[:, n:])
        after = near.copy()
        np.maximum(near[:, :-1], running[:-1] * (_AFTER * own[:, 1:]), out=after[:, :-1])
        return self._weigh(near), self._weigh(after)

    def _shares(
        self, source: Source, rows: Sequence[Sequence[float]], beside: Sequence[float], sources: Sequence[Source]
    ) -> tuple[float, ...]:
        """Return for each term what counts of the words that stand for it in `source`: less where they are the end of
        another compound than the one asked for, of which its document speaks."""
        best = list(map(max, beside, *rows)) if rows else beside
        texts = _texts(source)
        words = frozenset(chain.from_iterable(texts))
        spoken: frozenset[str] | None = None
        shares = [1.0] * len(best)
        for i, (term, held) in enumerate(zip(self._need.terms, best, strict=True)):
            if held and (held <= HEAD or term.others) and parts(term.token):
                spoken = spoken if spoken is not None else _spoken(source, sources)
                like = self._table.like(i, words)
                shares[i] = _OF_ANOTHER if is_of_another(term.token, like, texts, spoken) else 1.0
        return tuple(shares)

    def _likeness_of_questions(self, source: Source, aside: Sequence[float]) -> tuple[float, float]:
        """Return how far a question that the source answers is the question asked, in words and in words and sort."""
        need = self._need
        weights = [term.weight for term in need.terms]
        asked = alike = 0.0
        for sort, tokens in (known for text in source.asked for known in questions_in(text)):
            share = sum(map(mul, weights, map(max, self._table.by(tokens), aside))) / self._total
            asked = max(asked, share)
            alike = max(alike, share if kin(sort) == kin(need.sort) else 0.0)
        return asked, alike


def _texts(source: Source) -> list[tuple[str, ...]]:
    """Return the words of each line of `source`, and of what stands beside it."""
    return [*(line.tokens for line in source.lines), source.about]


def _spoken(source: Source, sources: Sequence[Source]) -> frozenset[str]:
    """Return the words of the document of `source`, as far as they stand in `sources`."""
    name = source.document.document
    return frozenset().union(*(t for other in sources if other.document.document == name for t in _texts(other)))


def _counted(need: Need, text: str) -> float:
    """Return how well what a number in `text` counts ("7.300 huishoudens") is what the question counts."""
    if not need.counted:
        return 0.0
    tokens = [t for t in tokenise(_ITEM.sub("", text).replace("%", " procent ")) if not is_stopword(t) or _is_number(t)]
    named = {t for i, token in enumerate(tokens) if _is_number(token) for t in tokens[i + 1 : i + 1 + _NAMED_WITHIN]}
    if any(map(_is_number, tokens)):
        named.update(after for word, after in pairwise(tokens) if word in _HEADS)
    return max((likeness(need.counted, token) for token in named), default=0.0)


def _is_number(token: str) -> bool:
    return token[0].isdigit() or token in _number_words()


@cache
def _number_words() -> frozenset[str]:
    tokens = frozenset(token for entry in entries("answer.counted") for token in tokenise(entry))
    return tokens - {"een"}  # "één" is written without its accents more often than not, and "een" is no number


def _says_yes_or_no(text: str) -> bool:
    return pattern("answer.yes_no", at_start=True).match(text) is not None


def _score(features: Mapping[str, float]) -> float:
    score: float = sum(map(mul, _weights(), features.values()))
    return round(score, 9)


@cache
def _weights() -> tuple[float, ...]:
    stored = json.loads((files("rag") / "ranking.json").read_text(encoding="utf-8"))
    return tuple(float(stored[name]) for name in FEATURES)
