"""One value of a setting goes in as it was written, the checked value comes out; a wrong one is refused by name.

From the environment and from flags values come as text; lists are then written with commas.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

from index.errors import SettingsError

Check = Callable[[str, Any, str], Any]
"""Takes a setting's name, its value as it was written and where that came from; returns the value to be used."""

_SAID = {"true": True, "1": True, "ja": True, "yes": True, "false": False, "0": False, "nee": False, "no": False}
_SECRET = re.compile(r"(?<=//)[^/\s]*@|(?<=[?&])[^\s]*")
_HIDDEN = "…"
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_PLACE = re.compile(rf"{_HOST.pattern}(?::\d{{1,5}})?")
_ADDRESS = re.compile(rf"https?://{_PLACE.pattern}(?:/[A-Za-z0-9._~/-]*)?")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,60}")


def without_secrets(value: object) -> str:
    """Return a value as it may be shown: without the user, the password and the query of an address."""
    return _SECRET.sub(lambda found: _HIDDEN + ("@" if found[0].endswith("@") else ""), str(value))


def text(name: str, value: Any, source: str) -> str:
    """Any text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise SettingsError("settings.text", name=name, value=value, source=source)
    return value


def yes_or_no(name: str, value: Any, source: str) -> bool:
    """A boolean, or the word for one."""
    said = str(value).strip().lower()
    if said not in _SAID:
        raise SettingsError("settings.yes_no", name=name, value=value, source=source)
    return _SAID[said]


def number(lowest: int, highest: int, key: str = "settings.number") -> Check:
    """Return the check for a whole number between two others, both included."""

    def check(name: str, value: Any, source: str) -> int:
        try:
            whole = int(str(value))
        except ValueError:
            whole = lowest - 1
        if isinstance(value, bool) or not lowest <= whole <= highest:
            raise SettingsError(key, name=name, value=value, source=source, lowest=lowest, highest=highest)
        return whole

    return check


def one_of(*known: str, key: str = "settings.one_of") -> Check:
    """Return the check for one of some words."""

    def check(name: str, value: Any, source: str) -> str:
        if value not in known:
            raise SettingsError(key, name=name, value=value, source=source, known=", ".join(known))
        return str(value)

    return check


def model(name: str, value: Any, source: str) -> str:
    """A form that `rag.models` knows; an address with a password in it is refused, for others would see it."""
    from rag.models import load_model

    setting = text(name, value, source)
    try:
        load_model(setting)
        parts = urlsplit(setting.rpartition("@")[2])
        is_bare = not (parts.query or parts.fragment or parts.username) and parts.port != 0
    except (SettingsError, ValueError):
        is_bare = False
    if not is_bare:
        raise SettingsError("settings.model", value=without_secrets(setting), source=source)
    return setting


def names(name: str, value: Any, source: str) -> tuple[str, ...]:
    """A list of host names."""
    return _listed(name, value, source, lambda item: _HOST.fullmatch(item) is not None)


def places(name: str, value: Any, source: str) -> tuple[str, ...]:
    """A list of host names, each with its port where that is not the usual one."""
    return _listed(name, value, source, lambda item: _PLACE.fullmatch(item) is not None, "settings.places")


def address(name: str, value: Any, source: str) -> str:
    """The address of a service, without a user, a password or a query."""
    if isinstance(value, str) and _ADDRESS.fullmatch(value):
        return value
    raise SettingsError("settings.address", name=name, value=without_secrets(value), source=source)


def networks(name: str, value: Any, source: str) -> tuple[str, ...]:
    """A list of IP addresses or networks."""

    def is_network(item: str) -> bool:
        try:
            ip_network(item, strict=False)
        except ValueError:
            return False
        return True

    return _listed(name, value, source, is_network)


def path_or_none(name: str, value: Any, source: str) -> str:
    """Nothing, or a path that begins with a slash and does not end with one."""
    if value == "" or (isinstance(value, str) and re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", value)):
        return str(value)
    raise SettingsError("settings.path", name=name, value=value, source=source)


def header_or_none(name: str, value: Any, source: str) -> str:
    """Nothing, or the name of a header."""
    if value == "" or (isinstance(value, str) and _HEADER.fullmatch(value)):
        return str(value)
    raise SettingsError("settings.header", name=name, value=value, source=source)


def _listed(
    name: str, value: Any, source: str, is_right: Callable[[str], bool], key: str = "settings.list"
) -> tuple[str, ...]:
    items = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    if items == [""]:
        return ()
    if not isinstance(items, list):
        raise SettingsError(key, name=name, value=value, source=source)
    for item in items:
        if not isinstance(item, str) or not is_right(item):
            raise SettingsError(key, name=name, value=item, source=source)
    return tuple(items)
