"""What documents may be filtered by, as rows: made from the documents, and so made again at any time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from index.cases import all_facets
from index.store.encode import document_from
from index.values import Document

FacetRow = tuple[str, str, int]


def facet_rows(document: Document, row: int) -> list[FacetRow]:
    """Return the facets of the document in `row`."""
    return [(facet, name, row) for facet, names in all_facets(document).items() for name in names]


def all_facet_rows(connection: sqlite3.Connection) -> Iterator[FacetRow]:
    """Give the facets of all documents; a damaged document has none."""
    for row, value in connection.execute("SELECT row, value FROM documents"):
        try:
            yield from facet_rows(document_from(value), row)
        except (ValueError, TypeError, KeyError):
            continue


def write_facets(connection: sqlite3.Connection, rows: list[FacetRow]) -> None:
    """Add facets."""
    connection.executemany("INSERT OR IGNORE INTO facets VALUES (?, ?, ?)", rows)


def write_facets_again(connection: sqlite3.Connection) -> None:
    """Make all facets afresh, within the transaction that `connection` is in."""
    rows = list(all_facet_rows(connection))
    connection.execute("DELETE FROM facets")
    write_facets(connection, rows)
