"""Ranked sentences go in, the fewest that answer a need come out, whole and verbatim, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.evidence import Line, Source
from rag.need import VALUES, Need
from rag.rank import Pick
from rag.vocabulary import pattern

MOST_WORDS = 150  # of an answer to one question; a single longer sentence is still given whole
_GOOD_TOO = {"same": 3.0, "other": 3.5}  # below the best score, in its own passage and in another one
_FULL = 80  # words up to which the passage of the best sentence is given, of an answer that is one value
_FULL_OTHERWISE = 100
_SAME_QUESTION = 0.5  # the share of the question that one in the passage must hold to be answered by its yes or no
_LOOKED_AT = 40  # of the ranked sentences
_ITEM = re.compile(r"^(?:[•–\-*]|\d{1,2}[.)]|[a-z][.)])\s")
_WORD = re.compile(r"\w+")


def choose_lines(need: Need, ranked: Sequence[Pick]) -> list[tuple[Source, int]]:
    """Return the sentences to give for `need`: the best one, what it hangs on, and others about as good.

    The passage of the best goes before all others and is given up to a length that reads well, for the reason often
    stands there in words of its own.
    """
    ranked = [pick for pick in ranked if not _answers_another(pick, need)] or ranked
    if not ranked:
        return []
    best = ranked[0]
    chosen: dict[tuple[str, int], tuple[Source, int]] = {}
    _take(best, need, chosen)
    full = _FULL if need.sort in VALUES else _FULL_OTHERWISE
    mine = [pick for pick in ranked[1:] if _is_beside(pick, best)]
    for pick in mine + [pick for pick in ranked[1:_LOOKED_AT] if not _is_beside(pick, best)]:
        same = _is_beside(pick, best)
        line = pick.source.lines[pick.line]
        fills = same and not line.row and _length(chosen.values()) + _words(line) <= full
        below = pick.score < best.score - _GOOD_TOO["same" if same else "other"]
        if not fills and (below or pick.features["sort"] < best.features["sort"]):
            continue
        if line.row and pick.features["near"] < best.features["near"]:  # of another thing than was asked about
            continue
        if not (_repeats(pick, chosen.values()) or _answers_another(pick, need)):
            _take(pick, need, chosen)
    return _in_reading_order(list(chosen.values()))


def _is_beside(pick: Pick, best: Pick) -> bool:
    return pick.source.passage.passage == best.source.passage.passage


def _take(pick: Pick, need: Need, chosen: dict[tuple[str, int], tuple[Source, int]]) -> None:
    """Add a sentence with the ones it cannot be read without, as long as they fit."""
    lines = pick.source.lines
    wanted = [pick.line]
    while pattern("answer.dangling", at_start=True).match(lines[wanted[0]].text) and wanted[0] > 0 and len(wanted) < 3:
        wanted.insert(0, wanted[0] - 1)
    if _is_asked_there(pick, need) and pattern("answer.yes_no", at_start=True).match(lines[0].text) and wanted[0] > 0:
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


def _answers_another(pick: Pick, need: Need) -> bool:
    """Whether a sentence says yes or no to a question that was not asked."""
    says = pattern("answer.yes_no", at_start=True).match(pick.source.lines[pick.line].text) is not None
    return says and not _is_asked_there(pick, need)


def _is_asked_there(pick: Pick, need: Need) -> bool:
    """Whether the passage's yes or no is one to this question: "Ja" to "Bent u bekend met …?" is a yes to no other."""
    if need.sort != "yes_no" or pick.features["asked"] < _SAME_QUESTION:
        return False
    acquaintance = pattern("answer.acquaintance")
    there = acquaintance.search(pick.source.passage.question or "") is not None
    return not there or acquaintance.search(need.question) is not None


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
