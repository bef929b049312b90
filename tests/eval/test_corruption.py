"""Damage to the files of a store is named and made good or refused, and nothing wrong is ever quoted."""

from __future__ import annotations

from pathlib import Path

from eval.corruption import corrupt, make_store, summary

SAMPLE = 40


def test_no_damage_gives_a_wrong_citation_or_a_traceback(tmp_path: Path) -> None:
    results = list(corrupt(tmp_path, sample=SAMPLE))
    assert [(result.file, result.damage, result.fault) for result in results if result.fault] == []
    assert {"repaired", "refused"} <= {result.ending for result in results}
    assert summary(results)[-1] == f"{len(results)} damages, 0 of them with a fault."


def test_what_a_broken_off_run_left_is_in_nobodys_way(tmp_path: Path) -> None:
    first = make_store(tmp_path)[2]
    (tmp_path / "opslag" / "store.sqlite").write_bytes(b"")
    assert make_store(tmp_path)[2] == first
