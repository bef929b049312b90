"""One generation of a store in Milvus as it can be read: documents, texts, passages, and what they can be asked by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np

from index.abbreviations import Groups
from index.cases import CASE, FOLLOWS, case_keys
from index.errors import StoreError
from index.filters import FACETS
from index.known import Known
from index.milvus.counts import Counts
from index.milvus.legs import Seen, conditions
from index.milvus.packed import Unpacked, embedded_words, path_digest, source_from, unpack
from index.milvus.server import Row, Server, among, literal
from index.milvus.state import State
from index.milvus.tables import DOCUMENTS, SOURCES, TEXTS
from index.protocols import Vectors
from index.store.encode import document_from
from index.store.manifest import Manifest
from index.store.rows import Source
from index.store.snapshot import Snapshot, Whole
from index.values import Document, Filters, Passage, Reading

_KEPT_TEXTS = 2_000
_ROWS_AT_ONCE = 200
_OF_A_FILE = ("row", "path", "given", "digest", "reader", "document")
_OF_A_DOCUMENT = ("row", "document", "path", "first", "checksum")


@dataclass(slots=True)
class Generation:
    """What the snapshots of one generation share: what was switched on, and what was read of it before."""

    state: State
    dropped: frozenset[int]
    counts: Counts
    texts: dict[int, Unpacked] = field(default_factory=dict)
    rows: dict[str, Row | None] = field(default_factory=dict)
    cases: dict[str, list[Document]] = field(default_factory=dict)
    named: dict[str, frozenset[str]] = field(default_factory=dict)
    explained: Groups | None = None

    @property
    def visible(self) -> str:
        """What must hold of a row for it to be part of this generation."""
        newest = f"generation <= {self.state.manifest.generation}"
        return f"{newest} and row not in {literal(sorted(self.dropped))}" if self.dropped else newest


class MilvusContents(Snapshot):
    """What a store in Milvus holds at one generation, without the searching of it."""

    def __init__(self, server: Server, generation: Generation) -> None:
        self._server = server
        self._shared = generation
        self._seen = Seen(server, generation.state.passages, generation.visible)
        self._open = True

    def close(self) -> None:
        """Let go of the generation; nothing can be read from this snapshot afterwards."""
        self._open = False

    @property
    def manifest(self) -> Manifest:
        """What this generation consists of."""
        return self._shared.state.manifest

    def documents(self) -> list[Document]:
        """Return all documents, by identifier."""
        rows = self._scan(DOCUMENTS.name, self._shared.visible, ["row", "document", "path", "value"])
        return self._listed(rows)

    def document(self, document: str) -> Document | None:
        """Return one document, none when it is not there."""
        found = self._whole(document)
        return found.document if found else None

    def text(self, document: str) -> str | None:
        """Return the reading text of one document, none when it is not there."""
        found = self._whole(document)
        return found.text if found else None

    def reading(self, document: str) -> Reading | None:
        """Return one document with its text and passages as it was understood."""
        found = self._whole(document)
        if found is None:
            return None
        return Reading(found.document, found.text, tuple(self._beside_all(found)), places=found.places)

    def case(self, document: Document) -> list[Document]:
        """Return the other documents of its case, by identifier: questions, postponement, answer."""
        self._refuse_closed()
        if document.document not in self._shared.cases:
            self._learn_cases([document])
        return self._shared.cases[document.document]

    def _learn_cases(self, documents: Sequence[Document]) -> None:
        """Read the others of the cases of these documents together, and remember them."""
        cases = self._shared.cases
        if len(cases) > _KEPT_TEXTS:
            cases.clear()
        wanted = {document.document: document for document in documents if document.document not in cases}
        related = {name: _related(document) for name, document in wanted.items()}
        follows = sorted({name for document in wanted.values() for name in document.follows})
        limits = [f"array_contains_any(related, {literal(sorted(set().union(*related.values())))})"]
        if follows:
            limits.append(among("document", follows))
        where = f"{self._shared.visible} and ({' or '.join(limits)})"
        rows = self._query(DOCUMENTS.name, where, ["row", "document", "path", "value", "related"]) if wanted else []
        held = {row["document"]: set(row["related"]) for row in rows}
        found = self._listed(rows)
        for name, document in wanted.items():
            cases[name] = [
                other
                for other in found
                if other.document != name
                and (related[name] & held[other.document] or other.document in document.follows)
            ]

    def original(self, document: str) -> Path | None:  # noqa: ARG002
        """Return none: a store in Milvus keeps no source files."""
        return None

    def passages(self, document: str) -> list[Passage]:
        """Return the passages of one document in reading order."""
        found = self._whole(document)
        return self._beside_all(found) if found else []

    def sizes(self, documents: Sequence[str]) -> Mapping[str, int]:
        """Return how many passages each of these documents has, of those that are there."""
        found: dict[str, int] = {}
        for start in range(0, len(documents), _ROWS_AT_ONCE):
            rows = self.stored(documents[start : start + _ROWS_AT_ONCE])
            found.update({row["document"]: int(row["passages"]) for row in rows})
        return found

    def passage(self, passage: str) -> tuple[Passage, Document] | None:
        """Return one passage with its document, none when it is not there."""
        if not self._shared.state.table:
            return None
        where = f"passage == {literal(passage)} and {self._shared.visible}"
        rows = self._query(self._seen.table, where, ["number", "row"])
        if not rows:
            return None
        number = int(rows[0]["number"])
        self._seen.rows[number] = int(rows[0]["row"])
        return self._fetch([number])[number]

    @property
    def known(self) -> Known:
        """What this generation can be limited to by name."""
        if not self._shared.named:
            named: dict[str, set[str]] = {facet: set() for facet in FACETS if facet != "document"}
            for name in self._shared.counts.all("name"):
                facet, _, value = name.partition(" ")
                named[facet].add(value)
            self._shared.named = {facet: frozenset(values) for facet, values in named.items()}
        return Known(self._shared.named, self._documents_named, self._holds)

    def _holds(self, filters: Filters) -> bool:
        if not self._shared.state.table:
            return False
        where = " and ".join([self._shared.visible, *conditions(filters)])
        return bool(self._query(self._seen.table, where, ["number"], 1))

    def _documents_named(self, name: str) -> tuple[str, ...]:
        """Return the documents with this identifier or of this case; with a "*" in it, those that fit."""
        names = [name, name.upper(), name.lower(), f"kst-{name}"]
        keys = literal([f"{CASE} {one}" for one in names])
        limits = [among("document", names), f"array_contains_any(related, {keys})"]
        start = name.partition("*")[0]
        if "*" in name:
            plain = start.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            limits.append(f"document like {literal(plain + '%')}" if start else "row >= 0")
        rows = self._scan(
            DOCUMENTS.name, f"{self._shared.visible} and ({' or '.join(limits)})", ["document", "related"]
        )
        cases = {f"{CASE} {one}" for one in names}
        found = {
            row["document"]
            for row in rows
            if row["document"] in names or fnmatchcase(row["document"], name) or cases & set(row["related"])
        }
        return tuple(sorted(found))

    def _fetch(self, numbers: Sequence[int]) -> Mapping[int, tuple[Passage, Document]]:
        if missing := [number for number in numbers if number not in self._seen.rows]:
            found = self._query(self._seen.table, among("number", missing), ["number", "row"])
            self._seen.rows.update({int(row["number"]): int(row["row"]) for row in found})
        if lost := [number for number in numbers if number not in self._seen.rows]:
            raise StoreError("milvus.moved_on", store=self._server.address, part=lost[0])
        wholes = self._wholes({self._seen.rows[number] for number in numbers})
        pairs: dict[int, tuple[Passage, Document]] = {}
        for number in numbers:
            whole = wholes[self._seen.rows[number]]
            pairs[number] = whole.passages[number - whole.first], whole.document
        # Those beside which questions stand, all together: one by one each takes a request.
        self._learn_cases([document for passage, document in pairs.values() if len(passage.numbers) > 1])
        return {number: (self._beside(passage, document), document) for number, (passage, document) in pairs.items()}

    def _beside_all(self, whole: Unpacked) -> list[Passage]:
        return [self._beside(passage, whole.document) for passage in whole.passages]

    def wholes(self) -> Iterator[Whole]:
        """Give all documents as they were put, in the order in which they were."""
        paths = {
            int(row["row"]): row
            for row in self._scan(DOCUMENTS.name, self._shared.visible, ["row", "document", "path"])
        }
        order = sorted(paths)
        for start in range(0, len(order), _ROWS_AT_ONCE):
            some = order[start : start + _ROWS_AT_ONCE]
            vectors = self.vectors([paths[row]["document"] for row in some])
            for row, whole in sorted(self._wholes(some).items()):
                reading = Reading(replace(whole.document, sources=()), whole.text, whole.passages, places=whole.places)
                own = {text: vectors[text] for text in embedded_words(whole) if text in vectors}
                yield Whole(reading, paths[row]["path"], own)

    # For the writer

    def stored(self, documents: Sequence[str]) -> list[Row]:
        """Return the rows of these documents, of those that are there."""
        where = f"{among('document', documents)} and {self._shared.visible}"
        return self._query(DOCUMENTS.name, where, [*_OF_A_DOCUMENT, "passages"])

    def rows(self) -> list[int]:
        """Return the rows of all documents."""
        return [int(row["row"]) for row in self._scan(DOCUMENTS.name, self._shared.visible, ["row"])]

    def unpacked(self, rows: Iterable[int]) -> Mapping[int, Unpacked]:
        """Return the documents in these rows."""
        return self._wholes(rows)

    @property
    def state(self) -> State:
        """What is switched on."""
        return self._shared.state

    def vectors(self, documents: Sequence[str]) -> dict[str, Vectors]:
        """Return the vectors of the passages of these documents, by the words that were embedded."""
        wholes = self._wholes(int(row["row"]) for row in self.stored(documents))
        words = {
            whole.first + place: text for whole in wholes.values() for place, text in enumerate(embedded_words(whole))
        }
        if not words or not self.state.dimensions:
            return {}
        rows = self._query(self._seen.table, among("number", words), ["number", "dense"])
        return {words[int(row["number"])]: np.asarray(row["dense"], dtype=np.float32) for row in rows}

    def file_rows(self, paths: Sequence[str]) -> dict[tuple[str, str], tuple[int, Source]]:
        """Return what is known of these files: by path and document the row and the file."""
        where = f"{among('path_digest', map(path_digest, paths))} and {self._shared.visible}"
        rows = self._query(SOURCES.name, where, _OF_A_FILE)
        return {(row["path"], row["document"]): (int(row["row"]), source_from(row)) for row in rows}

    def files(self, document: str | None = None) -> list[Source]:
        """Return the files of one document, or of all, by path."""
        limits = [self._shared.visible, *([f"document == {literal(document)}"] if document is not None else [])]
        read = self._scan if document is None else self._query
        found = [source_from(row) for row in read(SOURCES.name, " and ".join(limits), _OF_A_FILE)]
        return sorted(found, key=lambda source: (source.path, source.document))

    def _whole(self, document: str) -> Unpacked | None:
        row = self._row(document)
        return None if row is None else self._wholes([int(row["row"])])[int(row["row"])]

    def _row(self, document: str) -> Row | None:
        rows = self._shared.rows
        if document not in rows:
            found = self.stored([document])
            if len(rows) > _KEPT_TEXTS:
                rows.clear()
            rows[document] = found[0] if found else None
        self._refuse_closed()
        return rows[document]

    def _wholes(self, wanted: Iterable[int]) -> Mapping[int, Unpacked]:
        """Return the documents in these rows, read together, and remember them."""
        self._refuse_closed()
        kept = self._shared.texts
        wanted = sorted(set(wanted))
        found = {row: kept[row] for row in wanted if row in kept}
        missing = [row for row in wanted if row not in found]
        for start in range(0, len(missing), _ROWS_AT_ONCE):
            found |= self._read(missing[start : start + _ROWS_AT_ONCE])
        if len(kept) + len(missing) > _KEPT_TEXTS:
            kept.clear()
        kept.update(found)
        return found

    def _read(self, wanted: Sequence[int]) -> dict[int, Unpacked]:
        rows = self._query(DOCUMENTS.name, among("row", wanted), _OF_A_DOCUMENT)
        if len(rows) < len(wanted):
            raise StoreError("milvus.moved_on", store=self._server.address, part=wanted[0])
        parts: dict[int, list[tuple[int, str]]] = {row: [] for row in wanted}
        for part in self._query(TEXTS.name, among("row", wanted), ["row", "part", "value"]):
            parts[int(part["row"])].append((int(part["part"]), part["value"]))
        others = self._others(rows)
        found: dict[int, Unpacked] = {}
        for row in rows:
            texts = [value for _, value in sorted(parts[int(row["row"])])]
            beside = others.get(row["document"], ())
            found[int(row["row"])] = unpack(texts, row, beside, self._server.address)
        return found

    def _others(self, rows: Sequence[Row]) -> dict[str, tuple[str, ...]]:
        """Return the other files that hold each document, as they were given, by path."""
        paths = {row["document"]: row["path"] for row in rows}
        found: dict[str, list[tuple[str, str]]] = {}
        names = sorted(paths)
        for start in range(0, len(names), _ROWS_AT_ONCE):
            some = among("document", names[start : start + _ROWS_AT_ONCE])
            for source in self._query(
                SOURCES.name, f"{some} and {self._shared.visible}", ["document", "path", "given"]
            ):
                if source["path"] != paths[source["document"]]:
                    found.setdefault(source["document"], []).append((source["path"], source["given"]))
        return {name: tuple(given for _, given in sorted(pairs)) for name, pairs in found.items()}

    def _listed(self, rows: Sequence[Row]) -> list[Document]:
        others = self._others(rows)
        whole = self._wholes(int(row["row"]) for row in rows if not row["value"])
        documents = [
            document_from(row["value"], others.get(row["document"], ()))
            if row["value"]
            else replace(whole[int(row["row"])].document, sources=others.get(row["document"], ()))
            for row in rows
        ]
        return sorted(documents, key=lambda document: document.document)

    def _query(self, table: str, where: str, fields: Sequence[str], limit: int | None = None) -> list[Row]:
        self._refuse_closed()
        return self._server.query(table, where, fields, limit)

    def _scan(self, table: str, where: str, fields: Sequence[str]) -> list[Row]:
        self._refuse_closed()
        return self._server.scan(table, where, fields)

    def _refuse_closed(self) -> None:
        if not self._open:
            raise RuntimeError("the snapshot is closed")


def _related(document: Document) -> set[str]:
    """Return what the rows of others of its case hold."""
    return {f"{FOLLOWS} {document.document}", *(f"{CASE} {key}" for key in case_keys(document))}
