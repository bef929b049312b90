"""The screens of a conversation, one by one, and the fixed words around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

import pytest

from index.errors import QuestionError
from index.values import Document, Filters
from rag.asked_filters import AskedFilter
from rag.values import Answer, Message
from ui.conversation import Limits, Screen, Turn, converse, history, stopped
from ui.desk import Desk
from ui.frame import examples, heading, is_own_network, machine


class Recording:
    """An assistant that remembers what it was asked with and gives one answer, or raises."""

    def __init__(self, answer: Answer, error: Exception | None = None) -> None:
        self.answer, self.error = answer, error
        self.history: Sequence[Message] = ()
        self.filters: Filters | None = None
        self.without: Sequence[str] = ()
        self.language = ""

    def stream(
        self, question: str, history: Sequence[Message], filters: Filters | None, language: str, without: Sequence[str]
    ) -> Iterator[Answer]:
        """Yield the one answer."""
        self.history, self.filters, self.language, self.without = history, filters, language, without
        if self.error:
            raise self.error
        yield replace(self.answer, question=question)


def last(screens: Iterator[Screen]) -> Screen:
    *_, screen = screens
    return screen


def test_the_first_screen_shows_the_question_before_anything_is_searched(
    small_desk: Callable[..., Desk], whole: Answer
) -> None:
    assistant = Recording(whole)
    screens = converse(small_desk(assistant=assistant), "Wanneer?", (), "en")
    first = next(screens)
    assert first.is_busy and "Wanneer?" in first.current and assistant.language == ""
    assert not last(screens).is_busy
    assert assistant.language == "en"


def test_the_assistant_hears_the_turns_that_had_an_answer(small_desk: Callable[..., Desk], whole: Answer) -> None:
    assistant = Recording(whole)
    desk = small_desk(assistant=assistant)
    nothing = Turn(Answer("b", "Staat dit er?", "unanswerable"), "done")
    turns = last(converse(desk, "Wanneer?", (nothing,), "nl")).turns
    assert [message.text for message in history(turns)] == ["Wanneer?", whole.text]
    last(converse(desk, "En wie?", turns, "nl"))
    assert [message.role for message in assistant.history] == ["user", "assistant"]


def test_the_assistant_hears_what_the_search_is_limited_to_and_the_reader_sees_it(
    small_desk: Callable[..., Desk], whole: Answer
) -> None:
    own = AskedFilter("period", "2023", 0, 4, Filters())
    assistant = Recording(replace(whole, filters=(own,)))
    limits = Limits(Filters(kinds=("letter",)), ("party",))
    screen = last(converse(small_desk(assistant=assistant), "Wanneer?", (), "nl", limits))
    assert assistant.filters == Filters(kinds=("letter",)) and assistant.without == ("party",)
    assert "Kamerbrief</span>" in screen.current and 'value="1 period party">periode: 2023' in screen.current
    last(converse(small_desk(assistant=assistant), "Wanneer?", (), "nl"))
    assert assistant.filters is None


def test_an_error_for_people_is_shown_in_the_language_of_the_page(
    small_desk: Callable[..., Desk], whole: Answer
) -> None:
    error = QuestionError("question.empty")
    desk = small_desk(assistant=Recording(whole, error))
    for language in ("nl", "en"):
        screen = last(converse(desk, "?", (), language))
        assert screen.turns[-1].answer.status == "error"
        assert screen.turns[-1].answer.notices == (error.say(language),)


def test_an_unforeseen_error_is_logged_and_shown_without_its_details(
    small_desk: Callable[..., Desk], whole: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    desk = small_desk(assistant=Recording(whole, RuntimeError("/geheim/pad")))
    screen = last(converse(desk, "Wanneer?", (), "nl"))
    assert "geheim" not in screen.current and "Er ging iets mis" in screen.current
    assert "geheim" in caplog.text


def test_a_stopped_answer_stays_stopped_in_the_turns_that_follow(
    small_desk: Callable[..., Desk], whole: Answer
) -> None:
    desk = small_desk(assistant=Recording(whole))
    halted = stopped((Turn(whole, "busy"),), "nl")
    assert not halted.is_busy and "niet af" in halted.current
    later = last(converse(desk, "En nu?", halted.turns, "nl"))
    assert "Gestopt" in later.past and "niet af" in later.past
    assert 'id="turn-2"' in later.current


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("extractive", "geen taalmodel"),
        ("openai:klein@http://127.0.0.1:8000/v1", "klein schrijft mee, op 127.0.0.1 binnen het eigen netwerk"),
        ("openai:groot@https://api.example.com/v1", "gaan naar api.example.com"),
        ("transformers:map/model", "transformers:map/model"),
    ],
)
def test_the_page_says_which_model_answers_and_where_the_question_goes(
    small_desk: Callable[..., Desk], model: str, words: str
) -> None:
    assert words in machine(small_desk(model_name=model), "nl")


@pytest.mark.parametrize(
    ("host", "inside"),
    [("127.0.0.1", True), ("10.1.2.3", True), ("localhost", True), ("8.8.8.8", False), ("model.intern", False)],
)
def test_a_host_that_is_not_surely_inside_counts_as_outside(host: str, inside: bool) -> None:
    assert is_own_network(host) is inside


def test_only_samples_are_called_samples(small_desk: Callable[..., Desk]) -> None:
    assert "verzonnen gemeente" in heading(small_desk(has_samples=True), "nl")
    assert "verzonnen" not in heading(small_desk(), "nl")


def test_examples_of_ones_own_documents_are_about_the_newest(
    small_desk: Callable[..., Desk], document_of: Callable[..., Document]
) -> None:
    held = [document_of(title=f"Stuk {year}", date=date(year, 1, 1)) for year in (2001, 2024, 2010, 2015, 2020)]
    offered = examples(small_desk(documents=lambda: held), "nl")
    assert len(offered) == 4 and "Stuk 2024" in offered[0] and not any("2001" in question for question in offered)
    assert examples(small_desk(documents=list), "nl") == []
