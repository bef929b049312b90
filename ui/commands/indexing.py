"""`vraagbaak index` and `vraagbaak remove`: files become documents in the store, or leave it."""

from __future__ import annotations

import argparse
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

    def show(file: FileReport, _done: int, _total: int) -> None:
        note(say("command.file_" + file.status, settings.language, **_fields(file, settings)))
        if file.status != "failed" and file.message(settings.language):
            note("             " + file.message(settings.language))

    encoding = bundled()
    report = build_index(
        args.paths,
        settings.store_folder,
        make_embedder(settings),
        count_tokens=encoding.count,
        encoding=f"{encoding.name} {encoding.digest}",
        prune=args.prune,
        rebuild=args.rebuild,
        on_file=show,
    )
    failed = report.counts["failed"]
    totals = {"documents": report.documents, "passages": report.passages, "failed": failed, "store": settings.store}
    out(say("command.indexed", settings.language, **totals))
    return 1 if failed else 0


def _fields(file: FileReport, settings: Settings) -> dict[str, object]:
    return {
        "path": file.path,
        "document": file.document or "",
        "kind": say("kind." + file.kind, settings.language) if file.kind else "",
        "passages": file.passages,
        "message": file.message(settings.language),
    }


def add_remove(parser: argparse.ArgumentParser) -> None:
    """Describe `remove`."""
    parser.add_argument("documents", nargs="+", metavar="DOCUMENT", help=say("command.help_document"))
    parser.add_argument("--purge", action="store_true", help=say("command.help_purge"))


def run_remove(args: argparse.Namespace, settings: Settings, _parser: argparse.ArgumentParser) -> int:
    """Remove documents; one that is not there is named, and the others go."""
    from index.build import remove_documents
    from index.store.admin import purge
    from ui.console import note, out

    removed = remove_documents(settings.store_folder, args.documents)
    if args.purge:
        purge(settings.store_folder)
    missing = [document for document in args.documents if document not in removed]
    for document in missing:
        note(say("command.no_document", settings.language, document=document))
    if removed:
        out(say("command.removed", settings.language, count=len(removed)))
    return 1 if missing else 0
