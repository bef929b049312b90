"""A row of a table answers for itself: what the rows around it say is of something else."""

from __future__ import annotations

import pytest

from index.values import Document, Hit, Passage
from rag.evidence import gather
from rag.extract import choose_lines
from rag.findings import Finding, find
from rag.need import needs_of

TABLE = (
    "Voor documenten betaalt u leges.\n"
    "Product: Rijbewijs; Tarief: € 51,10\n"
    "Product: Paspoort; Tarief: € 83,87\n"
    "Product: Uittreksel; Tarief: 17,50"
)


class _NoReferences:
    """A snapshot of which no passage is asked for: the passages of these tests refer to none."""


def _found(question: str) -> Finding:
    hit = Hit(1.0, Passage("a#1", "a", "1", TABLE, 0, len(TABLE)), Document("a", "page", "Leges en tarieven", "a"))
    return find(needs_of(question)[0], gather(_NoReferences(), [hit]).sources)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "row", "others"),
    [
        ("Wat kost een rijbewijs?", "51,10", ("83,87", "17,50")),
        ("Wat kost een paspoort?", "83,87", ("51,10", "17,50")),
        ("Hoe duur is een uittreksel?", "17,50", ("51,10", "83,87")),
    ],
)
def test_the_row_of_what_was_asked_is_given_without_the_rows_of_other_things(
    question: str, row: str, others: tuple[str, ...]
) -> None:
    found = _found(question)
    given = " ".join(source.lines[i].text for source, i in choose_lines(found.need, found.ranked))
    assert found.sufficiency.enough
    assert row in given
    assert not any(other in given for other in others)


def test_what_no_row_names_is_refused() -> None:
    assert not _found("Wat kost een visvergunning?").sufficiency.enough
