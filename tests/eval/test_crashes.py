"""Twenty crashes of real processes, of every kind that `make soak` plays three hundred of."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.crash_scenarios import SCENARIOS
from eval.crashes import can_mount, crash, schedule, summary

RUNS = 20


def test_twenty_crashes_lose_nothing_and_show_nothing_half(tmp_path: Path) -> None:
    results = crash(tmp_path, RUNS)
    assert [(result.scenario, result.fault) for result in results if result.fault] == []
    assert sum(result.struck for result in results) > RUNS // 3
    assert sum(result.reads for result in results) > RUNS


def test_a_stopped_soak_goes_on_where_it_was(tmp_path: Path) -> None:
    first = crash(tmp_path, 1)
    assert crash(tmp_path, 1) == first
    assert summary(first)[-3].startswith("| together | 1 |")


def test_every_scenario_is_played(tmp_path: Path) -> None:
    del tmp_path
    if not can_mount():
        pytest.skip("no small disk can be mounted here: the full disk and the read-only folder are left out")
    assert set(schedule(len(SCENARIOS) * 6)) == set(SCENARIOS)
