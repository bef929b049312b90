"""The questions about the real documents, the seeds and the samples: each fact stands literally in a gold passage."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from eval.questions import GoldQuestion, load_questions
from index.documents import find_files, read_document
from index.tokens import bundled

ROOT = Path(__file__).parent.parent.parent
DATA = ROOT / "eval" / "data"
FOLDERS = ("seeds", "documents/ah-tk-pdf", "documents/kamervragen-txt", "documents/kamerbrief-pdf")
NAMES = ("answers-dev", "answers-report", "conversations")


def questions(*names: str) -> list[GoldQuestion]:
    return [question for name in names for question in load_questions(DATA / f"{name}.jsonl")]


@cache
def bodies(shared: Path) -> dict[str, str]:
    """What may be quoted of each passage, on one line."""
    found: dict[str, str] = {}
    for path in find_files([ROOT / "index" / "samples", *(shared / folder for folder in FOLDERS)]):
        for passage in read_document(path, path.name, bundled().count).passages:
            found[passage.passage] = " ".join(passage.body.split())
    return found


@pytest.mark.real
def test_every_gold_passage_exists_and_holds_the_facts(shared: Path) -> None:
    known = bodies(shared)
    for question in questions(*NAMES):
        assert set(question.gold) <= set(known), question.id
        assert bool(question.gold) == bool(question.facts), question.id
        for fact in question.facts:
            assert any(fact in known[name] for name in question.gold), (question.id, fact)


def test_there_are_a_hundred_answerable_questions_and_fifty_in_vain() -> None:
    asked = questions("answers-dev", "answers-report")
    kinds = Counter(question.kind for question in asked)
    assert kinds == {"answerable": 80, "multi": 20, "near-miss": 35, "unanswerable": 15}
    assert sum(question.answerable for question in asked) == 100
    assert len({question.question for question in asked}) == len(asked)


def test_a_third_is_kept_apart_for_the_report() -> None:
    dev, report = questions("answers-dev"), questions("answers-report")
    assert len(report) * 2 <= len(dev) + len(report) // 8
    assert not {question.id for question in dev} & {question.id for question in report}


def test_there_are_fifteen_conversations() -> None:
    assert len(questions("conversations")) == 15
