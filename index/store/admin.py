"""The care of a store: which generations there are, going back to one, checking that all of it is as it was written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.errors import EmbedderError, StoreError
from index.lexical import LexicalIndex
from index.protocols import Embedder
from index.store.files import DATABASE, VECTORS, checksum, locked
from index.store.manifest import Manifest, current_generation, read_manifest, read_manifests
from index.store.rows import VISIBLE, connect, damage_named, failures_named, row_checksum
from index.store.write import Writer
from index.vectors import Segment, VectorIndex


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in a store that is not as it was written: `part` names the file, document or passage.

    `rebuildable` says that it can be made again from what is whole: the indexes from the stored texts.
    """

    part: str
    generation: int
    rebuildable: bool


def generations(folder: Path) -> tuple[list[Manifest], int]:
    """Return the manifests of the generations that are kept, oldest first, and the number of the current one."""
    with closing(connect(folder)) as connection, damage_named(folder):
        return read_manifests(connection, folder), current_generation(connection)


def rollback(folder: Path, generation: int) -> Manifest:
    """Switch an earlier generation on again; return its manifest.

    The later ones stay until the next change of the store, so that this can be undone. Raises `StoreError` when there
    is no such generation or a writer is at work.
    """
    with closing(connect(folder, write=True)) as connection, locked(folder), failures_named(folder):
        if generation == 0:
            raise StoreError("store.no_generation", folder=folder, generation=generation)
        manifest = read_manifest(connection, generation, folder)
        connection.execute("UPDATE state SET value = ? WHERE key = 'current'", (generation,))
        return manifest


def purge(folder: Path) -> None:
    """Leave nothing of removed documents on disk: earlier generations go, and so does every word only they had."""
    with Writer(folder, removes_only=True, purge=True, keep=1) as writer:
        writer.commit()
    with closing(connect(folder, write=True)) as connection, locked(folder), failures_named(folder):
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def check_store(folder: Path) -> list[Damage]:
    """Return all that is damaged in any kept generation; nothing when every checksum and every count agrees.

    Raises `StoreError` when the database itself can no longer be read.
    """
    with closing(connect(folder)) as connection, damage_named(folder):
        connection.execute("BEGIN")
        [(verdict,)] = connection.execute("PRAGMA integrity_check(1)").fetchall()
        if verdict != "ok":
            raise StoreError("store.damaged", folder=folder, part=f"{DATABASE}: {verdict}")
        current = current_generation(connection)
        found = [Damage(part, current, False) for part in _damaged_rows(connection)]
        for manifest in read_manifests(connection, folder):
            parts = list(_damaged_files(folder, manifest)) or list(_disagreements(connection, folder, manifest))
            found += [Damage(part, manifest.generation, True) for part in parts]
    return found


def repair_store(folder: Path, embedder: Embedder | None = None) -> list[Damage]:
    """Make what is damaged again from the stored texts; return what was found, nothing when all was whole.

    Vectors need the store's embedder, words do not. The damaged generations go. Raises `StoreError` when a text itself
    is damaged, `EmbedderError` when the embedder that is needed is not given.
    """
    found = check_store(folder)
    if texts := [damage for damage in found if not damage.rebuildable]:
        raise StoreError("store.damaged", folder=folder, part=texts[0].part)
    if not found:
        return []
    mark = generations(folder)[0][-1].embedder
    words_only = not any(damage.part.startswith((VECTORS, DATABASE)) for damage in found)
    if not words_only and mark is not None and embedder is None:
        raise EmbedderError("embedder.other", folder=folder, found=mark.name, name="none")
    with Writer(folder, embedder, removes_only=words_only, purge=words_only, rebuild=not words_only, keep=1) as writer:
        writer.commit()
    return found


def _damaged_rows(connection: sqlite3.Connection) -> Iterator[str]:
    for document, value, text, proof in connection.execute("SELECT document, value, text, checksum FROM documents"):
        if row_checksum(document, value, text) != proof:
            yield document
    for passage, value, proof in connection.execute("SELECT passage, value, checksum FROM passages"):
        if row_checksum(passage, value) != proof:
            yield passage


def _damaged_files(folder: Path, manifest: Manifest) -> Iterator[str]:
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file() or checksum(path) != digest:
            yield name


def _disagreements(connection: sqlite3.Connection, folder: Path, manifest: Manifest) -> Iterator[str]:
    """Name each index that does not hold exactly the passages of the documents."""
    query = f"SELECT number FROM passages WHERE row IN (SELECT row FROM documents WHERE {VISIBLE}) ORDER BY number"
    rows = connection.execute(query, {"g": manifest.generation})
    numbers = [row[0] for row in rows]
    if len(numbers) != manifest.passages:
        yield DATABASE
    if _lexical_numbers(folder, manifest) != numbers:
        yield manifest.lexical
    if manifest.embedder is not None and _vector_numbers(folder, manifest) != numbers:
        yield " ".join(manifest.segments)


def _lexical_numbers(folder: Path, manifest: Manifest) -> list[int]:
    return LexicalIndex(folder / manifest.lexical).numbers() if manifest.lexical else []


def _vector_numbers(folder: Path, manifest: Manifest) -> list[int]:
    segments = [Segment.unpack((folder / name).read_bytes()) for name in manifest.segments]
    dead: Iterable[int] = ()
    if manifest.dead:
        dead = np.frombuffer((folder / manifest.dead).read_bytes(), dtype="<i8")
    return sorted(VectorIndex(segments, dead).numbers().tolist())
