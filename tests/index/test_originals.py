"""The source files a store keeps: each once, for as long as a document of a kept generation was read from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import BuildReport, remove_documents
from index.errors import StoreError
from index.store import Store
from index.store.admin import purge, rollback
from index.store.backup import backup, restore
from index.store.check import check_store, repair_store

Index = Callable[..., BuildReport]
Write = Callable[..., Path]


def _kept(store: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in (store / "originals").rglob("*") if path.is_file())


def _original(store: Path, document: str) -> bytes | None:
    with Store.open(store).snapshot() as snapshot:
        path = snapshot.original(document)
        return path.read_bytes() if path else None


def test_each_source_file_is_kept_once_and_handed_out(index: Index, write: Write, tmp_path: Path) -> None:
    one = write("a.txt", "doc-a", "De opvang.").read_bytes()
    write("b.TXT", "doc-b", "De straf.")
    (tmp_path / "bron" / "kopie.txt").write_bytes(one)
    index()
    store = tmp_path / "opslag"
    assert len(_kept(store)) == 2
    assert _original(store, "doc-a") == one
    assert _original(store, "onbekend") is None
    assert {path.suffix for path in (store / "originals").rglob("*.*")} == {".txt"}


def test_no_source_file_is_kept_where_that_is_not_wanted(index: Index, write: Write, tmp_path: Path) -> None:
    write("a.txt", "doc-a", "De opvang.")
    index(keep_sources=False)
    assert not (tmp_path / "opslag" / "originals").exists()
    assert _original(tmp_path / "opslag", "doc-a") is None


def test_removal_and_purge_take_the_source_file_along(index: Index, write: Write, tmp_path: Path) -> None:
    store = tmp_path / "opslag"
    write("a.txt", "doc-a", "De opvang van zwartkijkers.")
    kept = write("b.txt", "doc-b", "De straf.").read_bytes()
    index()
    remove_documents(store, ["doc-a"])
    assert len(_kept(store)) == 2  # the generation before still has it
    purge(store)
    assert _kept(store) == [kept]


def test_a_changed_file_is_kept_as_it_is_and_as_it_was_while_its_generation_lives(
    index: Index, write: Write, tmp_path: Path
) -> None:
    store = tmp_path / "opslag"
    first = write("a.txt", "doc-a", "De opvang.").read_bytes()
    index()
    second = write("a.txt", "doc-a", "De opvang is vol.").read_bytes()
    index()
    assert _original(store, "doc-a") == second
    rollback(store, 1)
    assert _original(store, "doc-a") == first
    rollback(store, 2)
    for answer in ("Een.", "Twee.", "Drie."):
        write("a.txt", "doc-a", answer)
        index()
    assert first not in _kept(store)


def test_a_file_of_a_failed_run_is_not_left_behind(index: Index, write: Write, tmp_path: Path) -> None:
    write("a.txt", "doc-a", "De opvang.")
    index()
    write("b.txt", "doc-b", "De straf.")

    def fail(*_: object) -> None:
        raise RuntimeError("halverwege")

    with pytest.raises(RuntimeError):
        index(on_file=fail)
    assert len(_kept(tmp_path / "opslag")) == 1


def test_everything_is_read_again_from_the_kept_files_when_the_reader_has_changed(
    index: Index, write: Write, tmp_path: Path
) -> None:
    write("a.txt", "doc-a", "De opvang.")
    write("b.txt", "doc-b", "De straf.")
    index(encoding="een")
    for path in (tmp_path / "bron").iterdir():
        path.unlink()
    report = index(encoding="twee", rebuild=True, paths=())
    assert [Path(file.path).name for file in report.files] == ["a.txt", "b.txt"]
    assert report.counts["changed"] == 2
    with Store.open(tmp_path / "opslag").snapshot() as snapshot:
        assert snapshot.search("opvang", 1)[0].document.source.endswith("a.txt")
    assert index(encoding="twee", rebuild=True, paths=()).files == ()


def test_a_reader_whose_generation_is_let_go_of_is_told_that_its_original_is_kept_no_longer(
    index: Index, write: Write, tmp_path: Path
) -> None:
    store = tmp_path / "opslag"
    write("a.txt", "doc-a", "De opvang.")
    index()
    with Store.open(store).snapshot() as snapshot:
        assert snapshot.original("doc-a") is not None
        remove_documents(store, ["doc-a"])
        purge(store)
        assert snapshot.original("doc-a") is None
        assert snapshot.text("doc-a")


def test_a_damaged_original_is_named_and_taken_again_from_where_it_came(
    index: Index, write: Write, tmp_path: Path
) -> None:
    store, source = tmp_path / "opslag", write("a.txt", "doc-a", "De opvang.")
    index()
    [victim] = (path for path in (store / "originals").rglob("*.txt"))
    victim.write_bytes(b"iets anders")
    assert [damage.part for damage in check_store(store)] == [victim.relative_to(store).as_posix()]
    with Store.open(store).snapshot() as snapshot, pytest.raises(StoreError, match="originals"):
        snapshot.original("doc-a")
    repair_store(store)
    assert _original(store, "doc-a") == source.read_bytes()
    victim.unlink()
    source.unlink()
    repair_store(store)
    assert check_store(store) == []
    assert _original(store, "doc-a") is None


def test_a_backup_holds_the_source_files_and_gives_them_back(index: Index, write: Write, tmp_path: Path) -> None:
    store, source = tmp_path / "opslag", write("a.txt", "doc-a", "De opvang.")
    index()
    backup(store, tmp_path / "kopie")
    remove_documents(store, ["doc-a"])
    purge(store)
    assert _kept(store) == []
    restore(tmp_path / "kopie", store)
    assert _original(store, "doc-a") == source.read_bytes()
