"""What a reader finds in a document is held against what was read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.documents import TARGETS, TRUTH, check, load_truth, measures
from eval.questions import QuestionsError
from index.documents import find_files, read_document
from index.tokens import bundled
from index.values import Reading

TEXT = """AH 12
2024Z00012
Antwoord van minister Maas (Financiën) (ontvangen 3 mei 2024)

Vraag 1
Hoeveel bomen zijn er geplant?

Antwoord op vraag 1
Er zijn tien bomen geplant. Dat is genoeg.

Vraag 2
Wie betaalt dat?

Antwoord op vraag 2
Zie het antwoord op vraag 1.
"""
ROW = {
    "file": "brief.txt",
    "document": "ah-tk-20232024-12",
    "kind": "answer",
    "answered": "2024-05-03",
    "answered_by": [["Maas", "minister", "Financiën"]],
    "parts": [
        {"numbers": [1], "question": ["Hoeveel", "geplant?"], "answer": ["Er zijn", "genoeg."], "refers_to": []},
        {"numbers": [2], "question": ["Wie", "dat?"], "answer": ["Zie het", "vraag 1."], "refers_to": [1]},
    ],
}


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    path = tmp_path / "brief.txt"
    path.write_text(TEXT, encoding="utf-8")
    return read_document(path, "map/brief.txt", lambda text: len(text.split()))


def test_a_right_reading_is_right_in_everything(reading: Reading) -> None:
    assert not [found for found in check([ROW], [reading]) if not found.right]


def test_an_answer_that_lacks_its_last_sentence_is_wrong(reading: Reading) -> None:
    first = reading.passages[0]
    end = first.end - len(" Dat is genoeg.")
    answer = reading.text[first.answer_start : end]
    cut = replace(first, end=end, text=reading.text[first.start : end], answer=answer)
    checks = check([ROW], [replace(reading, passages=(cut, *reading.passages[1:]))])
    assert [(found.measure, found.what) for found in checks if not found.right] == [("answers", "vraag (1,)")]


def test_a_file_that_is_not_there_is_wrong_in_everything() -> None:
    checks = check([ROW], [])
    assert checks and not any(found.right for found in checks)
    assert {measure.name: measure.value for measure in measures(checks)}["answers"] == 0.0


def test_a_line_that_is_no_truth_is_named(tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    path.write_text(json.dumps(ROW) + "\n[]\n", encoding="utf-8")
    with pytest.raises(QuestionsError) as failure:
        load_truth(path)
    assert "2" in failure.value.say("nl")


@pytest.mark.real
def test_real_documents_are_read_as_a_reader_reads_them(shared: Path) -> None:
    folders = ("seeds", "documents/ah-tk-pdf", "documents/kamerbrief-pdf", "documents/kamervragen-txt")
    files = find_files([shared / folder for folder in folders])
    readings = [read_document(path, str(path), bundled().count) for path in files]
    checks = check(load_truth(TRUTH), readings)
    for measure in measures(checks):
        assert measure.value is not None and measure.value >= TARGETS[measure.name], [
            found for found in checks if found.measure == measure.name and not found.right
        ]
