"""The care of a store: which generations there are, going back to one, leaving nothing of what was removed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from index.errors import StoreError
from index.store.files import locked
from index.store.generations import remove_leftovers
from index.store.manifest import Manifest, current_generation, read_manifest, read_manifests
from index.store.rows import connect, damage_named, failures_named, set_state
from index.store.write import Writer


def generations(folder: Path) -> tuple[list[Manifest], int]:
    """Return the manifests of the generations that are kept, oldest first, and the number of the current one."""
    with closing(connect(folder)) as connection, damage_named(folder):
        return read_manifests(connection, folder), current_generation(connection, folder)


def rollback(folder: Path, generation: int) -> Manifest:
    """Switch an earlier generation on again; return its manifest.

    The later ones stay until the next change of the store, so that this can be undone. Raises `StoreError` when there
    is no such generation or a writer is at work.
    """
    with closing(connect(folder, write=True)) as connection, locked(folder), failures_named(folder):
        if generation == 0:
            raise StoreError("store.no_generation", folder=folder, generation=generation)
        manifest = read_manifest(connection, generation, folder)
        set_state(connection, "current", generation)
        return manifest


def lingering(folder: Path, documents: Iterable[str]) -> list[str]:
    """Return which of these removed documents are still in an earlier generation, and so on disk."""
    query = "SELECT DISTINCT document FROM documents WHERE document IN (SELECT value FROM json_each(?))"
    with closing(connect(folder)) as connection, damage_named(folder):
        return [row[0] for row in connection.execute(query, (json.dumps(sorted(documents)),))]


def purge(folder: Path) -> None:
    """Leave nothing of removed documents on disk: earlier generations go, and so does every word only they had."""
    with Writer(folder, removes_only=True, purge=True, keep=1) as writer:
        writer.commit()
    with closing(connect(folder, write=True)) as connection, locked(folder), failures_named(folder):
        remove_leftovers(connection, folder)
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
