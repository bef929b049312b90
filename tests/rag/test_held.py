"""The table of the words asked for tells what comparing word by word tells."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag import held
from rag.held import Held
from rag.words import SYNONYM, Asked, answered_by

ASKED = [("huurtoeslag",), ("verhuizen",), ("kappen", "omzagen"), ("2024",), ("woning",), ("auto", "voertuig")]
FOUND = ["toeslag", "verhuisd", "huis", "gekapt", "2024", "2025", "woningen", "voertuigen", "energietoeslag", "de"]


def test_the_table_tells_of_each_word_what_comparing_it_with_those_asked_for_tells() -> None:
    table = Held(ASKED)
    for token in FOUND:
        first = [answered_by(words[0])[token] for words in ASKED]
        others = [max((answered_by(word)[token] for word in words[1:]), default=0.0) for words in ASKED]
        told = [max(a, b if b >= SYNONYM else 0.0) for a, b in zip(first, others, strict=True)]
        assert table.by([token]) == told


def test_of_all_words_together_the_strongest_counts() -> None:
    table = Held(ASKED)
    each = [table.by([token]) for token in FOUND]
    assert table.by(FOUND) == [max(column) for column in zip(*each, strict=True)]
    assert max(table.by(FOUND)) == 1.0


def test_a_word_is_told_of_only_when_it_is_wholly_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Held([["boom"]])
    seen: list[bool] = []
    whole = held._best

    def watching(words: Sequence[Asked], token: str) -> float:
        seen.append(token in table)
        return whole(words, token)

    monkeypatch.setattr(held, "_best", watching)
    table.meet(["bomen", "bos"])
    assert seen and not any(seen)
    assert table["bomen"]
