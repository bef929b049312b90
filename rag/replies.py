"""A question goes in, out comes a short reply where no document is needed for one, from `replies.toml`.

Precise before complete: a reply is given only when the whole question is one of its phrases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from index.language import Language
from rag.phrases import any_of, folded, table, without_quotations


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said, and the name of the reply in the file."""

    name: str
    text: str


def reply_to(question: str, language: Language) -> Reply | None:
    """Return the reply to a question that needs no document; None for every other question."""
    asked = folded(without_quotations(question))
    bare = folded(without_courtesies(question))
    for name, phrase, said in _replies():
        if phrase.fullmatch(bare) or phrase.fullmatch(asked):
            return Reply(name, said[language])
    return None


def without_courtesies(question: str) -> str:
    """Return `question` without a greeting before it and thanks behind it; a courtesy alone stays as it is."""
    opening, closing = _courtesies()
    rest = closing.sub("", opening.sub("", question)).strip()
    return rest or question


@cache
def _courtesies() -> tuple[re.Pattern[str], re.Pattern[str]]:
    courtesy = any_of(table("replies")["lists"]["courtesy"])
    mark = r"\s*[,.!–-]+\s*"
    return (
        re.compile(rf"^(?:{courtesy}(?:{mark}|\s+(?=vraagbaak\b)(?:vraagbaak){mark}))+(?=\S)", re.IGNORECASE),
        re.compile(rf"(?<=[.?!,])\s*(?:{courtesy}(?:{mark}|\s*$))+$", re.IGNORECASE),
    )


@cache
def _replies() -> tuple[tuple[str, re.Pattern[str], dict[Language, str]], ...]:
    replies = table("replies")
    lists = replies["lists"]
    more = f"(?: {any_of(lists['filler'])}| {any_of(lists['courtesy'])})*"
    before = f"(?:{any_of(lists['filler'])} )?"
    return tuple(
        (
            name,
            re.compile(before + any_of(reply["when"], lists) + more),
            {"nl": reply["nl"], "en": reply["en"]},
        )
        for name, reply in replies.items()
        if name != "lists"
    )
