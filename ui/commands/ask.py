"""`vraagbaak ask`: a question becomes an answer with the exact words it rests on."""

from __future__ import annotations

import argparse

from index.errors import VraagbaakError
from index.language import say
from rag.values import Answer
from ui.commands.filters import add_filters, read_filters, refuse_unknown
from ui.commands.questions import add_questions, read_questions
from ui.commands.verify import write_receipts
from ui.settings import Settings


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    add_questions(parser)
    add_filters(parser)
    parser.add_argument("--model", help=say("command.help_model"))
    parser.add_argument("--receipt", metavar="FILE", help=say("command.help_receipt"))


def run(args: argparse.Namespace, settings: Settings, parser: argparse.ArgumentParser) -> int:
    """Answer every question; one that cannot be handled is named and the rest goes on."""
    from rag.answer_json import to_json
    from rag.assistant import EVERY
    from rag.privacy import mask
    from ui.compose import make_assistant, open_store
    from ui.console import note, out, out_json, show_answer

    questions = read_questions(args, parser)
    without = (EVERY,) if args.no_asked_filters else ()
    filters = read_filters(args)
    if not filters.is_empty:
        with open_store(settings).snapshot() as snapshot:
            refuse_unknown(filters, snapshot)
    assistant = make_assistant(settings)
    failed, answers = False, list[Answer]()
    for asked in questions:
        try:
            if asked.error is not None:
                raise asked.error
            answer = assistant.ask(asked.question, asked.history, filters, settings.language, without=without)
        except VraagbaakError as error:
            if args.questions is None:
                raise
            failed = True
            note(f"{asked.id}: {error.say(settings.language)}")
            if args.json:
                out_json(
                    {
                        "id": asked.id,
                        "question": mask(asked.question).text,
                        "status": "error",
                        "notices": [error.say(settings.language)],
                    }
                )
            continue
        if args.json:
            out_json({**to_json(answer), "id": asked.id})
        else:
            if args.questions is not None:
                out(f"{asked.id}: {answer.question}")
            show_answer(answer, settings.language)
            if args.questions is not None:
                out()
        answers.append(answer)
    if args.receipt is not None:
        write_receipts(args.receipt, answers, settings)
    return 1 if failed else 0
