"""The bundled samples, each read exactly as it was meant: groups, labels, dates, people, references, notes."""

from __future__ import annotations

import re
import runpy
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from index.documents import find_files, read_document
from index.tokens import bundled
from index.values import Kind, Passage, Reading

HERE = Path(__file__).parent
SAMPLES = HERE.parent.parent / "index" / "samples"

Groups = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Expected:
    """What a sample was written to be; `labels` and `notes` name what stands beside numbered questions."""

    document: str
    kind: Kind
    title: str
    day: date | None
    number: str | None = None
    case: str | None = None
    asked: date | None = None
    parties: tuple[str, ...] = ()
    answered_by: tuple[tuple[str, str | None], ...] = ()
    groups: Groups = ()
    references: Mapping[tuple[int, ...], tuple[int, ...]] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    notes: int = 0


def singles(first: int, last: int) -> Groups:
    return tuple((number,) for number in range(first, last + 1))


EXPECTED = {
    "energietoeslag-2024.txt": Expected(
        "voorbeeld-ah-2024-12",
        "answer",
        "Het bericht ‘Energierekening blijft voor veel gezinnen in Voorbeeldstad te hoog’",
        date(2024, 2, 12),
        number="12",
        case="voorbeeld-2024V001",
        asked=date(2024, 1, 15),
        parties=("Partij A",),
        answered_by=(("wethouder", "werk en inkomen"),),
        groups=((1,), (2, 3), (4,), (5,), (6, 7)),
    ),
    "jeugdhulp-wachttijden.txt": Expected(
        "voorbeeld-ah-2024-26",
        "answer",
        "De oplopende wachttijden in de jeugdhulp",
        date(2024, 5, 30),
        number="26",
        case="voorbeeld-2024V007",
        asked=date(2024, 4, 3),
        parties=("Partij B", "Partij D"),
        answered_by=(("wethouder", "jeugd en onderwijs"),),
        groups=(*singles(1, 4), (5, 6), (7,), (8,)),
        references={(4,): (3,)},
        labels=("mededeling",),
    ),
    "afvalinzameling.txt": Expected(
        "voorbeeld-ah-2024-31",
        "answer",
        "Het minder vaak legen van de container voor restafval",
        date(2024, 9, 26),
        number="31",
        case="voorbeeld-2024V012",
        asked=date(2024, 9, 2),
        parties=("Partij E",),
        answered_by=(("wethouder", "openbare ruimte en milieu"),),
        groups=((1,), (2, 3), *singles(4, 7)),
        references={(7,): (5,)},
    ),
    "geluidsoverlast-vismarkt.txt": Expected(
        "voorbeeld-ah-2024-15",
        "answer",
        "de geluidsoverlast rond de Vismarkt",
        date(2024, 3, 11),
        number="15",
        asked=date(2024, 2, 12),
        parties=("Partij E",),
        answered_by=(("burgemeester", "Openbare orde en veiligheid"), ("wethouder", "Economie en toerisme")),
        groups=((1,), (2,), (3, 4), *singles(5, 7)),
        references={(6,): (2,), (7,): (3, 4, 5)},
        notes=2,
    ),
    "woningbouw-havenkwartier.pdf": Expected(
        "voorbeeld-ah-2024-27",
        "answer",
        "de nieuwbouw in het Havenkwartier",
        date(2024, 6, 3),
        number="27",
        asked=date(2024, 5, 6),
        parties=("Partij A",),
        answered_by=(("wethouder", "Wonen en ruimte"),),
        groups=((1,), (2, 3, 4), *singles(5, 10)),
        references={(9,): (5,), (10,): (2, 3, 4)},
        notes=3,
    ),
    "opvang-lindelaan.pdf": Expected(
        "voorbeeld-ah-2025-6",
        "answer",
        "de opvang van vluchtelingen aan de Lindelaan",
        date(2025, 2, 10),
        number="6",
        asked=date(2025, 1, 13),
        parties=("Partij D",),
        answered_by=(("burgemeester", "Openbare orde en veiligheid"), ("wethouder", "Jeugd en onderwijs")),
        groups=((1,), (2,), (3, 4), *singles(5, 9)),
        references={(8,): (1,), (9,): (1,)},
        notes=2,
    ),
    "bibliotheek-vragen.txt": Expected(
        "voorbeeld-kv-2024V015",
        "questions",
        "de sluiting van de bibliotheek in de wijk Oosterwijk",
        date(2024, 10, 7),
        number="voorbeeld-2024V015",
        case="voorbeeld-2024V015",
        asked=date(2024, 10, 7),
        parties=("Partij C",),
        groups=singles(1, 6),
        labels=("toelichting",),
        notes=1,
    ),
    "bibliotheek-uitstel.txt": Expected(
        "voorbeeld-ah-2024-33",
        "postponement",
        "de sluiting van de bibliotheek in de wijk Oosterwijk",
        date(2024, 10, 28),
        number="33",
        case="voorbeeld-2024V015",
        asked=date(2024, 10, 7),
        answered_by=(("wethouder", "Cultuur en sport"),),
        parties=("Partij C",),
        labels=("mededeling",),
    ),
    "bibliotheek-antwoord.txt": Expected(
        "voorbeeld-ah-2024-38",
        "answer",
        "de sluiting van de bibliotheek in de wijk Oosterwijk",
        date(2024, 11, 18),
        number="38",
        case="voorbeeld-2024V015",
        asked=date(2024, 10, 7),
        parties=("Partij C",),
        answered_by=(("wethouder", "Cultuur en sport"), ("wethouder", "Financiën")),
        groups=((1, 2), *singles(3, 6)),
        references={(6,): (1, 2)},
        notes=2,
    ),
    "brief-schuldhulpverlening.md": Expected(
        "voorbeeld-brief-2024-3",
        "letter",
        "Hulp aan inwoners met schulden",
        date(2024, 7, 4),
        answered_by=(("wethouder", "Werk en inkomen"),),
        notes=5,
    ),
    "brief-energietoeslag-2025.txt": Expected(
        "voorbeeld-brief-2025-4",
        "letter",
        "Energietoeslag 2025: hogere inkomensgrens",
        date(2025, 3, 18),
        number="4",
        answered_by=(("wethouder", "Werk en inkomen"),),
    ),
    "pagina-parkeervergunning.txt": Expected(
        "voorbeeld-pagina-parkeervergunning", "page", "Parkeervergunning aanvragen", date(2024, 12, 2)
    ),
    "pagina-fietspad-stationsweg.txt": Expected(
        "voorbeeld-pagina-fietspad-stationsweg",
        "page",
        "Werk in uitvoering : fietspad Stationsweg",
        date(2025, 2, 10),
    ),
}


@cache
def reading(name: str) -> Reading:
    return read_document(SAMPLES / name, name, bundled().count)


every_sample = pytest.mark.parametrize("name", EXPECTED)


def test_every_sample_is_in_the_table_and_nothing_else_lies_among_them() -> None:
    assert {path.name for path in find_files([SAMPLES])} == set(EXPECTED)


@every_sample
def test_identifier_kind_title_and_number_are_as_written(name: str) -> None:
    expected, document = EXPECTED[name], reading(name).document
    assert (document.document, document.kind) == (expected.document, expected.kind)
    assert document.title.casefold() == expected.title.casefold()
    assert (document.number, document.case) == (expected.number, expected.case)


@every_sample
def test_a_sample_has_no_official_link_and_is_known_to_be_one(name: str) -> None:
    document = reading(name).document
    assert document.is_sample
    assert document.url is None


@every_sample
def test_dates_and_people_are_as_written(name: str) -> None:
    expected, document = EXPECTED[name], reading(name).document
    assert (document.date, document.asked) == (expected.day, expected.asked)
    assert tuple(asker.party for asker in document.askers) == expected.parties
    assert {asker.name for asker in document.askers} <= {"raadslid"}
    assert {official.name for official in document.answered_by} <= {"wethouder", "burgemeester", None}
    assert tuple((official.role, official.department) for official in document.answered_by) == expected.answered_by


@every_sample
def test_questions_are_grouped_as_they_were_answered(name: str) -> None:
    numbered = [passage.numbers for passage in reading(name).passages if passage.numbers]
    assert tuple(numbered) == EXPECTED[name].groups


@every_sample
def test_references_lead_to_the_answers_that_are_named(name: str) -> None:
    found = {passage.numbers: passage.refers_to for passage in reading(name).passages if passage.refers_to}
    assert found == EXPECTED[name].references


@every_sample
def test_what_stands_beside_the_questions_has_its_label(name: str) -> None:
    expected = EXPECTED[name]
    if expected.kind in ("letter", "page"):
        return  # their sections have tests of their own below
    beside = tuple(passage.label for passage in reading(name).passages if not passage.numbers)
    assert beside == expected.labels


@every_sample
def test_every_note_is_bound_to_its_mark_and_out_of_the_running_text(name: str) -> None:
    bound = {(mark, text) for passage in reading(name).passages for mark, text in passage.notes.items()}
    assert len(bound) == EXPECTED[name].notes


@every_sample
def test_every_passage_is_exactly_its_span_of_the_text(name: str) -> None:
    whole = reading(name)
    for passage in whole.passages:
        assert whole.text[passage.start : passage.end] == passage.text
        assert whole.text[passage.body_start : passage.body_start + len(passage.body)] == passage.body


@every_sample
def test_page_furniture_and_line_ends_leave_no_trace_in_a_passage(name: str) -> None:
    for passage in reading(name).passages:
        assert not re.search(r"Gemeenteraad, vergaderjaar|voorbeeld-(?:ah|kv|pagina)-\S+\s*$", passage.text)
        assert not re.search(r"\w- [a-z](?!n )", passage.text.replace("- en ", ""))
        assert "<sup>" not in passage.text


def passage_of(name: str, *numbers: int) -> Passage:
    return next(passage for passage in reading(name).passages if passage.numbers == numbers)


def test_a_sentence_is_whole_again_where_the_page_was_turned() -> None:
    vismarkt = passage_of("geluidsoverlast-vismarkt.txt", 2)
    haven = passage_of("woningbouw-havenkwartier.pdf", 6)
    opvang = passage_of("opvang-lindelaan.pdf", 3, 4)
    assert "leggen bij een tweede overtreding een dwangsom van 1.500 euro op." in vismarkt.text
    assert "een kwart van de vrijkomende woningen in 2024 en 2025 via loting wordt verdeeld." in haven.text
    assert (
        "De onafhankelijke voorzitter van dat overleg wordt door de bewoners van de buurt zelf gekozen." in opvang.text
    )


def test_a_line_that_begins_with_a_number_goes_on_with_its_sentence() -> None:
    passage = passage_of("geluidsoverlast-vismarkt.txt", 1)
    assert "heeft de gemeente in 2022 en 2023 gekregen?" in passage.text
    assert "op terrassen tussen 23.00 uur en 02.00 uur." in passage.text


def test_a_sentence_is_whole_again_where_notes_stood_in_it() -> None:
    texts = [passage.text for passage in reading("brief-schuldhulpverlening.md").passages]
    assert any("gas, water of stroom is dat binnen drie werkdagen." in text for text in texts)


def test_hyphens_at_line_ends_are_joined_and_real_ones_kept() -> None:
    text = reading("brief-energietoeslag-2025.txt").text
    assert "verwachting 2.100 huishoudens" in text
    assert "op dinsdag- en donderdagmiddag" in text


def test_both_questions_of_a_combined_answer_stand_in_its_passage() -> None:
    passage = passage_of("energietoeslag-2024.txt", 2, 3)
    assert passage.label == "vraag 2 en 3"
    assert "hoe hoog is het bedrag?" in (passage.question or "")
    assert "een grens van 120 procent en niet voor een hogere grens?" in passage.text + passage.context
    assert "800 euro per huishouden" in passage.body


def test_the_postponement_and_the_answer_of_one_case_share_it() -> None:
    cases = {reading(name).document.case for name in EXPECTED if name.startswith("bibliotheek")}
    assert cases == {"voorbeeld-2024V015"}


def test_sections_of_the_letter_bear_their_headings() -> None:
    labels = [passage.label for passage in reading("brief-schuldhulpverlening.md").passages]
    for heading in (
        "De schuldhulp in cijfers",
        "Sneller een eerste gesprek",
        "Saneringskrediet",
        "Jongeren met schulden",
    ):
        assert any(heading in label for label in labels), heading


def test_sections_of_a_page_bear_their_headings_and_hold_their_list() -> None:
    sections = {passage.label: passage.text for passage in reading("pagina-parkeervergunning.txt").passages}
    assert {"Wie kan een vergunning krijgen?", "Bezoek laten parkeren", "Mantelzorg"} <= set(sections)
    assert "96 euro per jaar" in sections["Wat kost een vergunning?"]
    assert "150 euro per jaar" in sections["Wat kost een vergunning?"]


def test_the_pdfs_are_those_that_their_script_makes() -> None:
    make_pdf = runpy.run_path(str(HERE / "make_sample_pdf.py"))["make_pdf"]
    sources = sorted((HERE / "sample_pdfs").glob("*.txt"))
    assert len(sources) == 2
    for source in sources:
        made = (SAMPLES / source.with_suffix(".pdf").name).read_bytes()
        assert make_pdf(source.read_text(encoding="utf-8")) == made
        assert len(made) < 60_000
