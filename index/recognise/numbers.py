"""Takes the words of a heading and gives its question numbers, and the label that names them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_SEPARATOR = r"\s{0,3}(?:,|&|en|t/m|tot\s?en\s?met|-|–)\s{0,3}"
# "3", "2 en 3", "1,2,3,4 en 5", "7, 8, 9 10 en 11", "2 t/m 6", "4-7"
NUMBERS = rf"\d{{1,3}}(?:(?:{_SEPARATOR}|\s{{1,3}})\d{{1,3}}){{0,40}}"
_RANGE = re.compile(r"(\d{1,3})\s{0,3}(?:t/m|tot\s?en\s?met|-|–)\s{0,3}(\d{1,3})")
_HEADING = re.compile(
    rf"\s{{0,8}}[*#]{{0,6}}\s{{0,3}}(?P<word>Vraag|Vragen|Antwoorden|Antwoord)(?:\s{{1,3}}op)?(?:\s{{1,3}}de)?"
    rf"(?:\s{{1,3}}vra(?:ag|gen))?\s{{0,3}}(?P<numbers>{NUMBERS})?\s{{0,3}}(?P<colon>:)?[*]{{0,3}}\s{{0,3}}(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A line "Vraag 2 en 3" or "Antwoord:"; `rest` is where text begins on the same line, at its end if none."""

    kind: Literal["question", "answer"]
    numbers: tuple[int, ...]
    rest: int


def parse_heading(line: str) -> Heading | None:
    """Return the heading a line is, or None; text on the same line must follow a colon."""
    if len(line) > 20_000 or not line[:20].lstrip(" *#\u2022\t").lower().startswith(("vra", "antwoord")):
        return None
    match = _HEADING.match(line.lstrip("\u2022 \t"))
    if match is None:
        return None
    skipped = len(line) - len(line.lstrip("\u2022 \t"))
    rest = match["rest"].strip()
    if rest and (match["colon"] is None or match["word"].lower() in ("vragen",)):
        return None
    kind: Literal["question", "answer"] = "question" if match["word"].lower().startswith("vra") else "answer"
    if match["numbers"] is None:
        if kind == "question":
            return None
        return Heading(kind, (), skipped + match.start("rest"))
    return Heading(kind, parse_numbers(match["numbers"]), skipped + match.start("rest"))


def parse_numbers(text: str) -> tuple[int, ...]:
    """Return the numbers that "2 t/m 4 en 7" names, in order, each once."""
    numbers: list[int] = []
    at = 0
    while match := re.compile(r"\d{1,3}").search(text, at):
        span = _RANGE.match(text, match.start())
        if span and int(span[1]) < int(span[2]) <= int(span[1]) + 60:
            numbers += range(int(span[1]), int(span[2]) + 1)
            at = span.end()
        else:
            numbers.append(int(match[0]))
            at = match.end()
    return tuple(dict.fromkeys(numbers))


def label(numbers: tuple[int, ...]) -> str:
    """Return "vraag 4", "vraag 2 en 3" or "vraag 3, 4 en 5"."""
    words = [str(number) for number in numbers]
    return "vraag " + (words[0] if len(words) == 1 else ", ".join(words[:-1]) + " en " + words[-1])
