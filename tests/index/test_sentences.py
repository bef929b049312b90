"""Where Dutch sentences end, and where they do not."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import sentence_spans, sentences


@pytest.mark.parametrize(
    "sentence",
    [
        "In het debat van 12 maart jl. (Kamerstuk 19 637, nr. 3395) is dit toegezegd.",
        "Dit geldt o.a. Voor de raad.",
        "De motie-Visser c.s. op stuk nr. 166 is aangenomen.",
        "Op grond van art. 3 lid 2 en Stb. 2004, 5 mag dit.",
        "Minister M.C.G. Keijzer en mr. dr. J. de Vries tekenen.",
        "Het gaat om 1.339 zaken en 2,5 procent t/m 2025.",
        "Zie www.voorbeeldstad.nl/beleid.html voor de tekst.",
        "Kent u het bericht «Gevaar. «Ik wil weg»»?1",
        "1. Bent u hiermee bekend?",
        "Dit kost 5 mln. euro d.m.v. subsidie.",
    ],
)
def test_one_sentence_stays_whole(sentence: str) -> None:
    assert sentences(sentence) == [sentence]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ja. Het totaal is 911. Dat is veel.", ["Ja.", "Het totaal is 911.", "Dat is veel."]),
        ("Bent u bekend?1 Zo nee, waarom niet?", ["Bent u bekend?1", "Zo nee, waarom niet?"]),
        ("Zo stond het er: «Nee.» De raad zweeg.", ["Zo stond het er: «Nee.»", "De raad zweeg."]),
        (
            "Dit is gemeld op 19 oktober jl. Het rapport volgt.",
            ["Dit is gemeld op 19 oktober jl.", "Het rapport volgt."],
        ),
        ("Dat is klaar.Het rapport volgt.", ["Dat is klaar.", "Het rapport volgt."]),
        ("Eerste regel\nTweede regel", ["Eerste regel", "Tweede regel"]),
        ("Dat klopt niet. ’s Avonds is het stil.", ["Dat klopt niet.", "’s Avonds is het stil."]),
        ("Zie antwoord 2. 26 mensen kwamen.", ["Zie antwoord 2.", "26 mensen kwamen."]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet="aB1 .?!»«()\n’-", max_size=120))
def test_spans_are_in_order_and_lose_no_character(text: str) -> None:
    spans = sentence_spans(text)
    assert all(start < end for start, end in spans)
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(spans))
    kept = "".join(text[start:end] for start, end in spans)
    assert "".join(kept.split()) == "".join(text.split())


@pytest.mark.parametrize("piece", [".", "(", ". »'", "a.b"])
def test_odd_input_takes_no_quadratic_time(piece: str) -> None:
    def cost(times: int) -> float:
        started = time.process_time()
        sentence_spans(piece * times + "x")
        return time.process_time() - started

    assert min(cost(80_000) for _ in range(2)) < 30 * max(cost(10_000), 0.005)  # eight times the text; squared: 64
