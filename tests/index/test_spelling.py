"""A slip of one letter is forgiven in a word that nobody knows, and in no other word."""

from __future__ import annotations

import pytest

from index.spelling import mended

HELD = {"graanteelt": 4, "bijvoorbeeld": 9, "kuik": 2, "scharrelgraan": 1}


def frequency(word: str) -> int:
    return HELD.get(word, 0)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Wat is graantelt?", "Wat is graanteelt?"),  # a letter too few
        ("Wat is graanteeldt?", "Wat is graanteelt?"),  # one too many
        ("Wat is graanteelf?", "Wat is graanteelt?"),  # another
        ("Wat is graantetlx?", "Wat is graantetlx?"),  # two slips
        ("Wat zei Kuikt?", "Wat zei kuik?"),
        ("schrerelgraan en scharelgraan", "schrerelgraan en scharrelgraan"),
        ("Wat is graanteelt?", "Wat is graanteelt?"),
    ],
)
def test_one_letter_is_forgiven(query: str, expected: str) -> None:
    assert mended(query, frequency) == expected


@pytest.mark.parametrize("query", ["Kuit en huis", "GRAANTELT", "gemeenten toepassing besluiten", "2023Z02340", ""])
def test_short_words_known_words_capitals_and_numbers_are_left_alone(query: str) -> None:
    assert mended(query, frequency) == query
