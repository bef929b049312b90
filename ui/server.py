"""A desk goes in, its page is served until it is stopped: address, security headers, health. Knows no Gradio."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from index.errors import SettingsError
from index.language import LANGUAGES, Language, say
from ui.desk import Desk
from ui.settings import Settings
from ui.shell import ASSETS, FOLDER, head

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI
    from starlette.types import Receive, Scope, Send

    from ui.operation import Operation

FINISH = 30
"""How many seconds answers under way get when the server is told to stop."""


def serve(desk: Desk, settings: Settings) -> None:
    """Serve the desk at the host and port of `settings` until Ctrl+C.

    A `SettingsError` says that the port cannot be had, or that strangers could come in without anyone having said so.
    """
    from ui.access.accounts import refuse_open_network

    refuse_open_network(settings)
    listening = listen(settings.host, settings.port)
    server = make_server(desk, settings)
    name = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{name}:{listening.getsockname()[1]}{settings.root_path}"
    sys.stderr.write(say("page.ready", desk.language, url=url) + "\n")
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listening])


def make_server(desk: Desk, settings: Settings | None = None) -> uvicorn.Server:
    """Return the server of the desk; when it is told to stop, answers under way are finished first."""
    import uvicorn

    from ui.operation import make_operation

    operation = make_operation(settings or Settings(), desk.store)
    stopping = asyncio.Event()

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            stopping.set()
            await super().shutdown(sockets)
            for end in operation.ends:
                await asyncio.to_thread(end)

    app = create_app(desk, operation, stopping)
    return Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # whom we believe about a proxy is decided in `ui.access.door`
            timeout_graceful_shutdown=FINISH,
            h11_max_incomplete_event_size=64 * 1024,
        )
    )


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at `host` and `port` (0: any free one), before anything slow is imported."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise SettingsError("page.address", host=host, port=port, reason=error.strerror or error) from error
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise SettingsError("page.port_in_use", host=host, port=port) from error
        raise SettingsError("page.address", host=host, port=port, reason=error.strerror or error) from error
    return listening


def create_app(desk: Desk, operation: Operation, stopping: asyncio.Event) -> FastAPI:
    """Return the web application: our own files, the API, the way in, and the page in each language.

    `stopping` is set when the server is told to stop.
    """
    from fastapi import FastAPI

    from ui.api.errors import handle_errors
    from ui.api.system import DESCRIPTION
    from ui.observed import observed
    from ui.page import mount

    desk = replace(desk, assistant=observed(desk.assistant, operation.metrics, operation.journal))
    app = FastAPI(
        title="Vraagbaak", version=version("vraagbaak"), openapi_url=DESCRIPTION, docs_url=None, redoc_url=None
    )
    handle_errors(app)
    paths = page_paths(desk.language)
    add_routes(app, desk, operation, stopping)
    for path in ("/api", "/v1"):  # else the page would say in Gradio's way that there is nothing
        app.mount(path, _nothing)
    for path in sorted(paths, key=len, reverse=True):  # "/" last: it takes whatever the others leave
        mount(app, desk, path, paths[path])
    add_guards(
        app,
        operation,
        stopping,
        {path: (lang, head(path, starting=say("page.starting", lang))) for path, lang in paths.items()},
    )
    return app


async def _nothing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Answer as an application does that has nothing here."""
    from fastapi import HTTPException

    raise HTTPException(404)


def add_routes(app: FastAPI, desk: Desk, operation: Operation, stopping: asyncio.Event) -> None:
    """Put all routes but those of the page on `app`."""
    from fastapi import HTTPException
    from fastapi.responses import FileResponse
    from starlette.routing import Route

    from ui.access.login import login_routes
    from ui.api.answering import Answering
    from ui.api.ask import ask_routes
    from ui.api.chat_completions import chat_routes
    from ui.api.library import document_routes, feedback_routes
    from ui.api.mcp_door import McpDoor
    from ui.api.system import system_routes

    @app.get("/desk/{name}", include_in_schema=False)
    def asset(name: str) -> FileResponse:
        if name not in ASSETS:
            raise HTTPException(status_code=404)
        return FileResponse(FOLDER / name, headers={"Cache-Control": "no-cache"})

    answering = Answering(desk, operation.gate)
    seconds = operation.settings.session_hours * 3600
    pages = page_paths(desk.language)
    app.include_router(system_routes(desk, operation.metrics, stopping))
    app.include_router(login_routes(operation.rules.accounts, operation.audit, session_seconds=seconds, pages=pages))
    app.include_router(ask_routes(answering))
    app.include_router(document_routes(desk, operation.library))
    app.include_router(feedback_routes(operation.feedback, operation.metrics))
    app.include_router(chat_routes(answering, int(time.time())))
    app.router.routes.append(Route("/mcp", McpDoor(answering, operation.questions), include_in_schema=False))


def add_guards(
    app: FastAPI, operation: Operation, stopping: asyncio.Event, pages: Mapping[str, tuple[str, str]]
) -> None:
    """Put the guards before the application; the one that is added last is passed first."""
    from ui.access.door import Access, Behind
    from ui.api.bounds import Bounds, Watched
    from ui.guards import LetGo, Nowhere, OnlyNeeded, SecureHeaders

    settings = operation.settings
    upload = settings.upload_megabytes * 1_000_000
    app.add_middleware(LetGo, stopping=stopping)
    app.add_middleware(OnlyNeeded)
    app.add_middleware(Nowhere)
    app.add_middleware(Bounds, upload=upload, questions=operation.questions, others=operation.others)
    app.add_middleware(Access, rules=operation.rules)
    app.add_middleware(Watched, metrics=operation.metrics, journal=operation.journal)
    app.add_middleware(SecureHeaders, pages=pages)
    app.add_middleware(Behind, proxies=settings.proxies, root_path=settings.root_path, user_header=settings.user_header)


def page_paths(first: Language) -> dict[str, Language]:
    """Return the path of the page in each language: the first language at `/`, the other at `/en/` or `/nl/`."""
    return {"/" if language == first else f"/{language}/": language for language in LANGUAGES}
