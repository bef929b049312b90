"""What a source tells of a document, what is wanted of it, and the protocol that every source keeps."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Literal, Protocol

from index.values import Kind

Form = Literal["xml", "html", "pdf", "docx", "json", "any"]
Criterion = Literal["kinds", "since", "until", "ministries", "parties", "persons", "topics", "dossiers"]
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which documents of a source are wanted; an empty field does not limit. Dates are inclusive."""

    kinds: tuple[Kind, ...] = ()
    since: date | None = None
    until: date | None = None
    ministries: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    dossiers: tuple[str, ...] = ()

    @property
    def criteria(self) -> frozenset[Criterion]:
        """What is limited."""
        return frozenset(name for name, value in asdict(self).items() if value)  # type: ignore[misc]

    def without(self, criteria: frozenset[Criterion]) -> Selection:
        """Return what is left to be looked at when `criteria` are seen to elsewhere."""
        open_: dict[str, tuple[()] | None] = {name: None if name in ("since", "until") else () for name in criteria}
        return replace(self, **open_)  # type: ignore[arg-type]

    @property
    def key(self) -> str:
        """The selection as short text: the same for the same selection."""
        return json.dumps({name: value for name, value in asdict(self).items() if value}, default=str, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Place:
    """One form of a document and its address."""

    form: Form
    url: str


@dataclass(frozen=True, slots=True)
class Item:
    """A document as a source lists it.

    `identifier` is as the source writes it; `version` changes when the source changed the document, and is empty
    where it does not tell; `places` are its forms, the best first; `content` is the document itself where the listing
    holds it. `about` are names and values of its metadata. `faults` are the names of what is odd in the record.
    """

    identifier: str
    version: str
    places: tuple[Place, ...]
    about: Pairs = ()
    title: str = ""
    date: date | None = None
    content: bytes | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of a document that was met before: where it came from, where it lies, what became of it.

    `reason` is why it failed or was withdrawn, packed; or the selection that left it out.
    """

    source: str
    name: str
    identifier: str
    version: str
    status: Literal["present", "left_out", "failed", "withdrawn"]
    title: str = ""
    form: str = ""
    url: str = ""
    path: str = ""
    size: int = 0
    sha256: str = ""
    etag: str = ""
    modified: str = ""
    fetched: str = ""
    changed: str = ""
    reason: str = ""
    facts: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many documents a source says it has; an upper bound where it cannot select by all that was asked."""

    label: str
    number: int
    is_upper_bound: bool
    because: tuple[str, ...] = ()


def day_of(text: str) -> tuple[date | None, tuple[str, ...]]:
    """Return the day that a text begins with, and the name of what is odd when there is no such day (2009-02-31)."""
    match = re.match(r"(\d{4})-(\d{2})-(\d{2})", text)
    if match is None:
        return None, ()
    try:
        return date(*map(int, match.groups())), ()
    except ValueError:
        return None, ("fetch.impossible_date",)


class Source(Protocol):
    """A place where documents are published. `selects` names what its interface can select by."""

    @property
    def name(self) -> str:
        """The name of its folder below `documents/`."""
        ...

    @property
    def label(self) -> str:
        """What of it is fetched, for a person and to tell one listing from another."""
        ...

    @property
    def selects(self) -> frozenset[Criterion]:
        """What the interface selects by itself."""
        ...

    def count(self, selection: Selection) -> list[Count]:
        """Return how many documents there are, without listing them."""
        ...

    def items(self, selection: Selection) -> Iterator[Item]:
        """List the documents; raise `FetchError` where the listing is not complete."""
        ...

    def is_gone(self, held: Held) -> bool:
        """Ask the source about a document that it no longer lists: whether it was withdrawn."""
        ...
