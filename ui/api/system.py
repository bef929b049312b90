"""`/healthz`, `/readyz`, `/metrics` and the description of the API: for those who keep the desk running."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from markupsafe import Markup

from index.errors import VraagbaakError
from index.language import Language, say
from ui.frame import plain_bar
from ui.metrics import CONTENT_TYPE, Metrics
from ui.refusals import path_of
from ui.shell import VIEW, head

if TYPE_CHECKING:
    import asyncio

    from ui.desk import Desk

DESCRIPTION = "/api/openapi.json"


def system_routes(desk: Desk, metrics: Metrics, stopping: asyncio.Event) -> APIRouter:
    """Return the routes; `stopping` is set when the server was told to stop."""
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    def healthz() -> Response:
        return JSONResponse({"status": "ok"})

    @router.get("/readyz")
    def readyz() -> Response:
        if stopping.is_set():
            return JSONResponse({"status": "stopping"}, 503)
        try:
            with desk.store.snapshot() as snapshot:
                return JSONResponse({"status": "ok", "generation": snapshot.generation})
        except VraagbaakError:
            return JSONResponse({"status": "no store"}, 503)

    @router.get("/metrics")
    def figures() -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    @router.get("/api/docs")
    def description(request: Request) -> HTMLResponse:
        return HTMLResponse(_page(request.app.openapi(), request, desk.language))

    return router


def _page(api: dict[str, Any], request: Request, first: Language) -> str:
    """Return the description of the API as one plain page, in English as all names in it are.

    It asks for nothing from elsewhere. `first` is the language of the page at `/`.
    """
    parts = [
        _operation(method, path, operation)
        for path, operations in api["paths"].items()
        for method, operation in operations.items()
    ]
    schemas = [
        Markup('<section id="{}"><h3>{}</h3><p>{}</p><ul>{}</ul></section>').format(
            name, name, schema.get("description", ""), Markup().join(_property(*item) for item in _properties(schema))
        )
        for name, schema in api.get("components", {}).get("schemas", {}).items()
    ]
    page = request.scope.get("root_path", "") + ("/" if first == "en" else "/en/")
    return Markup(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width, initial-scale=1"><title>{}</title>{}</head><body class="beside api">{}'
        '<main id="main"><h1>{}</h1><p>{}</p><p><a href="openapi.json">openapi.json</a></p>{}<h2>{}</h2>{}</main>'
        "</body></html>"
    ).format(
        say("api.title", "en"),
        Markup(head(path_of(request.scope), VIEW)),
        plain_bar("en", page),
        say("api.title", "en"),
        say("api.description", "en"),
        Markup().join(parts),
        say("api.schemas", "en"),
        Markup().join(schemas),
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> Markup:
    takes = [schema for content in operation.get("requestBody", {}).get("content", {}).values() for schema in [content]]
    lines = [
        Markup("<li><code>{}</code> ({}) {}</li>").format(p["name"], p["in"], _kind(p.get("schema", {})))
        for p in operation.get("parameters", [])
    ]
    lines += [Markup("<li>{}</li>").format(_kind(content.get("schema", {}))) for content in takes]
    answers = [
        Markup("<li>{} {}</li>").format(status, answer.get("description", ""))
        for status, answer in sorted(operation["responses"].items())
    ]
    return Markup(
        "<section><h2><code>{} {}</code></h2><p>{}</p><ul>{}</ul><details><summary>{}</summary><ul>{}</ul></details>"
        "</section>"
    ).format(
        method.upper(),
        path,
        operation.get("summary", ""),
        Markup().join(lines),
        ", ".join(sorted(operation["responses"])),
        Markup().join(answers),
    )


def _properties(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return list(schema.get("properties", {}).items())


def _property(name: str, schema: dict[str, Any]) -> Markup:
    return Markup("<li><code>{}</code>: {} {}</li>").format(name, _kind(schema), schema.get("description", ""))


def _kind(schema: dict[str, Any]) -> Markup:
    """Return a schema in a few words, with a link where it is one of those below."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Markup('<a href="#{}">{}</a>').format(name, name)
    if "anyOf" in schema:
        return Markup(" | ").join(_kind(part) for part in schema["anyOf"])
    if "enum" in schema:
        return Markup("{}").format(" | ".join(str(value) for value in schema["enum"]))
    if schema.get("type") == "array":
        return Markup("[{}]").format(_kind(schema.get("items", {})))
    return Markup("{}").format(schema.get("type", schema.get("const", "")))
