"""An answer goes in, questions that the same documents answer as well come out, to be asked next."""

from __future__ import annotations

import re

from index.store.snapshot import Snapshot
from index.values import Passage
from rag.values import Answer

MOST = 3
_LONGEST = 220
# Questions that lean on what was said before them, or that ask for no more than whether something is known.
_LEANING = re.compile(
    r"(?:kent u|bent u (?:bekend|op de hoogte|er ?mee)|heeft u kennis ?genomen|herinnert u|wat is uw reactie|deelt u|"
    r"bent u bereid|kunt u (?:deze|dit|bovenstaande|de vragen)|zo (?:ja|nee)|klopt (?:dit|dat|het))\b",
    re.IGNORECASE,
)


def next_questions(answer: Answer, snapshot: Snapshot) -> tuple[str, ...]:
    """Return at most `MOST` numbered questions of the cited documents that were answered there and not cited here.

    Those that stand nearest behind the cited ones come first.
    """
    cited = {citation.passage.passage for citation in answer.citations}
    asked = {_bare(answer.question)} | {_bare(c.passage.question or "") for c in answer.citations}
    found: dict[str, str] = {}
    for document in dict.fromkeys(citation.document.document for citation in answer.citations):
        passages = snapshot.passages(document)
        last = max((n for n, passage in enumerate(passages) if passage.passage in cited), default=0)
        for passage in (*passages[last + 1 :], *passages[:last]):
            question = _question(passage)
            if question and passage.passage not in cited and _bare(question) not in asked:
                found.setdefault(_bare(question), question)
    return tuple(found.values())[:MOST]


def _question(passage: Passage) -> str:
    """Return the question of a passage when it was answered and can stand alone."""
    question = " ".join((passage.question or "").split())
    if not passage.numbers or passage.answer is None or not question.endswith("?"):
        return ""
    return "" if len(question) > _LONGEST or _LEANING.match(question) else question


def _bare(question: str) -> str:
    return " ".join(re.findall(r"\w+", question.casefold()))
