"""The rows of one generation of a store in Milvus, read and remembered: documents whole or by their metadata; files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace

import numpy as np

from index.abbreviations import Groups
from index.errors import StoreError
from index.milvus.counts import Counts
from index.milvus.current import Current
from index.milvus.packed import Unpacked, embedded_words, path_digest, source_from, unpack
from index.milvus.server import Row, Server, among, literal
from index.milvus.state import State
from index.milvus.tables import DOCUMENTS, SOURCES, TEXTS
from index.protocols import Vectors
from index.store.encode import document_from
from index.store.rows import Source
from index.values import Document

_KEPT_TEXTS = 2_000
_ROWS_AT_ONCE = 200
_OF_A_FILE = ("row", "path", "given", "digest", "reader", "document")
_OF_A_DOCUMENT = ("row", "document", "path", "first", "checksum")
# What a document is listed by.
LISTED = ("row", "document", "path", "value")


@dataclass(slots=True)
class Generation:
    """What the snapshots of one generation share: what was switched on, and what was read of it before.

    A writer does without `current`: it sees to it by itself that what it changes is the newest.
    """

    state: State
    dropped: frozenset[int]
    counts: Counts
    texts: dict[int, Unpacked] = field(default_factory=dict)
    rows: dict[str, Row | None] = field(default_factory=dict)
    cases: dict[str, list[Document]] = field(default_factory=dict)
    named: dict[str, frozenset[str]] = field(default_factory=dict)
    explained: Groups | None = None
    current: Current | None = None

    @property
    def visible(self) -> str:
        """What must hold of a row for it to be part of this generation."""
        newest = f"generation <= {self.state.manifest.generation}"
        return f"{newest} and row not in {literal(sorted(self.dropped))}" if self.dropped else newest

    def reading(self) -> AbstractContextManager[None]:
        """Raise `StoreError` when what is read meanwhile may lack rows that were let go."""
        return nullcontext() if self.current is None else self.current.reading()


class Rows:
    """The rows of one generation, until they are closed."""

    def __init__(self, server: Server, generation: Generation) -> None:
        self.server = server
        self.generation = generation
        self._open = True

    def close(self) -> None:
        """Read nothing any more."""
        self._open = False

    @property
    def state(self) -> State:
        """What is switched on."""
        return self.generation.state

    @property
    def visible(self) -> str:
        """What must hold of a row for it to be part of this generation."""
        return self.generation.visible

    def stored(self, documents: Sequence[str]) -> list[Row]:
        """Return the rows of these documents, of those that are there."""
        where = f"{among('document', documents)} and {self.visible}"
        return self.query(DOCUMENTS.name, where, [*_OF_A_DOCUMENT, "passages"])

    def numbers(self) -> list[int]:
        """Return the rows of all documents."""
        return [int(row["row"]) for row in self.scan(DOCUMENTS.name, self.visible, ["row"])]

    def whole(self, document: str) -> Unpacked | None:
        """Return one document whole, none when it is not there."""
        row = self._row(document)
        return None if row is None else self.wholes([int(row["row"])])[int(row["row"])]

    def wholes(self, wanted: Iterable[int]) -> Mapping[int, Unpacked]:
        """Return the documents in these rows, read together, and remember them."""
        self.refuse_closed()
        kept = self.generation.texts
        wanted = sorted(set(wanted))
        found = {row: kept[row] for row in wanted if row in kept}
        missing = [row for row in wanted if row not in found]
        for start in range(0, len(missing), _ROWS_AT_ONCE):
            found |= self._read(missing[start : start + _ROWS_AT_ONCE])
        if len(kept) + len(missing) > _KEPT_TEXTS:
            kept.clear()
        kept.update(found)
        return found

    def listed(self, rows: Sequence[Row]) -> list[Document]:
        """Return the documents of rows that hold `LISTED`, by identifier."""
        others = self._others(rows)
        whole = self.wholes(int(row["row"]) for row in rows if not row["value"])
        documents = [
            document_from(row["value"], others.get(row["document"], ()))
            if row["value"]
            else replace(whole[int(row["row"])].document, sources=others.get(row["document"], ()))
            for row in rows
        ]
        return sorted(documents, key=lambda document: document.document)

    def vectors(self, documents: Sequence[str]) -> dict[str, Vectors]:
        """Return the vectors of the passages of these documents, by the words that were embedded."""
        wholes = self.wholes(int(row["row"]) for row in self.stored(documents))
        words = {
            whole.first + place: text for whole in wholes.values() for place, text in enumerate(embedded_words(whole))
        }
        if not words or not self.state.dimensions:
            return {}
        rows = self.query(self.state.passages, among("number", words), ["number", "dense"])
        return {words[int(row["number"])]: np.asarray(row["dense"], dtype=np.float32) for row in rows}

    def file_rows(self, paths: Sequence[str]) -> dict[tuple[str, str], tuple[int, Source]]:
        """Return what is known of these files: by path and document the row and the file."""
        where = f"{among('path_digest', map(path_digest, paths))} and {self.visible}"
        rows = self.query(SOURCES.name, where, _OF_A_FILE)
        return {(row["path"], row["document"]): (int(row["row"]), source_from(row)) for row in rows}

    def files(self, document: str | None = None) -> list[Source]:
        """Return the files of one document, or of all, by path."""
        limits = [self.visible, *([f"document == {literal(document)}"] if document is not None else [])]
        read = self.scan if document is None else self.query
        found = [source_from(row) for row in read(SOURCES.name, " and ".join(limits), _OF_A_FILE)]
        return sorted(found, key=lambda source: (source.path, source.document))

    def query(self, table: str, where: str, fields: Sequence[str], limit: int | None = None) -> list[Row]:
        """Return the rows of a table for which `where` holds: not more than a few thousand, or use `scan`."""
        self.refuse_closed()
        with self.generation.reading():
            return self.server.query(table, where, fields, limit)

    def scan(self, table: str, where: str, fields: Sequence[str]) -> list[Row]:
        """Return the rows of a table for which `where` holds, however many."""
        self.refuse_closed()
        with self.generation.reading():
            return self.server.scan(table, where, fields)

    def refuse_closed(self) -> None:
        """Raise `RuntimeError` when they are closed."""
        if not self._open:
            raise RuntimeError("the snapshot is closed")

    def _row(self, document: str) -> Row | None:
        rows = self.generation.rows
        if document not in rows:
            found = self.stored([document])
            if len(rows) > _KEPT_TEXTS:
                rows.clear()
            rows[document] = found[0] if found else None
        self.refuse_closed()
        return rows[document]

    def _read(self, wanted: Sequence[int]) -> dict[int, Unpacked]:
        rows = self.query(DOCUMENTS.name, among("row", wanted), _OF_A_DOCUMENT)
        if len(rows) < len(wanted):
            raise StoreError("milvus.moved_on", store=self.server.address)
        parts: dict[int, list[tuple[int, str]]] = {row: [] for row in wanted}
        for part in self.query(TEXTS.name, among("row", wanted), ["row", "part", "value"]):
            parts[int(part["row"])].append((int(part["part"]), part["value"]))
        others = self._others(rows)
        found: dict[int, Unpacked] = {}
        for row in rows:
            texts = [value for _, value in sorted(parts[int(row["row"])])]
            beside = others.get(row["document"], ())
            found[int(row["row"])] = unpack(texts, row, beside, self.server.address)
        return found

    def _others(self, rows: Sequence[Row]) -> dict[str, tuple[str, ...]]:
        """Return the other files that hold each document, as they were given, by path."""
        paths = {row["document"]: row["path"] for row in rows}
        found: dict[str, list[tuple[str, str]]] = {}
        names = sorted(paths)
        for start in range(0, len(names), _ROWS_AT_ONCE):
            some = among("document", names[start : start + _ROWS_AT_ONCE])
            for source in self.query(SOURCES.name, f"{some} and {self.visible}", ["document", "path", "given"]):
                if source["path"] != paths[source["document"]]:
                    found.setdefault(source["document"], []).append((source["path"], source["given"]))
        return {name: tuple(given for _, given in sorted(pairs)) for name, pairs in found.items()}
