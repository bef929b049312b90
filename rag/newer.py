"""What an answer rests on goes in, out comes a newer document of the store on the same matter, if there is one.

Precise before complete: the newer document must be enough to answer the question by itself, and hold most of the
words that are cited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from index.language import Language, long_date, say
from index.values import Document, Filters
from rag.evidence import gather
from rag.findings import Finding, find, lines_of
from rag.quote import share_held
from rag.values import Citation
from rag.words import content_tokens

if TYPE_CHECKING:
    from index.store.snapshot import Snapshot

_LOOKED_AT = 5  # newer passages, found by words alone: the cited words must be there anyhow, and it is quick
_SAME_MATTER = 0.55  # the share, by rarity, of the cited words that the newer passage must hold


def newer_document(
    snapshot: Snapshot,
    question: str,
    findings: Sequence[Finding],
    filters: Filters | None,
) -> Document | None:
    """Return the document, newer than all that `findings` would be answered by, that answers the same; else None."""
    cited = lines_of(findings)
    dates = [source.document.date for source, _ in cited if source.document.date]
    if not dates:
        return None
    since, limits = max(dates) + timedelta(days=1), filters or Filters()
    if limits.until and limits.until < since:
        return None
    later = replace(limits, since=max(since, limits.since or since))
    evidence = gather(snapshot, snapshot.search(question, _LOOKED_AT, later, "lexical"))
    words = content_tokens(" ".join(source.lines[i].text for source, i in cited))
    for finding in findings:
        again = find(finding.need, evidence.sources)
        if finding.sufficiency.enough and again.sufficiency.enough:
            source = again.ranked[0].source
            if share_held(words, source.lines) >= _SAME_MATTER:
                return source.document
    return None


def newer_notice(newer: Document | None, cited: Sequence[Citation], language: Language) -> tuple[str, ...]:
    """Return the notice that names a newer document, unless the answer cites it."""
    if newer is None or newer.date is None or newer.document in {citation.document.document for citation in cited}:
        return ()
    return (say("newer.notice", language, title=newer.title, date=long_date(newer.date, language)),)
