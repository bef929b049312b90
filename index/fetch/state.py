"""What was fetched so far, in one small SQLite file: documents, listings and runs. Knows no source and no network.

A row of a document is written after its files stand in their places: work that dies between the two is done again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from types import TracebackType
from typing import Any

from index.errors import FetchError
from index.fetch.values import Held

FILE = "state.sqlite"
_VERSION = 1
_COLUMNS = tuple(field.name for field in fields(Held))


@dataclass(frozen=True, slots=True)
class Run:
    """One run over one source. `outcome` is "ok", "partly", "failed", "stopped", or "running" (also: it died)."""

    source: str
    label: str
    selection: str
    started: str
    ended: str = ""
    outcome: str = "running"
    listed: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    left_out: int = 0
    withdrawn: int = 0
    failed: int = 0
    reason: str = ""


_RUN = tuple(field.name for field in fields(Run))
_SCHEMA = f"""
CREATE TABLE documents ({", ".join(f"{name} NOT NULL" for name in _COLUMNS)}, PRIMARY KEY (source, name)) WITHOUT ROWID;
CREATE TABLE listed (listing TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (listing, name)) WITHOUT ROWID;
CREATE TABLE runs (run INTEGER PRIMARY KEY, {", ".join(f"{name} NOT NULL" for name in _RUN)});
CREATE TABLE faults (run INTEGER NOT NULL, name TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (run, name, reason));
PRAGMA user_version = {_VERSION};
"""


class State:
    """Use it as a context manager. Every change is kept at once."""

    def __init__(self, folder: Path) -> None:
        """Open the state in `folder`, which is made; raise `FetchError` when the file there is something else."""
        self._path = folder / FILE
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = sqlite3.connect(self._path, isolation_level=None, timeout=30.0)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            version = self._connection.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                self._connection.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}COMMIT;")
            elif version != _VERSION:
                raise FetchError("fetch.state", file=self._path)
        except sqlite3.DatabaseError as error:
            raise FetchError("fetch.state", file=self._path) from error

    def __enter__(self) -> State:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    # Documents

    def get(self, source: str, name: str) -> Held | None:
        """Return what is known of a document of a source."""
        rows = self._held("WHERE source = ? AND name = ?", source, name)
        return rows[0] if rows else None

    def find(self, name: str) -> list[Held]:
        """Return what is known of a document in all sources, however its identifier is written."""
        return self._held("WHERE name = ? COLLATE NOCASE OR identifier = ? COLLATE NOCASE", name, name)

    def documents(self, source: str | None = None) -> list[Held]:
        """Return all documents, or those of one source, by name."""
        return self._held("WHERE source = ?", source) if source else self._held("")

    def put(self, held: Held) -> None:
        """Keep what is known of a document, in the place of what was known before."""
        marks = ", ".join("?" * len(_COLUMNS))
        self._run(f"INSERT OR REPLACE INTO documents ({', '.join(_COLUMNS)}) VALUES ({marks})", *astuple(held))

    def totals(self) -> dict[tuple[str, str], int]:
        """Return how many documents there are by source and status."""
        rows = self._run("SELECT source, status, count(*) FROM documents GROUP BY source, status")
        return {(source, status): count for source, status, count in rows}

    # Listings

    def listed(self, listing: str) -> set[str]:
        """Return the names of the documents that a listing held when it was last complete."""
        return {name for (name,) in self._run("SELECT name FROM listed WHERE listing = ?", listing)}

    def set_listed(self, listing: str, names: Iterable[str]) -> None:
        """Keep what a complete listing held."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._run("DELETE FROM listed WHERE listing = ?", listing)
            self._connection.executemany("INSERT INTO listed VALUES (?, ?)", ((listing, name) for name in names))
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise

    # Runs

    def begin(self, run: Run) -> int:
        """Note that a run begins; return its number."""
        marks = ", ".join("?" * len(_RUN))
        self._run(f"INSERT INTO runs ({', '.join(_RUN)}) VALUES ({marks})", *astuple(run))
        return int(self._run("SELECT max(run) FROM runs")[0][0])

    def note(self, number: int, run: Run) -> None:
        """Note how far a run is."""
        names = ", ".join(f"{name} = ?" for name in _RUN)
        self._run(f"UPDATE runs SET {names} WHERE run = ?", *astuple(run), number)

    def fault(self, number: int, name: str, reason: str) -> None:
        """Note what was wrong with a document in a run."""
        self._run("INSERT OR IGNORE INTO faults VALUES (?, ?, ?)", number, name, reason)

    def last_runs(self) -> list[tuple[int, Run]]:
        """Return the last run of each source and selection, by source."""
        rows = self._run(
            f"SELECT run, {', '.join(_RUN)} FROM runs WHERE run IN "
            "(SELECT max(run) FROM runs GROUP BY source, label, selection) ORDER BY source, label, run"
        )
        return [(int(number), Run(*values)) for number, *values in rows]

    def last_good(self, run: Run) -> str:
        """Return when the same was last fetched without any failure, empty when never."""
        rows = self._run(
            "SELECT max(started) FROM runs WHERE source = ? AND label = ? AND selection = ? AND outcome = 'ok'",
            run.source,
            run.label,
            run.selection,
        )
        return str(rows[0][0] or "")

    def faults(self, number: int) -> list[tuple[str, str]]:
        """Return the names of documents with what was wrong with them in a run."""
        return [(n, r) for n, r in self._run("SELECT name, reason FROM faults WHERE run = ? ORDER BY name", number)]

    def _held(self, where: str, *values: object) -> list[Held]:
        return [Held(*row) for row in self._run(f"SELECT {', '.join(_COLUMNS)} FROM documents {where}", *values)]

    def _run(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise FetchError("fetch.state", file=self._path) from error
