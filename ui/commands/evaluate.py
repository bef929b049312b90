"""`vraagbaak eval grounding|performance`: how good and how fast the answers are."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from index.language import say
from ui.settings import Settings


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the evaluations."""
    kinds = parser.add_subparsers(dest="evaluation", required=True, metavar=say("command.evaluation"))
    grounding = kinds.add_parser("grounding", help=say("command.help_grounding"))
    grounding.add_argument("questions", type=Path, metavar="FILE", help=say("command.help_gold"))
    performance = kinds.add_parser("performance", help=say("command.help_performance"))
    performance.add_argument(
        "--passages", type=int, default=10_000, metavar="N", help=say("command.help_performance_n")
    )
    for kind in (grounding, performance):
        kind.add_argument("--store", metavar="DIR", default=argparse.SUPPRESS, help=say("command.help_store"))
        kind.add_argument("--json", action="store_true", help=say("command.help_json"))


def run(args: argparse.Namespace, settings: Settings, _parser: argparse.ArgumentParser) -> int:
    """Run one evaluation."""
    return _grounding(args, settings) if args.evaluation == "grounding" else _performance(args)


def _grounding(args: argparse.Namespace, settings: Settings) -> int:
    from eval.grounding import measures
    from eval.grounding import run as run_grounding
    from eval.questions import load_questions
    from ui.compose import make_assistant, open_store
    from ui.console import note, out, out_json

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
    for measure in measures(outcomes):
        if args.json:
            out_json(asdict(measure))
        elif measure.value is not None:
            interval = f"  [{measure.low:.3f} – {measure.high:.3f}]" if measure.low is not None else ""
            out(f"{measure.name:24} {measure.value:8.3f}  n = {measure.count}{interval}")
    return 0


def _performance(args: argparse.Namespace) -> int:
    from eval.performance import run as run_performance
    from ui.console import note, out, out_json

    for figure in run_performance(args.passages, progress=note):
        if args.json:
            out_json(asdict(figure))
        else:
            out(f"{figure.name:36} {figure.value:12.3f} {figure.unit}")
    return 0
