"""A setting goes in, out comes which server of Milvus and which collections there; knows no connection."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from index.errors import SettingsError

PREFIX = "milvus:"
INDEX_TYPES = ("AUTOINDEX", "FLAT", "HNSW", "HNSW_SQ", "IVF_FLAT", "IVF_SQ8", "IVF_RABITQ", "DISKANN")

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_DEFAULT_NAME = "vraagbaak"


@dataclass(frozen=True, slots=True)
class MilvusAddress:
    """Where a store is kept: `uri` is the server, `name` begins the name of each of its collections.

    `index` is the kind of index that Milvus makes of the vectors; `token` is never shown.
    """

    uri: str
    name: str = _DEFAULT_NAME
    index: str = INDEX_TYPES[0]
    token: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{PREFIX}{self.uri}/{self.name}"


def is_milvus(setting: str) -> bool:
    """Whether a setting `store` names a server of Milvus rather than a folder."""
    return setting.startswith(PREFIX)


def parse_address(setting: str, token: str | None = None) -> MilvusAddress:
    """Return what `milvus:http://HOST:PORT[/NAME][?index=KIND]` stands for; raise `SettingsError` for another form."""
    try:
        parts = urlsplit(setting.removeprefix(PREFIX))
        asked = parse_qs(parts.query, strict_parsing=bool(parts.query))
        port = parts.port
    except ValueError as error:
        raise SettingsError("milvus.address", setting=setting) from error
    name = parts.path.strip("/") or _DEFAULT_NAME
    index = asked.pop("index", [INDEX_TYPES[0]])[0].upper()
    # A password in an address would be shown wherever the store is named.
    fits = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc and not parts.fragment
    if not fits or not _NAME.fullmatch(name) or index not in INDEX_TYPES or asked:
        raise SettingsError("milvus.address", setting=setting if "@" not in parts.netloc else PREFIX)
    default = 443 if parts.scheme == "https" else 19530
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return MilvusAddress(f"{parts.scheme}://{host}:{port or default}", name, index, token)
