"""JSON of the command goes in, the same without the folders of this machine comes out: callers need a file's name."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any


def public(value: Any) -> Any:
    """Return `value` with each `source` and each of `sources` by the name of its file alone."""
    if isinstance(value, list):
        return [public(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _names(item) if key in ("source", "sources") else public(item) for key, item in value.items()}


def _names(value: Any) -> Any:
    if isinstance(value, list):
        return [_names(item) for item in value]
    return PurePath(value).name if isinstance(value, str) else value
