"""The files and the generations of a store in a folder; what every kind of store promises is in `test_kept`."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.errors import StoreError
from index.protocols import Embedder
from index.store import Store
from index.store.admin import generations, rollback
from index.store.check import check_store
from index.store.loaded import Loaded
from index.store.write import Writer
from index.values import Reading

Make = Callable[..., Reading]
Put = Callable[..., int]
Found = Callable[[Store, str], list[str]]


def test_many_small_commits_keep_few_vector_files_and_every_vector(
    folder: Path, make_reading: Make, embedder: Embedder, put: Put
) -> None:
    store = Store.create(folder, embedder)
    for place in range(20):
        put(folder, make_reading(f"d{place:02}", ["De opvang."] * 3), embedder=embedder)
    for place in range(0, 20, 3):
        with Writer(folder, embedder) as writer:
            writer.remove(f"d{place:02}")
            writer.commit()
    with store.snapshot() as snapshot:
        assert len(snapshot.manifest.segments) <= 5
        found = {hit.document.document for hit in snapshot.search("opvang", 100, mode="dense")}
        assert found == {f"d{place:02}" for place in range(20) if place % 3}
    assert check_store(folder) == []


def test_a_store_that_was_made_anew_in_the_same_place_is_seen(
    folder: Path, make_reading: Make, put: Put, found: Found
) -> None:
    store = Store.create(folder)
    put(folder, make_reading("x", ["De opvang."]))
    assert found(store, "opvang water") == ["x#1"]
    shutil.rmtree(folder)
    Store.create(folder)
    put(folder, make_reading("y", ["Het water."]))
    assert found(store, "opvang water") == ["y#1"]


def test_a_snapshot_keeps_its_generation_while_many_others_are_written(
    folder: Path, make_reading: Make, embedder: Embedder, put: Put
) -> None:
    store = Store.create(folder, embedder)
    put(folder, make_reading("x", ["De opvang is vol."]), embedder=embedder)
    with store.snapshot() as before:
        for place in range(6):
            put(folder, make_reading("x", [f"De opvang is {place} keer leeg."]), embedder=embedder)
        assert [hit.passage.text for hit in before.search("opvang", 5)] == [
            "Vraag 1: hoe staat het?\nDe opvang is vol."
        ]
        assert before.reading("x").passages[0].answer == "De opvang is vol."
        with store.snapshot() as after:
            assert after.generation > before.generation
            assert after.reading("x").passages[0].answer == "De opvang is 5 keer leeg."


def test_a_generation_that_is_dropped_while_it_is_opened_makes_way_for_the_newest(
    folder: Path, make_reading: Make, monkeypatch: pytest.MonkeyPatch, put: Put, found: Found
) -> None:
    Store.create(folder)
    put(folder, make_reading("x", ["De opvang."]))
    opened = Loaded._open

    def opened_late(*arguments: Any) -> Loaded:
        monkeypatch.setattr(Loaded, "_open", staticmethod(opened))
        put(folder, make_reading("y", ["De straf."]), keep=1)
        return opened(*arguments)

    monkeypatch.setattr(Loaded, "_open", staticmethod(opened_late))
    assert found(Store(folder), "opvang straf") == ["x#1", "y#1"]


def test_old_generations_and_their_files_and_words_are_let_go(folder: Path, make_reading: Make, put: Put) -> None:
    Store.create(folder)
    for place in range(5):
        put(folder, make_reading("x", [f"Woord{place}"]), keep=2)
    kept, current = generations(folder)
    assert [manifest.generation for manifest in kept] == [4, 5]
    assert current == 5
    assert len(list((folder / "lexical").iterdir())) == 2
    connection = sqlite3.connect(folder / "store.sqlite")
    texts = [text for (text,) in connection.execute("SELECT text FROM documents ORDER BY row")]
    connection.close()
    assert len(texts) == 2
    assert "Woord3" in texts[0]
    assert "Woord4" in texts[1]


def test_rolling_back_shows_what_was_and_can_be_undone_until_the_next_change(
    folder: Path, make_reading: Make, embedder: Embedder, put: Put, found: Found
) -> None:
    store = Store.create(folder, embedder)
    first = put(folder, make_reading("x", ["De opvang is vol."]), embedder=embedder)
    second = put(folder, make_reading("x", ["De school is vol."]), make_reading("y", ["Water."]), embedder=embedder)
    rollback(folder, first)
    assert found(store, "opvang school water") == ["x#1"]
    assert found(store, "opvang") == ["x#1"]
    assert check_store(folder) == []
    rollback(folder, second)
    assert found(store, "school") == ["x#1"]
    rollback(folder, first)
    third = put(folder, make_reading("z", ["De straf."]), embedder=embedder)
    assert third > second
    assert sorted(found(store, "opvang school water straf")) == ["x#1", "z#1"]
    assert check_store(folder) == []
    with pytest.raises(StoreError, match="store generations"):
        rollback(folder, second)
