"""`vraagbaak index` and `vraagbaak remove`: files become documents in the store, or leave it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from index.language import say
from ui.settings import Settings

if TYPE_CHECKING:
    from index.build import FileReport


def add(parser: argparse.ArgumentParser) -> None:
    """Describe `index`."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=say("command.help_paths"))
    parser.add_argument("--prune", action="store_true", help=say("command.help_prune"))
    parser.add_argument("--rebuild", action="store_true", help=say("command.help_rebuild"))


def run(args: argparse.Namespace, settings: Settings, parser: argparse.ArgumentParser) -> int:
    """Index the paths; exit code 1 when a file could not be read, after the others were."""
    from index.build import build_index
    from index.tokens import bundled
    from ui.compose import make_embedder
    from ui.console import note, out

    if not args.paths and not args.rebuild:
        parser.error(say("command.no_paths"))

    def show(file: FileReport) -> None:
        note(say("command.file_" + file.status, settings.language, **_fields(file, settings)))

    report = build_index(
        args.paths,
        settings.store_folder,
        make_embedder(settings),
        count_tokens=bundled().count,
        prune=args.prune,
        rebuild=args.rebuild,
        on_file=show,
    )
    out(
        say(
            "command.indexed",
            settings.language,
            documents=report.documents,
            passages=report.passages,
            failed=report.failed,
            store=settings.store,
        )
    )
    return 1 if report.failed else 0


def _fields(file: FileReport, settings: Settings) -> dict[str, object]:
    kind = say("kind." + file.kind, settings.language) if file.kind else ""
    return {
        "path": file.path,
        "document": file.document or "",
        "kind": kind,
        "passages": file.passages,
        "message": file.message or "",
    }


def add_remove(parser: argparse.ArgumentParser) -> None:
    """Describe `remove`."""
    parser.add_argument("documents", nargs="+", metavar="DOCUMENT", help=say("command.help_document"))
    parser.add_argument("--purge", action="store_true", help=say("command.help_purge"))


def run_remove(args: argparse.Namespace, settings: Settings, _parser: argparse.ArgumentParser) -> int:
    """Remove documents; one that is not there is named, and the others go."""
    from index.build import remove_documents
    from ui.console import note, out

    missing = remove_documents(settings.store_folder, args.documents, purge=args.purge)
    for document in missing:
        note(say("command.no_document", settings.language, document=document))
    out(say("command.removed", settings.language, count=len(args.documents) - len(missing)))
    sys.stdout.flush()
    return 1 if missing else 0
