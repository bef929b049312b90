"""Words of asking weigh less than words of the matter."""

from __future__ import annotations

from index.asking import format_weights, parse_weights, topicality
from index.train_asking import LEAST, topicalities
from index.train_corpus import Pair


def test_words_of_asking_weigh_less_than_words_of_the_matter() -> None:
    for asking in ("toelichten", "graag", "aangeven"):
        for matter in ("stikstof", "asielzoekers", "pensioen", "onbekendwoord"):
            assert topicality(asking) + 0.3 < topicality(matter)


def test_word_that_never_returns_in_its_answers_gets_the_least_weight() -> None:
    pairs = [Pair("part", f"Graag cijfers over stikstof{n}", f"De stikstof{n} daalt") for n in range(400)]
    weights = topicalities(pairs)
    assert weights["graag"] == weights["cijfers"] == LEAST
    assert "stikstof7" not in weights


def test_no_answers_give_no_weights() -> None:
    assert topicalities([]) == {}


def test_weights_are_read_back_as_they_were_written() -> None:
    weights = {"graag": 0.3, "0grag": 0.35, "cijfers": 0.3}
    assert parse_weights(format_weights(weights)) == weights
