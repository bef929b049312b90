"""What readers thought of an answer: kept in the store's own database, without the question unless that is allowed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import StoreError
from index.store import Store
from index.store.check import check_store
from index.store.files import DATABASE
from ui import feedback as module
from ui.feedback import Feedback


@pytest.fixture
def store(tmp_path: Path) -> Path:
    Store.create(tmp_path / "store")
    return tmp_path / "store"


def test_a_judgement_is_kept_with_its_reasons_and_without_the_question(store: Path) -> None:
    kept = Feedback(store / DATABASE)
    kept.add("a1", "down", ["wrong", "outdated", "wrong"], "Wat kost het?")
    kept.add("a2", "up")
    first, second = Feedback(store / DATABASE).all()
    assert (first.answer, first.verdict, first.reasons, first.question) == ("a1", "down", ("wrong", "outdated"), None)
    assert (second.answer, second.verdict, second.reasons) == ("a2", "up", ())
    assert b"Wat kost het" not in b"".join(path.read_bytes() for path in store.glob(f"{DATABASE}*"))


def test_the_question_is_kept_where_the_operator_wants_it_and_personal_data_are_not(store: Path) -> None:
    kept = Feedback(store / DATABASE, keep_questions=True)
    kept.add("a1", "up", question="Mail iemand@voorbeeld.nl: wat kost het?")
    (only,) = kept.all()
    assert only.question is not None
    assert "wat kost het?" in only.question and "voorbeeld.nl" not in only.question


def test_a_store_with_judgements_is_still_whole(store: Path) -> None:
    Feedback(store / DATABASE).add("a1", "up")
    assert check_store(store) == []


@pytest.mark.parametrize(("verdict", "reasons"), [("maybe", []), ("down", ["boring"]), ("", ["wrong"])])
def test_what_is_no_verdict_or_reason_is_refused(store: Path, verdict: str, reasons: list[str]) -> None:
    kept = Feedback(store / DATABASE)
    with pytest.raises(ValueError, match="unknown"):
        kept.add("a1", verdict, reasons)  # type: ignore[arg-type]
    assert list(kept.all()) == []


def test_nobody_waits_for_a_writer_and_nothing_is_lost(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WAIT", 0.01)
    kept = Feedback(store / DATABASE)
    with closing(sqlite3.connect(store / DATABASE, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        kept.add("a1", "up")
        kept.add("a2", "down", ["unclear"])
        assert list(kept.all()) == []
        writer.execute("ROLLBACK")
    kept.close()
    assert [judgement.answer for judgement in kept.all()] == ["a1", "a2"]


def test_a_store_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="niet te bewaren"):
        Feedback(tmp_path / "weg" / DATABASE).add("a1", "up")
