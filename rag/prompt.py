"""A question and sources go in, the messages for a language model come out, within a budget of tokens.

What a document says can change neither the frame nor another source: the characters of the delimiters and of the
marks are replaced by look-alikes in everything that comes from documents or from the user.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files

from index.language import Language
from rag.evidence import Source
from rag.values import Message

REFUSAL = "Het antwoord staat niet in de bronnen."
_LOOK_ALIKES = str.maketrans({"<": "‹", ">": "›", "[": "(", "]": ")", "【": "(", "】": ")"})


def build_prompt(
    question: str,
    sources: Sequence[Source],
    language: Language,
    count_tokens: Callable[[str], int],
    budget: int = 3000,
    *,
    in_english: bool = False,
) -> tuple[tuple[Message, ...], tuple[Source, ...]]:
    """Return the messages, and the sources in them: source n is the n-th, counted from 1.

    The rules are in `language` and ask for an answer in Dutch, or with `in_english` for one in English.

    Sources are taken in order as long as they fit in `budget` tokens; one that does not fit is cut after the last
    sentence that does, and left out when its first sentence does not.
    """
    rules = _rules("english" if in_english else language)
    left = budget - count_tokens(rules) - count_tokens(question)
    blocks: list[str] = []
    used: list[Source] = []
    for source in sources:
        block = _block(len(used) + 1, source, len(source.lines))
        kept = len(source.lines)
        while kept and count_tokens(block) > left:
            kept -= 1
            block = _block(len(used) + 1, source, kept)
        if not kept:
            continue
        left -= count_tokens(block)
        blocks.append(block)
        used.append(source)
    asked = "\n\n".join((*blocks, f"<vraag>{escape(question)}</vraag>"))
    return (Message("system", rules), Message("user", asked)), tuple(used)


def escape(text: str) -> str:
    """Return `text` without the characters that delimit sources and marks."""
    return text.translate(_LOOK_ALIKES)


def _block(number: int, source: Source, kept: int) -> str:
    document = source.document
    when = document.date.isoformat() if document.date else ""
    head = escape(f"{document.title} | {source.passage.label} | {when}".replace('"', "”"))
    asked = "".join(f"Gevraagd: {escape(question)}\n" for question in source.asked)
    body = escape("\n".join(line.text for line in source.lines[:kept]))
    return f'<bron nummer="{number}" document="{head}">\n{asked}{body}\n</bron>'


@cache
def _rules(name: str) -> str:
    return (files("rag") / "prompts" / f"{name}.txt").read_text(encoding="utf-8")
