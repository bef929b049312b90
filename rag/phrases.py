"""Lists of phrases in an editable file go in, patterns come out; knows nothing of how they are used.

In a file a blank parts the phrases of a list, "_" stands for a blank within one, `{name}` for another list of the same
table; the rest is a regular expression over folded text: lower case, without accents, words parted by one blank.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

_QUOTED = re.compile(r"«[^»]*»|“[^”]*”|„[^”“]*[”“]|‘[^’]*’(?!\w)|\"[^\"]*\"")
_MARKS = re.compile(r"[\u0300-\u036f]")
_BETWEEN = re.compile(r"[^\w%€]+")


@cache
def table(name: str) -> Mapping[str, Any]:
    """Return the file `rag/NAME.toml`."""
    loaded: Mapping[str, Any] = tomllib.loads((files("rag") / f"{name}.toml").read_text(encoding="utf-8"))
    return loaded


def any_of(phrases: str, lists: Mapping[str, str] | None = None) -> str:
    """Return a regular expression, without groups of its own, for any of `phrases`."""
    known = {name: any_of(entries) for name, entries in (lists or {}).items()}
    joined = "|".join(entry.replace("_", " ") for entry in phrases.split())
    for name, expression in known.items():
        joined = joined.replace("{" + name + "}", expression)
    return f"(?:{joined})"


def folded(text: str) -> str:
    """Return `text` as the phrases are written: lower case, no accents, no punctuation, apostrophes closed up."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text.lower()))
    return _BETWEEN.sub(" ", re.sub(r"['’‘`´]", "", bare)).strip()


def without_quotations(text: str) -> str:
    """Return `text` without what stands between quotation marks: the words of someone else."""
    return _QUOTED.sub(" ", text)
