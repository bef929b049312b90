"""A question and the conversation before it go in, a question that can be understood alone comes out.

Deterministic: a question that leans on the one before ("en hoe zit dat met kinderen?") takes over its heaviest words;
one with enough words of its own is a new topic and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.dutch import tokenise
from index.english import dutch_words
from rag.need import needs_of, with_topic
from rag.values import Message
from rag.vocabulary import pattern

_WORD = re.compile(r"[^\W_][\w'’-]*")
_ENOUGH = 14.0  # weight of own words with which a question stands on its own even when it points back
_CARRIED = 5
_LOOK_BACK = 5


def whole_question(question: str, history: Sequence[Message]) -> str:
    """Return `question`, with the words it takes over from earlier questions of the user where it leans on them."""
    earlier = [message.text for message in history if message.role == "user"][-_LOOK_BACK:]
    if not earlier or not _leans_back(question):
        return question
    known = {term.token for need in needs_of(question) for term in need.terms}
    carried = [word for word in _topic(earlier) if not known & set(tokenise(word))]
    return with_topic(question, carried) if carried else question


def _leans_back(question: str) -> bool:
    own = _own_weight(question)
    if pattern("question.leans", at_start=True).search(question):
        return own < 2 * _ENOUGH
    return own < _ENOUGH and (pattern("question.points").search(question) is not None or own < _ENOUGH / 2)


def _own_weight(question: str) -> float:
    return sum(need.weight for need in needs_of(question)[:1])


def _topic(earlier: Sequence[str]) -> list[str]:
    """Return the heaviest words of the newest question that stands on its own, as written and in their order."""
    newest = next((text for text in reversed(earlier) if not _leans_back(text)), earlier[0])
    terms = {term for need in needs_of(newest)[:1] for term in need.terms if not term.light}
    heaviest = {term.token for term in sorted(terms, key=lambda term: (-term.weight, term.token))[:_CARRIED]}
    words = dict.fromkeys(_WORD.findall(dutch_words(newest)))
    return [word for word in words if heaviest & set(tokenise(word))]
