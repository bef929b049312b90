"""Which generations of a store are kept, and letting go of the others: their rows, then their files."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from index.store.files import remove_strangers
from index.store.manifest import Manifest, current_generation, read_manifests

# A row that no kept generation shows. The empty store, generation 0, shows none.
_UNSEEN = (
    "removed IS NOT NULL AND NOT EXISTS (SELECT 1 FROM generations "
    "WHERE generations.generation >= added AND generations.generation < removed)"
)


def drop_old_generations(connection: sqlite3.Connection, folder: Path, keep: int) -> None:
    """Let go of all but the newest `keep` generations and the resting points of runs that went on."""
    current = current_generation(connection)
    whole = [m.generation for m in read_manifests(connection, folder) if not m.partial]
    kept = {*whole[-keep:], current}
    connection.execute("BEGIN IMMEDIATE")
    for (generation,) in connection.execute("SELECT generation FROM generations").fetchall():
        if generation not in kept:
            connection.execute("DELETE FROM generations WHERE generation = ?", (generation,))
    drop_unseen_rows(connection)
    connection.execute("COMMIT")
    remove_strangers(folder, kept_files(read_manifests(connection, folder)))


def forget_abandoned(connection: sqlite3.Connection, current: int) -> None:
    """Drop what came after the generation that a rollback went back to; effective with the next commit."""
    for table in ("documents", "sources"):
        connection.execute(f"UPDATE {table} SET removed = NULL WHERE removed > ?", (current,))
        connection.execute(f"UPDATE {table} SET removed = added WHERE added > ?", (current,))
    connection.execute("DELETE FROM generations WHERE generation > ?", (current,))


def drop_unseen_rows(connection: sqlite3.Connection) -> None:
    """Delete the rows that no kept generation shows."""
    gone = f"(SELECT row FROM documents WHERE {_UNSEEN})"
    connection.execute(f"DELETE FROM passages WHERE row IN {gone}")
    connection.execute(f"DELETE FROM facets WHERE row IN {gone}")
    connection.execute(f"DELETE FROM documents WHERE {_UNSEEN}")
    connection.execute(f"DELETE FROM sources WHERE {_UNSEEN}")


def kept_files(manifests: list[Manifest]) -> set[str]:
    """Return the names of all files that these generations consist of."""
    return {name for manifest in manifests for name in manifest.files}
