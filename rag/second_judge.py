"""Two judges go in, one comes out: a sentence must pass both, and only the second may let another language through.

The rules read Dutch. A sentence in another language, which they can say nothing about, passes when the second judge
finds it entailed by a passage that holds all its numbers; it is never shown without the Dutch words beside it.
"""

from __future__ import annotations

import re

from index.values import Passage
from rag.numbers import numbers_of
from rag.protocols import Judge
from rag.values import Verdict
from rag.vocabulary import entries

_WORD = re.compile(r"[a-zà-ÿ]+", re.IGNORECASE)
_FIGURE = re.compile(r"\d[\d.,]*\d")
_MARKS = str.maketrans(".,", ",.")
_FIGURE_WORDS = {
    **{"million": "miljoen", "billion": "miljard", "percent": "procent", "january": "januari", "february": "februari"},
    **{"march": "maart", "may": "mei", "june": "juni", "july": "juli", "august": "augustus", "october": "oktober"},
}


class BothJudges:
    """A `Judge` that asks the rules first and a model of natural-language inference after them."""

    def __init__(self, rules: Judge, second: Judge) -> None:
        self._rules = rules
        self._second = second

    def judge(self, sentence: str, passage: Passage) -> Verdict:
        """Return the verdict of the rules when the second judge agrees; of the second alone on another language."""
        first = self._rules.judge(sentence, passage)
        if first.support == "verbatim":
            return first
        if is_foreign(sentence):
            known = {number.value for number in numbers_of(passage.body)}
            strange = [number for number in numbers_of(_in_dutch_figures(sentence)) if number.value not in known]
            second = self._second.judge(sentence, passage)
            return second if not strange or second.support == "unsupported" else first
        if first.support == "unsupported":
            return first
        second = self._second.judge(sentence, passage)
        return first if second.support != "unsupported" else second


def _in_dutch_figures(sentence: str) -> str:
    """Return an English sentence with its figures written as in Dutch: 3.4 million as 3,4 miljoen."""
    swapped = _FIGURE.sub(lambda found: found[0].translate(_MARKS), sentence)
    return _WORD.sub(lambda found: _FIGURE_WORDS.get(found[0].lower(), found[0]), swapped)


def is_foreign(sentence: str) -> bool:
    """Whether the small words of a sentence are English rather than Dutch."""
    words = [word.lower() for word in _WORD.findall(sentence)]
    known = {name: frozenset(entries(f"language.{name}")) for name in ("english", "dutch")}
    english = sum(word in known["english"] - known["dutch"] for word in words)
    dutch = sum(word in known["dutch"] - known["english"] for word in words)
    return english > dutch
