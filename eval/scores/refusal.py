"""Refusal: whether what the documents do not answer is refused, and nothing else; whole sets of cases go in.

Refusal precision, recall and F1, those of answering, and their mean are Trust-Eval's (Song et al., ICLR 2025).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eval.scores.case import Better, Case, Score
from eval.scores.citations import is_part_of

# What asks for something the documents do not deal with at all; every other question in vain is a near miss.
FAR = frozenset({"off-topic", "incomprehensible"})
PARTIAL = "partial"

Set = Callable[[Sequence[Case]], float | None]


def refusal_precision(cases: Sequence[Case]) -> float | None:
    """Of the questions that were refused, the share that has no answer; 0 when nothing was refused."""
    return _precision(cases, refused=True)


def refusal_recall(cases: Sequence[Case]) -> float | None:
    """Of the questions without an answer, the share that was refused."""
    return _recall(cases, refused=True)


def refusal_f1(cases: Sequence[Case]) -> float | None:
    """The harmonic mean of both; refusing everything gives 2u / (1 + u) at a share u without an answer."""
    return _f1(cases, refused=True)


def answering_f1(cases: Sequence[Case]) -> float | None:
    """The same of answering: of what was answered the share that has an answer, and the other way round."""
    return _f1(cases, refused=False)


def macro_f1(cases: Sequence[Case]) -> float | None:
    """The mean of both F1s; refusing everything gives u / (1 + u)."""
    refusing, answering = refusal_f1(cases), answering_f1(cases)
    return None if refusing is None or answering is None else (refusing + answering) / 2


def crag(cases: Sequence[Case]) -> float | None:
    """(2·correct + missing) / n − 1: right +1, refused though there is an answer 0, wrong −1 (Yang et al., NeurIPS
    2024). Right is every gold fact, or nothing where there is nothing to answer."""
    correct = sum(case.right for case in cases)
    missing = sum(case.refused and case.question.answerable for case in cases)
    return (2 * correct + missing) / len(cases) - 1 if cases else None


SETS: tuple[tuple[str, Better, Set], ...] = (
    ("refusal precision", "higher", refusal_precision),
    ("refusal recall", "higher", refusal_recall),
    ("refusal F1", "higher", refusal_f1),
    ("answering F1", "higher", answering_f1),
    ("macro F1", "higher", macro_f1),
    ("CRAG score", "higher", crag),
)


def false_answer(case: Case) -> float | None:
    """Whether a question in vain that lies near what the documents say was answered all the same."""
    return None if case.question.answerable or case.question.kind in FAR else float(not case.refused)


def far_answer(case: Case) -> float | None:
    """Whether a question about quite other things was answered."""
    return float(not case.refused) if case.question.kind in FAR else None


def refused_though_found(case: Case) -> float | None:
    """Whether an answerable question was refused although the search had found its passage (context-answerable)."""
    if not case.question.answerable or not any(is_part_of(f, gold) for f in case.found for gold in case.question.gold):
        return None
    return float(case.refused)


def refused_answerable(case: Case) -> float | None:
    """Whether an answerable question was refused, found or not (corpus-answerable)."""
    return float(case.refused) if case.question.answerable else None


def partial_right(case: Case) -> float | None:
    """Whether a question of which one part has no answer is answered in part: its facts, and saying what is missing."""
    if case.question.kind != PARTIAL:
        return None
    return float(case.answer.status == "partial" and case.right)


def partial_claimed(case: Case) -> float | None:
    """Of the answers that say they are partial: whether the question really has a part without an answer."""
    return float(case.question.kind == PARTIAL) if case.answer.status == "partial" else None


SCORES = (
    Score("false answers, near misses", "lower", false_answer),
    Score("false answers, far off", "lower", far_answer),
    Score("answerable refused", "lower", refused_answerable),
    Score("refused though found", "lower", refused_though_found),
    Score("partial answers right", "higher", partial_right),
    Score("partial rightly said", "higher", partial_claimed),
)


def _precision(cases: Sequence[Case], *, refused: bool) -> float | None:
    if not cases:
        return None
    chosen = [case for case in cases if case.refused == refused]
    return sum(case.question.answerable != refused for case in chosen) / len(chosen) if chosen else 0.0


def _recall(cases: Sequence[Case], *, refused: bool) -> float | None:
    wanted = [case for case in cases if case.question.answerable != refused]
    return sum(case.refused == refused for case in wanted) / len(wanted) if wanted else None


def _f1(cases: Sequence[Case], *, refused: bool) -> float | None:
    precision, recall = _precision(cases, refused=refused), _recall(cases, refused=refused)
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
