"""A fixed slice of the calls that schemathesis makes from our own description: none fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.fuzz_api import PARTS, Part, fuzz, proof, summary
from index.store import Store


@pytest.mark.parametrize("seed", [1])
def test_no_call_that_the_description_gives_rise_to_fails(
    make_app: Callable[..., Any], running: Callable[..., Any], tmp_path: Path, seed: int
) -> None:
    app = make_app(store=Store.create(tmp_path / "store"))
    with running(app) as address:
        part = fuzz(address, 100, seed)
    assert part.failures == ()
    assert part.calls >= 100
    assert {200, 422} <= set(part.statuses)


def test_what_was_called_before_is_not_called_again(tmp_path: Path) -> None:
    import json
    from dataclasses import asdict

    made = [Part(seed, 10, {200: 9, 422: 1}, ()) for seed in range(PARTS)]
    (tmp_path / "parts.jsonl").write_text("".join(json.dumps(asdict(part)) + "\n" for part in made))
    parts = proof(tmp_path, 500, lambda _: pytest.fail("called again"))
    assert summary(parts) == ["500 calls by schemathesis (200: 450, 422: 50), 0 failed."]
