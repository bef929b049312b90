"""A retrieval task goes in, what each way of searching finds comes out, beside plain BM25 over the same texts.

A pool of bare texts is put into a store of its own with empty question fields, so that what is measured is the very
search that answers are made with.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.bm25 import Bm25
from eval.measures import Measure
from eval.runs import DEPTH, EvaluationError, Run, mean, scores
from eval.tasks import Task
from index.protocols import Embedder
from index.search import Mode
from index.store import Store
from index.store.snapshot import Snapshot
from index.store.write import Writer
from index.values import Document, Hit, Passage, Reading
from index.where import Where, open_store

Ranker = Callable[[str], Sequence[str]]

BASELINE = "bm25"
_COMPARED = (("hybrid", BASELINE), ("lexical", BASELINE), ("hybrid", "lexical"))
_MAIN = "nDCG@10"
_PIECE = re.compile(r"\.\d+$")


@dataclass(frozen=True, slots=True)
class Result:
    """The measures of every mode, and the rankings they were taken from."""

    measures: tuple[Measure, ...]
    runs: Mapping[str, Run]


def evaluate(task: Task, embedder: Embedder | None, store: Where) -> Result:
    """Search for every question of `task` in each mode, and compare.

    `store` is searched when the task has no pool of its own; without an embedder there is no dense and no hybrid mode.
    Raises `EvaluationError` when the store holds nothing of what is right for a question.
    """
    if task.pool is None:
        with open_store(store, embedder).snapshot() as snapshot:
            texts, documents = _stored(snapshot)
            _refuse_foreign_gold(task, {*texts, *documents.values()}, store)
            return compare(task, rankers(snapshot, embedder, texts, documents, task))
    with tempfile.TemporaryDirectory(prefix="vraagbaak-eval-") as folder:
        store = Path(folder) / "store"
        put_pool(store, task.pool, embedder)
        with Store.open(store, embedder).snapshot() as snapshot:
            own = dict.fromkeys(task.pool, "")
            return compare(task, rankers(snapshot, embedder, task.pool, own, task))


def compare(task: Task, ways: Mapping[str, Ranker]) -> Result:
    """Rank for every question in each way, and measure each way and the differences on the same questions."""
    runs = {
        way: {name: list(rank(question))[:DEPTH] for name, question in task.questions.items()}
        for way, rank in ways.items()
    }
    values = {way: scores(run, task.gold) for way, run in runs.items()}
    measures = [mean(f"{way} {name}", found) for way in ways for name, found in values[way].items()]
    for one, other in _COMPARED:
        if one in ways and other in ways:
            gain = values[one][_MAIN] - values[other][_MAIN]
            measures.append(mean(f"{one} - {other} {_MAIN}", np.asarray(gain)))
    return Result(tuple(measures), runs)


def rankers(
    snapshot: Snapshot,
    embedder: Embedder | None,
    texts: Mapping[str, str],
    documents: Mapping[str, str],
    task: Task,
) -> dict[str, Ranker]:
    """Return plain BM25 over `texts` and each mode of the store's own search, all naming what the gold names.

    `documents` names the document of each text: where the gold is documents, the first passage of each counts.
    """
    named = {name for right in task.gold.values() for name in right}
    names = list(texts)
    baseline = Bm25(list(texts.values()))

    def as_gold(passage: str) -> str:
        return gold_name(passage, documents.get(passage, ""), named)

    def plain(question: str) -> list[str]:
        found = baseline.scores(question)
        order = np.argsort(-found, kind="stable")[: 4 * DEPTH]
        return _once([as_gold(names[row]) for row in order if found[row] > 0])

    def searched(mode: Mode) -> Ranker:
        def rank(question: str) -> list[str]:
            hits = snapshot.search(question, DEPTH, mode=mode)
            return _once([as_gold(_name(hit, texts)) for hit in hits])

        return rank

    modes: list[Mode] = ["lexical"] if embedder is None else ["lexical", "dense", "hybrid"]
    return {BASELINE: plain} | {mode: searched(mode) for mode in modes}


def gold_name(passage: str, document: str, named: Container[str]) -> str:
    """Return what the gold calls a passage that was found: the passage itself, the answer it is part of, its document.

    A long answer is several passages ("#vraag-2", "#vraag-2.2"): each of them is that answer.
    """
    answer = _PIECE.sub("", passage)
    return next((name for name in (passage, answer, document) if name in named), passage)


def put_pool(folder: Path, pool: Mapping[str, str], embedder: Embedder | None) -> None:
    """Make a store in `folder` with one document and one passage for each text, and nothing but its text."""
    Store.create(folder, embedder)
    with Writer(folder, embedder) as writer:
        for name, text in pool.items():
            document = Document(name, "answer", "", name)
            passage = Passage(f"{name}#vraag-1", name, "", text, 0, len(text), answer=text, answer_start=0)
            writer.put(Reading(document, text, (passage,)), name)
        writer.commit()


def _stored(snapshot: Snapshot) -> tuple[dict[str, str], dict[str, str]]:
    passages = [p for document in snapshot.documents() for p in snapshot.passages(document.document)]
    return {p.passage: p.text for p in passages}, {p.passage: p.document for p in passages}


def _name(hit: Hit, texts: Mapping[str, str]) -> str:
    return hit.passage.passage if hit.passage.passage in texts else hit.document.document


def _once(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(names))[:DEPTH]


def _refuse_foreign_gold(task: Task, held: set[str], store: Where) -> None:
    for question, right in task.gold.items():
        if missing := [name for name in right if name not in held]:
            raise EvaluationError("eval.gold_missing", question=question, gold=missing[0], store=store)
