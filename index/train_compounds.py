"""Dutch text in, the words that compounds are made of out (`python -m index.train_compounds --training DIR`).

A word counts once for each article of a law and twice for each question or answer, whose words are nearer to ours.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from index.compounds import COMPOUNDS_FILE
from index.dutch import is_stopword, tokenise
from index.train_corpus import Section, belgian_texts, law_sections

FEWEST_SECTIONS = 15
_SHORTEST, _LONGEST = 4, 24


def main(arguments: list[str] | None = None) -> None:
    """Count over the folder named on the command line and write the word list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--training", type=Path, required=True, help="the folder of training texts")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name(COMPOUNDS_FILE))
    options = parser.parse_args(arguments)
    questions = list(belgian_texts(options.training))
    words = part_words([*questions, *questions, *law_sections(options.training)], FEWEST_SECTIONS)
    options.output.write_text("\n".join(words) + "\n", encoding="utf-8", newline="\n")
    print(f"{len(words)} words: {options.output}")


def part_words(sections: Iterable[Section], fewest: int) -> list[str]:
    """Return the folded words of `fewest` sections or more that may be a part, most frequent first."""
    counts: Counter[str] = Counter()
    for section in sections:
        counts.update({word for sentence in section.sentences for word in tokenise(sentence)})
    kept = [(-count, word) for word, count in counts.items() if count >= fewest and _may_be_part(word)]
    return [word for _, word in sorted(kept)]


def _may_be_part(word: str) -> bool:
    return _SHORTEST <= len(word) <= _LONGEST and word.isalpha() and not is_stopword(word)


if __name__ == "__main__":
    main()
