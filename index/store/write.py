"""The one writer of a store: documents are put and removed, and `commit` makes a new generation of them.

Nothing is visible, and nothing is kept, before `commit`; a writer that dies leaves files that no generation names,
and the next writer removes them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from index.dutch import TERMS
from index.errors import EmbedderError, StoreError
from index.protocols import Embedder
from index.store.changes import RowWriter
from index.store.encode import document_from, passage_from, refuse_loose_spans
from index.store.facets import write_facets_again
from index.store.files import locked, note_newest, remove_strangers
from index.store.generations import drop_old_generations, forget_abandoned, kept_files, remove_leftovers
from index.store.indexes import IndexWriter
from index.store.manifest import (
    EmbedderMark,
    Manifest,
    current_generation,
    read_manifest,
    read_manifests,
    write_manifest,
)
from index.store.originals import keep_original, remove_originals, sync_originals
from index.store.profile_rows import write_profiles_again
from index.store.rows import VISIBLE, Source, connect, failures_named, last_number
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
        self._originals: list[str] = []

    def __enter__(self) -> Writer:
        try:
            with self._named():
                self._connection = connect(self.folder, write=True)
                self._held.callback(self._connection.close)
                died = self._held.enter_context(locked(self.folder))
                if died:
                    remove_leftovers(self._connection, self.folder)
                self._begin()
        except BaseException:
            self._held.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._held, suppress(StoreError), self._named():
            # Nothing stays of what was not committed: on a full disk it would be in the way.
            self._connection.rollback()
            self._indexes.close()
            remove_strangers(self.folder, kept_files(read_manifests(self._connection, self.folder)))
            remove_originals(self.folder, self._originals)

    @property
    def manifest(self) -> Manifest:
        """What the generation consists of that this writer goes on from: the last one it committed."""
        return self._before

    def parts(self, files: Sequence[Path]) -> Iterator[Sequence[Path]]:
        """Give all files at once: nobody else writes to a store in a folder meanwhile."""
        yield files

    # Documents

    def put(self, reading: Reading, path: str) -> bool:
        """Add a document read from the file `path`, in the place of an earlier one of the same identifier.

        Returns whether anything was written: what stands there already, word for word, is left as it is.
        Raises `ValueError` when one of its passages is not literally in its text.
        """
        refuse_loose_spans(reading)
        with self._named():
            if self._rows.stands(reading, path):
                return False
            retired = self._rows.retire(reading.document.document)
            self._indexes.remove(retired.all_numbers)
            numbers = self._rows.insert(reading, path)
            for (number, digest), passage in zip(numbers, reading.passages, strict=True):
                self._indexes.add(number, passage, reading.document, retired.numbers.get(digest))
            return True

    def remove(self, document: str) -> bool:
        """Remove a document and forget its files; return whether it was there."""
        with self._named():
            there = self.holder(document) is not None
            if there:
                self._indexes.remove(self._rows.retire(document).all_numbers)
                for source in self.sources(document):
                    self._rows.detach(source.path, document)
            return there

    def holder(self, document: str) -> str | None:
        """Return the path of the file whose text stands in the store for `document`."""
        return self._rows.holder(document)

    def text(self, document: str) -> str | None:
        """Return the stored text of a document."""
        return self._rows.text(document)

    # Their files

    def attach(self, source: Source) -> None:
        """Note that a file holds a document."""
        with self._named():
            self._rows.attach(source)

    def keep(self, path: Path) -> str:
        """Copy a source file into the store; return its name there, for `Source.kept`.

        Raises `ReadError` when it changes meanwhile.
        """
        with self._named():
            name = keep_original(self.folder, path)
            if not self._rows.kept(name):
                self._originals.append(name)
            return name

    def original(self, kept: str) -> Path:
        """Return where the kept copy of that name lies."""
        return self.folder / kept

    def detach(self, path: str, document: str | None = None) -> None:
        """Forget a file, or that it holds this one document; the document stays."""
        with self._named():
            self._rows.detach(path, document)

    def files(self, path: str) -> list[Source]:
        """Return what is known of the file `path`: a row for each document that it holds."""
        return self._rows.sources(path=path)

    def sources(self, document: str | None = None) -> list[Source]:
        """Return the files of one document, or of all, by path."""
        return self._rows.sources(document=document)

    # Generations

    def commit(self, *, partial: bool = False) -> Manifest | None:
        """Switch on a new generation with all changes so far; return its manifest, none when nothing changed.

        `partial` marks it as a resting point of a longer run: it is dropped when a later one is there.
        """
        if not (self._changed or self._rows.changed):
            return None
        with self._named():
            manifest = self._written(partial)
            write_manifest(self._connection, manifest)
            self._connection.execute("COMMIT")
            self._originals.clear()
            note_newest(self.folder, manifest.generation)
            self._rebuild = self._purge = False
            drop_old_generations(self._connection, self.folder, self._keep)
            self._begin()
        return manifest

    def _begin(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        current = current_generation(self._connection, self.folder)
        self._before = before = read_manifest(self._connection, current, self.folder)
        self._refuse_other_embedder()
        self.generation = last_number(self._connection, "generations") + 1
        self._changed = self._purge
        forget_abandoned(self._connection, current)
        self._rows = RowWriter(self._connection, self.generation, before)
        words = self._rebuild or self._purge or before.terms != TERMS
        if self._rebuild or before.passages == 0:
            before = Manifest(current, embedder=before.embedder, encoding=before.encoding)
        elif words:
            before = replace(before, lexical="")
        name = f"{self.generation}-{secrets.token_hex(4)}"
        self._indexes = IndexWriter(self.folder, self._embedder, before, name, compact=self._purge)
        if before.terms != TERMS:
            write_facets_again(self._connection)
            write_profiles_again(self._connection)
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
        sync_originals(self.folder, self._originals)
        manifest = Manifest(
            generation=self.generation,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            partial=partial,
            embedder=self._before.embedder if self._removes_only else EmbedderMark.of(self._embedder),
            encoding=self._encoding or self._before.encoding,
            terms=TERMS,
            documents=self._rows.documents,
            passages=self._rows.passages,
            rows=self._rows.total,
        )
        return self._indexes.commit(manifest)

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

    def _named(self) -> AbstractContextManager[None]:
        return failures_named(self.folder)
