"""What every kind of store keeps, shows and refuses; each test runs over a folder and over Milvus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.build import remove_documents
from index.embed import load_embedder
from index.errors import EmbedderError, StoreError
from index.protocols import Embedder, Vectors
from index.search import Mode
from index.store.rows import Source
from index.store.snapshot import Snapshot
from index.values import Asker, Document, Filters, Official, Passage, Reading
from index.where import Where, open_store, writer

Make = Callable[..., Reading]

MODES: tuple[Mode, ...] = ("hybrid", "lexical", "dense")


def _put(where: Where, *readings: Reading, embedder: Embedder | None = None) -> int:
    with writer(where, embedder) as one:
        for reading in readings:
            one.put(reading, f"/bron/{reading.document.document}")
        one.commit()
        return one.manifest.generation


def _known_as(reading: Reading, **fields: Any) -> Reading:
    return replace(reading, document=replace(reading.document, **fields))


def _snapshot(where: Where, embedder: Embedder | None = None) -> Snapshot:
    return open_store(where, embedder).snapshot()


def _found(where: Where, query: str, mode: Mode = "lexical", filters: Filters | None = None) -> list[str]:
    with _snapshot(where) as snapshot:
        return [hit.passage.passage for hit in snapshot.search(query, 10, filters, mode)]


# What it keeps


def test_a_reading_comes_back_exactly_as_it_was_put(where: Where) -> None:
    text = "Kop ñ\n\nVraag é?\nJa. 😀 Zeker\u0000 [1]\nSlot" + " en zo voort" * 9_000
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
        context='Kop "ñ" \\ %',
        refers_to=(3,),
        notes={"1": "Een noot"},
    )
    whole = Passage("x#2", "x", "slot", text[34:], 34, len(text))
    document = Document(
        document="x",
        kind="answer",
        title="Titel " + "lang " * 20_000,
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
    _put(where, reading)
    with _snapshot(where) as snapshot:
        assert snapshot.reading("x") == reading
        assert snapshot.document("x") == document
        assert snapshot.passages("x") == [passage, whole]
        assert snapshot.passage("x#1") == (passage, document)
        assert snapshot.text("x") == text
        assert snapshot.documents() == [document]


def test_what_is_not_there_is_none(where: Where) -> None:
    with _snapshot(where) as snapshot:
        assert snapshot.document("x") is None
        assert snapshot.reading("x") is None
        assert snapshot.text("x") is None
        assert snapshot.passage("x#1") is None
        assert snapshot.passages("x") == []
        assert snapshot.documents() == []
        assert snapshot.search("opvang", 5) == []
        assert snapshot.generation == 0


def test_a_passage_that_is_not_literally_in_its_text_is_refused(where: Where, make_reading: Make) -> None:
    good = make_reading("x", ["De opvang is vol."])
    loose = Reading(good.document, "y" + good.text, good.passages)
    with writer(where) as one, pytest.raises(ValueError, match="x#1"):
        one.put(loose, "/bron/x")


def test_removed_updated_and_added_again_never_meets_what_was(
    where: Where, make_reading: Make, embedder: Embedder
) -> None:
    first, second = (
        make_reading("x", ["De opvang is vol."]),
        make_reading("x", ["Het water stijgt.", "De opvang groeit."]),
    )
    other = make_reading("y", ["De opvang van water."])
    _put(where, first, other, embedder=embedder)
    assert _found(where, "opvang vol") == ["x#1", "y#1"]
    _put(where, second, embedder=embedder)
    assert _found(where, "vol") == []
    assert remove_documents(where, ["x", "weg"]) == ["x"]
    assert _found(where, "opvang vol stijgt groeit") == ["y#1"]
    _put(where, first, embedder=embedder)
    with _snapshot(where, embedder) as snapshot:
        for mode in MODES:
            found = [hit.passage for hit in snapshot.search("opvang", 10, mode=mode)]
            assert sorted(passage.passage for passage in found) == ["x#1", "y#1"]
            assert first.passages[0] in found
        assert [document.document for document in snapshot.documents()] == ["x", "y"]
        assert (snapshot.manifest.documents, snapshot.manifest.passages) == (2, 2)


def test_what_stands_there_already_is_not_written_again(where: Where, make_reading: Make) -> None:
    first = _put(where, make_reading("a", ["De school is dicht."]))
    assert _put(where, make_reading("a", ["De school is dicht."])) == first


class Counting:
    """An embedder that keeps the texts it was given."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.digest, self.dimensions = embedder.name, embedder.digest, embedder.dimensions
        self.texts: list[str] = []
        self._embedder = embedder

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.texts.extend(texts)
        return self._embedder.embed_passages(texts)

    def embed_question(self, text: str) -> Vectors:
        return self._embedder.embed_question(text)


def test_unchanged_words_keep_their_vector_without_being_embedded_again(
    where: Where, make_reading: Make, embedder: Embedder
) -> None:
    counting = Counting(embedder)
    _put(where, make_reading("x", ["De opvang.", "Het water."]), embedder=counting)
    counting.texts.clear()
    _put(where, make_reading("x", ["De opvang.", "De straf."]), embedder=counting)
    assert [text.splitlines()[-1] for text in counting.texts] == ["De straf."]


def test_files_of_a_document_are_remembered_and_forgotten_with_it(where: Where, make_reading: Make) -> None:
    with writer(where) as one:
        one.put(make_reading("a", ["De school."]), "/bron/a.xml")
        one.attach(Source("/bron/a.xml", "a.xml", "1", "2", "a"))
        one.attach(Source("/bron/a.pdf", "a.pdf", "3", "2", "a"))
        one.commit()
    with _snapshot(where) as snapshot:
        document = snapshot.document("a")
        assert document is not None
        assert document.sources == ("a.pdf",)
    with writer(where) as one:
        assert [source.path for source in one.sources("a")] == ["/bron/a.pdf", "/bron/a.xml"]
        one.detach("/bron/a.pdf")
        assert [source.path for source in one.files("/bron/a.pdf")] == []
        one.commit()
    with writer(where) as one:
        assert one.remove("a")
        assert not one.remove("weg")
        assert one.sources() == []
        one.commit()
    with writer(where) as one:
        assert one.sources() == []


def test_documents_of_one_case_find_each_other(where: Where, make_reading: Make) -> None:
    asked = _known_as(make_reading("v", ["De school?"], kind="questions"), case="2024Z1")
    answer = _known_as(make_reading("a", ["De school is dicht."]), case="2024Z1")
    later = _known_as(make_reading("n", ["Ander nieuws."]), follows=("a",))
    _put(where, asked, answer, later)
    with _snapshot(where) as snapshot:
        assert [other.document for other in snapshot.case(answer.document)] == ["n", "v"]
        assert [other.document for other in snapshot.case(later.document)] == ["a"]
        assert snapshot.known.documents("2024Z1") == ("a", "v")
        assert snapshot.known.documents("*") == ("a", "n", "v")


# What it shows


def test_a_snapshot_keeps_its_generation_while_others_are_written(
    where: Where, make_reading: Make, monkeypatch: pytest.MonkeyPatch, embedder: Embedder
) -> None:
    monkeypatch.setattr("index.milvus.write.MilvusWriter._let_go", lambda _: None)  # as within its grace
    _put(where, make_reading("a", ["De school is dicht."]), make_reading("b", ["Het water stijgt."]), embedder=embedder)
    with _snapshot(where, embedder) as before:
        for version in ("vol", "leeg"):
            _put(where, make_reading("a", [f"De opvang is {version}."]), embedder=embedder)
        remove_documents(where, ["b"])
        assert {hit.passage.passage for hit in before.search("school water", 5)} == {"a#1", "b#1"}
        assert before.search("opvang", 5, mode="lexical") == []
        assert [document.document for document in before.documents()] == ["a", "b"]
        assert before.passages("a")[0].answer == "De school is dicht."
        with _snapshot(where, embedder) as after:
            assert after.generation > before.generation
            assert after.search("school water", 5, mode="lexical") == []
            assert [document.document for document in after.documents()] == ["a"]
            assert after.passages("a")[0].answer == "De opvang is leeg."


def test_a_closed_snapshot_is_not_read_from(where: Where) -> None:
    snapshot = _snapshot(where)
    snapshot.close()
    snapshot.close()
    with pytest.raises(RuntimeError, match="closed"):
        snapshot.documents()


# What it refuses


def test_a_missing_store_is_named_with_the_command_that_makes_one(new_place: Callable[[], Where]) -> None:
    place = new_place()
    for _ in range(2):  # looking makes none
        with pytest.raises(StoreError, match="vraagbaak index") as caught:
            open_store(place)
        assert str(place) in str(caught.value)


def test_another_embedder_is_refused_with_the_command_that_converts_and_a_rebuild_takes_it(
    where: Where, make_reading: Make, embedder: Embedder, other_static_model: Path
) -> None:
    other = load_embedder(str(other_static_model))
    open_store(where, other)  # an empty store is anybody's
    _put(where, make_reading("a", ["De school is dicht."]), make_reading("b", ["Het water stijgt."]), embedder=embedder)
    with pytest.raises(EmbedderError, match="--rebuild"):
        open_store(where, other)
    for wrong in (other, None):
        with pytest.raises(EmbedderError, match="--rebuild"):
            _put(where, make_reading("c", ["De opvang."]), embedder=wrong)
    open_store(where, embedder)
    with writer(where, other, rebuild=True) as writing:
        writing.put(make_reading("b", ["De opvang is vol."]), "/bron/b")
        writing.commit(partial=True)
        writing.commit()
    with _snapshot(where, other) as snapshot:
        assert [hit.passage.passage for hit in snapshot.search("school", 5, mode="dense")][:1] == ["a#1"]
        assert snapshot.manifest.passages == 2
    assert _found(where, "opvang") == ["b#1"]
    assert _found(where, "water") == []


def test_an_embedder_cannot_search_a_store_made_without_one(
    where: Where, make_reading: Make, embedder: Embedder
) -> None:
    _put(where, make_reading("x", ["De opvang."]))
    with pytest.raises(EmbedderError, match="zonder model"):
        open_store(where, embedder)
