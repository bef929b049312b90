"""Intervals and tests agree with other implementations, and hold the truth as often as they say."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from eval.agreement import agreement, kappa
from eval.measures import proportion
from eval.significance import bca, corrected, holm, mean_of, paired, sign_flip, statistic_of

stats = pytest.importorskip("scipy.stats", reason="scipy is not installed")


def test_sign_flip_gives_the_p_of_all_signs_tried_one_by_one() -> None:
    differences = [0.4, -0.1, 0.3, 0.2, -0.05, 0.6, 0.1, 0.25, -0.2, 0.15]
    observed = abs(sum(differences))
    tried = [sum(s * d for s, d in zip(signs, differences, strict=True)) for signs in product((-1, 1), repeat=10)]
    exact = sum(abs(value) >= observed - 1e-9 for value in tried) / len(tried)
    assert sign_flip(differences) == pytest.approx(exact, abs=0.01)


def test_sign_flip_finds_nothing_where_nothing_differs_and_never_says_nought() -> None:
    assert sign_flip([0.0] * 30) == 1.0
    assert 0 < sign_flip([1.0] * 40) <= 1 / 10_000


def test_sign_flip_is_wrong_as_often_as_it_says_when_nothing_differs() -> None:
    chance = np.random.default_rng(3)
    found = [sign_flip(chance.normal(0, 1, 25), flips=300) < 0.05 for _ in range(300)]
    assert 0.02 <= np.mean(found) <= 0.09


def test_bca_interval_is_that_of_scipy() -> None:
    values = np.random.default_rng(5).beta(0.4, 0.9, 60)
    low, high = bca(values, 10_000)
    theirs = stats.bootstrap((values,), np.mean, method="BCa", n_resamples=10_000, rng=np.random.default_rng(1))
    assert (low, high) == pytest.approx(tuple(theirs.confidence_interval), abs=0.006)


def test_bca_interval_of_a_skewed_measure_holds_the_truth_about_as_often_as_it_says() -> None:
    chance, held = np.random.default_rng(7), 0
    for _ in range(300):
        low, high = bca(chance.beta(2, 0.7, 60), 500)
        held += low <= 2 / 2.7 <= high
    assert 0.915 <= held / 300 <= 0.98


def test_paired_interval_is_narrower_than_the_spread_of_the_questions_and_holds_the_difference() -> None:
    chance = np.random.default_rng(11)
    easy = chance.random(80)  # both answer the same questions, so most of the spread is shared
    found = paired(easy + chance.normal(0.1, 0.05, 80), easy)
    assert found.low <= 0.1 <= found.high
    assert found.high - found.low < 0.05
    assert found.p < 0.001


def test_shares_of_yes_and_no_get_wilsons_interval() -> None:
    assert mean_of("m", [1.0] * 20) == proportion("m", [True] * 20)
    assert mean_of("m", [1.0] * 20).low == pytest.approx(0.8389, abs=1e-4)  # 20 / (20 + 1.96²)


def test_a_statistic_without_cases_has_no_value() -> None:
    assert statistic_of("m", 0, lambda _: 1.0).value is None
    assert mean_of("m", []).value is None


def test_holm_multiplies_the_smallest_p_most_and_keeps_the_order() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def test_kappa_is_that_of_the_textbook_table() -> None:
    # Twenty yes together, fifteen no together, five and ten apart: po = .7, pe = .5.
    one = [True] * 20 + [True] * 5 + [False] * 10 + [False] * 15
    other = [True] * 20 + [False] * 5 + [True] * 10 + [False] * 15
    assert kappa(one, other) == pytest.approx(0.4)
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    assert kappa(one, other) == pytest.approx(metrics.cohen_kappa_score(one, other))


def test_kappa_is_nought_by_chance_and_one_where_both_always_agree() -> None:
    assert kappa([True, True, False, False], [True, False, True, False]) == 0.0
    assert kappa([True, False], [True, False]) == 1.0
    assert kappa([], []) is None
    names = [measure.name for measure in agreement([True, False], [True, True])]
    assert names == ["agreement", "Cohen's kappa"]


def test_a_judge_that_flatters_is_put_right_by_a_labelled_sample() -> None:
    chance, held = np.random.default_rng(13), 0
    for _ in range(200):
        truth = chance.random(900) < 0.6
        judged = np.where(truth, 1.0, chance.random(900) < 0.3)  # says yes to three in ten that are no
        value, half = corrected(judged[100:], judged[:100], truth[:100].astype(float))
        held += abs(value - 0.6) <= half
    assert judged.mean() > 0.68
    assert 0.9 <= held / 200 <= 0.99
