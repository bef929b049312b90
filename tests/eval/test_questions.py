"""Gold questions: what is read, and what a wrong line says."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.questions import QuestionsError, load_questions

DATA = Path(__file__).resolve().parent.parent.parent / "eval" / "data"


def test_a_question_without_gold_is_unanswerable(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text('{"question": "Hoe laat?", "gold": []}\n\n{"id": "b", "question": "Wie?", "gold": ["d#1"]}\n')
    first, second = load_questions(file)
    assert (first.id, first.answerable) == ("1", False)
    assert (second.id, second.answerable, second.gold) == ("b", True, ("d#1",))


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"question": "x"}', '{"question": "", "gold": []}', '{"question": 3, "gold": []}']
)
def test_a_line_that_is_no_gold_question_is_named_by_number(tmp_path: Path, line: str) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text('{"question": "Hoe laat?", "gold": []}\n' + line + "\n")
    with pytest.raises(QuestionsError, match="2"):
        load_questions(file)


def test_a_missing_or_empty_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionsError, match=r"weg\.jsonl"):
        load_questions(tmp_path / "weg.jsonl")
    (tmp_path / "leeg.jsonl").write_text("")
    with pytest.raises(QuestionsError, match=r"leeg\.jsonl"):
        load_questions(tmp_path / "leeg.jsonl")


@pytest.mark.parametrize("file", sorted(DATA.glob("*questions.jsonl")), ids=lambda path: path.name)
def test_every_question_file_of_the_project_holds_unique_questions(file: Path) -> None:
    questions = load_questions(file)
    assert len({q.id for q in questions}) == len(questions)
    assert len({q.question.casefold() for q in questions}) == len(questions)
