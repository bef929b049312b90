"""What one generation of a store consists of, in numbers, names and checksums."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from index.dutch import TERMS
from index.errors import EmbedderError, StoreError
from index.protocols import Embedder
from index.store.encode import row_checksum
from index.store.rows import get_state, set_state


@dataclass(frozen=True, slots=True)
class EmbedderMark:
    """Which embedder made a generation's vectors."""

    name: str
    digest: str
    dimensions: int

    @staticmethod
    def of(embedder: Embedder | None) -> EmbedderMark | None:
        """Return the mark of `embedder`, none for none."""
        if embedder is None:
            return None
        return EmbedderMark(embedder.name, embedder.digest, embedder.dimensions)


@dataclass(frozen=True, slots=True)
class SketchMark:
    """The file of a vector file's sketch, how many guesses are scored, and what share of the best fifty they hold."""

    file: str
    rescored: int
    recall: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """One generation: `files` maps each of its files, relative to the store, to its SHA-256.

    `lexical` is a folder ("" when nothing was ever indexed), `segments` the vector files in the order of their
    making, `dead` the file of removed numbers ("" when there are none). `terms` is the version of the words that texts
    are searched by, `encoding` what passages were cut by. `partial` marks a resting point of a run
    that went on: it makes way as soon as a later generation is there. `rows` is the total of the checksums of all its
    rows, "" in a store converted from a format without it. `sketches` are those of the vector files that are too
    large to be searched exactly.
    """

    generation: int
    created: str = ""
    partial: bool = False
    embedder: EmbedderMark | None = None
    encoding: str = ""
    terms: str = ""
    documents: int = 0
    passages: int = 0
    lexical: str = ""
    segments: tuple[str, ...] = ()
    dead: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    rows: str = ""
    sketches: Mapping[str, SketchMark] = field(default_factory=dict)

    def refuse_other(self, embedder: Embedder | None, folder: object) -> None:
        """Raise, naming `folder`, when this program or its `embedder` cannot search what this generation holds.

        `StoreError` when its words are of another version, `EmbedderError` when its vectors are of another model; no
        embedder at all searches any store by its words.
        """
        if self.passages and self.terms != TERMS:
            raise StoreError("store.terms", folder=folder)
        mine, other = self.embedder, EmbedderMark.of(embedder)
        if other is None or self.passages == 0:
            return
        if mine is None:
            raise EmbedderError("embedder.without", folder=folder, name=other.name)
        if mine.digest != other.digest:
            raise EmbedderError("embedder.other", folder=folder, found=mine.name, name=other.name)


def current_generation(connection: sqlite3.Connection, folder: Path) -> int:
    """Return the number of the generation that is switched on; 0 is the empty store."""
    return get_state(connection, "current", folder)


def read_manifest(connection: sqlite3.Connection, generation: int, folder: Path) -> Manifest:
    """Return the manifest of one generation; raise `StoreError` when it is gone or damaged."""
    if generation == 0:
        return Manifest(0)
    query = "SELECT manifest, checksum FROM generations WHERE generation = ?"
    row = connection.execute(query, (generation,)).fetchone()
    if row is None:
        raise StoreError("store.no_generation", folder=folder, generation=generation)
    if row_checksum(row[0]) != row[1]:
        raise StoreError("store.damaged", folder=folder, part=f"generation {generation}")
    data: dict[str, Any] = json.loads(row[0])
    data["segments"] = tuple(data["segments"])
    data["embedder"] = EmbedderMark(**data["embedder"]) if data["embedder"] else None
    data["sketches"] = {name: SketchMark(**mark) for name, mark in data.get("sketches", {}).items()}
    return Manifest(**data)


def read_manifests(connection: sqlite3.Connection, folder: Path) -> list[Manifest]:
    """Return the manifests of all kept generations, oldest first."""
    rows = connection.execute("SELECT generation FROM generations ORDER BY generation").fetchall()
    return [read_manifest(connection, row[0], folder) for row in rows]


def write_manifest(connection: sqlite3.Connection, manifest: Manifest) -> None:
    """Add a generation and switch it on; takes effect when the transaction is committed."""
    data = asdict(manifest)
    if not data["sketches"]:
        del data["sketches"]
    text = json.dumps(data, ensure_ascii=False, default=dict)
    values = (manifest.generation, text, row_checksum(text))
    connection.execute("INSERT INTO generations VALUES (?, ?, ?)", values)
    set_state(connection, "current", manifest.generation)
