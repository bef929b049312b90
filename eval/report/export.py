"""A report goes in, the records that RAGAS and DeepEval read come out; neither package is needed here.

RAGAS reads one JSON object a line (`EvaluationDataset.from_jsonl`), DeepEval one JSON list
(`EvaluationDataset.add_test_cases_from_json_file`).
"""

from __future__ import annotations

import json
from pathlib import Path

from eval.report.values import Record, Report
from eval.runs import write_run
from eval.scores.citations import is_part_of
from eval.trec import write_qrels
from rag.prompt import REFUSAL


def write_ragas(report: Report, path: Path) -> int:
    """Write a sample of RAGAS for each question; return how many."""
    lines = [json.dumps(_ragas(record), ensure_ascii=False) for record in report.records]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="\n")
    return len(lines)


def write_deepeval(report: Report, path: Path) -> int:
    """Write a test case of DeepEval for each question; return how many."""
    cases = [_deepeval(record) for record in report.records]
    path.write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    return len(cases)


def write_trec(report: Report, path: Path) -> int:
    """Write what is right as `PATH.qrels` and what was found as `PATH.run`; return how many questions have gold."""
    gold = {f"{record.set}-{record.id}": record.gold for record in report.records if record.gold}
    run = {f"{record.set}-{record.id}": record.ranking for record in report.records if record.gold}
    write_qrels(gold, path.with_suffix(".qrels"))
    write_run(run, path.with_suffix(".run"), "vraagbaak")
    return len(gold)


def _ragas(record: Record) -> dict[str, object]:
    return {
        "user_input": record.question,
        "retrieved_contexts": [source.text for source in record.found],
        "response": " ".join(record.sentences),
        "reference": _expected(record),
        "reference_contexts": [source.text for source in record.found if _is_gold(source.passage, record)],
    }


def _deepeval(record: Record) -> dict[str, object]:
    return {
        "name": f"{record.set} {record.id}",
        "input": record.question,
        "actual_output": " ".join(record.sentences),
        "expected_output": _expected(record),
        "context": [source.text for source in record.found if _is_gold(source.passage, record)],
        "retrieval_context": [source.text for source in record.found],
    }


def _expected(record: Record) -> str:
    """Return the gold facts; for a question in vain the sentence that a model is told to say."""
    return "; ".join(record.facts) if record.gold else REFUSAL


def _is_gold(passage: str, record: Record) -> bool:
    return any(is_part_of(passage, gold) for gold in record.gold)
