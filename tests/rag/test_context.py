"""What is told around a question, which is not asked: greetings, thanks, and how one came to ask."""

from __future__ import annotations

import pytest

from rag.need import needs_of

ASKED = "Wat kost een parkeervergunning in het centrum?"


def _words(question: str) -> list[list[str]]:
    return [[term.token for term in need.terms] for need in needs_of(question)]


@pytest.mark.parametrize(
    "told",
    [
        "Goedemiddag, mijn overbuurman kon het mij niet vertellen. {}",
        "{} Alvast heel erg bedankt voor de moeite!",
        "Dag! Ik bel namens mijn moeder. {} Zij hoort het graag.",
    ],
)
def test_what_is_told_around_a_question_need_not_be_in_its_answer(told: str) -> None:
    assert needs_of(told.format(ASKED)) == needs_of(ASKED)


def test_names_and_numbers_that_are_told_must_be_in_an_answer() -> None:
    (words,) = _words(f"Ik woon in Oosterwijk en heb 2 auto's. {ASKED}")
    assert {"oosterwijk", "2"} <= set(words) and "woon" not in words


def test_what_is_told_counts_where_too_little_is_asked() -> None:
    (words,) = _words("Mijn man is overleden. Krijg ik toeslag?")
    assert {"toeslag", "overleden"} <= set(words)


def test_what_asks_without_a_mark_after_a_question_is_asked() -> None:
    first, second = needs_of(f"{ASKED} Leg uit waarom bewoners betalen.")
    assert (first.sort, second.sort) == ("money", "reason")


def test_without_a_question_mark_all_is_asked() -> None:
    (words,) = _words("Mijn paspoort is verlopen. Ik wil een afspraak")
    assert {"paspoort", "verlopen", "afspraak"} <= set(words)


def test_what_is_told_counts_where_only_small_words_are_asked() -> None:
    (words,) = _words("Mijn broer moest het land uit. Hoe lang moet hij daar minstens weg zijn?")
    assert "broer" in words


def test_a_word_that_only_names_the_sort_of_answer_is_light() -> None:
    (need,) = needs_of("Op welke dag gaat de brug dicht?")
    assert {term.token: term.light for term in need.terms}["dag"]


def test_of_a_name_with_a_hyphen_only_the_name_itself_must_be_there() -> None:
    (need,) = needs_of("Wat weet de Proefdam-app van mij?")
    assert {term.token: term.exact for term in need.terms} == {"weet": False, "proefdam": True, "app": False}
