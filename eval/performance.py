"""Performance: a store of made-up text is built and asked; time, size and memory come out as figures.

The whole path is measured as a user meets it: files on disk, the command line in a process of its own, and searches
and answers in one process. Times are wall clock; the machine's own noise is in them.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from eval.generator import write_documents
from eval.limits import beside
from eval.measures import percentile
from index.static_embedding import BUNDLED, bundled

QUESTIONS = 200


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number with its unit and, where there is one, the arithmetic of its physical limit."""

    name: str
    value: float
    unit: str
    limit: str = ""


def run(passages: int, progress: Callable[[str], None]) -> list[Figure]:
    """Build a store of about `passages` passages in a temporary folder, ask it, and return the figures."""
    with tempfile.TemporaryDirectory(prefix="vraagbaak-") as temporary:
        sources, store = Path(temporary, "documents"), Path(temporary, "store")
        sources.mkdir()
        progress(f"{passages} passages: writing files")
        questions = write_documents(sources, passages)[:QUESTIONS]
        progress("building")
        building = _command("index", str(sources), "--store", str(store))
        again = _command("index", str(sources), "--store", str(store))
        progress("asking")
        cold = _command("ask", questions[0], "--store", str(store))
        figures = [
            Figure("build", building, "s"),
            Figure("build rate", passages / building, "passages/s"),
            Figure("same folder again", again, "s"),
            Figure("store size", _size(store) / 1e6, "MB"),
            Figure("peak memory of a command", _peak_of_children() / 1e6, "MB"),
            Figure("cold start to the first answer", cold, "s"),
        ]
        figures += _asked(store, questions)
        limit = beside(passages, bundled().dimensions, _size(sources), _size(store), Path(temporary))
        return [replace(figure, limit=limit.get(figure.name, "")) for figure in figures]


def _asked(store: Path, questions: list[str]) -> list[Figure]:
    from index.store import Store
    from rag.assistant import Assistant

    opened = Store.open(store, bundled())
    assistant = Assistant(opened)
    with opened.snapshot() as snapshot:
        searching = _times(lambda question: snapshot.search(question, 10), questions)
    answering = _times(assistant.ask, questions)
    return [
        Figure(f"{name} p{percent}", percentile(times, percent) * 1000, "ms")
        for name, times in (("search", searching), ("answer", answering))
        for percent in (50, 95, 99)
    ]


def _times(ask: Callable[[str], object], questions: list[str]) -> list[float]:
    times = []
    for question in questions[:5] + questions:  # the first five warm the caches
        started = time.perf_counter()
        ask(question)
        times.append(time.perf_counter() - started)
    return times[5:]


def _command(*arguments: str) -> float:
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "ui.cli", *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "VRAAGBAAK_EMBEDDER": BUNDLED, "VRAAGBAAK_MODEL": "extractive"},
    )
    return time.perf_counter() - started


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _peak_of_children() -> int:
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
