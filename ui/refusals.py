"""A request that cannot be served goes in, one sentence in the reader's language and the caller's form comes out."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse

from index.language import Language, say

_TYPES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error"}


def language_of(scope: MutableMapping[str, Any], usual: Language = "nl") -> Language:
    """Return the first of our languages that the request names, else the usual one."""
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


def refusal(
    scope: MutableMapping[str, Any], status: int, sentence: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return a refusal; below `/v1` in the form that clients of OpenAI's API understand."""
    if path_of(scope).startswith("/v1/"):
        kind = _TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")
        error = {"message": sentence, "type": kind, "param": None, "code": None}
        return JSONResponse({"error": error}, status, headers)
    if "/gradio_api/" in path_of(scope):
        return JSONResponse({"error": sentence, "detail": sentence}, status, headers)
    return JSONResponse({"error": sentence}, status, headers)


def said(scope: MutableMapping[str, Any], status: int, key: str, /, **fields: object) -> JSONResponse:
    """Return a refusal by the key of its sentence; `wait`, where given, is in seconds and becomes a header too."""
    wait = fields.get("wait")
    headers = {"Retry-After": str(wait)} if wait is not None else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return refusal(scope, status, say(key, language_of(scope), **fields), headers)
