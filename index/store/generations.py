"""Which generations of a store are kept, and letting go of the others: their rows, then their files."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from index.store.files import remove_strangers
from index.store.manifest import Manifest, current_generation, read_manifests
from index.store.originals import remove_originals, stray_originals

# A row that no kept generation shows. The empty store, generation 0, shows none.
_UNSEEN = (
    "removed IS NOT NULL AND NOT EXISTS (SELECT 1 FROM generations "
    "WHERE generations.generation >= added AND generations.generation < removed)"
)


def drop_old_generations(connection: sqlite3.Connection, folder: Path, keep: int) -> None:
    """Let go of all but the newest `keep` generations and the resting points of runs that went on."""
    current = current_generation(connection, folder)
    whole = [m.generation for m in read_manifests(connection, folder) if not m.partial]
    kept = {*whole[-keep:], current}
    connection.execute("BEGIN IMMEDIATE")
    for (generation,) in connection.execute("SELECT generation FROM generations").fetchall():
        if generation not in kept:
            connection.execute("DELETE FROM generations WHERE generation = ?", (generation,))
    originals = drop_unseen_rows(connection)
    connection.execute("COMMIT")
    remove_strangers(folder, kept_files(read_manifests(connection, folder)))
    remove_originals(folder, originals)


def remove_leftovers(connection: sqlite3.Connection, folder: Path) -> None:
    """Remove every file that no row names: what a writer that died had written and not yet switched on."""
    remove_strangers(folder, kept_files(read_manifests(connection, folder)))
    remove_originals(folder, stray_originals(folder, kept_originals(connection)))


def forget_abandoned(connection: sqlite3.Connection, current: int) -> None:
    """Drop what came after the generation that a rollback went back to; effective with the next commit."""
    later = "SELECT 1 FROM generations WHERE generation > ? LIMIT 1"
    if not connection.execute(later, (current,)).fetchone():
        return
    for table in ("documents", "sources"):
        connection.execute(f"UPDATE {table} SET removed = NULL WHERE removed > ?", (current,))
        connection.execute(f"UPDATE {table} SET removed = added WHERE added > ?", (current,))
    connection.execute("DELETE FROM generations WHERE generation > ?", (current,))


def drop_unseen_rows(connection: sqlite3.Connection) -> list[str]:
    """Delete the rows that no kept generation shows; return the names of the kept files that no row names any more."""
    gone = f"(SELECT row FROM documents WHERE {_UNSEEN})"
    names = [row[0] for row in connection.execute(f"SELECT DISTINCT kept FROM sources WHERE kept != '' AND {_UNSEEN}")]
    connection.execute(f"DELETE FROM profiles WHERE number IN (SELECT number FROM passages WHERE row IN {gone})")
    connection.execute(f"DELETE FROM passages WHERE row IN {gone}")
    connection.execute(f"DELETE FROM facets WHERE row IN {gone}")
    connection.execute(f"DELETE FROM documents WHERE {_UNSEEN}")
    connection.execute(f"DELETE FROM sources WHERE {_UNSEEN}")
    still = "SELECT 1 FROM sources WHERE kept = ? AND kept != '' LIMIT 1"
    return [name for name in names if not connection.execute(still, (name,)).fetchone()]


def kept_files(manifests: list[Manifest]) -> set[str]:
    """Return the names of all index files that these generations consist of."""
    return {name for manifest in manifests for name in manifest.files}


def kept_originals(connection: sqlite3.Connection) -> set[str]:
    """Return the names of the source files that the store keeps."""
    return {row[0] for row in connection.execute("SELECT DISTINCT kept FROM sources WHERE kept != ''")}
