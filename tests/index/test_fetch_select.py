"""What is wanted against what is known: yes, no, or to be looked at."""

from __future__ import annotations

from datetime import date

import pytest

from index.fetch.select import Facts, facts_of_document, facts_of_metadata, judge, unpacked
from index.fetch.values import Selection
from index.values import Asker, Document, Official

DOCUMENT = Document(
    "ah-tk-20232024-7",
    "answer",
    "De dijk bij het dorp",
    "dijk.xml",
    date=date(2024, 3, 5),
    askers=(Asker("Van der Ham", "D66"), Asker("Kröger", "GroenLinks-PvdA")),
    answered_by=(
        Official("De Boer", "minister", "Infrastructuur en Waterstaat"),
        Official(None, "minister", "Financiën"),
    ),
    topics=("water",),
)
FACTS = facts_of_document(
    DOCUMENT, "De dijk wordt hoger.", facts_of_metadata((("dossiernummer", "27 625;28 638"),), None)
)


@pytest.mark.parametrize(
    ("wanted", "verdict"),
    [
        (Selection(), True),
        (Selection(parties=("d66",)), True),
        (Selection(parties=("D6",)), False),
        (Selection(parties=("VVD", "GroenLinks-PvdA")), True),
        (Selection(ministries=("waterstaat",)), True),
        (Selection(ministries=("Financien",)), True),
        (Selection(ministries=("Defensie",)), False),
        (Selection(persons=("Ham van der B.",)), True),
        (Selection(persons=("Kroger",)), True),
        (Selection(persons=("de boer",)), True),
        (Selection(persons=("Boerma",)), False),
        (Selection(topics=("DIJK",)), True),
        (Selection(topics=("tunnel",)), False),
        (Selection(dossiers=("28638",)), True),
        (Selection(dossiers=("28 638",)), True),
        (Selection(dossiers=("8638",)), False),
        (Selection(kinds=("answer", "letter")), True),
        (Selection(kinds=("postponement",)), False),
        (Selection(since=date(2024, 3, 5), until=date(2024, 3, 5)), True),
        (Selection(since=date(2024, 3, 6)), False),
        (Selection(until=date(2024, 3, 4)), False),
        (Selection(parties=("D66",), topics=("tunnel",)), False),
    ],
)
def test_a_document_is_held_against_each_criterion(wanted: Selection, verdict: bool) -> None:
    assert judge(wanted, FACTS)[0] is verdict


def test_what_metadata_do_not_tell_is_left_open() -> None:
    told = facts_of_metadata((("title", "dijk"), ("indiener", "De Wit")), None)
    wanted = Selection(parties=("D66",), persons=("De Wit",), since=date(2024, 1, 1))
    assert judge(wanted, told) == (None, ("since", "parties", "persons"))
    both = facts_of_metadata((("indiener", "De Wit"), ("ontvanger", "De Boer")), date(2024, 2, 1))
    assert judge(Selection(persons=("De Wit",), since=date(2024, 1, 1)), both)[0] is True
    assert judge(Selection(persons=("Jansen",)), both) == (False, ("persons",))


def test_what_an_interface_selects_by_is_not_looked_at_again() -> None:
    wanted = Selection(kinds=("answer",), since=date(2024, 1, 1), topics=("dijk",), parties=("D66",))
    assert wanted.without(frozenset({"since", "topics", "kinds"})) == Selection(parties=("D66",))
    assert wanted.criteria == {"kinds", "since", "topics", "parties"}
    assert wanted.key != Selection().key


def test_facts_are_kept_without_the_words_of_the_document() -> None:
    assert unpacked(FACTS.packed) == Facts(**{**{n: getattr(FACTS, n) for n in FACTS.__slots__}, "text": None})
    assert unpacked("") == Facts()
