"""A name as people write it goes in, out come the filters' values that a store holds for it.

A ministry or party is known by its name, by what `abbreviations.txt` says is the same, and by part of its name; a
person by the end of the name, with a first name or without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from index.abbreviations import same_as
from index.filters import ministry_facet, party_facet
from index.values import Filters

_SAYS_NOTHING = frozenset(
    ["partij", "groep", "lid", "fractie", "van", "voor", "de", "het", "en", "ministerie", "minister"]
)
_LONGEST_INITIALS = 4


@dataclass(frozen=True)
class Known:
    """What one generation of a store can be limited to.

    `values` holds the values of each facet; `documents` gives the documents of an official identifier or case;
    `holds` says whether any passage fits some filters.
    """

    values: Mapping[str, frozenset[str]]
    documents: Callable[[str], tuple[str, ...]]
    holds: Callable[[Filters], bool]

    def named(self, facet: str, name: str) -> tuple[str, ...]:
        """Return the values of `facet` (party, ministry, person, topic, kind) that `name` stands for."""
        if facet == "person":
            return self._people(party_facet(name))
        values = self.values.get(facet, frozenset())
        folded = ministry_facet(name) if facet == "ministry" else party_facet(name)
        if facet == "kind":
            return (name,) if name in values else ()
        wanted = {folded, *same_as(folded)} - {""}
        sets = [words for one in wanted if not (words := set(one.split())) <= _SAYS_NOTHING]
        return tuple(sorted(v for v in values if v in wanted or any(words <= set(v.split()) for words in sets)))

    def resolved(self, filters: Filters) -> Filters:
        """Return `filters` with the store's own values in place of names; an unknown name stays and finds nothing."""
        return replace(
            filters,
            parties=self._all("party", filters.parties),
            ministries=self._all("ministry", filters.ministries),
            people=self._all("person", filters.people),
            topics=self._all("topic", filters.topics),
            documents=tuple(d for name in filters.documents for d in self.documents(name) or (name,)),
        )

    def unknown(self, filters: Filters) -> list[tuple[str, str]]:
        """Return (facet, name) for each name in `filters` that stands for nothing in the store."""
        facets = (
            ("party", filters.parties),
            ("ministry", filters.ministries),
            ("person", filters.people),
            ("topic", filters.topics),
        )
        missing = [(facet, name) for facet, names in facets for name in names if not self.named(facet, name)]
        return missing + [("document", name) for name in filters.documents if not self.documents(name)]

    def _all(self, facet: str, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for name in names for value in self.named(facet, name) or (name,)))

    def _people(self, name: str) -> tuple[str, ...]:
        people, words = self._person_values, name.split()
        if not words:
            return ()
        found = {name, f"={name}"} & people
        # "Eric van der Burg" is also who another document calls "Van der Burg" or "E. van der Burg".
        rest = " ".join(words[1:])
        if len(words) > 1 and not words[0].startswith(("van", "de")):
            found |= {f"={rest}"} & people
            found |= {one for one in self._by_initials.get(rest, ()) if one[1] == name[0]}
        return tuple(sorted(found))

    @cached_property
    def _person_values(self) -> frozenset[str]:
        return self.values.get("person", frozenset())

    @cached_property
    def _by_initials(self) -> Mapping[str, list[str]]:
        """The whole names that begin with initials ("=mcg keijzer"), by what comes after those."""
        found: dict[str, list[str]] = {}
        for value in self._person_values:
            first, _, rest = value.partition(" ")
            if first.startswith("=") and rest and len(first) <= 1 + _LONGEST_INITIALS:
                found.setdefault(rest, []).append(value)
        return found
