"""A request that cannot be served goes in, one sentence in the reader's language and the caller's form comes out."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from markupsafe import Markup
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, Response

from index.language import Language, say
from ui.frame import plain_bar
from ui.shell import VIEW, head

_TYPES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error"}


def language_of(scope: MutableMapping[str, Any], usual: Language = "nl") -> Language:
    """Return the language of the page that is asked for, else the first of ours that the request names."""
    path = path_of(scope)
    if path.startswith("/en/"):
        return "en"
    if path.startswith("/nl/"):
        return "nl"
    for part in Headers(scope=scope).get("accept-language", "").lower().split(","):
        name = part.strip()[:2]
        if name == "nl":
            return "nl"
        if name == "en":
            return "en"
    return usual


def path_of(scope: MutableMapping[str, Any]) -> str:
    """Return the path of a request without the path that a proxy put before it."""
    return str(scope.get("path", "")).removeprefix(str(scope.get("root_path", ""))) or "/"


def is_reader(scope: MutableMapping[str, Any]) -> bool:
    """Whether someone at a browser asks for a page."""
    return scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")


def refusal(
    scope: MutableMapping[str, Any], status: int, sentence: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a refusal: a page for a reader, below `/v1` in the form that clients of OpenAI's API understand."""
    if path_of(scope).startswith("/v1/"):
        kind = _TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")
        error = {"message": sentence, "type": kind, "param": None, "code": None}
        return JSONResponse({"error": error}, status, headers)
    if is_reader(scope):
        return _page(scope, status, sentence, headers)
    if "/gradio_api/" in path_of(scope):
        return JSONResponse({"error": sentence, "detail": sentence}, status, headers)
    return JSONResponse({"error": sentence}, status, headers)


def said(scope: MutableMapping[str, Any], status: int, key: str, /, **fields: object) -> Response:
    """Return a refusal by the key of its sentence; `wait`, where given, is in seconds and becomes a header too."""
    wait = fields.get("wait")
    headers = {"Retry-After": str(wait)} if wait is not None else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return refusal(scope, status, say(key, language_of(scope), **fields), headers)


def _page(
    scope: MutableMapping[str, Any], status: int, sentence: str, headers: Mapping[str, str] | None
) -> HTMLResponse:
    language = language_of(scope)
    html = Markup(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width, initial-scale=1"><title>{}</title>{}</head><body class="beside">{}'
        '<main id="main"><h1>{}</h1><p><a href="{}/">{}</a></p></main></body></html>'
    ).format(
        language,
        say("page.title", language),
        Markup(head(path_of(scope), VIEW)),
        plain_bar(language, f"{scope.get('root_path', '')}/"),
        sentence,
        scope.get("root_path", ""),
        say("view.back", language),
    )
    return HTMLResponse(html, status, headers)
