"""What a store of each kind makes of hits, names and slips: answers for questions, the same once, names in part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from index.store.snapshot import Snapshot
from index.values import Asker, Filters, Official, Reading
from index.where import Where, open_store, prepare, writer

GRAIN = "De subsidie voor het scharrelgraan bedraagt 40 euro per hectare en geldt voor akkerbouwers in Drenthe."
LATER = GRAIN.replace("40 euro", "55 euro")
LIBRARY = "De bibliotheek in Emmen blijft op zaterdag dicht wegens verbouwing van het trappenhuis."


@pytest.fixture(scope="module")
def filled(new_place: Callable[[], Where], make_reading: Callable[..., Reading]) -> Where:
    """A store of each kind in turn."""
    place = new_place()
    prepare(place)
    pointing = make_reading("verwijst", ["Zie het antwoord op vraag 2.", LIBRARY], day=date(2021, 5, 1))
    first = replace(pointing.passages[0], refers_to=(2,))
    readings = [
        make_reading("oud", [GRAIN], day=date(2022, 1, 1), party="SP"),
        make_reading("kopie", [GRAIN], day=date(2022, 2, 1), party="VVD"),
        make_reading("later", [LATER], day=date(2023, 1, 1), party="SP"),
        replace(pointing, passages=(first, *pointing.passages[1:])),
    ]
    asked = make_reading("kv", ["Wie betaalt de kastanjebomen langs het kanaal?"], kind="questions")
    answer = make_reading("ah", ["De provincie betaalt ze."])
    named = replace(
        answer.document,
        case="2024Z1",
        askers=(Asker("Anne Kuik", "CDA"),),
        answered_by=(Official("Eric van der Burg", "staatssecretaris", "Justitie en Veiligheid"),),
    )
    readings += [replace(asked, document=replace(asked.document, case="2024Z1")), replace(answer, document=named)]
    with writer(place) as writing:
        for reading in readings:
            writing.put(reading, reading.document.document)
        writing.commit()
    return place


@pytest.fixture
def snapshot(filled: Where) -> Iterator[Snapshot]:
    with open_store(filled).snapshot() as opened:
        yield opened


def test_the_same_answer_comes_once_and_the_newest_position_first(snapshot: Snapshot) -> None:
    hits = snapshot.search("Hoeveel subsidie is er voor scharrelgraan?", 5)
    assert [hit.passage.passage for hit in hits][:2] == ["later#1", "kopie#1"]
    assert hits[1].same == ("oud#1",)
    only = snapshot.search("subsidie scharrelgraan", 5, Filters(parties=("SP",), until=date(2022, 12, 31)))
    assert [(hit.passage.passage, hit.same) for hit in only] == [("oud#1", ())]


def test_an_answer_that_only_names_another_one_brings_it(snapshot: Snapshot) -> None:
    found = snapshot.search("vraag 1 hoe staat het", 9, Filters(documents=("verwijst",)))
    via = {hit.passage.passage: hit.via for hit in found}
    assert set(via) == {"verwijst#1", "verwijst#2"}
    assert via["verwijst#2"] == "verwijst#1"


def test_a_question_makes_way_for_its_answer_in_another_document(snapshot: Snapshot) -> None:
    [hit] = snapshot.search("kastanjebomen langs het kanaal", 1)
    assert (hit.document.document, hit.via) == ("ah", "kv#1")


def test_a_slip_of_one_letter_is_mended_in_a_word_that_the_documents_do_not_hold(snapshot: Snapshot) -> None:
    assert snapshot.mended("Wat kost schareelgraan?") == "Wat kost scharrelgraan?"
    assert snapshot.mended("Wat kost scharrelgraan?") == "Wat kost scharrelgraan?"
    assert snapshot.mended("Wat kost XYZQWV?") == "Wat kost XYZQWV?"


def test_names_are_known_in_part_by_their_sort_and_case(snapshot: Snapshot) -> None:
    known = snapshot.known
    assert known.documents("2024Z1") == ("ah", "kv")
    assert set(known.documents("*")) == {"oud", "kopie", "later", "verwijst", "kv", "ah"}
    for filters in (
        Filters(parties=("cda",)),
        Filters(people=("Van der Burg",)),
        Filters(people=("Kuik",)),
        Filters(ministries=("staatssecretaris van Justitie",)),
    ):
        assert {hit.document.document for hit in snapshot.search("betaalt", 9, filters)} == {"ah"}, filters
