"""What the desk did goes in, one JSON line each comes out: to standard error, or to a file a day that is kept a while.

No line holds a question, an answer or a passage, unless the operator turned the questions on.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import TextIO

FOLDER = "log"


class Journal:
    """Writes lines to `folder`/log/YEAR-MONTH-DAY.jsonl and removes those older than `days`; without a folder to
    standard error; nothing at all when it is not `on`."""

    def __init__(self, folder: Path | None = None, days: int = 14, *, on: bool = True, questions: bool = False) -> None:
        self.questions = questions
        self._on = on
        self._folder = folder / FOLDER if folder else None
        self._days = days
        self._lock = Lock()
        self._day: date | None = None
        self._file: TextIO | None = None

    def note(self, event: str, **what: object) -> None:
        """Write a line: when (UTC), which event, and what is known about it; what is None is left out."""
        if not self._on:
            return
        now = datetime.now(UTC)
        known = {name: value for name, value in what.items() if value is not None}
        line = {"time": now.isoformat(timespec="milliseconds"), "event": event, **known}
        with self._lock:
            stream = self._stream(now.date())
            stream.write(json.dumps(line, default=str) + "\n")
            stream.flush()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file, self._day = None, None

    def _stream(self, day: date) -> TextIO:
        if self._folder is None:
            return sys.stderr
        if self._file is None or day != self._day:
            if self._file is not None:
                self._file.close()
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._forget(self._folder, day)
            handle = os.open(self._folder / f"{day.isoformat()}.jsonl", os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
            self._file, self._day = os.fdopen(handle, "a", encoding="utf-8"), day
        return self._file

    def _forget(self, folder: Path, today: date) -> None:
        """Remove the files of the days that are over; files of other names are none of ours."""
        first = today - timedelta(days=self._days - 1)
        for path in folder.glob("*.jsonl"):
            try:
                day = date.fromisoformat(path.stem)
            except ValueError:
                continue
            if day < first:
                path.unlink(missing_ok=True)
