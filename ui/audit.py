"""The acts of administrators, and who came in, go in; one JSON line each goes into a file that is only added to."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

FILE = "audit.jsonl"


class Audit:
    """The audit log in `folder`, made with its first line; nobody else on the machine can read it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._lock = Lock()

    def note(self, who: str, act: str, **what: object) -> None:
        """Add a line: when (UTC), who (a user or key; empty for this machine's own), which act, and on what."""
        line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "who": who, "act": act, **what}
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self.path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
