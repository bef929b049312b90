"""A program that indexes a folder and, when told to, dies by SIGKILL before or after one of its steps.

Usage: crashing.py SOURCES STORE [MODULE NAME before|after COUNT]
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.build import build_index
from index.values import Document, Passage, Reading


class WordSums:
    """Vectors that are sums of fixed random vectors of words: enough to tell passages apart, quick to start."""

    name, digest, dimensions = "woorden", "woorden-1", 16

    def embed_passages(self, texts: Sequence[str]) -> Any:
        rows = np.stack([self._sum(text) for text in texts])
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def embed_question(self, text: str) -> Any:
        return self.embed_passages([text])[0]

    def _sum(self, text: str) -> Any:
        words = [np.random.default_rng(zlib.crc32(word.encode())).standard_normal(16) for word in text.split()]
        return np.sum(words, axis=0).astype(np.float32)


def find(paths: Sequence[Path]) -> list[Path]:
    return sorted(path for folder in paths for path in folder.iterdir())


def read(path: Path, source: str, count_tokens: Callable[[str], int]) -> list[Reading]:
    del count_tokens
    text = path.read_text(encoding="utf-8")
    lines, passages, start = text.splitlines(), [], 0
    for place, line in enumerate(lines):
        passages.append(Passage(f"{path.stem}#{place}", path.stem, f"{place}", line, start, start + len(line)))
        start += len(line) + 1
    return [Reading(Document(path.stem, "page", path.stem, source), text, tuple(passages))]


def die_at(module: str, name: str, moment: str, count: int) -> None:
    """Kill this process around the call number `count` of a function or method that the store uses."""
    owner: Any = importlib.import_module(module)
    *classes, name = name.split(".")
    for part in classes:
        owner = getattr(owner, part)
    original, calls = getattr(owner, name), iter(range(1, 10**9))

    def fatal(*args: Any, **options: Any) -> Any:
        call = next(calls)
        if moment == "before" and call == count:
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*args, **options)
        if moment == "after" and call == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, fatal)


def main(sources: str, store: str, *point: str) -> None:
    if point:
        die_at(point[0], point[1], point[2], int(point[3]))
    options: dict[str, Any] = {"count_tokens": len, "find": find, "read": read, "prune": True, "keep": 2}
    rest = float(os.environ.get("REST_AFTER", "30"))
    report = build_index([Path(sources)], Path(store), WordSums(), rest_after=rest, **options)
    print(report.generation, report.counts)


if __name__ == "__main__":
    main(*sys.argv[1:])
