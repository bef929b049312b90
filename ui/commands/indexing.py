"""`vraagbaak index` and `vraagbaak remove`: files become documents in the store, or leave it."""

from __future__ import annotations

import argparse
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index.documents import is_there
from index.errors import ReadError, VraagbaakError
from index.language import one_line, say
from ui.settings import Settings

if TYPE_CHECKING:
    from index.build import FileReport


def add(parser: argparse.ArgumentParser) -> None:
    """Describe `index`."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=say("command.help_paths"))
    parser.add_argument("--prune", action="store_true", help=say("command.help_prune"))
    parser.add_argument("--rebuild", action="store_true", help=say("command.help_rebuild"))
    parser.add_argument("--watch", action="store_true", help=say("command.help_watch"))
    parser.add_argument("--every", type=float, default=5.0, metavar="SECONDS", help=say("command.help_every"))


def run(args: argparse.Namespace, settings: Settings, parser: argparse.ArgumentParser) -> int:
    """Index the paths; exit code 1 when a file could not be read, after the others were."""
    from ui.console import note

    if not args.paths and (args.watch or not (args.rebuild or args.prune)):
        parser.error(say("command.no_paths"))
    if args.watch:
        return _watch(args, settings)
    missing = [path for path in args.paths if not is_there(path)]
    for path in missing:
        note(ReadError("read.missing", file=str(path)).say(settings.language))
    if missing and len(missing) == len(args.paths):
        return 1
    paths = [path for path in args.paths if path not in missing]
    with until_interrupted(settings) as stop:
        whole = index_paths(paths, settings, prune=args.prune, rebuild=args.rebuild, stop=stop, missing=len(missing))
    return 0 if whole else 1


def _watch(args: argparse.Namespace, settings: Settings) -> int:
    """Index at once and after each change, until Ctrl-C; what goes wrong is said, and does not end the watching."""
    from index.watch import changes
    from ui.console import note

    note(say("fetch.watching", settings.language))
    with until_interrupted(settings) as stop:
        for _ in changes(args.paths, max(args.every, 0.1), stop=stop):
            paths = [path for path in args.paths if path.exists()]
            if not paths:  # a disk that is away for a moment takes no documents along
                continue
            try:
                index_paths(paths, settings, prune=args.prune, stop=stop, show_unchanged=False)
            except VraagbaakError as error:
                note(error.say(settings.language))
    return 0


def index_paths(
    paths: Sequence[Path],
    settings: Settings,
    *,
    prune: bool = False,
    rebuild: bool = False,
    stop: Callable[[], bool] = lambda: False,
    show_unchanged: bool = True,
    find: Callable[[Sequence[Path]], list[Path]] | None = None,
    missing: int = 0,
    tell: Callable[[str], None] | None = None,
) -> bool:
    """Index files and folders, and say what each became; return whether all of it was read.

    `find` gives the files in the paths in another way than usual; `missing` paths count as not read; `tell` prints the
    totals in another place than standard output.
    """
    from index.build import build_index
    from index.tokens import bundled, count_tokens
    from ui.compose import make_embedder
    from ui.console import note, out
    from ui.progress import Progress

    progress, seen = Progress(settings.language), (0, 0)

    def show(file: FileReport, done: int, total: int) -> None:
        nonlocal seen
        seen = (done, total)
        progress.draw(done, total)
        if file.status == "unchanged" and not show_unchanged:
            return
        progress.clear()
        note(say("command.file_" + file.status, settings.language, **_fields(file, settings)))
        if file.status != "failed" and file.message(settings.language):
            note("             " + one_line(file.message(settings.language)))
        progress.draw(done, total)

    encoding = bundled()
    report = build_index(
        paths,
        settings.store_place,
        make_embedder(settings),
        count_tokens=count_tokens,
        encoding=f"{encoding.name} {encoding.digest}",
        prune=prune,
        rebuild=rebuild,
        keep_sources=settings.keep_sources,
        processes=os.cpu_count() or 1,
        on_file=show,
        stop=stop,
        find=find,
    )
    progress.clear()
    if report.interrupted:
        note(say("store.stopped", settings.language, done=seen[0], total=seen[1]))
    failed = report.counts["failed"] + missing
    totals = {"documents": report.documents, "passages": report.passages, "failed": failed, "store": settings.store}
    (tell or out)(say("command.indexed", settings.language, **totals))
    return not failed and not report.interrupted


@contextmanager
def until_interrupted(settings: Settings) -> Iterator[Callable[[], bool]]:
    """Give what says whether Ctrl-C was pressed or the process was told to end; pressed again, it ends at once."""
    from ui.console import note

    pressed: list[int] = []

    def press(number: int, _frame: object) -> None:
        if pressed:
            raise KeyboardInterrupt
        pressed.append(number)
        note(say("store.stopping", settings.language))

    before = {number: signal.signal(number, press) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(pressed)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _fields(file: FileReport, settings: Settings) -> dict[str, object]:
    return {
        "path": one_line(file.path),
        "document": file.document or "",
        "kind": say("kind." + file.kind, settings.language) if file.kind else "",
        "passages": file.passages,
        "message": one_line(file.message(settings.language)),
    }


def add_remove(parser: argparse.ArgumentParser) -> None:
    """Describe `remove`."""
    parser.add_argument("documents", nargs="+", metavar="DOCUMENT", help=say("command.help_document"))
    parser.add_argument("--purge", action="store_true", help=say("command.help_purge"))


def run_remove(args: argparse.Namespace, settings: Settings, _parser: argparse.ArgumentParser) -> int:
    """Remove documents; one that is not there is named, and the others go."""
    from index.build import remove_documents
    from index.where import lingering, purge
    from ui.console import note, out

    removed = remove_documents(settings.store_place, args.documents)
    if args.purge:
        # What was removed before, and is still in an earlier generation, goes as well.
        removed += lingering(settings.store_place, set(args.documents) - set(removed))
        if removed:
            purge(settings.store_place)
    missing = [document for document in args.documents if document not in removed]
    for document in missing:
        note(say("command.no_document", settings.language, document=document))
    if removed:
        out(say("command.removed", settings.language, count=len(removed)))
    return 1 if missing else 0
