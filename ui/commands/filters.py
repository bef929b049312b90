"""The filters that `search` and `ask` share: kind, period, party and ministry."""

from __future__ import annotations

import argparse
from datetime import date
from typing import get_args

from index.errors import SettingsError
from index.language import say
from index.values import Filters, Kind


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Add the filter options to a parser."""
    parser.add_argument("--kind", action="append", choices=get_args(Kind), help=say("command.help_kind"))
    parser.add_argument("--since", metavar="DATE", help=say("command.help_since"))
    parser.add_argument("--until", metavar="DATE", help=say("command.help_until"))
    parser.add_argument("--party", action="append", help=say("command.help_party"))
    parser.add_argument("--ministry", action="append", help=say("command.help_ministry"))


def read_filters(args: argparse.Namespace) -> Filters:
    """Return the filters given; a date that is none is a `SettingsError`."""
    return Filters(
        kinds=tuple(args.kind or ()),
        since=_day("--since", args.since),
        until=_day("--until", args.until),
        parties=tuple(args.party or ()),
        ministries=tuple(args.ministry or ()),
    )


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError("settings.date", option=option, value=text) from error
