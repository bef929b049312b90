"""Requests for the tools of the Model Context Protocol come in at `/mcp`, and are served once that library is loaded.

It takes a second to import, so that is done with the first request.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import anyio
from starlette.types import Receive, Scope, Send

from ui.access.limits import Limit
from ui.api.answering import Answering

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager


class McpDoor:
    """ASGI application that serves the tools; every request stands by itself, so no session is kept."""

    def __init__(self, answering: Answering, questions: Limit) -> None:
        self._answering = answering
        self._questions = questions
        self._opening = asyncio.Lock()
        self._manager: StreamableHTTPSessionManager | None = None
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        async with self._opening:
            if self._manager is None:
                await self._open()
        assert self._manager is not None
        await self._manager.handle_request(scope, receive, send)

    async def _open(self) -> None:
        manager = await anyio.to_thread.run_sync(self._made)
        ready = asyncio.Event()

        async def run() -> None:
            async with manager.run():
                ready.set()
                await asyncio.Event().wait()  # until the server stops and cancels it

        self._running = asyncio.create_task(run())
        await ready.wait()
        self._manager = manager

    def _made(self) -> StreamableHTTPSessionManager:
        from ui.api.mcp_tools import make_manager

        return make_manager(self._answering, self._questions)
