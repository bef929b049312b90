"""Other words for the same: in both directions among synonyms, in one from everyday words to official ones."""

from __future__ import annotations

from importlib.resources import files

import pytest

from index.dutch import stem, tokenise
from index.thesaurus import EVERYDAY_FILE, official, others


@pytest.mark.parametrize(
    ("asked", "said"), [("omzagen", "kappen"), ("geaardheid", "gerichtheid"), ("uitzoeken", "onderzoeken")]
)
def test_an_everyday_word_is_said_in_official_words_and_not_the_reverse(asked: str, said: str) -> None:
    assert said in official(asked)
    assert asked not in official(said)


def test_a_text_may_say_the_same_in_everyday_words_too() -> None:
    assert "kappen" in others("omzagen") and "omzagen" in others("kappen")
    assert "omzagen" not in others("omzagen")


def test_an_inflected_word_has_the_words_of_its_stem() -> None:
    assert official("uitkeringen") >= official("uitkering") != frozenset()


def test_an_unknown_word_has_no_others() -> None:
    assert not others("qwertyuiop")


def test_every_line_has_words_on_both_sides_that_are_not_the_same() -> None:
    for line in (files("index") / EVERYDAY_FILE).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        everyday, colon, words = line.partition(":")
        assert colon and tokenise(everyday) and tokenise(words), line
        assert set(map(stem, tokenise(words))) - set(map(stem, tokenise(everyday))), line
