"""Large vector files are guessed in and scored exactly; small ones are as they were."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

import index.store.vectors
import index.vectors
from index.errors import StoreError
from index.protocols import Vectors
from index.store import Store
from index.store.admin import generations
from index.store.check import check_store
from index.store.vectors import read_segment
from index.store.write import Writer
from index.values import Reading
from index.vectors import RECALL, Segment, Sketch, VectorIndex

SIZE, DIMENSIONS = 6_000, 24

Make = Callable[..., Reading]


@pytest.fixture(scope="module")
def segment() -> Segment:
    made = np.random.default_rng(7).standard_normal((SIZE, DIMENSIONS)).astype(np.float32)
    return Segment.of(np.arange(SIZE) * 2, made / np.linalg.norm(made, axis=1, keepdims=True))


@pytest.fixture(scope="module")
def sketched(segment: Segment) -> Segment:
    sketch = Sketch.of(segment)
    assert sketch is not None and sketch.recall >= RECALL
    return Segment(segment.numbers, segment.vectors, segment.flat, segment.owner, sketch)


@pytest.fixture(autouse=True)
def low_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (index.vectors, index.store.vectors):
        monkeypatch.setattr(module, "EXACT", 500)


@pytest.fixture
def questions() -> Vectors:
    made = np.random.default_rng(8).standard_normal((30, DIMENSIONS)).astype(np.float32)
    return np.ascontiguousarray(made / np.linalg.norm(made, axis=1, keepdims=True))


def _share(found: list[tuple[int, float]], best: list[tuple[int, float]]) -> float:
    return len({number for number, _ in found} & {number for number, _ in best}) / len(best)


def test_nearly_all_of_the_best_are_guessed_and_scored_as_in_an_exact_search(
    segment: Segment, sketched: Segment, questions: Vectors
) -> None:
    exact, guessed = VectorIndex([segment]), VectorIndex([sketched])
    pairs = [(guessed.search(question, 50), exact.search(question, 50)) for question in questions]
    assert np.mean([_share(found, best) for found, best in pairs]) >= 0.98
    for found, best in pairs:
        scores = dict(best)
        same = [(score, scores[number]) for number, score in found if number in scores]
        assert [score for score, _ in same] == pytest.approx([score for _, score in same], abs=1e-5)
        assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_what_is_not_allowed_is_left_out_before_guessing(
    segment: Segment, sketched: Segment, questions: Vectors
) -> None:
    exact, guessed = VectorIndex([segment]), VectorIndex([sketched])
    half = segment.numbers[np.random.default_rng(9).random(SIZE) < 0.5]
    shares = [_share(guessed.search(q, 20, half), exact.search(q, 20, half)) for q in questions]
    assert np.mean(shares) >= 0.98
    far = np.sort(segment.numbers[np.argsort(segment.vectors.astype(np.float32) @ questions[0])[: SIZE // 2]])
    assert guessed.search(questions[0], 20, far) == exact.search(questions[0], 20, far)
    few = segment.numbers[::40]
    assert guessed.search(questions[0], 20, few) == exact.search(questions[0], 20, few)


def test_the_dead_are_not_guessed(sketched: Segment, questions: Vectors) -> None:
    best = [number for number, _ in VectorIndex([sketched]).search(questions[0], 30)]
    found = VectorIndex([sketched], best[:10]).search(questions[0], 20)
    assert not {number for number, _ in found} & set(best[:10])
    assert len({number for number, _ in found} & set(best[10:])) >= 19


def test_who_wants_very_many_gets_all_of_them(segment: Segment, sketched: Segment, questions: Vectors) -> None:
    assert VectorIndex([sketched]).search(questions[0], SIZE) == VectorIndex([segment]).search(questions[0], SIZE)


def test_vectors_of_odd_length_are_not_sketched() -> None:
    assert Sketch.of(Segment.of(np.arange(900), np.ones((900, 7), dtype=np.float32))) is None


@pytest.mark.parametrize("data", [b"", b"geen vectoren", b"\0" * 400])
def test_bytes_that_are_no_sketch_are_refused(data: bytes, segment: Segment) -> None:
    for wrong in (data, segment.pack()):
        with pytest.raises(ValueError, match=r"no (vector segment|sketch)"):
            Sketch.unpack(wrong, 200, 1.0)


def test_a_mapped_file_gives_the_same_segment(
    tmp_path: Path, segment: Segment, questions: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ñ.faiss").write_bytes(segment.pack())
    read = read_segment(tmp_path, "ñ.faiss")
    monkeypatch.setattr(index.store.vectors, "_MAPPED", 1)
    mapped = read_segment(tmp_path, "ñ.faiss")
    assert isinstance(mapped.owner[1], np.memmap) and mapped.pack() == read.pack() == segment.pack()
    assert VectorIndex([mapped]).search(questions[0], 9) == VectorIndex([segment]).search(questions[0], 9)


class _Given:
    """Random vectors, the same for the same text."""

    name, digest, dimensions = "given", "given-1", DIMENSIONS

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return np.array([self.embed_question(text) for text in texts], dtype=np.float32).reshape(-1, DIMENSIONS)

    def embed_question(self, text: str) -> Vectors:
        made = np.random.default_rng(list(text.encode())).standard_normal(DIMENSIONS).astype(np.float32)
        return np.asarray(made / np.linalg.norm(made))


def _put(folder: Path, *readings: Reading) -> None:
    with Writer(folder, _Given()) as writer:
        for reading in readings:
            writer.put(reading, reading.document.document)
        writer.commit()


def _manifest(folder: Path) -> dict[str, object]:
    with closing(sqlite3.connect(folder / "store.sqlite")) as connection:
        query = "SELECT manifest FROM generations ORDER BY generation DESC LIMIT 1"
        found: dict[str, object] = json.loads(connection.execute(query).fetchone()[0])
        return found


def test_a_store_states_what_its_sketch_finds_and_keeps_it_while_little_is_added(
    tmp_path: Path, make_reading: Make
) -> None:
    folder = tmp_path / "opslag"
    Store.create(folder)
    _put(folder, make_reading("klein", ["Ja."] * 20))
    assert "sketches" not in _manifest(folder)
    _put(folder, *(make_reading(f"d{n}", [f"Antwoord {n} {m}." for m in range(40)]) for n in range(100)))
    [large] = generations(folder)[0][-1].sketches.values()
    assert large.recall >= RECALL and large.file in generations(folder)[0][-1].files
    _put(folder, make_reading("later", ["Nee."] * 3))
    with Writer(folder, removes_only=True) as writer:
        writer.remove("d7")
        writer.commit()
    now = generations(folder)[0][-1]
    assert list(now.sketches.values()) == [large] and len(now.segments) == 2 and check_store(folder) == []
    with Store.open(folder, _Given()).snapshot() as snapshot:
        found = snapshot.search("Antwoord 3 5.", 60, mode="dense")
        assert not [hit for hit in found if hit.document.document == "d7"]


def test_a_damaged_sketch_is_named_and_never_searched(tmp_path: Path, make_reading: Make) -> None:
    folder = tmp_path / "opslag"
    Store.create(folder)
    _put(folder, *(make_reading(f"d{n}", [f"Antwoord {n} {m}." for m in range(40)]) for n in range(60)))
    [mark] = generations(folder)[0][-1].sketches.values()
    data = bytearray((folder / mark.file).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / mark.file).write_bytes(data)
    with pytest.raises(StoreError, match=mark.file):
        Store.open(folder, _Given())
    assert [damage.part for damage in check_store(folder)] == [mark.file]


def test_scores_are_the_same_with_a_sketch_and_without(segment: Segment, sketched: Segment, questions: Vectors) -> None:
    with_sketch, without = VectorIndex([sketched], dead=[4]), VectorIndex([segment], dead=[4])
    numbers = np.array([0, 3, 4, 10, 11_998, 20_000])
    found = with_sketch.scores(questions[0], numbers)
    assert found.keys() == {0, 10, 11_998}
    assert found == pytest.approx(without.scores(questions[0], numbers), abs=1e-6)
    assert with_sketch.scores(questions[0], np.array([3])) == {}
