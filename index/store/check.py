"""A store is compared with its checksums; what differs is named, and made again where the texts are whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import EmbedderError, StoreError
from index.lexical import LexicalIndex
from index.protocols import Embedder
from index.store.encode import RowTotal, row_checksum
from index.store.facets import all_facet_rows, write_facets_again
from index.store.files import DATABASE, NEWEST, VECTORS, checksum, locked, newest_noted
from index.store.generations import kept_originals
from index.store.manifest import Manifest, current_generation, read_manifest, read_manifests
from index.store.originals import digest_in, is_whole
from index.store.profile_rows import profiles_are_whole, write_profiles_again
from index.store.rows import DOCUMENT, PASSAGE, SOURCE, VISIBLE, connect, damage_named, failures_named, last_number
from index.store.vectors import read_dead, read_segment
from index.store.write import Writer
from index.vectors import VectorIndex

_FACETS, _PROFILES = "facets", "profiles"


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in a store that is not as it was written: `part` names the file, document or passage.

    `rebuildable` says that it can be made again from what is whole, or done without: the indexes from the stored
    texts, a kept source file from where it came from.
    """

    part: str
    generation: int
    rebuildable: bool


def check_store(folder: Path) -> list[Damage]:
    """Return all that is damaged in any kept generation; nothing when every checksum and every count agrees.

    Raises `StoreError` when the database itself can no longer be read.
    """
    with closing(connect(folder)) as connection, damage_named(folder):
        connection.execute("BEGIN")
        [(verdict,)] = connection.execute("PRAGMA integrity_check(1)").fetchall()
        if verdict != "ok":
            raise StoreError("store.damaged", folder=folder, part=f"{DATABASE}: {verdict}")
        current = current_generation(connection, folder)
        manifests = read_manifests(connection, folder)
        found = [Damage(part, current, False) for part in _damaged_rows(connection)]
        found += [Damage(DATABASE, m.generation, False) for m in manifests if not _totals_agree(connection, m)]
        found += [Damage(part, current, True) for part in _damaged_beside(connection, folder)]
        for manifest in manifests:
            parts = list(_damaged_files(folder, manifest)) or list(_disagreements(connection, folder, manifest))
            found += [Damage(part, manifest.generation, True) for part in parts]
    return found


def repair_store(folder: Path, embedder: Embedder | None = None) -> list[Damage]:
    """Make what is damaged again from the stored texts; return what was found, nothing when all was whole.

    Vectors need the store's embedder, words do not. The earlier generations go, for what they shared is damaged.
    Raises `StoreError` when a text itself is damaged, `EmbedderError` when the embedder that is needed is not given.
    """
    try:
        return _repaired(folder, embedder)
    except StoreError as error:
        if error.key == "store.damaged":
            raise StoreError("store.beyond_repair", **error.fields) from error
        raise


def _repaired(folder: Path, embedder: Embedder | None) -> list[Damage]:
    _sort_again(folder)
    found = check_store(folder)
    if texts := [damage for damage in found if not damage.rebuildable]:
        raise StoreError("store.damaged", folder=folder, part=texts[0].part)
    if not found:
        return []
    with closing(connect(folder)) as connection, damage_named(folder):
        mark = read_manifest(connection, current_generation(connection, folder), folder).embedder
    words_only = not any(damage.part.startswith(VECTORS) for damage in found)
    if not words_only and mark is not None and embedder is None:
        raise EmbedderError("embedder.other", folder=folder, found=mark.name, name="none")
    with Writer(folder, embedder, removes_only=words_only, purge=words_only, rebuild=not words_only, keep=1) as writer:
        _keep_again(writer)
        writer.commit()
    _made_again(folder)
    return found


def _damaged_rows(connection: sqlite3.Connection) -> Iterator[str]:
    for table, columns, name in (("documents", DOCUMENT, 1), ("passages", PASSAGE, 2), ("sources", SOURCE, 0)):
        for *values, proof in connection.execute(f"SELECT {columns}, checksum FROM {table}"):
            if row_checksum(*values) != proof:
                yield str(values[name])


def _totals_agree(connection: sqlite3.Connection, manifest: Manifest) -> bool:
    """Whether exactly the rows are there that were written for a generation."""
    total, counts = RowTotal(), []
    among = f"row IN (SELECT row FROM documents WHERE {VISIBLE})"
    for table, limit in (("documents", VISIBLE), ("passages", among), ("sources", VISIBLE)):
        query = f"SELECT checksum FROM {table} WHERE {limit}"
        proofs = connection.execute(query, {"g": manifest.generation}).fetchall()
        counts.append(len(proofs))
        for (proof,) in proofs:
            total.add(proof)
    return total.value == manifest.rows and counts[:2] == [manifest.documents, manifest.passages]


def _damaged_beside(connection: sqlite3.Connection, folder: Path) -> Iterator[str]:
    newest = last_number(connection, "generations")
    if newest and newest_noted(folder) is None:
        yield NEWEST
    elif (newest_noted(folder) or 0) > newest:
        raise StoreError("store.damaged", folder=folder, part=f"{DATABASE}: older than {newest_noted(folder)}")
    for name in sorted(kept_originals(connection)):
        if not is_whole(folder, name):
            yield name
    written = set(connection.execute("SELECT facet, value, row FROM facets"))
    if written != set(all_facet_rows(connection)):
        yield _FACETS
    if not profiles_are_whole(connection):
        yield _PROFILES


def _damaged_files(folder: Path, manifest: Manifest) -> Iterator[str]:
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file() or checksum(path) != digest:
            yield name


def _disagreements(connection: sqlite3.Connection, folder: Path, manifest: Manifest) -> Iterator[str]:
    """Name each index that does not hold exactly the passages of the documents."""
    query = f"SELECT number FROM passages WHERE row IN (SELECT row FROM documents WHERE {VISIBLE}) ORDER BY number"
    numbers = [row[0] for row in connection.execute(query, {"g": manifest.generation})]
    if _lexical_numbers(folder, manifest) != numbers:
        yield manifest.lexical
    if manifest.embedder is not None and _vector_numbers(folder, manifest) != numbers:
        yield " ".join(manifest.segments) or VECTORS


def _lexical_numbers(folder: Path, manifest: Manifest) -> list[int]:
    return LexicalIndex(folder / manifest.lexical).numbers() if manifest.lexical else []


def _vector_numbers(folder: Path, manifest: Manifest) -> list[int]:
    segments = [read_segment(folder, name) for name in manifest.segments]
    return sorted(VectorIndex(segments, read_dead(folder, manifest)).numbers().tolist())


def _sort_again(folder: Path) -> None:
    """Make the database's own indexes again when those alone are damaged; its tables are left as they are."""
    with closing(connect(folder, write=True)) as connection, locked(folder), failures_named(folder):
        verdicts = connection.execute("PRAGMA integrity_check").fetchall()
        if verdicts != [("ok",)] and all(" index " in verdict for (verdict,) in verdicts):
            connection.execute("REINDEX")


def _keep_again(writer: Writer) -> None:
    """Copy what is damaged of the kept source files again from where they came from, or do without."""
    for source in writer.sources():
        if source.kept and not is_whole(writer.folder, source.kept):
            path, kept = Path(source.path), ""
            if path.is_file() and checksum(path) == digest_in(source.kept):
                kept = writer.keep(path)
            writer.attach(replace(source, kept=kept))


def _made_again(folder: Path) -> None:
    """Make again what is made from the documents and stands in the database itself."""
    with closing(connect(folder, write=True)) as connection, locked(folder), failures_named(folder):
        connection.execute("BEGIN IMMEDIATE")
        write_facets_again(connection)
        write_profiles_again(connection)
        connection.execute("COMMIT")
