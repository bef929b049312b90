"""What a store keeps, shows and refuses."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.embed import load_embedder
from index.errors import EmbedderError, StoreError
from index.protocols import Embedder
from index.store import Store
from index.store.admin import generations, rollback
from index.store.backup import backup, restore
from index.store.check import check_store
from index.store.files import locked
from index.store.loaded import Loaded
from index.store.rows import Source
from index.store.write import Writer
from index.values import Asker, Document, Official, Passage, Reading

Make = Callable[..., Reading]


@pytest.fixture(scope="session")
def embedder(static_model: Path) -> Embedder:
    return load_embedder(str(static_model))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "geïndexeerd – ñandú 文"


def _put(folder: Path, *readings: Reading, embedder: Embedder | None = None, keep: int = 3) -> int:
    with Writer(folder, embedder, keep=keep) as writer:
        for reading in readings:
            writer.put(reading, f"/bron/{reading.document.document}")
        manifest = writer.commit()
    assert manifest is not None
    return manifest.generation


def _found(store: Store, query: str) -> list[str]:
    with store.snapshot() as snapshot:
        return [hit.passage.passage for hit in snapshot.search(query, 10, mode="lexical")]


# What it keeps


def test_a_reading_comes_back_exactly_as_it_was_put(folder: Path) -> None:
    text = "Kop ñ\n\nVraag é?\nJa. 😀 Zeker\u0000 [1]\nSlot"
    passage = Passage(
        passage="x#1",
        document="x",
        label="vraag 1 en 2",
        text=text[7:30],
        start=7,
        end=30,
        numbers=(1, 2),
        question="Vraag é?",
        answer=text[16:30],
        answer_start=16,
        context="Kop ñ",
        refers_to=(3,),
        notes={"1": "Een noot"},
    )
    whole = Passage("x#2", "x", "slot", text[34:], 34, len(text))
    document = Document(
        document="x",
        kind="answer",
        title="Titel",
        source="map/x.pdf",
        case="2023Z1",
        number="1751",
        date=date(2023, 3, 17),
        asked=date(2023, 2, 1),
        answered=date(2023, 3, 17),
        askers=(Asker("Kamerlid A", "Partij A"), Asker("Kamerlid B")),
        answered_by=(Official("Minister C", "minister", "Financiën"),),
        topics=("recht", "zorg"),
        url="https://example.org/x",
    )
    reading = Reading(document, text, (passage, whole))
    store = Store.create(folder)
    _put(folder, reading)
    with store.snapshot() as snapshot:
        assert snapshot.reading("x") == reading
        assert snapshot.document("x") == document
        assert snapshot.passages("x") == [passage, whole]
        assert snapshot.passage("x#1") == (passage, document)
        assert snapshot.text("x") == text
        assert snapshot.documents() == [document]


def test_what_is_not_there_is_none(folder: Path) -> None:
    with Store.create(folder).snapshot() as snapshot:
        assert snapshot.document("x") is None
        assert snapshot.reading("x") is None
        assert snapshot.passage("x#1") is None
        assert snapshot.text("x") is None
        assert snapshot.passages("x") == []
        assert snapshot.documents() == []
        assert snapshot.search("opvang", 5) == []
        assert snapshot.generation == 0


def test_a_passage_that_is_not_literally_in_its_text_is_refused(folder: Path, make_reading: Make) -> None:
    Store.create(folder)
    good = make_reading("x", ["De opvang is vol."])
    loose = Reading(good.document, "y" + good.text, good.passages)
    with Writer(folder) as writer, pytest.raises(ValueError, match="x#1"):
        writer.put(loose, "/bron/x")


def test_removed_updated_and_added_again_never_meets_what_was(
    folder: Path, make_reading: Make, embedder: Embedder
) -> None:
    store = Store.create(folder, embedder)
    first, second = (
        make_reading("x", ["De opvang is vol."]),
        make_reading("x", ["Het water stijgt.", "De opvang groeit."]),
    )
    other = make_reading("y", ["De opvang van water."])
    _put(folder, first, other, embedder=embedder)
    assert _found(store, "opvang vol") == ["x#1", "y#1"]
    _put(folder, second, embedder=embedder)
    assert _found(store, "vol") == []
    with Writer(folder, removes_only=True) as writer:
        assert writer.remove("x")
        assert not writer.remove("weg")
        writer.commit()
    assert _found(store, "opvang vol stijgt groeit") == ["y#1"]
    _put(folder, first, embedder=embedder)
    with store.snapshot() as snapshot:
        for mode in ("lexical", "dense", "hybrid"):
            found = [hit.passage for hit in snapshot.search("opvang", 10, mode=mode)]
            assert sorted(passage.passage for passage in found) == ["x#1", "y#1"]
            assert first.passages[0] in found
    assert check_store(folder) == []


def test_many_small_commits_keep_few_vector_files_and_every_vector(
    folder: Path, make_reading: Make, embedder: Embedder
) -> None:
    store = Store.create(folder, embedder)
    for place in range(20):
        _put(folder, make_reading(f"d{place:02}", ["De opvang."] * 3), embedder=embedder)
    for place in range(0, 20, 3):
        with Writer(folder, embedder) as writer:
            writer.remove(f"d{place:02}")
            writer.commit()
    with store.snapshot() as snapshot:
        assert len(snapshot.manifest.segments) <= 5
        found = {hit.document.document for hit in snapshot.search("opvang", 100, mode="dense")}
        assert found == {f"d{place:02}" for place in range(20) if place % 3}
    assert check_store(folder) == []


def test_unchanged_words_keep_their_vector_without_being_embedded_again(
    folder: Path, make_reading: Make, embedder: Embedder
) -> None:
    class Counting:
        name, digest, dimensions = embedder.name, embedder.digest, embedder.dimensions

        def __init__(self) -> None:
            self.texts: list[str] = []

        def embed_passages(self, texts: list[str]) -> object:
            self.texts.extend(texts)
            return embedder.embed_passages(texts)

    counting = Counting()
    Store.create(folder, embedder)
    _put(folder, make_reading("x", ["De opvang.", "Het water."]), embedder=counting)  # type: ignore[arg-type]
    counting.texts.clear()
    _put(folder, make_reading("x", ["De opvang.", "De straf."]), embedder=counting)  # type: ignore[arg-type]
    assert [text.splitlines()[-1] for text in counting.texts] == ["De straf."]
    assert check_store(folder) == []


def test_a_closed_snapshot_is_not_read_from(folder: Path) -> None:
    snapshot = Store.create(folder).snapshot()
    snapshot.close()
    snapshot.close()
    with pytest.raises(RuntimeError, match="closed"):
        snapshot.documents()


def test_a_store_that_was_made_anew_in_the_same_place_is_seen(folder: Path, make_reading: Make) -> None:
    store = Store.create(folder)
    _put(folder, make_reading("x", ["De opvang."]))
    assert _found(store, "opvang water") == ["x#1"]
    shutil.rmtree(folder)
    Store.create(folder)
    _put(folder, make_reading("y", ["Het water."]))
    assert _found(store, "opvang water") == ["y#1"]


# Generations


def test_a_snapshot_keeps_its_generation_while_many_others_are_written(
    folder: Path, make_reading: Make, embedder: Embedder
) -> None:
    store = Store.create(folder, embedder)
    _put(folder, make_reading("x", ["De opvang is vol."]), embedder=embedder)
    with store.snapshot() as before:
        for place in range(6):
            _put(folder, make_reading("x", [f"De opvang is {place} keer leeg."]), embedder=embedder)
        assert [hit.passage.text for hit in before.search("opvang", 5)] == [
            "Vraag 1: hoe staat het?\nDe opvang is vol."
        ]
        assert before.reading("x").passages[0].answer == "De opvang is vol."
        with store.snapshot() as after:
            assert after.generation > before.generation
            assert after.reading("x").passages[0].answer == "De opvang is 5 keer leeg."


def test_a_generation_that_is_dropped_while_it_is_opened_makes_way_for_the_newest(
    folder: Path, make_reading: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store.create(folder)
    _put(folder, make_reading("x", ["De opvang."]))
    opened = Loaded._open

    def opened_late(*arguments: Any) -> Loaded:
        monkeypatch.setattr(Loaded, "_open", staticmethod(opened))
        _put(folder, make_reading("y", ["De straf."]), keep=1)
        return opened(*arguments)

    monkeypatch.setattr(Loaded, "_open", staticmethod(opened_late))
    assert _found(Store(folder), "opvang straf") == ["x#1", "y#1"]


def test_old_generations_and_their_files_and_words_are_let_go(folder: Path, make_reading: Make) -> None:
    Store.create(folder)
    for place in range(5):
        _put(folder, make_reading("x", [f"Woord{place}"]), keep=2)
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
    folder: Path, make_reading: Make, embedder: Embedder
) -> None:
    store = Store.create(folder, embedder)
    first = _put(folder, make_reading("x", ["De opvang is vol."]), embedder=embedder)
    second = _put(folder, make_reading("x", ["De school is vol."]), make_reading("y", ["Water."]), embedder=embedder)
    rollback(folder, first)
    assert _found(store, "opvang school water") == ["x#1"]
    assert _found(store, "opvang") == ["x#1"]
    assert check_store(folder) == []
    rollback(folder, second)
    assert _found(store, "school") == ["x#1"]
    rollback(folder, first)
    third = _put(folder, make_reading("z", ["De straf."]), embedder=embedder)
    assert third > second
    assert sorted(_found(store, "opvang school water straf")) == ["x#1", "z#1"]
    assert check_store(folder) == []
    with pytest.raises(StoreError, match="store generations"):
        rollback(folder, second)


# What it refuses


def test_a_missing_store_is_named_with_the_command_that_makes_one(folder: Path) -> None:
    with pytest.raises(StoreError, match="vraagbaak index") as caught:
        Store.open(folder)
    assert str(folder) in str(caught.value)
    assert not folder.exists()


def test_a_folder_with_other_files_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    (folder / "foto.jpg").write_bytes(b"x")
    for attempt in (Store.open, Store.create):
        with pytest.raises(StoreError, match="andere bestanden"):
            attempt(folder)
    assert [path.name for path in folder.iterdir()] == ["foto.jpg"]


def test_a_file_of_somebody_elses_beside_a_store_is_in_nobodys_way(
    folder: Path, make_reading: Make, tmp_path: Path
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
    assert _found(Store.open(folder), "opvang") == ["x#1"]
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


def test_another_embedder_is_refused_with_the_command_that_converts(
    folder: Path, make_reading: Make, embedder: Embedder, other_static_model: Path
) -> None:
    other = load_embedder(str(other_static_model))
    Store.create(folder)
    Store.open(folder, other)
    _put(folder, make_reading("x", ["De opvang."]), embedder=embedder)
    with pytest.raises(EmbedderError, match="--rebuild"):
        Store.open(folder, other)
    for wrong in (other, None):
        with pytest.raises(EmbedderError, match="--rebuild"), Writer(folder, wrong):
            pass
    Store.open(folder, embedder)


def test_an_embedder_cannot_search_a_store_made_without_one(
    folder: Path, make_reading: Make, embedder: Embedder
) -> None:
    Store.create(folder)
    _put(folder, make_reading("x", ["De opvang."]))
    with pytest.raises(EmbedderError, match="zonder model"):
        Store.open(folder, embedder)


def test_a_second_writer_is_refused_in_one_sentence_and_readers_go_on(folder: Path, make_reading: Make) -> None:
    store = Store.create(folder)
    _put(folder, make_reading("x", ["De opvang."]))
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
        assert _found(store, "opvang") == ["x#1"]
        child.communicate("")
    _put(folder, make_reading("y", ["Water."]))


def test_two_writers_in_one_process_are_refused_too(folder: Path) -> None:
    Store.create(folder)
    with locked(folder), pytest.raises(StoreError, match="aan het bijwerken"), Writer(folder):
        pass


@pytest.mark.parametrize("kind", [".idx", ".term", "meta.json", ".faiss", ".dead"])
@pytest.mark.parametrize("harm", ["flip", "cut", "delete"])
def test_a_damaged_index_file_is_named_and_never_searched(
    folder: Path, make_reading: Make, embedder: Embedder, kind: str, harm: str
) -> None:
    Store.create(folder, embedder)
    _put(folder, *(make_reading(f"d{place}", ["De opvang."] * 4) for place in range(3)), embedder=embedder, keep=1)
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
def test_a_damaged_database_gives_an_error_or_the_truth(folder: Path, make_reading: Make, place: int) -> None:
    reading = make_reading("x", ["De opvang is vol."] * 50)
    Store.create(folder)
    _put(folder, reading)
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


def test_a_changed_text_in_the_database_is_noticed_before_it_is_cited(folder: Path, make_reading: Make) -> None:
    store = Store.create(folder)
    _put(folder, make_reading("x", ["De opvang is vol."]))
    connection = sqlite3.connect(folder / "store.sqlite")
    connection.execute("UPDATE documents SET text = replace(text, 'vol', 'hol')")
    connection.commit()
    connection.close()
    with store.snapshot() as snapshot, pytest.raises(StoreError, match="beschadigd"):
        snapshot.search("opvang", 5)
    assert [damage.part for damage in check_store(folder)] == ["x"]
    assert not check_store(folder)[0].rebuildable


def test_files_of_a_document_are_remembered_and_forgotten_with_it(folder: Path, make_reading: Make) -> None:
    store = Store.create(folder)
    reading = make_reading("x", ["De opvang."])
    with Writer(folder) as writer:
        writer.put(reading, "/b/x.xml")
        writer.attach(Source("/b/x.xml", "x.xml", "1", "r", "x"))
        writer.attach(Source("/b/x.pdf", "x.pdf", "2", "r", "x"))
        writer.commit()
    with store.snapshot() as snapshot:
        assert snapshot.document("x").sources == ("x.pdf",)
    with Writer(folder) as writer:
        writer.remove("x")
        assert writer.sources() == []
        writer.commit()


def _harm(path: Path, harm: str) -> None:
    data = path.read_bytes()
    if harm == "delete":
        path.unlink()
        return
    path.unlink()
    middle = len(data) // 2
    flipped = data[:middle] + bytes([data[middle] ^ 16]) + data[middle + 1 :]
    path.write_bytes(flipped if harm == "flip" else data[:middle])
