"""Long words are cut into the words they are made of, and other words are left whole."""

from __future__ import annotations

import pytest

from index.compounds import parts
from index.train_compounds import part_words
from index.train_corpus import Section


@pytest.mark.parametrize(
    ("word", "halves"),
    [
        ("opvangplaatsen", ("opvang", "plaatsen")),
        ("toeslagenaffaire", ("toeslagen", "affaire")),
        ("stikstofuitstoot", ("stikstof", "uitstoot")),
        ("vergunningsplicht", ("vergunning", "plicht")),
        ("zorgverzekeraar", ("zorg", "verzekeraar")),
    ],
)
def test_compound_is_cut_in_two_known_words(word: str, halves: tuple[str, str]) -> None:
    assert parts(word) == halves


@pytest.mark.parametrize("word", ["", "gemeente", "verantwoordelijkheid", "bescherming", "2023z02340", "xqzzvwwbrrt"])
def test_word_that_is_no_compound_is_left_whole(word: str) -> None:
    assert parts(word) == ()


def test_words_seen_in_too_few_sections_are_no_parts() -> None:
    often, once = Section(("De opvang is vol.",)), Section(("De noodopvang is vol.",))
    assert part_words([often, often, once], 2) == ["opvang"]
