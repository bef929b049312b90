"""The desk as tools for language models (Model Context Protocol): `search` and `ask`. The only file that knows mcp."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import anyio
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult, InputRequiredResult
from pydantic import Field, ValidationError

from index.errors import VraagbaakError
from index.language import LANGUAGES, Language, say
from index.once_more import read_newest
from rag.answer_json import to_json
from rag.asked_filters import AskedFilters
from ui.access.limits import Limit
from ui.access.values import Caller, caller_of
from ui.api.answering import Answering, Asked
from ui.api.mistakes import mistake
from ui.api.models import Question
from ui.api.public import public
from ui.gate import FullError
from ui.json_out import hits_json
from ui.refusals import language_of

if TYPE_CHECKING:
    from index.store.snapshot import Snapshot

SEARCH = (
    "Find passages in Dutch parliamentary and government documents, best first, with their exact words and official "
    "links. Ask in Dutch, in the words of the subject."
)
ASK = (
    "Answer a question from Dutch parliamentary and government documents. Each sentence carries the numbers of the "
    "citations it rests on; status 'unanswerable' means that the documents hold no answer: then do not make one up."
)


class _Server(MCPServer[Any]):
    """Says what goes wrong with a call in one sentence of our own, in the language of the request."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool; what goes wrong is a `ToolError`."""
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            asked = arguments.get("language")
            language: Language = asked if asked in LANGUAGES else _language(context)
            raise type(error)(await self._said(error, language)) from error.__cause__

    async def _said(self, error: ToolError, language: Language) -> str:
        cause = error.__cause__
        if isinstance(cause, ValidationError):
            first = cause.errors()[0]
            return mistake(first, first["loc"], language)
        if isinstance(cause, ToolError):
            return str(cause)
        if cause is not None:
            return say("page.failed", language)
        return say("api.tool", language, known=", ".join(tool.name for tool in await self.list_tools()))


def make_manager(answering: Answering, questions: Limit) -> StreamableHTTPSessionManager:
    """Return what serves the tools over HTTP; every request stands by itself, so no session is kept.

    `questions` limits how often one may ask.
    """
    server = _Server("vraagbaak", instructions=ASK, log_level="WARNING")
    _add_search(server, answering)
    _add_ask(server, answering, questions)
    # Hosts and origins were checked before the request came here.
    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    return StreamableHTTPSessionManager(
        server._lowlevel_server, json_response=True, stateless=True, security_settings=security
    )


def _add_search(server: MCPServer[Any], answering: Answering) -> None:
    @server.tool(description=SEARCH)
    async def search(
        question: Question,
        context: Context[Any, Any],
        k: Annotated[int, Field(ge=1, le=50)] = 10,
        language: Language | None = None,
    ) -> dict[str, Any]:
        def found(snapshot: Snapshot) -> dict[str, Any]:
            return dict(public(hits_json("1", question, snapshot.search(question, k), AskedFilters(question))))

        try:
            return await anyio.to_thread.run_sync(read_newest, answering.desk.store, found)
        except VraagbaakError as error:
            raise ToolError(error.say(language or _language(context))) from error


def _add_ask(server: MCPServer[Any], answering: Answering, questions: Limit) -> None:
    @server.tool(description=ASK)
    async def ask(question: Question, context: Context[Any, Any], language: Language | None = None) -> dict[str, Any]:
        caller = _caller(context)
        language = language or _language(context)
        wait = questions.take(f"{caller.by} {caller.name}") if caller.name else 0.0
        if wait:
            raise ToolError(say("api.too_often", language, wait=math.ceil(wait)))
        try:
            return dict(public(to_json(await answering.whole(Asked(question, language=language), caller))))
        except FullError as error:
            raise ToolError(say("api.full", language, wait=5)) from error
        except VraagbaakError as error:
            raise ToolError(error.say(language)) from error


def _language(context: Context[Any, Any] | None) -> Language:
    request = context.request_context.request if context is not None else None
    return language_of(request.scope) if request is not None else "nl"


def _caller(context: Context[Any, Any]) -> Caller:
    request = context.request_context.request
    return caller_of(request.scope) if request is not None else Caller("", "desk", "open")
