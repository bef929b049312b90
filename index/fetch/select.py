"""What is known of a document against what is wanted: yes, no, or not to be told from what is known so far."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from index.fetch.values import Criterion, Pairs, Selection
from index.values import Document


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document can be selected by. None: not known; empty: known to be nothing.

    Metadata know some of it, the document itself knows all.
    """

    kind: str | None = None
    day: str | None = None
    ministries: tuple[str, ...] | None = None
    parties: tuple[str, ...] | None = None
    persons: tuple[str, ...] | None = None
    dossiers: tuple[str, ...] | None = None
    text: str | None = None

    @property
    def packed(self) -> str:
        """The facts as short text, without the document's own words."""
        return json.dumps({name: value for name, value in asdict(self).items() if value is not None and name != "text"})


def unpacked(packed: str) -> Facts:
    """Return the facts that `packed` gave."""
    told = json.loads(packed) if packed else {}
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    return Facts(**values)


def facts_of_metadata(about: Pairs, day: date | None, text: str | None = None) -> Facts:
    """Return what metadata tell.

    Who received a question tells neither a ministry for certain nor all who answered, so only what is named counts
    for it, never what is not; the same goes for a person when not both sides are named.
    """
    values: dict[str, list[str]] = {}
    for name, value in about:
        values.setdefault(name.rpartition(".")[2].lower(), []).append(value)
    parties = values.get("fractie")
    dossiers = [part for value in values.get("dossiernummer", ()) for part in value.split(";")]
    return Facts(
        day=day.isoformat() if day else None,
        ministries=tuple(values["ministerie"]) if "ministerie" in values else None,
        parties=tuple(parties) if parties is not None else None,
        persons=tuple(values["indiener"] + values["ontvanger"]) if {"indiener", "ontvanger"} <= set(values) else None,
        dossiers=tuple(dossiers) if dossiers else None,
        text=text,
    )


def facts_of_document(document: Document, text: str, told: Facts) -> Facts:
    """Return what a document tells of itself; what only metadata know is taken from `told`."""
    answered = document.answered_by
    return Facts(
        kind=document.kind,
        day=document.date.isoformat() if document.date else told.day,
        ministries=tuple(who.department for who in answered if who.department) + (told.ministries or ()),
        parties=tuple(who.party for who in document.askers if who.party) + (told.parties or ()),
        persons=tuple(who.name for who in document.askers)
        + tuple(who.name for who in answered if who.name)
        + (told.persons or ()),
        dossiers=((document.number or "",) if document.kind in ("letter", "publication") else ())
        + (told.dossiers or ()),
        text=" ".join((document.title, *document.topics, text)),
    )


def judge(wanted: Selection, facts: Facts) -> tuple[bool | None, tuple[Criterion, ...]]:
    """Return whether a document is wanted, None while that cannot be told, and by which criteria it is not."""
    verdicts: dict[Criterion, bool | None] = {
        "kinds": _among(wanted.kinds, None if facts.kind is None else [facts.kind], _same),
        "since": None if facts.day is None else not wanted.since or facts.day >= wanted.since.isoformat(),
        "until": None if facts.day is None else not wanted.until or facts.day <= wanted.until.isoformat(),
        "ministries": _among(wanted.ministries, facts.ministries, _part),
        "parties": _among(wanted.parties, facts.parties, _same),
        "persons": _among(wanted.persons, facts.persons, _person),
        "topics": _among(wanted.topics, None if facts.text is None else [facts.text], _part),
        "dossiers": _among(wanted.dossiers, facts.dossiers, _dossier),
    }
    asked = [name for name in verdicts if name in wanted.criteria]
    against = tuple(name for name in asked if verdicts[name] is False)
    if against:
        return False, against
    unknown = tuple(name for name in asked if verdicts[name] is None)
    return (None, unknown) if unknown else (True, ())


def _among(wanted: Sequence[str], found: Iterable[str] | None, alike: Callable[[str, str], bool]) -> bool | None:
    if not wanted:
        return True
    if found is None:
        return None
    return any(alike(_plain(one), _plain(other)) for other in found for one in wanted)


def _same(wanted: str, found: str) -> bool:
    return wanted == found


def _part(wanted: str, found: str) -> bool:
    return wanted in found


def _person(wanted: str, found: str) -> bool:
    """Whether the words of one name, initials aside, stand in the other: "Ham van der B." is also "Van der Ham"."""
    words = {word for word in re.findall(r"\w+", wanted) if len(word) > 1}
    return bool(words) and words <= set(re.findall(r"\w+", found))


def _dossier(wanted: str, found: str) -> bool:
    ours, theirs = (re.sub(r"[^0-9a-z-]", "", text) for text in (wanted, found))
    return bool(ours) and (ours == theirs or theirs.startswith(f"{ours}-"))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(sign for sign in decomposed if not unicodedata.combining(sign)).split())
