"""The collections that a store consists of, and their fields; knows no server.

Every row says in which generation it came (`generation`): readers pass over what is newer than theirs. Milvus wants a
vector in every collection; where there is none it is `nothing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.filters import FACETS

Kind = Literal["int", "text", "texts", "ints", "dense", "sparse"]

LONGEST = 65_535  # bytes in a text, by Milvus's own rule
LONGEST_NAME = 1_000
MOST_VALUES = 4_096
NOTHING = "nothing"

# The values of a document that filters ask for, in a passage's row; those of which it has one are no list.
SINGLE = ("kind", "document")
LISTED = tuple(facet for facet in FACETS if facet not in SINGLE)


@dataclass(frozen=True, slots=True)
class Field:
    """A field: `length` is the most bytes in a text, or the length of a vector; `sorted` ones are looked up by."""

    name: str
    kind: Kind
    length: int = 0
    sorted: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A collection: what follows the store's name in its own, and its fields, of which the first is the key."""

    name: str
    fields: tuple[Field, ...]


_GENERATION = Field("generation", "int", sorted=True)
_NOTHING = Field(NOTHING, "dense", 2)

STATE = Table(
    "state",
    (
        Field("key", "text", LONGEST_NAME),
        Field("kind", "text", 32, sorted=True),
        _GENERATION,
        Field("value", "text", LONGEST),
        _NOTHING,
    ),
)
DOCUMENTS = Table(
    "documents",
    (
        Field("row", "int"),
        Field("document", "text", LONGEST_NAME, sorted=True),
        Field("path", "text", LONGEST),
        Field("first", "int"),
        Field("passages", "int"),
        Field("checksum", "text", 64),
        Field("related", "texts", LONGEST_NAME, sorted=True),
        Field("value", "text", LONGEST),
        _GENERATION,
        _NOTHING,
    ),
)
TEXTS = Table(
    "texts",
    (
        Field("key", "text", 64),
        Field("row", "int", sorted=True),
        Field("part", "int"),
        Field("value", "text", LONGEST),
        _GENERATION,
        _NOTHING,
    ),
)
SOURCES = Table(
    "sources",
    (
        Field("row", "int"),
        Field("path", "text", LONGEST),
        Field("path_digest", "text", 64, sorted=True),
        Field("given", "text", LONGEST),
        Field("digest", "text", 128),
        Field("reader", "text", LONGEST_NAME),
        Field("document", "text", LONGEST_NAME, sorted=True),
        _GENERATION,
        _NOTHING,
    ),
)
FIXED = (STATE, DOCUMENTS, TEXTS, SOURCES)


def passages_table(number: int, dimensions: int) -> Table:
    """Return the collection of passages, the `number`-th that was made; without vectors of meaning for 0 dimensions."""
    fields = (
        Field("number", "int"),
        Field("row", "int", sorted=True),
        Field("passage", "text", LONGEST_NAME, sorted=True),
        Field("kind", "text", 32, sorted=True),
        Field("document", "text", LONGEST_NAME, sorted=True),
        Field("date", "int", sorted=True),
        Field("asked", "ints", sorted=True),
        *(Field(facet, "texts", LONGEST_NAME, sorted=True) for facet in LISTED),
        Field("sparse", "sparse"),
        _GENERATION,
    )
    dense = (Field("dense", "dense", dimensions),) if dimensions else ()
    return Table(f"passages_{number}", (*fields, *dense))


def counts_table(number: int) -> Table:
    """Return the collection of what is counted of those passages."""
    fields = (
        Field("key", "text", LONGEST_NAME + 64),
        Field("kind", "text", 32, sorted=True),
        Field("name", "text", LONGEST_NAME, sorted=True),
        Field("total", "int"),
        _GENERATION,
        _NOTHING,
    )
    return Table(f"counts_{number}", fields)
