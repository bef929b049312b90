"""What becomes of the files of a store in a folder when it is indexed again, and which folder is left alone."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import BuildReport
from index.errors import StoreError
from index.store.admin import generations
from index.store.check import check_store

Index = Callable[..., BuildReport]
Write = Callable[..., Path]


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
    assert [file.status for file in report.files] == ["changed"]
    assert sorted(path.name for path in (tmp_path / "opslag" / "lexical").iterdir()) == lexical
    assert index(encoding="twee").counts["unchanged"] == 1


def test_resting_points_of_a_long_run_make_way_for_its_end(index: Index, write: Write, tmp_path: Path) -> None:
    for place in range(5):
        write(f"{place}.txt", f"doc-{place}", "De opvang.")
    index(rest_after=0.0)
    kept, current = generations(tmp_path / "opslag")
    assert [manifest.generation for manifest in kept] == [current]
    assert (kept[0].documents, check_store(tmp_path / "opslag")) == (5, [])


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
