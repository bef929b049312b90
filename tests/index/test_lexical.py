"""The lexical index, its scores compared with BM25 written out."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.bm25 import held_lengths
from index.dutch import index_terms
from index.filters import ministry_facet, party_facet
from index.lexical import LexicalIndex, LexicalWriter
from index.profiles import Profiles
from index.terms import FIELDS, query_terms
from index.values import Reading

ANSWERS = [
    "De opvang van asielzoekers in de gemeente is vol.",
    "Er komt meer opvang, want de gemeenten vragen om opvang.",
    "Het onderzoek naar hogere straffen is in 2023 klaar.",
    "Kamerstuk 28 638 noemt een straf.",
    "Het water stijgt.",
]


@pytest.fixture
def reading(make_reading: Callable[..., Reading]) -> Reading:
    return make_reading("doc", ANSWERS)


@pytest.fixture
def lexical(tmp_path: Path, reading: Reading) -> LexicalIndex:
    writer = LexicalWriter(tmp_path)
    for number, passage in enumerate(reading.passages, 1):
        writer.add(number, passage, reading.document)
    writer.commit()
    return LexicalIndex(tmp_path)


def _bm25(reading: Reading, query: str) -> dict[int, float]:
    """BM25 with k1 = 1.2 and b = 0.75, summed over fields, as Robertson and Zaragoza (2009) have it."""
    document = reading.document
    people = [document.askers[0].name, document.answered_by[0].name, *document.topics]
    fields = [
        {
            "words": " ".join([document.title, p.question or p.context, p.body]),
            "about": " ".join([p.label, *people, *p.notes.values()]),
        }
        for p in reading.passages
    ]
    terms = [{name: index_terms(text) for name, text in passage.items()} for passage in fields]
    scores: dict[int, float] = {}
    for field, term, weight in query_terms(query):
        lengths = [len(passage[field]) for passage in terms]
        having = [passage[field].count(term) for passage in terms]
        frequency, average = sum(map(bool, having)), sum(lengths) / len(lengths)
        idf = math.log(1 + (len(terms) - frequency + 0.5) / (frequency + 0.5))
        for number, (count, length) in enumerate(zip(having, lengths, strict=True), 1):
            if count:
                part = count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / average))
                scores[number] = scores.get(number, 0.0) + weight * idf * part
    return scores


@pytest.mark.parametrize(
    "query", ["opvang in de gemeente", "hogere straffen", "kamerstuk 28638", "het staat in vraag 3", "water water"]
)
def test_scores_are_those_of_bm25_written_out(lexical: LexicalIndex, reading: Reading, query: str) -> None:
    found = lexical.search(query, 10)
    expected = _bm25(reading, query)
    assert dict(found) == pytest.approx(expected, rel=1e-4)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert lexical.scores(query, np.arange(1, 6)) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    "query", ["opvang in de gemeente", "kamerstuk 28638", "het staat in vraag 3", "partij", "niets"]
)
def test_scores_added_up_from_profiles_are_those_of_the_engine(
    tmp_path: Path, make_reading: Callable[..., Reading], query: str
) -> None:
    # Of all lengths that the engine rounds, and some passages removed, which it still counts.
    reading = make_reading("doc", [f"{answer} " * (1 + 7 * place) for place in range(12) for answer in ANSWERS])
    writer = LexicalWriter(tmp_path)
    for number, passage in enumerate(reading.passages, 1):
        writer.add(number, passage, reading.document)
    writer.remove([3, 4])
    writer.commit()
    lexical = LexicalIndex(tmp_path)
    numbers = np.array([number for number in range(1, 61) if number not in (3, 4)])
    profiles = Profiles.of((reading.passages[number - 1], reading.document) for number in numbers)
    engine = lexical.scores(query, numbers)
    assert lexical.scores(query, numbers, profiles) == pytest.approx(engine, rel=1e-5)
    assert dict(lexical.search(query, 60)) == pytest.approx(engine, rel=1e-5)


def test_every_length_is_rounded_as_the_engine_does() -> None:
    lengths = [0, 1, 39, 40, 41, 42, 43, 55, 56, 57, 60, 183, 184, 199, 200, 600, 10_000]
    held = [0, 1, 39, 40, 40, 42, 42, 54, 56, 56, 60, 168, 184, 184, 200, 600, 9_240]
    assert held_lengths(np.array(lengths)).tolist() == held


def test_a_word_is_found_by_its_stem_and_better_as_it_stands(lexical: LexicalIndex) -> None:
    assert [number for number, _ in lexical.search("straf", 5)] == [4, 3]
    assert [number for number, _ in lexical.search("straffen", 5)] == [3, 4]


def test_a_question_without_a_known_word_finds_nothing(lexical: LexicalIndex) -> None:
    assert lexical.search("wat is dat?", 5) == []
    assert lexical.search("xylofoon", 5) == []
    assert lexical.search("", 5) == []
    assert lexical.search('"(+-:*~^\\', 5) == []


def test_removed_passages_are_gone_and_the_others_stay(tmp_path: Path, lexical: LexicalIndex) -> None:
    assert [number for number, _ in lexical.search("opvang", 5)] == [2, 1]
    writer = LexicalWriter(tmp_path)
    writer.remove([2, 99])
    writer.commit()
    after = LexicalIndex(tmp_path)
    assert [number for number, _ in after.search("opvang", 5)] == [1]
    assert after.numbers() == [1, 3, 4, 5]
    assert len(after) == 4


def test_a_very_long_question_asks_for_a_bounded_number_of_terms() -> None:
    terms = query_terms(" ".join(f"woord{letter}" for letter in map(chr, range(97, 123))) * 40)
    assert len(terms) <= 96 * len(FIELDS)


@pytest.mark.parametrize(
    "name", ["Justitie en Veiligheid", "Ministerie van Justitie en Veiligheid", "minister van justitie en veiligheid"]
)
def test_a_ministry_has_one_name_for_filters(name: str) -> None:
    assert ministry_facet(name) == "justitie en veiligheid"


def test_parties_compare_in_any_case() -> None:
    assert party_facet("GroenLinks-PvdA") == party_facet("GROENLINKS-PVDA")
