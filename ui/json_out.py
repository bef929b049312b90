"""Documents and hits as the JSON that other programs rely on: absent values are null, dates are ISO."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from index.values import Document, Hit, Passage, Reading
from rag.asked_filters import AskedFilters


def iso(day: date | None) -> str | None:
    """Return an ISO date, or None."""
    return day.isoformat() if day else None


def document_json(document: Document, passages: int) -> dict[str, Any]:
    """Return one line of `documents`: the metadata and the number of passages."""
    return {
        "document": document.document,
        "case": document.case,
        "source": document.source,
        "sources": list(document.sources),
        "kind": document.kind,
        "title": document.title,
        "number": document.number,
        "date": iso(document.date),
        "asked": iso(document.asked),
        "answered": iso(document.answered),
        "askers": [[asker.name, asker.party] for asker in document.askers],
        "answered_by": [
            {"name": who.name, "role": who.role, "department": who.department} for who in document.answered_by
        ],
        "topics": list(document.topics),
        "url": document.url,
        "passages": passages,
    }


def reading_json(reading: Reading) -> dict[str, Any]:
    """Return `documents DOCUMENT`: the metadata, the text and how it was cut."""
    return {
        **document_json(reading.document, len(reading.passages)),
        "text": reading.text,
        "passages": [_passage_json(passage) for passage in reading.passages],
    }


def hits_json(identifier: str, question: str, hits: Sequence[Hit], asked: AskedFilters) -> dict[str, Any]:
    """Return one line of `search`."""
    return {
        "id": identifier,
        "question": question,
        "filters": [
            {"field": one.field, "words": one.words, "start": one.start, "end": one.end} for one in asked.found
        ],
        "hits": [_hit_json(rank, hit) for rank, hit in enumerate(hits, 1)],
    }


def _passage_json(passage: Passage) -> dict[str, Any]:
    return {
        "passage": passage.passage,
        "label": passage.label,
        "numbers": list(passage.numbers),
        "question": passage.question,
        "answer": passage.answer,
        "context": passage.context or None,
        "refers_to": list(passage.refers_to),
        "notes": dict(passage.notes),
        "links": [asdict(link) for link in passage.links],
        "start": passage.start,
        "end": passage.end,
    }


def _hit_json(rank: int, hit: Hit) -> dict[str, Any]:
    return {
        "rank": rank,
        "score": round(hit.score, 6),
        "passage": hit.passage.passage,
        "document": hit.document.document,
        "source": hit.document.source,
        "label": hit.passage.label,
        "title": hit.document.title,
        "date": iso(hit.document.date),
        "url": hit.document.url,
        "text": hit.passage.text,
        "legs": {leg: round(score, 6) for leg, score in hit.legs.items()},
        "reasons": {name: round(value, 6) for name, value in hit.reasons.items()},
        "via": hit.via,
        "same": list(hit.same),
    }
