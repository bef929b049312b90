"""Development questions go in, the weights by which answers are chosen and refused come out, as JSON beside the code.

Fits `rag/ranking.json` (which sentence of all that were found answers: a conditional logit) and
`rag/sufficiency.json` (whether the best is enough: answerable questions against the same with their documents taken
away, with another year or name, with questions put to a library of other matters, and questions known to be in vain).
All chances that are reported or used for the threshold come from folds in which the question's document was not seen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from eval.questions import GoldQuestion
from index.store import Store
from index.values import Hit
from rag.evidence import Source, gather
from rag.need import Need, needs_of
from rag.rank import FEATURES, rank_lines
from rag.sufficiency import FEATURES as ENOUGH
from rag.sufficiency import features_of

Floats = npt.NDArray[np.float64]
Search = Callable[[str], list[Hit]]
TOP_K = 12
FOLDS = 5
_DEPTH = 40
_SHORTEST_SPAN = 15


@dataclass(frozen=True, slots=True)
class Case:
    """One need, what was found for it, and which lines are right; `group` keeps the questions of a document together.

    `kind` says where it comes from and whether it has an answer: "own", "own gone", "policy", "policy gone" …
    """

    group: str
    kind: str
    need: Need
    sources: tuple[Source, ...]
    right: frozenset[tuple[str, int]]
    weight: float = 1.0

    @property
    def answerable(self) -> bool:
        """Whether there is a right line at all."""
        return bool(self.right)


def cases_of(store: Store, questions: Iterable[GoldQuestion], kind: str) -> list[Case]:
    """Return the cases of `questions`: each need as it is, and with the documents of its gold taken away."""
    found: list[Case] = []
    with store.snapshot() as snapshot:
        for question in questions:
            hits = snapshot.search(question.question, _DEPTH)
            gold = {name.partition("#")[0] for name in question.gold}
            kept = [hit for hit in hits if hit.document.document not in gold][:TOP_K]
            group = min(gold) if gold else question.id
            sources = gather(snapshot, hits[:TOP_K]).sources
            needs = needs_of(question.question)
            for n, need in enumerate(needs):
                facts = question.facts[n : n + 1] if len(needs) == len(question.facts) else question.facts
                right = frozenset(_right(sources, facts, question.gold))
                if right or not gold:
                    found.append(Case(group, kind if gold else f"{kind} in vain", need, sources, right))
                if gold:
                    without = gather(snapshot, kept).sources
                    found.append(Case(group, f"{kind} gone", need, without, frozenset()))
    return found


def _right(sources: Sequence[Source], facts: Sequence[str], gold: Sequence[str]) -> Iterable[tuple[str, int]]:
    spans = [_plain(fact) for fact in facts]
    for source in sources:
        name = source.passage.passage
        if not any(name == g or name.startswith(g + ("." if "#" in g else "#")) for g in gold):
            continue
        for i, line in enumerate(source.lines):
            text = _plain(line.text)
            if any(span in text or (len(text) > _SHORTEST_SPAN and text in span) for span in spans):
                yield name, i


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).casefold()


@dataclass(frozen=True, slots=True)
class Lists:
    """The lines of each case as rows of features, whether each is right, and how much each case weighs."""

    rows: tuple[Floats, ...]
    right: tuple[npt.NDArray[np.bool_], ...]
    weights: Floats


def lists_of(cases: Sequence[Case]) -> Lists:
    """Return the lines of the cases, all of them answerable."""
    rows, right = [], []
    for case in cases:
        ranked = rank_lines(case.need, case.sources)
        rows.append(np.array([[pick.features[name] for name in FEATURES] for pick in ranked]))
        right.append(np.array([(pick.source.passage.passage, pick.line) in case.right for pick in ranked]))
    return Lists(tuple(rows), tuple(right), np.array([case.weight for case in cases]))


def fit_lists(lists: Lists, strength: float) -> Floats:
    """Return the weights under which the right lines get most of a softmax over all lines of their case.

    Conditional logit (McFadden 1974) with an L2 penalty of `strength` a case.
    """
    from scipy.optimize import minimize

    total = float(lists.weights.sum())

    def loss(weights: Floats) -> tuple[float, Floats]:
        value, slope = 0.5 * strength * float(weights @ weights), strength * weights
        for rows, right, weight in zip(lists.rows, lists.right, lists.weights, strict=True):
            scores = rows @ weights
            share = np.exp(scores - scores.max())
            among_right = np.where(right, share, 0.0)
            value -= weight / total * float(np.log(among_right.sum() / share.sum()))
            slope = slope + weight / total * ((share / share.sum() - among_right / among_right.sum()) @ rows)
        return value, slope

    fitted: Floats = minimize(loss, np.zeros(lists.rows[0].shape[1]), jac=True, method="L-BFGS-B").x
    return fitted


def folds_of(groups: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return the fold of each group, the same for the same group, by a hash that does not change."""
    import zlib

    return np.array([zlib.crc32(group.encode()) % FOLDS for group in groups], dtype=np.int64)


def examples(cases: Sequence[Case]) -> tuple[Floats, Floats]:
    """Return the features of the best line of each case, and whether it has an answer that was found."""
    rows, labels = [], []
    for case in cases:
        ranked = rank_lines(case.need, case.sources)
        found = features_of(case.need, ranked) if ranked else {}
        rows.append([found.get(name, 0.0) for name in ENOUGH])
        labels.append(float(case.answerable))
    return np.array(rows), np.array(labels)


def fit_chance(rows: Floats, labels: Floats, weights: Floats, strength: float) -> tuple[Floats, float]:
    """Return (weights, bias) of an L2 logistic regression."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, max_iter=5000)
    model.fit(rows, labels, sample_weight=weights)
    return model.coef_[0], float(model.intercept_[0])


def chances(rows: Floats, fitted: tuple[Floats, float]) -> Floats:
    """Return the chance of each row."""
    answer: Floats = 1 / (1 + np.exp(-(rows @ fitted[0] + fitted[1])))
    return answer


def write_json(path: Path, value: Any) -> None:
    """Write `value` with numbers rounded to thousandths."""

    def rounded(item: Any) -> Any:
        if isinstance(item, dict):
            return {key: rounded(inner) for key, inner in item.items()}
        return round(float(item), 3)

    path.write_text(json.dumps(rounded(value), indent=2) + "\n", encoding="utf-8")
