"""A question that only points to a place in the store goes in ("vraag 5 van 2020Z02502"), what stands there comes out.

What a question points to was read from it by `asked_filters`; knows no search and no score.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.values import Filters, Hit
from rag.asked_filters import AskedFilters
from rag.collection import CollectionQuestion, collection_question
from rag.evidence import Evidence, Source, gather
from rag.need import needs_of

if TYPE_CHECKING:
    from index.store.snapshot import Snapshot

MOST_WORDS = 150  # of all that stands there; no sentence is cut
_COUNTS = re.compile(r"\s*(?:hoeveel|how many)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")


def only_points(read: AskedFilters) -> bool:
    """Whether a question asks for nothing but what its own filters point to."""
    return bool(read.found) and not any(need.terms for need in needs_of(read.rest))


def asked_of_collection(question: str, read: AskedFilters) -> CollectionQuestion | None:
    """Return what a question asks of the collection: by its words, or because it names documents and nothing else.

    "Vraag 99 van …" names more than documents, also where there is no such question.
    """
    found = collection_question(question) or (collection_question(read.rest) if read.found else None)
    if found or not only_points(read) or read.filters.numbers or read.unknown:
        return found
    things = "letters" if read.filters.kinds == ("letter",) else "questions" if read.filters.kinds else "documents"
    return CollectionQuestion("count" if _COUNTS.match(question) else "list", things, "")


def stands_there(snapshot: Snapshot, filters: Filters) -> Evidence:
    """Return the numbered questions of the documents that `filters` point to, with their answers."""
    wanted = set(filters.numbers)
    hits = [
        Hit(1.0, passage, document)
        for name in filters.documents
        if (document := snapshot.document(name)) is not None
        for passage in snapshot.passages(name)
        if wanted & set(passage.numbers)
    ]
    return gather(snapshot, hits)


def whole_lines(evidence: Evidence) -> list[tuple[Source, int]]:
    """Return the sentences that stand there, from the first on, as many as fit."""
    found: list[tuple[Source, int]] = []
    words = 0
    for source in evidence.sources:
        for place, line in enumerate(source.lines):
            words += len(_WORD.findall(line.text))
            if found and words > MOST_WORDS:
                return found
            found.append((source, place))
    return found
