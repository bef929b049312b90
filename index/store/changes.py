"""The rows of the generation that is being written: documents, passages and their files, each with its checksum.

Knows the tables, not the two indexes. Nothing is ever changed in a row but the generation that it was removed in.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

from index.places import pack
from index.store.encode import RowTotal, document_value, embedded_text, passage_value, row_checksum
from index.store.facets import facet_rows, write_facets
from index.store.manifest import Manifest
from index.store.profile_rows import profile_rows, write_profiles
from index.store.rows import DOCUMENT, PASSAGE, SOURCE, VISIBLE, Source, last_number
from index.values import Reading


@dataclass(frozen=True, slots=True)
class Retired:
    """The passages of a document that was taken out: their numbers, by the digest of what was embedded for them."""

    numbers: Mapping[bytes, int]
    all_numbers: tuple[int, ...]


class RowWriter:
    """Adds and retires rows within the transaction that `connection` is in, on top of the generation `before`."""

    def __init__(self, connection: sqlite3.Connection, generation: int, before: Manifest) -> None:
        self.generation = generation
        self.documents, self.passages = before.documents, before.passages
        self.changed = False
        self._connection = connection
        self._total = RowTotal(before.rows)
        self._last_row = last_number(connection, "documents")
        self._last_number = last_number(connection, "passages")

    @property
    def total(self) -> str:
        """The total of the checksums of all rows, for the manifest."""
        return self._total.value

    def insert(self, reading: Reading, path: str) -> list[tuple[int, bytes]]:
        """Add a document; return the number of each of its passages and the digest of what is embedded for it."""
        document, value = reading.document, document_value(reading.document, reading.places)
        self._last_row = row = self._last_row + 1
        day = document.date.isoformat() if document.date else None
        places = pack(reading.places)
        fixed = (row, document.document, path, document.kind, day, self.generation, value, places, reading.text)
        proof = row_checksum(*fixed)
        self._insert("documents", DOCUMENT, [(*fixed, proof)])
        write_facets(self._connection, facet_rows(document, row))
        rows = []
        for number, passage in enumerate(reading.passages, self._last_number + 1):
            digest = row_checksum(embedded_text(passage))
            whole = (number, row, passage.passage, passage_value(passage), digest)
            rows.append((*whole, row_checksum(*whole)))
        self._insert("passages", PASSAGE, rows)
        numbered = enumerate(reading.passages, self._last_number + 1)
        write_profiles(self._connection, profile_rows(document, numbered))
        self._last_number += len(rows)
        self._count(1, [proof, *(made[-1] for made in rows)])
        return [(made[0], made[4]) for made in rows]

    def retire(self, document: str) -> Retired:
        """Take a document out, if it is there."""
        numbers: dict[bytes, int] = {}
        everything: list[int] = []
        for row, proof in self._rows(
            f"SELECT row, checksum FROM documents WHERE document = :d AND {VISIBLE}", d=document
        ):
            passages = self._rows("SELECT embedded, number, checksum FROM passages WHERE row = :row", row=row)
            numbers |= {digest: number for digest, number, _ in passages}
            everything += [number for _, number, _ in passages]
            # A row of this very generation was never seen: removed == added means visible to nobody.
            self._rows("UPDATE documents SET removed = :g WHERE row = :row", row=row)
            self._count(-1, [proof, *(checksum for *_, checksum in passages)])
        return Retired(numbers, tuple(everything))

    def stands(self, reading: Reading, path: str) -> bool:
        """Whether this very document, with these passages and from this file, is there already."""
        query = f"SELECT row, path, value, text FROM documents WHERE document = :d AND {VISIBLE}"
        rows = self._rows(query, d=reading.document.document)
        if not rows or rows[0][1:] != (path, document_value(reading.document, reading.places), reading.text):
            return False
        stored = self._rows("SELECT passage, value FROM passages WHERE row = :row ORDER BY number", row=rows[0][0])
        return stored == [(passage.passage, passage_value(passage)) for passage in reading.passages]

    def holder(self, document: str) -> str | None:
        """Return the path of the file whose text stands for `document`."""
        rows = self._rows(f"SELECT path FROM documents WHERE document = :d AND {VISIBLE}", d=document)
        return str(rows[0][0]) if rows else None

    def text(self, document: str) -> str | None:
        """Return the stored text of a document."""
        rows = self._rows(f"SELECT text FROM documents WHERE document = :d AND {VISIBLE}", d=document)
        return str(rows[0][0]) if rows else None

    # Files

    def attach(self, source: Source) -> None:
        """Note that a file holds a document."""
        if source in self.sources(path=source.path, document=source.document):
            return
        self.detach(source.path, source.document)
        fixed = (*astuple(source), self.generation)
        proof = row_checksum(*fixed)
        self._insert("sources", SOURCE, [(*fixed, proof)])
        self._total.add(proof)
        self.changed = True

    def detach(self, path: str, document: str | None = None) -> None:
        """Forget a file, or that it holds this one document."""
        limit = "" if document is None else "document = :d AND"
        where = f"path = :p AND {limit} {VISIBLE}"
        for source, proof in self._rows(f"SELECT source, checksum FROM sources WHERE {where}", p=path, d=document):
            self._rows("UPDATE sources SET removed = :g WHERE source = :s", s=source)
            self._total.subtract(proof)
            self.changed = True

    def sources(self, *, path: str | None = None, document: str | None = None) -> list[Source]:
        """Return the files by path, or only those with this path or document."""
        limits = ["path = :p"] * (path is not None) + ["document = :d"] * (document is not None) + [f"({VISIBLE})"]
        query = f"SELECT path, given, digest, reader, document, kept FROM sources WHERE {' AND '.join(limits)}"
        return [Source(*row) for row in self._rows(f"{query} ORDER BY path, source", p=path, d=document)]

    def kept(self, name: str) -> bool:
        """Whether some file's row, of any generation that is still kept, names this copy."""
        return bool(self._rows("SELECT 1 FROM sources WHERE kept = :k AND kept != '' LIMIT 1", k=name))

    def _insert(self, table: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * (columns.count(",") + 2))
        self._connection.executemany(f"INSERT INTO {table} ({columns}, checksum) VALUES ({marks})", rows)

    def _count(self, sign: int, checksums: list[bytes]) -> None:
        self.documents += sign
        self.passages += sign * (len(checksums) - 1)
        for checksum in checksums:
            (self._total.add if sign > 0 else self._total.subtract)(checksum)
        self.changed = True

    def _rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values | {"g": self.generation}).fetchall()
