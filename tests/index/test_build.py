"""What becomes of files: new, changed, unchanged, failed, removed; and how little an unchanged one costs."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import BuildReport, FileReport, remove_documents
from index.embed import load_embedder
from index.errors import EmbedderError, ReadError, StoreError
from index.store import Store
from index.store.admin import generations
from index.store.check import check_store
from index.values import Reading

Index = Callable[..., BuildReport]
Write = Callable[..., Path]


def _texts(tmp_path: Path) -> dict[str, str]:
    assert check_store(tmp_path / "opslag") == []
    with Store.open(tmp_path / "opslag").snapshot() as snapshot:
        return {d.document: snapshot.text(d.document) or "" for d in snapshot.documents()}


def _statuses(report: BuildReport) -> list[tuple[str, str]]:
    return [(Path(file.path).name, file.status) for file in report.files]


def test_each_file_is_reported_as_what_it_became(index: Index, write: Write, tmp_path: Path) -> None:
    write("a.txt", "doc-a", "De opvang.", "Het water.")
    write("b.txt", "doc-b", "De straf.")
    write("leeg.txt", "")
    seen: list[tuple[FileReport, int, int]] = []
    report = index(on_file=lambda *given: seen.append(given))
    assert _statuses(report) == [("a.txt", "new"), ("b.txt", "new"), ("leeg.txt", "failed")]
    assert report.counts == {"new": 2, "changed": 0, "unchanged": 0, "failed": 1, "removed": 0}
    assert (report.documents, report.passages, report.generation) == (2, 3, 1)
    assert [(place, of) for _, place, of in seen] == [(1, 3), (2, 3), (3, 3)]
    first, _, failed = report.files
    assert (first.document, first.kind, first.passages) == ("doc-a", "answer", 2)
    assert "leeg.txt" in failed.message("nl")
    assert "cannot be processed" in failed.message("en")
    write("a.txt", "doc-a", "De opvang is vol.")
    assert _statuses(index()) == [("a.txt", "changed"), ("b.txt", "unchanged"), ("leeg.txt", "failed")]
    assert "De opvang is vol." in _texts(tmp_path)["doc-a"]


def test_indexing_unchanged_files_again_writes_nothing(index: Index, write: Write, tmp_path: Path) -> None:
    write("a.txt", "doc-a", "De opvang.")
    write("b.txt", "doc-b", "De straf.")
    index()
    before = _bytes_of(tmp_path / "opslag")
    report = index()
    assert report.counts["unchanged"] == 2
    assert report.generation == 1
    assert _bytes_of(tmp_path / "opslag") == before


def test_a_reader_that_understands_the_same_writes_no_document_again(
    index: Index, write: Write, tmp_path: Path
) -> None:
    write("a.txt", "doc-a", "De opvang.")
    index(encoding="een")
    lexical = sorted(path.name for path in (tmp_path / "opslag" / "lexical").iterdir())
    report = index(encoding="twee")
    assert _statuses(report) == [("a.txt", "changed")]
    assert sorted(path.name for path in (tmp_path / "opslag" / "lexical").iterdir()) == lexical
    assert index(encoding="twee").counts["unchanged"] == 1


def test_a_file_that_can_no_longer_be_read_keeps_its_document(index: Index, write: Write, tmp_path: Path) -> None:
    write("a.txt", "doc-a", "De opvang.")
    index()
    write("a.txt", "")
    assert _statuses(index()) == [("a.txt", "failed")]
    assert "De opvang." in _texts(tmp_path)["doc-a"]


def test_a_fault_in_reading_one_file_stops_no_other(index: Index, write: Write, tmp_path: Path) -> None:
    write("a.txt", "doc-a", "De opvang.")
    (tmp_path / "bron" / "b.txt").write_bytes(b"\xff\xfe\xff")
    write("c.txt", "doc-c", "Het water.")
    report = index()
    assert _statuses(report) == [("a.txt", "new"), ("b.txt", "failed"), ("c.txt", "new")]
    assert "UnicodeDecodeError" in report.files[1].message()


def test_a_store_in_which_nothing_could_be_read_opens_and_finds_nothing(
    index: Index, write: Write, tmp_path: Path
) -> None:
    write("leeg.txt", "")
    assert index().counts["failed"] == 1
    with Store.open(tmp_path / "opslag").snapshot() as snapshot:
        assert snapshot.search("opvang", 5) == []
    (tmp_path / "bron" / "leeg.txt").unlink()
    assert index().files == ()


def test_a_missing_path_makes_no_store(index: Index, tmp_path: Path) -> None:
    def find(paths: list[Path]) -> list[Path]:
        raise ReadError("store.unexpected", path=paths[0], reason="weg")

    with pytest.raises(ReadError):
        index(find=find)
    assert not (tmp_path / "opslag").exists()


def test_documents_of_gone_files_stay_until_they_are_pruned(index: Index, write: Write, tmp_path: Path) -> None:
    write("a.txt", "doc-a", "De opvang.")
    write("b.txt", "doc-b", "De straf.").unlink()
    write("b.txt", "doc-b", "De straf.")
    index()
    (tmp_path / "bron" / "b.txt").unlink()
    index()
    assert set(_texts(tmp_path)) == {"doc-a", "doc-b"}
    assert _statuses(index(prune=True)) == [("a.txt", "unchanged"), ("b.txt", "removed")]
    assert set(_texts(tmp_path)) == {"doc-a"}


def test_a_file_that_becomes_another_document_takes_the_old_one_along(
    index: Index, write: Write, tmp_path: Path
) -> None:
    write("a.txt", "doc-a", "De opvang.")
    index()
    write("a.txt", "doc-z", "De opvang.")
    assert index().counts == {"new": 0, "changed": 1, "unchanged": 0, "failed": 0, "removed": 1}
    assert set(_texts(tmp_path)) == {"doc-z"}


@pytest.mark.parametrize(
    "names", [["p.pdf", "t.txt", "x.xml"], ["h.html", "p.pdf"], ["a.txt", "b.txt"], ["d.docx", "p.pdf"]]
)
@pytest.mark.parametrize("together", [True, False])
def test_one_publication_in_several_files_is_one_document_of_the_best_of_them(
    index: Index, write: Write, tmp_path: Path, names: list[str], together: bool
) -> None:
    order = ["x.xml", "h.html", "d.docx", "p.pdf", "a.txt", "b.txt", "t.txt"]
    for name in names:
        write(name, "doc", f"De opvang van {name[0]} is vol.")
        if not together:
            index()
    index()
    left = sorted(names, key=order.index)
    while left:
        with Store.open(tmp_path / "opslag").snapshot() as snapshot:
            [document] = snapshot.documents()
            assert Path(document.source).name == left[0]
            assert {Path(source).name for source in document.sources} == set(left[1:])
            assert f"De opvang van {left[0][0]} is vol." in (snapshot.text("doc") or "")
        assert index().counts["unchanged"] == len(left)
        (tmp_path / "bron" / left.pop(0)).unlink()
        index(prune=True)
    assert _texts(tmp_path) == {}


def test_different_texts_under_one_identifier_are_reported(index: Index, write: Write) -> None:
    write("a.txt", "doc", "De opvang van asielzoekers in de gemeente is vol en er komt hulp.")
    write("b.txt", "doc", "Het water in de polder stijgt elk jaar sneller dan verwacht was.")
    write("c.txt", "doc", "De opvang van asielzoekers in de gemeente is vol en er komt hulp!")
    _, differing, same = index().files
    assert differing.differs
    assert not same.differs
    assert "a.txt" in differing.message()


def test_rebuilding_changes_the_embedder_without_the_source_files(
    index: Index, write: Write, tmp_path: Path, static_model: Path, other_static_model: Path
) -> None:
    one, other = load_embedder(str(static_model)), load_embedder(str(other_static_model))
    write("a.txt", "doc-a", "De opvang.", "Het water.")
    write("b.txt", "doc-b", "De straf.")
    index(one)
    for path in (tmp_path / "bron").iterdir():
        path.unlink()
    with pytest.raises(EmbedderError, match="--rebuild"):
        index(other)
    index(other, rebuild=True)
    assert check_store(tmp_path / "opslag") == []
    with Store.open(tmp_path / "opslag", other).snapshot() as snapshot:
        assert snapshot.manifest.embedder is not None
        assert snapshot.manifest.embedder.dimensions == other.dimensions
        assert snapshot.search("opvang", 1, mode="dense")[0].passage.passage == "doc-a#1"
        assert snapshot.search("opvang", 1, mode="lexical")[0].passage.passage == "doc-a#1"
    index(None, rebuild=True)
    with Store.open(tmp_path / "opslag").snapshot() as snapshot:
        assert snapshot.manifest.segments == ()


def test_removing_needs_no_embedder_and_answers_nothing_from_the_next_request_on(
    index: Index, write: Write, tmp_path: Path, static_model: Path
) -> None:
    embedder = load_embedder(str(static_model))
    write("a.txt", "doc-a", "De opvang.")
    write("b.txt", "doc-b", "De opvang en de straf.")
    index(embedder)
    store = Store.open(tmp_path / "opslag", embedder)
    assert remove_documents(tmp_path / "opslag", ["doc-a", "onbekend"]) == ["doc-a"]
    with store.snapshot() as snapshot:
        for mode in ("lexical", "dense", "hybrid"):
            assert [hit.document.document for hit in snapshot.search("opvang", 9, mode=mode)] == ["doc-b"]
    assert check_store(tmp_path / "opslag") == []
    assert index(embedder).counts == {"new": 1, "changed": 0, "unchanged": 1, "failed": 0, "removed": 0}


def test_removing_everything_leaves_a_store_for_any_embedder(
    index: Index, write: Write, tmp_path: Path, static_model: Path, other_static_model: Path
) -> None:
    write("a.txt", "doc-a", "De opvang.")
    index(load_embedder(str(static_model)))
    remove_documents(tmp_path / "opslag", ["doc-a"])
    index(load_embedder(str(other_static_model)))
    assert check_store(tmp_path / "opslag") == []


def test_a_run_that_is_stopped_keeps_what_was_done_and_the_next_goes_on(
    index: Index, write: Write, tmp_path: Path
) -> None:
    for place in range(4):
        write(f"{place}.txt", f"doc-{place}", "De opvang.")
    asked = iter([False, False, True])
    report = index(stop=lambda: next(asked))
    assert report.interrupted
    assert set(_texts(tmp_path)) == {"doc-0", "doc-1"}
    assert [status for _, status in _statuses(index())] == ["unchanged", "unchanged", "new", "new"]


def test_resting_points_of_a_long_run_make_way_for_its_end(index: Index, write: Write, tmp_path: Path) -> None:
    for place in range(5):
        write(f"{place}.txt", f"doc-{place}", "De opvang.")
    index(rest_after=0.0)
    kept, current = generations(tmp_path / "opslag")
    assert [manifest.generation for manifest in kept] == [current]
    assert len(_texts(tmp_path)) == 5


def test_a_folder_with_other_files_is_never_written_to(index: Index, write: Write, tmp_path: Path) -> None:
    write("a.txt", "doc-a", "De opvang.")
    (tmp_path / "opslag").mkdir()
    (tmp_path / "opslag" / "vakantie.jpg").write_bytes(b"x")
    with pytest.raises(StoreError, match="andere bestanden"):
        index()
    assert [path.name for path in (tmp_path / "opslag").iterdir()] == ["vakantie.jpg"]


def _bytes_of(folder: Path) -> dict[str, str]:
    return {
        os.fspath(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "lock" and not path.name.startswith(".tantivy")
    }


def test_pruning_looks_below_the_given_folders_alone(index: Index, write: Write, tmp_path: Path) -> None:
    write("a.txt", "doc-a", "De opvang.")
    elsewhere = tmp_path / "elders"
    elsewhere.mkdir()
    (elsewhere / "b.txt").write_text("doc-b\nDe straf.", encoding="utf-8")
    index(paths=[tmp_path / "bron", elsewhere])
    (elsewhere / "b.txt").unlink()
    elsewhere.rmdir()
    assert index(prune=True).counts["removed"] == 0
    assert set(_texts(tmp_path)) == {"doc-a", "doc-b"}
    assert index(paths=(), prune=True).counts["removed"] == 1
    assert set(_texts(tmp_path)) == {"doc-a"}


def _read_several(path: Path, source: str, _count: object) -> list[Reading]:
    """A file is a list of documents, one a line; a file that begins with a hyphen tells about another one."""
    from index.values import Document, Passage

    readings = []
    for line in path.read_text(encoding="utf-8").splitlines():
        name, text = line.split(": ")
        if name != "-":
            passage = Passage(f"{name}#1", name, "1", text, 0, len(text))
            readings.append(Reading(Document(name, "page", name, source), text, (passage,)))
    return readings


def test_a_file_may_hold_several_documents_and_loses_those_it_no_longer_holds(index: Index, tmp_path: Path) -> None:
    (tmp_path / "bron").mkdir()
    path = tmp_path / "bron" / "lijst.csv"
    path.write_text("een: De opvang.\ntwee: De straf.\ndrie: Het water.", encoding="utf-8")
    [report] = index(read=_read_several).files
    assert (report.status, report.documents, report.passages) == ("new", 3, 3)
    assert "3" in report.message()
    assert index(read=_read_several).counts["unchanged"] == 1
    path.write_text("een: De opvang.\nvier: De straf.", encoding="utf-8")
    assert index(read=_read_several).counts == {"new": 0, "changed": 1, "unchanged": 0, "failed": 0, "removed": 2}
    assert set(_texts(tmp_path)) == {"een", "vier"}


def test_a_file_about_another_one_is_no_document_but_its_change_is_noticed(index: Index, tmp_path: Path) -> None:
    (tmp_path / "bron").mkdir()
    document, about = tmp_path / "bron" / "a.txt", tmp_path / "bron" / "over.txt"
    document.write_text("een: De opvang.", encoding="utf-8")
    about.write_text("-: dit gaat over a", encoding="utf-8")

    def beside(path: Path) -> list[Path]:
        return [about] if path == document else []

    assert [file.documents for file in index(read=_read_several, beside=beside).files] == [1, 0]
    assert index(read=_read_several, beside=beside).counts["unchanged"] == 2
    about.write_text("-: dit gaat over iets anders", encoding="utf-8")
    assert [file.status for file in index(read=_read_several, beside=beside).files] == ["changed", "unchanged"]
    assert set(_texts(tmp_path)) == {"een"}
