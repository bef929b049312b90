"""Takes questions with their answers from a table or a list, and gives a document with a passage for each."""

from __future__ import annotations

from collections.abc import Sequence

from index.read.source import Line, Source
from index.recognise.draft import Draft, Meta, Paragraph, Part
from index.recognise.join import Vocabulary
from index.recognise.paragraphs import split_paragraphs

_LONGEST_LABEL = 100


def looks_like(source: Source) -> bool:
    """Whether the reader found questions with their answers."""
    return source.kind == "faq"


def parse(source: Source) -> Draft:
    """Return each question with the answer below it; a question is its own label."""
    words = Vocabulary(source.lines)
    title = ""
    pairs: list[tuple[list[Line], list[Line]]] = []
    for line in source.lines:
        if line.role == "title":
            title = line.text
        elif line.role == "question":
            pairs.append(([line], []))
        elif pairs:
            pairs[-1][1].append(line)
    parts = tuple(part for asked, answer in pairs if (part := _part(asked, answer, words)))
    return Draft(Meta("faq", title or (parts[0].label if parts else "")), (), parts)


def _part(asked: Sequence[Line], answer: Sequence[Line], words: Vocabulary) -> Part | None:
    question = split_paragraphs(asked, "paragraphs", words)
    body = split_paragraphs(answer, "paragraphs", words)
    return Part(_label(question), question, body, is_answer=True) if question and body else None


def _label(question: Sequence[Paragraph]) -> str:
    text = " ".join(paragraph.text for paragraph in question)
    return text if len(text) <= _LONGEST_LABEL else text[:_LONGEST_LABEL].rsplit(" ", 1)[0] + " …"
