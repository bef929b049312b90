"""The values of an answer: messages, citations, sentences, verdicts. Knows no model and no screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from index.values import Document, Passage
from rag.asked_filters import AskedFilter

# "refused": no document was asked, and what is said stands in the notices: a greeting or thanks returned, one's own
# file, an opinion or a prediction declined, a question with a citizen service, bank or card number in it.
Status = Literal["answered", "partial", "unanswerable", "refused", "error"]
Support = Literal["verbatim", "supported", "unsupported"]
Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words an answer rests on: `quote == document_text[start:end]`, within its passage."""

    number: int
    passage: Passage
    document: Document
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer, without marks, with the numbers of the citations it rests on."""

    text: str
    citations: tuple[int, ...]
    support: Support


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge found: whether a passage supports a sentence, how sure (0–1) and why (not)."""

    support: Support
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the trace: its name, how long it took and what it decided, in words or figures."""

    step: str
    seconds: float
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A document that lies near a question that could not be answered, or that one about the collection is about."""

    passage: Passage
    document: Document


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, whole or (while it streams) as far as it is known; only the last one of a stream is whole.

    `chance` (0–1) is how likely the evidence was held to answer the question; None where no evidence was asked for.
    `filters` are those that the question asked for itself and that were used. `lead` goes before the sentences: who
    said it and when, made of the metadata of the cited documents and nothing else.
    """

    id: str
    question: str
    status: Status
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    notices: tuple[str, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    model: str = ""
    generation: int = 0
    chance: float | None = None
    seconds: float = 0.0
    trace: tuple[Step, ...] = field(default=())
    filters: tuple[AskedFilter, ...] = ()
    lead: str = ""

    @property
    def text(self) -> str:
        """The sentences in order, each followed by its [n] marks."""
        return " ".join(s.text + "".join(f" [{number}]" for number in s.citations) for s in self.sentences)
