"""Addresses in, whole bounded answers out: the only door to the web, polite and patient, and closed to other hosts.

No cookies, no proxies from the environment, no redirects that were not judged like the first address.
"""

from __future__ import annotations

import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from index.errors import FetchError
from index.fetch.hosts import Hosts, Target, shown
from index.fetch.pace import Pace

if TYPE_CHECKING:
    import httpx

_RETRYABLE = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})
_MOST_REDIRECTS = 5
_PIECE = 1024 * 1024
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How the web is asked: seconds of silence and of one whole answer, tries, and the largest answer in bytes.

    `backoff` is the first pause after a failure, in seconds, and doubles; `patience` is the longest that a server may
    ask to be left alone before one gives up.
    """

    silence: float = 30.0
    whole: float = 300.0
    attempts: int = 4
    backoff: float = 1.0
    patience: float = 300.0
    largest: int = 64 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer: `url` after redirects; `not_modified` tells that what one holds is still right."""

    url: str
    body: bytes
    type: str = ""
    etag: str = ""
    modified: str = ""
    not_modified: bool = False


class Client:
    """Asks hosts for whole answers; can be used by several threads at once. Close it at the end."""

    def __init__(self, hosts: Hosts, agent: str, pace: Pace, limits: Limits | None = None) -> None:
        """`agent` names the program to the servers."""
        self._hosts = hosts
        self._agent = agent
        self._pace = pace
        self._limits = limits or Limits()
        self._doors: dict[tuple[str, str, int], httpx.HTTPTransport] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        for door in self._doors.values():
            door.close()

    def check(self, url: str) -> None:
        """Raise `FetchError` for an address that would never be asked."""
        self._hosts.check(url)

    def get(self, url: str, *, accept: str = "*/*", etag: str = "", modified: str = "") -> Response:
        """Return the answer of an address, or that what `etag` and `modified` tell of is still right.

        Raises `FetchError`; one that is `gone` where the server says that there is nothing.
        """
        headers = {"Accept": accept}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": modified} if modified else {}
        for attempt in range(self._limits.attempts):
            host = self._hosts.check(url).name
            try:
                return self._followed(url, headers, attempt)
            except FetchError as error:
                if not error.retryable or attempt + 1 == self._limits.attempts:
                    raise
                wait = self._limits.backoff * 2**attempt if error.wait is None else error.wait
                if wait > self._limits.patience:
                    raise FetchError("fetch.later", url=shown(url), host=host, seconds=round(wait)) from error
                self._pace.hold(host, wait)
        raise AssertionError("at least one attempt is made")

    def _followed(self, url: str, headers: Mapping[str, str], attempt: int) -> Response:
        for _ in range(_MOST_REDIRECTS + 1):
            target = self._hosts.target(url, attempt)
            self._pace.wait(target.host.name)
            found = self._once(target, headers)
            if isinstance(found, Response):
                return found
            url = urljoin(url, found)
        raise FetchError("fetch.redirects", url=shown(url))

    def _once(self, target: Target, headers: Mapping[str, str]) -> Response | str:
        """Return the answer, or the address that it sends one on to."""
        import httpx

        where = shown(target.url)
        try:
            response = self._door(target).handle_request(self._request(target, headers))
            try:
                return self._taken(response, target.url)
            finally:
                response.close()
        except httpx.TimeoutException as error:
            raise FetchError("fetch.silent", retryable=True, url=where) from error
        except (httpx.RemoteProtocolError, httpx.ReadError) as error:
            raise FetchError("fetch.cut", retryable=True, url=where) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FetchError("fetch.unreachable", retryable=True, url=where) from error

    def _request(self, target: Target, headers: Mapping[str, str]) -> httpx.Request:
        import httpx

        host, silence = target.host, self._limits.silence
        name = f"[{host.name}]" if ":" in host.name else host.name
        usual = 80 if target.scheme == "http" else 443
        return httpx.Request(
            "GET",
            # Whatever another reading of the address would make of it: this host, this port, this address.
            httpx.URL(target.url).copy_with(scheme=target.scheme, host=target.address, port=host.port),
            headers={
                "Host": name if host.port == usual else f"{name}:{host.port}",
                "User-Agent": self._agent,
                "Accept-Encoding": "gzip",
                "Accept-Language": "nl",
                **headers,
            },
            extensions={
                "sni_hostname": host.name,
                "timeout": {"connect": silence, "read": silence, "write": silence, "pool": None},
            },
        )

    def _door(self, target: Target) -> httpx.HTTPTransport:
        """The connections to one host: another host at the same address has its own, with its own certificate."""
        import httpx

        with self._lock:
            key = (target.scheme, target.host.name, target.host.port)
            if key not in self._doors:
                # Without encryption there is no certificate to be looked at, and none to be loaded.
                verify = httpx.create_ssl_context() if target.scheme != "http" else False
                self._doors[key] = httpx.HTTPTransport(verify=verify)
            return self._doors[key]

    def _taken(self, response: httpx.Response, url: str) -> Response | str:
        status, heads = response.status_code, response.headers
        if status in _REDIRECTS:
            if "location" not in heads:
                raise FetchError("fetch.status", url=shown(url), status=status)
            return str(heads["location"])
        told = {name: heads.get(head, "") for name, head in (("etag", "etag"), ("modified", "last-modified"))}
        if status == 304:
            return Response(url, b"", not_modified=True, **told)
        if status in _GONE:
            raise FetchError("fetch.gone", gone=True, url=shown(url), status=status)
        if status != 200:
            wait = _seconds(heads.get("retry-after", ""))
            raise FetchError("fetch.status", retryable=status in _RETRYABLE, wait=wait, url=shown(url), status=status)
        return Response(url, self._body(response, url), heads.get("content-type", ""), **told)

    def _body(self, response: httpx.Response, url: str) -> bytes:
        """The whole body, unpacked piece by piece, so that a small answer never becomes an enormous one."""
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip"):
            raise FetchError("fetch.encoding", url=shown(url), encoding=shown(encoding))
        raw = self._pieces(response, url)
        unpacked = unzipped(raw, self._limits.largest, url) if encoding.endswith("gzip") else raw
        body = bytearray()
        for piece in unpacked:
            body += piece
            if len(body) > self._limits.largest:
                raise FetchError("fetch.too_large", url=shown(url), megabytes=self._limits.largest // MEGABYTE)
        return bytes(body)

    def _pieces(self, response: httpx.Response, url: str) -> Iterator[bytes]:
        told = response.headers.get("content-length", "")
        if told.isdigit() and int(told[:18]) > self._limits.largest:
            raise FetchError("fetch.too_large", url=shown(url), megabytes=self._limits.largest // MEGABYTE)
        started = time.monotonic()
        for piece in response.iter_raw():
            yield piece
            if time.monotonic() - started > self._limits.whole:
                raise FetchError("fetch.silent", retryable=True, url=shown(url))


def unzipped(pieces: Iterator[bytes], largest: int, url: str) -> Iterator[bytes]:
    """Unpack gzip piece by piece; raise `FetchError` where it is damaged, cut short or becomes larger than allowed."""
    unpacker, total = zlib.decompressobj(wbits=31), 0
    try:
        for piece in pieces:
            waiting = piece
            while waiting and not unpacker.eof:
                out = unpacker.decompress(waiting, _PIECE)
                total += len(out)
                if total > largest:
                    raise FetchError("fetch.too_large", url=shown(url), megabytes=largest // MEGABYTE)
                yield out
                waiting = unpacker.unconsumed_tail
    except zlib.error as error:
        raise FetchError("fetch.cut", retryable=True, url=shown(url)) from error
    if not unpacker.eof:
        raise FetchError("fetch.cut", retryable=True, url=shown(url))


def _seconds(told: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> float | None:
    """How long a server asks to be left alone: a number of seconds, or a moment."""
    words = told.strip()
    if words.isdigit():
        return float(words[:9])
    try:
        moment = parsedate_to_datetime(words)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now()).total_seconds())
