"""A question about the collection itself goes in, out comes what its metadata say: which, how many, who asked.

Knows no sentence of a document: what it says stands in notices, the documents meant in the list beside them, the
newest first. The phrases stand in `collection.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, cast

from index.dutch import stem
from index.language import Language, long_date, say
from index.profiles import ANSWERS_NOTHING
from index.values import Document, Filters
from rag.citations import quote_lines
from rag.evidence import Source, gather
from rag.frame import lead_in
from rag.heads import heads_of
from rag.need import needs_of
from rag.phrases import any_of, table
from rag.rank import rank_lines
from rag.values import Answer, Suggestion
from rag.words import content_tokens

if TYPE_CHECKING:
    from index.store.snapshot import Snapshot

Ask = Literal["list", "count", "asked_by", "asked_when", "answered_by", "dated", "latest"]

_LOOKED_AT = 300  # passages
_READ = 12  # of them, for what the documents say
_SHOWN = 10  # documents in a list
_LATEST_SHOWN = 3
_SHORTEST_END, _SHORTEST_START = 4, 6  # letters of a stem that says what a compound ends or begins with
LED_IN = ("answered_by", "dated")  # of these the lead-in of a quotation says what is asked
_KEPT_FIRST = ("answer", "questions", "oral", "postponement")  # which document of a case stands for it
_ROLE = re.compile(r"welke\s+(minister|staatssecretaris|wethouder)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
# A topic is a few words, no question of its own.
_TOPIC = (
    r"(?P<topic>(?:(?!\b(?:en|maar) (?:wat|hoe|waarom|wie|wanneer|hoeveel|welke?)\b"
    r"|\b(?:die|dat|waarin|waarop|gestuurd|verstuurd|verzonden|ontvangen|gedeeld|verstrekt|openbaar|aangenomen)\b)"
    r"[^?.,;:()]){2,80}?)"
)


@dataclass(frozen=True, slots=True)
class CollectionQuestion:
    """What is asked of the collection: the sort of question, the sort of documents (`things`), about what."""

    ask: Ask
    things: str
    topic: str
    role: str = ""  # of whom it is asked whether they answered: "welke staatssecretaris"


def is_lost(asked: CollectionQuestion, answer: Answer) -> bool:
    """Whether no document is the one that `asked` asks about, so that another may speak of it ("de brief over …")."""
    return answer.status == "unanswerable" and asked.ask in (*LED_IN, "asked_when")


def collection_question(question: str) -> CollectionQuestion | None:
    """Return what `question` asks of the collection; None for a question about what the documents say."""
    bare = question.strip(" ?!.")
    for ask, phrase in _phrases():
        match = phrase.fullmatch(bare)
        if match:
            named = match.groupdict()
            default = "questions" if ask in ("asked_by", "asked_when", "answered_by") else "documents"
            things = _things_of(named["things"]) if named.get("things") else default
            asked = _ROLE.match(bare)
            topic = re.sub(r"^the\s+", "", (named.get("topic") or "").strip(), flags=re.IGNORECASE)
            return CollectionQuestion(ask, things, topic, asked[1].lower() if asked else "")
    return None


def about_collection(
    snapshot: Snapshot, asked: CollectionQuestion, filters: Filters | None, answer: Answer, language: Language
) -> Answer:
    """Return `answer` filled in from the metadata of the documents within `filters`."""
    limits = filters or Filters()
    kinds = tuple(table("collection")["things"][asked.things]["kinds"])
    if kinds:
        both = tuple(kind for kind in kinds if kind in limits.kinds) if limits.kinds else kinds
        limits = replace(limits, kinds=both or ("none",))
    found = _about(snapshot, asked.topic, limits) if asked.topic else _all(snapshot, limits)
    if table("collection")["things"][asked.things]["by_case"]:
        found = _one_of_each_case(found)
    if asked.role:
        roles = ((one, {official.role for official in one.document.answered_by}) for one in found)
        found = [one for one, held in roles if not held or asked.role in held]
    found = sorted(found, key=lambda s: (s.document.date or date.min, s.document.document), reverse=True)
    shown = found[: _LATEST_SHOWN if asked.ask == "latest" else _SHOWN]
    notices = _said(asked, found, shown, language)
    status = "answered" if found else "unanswerable"
    quoted = _head_lines(snapshot, asked, shown) or (
        _first_words(snapshot, asked, shown) if asked.ask in LED_IN else []
    )
    sentences, citations = quote_lines(quoted)
    return replace(
        answer,
        status=cast("Any", status),
        notices=notices,
        suggestions=tuple(shown),
        sentences=sentences,
        citations=citations,
        lead=lead_in(citations, language, answered=asked.ask in LED_IN),
    )


def _head_lines(snapshot: Snapshot, asked: CollectionQuestion, shown: Sequence[Suggestion]) -> list[tuple[Source, int]]:
    """Return the lines at the heads of the newest documents that say what is asked."""
    phrases = table("collection")["heads"].get(asked.ask)
    if phrases is None:
        return []
    says = re.compile(rf"\b(?:{any_of(phrases)})\b", re.IGNORECASE)
    newest = [one.document.document for one in shown[:_LATEST_SHOWN]]
    sources = (source for name in newest for source in heads_of(snapshot, {name: 1.0}))
    return [(source, i) for source in sources for i, line in enumerate(source.lines) if says.search(line.text)]


def _first_words(
    snapshot: Snapshot, asked: CollectionQuestion, shown: Sequence[Suggestion]
) -> list[tuple[Source, int]]:
    """Return what each of the newest documents says of the topic: the lead-in says who said it, and when."""
    newest = tuple(one.document.document for one in shown[:_LATEST_SHOWN])
    sources = gather(snapshot, snapshot.search(asked.topic, _READ, Filters(documents=newest))).sources
    best: dict[str, tuple[Source, int]] = {}
    for pick in rank_lines(needs_of(asked.topic)[0], sources):
        best.setdefault(pick.source.document.document, (pick.source, pick.line))
    return [best[name] for name in newest if name in best]


def _said(
    asked: CollectionQuestion, found: Sequence[Suggestion], shown: Sequence[Suggestion], language: Language
) -> tuple[str, ...]:
    about = say("collection.about", language, topic=asked.topic) if asked.topic else ""
    number = "one" if len(found) == 1 else "more"
    things = say(f"collection.{asked.things}_{number}", language)
    if not found:
        return (say("collection.none", language, things=things, about=about),)
    said = [say("collection.found", language, count=len(found), things=things, about=about)]
    if asked.ask == "latest":
        newest = found[0].document
        said = [say("collection.latest", language, about=about, title=newest.title, date=_day(newest, language))]
    if asked.ask in ("asked_by", "asked_when", "answered_by"):
        said.append("\n".join(_people(asked.ask, s.document, language) for s in shown))
    if asked.ask == "dated":
        dated = ((s.document.title, _day(s.document, language)) for s in shown)
        said.append("\n".join(say("collection.dated", language, title=title, date=day) for title, day in dated))
    if len(shown) < len(found) and asked.ask != "latest":
        said.append(say("collection.newest_first", language, shown=len(shown)))
    return tuple(said)


def _people(ask: Ask, document: Document, language: Language) -> str:
    day = _day(document, language)
    if ask in ("asked_when", "asked_by") and document.asked:
        day = long_date(document.asked, language)
    if ask in ("asked_by", "asked_when"):
        names = [f"{one.name} ({one.party})" if one.party else one.name for one in document.askers]
    else:
        parts = [(one.name, one.role, one.department) for one in document.answered_by]
        names = [", ".join(part for part in one if part) for one in parts]
    nobody = "unanswered" if ask == "answered_by" and document.kind in ANSWERS_NOTHING else "nobody"
    who = "; ".join(name for name in names if name) or say(f"collection.{nobody}", language)
    return say("collection.person", language, who=who, title=document.title, date=day)


def _day(document: Document, language: Language) -> str:
    return long_date(document.date, language) if document.date else say("collection.undated", language)


def _about(snapshot: Snapshot, topic: str, limits: Filters) -> list[Suggestion]:
    """Return the documents whose title, topics, headings or questions hold every word of `topic`."""
    words = content_tokens(topic)
    found: dict[str, Suggestion] = {}
    for hit in snapshot.search(topic, _LOOKED_AT, limits, "lexical") if words else ():
        beside = (hit.passage.context, hit.passage.question or "")
        if hit.document.document not in found and _holds(words, hit.document, beside):
            found[hit.document.document] = Suggestion(hit.passage, hit.document)
    for document in snapshot.documents() if words else ():
        if document.document not in found and _within(document, limits) and _holds(words, document, ()):
            for first in snapshot.passages(document.document)[:1]:
                found[document.document] = Suggestion(first, document)
    return list(found.values())


def _holds(words: Sequence[str], document: Document, beside: Sequence[str]) -> bool:
    held = content_tokens(" ".join((document.title, *document.topics, *beside)))
    years = {str(day.year) for day in (document.date, document.asked) if day} | set(content_tokens(document.title))
    return all(word in years if _YEAR.fullmatch(word) else any(_is(word, other) for other in held) for word in words)


def _is(word: str, other: str) -> bool:
    """Whether `other` is `word`, or a compound with it: "mensenhandelaren" is about "mensenhandel", not the reverse."""
    root = stem(word)
    if root == stem(other):
        return True
    return len(root) >= _SHORTEST_END and (
        other.endswith(root) or (len(root) >= _SHORTEST_START and other.startswith(root))
    )


def _all(snapshot: Snapshot, limits: Filters) -> list[Suggestion]:
    passages = ((document, snapshot.passages(document.document)[:1]) for document in snapshot.documents())
    return [
        Suggestion(first, document) for document, firsts in passages for first in firsts if _within(document, limits)
    ]


def _within(document: Document, limits: Filters) -> bool:
    days = (limits.since, limits.until)
    return (
        (not limits.kinds or document.kind in limits.kinds)
        and (not limits.documents or document.document in limits.documents)
        and (not any(days) or document.date is not None)
        and (limits.since is None or (document.date or date.min) >= limits.since)
        and (limits.until is None or (document.date or date.max) <= limits.until)
        and _named(limits.parties, (asker.party for asker in document.askers))
        and _named(limits.ministries, (one.department for one in document.answered_by))
    )


def _named(wanted: Sequence[str], names: Iterable[str | None]) -> bool:
    known = {name.casefold() for name in names if name}
    return not wanted or any(name.casefold() in known for name in wanted)


def _one_of_each_case(found: Sequence[Suggestion]) -> list[Suggestion]:
    best: dict[str, Suggestion] = {}
    for one in sorted(found, key=lambda s: _KEPT_FIRST.index(s.document.kind)):
        best.setdefault(one.document.case or one.document.document, one)
    return list(best.values())


def _things_of(words: str) -> str:
    return next(name for name, pattern in _things().items() if pattern.fullmatch(words))


@cache
def _things() -> Mapping[str, re.Pattern[str]]:
    things: Mapping[str, Any] = table("collection")["things"]
    return {name: re.compile(any_of(one["words"]), re.IGNORECASE) for name, one in things.items()}


@cache
def _phrases() -> tuple[tuple[Ask, re.Pattern[str]], ...]:
    lists = dict(table("collection")["lists"])
    every = " ".join(one["words"] for one in table("collection")["things"].values())
    things = f"(?P<things>{any_of(every)})"
    return tuple(
        (
            ask,
            re.compile(
                any_of(entry, lists).replace("{things}", things).replace("{topic}", _TOPIC),
                re.IGNORECASE,
            ),
        )
        for ask, entries in table("collection")["ask"].items()
        for entry in entries.split()
    )
