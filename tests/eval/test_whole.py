"""The whole evaluation over the samples: every section has its rows, and the command writes table, JSON and page."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval import limits
from eval.conversations import load_conversations
from eval.documents import load_truth
from eval.faults import effects
from eval.judge import load_pairs
from eval.model_judge import ModelJudge
from eval.questions import load_questions
from eval.report.page import page
from eval.report.values import SECTIONS, Report, read_report
from eval.robustness import load_variants
from eval.whole import Plan, Product, evaluate
from rag.scripted import ScriptedModel
from ui.cli import main

pytest.importorskip("ir_measures", reason="ir-measures is not installed")
ROOT = Path(__file__).resolve().parent.parent.parent
DATA = ROOT / "eval" / "data"
_FEW = ("v10", "v24", "v31", "v36")


@pytest.fixture(scope="module")
def plan(product: Product) -> Plan:
    questions = [q for q in load_questions(DATA / "samples-questions.jsonl") if q.id in _FEW]
    pairs, _ = load_pairs(DATA / "judge-report.jsonl", product.snapshot.passages)
    variants = load_variants(DATA / "samples-variants.jsonl")
    return Plan(
        {"samples": questions},
        load_conversations(DATA / "samples-conversations.jsonl")[11:14],
        {name: ways for name, ways in variants.items() if name == "v24"},
        pairs[:20],
        load_truth(DATA / "samples-documents-truth.jsonl"),
        [ROOT / "index" / "samples" / "afvalinzameling.txt"],
        {"model": ModelJudge(ScriptedModel(['{"oordeel": "gesteund"}']))},
    )


@pytest.fixture(scope="module")
def report(plan: Plan, product: Product) -> Report:
    return evaluate(plan, product)


def test_every_section_has_rows_and_every_question_a_record(plan: Plan, report: Report) -> None:
    assert {row.section for row in report.rows} == set(SECTIONS)
    assert [record.id for record in report.records] == [*_FEW, "g12", "g13", "g14"]
    assert len({row.key for row in report.rows}) == len(report.rows)
    asked = report.records[-1]
    assert asked.question.startswith(plan.conversations[-1].history[-1].text)


def test_intervals_hold_their_values(report: Report) -> None:
    for row in report.rows:
        if row.value is not None and row.low is not None and row.high is not None:
            assert row.low - 1e-9 <= row.value <= row.high + 1e-9, row


def test_means_are_those_of_the_records(report: Report) -> None:
    asked = [record for record in report.records if record.section == "grounding"]
    for key, name in (("grounding.right", "right"), ("retrieval.nDCG@10", "nDCG@10"), ("grounding.words", "words")):
        values = [record.scores[name] for record in asked if name in record.scores]
        row = report.row(key)
        assert row is not None and row.count == len(values)
        assert row.value == pytest.approx(sum(values) / len(values))


def test_another_judge_stands_beside_the_products_own_with_their_agreement(report: Report) -> None:
    found = {row.key: row.value for row in report.rows if row.part == "model"}
    assert found["grounding.citation recall.model"] == 1.0  # it says yes to everything
    assert found["judge.recall.model"] == 1.0
    assert found["judge.specificity.model"] == 0.0
    assert found["judge.failed verdicts.model"] == 0.0
    assert found["judge.agreement.model"] is not None and 0 < found["judge.agreement.model"] < 1
    assert found["judge.Cohen's kappa.model"] == pytest.approx(0.0, abs=1e-9)  # as much as chance


def test_documents_are_read_as_a_reader_finds_them(report: Report) -> None:
    for name in ("groups", "answers", "questions", "fields", "references", "conserved"):
        row = report.row(f"documents.{name}")
        assert row is not None and row.value == 1.0, name


def test_page_and_table_of_the_whole_report_name_the_store_and_the_versions(report: Report) -> None:
    html = page(report, "nl")
    for wanted in ("faiss-cpu", "tantivy", "over stand 1", "Anders gestelde vragen", "p95"):
        assert wanted in html


def test_the_command_writes_table_json_and_page_over_ones_own_store(
    product: Product, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = [
        line for line in (DATA / "samples-questions.jsonl").read_text(encoding="utf-8").splitlines() if '"v3' in line
    ]
    (tmp_path / "vragen.jsonl").write_text("\n".join(few[-4:]), encoding="utf-8")
    store = str(tmp_path / "store")
    assert main(["index", str(ROOT / "index" / "samples"), "--store", store]) == 0
    capsys.readouterr()
    out = tmp_path / "uit" / "evaluatie"
    out.parent.mkdir()
    arguments = ["--questions", str(tmp_path / "vragen.jsonl"), "--store", store]
    assert main(["eval", "refusal", str(tmp_path / "vragen.jsonl"), "--store", store, "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["section"] for row in rows} == {"refusal"}
    assert main(["eval", "export", "ragas", str(tmp_path / "r.jsonl"), *arguments]) == 0
    assert len((tmp_path / "r.jsonl").read_text(encoding="utf-8").splitlines()) == 4
    assert main(["eval", "check", str(tmp_path / "vragen.jsonl"), "--store", store]) == 0
    assert product.snapshot.generation == 1


def test_effects_of_faults_are_listed_with_what_they_moved(plan: Plan, product: Product) -> None:
    told: list[str] = []
    found = list(effects(plan.sets, product, told.append))
    moved = {(effect.fault, effect.measure): effect.after - effect.before for effect in found}
    assert moved["shifted quote", "quotes literal"] == -1.0
    assert moved["always refuses", "answerable refused"] > 0
    assert moved["no marks", "citation coverage"] == -1.0
    assert len(told) == 10


def test_a_set_without_answerable_or_without_vain_questions_is_measured_too(product: Product) -> None:
    questions = load_questions(DATA / "samples-questions.jsonl")
    for chosen in (questions[9:11], questions[-2:]):
        made = evaluate(Plan({"few": chosen}, wanted=frozenset({"refusal", "grounding", "retrieval"})), product)
        assert made.row("grounding.right") is not None
        assert len(made.records) == 2
    assert made.row("retrieval.nDCG@10") is None


def test_the_size_of_a_store_that_is_elsewhere_is_not_told(product: Product) -> None:
    plan = Plan({"few": load_questions(DATA / "samples-questions.jsonl")[9:11]}, wanted=frozenset({"performance"}))
    for size, is_told in ((1_000_000, True), (0, False)):
        made = evaluate(plan, replace(product, size=size))
        assert (made.row("performance.store size") is not None) is is_told


def test_a_missing_report_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "compare", str(tmp_path / "a.json"), str(tmp_path / "b.json")]) == 1
    assert "a.json" in capsys.readouterr().err
    with pytest.raises(Exception, match=r"c\.json"):
        read_report(tmp_path / "c.json")


def test_limits_are_plain_arithmetic() -> None:
    found = limits.scan(1_000_000, 384, 2, 25e9)
    assert found.seconds == pytest.approx(0.03072)
    assert found.arithmetic == "1,000,000 × 384 × 2 B = 768.00 MB ÷ 25.0 GB/s = 30.720 ms"
    assert limits.lookup(12, 256, 1, 1e9).seconds == pytest.approx(3.072e-6)
    assert limits.writing(50_000_000, 500e6).seconds == pytest.approx(0.1)
    assert limits.reading(50_000_000, 25e9).seconds == pytest.approx(0.002)
    assert 1e8 < limits.bandwidth(8) < 1e12


def test_a_limit_stands_beside_each_figure_of_performance(tmp_path: Path) -> None:
    found = limits.beside(1_000, 256, 700_000, 3_000_000, tmp_path)
    assert found["store size"] == "text 0.7 MB + vectors 1,000 × 256 × 2 B = 1.2 MB"
    assert set(found) == {"build", "store size", "cold start to the first answer", "search p50", "answer p50"}
    assert list(tmp_path.iterdir()) == []
