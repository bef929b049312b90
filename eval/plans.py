"""What is bundled to evaluate by: the samples as a store, their questions, and all that speaks of a given store."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

from eval.conversations import load_conversations
from eval.documents import load_truth
from eval.judge import load_pairs
from eval.questions import load_questions
from eval.robustness import load_variants
from eval.whole import Plan
from index.build import build_index
from index.protocols import Embedder
from index.store.snapshot import Snapshot
from index.tokens import bundled

SETS = ("samples-questions", "samples-closed")
_PAIRS = ("judge-dev", "judge-report")


def build_samples(folder: Path, embedder: Embedder | None) -> float:
    """Index the bundled samples into a new store; return how many seconds it took."""
    encoding = bundled()
    with as_file(files("index") / "samples") as samples:
        started = time.perf_counter()
        name = f"{encoding.name} {encoding.digest}"
        build_index([samples], folder, embedder, count_tokens=encoding.count, encoding=name)
        return time.perf_counter() - started


@contextmanager
def samples_plan(snapshot: Snapshot, build_seconds: float) -> Iterator[Plan]:
    """Give the plan over the bundled questions; `snapshot` is of a store of the samples."""
    with as_file(files("index") / "samples") as samples, as_file(files("eval") / "data") as data:
        plan = Plan(
            {name: load_questions(data / f"{name}.jsonl") for name in SETS},
            load_conversations(data / "samples-conversations.jsonl"),
            load_variants(data / "samples-variants.jsonl"),
            files=sorted(path for path in samples.iterdir() if path.is_file()),
            build_seconds=build_seconds,
        )
        yield with_bundled(plan, snapshot)


def with_bundled(plan: Plan, snapshot: Snapshot) -> Plan:
    """Return `plan` with the labelled pairs and the truths of documents that speak of what is in the store."""
    with as_file(files("eval") / "data") as data:
        pairs = [p for name in _PAIRS for p in load_pairs(data / f"{name}.jsonl", snapshot.passages)[0]]
        known = {Path(source).name for d in snapshot.documents() for source in (d.source, *d.sources)}
        truths = [row for path in sorted(data.glob("*documents-truth.jsonl")) for row in load_truth(path)]
    return replace(plan, pairs=pairs, truth=[row for row in truths if Path(row["file"]).name in known])
