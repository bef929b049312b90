"""The questions about the samples: each has its facts literally in the passages it names, or no answer at all."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from eval.questions import GoldQuestion, load_questions
from index.documents import find_files, read_document
from index.tokens import bundled

ROOT = Path(__file__).parent.parent.parent
QUESTIONS = load_questions(ROOT / "eval" / "data" / "samples-questions.jsonl")


@cache
def texts() -> dict[str, str]:
    """What may be quoted, by document and by passage; passages of one question together."""
    found: dict[str, str] = {}
    for path in find_files([ROOT / "index" / "samples"]):
        reading = read_document(path, path.name, bundled().count)
        for passage in reading.passages:
            for name in (passage.document, passage.passage):
                found[name] = found.get(name, "") + passage.body + "\n"
    return found


@pytest.mark.parametrize("gold", [q for q in QUESTIONS if q.answerable], ids=lambda gold: gold.id)
def test_every_fact_stands_literally_in_a_gold_passage(gold: GoldQuestion) -> None:
    assert set(gold.gold) <= set(texts())
    assert gold.facts
    for fact in gold.facts:
        assert any(fact in texts()[name] for name in gold.gold), fact


def test_there_are_thirty_questions_and_eight_of_them_in_vain() -> None:
    kinds = [question.kind for question in QUESTIONS]
    assert len(QUESTIONS) >= 30
    assert kinds.count("unanswerable") >= 8
    assert kinds.count("multi") >= 4
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS)


def test_only_unanswerable_questions_have_no_gold() -> None:
    for question in QUESTIONS:
        assert question.answerable == (question.kind != "unanswerable")
