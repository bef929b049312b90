"""Stores of an earlier format, and of a later one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from index.build import BuildReport
from index.errors import StoreError
from index.store import Store
from index.store.check import check_store
from index.store.rows import FORMAT

Index = Callable[..., BuildReport]
FORMAT_1 = Path(__file__).parent / "data" / "format-1.sql"


@pytest.fixture
def old_store(tmp_path: Path) -> Path:
    """A store of format 1 as it was written then: one document of two passages, and one removed."""
    store = tmp_path / "opslag"
    store.mkdir()
    with closing(sqlite3.connect(store / "store.sqlite")) as connection:
        connection.executescript(FORMAT_1.read_text(encoding="utf-8"))
    return store


def test_an_older_store_is_refused_with_the_command_that_converts_it(old_store: Path, index: Index) -> None:
    with pytest.raises(StoreError, match="vraagbaak index --rebuild"):
        Store.open(old_store)
    with pytest.raises(StoreError, match="vraagbaak index --rebuild"):
        index(paths=())


def test_rebuilding_converts_an_older_store_without_its_source_files(old_store: Path, index: Index) -> None:
    report = index(paths=(), rebuild=True)
    assert (report.documents, report.passages) == (1, 2)
    # Of the earlier generation only the texts are at hand here.
    assert [damage for damage in check_store(old_store) if damage.generation == report.generation] == []
    with Store.open(old_store).snapshot() as snapshot:
        assert snapshot.search("opvang", 1)[0].passage.passage == "doc-a#1"
        assert snapshot.search("straf", 1) == []


def test_a_damaged_older_store_is_not_converted(old_store: Path, index: Index) -> None:
    with closing(sqlite3.connect(old_store / "store.sqlite")) as connection:
        connection.execute("UPDATE documents SET text = text || '!'")
        connection.commit()
    with pytest.raises(StoreError, match="doc-a"):
        index(paths=(), rebuild=True)


def test_a_store_of_a_later_version_is_left_alone(old_store: Path, index: Index) -> None:
    with closing(sqlite3.connect(old_store / "store.sqlite")) as connection:
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    for rebuild in (False, True):
        with pytest.raises(StoreError, match=rf"{FORMAT + 1}.*Werk het programma bij"):
            index(paths=(), rebuild=rebuild)


def test_words_of_another_version_are_refused_until_they_are_indexed_again(
    index: Index, tmp_path: Path, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.txt", "doc-a", "De opvang.")
    index()
    monkeypatch.setattr("index.store.manifest.TERMS", "later")
    with pytest.raises(StoreError, match="vraagbaak index --rebuild"):
        Store.open(tmp_path / "opslag")
