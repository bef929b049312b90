"""Rankings are measured as the literature measures them, and no question is dropped."""

from __future__ import annotations

from math import log2
from pathlib import Path

import numpy as np
import pytest

from eval.bm25 import Bm25
from eval.runs import mean, scores, write_run

pytest.importorskip("ir_measures", reason="ir-measures is not installed")


def test_measures_follow_the_rank_of_the_gold() -> None:
    gold = {"1": ("a",), "2": ("b",)}
    found = scores({"1": ["x", "a"], "2": ["b", "x"]}, gold)
    assert found["nDCG@10"].tolist() == pytest.approx([1 / log2(3), 1.0])
    assert found["RR@10"].tolist() == pytest.approx([0.5, 1.0])
    assert found["R@1"].tolist() == [0.0, 1.0]
    assert found["R@50"].tolist() == [1.0, 1.0]


def test_question_without_any_result_counts_as_nought() -> None:
    found = scores({"1": ["a"]}, {"1": ("a",), "2": ("b",)})
    assert found["nDCG@10"].tolist() == [1.0, 0.0]


def test_order_within_a_run_is_kept_whatever_the_names() -> None:
    names = [f"{letter}{number}" for number in range(5) for letter in "zam"]
    for place, name in enumerate(names[:10], 1):
        value = scores({"q": names}, {"q": (name,)})["nDCG@10"][0]
        assert value == pytest.approx(1 / log2(place + 1))


def test_interval_holds_the_mean_and_narrows_with_more_questions() -> None:
    few, many = mean("m", np.tile([0.0, 1.0], 20)), mean("m", np.tile([0.0, 1.0], 500))
    assert few.value == many.value == 0.5
    assert few.low is not None and few.high is not None and many.low is not None and many.high is not None
    assert few.low < many.low < 0.5 < many.high < few.high


def test_run_is_written_in_the_format_of_trec(tmp_path: Path) -> None:
    write_run({"7": ["doc-1", "doc-2"]}, tmp_path / "run.txt", "hybrid")
    lines = (tmp_path / "run.txt").read_text(encoding="utf-8").splitlines()
    assert lines == ["7 Q0 doc-1 1 999 hybrid", "7 Q0 doc-2 2 998 hybrid"]


def test_plain_bm25_gives_the_scores_of_the_formula() -> None:
    found = Bm25(["kat kat hond", "hond vis", "vis"]).scores("KAT")
    idf = np.log(1 + 2.5 / 1.5)
    assert found.tolist() == pytest.approx([idf * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 2)), 0.0, 0.0])
