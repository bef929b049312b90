"""A file of questions goes in, a retrieval task comes out: questions, what is right for each, and what is searched.

Three forms of line: a question with `gold` (documents or passages of the store), with its `answer` (searched among all
answers of the file and of a pool beside it), or with the `context` that holds its answer (searched among all contexts).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.questions import QuestionsError

# A shorter answer ("Ja, zie het antwoord op vraag 2.") does not say which question it belongs to.
_SHORTEST_ANSWER = 200


@dataclass(frozen=True, slots=True)
class Task:
    """Questions by id, the right finds of each, and the texts searched among (none: the passages of the store)."""

    questions: Mapping[str, str]
    gold: Mapping[str, tuple[str, ...]]
    pool: Mapping[str, str] | None = None


def load_task(path: Path, pool: Path | None = None) -> Task:
    """Read a question file in any of the three forms.

    The same text twice is one text of the pool, so that every identical answer counts as right. Questions without
    gold, and those whose answer has at most 200 characters, are left out, but their answers are searched among.
    Raises `QuestionsError` that names the file and the line.
    """
    rows = _rows(path)
    form = next((form for form in ("gold", "answer", "context") if form in rows[0]), "gold")
    for number, row in enumerate(rows, 1):
        if not isinstance(row.get("question"), str) or form not in row:
            raise QuestionsError("eval.retrieval_line", file=path, line=number)
    if form == "gold":
        return _over_store(rows)
    others = [row.get(form) for row in (_rows(pool) if pool else [])]
    return _over_pool(rows, form, [text for text in others if isinstance(text, str)])


def _over_store(rows: Sequence[Mapping[str, Any]]) -> Task:
    asked = {str(row.get("id") or number): row for number, row in enumerate(rows, 1) if row["gold"]}
    return Task(
        {name: row["question"] for name, row in asked.items()},
        {name: tuple(dict.fromkeys(row["gold"])) for name, row in asked.items()},
    )


def _over_pool(rows: Sequence[Mapping[str, Any]], form: str, others: Sequence[str]) -> Task:
    texts = list(dict.fromkeys([row[form] for row in rows] + list(others)))
    names = {text: f"pool-{number}" for number, text in enumerate(texts, 1)}
    asked = {
        str(row.get("id") or number): row
        for number, row in enumerate(rows, 1)
        if form != "answer" or len(row[form]) > _SHORTEST_ANSWER
    }
    return Task(
        {name: row["question"] for name, row in asked.items()},
        {name: (names[row[form]],) for name, row in asked.items()},
        {name: text for text, name in names.items()},
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError("eval.file", file=path, reason=error) from error
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise QuestionsError("eval.retrieval_line", file=path, line=number) from error
        if not isinstance(row, dict):
            raise QuestionsError("eval.retrieval_line", file=path, line=number)
        rows.append(row)
    if not rows:
        raise QuestionsError("eval.no_questions", file=path)
    return rows
