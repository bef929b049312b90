"""`vraagbaak users` and `vraagbaak keys`: who may log in to the page, and which programs may use the API."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable

from index.errors import SettingsError
from index.language import is_unicode, say
from ui.access.values import ROLES
from ui.settings import Settings

Act = Callable[[argparse.Namespace, Settings], None]


def add_users(parser: argparse.ArgumentParser) -> None:
    """Describe `users`."""
    _add(parser, "access.help_add_user")


def add_keys(parser: argparse.ArgumentParser) -> None:
    """Describe `keys`."""
    _add(parser, "access.help_add_key")


def run_users(args: argparse.Namespace, settings: Settings, _parser: argparse.ArgumentParser) -> int:
    """List, add or remove users; a password is asked for at the terminal, or is the first line of standard input."""
    return _run(args, settings, "users")


def run_keys(args: argparse.Namespace, settings: Settings, _parser: argparse.ArgumentParser) -> int:
    """List, add or remove keys; a new key is printed once."""
    return _run(args, settings, "keys")


def _add(parser: argparse.ArgumentParser, help_add: str) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar=say("command.act"))
    acts.add_parser("list", help=say("access.help_list"))
    add = acts.add_parser("add", help=say(help_add))
    add.add_argument("--role", choices=ROLES, default="desk", help=say("access.help_role"))
    remove = acts.add_parser("remove", help=say("access.help_remove"))
    for one in (add, remove):
        one.add_argument("name", metavar="NAME", help=say("access.help_name"))


def _run(args: argparse.Namespace, settings: Settings, table: str) -> int:
    from ui.access.accounts import Accounts
    from ui.audit import Audit
    from ui.console import note, out

    accounts, language = Accounts(settings.desk_folder), settings.language
    if args.act == "list":
        found = accounts.users() if table == "users" else accounts.keys()
        for account in found:
            out(f"{account.name:32} {account.role}")
        if not found:
            note(say("access.none", language))
        return 0
    if args.act == "remove":
        accounts.remove(table, args.name)
        note(say("access.removed", language, name=args.name))
    elif table == "users":
        accounts.put_user(args.name, args.role, _password(args.name, settings))
        note(say("access.user_put", language, name=args.name, role=args.role))
    else:
        key = accounts.add_key(args.name, args.role)
        note(say("access.key_made", language, name=args.name, role=args.role))
        out(key)
    what = f"{table.removesuffix('s')} {args.act}"
    Audit(settings.desk_folder).note(f"terminal ({getpass.getuser()})", what, name=args.name)
    return 0


def _password(name: str, settings: Settings) -> str:
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\r\n")
        if not is_unicode(password):
            raise SettingsError("command.not_text", word=say("access.the_password", settings.language))
        return password
    password = getpass.getpass(say("access.ask_password", settings.language, name=name))
    if password != getpass.getpass(say("access.ask_again", settings.language)):
        raise SettingsError("access.not_same")
    return password
