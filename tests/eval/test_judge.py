"""Pairs are read in both forms, judged, and counted by kind; the judge meets its marks on the test bed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from eval.judge import Judged, Pair, load_pairs, measures, run, to_json
from eval.questions import QuestionsError
from index.documents import find_files, read_document
from index.errors import ReadError
from index.tokens import bundled
from index.values import Passage
from rag.values import Verdict
from rag.verify import RuleJudge

DATA = Path(__file__).parents[2] / "eval" / "data"
SAMPLES = Path(str(files("index") / "samples"))
CHANGED = ("number", "date", "name")


def passages_in(folders: Sequence[Path]) -> dict[str, tuple[Passage, ...]]:
    found: dict[str, tuple[Passage, ...]] = {}
    for path in find_files(folders):
        try:
            reading = read_document(path, str(path), bundled().count)
        except ReadError:
            continue
        found.setdefault(reading.document.document, reading.passages)
    return found


@cache
def samples() -> dict[str, tuple[Passage, ...]]:
    return passages_in([SAMPLES])


def pair(supported: bool, kind: str) -> Pair:
    return Pair("1", Passage("p", "d", "", "Tekst.", 0, 6), "Tekst.", supported, kind)


def test_a_line_with_its_own_passage_is_judged(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    lines = [
        {"id": "a", "passage": "De brug opent op 6 maart 2023.", "sentence": "De brug opent op 06-03-2023."},
        {"id": "b", "passage": "De brug opent op 6 maart 2023.", "sentence": "De brug opent op 7 maart 2023."},
    ]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    pairs, left_out = load_pairs(path, lambda _: ())
    judged = [to_json(one) for one in run(pairs, RuleJudge("en"))]
    assert left_out == 0
    assert [(one["id"], one["supported"]) for one in judged] == [("a", True), ("b", False)]
    assert judged[0]["reasons"] == []
    assert judged[1]["reasons"] == ["this number or date is not in the passage: 7 maart 2023"]


def test_a_pair_whose_document_is_unknown_is_counted_as_left_out(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"id": "a", "document": "x", "label": "vraag 1", "sentence": "Ja."}\n', encoding="utf-8")
    assert load_pairs(path, lambda _: ()) == ([], 1)


@pytest.mark.parametrize("line", ["geen json", "[]", '{"passage": "x"}', '{"passage": "x", "sentence": 3}'])
def test_a_line_that_is_no_pair_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(QuestionsError, match="Regel 1"):
        load_pairs(path, lambda _: ())


def test_the_measures_are_those_of_the_literature() -> None:
    yes, no = Verdict("supported", 1.0), Verdict("unsupported", 0.0)
    judged = [
        Judged(pair(True, "paraphrase"), yes),
        Judged(pair(True, "paraphrase"), no),
        Judged(pair(False, "number"), no),
        Judged(pair(False, "number"), no),
        Judged(pair(False, "name"), yes),
        Judged(pair(False, "name"), no),
    ]
    found = {measure.name: measure.value for measure in measures(judged)}
    assert found["accuracy"] == pytest.approx(4 / 6)
    assert found["balanced accuracy"] == pytest.approx((1 / 2 + 3 / 4) / 2)
    assert found["precision"] == pytest.approx(1 / 2)
    assert found["recall"] == pytest.approx(1 / 2)
    assert (found["paraphrase"], found["number"], found["name"]) == (0.5, 1.0, 0.5)


def test_the_test_bed_is_large_and_balanced() -> None:
    lines = [
        json.loads(line)
        for name in ("judge-dev", "judge-report")
        for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert len(lines) >= 260
    assert 0.4 <= sum(line["supported"] for line in lines) / len(lines) <= 0.6
    assert len({line["id"] for line in lines}) == len(lines)


def test_the_judge_meets_its_marks_on_the_samples() -> None:
    check_marks(samples())


@pytest.mark.real
def test_the_judge_meets_its_marks_on_the_real_documents_too(shared: Path) -> None:
    folders = [SAMPLES, shared / "seeds", shared / "documents" / "kamervragen-txt", shared / "documents" / "ah-tk-pdf"]
    check_marks(passages_in(folders), expect_all=True)


def check_marks(known: dict[str, tuple[Passage, ...]], *, expect_all: bool = False) -> None:
    changed: list[bool] = []
    for name in ("judge-dev", "judge-report"):
        pairs, left_out = load_pairs(DATA / f"{name}.jsonl", lambda document: known.get(document, ()))
        judged = run(pairs, RuleJudge())
        found = {measure.name: measure.value for measure in measures(judged)}
        assert left_out == 0 or not expect_all
        assert found["balanced accuracy"] is not None
        assert found["balanced accuracy"] >= 0.85
        changed += [one.right for one in judged if one.pair.kind in CHANGED]
    assert sum(changed) >= 0.97 * len(changed)
