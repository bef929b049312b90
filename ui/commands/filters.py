"""The filters that `search` and `ask` share: kind, period, party and ministry."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING, get_args

from index.errors import SettingsError, UsageError
from index.filters import names_of
from index.language import say
from index.values import Filters, Kind

if TYPE_CHECKING:
    from index.store.snapshot import Snapshot

_MOST_NAMED = 40


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Add the filter options to a parser."""
    parser.add_argument("--kind", action="append", choices=get_args(Kind), help=say("command.help_kind"))
    parser.add_argument("--since", metavar="DATE", help=say("command.help_since"))
    parser.add_argument("--until", metavar="DATE", help=say("command.help_until"))
    parser.add_argument("--party", action="append", help=say("command.help_party"))
    parser.add_argument("--ministry", action="append", help=say("command.help_ministry"))
    parser.add_argument("--person", action="append", help=say("command.help_person"))
    parser.add_argument("--topic", action="append", help=say("command.help_topic"))
    parser.add_argument("--document", action="append", help=say("command.help_document_filter"))
    parser.add_argument("--no-asked-filters", action="store_true", help=say("command.help_no_asked_filters"))


def read_filters(args: argparse.Namespace) -> Filters:
    """Return the filters given; a date that is none, or a period that ends before it begins, is a `UsageError`."""
    since, until = _day("--since", args.since), _day("--until", args.until)
    if since and until and since > until:
        raise UsageError("settings.period", since=since, until=until)
    return Filters(
        kinds=tuple(args.kind or ()),
        since=since,
        until=until,
        parties=tuple(args.party or ()),
        ministries=tuple(args.ministry or ()),
        documents=tuple(args.document or ()),
        people=tuple(args.person or ()),
        topics=tuple(args.topic or ()),
    )


def refuse_unknown(filters: Filters, snapshot: Snapshot) -> None:
    """Raise a `SettingsError` that names what is there when a name in `filters` stands for nothing in the store."""
    unknown = snapshot.known.unknown(filters)
    if unknown:
        facet, name = unknown[0]
        names = sorted({n for document in snapshot.documents() for n in names_of(document, facet)}, key=str.casefold)
        known = ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")
        raise SettingsError("settings.unknown_filter", option=f"--{facet}", value=name, known=known or "-")


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError("settings.date", option=option, value=text) from error
