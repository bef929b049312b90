"""The head of a document answers who asked and when; what only a question states is said to be so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.store import Store
from index.store.write import Writer
from index.values import Document, Passage, Reading
from rag.assistant import Assistant
from rag.evidence import source_of
from rag.findings import _states
from rag.heads import _says_something
from rag.need import needs_of

HEAD = (
    "Vragen van het lid Voorbeeld (Partij A) aan de Minister van Water over zwemmen in de Vliet (ingezonden 3 mei 2024)"
)
ASKED = (
    "In het verslag van de waterbeheerder staat dat in de Vliet vorig jaar 1.400 ratten zijn gevangen door vangers. "
    "Vindt u het veilig om in de Vliet te zwemmen?"
)


@pytest.fixture(scope="module")
def unanswered(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """An assistant that knows one document, of questions that nobody answered."""
    folder: Path = tmp_path_factory.mktemp("heads") / "store"
    text = f"{HEAD}\n\n{ASKED}"
    start = text.index(ASKED)
    passage = Passage("zwem#vraag-1", "zwem", "vraag 1", ASKED, start, len(text), (1,), ASKED)
    document = Document("zwem", "questions", "Zwemmen in de Vliet", "zwem.txt", date=date(2024, 5, 3))
    return _knowing(folder, Reading(document, text, (passage,)))


def _knowing(folder: Path, reading: Reading) -> Assistant:
    Store.create(folder)
    with Writer(folder) as writer:
        writer.put(reading, reading.document.source)
        writer.commit()
    return Assistant(Store.open(folder))


@pytest.mark.parametrize(
    "question",
    [
        "Welk Kamerlid wilde van de minister weten of je in de Vliet kunt zwemmen?",
        "Van welke partij kwamen de vragen over zwemmen in de Vliet?",
        "Op welke datum zijn de vragen over het zwemmen in de Vliet ingezonden?",
        "Welk Kamerlid vroeg in de Kamer naar zwemmen in de Vliet, en wanneer?",
    ],
)
def test_who_asked_and_when_is_quoted_from_the_head_of_the_document(unanswered: Assistant, question: str) -> None:
    answer = unanswered.ask(question)
    assert HEAD in [sentence.text for sentence in answer.sentences]
    head = next(citation for citation in answer.citations if citation.quote == HEAD)
    assert (head.passage.passage, head.start) == ("zwem#kop", 0)
    assert "antwoordde" not in answer.lead
    assert {citation.document.document for citation in answer.citations} == {"zwem"}


@pytest.mark.parametrize(
    "question",
    [
        "Welk Kamerlid vroeg in 2019 in de Kamer naar zwemmen in de Vliet?",
        "Wanneer vroeg Kamerlid Pietersen naar zwemmen in de Vliet?",
    ],
)
def test_who_did_not_ask_or_not_then_is_not_said_to_have_asked(unanswered: Assistant, question: str) -> None:
    assert HEAD not in [sentence.text for sentence in unanswered.ask(question).sentences]


def test_a_value_that_only_a_question_states_is_given_as_that(unanswered: Assistant) -> None:
    answer = unanswered.ask("Hoeveel ratten zijn er vorig jaar in de Vliet gevangen?")
    assert "1.400" in answer.text and "vraag die gesteld is" in answer.notices[0]


def test_what_a_question_asks_itself_is_no_answer(unanswered: Assistant) -> None:
    answer = unanswered.ask("Is het veilig om in de Vliet te zwemmen?")
    assert answer.status == "unanswerable"


def test_the_head_of_a_document_is_found_by_name_as_a_passage_is(store: Store) -> None:
    with store.snapshot() as snapshot:
        assert snapshot.head("voorbeeld-bieb") is None  # nothing stands before its first question
        assert snapshot.passage("voorbeeld-bieb#kop") is None
        assert snapshot.head("er-is-niets") is None


def test_a_head_that_was_cited_can_be_shown_again(unanswered: Assistant) -> None:
    answer = unanswered.ask("Van welke partij kwamen de vragen over zwemmen in de Vliet?")
    cited = answer.citations[0].passage
    with unanswered._library.snapshot() as snapshot:
        assert snapshot.passage(cited.passage) == (cited, answer.citations[0].document)


POSTPONED = "Vanwege de nodige afstemming kunnen de vragen over de kade niet binnen drie weken worden beantwoord."


@pytest.fixture(scope="module")
def postponed(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """An assistant that knows a letter that answers are late."""
    folder: Path = tmp_path_factory.mktemp("late") / "store"
    head = "Mededeling van Minister Proef (Water) (ontvangen 4 juni 2024)."
    text = f"{head}\n\n{POSTPONED}"
    passage = Passage("laat#mededeling", "laat", "mededeling", POSTPONED, text.index(POSTPONED), len(text))
    document = Document("laat", "postponement", "Vragen over de kade", "laat.txt", date=date(2024, 6, 4))
    return _knowing(folder, Reading(document, text, (passage,)))


def test_why_an_answer_is_late_is_said_by_the_letter_that_says_so(postponed: Assistant) -> None:
    answer = postponed.ask("Waarom zijn de Kamervragen over de kade nog niet beantwoord?")
    assert [sentence.text for sentence in answer.sentences] == [POSTPONED]
    assert not any("vraag die gesteld is" in notice for notice in answer.notices)


def test_a_letter_that_answers_are_late_says_nothing_of_the_matter(postponed: Assistant) -> None:
    assert postponed.ask("Mag je op de kade parkeren?").status == "unanswerable"


def test_the_label_of_the_first_question_is_no_line_of_the_head() -> None:
    text = f"{HEAD}\nVraag 1"
    source = source_of(Passage("d#kop", "d", "Kop", text, 0, len(text)), Document("d", "questions", "", "d.txt"), 1.0)
    assert [line.text for line in source.lines if _says_something(line)] == [HEAD]


def test_what_kind_of_document_it_is_need_not_stand_in_it(unanswered: Assistant) -> None:
    plain = unanswered.ask("Hoeveel ratten zijn er vorig jaar in de Vliet gevangen?")
    named = unanswered.ask("Hoeveel ratten zijn er volgens Kamervragen vorig jaar in de Vliet gevangen?")
    assert named.citations == plain.citations != ()


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("Klopt het dat er vorig jaar 1.400 ratten in de Vliet zijn gevangen?", True),
        ("Hoeveel van de 1.400 ratten in de Vliet zijn er vorig jaar gevangen?", False),
    ],
)
def test_what_a_question_asks_for_too_it_does_not_state(text: str, *, states: bool) -> None:
    (need,) = needs_of("Hoeveel ratten zijn er in de Vliet gevangen?")
    assert _states(text, need) is states


@pytest.fixture(scope="module")
def oral(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """An assistant that knows one oral question, which is all head."""
    folder: Path = tmp_path_factory.mktemp("oral") / "store"
    text = "Mondelinge vragen van het lid Voorbeeld (Partij A) aan de Minister over de sluis (ingezonden 4 juni 2024)"
    document = Document("sluis", "oral", "De sluis", "sluis.txt", date=date(2024, 6, 4))
    passage = Passage("sluis#vraag", "sluis", "vraag", text, 0, len(text))
    return _knowing(folder, Reading(document, text, (passage,)))


def test_an_oral_question_says_itself_who_asked_it_but_nobody_else(oral: Assistant) -> None:
    assert "Voorbeeld" in oral.ask("Welk Kamerlid vroeg in de Kamer naar de sluis?").text
    assert not oral.ask("Welk Kamerlid van de Partij B vroeg in 2021 in de Kamer naar de sluis?").sentences
