"""Question files in their three forms become tasks, and every way of searching is measured over the same texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.questions import QuestionsError
from eval.retrieval import evaluate, put_pool
from eval.runs import EvaluationError
from eval.tasks import Task, load_task

pytest.importorskip("ir_measures", reason="ir-measures is not installed")

LONG = " Dat is al jaren zo en het blijft zo, wat er verder ook gebeurt in dit land." * 4


def written(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_answers_of_the_file_and_of_the_pool_are_searched_among(tmp_path: Path) -> None:
    questions = written(tmp_path / "q.jsonl", [{"question": "a?", "answer": "een" + LONG}])
    pool = written(tmp_path / "pool.jsonl", [{"answer": "twee"}, {"answer": "een" + LONG}])
    task = load_task(questions, pool)
    assert task.pool is not None and list(task.pool.values()) == ["een" + LONG, "twee"]


def test_question_with_a_short_answer_does_not_count_but_its_answer_stays_in_the_pool(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"question": "a?", "answer": "Ja."}, {"question": "b?", "answer": "Nee," + LONG}]
    task = load_task(written(tmp_path / "q.jsonl", rows))
    assert list(task.questions.values()) == ["b?"]
    assert task.pool is not None and "Ja." in task.pool.values()


def test_identical_answers_are_gold_for_each_of_their_questions(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"question": name, "answer": "Nee," + LONG} for name in ("a?", "b?")]
    task = load_task(written(tmp_path / "q.jsonl", rows))
    assert task.gold["1"] == task.gold["2"]


def test_question_without_gold_is_left_out(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"question": "a?", "gold": ["x"]}, {"question": "b?", "gold": []}]
    assert list(load_task(written(tmp_path / "q.jsonl", rows)).questions.values()) == ["a?"]


@pytest.mark.parametrize("line", ["geen json", "[1]", '{"question": "a?"}', '{"gold": ["x"]}'])
def test_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "q.jsonl").write_text('{"question": "a?", "gold": ["x"]}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(QuestionsError, match="2"):
        load_task(tmp_path / "q.jsonl")


def test_right_passage_found_first_counts_fully_and_differences_are_reported(tmp_path: Path) -> None:
    pool = {"pool-1": "De gemeente vangt hen op.", "pool-2": "De rivier trad buiten haar oevers."}
    task = Task({"1": "Welke gemeenten?"}, {"1": ("pool-1",)}, pool)
    result = evaluate(task, None, tmp_path)
    found = {measure.name: measure.value for measure in result.measures}
    assert found["lexical nDCG@10"] == 1.0
    assert (found["bm25 nDCG@10"], found["lexical - bm25 nDCG@10"]) == (0.0, 1.0)
    assert result.runs["lexical"]["1"][0] == "pool-1"


def test_gold_may_be_a_document_or_a_passage_of_the_store(tmp_path: Path) -> None:
    put_pool(tmp_path / "store", {"d1": "De rivier is hoog.", "d2": "De opvang is vol."}, None)
    questions = {"1": "Hoe hoog is de rivier?", "2": "Is de opvang vol?"}
    task = Task(questions, {"1": ("d1",), "2": ("d2#vraag-1",)})
    found = {m.name: m.value for m in evaluate(task, None, tmp_path / "store").measures}
    assert found["lexical R@1"] == found["bm25 R@1"] == 1.0


def test_gold_that_the_store_does_not_hold_is_an_error_that_names_it(tmp_path: Path) -> None:
    put_pool(tmp_path / "store", {"d1": "De rivier is hoog."}, None)
    with pytest.raises(EvaluationError, match="d9"):
        evaluate(Task({"1": "a?"}, {"1": ("d9",)}), None, tmp_path / "store")


@pytest.mark.real
def test_own_search_beats_plain_bm25_on_citizens_questions(shared: Path, tmp_path: Path) -> None:
    task = load_task(shared / "questions" / "rijksoverheid-policyqa.jsonl")
    found = {m.name: m for m in evaluate(task, None, tmp_path).measures}
    gain = found["lexical - bm25 nDCG@10"]
    assert gain.low is not None and gain.low > 0
