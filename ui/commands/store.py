"""`vraagbaak store check|generations|rollback|backup|restore|copy`: the care of a store."""

from __future__ import annotations

import argparse
from pathlib import Path

from index.language import say
from ui.settings import Settings


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the care of a store."""
    acts = parser.add_subparsers(dest="act", required=True, metavar=say("command.act"))
    for name in ("check", "generations", "rollback", "backup", "restore", "copy"):
        act = acts.add_parser(name, help=say("command.help_store_" + name))
        act.add_argument("--store", metavar="DIR", default=argparse.SUPPRESS, help=say("command.help_store_option"))
        if name == "rollback":
            act.add_argument("generation", type=int, help=say("command.help_generation"))
        if name in ("backup", "restore"):
            act.add_argument("folder", type=Path, help=say("command.help_backup_folder"))
        if name == "copy":
            act.add_argument("source", metavar="FROM", help=say("command.help_copy_from"))
            act.add_argument("target", metavar="TO", help=say("command.help_copy_to"))
        if name == "check":
            act.add_argument("--repair", action="store_true", help=say("command.help_repair"))
        if name in ("check", "generations"):
            act.add_argument("--json", action="store_true", help=say("command.help_json"))


def run(args: argparse.Namespace, settings: Settings, _parser: argparse.ArgumentParser) -> int:
    """Do one of them; exit code 1 when `check` finds damage."""
    if args.act == "check":
        return _check(args, settings)
    if args.act == "generations":
        return _generations(args, settings)
    if args.act == "copy":
        return _copy(args, settings)
    from ui.console import out

    if args.act == "rollback":
        from index.store.admin import rollback

        rollback(settings.store_folder, args.generation)
        out(say("command.rolled_back", settings.language, generation=args.generation))
    elif args.act == "backup":
        from index.store.backup import backup

        backup(settings.store_folder, args.folder)
        out(say("command.backed_up", settings.language, folder=args.folder))
    else:
        from index.store.backup import restore

        shown, replaced = restore(args.folder, settings.store_folder)
        numbers = {"documents": shown.documents, "created": shown.created}
        out(say("command.restored", settings.language, folder=args.folder, store=settings.store, **numbers))
        if replaced is not None and replaced.documents:
            numbers = {"documents": replaced.documents, "created": replaced.created}
            out(say("command.replaced", settings.language, **numbers))
    return 0


def _copy(args: argparse.Namespace, settings: Settings) -> int:
    from index.store.copy import copy_store
    from ui.console import out
    from ui.progress import Progress
    from ui.settings import store_place

    progress = Progress(settings.language)
    manifest = copy_store(store_place(args.source), store_place(args.target), progress.draw)
    progress.clear()
    totals = {"documents": manifest.documents, "passages": manifest.passages}
    out(say("command.copied", settings.language, store=args.source, target=args.target, **totals))
    return 0


def _check(args: argparse.Namespace, settings: Settings) -> int:
    from index.where import check, repair
    from ui.compose import make_embedder
    from ui.console import out, out_json

    if args.repair:
        repair(settings.store_place, make_embedder(settings))
    damages = check(settings.store_place)
    for damage in damages:
        if args.json:
            out_json({"part": damage.part, "generation": damage.generation, "rebuildable": damage.rebuildable})
        else:
            key = "command.damage_rebuildable" if damage.rebuildable else "command.damage"
            out(say(key, settings.language, part=damage.part, generation=damage.generation))
    if not damages and not args.json:
        out(say("command.whole", settings.language, store=settings.store))
    return 1 if damages else 0


def _generations(args: argparse.Namespace, settings: Settings) -> int:
    from index.store.admin import generations
    from ui.console import out, out_json

    kept, current = generations(settings.store_folder)
    for manifest in kept:
        fields = {
            "generation": manifest.generation,
            "current": manifest.generation == current,
            "created": manifest.created,
            "documents": manifest.documents,
            "passages": manifest.passages,
            "recall_at_50": min((sketch.recall for sketch in manifest.sketches.values()), default=1.0),
        }
        if args.json:
            out_json(fields)
        else:
            mark = "*" if fields["current"] else " "
            out(say("command.generation", settings.language, mark=mark, **fields))
            if manifest.sketches:
                out(say("command.generation_sketched", settings.language, recall=fields["recall_at_50"]))
    return 0
