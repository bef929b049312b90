"""A question as typed goes in, a question that is safe to work with comes out; knows nothing of documents.

Invisible characters are taken out because they can carry instructions that a reader does not see: Unicode tags,
zero-width and direction marks, variation selectors, control characters. Personal data are masked here, before any
later step, model or trace can see them. What needs no document is replied to at once; who seems to be in danger is
told first whom to call.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from index.errors import QuestionError
from index.language import Language, say
from rag.privacy import GRAVE, MASK, Sort, mask
from rag.replies import reply_to, without_courtesies
from rag.signposts import signposts_for
from rag.values import Message

MAX_LENGTH = 500
_LONGEST_RAW = 20 * MAX_LENGTH  # with all that is invisible in it
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}
# Characters of other categories that show nothing: joiners, fillers, a blank pattern, variation selectors.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_ABOUT_ONESELF = re.compile(
    r"\b(?:mijn|is|zijn|en|het|de|dit|ik|woon|op|ben|bereikbaar|bel|mail|me|mij|graag|via|naar|nummer|nr|adres|"
    r"e-?mail(?:adres)?|mailadres|telefoon(?:nummer)?|mobiel|postcode|huisnummer|my|number|address|phone|at|and|the|"
    r"call|live|in|am)\b|\W",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, safe to work with.

    `question` is clean and masked; `search` is the same without courtesies around it; `notices` are to be shown
    before all others; `is_done` says that they are the whole reply; `decision` is for the trace.
    """

    question: str
    search: str
    history: tuple[Message, ...]
    notices: tuple[str, ...] = ()
    is_done: bool = False
    decision: str = ""


def understand(question: str, history: Sequence[Message], language: Language) -> Asked:
    """Return what was asked; raise `QuestionError` when it is empty or too long."""
    if len(question) > _LONGEST_RAW:
        raise QuestionError("question.too_long", length=len(question), limit=MAX_LENGTH)
    masked = mask(_visible(question))
    clean = _checked(masked.text)
    past = [mask(_visible(message.text)) for message in history]
    found = tuple(dict.fromkeys([*masked.found, *(sort for turn in past for sort in turn.found)]))
    signposts = signposts_for(clean, language)
    decisions = [f"masked: {', '.join(found)}"] if found else []
    decisions += ["signpost"] if signposts else []
    if GRAVE & set(masked.found) or (masked.found and not _ABOUT_ONESELF.sub("", clean.replace(MASK, ""))):
        is_done, own = True, [say("question.refused", language, sorts=_named(masked.found, language))]
        decisions.append("refused")
    else:
        reply = reply_to(clean, language)
        is_done = reply is not None
        own = [say("question.masked", language, sorts=_named(found, language))] if found else []
        if reply is not None:
            own.append(reply.text)
            decisions.append(f"reply: {reply.name}")
    turns = tuple(Message(message.role, turn.text) for message, turn in zip(history, past, strict=True))
    return Asked(
        clean, _without_masks(without_courtesies(clean)), turns, (*signposts, *own), is_done, ", ".join(decisions)
    )


def _without_masks(question: str) -> str:
    """Return `question` without the clauses that say nothing but what was masked ("Mijn nummer is […], …")."""
    clauses = re.split(r"(?<=[,.;:!?])\s+", question)
    kept = [c for c in clauses if MASK not in c or _ABOUT_ONESELF.sub("", c.replace(MASK, ""))]
    return " ".join(kept) or question


def _checked(cleaned: str) -> str:
    if not any(c.isalnum() for c in cleaned) and MASK not in cleaned:
        raise QuestionError("question.empty")
    if len(cleaned) > MAX_LENGTH:
        raise QuestionError("question.too_long", length=len(cleaned), limit=MAX_LENGTH)
    return cleaned


def _visible(text: str) -> str:
    spaced = re.sub(r"\s", " ", unicodedata.normalize("NFC", text))
    visible = "".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE)
    return " ".join(_BLANK.sub("", visible).split())


def _named(sorts: Sequence[Sort], language: Language) -> str:
    return ", ".join(say(f"question.sort_{sort}", language) for sort in sorts)
