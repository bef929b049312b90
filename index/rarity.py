"""A Dutch stem in, out how rare it is in government language at large: a background inverse document frequency.

So that one store of a few documents still knows that "gemeente" says little and "stikstof" much. Knows no store.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

RARITY_FILE = "rarity.txt"


def rarity(stem: str) -> float:
    """Return ln((N + 1) / (df + 0.5)) of a stem of `index.dutch` among N texts; unknown: as if in none of them."""
    texts, frequencies = _background()
    return math.log((texts + 1) / (frequencies.get(stem, 0) + 0.5))


def is_known(stem: str) -> bool:
    """Whether government language at large holds a word with this stem."""
    return stem in _background()[1]


def known_stems() -> Iterable[str]:
    """Return all stems that are known."""
    return _background()[1]


def parse_frequencies(content: str) -> tuple[int, dict[str, int]]:
    """Return the number of texts (first line) and each stem's document frequency (lines: a frequency, its stems)."""
    first, *lines = content.splitlines()
    frequencies: dict[str, int] = {}
    for line in lines:
        frequency, *stems = line.split(" ")
        frequencies.update(dict.fromkeys(stems, int(frequency)))
    return int(first), frequencies


def format_frequencies(texts: int, frequencies: dict[str, int]) -> str:
    """Return the file that `parse_frequencies` reads back: the most frequent stems first, each line in order."""
    lines: dict[int, list[str]] = {}
    for stem in sorted(frequencies):
        lines.setdefault(frequencies[stem], []).append(stem)
    ordered = (f"{frequency} {' '.join(lines[frequency])}" for frequency in sorted(lines, reverse=True))
    return "\n".join([str(texts), *ordered]) + "\n"


@cache
def _background() -> tuple[int, dict[str, int]]:
    return parse_frequencies((files("index") / RARITY_FILE).read_text(encoding="utf-8"))
