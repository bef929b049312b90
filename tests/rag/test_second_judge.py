"""A second judge must agree with the first, and lets another language through beside the Dutch words alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.store import Store
from index.values import Passage
from rag.assistant import Assistant
from rag.scripted import ScriptedModel
from rag.second_judge import BothJudges, is_foreign
from rag.values import Answer, Verdict
from rag.verify import RuleJudge

DUTCH = "De verbouwing van de wijkbibliotheek kost € 1.250.000."
ENGLISH = "The renovation of the library will cost € 1,250,000."


class Saying:
    """A judge that always says the same and remembers what it was asked."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.asked: list[str] = []

    def judge(self, sentence: str, passage: Passage) -> Verdict:
        """Return the one verdict."""
        self.asked.append(f"{sentence} | {passage.passage}")
        return self.verdict


YES, NO = Verdict("supported", 0.9), Verdict("unsupported", 0.1, ("nee",))


def answer_of(store: Store, judge: BothJudges | None, *chunks: str) -> Answer:
    asked = "Hoeveel kost de verbouwing van de wijkbibliotheek?"
    return Assistant(store, ScriptedModel(chunks), judge=judge).ask(asked, language="en")


@pytest.mark.parametrize(("sentence", "foreign"), [(DUTCH, False), (ENGLISH, True), ("Ja.", False), ("1.250", False)])
def test_the_small_words_tell_the_language(sentence: str, foreign: bool) -> None:
    assert is_foreign(sentence) == foreign


def test_a_dutch_sentence_must_pass_both(passage: Callable[[str], Passage]) -> None:
    where = passage("voorbeeld-bieb#vraag-2-en-3")
    sentence = "De verbouwing van de wijkbibliotheek wordt in oktober 2025 afgerond."
    assert RuleJudge().judge(sentence, where).support == "supported"
    assert BothJudges(RuleJudge(), Saying(YES)).judge(sentence, where).support == "supported"
    assert BothJudges(RuleJudge(), Saying(NO)).judge(sentence, where).support == "unsupported"
    wrong = sentence.replace("2025", "2026")
    assert BothJudges(RuleJudge(), Saying(YES)).judge(wrong, where).support == "unsupported"


def test_an_english_sentence_is_never_shown_without_a_second_judge(store: Store) -> None:
    answer = answer_of(store, None, f"{ENGLISH} [1]")
    assert answer.model == "extractive"
    assert "renovation" not in answer.text


def test_an_english_sentence_stands_beside_its_dutch_quote(store: Store) -> None:
    answer = answer_of(store, BothJudges(RuleJudge(), Saying(YES)), f"{ENGLISH} [1]")
    assert answer.model == "scripted"
    first, quote = answer.sentences[:2]
    assert first.text == ENGLISH
    assert quote.support == "verbatim"
    assert quote.text == " ".join(answer.citations[quote.citations[0] - 1].quote.split())


@pytest.mark.parametrize("sentence", ["The renovation will cost € 1,350,000.", "It will be finished in 2031."])
def test_a_number_that_the_passage_does_not_hold_stops_an_english_sentence_too(store: Store, sentence: str) -> None:
    answer = answer_of(store, BothJudges(RuleJudge(), Saying(YES)), f"{sentence} [1]")
    assert sentence not in answer.text


def test_an_english_sentence_that_the_second_judge_refuses_is_dropped(store: Store) -> None:
    answer = answer_of(store, BothJudges(RuleJudge(), Saying(NO)), f"{ENGLISH} [1]")
    assert "renovation" not in answer.text
