"""Dutch text in, the bundled ranks out: trains the encoding (`python -m index.train_tokens --training DIR`).

Byte-pair encoding (Sennrich et al., 2016) over word frequencies: the most frequent neighbours become the next
token. Each word is always held as tiktoken would cut it with the ranks so far, so that the order of merging is
exactly the order of the ranks.
"""

from __future__ import annotations

import argparse
import heapq
import json
import lzma
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, pairwise
from pathlib import Path

from index.tokens import PATTERN, RANKS_FILE, format_ranks

SIZE = 32_768
WORDS = 200_000
LONGEST_WORD = 40
ONE_LAW_IN = 3


def main(arguments: list[str] | None = None) -> None:
    """Train on the folder named on the command line and write the ranks file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--training", type=Path, required=True, help="the folder of training texts")
    parser.add_argument("--size", type=int, default=SIZE, help="the number of tokens")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name(RANKS_FILE))
    options = parser.parse_args(arguments)
    words = frequent_words(training_texts(options.training), WORDS)
    ranks = train(words, options.size)
    options.output.write_bytes(format_ranks(ranks))
    print(f"{len(ranks)} tokens from {len(words)} words: {options.output}")


def training_texts(folder: Path) -> Iterator[str]:
    """Yield every question and answer in `folder`, which are nearest to our documents, and one law in three."""
    for line in _lines(folder / "belgian-questions-2017.jsonl"):
        entry = json.loads(line)
        yield from (entry["title"], entry["question"], entry["answer"] or "")
    for line in _lines(folder / "belgian-questions-2020.jsonl"):
        yield json.loads(line)["nl"]
    with lzma.open(folder / "laws.txt.xz", "rt", encoding="utf-8", newline="\n") as file:
        yield from file.read().split("\f")[::ONE_LAW_IN]


def frequent_words(texts: Iterable[str], most: int) -> dict[bytes, int]:
    """Return how often each of the `most` frequent words occurs; a word is a match of the pattern."""
    import regex  # type: ignore[import-untyped]

    pattern = regex.compile(PATTERN)
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(pattern.findall(text))
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    short = ((word.encode(), count) for word, count in ordered if len(word) <= LONGEST_WORD)
    return dict(islice(short, most))


def train(words: Mapping[bytes, int], size: int) -> dict[bytes, int]:
    """Return the ranks of at most `size` tokens, single bytes first; equal counts go in order of their bytes."""
    ranks = {bytes([byte]): byte for byte in range(256)}
    parts = {word: [word[i : i + 1] for i in range(len(word))] for word in words}
    pairs = _Pairs(words)
    for word, pieces in parts.items():
        pairs.add(word, pieces)
    while len(ranks) < size and (token := pairs.pop_most_frequent()) is not None:
        ranks[token] = len(ranks)
        for word in pairs.words_with(token):
            pairs.remove(word, parts[word])
            parts[word] = merge(parts[word], ranks)
            pairs.add(word, parts[word])
    return ranks


def merge(pieces: list[bytes], ranks: Mapping[bytes, int]) -> list[bytes]:
    """Join, lowest rank first, all neighbours that together have a rank: tiktoken's rule."""
    pieces = list(pieces)
    while True:
        joined = ((ranks.get(pieces[i] + pieces[i + 1]), i) for i in range(len(pieces) - 1))
        lowest = min(((rank, i) for rank, i in joined if rank is not None), default=None)
        if lowest is None:
            return pieces
        at = lowest[1]
        pieces[at : at + 2] = [pieces[at] + pieces[at + 1]]


class _Pairs:
    """How often two neighbours make a candidate token, and in which words; the heap holds old counts too."""

    def __init__(self, frequencies: Mapping[bytes, int]) -> None:
        self._frequencies = frequencies
        self._counts: Counter[bytes] = Counter()
        self._words: defaultdict[bytes, set[bytes]] = defaultdict(set)
        self._heap: list[tuple[int, bytes]] = []
        self._risen: set[bytes] = set()

    def add(self, word: bytes, pieces: list[bytes]) -> None:
        for candidate in _candidates(pieces):
            self._counts[candidate] += self._frequencies[word]
            self._words[candidate].add(word)
            self._risen.add(candidate)

    def remove(self, word: bytes, pieces: list[bytes]) -> None:
        for candidate in _candidates(pieces):
            self._counts[candidate] -= self._frequencies[word]
            self._words[candidate].discard(word)

    def words_with(self, candidate: bytes) -> list[bytes]:
        return list(self._words[candidate])

    def pop_most_frequent(self) -> bytes | None:
        for candidate in self._risen:
            heapq.heappush(self._heap, (-self._counts[candidate], candidate))
        self._risen.clear()
        while self._heap:
            count, candidate = heapq.heappop(self._heap)
            current = self._counts[candidate]
            if current == -count:
                return candidate
            if current > 0:
                heapq.heappush(self._heap, (-current, candidate))
        return None


def _candidates(pieces: list[bytes]) -> list[bytes]:
    return [left + right for left, right in pairwise(pieces)]


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        yield from file


if __name__ == "__main__":
    main()
