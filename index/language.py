"""Every sentence that a person reads, by key and language, from `texts/nl.toml` and `texts/en.toml`."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")


@cache
def catalogue(language: Language) -> dict[str, str]:
    """Return all sentences of one language, their keys joined with dots (`read.empty`)."""
    raw = (files("index") / "texts" / f"{language}.toml").read_text(encoding="utf-8")
    return dict(_flatten("", tomllib.loads(raw)))


def say(key: str, language: Language = "nl", **fields: object) -> str:
    """Return the sentence `key` with `fields` filled in; an unknown key is a `KeyError` (a fault of ours)."""
    return catalogue(language)[key].format(**fields)


def long_date(day: date, language: Language = "nl") -> str:
    """Return a date in words: `6 maart 2023`."""
    month = say("page.months", language).split()[day.month - 1]
    return say("page.date", language, day=day.day, month=month, year=day.year)


def _flatten(prefix: str, table: dict[str, Any]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in table.items():
        key = f"{prefix}.{name}" if prefix else name
        pairs += _flatten(key, value) if isinstance(value, dict) else [(key, str(value))]
    return pairs


def is_unicode(text: str) -> bool:
    """Whether a text from outside (a file's name, an argument) is Unicode; other bytes come as surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def one_line(text: str) -> str:
    """Return a text with what ends a line, or cannot be seen, written out: the name of a file may hold anything."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
