"""The sentences: both languages hold the same keys and the same fields."""

from __future__ import annotations

import string

import pytest

from index.language import catalogue, say


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_sentence_stands_in_both_languages_with_the_same_fields() -> None:
    dutch, english = catalogue("nl"), catalogue("en")
    assert set(dutch) == set(english)
    different = [key for key in dutch if fields(dutch[key]) != fields(english[key])]
    assert different == []


def test_a_sentence_is_filled_in() -> None:
    assert "regel" in say("eval.line", "nl", file="regel.jsonl", line=3)
    assert "3" in say("eval.line", "en", file="x", line=3)


def test_an_unknown_key_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        say("no.such.key")
