"""An identifier or an address in, a name that is safe as a file's name out: the same for every way of writing it."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from index.identifiers import canonical, is_official

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_().-]{0,99}")
_LONGEST = 60


def official(text: str) -> str | None:
    """Return the official identifier that a text is, in its canonical form; None when it is none."""
    words = canonical(text)
    return words if is_official(words) else None


def file_name(identifier: str) -> str:
    """Return a name for the files of a document: nothing in it leads out of a folder, and no two share one."""
    name = canonical(identifier)
    safe = _SAFE.fullmatch(name) is not None and not name.endswith(".") and ".." not in name
    if safe and (is_official(name) or name == name.lower()):
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:12]
    return f"{_slug(name)}-{digest}"


def name_of_address(url: str) -> str:
    """Return the identifier of what an address leads to: the official one in it, else one made of the address."""
    path = urlsplit(url).path
    last = path.rstrip("/").rpartition("/")[2].rsplit(".", 1)[0]
    if last.lower() == "metadata":
        last = path.rstrip("/").split("/")[-2]
    named = official(last)
    return named or f"pagina-{_slug(last or urlsplit(url).netloc)}-{hashlib.sha256(url.encode()).hexdigest()[:12]}"


def folder_name(name: str) -> str:
    """Return the name of the folder for the files of a document: its series, or its sort."""
    start = name.rpartition("-")[0] if is_official(name) else name.partition("-")[0]
    return start.lower() if _SAFE.fullmatch(start) and ".." not in start else "overig"


def _slug(text: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:_LONGEST].strip("-")
    return words or "document"
