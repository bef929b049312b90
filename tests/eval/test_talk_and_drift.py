"""Follow-ups are scored with and without being made whole; other wordings of a question show how far results drift."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from eval import conversations as talk
from eval.asking import found_names, searching
from eval.questions import GoldQuestion, QuestionsError
from eval.robustness import (
    drifts,
    is_same_again,
    load_variants,
    overlap,
    ways_to_ask,
    with_typos,
    without_accents,
)
from eval.scores.case import Case
from eval.sections import robustness_rows
from eval.whole import Product
from rag.values import Answer, Message, Sentence

DATA = Path(__file__).resolve().parent.parent.parent / "eval" / "data"


def test_a_conversation_is_asked_with_its_history_and_searched_for_in_both_ways(product: Product) -> None:
    wanted = ("g02", "g13")
    asked = [c for c in talk.load_conversations(DATA / "samples-conversations.jsonl") if c.question.id in wanted]
    search = searching(product.snapshot)
    follow_up, switch = talk.converse("c", asked, product.answerer, search)
    assert not follow_up.left_alone and switch.left_alone
    assert "jeugdhulp" in follow_up.whole
    assert list(follow_up.case.hits) == list(search(follow_up.whole))
    assert follow_up.found_typed == found_names(search(follow_up.case.question.question), follow_up.case.question.gold)
    assert switch.found_typed == switch.case.found
    assert follow_up.case.answer.question == follow_up.case.question.question


def turn(kind: str, *, whole: bool, answered: bool = True) -> talk.Turn:
    gold = () if kind == "unanswerable" else ("d#1",)
    sentences = (Sentence("feit", (), "supported"),) if answered else ()
    case = Case("c", GoldQuestion("1", "En dat?", gold, ("feit",), kind), Answer("a", "En dat?", "answered", sentences))
    return talk.Turn(case, "En dat? (over: brug)" if whole else "En dat?", ())


def test_what_making_whole_gains_is_measured_apart_for_follow_ups_and_new_topics() -> None:
    turns = [turn("follow-up", whole=True), turn("follow-up", whole=False), turn("topic-switch", whole=True)]
    turns.append(turn("unanswerable", whole=True, answered=False))
    rows = {(m.name, part): m.value for m, part in talk.measures(turns, [1.0, 0.5, 0.2], [0.5, 0.5, 0.6])}
    assert rows["gain in nDCG@10", "follow-up"] == 0.25
    assert rows["gain in nDCG@10", "topic-switch"] == pytest.approx(-0.4)
    assert rows["nDCG@10 made whole", "follow-up"] == 0.75
    assert rows["follow-ups made whole", ""] == 0.5
    assert rows["topic switches left alone", ""] == 0.0
    assert rows["refused", ""] == rows["right", "follow-up"] == 1.0


@pytest.mark.parametrize("line", ["x", '{"question": "a"}', '{"question": "a", "gold": [], "history": []}'])
def test_a_line_that_is_no_conversation_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(QuestionsError, match=r"Regel 1 van .*c\.jsonl"):
        talk.load_conversations(tmp_path / "c.jsonl")


def test_typing_errors_change_a_third_of_the_longer_words_and_never_a_number() -> None:
    text = "Hoeveel vluchtelingen worden er in 2025 aan de Lindelaan opgevangen door 12 gemeenten?"
    for seed in range(50):
        typed = with_typos(text, random.Random(seed))
        changed = [pair for pair in zip(text.split(), typed.split(), strict=True) if pair[0] != pair[1]]
        assert len(changed) == 2
        assert all(a[0] == b[0] and abs(len(a) - len(b)) <= 1 for a, b in changed)
        assert "2025" in typed and "12" in typed


def test_ways_of_asking_are_the_same_every_time_and_leave_out_what_changes_nothing() -> None:
    made = ways_to_ask("Hoe laat sluiten cafés?", "q1", {"english": "At what time do cafés close?"})
    assert made == ways_to_ask("Hoe laat sluiten cafés?", "q1", {"english": "At what time do cafés close?"})
    assert made["no accents"] == "Hoe laat sluiten cafes?"
    assert made["plain"] == "hoe laat sluiten cafés"
    assert "Hoe laat sluiten cafés?" in made["chatter"]
    assert set(made) == {"typos", "no accents", "plain", "chatter", "english"}
    assert "no accents" not in ways_to_ask("Hoe laat is het?", "q1", {})
    assert without_accents("één café") == "een cafe"
    assert ways_to_ask("Kost het 1.250 of 3,5 euro, en wat?", "q", {})["plain"] == "kost het 1.250 of 3,5 euro en wat"


def test_overlap_is_the_share_of_the_first_ten_that_stays() -> None:
    names = [str(n) for n in range(20)]
    assert overlap(names, names) == 1.0
    assert overlap(names, names[5:]) == 0.5
    assert overlap(names, names[10:]) == 0.0
    assert (overlap([], []), overlap(["a"], [])) == (1.0, 0.0)


def test_a_search_that_does_not_care_for_wording_drifts_nowhere(cases: list[Case]) -> None:
    fixed = cases[0]

    class Steady:
        def ask(self, question: str, history: Sequence[Message] = ()) -> Answer:
            assert question and not history
            return fixed.answer

    steady = Steady()
    found = drifts([fixed], {}, steady, lambda _: fixed.hits)
    assert len(found) >= 3
    rows = robustness_rows(found, [is_same_again(fixed, steady, lambda _: fixed.hits)])
    for row in rows:
        assert row.value == (0.0 if row.name.startswith("change") else 1.0), row.name


def test_an_answerer_that_wavers_is_found(cases: list[Case], product: Product) -> None:
    case = next(case for case in cases if case.answer.sentences)
    search = searching(product.snapshot)
    assert is_same_again(case, product.answerer, search)
    other = replace(case, answer=replace(case.answer, sentences=case.answer.sentences[:1] * 2))
    assert not is_same_again(other, product.answerer, search)
    assert not is_same_again(case, product.answerer, lambda question: search(question)[::-1])


def test_wording_of_which_nothing_is_left_loses_the_finds(cases: list[Case], product: Product) -> None:
    asked = [case for case in cases if case.right and case.question.answerable][:3]
    variants = {case.question.id: {"reworded": "Hoe heet de koning van Spanje?"} for case in asked}
    found = [d for d in drifts(asked, variants, product.answerer, searching(product.snapshot)) if d.way == "reworded"]
    values = {row.name: row.value for row in robustness_rows(found, [True]) if row.part == "reworded"}
    assert values["change in right"] == -1.0
    assert values["change in nDCG@10"] is not None and values["change in nDCG@10"] < -0.5


def test_bundled_variants_belong_to_bundled_questions_and_say_it_otherwise() -> None:
    from eval.questions import load_questions

    asked = {q.id: q.question for q in load_questions(DATA / "samples-questions.jsonl")}
    variants = load_variants(DATA / "samples-variants.jsonl")
    assert len(variants) >= 20
    assert all(set(ways) == {"reworded", "english"} for ways in variants.values())
    assert all(asked[name] not in ways.values() for name, ways in variants.items())
