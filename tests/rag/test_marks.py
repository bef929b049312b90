"""A model's stream becomes sentences with their marks, however it was cut into pieces."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.marks import LONGEST_SENTENCE, Draft, drafts

STREAMS = [
    "Het loket is open. [1] Bezwaar maken kan zes weken lang [2].",
    "Het kost € 1.339 per jaar [1, 2]. Dat is op 3 mei jl. besloten【2†bron】.\n- **Ook** de pont vaart [^3].",
    "<think>Eerst [9] nadenken. Zo.</think>Ja [bron 1]. Nee, zie art. 3 [1][2].",
    "Zonder punt en zonder bron\nen een tweede regel[4]",
    "# Kop\n\n1. Eerst dit.[1]Daarna dat. [2\n] <b>Vet</b> einde",
]


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        ("Eén. [1] Twee [2].", [Draft("Eén.", (1,)), Draft("Twee.", (2,))]),
        ("Eén[1][3]. Twee【2】.", [Draft("Eén.", (1, 3)), Draft("Twee.", (2,))]),
        ("Eén. [1, 2 en 3]", [Draft("Eén.", (1, 2, 3))]),
        ("**Ja** [bron 2]. `Nee`", [Draft("Ja.", (2,)), Draft("Nee", ())]),
        ("Het stond in [zijn] brief.", [Draft("Het stond in [zijn] brief.", ())]),
        ("<think>[1] Hm.</think>Ja.", [Draft("Ja.", ())]),
        ("<b>Ja.</b> <script>X</script>", [Draft("Ja.", ()), Draft("X", ())]),
        ("", []),
    ],
)
def test_marks_are_read_in_every_form_and_taken_out_of_the_text(stream: str, expected: list[Draft]) -> None:
    assert list(drafts([stream])) == expected


@given(st.sampled_from(STREAMS), st.lists(st.integers(0, 200), max_size=12))
def test_the_cuts_of_the_stream_do_not_change_what_is_read(stream: str, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    pieces = [stream[a:b] for a, b in pairwise(edges)]
    assert list(drafts(pieces)) == list(drafts([stream]))


@given(st.text(alphabet="aB1.[] \n【】<>/thinkbro*`", max_size=120))
def test_no_stream_breaks_the_reader_or_leaves_a_readable_mark(stream: str) -> None:
    for draft in drafts(stream):
        assert draft.text == " ".join(draft.text.split())


def test_a_sentence_is_given_before_the_stream_has_ended() -> None:
    read: list[str] = []

    def chunks() -> object:
        for chunk in ["Eerste zin. [1]", " Tweede ", "zin. [2]"]:
            read.append(chunk)
            yield chunk

    first = next(drafts(chunks()))  # type: ignore[arg-type]
    assert first == Draft("Eerste zin.", (1,))
    assert len(read) == 2


def test_a_sentence_without_end_is_cut() -> None:
    read = list(drafts(["woord " * 1000]))
    assert len(read) > 1
    assert max(len(d.text) for d in read) <= LONGEST_SENTENCE + len("woord ")
