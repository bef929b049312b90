"""The desk as a model: OpenAI's `/v1/chat/completions` and `/v1/models`, so that existing clients can use it.

Sampling settings have no meaning here and are left aside; so are system messages, for nothing may tell the desk to
leave its sources. Citations stand as marks in the text, as a list below it, and as data in the message.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from index.errors import VraagbaakError
from index.language import Language, long_date, say
from index.tokens import count_tokens
from rag.answer_json import to_json
from rag.values import Answer, Message
from ui.access.values import caller_of
from ui.api.answering import Answering, Asked
from ui.api.ask import EVENT_CONTENT, EVENTS, UNBUFFERED, event
from ui.api.errors import responses
from ui.api.models import ModelErrorOut, Text
from ui.api.public import public
from ui.refusals import language_of, said

MODEL = "vraagbaak"
_MOST_TURNS = 40  # of a conversation; what came before is left aside


class _Loose(BaseModel):
    model_config = ConfigDict(extra="allow")


class Part(_Loose):
    """A part of a message; only text is read."""

    type: str = "text"
    text: Text | None = None


class ChatMessage(_Loose):
    """A message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | Annotated[list[Part], Field(max_length=50)] | None = None

    @property
    def text(self) -> str:
        """The text of the message, its parts joined; of an earlier answer without the list of its sources."""
        parts = [self.content] if isinstance(self.content, str) else [part.text or "" for part in self.content or []]
        whole = "\n".join(parts)
        if self.role == "assistant":
            for language in ("nl", "en"):
                whole = whole.partition(_heading(language))[0]
        return whole


class StreamOptions(_Loose):
    """Whether the last event tells how many tokens there were."""

    include_usage: bool = False


class ChatIn(_Loose):
    """A conversation that ends with a question, as OpenAI's clients send it."""

    model: Text = MODEL
    messages: list[ChatMessage] = Field(min_length=1, max_length=1000)
    stream: bool = False
    stream_options: StreamOptions | None = None


def chat_routes(answering: Answering, started: int) -> APIRouter:
    """Return the routes; `started` is when the desk was, in seconds since 1970."""
    router = APIRouter(prefix="/v1", tags=["as a model"])
    card = {"id": MODEL, "object": "model", "created": started, "owned_by": MODEL}

    @router.get(
        "/models",
        response_model=dict[str, Any],
        responses=responses(model=ModelErrorOut),
        summary="The one model there is",
    )
    def models() -> Response:
        return JSONResponse({"object": "list", "data": [card]})

    @router.get(
        "/models/{model}",
        response_model=dict[str, Any],
        responses=responses(404, model=ModelErrorOut),
        summary="That model",
    )
    def model(model: str, request: Request) -> Response:
        return JSONResponse(card) if model == MODEL else said(request.scope, 404, "api.model", known=MODEL)

    @router.post(
        "/chat/completions",
        response_model=dict[str, Any],
        responses={**responses(404, 503, model=ModelErrorOut), 200: {"content": EVENT_CONTENT}},
        summary="Answer the last question of a conversation",
    )
    async def complete(body: ChatIn, request: Request) -> Response:
        language = language_of(request.scope, answering.desk.language)
        if body.model != MODEL:
            return said(request.scope, 404, "api.model", known=MODEL)
        if body.messages[-1].role != "user":
            return said(request.scope, 422, "api.no_question")
        turns = [Message(m.role, m.text) for m in body.messages if m.role in ("user", "assistant")]
        asked = Asked(turns[-1].text, turns[-_MOST_TURNS:-1], None, language)
        caller = caller_of(request.scope)
        if not body.stream:
            return JSONResponse(_completion(await answering.whole(asked, caller), asked))
        answers = answering.growing(asked, caller)
        first = await anext(answers)
        counts = bool(body.stream_options and body.stream_options.include_usage)
        stream = _chunks(first, answers, asked, counts=counts)
        return StreamingResponse(stream, media_type=EVENTS, headers=UNBUFFERED)

    return router


def written(answer: Answer, language: Language) -> str:
    """Return an answer as text: notices and sentences with marks, and below them the list of sources."""
    return _lead(answer) + answer.text + _sources(answer, language)


def _completion(answer: Answer, asked: Asked) -> dict[str, Any]:
    content = written(answer, asked.language)
    message = {"role": "assistant", "content": content, "refusal": None, **_cited(answer, content)}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {**_head("chat.completion"), "choices": [choice], "usage": _usage(asked, content)}


async def _chunks(first: Answer, rest: AsyncGenerator[Answer], asked: Asked, *, counts: bool) -> AsyncIterator[str]:
    """Yield the answer in OpenAI's chunks.

    What was sent cannot be taken back: when a model's sentences are replaced in the end, the others follow them.
    """
    head = _head("chat.completion.chunk")

    def chunk(delta: dict[str, Any], reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return event("", {**head, "choices": [choice]})

    answer, sent = first, ""
    async with aclosing(rest):
        yield chunk({"role": "assistant", "content": ""})
        try:
            while True:
                if answer.text.startswith(sent) and len(answer.text) > len(sent):
                    yield chunk({"content": answer.text[len(sent) :]})
                    sent = answer.text
                following = await anext(rest, None)
                if following is None:
                    break
                answer = following
        except VraagbaakError as error:
            yield event("", {"error": {"message": error.say(asked.language), "type": "server_error"}})
            return
    tail = _tail(answer, sent, asked.language)
    content = sent + tail
    yield chunk({"content": tail} if tail else {})
    yield chunk(_cited(answer, content), "stop")
    if counts:
        yield event("", {**head, "choices": [], "usage": _usage(asked, content)})
    yield "data: [DONE]\n\n"


def _tail(answer: Answer, sent: str, language: Language) -> str:
    """Return what is to follow after what was sent: the text that replaces it, the notices, the sources."""
    replaced = "" if answer.text == sent else "\n\n" + say("api.replaced", language) + "\n\n" + answer.text
    notices = "\n\n".join(answer.notices)
    between = "\n\n" if (sent or replaced) and notices else ""
    return replaced + between + notices + _sources(answer, language)


def _lead(answer: Answer) -> str:
    lead = "\n\n".join(answer.notices)
    return lead + "\n\n" if lead and answer.text else lead


def _sources(answer: Answer, language: Language) -> str:
    """Return the list of sources in Markdown, or, where nothing was found, of what lies near."""
    lines = []
    for citation in answer.citations:
        document = citation.document
        day = f", {long_date(document.date, language)}" if document.date else ""
        place = document.url or Path(document.source).name
        lines.append(f"[{citation.number}] {document.title}, {citation.passage.label}{day}: «{citation.quote}» {place}")
    if lines:
        return _heading(language) + "\n".join(lines)
    near = [(s.document, s.passage.label) for s in answer.suggestions]
    listed = "\n".join(
        f"- {document.title}, {label}: {document.url or Path(document.source).name}" for document, label in near
    )
    return "\n\n" + say("api.near", language) + "\n" + listed if listed else ""


def _heading(language: str) -> str:
    return "\n\n" + say("command.sources", "en" if language == "en" else "nl") + "\n"


def _cited(answer: Answer, content: str) -> dict[str, Any]:
    """Return the citations as a list of our own, and as the annotations that OpenAI's clients know."""
    annotations = []
    for citation in answer.citations:
        mark = f"[{citation.number}]"
        at = content.find(mark)
        if citation.document.url and at >= 0:
            place = {"start_index": at, "end_index": at + len(mark), "title": citation.document.title}
            annotations.append({"type": "url_citation", "url_citation": {**place, "url": citation.document.url}})
    return {"citations": public(to_json(answer)["citations"]), "status": answer.status, "annotations": annotations}


def _head(kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{secrets.token_hex(12)}", "object": kind, "created": int(time.time()), "model": MODEL}


def _usage(asked: Asked, content: str) -> dict[str, int]:
    before = sum(count_tokens(text) for text in (asked.question, *(turn.text for turn in asked.history)))
    after = count_tokens(content)
    return {"prompt_tokens": before, "completion_tokens": after, "total_tokens": before + after}
