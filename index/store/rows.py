"""The rows of a store: its SQLite schema, values to and from rows, each row with its own checksum.

A document's row lives from generation `added` until generation `removed`; its passages live as long as it does and
hold no words of their own: they are spans of its text. Row numbers are never given out twice.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from index.errors import StoreError
from index.store.files import DATABASE
from index.values import Asker, Document, Official, Passage, Reading

FORMAT = 1
_APPLICATION = 0x56424B31  # "VBK1": tells our files from other SQLite files

SCHEMA = """
CREATE TABLE state (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE generations (
    generation INTEGER PRIMARY KEY AUTOINCREMENT, manifest TEXT NOT NULL, checksum BLOB NOT NULL);
CREATE TABLE documents (
    row INTEGER PRIMARY KEY AUTOINCREMENT, document TEXT NOT NULL, path TEXT NOT NULL,
    kind TEXT NOT NULL, date TEXT, value TEXT NOT NULL, text TEXT NOT NULL, checksum BLOB NOT NULL,
    added INTEGER NOT NULL, removed INTEGER);
CREATE INDEX documents_by_id ON documents (document, added);
CREATE INDEX documents_removed ON documents (removed) WHERE removed IS NOT NULL;
CREATE TABLE facets (
    facet TEXT NOT NULL, value TEXT NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (facet, value, row)
) WITHOUT ROWID;
CREATE INDEX facets_by_row ON facets (row);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT, row INTEGER NOT NULL, passage TEXT NOT NULL,
    value TEXT NOT NULL, embedded BLOB NOT NULL, checksum BLOB NOT NULL);
CREATE INDEX passages_by_row ON passages (row, number);
CREATE INDEX passages_by_id ON passages (passage);
CREATE TABLE sources (
    source INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL, given TEXT NOT NULL,
    digest TEXT NOT NULL, reader TEXT NOT NULL, document TEXT NOT NULL,
    added INTEGER NOT NULL, removed INTEGER);
CREATE INDEX sources_by_path ON sources (path);
CREATE INDEX sources_by_document ON sources (document);
CREATE INDEX sources_removed ON sources (removed) WHERE removed IS NOT NULL;
"""

# A row is part of generation `:g` when this holds for it.
VISIBLE = "added <= :g AND (removed IS NULL OR removed > :g)"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that gave a document, or another copy of it: its absolute `path`, and the path as it was `given`.

    `digest` is of its bytes, `reader` names the version of reading and cutting: when both are the same as before,
    the file need not be read again.
    """

    path: str
    given: str
    digest: str
    reader: str
    document: str


@contextmanager
def damage_named(folder: Path) -> Iterator[None]:
    """Turn SQLite's complaints about a broken or full or read-only file into our own errors."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise StoreError(_key_for(error), folder=folder, part=f"{DATABASE}: {error}") from error
    except UnicodeDecodeError as error:
        raise StoreError("store.damaged", folder=folder, part=DATABASE) from error


@contextmanager
def failures_named(folder: Path) -> Iterator[None]:
    """Turn what SQLite and the file system complain of while a store is written into our own errors."""
    try:
        with damage_named(folder):
            yield
    except FileNotFoundError as error:
        raise StoreError("store.damaged", folder=folder, part=error.filename) from error
    except OSError as error:
        key = "store.full" if error.errno == errno.ENOSPC else "store.readonly"
        raise StoreError(key, folder=folder, part=error.strerror or error) from error


def connect(folder: Path, *, write: bool = False) -> sqlite3.Connection:
    """Open the database in `folder`; raise `StoreError` when it is missing, foreign or of another format."""
    path = folder / DATABASE
    if not path.is_file():
        key = "store.foreign" if folder.exists() and any(folder.iterdir()) else "store.missing"
        raise StoreError(key, folder=folder)
    with damage_named(folder):
        connection = _open(path, write)
        try:
            _check_format(folder, connection)
            if not write:
                connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
    return connection


def create(path: Path) -> None:
    """Write an empty database to `path`, which must not exist."""
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)
    connection.execute("INSERT INTO state VALUES ('current', 0)")
    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.commit()
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def row_checksum(*parts: str) -> bytes:
    """Return the checksum kept beside a row, over the columns that must not change."""
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8"), digest_size=16).digest()


def document_value(document: Document) -> str:
    """Return a document as JSON, without `sources`, which change from file to file and stand in their own rows."""
    return _json(asdict(document) | {"sources": ()})


def document_proof(reading: Reading) -> bytes:
    """Return the checksum of a document's row."""
    return row_checksum(reading.document.document, document_value(reading.document), reading.text)


def document_from(value: str, sources: tuple[str, ...] = ()) -> Document:
    """Return the document that `document_value` wrote."""
    data: dict[str, Any] = json.loads(value)
    for name in ("date", "asked", "answered"):
        data[name] = date.fromisoformat(data[name]) if data[name] else None
    data["askers"] = tuple(Asker(**asker) for asker in data["askers"])
    data["answered_by"] = tuple(Official(**official) for official in data["answered_by"])
    data["topics"] = tuple(data["topics"])
    data["sources"] = sources
    return Document(**data)


def passage_value(passage: Passage) -> str:
    """Return a passage as JSON: its spans in place of its words."""
    answer_end = None
    if passage.answer is not None and passage.answer_start is not None:
        answer_end = passage.answer_start + len(passage.answer)
    data = {name: getattr(passage, name) for name in _PASSAGE_FIELDS}
    return _json(data | {"notes": dict(passage.notes), "answer_end": answer_end})


def passage_from(value: str, passage: str, document: str, text: str) -> Passage:
    """Return the passage that `passage_value` wrote, its words taken from the document's `text`."""
    data: dict[str, Any] = json.loads(value)
    answer_end = data.pop("answer_end")
    answer = None if answer_end is None else text[data["answer_start"] : answer_end]
    data["numbers"], data["refers_to"] = tuple(data["numbers"]), tuple(data["refers_to"])
    words = text[data["start"] : data["end"]]
    return Passage(passage=passage, document=document, text=words, answer=answer, **data)


_PASSAGE_FIELDS = tuple(
    field.name for field in fields(Passage) if field.name not in ("passage", "document", "text", "answer")
)


def embedded_text(passage: Passage) -> str:
    """Return the words whose meaning is embedded for a passage: what stands beside it, its question, its answer."""
    parts = (passage.context, passage.question or "", passage.body)
    return "\n".join(dict.fromkeys(part for part in parts if part))


def refuse_loose_spans(reading: Reading) -> None:
    """Raise `ValueError` when a passage is not literally the span of the text that it says it is."""
    for p in reading.passages:
        spans = [(p.start, p.text), (p.body_start, p.body)]
        if any(start < 0 or reading.text[start : start + len(words)] != words for start, words in spans):
            raise ValueError(f"passage {p.passage} is not in the text where it should be")


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=date.isoformat)


def _open(path: Path, write: bool) -> sqlite3.Connection:
    address = path.resolve().as_uri()
    try:
        connection = _connect(f"{address}?mode=rw")
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.OperationalError:
        if write or os.access(path.parent, os.W_OK):
            raise
        # In a folder that cannot be written nobody else writes either, and WAL's own files cannot be made.
        connection = _connect(f"{address}?mode=ro&immutable=1")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _connect(address: str) -> sqlite3.Connection:
    return sqlite3.connect(address, timeout=10.0, isolation_level=None, check_same_thread=False, uri=True)


def _check_format(folder: Path, connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
        raise StoreError("store.foreign", folder=folder)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != FORMAT:
        raise StoreError("store.format", folder=folder, found=version, expected=FORMAT)


def _key_for(error: sqlite3.DatabaseError) -> str:
    text = str(error)
    if "locked" in text or "busy" in text:
        return "store.locked"
    if "full" in text or "disk I/O" in text:
        return "store.full"
    if "readonly" in text or "unable to open" in text:
        return "store.readonly"
    return "store.damaged"
