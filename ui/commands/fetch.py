"""`vraagbaak fetch`: official documents come from their sources into `documents/`, and from there into the store."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from index.errors import UsageError
from index.language import Language, say
from index.values import Kind
from ui.commands.indexing import index_paths, until_interrupted
from ui.settings import Settings

if TYPE_CHECKING:
    from index.fetch.folder import Folder
    from index.fetch.run import Done
    from index.fetch.state import Run
    from index.fetch.values import Selection, Source

_OPTIONS = ("ministry", "party", "person", "topic", "dossier")


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.add_argument("what", nargs="+", metavar="WHAT", help=say("fetch.help_what"))
    parser.add_argument("--kind", action="append", choices=get_args(Kind), help=say("fetch.help_kind"))
    parser.add_argument("--since", metavar="DATE", help=say("fetch.help_since"))
    parser.add_argument("--until", metavar="DATE", help=say("fetch.help_until"))
    for name in _OPTIONS:
        parser.add_argument(f"--{name}", action="append", help=say(f"fetch.help_{name}"))
    parser.add_argument("--folder", dest="fetch_folder", metavar="DIR", help=say("fetch.help_folder"))
    parser.add_argument("--dry-run", action="store_true", help=say("fetch.help_dry_run"))
    parser.add_argument("--no-index", action="store_true", help=say("fetch.help_no_index"))
    parser.add_argument("--accept-gone", action="store_true", help=say("fetch.help_accept_gone"))
    parser.add_argument("--json", action="store_true", help=say("fetch.help_json"))


def run(args: argparse.Namespace, settings: Settings, _parser: argparse.ArgumentParser) -> int:
    """Fetch what is new or changed and index it; 1 when anything failed, after all else was done."""
    from index.fetch.folder import Folder
    from index.fetch.run import fetch
    from index.fetch.state import State
    from ui.compose import make_client, make_sources
    from ui.console import note, out

    selection = _selection(args)
    folder = Folder(Path(settings.fetch_folder))
    with until_interrupted(settings) as stop, make_client(settings, stop) as client:
        sources = make_sources(settings, client, args.what)
        if args.dry_run:
            return _counted(sources, selection, args.json, settings.language)
        runs: list[Run] = []
        with folder.held(), State(folder.ours) as state:
            for source in sources:
                done = fetch(
                    source,
                    selection,
                    folder,
                    state,
                    client,
                    at_once=settings.fetch_at_once,
                    accept_gone=args.accept_gone,
                    on_done=lambda each, _run: _show(each, settings.language),
                    stop=stop,
                )
                runs.append(done)
                _show_run(done, args.json, settings.language)
                if done.outcome == "stopped":
                    note(say("fetch.stopped", settings.language))
                    return 1
        whole = args.no_index or _indexed(folder, settings, stop, note if args.json else out)
    return 0 if whole and all(done.outcome == "ok" for done in runs) else 1


def _show_run(done: Run, as_json: bool, language: Language) -> None:
    from ui.console import note, out, out_json

    fields = asdict(done)
    if as_json:
        out_json(fields | {"selection": json.loads(done.selection), "reason": _reason(done.reason, language) or None})
        return
    out(say("fetch.done", language, **{name: fields[name] for name in fields if name not in ("reason", "selection")}))
    if done.reason:
        note(_reason(done.reason, language))


def _indexed(folder: Folder, settings: Settings, stop: Callable[[], bool], tell: Callable[[str], None]) -> bool:
    """Index all that was fetched, by the same way as `vraagbaak index`; what was withdrawn leaves the store."""
    from index.documents import find_files
    from index.fetch.folder import METADATA

    def documents(paths: Sequence[Path]) -> list[Path]:
        return [path for path in find_files(paths) if not path.name.endswith(METADATA)]

    return index_paths(
        [folder.documents], settings, prune=True, stop=stop, show_unchanged=False, find=documents, tell=tell
    )


def _counted(sources: Sequence[Source], selection: Selection, as_json: bool, language: Language) -> int:
    from ui.console import out, out_json

    for count in (count for source in sources for count in source.count(selection)):
        if as_json:
            out_json(asdict(count))
        elif count.is_upper_bound:
            criteria = ", ".join(dict.fromkeys(say(f"fetch.criterion_{name}", language) for name in count.because))
            out(say("fetch.count_bound", language, label=count.label, number=count.number, criteria=criteria or "-"))
        else:
            out(say("fetch.count", language, label=count.label, number=count.number))
    return 0


def _show(done: Done, language: Language) -> None:
    from index.fetch.hosts import shown
    from ui.console import note

    reason = _reason(done.reason, language)
    if done.status in ("new", "changed"):
        note(say(f"fetch.{done.status}", language, name=done.name, title=shown(done.title)))
        if reason:
            note(say("fetch.noted", language, name=done.name, reason=reason))
    elif done.status == "withdrawn":
        note(say("fetch.withdrawn_line", language, name=done.name, title=shown(done.title)))
    elif done.status == "failed":
        note(say("fetch.failed", language, name=done.name, reason=reason))


def _reason(reason: str, language: Language) -> str:
    from index.fetch.download import say_reason

    return say_reason(reason, language)


def _selection(args: argparse.Namespace) -> Selection:
    from index.fetch.values import Selection

    since, until = _day("--since", args.since), _day("--until", args.until)
    if since and until and since > until:
        raise UsageError("settings.period", since=since, until=until)
    return Selection(
        kinds=tuple(args.kind or ()),
        since=since,
        until=until,
        ministries=tuple(args.ministry or ()),
        parties=tuple(args.party or ()),
        persons=tuple(args.person or ()),
        topics=tuple(args.topic or ()),
        dossiers=tuple(args.dossier or ()),
    )


def _day(option: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError as error:
        raise UsageError("settings.date", option=option, value=text) from error
