"""Everyday words of a question are answered by official ones; a claim is held to what its passage says."""

from __future__ import annotations

import pytest

from rag.held import Held
from rag.words import best_likeness


def best_answer(asked: str, found: list[str]) -> float:
    return Held([(asked,)]).by(found)[0]


@pytest.mark.parametrize(
    ("asked", "said"), [("omzagen", "gekapt"), ("afgeblazen", "geannuleerd"), ("inleveren", "indienen")]
)
def test_an_official_word_answers_an_everyday_one_less_than_the_word_itself(asked: str, said: str) -> None:
    assert 0.0 < best_answer(asked, [said]) < best_answer(asked, [asked, said]) == 1.0


def test_a_claim_in_everyday_words_is_not_held_by_official_ones() -> None:
    assert best_likeness("omzagen", ["kappen"]) == 0.0 < best_answer("omzagen", ["kappen"])


def test_an_everyday_word_does_not_answer_an_official_one() -> None:
    assert best_answer("kappen", ["omzagen"]) == 0.0


@pytest.mark.parametrize(
    ("one", "other", "alike"), [("vijftien", "15", 1.0), ("20", "twintig", 1.0), ("elf", "12", 0.0)]
)
def test_a_number_in_letters_is_the_same_as_in_digits(one: str, other: str, alike: float) -> None:
    assert best_likeness(one, [other]) == best_answer(one, [other]) == alike


def test_small_numbers_in_letters_are_no_digits_which_stand_everywhere() -> None:
    assert best_answer("drie", ["3"]) == 0.0
