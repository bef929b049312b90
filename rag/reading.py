"""A question goes in, out comes how it is read: slips of the pen mended, and which; knows no store."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from index.english import dutch_words, is_english
from rag.words import PLURAL, content_tokens, likeness

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """The `question` to answer, and each word that was read as another one: (written, read)."""

    question: str
    slips: tuple[tuple[str, str], ...] = ()

    @property
    def decision(self) -> str:
        """How the question was read, for the trace; "" when it was read as it stands."""
        return dutch_words(self.question) if is_english(self.question) else self.question if self.slips else ""


def reading_of(question: str, mend: Callable[[str], str]) -> Reading:
    """Return how `question` is read; `mend` mends one letter of the words that nobody knows.

    Another form of the same word is no slip. An English question is left as it is: its words are looked for by their
    Dutch, and a Dutch word one letter off is not what was meant.
    """
    if is_english(question):
        return Reading(question)
    slips: dict[str, str] = {}
    for word in dict.fromkeys(_WORD.findall(question)):
        mended = mend(word)
        if mended != word and not _is_form(word, mended):
            slips[word] = mended
    return Reading(_WORD.sub(lambda found: slips.get(found[0], found[0]), question), tuple(slips.items()))


def _is_form(word: str, other: str) -> bool:
    return any(likeness(a, b) >= PLURAL for a in content_tokens(word) for b in content_tokens(other))
