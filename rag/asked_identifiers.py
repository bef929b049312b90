"""A question goes in, out come the documents that it names by number, and which of their questions it asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.known import Known
from index.values import Filters
from rag.asked_names import Part

_IDENTIFIER = re.compile(
    r"\b(?:20\d\d[A-Z]\d{4,6}"  # a case: 2020Z02502
    r"|(?P<number>\d{2}[ .]?\d{3})(?:[, -]{1,2}(?:nr\.? ?)?)(?P<part>\d{1,5})"  # a Kamerstuk: 28 638, nr. 214
    r"|(?:aanhangsel(?:nummer)?|ah)(?: nr\.?| nummer)? (?P<answer>\d{1,5})"  # an answer by its number
    r"|[A-Z]{2,6}\d{5,8}|[a-z]+(?:-[0-9a-z]+)*-[0-9a-z]*\d[0-9a-z]*)\b",  # BWBR0003984, ah-tk-20232024-2271
    re.IGNORECASE,
)
_LIST = r"\d{1,3}(?:\s?(?:,|en|and|t/m|tot en met|-)\s?\d{1,3}){0,9}"
_ASKED_BEFORE = re.compile(
    rf"(?:\b(?:het|de|the) )?(?:\b(?:antwoord(?:en)?|answers?) (?:op|to) )?"
    rf"\b(?P<asked>(?:vra(?:ag|gen)|questions?)\s(?P<list>{_LIST}))\s(?:van|uit|in|bij|of|from)\s[^?.,;]{{0,40}}$",
    re.IGNORECASE,
)
_ASKED_AFTER = re.compile(
    rf"^\)?[,:]?\s(?:(?:bij|op)\s)?(?P<asked>(?:vra(?:ag|gen)|questions?)\s(?P<list>{_LIST}))", re.IGNORECASE
)
_THROUGH = re.compile(r"(\d+)\s?(?:t/m|tot en met|-)\s?(\d+)")
_CASE = re.compile(r"20\d\d[A-Z]\d+")


@dataclass(slots=True)
class Named:
    """What a question names by number: the filters, the stretches they take up, and what the store does not have."""

    parts: list[Part] = field(default_factory=list)
    cuts: list[tuple[int, int]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def named_documents(question: str, known: Known) -> Named:
    """Return the documents named by number, the questions of them that are asked for, and what is not there."""
    named = Named()
    for match in _IDENTIFIER.finditer(question):
        documents = known.documents(_official(match))
        if not documents:
            if _CASE.fullmatch(match[0]) or match["answer"]:
                named.unknown.append(match[0])
            continue
        own = Filters(documents=documents)
        named.parts.append(Part("document", match.start(), match.end(), own))
        before, after = _ASKED_BEFORE.search(question[: match.start()]), _ASKED_AFTER.match(question[match.end() :])
        found, shift = (before, 0) if before else (after, match.end())
        start, end = match.span() if before is None else (before.start(), match.end())
        named.cuts.append((start, end if found is not after or found is None else shift + found.end()))
        if found is None:
            continue
        start, end, numbers = shift + found.start("asked"), shift + found.end("asked"), _numbers(found["list"])
        if known.holds(Filters(documents=documents, numbers=numbers)):
            named.parts.append(Part("question", start, end, Filters(numbers=numbers)))
        else:
            named.unknown.append(f"{question[start:end]} ({match[0]})")
    return named


def _official(match: re.Match[str]) -> str:
    if match["number"]:
        return f"kst-{re.sub(r'[ .]', '', match['number'])}-{match['part']}"
    return f"*ah-*-{match['answer']}" if match["answer"] else match[0]


def _numbers(text: str) -> tuple[int, ...]:
    numbers = {int(number) for number in re.findall(r"\d+", text)}
    for first, last in _THROUGH.findall(text):
        numbers |= set(range(int(first), int(last) + 1))
    return tuple(sorted(numbers))
