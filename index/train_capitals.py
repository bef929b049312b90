"""Dutch text in, out the stems that it nearly always writes with a capital: `python -m index.train_capitals`.

Only words within a sentence count: at its start, after a colon or an opening quote a capital says nothing.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from index.capitals import CAPITALS_FILE
from index.dutch import stem, tokenise
from index.rarity import known_stems
from index.train_tokens import training_texts

SMALL = 0.3
_WITHIN = re.compile(r"(?<=[a-zà-ÿ,;] )[^\W\d_][\w-]*")


def main(arguments: list[str] | None = None) -> None:
    """Count over the folder named on the command line and write the data file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--training", type=Path, required=True, help="the folder of training texts")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name(CAPITALS_FILE))
    options = parser.parse_args(arguments)
    found = capitals(training_texts(options.training))
    options.output.write_text("\n".join(found) + "\n", encoding="utf-8", newline="\n")
    print(f"{len(found)} stems: {options.output}")


def capitals(texts: Iterable[str]) -> list[str]:
    """Return in order the known stems that are written small in less than `SMALL` of their uses within a sentence."""
    words: Counter[str] = Counter()
    for text in texts:
        words.update(_WITHIN.findall(text))
    uses, small = Counter[str](), Counter[str]()
    for word, count in words.items():
        for token in tokenise(word):
            uses[stem(token)] += count
            small[stem(token)] += 0 if word[0].isupper() else count
    return sorted(one for one in known_stems() if one.isalpha() and small[one] <= SMALL * uses[one])


if __name__ == "__main__":
    main()
