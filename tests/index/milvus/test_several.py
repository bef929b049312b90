"""Several writers of one store in Milvus, and writers that die."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import build_index
from index.errors import StoreError
from index.milvus.address import MilvusAddress
from index.milvus.server import Server
from index.milvus.state import _ticket, read_state, turn
from index.milvus.tables import DOCUMENTS, STATE, TEXTS
from index.milvus.write import MilvusWriter
from index.store.rows import Source
from index.store.snapshot import Snapshot
from index.tokens import count_tokens
from index.values import Reading
from index.where import open_store, prepare

Make = Callable[..., Reading]
Addresses = Callable[[], MilvusAddress]

pytestmark = pytest.mark.milvus


def _contents(snapshot: Snapshot) -> dict[str, tuple[str, int]]:
    names = [document.document for document in snapshot.documents()]
    return {name: (snapshot.text(name) or "", len(snapshot.passages(name))) for name in names}


def _rows(server: Server, table: str) -> int:
    return len(server.scan(table, "generation >= 0", ["generation"]))


def test_several_writers_put_the_same_documents_and_each_is_there_once(
    new_address: Addresses, make_reading: Make
) -> None:
    address = new_address()
    readings = [make_reading(f"d{number}", [f"De school {number} is dicht."]) for number in range(12)]
    failures: list[BaseException] = []

    def work(start: int) -> None:
        try:
            with MilvusWriter(address) as one:
                for place in range(12):
                    reading = readings[(start + place) % 12]
                    one.put(reading, f"/bron/{reading.document.document}")
                    if place % 5 == 4:
                        one.commit(partial=True)
                one.commit()
        except BaseException as error:
            failures.append(error)

    prepare(address)
    threads = [threading.Thread(target=work, args=(start,)) for start in (0, 4, 8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    with open_store(address).snapshot() as snapshot:
        assert sorted(_contents(snapshot)) == sorted(reading.document.document for reading in readings)
        assert (snapshot.manifest.documents, snapshot.manifest.passages) == (12, 12)
        assert len({hit.passage.passage for hit in snapshot.search("school", 20, mode="lexical")}) == 12
    server = Server(address)
    assert (_rows(server, DOCUMENTS.name), _rows(server, read_state(server).passages)) == (12, 12)


def test_a_writer_that_died_leaves_nothing_visible_and_the_next_one_completes(
    new_address: Addresses, make_reading: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = new_address()
    with MilvusWriter(address) as one:
        one.put(make_reading("a", ["De school is dicht."]), "/bron/a")
        one.commit()

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt), MilvusWriter(address) as one:
        patched.setattr("index.milvus.commit.write_state", die)
        one.put(make_reading("a", ["De opvang is vol."]), "/bron/a")
        one.put(make_reading("b", ["Het water stijgt."]), "/bron/b")
        one.commit()
    server = Server(address)
    # And it had no time to give up its turn.
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    monkeypatch.setattr("index.milvus.state.os.getpid", lambda: int(dead.stdout))
    server.put(STATE, [_ticket("ticket/dood", 0)])
    monkeypatch.undo()
    with open_store(address).snapshot() as snapshot:
        assert [hit.passage.text for hit in snapshot.search("school", 5, mode="lexical")] != []
        assert snapshot.search("opvang water", 5, mode="lexical") == []
        assert sorted(_contents(snapshot)) == ["a"]
    with MilvusWriter(address) as one:
        one.put(make_reading("b", ["Het water zakt."]), "/bron/b")
        one.commit()
    with open_store(address).snapshot() as snapshot:
        assert sorted(_contents(snapshot)) == ["a", "b"]
        assert snapshot.search("stijgt", 5, mode="lexical") == []
    assert _rows(server, DOCUMENTS.name) == 2


def test_only_one_has_its_turn_and_who_waits_too_long_is_told_who_has_it(new_address: Addresses) -> None:
    server = Server(new_address())
    prepare(server.address)
    with (
        turn(server) as mine,
        pytest.raises(StoreError) as told,
        turn(server, wait=0.5),
    ):
        pass
    assert told.value.key == "milvus.busy"
    with turn(server) as mine:
        mine.beat()


def test_a_turn_that_was_taken_over_is_not_written_in(new_address: Addresses) -> None:
    server = Server(new_address())
    prepare(server.address)
    with turn(server) as mine:
        server.delete(STATE.name, 'kind == "ticket"')
        with pytest.raises(StoreError) as told:
            mine.beat()
    assert told.value.key == "milvus.lost_turn"


def test_time_is_up_for_a_writer_without_a_sign_of_life(
    new_address: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.milvus.state.LEASE", 0.3)
    monkeypatch.setattr("index.milvus.state.socket.gethostname", lambda: "een andere machine")
    server = Server(new_address())
    prepare(server.address)
    server.put(STATE, [_ticket("ticket/stil", 0)])
    monkeypatch.undo()
    monkeypatch.setattr("index.milvus.state.LEASE", 0.3)
    started = time.monotonic()
    with turn(server, wait=60.0):
        assert time.monotonic() > started


def test_several_programs_share_the_files_of_one_folder(new_address: Addresses, write: Callable[..., Path]) -> None:
    address = new_address()
    prepare(address)
    paths = [write(f"{number:03}.txt", f"d{number}", f"De school {number}.") for number in range(8)]
    server = Server(address)
    busy, dead = MilvusWriter(address), MilvusWriter(address)
    with busy, dead:
        first = busy.parts(paths[:3])
        assert list(next(first)) == paths[:3]
        # Another one died at two more.
        dead._claims.take(paths[3:5])
        keys = [row["key"] for row in server.query(STATE.name, 'kind == "claim"', ["key"])]
        assert len(keys) == 5
        second = MilvusWriter(address)
        with second:
            shared = second.parts(paths)
            assert list(next(shared)) == paths[5:]
            assert list(next(shared)) == []  # both may still be at work
            for path in paths[:3]:
                name = path.read_text().splitlines()[0]
                busy.attach(Source(str(path), path.name, "x", "y", name))
            busy.commit()
            assert list(next(shared)) == paths[:3]
            assert [source.digest for source in second.files(str(paths[0]))] == ["x"]
            second._claims._seen = {key: (value, -1e9) for key, (value, _) in second._claims._seen.items()}
            assert list(next(shared)) == paths[3:5]
            assert list(shared) == []
    assert server.query(STATE.name, 'kind == "claim"', ["key"]) == []


def test_programs_that_index_one_folder_together_leave_each_document_once(
    new_address: Addresses, write: Callable[..., Path], tmp_path: Path
) -> None:
    address = new_address()
    for number in range(9):
        write(f"{number}.txt", f"voorbeeld {number}", *[f"De school {number} is dicht en de opvang vol."] * 3)
    command = [sys.executable, "-m", "ui.cli", "index", str(tmp_path / "bron"), "--store", str(address)]
    programs = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=tmp_path) for _ in range(2)
    ]
    said = [program.communicate(timeout=300)[0].decode() for program in programs]
    assert [program.returncode for program in programs] == [0, 0], said
    with open_store(address).snapshot() as snapshot:
        documents = snapshot.documents()
        assert len(documents) == len({document.source for document in documents}) == 9
        assert snapshot.manifest.documents == 9


def test_an_indexing_program_that_is_killed_in_its_commit_is_completed_by_the_next(
    new_address: Addresses, tmp_path: Path
) -> None:
    address = new_address()
    prepare(address)
    server = Server(address)
    samples = str(Path(__file__).resolve().parents[3] / "index" / "samples")
    command = [sys.executable, "-m", "ui.cli", "index", samples, "--store", str(address)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
        while not server.query(STATE.name, 'kind == "ticket"', ["key"]):
            assert program.poll() is None
        while not server.query(TEXTS.name, "part == 0", ["key"]):
            assert program.poll() is None
        program.kill()
    with open_store(address).snapshot() as snapshot:
        assert (snapshot.generation, snapshot.documents()) == (0, [])
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    build_index([Path(samples)], tmp_path / "map", None, count_tokens=count_tokens)
    with open_store(address).snapshot() as snapshot, open_store(tmp_path / "map").snapshot() as whole:
        assert _contents(snapshot) == _contents(whole)
        assert snapshot.manifest.passages == whole.manifest.passages
    state = read_state(server)
    assert _rows(server, DOCUMENTS.name) == state.manifest.documents
    assert _rows(server, state.passages) == state.manifest.passages
