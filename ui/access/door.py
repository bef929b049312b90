"""A request comes in from anywhere; it goes on with its true origin and its caller, or is refused.

`Behind` takes a proxy's word, but of the proxies that are named only. `Access` lets in who may come in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.access.accounts import Accounts
from ui.access.hosts import Hosts, is_among, is_loopback, is_same_origin
from ui.access.values import Caller, set_caller
from ui.refusals import is_reader, path_of, said

COOKIE = "vraagbaak_session"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORWARDED = ("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-prefix", "forwarded")
_LONGEST_NAME = 128
_NEVER = ("x-gradio-server",)
_UNNAMED = "vraagbaak.unnamed_proxy"
_STATEMENTS = ("/privacy", "/accessibility")
# Leaving is open too: of two tabs that leave at once, one has no session any more.
_OPEN = frozenset({"/healthz", "/readyz", "/login", "/logout"})


class Behind:
    """ASGI middleware that takes over what the `proxies` say of a request, and forgets it when others say it.

    Scheme, host and client then are those of the browser, and the path begins with `root_path`, whether the proxy
    has taken that away or not.
    """

    def __init__(self, app: ASGIApp, proxies: Iterable[str], root_path: str, user_header: str) -> None:
        self.app = app
        self.proxies = tuple(proxies)
        self.root_path = root_path
        self.user_header = user_header.lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as the browser sent it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        scope = dict(scope, headers=list(scope["headers"]))
        headers = MutableHeaders(scope=scope)
        peer = (scope.get("client") or ("", 0))[0]
        if is_among(peer, self.proxies):
            self._believe(scope, headers)
        else:
            scope[_UNNAMED] = any(name in headers for name in _FORWARDED)
            if self.user_header:
                del headers[self.user_header]
        for name in (*_FORWARDED, *_NEVER):
            del headers[name]
        path = str(scope["path"])
        if self.root_path and path != self.root_path and not path.startswith(self.root_path + "/"):
            scope["path"] = self.root_path + path
        scope["root_path"] = self.root_path
        await self.app(scope, receive, send)

    def _believe(self, scope: Scope, headers: MutableHeaders) -> None:
        scheme = headers.get("x-forwarded-proto", "").split(",")[0].strip()
        if scheme in ("http", "https"):
            scope["scheme"] = scheme
        host = headers.get("x-forwarded-host", "").split(",")[0].strip()
        if host:
            headers["host"] = host
        # The last address that is none of our proxies: those before it may be anyone's invention.
        for address in reversed(headers.get("x-forwarded-for", "").split(",")):
            if address.strip() and not is_among(address.strip(), self.proxies):
                scope["client"] = (address.strip(), 0)
                break


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may come in: anyone (`asks_who` false) or known callers; under which names; whom a proxy may name."""

    hosts: Hosts
    accounts: Accounts
    asks_who: bool = False
    only_here: bool = True
    user_header: str = ""
    open_paths: frozenset[str] = field(default=_OPEN)


class Access:
    """ASGI middleware that refuses foreign hosts and origins and strangers, and notes who the caller is."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self.app = app
        self.rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its caller, or answer it with the reason why not."""
        if scope["type"] == "websocket":  # nothing of ours needs one
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused = self._foreign(scope, headers)
        caller = None if refused else self._caller(scope, headers)
        if caller is None and not refused and not self._is_open(path_of(scope)):
            refused = self._stranger(scope)
        if refused:
            await refused(scope, receive, send)
            return
        if caller is not None:
            set_caller(scope, caller)
        await self.app(scope, receive, send)

    def _foreign(self, scope: Scope, headers: Headers) -> Response | None:
        """Refuse a request under a name that is not ours, or that the page of another site sends."""
        host = headers.get("host", "")
        if not self.rules.hosts.are_ours(host):
            return said(scope, 400, "access.host")
        if scope.get(_UNNAMED) and self.rules.only_here and not self.rules.asks_who:
            # A proxy that nobody named would make all the world this machine's own user.
            return said(scope, 403, "access.proxy")
        if scope["method"] in _SAFE:
            return None
        # A browser says so itself where it can, and no page can change that; else it names the page's origin.
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None:
            is_foreign = site not in ("same-origin", "none")
        elif origin is not None:
            is_foreign = not is_same_origin(origin, scope["scheme"], host)
        else:  # no browser, then, and so without a session either
            is_foreign = COOKIE in headers.get("cookie", "")
        return said(scope, 403, "access.origin") if is_foreign else None

    def _caller(self, scope: Scope, headers: Headers) -> Caller | None:
        """Return who calls: by a key, by a trusted proxy's word, by a session, or anyone where nobody is asked."""
        accounts = self.rules.accounts
        kind, _, key = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and (found := accounts.by_key(key.strip())):
            return found
        named = headers.getlist(self.rules.user_header) if self.rules.user_header else []
        name = named[0].strip() if len(named) == 1 else ""  # of two, one is the browser's own
        if name and name.isprintable() and len(name) <= _LONGEST_NAME:
            return accounts.by_name(name)
        session = cookie_parser(headers.get("cookie", "")).get(COOKIE)
        if session and (found := accounts.by_session(session)):
            return found
        if self.rules.asks_who:
            return None
        address = str((scope.get("client") or ("", 0))[0])
        if self.rules.only_here and is_loopback(address or "localhost"):
            return Caller("", "administrator", "open")
        return Caller(address, "desk", "open")

    def _is_open(self, path: str) -> bool:
        return path in self.rules.open_paths or path.startswith("/desk/") or path.endswith(_STATEMENTS)

    def _stranger(self, scope: Scope) -> Response:
        if is_reader(scope):
            query = scope["query_string"].decode("latin-1")
            wanted = quote(path_of(scope) + (f"?{query}" if query else ""))
            return RedirectResponse(f"{scope.get('root_path', '')}/login?next={wanted}", status_code=303)
        return said(scope, 401, "access.stranger")
