"""What becomes of files: new, changed, unchanged, failed, removed; and how little an unchanged one costs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from index.build import BuildReport, FileReport, remove_documents
from index.embed import load_embedder
from index.errors import EmbedderError, ReadError, StoreError
from index.protocols import Embedder
from index.values import Reading
from index.where import Where, check, open_store

Index = Callable[..., BuildReport]
Write = Callable[..., Path]


@pytest.fixture
def index(index: Index, where: Where) -> Index:
    """The same, into a store of each kind in turn."""
    return partial(index, where=where)


def _texts(where: Where) -> dict[str, str]:
    assert check(where) == []
    with open_store(where).snapshot() as snapshot:
        found = {d.document: snapshot.text(d.document) or "" for d in snapshot.documents()}
        assert snapshot.manifest.documents == len(found)
        return found


def _statuses(report: BuildReport) -> list[tuple[str, str]]:
    return [(Path(file.path).name, file.status) for file in report.files]


def test_each_file_is_reported_as_what_it_became(index: Index, write: Write, where: Where) -> None:
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
    assert "De opvang is vol." in _texts(where)["doc-a"]


def test_a_file_that_can_no_longer_be_read_keeps_its_document(index: Index, write: Write, where: Where) -> None:
    write("a.txt", "doc-a", "De opvang.")
    index()
    write("a.txt", "")
    assert _statuses(index()) == [("a.txt", "failed")]
    assert "De opvang." in _texts(where)["doc-a"]


def test_a_fault_in_reading_one_file_stops_no_other(index: Index, write: Write, tmp_path: Path) -> None:
    write("a.txt", "doc-a", "De opvang.")
    (tmp_path / "bron" / "b.txt").write_bytes(b"\xff\xfe\xff")
    write("c.txt", "doc-c", "Het water.")
    report = index()
    assert _statuses(report) == [("a.txt", "new"), ("b.txt", "failed"), ("c.txt", "new")]
    assert "UnicodeDecodeError" in report.files[1].message()


def test_a_store_in_which_nothing_could_be_read_opens_and_finds_nothing(
    index: Index, write: Write, tmp_path: Path, where: Where
) -> None:
    write("leeg.txt", "")
    assert index().counts["failed"] == 1
    with open_store(where).snapshot() as snapshot:
        assert snapshot.search("opvang", 5) == []
    (tmp_path / "bron" / "leeg.txt").unlink()
    assert index().files == ()


def test_a_missing_path_makes_no_store(index: Index, new_place: Callable[[], Where]) -> None:
    def find(paths: list[Path]) -> list[Path]:
        raise ReadError("store.unexpected", path=paths[0], reason="weg")

    place = new_place()
    with pytest.raises(ReadError):
        index(find=find, where=place)
    with pytest.raises(StoreError, match="vraagbaak index"):
        open_store(place)


def test_documents_of_gone_files_stay_until_they_are_pruned(
    index: Index, write: Write, tmp_path: Path, where: Where
) -> None:
    write("a.txt", "doc-a", "De opvang.")
    write("b.txt", "doc-b", "De straf.").unlink()
    write("b.txt", "doc-b", "De straf.")
    index()
    (tmp_path / "bron" / "b.txt").unlink()
    index()
    assert set(_texts(where)) == {"doc-a", "doc-b"}
    assert _statuses(index(prune=True)) == [("a.txt", "unchanged"), ("b.txt", "removed")]
    assert set(_texts(where)) == {"doc-a"}


def test_a_file_that_becomes_another_document_takes_the_old_one_along(index: Index, write: Write, where: Where) -> None:
    write("a.txt", "doc-a", "De opvang.")
    index()
    write("a.txt", "doc-z", "De opvang.")
    assert index().counts == {"new": 0, "changed": 1, "unchanged": 0, "failed": 0, "removed": 1}
    assert set(_texts(where)) == {"doc-z"}


_KINDS = [["p.pdf", "t.txt", "x.xml"], ["h.html", "p.pdf"], ["a.txt", "b.txt"], ["d.docx", "p.pdf"]]
_ORDER = ["x.xml", "h.html", "d.docx", "p.pdf", "a.txt", "b.txt", "t.txt"]


@pytest.mark.parametrize("together", [True, False])
def test_one_publication_in_several_files_is_one_document_of_the_best_of_them(
    index: Index, write: Write, tmp_path: Path, together: bool, where: Where
) -> None:
    left = {f"doc-{place}": sorted(names, key=_ORDER.index) for place, names in enumerate(_KINDS)}
    for turn in range(3):
        for place, names in enumerate(_KINDS):
            for name in names[turn : turn + 1]:
                write(f"{place}{name}", f"doc-{place}", f"De opvang van {name[0]} is vol.")
        if not together:
            index()
    index()
    while any(left.values()):
        with open_store(where).snapshot() as snapshot:
            documents = snapshot.documents()
            assert [document.document for document in documents] == [name for name in left if left[name]]
            for document in documents:
                best, *others = left[document.document]
                assert Path(document.source).name[1:] == best
                assert {Path(source).name[1:] for source in document.sources} == set(others)
                assert f"De opvang van {best[0]} is vol." in (snapshot.text(document.document) or "")
        assert index().counts["unchanged"] == sum(map(len, left.values()))
        for name, names in left.items():
            if names:
                (tmp_path / "bron" / f"{name[-1]}{names.pop(0)}").unlink()
        index(prune=True)
    assert _texts(where) == {}


def test_different_texts_under_one_identifier_are_reported(index: Index, write: Write) -> None:
    write("a.txt", "doc", "De opvang van asielzoekers in de gemeente is vol en er komt hulp.")
    write("b.txt", "doc", "Het water in de polder stijgt elk jaar sneller dan verwacht was.")
    write("c.txt", "doc", "De opvang van asielzoekers in de gemeente is vol en er komt hulp!")
    _, differing, same = index().files
    assert differing.differs
    assert not same.differs
    assert "a.txt" in differing.message()


def test_rebuilding_changes_the_embedder_without_the_source_files(
    index: Index, write: Write, where: Where, embedder: Embedder, other_static_model: Path
) -> None:
    other = load_embedder(str(other_static_model))
    paths = [write("a.txt", "doc-a", "De opvang.", "Het water."), write("b.txt", "doc-b", "De straf.")]
    index(embedder)
    for path in paths:
        path.unlink()
    with pytest.raises(EmbedderError, match="--rebuild"):
        index(other)
    index(other, rebuild=True)
    with open_store(where, other).snapshot() as snapshot:
        assert snapshot.manifest.embedder is not None
        assert snapshot.manifest.embedder.dimensions == other.dimensions
        assert snapshot.search("opvang", 1, mode="dense")[0].passage.passage == "doc-a#1"
        assert snapshot.search("opvang", 1, mode="lexical")[0].passage.passage == "doc-a#1"
    index(None, rebuild=True)
    with open_store(where).snapshot() as snapshot:
        assert snapshot.manifest.embedder is None


def test_removing_needs_no_embedder_and_answers_nothing_from_the_next_request_on(
    index: Index, write: Write, static_model: Path, where: Where
) -> None:
    embedder = load_embedder(str(static_model))
    write("a.txt", "doc-a", "De opvang.")
    write("b.txt", "doc-b", "De opvang en de straf.")
    index(embedder)
    store = open_store(where, embedder)
    assert remove_documents(where, ["doc-a", "onbekend"]) == ["doc-a"]
    with store.snapshot() as snapshot:
        for mode in ("lexical", "dense", "hybrid"):
            assert [hit.document.document for hit in snapshot.search("opvang", 9, mode=mode)] == ["doc-b"]
    assert index(embedder).counts == {"new": 1, "changed": 0, "unchanged": 1, "failed": 0, "removed": 0}


def test_removing_everything_leaves_a_store_for_any_embedder(
    index: Index, write: Write, static_model: Path, other_static_model: Path, where: Where
) -> None:
    write("a.txt", "doc-a", "De opvang.")
    index(load_embedder(str(static_model)))
    remove_documents(where, ["doc-a"])
    other = load_embedder(str(other_static_model))
    assert index(other).counts["new"] == 1
    with open_store(where, other).snapshot() as snapshot:
        assert [hit.document.document for hit in snapshot.search("opvang", 9, mode="dense")] == ["doc-a"]


def test_a_run_that_is_stopped_keeps_what_was_done_and_the_next_goes_on(
    index: Index, write: Write, where: Where
) -> None:
    for place in range(4):
        write(f"{place}.txt", f"doc-{place}", "De opvang.")
    asked = iter([False, False, True])
    report = index(stop=lambda: next(asked))
    assert report.interrupted
    assert set(_texts(where)) == {"doc-0", "doc-1"}
    assert [status for _, status in _statuses(index())] == ["unchanged", "unchanged", "new", "new"]


def test_pruning_looks_below_the_given_folders_alone(index: Index, write: Write, tmp_path: Path, where: Where) -> None:
    write("a.txt", "doc-a", "De opvang.")
    elsewhere = tmp_path / "elders"
    elsewhere.mkdir()
    (elsewhere / "b.txt").write_text("doc-b\nDe straf.", encoding="utf-8")
    index(paths=[tmp_path / "bron", elsewhere])
    (elsewhere / "b.txt").unlink()
    elsewhere.rmdir()
    assert index(prune=True).counts["removed"] == 0
    assert set(_texts(where)) == {"doc-a", "doc-b"}
    assert index(paths=(), prune=True).counts["removed"] == 1
    assert set(_texts(where)) == {"doc-a"}


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


def test_a_file_may_hold_several_documents_and_loses_those_it_no_longer_holds(
    index: Index, tmp_path: Path, where: Where
) -> None:
    (tmp_path / "bron").mkdir()
    path = tmp_path / "bron" / "lijst.csv"
    path.write_text("een: De opvang.\ntwee: De straf.\ndrie: Het water.", encoding="utf-8")
    [report] = index(read=_read_several).files
    assert (report.status, report.documents, report.passages) == ("new", 3, 3)
    assert "3" in report.message()
    assert index(read=_read_several).counts["unchanged"] == 1
    path.write_text("een: De opvang.\nvier: De straf.", encoding="utf-8")
    assert index(read=_read_several).counts == {"new": 0, "changed": 1, "unchanged": 0, "failed": 0, "removed": 2}
    assert set(_texts(where)) == {"een", "vier"}


def test_a_file_about_another_one_is_no_document_but_its_change_is_noticed(
    index: Index, tmp_path: Path, where: Where
) -> None:
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
    assert set(_texts(where)) == {"een"}
