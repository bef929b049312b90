"""An answer is led in by who said it and when, and that is made of the documents' metadata alone."""

from __future__ import annotations

import re
from datetime import date

import pytest

from index.store import Store
from index.store.write import Writer
from index.values import Document, Official, Passage, Reading
from rag.assistant import Assistant
from rag.frame import lead_in
from rag.values import Citation

MINISTER = Official("minister", "minister", "Infrastructuur en Waterstaat")
FERRY = Document("f", "answer", "De veerpont", "f.txt", answered=date(2023, 3, 6), answered_by=(MINISTER,))
LETTER = Document("b", "letter", "De veerboot", "b.txt", date=date(2024, 5, 7))


@pytest.fixture(scope="module")
def ferries(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("ferries") / "store"
    Store.create(folder)
    with Writer(folder) as writer:
        for document, text in (
            (FERRY, "De veerpont vaart vanaf 1 juli 2025."),
            (LETTER, "Het kabinet koopt een schip."),
        ):
            name = document.document
            passage = Passage(f"{name}#1", name, "1", text, 0, len(text))
            writer.put(Reading(document, text, (passage,)), name)
        writer.commit()
    return Assistant(Store.open(folder))


def test_an_answer_says_who_answered_and_when(ferries: Assistant) -> None:
    answer = ferries.ask("Wanneer vaart de veerpont?")
    assert answer.status == "answered"
    assert answer.lead == "Op 6 maart 2023 antwoordde de minister (Infrastructuur en Waterstaat):"
    assert answer.lead not in answer.text


def test_every_date_and_name_of_a_lead_in_stands_in_the_metadata(ferries: Assistant) -> None:
    lead = ferries.ask("Wanneer vaart de veerpont?").lead
    assert re.findall(r"\d+", lead) == [str(FERRY.answered.day), str(FERRY.answered.year)] if FERRY.answered else []
    assert MINISTER.department in lead


def test_several_documents_are_told_apart_by_their_marks() -> None:
    passages = [Passage(f"{d.document}#1", d.document, "1", "Tekst.", 0, 6) for d in (FERRY, LETTER)]
    cited = [
        Citation(n, p, d, "Tekst.", 0, 6) for n, (p, d) in enumerate(zip(passages, (FERRY, LETTER), strict=True), 1)
    ]
    lead = lead_in(cited, "nl")
    assert lead.index("6 maart 2023") < lead.index("[1].") < lead.index("De veerboot") < lead.index("7 mei 2024")
    assert lead.endswith("[2].")


def test_an_answer_that_cites_nothing_has_no_lead_in(ferries: Assistant) -> None:
    answer = ferries.ask("Hoeveel kangoeroes wonen er in Sydney?")
    assert answer.status == "unanswerable"
    assert answer.lead == ""
