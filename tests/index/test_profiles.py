"""The profiles of passages hold what their texts hold, in order, and say when they are damaged or another's."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from index.build import BuildReport
from index.dutch import NUMBER, OTHER, STEM, WORD, code, index_terms, tokenise
from index.errors import StoreError
from index.profiles import (
    ABOUT,
    BODY,
    POSTPONEMENT,
    QUESTION,
    QUESTIONS,
    REFERENCE,
    REST,
    SMALL,
    UNANSWERED,
    Profiles,
    is_profile,
    make_profile,
)
from index.store import Store
from index.store.check import check_store, repair_store
from index.store.convert import convert
from index.values import Document, Passage

ANSWER = "De stikstof in deze gemeente daalt met 28 638 kilo, zie de 2e nota."
ASKED = "Hoeveel stikstof komt er van de gemeente?"


def passage(answer: str = ANSWER, question: str | None = ASKED, **more: object) -> Passage:
    return Passage("d#1", "d", "vraag 1", answer, 0, len(answer), (1,), question, answer, 0, **more)  # type: ignore[arg-type]


def codes(text: str) -> np.ndarray:
    return np.unique(np.array([code(term) for term in index_terms(text)], dtype=np.uint32))


def test_each_part_holds_its_own_terms_in_order() -> None:
    document = Document("d", "answer", "Over de veehouderij", "d.txt", topics=("landbouw",))
    profiles = Profiles.of([(passage(), document), (passage("Het regent.", None, context="Weer"), document)])
    parts = {
        (0, BODY): index_terms(ANSWER),
        (0, QUESTION): index_terms(ASKED),
        (0, REST): index_terms("Over de veehouderij"),
        (0, ABOUT): index_terms("vraag 1 landbouw"),
        (0, SMALL): ["hoeveel", "er", "van", "de"],
        (1, BODY): index_terms("Het regent."),
        (1, QUESTION): [],
        (1, REST): index_terms("Over de veehouderij Weer"),
        (1, SMALL): [],
    }
    for (row, part), terms in parts.items():
        assert profiles.lengths[row, part] == len(terms)
        wanted = np.unique(np.array([code(term) for term in terms], dtype=np.uint32))
        places = profiles.find(wanted).within(part)
        own = places.row == row
        assert (places.at[own] - profiles.starts(part)[row]).tolist() == list(range(len(terms)))
        assert wanted[places.which[own]].tolist() == [code(term) for term in terms]


def test_what_is_not_there_is_not_found_and_no_length_is_taken_for_a_code() -> None:
    document = Document("d", "answer", "", "d.txt")
    profiles = Profiles.of([(passage("ja " * place, "wat"), document) for place in range(40)])
    counted = np.arange(40, dtype=np.uint32)
    assert len(profiles.find(counted).at) == 0
    assert len(profiles.find(codes("nergens")).at) == 0
    assert len(Profiles([]).find(codes("nergens")).at) == 0


@pytest.mark.parametrize(
    "term, sort", [("opvang", WORD), ("0opvang", STEM), ("28638", NUMBER), ("2e", OTHER), ("0", NUMBER)]
)
def test_code_tells_what_a_term_is(term: str, sort: int) -> None:
    assert code(term) & 3 == sort


def test_hardly_two_words_of_our_own_vocabulary_share_a_code() -> None:
    from index.rarity import known_stems

    terms = {term for stem in known_stems() for term in (stem, f"0{stem}")}
    assert len({code(term) for term in terms}) > len(terms) - 10


def test_profile_says_what_a_passage_is() -> None:
    pointing = passage("Ja, zie het antwoord op vraag 2.", refers_to=(2,))
    kinds = {
        "answer": 0,
        "questions": UNANSWERED | QUESTIONS,
        "postponement": UNANSWERED | POSTPONEMENT,
        "oral": UNANSWERED,
    }
    for kind, flags in kinds.items():
        document = Document("d", kind, "", "d.txt")  # type: ignore[arg-type]
        assert Profiles.of([(passage(), document), (pointing, document)]).flags.tolist() == [flags, flags | REFERENCE]


def test_a_profile_that_is_damaged_or_of_another_passage_is_none() -> None:
    profile = make_profile(7, passage(), Document("d", "answer", "", "d.txt"))
    assert is_profile(7, profile)
    assert not is_profile(8, profile)
    assert not is_profile(7, profile[:-1]) and not is_profile(7, b"")
    assert not any(
        is_profile(7, profile[:at] + bytes([profile[at] ^ 1]) + profile[at + 1 :]) for at in range(len(profile))
    )


@pytest.fixture
def store(index: Callable[..., BuildReport], tmp_path: Path, write: Callable[..., Path]) -> Path:
    write("a.txt", "doc-a", "De opvang van asielzoekers.", "De straf is hoger.")
    write("b.txt", "doc-b", "Het water stijgt.")
    index()
    return tmp_path / "opslag"


def _run(store: Path, *commands: str) -> None:
    with closing(sqlite3.connect(store / "store.sqlite")) as connection:
        for command in commands:
            connection.execute(command)
        connection.commit()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE profiles SET value = 'tekst'",
        "DELETE FROM profiles",
        "UPDATE profiles SET value = (SELECT value FROM profiles ORDER BY number DESC LIMIT 1)",
    ],
)
def test_damaged_profiles_are_refused_named_and_made_again(store: Path, damage: str) -> None:
    with Store.open(store).snapshot() as snapshot:
        before = snapshot.search("opvang en straf", 3)
    _run(store, damage)
    with Store.open(store).snapshot() as snapshot, pytest.raises(StoreError, match="passage"):
        snapshot.search("opvang en straf", 3)
    assert [found.part for found in check_store(store)] == ["profiles"]
    repair_store(store)
    assert check_store(store) == []
    with Store.open(store).snapshot() as snapshot:
        assert snapshot.search("opvang en straf", 3) == before


def test_a_store_from_before_the_profiles_is_refused_and_converted(store: Path) -> None:
    with Store.open(store).snapshot() as snapshot:
        before = snapshot.search("opvang en straf", 3)
    _run(store, "DROP TABLE profiles", "PRAGMA user_version = 2")
    with pytest.raises(StoreError, match="vraagbaak index --rebuild"):
        Store.open(store)
    convert(store)
    assert check_store(store) == []
    with Store.open(store).snapshot() as snapshot:
        assert snapshot.search("opvang en straf", 3) == before


def test_profiles_go_with_their_passages(
    store: Path, index: Callable[..., BuildReport], write: Callable[..., Path]
) -> None:
    write("b.txt", "doc-b", "Het water daalt.", "Morgen ook.")
    index(keep=1)
    with closing(sqlite3.connect(store / "store.sqlite")) as connection:
        numbers, profiled = (
            {row[0] for row in connection.execute(f"SELECT number FROM {table}")} for table in ("passages", "profiles")
        )
    assert numbers == profiled and len(numbers) == 4


def test_stopwords_are_those_of_the_whole_text() -> None:
    from index.dutch import coded_stopwords, is_stopword

    text = "Hoe komt het dat de 28 638 m.e.r.-plichtige, niet-bestaande 'zaak' er is?"
    expected = b"".join(code(word).to_bytes(4, "little") for word in tokenise(text) if is_stopword(word))
    assert coded_stopwords(text) == expected
