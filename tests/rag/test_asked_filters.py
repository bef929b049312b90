"""A question that asks for a party, a person, a ministry, a kind, a period or a document limits the search to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from index.store.snapshot import Snapshot
from index.values import Asker, Document, Filters, Kind, Official, Passage, Reading
from index.where import Where, open_store, prepare, writer
from rag.asked_filters import AskedFilters, asked_filters

JUSTICE = (Official("Eric van der Burg", "staatssecretaris", "Justitie en Veiligheid"),)
HEALTH = (Official("Karremans", "staatssecretaris", "Volksgezondheid, Welzijn en Sport"),)


def _reading(name: str, kind: Kind, day: date, **more: object) -> Reading:
    one, two = f"De opvang van jongeren in {name}.", f"Het toezicht op de opvang in {name}."
    text = f"{one} {two}"
    document = Document(name, kind, "De opvang", f"{name}.txt", date=day, **more)  # type: ignore[arg-type]
    passages = [
        Passage(f"{name}#vraag-{n}", name, f"vraag {n}", part, text.index(part), text.index(part) + len(part), (n,))
        for n, part in enumerate((one, two), 1)
    ]
    return Reading(document, text, tuple(passages))


@pytest.fixture(scope="module")
def snapshot(new_place: Callable[[], Where]) -> Iterator[Snapshot]:
    place = new_place()
    prepare(place)
    readings = [
        _reading(
            "ah-tk-20222023-1751",
            "answer",
            date(2023, 3, 6),
            case="2023Z02340",
            topics=("Migratie en integratie | Asiel",),
            askers=(Asker("Anne Kuik", "CDA"),),
            answered_by=JUSTICE,
        ),
        _reading("kv-tk-2024Z18435", "questions", date(2024, 3, 14), askers=(Asker("De Jonge", "VVD"),)),
        _reading("ah-tk-20232024-2271", "answer", date(2024, 8, 12), answered_by=HEALTH),
        _reading("kst-28638-214", "letter", date(2022, 12, 21), answered_by=(Official("E. van der Burg"),)),
    ]
    with writer(place) as writing:
        for reading in readings:
            writing.put(reading, reading.document.source)
        writing.commit()
    with open_store(place).snapshot() as opened:
        yield opened


def _found(asked: AskedFilters) -> dict[str, str]:
    assert all(asked.question[one.start : one.end] == one.words for one in asked.found)
    return {one.field: one.words for one in asked.found}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Wat zei Van der Burg in 2023 over opvang?", {"person": "Van der Burg", "period": "in 2023"}),
        ("wat heeft van der burg in 2023 gezegd over opvang", {"person": "van der burg", "period": "in 2023"}),
        ("In welke brief zei Van der Burg dat over opvang?", {"person": "Van der Burg"}),
        ("What did Van der Burg say in 2023 about shelters?", {"person": "Van der Burg", "period": "in 2023"}),
        ("vragen van het CDA over opvang", {"party": "CDA"}),
        ("CDA-vragen over opvang", {"party": "CDA"}),
        ("Welke vragen stelde de VVD-fractie over opvang?", {"party": "VVD"}),
        ("vragen van het lid Kuik (CDA) uit 2023", {"person": "Kuik", "period": "uit 2023"}),
        ("antwoorden van de minister van Justitie over opvang", {"kind": "antwoorden", "ministry": "Justitie"}),
        ("Wat antwoordde de minister van VWS over opvang?", {"ministry": "VWS"}),
        ("What did the minister of Justice answer about shelters?", {"ministry": "Justice"}),
        ("Wat staat er in de Kamerbrief over opvang?", {"kind": "Kamerbrief"}),
        ("Kamerbrief van december 2022", {"kind": "Kamerbrief", "period": "van december 2022"}),
        (
            "Kamerbrief over opvang van 21 december 2022",
            {"kind": "Kamerbrief", "period": "van 21 december 2022"},
        ),
        ("vraag 2 van 2023Z02340", {"question": "vraag 2", "document": "2023Z02340"}),
        ("2023Z02340, vraag 1 en 2", {"question": "vraag 1 en 2", "document": "2023Z02340"}),
        ("Wat staat in 28 638, nr. 214 over toezicht?", {"document": "28 638, nr. 214"}),
    ],
)
def test_filters_are_read_where_the_form_of_the_question_asks_for_them(
    snapshot: Snapshot, question: str, expected: dict[str, str]
) -> None:
    assert _found(asked_filters(question, snapshot.known)) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Hoeveel leden heeft de VVD?",
        "Wat vindt het CDA van stikstof?",
        "Hoeveel jongeren waren er in 2023 dakloos?",
        "Heeft de minister van Justitie overleg gehad met de politie?",
        "Komt er een Kamerbrief over opvang?",
        "Kunt u toelichten waarom u in uw brief van 21 december 2022 schrijft dat opvang nodig is?",
        "wat zei de jonge moeder tegen de politie?",
        "Wat vroeg de PVV over opvang?",
        "Wie is Van der Burg?",
        "Waarom zijn er sinds 2015 minder vragen gesteld?",
    ],
)
def test_what_a_question_is_merely_about_limits_nothing(snapshot: Snapshot, question: str) -> None:
    asked = asked_filters(question, snapshot.known)
    assert not asked.found
    assert asked.filters.is_empty
    assert asked.rest == question


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("Wat zei Van der Burg over opvang?", {"ah-tk-20222023-1751", "kst-28638-214"}),
        ("Wat zei Eric van der Burg over opvang?", {"ah-tk-20222023-1751", "kst-28638-214"}),
        ("Wat zei Van der Burg in 2023 over opvang?", {"ah-tk-20222023-1751"}),
        ("Wat zei Van der Burg sinds 2024 over opvang?", set()),
        ("vragen van het CDA en de VVD over opvang", {"ah-tk-20222023-1751", "kv-tk-2024Z18435"}),
        ("reactie van JenV over opvang", {"ah-tk-20222023-1751"}),
        ("stukken tussen 2022 en 2023 over opvang", {"ah-tk-20222023-1751", "kst-28638-214"}),
    ],
)
def test_both_legs_search_within_what_was_asked(snapshot: Snapshot, question: str, documents: set[str]) -> None:
    asked = asked_filters(question, snapshot.known)
    assert {hit.document.document for hit in snapshot.search(asked.rest, 50, asked.filters)} == documents


def test_a_question_of_a_document_is_found_by_its_number_alone(snapshot: Snapshot) -> None:
    asked = asked_filters("Wat is het antwoord op vraag 2 van 2023Z02340?", snapshot.known)
    assert asked.rest == ""
    [hit] = snapshot.search(asked.question, 5, asked.filters)
    assert hit.passage.passage == "ah-tk-20222023-1751#vraag-2"


def test_numbers_that_are_not_in_the_store_are_named(snapshot: Snapshot) -> None:
    assert asked_filters("vraag 5 van 2020Z99999", snapshot.known).unknown == ("2020Z99999",)
    asked = asked_filters("vraag 12 van 2023Z02340", snapshot.known)
    assert asked.unknown == ("vraag 12 (2023Z02340)",)
    assert asked.filters == Filters(documents=("ah-tk-20222023-1751",))


def test_a_filter_that_was_given_takes_the_place_of_the_one_that_was_read(snapshot: Snapshot) -> None:
    asked = asked_filters("vragen van het CDA uit 2023 over opvang", snapshot.known)
    assert asked.over(None) == asked.filters
    given = Filters(since=date(2024, 1, 1), kinds=("questions",))
    assert asked.over(given) == Filters(since=date(2024, 1, 1), kinds=("questions",), parties=("cda",))


def test_the_rest_of_the_question_is_what_is_searched_for(snapshot: Snapshot) -> None:
    asked = asked_filters("Wat staat er in de Kamerbrief van 21 december 2022 over toezicht?", snapshot.known)
    assert asked.rest == "Wat staat er over toezicht?"


def test_a_filter_is_described_in_both_languages(snapshot: Snapshot) -> None:
    [one] = asked_filters("vragen van het CDA over opvang", snapshot.known).found
    assert one.describe("nl") == "partij: CDA"
    assert one.describe("en") == "party: CDA"


@pytest.mark.parametrize(
    ("facet", "name", "expected"),
    [
        ("ministry", "JenV", ("justitie en veiligheid",)),
        ("ministry", "Justitie", ("justitie en veiligheid",)),
        ("ministry", "ministerie van Volksgezondheid", ("volksgezondheid welzijn en sport",)),
        ("ministry", "Landbouw", ()),
        ("party", "Volkspartij voor Vrijheid en Democratie", ("vvd",)),
        ("party", "Partij", ()),
        ("person", "Kuik", ("kuik",)),
        ("person", "Kuiken", ()),
    ],
)
def test_names_are_known_in_part_and_by_their_short_form(
    snapshot: Snapshot, facet: str, name: str, expected: tuple[str, ...]
) -> None:
    assert snapshot.known.named(facet, name) == expected


def test_unknown_names_in_filters_are_told_apart(snapshot: Snapshot) -> None:
    filters = Filters(parties=("CDA", "XYZ"), ministries=("VWS",), people=("Niemand",), documents=("2023Z02340", "weg"))
    assert snapshot.known.unknown(filters) == [("party", "XYZ"), ("person", "Niemand"), ("document", "weg")]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Wat is er gezegd over opvang binnen het onderwerp asiel?", "asiel"),
        ("Hoe zit het met toezicht, met als thema migratie en integratie?", "migratie en integratie"),
        ("What was said about reception on the topic of migratie?", "migratie"),
    ],
)
def test_a_topic_that_is_called_one_limits_the_search_to_it(snapshot: Snapshot, question: str, words: str) -> None:
    asked = asked_filters(question, snapshot.known)
    assert _found(asked) == {"topic": words}
    assert {hit.document.document for hit in snapshot.search(asked.rest, 9, asked.filters)} == {"ah-tk-20222023-1751"}
    assert words not in asked.rest


@pytest.mark.parametrize(
    "question",
    ["Hoe zit het met migratie?", "Is veiligheid een onderwerp van gesprek?", "Over welk onderwerp gaat dit?"],
)
def test_a_topic_that_a_question_is_about_limits_nothing(snapshot: Snapshot, question: str) -> None:
    assert not asked_filters(question, snapshot.known).found
