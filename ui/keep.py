"""A conversation goes in, the text that a browser's tab keeps of it comes out; and from that the conversation again.

The text holds no passage: what it cites is looked up again and compared word for word, so that a source that was
changed or removed meanwhile is not shown as if it still stood there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from index.language import Language, say
from index.store.snapshot import Snapshot
from rag.asked_filters import AskedFilter
from rag.frame import lead_in
from rag.values import Answer, Citation, Sentence, Status, Step, Suggestion
from ui.conversation import Limits, Turn, Turns
from ui.render import State

if TYPE_CHECKING:
    from pydantic import TypeAdapter

MOST = 700_000
"""How many characters of a conversation are read back."""


@dataclass(frozen=True, slots=True)
class KeptCitation:
    """Where the words of a citation stand."""

    number: int
    passage: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """One turn, its citations and suggestions by the identifiers of their passages."""

    state: State
    id: str
    question: str
    status: Status
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[KeptCitation, ...] = ()
    notices: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    model: str = ""
    generation: int = 0
    seconds: float = 0.0
    trace: tuple[Step, ...] = ()
    limits: Limits = field(default_factory=Limits)
    found: tuple[AskedFilter, ...] = ()
    questions: tuple[str, ...] = ()
    lead: str = ""


def kept(turns: Turns) -> str:
    """Return the finished turns as JSON, in ASCII: no line end of any sort stands in it."""
    finished = tuple(_kept(turn) for turn in turns if turn.state != "busy")
    return json.dumps(_adapter().dump_python(finished, mode="json"))


def restored(text: str, snapshot: Snapshot, language: Language) -> Turns:
    """Return the conversation in `text`; nothing of it when it is not what `kept` gave, or too long."""
    try:
        found: tuple[KeptTurn, ...] = _adapter().validate_json(text if len(text) <= MOST else "")
    except ValueError:
        return ()
    return tuple(_restored(turn, snapshot, language) for turn in found if turn.state != "busy")


def _kept(turn: Turn) -> KeptTurn:
    answer = turn.answer
    return KeptTurn(
        state=turn.state,
        id=answer.id,
        question=answer.question,
        status=answer.status,
        sentences=answer.sentences,
        citations=tuple(KeptCitation(c.number, c.passage.passage, c.start, c.end, c.quote) for c in answer.citations),
        notices=answer.notices,
        suggestions=tuple(s.passage.passage for s in answer.suggestions),
        model=answer.model,
        generation=answer.generation,
        seconds=answer.seconds,
        trace=answer.trace,
        limits=turn.limits,
        found=answer.filters,
        questions=turn.questions,
        lead=answer.lead,
    )


def _restored(turn: KeptTurn, snapshot: Snapshot, language: Language) -> Turn:
    citations = tuple(c for kept in turn.citations if (c := _citation(kept, snapshot)) is not None)
    there = {citation.number for citation in citations}
    gone = [str(c.number) for c in turn.citations if c.number not in there]
    passages = (snapshot.passage(passage) for passage in turn.suggestions)
    answer = Answer(
        id=turn.id,
        question=turn.question,
        status=turn.status,
        sentences=tuple(_sentence(sentence, there) for sentence in turn.sentences),
        citations=citations,
        notices=turn.notices,
        suggestions=tuple(Suggestion(*found) for found in passages if found is not None),
        model=turn.model,
        generation=turn.generation,
        seconds=turn.seconds,
        trace=turn.trace,
        filters=turn.found,
        lead=lead_in(citations, language) if turn.lead else "",
    )
    if gone:
        notice = say("page.sources_gone", language, numbers=", ".join(gone))
        answer = replace(answer, notices=(notice, *(n for n in answer.notices if n != notice)))
    return Turn(answer, turn.state, turn.limits, turn.questions)


def _citation(kept: KeptCitation, snapshot: Snapshot) -> Citation | None:
    found = snapshot.passage(kept.passage)
    if found is None:
        return None
    passage, document = found
    is_same = passage.text[kept.start - passage.start : kept.end - passage.start] == kept.quote
    if not is_same or not passage.start <= kept.start < kept.end <= passage.end:
        return None
    return Citation(kept.number, passage, document, kept.quote, kept.start, kept.end)


def _sentence(sentence: Sentence, there: set[int]) -> Sentence:
    """Return the sentence with those marks alone whose words still stand there."""
    marks = tuple(number for number in sentence.citations if number in there)
    return Sentence(sentence.text, marks, sentence.support if marks else "unsupported")


@cache
def _adapter() -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(tuple[KeptTurn, ...])
