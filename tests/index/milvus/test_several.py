"""Several writers and readers of one store in Milvus, writers that die, and a server that does."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import pytest

import rag.assistant
from index.build import build_index
from index.errors import StoreError
from index.milvus.address import MilvusAddress
from index.milvus.server import Server
from index.milvus.state import _ticket, read_state, turn
from index.milvus.store import MilvusStore
from index.milvus.tables import DOCUMENTS, FIXED, SOURCES, STATE, TEXTS, counts_table
from index.milvus.write import MilvusWriter
from index.store.copy import copy_store
from index.store.rows import Source
from index.store.snapshot import Snapshot
from index.tokens import count_tokens
from index.values import Hit, Reading
from index.where import open_store, prepare, writer
from rag.assistant import Assistant
from rag.evidence import Evidence, gather

Make = Callable[..., Reading]
Addresses = Callable[[], MilvusAddress]

pytestmark = pytest.mark.milvus


class Killable(Protocol):
    """The server of the tests."""

    def start(self) -> None: ...

    def kill(self) -> None: ...

    def stand_still(self) -> None: ...

    def go_on(self) -> None: ...


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


def test_nothing_of_a_removed_document_stays_on_the_server(new_address: Addresses, make_reading: Make) -> None:
    address = new_address()
    with MilvusWriter(address) as one:
        one.put(make_reading("zeldzaamheid", ["De kwakzalverij van de school is dicht."]), "/bron/zeldzaamheid")
        one.put(make_reading("b", ["Het water stijgt."]), "/bron/b")
        one.attach(Source("/bron/zeldzaamheid", "zeldzaamheid", "1", "2", "zeldzaamheid"))
        one.commit()
    with MilvusWriter(address, removes_only=True) as one:
        assert one.remove("zeldzaamheid")
        one.commit()
    server = Server(address)
    state = read_state(server)
    for table in (DOCUMENTS.name, TEXTS.name, state.passages):
        assert _rows(server, table) == 1
    assert _rows(server, SOURCES.name) == 0
    assert not [
        row for row in server.scan(counts_table(state.table).name, "total >= 0", ["name", "total"]) if row["total"] < 1
    ]
    for table in (*(table.name for table in FIXED), state.passages, counts_table(state.table).name):
        for row in server.scan(table, "generation >= 0", ["*"]):
            assert "kwakzalver" not in str(row) and "zeldzaamheid" not in str(row)


def test_readers_see_whole_generations_while_a_writer_works(
    new_address: Addresses, make_reading: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.milvus.write.GRACE", 3.0)
    address = new_address()
    names = [f"d{number}" for number in range(6)]

    def put(version: str) -> None:
        with MilvusWriter(address) as one:
            for name in names:
                one.put(make_reading(name, [f"De school {version} is dicht."]), f"/bron/{name}")
            one.commit()

    put("nul")
    store = MilvusStore.open(address)
    writing = threading.Thread(target=lambda: [put(version) for version in ("een", "twee")])
    writing.start()
    seen: set[str] = set()
    while writing.is_alive():
        with store.snapshot() as snapshot, suppress(StoreError):
            # Who is slower than the grace is told so, and is never given a part.
            hits = snapshot.search("school", 20, mode="lexical")
            versions = {hit.passage.text.split()[-3] for hit in hits}
            assert (len(hits), len(versions)) == (6, 1)
            seen |= versions
    writing.join()
    assert {"nul", "twee"} <= seen | {hit.passage.text.split()[-3] for hit in store.snapshot().search("school", 1)}


def test_a_reader_who_is_slower_than_the_grace_is_told_so_and_given_no_part(
    new_address: Addresses, make_reading: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.milvus.current.GRACE", 0.0)
    address = new_address()
    with MilvusWriter(address) as one:
        one.put(make_reading("d", ["De school is dicht."]), "/bron/d")
        one.commit()
    store = MilvusStore.open(address)
    with store.snapshot() as slow:
        assert slow.search("school", 5, mode="lexical")
        with MilvusWriter(address) as one:
            one.put(make_reading("d", ["De school is open."]), "/bron/d")
            one.commit()
        reads: list[Callable[[], object]] = [
            lambda: slow.search("school", 5, mode="lexical"),
            slow.documents,
            lambda: list(slow.wholes()),
            slow.files,
        ]
        for read in reads:
            with pytest.raises(StoreError) as said:
                read()
            assert said.value.key == "milvus.moved_on"
    with store.snapshot() as next_one:
        assert [hit.passage.text[-5:] for hit in next_one.search("school", 5, mode="lexical")] == ["open."]


def test_a_question_that_was_overtaken_is_answered_from_the_newest_by_itself(
    new_address: Addresses, make_reading: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.milvus.current.GRACE", 0.0)
    address = new_address()

    def put(version: str) -> None:
        with MilvusWriter(address) as one:
            one.put(make_reading("d", [f"De school is {version}."]), "/bron/d")
            one.commit()

    put("dicht")
    changes = iter(["open"])

    def overtaken(snapshot: Snapshot, hits: Sequence[Hit]) -> Evidence:
        for version in changes:
            put(version)
        assert snapshot.documents()
        return gather(snapshot, hits)

    monkeypatch.setattr(rag.assistant, "gather", overtaken)
    answer = Assistant(MilvusStore.open(address)).ask("Hoe staat het met de school?")
    assert [sentence.text for sentence in answer.sentences] == ["De school is open."]
    assert [step.step for step in answer.trace].count("question") == 1


def test_a_server_that_is_killed_and_comes_back_in_the_middle_loses_and_doubles_nothing(
    milvus: Killable, new_address: Addresses, make_reading: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.milvus.server.PATIENCE", 90.0)
    address = new_address()
    readings = [make_reading(f"d{number}", [f"De school {number} is dicht."] * 3) for number in range(30)]
    struck = threading.Event()
    put = Server.put

    def striking(self: Server, table, rows, beat=lambda: None) -> None:  # type: ignore[no-untyped-def]
        if table.name.startswith("passages") and not struck.is_set():
            struck.set()
            milvus.kill()
            threading.Timer(1.0, milvus.start).start()
        put(self, table, rows, beat)

    monkeypatch.setattr(Server, "put", striking)
    with MilvusWriter(address) as one:
        one._server._patience = 90.0
        for reading in readings[:10]:
            one.put(reading, f"/bron/{reading.document.document}")
        one.commit(partial=True)
        for reading in readings[10:]:
            one.put(reading, f"/bron/{reading.document.document}")
        one.commit()
    assert struck.is_set()
    with open_store(address).snapshot() as snapshot:
        assert _contents(snapshot) == {r.document.document: (r.text, 3) for r in readings}
    server = Server(address)
    assert (_rows(server, DOCUMENTS.name), _rows(server, read_state(server).passages)) == (30, 90)


def test_a_server_that_is_gone_is_told_in_one_sentence() -> None:
    nobody = MilvusAddress("http://127.0.0.1:9", "weg")
    store = MilvusStore(nobody)
    store._server._patience = 1.0
    with pytest.raises(StoreError) as told:
        store.snapshot()
    assert told.value.key == "milvus.unreachable"
    assert "\n" not in str(told.value)


def test_a_server_that_stands_still_is_told_and_asked_again_when_it_goes_on(
    milvus: Killable, new_address: Addresses, make_reading: Make
) -> None:
    address = new_address()
    with MilvusWriter(address) as one:
        one.put(make_reading("a", ["De school is dicht."]), "/bron/a")
        one.commit()
    store = MilvusStore.open(address)
    store._server._patience = store._server._silence = 1.0
    milvus.stand_still()
    try:
        with pytest.raises(StoreError) as told:
            store.snapshot()
    finally:
        milvus.go_on()
    assert told.value.key == "milvus.unreachable"
    with store.snapshot() as snapshot:
        assert snapshot.search("school", 5, mode="lexical") != []
    slow = MilvusWriter(address)
    with slow:
        slow.put(make_reading("b", ["Het water stijgt."]), "/bron/b")
        milvus.stand_still()
        threading.Timer(2.0, milvus.go_on).start()
        slow.commit()
    with store.snapshot() as snapshot:
        assert sorted(_contents(snapshot)) == ["a", "b"]


def test_a_store_is_copied_to_milvus_and_back_with_its_documents_vectors_and_files(
    new_address: Addresses, tmp_path: Path, make_reading: Make
) -> None:
    from importlib.resources import as_file, files

    from index.static_embedding import bundled

    embedder = bundled()
    folder, address, back = tmp_path / "van", new_address(), tmp_path / "terug"
    with as_file(files("index") / "samples") as samples:
        build_index([samples], folder, embedder, count_tokens=count_tokens)
        copy_store(folder, address)
        copy_store(address, back)
        with writer(back, embedder) as one:
            assert one.commit() is None
        again = build_index([samples], back, embedder, count_tokens=count_tokens, keep_sources=False)
    assert again.counts["unchanged"] == len(again.files)
    snapshots = [open_store(place, embedder).snapshot() for place in (folder, address, back)]
    first, there, last = snapshots
    assert first.documents() == there.documents() == last.documents()
    for document in first.documents():
        assert first.reading(document.document) == there.reading(document.document) == last.reading(document.document)
    question = "Waar worden de kinderen opgevangen?"
    found = [[hit.passage.passage for hit in one.search(question, 10)] for one in snapshots]
    assert found[0] == found[2]
    assert found[0][0] == found[1][0]
    assert len(set(found[0]) & set(found[1])) >= 9
    with pytest.raises(StoreError, match="leeg"):
        with writer(back, embedder) as one:
            one.put(make_reading("vreemd", ["Iets anders."]), "/bron/vreemd")
            one.commit()
        copy_store(address, back)


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
