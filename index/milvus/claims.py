"""Several machines that index the same files share them: each says which it works at, and the others pass those over.

A claim only saves work. Two who claim a file at the same moment both read it, and the commit of the second finds that
it stands there already. A claim whose owner gives no sign of life is taken over.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from index.milvus.packed import path_digest
from index.milvus.server import Server, among
from index.milvus.state import LEASE, is_dead
from index.milvus.tables import STATE

_CLAIM = "claim"


class Claims:
    """The files that one writer works at, and what it saw of those of others."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._me = uuid4().hex
        self._mine: set[str] = set()
        self._seen: dict[str, tuple[str, float]] = {}
        self._beats = 0

    def take(self, files: Sequence[Path]) -> tuple[list[Path], list[Path]]:
        """Claim what nobody works at; return those files, and the others."""
        keys = {f"{_CLAIM}/{path_digest(os.path.abspath(path))}": path for path in files}  # noqa: PTH100
        rows = self._server.query(STATE.name, among("key", keys), ["key", "value"]) if keys else []
        taken = {row["key"] for row in rows if self._is_held(row["key"], row["value"])}
        mine = [key for key in keys if key not in taken]
        self._mine.update(mine)
        self._write()
        return [keys[key] for key in mine], [keys[key] for key in keys if key in taken]

    def release(self) -> None:
        """Let go of all: what they hold is committed."""
        keys = sorted(self._mine)
        for start in range(0, len(keys), 1_000):
            self._server.delete(STATE.name, among("key", keys[start : start + 1_000]))
        self._mine.clear()

    def _write(self) -> None:
        self._beats += 1
        owner = {"host": socket.gethostname(), "process": os.getpid(), "writer": self._me, "beats": self._beats}
        value = json.dumps(owner)
        rows = [{"key": key, "kind": _CLAIM, "generation": 0, "value": value} for key in sorted(self._mine)]
        self._server.put(STATE, rows)

    def _is_held(self, key: str, value: str) -> bool:
        """Whether another works at a file, as far as can be told."""
        if json.loads(value)["writer"] == self._me or is_dead(value):
            return False
        before, since = self._seen.get(key, ("", 0.0))
        if value != before:
            self._seen[key] = (value, time.monotonic())
            return True
        return time.monotonic() - since <= LEASE
