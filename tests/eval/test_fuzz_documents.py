"""Whatever a document holds, reading ends in time, whole or with one clear error: a fixed slice of the long run."""

from __future__ import annotations

import contextlib
import random
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eval import fuzz_documents
from eval.conservation import account
from eval.fuzz_cases import make_case
from eval.fuzz_hostile import CANARY, HIDDEN, HOSTILE, SECRET
from eval.fuzz_reader import Watch, observe
from index.documents import find_files, read_document
from index.errors import ReadError
from index.read.text import read_text

CASES = 40
SAMPLES = Path(__file__).resolve().parents[2] / "index" / "samples"

pieces = st.lists(
    st.one_of(
        st.sampled_from(
            ["Vraag 1", "Vraag 2 en 3", "Antwoord 1", "Antwoord", "Mededeling", "", "1", "1NOS, 3 mei 2024", "# Kop"]
        ),
        st.text(max_size=60),
    ),
    max_size=25,
)


def test_made_and_mutated_documents_are_read_whole_or_refused_clearly() -> None:
    result = fuzz_documents.run(CASES, seed=7, samples=[SAMPLES])
    assert not result.failures, list(fuzz_documents.lines_of(result.failures))
    assert 0 < result.refused < CASES
    assert fuzz_documents.Run.from_json(result.to_json()) == result


def test_a_case_is_the_same_each_time() -> None:
    files = find_files([SAMPLES])
    assert [make_case(7, n, files) for n in range(20)] == [make_case(7, n, files) for n in range(20)]


@pytest.mark.parametrize("form", sorted(HOSTILE))
def test_files_that_mean_harm_reach_nothing_and_end(form: str, tmp_path: Path) -> None:
    (tmp_path / CANARY).write_text(SECRET, encoding="utf-8")
    watch = Watch()
    sys.addaudithook(watch.see)
    for seed in range(2):
        suffix, data = HOSTILE[form](random.Random(f"{form}-{seed}"))
        path = tmp_path / f"geval{suffix}"
        path.write_bytes(data)
        assert observe(path, watch, (SECRET, HIDDEN)).fault == ""


def test_what_a_reader_opens_besides_its_file_is_seen(tmp_path: Path) -> None:
    watch = Watch()
    sys.addaudithook(watch.see)
    own, other = tmp_path / "geval.txt", tmp_path / "ander.txt"
    own.write_text("De raad besluit.", encoding="utf-8")
    with watch.only(own):
        own.read_bytes()
    assert watch.seen == []
    with watch.only(own):
        other.write_text("x", encoding="utf-8")
        with socket.socket() as connection, contextlib.suppress(OSError):
            connection.connect(("127.0.0.1", 9))
    assert any("ander.txt" in seen for seen in watch.seen) and any("socket.connect" in seen for seen in watch.seen)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines=pieces)
def test_no_text_crashes_reading_or_loses_a_word(tmp_path_factory, lines: list[str]) -> None:  # type: ignore[no-untyped-def]
    data = "\n".join(lines).encode("utf-8", "surrogatepass")
    path = tmp_path_factory.mktemp("tekst") / "geval.txt"
    path.write_bytes(data)
    try:
        reading = read_document(path, path.name, len)
    except ReadError as error:
        assert path.name in error.say("nl")
        return
    assert all(reading.text[p.start : p.end] == p.text for p in reading.passages)


def test_every_word_of_a_text_is_accounted_for() -> None:
    head = "AH 12\n2024Z00012\nAntwoord van minister Maas (Financiën) (ontvangen 3 mei 2024)\n\n"
    text = head + "Vraag 1\nWie?\n\nAntwoord 1\nIk.\n"
    figure = account(read_text(text.encode(), "geval.txt"), "geval.txt")
    assert figure.lost == () and figure.kept + figure.removed == figure.words
