"""A clause of a claim and one of a passage go in; where one denies what the other says comes out.

Knows negations, the words nearest to them, "zonder", and the opposites of `antonyms.txt`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from index.dutch import is_stopword, stem, tokenise
from rag.claims import Claim, Clause, is_counted
from rag.likeness import held_by
from rag.vocabulary import pattern
from rag.words import PLURAL

_PREPOSITION = re.compile(r"\s*(?:voor|bij|in|op|aan|onder|door|met|naar|tijdens|binnen|buiten|uit)\b", re.IGNORECASE)
_CONTRAST = re.compile(r"(?:\b(?:maar|en|doch)|,)\s*$", re.IGNORECASE)


def polarity_conflicts(said: Clause, source: Clause, claim: Claim, where: Claim) -> Iterator[str]:
    """Yield the word whose opposite the passage says, or "" where one denies what the other does not."""
    flipped = list(_opposites(said, source, where))
    mine, theirs = _negated(said), [near for near in _negated(source) if _touches(near, said.tokens)]
    if (len(mine) + len(theirs) + len(flipped)) % 2 and not _negated_elsewhere(claim, where):
        yield flipped[0] if flipped else ""
    for one, other in ((said, source), (source, said)):
        for found in re.findall(r"\bzonder\s+((?:\w+\s+){0,2}?\w{4,})", one.text, re.IGNORECASE):
            if _touches(content_words(found), other.tokens) and not re.search(r"\bzonder\b", other.text, re.IGNORECASE):
                yield ""


def _negated(clause: Clause) -> list[list[str]]:
    """Return, for each negation in a clause, the content words nearest to it, two to either side."""
    found = []
    for match in pattern("claim.negation").finditer(clause.text):
        before, after = clause.text[: match.start()], clause.text[match.end() :]
        following = _uncounted(content_words(after))[:2]
        # "open, maar niet voor vrachtwagens" denies the lorries, not the opening
        is_of_what_follows = following and _CONTRAST.search(before) and _PREPOSITION.match(after)
        found.append(following if is_of_what_follows else [*_uncounted(content_words(before))[-2:], *following])
    return found


def _uncounted(words: Sequence[str]) -> list[str]:
    return [word for word in words if not is_counted(word)]


def _touches(near: Sequence[str], tokens: Sequence[str]) -> bool:
    return not near or any(held_by(token, tokens) >= 0.5 for token in near)


def _negated_elsewhere(claim: Claim, where: Claim) -> bool:
    """Whether claim and source each have one negation, of the same words, in clauses that were cut elsewhere."""
    mine, theirs = ([n for clause in one.clauses for n in _negated(clause)] for one in (claim, where))
    return len(mine) == len(theirs) == 1 and any(held_by(token, theirs[0]) >= PLURAL for token in mine[0])


def content_words(phrase: str) -> list[str]:
    return [token for token in tokenise(phrase) if not is_stopword(token)]


def _opposites(said: Clause, source: Clause, where: Claim) -> Iterator[str]:
    stemmed = {stem(token) for token in tokenise(source.text)}
    around = {stem(token) for token in where.words}
    for token in tokenise(said.text):
        against = _antonyms().get(stem(token))
        if against and stem(token) not in around and against & stemmed:
            yield token


@cache
def _antonyms() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in (files("rag") / "antonyms.txt").read_text(encoding="utf-8").splitlines():
        left, bar, right = line.partition("|")
        if line.startswith("#") or not bar:
            continue
        sides = [{stem(token) for token in tokenise(side)} for side in (left, right)]
        for these, those in (sides, sides[::-1]):
            for word in these:
                found.setdefault(word, set()).update(those - these)
    return {word: frozenset(against) for word, against in found.items()}
