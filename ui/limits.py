"""Documents go in, the fields that limit a search to some of them come out; what was filled in becomes `Filters`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from index.errors import SettingsError
from index.language import Language, long_date, say
from index.values import Document, Filters

NAMES = ("kind", "since", "until", "party", "ministry")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the documents can be limited to: names as written, in order."""

    kinds: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    ministries: tuple[str, ...] = ()


def choices_of(documents: Iterable[Document]) -> Choices:
    """Return what occurs in `documents`; of names that differ in case alone the first is taken."""
    kinds: dict[str, None] = {}
    parties: dict[str, str] = {}
    ministries: dict[str, str] = {}
    for document in documents:
        kinds[document.kind] = None
        for asker in document.askers:
            if asker.party:
                parties.setdefault(asker.party.casefold(), asker.party)
        for official in document.answered_by:
            if name := official.department or official.role:
                ministries.setdefault(name.casefold(), name)
    return Choices(
        tuple(sorted(kinds)),
        tuple(parties[key] for key in sorted(parties)),
        tuple(ministries[key] for key in sorted(ministries)),
    )


def read_limits(given: Mapping[str, Sequence[str]]) -> Filters:
    """Return the filters that `given` names (`NAMES`); raise `SettingsError` for a date that is none."""

    def values(name: str) -> tuple[str, ...]:
        return tuple(value for value in given.get(name, ()) if value)[:50]

    return Filters(
        kinds=values("kind"),
        since=_day("since", values("since")),
        until=_day("until", values("until")),
        parties=values("party"),
        ministries=values("ministry"),
    )


def limits_from_json(text: str) -> tuple[Filters, tuple[str, ...]]:
    """Return the filters in a JSON object of lists of strings, and under `without` those of the question to leave out;
    nothing for what is no such object."""
    try:
        given = json.loads(text or "{}")
        lists = {name: [str(value)[:200] for value in given.get(name, [])] for name in (*NAMES, "without")}
    except (ValueError, AttributeError, TypeError, RecursionError):
        return Filters(), ()
    return read_limits(lists), tuple(lists["without"])


def said(filters: Filters, language: Language) -> list[tuple[str, str, str]]:
    """Return each limit as its name among `NAMES`, its value, and what a reader calls it."""
    found = [("kind", kind, say(f"kind.{kind}", language)) for kind in filters.kinds]
    for name, day in (("since", filters.since), ("until", filters.until)):
        if day:
            words = say(f"page.limited_{name}", language, date=long_date(day, language))
            found.append((name, day.isoformat(), words))
    found += [("party", party, say("page.limited_party", language, name=party)) for party in filters.parties]
    found += [("ministry", name, say("page.limited_ministry", language, name=name)) for name in filters.ministries]
    return found


def fields(choices: Choices, filters: Filters, language: Language) -> Markup:
    """Return the fields, those of `filters` filled in; a field with less than two choices is left out."""
    kinds = Markup().join(
        Markup('<label><input type="checkbox" name="kind" value="{}"{}> <span>{}</span></label>').format(
            kind, Markup(" checked") if kind in filters.kinds else "", say(f"kind.{kind}", language)
        )
        for kind in choices.kinds
    )
    parts = [
        Markup('<fieldset><legend>{}</legend><div class="kinds">{}</div></fieldset>').format(
            say("page.limit_kind", language), kinds
        )
        if len(choices.kinds) > 1
        else Markup(),
        Markup('<div class="limit">{}{}</div>').format(
            _date("since", filters.since, language), _date("until", filters.until, language)
        ),
        _select("party", choices.parties, filters.parties, language),
        _select("ministry", choices.ministries, filters.ministries, language),
    ]
    return Markup('<div class="limits">{}</div>').format(Markup().join(parts))


def _date(name: str, day: date | None, language: Language) -> Markup:
    return Markup('<label class="field"><span>{}</span><input type="date" name="{}" value="{}"></label>').format(
        say(f"page.limit_{name}", language), name, day.isoformat() if day else ""
    )


def _select(name: str, values: Sequence[str], chosen: Sequence[str], language: Language) -> Markup:
    if len(values) < 2:
        return Markup()
    options = Markup().join(
        Markup('<option value="{}"{}>{}</option>').format(value, Markup(" selected") if value in chosen else "", value)
        for value in values
    )
    return Markup(
        '<div class="limit"><label class="field"><span>{}</span><select name="{}"><option value="">{}</option>{}'
        "</select></label></div>"
    ).format(say(f"page.limit_{name}", language), name, say(f"page.limit_{name}_all", language), options)


def _day(name: str, values: Sequence[str]) -> date | None:
    if not values:
        return None
    try:
        return date.fromisoformat(values[0])
    except ValueError as error:
        raise SettingsError("settings.date", option=name, value=values[0]) from error
