"""Abbreviations are learned from the documents that explain them and from a list, and work both ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from index import abbreviations
from index.abbreviations import definitions, in_other_words, learn, parse_groups, same_as, use_list
from index.errors import SettingsError
from index.values import Document, Passage, Reading
from index.where import Where, open_store, writer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Het Staatstoezicht op de Mijnen (hierna: SodM) houdt toezicht.",
            {("sodm", "staatstoezicht op de mijnen")},
        ),
        ("De Raad voor de Graanteelt (RvG) adviseert.", {("rvg", "raad voor de graanteelt")}),
        ("De RvG (Raad voor de Graanteelt) adviseert.", {("rvg", "raad voor de graanteelt")}),
        ("alleenstaande minderjarige vreemdelingen (amv)", {("amv", "alleenstaande minderjarige vreemdelingen")}),
        ("Vragen van het lid Jansen (SP) over graan (2024).", set()),
        ("Een belangrijk punt (zie bijlage) en nog een (OK).", set()),
        ("De minister (Fin) en de Tweede Kamer (plenair).", set()),
    ],
)
def test_what_a_document_shortens_is_learned(text: str, expected: set[tuple[str, str]]) -> None:
    assert set(definitions(text)) == expected


def test_of_several_meanings_the_commonest_is_learned_both_ways() -> None:
    learned = learn([("rvg=raad voor de graanteelt", 3), ("rvg=regeling voor gemeenten", 1)])
    assert same_as("rvg", learned) == {"raad voor de graanteelt"}
    assert same_as("raad voor de graanteelt", learned) == {"rvg"}
    assert same_as("regeling voor gemeenten", learned) == frozenset()


def test_words_that_stand_for_an_abbreviation_are_found_in_a_question_and_the_reverse() -> None:
    learned = learn([("rvg=raad voor de graanteelt", 1)])
    assert in_other_words("Wat zegt de RvG?", learned) == {"rvg": ["graanteelt", "raad"]}
    assert in_other_words("Wat zegt de Raad voor de Graanteelt?", learned) == {"raad voor de graanteelt": ["rvg"]}
    assert in_other_words("Hoeveel amv's zijn er?")["amvs"] == [
        "alleenreizende",
        "alleenstaande",
        "minderjarige",
        "vreemdeling",
    ]


def test_a_common_word_is_an_abbreviation_only_in_capitals() -> None:
    assert "om" in in_other_words("Vervolgt het OM?")
    assert in_other_words("Vraagt u om hulp?") == {}


def test_the_list_of_the_desk_is_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = abbreviations.Groups(abbreviations._groups())
    monkeypatch.setattr(abbreviations, "_groups", lambda: shipped)
    own = tmp_path / "afkortingen.txt"
    own.write_text("# van de balie\nKCC = Klantcontactcentrum = telefoonteam\n", encoding="utf-8")
    use_list(own)
    assert same_as("kcc") == {"klantcontactcentrum", "telefoonteam"}
    assert same_as("coa") == {"centraal orgaan opvang asielzoekers"}
    with pytest.raises(SettingsError, match=r"weg\.txt"):
        use_list(tmp_path / "weg.txt")


def test_a_line_without_names_is_passed_over() -> None:
    assert parse_groups("= \nniets\n# a = b\n") == {}


def test_a_passage_is_found_by_what_another_document_says_its_abbreviation_means(where: Where) -> None:
    texts = ["De Raad voor de Graanteelt (RvG) bestaat.", "De RvG verbiedt kunstmest.", "De bibliotheek is dicht."]
    with writer(where) as writing:
        for number, text in enumerate(texts):
            passage = Passage(f"d{number}#1", f"d{number}", "", text, 0, len(text))
            writing.put(Reading(Document(f"d{number}", "page", "", ""), text, (passage,)), f"d{number}")
        writing.commit()
    with open_store(where).snapshot() as snapshot:
        found = {hit.document.document for hit in snapshot.search("graanteelt raad", 5)}
        assert found == {"d0"}
        found = {hit.document.document for hit in snapshot.search("Wat doet de Raad voor de Graanteelt?", 5)}
        assert found == {"d0", "d1"}
