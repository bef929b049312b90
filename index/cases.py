"""What documents of one case have to do with each other: the questions, a postponement, the answer.

Goes in: documents and passages as they were read. Comes out: which others belong to a document, what a postponement
is worth once the answer is there, and an answer's passage with the questions as they were first asked beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.filters import facets
from index.values import Document, Kind, Passage

CASE, FOLLOWS = "case", "follows"
_OF_A_CASE: frozenset[Kind] = frozenset(("answer", "questions", "postponement", "oral"))
_TITLE_LETTERS = 80


def all_facets(document: Document) -> dict[str, list[str]]:
    """Return what a document may be filtered by, and what it is found by as one of its case."""
    return facets(document) | {CASE: case_keys(document), FOLLOWS: list(document.follows)}


def case_keys(document: Document) -> list[str]:
    """Return what the documents of one case have in common: its number; the day and the subject of the questions.

    A printed answer names no case number, but the day its questions were asked and their subject.
    """
    if document.kind not in _OF_A_CASE:
        return []
    keys = {document.case} if document.case else set()
    letters = "".join(filter(str.isalnum, document.title)).lower()[:_TITLE_LETTERS]
    if document.asked and document.askers and letters:
        keys.add(f"{document.asked.isoformat()} {letters}")
    return sorted(keys)


def is_superseded(document: Document, others: Iterable[Document]) -> bool:
    """Whether this is a postponement and the answer is among the other documents of its case."""
    return document.kind == "postponement" and any(other.kind == "answer" for other in others)


def with_questions(passage: Passage, questions: Sequence[Passage]) -> Passage:
    """Return an answer to several questions with each of them beside it as the questions' own document has them.

    A later piece of a long answer stays as it is.
    """
    if passage.answer_start in (None, passage.start) or len(passage.numbers) < 2:
        return passage
    asked = {question.numbers: question.text for question in questions if len(question.numbers) == 1}
    lines = [f"Vraag {number}: {asked[(number,)]}" for number in passage.numbers if (number,) in asked]
    return replace(passage, context="\n".join(filter(None, [passage.context, *lines]))) if lines else passage
