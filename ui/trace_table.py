"""The steps of an answer go in, a table of how it came about comes out, its words in the reader's language."""

from __future__ import annotations

import re

from markupsafe import Markup

from index.language import Language, catalogue, say
from rag.values import Answer, Step

_LISTED = re.compile(r"(\w+) (\w+): (\d+) shown")


def trace_table(answer: Answer, number: int, language: Language) -> Markup:
    """Return the steps with what was decided and how long it took, behind one click; nothing without steps."""
    if not answer.trace:
        return Markup()
    rows = Markup().join(
        Markup('<tr><th scope="row">{}</th><td>{}</td><td class="time">{}</td></tr>').format(
            _known(f"page.step.{step.step}", step.step, language),
            decision(step, language) or "–",
            duration(step.seconds, language),
        )
        for step in answer.trace
    )
    return Markup(
        '<details class="trace" id="trace-{}"><summary>{}</summary><table><thead><tr><th scope="col">{}</th>'
        '<th scope="col">{}</th><th scope="col" class="time">{}</th></tr></thead><tbody>{}</tbody></table>'
        '<p class="by">{}</p></details>'
    ).format(
        number,
        say("page.trace", language),
        say("page.trace_step", language),
        say("page.trace_decision", language),
        say("page.trace_time", language),
        rows,
        say("page.trace_by", language, model=answer.model, time=duration(answer.seconds, language)),
    )


def decision(step: Step, language: Language) -> str:
    """Return what a step decided in words of `language`, where it is one of our own short names."""
    if step.step == "answer":
        return _known(f"answer.status_{step.decision}", step.decision, language)
    if step.step == "question":
        return ", ".join(_about_question(part, language) for part in step.decision.split(", ") if part)
    listed = _LISTED.fullmatch(step.decision) if step.step == "collection" else None
    if listed:
        return say("page.decision.listed", language, count=int(listed[3]))
    return step.decision


def is_reply(answer: Answer) -> bool:
    """Whether the question was answered by courtesy alone: a greeting, thanks, what this program is."""
    return any(step.step == "question" and "reply:" in step.decision for step in answer.trace)


def duration(seconds: float, language: Language) -> str:
    """Return a time in words that suit its size: `12 ms`, `1,4 s`."""
    if seconds < 1:
        return say("page.milliseconds", language, value=max(1, round(seconds * 1000)))
    value = f"{seconds:.1f}"
    return say("page.seconds", language, value=value.replace(".", ",") if language == "nl" else value)


def _about_question(part: str, language: Language) -> str:
    name, _, rest = part.partition(": ")
    words = _known(f"page.decision.{name}", name, language)
    kind = _known(f"question.sort_{rest}", "", language) if name == "masked" else ""
    return f"{words}: {kind}" if kind else words


def _known(key: str, otherwise: str, language: Language) -> str:
    """Return the sentence of a key that may have none, as a step of a newer assistant has none."""
    return catalogue(language).get(key, otherwise)
