"""The database of a store: its SQLite schema and opening it; knows tables, not what their values mean.

A document's row lives from generation `added` until generation `removed`; its passages live as long as it does and
hold no words of their own: they are spans of its text. Row numbers are never given out twice. Each row has its own
checksum, over its number and all else that must not change.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.errors import StoreError
from index.store.encode import row_checksum
from index.store.files import DATABASE, NEWEST, is_foreign

FORMAT = 3
_APPLICATION = 0x56424B31  # "VBK1": tells our files from other SQLite files

SCHEMA = """
CREATE TABLE state (key TEXT PRIMARY KEY, value INTEGER NOT NULL, checksum BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE generations (
    generation INTEGER PRIMARY KEY AUTOINCREMENT, manifest TEXT NOT NULL, checksum BLOB NOT NULL);
CREATE TABLE documents (
    row INTEGER PRIMARY KEY AUTOINCREMENT, document TEXT NOT NULL, path TEXT NOT NULL,
    kind TEXT NOT NULL, date TEXT, checksum BLOB NOT NULL, added INTEGER NOT NULL, removed INTEGER,
    value TEXT NOT NULL, places TEXT NOT NULL, text TEXT NOT NULL);
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
CREATE TABLE profiles (number INTEGER PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE sources (
    source INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL, given TEXT NOT NULL,
    digest TEXT NOT NULL, reader TEXT NOT NULL, document TEXT NOT NULL, kept TEXT NOT NULL,
    checksum BLOB NOT NULL, added INTEGER NOT NULL, removed INTEGER);
CREATE INDEX sources_by_path ON sources (path);
CREATE INDEX sources_by_document ON sources (document);
CREATE INDEX sources_by_kept ON sources (kept) WHERE kept != '';
CREATE INDEX sources_removed ON sources (removed) WHERE removed IS NOT NULL;
"""

# What the checksum of a row is made of, in this order.
DOCUMENT = "row, document, path, kind, date, added, value, places, text"
PASSAGE = "number, row, passage, value, embedded"
SOURCE = "path, given, digest, reader, document, kept, added"

# A row is part of generation `:g` when this holds for it.
VISIBLE = "added <= :g AND (removed IS NULL OR removed > :g)"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that gave a document, or another copy of it: its absolute `path`, and the path as it was `given`.

    `digest` is of its bytes and of what else its reading depends on, `reader` names the version of reading and
    cutting: when both are the same as before, the file need not be read again. `kept` names the copy of it in the
    store, "" when there is none. A file that holds several documents has a row for each.
    """

    path: str
    given: str
    digest: str
    reader: str
    document: str
    kept: str = ""


@contextmanager
def damage_named(folder: Path) -> Iterator[None]:
    """Turn SQLite's complaints about a broken or full or read-only file into our own errors."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        # What SQLite cannot decode it prints whole, over several lines.
        reason = str(error).partition(" with text ")[0]
        raise StoreError(_key_for(error), folder=folder, part=f"{DATABASE}: {reason}") from error
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


def connect(folder: Path, *, write: bool = False, any_format: bool = False) -> sqlite3.Connection:
    """Open the database in `folder`; raise `StoreError` when it is missing, foreign or of another format."""
    path = folder / DATABASE
    if not path.is_file():
        if (folder / NEWEST).exists():
            raise StoreError("store.damaged", folder=folder, part=DATABASE)
        raise StoreError("store.foreign" if is_foreign(folder) else "store.missing", folder=folder)
    with damage_named(folder):
        connection = _open(path, write)
        try:
            _check_format(folder, connection, any_format)
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
    set_state(connection, "current", 0)
    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.commit()
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def set_state(connection: sqlite3.Connection, key: str, value: int) -> None:
    """Write one value of the store as a whole."""
    connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?, ?)", (key, value, row_checksum(key, value)))


def get_state(connection: sqlite3.Connection, key: str, folder: Path) -> int:
    """Return what `set_state` wrote; raise `StoreError` when it is not that."""
    row = connection.execute("SELECT value, checksum FROM state WHERE key = ?", (key,)).fetchone()
    if row is None or row_checksum(key, row[0]) != row[1]:
        raise StoreError("store.damaged", folder=folder, part=f"{DATABASE}: {key}")
    return int(row[0])


def format_of(connection: sqlite3.Connection) -> int:
    """Return the format that the database was written in."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def last_number(connection: sqlite3.Connection, table: str) -> int:
    """Return the highest number that was ever given to a row of `table`."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return int(row[0]) if row else 0


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


def _check_format(folder: Path, connection: sqlite3.Connection, any_format: bool) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
        # An emptied or overwritten database of ours still stands beside the note of its newest generation.
        raise StoreError(
            "store.damaged" if (folder / NEWEST).exists() else "store.foreign", folder=folder, part=DATABASE
        )
    version = format_of(connection)
    if version > FORMAT or (version != FORMAT and not any_format):
        key = "store.later" if version > FORMAT else "store.format"
        raise StoreError(key, folder=folder, found=version, expected=FORMAT)


def _key_for(error: sqlite3.DatabaseError) -> str:
    text = str(error)
    if "locked" in text or "busy" in text:
        return "store.locked"
    if "full" in text or "disk I/O" in text:
        return "store.full"
    if "readonly" in text or "unable to open" in text:
        return "store.readonly"
    return "store.damaged"
