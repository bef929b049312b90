"""Many questions at once: each answer carries the id of its question, and a bad line is in nobody's way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.build import build_index
from index.tokens import bundled
from ui.cli import main

SAMPLES = Path(__file__).parent.parent.parent / "index" / "samples"
GOOD = {"id": "goed", "question": "Wie betaalt de opvang aan de Lindelaan?"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("batch") / "store"
    build_index([SAMPLES / "opvang-lindelaan.pdf"], folder, None, count_tokens=bundled().count)
    return folder


@pytest.fixture(autouse=True)
def words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VRAAGBAAK_EMBEDDER", "none")


@pytest.mark.parametrize("line", ["{kapot", "[]", '"tekst"', '{"vraag": "?"}', '{"question": 5}'])
def test_a_line_that_is_no_question_does_not_stop_the_next(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    questions = tmp_path / "vragen.jsonl"
    questions.write_text(f"{line}\n\n{json.dumps(GOOD)}\n", encoding="utf-8")
    assert main(["ask", "--questions", str(questions), "--store", str(store), "--json"]) == 1
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["id"], first["status"]) == ("1", "error")
    assert "1" in first["notices"][0]
    assert (second["id"], second["status"]) == ("goed", "answered")
    assert main(["search", "--questions", str(questions), "--store", str(store), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["id"] == "goed"


def test_each_answer_in_words_stands_under_its_id(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = tmp_path / "vragen.jsonl"
    other = {"id": "v2", "question": "Hoeveel vluchtelingen worden er aan de Lindelaan opgevangen?"}
    questions.write_text(f"{json.dumps(GOOD)}\n{json.dumps(other)}\n", encoding="utf-8")
    assert main(["ask", "--questions", str(questions), "--store", str(store)]) == 0
    printed = capsys.readouterr().out
    assert printed.index("goed: ") < printed.index("Het Rijk betaalt") < printed.index("v2: ") < printed.index("150")


def test_a_line_separator_inside_a_question_does_not_break_it(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = tmp_path / "vragen.jsonl"
    asked = {"id": "x", "question": "Wie betaalt de opvang\u2028aan de Lindelaan?"}
    questions.write_text(json.dumps(asked, ensure_ascii=False) + "\n", encoding="utf-8")
    assert main(["ask", "--questions", str(questions), "--store", str(store), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "answered"
