"""What a store in a folder refuses: what is no store, what is in use, what is damaged."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import StoreError
from index.protocols import Embedder
from index.store import Store
from index.store.backup import backup, restore
from index.store.check import check_store
from index.store.files import locked
from index.store.write import Writer
from index.values import Reading

Make = Callable[..., Reading]
Put = Callable[..., int]
Found = Callable[[Store, str], list[str]]


def test_a_folder_with_other_files_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    (folder / "foto.jpg").write_bytes(b"x")
    for attempt in (Store.open, Store.create):
        with pytest.raises(StoreError, match="andere bestanden"):
            attempt(folder)
    assert [path.name for path in folder.iterdir()] == ["foto.jpg"]


def test_a_file_of_somebody_elses_beside_a_store_is_in_nobodys_way(
    folder: Path, make_reading: Make, tmp_path: Path, found: Found
) -> None:
    Store.create(folder)
    (folder / "Thumbs.db").write_bytes(b"x")
    Store.create(folder)
    with Writer(folder) as writer:
        writer.put(make_reading("x", ["De opvang."]), "/x.txt")
        writer.commit()
    assert check_store(folder) == []
    backup(folder, tmp_path / "kopie")
    restore(tmp_path / "kopie", folder)
    assert found(Store.open(folder), "opvang") == ["x#1"]
    assert (folder / "Thumbs.db").read_bytes() == b"x"


def test_a_store_whose_making_was_broken_off_is_missing_and_not_foreign(folder: Path) -> None:
    folder.mkdir()
    (folder / "lock").touch()
    (folder / "store.sqlite.new").touch()
    with pytest.raises(StoreError, match="vraagbaak index"):
        Store.open(folder)
    Store.create(folder)
    assert check_store(folder) == []


def test_somebody_elses_database_is_no_store(folder: Path) -> None:
    folder.mkdir()
    connection = sqlite3.connect(folder / "store.sqlite")
    connection.execute("CREATE TABLE theirs (x)")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="andere bestanden"):
        Store.open(folder)


def test_a_store_of_another_format_is_refused_with_the_command_that_converts_it(folder: Path) -> None:
    Store.create(folder)
    connection = sqlite3.connect(folder / "store.sqlite")
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    with pytest.raises(StoreError, match=r"1.*index --rebuild --store \"" + str(folder)):
        Store.open(folder)


def test_a_second_writer_is_refused_in_one_sentence_and_readers_go_on(
    folder: Path, make_reading: Make, put: Put, found: Found
) -> None:
    store = Store.create(folder)
    put(folder, make_reading("x", ["De opvang."]))
    script = (
        "import sys; from pathlib import Path; from index.store.write import Writer\n"
        "with Writer(Path(sys.argv[1])): print('in', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "in\n"
        with pytest.raises(StoreError, match=str(child.pid)), Writer(folder):
            pass
        assert found(store, "opvang") == ["x#1"]
        child.communicate("")
    put(folder, make_reading("y", ["Water."]))


def test_two_writers_in_one_process_are_refused_too(folder: Path) -> None:
    Store.create(folder)
    with locked(folder), pytest.raises(StoreError, match="aan het bijwerken"), Writer(folder):
        pass


@pytest.mark.parametrize("kind", [".idx", ".term", "meta.json", ".faiss", ".dead"])
@pytest.mark.parametrize("harm", ["flip", "cut", "delete"])
def test_a_damaged_index_file_is_named_and_never_searched(
    folder: Path, make_reading: Make, embedder: Embedder, put: Put, *, kind: str, harm: str
) -> None:
    Store.create(folder, embedder)
    put(folder, *(make_reading(f"d{place}", ["De opvang."] * 4) for place in range(3)), embedder=embedder, keep=1)
    with Writer(folder, embedder, keep=1) as writer:
        writer.remove("d1")
        writer.commit()
    [victim, *_] = sorted(path for path in folder.rglob("*") if path.name.endswith(kind))
    _harm(victim, harm)
    with pytest.raises(StoreError, match="beschadigd") as caught:
        Store.open(folder, embedder)
    assert victim.name in str(caught.value)
    assert victim.name in check_store(folder)[0].part


@pytest.mark.parametrize("place", [0, 30, 4096 + 7, 3 * 4096])
def test_a_damaged_database_gives_an_error_or_the_truth(folder: Path, make_reading: Make, place: int, put: Put) -> None:
    reading = make_reading("x", ["De opvang is vol."] * 50)
    Store.create(folder)
    put(folder, reading)
    path = folder / "store.sqlite"
    data = bytearray(path.read_bytes())
    data[place : place + 64] = bytes(255 - byte for byte in data[place : place + 64])
    path.write_bytes(data)
    try:
        with Store.open(folder).snapshot() as snapshot:
            found = snapshot.reading("x")
    except StoreError as error:
        assert str(folder) in str(error)
    else:
        assert found == reading


def test_a_changed_text_in_the_database_is_noticed_before_it_is_cited(
    folder: Path, make_reading: Make, put: Put
) -> None:
    store = Store.create(folder)
    put(folder, make_reading("x", ["De opvang is vol."]))
    connection = sqlite3.connect(folder / "store.sqlite")
    connection.execute("UPDATE documents SET text = replace(text, 'vol', 'hol')")
    connection.commit()
    connection.close()
    with store.snapshot() as snapshot, pytest.raises(StoreError, match="beschadigd"):
        snapshot.search("opvang", 5)
    assert [damage.part for damage in check_store(folder)] == ["x"]
    assert not check_store(folder)[0].rebuildable


def _harm(path: Path, harm: str) -> None:
    data = path.read_bytes()
    if harm == "delete":
        path.unlink()
        return
    path.unlink()
    middle = len(data) // 2
    flipped = data[:middle] + bytes([data[middle] ^ 16]) + data[middle + 1 :]
    path.write_bytes(flipped if harm == "flip" else data[:middle])
