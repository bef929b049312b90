"""Hits go in, sources ready to be quoted come out: references followed, sentences cut, what answers nothing set apart.

Knows the shape of passages; knows no question and no score but the search's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from index.dutch import content_words, tokenise
from index.profiles import ANSWERS_NOTHING, is_reference
from index.sentences import sentence_spans
from index.values import Document, Hit, Passage
from rag.vocabulary import entries, pattern
from rag.words import content_tokens

if TYPE_CHECKING:
    from index.store.snapshot import Snapshot

_LONGEST_HEADING = 10  # words
_ENDED = re.compile(r"[.!…:;][»”\"')’\]\d⁰-⁹¹²³]*$")
_ROW = re.compile(r"[^:;.]{1,60}: [^;]*(?:; [^:;.]{1,60}: [^;]*)+$")  # "Product: Rijbewijs; Tarief: € 51,10"
_MENTION = 0.95  # what an answer that was only referred to scores, of the score of the hit that referred to it


@dataclass(frozen=True, slots=True)
class Line:
    """One quotable sentence: its words as written, its span in the document's text, its content words.

    A `heading` names what follows and states nothing itself: a line without an end, or a question. A `row` of a table
    stands on its own: what the row before it says is of another thing.
    """

    text: str
    start: int
    end: int
    tokens: tuple[str, ...]
    heading: bool
    row: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A passage ready to be quoted. `score` is the share of the best hit's; `about` are the words of what stands
    beside the answer: the questions it answers, its heading, the title of its document."""

    passage: Passage
    document: Document
    score: float
    lines: tuple[Line, ...]
    asked: tuple[str, ...]
    about: tuple[str, ...]

    @property
    def tokens(self) -> frozenset[str]:
        """All content words of the answer itself."""
        return frozenset(token for line in self.lines for token in line.tokens)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a search brought: `sources` that may be quoted, and passages where something was only `asked`."""

    sources: tuple[Source, ...]
    asked: tuple[Source, ...]


def gather(snapshot: Snapshot, hits: Sequence[Hit]) -> Evidence:
    """Turn hits into evidence, each passage once, an answer that is only referred to behind the hit that did."""
    best = max((hit.score for hit in hits), default=0.0) or 1.0
    found: dict[str, Source] = {}
    for hit in hits:
        score = hit.score / best
        if hit.passage.passage not in found:
            found[hit.passage.passage] = source_of(hit.passage, hit.document, score)
        for passage in _referred(snapshot, hit.passage):
            known = found.get(passage.passage)
            questions = (hit.passage.question or "",) + (known.asked if known else ())
            better = max(score * _MENTION, known.score if known else 0.0)
            found[passage.passage] = source_of(passage, hit.document, better, questions)
    sources = sorted(found.values(), key=lambda source: -source.score)
    return Evidence(
        tuple(s for s in sources if not _answers_nothing(s)),
        tuple(s for s in sources if _answers_nothing(s)),
    )


def _referred(snapshot: Snapshot, passage: Passage) -> Iterable[Passage]:
    if not is_reference(passage):
        return ()
    wanted = set(passage.refers_to)
    return (
        other
        for other in snapshot.passages(passage.document)
        if wanted & set(other.numbers) and other.passage != passage.passage
    )


def _answers_nothing(source: Source) -> bool:
    passage = source.passage
    unanswered = passage.question is not None and not (passage.answer or "").strip()
    return (
        source.document.kind in ANSWERS_NOTHING
        or passage.label.lower().startswith("mededeling")
        or unanswered
        or not source.lines
    )


def source_of(passage: Passage, document: Document, score: float, more: tuple[str, ...] = ()) -> Source:
    """Return a passage ready to be quoted; `more` are other questions that it answers."""
    questions = tuple(dict.fromkeys(q for q in (passage.question or _asked_by_heading(passage), *more) if q))
    beside = " ".join(
        (*questions, passage.context, document.title, *document.topics, *entries(f"document.{document.kind}"))
    )
    return Source(passage, document, score, _lines(passage.body, passage.body_start), questions, content_tokens(beside))


def _asked_by_heading(passage: Passage) -> str:
    """Return the heading over a section where it is a question that the section answers, as on many pages."""
    heading = passage.context.rpartition("›")[2].strip()
    return heading if heading.endswith("?") and passage.question is None else ""


@lru_cache(maxsize=8192)
def _lines(body: str, base: int) -> tuple[Line, ...]:
    """Return each sentence of `body` that holds a word, written on one line; its span counts from `base` on."""
    found: list[Line] = []
    for start, end in sentence_spans(body):
        words = body[start:end].split()
        text = " ".join(words)
        tokens = tuple(dict.fromkeys(content_words(text)))
        if tokens or tokenise(text):
            row = "; " in text and _ROW.match(text) is not None
            found.append(Line(text, base + start, base + end, tokens, _is_heading(text, len(words)), row))
    return tuple(found)


def _is_heading(text: str, words: int) -> bool:
    unended = words <= _LONGEST_HEADING and not _ENDED.search(text)
    if unended and not pattern("answer.yes_no", at_start=True).match(text):
        return True
    return text.rstrip("»”\"')’ ").endswith("?")
