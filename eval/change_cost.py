"""The cost of change: what it takes to keep a store of a given size up to date, in time, bytes written and memory.

Each step runs in a process of its own, from the files on disk to the new generation, with the bundled embedder; the
time of the process and the time of the work in it are both given. Processor time says what a step takes on a machine
that others use as well.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eval.generator import QUESTIONS_A_DOCUMENT, file_name, identifier, make_document, write_documents

SIZES = (10_000, 100_000)
UNCHANGED, ADDED, REMOVED = "unchanged folder", "one document added, its file named", "one document removed"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one change cost: seconds of work by the clock and of processors, and of the whole process; megabytes."""

    name: str
    seconds: float
    processor: float
    process: float
    written: float
    read: float
    peak: float


def measure(passages: int, progress: Callable[[str], None] = lambda _: None) -> list[Cost]:
    """Build a store of about so many passages and change it in each way; return the costs."""
    with tempfile.TemporaryDirectory(prefix="vraagbaak-") as name:
        sources, store = Path(name, "bron"), Path(name, "opslag")
        sources.mkdir()
        progress(f"{passages} passages: writing files")
        write_documents(sources, passages)
        last = -(-passages // QUESTIONS_A_DOCUMENT)
        costs = []

        def step(title: str, *arguments: object) -> None:
            progress(title)
            costs.append(_step(title, *arguments))

        step("full build", "index", store, sources)
        step(UNCHANGED, "index", store, sources)
        text, _ = make_document(last + 1, random.Random(2))
        added = sources / file_name(last + 1)
        added.write_text(text, encoding="utf-8")
        step(ADDED, "index", store, added)
        changed = sources / file_name(last // 2)
        lines = changed.read_text(encoding="utf-8").splitlines()
        place = next(place for place, line in enumerate(lines) if line.startswith(" • Vraag 5"))
        lines[place + 3] += " Dit antwoord is aangevuld."
        changed.write_text("\n".join(lines), encoding="utf-8")
        step("one passage changed, its file named", "index", store, changed)
        step(REMOVED, "remove", store, identifier(last // 3))
        text, _ = make_document(last + 2, random.Random(3))
        (sources / file_name(last + 2)).write_text(text, encoding="utf-8")
        step("whole folder again, one document new and the removed one back", "index", store, sources)
        step("purge", "purge", store)
        return costs


def change_one(sources: Path, store: Path, passages: int) -> dict[str, float]:
    """Add a document to a store of about so many passages and remove it again; return seconds and megabytes."""
    number = -(-passages // QUESTIONS_A_DOCUMENT) + 9
    text, _ = make_document(number, random.Random(2))
    added = sources.parent / file_name(number)
    added.write_text(text, encoding="utf-8")
    costs = {
        "adding": _step(ADDED, "index", store, added),
        "removing": _step(REMOVED, "remove", store, identifier(number)),
    }
    added.unlink()
    figures = dict[str, float]()
    for name, cost in costs.items():
        figures |= {
            f"{name} one document": cost.seconds,
            f"{name} one document, processor": cost.processor,
            f"{name} one document, peak memory": cost.peak,
        }
    return figures


def _step(title: str, *arguments: object) -> Cost:
    started = time.perf_counter()
    command = [sys.executable, "-m", "eval.change_cost", "step", *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Cost(title, process=round(time.perf_counter() - started, 2), **json.loads(done.stdout))


def work(action: str, store: str, *arguments: str) -> dict[str, float]:
    """Do one change in this process; return what it cost."""
    from index.build import build_index, remove_documents
    from index.static_embedding import bundled
    from index.store.admin import purge
    from index.tokens import count_tokens

    count_tokens("warm")
    embedder = bundled()
    embedder.embed_question("warm")
    before, started, used = _moved(), time.perf_counter(), _processor()
    if action == "index":
        paths = [Path(argument) for argument in arguments]
        build_index(paths, Path(store), embedder, count_tokens=count_tokens, processes=2, rest_after=1e9)
    elif action == "remove":
        remove_documents(Path(store), arguments)
    else:
        purge(Path(store))
    seconds, processor, after = time.perf_counter() - started, _processor() - used, _moved()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    read, written = ((after[kind] - before[kind]) / 1e6 for kind in ("rchar", "wchar"))
    sizes = {"written": round(written, 1), "read": round(read, 1), "peak": round(peak)}
    return {"seconds": round(seconds, 3), "processor": round(processor, 3), **sizes}


def _processor() -> float:
    """Return the processor seconds of this process and of its children that have ended."""
    return sum(os.times()[:4])


def _moved() -> dict[str, int]:
    """Return the bytes that this process has read and written so far, memory maps left out; noughts where unknown."""
    path = Path("/proc/self/io")
    if not path.is_file():
        return {"rchar": 0, "wchar": 0}
    pairs = (line.split(": ") for line in path.read_text(encoding="ascii").splitlines())
    return {name: int(value) for name, value in pairs}


def within_bar(costs: list[Cost]) -> bool:
    """Whether adding and removing one document took a second at most, and an unchanged folder was not written for."""
    steps = {cost.name: cost for cost in costs}
    return max(steps[ADDED].seconds, steps[REMOVED].seconds) <= 1.0 and steps[UNCHANGED].written < 0.1


def table(passages: int, costs: list[Cost]) -> list[str]:
    """Return the costs as a table."""
    lines = [f"{passages} passages:", "", "| | work | processor | whole process | written | read | peak memory |"]
    lines.append("| --- | --- | --- | --- | --- | --- | --- |")
    for cost in costs:
        sizes = f"{cost.written:.1f} MB | {cost.read:.1f} MB | {cost.peak:.0f} MB"
        times = f"{cost.seconds:.2f} s | {cost.processor:.2f} s | {cost.process:.1f} s"
        lines.append(f"| {cost.name} | {times} | {sizes} |")
    return lines


def main() -> int:
    """Measure at the sizes of the command line, or do one step of it in this process."""
    if sys.argv[1:2] == ["step"]:
        sys.stdout.write(json.dumps(work(*sys.argv[2:])))
        return 0
    for passages in map(int, sys.argv[1:] or map(str, SIZES)):
        costs = measure(passages, lambda text: print(text, file=sys.stderr))
        sys.stdout.write("\n".join(table(passages, costs)) + "\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
