"""The citations of an answer go in, out comes who said it and when; for an English question with a word of explanation.

All that it says of a document stands in the document's metadata: who answered, when, its kind and title.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.language import Language, catalogue, long_date, say
from index.store.snapshot import HEAD
from index.values import Document, Official
from rag.values import Citation


def framed(citations: Sequence[Citation], language: Language) -> tuple[str, ...]:
    """Return one notice that says of each cited document, by its marks, who said it and when; none without any."""
    lines = _lines(citations, language)
    return (" ".join([say("frame.dutch", language), *(f"{said} {marks}." for said, marks in lines)]),) if lines else ()


def lead_in(citations: Sequence[Citation], language: Language, *, answered: bool = False) -> str:
    """Return what goes before the words that are cited: who said them and when; "" where there are none.

    Of the head of a document it names the document, and who answered only if that is what was asked (`answered`). One
    document is led in as such ("…:"); several are told apart by their marks.
    """
    lines = _lines(citations, language, answered=answered)
    if len(lines) == 1:
        return f"{lines[0][0]}:"
    return " ".join(f"{said} {marks}." for said, marks in lines)


def _lines(citations: Sequence[Citation], language: Language, *, answered: bool = False) -> list[tuple[str, str]]:
    """Return of each cited document who said it and when, and its marks."""
    cited: dict[str, list[Citation]] = {}
    for citation in citations:
        cited.setdefault(citation.document.document, []).append(citation)
    return [
        (_lead_in(found[0].document, language, says=answered or not all(map(_is_of_head, found))), _marks(found))
        for found in cited.values()
    ]


def _marks(citations: Sequence[Citation]) -> str:
    return "".join(f"[{citation.number}]" for citation in citations)


def _is_of_head(citation: Citation) -> bool:
    return citation.passage.passage == f"{citation.document.document}#{HEAD}"


def _lead_in(document: Document, language: Language, *, says: bool) -> str:
    """Return who answered and when, or what kind of document it is: where nobody is named, or nobody `says` a thing."""
    day = document.answered or document.date
    date = long_date(day, language) if day else ""
    who = [_named(official, language) for official in document.answered_by if official.name]
    if says and document.kind == "answer" and who and date:
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
