"""A finished answer goes in; what a reader can do with it comes out as HTML: take it along, judge it, ask further.

The page's script does what the buttons say: their `name` is the act, their `value` the number of the turn.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from index.language import Language, say
from rag.values import Answer

FORMS = ("markdown", "html", "receipt")
"""The forms in which an answer can be saved."""
REASONS = ("wrong_source", "incomplete", "wrong", "unclear", "outdated")

Limit = tuple[str, str, str]
"""A limit of the search: its field, its value, and what a reader calls it."""


def toolbar(answer: Answer, number: int, language: Language) -> Markup:
    """Return the buttons to copy, save and judge an answer; nothing where no document was asked."""
    if answer.status not in ("answered", "partial", "unanswerable"):
        return Markup()
    saves = Markup().join(_button("save", form, say(f"page.save_{form}", language)) for form in FORMS)
    return Markup(
        '<div class="acts" id="acts-{}">{}<details class="save" id="save-{}"><summary>{}</summary><div class="menu">{}'
        "</div></details>{}</div>"
    ).format(
        number,
        _button("copy", str(number), say("page.copy", language)),
        number,
        say("page.save", language),
        saves,
        _judging(answer, number, language),
    )


def further(questions: Sequence[str], language: Language) -> Markup:
    """Return questions that can be asked next, each a button."""
    if not questions:
        return Markup()
    items = Markup().join(Markup("<li>{}</li>").format(_button("ask", question, question)) for question in questions)
    return Markup('<div class="further"><h3>{}</h3><ul>{}</ul></div>').format(say("page.further", language), items)


def limited(
    limits: Sequence[Limit], found: Sequence[Limit], without: Sequence[str], number: int, language: Language
) -> Markup:
    """Return what the search was limited to; a limit that was `found` in the question can be taken away.

    The question is then asked again without it, and without the fields in `without`, which were taken away before.
    """
    if not limits and not found:
        return Markup()
    chips = [Markup('<li><span class="chip">{}</span></li>').format(words) for _, _, words in limits]
    chips += [
        Markup(
            '<li><button type="button" class="chip act" name="unlimit" value="{}">{}<span class="sr"> – {}</span>'
            '<span class="cross">×</span></button></li>'
        ).format(" ".join((str(number), field, *without)), words, say("page.unlimit", language))
        for field, _, words in found
    ]
    return Markup('<div class="limited"><span>{}</span><ul>{}</ul></div>').format(
        say("page.limited", language), Markup().join(chips)
    )


def _judging(answer: Answer, number: int, language: Language) -> Markup:
    reasons = Markup().join(
        _button("reason", f"{number} {reason}", say(f"page.reason_{reason}", language)) for reason in REASONS
    )
    return Markup(
        '<div class="judge" id="judge-{}-{}"><span class="ask">{}</span>{}{}<div class="reasons" hidden><span>{}</span>'
        '{}</div><span class="thanks" hidden>{}</span><span class="failed" hidden>{}</span></div>'
    ).format(
        number,
        answer.id,
        say("page.judge", language),
        _button("up", str(number), say("page.judge_up", language)),
        _button("down", str(number), say("page.judge_down", language)),
        say("page.reasons", language),
        reasons,
        say("page.judge_thanks", language),
        say("page.judge_failed", language),
    )


def _button(act: str, value: str, words: str) -> Markup:
    return Markup('<button type="button" class="act" name="{}" value="{}">{}</button>').format(act, value, words)
