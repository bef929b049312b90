"""Readers of a store in Milvus while it changes: whole generations, or a sentence; and nothing of what was removed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

import pytest

import rag.assistant
from index.errors import StoreError
from index.milvus.address import MilvusAddress
from index.milvus.server import Server
from index.milvus.state import read_state
from index.milvus.store import MilvusStore
from index.milvus.tables import DOCUMENTS, FIXED, SOURCES, TEXTS, counts_table
from index.milvus.write import MilvusWriter
from index.store.rows import Source
from index.store.snapshot import Snapshot
from index.values import Hit, Reading
from rag.assistant import Assistant
from rag.evidence import Evidence, gather

Make = Callable[..., Reading]
Addresses = Callable[[], MilvusAddress]

pytestmark = pytest.mark.milvus


def _rows(server: Server, table: str) -> int:
    return len(server.scan(table, "generation >= 0", ["generation"]))


def test_nothing_of_a_removed_document_stays_on_the_server(new_address: Addresses, make_reading: Make) -> None:
    address = new_address()
    with MilvusWriter(address) as one:
        one.put(make_reading("zeldzaamheid", ["De kwakzalverij van de school is dicht."]), "/bron/zeldzaamheid")
        one.put(make_reading("b", ["Het water stijgt."]), "/bron/b")
        one.attach(Source("/bron/zeldzaamheid", "zeldzaamheid", "1", "2", "zeldzaamheid"))
        one.commit()
    with MilvusWriter(address, removes_only=True) as one:
        assert one.remove("zeldzaamheid")
        one.commit()
    server = Server(address)
    state = read_state(server)
    for table in (DOCUMENTS.name, TEXTS.name, state.passages):
        assert _rows(server, table) == 1
    assert _rows(server, SOURCES.name) == 0
    assert not [
        row for row in server.scan(counts_table(state.table).name, "total >= 0", ["name", "total"]) if row["total"] < 1
    ]
    for table in (*(table.name for table in FIXED), state.passages, counts_table(state.table).name):
        for row in server.scan(table, "generation >= 0", ["*"]):
            assert "kwakzalver" not in str(row) and "zeldzaamheid" not in str(row)


def test_readers_see_whole_generations_while_a_writer_works(
    new_address: Addresses, make_reading: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.milvus.write.GRACE", 3.0)
    address = new_address()
    names = [f"d{number}" for number in range(6)]

    def put(version: str) -> None:
        with MilvusWriter(address) as one:
            for name in names:
                one.put(make_reading(name, [f"De school {version} is dicht."]), f"/bron/{name}")
            one.commit()

    put("nul")
    store = MilvusStore.open(address)
    writing = threading.Thread(target=lambda: [put(version) for version in ("een", "twee")])
    writing.start()
    seen: set[str] = set()
    while writing.is_alive():
        with store.snapshot() as snapshot, suppress(StoreError):
            # Who is slower than the grace is told so, and is never given a part.
            hits = snapshot.search("school", 20, mode="lexical")
            versions = {hit.passage.text.split()[-3] for hit in hits}
            assert (len(hits), len(versions)) == (6, 1)
            seen |= versions
    writing.join()
    assert {"nul", "twee"} <= seen | {hit.passage.text.split()[-3] for hit in store.snapshot().search("school", 1)}


def test_a_reader_who_is_slower_than_the_grace_is_told_so_and_given_no_part(
    new_address: Addresses, make_reading: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.milvus.current.GRACE", 0.0)
    address = new_address()
    with MilvusWriter(address) as one:
        one.put(make_reading("d", ["De school is dicht."]), "/bron/d")
        one.commit()
    store = MilvusStore.open(address)
    with store.snapshot() as slow:
        assert slow.search("school", 5, mode="lexical")
        with MilvusWriter(address) as one:
            one.put(make_reading("d", ["De school is open."]), "/bron/d")
            one.commit()
        reads: list[Callable[[], object]] = [
            lambda: slow.search("school", 5, mode="lexical"),
            slow.documents,
            lambda: list(slow.wholes()),
            slow.files,
        ]
        for read in reads:
            with pytest.raises(StoreError) as said:
                read()
            assert said.value.key == "milvus.moved_on"
    with store.snapshot() as next_one:
        assert [hit.passage.text[-5:] for hit in next_one.search("school", 5, mode="lexical")] == ["open."]


def test_a_question_that_was_overtaken_is_answered_from_the_newest_by_itself(
    new_address: Addresses, make_reading: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.milvus.current.GRACE", 0.0)
    address = new_address()

    def put(version: str) -> None:
        with MilvusWriter(address) as one:
            one.put(make_reading("d", [f"De school is {version}."]), "/bron/d")
            one.commit()

    put("dicht")
    changes = iter(["open"])

    def overtaken(snapshot: Snapshot, hits: Sequence[Hit]) -> Evidence:
        for version in changes:
            put(version)
        assert snapshot.documents()
        return gather(snapshot, hits)

    monkeypatch.setattr(rag.assistant, "gather", overtaken)
    answer = Assistant(MilvusStore.open(address)).ask("Hoe staat het met de school?")
    assert [sentence.text for sentence in answer.sentences] == ["De school is open."]
    assert [step.step for step in answer.trace].count("question") == 1
