"""Documents and filters go in, out come the values that both are compared by; knows no engine and no rows.

A name is compared by its folded words. A person is also found by the end of the name: "Van der Burg" finds
"E. van der Burg"; what begins with "=" is a whole name as one document writes it.
"""

from __future__ import annotations

import re
from datetime import date

from index.dutch import tokenise
from index.values import Document, Filters

FACETS = ("kind", "document", "party", "ministry", "person", "topic")

_OFFICE = re.compile(r"^(?:(?:ministerie|minister|staatssecretaris) (?:van|voor) )+")
_BETWEEN_NAMES = re.compile(r"\s+[-–]\s+")
_SHORTEST_NAME = 3


def party_facet(name: str) -> str:
    """Return a party's name as filters compare it."""
    return " ".join(tokenise(name))


def ministry_facet(name: str) -> str:
    """Return a ministry's name as filters compare it: "Minister van Financiën" is `financien`."""
    return _OFFICE.sub("", " ".join(tokenise(name)))


def person_facets(name: str) -> list[str]:
    """Return what a person is found by: each ending of the name, of each half of a double name, and "=" + the whole.

    Who is named by the office alone ("wethouder") is found by nothing.
    """
    if name == name.lower():
        return []
    found = []
    for part in (name, *_BETWEEN_NAMES.split(name)):
        words = tokenise(part)
        found += [" ".join(words[start:]) for start in range(len(words)) if len(words[-1]) >= _SHORTEST_NAME]
    return [*dict.fromkeys(found), f"={' '.join(tokenise(name))}"]


def facets(document: Document) -> dict[str, list[str]]:
    """Return what a document may be filtered by, besides its date."""
    parties = {party_facet(asker.party) for asker in document.askers if asker.party}
    offices = {ministry_facet(o.department or o.role or "") for o in document.answered_by}
    return {
        "kind": [document.kind],
        "document": [document.document],
        "party": sorted(parties - {""}),
        "ministry": sorted(offices - {""}),
        "person": sorted({facet for name in names_of(document, "person") for facet in person_facets(name)}),
        "topic": sorted({party_facet(topic) for topic in document.topics} - {""}),
    }


def names_of(document: Document, facet: str) -> tuple[str, ...]:
    """Return what a document may be filtered by as a person writes it, for one of `FACETS`."""
    askers, officials = document.askers, document.answered_by
    return {
        "kind": (document.kind,),
        "document": (document.document,),
        "party": tuple(asker.party for asker in askers if asker.party),
        "ministry": tuple(one.department for one in officials if one.department),
        "person": tuple(name for name in [*(a.name for a in askers), *(o.name for o in officials)] if name),
        "topic": document.topics,
    }[facet]


def facet_filters(filters: Filters) -> dict[str, list[str]]:
    """Return the facet values of which one must match, for each facet that `filters` limits."""
    wanted = {
        "kind": list(filters.kinds),
        "document": list(filters.documents),
        "party": [party_facet(name) for name in filters.parties],
        "ministry": [ministry_facet(name) for name in filters.ministries],
        "person": [_whole(name) for name in filters.people],
        "topic": [party_facet(name) for name in filters.topics],
    }
    return {facet: values for facet, values in wanted.items() if values}


def within(document: Document, filters: Filters) -> bool:
    """Whether a document fits `filters`, its passages' question numbers aside; without a date it fits no period."""
    held = facets(document)
    if filters.since or filters.until:
        day = document.date
        if day is None or not (filters.since or date.min) <= day <= (filters.until or date.max):
            return False
    return all(not set(values).isdisjoint(held[facet]) for facet, values in facet_filters(filters).items())


def _whole(name: str) -> str:
    return f"={party_facet(name)}" if name.startswith("=") else party_facet(name)
