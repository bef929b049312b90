"""What an evaluation from the command line is over: the bundled samples, or one's own store and questions."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.settings import Settings, api_key

if TYPE_CHECKING:
    from eval.whole import Plan, Product
    from rag.protocols import Judge

DATA = "data"
SAMPLES = ("samples-questions", "samples-closed")


@contextmanager
def samples(settings: Settings) -> Iterator[tuple[Plan, Product]]:
    """Index the bundled samples into a temporary store, and give the plan over the bundled questions."""
    from eval.conversations import load_conversations
    from eval.questions import load_questions
    from eval.robustness import load_variants
    from eval.whole import Plan
    from index.build import build_index
    from index.tokens import bundled
    from ui.compose import make_embedder

    encoding = bundled()
    with (
        tempfile.TemporaryDirectory(prefix="vraagbaak-eval-") as temporary,
        as_file(files("index") / "samples") as folder_of_samples,
        as_file(files("eval") / DATA) as data,
    ):
        folder = Path(temporary) / "store"
        mine = replace(settings, store=str(folder))
        started = time.perf_counter()
        build_index(
            [folder_of_samples],
            folder,
            make_embedder(mine),
            count_tokens=encoding.count,
            encoding=f"{encoding.name} {encoding.digest}",
        )
        seconds = time.perf_counter() - started
        with over(mine) as product:
            plan = Plan(
                {name: load_questions(data / f"{name}.jsonl") for name in SAMPLES},
                load_conversations(data / "samples-conversations.jsonl"),
                load_variants(data / "samples-variants.jsonl"),
                files=sorted(path for path in folder_of_samples.iterdir() if path.is_file()),
                build_seconds=seconds,
            )
            yield _with_bundled(plan, product, data), product


@contextmanager
def own(args: argparse.Namespace, settings: Settings) -> Iterator[tuple[Plan, Product]]:
    """Give the plan over the store of the settings and the questions of the command line."""
    from eval.conversations import load_conversations
    from eval.questions import load_questions
    from eval.robustness import load_variants
    from eval.whole import Plan

    with over(settings) as product, as_file(files("eval") / DATA) as data:
        plan = Plan(
            {path.stem: load_questions(path) for path in args.questions},
            load_conversations(args.conversations) if args.conversations else (),
            load_variants(args.variants) if args.variants else {},
        )
        yield _with_bundled(plan, product, data), product


def _with_bundled(plan: Plan, product: Product, data: Path) -> Plan:
    """Add the labelled pairs and the truths of documents that speak of what is in the store."""
    from eval.documents import load_truth
    from eval.judge import load_pairs

    snapshot = product.snapshot

    def passages_of(document: str) -> Sequence[Any]:
        return snapshot.passages(document)

    pairs = [
        pair for name in ("judge-dev", "judge-report") for pair in load_pairs(data / f"{name}.jsonl", passages_of)[0]
    ]
    known = {Path(source).name for d in snapshot.documents() for source in (d.source, *d.sources)}
    truths = (*sorted(data.glob("*documents-truth.jsonl")),)
    truth = [row for path in truths for row in load_truth(path) if Path(row["file"]).name in known]
    return replace(plan, pairs=pairs, truth=truth)


@contextmanager
def over(settings: Settings) -> Iterator[Product]:
    """Give the product as the settings make it, over one generation of its store."""
    from eval.whole import Product
    from rag.verify import RuleJudge
    from ui.compose import make_assistant, open_store

    folder = settings.store_folder
    with open_store(settings).snapshot() as snapshot:
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        shown = {"model": settings.model, "embedder": settings.embedder, "language": settings.language}
        yield Product(make_assistant(settings), snapshot, RuleJudge(settings.language), shown, size)


def judge_named(name: str) -> Judge:
    """Return the judge that `openai:NAME@URL` or `nli:FOLDER` names."""
    from eval.model_judge import ModelJudge
    from eval.nli_judge import NliJudge
    from index.errors import SettingsError
    from rag.models import load_model

    if name.startswith("nli:"):
        return NliJudge(name.removeprefix("nli:"))
    model = load_model(name, api_key=api_key()) if name.startswith("openai:") else None
    if model is None:
        raise SettingsError("evaluate.judge_unknown", name=name)
    return ModelJudge(model)
