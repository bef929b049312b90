"""The care of a store: purged of what was removed, saved and put back while others read."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from index.build import BuildReport, remove_documents
from index.errors import EmbedderError, StoreError
from index.store import Store
from index.store.admin import generations, purge
from index.store.backup import backup, restore
from index.store.check import check_store, repair_store

Index = Callable[..., BuildReport]
Write = Callable[..., Path]
ROOT = Path(__file__).parent.parent.parent


def _documents(folder: Path) -> list[str]:
    assert check_store(folder) == []
    with Store.open(folder).snapshot() as snapshot:
        documents = [document.document for document in snapshot.documents()]
        assert sorted({hit.document.document for hit in snapshot.search("opvang", 99)}) == documents
        return documents


def test_purging_leaves_no_word_of_a_removed_document_on_disk(index: Index, write: Write, tmp_path: Path) -> None:
    store = tmp_path / "opslag"
    write("a.txt", "doc-a", "De opvang van zwartkijkers.")
    write("b.txt", "doc-b", "De opvang van asielzoekers.")
    index()
    assert b"zwartkijkers" in _all_bytes(store)
    remove_documents(store, ["doc-a"])
    purge(store)
    assert b"zwartkijkers" not in _all_bytes(store)
    assert b"doc-a" not in _all_bytes(store)
    assert _documents(store) == ["doc-b"]
    assert len(generations(store)[0]) == 1


def test_purging_leaves_no_vector_of_a_removed_document(
    index: Index, write: Write, tmp_path: Path, static_model: Path
) -> None:
    from index.embed import load_embedder

    embedder = load_embedder(str(static_model))
    for place in range(4):
        write(f"{place}.txt", f"doc-{place}", "De opvang.")
    index(embedder)
    remove_documents(tmp_path / "opslag", ["doc-2"])
    purge(tmp_path / "opslag")
    with Store.open(tmp_path / "opslag", embedder).snapshot() as snapshot:
        assert snapshot.manifest.dead == ""
        found = {hit.document.document for hit in snapshot.search("opvang", 9, mode="dense")}
    assert found == {"doc-0", "doc-1", "doc-3"}
    assert check_store(tmp_path / "opslag") == []


def test_purging_while_somebody_reads_leaves_the_reader_what_it_had(index: Index, write: Write, tmp_path: Path) -> None:
    write("a.txt", "doc-a", "De opvang.")
    index()
    store = Store.open(tmp_path / "opslag")
    with store.snapshot() as before:
        remove_documents(tmp_path / "opslag", ["doc-a"])
        purge(tmp_path / "opslag")
        assert [hit.document.document for hit in before.search("opvang", 5)] == ["doc-a"]
    with store.snapshot() as after:
        assert after.search("opvang", 5) == []


def test_words_are_indexed_afresh_when_their_analysis_has_changed(
    index: Index, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.txt", "doc-a", "De opvang.")
    monkeypatch.setattr("index.store.write.TERMS", "0")
    assert index().generation == 1
    monkeypatch.undo()
    assert index().generation == 2
    assert index().generation == 2
    assert _documents(tmp_path / "opslag") == ["doc-a"]


@pytest.mark.parametrize("kind", ["*.idx", "meta.json", "*.faiss"])
def test_damaged_indexes_are_made_again_from_the_texts(
    index: Index, write: Write, tmp_path: Path, static_model: Path, kind: str
) -> None:
    from index.embed import load_embedder

    embedder, store = load_embedder(str(static_model)), tmp_path / "opslag"
    write("a.txt", "doc-a", "De opvang.", "Het water.")
    index(embedder)
    assert repair_store(store, embedder) == []
    [victim] = store.rglob(kind)
    victim.write_bytes(b"stuk")
    if kind == "*.faiss":
        with pytest.raises(EmbedderError, match="gemaakt met model"):
            repair_store(store)
    found = repair_store(store, embedder if kind == "*.faiss" else None)
    assert [Path(damage.part).name for damage in found] == [victim.name]
    assert check_store(store) == []
    with Store.open(store, embedder).snapshot() as snapshot:
        for mode in ("lexical", "dense"):
            assert snapshot.search("opvang", 1, mode=mode)[0].passage.passage == "doc-a#1"


def test_a_damaged_text_is_not_repaired_into_something_else(index: Index, write: Write, tmp_path: Path) -> None:
    write("a.txt", "doc-a", "De opvang.")
    index()
    with closing(sqlite3.connect(tmp_path / "opslag" / "store.sqlite")) as connection:
        connection.execute("UPDATE documents SET text = text || '!'")
        connection.commit()
    with pytest.raises(StoreError, match="doc-a"):
        repair_store(tmp_path / "opslag")


@pytest.mark.parametrize("left", [0.0, 0.3, 0.5])
def test_a_database_cut_short_is_called_beyond_repair_and_a_backup_takes_its_place(
    index: Index, write: Write, tmp_path: Path, left: float
) -> None:
    store = tmp_path / "opslag"
    write("a.txt", "doc-a", "De opvang.")
    index()
    backup(store, tmp_path / "reserve")
    database = store / "store.sqlite"
    database.write_bytes(database.read_bytes()[: int(left * database.stat().st_size)])
    with pytest.raises(StoreError) as caught:
        repair_store(store)
    assert caught.value.key == "store.beyond_repair"
    assert "\n" not in str(caught.value)
    restore(tmp_path / "reserve", store)
    assert _documents(store) == ["doc-a"]


def test_a_saved_store_comes_back_with_its_generations_and_readers_notice(
    index: Index, write: Write, tmp_path: Path
) -> None:
    store, saved = tmp_path / "opslag", tmp_path / "reserve kopie é"
    write("a.txt", "doc-a", "De opvang.")
    index()
    write("b.txt", "doc-b", "De opvang.")
    index()
    backup(store, saved)
    assert _documents(saved) == ["doc-a", "doc-b"]
    remove_documents(store, ["doc-a", "doc-b"])
    write("c.txt", "doc-c", "De opvang.")
    index()
    remove_documents(store, ["doc-a", "doc-b"])
    reader = Store.open(store)
    with reader.snapshot() as during:
        shown, replaced = restore(saved, store)
        assert replaced is not None and (shown.documents, replaced.documents) == (2, 1)
        assert [document.document for document in during.documents()] == ["doc-c"]
        assert [hit.document.document for hit in during.search("opvang", 5)] == ["doc-c"]
    with reader.snapshot() as after:
        assert [document.document for document in after.documents()] == ["doc-a", "doc-b"]
    assert _documents(store) == ["doc-a", "doc-b"]
    assert generations(store) == generations(saved)
    assert index().counts == {"new": 1, "changed": 0, "unchanged": 2, "failed": 0, "removed": 0}
    assert _documents(store) == ["doc-a", "doc-b", "doc-c"]


def test_a_store_is_restored_where_there_was_none(index: Index, write: Write, tmp_path: Path) -> None:
    write("a.txt", "doc-a", "De opvang.")
    index()
    backup(tmp_path / "opslag", tmp_path / "kopie")
    shown, replaced = restore(tmp_path / "kopie", tmp_path / "elders" / "nieuw")
    assert (shown.documents, replaced.documents if replaced else 0) == (1, 0)
    assert _documents(tmp_path / "elders" / "nieuw") == ["doc-a"]


def test_a_backup_is_never_written_over_other_files(index: Index, write: Write, tmp_path: Path) -> None:
    write("a.txt", "doc-a", "De opvang.")
    index()
    with pytest.raises(StoreError, match="niet leeg"):
        backup(tmp_path / "opslag", tmp_path / "bron")


def test_a_folder_without_a_backup_is_named_as_such(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nergens"):
        with pytest.raises(StoreError, match="geen reservekopie"):
            restore(folder, tmp_path / "opslag")
    assert not (tmp_path / "opslag").exists()


def test_a_damaged_backup_is_not_restored(index: Index, write: Write, tmp_path: Path) -> None:
    write("a.txt", "doc-a", "De opvang.")
    index()
    backup(tmp_path / "opslag", tmp_path / "kopie")
    [victim] = (tmp_path / "kopie").rglob("*.idx")
    victim.write_bytes(victim.read_bytes()[:-1])
    with pytest.raises(StoreError, match="beschadigd"):
        restore(tmp_path / "kopie", tmp_path / "opslag")
    assert _documents(tmp_path / "opslag") == ["doc-a"]


@pytest.mark.parametrize(
    "point",
    [
        ("restore", "index.store.backup:_copy_file", "after"),
        ("restore", "index.store.backup:remove_leftovers", "before"),
        ("purge", "index.store.write:write_manifest", "after"),
        ("purge", "index.store.write:drop_old_generations", "before"),
        ("purge", "index.store.admin:remove_leftovers", "before"),
        ("backup", "index.store.backup:_copy_file", "after"),
    ],
)
def test_a_crash_leaves_the_old_or_the_new_and_doing_it_again_completes(
    index: Index, write: Write, tmp_path: Path, point: tuple[str, str, str]
) -> None:
    action, step, moment = point
    store, saved, second = tmp_path / "opslag", tmp_path / "kopie", tmp_path / "kopie2"
    write("a.txt", "doc-a", "De opvang.")
    index()
    backup(store, saved)
    write("b.txt", "doc-b", "De opvang.")
    index()
    call = {
        "restore": f"backup.restore(Path({str(saved)!r}), Path({str(store)!r}))",
        "purge": f"admin.purge(Path({str(store)!r}))",
        "backup": f"backup.backup(Path({str(store)!r}), Path({str(second)!r}))",
    }[action]
    module, name = step.split(":")
    setup = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from pathlib import Path; from crashing import die_at; from index.store import admin, backup\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    fatal = f"{setup}die_at({module!r}, {name!r}, {moment!r}, 1)\n{call}"
    died = subprocess.run([sys.executable, "-c", fatal], env=environment, check=False).returncode
    assert died == -signal.SIGKILL
    assert _documents(store) in (["doc-a"], ["doc-a", "doc-b"])
    assert not second.exists()
    assert subprocess.run([sys.executable, "-c", setup + call], env=environment, check=False).returncode == 0
    assert _documents(store) == (["doc-a"] if action == "restore" else ["doc-a", "doc-b"])
    if action == "backup":
        assert _documents(second) == ["doc-a", "doc-b"]


def _all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
