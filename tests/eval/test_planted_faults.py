"""Answers made wrong on purpose move each measure in the right direction by the amount that can be foretold."""

from __future__ import annotations

from dataclasses import replace
from math import log2

import pytest

from eval.asking import judged
from eval.faults import FAULTS, plant
from eval.questions import GoldQuestion
from eval.scores.case import Case
from eval.sections import grounding_rows, ranked, refusal_rows
from eval.whole import Product
from rag.values import Answer


def values(cases: list[Case]) -> dict[str, float]:
    rows = [*grounding_rows(cases), *refusal_rows(cases)]
    return {row.name: row.value for row in rows if row.value is not None and not row.part}


@pytest.fixture(scope="module")
def before(cases: list[Case]) -> dict[str, float]:
    return values(cases)


@pytest.fixture
def after(request: pytest.FixtureRequest, cases: list[Case], product: Product) -> dict[str, float]:
    return values(judged(plant(FAULTS[request.param], cases), product.judge, product.snapshot.text))


def moved(before: dict[str, float], after: dict[str, float]) -> set[str]:
    return {name for name in after if abs(after[name] - before.get(name, 0.0)) > 1e-9}


def test_the_answers_that_are_spoilt_are_good_ones(cases: list[Case], before: dict[str, float]) -> None:
    assert sum(not case.refused for case in cases) >= 8
    assert before["quotes literal"] == before["citation coverage"] == 1.0
    assert before["fact recall"] > 0.6


@pytest.mark.parametrize("after", ["wrong citation"], indirect=True)
def test_citations_of_another_document_bear_nothing_out(before: dict[str, float], after: dict[str, float]) -> None:
    assert after["citation recall"] == after["citation precision"] == after["right passage cited"] == 0.0
    assert after["wrong document"] == 1.0
    assert after["sentences supported"] > 0.9 * before["sentences supported"]  # it was found, only not cited
    assert after["quotes literal"] == 1.0  # the words do stand there


@pytest.mark.parametrize("after", ["shifted quote"], indirect=True)
def test_a_quotation_one_letter_off_is_not_literal_and_nothing_else_changes(
    before: dict[str, float], after: dict[str, float]
) -> None:
    assert after["quotes literal"] == 0.0
    assert moved(before, after) == {"quotes literal"}


@pytest.mark.parametrize("after", ["needless citation"], indirect=True)
def test_one_needless_citation_beside_each_halves_the_precision(
    before: dict[str, float], after: dict[str, float]
) -> None:
    assert after["citation recall"] == before["citation recall"]
    assert after["citation precision"] == pytest.approx(before["citation precision"] / 2)


@pytest.mark.parametrize("after", ["no marks"], indirect=True)
def test_an_answer_without_citations_has_no_coverage_and_no_recall(
    before: dict[str, float], after: dict[str, float]
) -> None:
    assert after["citation recall"] == after["citation coverage"] == 0.0
    assert after["fact recall"] == before["fact recall"]


@pytest.mark.parametrize("after", ["dropped sentence"], indirect=True)
def test_dropping_the_sentences_that_hold_the_facts_loses_all_facts(after: dict[str, float]) -> None:
    assert after["fact recall"] == after["all facts"] == 0.0


@pytest.mark.parametrize("after", ["changed number"], indirect=True)
def test_changed_numbers_lose_their_facts_and_their_support(
    cases: list[Case], before: dict[str, float], after: dict[str, float]
) -> None:
    held = [case for case in cases if case.right and case.question.answerable]
    lost = sum(any(letter.isdigit() for fact in case.question.facts for letter in fact) for case in held)
    answerable = sum(case.question.answerable for case in cases)
    assert lost >= 4
    assert after["all facts"] == pytest.approx(before["all facts"] - lost / answerable)
    sentences = [s.text for case in cases for s in case.answer.sentences]
    numbered = [text for text in sentences if any(map(str.isdigit, text))]
    assert before["sentences supported"] - after["sentences supported"] > 0.5 * len(numbered) / len(sentences)


@pytest.mark.parametrize("after", ["said twice"], indirect=True)
def test_saying_everything_twice_doubles_the_words_and_is_seen_as_repetition(
    before: dict[str, float], after: dict[str, float]
) -> None:
    assert after["words"] == pytest.approx(2 * before["words"])
    # Of the 2n - 2 trigrams of n words said twice, n - 2 were there before: less than half, by more in a short answer.
    assert before["redundancy"] + 0.4 < after["redundancy"] < before["redundancy"] + 0.5
    assert after["citation recall"] == pytest.approx(before["citation recall"])


@pytest.mark.parametrize("after", ["always refuses"], indirect=True)
def test_refusing_everything_scores_what_the_share_in_vain_foretells(
    cases: list[Case], after: dict[str, float]
) -> None:
    share = sum(not case.question.answerable for case in cases) / len(cases)
    assert after["macro F1"] == pytest.approx(share / (1 + share))
    assert after["right"] == pytest.approx(share)
    assert after["fact recall"] == after["citation recall"] == 0.0
    assert after["answerable refused"] == 1.0
    assert after["CRAG score"] == pytest.approx(2 * share + (1 - share) - 1)


@pytest.mark.parametrize("after", ["never refuses"], indirect=True)
def test_never_refusing_answers_every_near_miss(before: dict[str, float], after: dict[str, float]) -> None:
    assert after["false answers, near misses"] == 1.0
    assert after["refusal recall"] == after["refusal F1"] == after["answerable refused"] == 0.0
    assert after["macro F1"] < before["macro F1"]
    assert after["citation recall"] >= before["citation recall"]  # literal words: grounding alone does not see it


def test_a_shuffled_ranking_falls_to_what_chance_gives() -> None:
    answer, found = Answer("a", "?", "unanswerable"), tuple(f"d#{n}" for n in range(40))
    made = [Case("s", GoldQuestion(str(n), "?", ("d#0",)), answer, found=found) for n in range(600)]
    assert ranked(made)["nDCG@10"] == [1.0] * 600
    shuffled = ranked(plant(FAULTS["shuffled ranking"], made))["nDCG@10"]
    expected = sum(1 / log2(rank + 1) for rank in range(1, 11)) / 40
    assert sum(shuffled) / 600 == pytest.approx(expected, abs=0.03)


def test_every_fault_leaves_the_question_and_its_gold_alone(cases: list[Case]) -> None:
    for fault in FAULTS.values():
        assert [case.question for case in plant(fault, cases)] == [case.question for case in cases]
    assert all(replace(case, backing=(), literal=()) != case for case in cases if case.backing)
