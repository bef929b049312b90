"""A report is written and read, compared, held against thresholds, shown as a page, and exported for others."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from eval.curves import GROWTH, Curve, draw, read_curves, write_curves
from eval.report.compare import compare
from eval.report.export import write_deepeval, write_ragas, write_trec
from eval.report.gate import Threshold, failures, thresholds_of
from eval.report.page import page
from eval.report.text import lines
from eval.report.values import Record, Report, ReportError, Row, Source, read_report, write_report
from eval.runs import scores
from eval.trec import compare_runs, read_qrels, read_run
from ui.cli import main

pytest.importorskip("ir_measures", reason="ir-measures is not installed")


def record(number: int, right: float, **fields: object) -> Record:
    text = f"Passage {number} <b>met opmaak</b>."
    values: dict[str, object] = {
        "section": "grounding",
        "set": "lijst",
        "id": f"q{number}",
        "kind": "answerable",
        "question": f"Vraag {number} & <script>alert(1)</script>?",
        "status": "answered",
        "answer": f"Antwoord {number}. [1]",
        "sentences": (f"Antwoord {number}.",),
        "gold": (f"d{number}#vraag-1",),
        "facts": (f"Antwoord {number}",),
        "scores": {"right": right, "nDCG@10": right, "fact recall": right},
        "cited": (Source(f"d{number}#vraag-1", "Titel", "vraag 1", f"Antwoord {number}."),),
        "found": (Source(f"d{number}#vraag-1", "Titel", "vraag 1", text=text),),
        "ranking": (f"d{number}#vraag-1", "d0#vraag-1") if right else ("d0#vraag-1", f"d{number}#vraag-1"),
        "chance": 0.75,
        "wrong": "" if right else "facts_missing",
    }
    return Record(**(values | fields))  # type: ignore[arg-type]


def report(rights: Sequence[float]) -> Report:
    rows = (
        Row("grounding", "right", sum(rights) / len(rights), len(rights), 0.1, 0.9),
        Row("grounding", "right", 0.5, 2, 0.1, 0.9, part="multi"),
        Row("robustness", "change in right", -0.25, 24, -0.5, 0.1, part="typos"),
        Row("refusal", "ECE", 0.2, 10, 0.1, 0.3, "lower"),
        Row("performance", "answer p95", 143.2, 91, better="lower", unit="ms"),
    )
    curves = {
        "risk coverage": [(0.5, 0.0), (1.0, 0.25)],
        "calibration": [(0.3, 0.2, 4), (0.9, 1.0, 8)],
        "base risk": [(0.25,)],
    }
    made = tuple(record(number, right) for number, right in enumerate(rights, 1))
    store = {"generation": 3, "documents": 13, "passages": 77}
    return Report(
        "2026-11-22T10:00:00+00:00", 12.0, {"model": "extractive"}, store, {"Python": "3.11"}, rows, made, curves
    )


def test_a_report_comes_back_as_it_was_written(tmp_path: Path) -> None:
    made = report([1.0, 0.0])
    write_report(made, tmp_path / "r.json")
    back = read_report(tmp_path / "r.json")
    assert back.rows == made.rows
    assert back.records == made.records
    assert (back.store, back.settings, back.versions) == (made.store, made.settings, made.versions)


@pytest.mark.parametrize("content", ["", "[]", '{"format": 1}', '{"format": 2}', "geen json"])
def test_a_file_that_is_no_report_is_named(content: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(content, encoding="utf-8")
    with pytest.raises(ReportError, match=r"x\.json"):
        read_report(tmp_path / "x.json")


def test_curves_of_growth_beside_a_report_are_shown_in_it(tmp_path: Path) -> None:
    drawn = [
        Curve("zoeken", "ms", [(10_000.0, 2.0), (1_000_000.0, 50.0)], 60.0, "<1 ms & meer>"),
        Curve("leeg", "s", []),
    ]
    write_curves(drawn, tmp_path / GROWTH)
    assert read_curves(tmp_path / GROWTH) == drawn
    shown = page(report([1.0]), "nl", draw(read_curves(tmp_path / GROWTH)))
    assert 'href="#growth"' in shown and "zoeken (ms)" in shown and "&lt;1 ms &amp; meer&gt;" in shown
    assert 'id="growth"' not in page(report([1.0]), "nl")


@pytest.mark.parametrize("content", ["", "{}x", "[1]", '[{"name": "a"}]', '[{"points": 3}]'])
def test_a_file_that_holds_no_curves_is_named(content: str, tmp_path: Path) -> None:
    (tmp_path / GROWTH).write_text(content, encoding="utf-8")
    with pytest.raises(ReportError, match=r"growth\.json.*eval\.growth"):
        read_curves(tmp_path / GROWTH)


def test_a_real_difference_is_told_from_one_that_chance_explains() -> None:
    before = [1.0, 0.0] * 40
    worse = [0.0 if place % 4 == 0 else value for place, value in enumerate(before)]  # loses twenty of eighty
    found = {row.name: row for row in compare(report(before), report(worse), ("a", "b")).rows}
    assert found["right"].difference.value == pytest.approx(-0.25)
    assert found["right"].verdict == "worse"
    assert found["right"].difference.high < 0 < found["right"].adjusted < 0.05
    nearly = list(before)
    nearly[0], nearly[1], nearly[3] = 0.0, 1.0, 1.0
    assert {row.verdict for row in compare(report(before), report(nearly), ("a", "b")).rows} == {"same"}


def test_several_measures_are_tested_more_strictly_than_one() -> None:
    # Six of thirty lost: p is near .03 for one measure alone, and three measures are looked at.
    before, after = [1.0] * 30, [0.0] * 6 + [1.0] * 24
    rows = compare(report(before), report(after), ("a", "b")).rows
    assert all(row.difference.p < 0.05 < row.adjusted for row in rows)
    assert {row.verdict for row in rows} == {"same"}


def test_longer_answers_are_neither_better_nor_worse_but_other() -> None:
    def long(words: float) -> Report:
        made = report([1.0] * 20)
        return replace(made, records=tuple(replace(r, scores={**r.scores, "words": words}) for r in made.records))

    found = {row.name: row.verdict for row in compare(long(40.0), long(60.0), ("a", "b")).rows}
    assert (found["words"], found["right"]) == ("other", "same")


def test_reports_over_other_questions_are_not_compared() -> None:
    other = report([1.0])
    other = replace(other, records=tuple(replace(r, id="z") for r in other.records))
    with pytest.raises(ReportError, match=r"a\.json"):
        compare(report([1.0]), other, ("a.json", "b.json"))
    found = compare(report([1.0, 0.0]), report([1.0]), ("a", "b"))
    assert (found.only_one, found.only_other) == (1, 0)


def test_the_gate_lets_good_figures_through_and_names_what_is_too_low_too_high_or_missing() -> None:
    limits = thresholds_of(
        {"grounding.right": {"min": 0.5}, "refusal.ECE": {"max": 0.2}, "grounding.right.multi": {"min": 0.5}}, "f"
    )
    assert failures(report([1.0, 0.0]), limits) == []
    worse = report([0.0, 0.0])
    assert [failure.threshold.name for failure in failures(worse, limits)] == ["grounding.right"]
    for name, limit in (("refusal.ECE", Threshold("refusal.ECE", most=0.19)), ("x", Threshold("x", least=0.1))):
        assert [failure.threshold.name for failure in failures(report([1.0]), [limit])] == [name]


@pytest.mark.parametrize(
    "table", [{}, {"a": 0.5}, {"a": {}}, {"a": {"least": 1}}, {"a": {"min": "x"}}, {"a": {"min": True}}]
)
def test_thresholds_that_cannot_be_read_are_refused(table: dict[str, object]) -> None:
    with pytest.raises(ReportError, match="drempel"):
        thresholds_of(table, "pyproject.toml")


def test_the_gate_ends_with_one_when_answers_grow_worse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.toml").write_text('[tool.vraagbaak.gate]\n"grounding.right" = { min = 0.5 }\n', encoding="utf-8")
    write_report(report([1.0, 1.0, 0.0]), tmp_path / "good.json")
    write_report(report([1.0, 0.0, 0.0]), tmp_path / "bad.json")
    thresholds = ["--thresholds", str(tmp_path / "t.toml")]
    assert main(["eval", "gate", str(tmp_path / "good.json"), *thresholds]) == 0
    capsys.readouterr()
    assert main(["eval", "gate", str(tmp_path / "bad.json"), *thresholds]) == 1
    assert "grounding.right" in capsys.readouterr().err


def test_two_reports_are_compared_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_report(report([1.0] * 20), tmp_path / "a.json")
    write_report(report([0.0] * 20), tmp_path / "b.json")
    assert main(["eval", "compare", str(tmp_path / "a.json"), str(tmp_path / "b.json"), "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {(row["name"], row["verdict"]) for row in rows} >= {("right", "worse"), ("nDCG@10", "worse")}


class Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in ("meta", "rect", "path", "line", "circle", "polyline"):
            self.open.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("meta", "rect", "path", "line", "circle", "polyline"):
            assert self.open.pop() == tag


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_holds_all_it_needs_and_needs_no_script(language: str) -> None:
    html = page(report([1.0, 0.0]), language)  # type: ignore[arg-type]
    parser = Parser()
    parser.feed(html)
    assert parser.open == []
    assert "script" not in parser.tags
    assert all(address.startswith("#") for address in parser.addresses)
    assert "url(" not in html and "@import" not in html
    assert parser.tags.count("svg") >= 4
    assert html.count("&lt;script&gt;") >= 2
    assert "Passage 1 <b>" not in html


def test_the_page_shows_curves_kinds_worst_cases_settings_and_the_stores_generation() -> None:
    html = page(report([1.0, 0.0]), "nl")
    text = re.sub(r"<[^>]+>", " ", html)
    for wanted in ("Wat er misging (1)", "multi", "extractive", "over stand 3", "3.11", "0.500", "143"):
        assert wanted in text, wanted
    assert 'class="curve"' in html and 'class="dot"' in html
    assert "Antwoord 2. [1]" in text


def test_the_table_has_a_line_for_every_row() -> None:
    table = list(lines(report([1.0, 0.0]), "nl"))
    assert sum("n = " in line for line in table) == 5
    assert any("143 ms" in line for line in table)
    assert any("-0.250" in line and "typos" in line for line in table)


def test_exports_have_the_fields_that_ragas_and_deepeval_read(tmp_path: Path) -> None:
    made = report([1.0, 0.0])
    write_ragas(made, tmp_path / "ragas.jsonl")
    first = json.loads((tmp_path / "ragas.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert first["response"] == "Antwoord 1."
    assert first["retrieved_contexts"] == first["reference_contexts"] == ["Passage 1 <b>met opmaak</b>."]
    write_deepeval(made, tmp_path / "deepeval.json")
    cases = json.loads((tmp_path / "deepeval.json").read_text(encoding="utf-8"))
    assert [case["actual_output"] for case in cases] == ["Antwoord 1.", "Antwoord 2."]
    assert set(cases[0]) == {"name", "input", "actual_output", "expected_output", "context", "retrieval_context"}


def test_trec_files_give_the_same_figures_when_read_back(tmp_path: Path) -> None:
    write_trec(report([1.0, 0.0]), tmp_path / "out")
    gold, run = read_qrels(tmp_path / "out.qrels"), read_run(tmp_path / "out.run")
    assert gold == {"lijst-q1": ("d1#vraag-1",), "lijst-q2": ("d2#vraag-1",)}
    assert scores(run, gold, ["RR@10"])["RR@10"].tolist() == [1.0, 0.5]
    ir = pytest.importorskip("ir_measures")
    theirs = ir.calc_aggregate(
        [ir.RR @ 10, ir.Success @ 1, ir.AP @ 100],
        ir.read_trec_qrels(str(tmp_path / "out.qrels")),
        ir.read_trec_run(str(tmp_path / "out.run")),
    )
    assert {str(name): value for name, value in theirs.items()} == {"RR@10": 0.75, "Success@1": 0.5, "AP@100": 0.75}


def test_a_run_of_others_is_ordered_by_its_scores_as_trec_eval_does(tmp_path: Path) -> None:
    (tmp_path / "a.run").write_text("1 Q0 b 1 0.5 x\n1 Q0 a 2 0.9 x\n1 Q0 c 3 0.5 x\n", encoding="utf-8")
    assert read_run(tmp_path / "a.run") == {"1": ["a", "c", "b"]}
    found = compare_runs({"1": ["x", "a"], "2": ["b"]}, {"1": ["a"], "2": ["b"]}, {"1": ("a",), "2": ("b",), "3": ()})
    before, after, difference = found["RR@10"]
    assert (before, after, difference.value, difference.count) == (0.75, 1.0, 0.25, 2)


def test_runs_are_compared_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_trec(report([1.0] * 25), tmp_path / "one")
    write_trec(report([0.0] * 25), tmp_path / "other")
    files = [str(tmp_path / "one.run"), str(tmp_path / "other.run"), "--qrels", str(tmp_path / "one.qrels")]
    assert main(["eval", "compare", *files, "--json"]) == 0
    rows = {row["name"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert rows["RR@10"]["verdict"] == "worse"
    assert rows["R@5"]["verdict"] == "same"
