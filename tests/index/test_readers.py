"""Files read in processes of their own: in order, each with its own fault, and none that takes the others along."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from index.documents import find_files, read_documents
from index.errors import ReadError
from index.readers import Job, Readers
from index.tokens import count_tokens
from index.values import Document, Passage, Reading


def read_or_die(path: Path, source: str, _count: Callable[[str], int]) -> list[Reading]:
    """A reading that a file can make crash, hang up or fail."""
    text = path.read_text(encoding="utf-8")
    if text == "sterf":
        os.kill(os.getpid(), signal.SIGKILL)
    while text == "eindeloos":
        with suppress(Exception):  # as libraries do
            pass
    if text == "gulzig":
        bytearray(8 << 30)
    if text == "leeg":
        raise ReadError("read.empty", file=source)
    if text == "fout":
        raise RuntimeError("iets onverwachts")
    passage = Passage(f"{source}#1", source, "1", text, 0, len(text))
    return [Reading(Document(source, "page", source, source), text, (passage,))]


def _jobs(folder: Path, texts: list[str]) -> list[Job[int]]:
    jobs: list[Job[int]] = []
    for place, text in enumerate(texts):
        path = folder / f"{place}.txt"
        path.write_text(text, encoding="utf-8")
        jobs.append(Job(path if text else None, path.name, place))
    return jobs


@pytest.mark.parametrize("processes", [1, 2])
def test_files_come_back_in_order_with_what_was_read_of_each(tmp_path: Path, processes: int) -> None:
    texts = ["een", "", "leeg", "twee", "fout", "drie", *map(str, range(20))]
    with Readers(read_or_die, count_tokens, processes, alone=0) as readers:
        found = list(readers.outcomes(_jobs(tmp_path, texts)))
    assert [job.tag for job, _ in found] == list(range(len(texts)))
    for text, (_, outcome) in zip(texts, found, strict=True):
        if text in ("leeg", "fout"):
            assert isinstance(outcome.error, ReadError)
        else:
            assert outcome.error is None
            assert [reading.text for reading in outcome.readings] == [text] * bool(text)
    assert "iets onverwachts" in str(found[4][1].error)


def test_a_file_that_crashes_the_reading_costs_itself_alone(tmp_path: Path) -> None:
    texts = ["een", "twee", "sterf", "drie", "sterf", *map(str, range(12))]
    with Readers(read_or_die, count_tokens, 2, alone=0) as readers:
        found = list(readers.outcomes(_jobs(tmp_path, texts)))
    assert [bool(outcome.error) for _, outcome in found] == [text == "sterf" for text in texts]
    assert "2.txt" in str(found[2][1].error)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers on this system")
def test_a_file_that_takes_too_much_time_costs_itself_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers._SECONDS", 0.2)
    texts = ["een", "eindeloos", "twee"]
    with Readers(read_or_die, count_tokens) as readers:
        found = list(readers.outcomes(_jobs(tmp_path, texts)))
    assert [bool(outcome.error) for _, outcome in found] == [False, True, False]
    assert "1.txt" in str(found[1][1].error)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there the memory of a process can be limited")
def test_a_file_that_takes_too_much_memory_costs_itself_alone(tmp_path: Path) -> None:
    texts = ["een", "gulzig", "twee"]
    with Readers(read_or_die, count_tokens, 2, alone=0) as readers:
        found = list(readers.outcomes(_jobs(tmp_path, texts)))
    assert [outcome.error.key if outcome.error else None for _, outcome in found] == [None, "store.too_greedy", None]
    assert "1.txt" in str(found[1][1].error)


def test_in_a_program_with_more_threads_a_crash_of_the_reading_ends_no_more(tmp_path: Path) -> None:
    def read_all() -> list[bool]:
        with Readers(read_or_die, count_tokens, 2) as readers:
            return [bool(outcome.error) for _, outcome in readers.outcomes(_jobs(tmp_path, ["een", "sterf", "twee"]))]

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(read_all).result() == [False, True, False]


def test_several_processes_read_what_one_reads() -> None:
    jobs = [Job(path, path.name, 0) for path in find_files([Path(__file__).parents[2] / "index" / "samples"])]
    read = []
    for processes in (1, 2):
        with Readers(read_documents, count_tokens, processes, alone=0) as readers:
            read.append([outcome for _, outcome in readers.outcomes(jobs)])
    assert read[0] == read[1]
    assert all(outcome.readings for outcome in read[0])
