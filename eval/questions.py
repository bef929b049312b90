"""Gold questions: a JSONL file of questions with the passages and facts that a right answer rests on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import VraagbaakError


class QuestionsError(VraagbaakError):
    """A question file that cannot be read, or a line in it that is no gold question."""


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question, the documents or passages that answer it, and the literal facts of a right answer.

    A question without `gold` is unanswerable: the right thing is to refuse.
    """

    id: str
    question: str
    gold: tuple[str, ...]
    facts: tuple[str, ...] = ()
    kind: str = "answerable"

    @property
    def answerable(self) -> bool:
        """Whether the documents hold an answer."""
        return bool(self.gold)


def load_questions(path: Path) -> list[GoldQuestion]:
    """Read a question file; the first line that is no gold question is a `QuestionsError` that names it."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError("eval.file", file=path, reason=error) from error
    questions = [_question(line, path, number) for number, line in enumerate(lines, 1) if line.strip()]
    if not questions:
        raise QuestionsError("eval.no_questions", file=path)
    return questions


def _question(line: str, path: Path, number: int) -> GoldQuestion:
    try:
        value: Any = json.loads(line)
        return GoldQuestion(
            id=str(value.get("id") or number),
            question=_text(value["question"]),
            gold=tuple(_text(gold) for gold in value["gold"]),
            facts=tuple(_text(fact) for fact in value.get("facts") or ()),
            kind=_text(value.get("kind") or "answerable"),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise QuestionsError("eval.line", file=path, line=number) from error


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError("text expected")
    return value
