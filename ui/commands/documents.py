"""`vraagbaak documents`: what the store holds, and how one document was understood."""

from __future__ import annotations

import argparse

from index.errors import StoreError
from index.language import say
from ui.commands.status import show_withdrawn
from ui.settings import Settings


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.add_argument("document", nargs="?", help=say("command.help_document"))
    parser.add_argument("--json", action="store_true", help=say("command.help_json"))


def run(args: argparse.Namespace, settings: Settings, _parser: argparse.ArgumentParser) -> int:
    """Print the list, or one document; one that is not there is a `StoreError`."""
    from ui.compose import open_store
    from ui.console import note, out_json, show_document, show_reading
    from ui.json_out import document_json, reading_json

    with open_store(settings).snapshot() as snapshot:
        if args.document is not None:
            reading = snapshot.reading(args.document)
            if reading is None:
                show_withdrawn(args.document, settings)
                raise StoreError("command.no_document", document=args.document)
            if args.json:
                out_json(reading_json(reading))
            else:
                show_reading(reading, settings.language)
            return 0
        documents = snapshot.documents()
        sizes = snapshot.sizes([document.document for document in documents])
        for document in documents:
            passages = sizes[document.document]
            if args.json:
                out_json(document_json(document, passages))
            else:
                show_document(document, passages)
    if not args.json:
        note(say("command.documents_total", settings.language, count=len(documents)))
    return 0
