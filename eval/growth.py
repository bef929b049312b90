"""Growth: stores of several sizes are built, asked and changed; a table, and curves with the bar and the limit of each.

`python -m eval.growth 10000 100000 1000000 --folder build/soak/growth` goes on where an earlier call stopped: what was
written, built and measured stays in the folder, and a report that `vraagbaak eval all --out` writes there shows the
curves. Each measurement runs in a process of its own; processor time stands beside the clock, for on a machine that
others use the clock says little.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eval.change_cost import change_one
from eval.curves import GROWTH, Curve, draw, write_curves
from eval.generator import write_documents
from eval.limits import bandwidth, disk, reading, scan, writing
from eval.measures import percentile
from index.static_embedding import BUNDLED, bundled

SIZES = (10_000, 100_000, 1_000_000)
QUESTIONS = 200
Figures = dict[str, float]

# What is promised for a million passages on two cores: unit, and the most it may be.
BARS = {
    "build": ("s", 2_700.0),
    "build, processor": ("s", 5_400.0),
    "peak memory of building": ("MB", 6_000.0),
    "peak memory of serving": ("MB", 3_000.0),
    "store size": ("MB", None),
    "cold start to the first answer": ("s", 5.0),
    "search p95": ("ms", 60.0),
    "search p95, processor": ("ms", 60.0),
    "adding one document": ("s", 2.0),
    "removing one document": ("s", 2.0),
}


def measure(passages: int, folder: Path, progress: Callable[[str], None] = lambda _: None) -> Figures:
    """Return the figures of a store of about so many passages in `folder`; what is there already is used again."""
    folder.mkdir(parents=True, exist_ok=True)
    sources, store, known = folder / "bron", folder / "opslag", folder / "figures.json"
    figures: Figures = json.loads(known.read_text(encoding="utf-8")) if known.exists() else {}

    def step(title: str, made: Callable[[], Figures]) -> None:
        progress(f"{passages}: {title}")
        figures.update(made(), **{f"{title}, load": os.getloadavg()[0]})
        known.write_text(json.dumps(figures, indent=1), encoding="utf-8")

    if not sources.exists():
        sources.mkdir()
        progress(f"{passages}: writing files")
        (folder / "questions.json").write_text(json.dumps(write_documents(sources, passages)[:QUESTIONS]))
    questions = json.loads((folder / "questions.json").read_text(encoding="utf-8"))[:QUESTIONS]
    if "build" not in figures:
        step("building", lambda: _child("build", sources, store))
    if "search p95" not in figures:
        step("cold start", lambda: {"cold start to the first answer": _cold(store, questions[0])})
        step("serving", lambda: _child("serve", store, folder / "questions.json"))
    if "removing one document" not in figures:
        step("changing", lambda: change_one(sources, store, passages))
    figures["store size"] = sum(path.stat().st_size for path in store.rglob("*") if path.is_file()) / 1e6
    known.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return figures


def build(sources: Path, store: Path) -> Figures:
    """Index a folder in this process; return what each part of it took, and the peak of memory."""
    from index.build import build_index
    from index.lexical import LexicalWriter
    from index.readers import Readers
    from index.store.changes import RowWriter
    from index.store.vectors import VectorWriter
    from index.store.write import Writer
    from index.tokens import count_tokens

    embedder, took = bundled(), Figures()
    parts: list[tuple[type[Any], str, str]] = [
        (type(embedder), "embed_passages", "embedding"),
        (LexicalWriter, "add", "lexical"),
        (LexicalWriter, "commit", "lexical"),
        (VectorWriter, "commit", "vectors"),
        (RowWriter, "insert", "rows"),
        (Writer, "keep", "keeping the files"),
        (Writer, "commit", "all of committing"),
        (Readers, "_first", "waiting for reading"),
    ]
    for owner, name, title in parts:
        _time(owner, name, f"build: {title}", took)
    started = time.perf_counter()
    report = build_index([sources], store, embedder, count_tokens=count_tokens, processes=os.cpu_count() or 1)
    seconds = time.perf_counter() - started
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    read = children.ru_utime + children.ru_stime
    return took | {
        "build": seconds,
        "build, processor": own.ru_utime + own.ru_stime + read,
        "build: reading, processor": read,
        "build rate": report.passages / seconds,
        "peak memory of building": (own.ru_maxrss + (os.cpu_count() or 1) * children.ru_maxrss) / 1e3,
    }


def serve(store: Path, questions: Path) -> Figures:
    """Ask a store in this process as a chat does; return times, and the peak of memory."""
    from index.store import Store
    from rag.assistant import Assistant

    asked: list[str] = json.loads(questions.read_text(encoding="utf-8"))[:QUESTIONS]
    started = time.perf_counter()
    opened = Store.open(store, bundled())
    figures = {"opening": time.perf_counter() - started}
    clock, processor = [], []
    with opened.snapshot() as snapshot:
        for question in asked[:5] + asked:  # the first five warm the caches
            begun, used = time.perf_counter(), time.process_time()
            snapshot.search(question, 10)
            clock.append((time.perf_counter() - begun) * 1e3)
            processor.append((time.process_time() - used) * 1e3)
        manifest = snapshot.manifest
    for share in (50, 95):
        figures[f"search p{share}"] = percentile(clock[5:], share)
        figures[f"search p{share}, processor"] = percentile(processor[5:], share)
    assistant = Assistant(opened)
    answering = []
    for question in asked[:20]:
        begun = time.perf_counter()
        assistant.ask(question)
        answering.append((time.perf_counter() - begun) * 1e3)
    figures |= {"answer p50": percentile(answering, 50), "passages": float(manifest.passages)}
    if manifest.sketches:
        figures["recall@50 of the sketch"] = min(mark.recall for mark in manifest.sketches.values())
    return figures | {"peak memory of serving": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3}


def _time(owner: type[Any], name: str, title: str, took: Figures) -> None:
    """Add to `took[title]` the seconds by the clock that every call of a method takes."""
    whole = getattr(owner, name)

    def timed(*arguments: Any, **named: Any) -> Any:
        with _adding(title, took):
            return whole(*arguments, **named)

    setattr(owner, name, timed)


@contextmanager
def _adding(title: str, took: Figures) -> Iterator[None]:
    started = time.perf_counter()
    try:
        yield
    finally:
        took[title] = took.get(title, 0.0) + time.perf_counter() - started


def _child(action: str, *arguments: Path) -> Figures:
    command = [sys.executable, "-m", "eval.growth", "--step", action, *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures: Figures = json.loads(done.stdout)
    return figures


def _cold(store: Path, question: str) -> float:
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "ui.cli", "ask", question, "--store", str(store)],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "VRAAGBAAK_EMBEDDER": BUNDLED, "VRAAGBAAK_MODEL": "extractive"},
    )
    return time.perf_counter() - started


def limits(passages: int, store: float, folder: Path) -> dict[str, str]:
    """Return the arithmetic of what each figure cannot go below; `store` is its size in megabytes."""
    speed, vectors = bandwidth(), passages * bundled().dimensions * 2
    write = writing(int(store * 1e6), disk(folder)).arithmetic
    scanned = scan(passages, bundled().dimensions, 2, speed).arithmetic + "; its sketch is an eighth of that"
    mapped = f"vectors {passages:,} × {bundled().dimensions} × 2 B = {vectors / 1e6:.0f} MB, mapped or held"
    return {
        "build": write,
        "build, processor": write,
        "peak memory of building": mapped,
        "peak memory of serving": mapped,
        "store size": f"{mapped}; the texts, and the files as they came",
        "cold start to the first answer": reading(int(store * 1e6), speed).arithmetic,
        "search p95": scanned,
        "search p95, processor": scanned,
        "adding one document": "one page of each of a dozen files, synced: about 12 × 1 ms",
        "removing one document": "one page of each of half a dozen files, synced: about 6 × 1 ms",
    }


def table(found: dict[int, Figures]) -> list[str]:
    """Return all figures, a column for each size."""
    names = list(dict.fromkeys(name for figures in found.values() for name in figures))
    lines = [
        "| | " + " | ".join(f"{size:,}" for size in found) + " | at most |",
        "| --- |" + " --- |" * (len(found) + 1),
    ]
    for name in names:
        values = [f"{figures[name]:,.2f}" if name in figures else "" for figures in found.values()]
        unit, bar = BARS.get(name, ("", None))
        lines.append(f"| {name} | {' | '.join(values)} | {f'{bar:,.0f} {unit}' if bar else ''} |")
    return lines


def curves(found: dict[int, Figures], limit: dict[str, str]) -> list[Curve]:
    """Return a curve for each promise."""
    return [
        Curve(
            name, unit, [(size, figures[name]) for size, figures in found.items() if name in figures], bar, limit[name]
        )
        for name, (unit, bar) in BARS.items()
        if name in limit
    ]


def report(sizes: Sequence[int], folder: Path, progress: Callable[[str], None]) -> tuple[list[str], bool]:
    """Measure stores of these sizes and draw their curves; return a table, and whether the largest keeps every bar."""
    found = {size: measure(size, folder / str(size), progress) for size in sizes}
    largest = found[max(found)]
    limit = limits(max(found), largest["store size"], folder)
    picture, drawn = folder / "growth.svg", curves(found, limit)
    picture.write_text(draw(drawn), encoding="utf-8")
    write_curves(drawn, folder / GROWTH)
    arithmetic = [f"- Limit of {name}: {text}." for name, text in limit.items()]
    kept = all(bar is None or largest[name] <= bar for name, (_, bar) in BARS.items())
    return [*table(found), "", *arithmetic, "", f"Curves: {picture}"], kept


def main() -> int:
    """Measure the sizes of the command line, or do one step of it in this process."""
    if sys.argv[1:2] == ["--step"]:
        action = build if sys.argv[2] == "build" else serve
        sys.stdout.write(json.dumps(action(*map(Path, sys.argv[3:5]))))
        return 0
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("passages", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--folder", type=Path, default=Path("build", "soak", "growth"))
    arguments = parser.parse_args()
    lines, _ = report(sorted(arguments.passages), arguments.folder, lambda text: print(text, file=sys.stderr))
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
