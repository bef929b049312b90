"""What goes wrong with a request goes in, a status and one sentence come out; no detail of the program does."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from fastapi import HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException

from index.errors import EmbedderError, QuestionError, ReadError, SettingsError, StoreError, VraagbaakError
from ui.access.values import caller_of
from ui.api.mistakes import mistake
from ui.api.models import Error
from ui.gate import FullError
from ui.refusals import language_of, refusal, said

if TYPE_CHECKING:
    from fastapi import FastAPI

SENTENCES = {
    400: "The request cannot be read",
    401: "The caller is not known",
    403: "The caller may not do this",
    404: "There is no such thing",
    409: "Other work is not done yet",
    413: "The request is too large",
    422: "Something in the request is not as it should be",
    429: "Too many requests; the header Retry-After says how many seconds to wait",
    503: "Too many questions wait already, or the store cannot be read; try again later",
}
_BUSY = frozenset({"library.busy", "store.busy", "store.locked"})
_LARGE = frozenset({"library.too_large", "library.too_many"})


def responses(*statuses: int, model: type[BaseModel] = Error) -> dict[int | str, dict[str, Any]]:
    """Return what FastAPI puts into the description for these statuses, beside those that any request can get."""
    every = sorted({400, 401, 403, 413, 422, 429, *statuses})
    return {status: {"model": model, "description": SENTENCES[status]} for status in every}


def status_of(error: VraagbaakError) -> int:
    """Return the status for one of our own errors."""
    if error.key in _BUSY:
        return 409
    if isinstance(error, ReadError):
        return 413 if error.key in _LARGE else 422
    if isinstance(error, QuestionError | SettingsError | EmbedderError):
        return 422
    return 503


def handle_errors(app: FastAPI) -> None:
    """Let `app` answer every failure of a request in our form."""

    @app.exception_handler(VraagbaakError)
    def ours(request: Request, error: VraagbaakError) -> Response:
        if isinstance(error, StoreError):  # where the store lies is for the log alone
            logging.getLogger(__name__).error("%s", error)
            is_busy = error.key in _BUSY
            return said(request.scope, 409 if is_busy else 503, "library.busy" if is_busy else "api.store")
        return refusal(request.scope, status_of(error), error.say(language_of(request.scope)))

    @app.exception_handler(FullError)
    def full(request: Request, _error: FullError) -> Response:
        return said(request.scope, 503, "api.full", wait=5)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        return refusal(request.scope, 422, mistake(first, first["loc"][1:], language_of(request.scope)))

    @app.exception_handler(StarletteHTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        known = {400: "api.unreadable", 403: "access.administrator", 404: "api.nothing", 405: "api.method"}
        key = known.get(error.status_code, "api.unreadable" if error.status_code < 500 else "page.failed")
        answer = said(request.scope, error.status_code, key)
        answer.headers.update(error.headers or {})
        return answer


def administrator(request: Request) -> None:
    """Refuse who is no administrator; to be used as a dependency."""
    if not caller_of(request.scope).is_administrator:
        raise HTTPException(403)
