"""Fetched documents become files below `documents/`, each whole or not at all, its metadata and origin beside it.

`documents/<source>/<series>/<name>.xml` and `<name>.metadata.xml`. What is ours alone lies in `.fetch`, which indexing
leaves out: unfinished files, withdrawn documents, the state.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.sax.saxutils import quoteattr

from index.errors import FetchError, StoreError
from index.fetch.names import folder_name
from index.fetch.values import Pairs
from index.store.files import locked, sync_folder

DOCUMENTS = "documents"
OURS = ".fetch"
METADATA = ".metadata.xml"
_PARTIAL, _WITHDRAWN = "partial", "withdrawn"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
_LONGEST = 4000  # signs of one value of the metadata


class Folder:
    """The working folder. `written` files are in their places, whole and safe from a loss of power, or not there."""

    def __init__(self, root: Path) -> None:
        self.documents = root / DOCUMENTS
        self.ours = self.documents / OURS

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the only one who fetches into the folder; raise `FetchError` when another does."""
        try:
            self.ours.mkdir(parents=True, exist_ok=True)
            with locked(self.ours):
                shutil.rmtree(self.ours / _PARTIAL, ignore_errors=True)
                (self.ours / _PARTIAL).mkdir()
                yield
        except StoreError as error:
            if error.key != "store.busy":
                raise
            raise FetchError("fetch.busy", folder=self.documents, process=error.fields["process"]) from error
        except OSError as error:
            raise FetchError("fetch.unwritable", folder=self.documents, reason=error.strerror or error) from error

    def partial(self, name: str, suffix: str) -> Path:
        """Return where a file lies while it is not known yet whether it stays."""
        return self.ours / _PARTIAL / f"{name}{suffix}"

    def write_partial(self, name: str, suffix: str, body: bytes, about: Pairs) -> Path:
        """Write a document and its metadata where nobody looks; return the document's path."""
        path = self.partial(name, suffix)
        _write(path, body)
        _write(self.partial(name, METADATA), metadata_file(about))
        return path

    def place(self, source: str, name: str, suffix: str) -> str:
        """Return the place of a document's file, relative to `documents/`."""
        return f"{source}/{folder_name(name)}/{name}{suffix}"

    def publish(self, source: str, name: str, suffix: str) -> str:
        """Put a document that was written aside in its place, with its metadata; return the place."""
        place = self.place(source, name, suffix)
        target = self.documents / place
        target.parent.mkdir(parents=True, exist_ok=True)
        self.partial(name, suffix).replace(target)
        self.partial(name, METADATA).replace(target.with_name(f"{name}{METADATA}"))
        for other in target.parent.glob(f"{_escaped(name)}.*"):
            if other.name not in (target.name, f"{name}{METADATA}") and other.stem == name:
                other.unlink()  # the same document in another form
        sync_folder(target.parent)
        return place

    def drop_partial(self, name: str, suffix: str) -> None:
        """Throw away what was written aside."""
        for path in (self.partial(name, suffix), self.partial(name, METADATA)):
            path.unlink(missing_ok=True)

    def publish_metadata(self, place: str, about: Pairs) -> None:
        """Write new metadata for a document that stays as it is, where they are new."""
        document = self.documents / place
        target, data = document.with_name(f"{document.stem}{METADATA}"), metadata_file(about)
        if target.is_file() and target.read_bytes() == data:
            return
        _write(self.partial(document.stem, METADATA), data)
        self.partial(document.stem, METADATA).replace(target)
        sync_folder(target.parent)

    def withdraw(self, place: str) -> str:
        """Take a document out of what is indexed, and keep it aside; return where, relative to `documents/`."""
        path = self.documents / place
        aside = self.ours / _WITHDRAWN / place
        aside.parent.mkdir(parents=True, exist_ok=True)
        for file in (path, path.with_name(f"{path.stem}{METADATA}")):
            if file.is_file():
                file.replace(aside.with_name(file.name))
        sync_folder(path.parent)
        return aside.relative_to(self.documents).as_posix()

    def is_there(self, place: str, size: int) -> bool:
        """Whether a document's file is in its place, and as large as it was written."""
        try:
            return bool(place) and (self.documents / place).stat().st_size == size
        except OSError:
            return False


def metadata_file(about: Pairs) -> bytes:
    """Return metadata in the form in which official publications give theirs."""
    lines = [
        f"  <metadata name={quoteattr(_clean(name))} scheme={quoteattr('')} content={quoteattr(_clean(value))} />"
        for name, value in about
    ]
    return "\n".join([_DECLARATION, "<metadata_gegevens>", *lines, "</metadata_gegevens>\n"]).encode()


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _clean(text: str) -> str:
    return " ".join(_FORBIDDEN.sub(" ", text).split())[:_LONGEST]


def _escaped(name: str) -> str:
    return re.sub(r"([*?\[\]])", r"[\1]", name)
