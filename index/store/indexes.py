"""The lexical and the vector index of the generation that is being written, kept in step with each other."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from index.errors import StoreError
from index.lexical import LexicalWriter
from index.protocols import Embedder
from index.store.encode import embedded_text
from index.store.files import LEXICAL, checksums, data_files, share_folder, sync_files, sync_folder
from index.store.manifest import Manifest
from index.store.vectors import VectorWriter
from index.values import Document, Passage

_REWRITTEN = frozenset({"meta.json", ".managed.json"})


class IndexWriter:
    """Adds and removes passages in both indexes; makes no file before the first of them."""

    def __init__(
        self, folder: Path, embedder: Embedder | None, before: Manifest, name: str, *, compact: bool = False
    ) -> None:
        """Go on from the files of `before`, if any; `name` is given to the new ones and must be new in the store.

        `compact` leaves nothing of removed passages in the vector files.
        """
        self._compact = compact
        self._folder = folder
        self._embedder = embedder
        self._before = before
        self._name = name
        self._lexical: LexicalWriter | None = None
        self._vectors: VectorWriter | None = None

    def add(self, number: int, passage: Passage, document: Document, same_as: int | None = None) -> None:
        """Add a passage; `same_as` is the number of one with the same words, whose vector then serves again."""
        lexical, vectors = self._opened()
        with self._named():
            lexical.add(number, passage, document)
        if vectors is not None:
            vectors.add(number, embedded_text(passage), same_as)

    def add_words(self, number: int, passage: Passage, document: Document) -> None:
        """Add to the lexical index alone a passage whose vector is there already."""
        lexical, _ = self._opened()
        with self._named():
            lexical.add(number, passage, document)

    def remove(self, numbers: Sequence[int]) -> None:
        """Take passages out by number."""
        if not numbers:
            return
        lexical, vectors = self._opened()
        lexical.remove(numbers)
        if vectors is not None:
            vectors.remove(numbers)

    def close(self) -> None:
        """Let go of the files; what was not committed is lost."""
        if self._lexical is not None:
            self._lexical.close()
        self._lexical = self._vectors = None

    def commit(self, manifest: Manifest) -> Manifest:
        """Write everything out, safe from loss of power; return `manifest` with what all files are."""
        lexical, segments, dead = self._before.lexical, self._before.segments, self._before.dead
        sketches = self._before.sketches
        if self._lexical is not None:
            with self._named():
                self._lexical.commit()
            lexical = self._lexical_name
            sync_files(data_files(self._folder / lexical))
            sync_folder(self._folder / lexical)
            sync_folder(self._folder / LEXICAL)
        if self._vectors is not None:
            segments, dead, sketches = self._vectors.commit(self._name)
        files = data_files(self._folder / lexical) if lexical else []
        beside = [mark.file for mark in sketches.values()]
        files += [self._folder / name for name in (*segments, *beside, dead) if name]
        proofs = checksums(self._folder, files, self._known())
        return replace(manifest, lexical=lexical, segments=segments, dead=dead, sketches=sketches, files=proofs)

    @property
    def _lexical_name(self) -> str:
        return f"{LEXICAL}/{self._name}"

    def _known(self) -> dict[str, str]:
        names = {Path(name).name: digest for name, digest in self._before.files.items()}
        return {name: digest for name, digest in names.items() if name not in _REWRITTEN}

    def _opened(self) -> tuple[LexicalWriter, VectorWriter | None]:
        if self._lexical is None:
            target = self._folder / self._lexical_name
            if self._before.lexical:
                share_folder(self._folder / self._before.lexical, target)
            else:
                target.mkdir(parents=True)
            with self._named():
                self._lexical = LexicalWriter(target)
                if self._embedder is not None or self._before.segments:
                    self._vectors = VectorWriter(self._folder, self._embedder, self._before, compact=self._compact)
        return self._lexical, self._vectors

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except ValueError as error:
            raise StoreError(_key_for(str(error)), folder=self._folder, part=str(error)) from error


def _key_for(message: str) -> str:
    """Tell from what the engine says whether its files are damaged or cannot be written."""
    found = re.search(r"(?:os error|code:) (\d+)", message)
    number = int(found[1]) if found else 0
    if number == errno.ENOSPC or "writer was killed" in message:
        return "store.full"
    return "store.readonly" if number in (errno.EACCES, errno.EPERM, errno.EROFS) else "store.damaged"
