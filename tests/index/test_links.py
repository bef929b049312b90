"""References to other official documents are recognised, with the identifier that the publication has."""

from __future__ import annotations

import pytest

from index.recognise.links import find_links, links_within


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        ("(Kamerstuk 28 638, nr. 213)", ["kst-28638-213"]),
        ("Kamerstuk 19637, nr. 3203", ["kst-19637-3203"]),
        ("Kamerstukken 28 638 en 34 193, nr. 207", ["kst-28638-207"]),
        ("Kamerstukken II, 2023/2024, 31 839, nr. 1024", ["kst-31839-1024"]),
        ("Kamerstuk 36 600 XII, nr. 42", ["kst-36600-XII-42"]),
        ("Kamerstuk 21 501-02, nr. 2498", ["kst-21501-02-2498"]),
        ("Kamerstuk 36200-XII-60", ["kst-36200-XII-60"]),
        ("Kamerstukken 29665, nummers 427, 433 en 473.", ["kst-29665-427", "kst-29665-433", "kst-29665-473"]),
        ("23 645, nr. 811 en 29 984, nr. 1207", ["kst-23645-811", "kst-29984-1207"]),
        ("Zie ook Aanhangsel Handelingen, vergaderjaar 2024–2025, nr. 528.", ["ah-tk-20242025-528"]),
        ("Aanhangsel Handelingen II 2023/24, nr. 12", ["ah-tk-20232024-12"]),
        ("eerdere vragen (vraagnummer 2024Z18794)", ["kv-tk-2024Z18794"]),
        ("de brief met kenmerk 2024Z00081", []),
        ("Handelingen II, vergaderjaar 2024–2025, nr. 8", []),
        ("in totaal 28 638 euro, nummers 4 en 5 uitgezonderd", []),
        ("zie kst-30552-3", ["kst-30552-3"]),
    ],
)
def test_a_reference_names_the_document_it_leads_to(text: str, documents: list[str]) -> None:
    links = find_links(text)
    assert [link.document for link in links] == documents
    for link in links:
        assert text[link.start : link.end] == link.text
        assert link.url == f"https://zoek.officielebekendmakingen.nl/{link.document}.html"


def test_a_document_does_not_lead_to_itself() -> None:
    text = "kv-tk-2024Z18794 en vragen 2024Z18794 en ah-tk-20242025-1"
    assert [link.document for link in find_links(text, ("ah-tk-20242025-1", "2024Z18794"))] == []


def test_only_links_that_stand_wholly_in_a_span_belong_to_it() -> None:
    links = find_links("Kamerstuk 28 638, nr. 213 en Kamerstuk 19 637, nr. 2814")
    assert links_within(links, 0, 30) == links[:1]
    assert links_within(links, 12, 100) == links[1:]
