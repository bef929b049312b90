"""Sentence/passage pairs go in, how well a judge tells the supported from the unsupported comes out.

A pair holds the passage's text, or names a document and a label; knows no store, only a way to a document's passages.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval.measures import Measure, proportion
from eval.questions import QuestionsError
from index.values import Passage
from rag.protocols import Judge
from rag.values import Verdict

PassagesOf = Callable[[str], Sequence[Passage]]


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and the passage it is held against; `supported` is the truth where it is known."""

    id: str
    passage: Passage
    sentence: str
    supported: bool | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair and what the judge made of it."""

    pair: Pair
    verdict: Verdict

    @property
    def supported(self) -> bool:
        """Whether the judge holds the sentence for supported."""
        return self.verdict.support != "unsupported"

    @property
    def right(self) -> bool:
        """Whether the judge agrees with the truth."""
        return self.supported == self.pair.supported


def load_pairs(path: Path, passages_of: PassagesOf) -> tuple[list[Pair], int]:
    """Read a file of pairs; return them and how many were left out because their document is not known.

    A line holds `id`, `sentence` and either `passage` (a text) or `document` and `label`, whose pieces are read as one.
    The first line that holds no pair is a `QuestionsError` that names it.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError("eval.file", file=path, reason=error) from error
    found = [_pair(line, path, number, passages_of) for number, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise QuestionsError("eval.no_questions", file=path)
    pairs = [pair for pair in found if pair is not None]
    return pairs, len(found) - len(pairs)


def run(pairs: Iterable[Pair], judge: Judge) -> list[Judged]:
    """Have every pair judged, in order."""
    return [Judged(pair, judge.judge(pair.sentence, pair.passage)) for pair in pairs]


def measures(judged: Iterable[Judged]) -> list[Measure]:
    """Return accuracy, balanced accuracy ½(TPR + TNR), precision and recall of "supported", and the share of right
    verdicts for each kind; pairs without a truth are left aside."""
    known = [one for one in judged if one.pair.supported is not None]
    recall = proportion("recall", [one.right for one in known if one.pair.supported])
    specificity = proportion("specificity", [one.right for one in known if not one.pair.supported])
    balanced = (
        (recall.value + specificity.value) / 2 if recall.value is not None and specificity.value is not None else None
    )
    kinds = dict.fromkeys(one.pair.kind for one in known if one.pair.kind)
    return [
        proportion("accuracy", [one.right for one in known]),
        Measure("balanced accuracy", balanced, len(known)),
        proportion("precision", [one.right for one in known if one.supported]),
        recall,
        specificity,
        *(proportion(kind, [one.right for one in known if one.pair.kind == kind]) for kind in kinds),
    ]


def to_json(judged: Judged) -> dict[str, Any]:
    """Return one line of the command's JSON."""
    verdict = judged.verdict
    return {
        "id": judged.pair.id,
        "supported": judged.supported,
        "score": verdict.score,
        "reasons": list(verdict.reasons),
    }


def _pair(line: str, path: Path, number: int, passages_of: PassagesOf) -> Pair | None:
    try:
        value: Any = json.loads(line)
        identifier = str(value.get("id") or number)
        sentence, text, supported = value["sentence"], value.get("passage"), value.get("supported")
        document, label = value.get("document"), value.get("label")
        if not isinstance(sentence, str) or not isinstance(supported, bool | None):
            raise TypeError("a sentence and a truth value expected")
        if text is None:
            passage = _joined([piece for piece in passages_of(str(document)) if piece.label == label])
        else:
            passage = Passage(identifier, str(document or identifier), str(label or ""), str(text), 0, len(str(text)))
        return None if passage is None else Pair(identifier, passage, sentence, supported, value.get("kind"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise QuestionsError("eval.judge_line", file=path, line=number) from error


def _joined(pieces: Sequence[Passage]) -> Passage | None:
    """Return the pieces of one answer as one passage of its words alone, or None where there is no piece."""
    if not pieces:
        return None
    text = "\n".join(piece.body for piece in pieces)
    return replace(pieces[0], text=text, end=pieces[0].start + len(text), answer=None, answer_start=None)
