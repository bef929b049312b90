"""The lists of `vocabulary.toml` as sets of stems and as patterns; knows nothing of how they are used."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from index.dutch import stem, tokenise

_LISTED = re.compile(r"\{([a-z_]+)\}")


def entries(key: str) -> tuple[str, ...]:
    """Return the entries of list `key` ("answer.time") as regular expressions; `{name}` is a list of its table."""
    table, _, name = key.partition(".")
    lists = _tables()[table]

    def listed(found: re.Match[str]) -> str:
        return "(?:" + "|".join(lists[found[1]].split()) + ")"

    return tuple(_LISTED.sub(listed, entry).replace("_", r"\s+") for entry in lists[name].split())


def names(table: str) -> tuple[str, ...]:
    """Return the names of the lists in `table`, in order."""
    return tuple(_tables()[table])


@cache
def pattern(key: str, *, at_start: bool = False) -> re.Pattern[str]:
    """Return what matches any entry of `key` as a whole word, in any case; `at_start`: only at the beginning."""
    joined = "|".join(entries(key))
    return re.compile(rf"^(?:{joined})(?!\w)" if at_start else rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)


@cache
def stems(key: str) -> frozenset[str]:
    """Return the stems of the words of `key`."""
    return frozenset(stem(token) for token in tokenise(" ".join(entries(key))))


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("rag") / "vocabulary.toml").read_text(encoding="utf-8"))
