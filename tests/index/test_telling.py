"""In a large store passages are guessed by the words that tell most, and scored by all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

import index.lexical
from index.lexical import LexicalIndex
from index.protocols import Embedder
from index.store import Store
from index.store.snapshot import Snapshot
from index.store.write import Writer
from index.telling import Term, telling
from index.values import Filters, Reading

QUESTIONS = (
    "Welke straf geldt voor de school in de gemeente?",
    "Komt er onderzoek naar de straf en het water?",
    "Opvang in de gemeente van de minister",
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, make_reading: Callable[..., Reading]) -> Path:
    """A store where all passages hold common words, half of them a telling one, and some of those a rare one."""
    folder = tmp_path_factory.mktemp("groot")
    Store.create(folder, embedder)
    with Writer(folder, embedder) as writing:
        for number in range(50):
            answers = [_text(10 * number + row) for row in range(10)]
            writing.put(
                make_reading(f"doc-{number:02}", answers, day=date(2024, 1 if number % 5 == 0 else 2, 15)),
                f"/{number}.txt",
            )
        writing.commit()
    return folder


def _text(number: int) -> str:
    telling = ("straf", "opvang", "onderzoek")[number % 3] if number % 10 else "straf opvang onderzoek"
    rare = ("school", "water", "asiel")[number % 3] if number % 7 == 0 else ""
    return (
        f"De gemeente en de minister {rare} {telling} {'gemeente ' * (number % 5)} {'lang ' * (number % 31)}{number}."
    )


@pytest.fixture
def snapshot(filled: Path, embedder: Embedder) -> Iterator[Snapshot]:
    with Store.open(filled, embedder).snapshot() as opened:
        yield opened


@pytest.fixture
def guessing(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Guess in every store, however small; how many were guessed at each time."""
    monkeypatch.setattr(index.lexical, "_MANY", 1)
    guessed: list[int] = []
    guesses = LexicalIndex.guesses

    def noted(self: LexicalIndex, query: str, count: int, filters: Filters | None = None) -> object:
        found = guesses(self, query, count, filters)
        guessed.append(len(found or ()))
        return found

    monkeypatch.setattr(LexicalIndex, "guesses", noted)
    return guessed


@pytest.mark.parametrize("question", QUESTIONS)
def test_guessing_finds_what_is_found_by_all_words(
    snapshot: Snapshot, question: str, guessing: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    guessed = snapshot.search(question, 10)
    assert guessing == [200]
    monkeypatch.setattr(LexicalIndex, "guesses", lambda *_: None)
    whole = snapshot.search(question, 10)
    assert [hit.passage.passage for hit in guessed] == [hit.passage.passage for hit in whole]
    assert [hit.score for hit in guessed] == pytest.approx([hit.score for hit in whole], abs=1e-5)


@pytest.mark.parametrize("question", QUESTIONS)
def test_scores_after_guessing_are_those_of_all_words(snapshot: Snapshot, question: str, guessing: list[int]) -> None:
    hits = snapshot.search(question, 10)
    assert guessing == [200]
    exact = {hit.passage.passage: hit.score for hit in snapshot.search(question, 500, mode="lexical")}
    assert hits
    for hit in hits:
        assert hit.legs["lexical"] == pytest.approx(exact[hit.passage.passage], rel=1e-5)


def test_guesses_are_within_the_filters(snapshot: Snapshot, guessing: list[int]) -> None:
    hits = snapshot.search(QUESTIONS[1], 10, Filters(since=date(2024, 2, 1)))
    assert guessing == [200]
    assert {hit.document.date for hit in hits} == {date(2024, 2, 15)}


def test_where_a_filter_leaves_few_passages_all_words_are_searched_by(snapshot: Snapshot, guessing: list[int]) -> None:
    hits = snapshot.search("gemeente minister", 10, Filters(documents=("doc-07",)))
    assert guessing == [0]
    assert len(hits) == 10
    assert {hit.document.document for hit in hits} == {"doc-07"}


def test_whoever_wants_more_hits_than_are_reranked_gets_the_best_by_all_words(
    snapshot: Snapshot, guessing: list[int]
) -> None:
    assert len(snapshot.search(QUESTIONS[0], 60)) == 60
    assert guessing == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_is_guessed_in_a_store_of_some_hundred_passages(filled: Path, question: str) -> None:
    with Store.open(filled).snapshot() as opened:
        lexical = LexicalIndex(filled / opened.manifest.lexical)
    assert lexical.guesses(question, 10) is None


def test_terms_that_say_most_for_each_passage_come_first_until_they_say_enough() -> None:
    rare, common = Term("words", "stikstof", 10, 1.0, 6.0), Term("words", "nieuw", 1_000, 1.0, 3.0)
    everywhere = Term("words", "gemeente", 90_000, 1.0, 0.2)
    assert telling([everywhere, common, rare]) == [rare, common]
    assert telling([everywhere, common, rare], share=0.5) == [rare]
    assert telling([everywhere, common, rare], share=1.0) == [rare, common, everywhere]


def test_a_word_that_stands_where_its_stem_stands_is_counted_with_the_stem() -> None:
    word, stem = Term("words", "gemeenten", 90, 0.5, 5.0), Term("words", "0meen", 100, 1.0, 4.0)
    [joined] = telling([word, stem])
    assert (joined.text, joined.weight) == ("0meen", pytest.approx(1.0 + 0.5 * 90 / 100))


def test_a_word_that_is_rarer_than_its_stem_is_left_apart() -> None:
    word, stem = Term("words", "gemeenten", 10, 0.5, 7.0), Term("words", "0meen", 100, 1.0, 4.0)
    assert telling([stem, word], share=1.0) == [word, stem]
    elsewhere = Term("about", "gemeenten", 100, 0.5, 5.0)
    assert set(telling([stem, elsewhere], share=1.0)) == {stem, elsewhere}
