"""Reading speed: files go in; pages and documents a second come out, on one core and on two, and where the time goes.

Each file is read over and over until the given time has passed, so that little is measured but the reading itself.
The bundled tokenizer is loaded before the clock starts; the store and its indexes are not part of it. The rate of a
second of processor time is the same on a busy machine, the rates of wall clock time are not.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from eval.performance import Figure
from index.chunk import cut
from index.documents import find_files, read_document
from index.errors import ReadError
from index.read import read
from index.recognise import recognise
from index.tokens import bundled

_CORES = (1, 2)


def run(paths: Sequence[Path], seconds: float = 10.0) -> list[Figure]:
    """Measure the PDFs and the texts among `paths`, each kind for about `seconds` for each number of cores."""
    figures: list[Figure] = []
    kinds = {"pdf": (".pdf",), "text": (".txt", ".md")}
    for kind, suffixes in kinds.items():
        files = [path for path in find_files(paths) if path.suffix.lower() in suffixes]
        if files:
            figures += _rates(kind, files, seconds) + _shares(kind, files, seconds)
    return figures


def _rates(kind: str, files: Sequence[Path], seconds: float) -> list[Figure]:
    pages = sum(_pages(path) for path in files)
    size = sum(path.stat().st_size for path in files)
    figures = []
    for cores in _CORES:
        with ProcessPoolExecutor(cores) as pool:
            list(pool.map(_read_once, [*files[:cores], *files[:cores]]))  # every process has its tokenizer
            rounds, started = 0, time.perf_counter()
            while time.perf_counter() - started < seconds:
                list(pool.map(_read_once, files, chunksize=max(1, len(files) // (4 * cores))))
                rounds += 1
            taken = (time.perf_counter() - started) / rounds
        name = f"{kind}, {cores} core{'s' if cores > 1 else ''}"
        figures.append(Figure(name, len(files) / taken, "documents/s"))
        if kind == "pdf":
            figures.append(Figure(name, pages / taken, "pages/s"))
        else:
            figures.append(Figure(name, size / taken / 1e6, "MB/s"))
    return figures


def _shares(kind: str, files: Sequence[Path], seconds: float) -> list[Figure]:
    """Return what part of the time each step takes, on one core."""
    spent = {"lines of the file": 0.0, "understanding": 0.0, "cutting": 0.0}
    count, started, documents, pages = bundled().count, time.perf_counter(), 0, 0
    count("de tokenizer wordt geladen")
    while time.perf_counter() - started < seconds / 2:
        for path in files:
            first = time.process_time()
            source = read(path)
            second = time.process_time()
            draft = recognise(source)
            third = time.process_time()
            cut(draft, "document", count)
            steps = (second - first, third - second, time.process_time() - third)
            documents, pages = documents + 1, pages + source.pages
            for name, step in zip(spent, steps, strict=True):
                spent[name] += step
    total = sum(spent.values())
    rates = [Figure(f"{kind}, processor", documents / total, "documents/s")]
    rates += [Figure(f"{kind}, processor", pages / total, "pages/s")] if kind == "pdf" else []
    return rates + [Figure(f"{kind}, {name}", 100 * part / total, "% of the time") for name, part in spent.items()]


def _read_once(path: Path) -> int:
    try:
        return len(read_document(path, path.name, bundled().count).passages)
    except ReadError:
        return 0


def _pages(path: Path) -> int:
    return read(path).pages


def main() -> int:
    """Measure the files and folders of the command line."""
    for figure in run([Path(name) for name in sys.argv[1:]]):
        sys.stdout.write(f"{figure.name:28} {figure.value:10.1f} {figure.unit}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
