"""KOOP's search service (SRU) as a source: Kamervragen and Kamerstukken with their official XML, HTML and PDF.

A listing of 10,000 records and more is never asked for: it is parted by date until each part is smaller. Parts are
half open, so that also a date that does not exist (2009-02-31) falls into one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from urllib.parse import quote, urlencode

from index.errors import FetchError, ReadError
from index.fetch.bodies import diagnostics_of, refuse_no_document
from index.fetch.client import Client
from index.fetch.hosts import shown
from index.fetch.values import Count, Criterion, Form, Held, Item, Place, Selection, day_of
from index.identifiers import canonical
from index.read.owms import about_of_xml
from index.read.tree import Node
from index.read.xml import parse_xml

ANSWERED, ASKED, PAPERS = "Kamervragen (Aanhangsel)", "Kamervragen zonder antwoord", "Kamerstuk"
BOUND = 10_000
_PAGE = 100
_FIRST, _LAST = date(1813, 1, 1), date(2100, 1, 1)  # the outer parts are open: whatever lies beyond is in them
_FORMS: tuple[tuple[str, Form], ...] = (("xml", "xml"), ("html", "html"), ("pdf", "pdf"))
_KINDS = {"questions": ASKED, "oral": ASKED, "answer": ANSWERED, "postponement": ANSWERED, "letter": PAPERS}


class KoopSru:
    """Publications by their name; `address` is that of the search service."""

    name = "koop"
    selects: frozenset[Criterion] = frozenset({"since", "until", "topics"})

    def __init__(
        self, client: Client, address: str, publications: Sequence[str], label: str, *, bound: int = BOUND
    ) -> None:
        self._client = client
        self._address = address
        self._publications = publications
        self.label = label
        self._bound = bound

    def count(self, selection: Selection) -> list[Count]:
        """Ask for no records, only for how many there are of each publication."""
        after = tuple(sorted(selection.without(self.selects).criteria))
        return [
            Count(publication, self._number(_query(publication, selection)), bool(after), after)
            for publication in self._wanted(selection)
        ]

    def items(self, selection: Selection) -> Iterator[Item]:
        """List each publication, in parts by date where there is too much for one listing."""
        for publication in self._wanted(selection):
            query = _query(publication, selection)
            number = self._number(query)
            if number < self._bound:
                yield from self._all(query, number)
                continue
            since = selection.since or _FIRST
            until = selection.until + timedelta(days=1) if selection.until else _LAST
            found = 0
            for item in self._parted(publication, selection, since, until):
                found += 1
                yield item
            if found < number:
                raise FetchError("fetch.short", source=publication, found=found, told=number)

    def is_gone(self, held: Held) -> bool:
        """It is gone when neither the search nor its own address knows it any more."""
        if next(self.by_identifier(held.identifier), None) is not None:
            return False
        return not is_at(self._client, held)

    def by_identifier(self, identifier: str) -> Iterator[Item]:
        """Yield the record of one publication, if there is one; the service minds the casing, so both are tried."""
        for spelling in dict.fromkeys((identifier, canonical(identifier))):
            query = f'c.product-area=="officielepublicaties" and dt.identifier=="{_term(spelling)}"'
            item = next(filter(None, map(item_of, self._page(query, 1, 1)[1])), None)
            if item:
                yield item
                return

    def _wanted(self, selection: Selection) -> list[str]:
        named = {_KINDS.get(kind) for kind in selection.kinds}
        return [publication for publication in self._publications if not named or publication in named]

    def _parted(self, publication: str, selection: Selection, since: date, until: date) -> Iterator[Item]:
        """List what is dated from `since` to before `until`, in halves where that is too much."""
        first, after = None if since == _FIRST else since, None if until == _LAST else until
        query = _query(publication, selection, first, after)
        number = self._number(query)
        if number < self._bound:
            yield from self._all(query, number)
            return
        days = (until - since).days
        if days <= 1:
            raise FetchError("fetch.too_many", source=publication, day=since, bound=self._bound)
        middle = since + timedelta(days=days // 2)
        yield from self._parted(publication, selection, since, middle)
        yield from self._parted(publication, selection, middle, until)

    def _all(self, query: str, number: int) -> Iterator[Item]:
        start = 1
        while start <= number:
            _, records = self._page(query, start, _PAGE)
            for record in records:
                item = item_of(record)
                if item:
                    yield item
            if not records:
                raise FetchError("fetch.short", source=self.label, found=start - 1, told=number)
            start += len(records)

    def _number(self, query: str) -> int:
        return self._page(query, 1, 1)[0]

    def _page(self, query: str, start: int, most: int) -> tuple[int, list[Node]]:
        parameters = {
            "operation": "searchRetrieve",
            "version": "2.0",
            "query": query,
            "startRecord": start,
            "maximumRecords": most,
        }
        url = f"{self._address}?{urlencode(parameters, quote_via=quote)}"
        response = self._client.get(url, accept="application/xml, text/xml")
        try:
            root = parse_xml(response.body, shown(url))
        except ReadError as error:
            raise FetchError("fetch.garbled", url=shown(url), reason=error) from error
        complaint = diagnostics_of(root)
        if complaint:
            raise FetchError("fetch.diagnostics", url=shown(url), reason=complaint)
        told = root.find("numberofrecords")
        if told is None or not told.text.isdigit():
            key = "fetch.error_page" if root.tag == "html" else "fetch.garbled"
            raise FetchError(key, url=shown(url), reason="numberOfRecords")
        return int(told.text), list(root.all("record"))


def item_of(record: Node) -> Item | None:
    """Return what a record tells; None when it has no identifier, and so nothing that could be fetched."""
    about = about_of_xml(record)
    identifier = next(iter(about.get("identifier", ())), "")
    if not identifier or len(identifier) > 100:
        return None
    addresses: dict[str, str] = {}
    for node in record.all("itemurl"):
        addresses.setdefault(node.attributes.get("manifestation", "").lower(), node.text)
    places = tuple(Place(form, addresses[name]) for name, form in _FORMS if addresses.get(name))
    day, faults = day_of(next(iter((*about.get("date", ()), *about.get("available", ()))), ""))
    stamp = record.find("timestamp")
    changed = [*about.get("datumtijdstipwijzigingexpression", ()), *about.get("modified", ())]
    return Item(
        identifier=identifier,
        version=(stamp.text if stamp else "") or next(iter(changed), ""),
        places=places,
        about=tuple((name, value) for name, values in about.items() for value in values),
        title=next(iter(about.get("title", ())), ""),
        date=day,
        faults=faults,
    )


class Publications:
    """Publications by their identifiers; `pages` is the address of the site that shows them."""

    name = "koop"
    selects: frozenset[Criterion] = frozenset()

    def __init__(self, koop: KoopSru, client: Client, pages: str, identifiers: Sequence[str], label: str) -> None:
        self.label = label
        self._koop = koop
        self._client = client
        self._pages = pages.rstrip("/")
        self._identifiers = identifiers

    def count(self, selection: Selection) -> list[Count]:
        """Return how many identifiers there are."""
        after = tuple(sorted(selection.criteria))
        return [Count(self.label, len(set(map(canonical, self._identifiers))), True, after)]

    def items(self, selection: Selection) -> Iterator[Item]:
        """Yield the record of each; where the search has none, what the site of publications holds under its name."""
        del selection
        for identifier in self._identifiers:
            yield next(self._koop.by_identifier(identifier), None) or self._unlisted(canonical(identifier))

    def is_gone(self, held: Held) -> bool:
        """It is gone when neither the search nor its own address knows it any more."""
        return self._koop.is_gone(held)

    def _unlisted(self, name: str) -> Item:
        """A publication that only its own pages know; its version is not told, so they are asked each time."""
        root = f"{self._pages}/{quote(name)}"
        forms = _FORMS[1:] if name.startswith("blg-") else _FORMS  # attachments have no XML
        places = tuple(Place(form, f"{root}.{suffix}") for suffix, form in forms)
        try:
            response = self._client.get(f"{root}/metadata.xml", accept="application/xml, text/xml")
            about = about_of_xml(parse_xml(response.body, name))
        except FetchError as error:
            if error.retryable:
                raise
            about = {}
        except ReadError:  # an error page with status 200
            about = {}
        days = [day for key in ("available", "issued", "date") for day in about.get(key, ())]
        day, faults = day_of(next(iter(days), ""))
        pairs = tuple((key, value) for key, values in about.items() for value in values)
        return Item(name, "", places, pairs, next(iter(about.get("title", ())), ""), day, None, faults)


def is_at(client: Client, held: Held) -> bool:
    """Whether a document still stands at the address that it was fetched from."""
    try:
        response = client.get(held.url, etag=held.etag, modified=held.modified)
        if not response.not_modified:
            refuse_no_document("any", response.body, held.url)
    except FetchError as error:
        if error.gone:
            return False
        if error.retryable:
            raise
    return True


def _query(publication: str, selection: Selection, since: date | None = None, until: date | None = None) -> str:
    """The question in CQL; `until`, unlike a selection's, is the first day that is not wanted."""
    parts = ['c.product-area=="officielepublicaties"', f'w.publicatienaam=="{_term(publication)}"']
    first = since or selection.since
    after = until or (selection.until + timedelta(days=1) if selection.until else None)
    parts += [f'dt.date>="{first}"'] if first else []
    parts += [f'dt.date<"{after}"'] if after else []
    if selection.topics:
        either = " or ".join(f'cql.textAndIndexes="{_term(topic)}"' for topic in selection.topics)
        parts.append(f"({either})")
    return " and ".join(parts)


def _term(text: str) -> str:
    """A term between double quotes: what would end it or reach beyond it is taken out."""
    return re.sub(r'["\\\x00-\x1f]', " ", text).strip()
