"""A small store of hand-written documents of the fictional municipality Voorbeeldstad, for all tests of answering."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from index.store import Store
from index.store.write import Writer
from index.values import Document, Kind, Passage, Reading
from rag.assistant import Assistant


@dataclass(frozen=True, slots=True)
class Block:
    """One question with its answer, or (without a question) one section."""

    label: str
    question: str | None
    answer: str | None
    numbers: tuple[int, ...] = ()
    refers_to: tuple[int, ...] = ()


def reading_of(
    document: str, kind: Kind, title: str, blocks: Sequence[Block], day: date = date(2024, 5, 13)
) -> Reading:
    """Build a document whose text is its blocks, one after the other, with the exact span of each."""
    text, passages = "", []
    for block in blocks:
        start = len(text)
        text += f"{block.question}\n" if block.question else ""
        answer_start = len(text)
        text += block.answer or ""
        passages.append(
            Passage(
                passage=f"{document}#{block.label.replace(' ', '-')}",
                document=document,
                label=block.label,
                text=text[start:],
                start=start,
                end=len(text),
                numbers=block.numbers,
                question=block.question,
                answer=block.answer if block.question else None,
                answer_start=answer_start if block.question and block.answer is not None else None,
                context=title if block.question is None else "",
                refers_to=block.refers_to,
            )
        )
        text += "\n\n"
    url = f"https://voorbeeldstad.example/{document}"
    return Reading(Document(document, kind, title, f"{document}.txt", date=day, url=url), text, tuple(passages))


LIBRARY = reading_of(
    "voorbeeld-bieb",
    "answer",
    "Antwoord op vragen over de sluiting van de wijkbibliotheek",
    [
        Block("vraag 1", "Bent u bekend met het bericht over de wijkbibliotheek?", "Ja.", (1,)),
        Block(
            "vraag 2 en 3",
            "Wanneer is de verbouwing van de wijkbibliotheek klaar? Wat kost de verbouwing?",
            "Het college heeft een bouwbedrijf gevraagd de bibliotheek te verbouwen. De verbouwing begint naar "
            "verwachting in maart 2024. De afronding van de verbouwing zal in oktober 2025 zijn. De verbouwing kost "
            "€ 1.250.000. Dit bedrag komt uit het fonds voor wijkvoorzieningen.",
            (2, 3),
        ),
        Block(
            "vraag 4",
            "Klopt het dat leden tijdens de verbouwing moeten betalen voor de bibliobus?",
            "Nee, dat klopt niet. Leden hoeven tijdens de verbouwing niet te betalen voor de bibliobus. De bus staat "
            "elke dinsdag op het Marktplein. De meeste leden hebben daarover een brief gekregen.",
            (4,),
        ),
        Block(
            "vraag 5",
            "Waarom is de bibliotheek niet eerder verbouwd?",
            "Zie het antwoord op vraag 6.",
            (5,),
            refers_to=(6,),
        ),
        Block(
            "vraag 6",
            "Welke rol speelde het asbest in het dak?",
            "In het dak is in 2021 asbest gevonden. Daarom heeft de brandweer het gebouw eerst laten onderzoeken. "
            "De wethouder onderzoekt of de huurders in de buurt een vergoeding kunnen krijgen.",
            (6,),
        ),
    ],
)
BRIDGE = reading_of(
    "voorbeeld-brug",
    "letter",
    "Raadsbrief over de fietsbrug Oosterhaven",
    [
        Block(
            "1. Planning",
            None,
            "De fietsbrug Oosterhaven gaat op 14 juni 2024 open voor fietsers. In de werkgroep zitten de Fietsersbond, "
            "het waterschap en de gemeente. Sommige bewoners maken zich zorgen over het verkeer.",
        ),
        Block(
            "2. Kosten",
            None,
            "De bouw van de fietsbrug kost 3,4 miljoen euro. De provincie betaalt daarvan 60 procent. De gemeente "
            "betaalt het andere deel.",
        ),
    ],
)
PENDING = reading_of(
    "voorbeeld-vragen",
    "questions",
    "Vragen over de overlast van ratten in het Stationspark",
    [Block("vraag 1", "Hoeveel ratten zijn er vorig jaar gevangen in het Stationspark?", None, (1,))],
)
READINGS = (LIBRARY, BRIDGE, PENDING)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The store with the three documents, searched by words."""
    folder: Path = tmp_path_factory.mktemp("store") / "store"
    Store.create(folder)
    with Writer(folder) as writer:
        for reading in READINGS:
            writer.put(reading, reading.document.source)
        writer.commit()
    return Store.open(folder)


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """The reading text of each document."""
    return {reading.document.document: reading.text for reading in READINGS}


@pytest.fixture(scope="session")
def passage() -> Callable[[str], Passage]:
    """A function that gives a passage of the store by its identifier."""
    known = {p.passage: p for reading in READINGS for p in reading.passages}
    return known.__getitem__


@pytest.fixture
def assistant(store: Store) -> Assistant:
    """An assistant without a language model."""
    return Assistant(store)
