"""Development questions go in, the weights by which answers are chosen and refused come out, as JSON beside the code.

Fits `rag/ranking.json` (which sentence of all that were found answers: a conditional logit) and
`rag/sufficiency.json` (whether the best is enough: answerable questions against the same with their documents taken
away, with another year or name, with questions put to a library of other matters, and questions known to be in vain).
All chances that are reported or used for the threshold come from folds in which the question's document was not seen.
A question in vain goes to the fold of the document that lies nearest to it, so that none is fitted on its own.
"""

from __future__ import annotations

import json
import re
import sys
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from eval.fit_models import FOLDS, Floats, Lists, chances, fit_chance, fit_lists, folds_of, threshold_of
from eval.questions import GoldQuestion, load_questions
from index.static_embedding import bundled
from index.store import Store
from index.store.write import Writer
from index.values import Document, Passage, Reading
from rag.evidence import Source, gather
from rag.need import Need, needs_of
from rag.rank import FEATURES, _weights, rank_lines
from rag.sufficiency import FEATURES as ENOUGH
from rag.sufficiency import features_of

TOP_K = 12
_SETS = (
    *("answers-dev", "answers-dev2", "answers-dev3", "answers-dev4"),
    *("answers-closed2", "answers-closed3", "answers-closed4", "answers-closed5", "answers-closed6"),
    *("samples-questions", "seeds-questions"),
)
_DEPTH = 40
_SHORTEST_SPAN = 15
_LINES = {"own": 5.0, "policy": 1.0, "reworded": 2.0}  # what a question weighs in the choice of the sentence
_PENALTY, _STRENGTH = 0.001, 0.6
_MOST_WRONG = 0.18  # α of the threshold: two in five of these needs are in vain, one in three of what users ask
_CASES = {
    **{"own": 5.0, "own gone": 0.1, "own in vain": 5.0, "policy": 0.3, "policy gone": 0.2},
    **{"reworded": 1.0, "reworded gone": 0.5, "swapped in vain": 1.0, "elsewhere in vain": 2.0},
}
_YEAR = re.compile(r"\b(20[12]\d)\b")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w-]+")
_NAMES = [
    "Rotterdam",
    "Enschede",
    "Zeeland",
    "Finland",
    "Brazilië",
    "Almere",
    "Vlaanderen",
    "Portugal",
    "Kampen",
    "Nijmegen",
]


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
            sources = gather(snapshot, hits[:TOP_K]).sources
            group = min(gold) if gold else sources[0].document.document if sources else question.id
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
            if not spans or any(span in text or (len(text) > _SHORTEST_SPAN and text in span) for span in spans):
                yield name, i


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).casefold()


def lists_of(cases: Sequence[Case]) -> Lists:
    """Return the lines of the cases, all of them answerable."""
    rows, right = [], []
    for case in cases:
        ranked = rank_lines(case.need, case.sources)
        rows.append(np.array([[pick.features[name] for name in FEATURES] for pick in ranked]))
        right.append(np.array([(pick.source.passage.passage, pick.line) in case.right for pick in ranked]))
    return Lists(tuple(rows), tuple(right), np.array([case.weight for case in cases]))


def examples(cases: Sequence[Case]) -> tuple[Floats, Floats]:
    """Return the features of the best line of each case, and whether it has an answer that was found."""
    rows, labels = [], []
    for case in cases:
        ranked = rank_lines(case.need, case.sources)
        found = features_of(case.need, ranked) if ranked else {}
        rows.append([found.get(name, 0.0) for name in ENOUGH])
        labels.append(float(case.answerable))
    return np.array(rows), np.array(labels)


def policy_store(rows: Sequence[dict[str, Any]], folder: Path) -> tuple[Store, list[GoldQuestion]]:
    """Return a store of the answer pages of citizens' questions, a passage each, and the questions with their spans."""
    Store.create(folder)
    names = {context: f"faq-{zlib.crc32(context.encode()):08x}" for context in sorted({r["context"] for r in rows})}
    with Writer(folder) as writer:
        for context, name in names.items():
            text = _sentences_again(context)
            passage = Passage(f"{name}#1", name, "1", text, 0, len(text))
            writer.put(Reading(Document(name, "faq", "", name), text, (passage,)), name)
        writer.commit()
    questions = [
        GoldQuestion(f"p{n}", row["question"][:500], (names[row["context"]],), (row["answers"][0],))
        for n, row in enumerate(rows)
    ]
    return Store.open(folder), questions


def _sentences_again(context: str) -> str:
    """Give a page in lower case its headings and capitals back, so that it can be cut into sentences."""
    text = re.sub(r",?\s*title: ([^:]*?),? : ", r"\n\1\n", context)
    text = re.sub(r"(^|[.?!]\s+|\n)([a-z])", lambda found: found[1] + found[2].upper(), text)
    return re.sub(r"([.?!])([A-Z])", r"\1 \2", text)


def swapped(questions: Iterable[GoldQuestion]) -> list[GoldQuestion]:
    """Return answerable questions with another year or another name in them, which nothing answers."""
    found: list[GoldQuestion] = []
    whole = [question for question in questions if question.answerable and len(needs_of(question.question)) == 1]
    for n, question in enumerate(whole):
        names = _NAME.findall(question.question)
        others = [_YEAR.sub(lambda year: str(int(year[1]) - 7), question.question)]
        others += [question.question.replace(names[-1], _NAMES[n % len(_NAMES)])] if names else []
        found += [GoldQuestion(f"{question.id}s", other, ()) for other in others if other != question.question]
    return found


def fit(store: Store, questions: Mapping[str, Sequence[GoldQuestion]], policy: Store, code: Path) -> None:
    """Fit both models and write them into `code`; print what unseen documents give.

    `questions` holds our own ones, those with a passage and no fact ("reworded"), and those to `policy`.
    """
    vain = [GoldQuestion(q.id, q.question, ()) for q in questions["policy"]]
    cases = [
        case
        for kind, asked in questions.items()
        for case in cases_of(policy if kind == "policy" else store, asked, kind)
    ]
    lines = [replace(case, weight=_LINES[case.kind]) for case in cases if case.answerable]
    ranking = fit_lists(lists_of(lines), _PENALTY)
    write_json(code / "ranking.json", dict(zip(FEATURES, ranking, strict=True)))
    _weights.cache_clear()
    cases += [*cases_of(store, swapped(questions["own"]), "swapped"), *cases_of(store, vain, "elsewhere")]
    rows, labels = examples(cases)
    weights = np.array([_CASES[case.kind] for case in cases])
    folds = folds_of([case.group for case in cases])
    unseen = np.zeros(len(labels))
    for fold in range(FOLDS):
        seen = folds != fold
        fitted = fit_chance(rows[seen], labels[seen], weights[seen], _STRENGTH)
        unseen[~seen] = chances(rows[~seen], fitted)
    real = np.array([case.kind in ("own", "own in vain") for case in cases])
    threshold = threshold_of(unseen[real], labels[real] > 0, _MOST_WRONG)
    weighed, bias = fit_chance(rows, labels, weights, _STRENGTH)
    model = {"bias": bias, **dict(zip(ENOUGH, weighed, strict=True)), "threshold": threshold}
    write_json(code / "sufficiency.json", model)
    print(f"threshold {threshold:.2f}")
    for kind in sorted(_CASES):
        answered = unseen[[case.kind == kind for case in cases]] >= threshold
        print(f"{kind:18} {len(answered):4} cases, answered {answered.mean():.2f}")


def write_json(path: Path, value: Any) -> None:
    """Write `value` with numbers rounded to thousandths."""

    def rounded(item: Any) -> Any:
        if isinstance(item, dict):
            return {key: rounded(inner) for key, inner in item.items()}
        return round(float(item), 3)

    path.write_text(json.dumps(rounded(value), indent=2) + "\n", encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    """`python -m eval.fit_answers STORE POLICYQA.jsonl`: the store holds the seeds, real documents and samples."""
    root = Path(__file__).parent.parent
    data = root / "eval" / "data"

    def asked(*names: str) -> list[GoldQuestion]:
        return [question for name in names for question in load_questions(data / f"{name}.jsonl")]

    rows = [json.loads(line) for line in Path(arguments[1]).read_text(encoding="utf-8").splitlines()]
    held = [row for row in rows if zlib.crc32(row["context"].encode()) % 2 == 0]
    with TemporaryDirectory() as folder:
        policy, cited = policy_store(rows, Path(folder) / "store")
        kept = [q for q, row in zip(cited, rows, strict=True) if row in held]
        questions = {
            "own": asked(*_SETS),
            "reworded": asked("rewordings-dev"),
            "policy": kept,
        }
        fit(Store.open(Path(arguments[0]), bundled()), questions, policy, root / "rag")


if __name__ == "__main__":
    main(sys.argv[1:])
