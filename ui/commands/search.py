"""`vraagbaak search`: a question becomes the passages that were found, without an answer."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from index.errors import UsageError
from index.language import say
from ui.commands.filters import add_filters, read_filters, refuse_unknown
from ui.commands.questions import add_questions, read_questions
from ui.settings import Settings

if TYPE_CHECKING:
    from index.store.snapshot import Snapshot
    from index.values import Hit
    from rag.asked_filters import AskedFilters


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    add_questions(parser)
    add_filters(parser)
    parser.add_argument("-k", type=int, default=10, metavar="N", help=say("command.help_k"))
    parser.add_argument(
        "--mode", choices=("hybrid", "lexical", "dense"), default="hybrid", help=say("command.help_mode")
    )
    parser.add_argument("--explain", action="store_true", help=say("command.help_explain"))


def run(args: argparse.Namespace, settings: Settings, parser: argparse.ArgumentParser) -> int:
    """Print what was found for every question."""
    from index.once_more import read_newest
    from rag.asked_filters import AskedFilters, asked_filters
    from ui.compose import open_store
    from ui.console import note, out_json, show_asked_filters, show_hits
    from ui.json_out import hits_json

    if args.k < 1:
        raise UsageError("settings.at_least_one", option="-k", value=args.k)
    questions, failed = read_questions(args, parser), False
    filters = read_filters(args)
    store = open_store(settings)
    read_newest(store, lambda snapshot: refuse_unknown(filters, snapshot))

    def found(question: str, snapshot: Snapshot) -> tuple[AskedFilters, list[Hit]]:
        read = AskedFilters(question) if args.no_asked_filters else asked_filters(question, snapshot.known)
        return read, snapshot.search(read.rest or question, args.k, read.over(filters), mode=args.mode)

    for asked in questions:
        if asked.error is not None:
            failed = True
            note(asked.error.say(settings.language))
            continue
        read, hits = read_newest(store, partial(found, asked.question))
        if args.json:
            out_json(hits_json(asked.id, asked.question, hits, read))
        else:
            show_asked_filters(read, settings.language)
            show_hits(hits, settings.language, explain=args.explain)
    return 1 if failed else 0
