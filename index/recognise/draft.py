"""What a recogniser makes of a file's lines: paragraphs that know their place, grouped into parts, with metadata."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from index.values import Asker, Kind, Official

MADE = -1  # the place of a character that stands in no file, such as the space that joins two lines


@dataclass(frozen=True, slots=True)
class Fragment:
    """A stretch of text as the file has it; `at` is its place there, or `MADE`."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Fragments in reading order; `marks` are note marks that were taken out, by their offset in the text."""

    fragments: tuple[Fragment, ...]
    marks: tuple[tuple[int, str], ...] = ()

    @property
    def text(self) -> str:
        """The reading text of the paragraph."""
        return "".join(fragment.text for fragment in self.fragments)


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote, by the mark that points to it."""

    mark: str
    paragraph: Paragraph


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes a passage: a question with its answer, a section, a notice.

    `heading` is printed above it in the text; `context` stands beside it. Without `is_passage` it is printed only.
    A part that `is_flow` is running text without headings: it becomes passages of whole paragraphs. `anchor` is where a
    link to the publication leads to this part.
    """

    label: str
    question: tuple[Paragraph, ...] = ()
    body: tuple[Paragraph, ...] = ()
    is_answer: bool = False
    numbers: tuple[int, ...] = ()
    heading: str = ""
    context: str = ""
    is_passage: bool = True
    is_flow: bool = False
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Meta:
    """The metadata of a document as far as its text gives them."""

    kind: Kind
    title: str
    document: str | None = None
    case: str | None = None
    number: str | None = None
    date: datetime.date | None = None
    asked: datetime.date | None = None
    answered: datetime.date | None = None
    askers: tuple[Asker, ...] = ()
    answered_by: tuple[Official, ...] = ()
    topics: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as recognised. `removed` holds what was left out, line by line: page furniture, and the
    headings that labels stand for."""

    meta: Meta
    head: tuple[Paragraph, ...]
    parts: tuple[Part, ...]
    tail: tuple[Paragraph, ...] = ()
    notes: tuple[Note, ...] = ()
    removed: tuple[str, ...] = field(default=())
