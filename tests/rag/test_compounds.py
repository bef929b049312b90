"""The end of a compound stands for the whole one, unless it is the end of another."""

from __future__ import annotations

from itertools import chain

import pytest

from index.values import Document, Hit, Passage
from rag.evidence import gather
from rag.findings import find
from rag.need import needs_of
from rag.words import is_of_another


class _NoReferences:
    """A snapshot of which no passage is asked for: the passages of these tests refer to none."""


@pytest.mark.parametrize(
    ("sentences", "beside", "expected"),
    [
        ([("toeslag", "aanvragen")], {"energietoeslag"}, True),
        ([("toeslag", "aanvragen")], {"toeslag"}, False),
        ([("huur", "toeslag", "aanvragen")], {"energietoeslag"}, False),
        ([("toeslag", "aanvragen"), ("huurders", "brief")], {"energietoeslag"}, True),
        ([("huurtoeslag", "aanvragen")], {"energietoeslag"}, False),
        ([("formulier", "aanvragen")], {"energietoeslag"}, False),
    ],
)
def test_toeslag_beside_energietoeslag_is_no_huurtoeslag(
    sentences: list[tuple[str, ...]], beside: set[str], expected: bool
) -> None:
    assert is_of_another("huurtoeslag", chain(*sentences), sentences, beside) is expected


def test_what_is_said_of_another_benefit_answers_nothing() -> None:
    text = "De energietoeslag is 800 euro. U vraagt de toeslag aan met een formulier op de website of aan de balie."
    passage = Passage("a#1", "a", "1", text, 0, len(text))
    sources = gather(_NoReferences(), [Hit(1.0, passage, Document("a", "page", "", "a"))]).sources  # type: ignore[arg-type]
    asked = {
        name: find(needs_of(f"Hoe vraag ik {name} aan?")[0], sources) for name in ("energietoeslag", "huurtoeslag")
    }
    assert asked["huurtoeslag"].sufficiency.missing == ("huurtoeslag",)
    assert not asked["huurtoeslag"].sufficiency.enough
    assert asked["energietoeslag"].sufficiency.missing == ()
    assert asked["huurtoeslag"].sufficiency.chance < asked["energietoeslag"].sufficiency.chance
