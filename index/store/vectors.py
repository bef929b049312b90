"""Passages to be embedded go in one by one, a generation's vector files come out; unchanged words keep their vector."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.protocols import Embedder
from index.store.files import VECTORS, write_file
from index.store.manifest import Manifest, SketchMark
from index.vectors import EXACT, Half, Numbers, Segment, Sketch, VectorIndex, inside

_BATCH = 256
_MAPPED = 32_000_000  # bytes; smaller files are read into memory


def read_segment(folder: Path, name: str, mark: SketchMark | None = None) -> Segment:
    """Return what is in a vector file, with its sketch; raise `ValueError` when it is none, `FileNotFoundError`."""
    segment = Segment.unpack(_bytes(folder / name))
    if mark is None:
        return segment
    return replace(segment, sketch=Sketch.unpack(_bytes(folder / mark.file), mark.rescored, mark.recall))


def read_dead(folder: Path, manifest: Manifest) -> Numbers:
    """Return the numbers of the passages that were removed and are still in a vector file."""
    data = (folder / manifest.dead).read_bytes() if manifest.dead else b""
    return np.frombuffer(data, dtype="<i8").astype(np.int64)


def _bytes(path: Path) -> bytes | npt.NDArray[np.uint8]:
    """Return a file's bytes, of a large one without reading them; Windows would not let a mapped file be removed."""
    if os.name == "nt" or path.stat().st_size < _MAPPED:
        return path.read_bytes()
    return np.memmap(path, dtype=np.uint8, mode="r")


class VectorWriter:
    """The vectors of the generation that is being written, on top of those of the one before."""

    def __init__(self, folder: Path, embedder: Embedder | None, before: Manifest, *, compact: bool = False) -> None:
        """`before` names the vector files to go on from, if any; without an embedder nothing can be added.

        `compact` leaves nothing of removed passages behind.
        """
        self._compact = compact
        self._folder = folder
        self._embedder = embedder
        self._segments = {name: read_segment(folder, name) for name in before.segments}
        self._sketches = dict(before.sketches)
        self._index = VectorIndex(list(self._segments.values()), read_dead(folder, before))
        self._dead_name = before.dead
        self._new: dict[int, Half] = {}
        self._waiting: dict[int, str] = {}
        self._dead: set[int] = set()

    def add(self, number: int, text: str, same_as: int | None = None) -> None:
        """Give passage `number` the vector of `text`, or that of passage `same_as`, which has the same text."""
        if same_as is not None and (vector := self._known(same_as)) is not None:
            self._new[number] = vector
            return
        self._waiting[number] = text
        if len(self._waiting) >= _BATCH:
            self._embed()

    def remove(self, numbers: Iterable[int]) -> None:
        """Take the vectors of these passages out."""
        for number in numbers:
            if self._waiting.pop(number, None) is None and self._new.pop(number, None) is None:
                self._dead.add(number)

    def commit(self, name: str) -> tuple[tuple[str, ...], str, dict[str, SketchMark]]:
        """Write what is new under `name`; return the manifest's `segments`, `dead` and `sketches`."""
        self._embed()
        merged, taken = self._merged()
        segments = {old: segment for old, segment in self._segments.items() if old not in taken}
        if merged is not None:
            file = f"{VECTORS}/{name}.faiss"
            write_file(self._folder / file, merged.write)
            segments[file] = merged
            self._sketch(name, file, merged)
        dead = self._all_dead()
        there = np.zeros(len(dead), dtype=np.bool_)
        for segment in segments.values():
            there |= inside(dead, segment.numbers)
        sketches = {old: mark for old, mark in self._sketches.items() if old in segments}
        return tuple(segments), self._write_dead(name, dead[there]), sketches

    def _sketch(self, name: str, file: str, segment: Segment) -> None:
        if len(segment.numbers) >= EXACT and (sketch := Sketch.of(segment)) is not None:
            beside = f"{VECTORS}/{name}.sketch"
            write_file(self._folder / beside, sketch.write)
            self._sketches[file] = SketchMark(beside, sketch.rescored, sketch.recall)

    def _merged(self) -> tuple[Segment | None, set[str]]:
        """Return the new segment, if there is anything in it, and the names of the old ones that it takes in.

        A segment is taken in by one at least half its size, so that there are never more than a few and a vector is
        copied a logarithmic number of times; one with more dead than alive is taken in as well.
        """
        parts = [Segment.of(np.array(list(self._new)), np.stack(list(self._new.values())))] if self._new else []
        size, dead = len(self._new), self._all_dead()
        taken: set[str] = set()
        for old, segment in reversed(self._segments.items()):
            alive = len(segment.numbers) - int(inside(segment.numbers, dead).sum())
            wasteful = alive < len(segment.numbers) if self._compact else 2 * alive < len(segment.numbers)
            if wasteful or (size and alive <= 2 * size):
                taken.add(old)
                parts.append(segment)
                size += alive
        return (VectorIndex(parts, dead).merged() if size else None), taken

    def _write_dead(self, name: str, dead: Numbers) -> str:
        if len(dead) == 0:
            return ""
        if not self._dead and np.array_equal(dead, self._index.dead):
            return self._dead_name
        file = f"{VECTORS}/{name}.dead"
        write_file(self._folder / file, dead.astype("<i8").tobytes())
        return file

    def _all_dead(self) -> Numbers:
        return np.union1d(self._index.dead, np.fromiter(self._dead, dtype=np.int64))

    def _known(self, number: int) -> Half | None:
        if number in self._new:
            return self._new[number]
        return self._index.rows(np.array([number])).get(number)

    def _embed(self) -> None:
        if not self._waiting:
            return
        if self._embedder is None:
            raise ValueError("a passage was added without an embedder")
        vectors = self._embedder.embed_passages(list(self._waiting.values())).astype(np.float16)
        self._new |= dict(zip(self._waiting, vectors, strict=True))
        self._waiting.clear()
