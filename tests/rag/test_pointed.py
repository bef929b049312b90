"""A question that points to a document, a number or a party is answered from there, and says what it was limited to."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from index.values import Asker, Document, Passage, Reading
from index.where import Where, open_store, prepare, writer
from rag.answer_json import to_json
from rag.assistant import EVERY, Assistant

NUMBER = "ah-tk-20232024-999"


@pytest.fixture(scope="module")
def pointed(new_place: Callable[[], Where]) -> Assistant:
    place = new_place()
    prepare(place)
    first = "Wie betaalt het nieuwe zwembad?\nDe provincie betaalt het zwembad. De bouw kost 3 miljoen euro."
    second = "Wanneer gaat het zwembad open?\nHet zwembad gaat open in mei 2025."
    text = f"{first}\n\n{second}"
    passages = []
    for number, (part, start) in enumerate(((first, 0), (second, len(first) + 2)), 1):
        question, answer = part.split("\n")
        passages.append(
            Passage(
                *(f"{NUMBER}#vraag-{number}", NUMBER, f"vraag {number}", part, start, start + len(part), (number,)),
                question=question,
                answer=answer,
                answer_start=start + len(question) + 1,
            )
        )
    document = Document(
        *(NUMBER, "answer", "Het nieuwe zwembad", "zwembad.txt"),
        case="2024Z00999",
        number="999",
        askers=(Asker("Kamerlid", "SP"),),
    )
    with writer(place) as writing:
        writing.put(Reading(document, text, tuple(passages)), "zwembad.txt")
        writing.commit()
    return Assistant(open_store(place))


@pytest.mark.parametrize("name", [NUMBER, "2024Z00999"])
def test_a_numbered_question_of_a_document_is_given_as_it_was_answered(pointed: Assistant, name: str) -> None:
    answer = pointed.ask(f"Wat is het antwoord op vraag 1 van {name}?")
    assert answer.status == "answered"
    assert answer.text == "De provincie betaalt het zwembad. [1] De bouw kost 3 miljoen euro. [1]"
    assert {one.field for one in answer.filters} == {"question", "document"}


def test_a_question_within_a_document_is_answered_from_it(pointed: Assistant) -> None:
    answer = pointed.ask("Wanneer gaat het zwembad open volgens 2024Z00999?")
    assert "mei 2025" in answer.text


def test_a_document_alone_is_shown_with_what_is_known_of_it(pointed: Assistant) -> None:
    answer = pointed.ask("2024Z00999")
    assert answer.status == "answered"
    assert [one.document.document for one in answer.suggestions] == [NUMBER]


def test_how_many_questions_a_party_asked_is_counted(pointed: Assistant) -> None:
    answer = pointed.ask("Hoeveel Kamervragen heeft de SP gesteld?")
    assert answer.status == "answered"
    assert "1" in answer.notices[0]
    assert not any("nog geen antwoord" in notice for notice in answer.notices)


def test_a_number_that_the_store_does_not_have_is_named(pointed: Assistant) -> None:
    answer = pointed.ask("Wie betaalt het zwembad volgens 2024Z12345?")
    assert any("2024Z12345" in notice for notice in answer.notices)


def test_the_filters_of_a_question_stand_in_the_trace_and_the_json_and_can_be_left_out(pointed: Assistant) -> None:
    question = "Wat is het antwoord op vraag 1 van 2024Z00999?"
    answer = pointed.ask(question)
    record = json.loads(json.dumps(to_json(answer)))
    assert [question[one["start"] : one["end"]] for one in record["filters"]] == [f["words"] for f in record["filters"]]
    assert "2024Z00999" in next(step["decision"] for step in record["trace"] if step["step"] == "filters")
    assert pointed.ask(question, without=(EVERY,)).filters == ()
    assert {one.field for one in pointed.ask(question, without=("question",)).filters} == {"document"}


def test_a_numbered_question_that_a_document_does_not_have_is_not_answered(pointed: Assistant) -> None:
    for question in (f"vraag 99 van {NUMBER}", f"Wat is het antwoord op vraag 99 van {NUMBER}?"):
        answer = pointed.ask(question)
        assert answer.status == "unanswerable"
        assert any("vraag 99" in notice for notice in answer.notices)
        assert not answer.sentences
