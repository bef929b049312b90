"""Which generation of a store in Milvus is switched on, which rows it does without, and whose turn it is to write.

A generation is one row, and the newest one counts: writing that row is the switch, and nothing is ever changed in it.
Rows that it replaced stay for a while for readers who began before it, named as dropped, and are then removed.

Milvus has no locks. Who wants to write puts a ticket and looks: only one who sees no other ticket may go on, and who
does takes its own away and tries again. Reads see all that was written before them, so that never two go on.
"""

from __future__ import annotations

import json
import os
import random
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import uuid4

from index.errors import StoreError
from index.milvus.server import Row, Server, literal
from index.milvus.tables import FIXED, STATE, counts_table
from index.store.manifest import EmbedderMark, Manifest

FORMAT = 1
LEASE = 60.0  # seconds without a sign of life after which a writer is taken for dead
_GENERATION, _DROPPED, _TICKET = "generation", "dropped", "ticket"
_LONGEST_WAIT = 600.0
# What of a manifest says anything about a store without files.
_MANIFEST = frozenset(("generation", "created", "partial", "embedder", "encoding", "terms", "documents", "passages"))


@dataclass(frozen=True, slots=True)
class State:
    """What was switched on.

    `rows` and `numbers` are the last ones given out, `table` is the number of the collections of passages and counts,
    `average` the length of each field of a passage there.
    """

    manifest: Manifest = field(default_factory=lambda: Manifest(0))
    rows: int = 0
    numbers: int = 0
    table: int = 0
    average: Mapping[str, float] = field(default_factory=dict)

    @property
    def passages(self) -> str:
        """The name of the collection of passages."""
        return f"passages_{self.table}"

    @property
    def dimensions(self) -> int:
        """The length of a vector of meaning, 0 when there are none."""
        return self.manifest.embedder.dimensions if self.manifest.embedder else 0


def prepare(server: Server) -> None:
    """Make the collections of an empty store, where they are missing."""
    for table in FIXED:
        server.create(table)


def is_prepared(server: Server) -> bool:
    """Whether there is a store."""
    return server.has(STATE.name)


def read_state(server: Server) -> State:
    """Return what is switched on; raise `StoreError` when it is of another format."""
    rows = server.query(STATE.name, f"kind == {literal(_GENERATION)}", ["generation", "value"])
    if not rows:
        return State()
    data: dict[str, Any] = json.loads(max(rows, key=lambda row: int(row["generation"]))["value"])
    if data.pop("format") != FORMAT:
        raise StoreError("milvus.format", store=server.address)
    manifest = data.pop("manifest")
    mark = manifest["embedder"]
    return State(Manifest(**manifest | {"embedder": EmbedderMark(**mark) if mark else None}), **data)


def write_state(server: Server, state: State) -> None:
    """Switch a generation on."""
    data = {**asdict(state), "format": FORMAT}
    data["manifest"] = {name: value for name, value in data["manifest"].items() if name in _MANIFEST}
    number = state.manifest.generation
    row = _row(f"{_GENERATION}/{number}", _GENERATION, number, json.dumps(data, ensure_ascii=False))
    server.put(STATE, [row])
    # The one before stays for who reads both at this moment.
    server.delete(STATE.name, f"kind == {literal(_GENERATION)} and generation < {number - 1}")


def drop_rows(server: Server, rows: list[int], generation: int) -> None:
    """Name the rows that `generation` and later ones do without."""
    moment = str(time.time())
    server.put(STATE, [_row(f"{_DROPPED}/{row}", _DROPPED, generation, f"{row} {moment}") for row in rows])


def dropped_rows(server: Server, generation: int) -> frozenset[int]:
    """Return the rows that are there and that `generation` does without."""
    found = server.scan(STATE.name, f"kind == {literal(_DROPPED)} and generation <= {generation}", ["value"])
    return frozenset(int(row["value"].split()[0]) for row in found)


def long_dropped(server: Server, generation: int, seconds: float) -> list[int]:
    """Return the rows that `generation` does without, and that were dropped at least `seconds` ago."""
    found = server.scan(STATE.name, f"kind == {literal(_DROPPED)} and generation <= {generation}", ["value"])
    pairs = [row["value"].split() for row in found]
    # A clock that runs ahead on another machine must not keep a removed document for ever.
    return sorted(int(row) for row, moment in pairs if abs(time.time() - float(moment)) >= seconds)


def forget_dropped(server: Server, rows: list[int]) -> None:
    """Name these rows no longer: they are gone."""
    for start in range(0, len(rows), 1_000):
        keys = [f"{_DROPPED}/{row}" for row in rows[start : start + 1_000]]
        server.delete(STATE.name, f"key in {literal(keys)}")


def remove_unseen(server: Server, state: State) -> None:
    """Remove what a writer that died had written for a generation that never came."""
    newer = f"generation > {state.manifest.generation}"
    tables = [table.name for table in FIXED if table is not STATE]
    if state.table:
        tables += [state.passages, counts_table(state.table).name]
    for table in tables:
        server.delete(table, newer)
    server.delete(STATE.name, f"kind == {literal(_DROPPED)} and {newer}")


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to write, while `beat` says so."""

    beat: Callable[[], None]


@contextmanager
def turn(server: Server, *, wait: float = _LONGEST_WAIT) -> Iterator[Turn]:
    """Wait until nobody else writes, and be the only one until the end of the block.

    Raises `StoreError` when another has not finished after `wait` seconds, or when the turn was lost: to one who
    waited for `LEASE` seconds in vain for a sign of life.
    """
    key = f"{_TICKET}/{uuid4().hex}"
    _take(server, key, wait)
    beats = 0
    last = time.monotonic()

    def beat() -> None:
        nonlocal beats, last
        if not server.query(STATE.name, f"key == {literal(key)}", ["key"]):
            raise StoreError("milvus.lost_turn", store=server.address)
        if time.monotonic() - last > LEASE / 6:
            beats, last = beats + 1, time.monotonic()
            server.put(STATE, [_ticket(key, beats)])

    try:
        yield Turn(beat)
    finally:
        server.delete(STATE.name, f"key == {literal(key)}")


def _take(server: Server, key: str, wait: float) -> None:
    started = time.monotonic()
    seen: dict[str, tuple[str, float]] = {}
    while True:
        server.put(STATE, [_ticket(key, 0)])
        others = [row for row in _tickets(server) if row["key"] != key]
        if not others:
            return
        server.delete(STATE.name, f"key == {literal(key)}")
        for row in others:
            value, since = seen.get(row["key"], ("", 0.0))
            if value != row["value"]:
                seen[row["key"]] = (row["value"], time.monotonic())
            elif time.monotonic() - since > LEASE:
                server.delete(STATE.name, f"key == {literal(row['key'])}")
            if is_dead(row["value"]):
                server.delete(STATE.name, f"key == {literal(row['key'])}")
        if time.monotonic() - started > wait:
            raise StoreError("milvus.busy", store=server.address, writer=json.loads(others[0]["value"])["host"])
        time.sleep(random.uniform(0.05, 0.3))


def _tickets(server: Server) -> list[Row]:
    return server.query(STATE.name, f"kind == {literal(_TICKET)}", ["key", "value"])


def _ticket(key: str, beats: int) -> Row:
    value = {"host": socket.gethostname(), "process": os.getpid(), "beats": beats}
    return _row(key, _TICKET, 0, json.dumps(value))


def is_dead(value: str) -> bool:
    """Whether a ticket or a claim is of a process of this machine that is no more."""
    ticket = json.loads(value)
    if ticket["host"] != socket.gethostname():
        return False
    try:
        os.kill(ticket["process"], 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _row(key: str, kind: str, generation: int, value: str) -> Row:
    return {"key": key, "kind": kind, "generation": generation, "value": value}
