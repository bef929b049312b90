"""An address in, the one place that may be contacted for it out: only configured hosts, only where they may lie.

The name of a host is looked up here, every address found is judged, and the connection is made to that very address:
an answer of the name server that changes between the judging and the connecting changes nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from index.errors import FetchError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]

_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?)*")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_STANDING = 60.0  # seconds that an address, once judged, is used before the name is looked up again


@dataclass(frozen=True, slots=True)
class Host:
    """A host that may be contacted. `inside`: it lies in one's own network, and may be asked without encryption."""

    name: str
    port: int = 443
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be contacted: `address` is the IP address to connect to, in the place of the host's name."""

    url: str
    scheme: str
    host: Host
    address: str


class Hosts:
    """The hosts that may be contacted; everything else is refused with a `FetchError`."""

    def __init__(self, allowed: Sequence[Host], resolve: Resolve | None = None) -> None:
        self._allowed = {(host.name, host.port): host for host in allowed}
        self._resolve = resolve or look_up
        self._known: dict[tuple[str, int], tuple[float, list[str]]] = {}
        self._lock = threading.Lock()

    def check(self, url: str) -> Host:
        """Return the configured host of an address, without looking anything up."""
        if len(url) > 4000 or any(ord(sign) <= 32 or ord(sign) >= 127 or sign == "\\" for sign in url):
            raise FetchError("fetch.address", url=shown(url))
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise FetchError("fetch.address", url=shown(url)) from error
        if parts.scheme not in ("https", "http") or parts.username is not None or parts.password is not None:
            raise FetchError("fetch.address", url=shown(url))
        name = (parts.hostname or "").lower().removesuffix(".")
        host = self._allowed.get((name, port or (443 if parts.scheme == "https" else 80)))
        if host is None:
            raise FetchError("fetch.host", host=shown(parts.netloc), url=shown(url))
        if parts.scheme == "http" and not host.inside:
            raise FetchError("fetch.unsafe", url=shown(url))
        return host

    def target(self, url: str, attempt: int = 0) -> Target:
        """Return where to connect for an address; another attempt takes the next of the host's addresses."""
        host = self.check(url)
        addresses = self._addresses(host, url)
        return Target(url, urlsplit(url).scheme, host, addresses[attempt % len(addresses)])

    def _addresses(self, host: Host, url: str) -> list[str]:
        with self._lock:
            since, addresses = self._known.get((host.name, host.port), (0.0, []))
        if addresses and time.monotonic() - since < _STANDING:
            return addresses
        try:
            addresses = list(dict.fromkeys(self._resolve(host.name, host.port)))
        except OSError as error:
            raise FetchError("fetch.unknown_host", retryable=True, host=host.name, url=shown(url)) from error
        if not addresses:
            raise FetchError("fetch.unknown_host", retryable=True, host=host.name, url=shown(url))
        if not host.inside and not all(map(is_public, addresses)):
            raise FetchError("fetch.inside", host=host.name, url=shown(url))
        with self._lock:
            self._known[host.name, host.port] = (time.monotonic(), addresses)
        return addresses


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, also when it is an IPv4 address inside an IPv6 one."""
    try:
        parsed: Address = ipaddress.ip_address(address)
    except ValueError:
        return False
    return all(map(_is_public, [parsed, *_inner(parsed)]))


def _inner(address: Address) -> list[Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found: list[Address | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    low = int(address) & 0xFFFFFFFF
    if address in _NAT64 or int(address) >> 32 == 0:
        found.append(ipaddress.IPv4Address(low))
    return [inner for inner in found if inner is not None]


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and (address.ipv4_mapped or address.sixtofour or address in _NAT64):
        return True  # what counts is the address inside
    refused = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
    return address.is_global and not refused and not address.is_link_local


def host_of(text: str, *, inside: bool = False) -> Host:
    """Return the host that `name`, `name:port` or a whole address names; raise `FetchError` when it names none."""
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        name, port = (parts.hostname or "").lower().removesuffix("."), parts.port
    except ValueError as error:
        raise FetchError("fetch.address", url=shown(text)) from error
    if not (_NAME.fullmatch(name) or _is_address(name)):
        raise FetchError("fetch.address", url=shown(text))
    return Host(name, port or (80 if parts.scheme == "http" else 443), inside)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def look_up(name: str, port: int) -> list[str]:
    """Return the IP addresses of a host, as the system knows them."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]).split("%")[0] for entry in found]


def shown(text: str) -> str:
    """Return an address as it may be shown: without signs that steer a terminal, and of a bearable length."""
    clean = "".join(sign if sign.isprintable() else "?" for sign in text)
    return clean if len(clean) <= 300 else clean[:300] + "…"
