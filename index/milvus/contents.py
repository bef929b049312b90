"""One generation of a store in Milvus as it can be read: documents, texts, passages, and what they can be asked by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from index.cases import CASE, FOLLOWS, case_keys
from index.errors import StoreError
from index.filters import FACETS
from index.known import Known
from index.milvus.legs import Seen, conditions
from index.milvus.packed import Unpacked, embedded_words
from index.milvus.rows import LISTED, Generation, Rows
from index.milvus.server import Server, among, literal
from index.milvus.tables import DOCUMENTS
from index.store.manifest import Manifest
from index.store.rows import Source
from index.store.snapshot import Snapshot, Whole
from index.values import Document, Filters, Passage, Reading

_KEPT_TEXTS = 2_000
_ROWS_AT_ONCE = 200


class MilvusContents(Snapshot):
    """What a store in Milvus holds at one generation, without the searching of it."""

    def __init__(self, server: Server, generation: Generation) -> None:
        self._server = server
        self._shared = generation
        self._rows = Rows(server, generation)
        self._seen = Seen(server, generation)

    def close(self) -> None:
        """Let go of the generation; nothing can be read from this snapshot afterwards."""
        self._rows.close()

    @property
    def manifest(self) -> Manifest:
        """What this generation consists of."""
        return self._shared.state.manifest

    def documents(self) -> list[Document]:
        """Return all documents, by identifier."""
        rows = self._rows.scan(DOCUMENTS.name, self._shared.visible, LISTED)
        return self._rows.listed(rows)

    def document(self, document: str) -> Document | None:
        """Return one document, none when it is not there."""
        found = self._rows.whole(document)
        return found.document if found else None

    def text(self, document: str) -> str | None:
        """Return the reading text of one document, none when it is not there."""
        found = self._rows.whole(document)
        return found.text if found else None

    def reading(self, document: str) -> Reading | None:
        """Return one document with its text and passages as it was understood."""
        found = self._rows.whole(document)
        if found is None:
            return None
        return Reading(found.document, found.text, tuple(self._beside_all(found)), places=found.places)

    def case(self, document: Document) -> list[Document]:
        """Return the other documents of its case, by identifier: questions, postponement, answer."""
        self._rows.refuse_closed()
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
        rows = self._rows.query(DOCUMENTS.name, where, [*LISTED, "related"]) if wanted else []
        held = {row["document"]: set(row["related"]) for row in rows}
        found = self._rows.listed(rows)
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
        found = self._rows.whole(document)
        return self._beside_all(found) if found else []

    def sizes(self, documents: Sequence[str]) -> Mapping[str, int]:
        """Return how many passages each of these documents has, of those that are there."""
        found: dict[str, int] = {}
        for start in range(0, len(documents), _ROWS_AT_ONCE):
            rows = self._rows.stored(documents[start : start + _ROWS_AT_ONCE])
            found.update({row["document"]: int(row["passages"]) for row in rows})
        return found

    def _passage(self, passage: str) -> tuple[Passage, Document] | None:
        """Return one stored passage with its document, none when it is not there."""
        if not self._shared.state.table:
            return None
        where = f"passage == {literal(passage)} and {self._shared.visible}"
        rows = self._rows.query(self._seen.table, where, ["number", "row"])
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
        return bool(self._rows.query(self._seen.table, where, ["number"], 1))

    def _documents_named(self, name: str) -> tuple[str, ...]:
        """Return the documents with this identifier or of this case; with a "*" in it, those that fit."""
        names = [name, name.upper(), name.lower(), f"kst-{name}"]
        keys = literal([f"{CASE} {one}" for one in names])
        limits = [among("document", names), f"array_contains_any(related, {keys})"]
        start = name.partition("*")[0]
        if "*" in name:
            plain = start.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            limits.append(f"document like {literal(plain + '%')}" if start else "row >= 0")
        rows = self._rows.scan(
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
            found = self._rows.query(self._seen.table, among("number", missing), ["number", "row"])
            self._seen.rows.update({int(row["number"]): int(row["row"]) for row in found})
        if any(number not in self._seen.rows for number in numbers):
            raise StoreError("milvus.moved_on", store=self._server.address)
        wholes = self._rows.wholes({self._seen.rows[number] for number in numbers})
        pairs: dict[int, tuple[Passage, Document]] = {}
        for number in numbers:
            whole = wholes[self._seen.rows[number]]
            pairs[number] = whole.passages[number - whole.first], whole.document
        # Those beside which questions stand, all together: one by one each takes a request.
        self._learn_cases([document for passage, document in pairs.values() if len(passage.numbers) > 1])
        return {number: (self._beside(passage, document), document) for number, (passage, document) in pairs.items()}

    def _beside_all(self, whole: Unpacked) -> list[Passage]:
        return [self._beside(passage, whole.document) for passage in whole.passages]

    def files(self) -> list[Source]:
        """Return all files that hold a document, by path."""
        return self._rows.files()

    def wholes(self) -> Iterator[Whole]:
        """Give all documents as they were put, in the order in which they were."""
        paths = {
            int(row["row"]): row
            for row in self._rows.scan(DOCUMENTS.name, self._shared.visible, ["row", "document", "path"])
        }
        order = sorted(paths)
        for start in range(0, len(order), _ROWS_AT_ONCE):
            some = order[start : start + _ROWS_AT_ONCE]
            vectors = self._rows.vectors([paths[row]["document"] for row in some])
            for row, whole in sorted(self._rows.wholes(some).items()):
                reading = Reading(replace(whole.document, sources=()), whole.text, whole.passages, places=whole.places)
                own = {text: vectors[text] for text in embedded_words(whole) if text in vectors}
                yield Whole(reading, paths[row]["path"], own)


def _related(document: Document) -> set[str]:
    """Return what the rows of others of its case hold."""
    return {f"{FOLLOWS} {document.document}", *(f"{CASE} {key}" for key in case_keys(document))}
