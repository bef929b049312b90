"""A question that says too little to be searched for goes in, out come the documents it may be about, to choose from.

Too little: no word that says what it is about ("Wat kost het?"), or one word that asks nothing ("subsidie").
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from index.dutch import stem
from index.values import Filters
from rag.need import Need
from rag.values import Suggestion
from rag.vocabulary import stems

if TYPE_CHECKING:
    from index.store.snapshot import Snapshot

_CHOICES = 3
_LOOKED_AT = 12


def is_vague(question: str, needs: Sequence[Need]) -> bool:
    """Whether there is too little to look for."""
    unsaid = stems("question.unsaid")
    said = [term for need in needs for term in need.terms if not term.light and stem(term.token) not in unsaid]
    return not said or len(question.split()) == 1


def choices(snapshot: Snapshot, question: str, filters: Filters) -> tuple[Suggestion, ...]:
    """Return up to three documents that `question` may be about, the newest ones where no word of it helps."""
    found: dict[str, Suggestion] = {}
    for hit in snapshot.search(question, _LOOKED_AT, filters):
        found.setdefault(hit.document.document, Suggestion(hit.passage, hit.document))
    if not found:
        newest = sorted(snapshot.documents(), key=lambda one: (one.date or date.min, one.document), reverse=True)
        for document in newest[:_CHOICES]:
            for first in snapshot.passages(document.document)[:1]:
                found[document.document] = Suggestion(first, document)
    return tuple(found.values())[:_CHOICES]
