"""All that a writer changed goes to the server as one generation: rows first, then the one row that switches it on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeVar

import numpy as np

from index.abbreviations import BETWEEN, definitions
from index.milvus.counts import CountWriter
from index.milvus.packed import (
    Packed,
    Unpacked,
    document_row,
    embedded_words,
    names_of,
    passage_row,
    source_row,
    text_rows,
)
from index.milvus.rows import Rows
from index.milvus.server import Row, Server, among
from index.milvus.state import State, drop_rows, write_state
from index.milvus.tables import DOCUMENTS, SOURCES, TEXTS, counts_table, passages_table
from index.milvus.weights import NO_DIMENSION, Terms, averages, counted, passage_vector, terms_of
from index.protocols import Embedder, Vectors
from index.store.manifest import Manifest
from index.store.rows import Source
from index.values import Document, Passage

_DOCUMENTS_AT_ONCE = 200

Beat = Callable[[], None]
T = TypeVar("T")


@dataclass(slots=True)
class Change:
    """What is to be committed: documents by identifier, those that go, and files, None for one to be forgotten."""

    puts: dict[str, Packed] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    files: dict[tuple[str, str], Source | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.puts or self.removed or self.files)

    def put(self, packed: Packed) -> None:
        """Add a document, or replace it."""
        name = packed.reading.document.document
        self.puts.pop(name, None)
        self.puts[name] = packed

    def remove(self, document: str) -> None:
        """Take a document out."""
        self.puts.pop(document, None)
        self.removed.add(document)


class Commit:
    """One generation in the making. `now` is what is switched on while it is this writer's turn."""

    def __init__(self, server: Server, embedder: Embedder | None, change: Change) -> None:
        self._server = server
        self._embedder = embedder
        self._change = change
        self._vectors: dict[str, Vectors] = {}

    def embed(self, now: Rows) -> None:
        """Give every new passage its vector of meaning, that of an earlier one with the same words where it has one."""
        if self._embedder is None:
            return
        same = now.state.manifest.embedder is not None and now.state.manifest.embedder.digest == self._embedder.digest
        known: dict[str, Vectors] = {}
        for names in _parts(list(self._change.puts), _DOCUMENTS_AT_ONCE):
            known |= now.vectors(names) if same else {}
        words = {name: embedded_words(packed.reading) for name, packed in self._change.puts.items()}
        new = list(dict.fromkeys(text for texts in words.values() for text in texts if text not in known))
        known |= zip(new, self._embedder.embed_passages(new), strict=True) if new else ()
        for name, texts in words.items():
            self._vectors[name] = np.array([known[text] for text in texts], dtype=np.float32)

    def write(self, now: Rows, counts: CountWriter, manifest: Manifest, beat: Beat) -> tuple[State, list[int]]:
        """Write everything and switch it on; return what was switched on, and the rows that it does without.

        `counts` is of the collections that are written to; where those are not the ones that are switched on `now`,
        all stored passages are written to them afresh. `manifest` says what is not counted here.
        """
        before, table = now.state, counts.number
        self._now, self._counts, self._beat, self._table = now, counts, beat, table
        self._generation = manifest.generation
        self._rows, self._numbers, self._average = before.rows, before.numbers, before.average
        self._prepare(manifest)
        puts, gone = self._differing()
        if table == before.table:
            for part in _parts([int(row["row"]) for row in gone], _DOCUMENTS_AT_ONCE):
                for whole in now.wholes(part).values():
                    count(self._counts, whole.document, whole.passages, -1)
        else:
            again = sorted(set(now.numbers()) - {int(row["row"]) for row in gone})
            self._average = averages(self._first_terms(puts, again))
            self._write_again(again)
        for chunk in _parts(puts, _DOCUMENTS_AT_ONCE):
            self._put(chunk)
        dropped = [int(row["row"]) for row in gone] + self._write_files()
        counts.write(before.manifest.generation if table == before.table else 0, self._generation, beat)
        drop_rows(self._server, dropped, self._generation)
        after = replace(
            manifest,
            documents=before.manifest.documents + len(puts) - len(gone),
            passages=before.manifest.passages
            + sum(len(packed.reading.passages) for packed in puts)
            - sum(int(row["passages"]) for row in gone),
        )
        state = State(after, self._rows, self._numbers, table, self._average)
        # While a small server writes out, it hides for a moment what it writes: as yet nobody looks for these rows.
        settle(self._server, table)
        beat()
        write_state(self._server, state)
        return state, dropped

    def _differing(self) -> tuple[list[Packed], list[Row]]:
        """Return the documents that do not stand there word for word, and the rows that make way."""
        names = [*self._change.puts, *self._change.removed]
        parts = _parts(names, _DOCUMENTS_AT_ONCE)
        standing = {row["document"]: row for part in parts for row in self._now.stored(part)}
        puts = [packed for name, packed in self._change.puts.items() if not is_same(packed, standing.get(name))]
        going = {packed.reading.document.document for packed in puts} | self._change.removed
        return puts, [standing[name] for name in going if name in standing]

    def _prepare(self, manifest: Manifest) -> None:
        self._passages = passages_table(self._table, manifest.embedder.dimensions if manifest.embedder else 0)
        for made in (self._passages, counts_table(self._table)):
            self._server.create(made)

    def _put(self, packed: Sequence[Packed]) -> None:
        documents: list[Row] = []
        texts: list[Row] = []
        passages: list[Row] = []
        for one in packed:
            reading = one.reading
            self._rows += 1
            documents.append(document_row(one, self._rows, self._numbers + 1, self._generation))
            texts += text_rows(one, self._rows, self._generation)
            vectors = self._vectors.get(reading.document.document)
            passages += self._passage_rows(reading.document, reading.passages, self._rows, self._numbers + 1, vectors)
            self._numbers += len(reading.passages)
        self._server.put(TEXTS, texts, self._beat)
        self._server.put(DOCUMENTS, documents, self._beat)
        self._server.put(self._passages, passages, self._beat)

    def _first_terms(self, puts: Sequence[Packed], again: Sequence[int]) -> list[Terms]:
        """Return the terms of the passages that a collection begins with, of a good many of them."""
        stored = self._now.wholes(again[:_DOCUMENTS_AT_ONCE]).values()
        pairs = [(whole.document, whole.passages) for whole in stored]
        pairs += [(one.reading.document, one.reading.passages) for one in puts[:_DOCUMENTS_AT_ONCE]]
        return [terms_of(passage, document) for document, passages in pairs for passage in passages]

    def _write_again(self, rows: Sequence[int]) -> None:
        """Write the passages of all stored documents to the new collection, and count them."""
        for part in _parts(rows, _DOCUMENTS_AT_ONCE):
            passages: list[Row] = []
            for row, whole in self._now.wholes(part).items():
                passages += self._passage_rows(
                    whole.document, whole.passages, row, whole.first, self._vectors_of(whole)
                )
            self._server.put(self._passages, passages, self._beat)

    def _passage_rows(
        self, document: Document, passages: Sequence[Passage], row: int, first: int, vectors: Vectors | None
    ) -> Iterator[Row]:
        terms = count(self._counts, document, passages, 1)
        for place, passage in enumerate(passages):
            made = passage_row(passage, document, first + place, row, self._generation)
            # Milvus takes no vector without any weight.
            made |= {"sparse": passage_vector(terms[place], self._average) or {NO_DIMENSION: 1e-6}}
            yield made if vectors is None else made | {"dense": vectors[place].tolist()}

    def _vectors_of(self, whole: Unpacked) -> Vectors | None:
        if self._embedder is None:
            return None
        return self._embedder.embed_passages(embedded_words(whole)) if whole.passages else None

    def _write_files(self) -> list[int]:
        """Write what is new about files; return the rows that it replaces."""
        rows, dropped = [], []
        paths = sorted({path for path, _ in self._change.files})
        stored = {
            key: row for part in _parts(paths, _DOCUMENTS_AT_ONCE) for key, row in self._now.file_rows(part).items()
        }
        for key, source in self._change.files.items():
            there = stored.get(key)
            if there is not None and source == there[1]:
                continue
            if there is not None:
                dropped.append(there[0])
            if source is not None:
                self._rows += 1
                rows.append(source_row(source, self._rows, self._generation))
        self._server.put(SOURCES, rows, self._beat)
        return dropped


def count(counts: CountWriter, document: Document, passages: Sequence[Passage], sign: int) -> list[Terms]:
    """Count all that is counted of a document, once more or once less; return the terms of its passages."""
    found = [terms_of(passage, document) for passage in passages]
    for passage, terms in zip(passages, found, strict=True):
        counts.add("term", (counted(of, term) for of, held in terms.items() for term in held), sign)
        pairs = {f"{short}{BETWEEN}{long}" for short, long in definitions(passage.text)}
        counts.add("explained", pairs, sign)
    counts.add("name", (f"{facet} {value}" for facet, value in names_of(document)), sign)
    return found


def is_same(packed: Packed, row: Row | None) -> bool:
    """Whether a document stands in the store word for word, from the same file."""
    return row is not None and (row["path"], row["checksum"]) == (packed.path, packed.checksum)


def settle(server: Server, table: int) -> None:
    """Let the server write out and index what it was given of late, with the collections of that number."""
    tables = [DOCUMENTS.name, TEXTS.name, SOURCES.name]
    server.settle([*tables, f"passages_{table}", counts_table(table).name] if table else tables)


def remove_rows(server: Server, rows: Sequence[int], passages: str | None) -> None:
    """Remove documents and files by their rows, with their texts and passages."""
    for part in _parts(list(rows), 1_000):
        for table in filter(None, (passages, TEXTS.name, DOCUMENTS.name, SOURCES.name)):
            server.delete(table, among("row", part))


def _parts(values: Sequence[T], size: int) -> Iterator[list[T]]:
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part
