"""The Tweede Kamer's own archive (OData v4) as a source: metadata of documents, with their PDF or Word files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urljoin

from index.errors import FetchError
from index.fetch.client import Client
from index.fetch.hosts import shown
from index.fetch.values import Count, Criterion, Form, Held, Item, Place, Selection, day_of

_PAGE = 250
_SORTS = {
    "questions": "Schriftelijke vragen",
    "oral": "Mondelinge vragen",
    "answer": "Antwoord schriftelijke vragen",
    "postponement": "Mededeling (uitstel antwoord)",
    "letter": "Brief regering",
}
_USUAL = ("questions", "answer", "postponement")
_FORMS: dict[str, Form] = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_FIELDS = (
    "Id,Soort,DocumentNummer,Titel,Onderwerp,Datum,Vergaderjaar,Volgnummer,Aanhangselnummer,"
    "ContentType,GewijzigdOp,Verwijderd"
)
_EXPAND = (
    "Zaak($select=Nummer,Soort),Kamerstukdossier($select=Nummer,Toevoeging),"
    "DocumentActor($select=ActorNaam,ActorFractie,Functie,Relatie)"
)


class TweedeKamer:
    """Documents by their sort; the service selects by date, kind and words of the subject."""

    name = "tweedekamer"
    label = "tweedekamer"
    selects: frozenset[Criterion] = frozenset({"kinds", "since", "until", "topics"})

    def __init__(self, client: Client, address: str) -> None:
        self._client = client
        self._address = address.rstrip("/")

    def count(self, selection: Selection) -> list[Count]:
        """Ask for no documents, only for how many there are."""
        answer = self._asked(f"{self._documents(selection)}&$top=0&$count=true&$select=Id")
        number = answer.get("@odata.count")
        if not isinstance(number, int):
            raise FetchError("fetch.garbled", url=shown(self._address), reason="@odata.count")
        after = tuple(sorted(selection.without(self.selects).criteria))
        return [Count(self.label, number, bool(after), after)]

    def items(self, selection: Selection) -> Iterator[Item]:
        """Follow the pages until there is no next one."""
        url: str | None = (
            f"{self._documents(selection)}&$count=true&$top={_PAGE}&$orderby=Datum,Id"
            f"&$select={quote(_FIELDS, safe=',')}&$expand={quote(_EXPAND, safe='(),=$')}"
        )
        found, told = 0, 0
        while url:
            answer = self._asked(url)
            told = told or int(answer.get("@odata.count") or 0)
            rows = answer.get("value")
            if not isinstance(rows, list):
                raise FetchError("fetch.garbled", url=shown(url), reason="value")
            for row in rows:
                found += 1
                item = self._item(row) if isinstance(row, dict) else None
                if item:
                    yield item
            link = answer.get("@odata.nextLink")
            if not link and len(rows) == _PAGE and found < told:
                link = re.sub(r"&\$skip=\d+|$", f"&$skip={found}", url.split("&$skip=")[0], count=1)
            url = urljoin(url, str(link)) if link else None
        if found < told:
            raise FetchError("fetch.short", source=self.label, found=found, told=told)

    def is_gone(self, held: Held) -> bool:
        """It is gone when the service says so of the document, or does not know it."""
        guid = _GUID.search(held.url)
        if guid is None:
            return False
        try:
            answer = self._asked(f"{self._address}/Document({guid[0]})?$select=Id,Verwijderd")
        except FetchError as error:
            if error.gone:
                return True
            raise
        return answer.get("Verwijderd") is True

    def _documents(self, selection: Selection) -> str:
        sorts = [_SORTS[kind] for kind in selection.kinds or _USUAL if kind in _SORTS]
        limits = ["Verwijderd eq false"]
        limits.append(f"({' or '.join(f'Soort eq {_text(sort)}' for sort in sorts)})" if sorts else "Soort eq null")
        limits += [f"Datum ge {selection.since}T00:00:00Z"] if selection.since else []
        limits += [f"Datum lt {selection.until + timedelta(days=1)}T00:00:00Z"] if selection.until else []
        if selection.topics:
            words = [f"contains(tolower({field}),{_text(t.lower())})" for t in selection.topics for field in _WORDS]
            limits.append(f"({' or '.join(words)})")
        return f"{self._address}/Document?$filter={quote(' and '.join(limits), safe='()')}"

    def _asked(self, url: str) -> Mapping[str, Any]:
        response = self._client.get(url, accept="application/json")
        try:
            answer = json.loads(response.body)
        except (ValueError, RecursionError) as error:
            key = "fetch.error_page" if response.body.lstrip()[:1] == b"<" else "fetch.garbled"
            raise FetchError(key, url=shown(url), reason="JSON") from error
        if not isinstance(answer, dict):
            raise FetchError("fetch.garbled", url=shown(url), reason="JSON")
        return answer

    def _item(self, row: Mapping[str, Any]) -> Item | None:
        guid = str(row.get("Id") or "")
        if not _GUID.fullmatch(guid) or row.get("Verwijderd") is True:
            return None
        form = _FORMS.get(str(row.get("ContentType") or "").partition(";")[0].strip().lower())
        places = (Place(form, f"{self._address}/Document({guid})/resource"),) if form else ()
        day, faults = day_of(_words(row.get("Datum")))
        about = [(name, value) for name, key in _TOLD for value in [_words(row.get(key))] if value]
        about += [("date", day.isoformat())] if day else []
        about += _actors(row)
        cases = [_words(case.get("Nummer")) for case in _rows(row, "Zaak")]
        about += [("vraagnummer", case) for case in cases if case]
        dossiers = [_dossier(found) for found in _rows(row, "Kamerstukdossier")]
        about += [("dossiernummer", dossier) for dossier in dossiers if dossier]
        identifier = _identifier(row, cases, dossiers) or f"tk-{_words(row.get('DocumentNummer')) or guid}".lower()
        title = _words(row.get("Onderwerp")) or _words(row.get("Titel"))
        return Item(identifier, _words(row.get("GewijzigdOp")), places, tuple(about), title, day, None, faults)


_WORDS = ("Onderwerp", "Titel")
_TOLD = (
    ("title", "Onderwerp"),
    ("type", "Soort"),
    ("vergaderjaar", "Vergaderjaar"),
    ("documentnummer", "DocumentNummer"),
)


def _identifier(row: Mapping[str, Any], cases: list[str], dossiers: list[str]) -> str | None:
    """The official identifier under which the same document is published elsewhere."""
    printed = re.fullmatch(r"(\d{2})(\d{2})(\d{4,5})", _words(row.get("Aanhangselnummer")))
    sort = row.get("Soort")
    if printed and sort in (_SORTS["answer"], _SORTS["postponement"]):
        first = int(printed[1]) + (2000 if int(printed[1]) < 80 else 1900)
        return f"ah-tk-{first}{first + 1}-{int(printed[3])}"
    asked = [case for case in cases if re.fullmatch(r"\d{4}Z\d{4,6}", case)]
    if sort == _SORTS["questions"] and asked:
        return f"kv-tk-{asked[0]}"
    number = row.get("Volgnummer")
    if sort == _SORTS["letter"] and dossiers and isinstance(number, int) and number > 0:
        return f"kst-{dossiers[0]}-{number}"
    return None


def _actors(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Who asked and who answered: members have a party, ministers an office."""
    about: list[tuple[str, str]] = []
    for actor in _rows(row, "DocumentActor"):
        name, party, office = (_words(actor.get(key)) for key in ("ActorNaam", "ActorFractie", "Functie"))
        if party:
            about += [("indiener", name), ("fractie", party)]
        elif re.search(r"minister|secretaris", office, re.IGNORECASE):
            about += [("ontvanger", name), ("ministerie", office)]
    return [(key, value) for key, value in about if value]


def _dossier(found: Mapping[str, Any]) -> str:
    number, part = _words(found.get("Nummer")), _words(found.get("Toevoeging"))
    return f"{number}-{part}" if number and part else number


def _rows(row: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = row.get(name)
    return [inner for inner in rows if isinstance(inner, dict)] if isinstance(rows, list) else []


def _words(value: object) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _text(words: str) -> str:
    """A text in a filter: between single quotes, which are doubled inside."""
    return "'" + words.replace("'", "''") + "'"
