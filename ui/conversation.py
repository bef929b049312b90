"""A question and the turns before it go in, the screens of the answer come out one by one. Knows no Gradio."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import monotonic

from markupsafe import Markup

from index.errors import VraagbaakError
from index.language import Language, say
from rag.privacy import mask
from rag.values import Answer, Message
from ui.desk import Desk
from ui.render import State, announcement, turn

INTERVAL = 0.08
"""Seconds between two screens of a growing answer: often enough to read along, seldom enough for a slow machine."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with its answer, and whether the answer is still coming, whole or stopped."""

    answer: Answer
    state: State


Turns = tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """What the page shows: earlier turns, the current one, and the line for a screen reader."""

    turns: Turns
    past: Markup
    current: Markup
    is_busy: bool
    announced: str


def converse(desk: Desk, question: str, turns: Turns, language: Language) -> Iterator[Screen]:
    """Yield a screen at once, one now and then as the answer grows, and the last one with the whole answer."""
    answer = Answer(id="", question=mask(question).text, status="answered")
    past = earlier(turns, language)
    yield _screen(turns, past, answer, "busy", language)
    shown = monotonic()
    try:
        for answer in desk.assistant.stream(question, history=history(turns), language=language):
            if monotonic() - shown >= INTERVAL:
                yield _screen(turns, past, answer, "busy", language)
                shown = monotonic()
    except VraagbaakError as error:
        answer = replace(answer, status="error", notices=(*answer.notices, error.say(language)))
    except Exception:
        logging.getLogger(__name__).exception("an answer failed")
        answer = replace(answer, status="error", notices=(*answer.notices, say("page.failed", language)))
    yield _screen(turns, past, answer, "done", language)


def stopped(turns: Turns, language: Language) -> Screen:
    """Return the screen after the reader stopped the last answer: as far as it came, and said to be unfinished."""
    answer = replace(turns[-1].answer, notices=(*turns[-1].answer.notices, say("page.stopped", language)))
    return _screen(turns[:-1], earlier(turns[:-1], language), answer, "stopped", language)


def earlier(turns: Turns, language: Language) -> Markup:
    """Return the finished turns of a conversation."""
    return Markup().join(turn(t.answer, n, t.state, language) for n, t in enumerate(turns, start=1))


def history(turns: Turns) -> list[Message]:
    """Return the conversation as the assistant wants it: turns without an answer left out."""
    return [
        message
        for before in turns
        if before.answer.sentences
        for message in (Message("user", before.answer.question), Message("assistant", before.answer.text))
    ]


def _screen(turns: Turns, past: Markup, answer: Answer, state: State, language: Language) -> Screen:
    return Screen(
        turns=(*turns, Turn(answer, state)),
        past=past,
        current=turn(answer, len(turns) + 1, state, language),
        is_busy=state == "busy",
        announced=announcement(answer, state, language),
    )
