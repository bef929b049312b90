"""The citations of an answer go in, out comes who said it and when; for an English question with a word of explanation.

All that it says of a document stands in the document's metadata: who answered, when, its kind and title.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.language import Language, catalogue, long_date, say
from index.values import Document, Official
from rag.values import Citation


def framed(citations: Sequence[Citation], language: Language) -> tuple[str, ...]:
    """Return one notice that says of each cited document, by its marks, who said it and when; none without any."""
    lines = _lines(citations, language)
    return (" ".join([say("frame.dutch", language), *(f"{said} {marks}." for said, marks in lines)]),) if lines else ()


def lead_in(citations: Sequence[Citation], language: Language) -> str:
    """Return what goes before the words that are cited: who said them and when; "" where there are none.

    One document is led in as such ("…:"); several are told apart by their marks.
    """
    lines = _lines(citations, language)
    if len(lines) == 1:
        return f"{lines[0][0]}:"
    return " ".join(f"{said} {marks}." for said, marks in lines)


def _lines(citations: Sequence[Citation], language: Language) -> list[tuple[str, str]]:
    """Return of each cited document who said it and when, and its marks."""
    marks: dict[str, list[str]] = {}
    documents: dict[str, Document] = {}
    for citation in citations:
        marks.setdefault(citation.document.document, []).append(f"[{citation.number}]")
        documents[citation.document.document] = citation.document
    return [(_lead_in(documents[name], language), "".join(found)) for name, found in marks.items()]


def _lead_in(document: Document, language: Language) -> str:
    """Return who answered and when, or what kind of document it is; a title where nobody is named."""
    day = document.answered or document.date
    date = long_date(day, language) if day else ""
    who = [_named(official, language) for official in document.answered_by if official.name]
    if document.kind == "answer" and who and date:
        return say("frame.answered", language, who=", ".join(who), date=date)
    kind = say(f"kind.{document.kind}", language)
    return say("frame.dated" if date else "frame.undated", language, kind=kind, title=document.title, date=date)


def _named(official: Official, language: Language) -> str:
    """Return "State Secretary Maeijer (Volksgezondheid, Welzijn en Sport)", as far as it is known."""
    role = official.role or ""
    shown = catalogue(language).get(f"frame.role_{role}", role)
    if official.name == role:
        name = say("frame.by_role", language, role=shown)
    else:
        name = " ".join(part for part in (shown, official.name) if part)
    return f"{name} ({official.department})" if official.department else name
