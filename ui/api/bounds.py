"""A request goes in, it goes on when it is neither too large nor too soon; what became of it is counted and noted."""

from __future__ import annotations

import contextlib
import logging
import math
import time

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.access.limits import Limit
from ui.access.values import caller_of
from ui.journal import Journal
from ui.metrics import Metrics
from ui.refusals import path_of, said

BODY = 1_000_000
"""The largest body of a request in bytes, uploads apart."""
OTHERS = 20
"""How many other requests one may do for each question."""
_QUESTIONS = ("/api/ask", "/v1/chat/completions", "/gradio_api/queue/join")
_FREE = frozenset({"/healthz", "/readyz", "/metrics"})


class _TooLargeError(Exception):
    """The body went over its bound while it came in."""


class Bounds:
    """ASGI middleware that bounds the size of requests to `BODY`, of uploads to `upload` bytes, and how many
    `questions` and `others` a known caller, or an address, may send; this machine's own user as many as there are."""

    def __init__(self, app: ASGIApp, upload: int, questions: Limit, others: Limit) -> None:
        self.app = app
        self.upload = upload
        self.questions = questions
        self.others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on within its bounds."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = path_of(scope)
        wait = self._wait(scope, path)
        if wait:
            await said(scope, 429, "api.too_often", wait=math.ceil(wait))(scope, receive, send)
            return
        is_upload = scope["method"] == "POST" and (path == "/api/documents" or path.endswith("/gradio_api/upload"))
        await self._bounded(scope, receive, send, self.upload if is_upload else BODY)

    def _wait(self, scope: Scope, path: str) -> float:
        caller = caller_of(scope)
        if not caller.name or path in _FREE or path.startswith("/desk/"):
            return 0.0
        is_question = scope["method"] == "POST" and path.endswith(_QUESTIONS)
        return (self.questions if is_question else self.others).take(f"{caller.by} {caller.name}")

    async def _bounded(self, scope: Scope, receive: Receive, send: Send, most: int) -> None:
        came, over, begun = 0, False, False
        announced = Headers(scope=scope).get("content-length", "0")
        too_large = said(scope, 413, "api.too_large", megabytes=round(most / 1_000_000, 1))
        if not announced.isdecimal() or int(announced[:20]) > most:
            await too_large(scope, receive, send)
            return

        async def counted() -> Message:
            nonlocal came, over
            message = await receive()
            came += len(message.get("body", b""))
            over = over or came > most
            if over:
                raise _TooLargeError
            return message

        async def noted(message: Message) -> None:
            nonlocal begun
            if over and not begun:
                return  # what the application makes of a body that was broken off
            begun = True
            await send(message)

        with contextlib.suppress(_TooLargeError):
            await self.app(scope, counted, noted)
        if over and not begun:
            await too_large(scope, receive, send)


class Watched:
    """ASGI middleware that counts each request by its route, and notes it; never its address, body or answer."""

    def __init__(self, app: ASGIApp, metrics: Metrics, journal: Journal) -> None:
        self.app = app
        self.metrics = metrics
        self.journal = journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status, begun = time.monotonic(), 500, False

        async def noted(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                status, begun = message["status"], True
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception:
            # Answered here, within the guard that adds the security headers; what happened is for the log alone.
            logging.getLogger(__name__).exception("a request failed")
            if begun:
                raise
            await said(scope, 500, "page.failed")(scope, receive, noted)
        finally:
            seconds, route = time.monotonic() - started, _route(scope)
            self.metrics.requests.labels(_method(scope), route, status).inc()
            self.metrics.request_seconds.labels(route).observe(seconds)
            who = caller_of(scope)
            self.journal.note(
                "request", method=scope["method"], route=route, status=status, seconds=round(seconds, 4), who=who.name
            )


def _route(scope: Scope) -> str:
    """Return the route as it was declared, so that no address with a question in it is kept and there are few."""
    declared = getattr(scope.get("route"), "path", "")
    if declared:
        return str(declared)
    path = path_of(scope)
    _, door, rest = path.partition("/gradio_api/")
    if door:
        return door + "/".join(rest.split("/")[:1])
    return "page" if path in ("/", "/en/", "/nl/") else "other"


def _method(scope: Scope) -> str:
    method = str(scope["method"])
    return method if method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS") else "other"
