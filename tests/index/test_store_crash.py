"""A process that dies by SIGKILL while it indexes: what was committed is there and right, nothing is half there."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.store import Store
from index.store.check import check_store

PROGRAM = Path(__file__).parent / "crashing.py"
ROOT = Path(__file__).parent.parent.parent
WORDS = ("opvang", "water", "straf", "school", "gemeente", "onderzoek", "minister", "zorg")

POINTS = [
    ("index.store.store", "create", "before", 1),
    ("index.store.store", "create", "after", 1),
    ("index.store.write", "IndexWriter", "after", 1),
    ("index.store.indexes", "share_folder", "after", 1),
    ("index.lexical", "LexicalWriter.add", "after", 3),
    ("index.lexical", "LexicalWriter.commit", "before", 1),
    ("index.lexical", "LexicalWriter.commit", "after", 1),
    ("index.store.vectors", "write_file", "before", 1),
    ("index.store.vectors", "write_file", "after", 1),
    ("index.store.indexes", "checksums", "after", 1),
    ("index.store.write", "write_manifest", "before", 1),
    ("index.store.write", "write_manifest", "after", 1),
    ("index.store.write", "note_newest", "before", 1),
    ("index.store.write", "drop_old_generations", "before", 1),
    ("index.store.generations", "drop_unseen_rows", "before", 1),
    ("index.store.generations", "drop_unseen_rows", "after", 1),
    ("index.store.generations", "remove_strangers", "before", 1),
    ("index.store.generations", "remove_strangers", "after", 1),
]


def _fill(folder: Path, version: int, documents: int = 12) -> dict[str, str]:
    """Write a folder of documents of which some change with each version, some come and some go."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    made = random.Random(version)
    contents = {}
    for place in range(documents):
        if place % 5 == version % 5:
            continue
        stamp = version if place % 2 else 0
        contents[f"d{place:03}"] = "\n".join(
            f"{' '.join(made.choices(WORDS, k=6)) if stamp else WORDS[i]} stand{stamp} deel{i}" for i in range(4)
        )
    for name, text in contents.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return contents


def _run(sources: Path, store: Path, *point: object, rest: float = 30) -> int:
    command = [sys.executable, PROGRAM, sources, store, *map(str, point)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "REST_AFTER": str(rest)}
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode


def _contents(store: Path) -> dict[str, str]:
    """Return all texts of a store, having checked that it is whole and that its legs find just what is there."""
    assert check_store(store) == []
    with Store.open(store).snapshot() as snapshot:
        documents = [document.document for document in snapshot.documents()]
        found = snapshot.search(" ".join(WORDS), 10_000, mode="lexical")
        assert {hit.document.document for hit in found} == set(documents)
        return {document: snapshot.text(document) or "" for document in documents}


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point[1]}-{point[2]}")
def test_a_crash_at_any_step_leaves_the_old_or_the_new_and_the_next_run_completes(
    tmp_path: Path, point: tuple[str, str, str, int]
) -> None:
    sources, store = tmp_path / "bron", tmp_path / "opslag"
    before: dict[str, str] = {}
    if point[0] != "index.store.store":  # whose step is the making of a store
        before = _fill(sources, 1)
        assert _run(sources, store) == 0
    after = _fill(sources, 2)
    assert _run(sources, store, *point) == -9
    if (store / "store.sqlite").exists():
        assert _contents(store) in (before, after)
    assert _run(sources, store) == 0
    assert _contents(store) == after
    assert not list(store.rglob("*.partial"))


def test_crashes_at_random_moments_lose_nothing_that_was_committed(tmp_path: Path) -> None:
    sources, store = tmp_path / "bron", tmp_path / "opslag"
    _fill(sources, 0, 60)
    assert _run(sources, store) == 0
    moments = random.Random(5)
    for version in range(1, 5):
        before, after = _contents(store), _fill(sources, version, 60)
        environment = os.environ | {"PYTHONPATH": str(ROOT), "REST_AFTER": "0.02"}
        with subprocess.Popen(
            [sys.executable, PROGRAM, sources, store], env=environment, stdout=subprocess.DEVNULL
        ) as child:
            time.sleep(moments.uniform(0.2, 1.2))
            child.kill()
        for document, text in _contents(store).items():
            assert text in (before.get(document), after.get(document))
    assert _run(sources, store) == 0
    assert _contents(store) == after


def test_finished_documents_are_not_done_again_after_a_crash(tmp_path: Path) -> None:
    sources, store = tmp_path / "bron", tmp_path / "opslag"
    after = _fill(sources, 1)
    point = ("index.lexical", "LexicalWriter.commit", "before", 4)
    assert _run(sources, store, *point, rest=0) == -9
    with Store.open(store).snapshot() as snapshot:
        done = {document.document for document in snapshot.documents()}
        generation = snapshot.generation
    assert len(done) == 3
    assert generation == 3
    assert _run(sources, store) == 0
    assert _contents(store) == after


def test_a_file_that_was_half_written_is_in_nobodys_way(tmp_path: Path) -> None:
    sources, store = tmp_path / "bron", tmp_path / "opslag"
    after = _fill(sources, 1)
    assert _run(sources, store) == 0
    (store / "newest.partial").write_bytes(b"1")
    assert _contents(store) == after
    after = _fill(sources, 2)
    assert _run(sources, store) == 0
    assert _contents(store) == after
    assert not (store / "newest.partial").exists()
