"""Sentences and the places they rest on go in, numbered citations come out; knows spans, no scores.

Numbers count from 1 in the order of first appearance. A quote is always cut from the passage itself, so it cannot
differ from the document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.values import Document, Passage
from rag.evidence import Source
from rag.values import Citation, Sentence


class Ledger:
    """Hands out citation numbers while an answer grows; the same place keeps its number."""

    def __init__(self) -> None:
        self._citations: list[Citation] = []

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations so far, in order of their numbers."""
        return tuple(self._citations)

    def cite(self, passage: Passage, document: Document, start: int, end: int) -> int:
        """Return the number of the quote `start`–`end` (places in the document's text) of `passage`."""
        for citation in self._citations:
            if citation.passage.passage == passage.passage and citation.start <= start and end <= citation.end:
                return citation.number
        number = len(self._citations) + 1
        self._citations.append(Citation(number, passage, document, _cut(passage, start, end), start, end))
        return number

    def extend(self, number: int, end: int) -> None:
        """Let the quote of citation `number` run on to `end`, for a sentence that follows it in the document."""
        citation = self._citations[number - 1]
        quote = _cut(citation.passage, citation.start, end)
        self._citations[number - 1] = replace(citation, quote=quote, end=end)


def quote_lines(
    chosen: Sequence[tuple[Source, int]],
) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Return the chosen sentences verbatim; those that follow each other in a passage share one citation."""
    ledger = Ledger()
    sentences: list[Sentence] = []
    previous: tuple[str, int, int] | None = None
    for source, i in chosen:
        line = source.lines[i]
        name = source.passage.passage
        if previous is not None and previous[:2] == (name, i - 1):
            number = previous[2]
            ledger.extend(number, line.end)
        else:
            number = ledger.cite(source.passage, source.document, line.start, line.end)
        sentences.append(Sentence(line.text, (number,), "verbatim"))
        previous = (name, i, number)
    return tuple(sentences), ledger.citations


def _cut(passage: Passage, start: int, end: int) -> str:
    return passage.text[start - passage.start : end - passage.start]
