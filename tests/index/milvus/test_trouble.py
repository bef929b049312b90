"""A server of Milvus that is gone, dies or stands still: one sentence, and nothing lost or doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

import pytest

from index.errors import StoreError
from index.milvus.address import MilvusAddress
from index.milvus.server import Server
from index.milvus.state import read_state
from index.milvus.store import MilvusStore
from index.milvus.tables import DOCUMENTS
from index.milvus.write import MilvusWriter
from index.store.snapshot import Snapshot
from index.values import Reading
from index.where import open_store

Make = Callable[..., Reading]
Addresses = Callable[[], MilvusAddress]

pytestmark = pytest.mark.milvus


class Killable(Protocol):
    """The server of the tests."""

    def start(self) -> None: ...

    def kill(self) -> None: ...

    def stand_still(self) -> None: ...

    def go_on(self) -> None: ...


def _contents(snapshot: Snapshot) -> dict[str, tuple[str, int]]:
    names = [document.document for document in snapshot.documents()]
    return {name: (snapshot.text(name) or "", len(snapshot.passages(name))) for name in names}


def _rows(server: Server, table: str) -> int:
    return len(server.scan(table, "generation >= 0", ["generation"]))


def test_a_server_that_is_killed_and_comes_back_in_the_middle_loses_and_doubles_nothing(
    milvus: Killable, new_address: Addresses, make_reading: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.milvus.server.PATIENCE", 90.0)
    address = new_address()
    readings = [make_reading(f"d{number}", [f"De school {number} is dicht."] * 3) for number in range(30)]
    struck = threading.Event()
    put = Server.put

    def striking(self: Server, table, rows, beat=lambda: None) -> None:  # type: ignore[no-untyped-def]
        if table.name.startswith("passages") and not struck.is_set():
            struck.set()
            milvus.kill()
            threading.Timer(1.0, milvus.start).start()
        put(self, table, rows, beat)

    monkeypatch.setattr(Server, "put", striking)
    with MilvusWriter(address) as one:
        one._server._patience = 90.0
        for reading in readings[:10]:
            one.put(reading, f"/bron/{reading.document.document}")
        one.commit(partial=True)
        for reading in readings[10:]:
            one.put(reading, f"/bron/{reading.document.document}")
        one.commit()
    assert struck.is_set()
    with open_store(address).snapshot() as snapshot:
        assert _contents(snapshot) == {r.document.document: (r.text, 3) for r in readings}
    server = Server(address)
    assert (_rows(server, DOCUMENTS.name), _rows(server, read_state(server).passages)) == (30, 90)


def test_a_server_that_is_gone_is_told_in_one_sentence() -> None:
    nobody = MilvusAddress("http://127.0.0.1:9", "weg")
    store = MilvusStore(nobody)
    store._server._patience = 1.0
    with pytest.raises(StoreError) as told:
        store.snapshot()
    assert told.value.key == "milvus.unreachable"
    assert "\n" not in str(told.value)


def test_a_server_that_stands_still_is_told_and_asked_again_when_it_goes_on(
    milvus: Killable, new_address: Addresses, make_reading: Make
) -> None:
    address = new_address()
    with MilvusWriter(address) as one:
        one.put(make_reading("a", ["De school is dicht."]), "/bron/a")
        one.commit()
    store = MilvusStore.open(address)
    store._server._patience = store._server._silence = 1.0
    milvus.stand_still()
    try:
        with pytest.raises(StoreError) as told:
            store.snapshot()
    finally:
        milvus.go_on()
    assert told.value.key == "milvus.unreachable"
    with store.snapshot() as snapshot:
        assert snapshot.search("school", 5, mode="lexical") != []
    slow = MilvusWriter(address)
    with slow:
        slow.put(make_reading("b", ["Het water stijgt."]), "/bron/b")
        milvus.stand_still()
        threading.Timer(2.0, milvus.go_on).start()
        slow.commit()
    with store.snapshot() as snapshot:
        assert sorted(_contents(snapshot)) == ["a", "b"]
