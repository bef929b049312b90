"""A question and the turns before it go in, the screens of the answer come out one by one. Knows no Gradio."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from time import monotonic

from markupsafe import Markup

from index.errors import VraagbaakError
from index.language import Language, say
from index.values import Filters
from rag.privacy import mask
from rag.values import Answer, Message
from ui.desk import Desk
from ui.follow_up import next_questions
from ui.limits import said
from ui.render import Beside, State, announcement, turn

INTERVAL = 0.08
"""Seconds between two screens of a growing answer: often enough to read along, seldom enough for a slow machine."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader limits the search to, and which fields that the question itself limits (`without`) are left out."""

    filters: Filters = field(default_factory=Filters)
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with its answer, whether that is still coming, whole or stopped, and what stands beside it.

    `limits` are the reader's; `questions` can be asked next.
    """

    answer: Answer
    state: State
    limits: Limits = field(default_factory=Limits)
    questions: tuple[str, ...] = ()

    def html(self, number: int, language: Language) -> Markup:
        """Return this turn, the `number`th of its conversation, as it is shown."""
        limits = tuple(said(self.limits.filters, language))
        found = tuple((one.field, one.words, one.describe(language)) for one in self.answer.filters)
        beside = Beside(self.questions, limits, found, self.limits.without)
        return turn(self.answer, number, self.state, language, beside)


Turns = tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """What the page shows: earlier turns, the current one, and the line for a screen reader."""

    turns: Turns
    past: Markup
    current: Markup
    is_busy: bool
    announced: str


def converse(
    desk: Desk, question: str, turns: Turns, language: Language, limits: Limits | None = None
) -> Iterator[Screen]:
    """Yield a screen at once, one now and then as the answer grows, and the last one with the whole answer."""
    now = Turn(Answer(id="", question=mask(question).text, status="answered"), "busy", limits or Limits())
    past = earlier(turns, language)
    yield _screen(turns, past, now, language)
    shown = monotonic()
    answer = now.answer
    try:
        for answer in _stream(desk, question, turns, language, now.limits):
            if monotonic() - shown >= INTERVAL:
                yield _screen(turns, past, replace(now, answer=answer), language)
                shown = monotonic()
    except VraagbaakError as error:
        answer = replace(answer, status="error", notices=(*answer.notices, error.say(language)))
    except Exception:
        logging.getLogger(__name__).exception("an answer failed")
        answer = replace(answer, status="error", notices=(*answer.notices, say("page.failed", language)))
    yield _screen(turns, past, replace(now, answer=answer, state="done", questions=_next(desk, answer)), language)


def stopped(turns: Turns, language: Language) -> Screen:
    """Return the screen after the reader stopped the last answer: as far as it came, and said to be unfinished."""
    last = turns[-1]
    answer = replace(last.answer, notices=(*last.answer.notices, say("page.stopped", language)))
    return _screen(turns[:-1], earlier(turns[:-1], language), replace(last, answer=answer, state="stopped"), language)


def again(turns: Turns, language: Language) -> Screen:
    """Return the screen of a conversation that a browser kept, nothing of it announced; there is at least one turn."""
    screen = _screen(turns[:-1], earlier(turns[:-1], language), turns[-1], language)
    return replace(screen, announced="")


def earlier(turns: Turns, language: Language) -> Markup:
    """Return the finished turns of a conversation."""
    return Markup().join(t.html(n, language) for n, t in enumerate(turns, start=1))


def history(turns: Turns) -> list[Message]:
    """Return the conversation as the assistant wants it: turns without an answer left out."""
    return [
        message
        for before in turns
        if before.answer.sentences
        for message in (Message("user", before.answer.question), Message("assistant", before.answer.text))
    ]


def _stream(desk: Desk, question: str, turns: Turns, language: Language, limits: Limits) -> Iterator[Answer]:
    """Give the answer as it grows."""
    given = None if limits.filters.is_empty else limits.filters
    return desk.assistant.stream(question, history(turns), given, language, without=limits.without)


def _next(desk: Desk, answer: Answer) -> tuple[str, ...]:
    """Return what can be asked next; an answer is not kept back because that cannot be told."""
    if not answer.citations:
        return ()
    try:
        with desk.store.snapshot() as snapshot:
            return next_questions(answer, snapshot)
    except VraagbaakError:
        return ()


def _screen(turns: Turns, past: Markup, now: Turn, language: Language) -> Screen:
    return Screen(
        turns=(*turns, now),
        past=past,
        current=now.html(len(turns) + 1, language),
        is_busy=now.state == "busy",
        announced=announcement(now.answer, now.state, language),
    )
