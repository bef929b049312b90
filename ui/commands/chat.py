"""`vraagbaak chat` and `vraagbaak demo`: the page, over one's own store or over the bundled samples."""

from __future__ import annotations

import argparse
import dataclasses
from importlib.resources import as_file, files
from pathlib import Path

from index.language import say
from ui.settings import Settings


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the commands."""
    parser.add_argument("--host", help=say("command.help_host"))
    parser.add_argument("--port", help=say("command.help_port"))
    parser.add_argument("--no-auth", dest="auth", action="store_const", const="none", help=say("access.help_no_auth"))
    parser.add_argument("--model", help=say("command.help_model"))


def run(_args: argparse.Namespace, settings: Settings, _parser: argparse.ArgumentParser) -> int:
    """Serve the page until it is stopped."""
    from ui.access.accounts import refuse_open_network
    from ui.compose import make_desk
    from ui.server import serve

    refuse_open_network(settings)
    serve(make_desk(settings), settings)
    return 0


def run_demo(args: argparse.Namespace, settings: Settings, parser: argparse.ArgumentParser) -> int:
    """Index the bundled samples into a store of their own and serve the page."""
    from index.build import build_index
    from index.tokens import bundled
    from ui.compose import make_embedder
    from ui.console import note

    if settings.origins["store"] == "default":
        settings = dataclasses.replace(settings, store=str(Path(".vraagbaak", "voorbeelden")))
    encoding = bundled()
    with as_file(files("index") / "samples") as samples:
        report = build_index(
            [samples],
            settings.store_place,
            make_embedder(settings),
            count_tokens=encoding.count,
            encoding=f"{encoding.name} {encoding.digest}",
        )
    note(say("command.demo", settings.language, documents=report.documents, passages=report.passages))
    return run(args, settings, parser)
