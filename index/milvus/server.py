"""Rows go to a server of Milvus and come back; the door to pymilvus.

What may pass (a server that is gone, busy or restarting) is tried again for a while; then, and for whatever the server
refuses, there is one `StoreError`. Rows are put by their key, so that trying again doubles nothing.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from contextlib import suppress
from functools import partial
from threading import Lock
from typing import Any, TypeVar

import numpy as np

from index.errors import StoreError
from index.milvus.address import MilvusAddress
from index.milvus.tables import MOST_VALUES, NOTHING, Field, Table
from index.protocols import Vectors

PATIENCE = 30.0
SILENCE = 60.0

Row = dict[str, Any]
Sparse = Mapping[int, float]
T = TypeVar("T")

_BATCH_BYTES = 4_000_000
_BATCH_ROWS = 1_000
_RELEASED = ("not loaded", "released", "index not found", "index doesn't exist")
_LISTS = frozenset({"texts", "ints"})
_LONGEST_PAUSE = 2.0
# A small server hangs up on who asks more often whether it is still there, as pymilvus would every ten seconds.
_SELDOM_PINGED = {"grpc.keepalive_time_ms": 300_000, "grpc.keepalive_permit_without_calls": 0}
_PASSING = ("unavailable", "connect", "timeout", "timed out", "deadline", "not ready", "rate limit", "retry", "reset")


class Server:
    """One server with the collections of one store. Safe to share between threads."""

    def __init__(self, address: MilvusAddress, *, patience: float = PATIENCE, silence: float = SILENCE) -> None:
        """`patience` is how long in seconds the server may be gone, `silence` how long it may take over one request."""
        self.address = address
        self._patience = patience
        self._silence = silence
        self._client: Any = None
        self._lock = Lock()

    def has(self, table: str) -> bool:
        """Whether a collection is there."""
        return bool(self._done(lambda client: client.has_collection(self._named(table)), table))

    def create(self, table: Table) -> None:
        """Make a collection that can be searched; nothing is done when it is there already."""
        if self.has(table.name):
            return
        try:
            self._done(lambda client: self._create(client, table), table.name)
        except StoreError:
            # Another who began at the same moment may have been first.
            if not self.has(table.name):
                raise

    def drop(self, table: str) -> None:
        """Remove a collection with all that is in it, if it is there."""
        if self.has(table):
            self._done(lambda client: client.drop_collection(self._named(table)), table)

    def put(self, table: Table, rows: Sequence[Row], beat: Callable[[], None] = lambda: None) -> None:
        """Write rows in batches, each in the place of one with the same key; `beat` is called before each batch."""
        for batch in _batches([_complete(table, row) for row in rows]):
            beat()
            self._done(partial(_upsert, name=self._named(table.name), rows=batch, timeout=self._silence), table.name)

    def delete(self, table: str, where: str) -> None:
        """Remove the rows for which `where` holds."""
        self._done(lambda client: client.delete(self._named(table), filter=where, timeout=self._silence), table)

    def query(self, table: str, where: str, fields: Sequence[str], limit: int | None = None) -> list[Row]:
        """Return the rows for which `where` holds, in no order: not more than a few thousand, or use `scan`."""
        more = {} if limit is None else {"limit": limit}
        return self._done(
            lambda client: [
                dict(row)
                for row in client.query(self._named(table), where, list(fields), timeout=self._silence, **more)
            ],
            table,
        )

    def scan(self, table: str, where: str, fields: Sequence[str]) -> list[Row]:
        """Return the rows for which `where` holds, however many, in no order."""
        return self._done(lambda client: self._scanned(client, table, where, fields), table)

    def search(
        self, table: str, field: str, vector: Vectors | Sparse, where: str, limit: int
    ) -> list[tuple[int, float, int]]:
        """Return (key, inner product, row) of the rows nearest to `vector` for which `where` holds, best first."""
        asked = vector.tolist() if isinstance(vector, np.ndarray) else dict(vector)
        if limit < 1 or not len(asked):
            return []
        options: Row = {"search_params": {"metric_type": "IP"}, "output_fields": ["row"], "timeout": self._silence}
        found = self._done(
            lambda client: client.search(
                self._named(table), [asked], filter=where, limit=limit, anns_field=field, **options
            ),
            table,
        )
        return [(int(hit["number"]), float(hit["distance"]), int(hit["entity"]["row"])) for hit in found[0]]

    def settle(self, tables: Iterable[str], *, purge: bool = False) -> None:
        """Let a small server write out and index what it was given of late, which a large one does by itself.

        `purge` has either let go of what was removed.
        """
        for table in tables:
            self._done(partial(_settle, name=self._named(table), purge=purge, timeout=self._silence), table)

    def _scanned(self, client: Any, table: str, where: str, fields: Sequence[str]) -> list[Row]:
        name = self._named(table)
        found: list[Row] = []
        pages = client.query_iterator(
            name, _BATCH_ROWS, filter=where, output_fields=list(fields), timeout=self._silence
        )
        while page := pages.next():
            found += [dict(row) for row in page]
        pages.close()
        return found

    def _named(self, table: str) -> str:
        return f"{self.address.name}_{table}"

    def _done(self, act: Callable[[Any], T], table: str) -> T:
        """Return what `act` does with a table, tried again while what is wrong may pass."""
        started, pause, is_released = time.monotonic(), 0.1, False
        while True:
            try:
                client = self._connected()
                if is_released:
                    # A small server that was started again serves nothing before it is told to.
                    client.load_collection(self._named(table), timeout=self._silence)
                return act(client)
            except StoreError:
                raise
            except Exception as error:
                # What goes wrong here is another library's, and of every kind: its own, gRPC's, ValueError.
                reason = str(getattr(error, "message", "") or error).split("\n", 1)[0]
                is_released = any(word in reason.lower() for word in _RELEASED)
                if not is_released and not _may_pass(error, reason):
                    raise StoreError("milvus.refused", store=self.address, reason=reason) from error
                if time.monotonic() - started > self._patience:
                    raise StoreError("milvus.unreachable", store=self.address, reason=reason) from error
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    def _connected(self) -> Any:
        with self._lock:
            if self._client is None:
                pymilvus = _pymilvus()
                given = {"token": self.address.token} if self.address.token else {}
                self._client = pymilvus.MilvusClient(
                    uri=self.address.uri, timeout=5.0, grpc_options=_SELDOM_PINGED, **given
                )
            return self._client

    def _create(self, client: Any, table: Table) -> None:
        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        indexes = client.prepare_index_params()
        for place, field in enumerate(table.fields):
            _add(schema, field, is_primary=place == 0)
            if field.kind == "sparse":
                indexes.add_index(field.name, index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
            elif field.kind == "dense":
                index = "FLAT" if field.name == NOTHING else self.address.index
                indexes.add_index(field.name, index_type=index, metric_type="IP")
            elif field.sorted and field.kind not in _LISTS:
                indexes.add_index(field.name, index_type="INVERTED")
        name = self._named(table.name)
        client.create_collection(name, schema=schema, consistency_level="Strong")
        # Each of them would be waited for half a second; loading waits for what is not ready.
        client.create_index(name, indexes, sync=False)
        for field in table.fields:
            if field.sorted and field.kind in _LISTS:
                _index_lists(client, name, field)
        client.load_collection(name)


def among(field: str, values: Iterable[object]) -> str:
    """Return the condition that `field` is one of `values`."""
    return f"{field} in {literal(list(values))}"


def literal(value: object) -> str:
    """Return a text, a number or a list of them as it stands in a condition."""
    return json.dumps(value, ensure_ascii=False)


def _add(schema: Any, field: Field, *, is_primary: bool) -> None:
    kinds = _pymilvus().DataType
    many = {"max_capacity": MOST_VALUES}
    kind, options = {
        "int": (kinds.INT64, {}),
        "text": (kinds.VARCHAR, {"max_length": field.length}),
        "texts": (kinds.ARRAY, {"element_type": kinds.VARCHAR, "max_length": field.length, **many}),
        "ints": (kinds.ARRAY, {"element_type": kinds.INT64, **many}),
        "dense": (kinds.FLOAT_VECTOR, {"dim": field.length}),
        "sparse": (kinds.SPARSE_FLOAT_VECTOR, {}),
    }[field.kind]
    schema.add_field(field.name, kind, is_primary=is_primary, **options)


def _index_lists(client: Any, name: str, field: Field) -> None:
    """Have the server look up lists quickly, where it can: the small one that runs on one machine cannot."""
    indexes = client.prepare_index_params()
    indexes.add_index(field.name, index_type="INVERTED")
    with suppress(_pymilvus().MilvusException):
        client.create_index(name, indexes, sync=False)


def _upsert(client: Any, *, name: str, rows: list[Row], timeout: float) -> None:
    client.upsert(name, rows, timeout=timeout)


def _settle(client: Any, *, name: str, purge: bool, timeout: float) -> None:
    # A large one writes out when it is time, and takes it ill when it is told to more than once in ten seconds.
    if purge or "lite" in client.get_server_version():
        client.flush(name, timeout=timeout)
    if purge:
        client.compact(name, timeout=timeout)


def _complete(table: Table, row: Row) -> Row:
    return row | {NOTHING: [0.0, 0.0]} if table.fields[-1].name == NOTHING else row


def _batches(rows: Sequence[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in rows:
        weight = sum(_weight(value) for value in row.values())
        if batch and (len(batch) >= _BATCH_ROWS or size + weight > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += weight
    if batch:
        yield batch


def _weight(value: object) -> int:
    """Return about how many bytes a value takes in a request."""
    if isinstance(value, str):
        return 4 * len(value) if not value.isascii() else len(value)
    return 8 * len(value) if isinstance(value, Sized) else 8


def _may_pass(error: Exception, reason: str) -> bool:
    from grpc import RpcError

    said = reason.lower()
    return isinstance(error, RpcError | ConnectionError | TimeoutError) or any(word in said for word in _PASSING)


def _pymilvus() -> Any:
    try:
        import pymilvus
    except ImportError as error:
        raise StoreError("store.library", library="pymilvus") from error
    # It tells of each failure by itself, at length, before we know whether it passes.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL + 1)
    return pymilvus
