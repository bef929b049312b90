"""An English question is looked for by its Dutch words, answered in Dutch quotes and framed in English."""

from __future__ import annotations

from datetime import date

import pytest

from index.values import Document, Official, Passage
from rag.assistant import Assistant
from rag.frame import framed
from rag.need import needs_of
from rag.values import Citation, Message

ANSWERED = {
    "When will the renovation of the library be finished?": "oktober 2025",
    "How much does the construction of the bridge Oosterhaven cost?": "3,4 miljoen euro",
    "Do I have to pay for the bibliobus?": "niet te betalen",
}


@pytest.mark.parametrize("question", ANSWERED)
def test_english_question_is_answered_in_dutch_quotes_with_an_english_frame(
    assistant: Assistant, texts: dict[str, str], question: str
) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert ANSWERED[question] in answer.text
    assert answer.notices[0].startswith("The documents are in Dutch")
    assert all(sentence.support == "verbatim" for sentence in answer.sentences)
    for citation in answer.citations:
        assert texts[citation.document.document][citation.start : citation.end] == citation.quote
        assert f"[{citation.number}]" in answer.notices[0]


@pytest.mark.parametrize(
    "question",
    [
        "When will the new swimming pool be finished?",
        "Who is the architect of the theatre?",
        "When will the cycle bridge Westerhaven open?",
        "Who is the fiddlesticks of the gobbledygook?",
    ],
)
def test_english_question_without_an_answer_is_refused(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "unanswerable"
    assert answer.notices[0] == "I found no answer to this question in these documents."


def test_trace_shows_the_dutch_words_of_an_english_question(assistant: Assistant) -> None:
    answer = assistant.ask("When will the renovation of the library be finished?")
    assert "bibliotheek" in next(step.decision for step in answer.trace if step.step == "reading")


def test_english_follow_up_takes_over_the_dutch_words_of_the_question_before(assistant: Assistant) -> None:
    history = [Message("user", "When will the renovation of the library be finished?")]
    answer = assistant.ask("And what does it cost?", history)
    assert "bibliotheek" in next(step.decision for step in answer.trace if step.step == "follow-up")
    assert "€ 1.250.000" in answer.text


@pytest.mark.parametrize(
    ("english", "dutch"),
    [
        ("How many complaints were there in 2023?", "Hoeveel klachten waren er in 2023?"),
        ("How long do children wait?", "Hoe lang wachten kinderen?"),
        ("What does the permit cost?", "Wat kost de vergunning?"),
        ("When will the bridge open?", "Wanneer gaat de brug open?"),
        ("Who pays the costs?", "Wie betaalt de kosten?"),
        ("Why is the library closed?", "Waarom is de bibliotheek gesloten?"),
        ("May I work?", "Mag ik werken?"),
        ("How much money is there?", "Hoeveel geld is er?"),
        ("How much water is there?", "Hoeveel water is er?"),
        ("At what time does the shop close?", "Hoe laat sluit de winkel?"),
    ],
)
def test_english_question_asks_for_the_sort_of_answer_of_its_dutch_reading(english: str, dutch: str) -> None:
    assert [need.sort for need in needs_of(english)] == [need.sort for need in needs_of(dutch)]


def test_english_question_keeps_names_and_numbers_exact_and_knows_other_words_for_one() -> None:
    [need] = needs_of("Which agreement did the municipality of Utrecht sign in 2023?")
    by_token = {term.token: term for term in need.terms}
    assert by_token["utrecht"].exact and by_token["2023"].exact
    assert by_token["akkoord"].others == ("overeenkomst",)


def test_thing_counted_in_english_is_the_last_noun() -> None:
    assert needs_of("How many waiting lists are there?")[0].counted == "wachtlijsten"
    assert needs_of("How often is the bin emptied?")[0].counted == "keer"


def test_english_question_in_two_parts_is_two_needs() -> None:
    assert [need.sort for need in needs_of("When will the bridge open and who pays for it?")] == ["time", "person"]


def _cited(document: Document) -> Citation:
    return Citation(1, Passage("p", document.document, "vraag 1", "Ja.", 0, 3), document, "Ja.", 0, 3)


def test_frame_says_who_answered_and_when_from_the_metadata_alone() -> None:
    minister = Official("Jansen", "minister", "Justitie")
    other = Official(None, "staatssecretaris", "Financiën")
    document = Document("d", "answer", "Titel", "d.txt", date=date(2023, 3, 6), answered_by=(minister, other))
    [frame] = framed([_cited(document)], "en")
    assert "On 6 March 2023 Minister Jansen (Justitie) answered [1]." in frame
    assert "Financiën" not in frame


def test_frame_names_the_document_where_nobody_is_known_to_have_answered() -> None:
    [frame] = framed([_cited(Document("d", "page", "Titel", "d.txt"))], "en")
    assert "Page “Titel” [1]." in frame
    assert framed([], "en") == ()
