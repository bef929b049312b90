"""Whatever a document holds, reading ends in time, whole or with one clear error: a fixed slice of the long run."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eval import fuzz_documents
from eval.conservation import account
from index.documents import read_document
from index.errors import ReadError
from index.read.text import read_text

CASES = 60
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
    failures = fuzz_documents.run(CASES, seed=7, samples=[SAMPLES])
    assert not failures, list(fuzz_documents.lines_of(failures))


def test_a_case_is_the_same_each_time() -> None:
    assert fuzz_documents.run(3, seed=7, samples=[SAMPLES]) == fuzz_documents.run(3, seed=7, samples=[SAMPLES])


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
