"""Passage numbers with their vectors go in, the nearest numbers to a question's vector come out; the door to faiss.

Knows no text and no store. A segment is one serialised faiss index (exact, inner product, half precision, which
loses nothing in the ranking) that is never changed once written; removing a passage marks its number as dead.
Scores are inner products of unit vectors: higher is better, and no distance leaves this file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from index.errors import StoreError

if TYPE_CHECKING:
    from index.protocols import Vectors

Numbers = npt.NDArray[np.int64]
Half = npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Vectors that were written together: `numbers` ascending, `vectors[i]` belongs to `numbers[i]`."""

    numbers: Numbers
    vectors: Half
    flat: Any
    owner: Any = None  # what holds the memory of `flat`, and so of `vectors`

    @staticmethod
    def of(numbers: Numbers, vectors: Vectors | Half) -> Segment:
        """Build one from `numbers` (in any order) and an array of shape (len(numbers), dimensions)."""
        faiss = _faiss()
        order = np.argsort(numbers)
        rows = np.ascontiguousarray(vectors[order], dtype=np.float32)
        kind = faiss.ScalarQuantizer.QT_fp16
        flat = faiss.IndexScalarQuantizer(rows.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
        flat.add(rows)
        return Segment(np.ascontiguousarray(numbers[order], dtype=np.int64), _codes(flat), flat)

    def pack(self) -> bytes:
        """Return the bytes to be written to a file; faiss's own file functions fail in non-ASCII folders."""
        faiss = _faiss()
        mapped = faiss.IndexIDMap(faiss.IndexScalarQuantizer(*self._form()))
        mapped.add_with_ids(np.ascontiguousarray(self.vectors, dtype=np.float32), self.numbers)
        return bytes(faiss.serialize_index(mapped))

    @staticmethod
    def unpack(data: bytes) -> Segment:
        """Return the segment that was packed; raise `ValueError` when `data` is none."""
        faiss = _faiss()
        try:
            mapped = faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))
            flat = faiss.downcast_index(mapped.index)
            numbers = faiss.vector_to_array(mapped.id_map)
        except (RuntimeError, AttributeError) as error:
            raise ValueError("no vector segment") from error
        return Segment(numbers, _codes(flat), flat, mapped)

    def _form(self) -> tuple[int, int, int]:
        faiss = _faiss()
        return self.vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT


class VectorIndex:
    """The segments of one generation, searched exactly. Safe to share between threads: nothing changes in it."""

    def __init__(self, segments: Sequence[Segment], dead: Iterable[int] = ()) -> None:
        self.segments = tuple(segments)
        self.dead = np.unique(np.fromiter(dead, dtype=np.int64))
        self._alive = [_outside(segment.numbers, self.dead) for segment in self.segments]

    def __len__(self) -> int:
        return sum(int(alive.sum()) for alive in self._alive)

    def numbers(self) -> Numbers:
        """Return the numbers that can be found, ascending within each segment."""
        parts = [s.numbers[alive] for s, alive in zip(self.segments, self._alive, strict=True)]
        return np.concatenate([np.empty(0, dtype=np.int64), *parts])

    def search(self, question: Vectors, top_k: int, allowed: Numbers | None = None) -> list[tuple[int, float]]:
        """Return at most `top_k` numbers with their inner products, best first.

        `question` has shape (dimensions,); `allowed`, ascending, limits the search before it is made.
        """
        faiss = _faiss()
        # One query on two OpenMP threads takes twice as long as on one; the setting belongs to the calling thread.
        faiss.omp_set_num_threads(1)
        row = np.ascontiguousarray(question.reshape(1, -1), dtype=np.float32)
        found: list[tuple[int, float]] = []
        for segment, alive in zip(self.segments, self._alive, strict=True):
            mask = alive if allowed is None else alive & inside(segment.numbers, allowed)
            depth = min(top_k, int(mask.sum()))
            if depth == 0:
                continue
            scores, places = segment.flat.search(row, depth, params=_only(mask))
            found += zip(segment.numbers[places[0]].tolist(), scores[0].tolist(), strict=True)
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:top_k]

    def scores(self, question: Vectors, numbers: Numbers) -> dict[int, float]:
        """Return the inner product for each of `numbers` that has a vector."""
        found: dict[int, float] = {}
        for segment, places in self._places(numbers):
            products = segment.vectors[places].astype(np.float32) @ question
            found |= zip(segment.numbers[places].tolist(), products.tolist(), strict=True)
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
        vectors = [segment.vectors[kept] for segment, kept in alive]
        return Segment.of(self.numbers(), np.concatenate(vectors))


def _outside(numbers: Numbers, dead: Numbers) -> npt.NDArray[np.bool_]:
    return ~inside(numbers, dead)


def inside(numbers: Numbers, allowed: Numbers) -> npt.NDArray[np.bool_]:
    """Return for each of `numbers` whether it is one of `allowed`, which are ascending."""
    if len(allowed) == 0:
        return np.zeros(len(numbers), dtype=np.bool_)
    places = np.minimum(np.searchsorted(allowed, numbers), len(allowed) - 1)
    inside: npt.NDArray[np.bool_] = allowed[places] == numbers
    return inside


def _only(mask: npt.NDArray[np.bool_]) -> Any:
    if mask.all():
        return None
    faiss = _faiss()
    chosen = faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))
    return faiss.SearchParameters(sel=chosen)


def _codes(flat: Any) -> Half:
    faiss = _faiss()
    if flat.ntotal == 0:
        return np.empty((0, flat.d), dtype=np.float16)
    raw = faiss.rev_swig_ptr(flat.codes.data(), flat.ntotal * flat.code_size)
    half: Half = raw.view(np.float16).reshape(flat.ntotal, flat.d)
    return half


def _faiss() -> Any:
    try:
        import faiss
    except ImportError as error:
        raise StoreError("store.library", library="faiss-cpu") from error
    return faiss
