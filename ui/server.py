"""A desk goes in, its page is served until it is stopped: address, security headers, health. Knows no Gradio."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import sys
from contextlib import suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING

from index.errors import SettingsError
from index.language import LANGUAGES, Language, say
from ui.desk import Desk
from ui.shell import ASSETS, FOLDER, head

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

FINISH = 30
"""How many seconds answers under way get when the server is told to stop."""
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")


def serve(desk: Desk, host: str, port: int) -> None:
    """Serve the page at `http://host:port` until Ctrl+C; a port that cannot be had is a `SettingsError`."""
    listening = listen(host, port)
    server = make_server(desk, host)
    name = f"[{host}]" if ":" in host else host
    url = f"http://{name}:{listening.getsockname()[1]}"
    sys.stderr.write(say("page.ready", desk.language, url=url) + "\n")
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listening])


def make_server(desk: Desk, host: str = "127.0.0.1") -> uvicorn.Server:
    """Return the server of the page; when it is told to stop, answers under way are finished first."""
    import uvicorn

    stopping = asyncio.Event()

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            stopping.set()
            await super().shutdown(sockets)

    app = create_app(desk, host, stopping)
    return Server(
        uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=FINISH
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


def create_app(desk: Desk, host: str, stopping: asyncio.Event) -> FastAPI:
    """Return the web application: our own files, `/healthz`, and the page in each language.

    `stopping` is set when the server is told to stop.
    """
    from fastapi import FastAPI
    from fastapi.responses import FileResponse
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    from ui.guards import LetGo, OnlyNeeded, SecureHeaders
    from ui.page import mount

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/desk/{name}")
    def asset(name: str) -> FileResponse:
        from fastapi import HTTPException

        if name not in ASSETS:
            raise HTTPException(status_code=404)
        return FileResponse(FOLDER / name, headers={"Cache-Control": "no-cache"})

    paths = page_paths(desk.language)
    for path in sorted(paths, key=len, reverse=True):  # "/" last: it takes whatever the others leave
        mount(app, desk, path, paths[path])
    app.add_middleware(LetGo, stopping=stopping)
    app.add_middleware(OnlyNeeded)
    app.add_middleware(SecureHeaders, pages={path: (lang, head(path)) for path, lang in paths.items()})
    if is_loopback(host):
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(LOOPBACK))
    return app


def page_paths(first: Language) -> dict[str, Language]:
    """Return the path of the page in each language: the first language at `/`, the other at `/en/` or `/nl/`."""
    return {"/" if language == first else f"/{language}/": language for language in LANGUAGES}


def is_loopback(host: str) -> bool:
    """Whether `host` can be reached from this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
