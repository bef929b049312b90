"""What an evaluation from the command line is over: the bundled samples, or one's own store and questions."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import SettingsError
from ui.settings import Settings, api_key

if TYPE_CHECKING:
    from eval.whole import Plan, Product
    from rag.protocols import Judge


@contextmanager
def samples(settings: Settings) -> Iterator[tuple[Plan, Product]]:
    """Index the bundled samples into a temporary store, and give the plan over the bundled questions."""
    from eval.plans import build_samples, samples_plan
    from ui.compose import make_embedder

    with tempfile.TemporaryDirectory(prefix="vraagbaak-eval-") as temporary:
        mine = replace(settings, store=str(Path(temporary) / "store"))
        seconds = build_samples(mine.store_folder, make_embedder(mine))
        with over(mine) as product, samples_plan(product.snapshot, seconds) as plan:
            yield plan, product


@contextmanager
def own(args: argparse.Namespace, settings: Settings) -> Iterator[tuple[Plan, Product]]:
    """Give the plan over the store of the settings and the questions of the command line."""
    from eval.conversations import load_conversations
    from eval.plans import with_bundled
    from eval.questions import load_questions
    from eval.robustness import load_variants
    from eval.whole import Plan

    with over(settings) as product:
        plan = Plan(
            {path.stem: load_questions(path) for path in args.questions},
            load_conversations(args.conversations) if args.conversations else (),
            load_variants(args.variants) if args.variants else {},
        )
        yield with_bundled(plan, product.snapshot), product


@contextmanager
def over(settings: Settings) -> Iterator[Product]:
    """Give the product as the settings make it, over one generation of its store."""
    from eval.whole import Product
    from rag.verify import RuleJudge
    from ui.compose import make_assistant, open_store

    place = settings.store_place
    with open_store(settings).snapshot() as snapshot:
        files = place.rglob("*") if isinstance(place, Path) else ()
        size = sum(path.stat().st_size for path in files if path.is_file())
        shown = {"model": settings.model, "embedder": settings.embedder, "language": settings.language}
        yield Product(make_assistant(settings), snapshot, RuleJudge(settings.language), shown, size)


def judge_named(name: str) -> Judge:
    """Return the judge that `openai:NAME@URL` or `nli:FOLDER` names."""
    from eval.model_judge import ModelJudge
    from index.errors import SettingsError
    from rag.models import load_model
    from rag.nli_judge import NliJudge

    if name.startswith("nli:"):
        return NliJudge(name.removeprefix("nli:"))
    model = load_model(name, api_key=api_key()) if name.startswith("openai:") else None
    if model is None:
        raise SettingsError("evaluate.judge_unknown", name=name)
    return ModelJudge(model)


def refuse_existing(path: Path) -> None:
    """Raise a `SettingsError` where something stands at `path` already: what people worked on is never overwritten."""
    if path.exists():
        raise SettingsError("evaluate.exists", file=path)
