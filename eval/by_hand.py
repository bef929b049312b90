"""Against doing the same by hand: bare tantivy and faiss on the same texts and vectors; our overhead as ratios.

By hand means: the engine's own analysis with its Dutch stemmer, one index of words with the texts in it, one flat
index of half-precision vectors, both written to files, a hybrid search that takes the best hundred of each leg and
fuses them. No update, no generation, no checksum, no span is kept there. Both are measured in one run, in turns.
The engine's analysis finds less than ours does: building is also compared with an index by hand of the very words that
ours holds.
"""

from __future__ import annotations

import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from eval.bare import BareVectors, BareWords
from eval.generator import QUESTIONS_A_DOCUMENT, make_document
from eval.measures import percentile
from index.dutch import index_text
from index.protocols import Vectors
from index.store import Store
from index.store.encode import embedded_text
from index.store.store import prepare_folder
from index.store.write import Writer
from index.values import Document, Passage, Reading

DIMENSIONS = 256
QUESTIONS = 200
_BEST = 100


@dataclass(frozen=True, slots=True)
class Given:
    """An embedder that was asked before: each text has a random unit vector, so that no time goes into making one."""

    rows: dict[str, int]
    vectors: Vectors
    name: str = "given"
    digest: str = "given-1"
    dimensions: int = DIMENSIONS

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), 256)."""
        return self.vectors[[self.rows[text] for text in texts]]

    def embed_question(self, text: str) -> Vectors:
        """Return an array of shape (256,)."""
        row: Vectors = self.vectors[hash(text) % len(self.vectors)]
        return row


@dataclass(slots=True)
class Timed:
    """Wall-clock and processor seconds of one piece of work."""

    wall: float = 0.0
    processor: float = 0.0
    times: list[float] = field(default_factory=list)


def measure(passages: int, progress: Callable[[str], None] = lambda _: None) -> list[str]:
    """Build and search both with about so many passages; return a table of seconds and ratios."""
    progress("making texts and vectors")
    readings, questions = make_readings(passages)
    texts = [embedded_text(passage) for reading in readings for passage in reading.passages]
    chance = np.random.default_rng(1)
    vectors = chance.standard_normal((len(texts), DIMENSIONS), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    embedder = Given({text: row for row, text in enumerate(texts)}, vectors)
    with tempfile.TemporaryDirectory(prefix="vraagbaak-") as name:
        folder = Path(name)
        hand, ours, same = Timed(), Timed(), Timed()
        progress("building by hand")
        with _timing(hand):
            words = BareWords(folder / "hand", _bare_texts(readings))
            flat = BareVectors(folder / "hand" / "vectors.faiss", vectors)
        progress("building ours")
        with _timing(ours):
            build(folder / "ours", readings, embedder)
        progress("building by hand with the same words")
        with _timing(same):
            # After ours, so that the words are known by then: what the first one learns of them is ours to pay.
            apart = ((number, index_text(text)) for number, text in _bare_texts(readings))
            BareWords(folder / "same", apart, taken_apart=True)
            BareVectors(folder / "same" / "vectors.faiss", vectors)
        progress("searching both")
        rows = [_row("build", hand, ours), _row("build, same words", same, ours)]
        with Store.open(folder / "ours", embedder).snapshot() as snapshot:
            bare, whole = snapshot.retriever().without_reranking(), snapshot.retriever()

            def by_hand(question: str) -> object:
                return fused_by_hand(words, flat, question, embedder.embed_question(question))

            searches: dict[str, Callable[[str], object]] = {
                "by hand": by_hand,
                "ours": lambda question: bare.search(question, 10),
                "whole": lambda question: whole.search(question, 10),
            }
            times = _in_turns(searches, questions)
        for search, title in (("ours", "search without reranking"), ("whole", "search with reranking")):
            rows += [_percentiles(title, times["by hand"], times[search])]
        size = [_size(folder / part) for part in ("hand", "ours")]
        rows.append(f"| size | {size[0]:.0f} MB | {size[1]:.0f} MB | {size[1] / size[0]:.2f} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    head = [f"{len(texts)} passages, {DIMENSIONS} dimensions:", ""]
    head += ["| | by hand | ours | ratio |", "| --- | --- | --- | --- |"]
    return [*head, *rows, "", f"Peak memory of both with the texts themselves {peak:.0f} MB."]


def build(folder: Path, readings: Sequence[Reading], embedder: Given) -> None:
    """Put readings into a new store."""
    shutil.rmtree(folder, ignore_errors=True)
    prepare_folder(folder)
    with Writer(folder, embedder) as writer:
        for reading in readings:
            writer.put(reading, reading.document.source)
        writer.commit()


def make_readings(passages: int, seed: int = 1) -> tuple[list[Reading], list[str]]:
    """Return made-up documents as they would be read, and some of their questions."""
    chance, readings, asked = random.Random(seed), [], []
    for number in range(1, -(-passages // QUESTIONS_A_DOCUMENT) + 1):
        text, questions = make_document(number, chance)
        readings.append(_reading(number, text, questions))
        asked.append(chance.choice(questions))
    return readings, asked[:QUESTIONS]


def _reading(number: int, text: str, questions: Sequence[str]) -> Reading:
    name, passages, at = f"d{number}", [], 0
    for place, question in enumerate(questions, 1):
        start = text.index(question, at)
        answer_start = start + len(question) + 4
        end = at = text.index("\n", answer_start)
        answer = text[answer_start:end]
        span = (text[start:end], start, end)
        passages.append(
            Passage(f"{name}#{place}", name, f"vraag {place}", *span, (place,), question, answer, answer_start)
        )
    return Reading(Document(name, "answer", text.splitlines()[2], f"{name}.txt"), text, tuple(passages))


def _bare_texts(readings: Sequence[Reading]) -> Iterator[tuple[int, str]]:
    number = 0
    for reading in readings:
        for passage in reading.passages:
            number += 1
            yield number, f"{reading.document.title} {passage.text}"


def fused_by_hand(words: BareWords, flat: BareVectors, question: str, vector: Vectors) -> list[tuple[float, str]]:
    """Return the ten best of both legs by hand, with their texts."""
    lexical, dense = words.best(question, _BEST), flat.best(vector, _BEST)
    highest = [max(leg.values(), default=1.0) for leg in (lexical, dense)]
    scores = {
        number: 0.65 * lexical.get(number, 0.0) / highest[0] + 0.35 * dense.get(number, 0.0) / highest[1]
        for number in lexical.keys() | dense.keys()
    }
    best = sorted(scores, key=lambda number: -scores[number])[:10]
    return [(scores[number], words.text(number)) for number in best]


def _in_turns(searches: dict[str, Callable[[str], object]], questions: Sequence[str]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in searches}
    for round_ in range(2):  # the first warms the caches
        for question in questions:
            for name, search in searches.items():
                started = time.perf_counter()
                search(question)
                if round_:
                    times[name].append((time.perf_counter() - started) * 1000)
    return times


@contextmanager
def _timing(timed: Timed) -> Iterator[None]:
    wall, processor = time.perf_counter(), time.process_time()
    yield
    timed.wall, timed.processor = time.perf_counter() - wall, time.process_time() - processor


def _row(name: str, hand: Timed, ours: Timed) -> str:
    walls = f"| {name}, wall clock | {hand.wall:.1f} s | {ours.wall:.1f} s | {ours.wall / hand.wall:.2f} |\n"
    both = f"{hand.processor:.1f} s | {ours.processor:.1f} s | {ours.processor / hand.processor:.2f}"
    return f"{walls}| {name}, processor | {both} |"


def _percentiles(name: str, hand: list[float], ours: list[float]) -> str:
    rows = []
    for share in (50, 95):
        one, other = percentile(hand, share), percentile(ours, share)
        rows.append(f"| {name}, p{share} | {one:.2f} ms | {other:.2f} ms | {other / one:.2f} |")
    return "\n".join(rows)


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def main() -> int:
    """Measure at the sizes of the command line."""
    import sys

    for passages in map(int, sys.argv[1:] or ("10000", "100000")):
        sys.stdout.write("\n".join(measure(passages, lambda text: print(text, file=sys.stderr))) + "\n\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
