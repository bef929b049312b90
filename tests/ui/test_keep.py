"""What a tab keeps of a conversation, and what comes back of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.store.write import Writer
from index.values import Document, Filters
from rag.asked_filters import AskedFilter
from rag.values import Answer
from ui.conversation import Limits, Turn, again, history
from ui.desk import Desk
from ui.follow_up import next_questions
from ui.keep import MOST, kept, restored


def test_a_conversation_comes_back_as_it_was(small_desk: Callable[..., Desk], whole: Answer) -> None:
    limits = Limits(Filters(kinds=("answer",)), ("party",))
    period = AskedFilter("period", "in 2023", 8, 15, Filters(since=date(2023, 1, 1), until=date(2023, 12, 31)))
    turns = (
        Turn(replace(whole, filters=(period,)), "done", limits, ("En nu?",)),
        Turn(Answer("b", "Staat dit er?", "unanswerable", notices=("Nee.\u2028Echt niet.",)), "done"),
        Turn(whole, "busy"),
    )
    text = kept(turns)
    assert text.isascii() and "\n" not in text
    with small_desk().store.snapshot() as snapshot:
        back = restored(text, snapshot, "nl")
    assert len(back) == 2 and back[1] == turns[1]
    assert [c.quote for c in back[0].answer.citations] == [c.quote for c in whole.citations]
    assert (back[0].limits, back[0].answer.filters, back[0].questions) == (limits, (period,), ("En nu?",))
    assert back[0].html(1, "nl").count("<mark") == 2
    assert [m.text for m in history(back)] == [whole.question, whole.text]
    assert again(back, "nl").announced == "" and "Antwoord op vragen" in again(back, "nl").past


def test_a_source_that_changed_or_went_is_not_shown_as_if_it_still_stood_there(
    small_desk: Callable[..., Desk], whole: Answer
) -> None:
    first, second = whole.citations
    forged = replace(second, quote="Dit heeft er nooit gestaan.")
    gone = replace(first, passage=replace(first.passage, passage="weg#1"))
    text = kept((Turn(replace(whole, citations=(gone, forged)), "done"),))
    with small_desk().store.snapshot() as snapshot:
        (back,) = restored(text, snapshot, "nl")
    assert back.answer.citations == ()
    assert "Bron 1, 2 is veranderd of weggehaald" in back.answer.notices[0]
    assert {sentence.support for sentence in back.answer.sentences} == {"unsupported"}
    assert "<mark" not in back.html(1, "nl")


@pytest.mark.parametrize("text", ["", "nul", "{}", "[[]]", '[{"state": "done"}]', "[" * 100_000, " " * (MOST + 1)])
def test_what_no_tab_of_ours_kept_comes_back_as_nothing(small_desk: Callable[..., Desk], text: str) -> None:
    with small_desk().store.snapshot() as snapshot:
        assert restored(text, snapshot, "nl") == ()


def test_what_can_be_asked_next_was_answered_in_the_same_document(
    small_desk: Callable[..., Desk], whole: Answer, document_of: Callable[..., Document]
) -> None:
    document = document_of()
    own = replace(whole, citations=tuple(replace(c, document=document) for c in whole.citations))
    with small_desk().store.snapshot() as snapshot:
        assert next_questions(own, snapshot) == ("Wie betaalt de fietsbrug?",)
        asked = replace(own, question="wie betaalt de fietsbrug")
        assert next_questions(asked, snapshot) == ()
        assert next_questions(replace(own, citations=()), snapshot) == ()


def test_a_question_that_leans_on_another_or_has_no_answer_is_not_offered(
    tmp_path: Path, small_desk: Callable[..., Desk], whole: Answer
) -> None:
    from index.store import Store

    with small_desk().store.snapshot() as snapshot:
        reading = snapshot.reading("ah-tk-20222023-1751")
    assert reading is not None
    first, second = reading.passages
    for change in (
        {"question": "Bent u bereid dit te doen?"},
        {"answer": None, "answer_start": None},
        {"question": "Nee."},
    ):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        store = Store.create(folder)
        with Writer(folder) as writer:
            writer.put(replace(reading, passages=(first, replace(second, **change))), "brug.txt")  # type: ignore[arg-type]
            writer.commit()
        own = replace(whole, citations=tuple(replace(c, document=reading.document) for c in whole.citations))
        with store.snapshot() as snapshot:
            assert next_questions(own, snapshot) == ()
