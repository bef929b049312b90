"""A folder of documents and passages that can be searched while it is written, and never shows half of a change.

`store.sqlite` is the source of truth; `lexical/` and `vectors/` hold what is derived from it, `originals/` the source
files. Every commit is a new generation: its files are written first and one SQLite transaction then switches it on.
"""

from __future__ import annotations

import errno
import sqlite3
from contextlib import suppress
from pathlib import Path
from threading import Lock

from index.cross_encoder import CrossEncoder
from index.errors import StoreError
from index.protocols import Embedder
from index.store.files import (
    DATABASE,
    LEXICAL,
    NEWEST,
    VECTORS,
    is_foreign,
    locked,
    newest_noted,
    sync_files,
    sync_folder,
)
from index.store.folder_snapshot import FolderSnapshot
from index.store.loaded import Loaded
from index.store.manifest import Manifest, current_generation, read_manifest
from index.store.rows import connect, create, damage_named, failures_named, last_number

_ATTEMPTS = 5


class Store:
    """A store that was opened for reading; any number may be open, in any number of processes."""

    def __init__(
        self, folder: Path, embedder: Embedder | None = None, cross_encoder: CrossEncoder | None = None
    ) -> None:
        self.folder = folder
        self.embedder = embedder
        self._cross_encoder = cross_encoder
        self._loaded: Loaded | None = None
        self._loading = Lock()
        self._idle: list[sqlite3.Connection] = []
        self._file: int | None = None

    @staticmethod
    def open(folder: Path, embedder: Embedder | None = None, cross_encoder: CrossEncoder | None = None) -> Store:
        """Open the store in `folder`; without an embedder it is searched by words alone.

        With a `cross_encoder` the first hits of a hybrid search are read again by it.

        Raises `StoreError` when it is missing, foreign, of another format or damaged, `EmbedderError` when its
        vectors are another model's.
        """
        store = Store(folder, embedder, cross_encoder)
        store.snapshot().close()
        return store

    @staticmethod
    def create(folder: Path, embedder: Embedder | None = None) -> Store:
        """Make an empty store in `folder`, which is missing or empty; open the store that is there already."""
        prepare_folder(folder)
        return Store.open(folder, embedder)

    def snapshot(self) -> FolderSnapshot:
        """Return the newest generation, which stays as it is until the snapshot is closed."""
        for attempt in range(_ATTEMPTS):
            noted = newest_noted(self.folder)
            connection = self._connection()
            try:
                with damage_named(self.folder):
                    # The read transaction keeps the rows of this generation, whatever is written meanwhile.
                    connection.execute("BEGIN")
                    manifest = self._manifest(connection)
                    if noted is not None and last_number(connection, "generations") < noted:
                        raise FileNotFoundError(errno.ENOENT, "an older one", f"{DATABASE}: older than {noted}")
                parts = (connection, self._load(manifest), self.folder, self.embedder, self._idle)
                return FolderSnapshot(*parts, cross_encoder=self._cross_encoder)
            except FileNotFoundError as error:
                # It was dropped between reading its number and opening its files: a newer one is there. Or the
                # whole was put back from a backup just then.
                connection.close()
                if attempt == _ATTEMPTS - 1:
                    part = Path(error.filename or "").name
                    raise StoreError("store.damaged", folder=self.folder, part=part) from error
            except BaseException:
                connection.close()
                raise
        raise AssertionError("unreachable")

    def _connection(self) -> sqlite3.Connection:
        # Opening one takes longer than a search. One to a file that another took the place of is of no use.
        path = self.folder / DATABASE
        file = path.stat().st_ino if path.exists() else None
        if file != self._file:
            self._file, self._idle, self._loaded = file, [], None
        with suppress(IndexError):
            return self._idle.pop()
        return connect(self.folder)

    def _manifest(self, connection: sqlite3.Connection) -> Manifest:
        manifest = read_manifest(connection, current_generation(connection, self.folder), self.folder)
        manifest.refuse_other(self.embedder, self.folder)
        return manifest

    def _load(self, manifest: Manifest) -> Loaded:
        with self._loading:
            if self._loaded is None or self._loaded.manifest != manifest:
                self._loaded = Loaded.of(manifest, self.folder, self._loaded)
            return self._loaded


def prepare_folder(folder: Path) -> None:
    """Make an empty store in `folder` unless there is one; raise `StoreError` when it holds something else.

    A file of somebody else's beside a store is left alone.
    """
    if (folder / DATABASE).exists():
        return
    if (folder / NEWEST).exists():
        raise StoreError("store.damaged", folder=folder, part=DATABASE)
    if is_foreign(folder):
        raise StoreError("store.foreign", folder=folder)
    with failures_named(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            new = folder / f"{DATABASE}.new"
            for leftover in folder.glob(f"{DATABASE}.new*"):
                leftover.unlink()
            create(new)
            sync_files([new])
            (folder / LEXICAL).mkdir(exist_ok=True)
            (folder / VECTORS).mkdir(exist_ok=True)
            if not (folder / DATABASE).exists():
                new.replace(folder / DATABASE)
            sync_folder(folder)
