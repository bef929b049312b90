"""The command `vraagbaak`: words in, an exit code out (0 done, 1 a failure in one sentence, 2 wrong usage)."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version

from index.errors import UsageError, VraagbaakError
from index.language import Language, is_unicode, one_line, say
from ui.commands import (
    accounts,
    ask,
    chat,
    documents,
    evaluate,
    fetch,
    indexing,
    search,
    show_settings,
    status,
    store,
    verify,
)
from ui.settings import Settings, load_settings
from ui.usage import speak_dutch

Run = Callable[[argparse.Namespace, Settings, argparse.ArgumentParser], int]

COMMANDS: dict[str, tuple[Callable[[argparse.ArgumentParser], None], Run]] = {
    "index": (indexing.add, indexing.run),
    "fetch": (fetch.add, fetch.run),
    "status": (status.add, status.run),
    "remove": (indexing.add_remove, indexing.run_remove),
    "documents": (documents.add, documents.run),
    "search": (search.add, search.run),
    "ask": (ask.add, ask.run),
    "chat": (chat.add, chat.run),
    "demo": (chat.add, chat.run_demo),
    "verify": (verify.add, verify.run),
    "eval": (evaluate.add, evaluate.run),
    "store": (store.add, store.run),
    "users": (accounts.add_users, accounts.run_users),
    "keys": (accounts.add_keys, accounts.run_keys),
    "settings": (show_settings.add, show_settings.run),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every failure is one sentence, never a traceback."""
    speak_dutch()
    parser, parsers = _parsers()
    for word in sys.argv[1:] if arguments is None else arguments:
        if not is_unicode(word):
            sys.stderr.write(say("command.not_text", word=ascii(word)) + "\n")
            return 1
    args = parser.parse_args(arguments)
    _, run = COMMANDS[args.command]
    language: Language = "nl"
    try:
        settings = load_settings(vars(args))
        language = settings.language
        return run(args, settings, parsers[args.command])
    except VraagbaakError as error:
        sys.stderr.write(one_line(error.say(language)) + "\n")
        return 2 if isinstance(error, UsageError) else 1
    except KeyboardInterrupt:
        sys.stderr.write("\n" + say("command.interrupted", language) + "\n")
        return 1
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing left to tell anyone.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parsers() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    parser = argparse.ArgumentParser(prog="vraagbaak", description=say("command.description"))
    parser.add_argument(
        "--version", action="version", help=say("usage.version"), version=f"vraagbaak {version('vraagbaak')}"
    )
    group = parser.add_subparsers(dest="command", required=True, metavar=say("command.command"))
    parsers = {}
    for name, (add, _) in COMMANDS.items():
        help_text = say("command.help_" + name)
        parsers[name] = group.add_parser(name, help=help_text, description=help_text)
        parsers[name].add_argument("--store", metavar="DIR", help=say("command.help_store_option"))
        add(parsers[name])
    return parser, parsers


if __name__ == "__main__":
    sys.exit(main())
