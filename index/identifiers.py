"""An identifier of an official publication in any spelling goes in, the one official spelling comes out."""

from __future__ import annotations

import re

_OFFICIAL = re.compile(
    r"((?:ah|kv|kst|blg|h|ag|nds)(?:-(?:tk|ek|vv))?|stb|stcrt|trb|gmb|prb|bgr|wsb)-([\w().-]{1,60})", re.IGNORECASE
)
_SUFFIX = re.compile(r"-([HN])(\d{1,2})$")


def canonical(identifier: str) -> str:
    """Return an identifier as official ones are written: `ah-tk-20222023-1751`, `kv-tk-2024Z12345-h1`.

    Identifiers that are not official come back as they are, without spaces around them.
    """
    words = identifier.strip()
    match = _OFFICIAL.fullmatch(words)
    if match is None:
        return words
    rest = _SUFFIX.sub(lambda suffix: suffix[0].lower(), match[2].upper())
    return f"{match[1].lower()}-{rest}"


def is_official(identifier: str) -> bool:
    """Whether this is an identifier of an official publication, in any spelling."""
    return _OFFICIAL.fullmatch(identifier) is not None and any(sign.isdigit() for sign in identifier)
