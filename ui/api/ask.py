"""`/api/ask`, `/api/search`: a question goes in, an answer (whole, or in events as it grows) or passages come out."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from index.errors import VraagbaakError
from index.language import Language, say
from index.once_more import read_newest
from rag.answer_json import to_json
from rag.asked_filters import AskedFilters, asked_filters
from rag.values import Answer
from ui.access.values import caller_of
from ui.api.answering import Answering, Asked
from ui.api.errors import responses
from ui.api.models import AnswerOut, AskIn, HitsOut, SearchIn
from ui.api.public import public
from ui.commands.filters import refuse_unknown
from ui.json_out import hits_json
from ui.refusals import language_of

if TYPE_CHECKING:
    from index.store.snapshot import Snapshot

EVENTS = "text/event-stream"
_TEXT = {"type": "string"}
EVENT_CONTENT = {EVENTS: {"schema": {"type": "object", "properties": {"event": _TEXT, "data": _TEXT}}}}
_EVENTS_SHOWN = {
    "description": "The whole answer; or events: `answer` each time that it has grown, `done` with the whole, `error`",
    "content": EVENT_CONTENT,
}


def ask_routes(answering: Answering) -> APIRouter:
    """Return the routes; `answering` makes the answers."""
    router = APIRouter(prefix="/api", tags=["questions"])

    @router.post(
        "/ask",
        response_model=AnswerOut,
        responses={**responses(503), 200: _EVENTS_SHOWN},
        summary="Answer a question, each sentence with its exact source",
    )
    async def ask(body: AskIn, request: Request) -> Response:
        language: Language = body.language or language_of(request.scope, answering.desk.language)
        history = [turn.value() for turn in body.history]
        asked = Asked(body.question, history, body.filters.value(), language)
        caller = caller_of(request.scope)
        if body.stream or EVENTS in request.headers.get("accept", ""):
            answers = answering.growing(asked, caller)
            first = await anext(answers)  # what is wrong with the question is said before anything is sent
            return StreamingResponse(_events(first, answers, language), media_type=EVENTS, headers=UNBUFFERED)
        return JSONResponse(public(to_json(await answering.whole(asked, caller))))

    @router.post(
        "/search",
        response_model=HitsOut,
        responses=responses(503),
        summary="Find passages, without an answer",
    )
    def search(body: SearchIn) -> Response:
        filters = body.filters.value()

        def found(snapshot: Snapshot) -> Response:
            refuse_unknown(filters, snapshot)
            read = AskedFilters(body.question)
            if body.filters_in_question:
                read = asked_filters(body.question, snapshot.known)
            hits = snapshot.search(read.rest or body.question, body.k, read.over(filters), mode=body.mode)
            return JSONResponse(public(hits_json("1", body.question, hits, read)))

        return read_newest(answering.desk.store, found)

    return router


UNBUFFERED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""Headers that let a reverse proxy pass events on at once."""


async def _events(first: Answer, answers: AsyncGenerator[Answer], language: Language) -> AsyncIterator[str]:
    """Yield the answer as server-sent events; what goes wrong half-way is an event too."""
    answer = first
    async with aclosing(answers):
        try:
            yield event("answer", public(to_json(first)))
            async for answer in answers:
                yield event("answer", public(to_json(answer)))
        except VraagbaakError as error:
            yield event("error", {"error": error.say(language)})
        except Exception:
            yield event("error", {"error": say("page.failed", language)})
            raise
        else:
            yield event("done", public(to_json(answer)))


def event(name: str, data: Any) -> str:
    """Return one server-sent event; an empty name gives data alone."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data, ensure_ascii=False)}\n\n"
