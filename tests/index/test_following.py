"""Hits come as a person wants them: answers for questions, what is the same once, the newest first."""

from __future__ import annotations

from datetime import date

import pytest

from index.following import folded, names_a_time, with_answers
from index.profiles import is_reference
from index.values import Document, Hit, Kind, Passage

GRAIN = "De subsidie voor het scharrelgraan bedraagt 40 euro per hectare en geldt voor akkerbouwers in Drenthe."
LATER = GRAIN.replace("40 euro", "55 euro")
OTHER = "De bibliotheek in Emmen blijft op zaterdag dicht wegens verbouwing van het trappenhuis."


def hit(
    name: str,
    answer: str,
    score: float,
    day: date | None = None,
    *,
    kind: Kind = "answer",
    question: str | None = None,
    refers_to: tuple[int, ...] = (),
) -> Hit:
    document = Document(name, kind, "", f"{name}.txt", date=day)
    passage = Passage(f"{name}#1", name, "vraag 1", answer, 0, len(answer), (1,), question, answer, 0, "", refers_to)
    return Hit(score, passage, document, {}, {"lexical": score})


def names(hits: list[Hit]) -> list[str]:
    return [one.document.document for one in hits]


def test_the_same_answer_published_twice_comes_once_with_the_newest_kept() -> None:
    hits = [
        hit("oud", GRAIN, 0.9, date(2022, 1, 1)),
        hit("ander", OTHER, 0.8),
        hit("nieuw", GRAIN, 0.7, date(2023, 1, 1)),
    ]
    found = folded(hits, newest_first=True)
    assert names(found) == ["nieuw", "ander"]
    assert found[0].same == ("oud#1",)
    assert names(folded(hits, newest_first=False)) == ["oud", "ander"]


def test_answers_that_differ_in_a_number_are_never_taken_for_the_same() -> None:
    hits = [hit("oud", GRAIN, 0.9, date(2022, 1, 1)), hit("nieuw", LATER, 0.8, date(2023, 1, 1))]
    assert len(folded(hits, newest_first=False)) == 2


def test_newer_position_on_the_same_matter_goes_above_an_older_one_that_scores_nearly_as_well() -> None:
    hits = [hit("oud", GRAIN, 0.9, date(2022, 1, 1)), hit("nieuw", LATER, 0.8, date(2023, 1, 1))]
    found = folded(hits, newest_first=True)
    assert names(found) == ["nieuw", "oud"]
    assert [one.score for one in found] == [0.9, 0.9]
    for one in found:
        assert sum(one.reasons.values()) == pytest.approx(one.score)


@pytest.mark.parametrize(
    "other",
    [
        hit("nieuw", OTHER, 0.8, date(2023, 1, 1)),  # another matter
        hit("nieuw", LATER, 0.5, date(2023, 1, 1)),  # much further from the question
        hit("nieuw", LATER, 0.8, date(2021, 1, 1)),  # older
        hit("nieuw", LATER, 0.8),  # no day
        hit("nieuw", LATER, 0.8, date(2023, 1, 1), kind="questions"),  # says nothing
    ],
)
def test_what_is_no_newer_position_stays_where_it_is(other: Hit) -> None:
    assert names(folded([hit("oud", GRAIN, 0.9, date(2022, 1, 1)), other], newest_first=True)) == ["oud", "nieuw"]


def test_short_answers_to_different_questions_are_not_the_same() -> None:
    hits = [
        hit("a", "Ja, dat klopt.", 0.9, question="Is de bibliotheek in Emmen dicht?"),
        hit("b", "Ja, dat klopt.", 0.8, question="Krijgen akkerbouwers subsidie?"),
        hit("c", "Ja, dat klopt.", 0.7, question="Is de bibliotheek in Emmen dicht?"),
    ]
    found = folded(hits, newest_first=False)
    assert names(found) == ["a", "b"]
    assert found[0].same == ("c#1",)


def test_a_question_answered_elsewhere_makes_way_for_its_answer_once() -> None:
    asked = hit("kv", "Hoeveel is de subsidie?", 0.9, kind="questions")
    answer = hit("ah", GRAIN, 0.4)
    pair = (answer.passage, answer.document)
    found = with_answers([asked, hit("ander", OTHER, 0.8), answer], lambda *_: [pair], lambda *_: [])
    assert names(found) == ["ah", "ander"]
    assert (found[0].via, found[0].score) == ("kv#1", 0.9)
    assert names(with_answers([asked], lambda *_: [], lambda *_: [])) == ["kv"]


def test_an_answer_that_only_names_another_one_brings_it() -> None:
    pointing = hit("ah", "Zie het antwoord op vraag 2.", 0.9, refers_to=(2,))
    meant = hit("ah2", GRAIN, 0.0)
    pair = (meant.passage, meant.document)
    found = with_answers([pointing, hit("ander", OTHER, 0.5)], lambda *_: [], lambda *_: [pair])
    assert names(found) == ["ah", "ah2", "ander"]
    assert found[1].via == "ah#1"
    assert is_reference(pointing.passage)
    assert not is_reference(meant.passage)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Hoe hoog was de subsidie in 2022?", True),
        ("Wat was de vorige subsidie?", True),
        ("What was the grant last year?", True),
        ("Hoe hoog is de subsidie?", False),
        ("Wat zegt artikel 12 over subsidie?", False),
    ],
)
def test_questions_that_name_a_time_are_told_apart(question: str, expected: bool) -> None:
    assert names_a_time(question) is expected
