"""A store of an earlier format becomes one of this format, in one transaction and without the source files."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from index.errors import StoreError
from index.store.encode import RowTotal, row_checksum
from index.store.facets import write_facets_again
from index.store.files import DATABASE, locked
from index.store.manifest import read_manifest, write_manifest
from index.store.profile_rows import write_profiles_again
from index.store.rows import DOCUMENT, FORMAT, PASSAGE, SOURCE, VISIBLE, connect, failures_named, format_of, set_state


def convert(folder: Path) -> None:
    """Bring the store in `folder` to this program's format; nothing is done when it has that already.

    Only its newest generation stays. Raises `StoreError` when it is of a later format, or damaged.
    """
    with closing(connect(folder, write=True, any_format=True)) as connection, failures_named(folder):
        found = format_of(connection)
        if found == FORMAT:
            return
        if found not in _STEPS:
            raise StoreError("store.format", folder=folder, found=found, expected=FORMAT)
        with locked(folder):
            connection.execute("BEGIN IMMEDIATE")
            while (found := format_of(connection)) != FORMAT:
                _STEPS[found](connection, folder)
            connection.execute("COMMIT")


def _from_1(connection: sqlite3.Connection, folder: Path) -> None:
    """Format 2: checksums over whole rows, a total of them for each generation, kept source files."""
    run = connection.execute
    current = int(run("SELECT value FROM state WHERE key = 'current'").fetchone()[0])
    for number, document, value, text, proof in run("SELECT row, document, value, text, checksum FROM documents"):
        if row_checksum(document, value, text) != proof:
            raise StoreError("store.damaged", folder=folder, part=f"{DATABASE}: {document or number}")
    for passage, value, proof in run("SELECT passage, value, checksum FROM passages"):
        if row_checksum(passage, value) != proof:
            raise StoreError("store.damaged", folder=folder, part=f"{DATABASE}: {passage}")
    manifest = read_manifest(connection, current, folder)
    run("DELETE FROM passages WHERE row NOT IN (SELECT row FROM documents WHERE " + VISIBLE + ")", {"g": current})
    for table in ("documents", "sources"):
        run(f"DELETE FROM {table} WHERE NOT ({VISIBLE})", {"g": current})
    run("ALTER TABLE state ADD COLUMN checksum BLOB NOT NULL DEFAULT x''")
    run("ALTER TABLE documents ADD COLUMN places TEXT NOT NULL DEFAULT ''")
    run("ALTER TABLE sources ADD COLUMN kept TEXT NOT NULL DEFAULT ''")
    run("ALTER TABLE sources ADD COLUMN checksum BLOB NOT NULL DEFAULT x''")
    run("CREATE INDEX sources_by_kept ON sources (kept) WHERE kept != ''")
    total = RowTotal()
    for table, key, columns in (
        ("documents", "row", DOCUMENT),
        ("passages", "number", PASSAGE),
        ("sources", "source", SOURCE),
    ):
        for number, *values in run(f"SELECT {key}, {columns} FROM {table}").fetchall():
            proof = row_checksum(*values)
            total.add(proof)
            run(f"UPDATE {table} SET checksum = ? WHERE {key} = ?", (proof, number))
    write_facets_again(connection)
    run("DELETE FROM generations")
    if current:
        write_manifest(connection, replace(manifest, rows=total.value))
    set_state(connection, "current", current)
    run("PRAGMA user_version = 2")


def _from_2(connection: sqlite3.Connection, _folder: Path) -> None:
    """Format 3: what searching looks at in each passage."""
    connection.execute("CREATE TABLE profiles (number INTEGER PRIMARY KEY, value BLOB NOT NULL)")
    write_profiles_again(connection)
    connection.execute("PRAGMA user_version = 3")


_STEPS: dict[int, Callable[[sqlite3.Connection, Path], None]] = {1: _from_1, 2: _from_2}
