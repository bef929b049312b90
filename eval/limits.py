"""Physical limits: what a search must read at least, over how fast this machine reads, on one line of arithmetic."""

from __future__ import annotations

import time
from dataclasses import dataclass

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


def writing(size: int, passages: int, bytes_a_second: float) -> Limit:
    """Return the least time to write a store of `size` bytes once to a disk that takes `bytes_a_second`."""
    seconds = size / bytes_a_second
    arithmetic = (
        f"{size / 1e6:.1f} MB ({size / max(1, passages):,.0f} B a passage) ÷ {bytes_a_second / 1e6:.0f} MB/s "
        f"= {seconds:.2f} s"
    )
    return Limit("building writes the store once", seconds, arithmetic)
