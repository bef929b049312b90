"""Physical limits: what a search must read at least, over how fast this machine reads, on one line of arithmetic."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_MEGABYTES = 128
_RUNS = 15


@dataclass(frozen=True, slots=True)
class Limit:
    """A time below which a step cannot go, in seconds, and the arithmetic that gives it."""

    name: str
    seconds: float
    arithmetic: str


def bandwidth(megabytes: int = _MEGABYTES) -> float:
    """Return how many bytes a second one thread reads from memory, one after another: the best of fifteen runs."""
    array = np.ones(megabytes * 1_000_000 // 8, dtype=np.float64)
    array.sum()
    best = 0.0
    for _ in range(_RUNS):
        started = time.perf_counter()
        array.sum()
        best = max(best, array.nbytes / (time.perf_counter() - started))
    return best


def scan(passages: int, dimension: int, bytes_each: int, bytes_a_second: float) -> Limit:
    """Return the least time to hold one question against every vector: all of them are read once."""
    total = passages * dimension * bytes_each
    seconds = total / bytes_a_second
    arithmetic = (
        f"{passages:,} × {dimension} × {bytes_each} B = {total / 1e6:.2f} MB ÷ {bytes_a_second / 1e9:.1f} GB/s "
        f"= {seconds * 1000:.3f} ms"
    )
    return Limit("dense search reads every vector", seconds, arithmetic)


def lookup(tokens: int, dimension: int, bytes_each: int, bytes_a_second: float) -> Limit:
    """Return the least time to embed a question by a static table: one row for each of its tokens is read and added."""
    total = tokens * dimension * bytes_each
    seconds = total / bytes_a_second
    arithmetic = (
        f"{tokens} × {dimension} × {bytes_each} B = {total / 1e3:.1f} kB ÷ {bytes_a_second / 1e9:.1f} GB/s "
        f"= {seconds * 1e6:.2f} µs ({tokens * dimension:,} additions)"
    )
    return Limit("embedding reads a row for each token", seconds, arithmetic)


def writing(size: int, bytes_a_second: float) -> Limit:
    """Return the least time to write a store of `size` bytes once to a disk that takes `bytes_a_second`."""
    seconds = size / bytes_a_second
    arithmetic = f"{size / 1e6:.1f} MB ÷ {bytes_a_second / 1e6:.0f} MB/s (disk) = {seconds:.3f} s"
    return Limit("building writes the store once", seconds, arithmetic)


def reading(size: int, bytes_a_second: float) -> Limit:
    """Return the least time to read a store of `size` bytes once from memory, where the system keeps it."""
    seconds = size / bytes_a_second
    arithmetic = f"{size / 1e6:.1f} MB ÷ {bytes_a_second / 1e9:.1f} GB/s = {seconds * 1000:.2f} ms"
    return Limit("a cold start reads the store once", seconds, arithmetic)


def beside(passages: int, dimensions: int, text: int, store: int, folder: Path) -> dict[str, str]:
    """Return the arithmetic of the limit beside each figure of `eval.performance`, by the figure's name.

    `text` and `store` are sizes in bytes; the disk under `folder` and the memory are measured.
    """
    speed = bandwidth()
    vectors = passages * dimensions * 2
    dense = scan(passages, dimensions, 2, speed).arithmetic
    least = f"text {text / 1e6:.1f} MB + vectors {passages:,} × {dimensions} × 2 B = {(text + vectors) / 1e6:.1f} MB"
    return {
        "build": writing(store, disk(folder)).arithmetic,
        "store size": least,
        "cold start to the first answer": reading(store, speed).arithmetic,
        "search p50": dense,
        "answer p50": dense,
    }


def disk(folder: Path, megabytes: int = 64) -> float:
    """Return how many bytes a second the disk under `folder` takes, until they are really there (fsync)."""
    block, path = os.urandom(1_000_000), folder / "disk-speed"
    started = time.perf_counter()
    with path.open("wb") as file:
        for _ in range(megabytes):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    seconds = time.perf_counter() - started
    path.unlink()
    return megabytes * 1e6 / seconds
