"""Passage numbers with their vectors go in, the nearest numbers to a question's vector come out; the door to faiss.

Knows no text and no store. A segment is one serialised faiss index (exact, inner product, half precision, which
loses nothing in the ranking) that is never changed once written; removing a passage marks its number as dead. A large
one has a sketch beside it, in which the best are guessed; scores are always those of the vectors themselves: inner
products of unit vectors, higher is better, and no distance leaves this file.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import numpy.typing as npt

from index.errors import StoreError
from index.ranking import best_first

if TYPE_CHECKING:
    from index.protocols import Vectors

Numbers = npt.NDArray[np.int64]
Half = npt.NDArray[np.float16]
Mask = npt.NDArray[np.bool_]
Found = list[tuple[int, float]]

EXACT = 50_000  # vectors: comparing a question with fewer takes about a millisecond
RECALL, RECALLED = 0.99, 50  # what a sketch must find: this share of the best fifty
_NEARLY_RECALLED = 100  # the guesses that hold .99 of the best fifty held .986 of the best hundred
_RESCORED = (200, 500, 1_000, 2_000, 4_000)
_TRAINED_ON, _QUESTIONS = 20_480, 100
_AT_ONCE = 16_384


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """Four bits for each two dimensions of a segment's vectors, in which the best are guessed, then scored exactly.

    Product quantization (Jégou et al., TPAMI 2011) with the codes looked up in registers (André et al., "Quicker ADC",
    TPAMI 2021). Of the best fifty `rescored` guesses hold the share `recall`, as measured when it was made.
    """

    codes: Any
    rescored: int
    recall: float
    owner: Any = None

    @staticmethod
    def of(segment: Segment) -> Sketch | None:
        """Sketch a segment; None where no sketch of it is good enough."""
        faiss, vectors = _faiss(), segment.vectors
        if vectors.shape[1] % 2:
            return None
        chance = np.random.default_rng(1)
        codes = faiss.IndexPQFastScan(vectors.shape[1], vectors.shape[1] // 2, 4, faiss.METRIC_INNER_PRODUCT)
        codes.train(vectors[_some(len(vectors), _TRAINED_ON, chance)].astype(np.float32))
        for part in _parts(vectors):
            codes.add(part)
        questions = vectors[_some(len(vectors), _QUESTIONS, chance)].astype(np.float32)
        _, best = segment.flat.search(questions, RECALLED)
        _, guesses = codes.search(questions, min(_RESCORED[-1], len(vectors)))
        for rescored in _RESCORED:
            found = [np.isin(one, other[:rescored]).mean() for one, other in zip(best, guesses, strict=True)]
            if (recall := float(np.mean(found))) >= RECALL:
                return Sketch(codes, rescored, round(recall, 4))
        return None

    def guess(self, question: Vectors, count: int) -> Numbers:
        """Return the rows of about the `count` nearest vectors, the likeliest first."""
        _, places = self.codes.search(question.reshape(1, -1), count)
        return np.asarray(places[0][places[0] >= 0])

    def write(self, file: BinaryIO) -> None:
        """Write the codes."""
        _write(self.codes, file)

    @staticmethod
    def unpack(data: npt.NDArray[np.uint8] | bytes, rescored: int, recall: float) -> Sketch:
        """Return the sketch that was written, with what was measured of it; raise `ValueError` when `data` is none."""
        codes, owner = _read(data)
        if not isinstance(codes, _faiss().IndexPQFastScan):
            raise ValueError("no sketch of vectors")
        return Sketch(codes, rescored, recall, owner)


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Vectors that were written together: `numbers` ascending, `vectors[i]` belongs to `numbers[i]`."""

    numbers: Numbers
    vectors: Half
    flat: Any
    owner: Any = None  # what holds the memory of `flat`, and so of `vectors`
    sketch: Sketch | None = None

    @staticmethod
    def of(numbers: Numbers, vectors: Vectors | Half) -> Segment:
        """Build one from `numbers` (in any order) and an array of shape (len(numbers), dimensions)."""
        if np.any(numbers[1:] < numbers[:-1]):
            order = np.argsort(numbers)
            numbers, vectors = numbers[order], vectors[order]
        flat = _flat(vectors.shape[1])
        for part in _parts(vectors):
            flat.add(part)
        return Segment(np.ascontiguousarray(numbers, dtype=np.int64), _codes(flat), flat)

    def write(self, file: BinaryIO) -> None:
        """Write it, block by block; faiss's own file functions fail in non-ASCII folders."""
        faiss = _faiss()
        mapped = faiss.IndexIDMap(_flat(self.flat.d))
        # Given the vectors that are there, instead of adding them to a second copy.
        mapped.index, mapped.ntotal = self.flat, self.flat.ntotal
        faiss.copy_array_to_vector(self.numbers, mapped.id_map)
        _write(mapped, file)

    def pack(self) -> bytes:
        """Return the bytes that are written."""
        file = io.BytesIO()
        self.write(file)
        return file.getvalue()

    @staticmethod
    def unpack(data: npt.NDArray[np.uint8] | bytes) -> Segment:
        """Return the segment that was packed, on the very memory of `data`; raise `ValueError` when it is none."""
        faiss = _faiss()
        mapped, owner = _read(data)
        try:
            flat = faiss.downcast_index(mapped.index)
            numbers = faiss.vector_to_array(mapped.id_map)
        except AttributeError as error:
            raise ValueError("no vector segment") from error
        return Segment(numbers, _codes(flat), flat, owner)


class VectorIndex:
    """The segments of one generation, small ones searched exactly. Safe to share between threads: nothing changes."""

    def __init__(self, segments: Sequence[Segment], dead: Iterable[int] = ()) -> None:
        self.segments = tuple(segments)
        self.dead = np.unique(np.fromiter(dead, dtype=np.int64))
        self._alive = [~inside(segment.numbers, self.dead) for segment in self.segments]

    def __len__(self) -> int:
        return sum(int(alive.sum()) for alive in self._alive)

    def numbers(self) -> Numbers:
        """Return the numbers that can be found, ascending within each segment."""
        parts = [s.numbers[alive] for s, alive in zip(self.segments, self._alive, strict=True)]
        return np.concatenate([np.empty(0, dtype=np.int64), *parts])

    def search(self, question: Vectors, top_k: int, allowed: Numbers | None = None) -> Found:
        """Return at most `top_k` numbers with their inner products, best first.

        `question` has shape (dimensions,); `allowed`, ascending, limits the search before it is made.
        """
        # One query on two OpenMP threads takes twice as long as on one; the setting belongs to the calling thread.
        _faiss().omp_set_num_threads(1)
        row = np.ascontiguousarray(question.reshape(1, -1), dtype=np.float32)
        found = [(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))]
        for segment, alive in zip(self.segments, self._alive, strict=True):
            mask = alive if allowed is None else alive & inside(segment.numbers, allowed)
            if left := int(mask.sum()):
                found.append(_best(segment, mask, left, row, top_k))
        numbers, scores = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return best_first(numbers, scores)[:top_k]

    def scores(self, question: Vectors, numbers: Numbers) -> dict[int, float]:
        """Return the inner product for each of `numbers` that has a vector."""
        found: dict[int, float] = {}
        for segment, places in self._places(numbers):
            if segment.sketch is None or len(places) == 0:
                best, products = places, segment.vectors[places].astype(np.float32) @ question
            else:
                best, products = _scored(segment, places, question.reshape(1, -1), len(places))
            found |= zip(segment.numbers[best].tolist(), products.tolist(), strict=True)
        return found

    def rows(self, numbers: Numbers) -> dict[int, Half]:
        """Return the stored vector of each of `numbers` that is there and not dead."""
        rows: dict[int, Half] = {}
        for segment, places in self._places(numbers):
            rows |= zip(segment.numbers[places].tolist(), segment.vectors[places], strict=True)
        return rows

    def _places(self, numbers: Numbers) -> Iterator[tuple[Segment, Numbers]]:
        for segment, alive in zip(self.segments, self._alive, strict=True):
            if len(segment.numbers):
                places = np.minimum(np.searchsorted(segment.numbers, numbers), len(segment.numbers) - 1)
                yield segment, places[(segment.numbers[places] == numbers) & alive[places]]

    def merged(self) -> Segment:
        """Return one segment of all that is alive."""
        alive = zip(self.segments, self._alive, strict=True)
        vectors = [segment.vectors if kept.all() else segment.vectors[kept] for segment, kept in alive]
        return Segment.of(self.numbers(), np.concatenate(vectors) if len(vectors) > 1 else vectors[0])


def _best(segment: Segment, mask: Mask, left: int, row: Vectors, top_k: int) -> tuple[Numbers, Vectors]:
    """Return the best of the `left` rows of a segment that `mask` allows, with their scores."""
    depth = min(top_k, left)
    places = _guessed(segment, mask, left, row, depth)
    if places is None:
        scores, best = segment.flat.search(row, depth, params=_only(mask))
        return segment.numbers[best[0]], scores[0]
    places, scores = _scored(segment, places, row, depth)
    return segment.numbers[places], scores


def _guessed(segment: Segment, mask: Mask, left: int, row: Vectors, depth: int) -> Numbers | None:
    """Return the rows to be scored, None when it is better to score all: too few are left, or too many are wanted.

    As many as are wanted are guessed among those that `mask` allows, so that it limits the search before it is made.
    """
    sketch, size = segment.sketch, len(segment.numbers)
    if sketch is None or left < EXACT:
        return None
    wanted = int(sketch.rescored * max(1.0, depth / _NEARLY_RECALLED))
    asked = wanted if left == size else int(1.25 * wanted * size / left) + _QUESTIONS
    if asked > size // 10:
        return None
    places = sketch.guess(row, asked)
    places = places if left == size else places[mask[places]]
    return places[:wanted] if len(places) >= wanted else None


def _scored(segment: Segment, places: Numbers, row: Vectors, depth: int) -> tuple[Numbers, Vectors]:
    """Return the best of a few rows with their scores; numpy takes three times as long to widen half precision."""
    some = _flat(segment.flat.d)
    codes = segment.vectors.view(np.uint8).take(places, axis=0)
    _faiss().copy_array_to_vector(codes.ravel(), some.codes)
    some.ntotal = len(places)
    scores, best = some.search(row, depth)
    return places[best[0]], scores[0]


def inside(numbers: Numbers, allowed: Numbers) -> Mask:
    """Return for each of `numbers` whether it is one of `allowed`, which are ascending."""
    if len(allowed) == 0:
        return np.zeros(len(numbers), dtype=np.bool_)
    places = np.minimum(np.searchsorted(allowed, numbers), len(allowed) - 1)
    return np.asarray(allowed[places] == numbers)


def _only(mask: Mask) -> Any:
    if mask.all():
        return None
    return _faiss().SearchParameters(sel=_faiss().IDSelectorBitmap(np.packbits(mask, bitorder="little")))


def _flat(dimensions: int) -> Any:
    faiss = _faiss()
    return faiss.IndexScalarQuantizer(dimensions, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)


def _codes(flat: Any) -> Half:
    if flat.ntotal == 0:
        return np.empty((0, flat.d), dtype=np.float16)
    raw = _faiss().rev_swig_ptr(flat.codes.data(), flat.ntotal * flat.code_size)
    half: Half = raw.view(np.float16).reshape(flat.ntotal, flat.d)
    half.flags.writeable = False  # it may be a mapped file
    return half


def _some(count: int, most: int, chance: np.random.Generator) -> Numbers:
    return np.sort(chance.choice(count, min(count, most), replace=False))


def _parts(vectors: Vectors | Half) -> Iterator[Vectors]:
    """Give rows a few at a time, in the precision that faiss takes: all at once would take twice their memory."""
    for start in range(0, len(vectors), _AT_ONCE):
        yield np.ascontiguousarray(vectors[start : start + _AT_ONCE], dtype=np.float32)


def _write(index: Any, file: BinaryIO) -> None:
    writer = _faiss().PyCallbackIOWriter(file.write)
    _faiss().write_index(index, writer)
    del writer  # writes what it still holds


def _read(data: npt.NDArray[np.uint8] | bytes) -> tuple[Any, Any]:
    """Return the index in `data`, and what must live as long as it does."""
    faiss = _faiss()
    held = np.frombuffer(data, dtype=np.uint8) if isinstance(data, bytes) else data
    try:
        index = faiss.read_index(faiss.ZeroCopyIOReader(faiss.swig_ptr(held), held.size))
    except (RuntimeError, ValueError) as error:
        raise ValueError("no vector segment") from error
    return index, (index, held)


def _faiss() -> Any:
    try:
        import faiss
    except ImportError as error:
        raise StoreError("store.library", library="faiss-cpu") from error
    return faiss
