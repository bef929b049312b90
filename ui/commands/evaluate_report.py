"""`vraagbaak eval all`, its single sections, and what is made of a report: `compare`, `gate`, `export`, `faults`."""

from __future__ import annotations

import argparse
import tomllib
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.language import Language, say
from ui.commands.evaluate_plans import judge_named, over, own, refuse_existing, samples
from ui.settings import Settings

if TYPE_CHECKING:
    from eval.report.values import Report, Section
    from eval.significance import Difference
    from eval.whole import Plan, Product

NAME = "evaluatie"
COMMANDS = ("all", "refusal", "conversations", "robustness", "faults", "compare", "gate", "export")


def add(kinds: Any) -> list[argparse.ArgumentParser]:
    """Describe the evaluations; return their parsers."""
    parsers = {}
    for name in COMMANDS:
        parsers[name] = kinds.add_parser(name, help=say(f"evaluate.help_{name}"))
    for name in ("all", "export", "faults"):
        _add_sets(parsers[name])
    parsers["all"].add_argument("--out", type=Path, default=Path(NAME), metavar="NAME", help=say("evaluate.help_out"))
    # Not `judge`: that is a setting, by which answers are written.
    judge = {"action": "append", "default": [], "metavar": "MODEL", "help": say("evaluate.help_judge_model")}
    parsers["all"].add_argument("--judge", dest="judges", **judge)
    for name in ("refusal", "conversations", "robustness"):
        parsers[name].add_argument("questions", type=Path, nargs="+", metavar="FILE", help=say("command.help_gold"))
    parsers["robustness"].add_argument("--variants", type=Path, metavar="FILE", help=say("evaluate.help_variants_file"))
    parsers["compare"].add_argument(
        "reports", type=Path, nargs=2, metavar="FILE", help=say("evaluate.help_compare_files")
    )
    parsers["compare"].add_argument("--qrels", type=Path, metavar="FILE", help=say("evaluate.help_qrels"))
    parsers["gate"].add_argument("report", type=Path, nargs="?", metavar="FILE", help=say("evaluate.help_gate_report"))
    parsers["gate"].add_argument(
        "--thresholds", type=Path, default=Path("pyproject.toml"), metavar="FILE", help=say("evaluate.help_thresholds")
    )
    parsers["export"].add_argument(
        "form", choices=("ragas", "deepeval", "trec"), help=say("evaluate.help_export_format")
    )
    parsers["export"].add_argument("file", type=Path, metavar="FILE", help=say("evaluate.help_export_out"))
    return list(parsers.values())


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Run one of them."""
    commands = {"all": _all, "compare": _compare, "gate": _gate, "export": _export, "faults": _faults}
    return commands.get(args.evaluation, _one_section)(args, settings)


def _add_sets(parser: argparse.ArgumentParser) -> None:
    for name, text in (
        ("questions", "questions"),
        ("conversations", "conversations_file"),
        ("variants", "variants_file"),
    ):
        more: dict[str, Any] = {"action": "append", "default": []} if name == "questions" else {}
        parser.add_argument(f"--{name}", type=Path, metavar="FILE", help=say(f"evaluate.help_{text}"), **more)


def _all(args: argparse.Namespace, settings: Settings) -> int:
    from eval.curves import GROWTH, draw, read_curves
    from eval.report.page import page
    from eval.report.text import lines
    from eval.report.values import write_report
    from ui.console import note, out, out_json

    report = _report(args, settings)
    json_file, html_file = args.out.with_suffix(".json"), args.out.with_suffix(".html")
    write_report(report, json_file)
    grown = json_file.with_name(GROWTH)
    growth = draw(read_curves(grown)) if grown.is_file() else ""
    html_file.write_text(page(report, settings.language, growth), encoding="utf-8", newline="\n")
    if args.json:
        for row in report.rows:
            out_json(asdict(row))
    else:
        for line in lines(report, settings.language):
            out(line)
    note(say("evaluate.wrote", settings.language, json=json_file, html=html_file))
    return 0


def _one_section(args: argparse.Namespace, settings: Settings) -> int:
    from eval.conversations import load_conversations
    from eval.questions import load_questions
    from eval.report.text import lines
    from eval.robustness import load_variants
    from eval.whole import Plan, evaluate
    from ui.console import note, out, out_json

    section: Section = args.evaluation
    plan = Plan(wanted=frozenset({section}))
    if section == "conversations":
        plan = replace(plan, conversations=[one for path in args.questions for one in load_conversations(path)])
    else:
        plan = replace(plan, sets={path.stem: load_questions(path) for path in args.questions})
    if section == "robustness" and args.variants:
        plan = replace(plan, variants=load_variants(args.variants))
    with over(settings) as product:
        report = evaluate(plan, product, note)
    for row in report.rows if args.json else ():
        out_json(asdict(row))
    for line in () if args.json else lines(report, settings.language):
        out(line)
    return 0


def _compare(args: argparse.Namespace, settings: Settings) -> int:
    if args.qrels:
        return _compare_runs(args, settings)
    from eval.report.compare import compare
    from eval.report.values import read_report
    from ui.console import note, out, out_json

    language, (one, other) = settings.language, args.reports
    found = compare(read_report(one), read_report(other), (str(one), str(other)))
    for row in found.rows:
        if args.json:
            out_json({**asdict(row), "verdict": row.verdict})
        else:
            out(
                _line(
                    row.name, (row.one, row.other), row.difference, row.adjusted, verdict=row.verdict, language=language
                )
            )
    for file, count in ((one, found.only_one), (other, found.only_other)):
        if count:
            note(say("evaluate.only_one", settings.language, file=file, count=count))
    return 0


def _compare_runs(args: argparse.Namespace, settings: Settings) -> int:
    from eval.significance import holm
    from eval.trec import compare_runs, read_qrels, read_run
    from ui.console import out, out_json

    one, other = map(read_run, args.reports)
    found = compare_runs(one, other, read_qrels(args.qrels))
    adjusted = holm([difference.p for _, _, difference in found.values()])
    for (name, (before, after, difference)), p in zip(found.items(), adjusted, strict=True):
        key = "same" if p >= 0.05 else "better" if difference.value > 0 else "worse"
        if args.json:
            row = {"name": name, "one": before, "other": after, "difference": asdict(difference)}
            out_json({**row, "adjusted": p, "verdict": key})
        else:
            out(_line(name, (before, after), difference, p, verdict=key, language=settings.language))
    return 0


def _line(
    name: str, means: tuple[float, float], difference: Difference, p: float, *, verdict: str, language: Language
) -> str:
    shown = {
        "one": f"{means[0]:.3f}",
        "other": f"{means[1]:.3f}",
        "difference": f"{difference.value:+.3f}",
        "low": f"{difference.low:+.3f}",
        "high": f"{difference.high:+.3f}",
        "p": f"{p:.4f}",
        "verdict": say(f"evaluate.verdict_{verdict}", language),
    }
    return say("evaluate.compared", language, name=name, count=difference.count, **shown)


def _gate(args: argparse.Namespace, settings: Settings) -> int:
    from eval.report.gate import failures, thresholds_of
    from eval.report.values import ReportError, read_report
    from ui.console import note, out

    try:
        table = tomllib.loads(args.thresholds.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReportError("evaluate.report_file", file=args.thresholds, reason=error) from error
    limits = thresholds_of(table.get("tool", {}).get("vraagbaak", {}).get("gate", {}), str(args.thresholds))
    if args.report:
        report = read_report(args.report)
    else:
        with samples(settings) as (plan, product):
            report = _evaluated(plan, product)
    failed = failures(report, limits)
    for failure in failed:
        limit = failure.threshold
        if failure.value is None:
            note(say("evaluate.gate_missing", settings.language, name=limit.name))
            continue
        bound = f"≥ {limit.least}" if limit.least is not None and failure.value < limit.least else f"≤ {limit.most}"
        value = f"{failure.value:.4f}"
        note(say("evaluate.gate_failed", settings.language, name=limit.name, value=value, limit=bound))
    if not failed:
        out(say("evaluate.gate_passed", settings.language, count=len(limits)))
    return 1 if failed else 0


def _export(args: argparse.Namespace, settings: Settings) -> int:
    from eval.report.export import write_deepeval, write_ragas, write_trec
    from ui.console import note

    refuse_existing(args.file)
    args.judges = []
    report = _report(args, settings)
    {"ragas": write_ragas, "deepeval": write_deepeval, "trec": write_trec}[args.form](report, args.file)
    note(str(args.file))
    return 0


def _faults(args: argparse.Namespace, settings: Settings) -> int:
    from eval.faults import effects
    from ui.console import note, out, out_json

    with samples(settings) if not args.questions else own(args, settings) as (plan, product):
        for row in effects(plan.sets, product, note):
            if args.json:
                out_json(asdict(row))
            else:
                change = row.after - row.before
                out(f"{row.fault:20} {row.measure:28} {row.before:7.3f} → {row.after:7.3f}  {change:+.3f}")
    return 0


def _report(args: argparse.Namespace, settings: Settings) -> Report:
    with samples(settings) if not args.questions else own(args, settings) as (plan, product):
        judges = {name: judge_named(name) for name in args.judges}
        return _evaluated(replace(plan, judges=judges), product, settings.language)


def _evaluated(plan: Plan, product: Product, language: Language = "nl") -> Report:
    from eval.model_judge import ModelJudge
    from eval.whole import evaluate
    from ui.console import note

    report = evaluate(plan, product, note)
    for name, judge in plan.judges.items():
        if isinstance(judge, ModelJudge) and judge.failures:
            note(say("evaluate.judge_failures", language, name=name, count=len(judge.failures)))
    return report
