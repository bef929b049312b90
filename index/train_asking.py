"""Questions with answers in, the words of asking out (`python -m index.train_asking --training DIR`).

A term's weight is the share of its questions whose own answer holds it too, as a part of that share over all terms,
at most 1. Rare terms are drawn towards that mean, as if they had been seen in 20 more questions that are like it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from index.asking import ASKING_FILE, format_weights
from index.dutch import index_terms
from index.train_corpus import Pair, belgian_pairs

LEAST = 0.3
_PRIOR = 20
_ALMOST_ONE = 0.8


def main(arguments: list[str] | None = None) -> None:
    """Count over the folder named on the command line and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--training", type=Path, required=True, help="the folder of training texts")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name(ASKING_FILE))
    options = parser.parse_args(arguments)
    answered = [pair for pair in belgian_pairs(options.training) if pair.kind in ("part", "question-answer")]
    weights = topicalities(answered)
    options.output.write_text(format_weights(weights), encoding="utf-8", newline="\n")
    print(f"{len(weights)} terms from {len(answered)} answers: {options.output}")


def topicalities(pairs: Iterable[Pair]) -> dict[str, float]:
    """Return the weight of every term of a question that weighs clearly less than 1."""
    asked: Counter[str] = Counter()
    returned: Counter[str] = Counter()
    for pair in pairs:
        terms = set(index_terms(pair.query))
        asked.update(terms)
        returned.update(terms & set(index_terms(pair.passage)))
    mean = sum(returned.values()) / max(1, sum(asked.values()))
    if not mean:
        return {}
    weights = {
        term: max(LEAST, (returned[term] + _PRIOR * mean) / (count + _PRIOR) / mean) for term, count in asked.items()
    }
    return {term: weight for term, weight in weights.items() if weight < _ALMOST_ONE}


if __name__ == "__main__":
    main()
