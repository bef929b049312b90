"""`vraagbaak eval check|draft`: sets of questions are checked, and made from one's own documents."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from index.errors import UsageError
from index.language import say
from ui.commands.evaluate_plans import refuse_existing
from ui.settings import Settings, api_key

COMMANDS = ("check", "draft")
PROPOSALS, QUESTIONS = "voorstellen.jsonl", "vragen.jsonl"


def add(kinds: Any) -> list[argparse.ArgumentParser]:
    """Describe the commands; return their parsers."""
    check = kinds.add_parser("check", help=say("evaluate.help_check"))
    check.add_argument("files", type=Path, nargs="*", metavar="FILE", help=say("evaluate.help_check_files"))
    check.add_argument("--schema", action="store_true", help=say("evaluate.help_schema"))
    draft = kinds.add_parser("draft", help=say("evaluate.help_draft"))
    draft.add_argument("-n", "--count", type=int, default=40, metavar="N", help=say("evaluate.help_draft_count"))
    draft.add_argument("--out", type=Path, default=Path(PROPOSALS), metavar="FILE", help=say("evaluate.help_draft_out"))
    draft.add_argument("--review", type=Path, metavar="FILE", help=say("evaluate.help_review"))
    draft.add_argument("--to", type=Path, default=Path(QUESTIONS), metavar="FILE", help=say("evaluate.help_to"))
    draft.add_argument("--draft-model", metavar="MODEL", help=say("evaluate.help_draft_model"))
    return [check, draft]


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Run one of them."""
    if args.evaluation == "check":
        return _check(args, settings)
    return _review(args, settings) if args.review else _draft(args, settings)


def _check(args: argparse.Namespace, settings: Settings) -> int:
    from eval.question_sets import check, schema
    from ui.compose import open_store
    from ui.console import note, out, out_json

    if args.schema:
        out(json.dumps(schema(), ensure_ascii=False, indent=1))
        return 0
    with open_store(settings).snapshot() as snapshot:
        faults, count = check(args.files, snapshot.passages)
    for fault in faults:
        if args.json:
            out_json({"fault": fault.key, **{name: str(value) for name, value in fault.fields.items()}})
        else:
            out(fault.say(settings.language))
    note(say("evaluate.checked", settings.language, count=count, files=len(args.files), faults=len(faults)))
    return 1 if faults else 0


def _draft(args: argparse.Namespace, settings: Settings) -> int:
    from eval.draft import propose, write_proposals
    from rag.models import load_model
    from ui.compose import open_store
    from ui.console import note

    if args.count < 1:
        raise UsageError("settings.at_least_one", option="-n", value=args.count)
    refuse_existing(args.out)
    model = load_model(args.draft_model, api_key=api_key()) if args.draft_model else None
    with open_store(settings).snapshot() as snapshot:
        proposals = propose(snapshot, args.count, model)
    write_proposals(proposals, args.out)
    note(say("evaluate.draft_wrote", settings.language, count=len(proposals), file=args.out))
    return 0


def _review(args: argparse.Namespace, settings: Settings) -> int:
    from eval.draft import review
    from ui.console import note, out

    def ask(text: str) -> str:
        try:
            return input(text)
        except EOFError:
            return ""

    accepted, rejected, left = review(args.review, args.to, ask, out, settings.language)
    counts = {"accepted": accepted, "rejected": rejected, "left": left}
    note(say("evaluate.draft_done", settings.language, file=args.to, **counts))
    return 0
