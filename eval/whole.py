"""Everything at once: sets of questions and a store go in, the whole report comes out."""

from __future__ import annotations

import platform
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from eval import conversations as talk
from eval import documents, limits, robustness, sections
from eval.asking import Answerer, ask_all, judged, searching
from eval.conservation import conservation
from eval.conservation import measure as conserved
from eval.judge import Pair
from eval.judge import measures as judge_measures
from eval.judge import run as run_judge
from eval.model_judge import ModelJudge
from eval.questions import GoldQuestion
from eval.report.values import SECTIONS, Record, Report, Row, Section, row_of
from eval.scores.case import Case
from index.store.snapshot import Snapshot
from rag.protocols import Judge

LIBRARIES = ("vraagbaak", "faiss-cpu", "tantivy", "ir-measures", "numpy")
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked and held against what. `truth` are the rows of `eval.documents`, `files` those whose words are
    counted, `judges` others than the product's own by their names, `build_seconds` what building the store took."""

    sets: Mapping[str, Sequence[GoldQuestion]] = field(default_factory=dict)
    conversations: Sequence[talk.Conversation] = ()
    variants: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    pairs: Sequence[Pair] = ()
    truth: Sequence[dict[str, Any]] = ()
    files: Sequence[Path] = ()
    judges: Mapping[str, Judge] = field(default_factory=dict)
    wanted: frozenset[Section] = frozenset(SECTIONS)
    build_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """What is evaluated: an answerer over one generation of a store, with its judge and the settings in force.

    `size` is in bytes, 0 for a store that is not on this machine.
    """

    answerer: Answerer
    snapshot: Snapshot
    judge: Judge
    settings: Mapping[str, str]
    size: int


class Evaluation:
    """One evaluation: each method adds the rows of a section; a section that is not wanted adds nothing."""

    def __init__(self, plan: Plan, product: Product, progress: Progress) -> None:
        self._plan = plan
        self._product = product
        self._progress = progress
        self._search = searching(product.snapshot)
        self._rows: list[Row] = []
        self._records: list[Record] = []
        self._curves: dict[str, Sequence[Sequence[float]]] = {}
        self._notes: list[str] = []

    def run(self) -> Report:
        """Evaluate everything and return the report."""
        started = time.perf_counter()
        cases = self._questions()
        self._conversations()
        self._robustness(cases)
        self._judges(cases)
        self._documents()
        self._performance(cases)
        return Report(
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            seconds=round(time.perf_counter() - started, 2),
            settings=self._product.settings,
            store=self._store(),
            versions=versions(),
            rows=tuple(row for row in self._rows if row.section in self._plan.wanted),
            records=tuple(self._records),
            curves=self._curves,
            notes=tuple(self._notes),
        )

    def _questions(self) -> list[Case]:
        cases: list[Case] = []
        for name, questions in self._plan.sets.items():
            self._progress(f"{name}: {len(questions)}")
            asked = ask_all(name, questions, self._product.answerer, self._search)
            cases += judged(asked, self._product.judge, self._product.snapshot.text)
        if not cases:
            return []
        self._rows += sections.retrieval_rows(cases)
        self._rows += sections.grounding_rows(cases)
        self._rows += sections.refusal_rows(cases)
        self._curves |= sections.refusal_curves(cases)
        self._records += sections.records("grounding", cases)
        return cases

    def _conversations(self) -> None:
        asked = self._plan.conversations
        if not asked or "conversations" not in self._plan.wanted:
            return
        self._progress(f"conversations: {len(asked)}")
        turns = talk.converse("conversations", asked, self._product.answerer, self._search)
        answerable = [turn for turn in turns if turn.case.question.answerable]
        ndcg = sections.ranked([turn.case for turn in answerable])[sections.NDCG]
        typed = [replace(turn.case, found=turn.found_typed) for turn in answerable]
        ndcg_typed = sections.ranked(typed)[sections.NDCG]
        for measure, part in talk.measures(turns, ndcg, ndcg_typed):
            self._rows.append(row_of("conversations", measure, part=part))
        cases = judged([turn.case for turn in turns], self._product.judge, self._product.snapshot.text)
        for record, one in zip(sections.records("conversations", cases), asked, strict=True):
            self._records.append(replace(record, question=f"{one.history[-1].text} → {record.question}"))

    def _robustness(self, cases: Sequence[Case]) -> None:
        given = self._plan.variants
        if not cases or "robustness" not in self._plan.wanted:
            return
        asked = [case for case in cases if case.question.id in given or not given]
        self._progress(f"robustness: {len(asked)} × {len(robustness.WAYS)}")
        found = robustness.drifts(cases, given, self._product.answerer, self._search)
        again = [robustness.is_same_again(case, self._product.answerer, self._search) for case in asked]
        self._rows += sections.robustness_rows(found, again)

    def _judges(self, cases: Sequence[Case]) -> None:
        if "judge" not in self._plan.wanted:
            return
        pairs = self._plan.pairs
        self._progress(f"judge: {len(pairs)}")
        own = run_judge(pairs, self._product.judge)
        if pairs:
            self._rows += [row_of("judge", measure) for measure in judge_measures(own)]
        for name, judge in self._plan.judges.items():
            self._progress(f"judge {name}: {len(pairs)}")
            others = run_judge(pairs, judge)
            if pairs:
                self._rows += [row_of("judge", m, part=name) for m in judge_measures(others)]
            again = judged(cases, judge, self._product.snapshot.text)
            self._rows += sections.grounding_rows(again, name)
            first = [one.supported for one in own] + sections.verdicts(cases)
            second = [one.supported for one in others] + sections.verdicts(again)
            failures = len(judge.failures) if isinstance(judge, ModelJudge) else 0
            self._rows += sections.judge_rows(first, second, name, failures)

    def _documents(self) -> None:
        if "documents" not in self._plan.wanted:
            return
        if self._plan.files:
            self._progress(f"documents: {len(self._plan.files)}")
            self._rows.append(row_of("documents", conserved(list(conservation(self._plan.files)))))
        if self._plan.truth:
            snapshot = self._product.snapshot
            readings = [snapshot.reading(document.document) for document in snapshot.documents()]
            checks = documents.check(self._plan.truth, [reading for reading in readings if reading])
            self._rows += [row_of("documents", measure) for measure in documents.measures(checks)]

    def _performance(self, cases: Sequence[Case]) -> None:
        self._rows += sections.times("search", [case.seconds for case in cases])
        self._rows += sections.times("answer", [case.answer.seconds for case in cases])
        manifest = self._product.snapshot.manifest
        if self._product.size:
            self._rows.append(Row("performance", "store size", self._product.size / 1e6, 1, better="lower", unit="MB"))
        self._rows.append(Row("performance", "peak memory", peak_memory() / 1e6, 1, better="lower", unit="MB"))
        if self._plan.build_seconds is not None:
            self._rows.append(Row("performance", "build", self._plan.build_seconds, 1, better="lower", unit="s"))
        if manifest.embedder and "performance" in self._plan.wanted:
            speed = limits.bandwidth()
            words = sum(len(case.question.question.split()) for case in cases) // max(1, len(cases))
            for limit in (
                limits.scan(manifest.passages, manifest.embedder.dimensions, 2, speed),
                limits.lookup(words, manifest.embedder.dimensions, 1, speed),
            ):
                value = limit.seconds * 1000
                self._rows.append(
                    Row("performance", limit.name, value, 1, better="neither", unit="ms", remark=limit.arithmetic)
                )

    def _store(self) -> dict[str, str | int]:
        manifest = self._product.snapshot.manifest
        return {
            "generation": manifest.generation,
            "documents": len(self._product.snapshot.documents()),
            "passages": manifest.passages,
            "megabytes": str(round(self._product.size / 1e6, 2)),
        }


def evaluate(plan: Plan, product: Product, progress: Progress = lambda _: None) -> Report:
    """Evaluate `product` by `plan` and return the report."""
    return Evaluation(plan, product, progress).run()


def versions() -> dict[str, str]:
    """Return what it was run with: the versions of the project and its engines, Python's, and the machine."""
    found = {name: version(name) for name in LIBRARIES}
    return found | {
        "Python": platform.python_version(),
        "machine": f"{platform.machine()}, {platform.system()} {platform.release()}",
    }


def peak_memory() -> int:
    """Return the most memory that this process held at once, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024  # Linux counts in KiB, macOS in bytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
