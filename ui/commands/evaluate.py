"""`vraagbaak eval …`: how good and how fast reading and answering are."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from index.language import say
from ui.commands import evaluate_report, evaluate_sets
from ui.settings import Settings

if TYPE_CHECKING:
    from eval.measures import Measure
    from index.store.snapshot import Snapshot


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the evaluations."""
    kinds = parser.add_subparsers(dest="evaluation", required=True, metavar=say("command.evaluation"))
    documents = kinds.add_parser("documents", help=say("command.help_eval_documents"))
    documents.add_argument("truth", type=Path, nargs="?", metavar="FILE", help=say("command.help_truth"))
    documents.add_argument("--files", type=Path, nargs="+", metavar="PATH", help=say("command.help_conservation"))
    grounding = kinds.add_parser("grounding", help=say("command.help_grounding"))
    grounding.add_argument("questions", type=Path, metavar="FILE", help=say("command.help_gold"))
    retrieval = kinds.add_parser("retrieval", help=say("command.help_retrieval"))
    retrieval.add_argument("questions", type=Path, metavar="FILE", help=say("command.help_retrieval_file"))
    retrieval.add_argument("--pool", type=Path, metavar="FILE", help=say("command.help_pool"))
    retrieval.add_argument("--run", type=Path, metavar="FILE", help=say("command.help_run"))
    judge = kinds.add_parser("judge", help=say("command.help_judge"))
    judge.add_argument("pairs", type=Path, metavar="FILE", help=say("command.help_judge_file"))
    performance = kinds.add_parser("performance", help=say("command.help_performance"))
    performance.add_argument(
        "--passages", type=int, default=10_000, metavar="N", help=say("command.help_performance_n")
    )
    others = [*evaluate_report.add(kinds), *evaluate_sets.add(kinds)]
    for kind in (documents, grounding, retrieval, judge, performance, *others):
        kind.add_argument("--store", metavar="DIR", default=argparse.SUPPRESS, help=say("command.help_store_option"))
        kind.add_argument("--json", action="store_true", help=say("command.help_json"))


def run(args: argparse.Namespace, settings: Settings, _parser: argparse.ArgumentParser) -> int:
    """Run one evaluation."""
    if args.evaluation in evaluate_sets.COMMANDS:
        return evaluate_sets.run(args, settings)
    if args.evaluation in evaluate_report.COMMANDS:
        return evaluate_report.run(args, settings)
    if args.evaluation == "documents":
        return _documents(args, settings)
    if args.evaluation == "grounding":
        return _grounding(args, settings)
    if args.evaluation == "judge":
        return _judge(args, settings)
    return _retrieval(args, settings) if args.evaluation == "retrieval" else _performance(args)


def _documents(args: argparse.Namespace, settings: Settings) -> int:
    from eval.conservation import conservation
    from eval.conservation import measure as conserved
    from eval.documents import TRUTH, check, load_truth, measures
    from ui.compose import open_store
    from ui.console import note

    truth = load_truth(args.truth or TRUTH)
    with open_store(settings).snapshot() as snapshot:
        readings = [snapshot.reading(document.document) for document in snapshot.documents()]
    checks = check(truth, [reading for reading in readings if reading])
    for wrong in (found for found in checks if not found.right):
        note(f"{wrong.file}: {wrong.measure}: {wrong.what}: {wrong.expected} ≠ {wrong.found}")
    figures = list(conservation(args.files)) if args.files else []
    for figure in figures:
        lost = f": {' '.join(figure.lost)}" if figure.lost else ""
        note(f"{figure.file}: {figure.words} = {figure.kept} + {figure.removed} + {len(figure.lost)}{lost}")
    _show([*measures(checks), *([conserved(figures)] if figures else [])], as_json=args.json)
    return 0


def _grounding(args: argparse.Namespace, settings: Settings) -> int:
    from eval.grounding import measures
    from eval.grounding import run as run_grounding
    from eval.questions import load_questions
    from ui.compose import make_assistant, open_store
    from ui.console import note

    questions = load_questions(args.questions)
    with open_store(settings).snapshot() as snapshot:
        outcomes = run_grounding(questions, make_assistant(settings), snapshot)
    for outcome in outcomes:
        right = outcome.cited_passage and outcome.facts_complete if outcome.question.answerable else outcome.refused
        if not right:
            note(
                say(
                    "eval.wrong",
                    settings.language,
                    id=outcome.question.id,
                    question=outcome.question.question,
                )
            )
    _show(measures(outcomes), as_json=args.json)
    return 0


def _retrieval(args: argparse.Namespace, settings: Settings) -> int:
    from eval.retrieval import evaluate
    from eval.runs import write_run
    from eval.tasks import load_task
    from ui.compose import make_embedder

    task = load_task(args.questions, args.pool)
    result = evaluate(task, make_embedder(settings), settings.store_place)
    _show(result.measures, as_json=args.json)
    if args.run:
        for way, run_of_way in result.runs.items():
            write_run(run_of_way, args.run.with_suffix(f".{way}{args.run.suffix}"), way)
    return 0


def _judge(args: argparse.Namespace, settings: Settings) -> int:
    from contextlib import ExitStack
    from functools import cache

    from eval.judge import load_pairs, measures, to_json
    from eval.judge import run as run_judge
    from index.values import Passage
    from rag.verify import RuleJudge
    from ui.compose import open_store
    from ui.console import note, out_json

    with ExitStack() as stack:

        @cache
        def snapshot() -> Snapshot:
            return stack.enter_context(open_store(settings).snapshot())

        def passages_of(document: str) -> Sequence[Passage]:
            return snapshot().passages(document) if snapshot().document(document) else ()

        pairs, left_out = load_pairs(args.pairs, passages_of)
    if left_out:
        note(say("eval.judge_left_out", settings.language, count=left_out))
    judged = run_judge(pairs, RuleJudge(settings.language))
    if args.json:
        for one in judged:
            out_json(to_json(one))
    else:
        _show(measures(judged), as_json=False)
    return 0


def _show(measures: Sequence[Measure], *, as_json: bool) -> None:
    from ui.console import out, out_json

    for measure in measures:
        if as_json:
            out_json(asdict(measure))
        elif measure.value is not None:
            interval = f"  [{measure.low:.3f} – {measure.high:.3f}]" if measure.low is not None else ""
            out(f"{measure.name:32} {measure.value:8.3f}  n = {measure.count}{interval}")


def _performance(args: argparse.Namespace) -> int:
    from eval.performance import run as run_performance
    from ui.console import note, out, out_json

    for figure in run_performance(args.passages, progress=note):
        if args.json:
            out_json(asdict(figure))
        else:
            out(f"{figure.name:36} {figure.value:12.3f} {figure.unit:12} {figure.limit}".rstrip())
    return 0
