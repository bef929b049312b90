"""A store in Milvus and one in a folder show the same for the same changes; every test runs over both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest

from index.build import build_index, remove_documents
from index.embed import load_embedder
from index.errors import EmbedderError, StoreError
from index.milvus.address import MilvusAddress
from index.protocols import Embedder
from index.search import Mode
from index.static_embedding import bundled
from index.store.rows import Source
from index.store.snapshot import Snapshot
from index.values import Asker, Document, Filters, Official, Passage, Reading
from index.where import Where, open_store, prepare, writer
from rag.assistant import Assistant

Make = Callable[..., Reading]

MODES: tuple[Mode, ...] = ("hybrid", "lexical", "dense")

pytestmark = pytest.mark.milvus


@pytest.fixture(scope="session")
def embedder(static_model: Path) -> Embedder:
    return load_embedder(str(static_model))


@pytest.fixture(params=["folder", "milvus"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Where:
    """An empty store, of each kind in turn."""
    place: Where = tmp_path / "opslag é"
    if request.param == "milvus":
        place = request.getfixturevalue("new_address")()
    prepare(place)
    return place


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
        assert snapshot.passage("x#1") is None
        assert snapshot.passages("x") == []
        assert snapshot.documents() == []
        assert snapshot.search("opvang", 5) == []
        assert snapshot.generation == 0


def test_removed_updated_and_added_again_never_meets_what_was(where: Where, make_reading: Make) -> None:
    _put(where, make_reading("a", ["De school is dicht."]), make_reading("b", ["Het water stijgt."]))
    assert _found(where, "school") == ["a#1"]
    assert remove_documents(where, ["a", "weg"]) == ["a"]
    assert _found(where, "school") == []
    _put(where, make_reading("a", ["De opvang is vol."]), make_reading("b", ["Het water zakt.", "De school is open."]))
    assert _found(where, "opvang") == ["a#1"]
    assert _found(where, "school") == ["b#2"]
    assert _found(where, "stijgt") == []
    with _snapshot(where) as snapshot:
        assert [document.document for document in snapshot.documents()] == ["a", "b"]
        assert (snapshot.manifest.documents, snapshot.manifest.passages) == (2, 3)


def test_what_stands_there_already_is_not_written_again(where: Where, make_reading: Make) -> None:
    first = _put(where, make_reading("a", ["De school is dicht."]))
    assert _put(where, make_reading("a", ["De school is dicht."])) == first


def test_a_snapshot_shows_its_own_generation_while_another_is_switched_on(
    where: Where, make_reading: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.milvus.write.MilvusWriter._let_go", lambda _: None)
    _put(where, make_reading("a", ["De school is dicht."]), make_reading("b", ["Het water stijgt."]))
    with _snapshot(where) as before:
        _put(where, make_reading("a", ["De opvang is vol."]))
        remove_documents(where, ["b"])
        assert [hit.passage.text for hit in before.search("school water", 5, mode="lexical")] != []
        assert before.search("opvang", 5, mode="lexical") == []
        assert [document.document for document in before.documents()] == ["a", "b"]
        with _snapshot(where) as after:
            assert after.search("school water", 5, mode="lexical") == []
            assert [document.document for document in after.documents()] == ["a"]


def test_a_closed_snapshot_is_not_read_from(where: Where) -> None:
    with _snapshot(where) as snapshot:
        pass
    with pytest.raises(RuntimeError):
        snapshot.documents()


_WITHIN: tuple[tuple[Filters, set[str]], ...] = (
    (Filters(kinds=("questions",)), {"b#1"}),
    (Filters(documents=("a",)), {"a#1", "a#2"}),
    (Filters(parties=("vvd",)), {"a#1", "a#2"}),
    (Filters(people=("Van der Burg",)), {"a#1", "a#2"}),
    (Filters(ministries=("Minister van Financiën",)), {"b#1"}),
    (Filters(topics=("Zorg",)), {"b#1"}),
    (Filters(numbers=(2,)), {"a#2"}),
    (Filters(since=date(2024, 1, 1)), {"b#1"}),
    (Filters(until=date(2024, 1, 1)), {"a#1", "a#2"}),
    (Filters(since=date(2023, 1, 1), until=date(2023, 12, 31), numbers=(1,)), {"a#1"}),
    (Filters(parties=("onbekend",)), set()),
    (Filters(), {"a#1", "a#2", "b#1", "c#1"}),
)


def test_filters_hold_before_the_search_and_alike_in_every_mode(
    where: Where, make_reading: Make, embedder: Embedder
) -> None:
    asker, official = Asker("E. van der Burg", "VVD"), Official("C", "minister", "Financiën")
    one = make_reading("a", ["De school is dicht.", "De school is nat."], day=date(2023, 3, 1))
    one = _known_as(one, askers=(asker,))
    other = make_reading("b", ["De school staat er."], day=date(2024, 3, 1), kind="questions")
    other = _known_as(other, topics=("Zorg",), answered_by=(official,))
    undated = make_reading("c", ["De school zonder dag."])
    _put(where, one, other, undated, embedder=embedder)
    with _snapshot(where, embedder) as snapshot:
        for filters, expected in _WITHIN:
            for mode in MODES:
                found = snapshot.search("school", 10, filters, mode)
                assert {hit.passage.passage for hit in found} == expected, (filters, mode)


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
        assert one.remove("a")
        one.commit()
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


def test_another_embedder_is_refused_and_a_rebuild_takes_it(
    where: Where, make_reading: Make, embedder: Embedder, other_static_model: Path
) -> None:
    one, other = embedder, load_embedder(str(other_static_model))
    _put(where, make_reading("a", ["De school is dicht."]), make_reading("b", ["Het water stijgt."]), embedder=one)
    with pytest.raises(EmbedderError):
        open_store(where, other)
    with pytest.raises(EmbedderError):
        _put(where, make_reading("c", ["De opvang."]), embedder=other)
    with writer(where, other, rebuild=True) as writing:
        writing.put(make_reading("b", ["De opvang is vol."]), "/bron/b")
        writing.commit(partial=True)
        writing.commit()
    with _snapshot(where, other) as snapshot:
        assert [hit.passage.passage for hit in snapshot.search("school", 5, mode="dense")][:1] == ["a#1"]
        assert _found(where, "opvang") == ["b#1"]
        assert _found(where, "water") == []
        assert snapshot.manifest.passages == 2


def test_a_missing_store_is_named_with_the_command_that_makes_one(
    new_address: Callable[[], MilvusAddress], tmp_path: Path
) -> None:
    for place in (tmp_path / "weg", new_address()):
        with pytest.raises(StoreError, match="vraagbaak index"):
            open_store(place)


def test_the_samples_are_found_and_answered_alike_in_both(
    new_address: Callable[[], MilvusAddress], tmp_path: Path
) -> None:
    from eval.questions import load_questions
    from index.tokens import count_tokens

    embedder = bundled()
    places: list[Where] = [tmp_path / "opslag", new_address()]
    with as_file(files("index") / "samples") as samples:
        for place in places:
            build_index([samples], place, embedder, count_tokens=count_tokens)
    with as_file(files("eval") / "data" / "samples-questions.jsonl") as path:
        questions = [question.question for question in load_questions(path)]
    both = [open_store(place, embedder) for place in places]
    overlap, same, answers = [], 0, 0
    for question in questions:
        found = []
        for store in both:
            with store.snapshot() as snapshot:
                found.append([hit.passage.passage for hit in snapshot.search(question, 10)])
        overlap.append(len(set(found[0]) & set(found[1])) / max(1, len(found[0])))
        same += found[0][:1] == found[1][:1]
        told = [Assistant(store).ask(question) for store in both]
        answers += [sentence.text for sentence in told[0].sentences] == [
            sentence.text for sentence in told[1].sentences
        ]
    print(f"overlap@10 {sum(overlap) / len(overlap):.3f}, same first {same}/{len(questions)}, same answer {answers}")
    assert sum(overlap) / len(overlap) >= 0.97
    assert same >= 0.95 * len(questions)
    assert answers >= 0.95 * len(questions)


@pytest.mark.real
def test_real_documents_rank_alike_in_both(
    shared: Path, new_address: Callable[[], MilvusAddress], tmp_path: Path
) -> None:
    from index.tokens import count_tokens

    embedder = bundled()
    paths = sorted((shared / "documents" / "kamervragen-txt").iterdir())[:12]
    places: list[Where] = [tmp_path / "opslag", new_address()]
    for place in places:
        build_index(paths, place, embedder, count_tokens=count_tokens)
    first, other = (open_store(place, embedder).snapshot() for place in places)
    own = [p.question for d in first.documents() for p in first.passages(d.document) if p.question]
    overlap, same = [], 0
    for question in own[::10]:
        found = [[hit.passage.passage for hit in one.search(question, 10)] for one in (first, other)]
        overlap.append(len(set(found[0]) & set(found[1])) / max(1, len(found[0])))
        same += found[0][:1] == found[1][:1]
    assert len(overlap) >= 5
    assert sum(overlap) / len(overlap) >= 0.95
    assert same >= 0.9 * len(overlap)
