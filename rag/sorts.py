"""A sentence and the sort of answer asked for go in, out comes whether the sentence holds something of that sort.

"Wanneer" wants a date, a year or "voor de zomer"; "hoeveel" a number that is no reference; "waarom" a reason.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.need import Sort
from rag.vocabulary import pattern

_IN_BRACKETS = re.compile(
    r"\([^()]*\b(?:Kamerstuk|Aanhangsel|Handelingen|nr\.|bijlage|TK|Stb|Stcrt)[^()]*\)", re.IGNORECASE
)
_SIGNS: dict[Sort, re.Pattern[str]] = {
    "money": re.compile(r"€|\d\s?%"),
    "person": re.compile(r"(?<=[a-z,;:(] )[A-Z][\w&-]+"),
    "meaning": re.compile(r":\s"),
}
_ANYTHING: tuple[Sort, ...] = ("yes_no", "open")
_MAY_BE_UNKNOWN: tuple[Sort, ...] = ("number", "money", "time")


@lru_cache(maxsize=50_000)
def holds_sort(text: str, sort: Sort) -> bool:
    """Whether `text` holds an answer of `sort`; that a number or date is not known is an answer too."""
    if sort in _ANYTHING:
        return True
    bare = pattern("answer.cited").sub(" ", _IN_BRACKETS.sub(" ", text))
    if sort == "number":
        bare = pattern("answer.day").sub(" ", bare)  # a date counts nothing
    if pattern(f"answer.{sort}").search(bare) or (sort in _SIGNS and _SIGNS[sort].search(bare)):
        return True
    return sort in _MAY_BE_UNKNOWN and pattern("answer.unsaid").search(bare) is not None
