"""What a run over many files asks of the writer of a store, wherever that store is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from index.store.manifest import Manifest
from index.store.rows import Source
from index.values import Reading


class StoreWriter(Protocol):
    """The writer of a store: nothing is visible before `commit`."""

    @property
    def manifest(self) -> Manifest:
        """What the generation consists of that this writer goes on from."""
        ...

    def parts(self, files: Sequence[Path]) -> Iterator[Sequence[Path]]:
        """Give the files that this writer is to look at, in parts: all of them, where no other writer shares the work.

        Between two parts what was read of the first is put; a part may be empty while others are waited for.
        """
        ...

    def put(self, reading: Reading, path: str) -> bool:
        """Add a document read from the file `path`, or replace it; return whether anything was written."""
        ...

    def remove(self, document: str) -> bool:
        """Remove a document and forget its files; return whether it was there."""
        ...

    def holder(self, document: str) -> str | None:
        """Return the path of the file whose text stands in the store for `document`."""
        ...

    def text(self, document: str) -> str | None:
        """Return the stored text of a document."""
        ...

    def attach(self, source: Source) -> None:
        """Note that a file holds a document."""
        ...

    def detach(self, path: str, document: str | None = None) -> None:
        """Forget a file, or that it holds this one document; the document stays."""
        ...

    def files(self, path: str) -> list[Source]:
        """Return what is known of the file `path`: a row for each document that it holds."""
        ...

    def sources(self, document: str | None = None) -> list[Source]:
        """Return the files of one document, or of all, by path."""
        ...

    def keep(self, path: Path) -> str:
        """Copy a source file into the store; return its name there, "" where the store keeps none."""
        ...

    def original(self, kept: str) -> Path:
        """Return where the kept copy of that name lies."""
        ...

    def commit(self, *, partial: bool = False) -> Manifest | None:
        """Switch on a new generation with all changes so far; return its manifest, none when nothing changed."""
        ...
