"""One Kamervraag reads the same as XML, as HTML and as PDF, and from whichever source it was fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.fetch_documents import Paper, Published, as_docx, as_html, as_pdf, as_xml, is_clear_in_print
from eval.fetch_stand_in import StandIn, make_archive
from eval.fetch_trial import Trial
from index.build import build_index
from index.documents import find_files, read_document
from index.fetch.folder import METADATA
from index.store import Store
from index.values import Reading

FORMS = {"xml": as_xml, "html": as_html, "pdf": as_pdf}


def read(folder: Path, one: Published, form: str) -> Reading:
    path = folder / f"{one.identifier}.{form}"
    path.write_bytes(FORMS[form](one))
    return read_document(path, path.name, len)


def meaning(reading: Reading) -> object:
    document = reading.document
    return (
        (document.document, document.kind, document.case, document.title, document.asked, document.answered),
        (document.askers, document.answered_by),
        [(p.label, p.numbers, p.text, p.question, p.answer, p.refers_to, dict(p.notes)) for p in reading.passages],
    )


# A paragraph that fills its last line cannot be told in print from one that goes on.
CLEAR = [one for one in map(Published, range(1, 60)) if is_clear_in_print(one)]


def test_most_made_up_documents_show_their_paragraphs_in_print() -> None:
    assert len(CLEAR) > 40
    assert any(len(numbers) > 1 for one in CLEAR for numbers in one.answers)
    assert any(len(paragraphs) > 1 for one in CLEAR for paragraphs in one.answers.values())
    assert any(not one.is_answered for one in CLEAR)


@pytest.mark.parametrize("one", CLEAR[:25], ids=lambda one: one.identifier)
def test_one_kamervraag_gives_the_same_passages_in_all_three_forms(tmp_path: Path, one: Published) -> None:
    official = meaning(read(tmp_path, one, "xml"))
    assert meaning(read(tmp_path, one, "html")) == official
    assert meaning(read(tmp_path, one, "pdf")) == official


def test_a_sentence_that_goes_on_overleaf_is_one_whatever_stands_at_the_foot_of_the_page(tmp_path: Path) -> None:
    one = Published(50)
    assert meaning(read(tmp_path, one, "pdf")) == meaning(read(tmp_path, one, "xml"))


def test_a_combined_answer_keeps_its_questions_in_every_form(tmp_path: Path) -> None:
    one = next(one for one in CLEAR if (2, 3) in one.answers)
    for form in FORMS:
        passage = next(p for p in read(tmp_path, one, form).passages if p.numbers == (2, 3))
        assert passage.question == f"{one.questions[2]}\n{one.questions[3]}"


def test_a_word_file_gives_the_same_answers(tmp_path: Path) -> None:
    one = next(one for one in CLEAR if (2, 3) in one.answers)
    path = tmp_path / "antwoord.docx"
    path.write_bytes(as_docx(one))
    official = read(tmp_path, one, "xml")
    found = read_document(path, path.name, len)
    assert [(p.numbers, p.question, p.answer) for p in found.passages] == [
        (p.numbers, p.question, p.answer) for p in official.passages
    ]


def test_a_kamerstuk_is_a_letter_under_its_number(tmp_path: Path) -> None:
    reading = read(tmp_path, Paper(50_001), "xml")
    assert reading.document.kind == "letter"
    assert reading.document.number == "28638-50001"


def test_one_publication_from_several_sources_is_one_document_in_the_store(tmp_path: Path) -> None:
    with StandIn(make_archive(12)).serving() as stand_in:
        trial = Trial(stand_in, tmp_path / "werk")
        for what in ("tweedekamer", "kamervragen", f"{stand_in.base}/sitemap.xml"):
            assert trial.fetch(what).new == 12
        index(trial, tmp_path / "opslag")
        with Store.open(tmp_path / "opslag").snapshot() as snapshot:
            documents = snapshot.documents()
        assert sorted(document.document for document in documents) == sorted(
            one.identifier for one in stand_in.archive.documents.values()
        )
        assert all(document.source.endswith(".xml") and len(document.sources) == 2 for document in documents)
        stand_in.archive.withdraw(9)
        trial.fetch("kamervragen")
        index(trial, tmp_path / "opslag")
        with Store.open(tmp_path / "opslag").snapshot() as snapshot:
            document = snapshot.document(Published(9).identifier)
            assert document is not None
            assert document.source.endswith(".html")
        for what in ("tweedekamer", f"{stand_in.base}/sitemap.xml"):
            trial.fetch(what)
        index(trial, tmp_path / "opslag")
        with Store.open(tmp_path / "opslag").snapshot() as snapshot:
            assert snapshot.document(Published(9).identifier) is None
            assert len(snapshot.documents()) == 11


def index(trial: Trial, store: Path) -> None:
    def documents(paths: object) -> list[Path]:
        del paths
        return [path for path in find_files([trial.folder.documents]) if not path.name.endswith(METADATA)]

    report = build_index([trial.folder.documents], store, None, count_tokens=len, prune=True, find=documents)
    assert report.counts["failed"] == 0
