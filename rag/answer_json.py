"""An answer goes in, the JSON object that other programs rely on comes out; absent values are null, dates ISO."""

from __future__ import annotations

from typing import TypeAlias

from rag.values import Answer, Citation

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


def to_json(answer: Answer) -> dict[str, Json]:
    """Return `answer` under the names that stay as they are: one object, ready for `json.dumps`."""
    return {
        "id": answer.id,
        "question": answer.question,
        "status": answer.status,
        "lead": answer.lead,
        "answer": answer.text,
        "sentences": [{"text": s.text, "citations": list(s.citations), "support": s.support} for s in answer.sentences],
        "citations": [_citation(citation) for citation in answer.citations],
        "notices": list(answer.notices),
        "suggestions": [
            {
                "passage": s.passage.passage,
                "document": s.document.document,
                "label": s.passage.label,
                "title": s.document.title,
                "date": s.document.date.isoformat() if s.document.date else None,
                "url": s.document.url,
            }
            for s in answer.suggestions
        ],
        "model": answer.model,
        "generation": answer.generation,
        "seconds": answer.seconds,
        "filters": [{"field": f.field, "words": f.words, "start": f.start, "end": f.end} for f in answer.filters],
        "trace": [{"step": s.step, "seconds": s.seconds, "decision": s.decision} for s in answer.trace],
    }


def _citation(citation: Citation) -> dict[str, Json]:
    document = citation.document
    return {
        "number": citation.number,
        "passage": citation.passage.passage,
        "document": document.document,
        "source": document.source,
        "label": citation.passage.label,
        "title": document.title,
        "date": document.date.isoformat() if document.date else None,
        "url": document.url,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
    }
