"""A name goes in, out come the others that `abbreviations.txt` says are the same; knows no document."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from index.dutch import tokenise

ABBREVIATIONS_FILE = "abbreviations.txt"


def same_as(name: str) -> frozenset[str]:
    """Return the other names for a folded name, folded; none when it is not in the list."""
    return _groups().get(name, frozenset()) - {name}


def parse_groups(content: str) -> dict[str, frozenset[str]]:
    """Return for each folded name all of its line; a line is names with "=" between, "#" in front marks a remark."""
    groups: dict[str, frozenset[str]] = {}
    for line in content.splitlines():
        if "=" in line and not line.startswith("#"):
            names = frozenset(" ".join(tokenise(name)) for name in line.split("=")) - {""}
            groups |= {name: groups.get(name, frozenset()) | names for name in names}
    return groups


@cache
def _groups() -> Mapping[str, frozenset[str]]:
    return parse_groups((files("index") / ABBREVIATIONS_FILE).read_text(encoding="utf-8"))
