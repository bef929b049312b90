"""The writer of a store in Milvus, of which there may be several: documents are put and removed, `commit` shows them.

Reading, cutting and embedding are done by each writer for itself; only for a commit does it wait for its turn. Nothing
of what was put is on the server before that, and what a writer that died in its commit left there is never shown.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from index.dutch import TERMS
from index.errors import EmbedderError, StoreError
from index.language import is_unicode
from index.milvus.address import MilvusAddress
from index.milvus.claims import Claims
from index.milvus.commit import Change, Commit, is_same, remove_rows, settle
from index.milvus.counts import Counts, CountWriter, remove_zeros
from index.milvus.current import GRACE
from index.milvus.packed import pack
from index.milvus.rows import Generation, Rows
from index.milvus.server import Row, Server
from index.milvus.state import (
    State,
    dropped_rows,
    forget_dropped,
    long_dropped,
    prepare,
    read_state,
    remove_unseen,
    turn,
)
from index.milvus.tables import counts_table
from index.protocols import Embedder
from index.store.encode import refuse_loose_spans
from index.store.manifest import EmbedderMark, Manifest
from index.store.rows import Source
from index.values import Reading

_FILES_AT_ONCE = 256
_LOOKS_AGAIN = 1.0  # seconds
_LEFT_BEHIND = 60.0  # seconds after which what another writer dropped and did not remove is removed for it


class MilvusWriter:
    """Use it as a context manager; what was not committed at its end is dropped."""

    def __init__(
        self,
        address: MilvusAddress,
        embedder: Embedder | None = None,
        *,
        encoding: str = "",
        rebuild: bool = False,
        removes_only: bool = False,
    ) -> None:
        """`encoding` names what passages are cut by; `rebuild` indexes and embeds all stored texts afresh.

        `removes_only` does without the store's embedder.
        """
        self.address = address
        self._server = Server(address)
        self._embedder = embedder
        self._encoding = encoding
        self._rebuild = rebuild
        self._removes_only = removes_only
        self._change = Change()
        self._dropped: list[int] = []
        self._old: list[str] = []
        self._switched = 0.0
        self._counts: CountWriter | None = None
        self._claims = Claims(self._server)

    def __enter__(self) -> MilvusWriter:
        prepare(self._server)
        self._see(read_state(self._server))
        self._refuse()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._claims.release()
            if self._switched:
                self._let_go()

    @property
    def manifest(self) -> Manifest:
        """What the generation consists of that this writer goes on from: the last one it committed."""
        return self._state.manifest

    def parts(self, files: Sequence[Path]) -> Iterator[Sequence[Path]]:
        """Give the files that no other writer works at, in parts; then those of writers that died at it."""
        if self._rebuild:
            yield files
            return
        later: list[Path] = []
        for start in range(0, len(files), _FILES_AT_ONCE):
            mine, others = self._claims.take(files[start : start + _FILES_AT_ONCE])
            later += others
            self._foresee(mine)
            yield mine
        while later:
            # First its own, or two writers would wait for each other.
            self.commit(partial=True)
            self._claims.release()
            self._see(read_state(self._server))
            mine, later = self._claims.take(later)
            if later and not mine:
                time.sleep(_LOOKS_AGAIN)
            self._foresee(mine)
            yield mine

    def put(self, reading: Reading, path: str) -> bool:
        """Add a document read from the file `path`, in the place of an earlier one of the same identifier.

        Returns whether anything is to be written: what stands there already, word for word, is left as it is.
        Raises `ValueError` when one of its passages is not literally in its text.
        """
        refuse_loose_spans(reading)
        packed, name = pack(reading, path), reading.document.document
        waiting = self._change.puts.get(name)
        if waiting is None and name not in self._change.removed and is_same(packed, self._stands(name)):
            return False
        if waiting is not None and (waiting.path, waiting.checksum) == (path, packed.checksum):
            return False
        self._change.put(packed)
        return True

    def remove(self, document: str) -> bool:
        """Remove a document and forget its files; return whether it was there."""
        there = self.holder(document) is not None
        if there:
            self._change.remove(document)
            for source in self.sources(document):
                self.detach(source.path, document)
        return there

    def holder(self, document: str) -> str | None:
        """Return the path of the file whose text stands in the store for `document`."""
        if document in self._change.puts:
            return self._change.puts[document].path
        stands = None if document in self._change.removed else self._stands(document)
        return str(stands["path"]) if stands else None

    def text(self, document: str) -> str | None:
        """Return the stored text of a document."""
        if document in self._change.puts:
            return self._change.puts[document].reading.text
        stands = None if document in self._change.removed else self._now.whole(document)
        return stands.text if stands else None

    def attach(self, source: Source) -> None:
        """Note that a file holds a document."""
        if source not in self.files(source.path):
            self._change.files[source.path, source.document] = source

    def detach(self, path: str, document: str | None = None) -> None:
        """Forget a file, or that it holds this one document; the document stays."""
        for source in self.files(path):
            if document in (None, source.document):
                self._change.files[path, source.document] = None

    def files(self, path: str) -> list[Source]:
        """Return what is known of the file `path`: a row for each document that it holds."""
        stored = self._foreseen.get(path)
        if stored is None:
            stored = [source for _, source in self._now.file_rows([path]).values()]
        return self._over(stored, path=path)

    def sources(self, document: str | None = None) -> list[Source]:
        """Return the files of one document, or of all, by path."""
        return self._over(self._now.files(document), document=document)

    def keep(self, path: Path) -> str:  # noqa: ARG002
        """Return "": a store in Milvus keeps no source files."""
        return ""

    def original(self, kept: str) -> Path:
        """Raise `FileNotFoundError`: a store in Milvus keeps no source files."""
        raise FileNotFoundError(kept)

    def commit(self, *, partial: bool = False) -> Manifest | None:
        """Switch on a new generation with all changes so far; return its manifest, none when nothing changed.

        A `partial` commit of a rebuild is left for the last one: all passages are shown anew together.
        """
        if not (self._change or self._rebuild) or (partial and self._rebuild):
            return None
        commit = Commit(self._server, self._embedder, self._change)
        commit.embed(self._now)
        with turn(self._server) as mine:
            self._see(read_state(self._server))
            before = self._state
            self._refuse()
            mine.beat()
            remove_unseen(self._server, before)
            left = long_dropped(self._server, before.manifest.generation, _LEFT_BEHIND)
            self._remove(left)
            table = self._table()
            if self._counts and time.monotonic() >= self._switched + GRACE:
                self._counts.forget()
            if self._counts is None or self._counts.number != table:
                self._counts = CountWriter(self._server, table)
            state, dropped = commit.write(self._now, self._counts, self._manifest(partial), mine.beat)
            forget_dropped(self._server, left)
        self._dropped += dropped
        if before.table and before.table != table:
            self._old += [before.passages, counts_table(before.table).name]
        self._switched, self._change, self._rebuild = time.monotonic(), Change(), False
        self._see(state)
        self._claims.release()
        return state.manifest

    def _see(self, state: State) -> None:
        """Read from here on what `state` shows."""
        self._state = state
        self._foreseen: dict[str, list[Source]] = {}
        number = state.manifest.generation
        counts = Counts(self._server, state.table, number)
        self._now = Rows(self._server, Generation(state, dropped_rows(self._server, number), counts))

    def _refuse(self) -> None:
        """Raise when this program or its embedder may not add to what is there."""
        before = self._state.manifest
        if self._rebuild or before.passages == 0:
            return
        if before.terms != TERMS:
            raise StoreError("store.terms", folder=self.address)
        mine, other = before.embedder, EmbedderMark.of(self._embedder)
        if not self._removes_only and (mine and mine.digest) != (other and other.digest):
            names = {"found": mine.name if mine else "none", "name": other.name if other else "none"}
            raise EmbedderError("embedder.other", folder=self.address, **names)

    def _table(self) -> int:
        """Return the number of the collections that passages go to: new ones where all are written afresh."""
        before, removes = self._state, self._removes_only
        if before.table and not self._rebuild and (before.manifest.passages or removes):
            return before.table
        new = before.table + 1
        # A rebuild that died may have left them behind.
        for name in (f"passages_{new}", counts_table(new).name):
            self._server.drop(name)
        return new

    def _manifest(self, partial: bool) -> Manifest:
        before = self._state.manifest
        return Manifest(
            generation=before.generation + 1,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            partial=partial,
            embedder=before.embedder if self._removes_only else EmbedderMark.of(self._embedder),
            encoding=self._encoding or before.encoding,
            terms=TERMS,
        )

    def _let_go(self) -> None:
        """Remove from the server what the last generation does without, once nobody reads an earlier one any more."""
        if not (self._dropped or self._old or (self._counts and self._counts.is_stale)):
            return
        time.sleep(max(0.0, GRACE - (time.monotonic() - self._switched)))
        if self._counts:
            self._counts.forget()
        self._remove(self._dropped)
        for table in self._old:
            self._server.drop(table)
        if self._dropped:
            remove_zeros(self._server, self._state.table, self._state.manifest.generation)
        settle(self._server, self._state.table)
        # Not before: what a small server is writing out of it may be there again for a moment.
        forget_dropped(self._server, self._dropped)

    def _remove(self, rows: list[int]) -> None:
        remove_rows(self._server, rows, self._state.passages if self._state.table else None)

    def _foresee(self, files: Sequence[Path]) -> None:
        """Ask for what is known of these files, which will be asked for one by one."""
        paths = [os.path.abspath(path) for path in files]  # noqa: PTH100
        paths = [path for path in paths if is_unicode(path)]
        self._foreseen = {path: [] for path in paths}
        for _, source in self._now.file_rows(paths).values() if paths else ():
            self._foreseen[source.path].append(source)

    def _stands(self, document: str) -> Row | None:
        return next(iter(self._now.stored([document])), None)

    def _over(self, stored: Iterable[Source], *, path: str | None = None, document: str | None = None) -> list[Source]:
        found = {(source.path, source.document): source for source in stored}
        for key, source in self._change.files.items():
            if path not in (None, key[0]) or document not in (None, key[1]):
                continue
            found.pop(key, None)
            if source is not None:
                found[key] = source
        return [found[key] for key in sorted(found)]
