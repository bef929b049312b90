"""The page where one logs in, and the two acts behind it; a session is a cookie that no script can read."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from index.language import Language, say
from ui.access.accounts import LONGEST
from ui.access.door import COOKIE
from ui.access.limits import Limit
from ui.access.values import caller_of
from ui.frame import STATEMENTS, footer, plain_bar
from ui.refusals import language_of, path_of
from ui.shell import VIEW, head

if TYPE_CHECKING:
    from fastapi import Response

    from ui.access.accounts import Accounts
    from ui.audit import Audit

TRIES_A_MINUTE = 10
"""How often one may try to log in, from one address and under one name."""

_PAGE = Markup("""<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>{head}</head>
<body class="beside login">{bar}<main id="main"><h1>{title}</h1>{alert}
<form method="post" action="{action}"><input type="hidden" name="next" value="{wanted}">
<label class="field"><span>{name}</span>
<input name="name" autocomplete="username" required maxlength="64" autocapitalize="none" spellcheck="false"></label>
<label class="field"><span>{password}</span>
<input name="password" type="password" autocomplete="current-password" required maxlength="256"></label>
<button class="primary" type="submit">{enter}</button></form></main><footer>{footer}</footer></body></html>
""")
_WITHIN = re.compile(rf"(?:library|document|{'|'.join(STATEMENTS)})?(?:\?[\w.~%&=+-]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Way:
    """Where one goes on to after logging in: a page or a view of ours, and the language of that."""

    wanted: str
    language: Language


def login_routes(accounts: Accounts, audit: Audit, *, session_seconds: int, pages: Mapping[str, Language]) -> APIRouter:
    """Return `/login` and `/logout`; `pages` are the paths of the page in each language, whereto one may be sent on."""
    router = APIRouter(include_in_schema=False)
    by_address, by_name = Limit(TRIES_A_MINUTE, TRIES_A_MINUTE), Limit(TRIES_A_MINUTE, TRIES_A_MINUTE)

    @router.get("/login")
    def page(request: Request, next: str = "") -> HTMLResponse:
        return _page(request, pages, _way(request, pages, next))

    @router.post("/login")
    async def log_in(request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=8, max_part_size=4096)
        name, password, wanted = (str(form.get(field, "")) for field in ("name", "password", "next"))
        way = _way(request, pages, wanted)
        address = request.client.host if request.client else ""
        wait = max(by_address.take(address), by_name.take(name[:64]))
        if wait:
            return _page(request, pages, way, "access.too_often", status=429, wait=math.ceil(wait))
        session = None
        if name and len(password) <= LONGEST:
            session = await run_in_threadpool(accounts.log_in, name, password)
        if session is None:
            # An unknown name is not noted: it may be a password in the wrong field.
            audit.note(name if accounts.knows(name) else "?", "login refused", address=address)
            return _page(request, pages, way, "access.wrong", status=401)
        audit.note(name, "login", address=address)
        answer = RedirectResponse(request.scope.get("root_path", "") + way.wanted, status_code=303)
        _set_cookie(request, answer, session, session_seconds)
        return answer

    @router.post("/logout")
    async def log_out(request: Request) -> Response:
        session = request.cookies.get(COOKIE)
        if session:
            await run_in_threadpool(accounts.log_out, session)
            audit.note(caller_of(request.scope).name, "logout")
        form = await request.form(max_files=0, max_fields=8, max_part_size=4096)
        page = next((page for page in pages if pages[page] == form.get("language")), "/")
        answer = RedirectResponse(f"{request.scope.get('root_path', '')}/login?next={page}", status_code=303)
        _set_cookie(request, answer, "", 0)
        return answer

    return router


def _way(request: Request, pages: Mapping[str, Language], wanted: str) -> _Way:
    """Return whereto one goes on; without a place of ours the page in the language of the browser."""
    for page in sorted(pages, key=len, reverse=True):
        if wanted.startswith(page) and _WITHIN.fullmatch(wanted.removeprefix(page)):
            return _Way(wanted, pages[page])
    language = language_of(request.scope, pages["/"])
    return _Way(next(page for page in pages if pages[page] == language), language)


def _page(
    request: Request, pages: Mapping[str, Language], way: _Way, key: str = "", *, status: int = 200, **fields: object
) -> HTMLResponse:
    language, root = way.language, request.scope.get("root_path", "")
    alert = Markup('<p class="alert" role="alert">{}</p>').format(say(key, language, **fields)) if key else ""
    other, place = next((pages[page], page) for page in pages if pages[page] != language)
    here = next(page for page in pages if pages[page] == language)
    html = _PAGE.format(
        language=language,
        title=say("access.title", language),
        head=Markup(head(path_of(request.scope), (*VIEW, "account.js"))),
        bar=plain_bar(language, f"{root}{here}", (other, f"{root}/login?next={place}")),
        alert=alert,
        action=f"{root}/login",
        wanted=way.wanted,
        name=say("access.field_name", language),
        password=say("access.field_password", language),
        enter=say("access.enter", language),
        footer=footer(language, f"{root}{here}"),
    )
    wait = fields.get("wait")
    return HTMLResponse(html, status, {"Cache-Control": "no-store"} | ({"Retry-After": str(wait)} if wait else {}))


def _set_cookie(request: Request, answer: Response, session: str, seconds: int) -> None:
    """Give the browser a session: for no script, no other site and, where there is one, no insecure line."""
    path = request.scope.get("root_path", "") or "/"
    is_secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, session, max_age=seconds, path=path, secure=is_secure, httponly=True, samesite="lax")
