"""What is added to a candidate's score follows from what it holds of the question."""

from __future__ import annotations

import numpy as np
import pytest

from index.language import Language, say
from index.rerank import FEATURES, bonuses, features
from index.values import Document, Kind, Passage


def candidate(answer: str, question: str | None = None, kind: Kind = "answer") -> tuple[Passage, Document]:
    passage = Passage("d#vraag-1", "d", "vraag 1", answer, 0, len(answer), (1,), question, answer, 0)
    return passage, Document("d", kind, "", "d.txt")


def feature(name: str, question: str, *candidates: tuple[Passage, Document]) -> list[float]:
    return [float(value) for value in features(question, candidates)[:, FEATURES.index(name)]]


def test_more_of_the_question_in_a_passage_is_more_covered_and_rare_words_count_more() -> None:
    question = "Hoeveel stikstof komt er van de gemeente?"
    whole, rare, common, none = feature(
        "covered",
        question,
        candidate("De stikstof in deze gemeente komt van elders."),
        candidate("De stikstof daalt."),
        candidate("De gemeente beslist."),
        candidate("Het regent."),
    )
    assert whole == pytest.approx(1.0)
    assert whole > rare > common > none == 0.0


def test_words_in_one_place_count_more_than_words_apart() -> None:
    between = "Er viel regen, sneeuw en hagel op gras, bomen, daken, wegen, velden, dieren en mensen. " * 3
    together, apart = feature(
        "covered_in_one_place",
        "stikstof uit de veehouderij",
        candidate(f"{between} De stikstof komt uit de veehouderij."),
        candidate(f"De stikstof daalt. {between} Wij steunen de veehouderij."),
    )
    assert together > apart > 0


def test_part_of_a_compound_counts_half() -> None:
    found, part = feature("covered", "opvangplaatsen", candidate("Opvangplaatsen."), candidate("De opvang."))
    assert (found, part) == (1.0, 0.25)


def test_neighbours_numbers_and_names_are_the_share_that_is_found() -> None:
    question = "Wat zei de heer Jansen over artikel 273f en lange straffen?"
    full = candidate("De heer Jansen sprak over artikel 273f. Dat zijn lange straffen.")
    assert feature("numbers", question, full, candidate("Artikel 12.")) == [1.0, 0.0]
    assert feature("names", question, full, candidate("De heer Pietersen.")) == [1.0, 0.0]
    near, far = feature("neighbours", question, full, candidate("Straffen duren lang."))
    assert near > far == 0.0


def test_same_way_of_asking_is_alike() -> None:
    alike = feature(
        "asked_alike",
        "Hoeveel is het?",
        candidate("Tien.", "Hoeveel zijn er?"),
        candidate("Omdat.", "Waarom toch?"),
        candidate("Tien."),
    )
    assert alike[0] == 1.0
    assert alike[1:] == [0.0, 0.0]


def test_what_answers_nothing_is_lowered_and_nothing_else_is() -> None:
    kinds: list[Kind] = ["answer", "letter", "page", "faq", "publication", "questions", "postponement", "oral"]
    marks = feature("unanswered", "stikstof", *(candidate("De stikstof.", kind=kind) for kind in kinds))
    assert marks == [0, 0, 0, 0, 0, 1, 1, 1]
    answered, asked = bonuses("stikstof", [candidate("De stikstof."), candidate("De stikstof.", kind="questions")])
    assert sum(answered.values()) > sum(asked.values())


@pytest.mark.parametrize("question", ["", "?!", "de het een", "Ω"])
def test_question_without_words_adds_no_more_than_its_kind(question: str) -> None:
    found = features(question, [candidate("De stikstof daalt.", "Waarom?")])
    assert np.isfinite(found).all()
    assert found[0, : FEATURES.index("asked_alike")].tolist() == [0.0] * FEATURES.index("asked_alike")


def test_no_candidates_give_no_bonuses() -> None:
    assert bonuses("stikstof", []) == []


def test_shipped_weights_name_every_feature_and_are_finite() -> None:
    [added] = bonuses("stikstof", [candidate("De stikstof daalt.")])
    assert tuple(added) == FEATURES
    assert np.isfinite(list(added.values())).all() and sum(added.values()) > 0


def test_other_words_for_the_same_count_only_where_the_words_themselves_are_missing() -> None:
    question = "Wie mag de boom omzagen?"
    said, meant, neither = (
        candidate("De eigenaar mag de boom omzagen."),
        candidate("De eigenaar mag de boom kappen."),
        candidate("De eigenaar mag de boom snoeien."),
    )
    first, second, third = feature("meant", question, said, meant, neither)
    assert second > max(first, third)
    first, second, third = feature("meant_in_one_place", question, said, meant, neither)
    assert first >= second > third


def test_a_common_word_for_the_same_tells_less_than_a_rare_one(monkeypatch: pytest.MonkeyPatch) -> None:
    instead = {"vrzlbrk": {"stikstof", "gemeente"}}  # a made-up word: what other words a word has is kept
    monkeypatch.setattr("index.rerank.other_words", lambda word: instead.get(word, set()))
    rare, common, both = feature(
        "meant",
        "Wat is vrzlbrk?",
        candidate("De stikstof."),
        candidate("De gemeente."),
        candidate("Stikstof, gemeente."),
    )
    assert 0.0 < common < rare < both <= 1.0


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_feature_can_be_explained(language: Language) -> None:
    assert all(say(f"why.{name}", language) for name in FEATURES)
