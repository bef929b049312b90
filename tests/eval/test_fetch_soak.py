"""A slice of the long proof: a few documents, a few killed processes; and the proof itself can fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.fetch_bench import whole_archive
from eval.fetch_soak import soak
from eval.fetch_trial import Trial


def test_killed_processes_lose_nothing_and_bring_nothing_twice(tmp_path: Path) -> None:
    result = soak(tmp_path / "werk", documents=60, kills=4)
    assert result.faults == []
    assert any("before their end" in line for line in result.lines)


def test_the_proof_sees_a_lost_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Trial.documents
    monkeypatch.setattr(Trial, "documents", lambda trial: dict(list(whole(trial).items())[1:]))
    result = soak(tmp_path / "werk", documents=8, kills=0)
    assert any("lost" in fault for fault in result.faults)


def test_the_whole_archive_is_counted_out() -> None:
    [row] = [line for line in whole_archive() if line.startswith("| Kamervragen")]
    assert "151,327" in row
    assert "1,514" in row
    assert "42 h" in row
