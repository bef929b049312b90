"""The five documents the project began with, each against a table made by reading it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from index.documents import read_document
from index.tokens import bundled
from index.values import Asker, Official, Passage, Reading

pytestmark = pytest.mark.real


def read_seed(shared: Path, start: str) -> Reading:
    path = next((shared / "seeds").glob(f"{start}_*"))
    return read_document(path, str(path), bundled().count)


@dataclass(frozen=True)
class Row:
    """One group of questions: its numbers, and the first and last words of its questions and of its answer."""

    numbers: tuple[int, ...]
    question: tuple[str, str]
    answer: tuple[str, str]
    refers_to: tuple[int, ...] = ()


SEED_0 = (
    Row((1,), ("Bent u bekend met het bericht", "«Moderne slavernij»»?1"), ("Ja", "Ja")),
    Row((2, 3), ("In hoeverre is er nu gericht", "met ons delen?"), ("Een goede aanpak", "mensenhandel vallen.")),
    Row(
        (4, 5, 6),
        ("In welke mate is er onderzoek", "om het aan te pakken?"),
        ("Het is bekend dat", "op vraag 2 en 3."),
        (2, 3),
    ),
    Row((7,), ("Vindt u het ook", "beter te beschermen?"), ("De opvanglocaties van", "mogelijkheden zijn.")),
    Row((8,), ("Hoe kunt u de al", "worden gemeld?"), ("Het COA blijft", "aangifte te doen.")),
    Row((9,), ("Wat is uw reactie", "binnen azc’s?"), ("Ik herken het beeld", "veel waardering.")),
    Row(
        (10, 11),
        ("Bent u het eens met", "verdachte situaties?"),
        ("Ik vind het ernstig", "zorgen te uiten."),
    ),
)

SEED_3 = (
    Row((1,), ("Bent u bekend met het artikel", "veilige plek»»?1"), ("Ja.", "Ja.")),
    Row((2,), ("Herkent u het beeld dat kwetsbare", "andere regio’s?"), ("Kwetsbare meisjes", "Amsterdam is 911.")),
    Row((3,), ("Herkent u het beeld dat familieleden", "schot blijven?"), ("Mensenhandel zaken", "bestaande kaders.")),
    Row((4,), ("Klopt het dat de zedenpolitie", "doorpakmogelijkheden?"), ("Nee, dat klopt", "seksuele uitbuiting.")),
    Row((5,), ("Hoe staat het met", "pakket van maatregelen?"), ("Mijn ministerie is", "op dit vlak.")),
    Row((6,), ("Zijn eerstelijns hulpverleners", "waarom niet?"), ("Bij deze kwetsbare", "niet bekend.")),
    Row((7,), ("Bent u van mening", "zorgvoorzieningen?"), ("Voor slachtoffers van", "jeugdhulp is beschreven.")),
    Row((8,), ("Deelt u de mening", "hoofd te bieden?"), ("Ja, ik deel de mening", "op orde is.")),
    Row((9,), ("Op welke manier", "worden?"), ("Zeer recent is vanuit", "worden ontwikkeld.")),
    Row((10,), ("Gaat u actie ondernemen", "dat hotels hebben?"), ("Er zijn de afgelopen", "van het project.")),
)


def whole_answers(reading: Reading) -> dict[tuple[int, ...], tuple[Passage, str]]:
    """Each group's first passage and its answer with the answers of its later pieces."""
    groups: dict[tuple[int, ...], tuple[Passage, str]] = {}
    for passage in reading.passages:
        if passage.numbers:
            first, text = groups.get(passage.numbers, (passage, ""))
            groups[passage.numbers] = (first, f"{text} {passage.answer or ''}".strip())
    return groups


@pytest.mark.parametrize(("seed", "rows"), [("000", SEED_0), ("003", SEED_3)])
def test_openkamer_export_gives_each_question_with_its_true_answer(
    shared: Path, seed: str, rows: tuple[Row, ...]
) -> None:
    reading = read_seed(shared, seed)
    groups = whole_answers(reading)
    assert list(groups) == [row.numbers for row in rows]
    for row in rows:
        passage, answer = groups[row.numbers]
        assert passage.question is not None
        assert passage.question.startswith(row.question[0]) and passage.question.endswith(row.question[1])
        assert answer.startswith(row.answer[0]) and answer.endswith(row.answer[1])
        assert passage.refers_to == row.refers_to
        assert "Zie antwoord vraag" not in passage.text


def test_openkamer_joins_the_answers_that_it_split(shared: Path) -> None:
    reading = read_seed(shared, "000")
    labels = list(dict.fromkeys(passage.label for passage in reading.passages))
    assert labels == [
        "vraag 1",
        "vraag 2 en 3",
        "vraag 4, 5 en 6",
        "vraag 7",
        "vraag 8",
        "vraag 9",
        "vraag 10 en 11",
        "mededeling",
    ]
    passage = next(p for p in reading.passages if p.numbers == (2, 3))
    assert passage.passage == "ah-tk-20222023-1751#vraag-2-en-3"
    assert "Welke resultaten en acties" in passage.text
    assert passage.text.endswith(passage.answer or "")


@pytest.mark.parametrize("seed", ["000", "003"])
def test_notice_that_an_answer_comes_later_is_history_and_no_answer(shared: Path, seed: str) -> None:
    notice = read_seed(shared, seed).passages[-1]
    assert (notice.label, notice.numbers, notice.answer, notice.question) == ("mededeling", (), None, None)
    assert notice.text.startswith("Hierbij deel ik u mede") and notice.text.endswith("te beantwoorden.")


def test_metadata_of_the_first_export(shared: Path) -> None:
    document = read_seed(shared, "000").document
    assert document.document == "ah-tk-20222023-1751"
    assert (document.case, document.number, document.kind) == ("2023Z02340", "1751", "answer")
    assert document.title.startswith("Het bericht ‘Mensenhandelaren actief bij azc")
    assert (document.asked, document.answered, document.date) == (date(2023, 2, 10), date(2023, 3, 6), date(2023, 3, 6))
    assert document.askers == (Asker("René Peters", "CDA"), Asker("Anne Kuik", "CDA"))
    assert document.answered_by == (Official("Eric van der Burg", "staatssecretaris", "justitie en veiligheid"),)
    assert document.topics == (
        "criminaliteit",
        "migratie en integratie",
        "openbare orde en veiligheid",
        "organisatie en beleid",
    )
    assert document.url == "https://zoek.officielebekendmakingen.nl/ah-tk-20222023-1751.html"


def test_metadata_of_the_second_export(shared: Path) -> None:
    document = read_seed(shared, "003").document
    assert document.document == "ah-tk-20192020-2893"
    assert (document.case, document.number, document.kind) == ("2020Z02502", "2893", "answer")
    assert document.title == "Onderzoek: Meisjes in de gevarenzone. ‘Ik verlang naar een veilige plek’"
    assert (document.asked, document.answered) == (date(2020, 2, 10), date(2020, 5, 25))
    assert document.askers == (Asker("Anne Kuik", "CDA"),)
    assert document.answered_by == (Official("Ankie Broekers-Knol", "staatssecretaris", "justitie en veiligheid"),)
    assert document.topics == ("openbare orde en veiligheid", "organisatie en beleid")
    assert document.url == "https://zoek.officielebekendmakingen.nl/ah-tk-20192020-2893.html"


def test_letter_in_hyphenated_lines_becomes_running_text(shared: Path) -> None:
    reading = read_seed(shared, "001")
    text = " ".join(passage.text for passage in reading.passages)
    assert [passage.label.split()[0] for passage in reading.passages] == ["alinea"] * len(reading.passages)
    assert text.startswith("In het commissiedebat") and text.endswith("helemaal kan worden voorkomen.")
    assert "asielzoekerscentra1." in text and "mogelijke mensenhandel besproken" in text
    assert "mensenhandel en -smokkel" in text and "prostitutie-netwerken" in text
    assert "Keijzer" not in text and "Aan de Voorzitter" not in text
    assert sum(passage.text.count("\n") + 1 for passage in reading.passages) == 7


def test_metadata_of_the_letter_in_lines(shared: Path) -> None:
    document = read_seed(shared, "001").document
    assert (document.document, document.number) == ("kst-19637-3453", "19637-3453")
    assert (document.kind, document.date) == ("letter", date(2025, 7, 9))
    assert document.topics == ("Vreemdelingenbeleid", "Mensenhandel")
    assert document.answered_by == (Official("M.C.G. Keijzer", "minister", "Asiel en Migratie"),)
    assert document.url == "https://zoek.officielebekendmakingen.nl/kst-19637-3453.html"


PAGE_SECTIONS = (
    ("inleiding", "De vaste commissie", "naar de Kamer."),
    ("Volg live", "Het overleg vindt", "Debat Direct."),
    ("Agenda en verslag", "U kunt alle", "deze link lezen."),
    ("Wat is mensenhandel?", "Mensenhandel is het", "slachtoffers ondersteuning."),
    ("Programma Samen tegen mensenhandel", "Mensenhandel is één", "te vergroten."),
    ("Eerste resultaten Programma Samen tegen mensenhandel", "Nu, één jaar", "Westelijke Balkanroute."),
    ("Dadermonitor Mensenhandel 2013–2017 kritisch", "Maar er is", "fout ingaan."),
    (
        "Afdeling Vreemdelingenpolitie, Identificatie en Mensenhandel (AVIM) verder op sterkte",
        "De digitale wereld",
        "van mensenhandel.",
    ),
)


def test_page_is_parted_at_its_headings(shared: Path) -> None:
    reading = read_seed(shared, "002")
    assert [passage.label for passage in reading.passages] == [label for label, _, _ in PAGE_SECTIONS]
    for passage, (_, first, last) in zip(reading.passages, PAGE_SECTIONS, strict=True):
        assert passage.text.startswith(first) and passage.text.endswith(last)
    assert (reading.document.kind, reading.document.title) == ("page", "Uitgelicht : Mensenhandel")
    assert reading.document.url is None and reading.document.date is None
    assert reading.document.document.startswith("pagina-")


MARKDOWN_SECTIONS = (
    ("inleiding", "", "Tijdens het Commissiedebat", "(strafbaarstelling mensenhandel).", {"1"}),
    (
        "1. Cijfers Motie Segers-Asscher",
        "1. Cijfers Motie Segers-Asscher",
        "De middelen uit",
        "capaciteit voor mensenhandel.",
        {"2", "3"},
    ),
    ("2. Pilot aangiftebereidheid", "2. Pilot aangiftebereidheid", "In het kader", "worden betrokken.", {"4", "5"}),
    ("Aanleiding", "3. EMM-onderzoek Nigerianen › Aanleiding", "In 2019 was", "van het EMM.", {"6", "7", "8"}),
    (
        "Appreciatie onderzoek",
        "3. EMM-onderzoek Nigerianen › Appreciatie onderzoek",
        "Uit de factsheet",
        "tot drugscriminaliteit.",
        {"9"},
    ),
    (
        "Huidige en toekomstige inzet",
        "3. EMM-onderzoek Nigerianen › Huidige en toekomstige inzet",
        "De modus operandi",
        "zullen worden.",
        {"10"},
    ),
    (
        "4. Onderzoek naar effectiviteit zorgprogramma's seksuele uitbuiting",
        "4. Onderzoek naar effectiviteit zorgprogramma's seksuele uitbuiting",
        "In navolging van",
        "Samen tegen mensenhandel.",
        {"11"},
    ),
    ("5. Evaluatie OMM", "5. Evaluatie OMM", "Sinds juli 2019", "met de VNG.", set()),
    (
        "6. Modernisering artikel 273f Wetboek van Strafrecht (strafbaarstelling mensenhandel)",
        "6. Modernisering artikel 273f Wetboek van Strafrecht (strafbaarstelling mensenhandel)",
        "In het coalitieakkoord",
        "mee te nemen.",
        {"12"},
    ),
)


def test_markdown_letter_is_parted_at_its_headings_with_its_notes(shared: Path) -> None:
    reading = read_seed(shared, "004")
    labels = list(dict.fromkeys(passage.label for passage in reading.passages))
    assert labels == [section[0] for section in MARKDOWN_SECTIONS]
    for label, context, first, last, notes in MARKDOWN_SECTIONS:
        pieces = [passage for passage in reading.passages if passage.label == label]
        assert {piece.context for piece in pieces} == {context}
        assert pieces[0].text.startswith(first) and pieces[-1].text.endswith(last)
        assert {mark for piece in pieces for mark in piece.notes} == notes


def test_sentence_broken_by_a_page_of_footnotes_is_whole_again(shared: Path) -> None:
    reading = read_seed(shared, "004")
    assert "de gedane bevindingen en de werkafspraken die naar aanleiding" in reading.text
    assert "Ontwikkelingssamenwerking voorhanden heeft zet Nederland" in reading.text
    assert "dat ziet op de Europese operationele samenwerking" in reading.text
    assert "<sup>" not in reading.text and "**" not in reading.text and "](" not in reading.text
    note = next(p.notes["8"] for p in reading.passages if "8" in p.notes)
    assert note == "www.emm-online.nl"


def test_metadata_of_the_markdown_letter(shared: Path) -> None:
    document = read_seed(shared, "004").document
    assert (document.document, document.number) == ("kst-28638-214", "28638-214")
    assert (document.kind, document.date) == ("letter", date(2022, 12, 21))
    assert document.topics == ("Mensenhandel",)
    assert document.answered_by == (
        Official("E. van der Burg", "staatssecretaris", "Justitie en Veiligheid"),
        Official(None, "staatssecretaris", "Volkshuisvesting, Welzijn en Sport"),
        Official(None, "minister", "Sociale Zaken en Werkgelegenheid"),
    )
    assert document.url == "https://zoek.officielebekendmakingen.nl/kst-28638-214.html"
