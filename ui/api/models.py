"""What may be sent to the API and what comes back, checked where requests come in."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from index.values import Filters, Kind
from rag.values import Message, Status, Support
from ui.feedback import Reason, Verdict


def _whole_text(text: str) -> str:
    """Refuse halves of characters, which no UTF-8 can hold, and the zero character, which no file can."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise PydanticCustomError("characters", "half a character or a zero character")
    return text


Question = Annotated[str, StringConstraints(min_length=1, max_length=10_000), AfterValidator(_whole_text)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_whole_text)]
Names = Annotated[list[Name], Field(max_length=50)]
Text = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_whole_text)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FiltersIn(_In):
    """What a search is limited to; an empty list does not limit. Dates are inclusive."""

    kinds: list[Kind] = Field(default=[], max_length=8)
    since: date | None = None
    until: date | None = None
    parties: Names = []
    ministries: Names = []
    people: Names = []
    topics: Names = []
    documents: Names = []

    @model_validator(mode="after")
    def _in_order(self) -> FiltersIn:
        if self.since and self.until and self.since > self.until:
            raise PydanticCustomError("period", "since lies after until")
        return self

    def value(self) -> Filters:
        """Return them as the search takes them."""
        return Filters(
            kinds=tuple(self.kinds),
            since=self.since,
            until=self.until,
            parties=tuple(self.parties),
            ministries=tuple(self.ministries),
            documents=tuple(self.documents),
            people=tuple(self.people),
            topics=tuple(self.topics),
        )


class Turn(_In):
    """One turn of the conversation before the question."""

    role: Literal["user", "assistant"]
    text: Text

    def value(self) -> Message:
        """Return it as the assistant takes it."""
        return Message(self.role, self.text)


class AskIn(_In):
    """A question, the conversation before it, and what to limit the search to.

    With `stream`, or with the header `Accept: text/event-stream`, the answer comes in events as it grows.
    """

    question: Question = Field(examples=["Hoe lang is de wachttijd voor jeugdhulp?"])
    history: list[Turn] = Field(default=[], max_length=40)
    filters: FiltersIn = FiltersIn()
    language: Literal["nl", "en"] | None = None
    stream: bool = False


class SearchIn(_In):
    """A question and how many passages are wanted. The question is sent in the body: addresses end up in logs."""

    question: Question = Field(examples=["wachttijd jeugdhulp"])
    k: int = Field(default=10, ge=1, le=100)
    mode: Literal["hybrid", "lexical", "dense"] = "hybrid"
    filters: FiltersIn = FiltersIn()
    filters_in_question: bool = Field(default=True, description="Whether filters named in the question are applied")


class FeedbackIn(_In):
    """What a reader thought of an answer; the question is kept only where the operator turned that on."""

    answer: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
    verdict: Verdict
    reasons: list[Reason] = Field(default=[], max_length=5)
    question: Question | None = None


class Error(BaseModel):
    """Why a request was not served, in one sentence, in the language of the header `Accept-Language`."""

    error: str


class ModelErrorDetail(BaseModel):
    """What OpenAI's clients read of an error."""

    message: str
    type: str
    param: str | None
    code: str | None


class ModelErrorOut(BaseModel):
    """Why a request was not served, in the form that OpenAI's clients understand."""

    error: ModelErrorDetail


class SentenceOut(BaseModel):
    """One sentence of an answer and the numbers of the citations it rests on."""

    text: str
    citations: list[int]
    support: Support


class CitationOut(BaseModel):
    """The exact words that an answer rests on: `quote` is `text[start:end]` of the document."""

    number: int
    passage: str
    document: str
    source: str
    label: str
    title: str
    date: date | None
    url: str | None
    quote: str
    start: int
    end: int


class AnswerOut(BaseModel):
    """An answer: sentences with marks like [1], the citations that these point to, and how it came about."""

    id: str
    question: str
    status: Status
    lead: str
    answer: str
    sentences: list[SentenceOut]
    citations: list[CitationOut]
    notices: list[str]
    suggestions: list[dict[str, Any]]
    model: str
    generation: int
    seconds: float
    trace: list[dict[str, Any]]


class HitsOut(BaseModel):
    """The passages that were found, best first, and the filters that were found in the question."""

    id: str
    question: str
    filters: list[dict[str, Any]] = []
    hits: list[dict[str, Any]]


class DocumentOut(BaseModel):
    """What is known about a document, and how many passages it has."""

    model_config = ConfigDict(extra="allow")
    document: str
    kind: Kind
    title: str
    source: str
    date: date | None
    url: str | None


class DocumentsOut(BaseModel):
    """A page of the list of documents, by identifier, and how many there are."""

    total: int
    documents: list[DocumentOut]


class JobOut(BaseModel):
    """How far the reading of uploaded files is."""

    job: str
    state: Literal["running", "done", "failed"]
    done: int
    total: int
    message: str
    files: list[dict[str, Any]]
