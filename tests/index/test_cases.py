"""The questions, the postponement and the answer of one case find each other in a store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import build_index
from index.store.snapshot import Snapshots
from index.values import Filters
from index.where import Where, open_store

QUESTIONS = """2024Z00012

(ingezonden 3 april 2024)

Vragen van het lid Maas (BBB) aan de minister van Financiën over de aanplant van bomen langs het kanaal

Vraag 1
Hoeveel kastanjes zijn er geplant?

Vraag 2
Wie betaalt de kastanjes?
"""
POSTPONED = """AH 11
2024Z00012
Mededeling van minister Maas (Financiën) (ontvangen 20 april 2024)

De vragen over de kastanjes kunnen niet binnen de termijn worden beantwoord, want de kastanjes worden nog geteld.
"""
ANSWERED = """AH 12
2024Z00012
Antwoord van minister Maas (Financiën) (ontvangen 3 mei 2024)
Zie ook Aanhangsel Handelingen, vergaderjaar 2023-2024, nr. 11

Vraag 1 en 2
De kastanjes, hoeveel en van wie?

Antwoord op vraag 1 en 2
Er zijn tien kastanjes geplant en de provincie betaalt.
"""


Indexed = Callable[..., Snapshots]


def _count(text: str) -> int:
    return len(text.split())


@pytest.fixture
def store(where: Where, tmp_path: Path) -> Indexed:
    """A function that indexes texts."""

    def indexed(*texts: str) -> Snapshots:
        files = tmp_path / "files"
        files.mkdir(exist_ok=True)
        for number, text in enumerate(texts):
            (files / f"{number}.txt").write_text(text, encoding="utf-8")
        build_index([files], where, None, count_tokens=_count)
        return open_store(where)

    return indexed


def test_documents_of_one_case_find_each_other(store: Indexed) -> None:
    with store(QUESTIONS, POSTPONED, ANSWERED).snapshot() as snapshot:
        answer = snapshot.document("ah-tk-20232024-12")
        assert answer is not None and answer.follows == ("ah-tk-20232024-11",)
        assert [other.document for other in snapshot.case(answer)] == ["ah-tk-20232024-11", "kv-tk-2024Z00012"]


def test_the_separate_questions_stand_beside_the_combined_answer(store: Indexed) -> None:
    with store(QUESTIONS, ANSWERED).snapshot() as snapshot:
        [passage] = snapshot.passages("ah-tk-20232024-12")
        assert "Vraag 2: Wie betaalt de kastanjes?" in passage.context
        assert "Wie betaalt" not in passage.text


def test_without_the_questions_nothing_stands_beside_the_answer(store: Indexed) -> None:
    with store(ANSWERED).snapshot() as snapshot:
        assert snapshot.passages("ah-tk-20232024-12")[0].context == ""


def test_a_postponement_is_found_until_the_answer_arrives(store: Indexed) -> None:
    with store(QUESTIONS, POSTPONED).snapshot() as before:
        assert "postponement" in {hit.document.kind for hit in before.search("kastanjes geteld", 5)}
    with store(QUESTIONS, POSTPONED, ANSWERED).snapshot() as after:
        assert {hit.document.kind for hit in after.search("kastanjes geteld", 5)} == {"answer"}
        questions = after.search("kastanjes geteld", 5, Filters(kinds=("questions",)))
        assert {hit.document.kind for hit in questions} == {"questions"}
        asked_for = after.search("kastanjes geteld", 5, Filters(kinds=("postponement",)))
        assert [hit.document.document for hit in asked_for] == ["ah-tk-20232024-11"]


def test_a_printed_answer_without_a_case_number_is_found_by_day_and_subject(store: Indexed) -> None:
    printed = ANSWERED.replace("2024Z00012\n", "").replace(
        "Antwoord van minister",
        "Vragen van het lid Maas (BBB) aan de minister van Financiën over de aanplant van bomen langs het kanaal"
        " (ingezonden 3 april 2024).\nAntwoord van Minister",
    )
    with store(QUESTIONS, printed).snapshot() as snapshot:
        answer = snapshot.document("ah-tk-20232024-12")
        assert answer is not None and answer.case is None
        assert [other.document for other in snapshot.case(answer)] == ["kv-tk-2024Z00012"]


@pytest.mark.real
def test_the_real_questions_of_an_answer_stand_beside_it(shared: Path, where: Where) -> None:
    files = [*(shared / "documents/kamervragen-txt").glob("34_*"), *(shared / "documents/kamervragen-txt").glob("55_*")]
    build_index(files, where, None, count_tokens=_count)
    with open_store(where).snapshot() as snapshot:
        first = snapshot.passages("ah-tk-20242025-605")[0]
        assert [f"Vraag {number}:" in first.context for number in range(1, 7)] == [True] * 5 + [False]
