"""A question as typed goes in, a question that is safe to work with comes out; knows nothing of documents.

Invisible characters are taken out because they can carry instructions that a reader does not see: Unicode tags,
zero-width and direction marks, control characters.
"""

from __future__ import annotations

import re
import unicodedata

from index.errors import QuestionError

MAX_LENGTH = 500
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}


def clean_question(question: str) -> str:
    """Return `question` on one line, composed (NFC), without invisible characters; raise `QuestionError` when
    nothing is left or more than `MAX_LENGTH` characters are."""
    spaced = re.sub(r"\s", " ", unicodedata.normalize("NFC", question))
    visible = "".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE)
    cleaned = " ".join(visible.split())
    if not any(c.isalnum() for c in cleaned):
        raise QuestionError("question.empty")
    if len(cleaned) > MAX_LENGTH:
        raise QuestionError("question.too_long", length=len(cleaned), limit=MAX_LENGTH)
    return cleaned
