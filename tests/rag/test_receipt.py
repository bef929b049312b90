"""A receipt says later, of each citation, whether it is still literally there, changed, or gone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from index.errors import ReceiptError
from rag.assistant import Assistant
from rag.receipt import check_receipt, make_receipt

QUESTION = "Wanneer is de verbouwing van de bibliotheek klaar?"
DAY = datetime(2025, 3, 18, 12, tzinfo=UTC)


@pytest.fixture
def receipt(assistant: Assistant, texts: dict[str, str]) -> dict[str, Any]:
    """The receipt of one answer, as it comes back from a file."""
    made = make_receipt(assistant.ask(QUESTION), texts.get, {"model": "extractive"}, DAY)
    loaded: dict[str, Any] = json.loads(json.dumps(made))
    return loaded


def test_a_receipt_holds_what_was_asked_answered_and_used(receipt: dict[str, Any]) -> None:
    answer = receipt["answer"]
    assert (answer["question"], answer["model"], receipt["made"][:10]) == (QUESTION, "extractive", "2025-03-18")
    assert receipt["settings"] == {"model": "extractive"}
    assert answer["generation"] > 0
    assert len(receipt["documents"]["voorbeeld-bieb"]["sha256"]) == 64
    assert set(receipt["quotes"]) == {str(citation["number"]) for citation in answer["citations"]}


def states(receipt: Mapping[str, Any], texts: dict[str, str]) -> set[str]:
    return {check.state for check in check_receipt(receipt, texts.get, "r.json")}


def test_what_is_unchanged_is_still_there(receipt: dict[str, Any], texts: dict[str, str]) -> None:
    checks = check_receipt(receipt, texts.get, "r.json")
    assert checks
    assert all(check.state == "there" and check.holds and check.is_same_document for check in checks)


def test_words_that_moved_still_hold_in_a_document_that_changed(receipt: dict[str, Any], texts: dict[str, str]) -> None:
    checks = check_receipt(receipt, {n: "Nieuw begin. " + t for n, t in texts.items()}.get, "r.json")
    assert {(check.state, check.holds, check.is_same_document) for check in checks} == {("moved", True, False)}


def test_changed_words_are_named(receipt: dict[str, Any], texts: dict[str, str]) -> None:
    changed = {name: text.replace("oktober 2025", "mei 2026") for name, text in texts.items()}
    check = next(c for c in check_receipt(receipt, changed.get, "r.json") if not c.holds)
    assert check.state == "changed"
    assert "mei 2026" in check.now
    assert check.changes == [("oktober 2025", "mei 2026")]


def test_words_that_are_nowhere_are_gone(receipt: dict[str, Any], texts: dict[str, str]) -> None:
    assert states(receipt, {}) == {"gone"}
    assert states(receipt, dict.fromkeys(texts, "Er staat nu heel iets anders.")) == {"gone"}


@pytest.mark.parametrize("key", ["question", "status", "generation"])
def test_a_receipt_that_was_tampered_with_is_refused(receipt: dict[str, Any], texts: dict[str, str], key: str) -> None:
    receipt["answer"][key] = "anders"
    with pytest.raises(ReceiptError, match=r"r\.json") as error:
        check_receipt(receipt, texts.get, "r.json")
    assert error.value.key == "receipt.altered"


@pytest.mark.parametrize("other", [{}, [], "tekst", 3, None, {"receipt": 1}, {"receipt": 1, "sha256": "x"}])
def test_what_is_no_receipt_is_one_sentence(other: Any) -> None:
    with pytest.raises(ReceiptError, match=r"r\.json"):
        check_receipt(other, {}.get, "r.json")
