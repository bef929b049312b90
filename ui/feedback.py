"""What readers thought of an answer goes in, a row in the store's own database comes out; no question unless allowed.

Of a store in Milvus each desk has a database of its own for it.

A reader never waits for a writer of the store: what cannot be written now is kept in memory and tried again.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, Timer
from typing import Literal, get_args

from index.errors import StoreError
from rag.privacy import mask

Verdict = Literal["up", "down"]
Reason = Literal["wrong_source", "incomplete", "wrong", "unclear", "outdated"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
REASONS: tuple[Reason, ...] = get_args(Reason)

_WAIT = 1.0  # seconds that a reader waits for a writer of the store
_AGAIN = 5.0  # seconds until what could not be written is tried again
_LAST = 20.0  # seconds that the last attempt, when the desk stops, waits
_TABLE = (
    "CREATE TABLE IF NOT EXISTS feedback (number INTEGER PRIMARY KEY, at TEXT NOT NULL, answer TEXT NOT NULL, "
    "verdict TEXT NOT NULL, reasons TEXT NOT NULL, question TEXT)"
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one reader thought of one answer, when (UTC, ISO), why, and the question where it may be kept."""

    at: str
    answer: str
    verdict: str
    reasons: tuple[str, ...]
    question: str | None


class Feedback:
    """The judgements in the database `path`; `keep_questions` says whether the operator wants the questions too.

    With `make` the database is made when it is not there.
    """

    def __init__(self, path: Path, *, keep_questions: bool = False, make: bool = False) -> None:
        self.path = path
        self._make = make
        self.keep_questions = keep_questions
        self._lock = Lock()
        self._waiting: list[Judgement] = []
        self._timer: Timer | None = None

    def add(
        self, answer_id: str, verdict: Verdict, reasons: Sequence[Reason] = (), question: str | None = None
    ) -> None:
        """Keep a judgement; personal data are taken out of the question first.

        Raises `ValueError` for a verdict or reason that is none of `VERDICTS` or `REASONS`, `StoreError` when the
        store cannot be written to at all.
        """
        if verdict not in VERDICTS or any(reason not in REASONS for reason in reasons):
            raise ValueError(f"unknown verdict or reason: {verdict}, {', '.join(reasons)}")
        kept = mask(question).text if question and self.keep_questions else None
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._lock:
            self._waiting.append(Judgement(now, answer_id, verdict, tuple(dict.fromkeys(reasons)), kept))
            self._write(_WAIT)

    def all(self) -> Iterator[Judgement]:
        """Yield every judgement that was written, the oldest first."""
        with closing(self._connect(_WAIT)) as connection:
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'feedback'").fetchone() is None:
                return
            query = "SELECT at, answer, verdict, reasons, question FROM feedback ORDER BY number"
            for at, answer, verdict, reasons, question in connection.execute(query):
                yield Judgement(at, answer, verdict, tuple(json.loads(reasons)), question)

    def close(self) -> None:
        """Write what is still waiting; what cannot be written within some seconds is lost."""
        with self._lock:
            self._write(_LAST)
            if self._timer is not None:
                self._timer.cancel()

    def _write(self, wait: float) -> None:
        """Write all that waits, or see to it that it is tried again."""
        if not self._waiting:
            return
        rows = [(j.at, j.answer, j.verdict, json.dumps(j.reasons), j.question) for j in self._waiting]
        try:
            with closing(self._connect(wait)) as connection, connection:
                connection.execute(_TABLE)
                connection.executemany(
                    "INSERT INTO feedback (at, answer, verdict, reasons, question) VALUES (?, ?, ?, ?, ?)", rows
                )
        except sqlite3.OperationalError as error:
            if "locked" in str(error):  # a writer of the store is at work
                self._again()
                return
            self._waiting.clear()
            raise StoreError("feedback.not_kept", folder=self.path.parent, reason=error) from error
        self._waiting.clear()

    def _again(self) -> None:
        if self._timer is not None and self._timer.is_alive():
            return
        self._timer = Timer(_AGAIN, self._try_again)
        self._timer.daemon = True
        self._timer.start()

    def _try_again(self) -> None:
        with self._lock:
            self._timer = None
            try:
                self._write(_WAIT)
            except StoreError as error:
                logging.getLogger(__name__).warning("%s", error)

    def _connect(self, wait: float) -> sqlite3.Connection:
        mode = "rwc" if self._make else "rw"
        if self._make:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        return sqlite3.connect(f"{self.path.resolve().as_uri()}?mode={mode}", timeout=wait, uri=True)
