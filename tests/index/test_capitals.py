"""A name is told from common words by how they are written in the training texts."""

from __future__ import annotations

from importlib.resources import files

import pytest

from index.capitals import CAPITALS_FILE, is_common
from index.dutch import stem
from index.rarity import is_known
from index.train_capitals import capitals


@pytest.mark.parametrize("word", ["regio", "platform", "inspectie", "kwaliteitskader", "jeugdinterventies", "samen"])
def test_a_word_that_is_written_small_or_made_of_two_such_is_common(word: str) -> None:
    assert is_common(word)


@pytest.mark.parametrize("word", ["delfzijl", "jan", "drenthe", "boskalis", "terpstra", "zzzqqq"])
def test_a_name_and_an_unknown_word_are_not_common(word: str) -> None:
    assert not is_common(word)


def test_what_a_sentence_writes_with_a_capital_is_found_and_its_first_word_tells_nothing() -> None:
    found = capitals(["Gisteren zag de gemeente Utrecht dat een jaar lang. Gemeenten zeggen: Jaar na jaar."])
    assert stem("utrecht") in found
    assert not {stem("gemeente"), stem("jaar")} & set(found)


def test_what_is_written_both_ways_is_no_name() -> None:
    assert stem("utrecht") not in capitals(["Dat zag Utrecht en dat zag utrecht."])


def test_the_data_file_is_small_and_holds_known_stems_in_order() -> None:
    stems = (files("index") / CAPITALS_FILE).read_text(encoding="utf-8").split()
    assert stems == sorted(set(stems)) and all(map(is_known, stems))
    assert 1_000 < len(stems) < 10_000
