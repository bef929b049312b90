"""Questions about the collection are answered from its metadata, with counts and a dated list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index.build import build_index
from index.values import Document, Filters
from index.where import Where, open_store
from rag.answer_json import to_json
from rag.assistant import Assistant
from rag.collection import _holds
from rag.values import Answer

SAMPLES = Path(__file__).resolve().parent.parent.parent / "index" / "samples"


@pytest.fixture(scope="module")
def samples(new_place: Callable[[], Where]) -> Assistant:
    """An assistant over the bundled samples, in a store of each kind in turn."""
    place = new_place()
    build_index([SAMPLES], place, None, count_tokens=len)
    return Assistant(open_store(place))


def listed(answer: Answer) -> list[str]:
    return [suggestion.document.document for suggestion in answer.suggestions]


def test_all_documents_are_counted_and_the_newest_listed(samples: Assistant) -> None:
    answer = samples.ask("Welke documenten hebben jullie?")
    assert (answer.status, answer.sentences) == ("answered", ())
    assert answer.notices[0] == "In deze verzameling: 13 documenten."
    days = [suggestion.document.date for suggestion in answer.suggestions]
    assert days == sorted(days, key=lambda day: day or date.min, reverse=True)
    assert len(days) == 10


def test_questions_of_one_case_count_once(samples: Assistant) -> None:
    answer = samples.ask("Hoeveel Kamervragen zijn er gesteld over de bibliotheek?")
    assert answer.notices[0] == "In deze verzameling: 1 Kamervraag over «de bibliotheek»."
    assert listed(answer) == ["voorbeeld-ah-2024-38"]
    assert listed(samples.ask("Welke documenten zijn er over de bibliotheek?"))[1:] == [
        "voorbeeld-ah-2024-33",
        "voorbeeld-kv-2024V015",
    ]


def test_who_asked_and_who_answered_come_from_the_metadata(samples: Assistant) -> None:
    asked = samples.ask("Wie vroeg naar de bibliotheek?").notices[1]
    assert "raadslid (Partij C) (7 oktober 2024" in asked  # the day it was asked, not answered
    answered = samples.ask("Wie heeft de vragen over de Vismarkt beantwoord?")
    assert "burgemeester" in answered.notices[1]


@pytest.mark.parametrize(
    ("question", "document", "lead"),
    [
        ("Wanneer werden de vragen over de Vismarkt beantwoord?", "voorbeeld-ah-2024-15", "de burgemeester"),
        (
            "Wie beantwoordde de vragen over de Vismarkt en wanneer?",
            "voorbeeld-ah-2024-15",
            "de burgemeester",
        ),
        ("Van wanneer is de brief over energietoeslag?", "voorbeeld-brief-2025-4", "18 maart 2025"),
    ],
)
def test_who_answered_and_when_is_said_before_words_of_that_very_document(
    samples: Assistant, question: str, document: str, lead: str
) -> None:
    answer = samples.ask(question)
    assert lead in answer.lead
    assert {citation.document.document for citation in answer.citations} == {document}
    assert all(sentence.support == "verbatim" for sentence in answer.sentences)
    for citation in answer.citations:
        assert citation.passage.text[citation.start - citation.passage.start :].startswith(citation.quote)


def test_when_questions_were_asked_is_another_day_than_when_they_were_answered(samples: Assistant) -> None:
    asked = samples.ask("Wanneer zijn de vragen over de Vismarkt gesteld?")
    answered = samples.ask("Wanneer zijn de vragen over de Vismarkt beantwoord?")
    document = asked.suggestions[0].document
    assert document.asked
    assert document.asked != document.answered
    assert str(document.asked.day) + " " in asked.notices[1]
    assert asked.notices[1] != answered.notices[1]


def test_a_letter_that_is_not_there_may_be_spoken_of_in_another_document(samples: Assistant) -> None:
    answer = samples.ask("Wanneer is de brief over kabouters gestuurd?")
    assert answer.status == "unanswerable"
    assert "evidence" in [step.step for step in answer.trace]


def test_the_latest_is_the_newest_of_its_sort(samples: Assistant) -> None:
    answer = samples.ask("Wat is de laatste brief over energietoeslag?")
    assert listed(answer) == ["voorbeeld-brief-2025-4"]
    assert "18 maart 2025" in answer.notices[0]


def test_what_is_not_there_is_said_to_be_not_there(samples: Assistant) -> None:
    answer = samples.ask("Hoeveel brieven zijn er over kernenergie?")
    assert (answer.status, answer.suggestions) == ("unanswerable", ())
    assert answer.notices == ("In deze verzameling staan geen brieven over «kernenergie».",)


def test_a_word_is_not_stretched_to_another(samples: Assistant) -> None:
    assert listed(samples.ask("Welke documenten zijn er over jeugdhulp?")) == ["voorbeeld-ah-2024-26"]


def test_filters_limit_the_list(samples: Assistant) -> None:
    since = Filters(since=date(2025, 1, 1))
    assert samples.ask("Welke documenten hebben jullie?", filters=since).notices[0].startswith("In deze verzameling: 3")
    letters = Filters(kinds=("letter",))
    assert samples.ask("Hoeveel Kamervragen zijn er?", filters=letters).status == "unanswerable"


def test_english_is_answered_in_english(samples: Assistant) -> None:
    answer = samples.ask("Which documents do you have about energietoeslag?", language="en")
    assert answer.notices[0] == "In this collection: 2 documents about “energietoeslag”."


def test_json_holds_the_dated_list_with_its_links(samples: Assistant) -> None:
    suggestion = to_json(samples.ask("Toon alle brieven over schulden"))["suggestions"]
    assert isinstance(suggestion, list)
    assert isinstance(suggestion[0], dict)
    assert {"document", "title", "date", "url"} <= suggestion[0].keys()
    assert suggestion[0]["date"] == "2024-07-04"


def test_a_newer_document_on_the_same_matter_is_cited_or_named(samples: Assistant) -> None:
    answer = samples.ask("Tot welk inkomen krijg ik energietoeslag?")
    cited = {citation.document.document for citation in answer.citations}
    named = [notice for notice in answer.notices if "Energietoeslag 2025" in notice and "18 maart 2025" in notice]
    assert ("voorbeeld-brief-2025-4" in cited) != bool(named)


def test_an_answer_from_the_newest_document_names_no_other(samples: Assistant) -> None:
    for question in (
        "Hoe lang moeten kinderen wachten op jeugdhulp?",
        "Hoeveel meldingen van geluidsoverlast waren er rond de Vismarkt?",
        "Wat kost een parkeervergunning in zone A?",
    ):
        answer = samples.ask(question)
        assert answer.citations
        assert not [notice for notice in answer.notices if "nieuwer" in notice]


def test_no_newer_document_is_named_beyond_the_last_day_asked_for(samples: Assistant) -> None:
    answer = samples.ask("Tot welk inkomen krijg ik energietoeslag?", filters=Filters(until=date(2024, 12, 31)))
    assert answer.citations
    assert not [notice for notice in answer.notices if "nieuwer" in notice]


@pytest.mark.parametrize(("year", "held"), [("2024", True), ("2023", True), ("2019", False)])
def test_a_year_is_that_of_the_document_not_one_it_speaks_of(year: str, *, held: bool) -> None:
    document = Document("d", "answer", "De kade", "d.txt", date=date(2024, 1, 9), asked=date(2023, 12, 1))
    assert _holds(["kade", year], document, ("Hoe was de kade in 2019?",)) is held


def test_who_answered_is_only_whom_it_was_asked_of(samples: Assistant) -> None:
    mayor = samples.ask("Welke wethouder beantwoordde de vragen over de bibliotheek?")
    minister = samples.ask("Welke minister beantwoordde de vragen over de bibliotheek?")
    assert "wethouder" in mayor.notices[1]
    assert not any("Kamervraag over" in notice and ": 1" in notice for notice in minister.notices)
