"""What a command prints: results to standard output, progress and messages to standard error."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from index.language import Language, one_line, say
from index.values import Document, Hit, Reading
from rag.asked_filters import AskedFilters
from rag.values import Answer, Citation

WIDTH = 100


def out(text: str = "") -> None:
    """Print a result."""
    sys.stdout.write(text + "\n")


def out_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object on one line."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """Print progress or a message."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def wrap(text: str, indent: str = "") -> str:
    """Return `text` with its lines broken at a readable width."""
    lines = [
        textwrap.fill(
            line,
            WIDTH,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.splitlines()
    ]
    return "\n".join(lines)


def show_answer(answer: Answer, language: Language) -> None:
    """Print an answer: its sentences, its notices and the exact words it rests on."""
    for notice in answer.notices:
        out(wrap(notice))
    if answer.sentences:
        out(wrap(f"{answer.lead} {answer.text}".strip()))
    if answer.citations:
        out()
        out(say("command.sources", language))
    for citation in answer.citations:
        _show_citation(citation, language)
    if answer.suggestions:
        out()
        out(say("command.meant" if answer.status == "answered" else "command.nearest", language))
        for suggestion in answer.suggestions:
            out(wrap(f"{_named(suggestion.document, language)}, {suggestion.passage.label}", "  "))
            out(wrap(suggestion.document.url or one_line(suggestion.document.source), "    "))


def show_asked_filters(asked: AskedFilters, language: Language) -> None:
    """Print what the question itself limits the search to, and which numbers in it are not in the store."""
    if asked.found:
        limits = "; ".join(one.describe(language) for one in asked.found)
        out(wrap(say("filter.asked", language, limits=limits)))
    for number in asked.unknown:
        out(wrap(say("filter.unknown", language, number=number)))


def show_hits(hits: Sequence[Hit], language: Language, *, explain: bool) -> None:
    """Print the passages that were found, best first."""
    if not hits:
        out(say("command.no_hits", language))
    for rank, hit in enumerate(hits, 1):
        out(wrap(f"{rank}. {_named(hit.document, language)}, {hit.passage.label}  [{hit.score:.3f}]"))
        if explain:
            out(wrap(_why(hit, language), "   "))
        out(wrap(textwrap.shorten(hit.passage.text, 400, placeholder=" …"), "   "))
        out(wrap(hit.document.url or one_line(hit.document.source), "   "))


def _why(hit: Hit, language: Language) -> str:
    """Return what the score of a hit is the sum of, the largest part first, and what it stands for."""
    parts = sorted(hit.reasons.items(), key=lambda part: -abs(part[1]))
    said = [f"{say(f'why.{name}', language)} {value:+.3f}" for name, value in parts if abs(value) >= 0.0005]
    lines = [say("why.sum", language, parts=", ".join(said))]
    if hit.via:
        lines.append(say("why.via", language, passage=hit.via))
    if hit.same:
        lines.append(say("why.same", language, passages=", ".join(hit.same)))
    return "\n".join(lines)


def show_document(document: Document, passages: int) -> None:
    """Print one line about one document."""
    day = document.date.isoformat() if document.date else "----------"
    out(f"{day}  {document.kind:12}  {document.document:28}  {passages:3}  {document.title}")


def show_reading(reading: Reading, language: Language) -> None:
    """Print how one document was understood."""
    document = reading.document
    out(wrap(document.title))
    for name in ("document", "case", "kind", "number", "date", "asked", "answered", "url", "source"):
        value = getattr(document, name)
        if value:
            out(f"  {say('command.field_' + name, language):16} {one_line(str(value))}")
    askers = ", ".join(f"{a.name} ({a.party})" if a.party else a.name for a in document.askers)
    officials = "; ".join(
        ", ".join(part for part in (o.name, o.role, o.department) if part) for o in document.answered_by
    )
    for name, value in (
        ("askers", askers),
        ("answered_by", officials),
        ("topics", ", ".join(document.topics)),
    ):
        if value:
            out(f"  {say('command.field_' + name, language):16} {value}")
    for passage in reading.passages:
        out()
        out(f"[{passage.label}]  {passage.passage}  {passage.start}–{passage.end}")
        out(wrap(passage.text, "  "))
    for warning in reading.warnings:
        note(warning)


def _show_citation(citation: Citation, language: Language) -> None:
    out(wrap(f"[{citation.number}] {_named(citation.document, language)}, {citation.passage.label}"))
    out(wrap(f"«{citation.quote}»", "    "))
    if citation.document.is_sample:
        out(wrap(say("command.sample", language), "    "))
    out(wrap(citation.document.url or one_line(citation.document.source), "    "))


def _named(document: Document, language: Language) -> str:
    day = f" ({document.date.isoformat()})" if document.date else ""
    number = document.case or document.number or document.document
    return f"{say('kind.' + document.kind, language)} {number}: {document.title}{day}"
