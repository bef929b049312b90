"""One generation of a store as it can be read: documents, texts, passages, and what may be asked of them by name."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from index.cases import CASE, FOLLOWS, case_keys
from index.errors import StoreError
from index.filters import FACETS, facet_filters
from index.known import Known
from index.store.encode import document_from, passage_from, places_from, row_checksum
from index.store.loaded import Loaded
from index.store.manifest import Manifest
from index.store.originals import is_whole
from index.store.rows import DOCUMENT, PASSAGE, VISIBLE, connect, damage_named
from index.store.snapshot import Snapshot
from index.values import Document, Filters, Passage, Reading
from index.vectors import Numbers

_KEPT_TEXTS = 2_000
_KEPT_LIMITS = 16
_IDLE_CONNECTIONS = 8

Row = tuple[Any, ...]


class Contents(Snapshot):
    """What a store in a folder holds at one generation, without the searching of it."""

    def __init__(
        self, connection: sqlite3.Connection, loaded: Loaded, folder: Path, idle: list[sqlite3.Connection]
    ) -> None:
        self._connection = connection
        self._loaded = loaded
        self._folder = folder
        self._idle = idle
        self._open = True

    def close(self) -> None:
        """Let go of the generation; nothing can be read from this snapshot afterwards."""
        if not self._open:
            return
        self._open = False
        if len(self._idle) >= _IDLE_CONNECTIONS:
            self._connection.close()
            return
        self._connection.rollback()
        self._idle.append(self._connection)

    @property
    def manifest(self) -> Manifest:
        """What this generation consists of."""
        return self._loaded.manifest

    def documents(self) -> list[Document]:
        """Return all documents, by identifier."""
        rows = self._rows(f"SELECT row FROM documents WHERE {VISIBLE} ORDER BY document")
        return [self._document(row[0])[0] for row in rows]

    def document(self, document: str) -> Document | None:
        """Return one document, none when it is not there."""
        row = self._row_of(document)
        return None if row is None else self._document(row)[0]

    def text(self, document: str) -> str | None:
        """Return the reading text of one document, none when it is not there."""
        row = self._row_of(document)
        return None if row is None else self._document(row)[1]

    def reading(self, document: str) -> Reading | None:
        """Return one document with its text and passages as it was understood."""
        row = self._row_of(document)
        if row is None:
            return None
        found, text = self._document(row)
        [(value,)] = self._raw("SELECT value FROM documents WHERE row = ?", [row])
        passages = tuple(self._passages("row = ?", [row]).values())
        return Reading(found, text, passages, places=places_from(value))

    def case(self, document: Document) -> list[Document]:
        """Return the other documents of its case, by identifier: questions, postponement, answer."""
        query = (
            f"SELECT row FROM documents WHERE ({VISIBLE}) AND document != :d AND row IN ("
            "SELECT row FROM facets WHERE facet = :case AND value IN (SELECT value FROM json_each(:keys)) "
            "UNION SELECT row FROM facets WHERE facet = :follows AND value = :d "
            "UNION SELECT row FROM documents WHERE document IN (SELECT value FROM json_each(:named))) ORDER BY document"
        )
        keys, named = json.dumps(case_keys(document)), json.dumps(document.follows)
        rows = self._rows(query, d=document.document, case=CASE, follows=FOLLOWS, keys=keys, named=named)
        return [self._document(row[0])[0] for row in rows]

    def original(self, document: str) -> Path | None:
        """Return the kept copy of the file that a document was read from; none when the store keeps none.

        None as well when this generation was let go of meanwhile, and its files with it. Raises `StoreError` when the
        copy is no longer as it was written.
        """
        query = (
            f"SELECT kept FROM sources WHERE document = :d AND kept != '' AND ({VISIBLE}) AND path = "
            f"(SELECT path FROM documents WHERE document = :d AND ({VISIBLE}))"
        )
        rows = self._rows(query, d=document)
        if not rows:
            return None
        path = self._folder / str(rows[0][0])
        if is_whole(self._folder, rows[0][0]):
            return path
        if not path.exists() and self._is_let_go():
            return None
        raise StoreError("store.damaged", folder=self._folder, part=rows[0][0])

    def _is_let_go(self) -> bool:
        """Whether the store, as it is by now, keeps this generation no longer."""
        query = "SELECT 1 FROM generations WHERE generation = ?"
        with closing(connect(self._folder)) as now, damage_named(self._folder):
            return now.execute(query, (self.manifest.generation,)).fetchone() is None

    def passages(self, document: str) -> list[Passage]:
        """Return the passages of one document in reading order."""
        row = self._row_of(document)
        return [] if row is None else list(self._passages("row = ?", [row]).values())

    def sizes(self, documents: Sequence[str]) -> Mapping[str, int]:
        """Return how many passages each of these documents has, of those that are there."""
        count = "(SELECT count(*) FROM passages WHERE passages.row = documents.row)"
        among = "document IN (SELECT value FROM json_each(:names))"
        query = f"SELECT document, {count} FROM documents WHERE {among} AND ({VISIBLE})"
        return dict(self._rows(query, names=json.dumps(list(documents))))

    def _passage(self, passage: str) -> tuple[Passage, Document] | None:
        """Return one stored passage with its document, none when it is not there."""
        query = (
            "SELECT number, row FROM passages WHERE passage = :p AND row IN "
            f"(SELECT row FROM documents WHERE {VISIBLE})"
        )
        rows = self._rows(query, p=passage)
        if not rows:
            return None
        number, row = rows[0]
        return self._passages("number = ?", [number])[number], self._document(row)[0]

    @property
    def known(self) -> Known:
        """What this generation can be limited to by name."""
        if not self._loaded.named:
            query = (
                "SELECT DISTINCT facet, value FROM facets WHERE facet IN (SELECT value FROM json_each(:facets)) "
                f"AND row IN (SELECT row FROM documents WHERE {VISIBLE})"
            )
            named: dict[str, set[str]] = {facet: set() for facet in FACETS if facet != "document"}
            for facet, value in self._rows(query, facets=json.dumps(list(named))):
                named[facet].add(value)
            self._loaded.named = {facet: frozenset(values) for facet, values in named.items()}
        return Known(self._loaded.named, self._documents_named, lambda filters: len(self._allowed(filters)) > 0)

    def _documents_named(self, name: str) -> tuple[str, ...]:
        """Return the documents with this identifier or of this case; with a "*" in it, those that fit."""
        names = json.dumps([name, name.upper(), name.lower(), f"kst-{name}"])
        query = (
            f"SELECT document FROM documents WHERE ({VISIBLE}) AND (document GLOB :pattern OR row IN ("
            "SELECT row FROM facets WHERE facet IN ('document', :case) AND value IN "
            "(SELECT value FROM json_each(:names)))) ORDER BY document"
        )
        pattern = name if "*" in name else ""
        return tuple(row[0] for row in self._rows(query, names=names, case=CASE, pattern=pattern))

    def _fetch(self, numbers: Sequence[int]) -> Mapping[int, tuple[Passage, Document]]:
        pairs = self._alone("number IN (SELECT value FROM json_each(?))", [json.dumps(list(numbers))])
        if missing := [number for number in numbers if number not in pairs]:
            raise StoreError("store.damaged", folder=self._folder, part=f"passage {missing[0]}")
        return {number: (self._beside(*pairs[number]), pairs[number][1]) for number in numbers}

    def _allowed(self, filters: Filters) -> Numbers:
        """Return the numbers of the passages within `filters`, ascending; those of late are remembered."""
        known = self._loaded.allowed
        if filters not in known:
            if len(known) >= _KEPT_LIMITS:
                known.clear()
            known[filters] = self._numbers_within(filters)
        return known[filters]

    def _numbers_within(self, filters: Filters) -> Numbers:
        limits, values = [VISIBLE], dict[str, str]()
        for facet, wanted in facet_filters(filters).items():
            values[facet] = json.dumps(wanted)
            limits.append(
                f"row IN (SELECT row FROM facets WHERE facet = '{facet}' "
                f"AND value IN (SELECT value FROM json_each(:{facet})))"
            )
        if filters.since:
            limits.append("date >= :since")
            values["since"] = filters.since.isoformat()
        if filters.until:
            limits.append("date <= :until")
            values["until"] = filters.until.isoformat()
        documents = f"SELECT row FROM documents WHERE {' AND '.join(f'({limit})' for limit in limits)}"
        if not filters.numbers:
            return self._numbers_of([row[0] for row in self._rows(documents, **values)])
        values["numbers"] = json.dumps(filters.numbers)
        query = (
            f"SELECT number FROM passages WHERE row IN ({documents}) "
            "AND EXISTS (SELECT 1 FROM json_each(passages.value, '$.numbers') AS own "
            "WHERE own.value IN (SELECT value FROM json_each(:numbers)))"
        )
        return np.array(sorted(row[0] for row in self._rows(query, **values)), dtype=np.int64)

    def _numbers_of(self, rows: Sequence[int]) -> Numbers:
        """Return the numbers of all passages of the documents in `rows`, ascending.

        Those of one document follow upon each other, so that a first number and a count stand for them.
        """
        spans = self._loaded.spans
        if spans is None:
            query = "SELECT row, min(number), count(*) FROM passages GROUP BY row ORDER BY row"
            spans = self._loaded.spans = np.array(self._raw(query, []), dtype=np.int64).reshape(-1, 3)
        _, first, counts = spans[np.isin(spans[:, 0], np.array(rows, dtype=np.int64))].T
        before = np.cumsum(counts) - counts
        return np.sort(np.arange(counts.sum()) + np.repeat(first - before, counts))

    def _row_of(self, document: str) -> int | None:
        rows = self._rows(f"SELECT row FROM documents WHERE document = :d AND {VISIBLE}", d=document)
        return int(rows[0][0]) if rows else None

    def _document(self, row: int) -> tuple[Document, str]:
        known = self._loaded.texts.get(row)
        return known if known is not None else self._read_documents([row])[row]

    def _read_documents(self, wanted: Sequence[int]) -> dict[int, tuple[Document, str]]:
        """Read the documents in rows `wanted`, with the other files that hold them, and remember them."""
        rows, among = json.dumps(list(wanted)), "row IN (SELECT value FROM json_each(:rows))"
        found = {
            one[0]: one for one in self._rows(f"SELECT {DOCUMENT}, checksum FROM documents WHERE {among}", rows=rows)
        }
        for row in wanted:
            if row not in found or row_checksum(*found[row][:-1]) != found[row][-1]:
                part = found[row][1] if row in found else f"document {row}"
                raise StoreError("store.damaged", folder=self._folder, part=part)
        beside = self._rows(
            f"SELECT row, given FROM documents JOIN sources USING (document) WHERE documents.{among} AND "
            "sources.path != documents.path AND sources.added <= :g AND "
            "(sources.removed IS NULL OR sources.removed > :g) ORDER BY sources.path",
            rows=rows,
        )
        others: dict[int, list[str]] = {}
        for row, given in beside:
            others.setdefault(row, []).append(given)
        pairs = {row: (document_from(one[6], tuple(others.get(row, ()))), one[8]) for row, one in found.items()}
        if len(self._loaded.texts) + len(pairs) > _KEPT_TEXTS:
            self._loaded.texts.clear()
        self._loaded.texts.update(pairs)
        return pairs

    def _passages(self, where: str, values: Sequence[Any]) -> dict[int, Passage]:
        return {number: self._beside(passage, of) for number, (passage, of) in self._alone(where, values).items()}

    def _alone(self, where: str, values: Sequence[Any]) -> dict[int, tuple[Passage, Document]]:
        """Return passages with their documents as they were put, without the questions of other documents."""
        query = f"SELECT {PASSAGE}, checksum FROM passages WHERE {where} ORDER BY number"
        passages: dict[int, tuple[Passage, Document]] = {}
        rows = self._raw(query, values)
        if missing := sorted({row for _, row, *_ in rows} - self._loaded.texts.keys()):
            self._read_documents(missing)
        for number, row, passage, value, embedded, proof in rows:
            if row_checksum(number, row, passage, value, embedded) != proof:
                raise StoreError("store.damaged", folder=self._folder, part=passage)
            document, text = self._document(row)
            passages[number] = passage_from(value, passage, document.document, text), document
        return passages

    def _rows(self, query: str, **values: str) -> list[Row]:
        return self._raw(query, values | {"g": self.generation})

    def _raw(self, query: str, values: Sequence[Any] | dict[str, Any]) -> list[Row]:
        if not self._open:
            raise RuntimeError("the snapshot is closed")
        with damage_named(self._folder):
            return self._connection.execute(query, values).fetchall()
