"""Measures against examples worked out by hand."""

from __future__ import annotations

import pytest

from eval.measures import percentile, proportion


def test_wilson_interval_of_eight_in_ten_is_that_of_the_textbook() -> None:
    measure = proportion("x", [True] * 8 + [False] * 2)
    assert measure.value == 0.8
    assert (measure.low, measure.high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))


def test_a_share_of_nothing_is_absent_not_zero() -> None:
    assert proportion("x", []).value is None


def test_percentiles_are_values_that_occurred() -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], 50) == 2.0
    assert percentile([4.0, 1.0, 3.0, 2.0], 95) == 4.0
    assert percentile([7.0], 1) == 7.0
