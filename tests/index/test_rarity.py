"""Background rarity: plain words weigh little, telling words much, unknown words most."""

from __future__ import annotations

import math
import subprocess
import sys
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dutch import content_stems, stem
from index.rarity import RARITY_FILE, format_frequencies, parse_frequencies, rarity
from index.train_rarity import STRETCH_WORDS, document_frequencies


@pytest.mark.parametrize(
    ("common", "rare"),
    [("gemeente", "parkeervergunning"), ("minister", "stikstof"), ("jaar", "wachttijd"), ("artikel", "afval")],
)
def test_a_telling_word_is_rarer_than_a_plain_one(common: str, rare: str) -> None:
    assert rarity(stem(common)) + 1 < rarity(stem(rare))


def test_an_unknown_stem_is_the_rarest_of_all() -> None:
    texts, frequencies = parse_frequencies((files("index") / RARITY_FILE).read_text(encoding="utf-8"))
    assert rarity("zzzqqq") == pytest.approx(math.log((texts + 1) / 0.5))
    assert max(map(rarity, frequencies)) < rarity("zzzqqq")
    assert min(map(rarity, frequencies)) > 0


def test_the_data_file_is_small_and_made_of_the_stems_in_use() -> None:
    content = (files("index") / RARITY_FILE).read_bytes()
    texts, frequencies = parse_frequencies(content.decode())
    assert len(content) < 400_000
    assert len(frequencies) == 30_000
    assert max(frequencies.values()) < texts
    words = "gemeente minister regeling ondersteuning aanvraag wethouder woning jeugdzorg schulden afval"
    assert set(content_stems(words)) <= set(frequencies)


@settings(deadline=None)
@given(st.dictionaries(st.text("abcdefg09", min_size=1), st.integers(1, 99)), st.integers(0, 999))
def test_frequencies_come_back_from_their_file(frequencies: dict[str, int], texts: int) -> None:
    assert parse_frequencies(format_frequencies(texts, frequencies)) == (texts, frequencies)


def test_a_stem_counts_once_in_each_stretch_of_a_long_text() -> None:
    long = " ".join(["fiets"] * (2 * STRETCH_WORDS) + ["brug"])
    assert document_frequencies([long, "brug"], 9) == (4, {"brug": 2, "fiet": 2})


def test_only_the_most_frequent_stems_are_kept_and_ties_go_by_the_alphabet() -> None:
    assert document_frequencies(["brug fiets", "fiets akker"], 2) == (2, {"fiet": 2, "akker": 1})


def test_loading_takes_no_longer_than_a_wink() -> None:
    code = (
        "import time; from index.rarity import rarity; start = time.process_time(); rarity('x'); "
        "print(time.process_time() - start)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert float(done.stdout) < 0.1
