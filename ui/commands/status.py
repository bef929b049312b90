"""`vraagbaak status`: when each source was last asked, what came of it, what failed and why; or one document's fate."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import FetchError
from index.language import Language, say
from ui.settings import Settings

if TYPE_CHECKING:
    from index.fetch.state import Run, State
    from index.fetch.values import Held

_SHOWN = 10
_STATUSES = ("present", "withdrawn", "left_out", "failed")


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.add_argument("document", nargs="?", metavar="DOCUMENT", help=say("status.help_document"))
    parser.add_argument("--folder", dest="fetch_folder", metavar="DIR", help=say("fetch.help_folder"))
    parser.add_argument("--json", action="store_true", help=say("command.help_json"))


def run(args: argparse.Namespace, settings: Settings, _parser: argparse.ArgumentParser) -> int:
    """Print it; 1 when the last run of a source did not succeed wholly."""
    from index.fetch.folder import Folder
    from index.fetch.state import FILE, State
    from ui.console import note

    folder = Folder(Path(settings.fetch_folder))
    if not (folder.ours / FILE).is_file():
        note(say("status.none", settings.language, folder=folder.documents))
        return 1
    with State(folder.ours) as state:
        if args.document:
            return _show_document(args, state, folder.documents, settings.language)
        runs = state.last_runs()
        for number, done in runs:
            _show_run(number, done, state, args.json, settings.language)
        _show_totals(state, args.json, settings.language)
    return 0 if all(done.outcome == "ok" for _, done in runs) else 1


def _show_document(args: argparse.Namespace, state: State, documents: Path, language: Language) -> int:
    from index.identifiers import canonical
    from ui.console import out_json

    found = state.find(canonical(args.document))
    if not found:
        raise FetchError("status.unknown", document=args.document, folder=documents)
    for held in found:
        if args.json:
            out_json(asdict(held) | {"reason": _why(held, language) or None})
        else:
            _show_held(held, documents, language)
    return 0


def show_withdrawn(document: str, settings: Settings) -> None:
    """Say of a document that is not in the store (any more) that its source withdrew it, where that is so."""
    from index.fetch.folder import Folder
    from index.fetch.state import FILE, State
    from index.identifiers import canonical

    folder = Folder(Path(settings.fetch_folder))
    if (folder.ours / FILE).is_file():
        with State(folder.ours) as state:
            for held in state.find(canonical(document)):
                if held.status == "withdrawn":
                    _show_held(held, folder.documents, settings.language)


def _show_held(held: Held, documents: Path, language: Language) -> None:
    from index.fetch.hosts import shown
    from ui.console import out, wrap

    fields = asdict(held) | {"path": documents / held.path, "reason": _why(held, language)}
    out(say("status.document", language, name=held.name, title=shown(held.title)))
    out(wrap(say(f"status.document_{held.status}", language, **fields)))
    if held.sha256:
        out(say("status.document_sum", language, sha256=held.sha256))


def _show_run(number: int, done: Run, state: State, as_json: bool, language: Language) -> None:
    from ui.console import out, out_json, wrap

    faults = [(name, _reason(reason, language)) for name, reason in state.faults(number)]
    good = state.last_good(done)
    if as_json:
        told = [{"name": name, "reason": reason} for name, reason in faults]
        selection = json.loads(done.selection)
        fields = {"selection": selection, "reason": _reason(done.reason, language) or None, "last_good": good or None}
        out_json(asdict(done) | fields | {"faults": told})
        return
    out(say("status.head", language, label=done.label, selection=_selection(done.selection)))
    out(say("status.last", language, started=done.started, outcome=say(f"status.outcome_{done.outcome}", language)))
    if done.outcome != "ok":
        out(say("status.good", language, moment=good or say("status.never", language)))
    out(say("status.came", language, **{name: value for name, value in asdict(done).items() if isinstance(value, int)}))
    if done.reason:
        out(wrap(say("status.why", language, reason=_reason(done.reason, language)), "  "))
    _show_faults(faults, language)


def _show_faults(faults: Sequence[tuple[str, str]], language: Language) -> None:
    from ui.console import out, wrap

    for name, reason in faults[:_SHOWN]:
        out(wrap(say("status.fault", language, name=name, reason=reason), "  "))
    if len(faults) > _SHOWN:
        out(say("status.more", language, count=len(faults) - _SHOWN))


def _show_totals(state: State, as_json: bool, language: Language) -> None:
    from ui.console import out, out_json

    totals = state.totals()
    for source in dict.fromkeys(source for source, _ in totals):
        counts = {status: totals.get((source, status), 0) for status in _STATUSES}
        if as_json:
            out_json({"source": source, **counts})
        else:
            out(say("status.total", language, source=source, **counts))


def _selection(key: str) -> str:
    """The selection as it was given: `--since 2024-01-01 --topic mensenhandel`."""
    options = {"kinds": "kind", "ministries": "ministry", "parties": "party", "persons": "person"}
    words = []
    for name, value in json.loads(key).items():
        option = options.get(name) or name.removesuffix("s")
        words += [f" --{option} {each}" for each in (value if isinstance(value, list) else [value])]
    return "".join(words)


def _why(held: Held, language: Language) -> str:
    if held.status == "left_out":
        return _selection(held.reason or "{}").strip()
    return _reason(held.reason, language)


def _reason(reason: str, language: Language) -> str:
    from index.fetch.download import say_reason

    return say_reason(reason, language)
