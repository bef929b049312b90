"""A web application goes in; the same comes out with security headers, closed doors, and its page in our language.

Gradio's first page holds a few scripts in its HTML. They are allowed by their SHA-256 hashes, so that no other
script runs, whatever comes through a document or a model; evaluating strings is not allowed either.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.refusals import is_reader, path_of, said

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_POLICY = (
    "default-src 'none'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_PRIVATE = ("text/html", "application/json")
_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_FOREIGN = re.compile(rb"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>|<link rel=\"manifest\"[^>]*>")
_LANGUAGE = re.compile(rb"(<html\s+lang=)\"en\"")


_NEEDED = re.compile(
    r"(?:app_id|startup-events|heartbeat/\w+|queue/(?:join|data)|run/predict|cancel|reset|info|theme\.css)/?"
)


class OnlyNeeded:
    """ASGI middleware that closes what Gradio opens beside its page: uploads, files, proxying, code editing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what the page itself asks for; anything else below `/gradio_api/` does not exist."""
        _, door, rest = str(scope.get("path", "")).partition("/gradio_api")
        if door and not _NEEDED.fullmatch(rest.strip("/")):
            await PlainTextResponse("Not found", status_code=404)(scope, receive, send)
            return
        await self.app(scope, receive, send)


class Nowhere:
    """ASGI middleware that gives a reader a page where the application knows no such address; Gradio gives JSON."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and put our page in the place of a 404 that is none."""
        if scope["type"] != "http" or not is_reader(scope):
            await self.app(scope, receive, send)
            return
        is_replaced, asked = False, dict(scope)  # what the request was: a mounted application changes its own path

        async def replaced(message: Message) -> None:
            nonlocal is_replaced
            if message["type"] == "http.response.start" and message["status"] == 404:
                is_replaced = not Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")
                if is_replaced:
                    await said(asked, 404, "api.nothing")(asked, receive, send)
            if not is_replaced:
                await send(message)

        await self.app(scope, receive, replaced)


class LetGo:
    """ASGI middleware that ends the heartbeat of each open page once `stopping` is set; answers go on.

    Gradio's heartbeats never end by themselves, and would hold up the server when it is told to stop.
    """

    def __init__(self, app: ASGIApp, stopping: asyncio.Event) -> None:
        self.app = app
        self.stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; a heartbeat hears that its page has gone when the server stops."""

        async def receive_or_stop() -> Message:
            heard = asyncio.ensure_future(receive())
            stop = asyncio.ensure_future(self.stopping.wait())
            try:
                await asyncio.wait({heard, stop}, return_when=asyncio.FIRST_COMPLETED)
                return heard.result() if heard.done() else {"type": "http.disconnect"}
            finally:
                heard.cancel()
                stop.cancel()

        is_heartbeat = "/gradio_api/heartbeat/" in str(scope.get("path", ""))
        await self.app(scope, receive_or_stop if is_heartbeat else receive, send)


class SecureHeaders:
    """ASGI middleware that adds `HEADERS` and a content security policy to every answer.

    `pages` maps the path of an HTML page to its language and to what is put into its head.
    """

    def __init__(self, app: ASGIApp, pages: Mapping[str, tuple[str, str]]) -> None:
        self.app = app
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; hold back an HTML page until it is whole, because its headers depend on it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        held: list[Message] = []
        path = path_of(scope)

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if headers.get("content-type", "").startswith(_PRIVATE):
                    headers.setdefault("Cache-Control", "no-store")
                if headers.get("content-type", "").startswith("text/html"):
                    held.append(message)
                    return
                headers["Content-Security-Policy"] = _POLICY.format(hashes="")
            if not held:
                await send(message)
                return
            held.append(message)
            if not message.get("more_body"):
                await self._send_page(held, path, send)

        await self.app(scope, receive, secured)

    async def _send_page(self, held: list[Message], path: str, send: Send) -> None:
        start, *parts = held
        body = self._mended(b"".join(part.get("body", b"") for part in parts), path)
        headers = MutableHeaders(scope=start)
        headers["Content-Length"] = str(len(body))
        headers["Content-Security-Policy"] = _POLICY.format(hashes=script_hashes(body))
        await send(start)
        await send({"type": "http.response.body", "body": body})

    def _mended(self, html: bytes, path: str) -> bytes:
        """Name the page's language, take out what points to other hosts, and put in our own head."""
        if path not in self.pages:
            return html
        language, head = self.pages[path]
        html = _LANGUAGE.sub(rf'\1"{language}"'.encode(), html)
        return _FOREIGN.sub(b"", html).replace(b"</head>", head.encode() + b"</head>", 1)


def script_hashes(html: bytes) -> str:
    """Return the sources of a content security policy that allow exactly the inline scripts of `html`."""
    digests = (hashlib.sha256(script).digest() for script in _INLINE_SCRIPT.findall(html))
    return "".join(f" 'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
