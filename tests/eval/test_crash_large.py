"""A copy of a store built with the shipped embedder is struck while documents come, change and go."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.crash_large import copy_store, crash_large
from eval.generator import write_documents
from index.build import build_index
from index.static_embedding import bundled
from index.store.check import check_store
from index.tokens import count_tokens


def test_a_copy_is_crashed_and_checked_and_the_store_itself_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eval.crash_large._FIRST_GUESS", 0.5)  # seconds; no machine is done by then
    sources, store = tmp_path / "bron", tmp_path / "opslag"
    sources.mkdir()
    write_documents(sources, 30)
    built = build_index([sources], store, bundled(), count_tokens=count_tokens)
    results = crash_large(store, tmp_path / "werk", 3, lambda _: None)
    assert [result.scenario for result in results] == ["add", "change", "remove", "check of all"]
    assert [result.fault for result in results] == [None] * 4
    assert any(result.struck for result in results)
    assert check_store(store) == []
    copy_store(store, tmp_path / "weer")
    again = build_index([sources], tmp_path / "weer", bundled(), count_tokens=count_tokens)
    assert (again.generation, again.passages) == (built.generation, built.passages)
