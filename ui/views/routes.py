"""A desk goes in, the views beside its conversation are put on a web application, in one language below one path."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from index.errors import SettingsError, VraagbaakError
from index.language import Language
from index.once_more import read_newest
from index.page_image import page_png
from rag.values import Answer
from ui.access.values import caller_of
from ui.desk import Desk
from ui.frame import STATEMENTS
from ui.holding import Held
from ui.keep import MOST, restored
from ui.limits import NAMES, read_limits
from ui.save import as_html, as_markdown, as_text
from ui.views.document import document_view
from ui.views.here import Here
from ui.views.library import Wanted, library_view
from ui.views.statement import statement_view

if TYPE_CHECKING:
    from fastapi import FastAPI

    from index.store.snapshot import Snapshot

_SAVED: dict[str, tuple[str, str, Callable[[Answer, Language, datetime], str]]] = {
    "text": ("text/plain", "txt", as_text),
    "markdown": ("text/markdown", "md", as_markdown),
    "html": ("text/html", "html", as_html),
}
_PNG = {"Cache-Control": "private, max-age=600"}


def add_views(app: FastAPI, desk: Desk, path: str, language: Language) -> None:
    """Put the views on `app` below `path` (`/`, `/en/`); they are no part of the described API."""
    router = APIRouter(prefix=path.rstrip("/"), include_in_schema=False, default_response_class=HTMLResponse)
    held = Held(desk)

    def here(request: Request, name: str) -> Here:
        rest = f"?{request.url.query}" if request.url.query else ""
        return Here(desk, language, path, name, rest, caller_of(request.scope))

    @router.get("/document")
    def document(request: Request, id: str, quote: Annotated[tuple[str, ...], Query()] = ()) -> Response:
        def shown(snapshot: Snapshot) -> str | None:
            reading = snapshot.reading(id)
            return document_view(here(request, "document"), snapshot, reading, quote[:100]) if reading else None

        found = read_newest(desk.store, shown)
        if found is not None:
            return HTMLResponse(found)
        gone = here(request, "document")
        return HTMLResponse(gone.html(gone.say("view.gone"), Markup("<h1>{}</h1>").format(gone.say("view.gone"))), 404)

    @router.get("/page")
    def page(id: str, page: int) -> Response:
        with desk.store.snapshot() as snapshot:
            original = snapshot.original(id)
            if original is None or original.suffix != ".pdf":
                raise HTTPException(404)
            try:
                return Response(page_png(original, page), media_type="image/png", headers=_PNG)
            except VraagbaakError as error:
                raise HTTPException(404, error.say(language)) from error

    @router.get("/library")
    def library(request: Request, q: str = "", page: int = 1) -> str:
        given = {name: request.query_params.getlist(name) for name in NAMES}
        try:
            filters = read_limits(given)
        except SettingsError as error:
            raise HTTPException(422, error.say(language)) from error
        wanted = Wanted(q.strip()[:500], filters, page)
        return read_newest(
            desk.store, lambda snapshot: library_view(here(request, "library"), snapshot, held.now(), wanted)
        )

    @router.post("/save/{form}")
    async def save(request: Request, form: str) -> Response:
        body = await _body(request)
        answer = await run_in_threadpool(_answer, desk, body, language)
        content, kind, suffix = await run_in_threadpool(_saved, desk, answer, form, language)
        name = f"vraagbaak-{''.join(filter(str.isalnum, answer.id.encode('ascii', 'ignore').decode()))[:12]}.{suffix}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=f"{kind}; charset=utf-8", headers=headers)

    for name in STATEMENTS:
        router.add_api_route(f"/{name}", _statement(here, name), methods=["GET"])
    app.include_router(router)


def _statement(here: Callable[[Request, str], Here], name: str) -> Callable[[Request], str]:
    def statement(request: Request) -> str:
        return statement_view(here(request, name))

    return statement


def _saved(desk: Desk, answer: Answer, form: str, language: Language) -> tuple[str, str, str]:
    """Return the content, the media type and the suffix of an answer in one of its forms."""
    from rag.receipt import make_receipt

    now = datetime.now(UTC)
    if form == "receipt":
        with desk.store.snapshot() as snapshot:
            receipt = make_receipt(answer, snapshot.text, desk.settings, now)
        return json.dumps(receipt, ensure_ascii=False, indent=1), "application/json", "json"
    if form not in _SAVED:
        raise HTTPException(404)
    kind, suffix, write = _SAVED[form]
    return write(answer, language, now.astimezone()), kind, suffix


def _answer(desk: Desk, body: str, language: Language) -> Answer:
    """Return the one answer that a browser kept and sends, its citations looked up again."""
    with desk.store.snapshot() as snapshot:
        turns = restored(body, snapshot, language)
    if len(turns) != 1:
        raise HTTPException(422)
    return turns[0].answer


async def _body(request: Request) -> str:
    """Return the body as text; one that is too large or no text is refused."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > 4 * MOST:
            raise HTTPException(413)
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise HTTPException(422) from error
