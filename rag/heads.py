"""A question about the papers themselves goes in, the heads of the documents found come out: who asked, and when.

"Welk Kamerlid vroeg naar …?" is answered by the line at the head of a document, quoted as any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.evidence import Evidence, Line, Source, source_of
from rag.findings import share_of
from rag.need import Need, Sort
from rag.rank import coverage
from rag.vocabulary import pattern

if TYPE_CHECKING:
    from index.store.snapshot import Snapshot

_ASKED_FOR: frozenset[Sort] = frozenset({"name", "person", "day", "time"})
_MOST = 5  # documents whose heads are read
_AS_GOOD = 0.8  # of what the best head holds of the question, what another must hold
_THERE = 0.5  # how strongly a name must be held
_FEWEST_WORDS = 2  # of a line: a number alone says nothing
_LABEL = re.compile(r"vra(?:ag|gen)\b[\d\s,en]*$|zie ook aanhangsel", re.IGNORECASE)  # "Vraag 1", another document


def asks_of_papers(need: Need, first: Need) -> bool:
    """Whether a part of a question asks who asked, answered or wrote something, or when; "en wanneer?" goes with the
    `first` part."""
    asked = first if all(term.carried or term.light for term in need.terms) else need
    named = all(pattern(f"question.{name}").search(asked.question) for name in ("put", "put_by"))
    return named and need.sort in _ASKED_FOR


def heads(snapshot: Snapshot, need: Need, evidence: Evidence) -> tuple[Source, ...]:
    """Return the heads of the first documents of `evidence` that are about what `need` asks, each as good as the best
    passage of its document."""
    best: dict[str, float] = {}
    for source in sorted((*evidence.sources, *evidence.asked), key=lambda source: -source.score):
        best.setdefault(source.document.document, source.score)
    found = [(head, share_of(need, head)) for head in heads_of(snapshot, dict(list(best.items())[:_MOST]))]
    most = max((share for _, share in found), default=0.0)
    return tuple(head for head, share in found if share >= _AS_GOOD * most and _holds_names(need, head))


def _holds_names(need: Need, source: Source) -> bool:
    """Whether all names and numbers of a question stand in a source or beside it: who did not ask did not ask."""
    held = coverage(need, source.tokens | frozenset(source.about))
    return all(share >= _THERE for term, share in zip(need.terms, held, strict=True) if term.exact)


def _says_something(line: Line) -> bool:
    return len(line.tokens) >= _FEWEST_WORDS and not _LABEL.match(line.text)


def heads_of(snapshot: Snapshot, scores: Mapping[str, float]) -> Iterator[Source]:
    """Give the head of each of these documents that has one; `scores` are what the documents score."""
    for name, score in scores.items():
        head = snapshot.head(name)
        if head is not None:
            source = source_of(*head, score)
            yield replace(source, lines=tuple(filter(_says_something, source.lines)))
