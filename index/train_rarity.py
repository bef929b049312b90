"""Dutch text in, out in how many texts each stem occurs (`python -m index.train_rarity --training DIR`).

The texts are the questions, answers and laws that the encoding is trained on, cut into stretches as long as a
passage, so that a long law does not count as one text.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from index.dutch import content_stems
from index.rarity import RARITY_FILE, format_frequencies
from index.train_tokens import training_texts

STEMS = 30_000
STRETCH_WORDS = 120


def main(arguments: list[str] | None = None) -> None:
    """Count over the folder named on the command line and write the data file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--training", type=Path, required=True, help="the folder of training texts")
    parser.add_argument("--stems", type=int, default=STEMS, help="how many stems to keep")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name(RARITY_FILE))
    options = parser.parse_args(arguments)
    texts, frequencies = document_frequencies(training_texts(options.training), options.stems)
    options.output.write_text(format_frequencies(texts, frequencies), encoding="utf-8", newline="\n")
    print(f"{len(frequencies)} stems from {texts} texts: {options.output}")


def document_frequencies(texts: Iterable[str], most: int) -> tuple[int, dict[str, int]]:
    """Return the number of stretches, and in how many each of the `most` frequent stems occurs."""
    counts: Counter[str] = Counter()
    total = 0
    for stretch in _stretches(texts):
        counts.update(set(content_stems(stretch)))
        total += 1
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return total, dict(ordered[:most])


def _stretches(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        words = text.split()
        for start in range(0, len(words), STRETCH_WORDS):
            yield " ".join(words[start : start + STRETCH_WORDS])


if __name__ == "__main__":
    main()
