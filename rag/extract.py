"""Needs and sources go in, the fewest sentences that answer them come out, whole and verbatim, in reading order.

A sentence is weighed by the words asked for that it holds, itself or taken over from the sentence before, by those its
passage holds, by whether it holds the sort of answer asked for, and by the place of its passage in the search.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.evidence import Line, Source
from rag.need import Need, questions_in
from rag.sorts import holds_sort
from rag.vocabulary import pattern
from rag.words import best_likeness

MOST_WORDS = 110  # of an answer to one question; a single longer sentence is still given whole
_BEFORE = (0.75, 0.7, 0.7, 0.65)  # what a sentence takes over from the first, second … sentence before it
_TITLED = 0.6  # what the title and the other questions add to one question of a passage
_HEADED, _BESIDE = 0.85, 0.9  # from the heading above it; from the question and title beside its passage
_WEIGHTS = {
    "own": 0.1,
    "near": 0.6,
    "passage": 0.5,
    "asked": 0.1,
    "alike": 0.7,
    "sort": 0.5,
    "place": 0.3,
    "slight": -1.0,
    "first": 0.3,
    "focus": 0.4,
}
_GOOD_TOO = {"same": 0.86, "other": 0.95}  # of the best sentence's score, in its own passage and in another one
_WORTH_READING = 0.6  # of the best sentence's score: what may fill an answer up to the length that reads well
_FULL = {"time": 40, "number": 40, "money": 40, "duration": 40}
_FULL_OTHERWISE = 65  # words
_LOOKED_AT = 40  # of the ranked sentences
_ITEM = re.compile(r"^(?:[•–\-*]|\d{1,2}[.)]|[a-z][.)])\s")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Features:
    """How well one sentence answers one need; each from 0 to 1."""

    own: float
    near: float
    passage: float
    asked: float
    alike: float
    sort: float
    place: float
    slight: float
    first: float
    focus: float

    @property
    def score(self) -> float:
        """The features weighed together."""
        return sum(weight * float(getattr(self, name)) for name, weight in _WEIGHTS.items())


@dataclass(frozen=True, slots=True)
class Pick:
    """One sentence of a source, by its place among the source's lines, with what speaks for it."""

    source: Source
    line: int
    features: Features

    @property
    def score(self) -> float:
        """Higher is better."""
        return self.features.score


def rank_lines(need: Need, sources: Sequence[Source]) -> list[Pick]:
    """Return every sentence of `sources`, the best answer to `need` first; the order is the same every time."""
    picks = [pick for source in sources for pick in _rank_source(need, source)]
    return sorted(picks, key=lambda pick: (-round(pick.score, 9), pick.source.passage.passage, pick.line))


def choose_lines(need: Need, ranked: Sequence[Pick]) -> list[tuple[Source, int]]:
    """Return the sentences to give for `need`: the best one, what it hangs on, and others about as good."""
    if not ranked:
        return []
    best = ranked[0]
    chosen: dict[tuple[str, int], tuple[Source, int]] = {}
    _take(best, need, chosen)
    full = _FULL.get(need.sort, _FULL_OTHERWISE)
    for pick in ranked[1:_LOOKED_AT]:
        same = pick.source.passage.passage == best.source.passage.passage
        fills = same and _length(chosen.values()) + _words(pick.source.lines[pick.line]) <= full
        needed = _WORTH_READING if fills else _GOOD_TOO["same" if same else "other"]
        if pick.score < best.score * needed or (not fills and pick.features.sort < best.features.sort):
            continue
        if not _repeats(pick, chosen.values()):
            _take(pick, need, chosen)
    return _in_reading_order(list(chosen.values()))


def coverage(need: Need, tokens: Sequence[str] | frozenset[str]) -> list[float]:
    """Return for each term of `need` how strongly `tokens` hold it, from 0 to 1."""
    return [best_likeness(term.token, tokens) for term in need.terms]


def _rank_source(need: Need, source: Source) -> list[Pick]:
    weights = [term.weight for term in need.terms]
    total = sum(weights) or 1.0

    def weigh(covered: Sequence[float]) -> float:
        return sum(w * c for w, c in zip(weights, covered, strict=True)) / total

    own = [coverage(need, line.tokens) for line in source.lines]
    beside = [_BESIDE * c for c in coverage(need, source.about)]
    whole = [max(column) for column in zip(beside, *own, strict=True)]
    asked, alike = _likeness_of_questions(need, source)
    nothing = [0.0] * len(weights)
    heading = nothing
    picks: list[Pick] = []
    for i, line in enumerate(source.lines):
        rows = [own[i], [_HEADED * h for h in heading]]
        rows += [[share * o for o in own[i - n]] for n, share in enumerate(_BEFORE, 1) if i >= n]
        near = [max(column) for column in zip(*rows, strict=True)]
        features = Features(
            own=weigh(own[i]),
            near=weigh(near),
            passage=weigh(whole),
            asked=asked,
            alike=alike,
            sort=float(holds_sort(line.text, need.sort)),
            place=source.score,
            slight=float(line.heading or len(line.tokens) < 3),
            first=1.0 / (i + 1),
            focus=sum(own[i]) / max(3, len(line.tokens)),
        )
        picks.append(Pick(source, i, features))
        heading = own[i] if line.heading else heading
    return picks


def _likeness_of_questions(need: Need, source: Source) -> tuple[float, float]:
    """Return how far a question that the source answers is the question asked, in words and in words and sort."""
    aside = [_TITLED * c for c in coverage(need, source.about)]
    asked = alike = 0.0
    for sort, tokens in (known for text in source.asked for known in questions_in(text)):
        held = [max(pair) for pair in zip(coverage(need, tokens), aside, strict=True)]
        share = sum(t.weight * h for t, h in zip(need.terms, held, strict=True)) / (need.weight or 1.0)
        asked = max(asked, share)
        alike = max(alike, share if sort == need.sort else 0.0)
    return asked, alike


def _take(pick: Pick, need: Need, chosen: dict[tuple[str, int], tuple[Source, int]]) -> None:
    """Add a sentence with the ones it cannot be read without, as long as they fit."""
    lines = pick.source.lines
    wanted = [pick.line]
    while pattern("answer.dangling", at_start=True).match(lines[wanted[0]].text) and wanted[0] > 0 and len(wanted) < 3:
        wanted.insert(0, wanted[0] - 1)
    if (
        need.sort == "yes_no"
        and pick.features.asked >= 0.5
        and pattern("answer.yes_no", at_start=True).match(lines[0].text)
        and wanted[0] > 0
    ):
        wanted.insert(0, 0)
    last = wanted[-1]
    if lines[last].text.endswith(":"):
        while last + 1 < len(lines) and _ITEM.match(lines[last + 1].text):
            last += 1
            wanted.append(last)
    for i in sorted(wanted, key=lambda i: (i != pick.line, -i)):
        key = (pick.source.passage.passage, i)
        if key not in chosen and (not chosen or _length(chosen.values()) + _words(lines[i]) <= MOST_WORDS):
            chosen[key] = (pick.source, i)


def _repeats(pick: Pick, chosen: Iterable[tuple[Source, int]]) -> bool:
    """Whether nearly all words of a sentence stand in one that was chosen already (the same answer twice)."""
    tokens = set(pick.source.lines[pick.line].tokens)
    return any(len(tokens & set(source.lines[i].tokens)) >= 0.8 * len(tokens) for source, i in chosen)


def _in_reading_order(chosen: Sequence[tuple[Source, int]]) -> list[tuple[Source, int]]:
    """Keep the passages in the order they were chosen, and the sentences of each as they stand in it."""
    order = {source.passage.passage: n for n, (source, _) in reversed(list(enumerate(chosen)))}
    return sorted(chosen, key=lambda one: (order[one[0].passage.passage], one[1]))


def _length(chosen: Iterable[tuple[Source, int]]) -> int:
    return sum(_words(source.lines[i]) for source, i in chosen)


def _words(line: Line) -> int:
    return len(_WORD.findall(line.text))
