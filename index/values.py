"""The values of the ground floor: what a document, a passage and a hit are. Knows no file, engine or model.

Positions are counts of Unicode code points in a document's reading text, `start` inclusive, `end` exclusive.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["answer", "questions", "postponement", "oral", "letter", "page", "faq", "publication"]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked: a name as written, without titles, and the party where the document names one."""

    name: str
    party: str | None = None


@dataclass(frozen=True, slots=True)
class Official:
    """Who answered: a name as written and, where named, the role (minister) and the department.

    One in whose name another answered ("mede namens de Minister van …") has no name.
    """

    name: str | None
    role: str | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What is known about one published document, without its text.

    `document` is the official identifier (`ah-tk-20222023-1751`) or one made from the content; `case` joins the
    documents of one case (`2023Z02340`); `date` is the day it was published or, failing that, asked. `follows` are
    the earlier documents of the case that its head names.
    """

    document: str
    kind: Kind
    title: str
    source: str
    sources: tuple[str, ...] = ()
    case: str | None = None
    number: str | None = None
    date: datetime.date | None = None
    asked: datetime.date | None = None
    answered: datetime.date | None = None
    askers: tuple[Asker, ...] = ()
    answered_by: tuple[Official, ...] = ()
    topics: tuple[str, ...] = ()
    url: str | None = None
    follows: tuple[str, ...] = ()

    @property
    def is_sample(self) -> bool:
        """Whether this is one of the bundled samples, which say so wherever they are shown."""
        return self.document.startswith("voorbeeld-")


@dataclass(frozen=True, slots=True)
class Link:
    """A reference to another official document: `text == document_text[start:end]`; `document` is its identifier."""

    text: str
    document: str
    url: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One question with its answer, or one section: exactly `text == document_text[start:end]`.

    `context` stands beside the passage without being in it: the heading, or the question of a later piece.
    `answer`, where there is one, is `document_text[answer_start:answer_start + len(answer)]`.
    `notes` maps a footnote's mark to its text; `refers_to` holds question numbers of the same document. `anchor` is
    the part of the published page that holds it (`#anchor`), where known. `links` are the references to other
    documents in it and in its notes.
    """

    passage: str
    document: str
    label: str
    text: str
    start: int
    end: int
    numbers: tuple[int, ...] = ()
    question: str | None = None
    answer: str | None = None
    answer_start: int | None = None
    context: str = ""
    refers_to: tuple[int, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    anchor: str = ""
    links: tuple[Link, ...] = ()

    @property
    def body(self) -> str:
        """The words that may be quoted as an answer: the answer, else the whole passage."""
        return self.text if self.answer is None else self.answer

    @property
    def body_start(self) -> int:
        """Where `body` begins in the document's text."""
        return self.start if self.answer_start is None else self.answer_start


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of the reading text that stands literally in the file's own text, from `at` on."""

    start: int
    end: int
    at: int


@dataclass(frozen=True, slots=True)
class Places:
    """Where a reading text stands in its file: runs in reading order, and where each page begins, if it has pages."""

    runs: tuple[Run, ...] = ()
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a file's own text; where the file has pages, of the text of that page, counted from 1."""

    start: int
    end: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One document as it was understood: its metadata, its reading text and its passages in reading order."""

    document: Document
    text: str
    passages: tuple[Passage, ...]
    warnings: tuple[str, ...] = ()
    places: Places = field(default_factory=Places)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. Scores: higher is better, always; `legs` holds the score of each search leg.

    `reasons` are what the score is the sum of. `via` is the passage that led here: a question whose answer this is,
    or an answer that says no more than where to look. `same` are passages left out because they say the same.
    """

    score: float
    passage: Passage
    document: Document
    legs: Mapping[str, float] = field(default_factory=dict)
    reasons: Mapping[str, float] = field(default_factory=dict)
    via: str | None = None
    same: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is limited to; an empty field does not limit. Dates are inclusive; names match in any case.

    `people` asked or answered; `numbers` are those of questions, and limit passages rather than documents.
    """

    kinds: tuple[str, ...] = ()
    since: datetime.date | None = None
    until: datetime.date | None = None
    parties: tuple[str, ...] = ()
    ministries: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is limited."""
        return self == Filters()
