"""Searching by words, by meaning and by both, in a store of each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from index.errors import EmbedderError
from index.protocols import Embedder
from index.rerank import bonuses
from index.search import DENSE_WEIGHT, Mode, fused
from index.store.snapshot import Snapshot
from index.values import Asker, Filters, Official, Reading
from index.where import Where, open_store, prepare, writer

MODES: tuple[Mode, ...] = ("hybrid", "lexical", "dense")
QUESTION = "Wat doet de gemeente met de opvang en het water?"


@pytest.fixture(scope="module")
def searched(new_place: Callable[[], Where], embedder: Embedder, make_reading: Callable[..., Reading]) -> Where:
    """A store of each kind in turn."""
    place = new_place()
    prepare(place)
    parties, ministries = ["PvdA", "VVD", None], ["Financiën", "Ministerie van Justitie en Veiligheid"]
    texts = ["De opvang in de gemeente.", "Het water stijgt.", "Een hogere straf.", "De gemeente en het water."]
    with writer(place, embedder) as writing:
        for number in range(12):
            answers = [texts[(number + i) % 4] for i in range(1 + number % 3)]
            reading = make_reading(
                f"doc-{number:02}",
                answers,
                day=date(2020 + number % 4, 1 + number, 15) if number != 5 else None,
                party=parties[number % 3],
                ministry=ministries[number % 2],
                kind="letter" if number % 4 == 0 else "answer",
            )
            writing.put(reading, f"/bron/{number}.txt")
        writing.commit()
    return place


@pytest.fixture
def snapshot(searched: Where, embedder: Embedder) -> Iterator[Snapshot]:
    with open_store(searched, embedder).snapshot() as opened:
        yield opened


def test_fused_scores_are_a_convex_combination_of_shares_of_the_maximum(snapshot: Snapshot) -> None:
    lexical = {hit.passage.passage: hit.score for hit in snapshot.search(QUESTION, 100, mode="lexical")}
    dense = {hit.passage.passage: hit.score for hit in snapshot.search(QUESTION, 100, mode="dense")}
    expected = {
        passage: (1 - DENSE_WEIGHT) * lexical.get(passage, 0.0) / max(lexical.values())
        + DENSE_WEIGHT * max(dense[passage], 0.0) / max(dense.values())
        for passage in dense
    }
    hits = snapshot.retriever().without_reranking().search(QUESTION, 100)
    assert {hit.passage.passage: hit.score for hit in hits} == pytest.approx(expected, abs=1e-5)
    for hit in hits:
        assert hit.legs.get("lexical", 0.0) == pytest.approx(lexical.get(hit.passage.passage, 0.0), abs=1e-4)
        assert hit.legs["dense"] == pytest.approx(dense[hit.passage.passage], abs=1e-5)


def test_reranking_adds_to_the_fused_scores_and_a_leg_alone_is_left_as_it_is(snapshot: Snapshot) -> None:
    plain = {hit.passage.passage: hit for hit in snapshot.retriever().without_reranking().search(QUESTION, 100)}
    hits = snapshot.retriever().search(QUESTION, 100)
    added = bonuses(QUESTION, [(hit.passage, hit.document) for hit in plain.values()])
    pairs = zip(plain.items(), added, strict=True)
    expected = {name: hit.score + sum(more.values()) for (name, hit), more in pairs}
    assert {hit.passage.passage: hit.score for hit in hits} == pytest.approx(expected)
    for hit in hits:
        assert sum(hit.reasons.values()) == pytest.approx(hit.score)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_what_one_leg_did_not_list_is_still_scored_by_it(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = snapshot.search(QUESTION, 3)
    monkeypatch.setattr("index.search._DEPTH", 3)
    short = snapshot.search(QUESTION, 3)
    assert all("dense" in hit.legs for hit in short)
    assert short[0].score == pytest.approx(whole[0].score, abs=1e-5)


@pytest.mark.parametrize("top_k", [1, 3, 6])
def test_leaving_out_what_cannot_be_among_the_best_changes_none_of_them(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, top_k: int
) -> None:
    search = snapshot.retriever().without_reranking()
    # With room for all, each leg lists every passage, so that none is left out.
    whole = search.search(QUESTION, 100)
    monkeypatch.setattr("index.search._DEPTH", top_k)
    best = search.search(QUESTION, top_k)
    assert [hit.score for hit in best] == pytest.approx([hit.score for hit in whole[:top_k]], abs=1e-5)
    legs = {hit.passage.passage: hit.legs for hit in whole}
    assert all(hit.legs == pytest.approx(legs[hit.passage.passage], abs=1e-4) for hit in best)


@pytest.mark.parametrize("mode", MODES)
def test_hits_come_best_first_each_once_with_the_words_of_their_passage(snapshot: Snapshot, mode: Mode) -> None:
    hits = snapshot.search(QUESTION, 10, mode=mode)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.passage.passage for hit in hits}) == len(hits) == 10
    for hit in hits:
        assert hit.document.document == hit.passage.document
        assert snapshot.text(hit.document.document)[hit.passage.start : hit.passage.end] == hit.passage.text


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "filters",
    [
        Filters(kinds=("letter",)),
        Filters(kinds=("letter", "answer")),
        Filters(since=date(2021, 6, 1)),
        Filters(until=date(2021, 6, 15)),
        Filters(since=date(2021, 6, 15), until=date(2022, 3, 15)),
        Filters(parties=("pvda",)),
        Filters(parties=("PVDA", "VVD"), kinds=("answer",)),
        Filters(ministries=("minister van Justitie en Veiligheid",)),
        Filters(documents=("doc-03", "doc-07", "weg")),
        Filters(documents=("weg",)),
        Filters(parties=("Partij Z",)),
    ],
)
def test_filters_hold_before_the_search_and_alike_in_every_mode(
    snapshot: Snapshot, mode: Mode, filters: Filters
) -> None:
    def fits(hit: object) -> bool:
        document = hit.document  # type: ignore[attr-defined]
        names = {(asker.party or "").casefold() for asker in document.askers}
        office = (document.answered_by[0].department or "").removeprefix("Ministerie van ")
        return (
            (not filters.kinds or document.kind in filters.kinds)
            and (filters.since is None or (document.date is not None and document.date >= filters.since))
            and (filters.until is None or (document.date is not None and document.date <= filters.until))
            and (not filters.parties or bool(names & {party.casefold() for party in filters.parties}))
            and (not filters.ministries or filters.ministries[0].endswith(office))
            and (not filters.documents or document.document in filters.documents)
        )

    search, known = snapshot.retriever(mode), snapshot.known.resolved(filters)
    everything = [hit for hit in search.search(QUESTION, 1000) if fits(hit)]
    limited = search.search(QUESTION, 1000, known)
    assert {hit.passage.passage for hit in limited} == {hit.passage.passage for hit in everything}
    if mode != "hybrid":  # whose scores are shares of the best among the candidates
        best = [hit.score for hit in search.search(QUESTION, 4, known)]
        assert best == pytest.approx([hit.score for hit in everything][:4])


_WITHIN: tuple[tuple[Filters, set[str]], ...] = (
    (Filters(kinds=("questions",)), {"b#1"}),
    (Filters(documents=("a",)), {"a#1", "a#2"}),
    (Filters(parties=("vvd",)), {"a#1", "a#2"}),
    (Filters(people=("Van der Burg",)), {"a#1", "a#2"}),
    (Filters(ministries=("Minister van Financiën",)), {"b#1"}),
    (Filters(topics=("Zorg",)), {"b#1"}),
    (Filters(numbers=(2,)), {"a#2"}),
    (Filters(since=date(2024, 1, 1)), {"b#1"}),
    (Filters(until=date(2024, 1, 1)), {"a#1", "a#2"}),
    (Filters(since=date(2023, 1, 1), until=date(2023, 12, 31), numbers=(1,)), {"a#1"}),
    (Filters(parties=("onbekend",)), set()),
    (Filters(), {"a#1", "a#2", "b#1", "c#1"}),
)


def test_each_filter_limits_to_what_it_names_in_every_mode(
    where: Where, make_reading: Callable[..., Reading], embedder: Embedder
) -> None:
    asker, official = Asker("E. van der Burg", "VVD"), Official("C", "minister", "Financiën")
    one = make_reading("a", ["De school is dicht.", "De school is nat."], day=date(2023, 3, 1))
    one = replace(one, document=replace(one.document, askers=(asker,)))
    other = make_reading("b", ["De school staat er."], day=date(2024, 3, 1), kind="questions")
    other = replace(other, document=replace(other.document, topics=("Zorg",), answered_by=(official,)))
    undated = make_reading("c", ["De school zonder dag."])
    with writer(where, embedder) as writing:
        for reading in (one, other, undated):
            writing.put(reading, reading.document.document)
        writing.commit()
    with open_store(where, embedder).snapshot() as snapshot:
        for filters, expected in _WITHIN:
            for mode in MODES:
                found = snapshot.search("school", 10, filters, mode)
                assert {hit.passage.passage for hit in found} == expected, (filters, mode)


def test_empty_filters_limit_nothing(snapshot: Snapshot) -> None:
    for mode in MODES:
        assert snapshot.search(QUESTION, 9, Filters(), mode) == snapshot.search(QUESTION, 9, None, mode)


def test_hybrid_without_an_embedder_is_lexical_and_dense_is_refused(searched: Where) -> None:
    with open_store(searched).snapshot() as words_only:
        by_words = words_only.search(QUESTION, 5, mode="lexical")
        fused_alone = words_only.retriever().without_reranking().search(QUESTION, 5)
        assert fused_alone == by_words
        highest = by_words[0].score
        added = bonuses(QUESTION, [(hit.passage, hit.document) for hit in by_words])
        pairs = zip(by_words, added, strict=True)
        expected = {h.passage.passage: h.score / highest + sum(more.values()) for h, more in pairs}
        for hit in words_only.retriever().search(QUESTION, 5):
            assert hit.score == pytest.approx(expected.get(hit.passage.passage, hit.score))
        with pytest.raises(EmbedderError, match="Zoeken op betekenis"):
            words_only.search(QUESTION, 5, mode="dense")


@pytest.mark.parametrize("mode", MODES)
def test_no_hits_are_asked_for_and_none_are_given(snapshot: Snapshot, mode: Mode) -> None:
    assert snapshot.search(QUESTION, 0, mode=mode) == []


def test_a_leg_that_found_nothing_takes_nothing_from_the_other() -> None:
    class Named:
        def __init__(self, name: str) -> None:
            self.name = name

    legs = [(Named("lexical"), 0.65), (Named("dense"), 0.35)]
    found = {"lexical": {}, "dense": {1: 0.4, 2: 0.2}}
    assert [number for number, _ in fused(found, legs)] == [1, 2]  # type: ignore[arg-type]
