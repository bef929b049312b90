"""A host name or an address goes in, whether it is one of ours comes out."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether `host` can be reached from this machine alone."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def name_of(host: str) -> str:
    """Return the name in a Host header, without its port, in lower case; empty when there is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


class Hosts:
    """The names under which the desk answers: `named` and this machine's own.

    Where it listens to this machine alone, no others: a page of another site could otherwise reach it under a name
    of its own that it lets point here. Where it listens to the network, every bare address is right too, because no
    other site can take that for a name.
    """

    def __init__(self, listens: str, named: Iterable[str]) -> None:
        self._named = frozenset(name.lower() for name in named)
        self._only_here = is_loopback(listens)
        own = {listens.lower(), socket.gethostname().lower()}
        self._own = frozenset[str]() if self._only_here else frozenset(own)

    def are_ours(self, host: str) -> bool:
        """Whether the Host header `host` names this desk."""
        name = name_of(host)
        if is_loopback(name) or name in self._named or name in self._own:
            return bool(name)
        return not self._only_here and _is_address(name)


def is_same_origin(origin: str, scheme: str, host: str) -> bool:
    """Whether `origin` is the site that is reached by `scheme` under the Host header `host`."""
    try:
        sent, ours = urlsplit(origin), urlsplit(f"{scheme}://{host}")
        usual = {"http": 80, "https": 443}
        ports = (sent.port or usual.get(sent.scheme), ours.port or usual.get(scheme))
    except ValueError:
        return False
    return (sent.scheme, sent.hostname) == (ours.scheme, ours.hostname) and ports[0] == ports[1]


def is_among(address: str, networks: Iterable[str]) -> bool:
    """Whether an IP address is one of `networks`, or in one."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in ip_network(network, strict=False) for network in networks)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
