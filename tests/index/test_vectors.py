"""The vector index, its numbers compared with numpy's own."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from index.vectors import Segment, VectorIndex

DIMENSIONS = 24


@pytest.fixture
def vectors() -> np.ndarray:
    made = np.random.default_rng(7).standard_normal((500, DIMENSIONS)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


@pytest.fixture
def numbers() -> np.ndarray:
    return np.random.default_rng(8).permutation(500).astype(np.int64) * 3 + 1


def _by_hand(vectors: np.ndarray, numbers: np.ndarray, question: np.ndarray, allowed: set[int]) -> list[int]:
    scores = vectors.astype(np.float16).astype(np.float32) @ question
    order = sorted(range(len(numbers)), key=lambda i: (-scores[i], numbers[i]))
    return [int(numbers[i]) for i in order if int(numbers[i]) in allowed]


def test_search_gives_exact_inner_products_best_first(vectors: np.ndarray, numbers: np.ndarray) -> None:
    index = VectorIndex([Segment.of(numbers[:300], vectors[:300]), Segment.of(numbers[300:], vectors[300:])])
    found = index.search(vectors[4], 20)
    assert [number for number, _ in found] == _by_hand(vectors, numbers, vectors[4], set(numbers.tolist()))[:20]
    halves = vectors.astype(np.float16).astype(np.float32) @ vectors[4]
    expected = dict(zip(numbers.tolist(), halves.tolist(), strict=True))
    assert dict(found) == pytest.approx({number: expected[number] for number, _ in found}, abs=1e-5)
    assert index.scores(vectors[4], numbers[:50]) == pytest.approx(
        {int(number): expected[int(number)] for number in numbers[:50]}, abs=1e-5
    )


def test_dead_numbers_are_found_no_more_and_limits_hold_before_the_search(
    vectors: np.ndarray, numbers: np.ndarray
) -> None:
    dead = set(numbers[:100].tolist())
    allowed = set(numbers[90:140].tolist())
    index = VectorIndex([Segment.of(numbers, vectors)], dead)
    found = index.search(vectors[4], 1000, np.array(sorted(allowed)))
    assert [number for number, _ in found] == _by_hand(vectors, numbers, vectors[4], allowed - dead)
    assert len(index) == 400
    assert index.search(vectors[4], 10, np.empty(0, dtype=np.int64)) == []
    assert index.rows(numbers[:3]) == {}


def test_a_packed_segment_comes_back_the_same(vectors: np.ndarray, numbers: np.ndarray) -> None:
    segment = Segment.of(numbers, vectors)
    back = Segment.unpack(segment.pack())
    gc.collect()
    np.testing.assert_array_equal(back.numbers, segment.numbers)
    np.testing.assert_array_equal(back.vectors, segment.vectors)
    assert VectorIndex([back]).search(vectors[9], 7) == VectorIndex([segment]).search(vectors[9], 7)


def test_merging_keeps_the_living_and_drops_the_dead(vectors: np.ndarray, numbers: np.ndarray) -> None:
    index = VectorIndex(
        [Segment.of(numbers[:300], vectors[:300]), Segment.of(numbers[300:], vectors[300:])], numbers[:10].tolist()
    )
    merged = VectorIndex([index.merged()])
    assert merged.search(vectors[4], 490) == index.search(vectors[4], 490)
    assert len(merged.segments[0].numbers) == 490


@pytest.mark.parametrize("data", [b"", b"geen vectoren", b"\0" * 400])
def test_bytes_that_are_no_segment_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no vector segment"):
        Segment.unpack(data)


def test_a_cut_off_segment_is_refused(vectors: np.ndarray, numbers: np.ndarray) -> None:
    data = Segment.of(numbers, vectors).pack()
    for length in (10, len(data) // 2, len(data) - 1):
        with pytest.raises(ValueError, match="no vector segment"):
            Segment.unpack(data[:length])
