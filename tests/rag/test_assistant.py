"""A question is answered with verbatim sentences and their exact sources, or it is said that there is no answer."""

from __future__ import annotations

import json

import pytest

from index.errors import ModelError, QuestionError
from index.language import say
from index.store import Store
from index.values import Filters
from rag.answer_json import to_json
from rag.assistant import Assistant
from rag.scripted import ScriptedModel
from rag.values import Message
from rag.words import likeness

ANSWERED = {
    "Wanneer is de verbouwing van de bibliotheek klaar?": ("oktober 2025", "voorbeeld-bieb#vraag-2-en-3"),
    "Hoeveel kost de verbouwing van de wijkbibliotheek?": ("€ 1.250.000", "voorbeeld-bieb#vraag-2-en-3"),
    "Moet ik betalen voor de bibliobus?": ("niet te betalen", "voorbeeld-bieb#vraag-4"),
    "Wie zitten er in de werkgroep voor de fietsbrug?": ("Fietsersbond", "voorbeeld-brug#1.-Planning"),
    "Waarom heeft de brandweer het gebouw laten onderzoeken?": ("asbest", "voorbeeld-bieb#vraag-6"),
}
UNANSWERABLE = [
    "Wanneer is het nieuwe zwembad klaar?",
    "Hoeveel kost de verbouwing van het stadhuis?",
    "Wie is de architect van de schouwburg?",
    "Wanneer gaat de fietsbrug Westerhaven open?",
    "qwerty asdfgh",
]


@pytest.mark.parametrize("question", ANSWERED)
def test_answer_holds_the_fact_and_cites_the_passage(assistant: Assistant, question: str) -> None:
    fact, passage = ANSWERED[question]
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert fact in answer.text
    assert passage in {citation.passage.passage for citation in answer.citations}


@pytest.mark.parametrize("question", [*ANSWERED, "Wanneer gaat de fietsbrug open en wat kost de bouw?"])
def test_every_quote_is_the_exact_span_and_every_sentence_is_in_its_quote(
    assistant: Assistant, texts: dict[str, str], question: str
) -> None:
    answer = assistant.ask(question)
    assert answer.citations
    for citation in answer.citations:
        text = texts[citation.document.document]
        assert text[citation.start : citation.end] == citation.quote
        assert citation.passage.start <= citation.start <= citation.end <= citation.passage.end
    for sentence in answer.sentences:
        quotes = [answer.citations[number - 1].quote for number in sentence.citations]
        assert any(sentence.text in " ".join(quote.split()) for quote in quotes)
    used = [number for sentence in answer.sentences for number in sentence.citations]
    assert list(dict.fromkeys(used)) == list(range(1, len(answer.citations) + 1))


@pytest.mark.parametrize("question", UNANSWERABLE)
def test_what_the_documents_do_not_hold_is_refused_in_plain_words(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert (answer.status, answer.sentences, answer.citations) == ("unanswerable", (), ())
    assert answer.notices[0] == say("answer.nothing", "nl")


def test_refusal_names_the_nearest_documents(assistant: Assistant) -> None:
    answer = assistant.ask("Hoeveel kost de verbouwing van het stadhuis?")
    assert "voorbeeld-bieb" in {suggestion.document.document for suggestion in answer.suggestions}


def test_a_question_that_was_only_asked_is_said_to_be_unanswered_yet(assistant: Assistant) -> None:
    answer = assistant.ask("Hoeveel ratten zijn er gevangen in het Stationspark?")
    assert answer.status == "unanswerable"
    assert "Stationspark" in answer.notices[1]
    assert answer.suggestions[0].passage.passage == "voorbeeld-vragen#vraag-1"


def test_an_answer_that_only_refers_brings_the_answer_it_refers_to(assistant: Assistant) -> None:
    answer = assistant.ask("Waarom is de bibliotheek niet eerder verbouwd?")
    assert {citation.passage.passage for citation in answer.citations} == {"voorbeeld-bieb#vraag-6"}
    assert "asbest" in answer.text


def test_yes_or_no_comes_first_where_the_answer_has_one(assistant: Assistant) -> None:
    answer = assistant.ask("Moeten leden tijdens de verbouwing betalen voor de bibliobus?")
    assert answer.sentences[0].text.startswith("Nee")


def test_a_no_to_another_question_is_not_given(assistant: Assistant) -> None:
    answer = assistant.ask("Staat de bibliobus elke dinsdag op het Marktplein?")
    assert "elke dinsdag op het Marktplein" in answer.text
    assert not any(sentence.text.startswith("Nee") for sentence in answer.sentences)


def test_each_part_of_a_question_is_answered(assistant: Assistant) -> None:
    answer = assistant.ask("Wanneer gaat de fietsbrug open en wat kost de bouw?")
    assert answer.status == "answered"
    assert "14 juni 2024" in answer.text
    assert "3,4 miljoen" in answer.text


def test_a_part_without_evidence_is_named(assistant: Assistant) -> None:
    answer = assistant.ask("Wanneer gaat de fietsbrug open en wie is de architect van de schouwburg?")
    assert answer.status == "partial"
    assert "14 juni 2024" in answer.text
    assert "architect van de schouwburg" in answer.notices[0]


def test_the_same_question_gives_the_same_answer(assistant: Assistant, store: Store) -> None:
    for question in ANSWERED:
        first, second = assistant.ask(question), Assistant(store).ask(question)
        assert (first.text, first.citations, first.id) == (second.text, second.citations, second.id)


def test_a_follow_up_takes_over_the_topic_and_shows_it(assistant: Assistant) -> None:
    history = [Message("user", "Wanneer gaat de fietsbrug Oosterhaven open?"), Message("assistant", "Op 14 juni.")]
    answer = assistant.ask("En wat kost dat?", history)
    assert "3,4 miljoen" in answer.text
    assert "fietsbrug" in next(step.decision for step in answer.trace if step.step == "follow-up")


def test_a_new_topic_takes_nothing_over(assistant: Assistant) -> None:
    history = [Message("user", "Wanneer gaat de fietsbrug Oosterhaven open?")]
    answer = assistant.ask("Hoeveel kost de verbouwing van de wijkbibliotheek?", history)
    assert next(step.decision for step in answer.trace if step.step == "follow-up") == ""
    assert "1.250.000" in answer.text


def test_filters_limit_the_answer(assistant: Assistant) -> None:
    answer = assistant.ask("Wanneer gaat de fietsbrug open?", filters=Filters(kinds=("answer",)))
    assert answer.status == "unanswerable"


@pytest.mark.parametrize("question", ["", "  ?! ", "\u200b\u200b", "\U000e0041\U000e0042"])
def test_an_empty_question_is_an_error_for_people(assistant: Assistant, question: str) -> None:
    with pytest.raises(QuestionError) as error:
        assistant.ask(question)
    assert error.value.key == "question.empty"


def test_a_long_question_is_an_error_that_names_the_limit(assistant: Assistant) -> None:
    with pytest.raises(QuestionError, match="500"):
        assistant.ask("waarom " * 100)


def test_json_holds_every_field_that_other_programs_rely_on(assistant: Assistant) -> None:
    answer = assistant.ask("Wanneer is de verbouwing van de bibliotheek klaar?")
    record = json.loads(json.dumps(to_json(answer)))
    names = "id question status answer sentences citations notices model generation seconds trace"
    assert set(names.split()) <= set(record)
    cited = "number passage document source label title date url quote start end"
    assert set(cited.split()) <= set(record["citations"][0])
    assert record["citations"][0]["date"] == "2024-05-13"
    assert record["trace"][0]["step"] == "question"


def test_no_model_is_asked_when_there_is_no_evidence(store: Store) -> None:
    model = ScriptedModel(["Het zwembad is klaar. [1]"])
    answer = Assistant(store, model).ask("Wanneer is het nieuwe zwembad klaar?")
    assert answer.status == "unanswerable"
    assert model.asked == []


def test_a_model_that_fails_half_way_gives_way_to_the_quoted_answer(store: Store) -> None:
    failure = ModelError("model.cut_off", name="scripted")
    model = ScriptedModel(["De verbouwing kost € 1.250.000. [1] En ver"], failure)
    answers = list(Assistant(store, model).stream("Hoeveel kost de verbouwing van de wijkbibliotheek?"))
    final = answers[-1]
    assert (final.status, final.model) == ("answered", "extractive")
    assert "€ 1.250.000" in final.text
    assert failure.say("nl") in final.notices[0]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "question",
    [
        "Wat is het telefoonnummer van de bibliobus?",
        "Hoe diep is het water?",
        "Hoe heet de wethouder?",
        "Hoe laat is het?",
    ],
)
def test_every_sort_of_question_is_named_in_the_trace(assistant: Assistant, question: str, language: str) -> None:
    answer = assistant.ask(question, language=language)  # type: ignore[arg-type]
    assert next(step.decision for step in answer.trace if step.step == "parts")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("kwam", "komen"),
        ("ingetrokken", "intrekken"),
        ("verhuisd", "verhuizing"),
        ("schoolgebouw", "schoolplein"),
        ("huiseigenaren", "woningeigenaren"),
    ],
)
def test_forms_of_a_verb_and_compounds_with_one_part_in_common_meet(asked: str, found: str) -> None:
    assert likeness(asked, found) >= 0.5


def test_months_and_weeks_are_no_verbs() -> None:
    assert likeness("weken", "wijken") == 0


@pytest.mark.parametrize("question", ["Wat kost het?", "En hoe lang duurt dat?", "fietsbrug", "Hoe zit dat?"])
def test_a_question_that_says_too_little_is_asked_back_with_choices(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert (answer.status, answer.sentences) == ("unanswerable", ())
    assert answer.notices == (say("answer.unclear", "nl"),)
    assert 1 <= len(answer.suggestions) <= 3


def test_what_is_too_little_alone_is_enough_after_a_question(assistant: Assistant) -> None:
    history = [Message("user", "Wanneer gaat de fietsbrug Oosterhaven open?"), Message("assistant", "Op 14 juni.")]
    assert "3,4 miljoen" in assistant.ask("Wat kost het?", history).text
