"""The one writer of a store: documents are put and removed, and `commit` makes a new generation of them.

Nothing is visible, and nothing is kept, before `commit`; a writer that dies leaves files that no generation names,
and the next writer removes them.
"""

from __future__ import annotations

import secrets
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from index.dutch import TERMS
from index.errors import EmbedderError
from index.lexical import facets
from index.protocols import Embedder
from index.store.files import locked, remove_strangers
from index.store.generations import drop_old_generations, forget_abandoned, kept_files
from index.store.indexes import IndexWriter
from index.store.manifest import (
    EmbedderMark,
    Manifest,
    current_generation,
    read_manifest,
    read_manifests,
    write_manifest,
)
from index.store.rows import (
    VISIBLE,
    Source,
    connect,
    document_from,
    document_proof,
    document_value,
    embedded_text,
    failures_named,
    passage_from,
    passage_value,
    refuse_loose_spans,
    row_checksum,
)
from index.values import Reading

KEPT_GENERATIONS = 3


class Writer:
    """Use it as a context manager; what was not committed at its end is dropped."""

    def __init__(
        self,
        folder: Path,
        embedder: Embedder | None = None,
        *,
        encoding: str = "",
        rebuild: bool = False,
        removes_only: bool = False,
        purge: bool = False,
        keep: int = KEPT_GENERATIONS,
    ) -> None:
        """Write to the store in `folder`.

        `encoding` names what passages are cut by, for the manifest; `rebuild` makes both indexes afresh from the
        stored texts, with this embedder in the place of another; `removes_only` does without the store's
        embedder; `purge` leaves nothing of removed documents in the indexes; `keep` is how many generations stay.
        """
        self.folder = folder
        self._embedder = embedder
        self._encoding = encoding
        self._rebuild = rebuild
        self._removes_only = removes_only
        self._purge = purge
        self._keep = max(1, keep)
        self._held = ExitStack()

    def __enter__(self) -> Writer:
        try:
            with self._named():
                self._connection = connect(self.folder, write=True)
                self._held.callback(self._connection.close)
                self._held.enter_context(locked(self.folder))
                self._begin()
        except BaseException:
            self._held.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._held.close()

    # Documents

    def put(self, reading: Reading, path: str) -> bool:
        """Add a document read from the file `path`, in the place of an earlier one of the same identifier.

        Returns whether anything was written: what stands there already, word for word, is left as it is.
        Raises `ValueError` when one of its passages is not literally in its text.
        """
        refuse_loose_spans(reading)
        with self._named():
            if self._stands(reading, path):
                return False
            before = self._remove_rows(reading.document.document)
            self._insert(reading, path, before)
            self._changed = True
            return True

    def remove(self, document: str) -> bool:
        """Remove a document and forget its files; return whether it was there."""
        with self._named():
            there = self.holder(document) is not None
            if there:
                self._remove_rows(document)
                for source in self.sources(document):
                    self.detach(source.path)
                self._changed = True
            return there

    def holder(self, document: str) -> str | None:
        """Return the path of the file whose text stands in the store for `document`."""
        rows = self._rows(f"SELECT path FROM documents WHERE document = :d AND {VISIBLE}", d=document)
        return str(rows[0][0]) if rows else None

    def text(self, document: str) -> str | None:
        """Return the stored text of a document."""
        rows = self._rows(f"SELECT text FROM documents WHERE document = :d AND {VISIBLE}", d=document)
        return str(rows[0][0]) if rows else None

    # Their files

    def attach(self, source: Source) -> None:
        """Note that a file holds a document."""
        with self._named():
            if self.source(source.path) == source:
                return
            self.detach(source.path)
            values = (source.path, source.given, source.digest, source.reader, source.document)
            self._connection.execute(
                "INSERT INTO sources (path, given, digest, reader, document, added) VALUES (?, ?, ?, ?, ?, ?)",
                (*values, self.generation),
            )
            self._changed = True

    def detach(self, path: str) -> None:
        """Forget a file; its document stays."""
        with self._named():
            query = f"UPDATE sources SET removed = :g WHERE path = :p AND {VISIBLE}"
            if self._connection.execute(query, {"p": path, "g": self.generation}).rowcount:
                self._changed = True

    def source(self, path: str) -> Source | None:
        """Return what is known of the file `path`."""
        return next(iter(self._sources("path", path)), None)

    def sources(self, document: str | None = None) -> list[Source]:
        """Return the files of one document, or of all, by path."""
        return self._sources("document", document)

    # Generations

    def commit(self, *, partial: bool = False) -> Manifest | None:
        """Switch on a new generation with all changes so far; return its manifest, none when nothing changed.

        `partial` marks it as a resting point of a longer run: it is dropped when a later one is there.
        """
        if not self._changed:
            return None
        with self._named():
            manifest = self._written(partial)
            write_manifest(self._connection, manifest)
            self._connection.execute("COMMIT")
            self._rebuild = self._purge = False
            drop_old_generations(self._connection, self.folder, self._keep)
            self._begin()
        return manifest

    def _begin(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        current = current_generation(self._connection)
        self._before = read_manifest(self._connection, current, self.folder)
        self._refuse_other_embedder()
        sequence = "SELECT seq FROM sqlite_sequence WHERE name = 'generations'"
        last = self._connection.execute(sequence).fetchone()
        self.generation = (last[0] if last else 0) + 1
        self._changed = self._purge
        remove_strangers(self.folder, kept_files(read_manifests(self._connection, self.folder)))
        forget_abandoned(self._connection, current)
        words = self._rebuild or self._purge or self._before.terms != TERMS
        if self._rebuild or self._before.passages == 0:
            self._before = Manifest(current, embedder=self._before.embedder, encoding=self._before.encoding)
        elif words:
            self._before = replace(self._before, lexical="")
        name = f"{self.generation}-{secrets.token_hex(4)}"
        self._indexes = IndexWriter(self.folder, self._embedder, self._before, name, compact=self._purge)
        if words:
            self._index_again(words_only=not self._rebuild)

    def _refuse_other_embedder(self) -> None:
        if self._rebuild or self._removes_only or self._before.passages == 0:
            return
        mine, other = self._before.embedder, EmbedderMark.of(self._embedder)
        if (mine and mine.digest) != (other and other.digest):
            names = {"found": mine.name if mine else "none", "name": other.name if other else "none"}
            raise EmbedderError("embedder.other", folder=self.folder, **names)

    def _written(self, partial: bool) -> Manifest:
        lexical, segments, dead, files = self._indexes.commit()
        [(documents, passages)] = self._rows(
            "SELECT count(*), coalesce(sum((SELECT count(*) FROM passages p WHERE p.row = d.row)), 0) "
            f"FROM documents d WHERE {VISIBLE}"
        )
        return Manifest(
            generation=self.generation,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            partial=partial,
            embedder=self._before.embedder if self._removes_only else EmbedderMark.of(self._embedder),
            encoding=self._encoding or self._before.encoding,
            terms=TERMS,
            documents=documents,
            passages=passages,
            lexical=lexical,
            segments=segments,
            dead=dead,
            files=files,
        )

    # Rows and the two indexes

    def _insert(self, reading: Reading, path: str, before: dict[bytes, int]) -> None:
        document, value = reading.document, document_value(reading.document)
        day = document.date.isoformat() if document.date else None
        proof = document_proof(reading)
        row = self._connection.execute(
            "INSERT INTO documents (document, path, kind, date, value, text, checksum, added) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (document.document, path, document.kind, day, value, reading.text, proof, self.generation),
        ).lastrowid
        self._connection.executemany(
            "INSERT INTO facets VALUES (?, ?, ?)",
            [(facet, name, row) for facet, names in facets(document).items() for name in names],
        )
        for passage in reading.passages:
            text = embedded_text(passage)
            embedded, value = row_checksum(text), passage_value(passage)
            number = self._connection.execute(
                "INSERT INTO passages (row, passage, value, embedded, checksum) VALUES (?, ?, ?, ?, ?)",
                (row, passage.passage, value, embedded, row_checksum(passage.passage, value)),
            ).lastrowid
            assert number is not None
            self._indexes.add(number, passage, document, before.get(embedded))

    def _index_again(self, *, words_only: bool) -> None:
        """Put every stored passage into the index of words, or into both, which are empty."""
        add = self._indexes.add_words if words_only else self._indexes.add
        rows = f"SELECT row, value, text FROM documents WHERE {VISIBLE} ORDER BY row"
        for row, value, text in self._connection.execute(rows, {"g": self.generation}):
            document = document_from(value)
            passages = "SELECT number, passage, value FROM passages WHERE row = ? ORDER BY number"
            for number, name, data in self._connection.execute(passages, (row,)):
                add(number, passage_from(data, name, document.document, text), document)
            self._changed = True

    def _stands(self, reading: Reading, path: str) -> bool:
        query = f"SELECT row, path, checksum FROM documents WHERE document = :d AND {VISIBLE}"
        rows = self._rows(query, d=reading.document.document)
        if not rows or rows[0][1:] != (path, document_proof(reading)):
            return False
        passages = "SELECT passage, value FROM passages WHERE row = ? ORDER BY number"
        stored = self._connection.execute(passages, (rows[0][0],)).fetchall()
        return stored == [(passage.passage, passage_value(passage)) for passage in reading.passages]

    def _remove_rows(self, document: str) -> dict[bytes, int]:
        """Take a document out; return its passages' numbers by the digest of what was embedded for them."""
        found: dict[bytes, int] = {}
        for (row,) in self._rows(f"SELECT row FROM documents WHERE document = :d AND {VISIBLE}", d=document):
            query = "SELECT embedded, number FROM passages WHERE row = ?"
            passages = self._connection.execute(query, (row,)).fetchall()
            found |= dict(passages)
            self._indexes.remove([number for _, number in passages])
            # A row of this very generation was never seen: removed == added means visible to nobody.
            retire = "UPDATE documents SET removed = ? WHERE row = ?"
            self._connection.execute(retire, (self.generation, row))
        return found

    def _sources(self, column: str, value: str | None) -> list[Source]:
        limit = f"{column} = :v AND" if value is not None else ""
        columns = "path, given, digest, reader, document"
        rows = self._rows(f"SELECT {columns} FROM sources WHERE {limit} {VISIBLE} ORDER BY path", v=value)
        return [Source(*row) for row in rows]

    def _rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values | {"g": self.generation}).fetchall()

    def _named(self) -> AbstractContextManager[None]:
        return failures_named(self.folder)
