"""Cutting documents into passages by a budget of tokens."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunk import cut, slug
from index.documents import read_document
from index.recognise.draft import Draft, Fragment, Meta, Note, Paragraph, Part
from index.sentences import sentence_spans

BUDGET = 40


def words(text: str) -> int:
    return len(text.split())


def paragraph(text: str, *marks: tuple[int, str]) -> Paragraph:
    return Paragraph((Fragment(text, 0),), marks)


def draft(*parts: Part, notes: tuple[Note, ...] = ()) -> Draft:
    return Draft(Meta("answer", "Titel"), (paragraph("Titel"),), parts, (), notes)


def sentences(count: int, words_each: int = 10) -> str:
    return " ".join("Dit " + "woord " * (words_each - 2) + f"nummer{n}." for n in range(count))


QUESTION = "Hoe lang duurt de bouw van de nieuwe brug?"


def long_answer() -> Part:
    body = tuple(paragraph(sentences(3)) for _ in range(3))
    return Part("vraag 2", (paragraph(QUESTION),), body, True, (2,), "Vraag 2")


def test_short_question_and_answer_are_one_passage() -> None:
    part = Part("vraag 1", (paragraph("Is dat zo?"),), (paragraph("Ja."),), True, (1,), "Vraag 1")
    done = cut(draft(part), "ah-1", words, BUDGET)
    (passage,) = done.passages
    assert done.text == "Titel\n\nVraag 1\nIs dat zo?\n\nJa."
    assert (passage.text, passage.answer, passage.context) == ("Is dat zo?\n\nJa.", "Ja.", "")
    assert done.text[passage.body_start :].startswith("Ja.")


def test_long_answer_is_cut_at_sentence_ends_with_the_question_beside_each_piece() -> None:
    done = cut(draft(long_answer()), "ah-1", words, BUDGET)
    assert [p.passage for p in done.passages] == ["ah-1#vraag-2", "ah-1#vraag-2.2", "ah-1#vraag-2.3"]
    first, *later = done.passages
    assert first.text.startswith(QUESTION) and first.context == ""
    assert all(p.context == QUESTION == p.question and p.text == p.answer for p in later)
    assert all(p.text.endswith(".") and words(p.text) <= BUDGET for p in later)
    assert first.answer is not None and first.answer.startswith("Dit woord")


def test_pieces_hold_every_sentence_of_the_answer_once() -> None:
    done = cut(draft(long_answer()), "ah-1", words, BUDGET)
    answers = " ".join(passage.answer or "" for passage in done.passages)
    assert answers.split() == " ".join([sentences(3)] * 3).split()


def test_long_question_never_leaves_a_passage_without_answer() -> None:
    part = Part("vraag 1", (paragraph(sentences(4)),), (paragraph(sentences(6)),), True, (1,), "Vraag 1")
    assert all(passage.answer for passage in cut(draft(part), "ah-1", words, BUDGET).passages)


def test_running_text_is_grouped_by_whole_paragraphs() -> None:
    body = tuple(paragraph(sentences(n)) for n in (1, 2, 3, 1))
    flow = Part("brief", (), body, is_flow=True)
    done = cut(draft(flow), "kst-1", words, BUDGET)
    assert [passage.label for passage in done.passages] == ["alinea 1–2", "alinea 3–4"]
    assert done.passages[0].passage == "kst-1#alinea-1-2"


def test_one_endless_sentence_is_cut_within_the_budget() -> None:
    part = Part("tabel", (), (paragraph("cel " * 500),))
    done = cut(draft(part), "kst-1", words, BUDGET)
    assert all(words(passage.text) <= BUDGET for passage in done.passages)
    assert sum(words(passage.text) for passage in done.passages) == 500


def test_label_used_twice_gives_two_ids() -> None:
    parts = [Part("Inleiding", (), (paragraph("Tekst."),)) for _ in range(2)]
    names = [passage.passage for passage in cut(draft(*parts), "kst-1", words, BUDGET).passages]
    assert names == ["kst-1#inleiding", "kst-1#inleiding_2"]


def test_note_is_bound_to_the_piece_that_holds_its_mark() -> None:
    text = sentences(8)
    body = (paragraph(text, (5, "1"), (len(text), "2")),)
    notes = (Note("1", paragraph("Eerste noot")), Note("2", paragraph("Tweede noot")))
    part = Part("vraag 1", (paragraph(QUESTION),), body, True, (1,))
    done = cut(draft(part, notes=notes), "ah-1", words, BUDGET)
    assert done.passages[0].notes == {"1": "Eerste noot"}
    assert done.passages[-1].notes == {"2": "Tweede noot"}
    assert done.text.endswith("Eerste noot\nTweede noot")


@pytest.mark.parametrize(
    ("label", "expected"),
    [("vraag 2 en 3", "vraag-2-en-3"), ("Één Europa: «wát nu»?", "een-europa-wat-nu"), ("…", "deel")],
)
def test_slug_is_plain(label: str, expected: str) -> None:
    assert slug(label) == expected


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.text(max_size=400), st.integers(5, 60))
def test_any_text_is_cut_into_exact_spans_with_no_character_lost(question: str, answer: str, budget: int) -> None:
    part = Part("vraag 1", (paragraph(question),), (paragraph(answer),), True, (1,), "Vraag 1")
    done = cut(draft(part), "ah-1", words, budget)
    for passage in done.passages:
        assert done.text[passage.start : passage.end] == passage.text
        if passage.answer is not None and passage.answer_start is not None:
            assert done.text[passage.answer_start : passage.answer_start + len(passage.answer)] == passage.answer
    kept = "".join("".join(passage.text.split()) for passage in done.passages)
    assert kept == "".join((question + answer).split())


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="Vraag Antwoord 12345en,.?:\n-•#*«»()1", max_size=600))
def test_no_text_is_too_odd_to_read(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path: Path = tmp_path_factory.mktemp("odd") / "odd.txt"
    path.write_text("Kop van het stuk\n\nEen zin.\n" + text, encoding="utf-8")
    reading = read_document(path, "odd.txt", words)
    assert all(reading.text[p.start : p.end] == p.text for p in reading.passages)
    assert len({p.passage for p in reading.passages}) == len(reading.passages)
    assert sentence_spans(reading.text)
