"""English questions are searched by Dutch words; Dutch ones are left as they are."""

from __future__ import annotations

import pytest

from index.english import ENGLISH_FILE, dutch_words, is_english, parse_terms


@pytest.mark.parametrize(
    "question",
    [
        "Hoeveel opvangplaatsen zijn er in Amsterdam?",
        "Is het VN-verdrag in strijd met de wet?",
        "longcovid WIA",
        "Wat zei Extinction Rebellion over The Ocean Cleanup?",
        "",
    ],
)
def test_dutch_question_is_left_as_it_is(question: str) -> None:
    assert not is_english(question)
    assert dutch_words(question) == question


def test_longest_phrase_is_translated_before_the_words_in_it() -> None:
    assert dutch_words("What about human rights violations?") == "mensenrechtenschending"
    assert dutch_words("What are human rights?") == "mensenrechten"


def test_plural_finds_its_singular() -> None:
    assert dutch_words("Where do the municipalities and the asylum seekers go?") == "gemeente asielzoeker gaan"


def test_names_and_numbers_stay() -> None:
    assert dutch_words("Did the COA report 1,339 victims in Ter Apel?").split()[-2:] == ["ter", "apel"]
    assert "1339" in dutch_words("Did the COA report 1.339 victims?")


def test_english_question_of_unknown_small_words_alone_is_left() -> None:
    assert dutch_words("What is it that they would?") == "What is it that they would?"


def test_remarks_and_lines_without_a_translation_are_passed_over() -> None:
    assert parse_terms("# a = b\nnothing\nAsylum seekers = asielzoeker\n") == {("asylum", "seeker"): ("asielzoeker",)}


def test_shipped_list_is_long_and_every_line_is_a_pair() -> None:
    from importlib.resources import files

    lines = (files("index") / ENGLISH_FILE).read_text(encoding="utf-8").splitlines()
    terms = [line for line in lines if not line.startswith("#")]
    assert len(terms) >= 800
    assert all(english.strip() and dutch.strip() for english, dutch in (line.split("=") for line in terms))
