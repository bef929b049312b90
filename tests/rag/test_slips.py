"""A slip of the pen is read as the word that was meant, and the reader is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.language import say
from rag.assistant import Assistant
from rag.reading import Reading, reading_of


def test_question_with_a_slip_is_answered_and_the_reader_is_told(assistant: Assistant) -> None:
    answer = assistant.ask("Wanneer is de verbouwng van de wijkbibliotheek klaar?")
    assert answer.status == "answered"
    assert "oktober 2025" in answer.text
    assert say("answer.read_as", written="verbouwng", read="verbouwing") in answer.notices
    assert "verbouwing" in next(step.decision for step in answer.trace if step.step == "reading")


def test_question_without_slips_is_read_as_it_stands(assistant: Assistant) -> None:
    answer = assistant.ask("Wanneer is de verbouwing van de wijkbibliotheek klaar?")
    assert next(step.decision for step in answer.trace if step.step == "reading") == ""
    assert not answer.notices


@pytest.mark.parametrize(("written", "known"), [("verguning", "vergunning"), ("wachtlisjt", "wachtlijst")])
def test_mended_word_stands_in_the_place_of_the_written_one(written: str, known: str) -> None:
    reading = reading_of(f"Waar staat {written}?", _mend(written, known))
    assert reading == Reading(f"Waar staat {known}?", ((written, known),))


def test_other_form_of_a_word_is_no_slip() -> None:
    question = "Waarom mishandelt hij?"
    assert reading_of(question, _mend("mishandelt", "mishandeld")) == Reading(question)


def test_english_question_is_not_mended_into_dutch_words() -> None:
    question = "What is the plan of the government?"
    assert reading_of(question, lambda word: word + "en") == Reading(question)


def _mend(written: str, known: str) -> Callable[[str], str]:
    return lambda word: known if word == written else word
