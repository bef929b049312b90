"""A need and its sources go in, every sentence comes out with what speaks for it, the best answer first.

A sentence is weighed by the words asked for that it holds, itself or taken over from the sentence before, by those its
passage holds, by whether it holds the sort of answer asked for and by the place of its passage in the search. The
weights were fitted by `eval.fit_answers` and stand in `ranking.json`, in units of a logit: a sentence that scores 1
more is the answer 2.7 times as likely.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from operator import mul

from index.dutch import is_stopword, tokenise
from rag.evidence import Source
from rag.need import Need, Term, kin, questions_in
from rag.sorts import holds_sort
from rag.vocabulary import entries, pattern
from rag.words import SYNONYM, best_answer, is_of_another, likeness, meet

FEATURES = (
    *("near", "next", "passage", "asked", "alike", "sort", "counted"),
    *("place", "slight", "first", "opening", "focus", "lead"),
)
_BEFORE = (0.75, 0.7, 0.7, 0.65)  # what a sentence takes over from the first, second … sentence before it
_AFTER = 0.6  # and from the one after it
_TITLED = 0.6  # what the title and the other questions add to one question of a passage
_HEADED, _BESIDE = 0.85, 0.9  # from the heading above it; from the question and title beside its passage
_OF_ANOTHER = 0.4  # what the end of another compound counts: "toeslag" of "energietoeslag" for "huurtoeslag"
_ITEM = re.compile(r"^\s*\d{1,2}[.)]\s")
_NAMED_WITHIN = 3  # words after a number, small ones aside, among which the thing it counts is named
_HEADS = frozenset(("aantal", "aantallen"))  # what stands after these is counted by any number of the sentence


@dataclass(frozen=True, slots=True)
class Pick:
    """One sentence of a source, by its place among the source's lines, with what speaks for it, each from 0 to 1.

    `shares` says of each word asked for what counts of the words that stand for it in the source.
    """

    source: Source
    line: int
    features: Mapping[str, float]
    score: float
    shares: tuple[float, ...] = ()


def rank_lines(need: Need, sources: Sequence[Source]) -> list[Pick]:
    """Return every sentence of `sources`, the best answer to `need` first; the order is the same every time."""
    beside: dict[str, set[str]] = {}
    for source in sources:
        beside.setdefault(source.document.document, set()).update(source.about, *(line.tokens for line in source.lines))
    meet([word for term in need.terms for word in (term.token, *term.others)], set().union(*beside.values()))
    shares = [_shares(need, source, beside[source.document.document]) for source in sources]
    picks = [pick for of, source in zip(shares, sources, strict=True) for pick in _rank_source(need, source, of)]
    return sorted(picks, key=lambda pick: (-pick.score, pick.source.passage.passage, pick.line))


def coverage(need: Need, tokens: Sequence[str] | frozenset[str]) -> list[float]:
    """Return for each term of `need` how strongly `tokens` hold it, from 0 to 1."""
    return [_held(term, tokens) if term.others else best_answer(term.token, tokens) for term in need.terms]


def _shares(need: Need, source: Source, beside: Collection[str]) -> tuple[float, ...]:
    """Return for each term of `need` what counts of the words that stand for it in `source`: less where they are the
    end of another compound than the one asked for, of which its document speaks (`beside`)."""
    texts = [*(line.tokens for line in source.lines), source.about]
    return tuple(_OF_ANOTHER if is_of_another(term.token, texts, beside) else 1.0 for term in need.terms)


def _counted_for(shares: tuple[float, ...], covered: list[float]) -> list[float]:
    return covered if min(shares, default=1.0) == 1.0 else [s * c for s, c in zip(shares, covered, strict=True)]


def _held(term: Term, tokens: Sequence[str] | frozenset[str]) -> float:
    """Return how strongly a term is held by its first word, or by another one for it that is there whole."""
    others = max(best_answer(other, tokens) for other in term.others)
    return max(best_answer(term.token, tokens), others if others >= SYNONYM else 0.0)


def _rank_source(need: Need, source: Source, shares: tuple[float, ...]) -> list[Pick]:
    weights = [term.weight for term in need.terms]
    total = sum(weights) or 1.0
    answers = source.passage.question is not None

    def weigh(covered: Sequence[float]) -> float:
        return float(sum(map(mul, weights, covered)) / total)

    own = [_counted_for(shares, coverage(need, line.tokens)) for line in source.lines]
    beside = [_BESIDE * c for c in _counted_for(shares, coverage(need, source.about))]
    whole = weigh(list(map(max, beside, *own)) if own else beside)
    about = [held if term.carried else 0.0 for term, held in zip(need.terms, beside, strict=True)]
    asked, alike = _likeness_of_questions(need, source)
    heading = [0.0] * len(weights)
    found: list[Pick] = []
    for i, line in enumerate(source.lines):
        rows = [own[i], [_HEADED * h for h in heading], about]
        rows += [[share * o for o in own[i - n]] for n, share in enumerate(_BEFORE, 1) if i >= n and not line.row]
        near = list(map(max, *rows))
        after = [_AFTER * o for o in own[i + 1]] if i + 1 < len(own) and not line.row else own[i]
        features = {
            "near": weigh(near),
            "next": weigh(list(map(max, near, after))),
            "passage": whole,
            "asked": asked,
            "alike": alike,
            "sort": float(holds_sort(line.text, need.sort, need.said)),
            "counted": _counted(need, line.text),
            "place": source.score,
            "slight": float(line.heading or len(line.tokens) < 3),
            "first": 0.0 if answers else 1.0 / (i + 1),
            "opening": 1.0 / (i + 1) if answers else 0.0,
            "focus": sum(own[i]) / max(3, len(line.tokens)),
            "lead": float(need.sort == "yes_no" and _says_yes_or_no(line.text)),
        }
        found.append(Pick(source, i, features, _score(features), shares))
        heading = own[i] if line.heading else heading
    return found


def _likeness_of_questions(need: Need, source: Source) -> tuple[float, float]:
    """Return how far a question that the source answers is the question asked, in words and in words and sort."""
    aside = [_TITLED * c for c in coverage(need, source.about)]
    asked = alike = 0.0
    for sort, tokens in (known for text in source.asked for known in questions_in(text)):
        held = [max(pair) for pair in zip(coverage(need, tokens), aside, strict=True)]
        share = sum(t.weight * h for t, h in zip(need.terms, held, strict=True)) / (need.weight or 1.0)
        asked = max(asked, share)
        alike = max(alike, share if kin(sort) == kin(need.sort) else 0.0)
    return asked, alike


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
    weights = _weights()
    return round(sum(weights[name] * value for name, value in features.items()), 9)


@cache
def _weights() -> dict[str, float]:
    stored = json.loads((files("rag") / "ranking.json").read_text(encoding="utf-8"))
    return {name: float(stored[name]) for name in FEATURES}
