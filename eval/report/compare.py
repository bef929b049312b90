"""Two reports over the same questions go in, what differs between them comes out, and whether chance explains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from eval.report.values import Record, Report, ReportError
from eval.scores import refusal
from eval.scores.case import Better
from eval.sections import GROUNDING, NDCG, RANKING
from eval.significance import Difference, holm, paired

_LEVEL = 0.05
BETTER: dict[str, Better] = {
    "right": "higher",
    **dict.fromkeys(RANKING, "higher"),
    **{score.name: score.better for score in (*GROUNDING, *refusal.SCORES)},
}
# What the verdict is about; the other measures of ranking say nearly the same and would only weaken the test.
TESTED = (
    *("right", NDCG, "R@5", "fact recall", "citation recall", "citation precision", "sentences supported"),
    *("quotes literal", "wrong document", "answerable refused", "false answers, near misses", "words"),
)


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure in two reports: both means, the paired difference, and p adjusted for the number of measures."""

    name: str
    one: float
    other: float
    difference: Difference
    adjusted: float

    @property
    def verdict(self) -> str:
        """`better`, `worse`, `other` or `same` of the second against the first: the key of a text."""
        if self.adjusted >= _LEVEL:
            return "same"
        if BETTER[self.name] == "neither":
            return "other"
        return "better" if (self.difference.value > 0) == (BETTER[self.name] == "higher") else "worse"


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that was compared, and how many questions stand in only one of the reports."""

    rows: tuple[Compared, ...]
    only_one: int
    only_other: int


def compare(one: Report, other: Report, names: tuple[str, str]) -> Comparison:
    """Hold `other` against `one`, question by question; raise `ReportError` when they share none.

    A measure that speaks of a question in one report only (a refusal cites nothing) leaves that question out.
    """
    first, second = _by_question(one), _by_question(other)
    shared = [key for key in first if key in second]
    if not shared:
        raise ReportError("evaluate.compared_none", one=names[0], other=names[1])
    rows = []
    for name in TESTED:
        pairs = [
            (first[key].scores[name], second[key].scores[name])
            for key in shared
            if name in first[key].scores and name in second[key].scores
        ]
        if pairs:
            rows.append(_compared(name, pairs))
    adjusted = holm([row.adjusted for row in rows])
    rows = [replace(row, adjusted=p) for row, p in zip(rows, adjusted, strict=True)]
    return Comparison(tuple(rows), len(first) - len(shared), len(second) - len(shared))


def _compared(name: str, pairs: Sequence[tuple[float, float]]) -> Compared:
    before, after = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    difference = paired(after, before)
    return Compared(name, sum(before) / len(before), sum(after) / len(after), difference, difference.p)


def _by_question(report: Report) -> dict[tuple[str, ...], Record]:
    return {(record.section, record.set, record.id, record.question): record for record in report.records}
