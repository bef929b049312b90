"""What the official interfaces answer about made-up documents: search records, OData pages, questions and a sitemap.

Only as much of each query language is understood as is documented; what is not understood is refused as they refuse it.
"""

from __future__ import annotations

import gzip
import json
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import quote
from xml.sax.saxutils import escape

from eval.fetch_documents import Paper, Published, as_html, as_pdf, as_xml

BOUND = 10_000
PAGE = 250
FORMS: dict[str, tuple[str, Callable[[Published], bytes]]] = {
    "xml": ("application/xml", as_xml),
    "html": ("text/html; charset=utf-8", as_html),
    "pdf": ("application/pdf", as_pdf),
}
Answer = tuple[int, str, bytes]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XML, JSON = "application/xml; charset=utf-8", "application/json; charset=utf-8"
_CLAUSE = re.compile(r'([\w.-]+)\s*(==|>=|<=|=|<|>)\s*"([^"]*)"')
_FREE = re.compile(r"[()\s]|\b(?:and|or)\b|\bsortBy [\w./]+")
_ODD_DAY = 97  # every so many records have a date that does not exist


@dataclass
class Archive:
    """The documents by number, `questions` of the site by number with their revision, and how records are written."""

    documents: dict[int, Published]
    questions: dict[int, int] = field(default_factory=dict)
    shouted: set[int] = field(default_factory=set)
    bound: int = BOUND
    _found: dict[str, list[Published]] = field(default_factory=dict)

    def put(self, one: Published) -> None:
        """Publish a document, in the place of what has its number."""
        self.documents[one.number] = one
        self._found.clear()

    def change(self, number: int) -> None:
        """Publish a document anew with other words."""
        self.put(replace(self.documents[number], revision=self.documents[number].revision + 1))

    def withdraw(self, number: int) -> None:
        """Take a document out of all listings and from its address."""
        self.put(replace(self.documents[number], withdrawn=True))

    def add(self, number: int) -> None:
        """Publish a document as it first was."""
        self.put(Published(number))

    def shout(self, number: int) -> None:
        """From now on write an identifier in capitals in the listing."""
        self.shouted.add(number)
        self._found.clear()

    def shown(self) -> list[Published]:
        """Return what is published, by day."""
        if "" not in self._found:
            there = (one for one in self.documents.values() if not one.withdrawn)
            self._found[""] = sorted(there, key=lambda one: (day_of(one), one.number))
        return self._found[""]

    def by_name(self, identifier: str) -> Published | None:
        """Return a published document by its identifier, whose casing counts; None when it is not there."""
        number = re.search(r"(\d{1,6})$", identifier.rsplit("Z", maxsplit=1)[-1])
        one = self.documents.get(int(number[1])) if number else None
        return one if one and one.identifier == identifier and not one.withdrawn else None

    def written(self, one: Published) -> str:
        """Return an identifier as the listing writes it."""
        return one.identifier.upper() if one.number in self.shouted else one.identifier

    def found(self, query: str) -> list[Published] | None:
        """Return what a query in CQL finds; None where it is not understood."""
        if query not in self._found:
            clauses = _CLAUSE.findall(query)
            if not clauses or _FREE.sub("", _CLAUSE.sub("", query)):
                return None
            if any(name not in _FIELDS and name not in _ANY for name, _, _ in clauses):
                return None
            self._found[query] = [one for one in self.shown() if self._fits(one, clauses)]
        return self._found[query]

    def _fits(self, one: Published, clauses: Sequence[tuple[str, str, str]]) -> bool:
        words = [value for name, _, value in clauses if name in _ANY]
        if words and not any(word.lower() in one.title for word in words):
            return False
        for name, operator, wanted in clauses:
            if name not in _ANY:
                told = self.written(one) if name == "dt.identifier" else _FIELDS[name](one)
                if not _COMPARE[operator](told, wanted):
                    return False
        return True


def day_of(one: Published) -> str:
    """Return the day that a record gives: sometimes one that does not exist."""
    return f"{one.day.year}-02-31" if one.number % _ODD_DAY == 0 else one.day.isoformat()


_ANY = frozenset({"cql.textAndIndexes"})
_FIELDS: Mapping[str, Callable[[Published], str]] = {
    "c.product-area": lambda _: "officielepublicaties",
    "w.publicatienaam": lambda one: one.publication,
    "dt.date": day_of,
    "dt.available": day_of,
    "dt.modified": lambda one: one.version[:10],
    "dt.identifier": lambda one: one.identifier,
    "dt.creator": lambda _: "Tweede Kamer der Staten-Generaal",
}
_COMPARE: Mapping[str, Callable[[str, str], bool]] = {
    "==": lambda told, wanted: told == wanted,
    "=": lambda told, wanted: told == wanted,
    ">=": lambda told, wanted: told >= wanted,
    "<=": lambda told, wanted: told <= wanted,
    ">": lambda told, wanted: told > wanted,
    "<": lambda told, wanted: told < wanted,
}


def sru(archive: Archive, parameters: Mapping[str, str], base: str) -> Answer:
    """Answer `searchRetrieve`: records, a `<diagnostics>` with status 200, or 504 from record 10,000 on."""
    start, most = int(parameters.get("startRecord", "1")), min(int(parameters.get("maximumRecords", "10")), 100)
    if start >= archive.bound:
        return 504, "text/html", b"<html><head><title>504 Gateway Time-out</title></head><body></body></html>"
    found = archive.found(parameters.get("query", ""))
    if found is None or parameters.get("operation") != "searchRetrieve":
        complaint = "<diagnostic><uri>info:srw/diagnostic/1/10</uri><message>Query syntax error</message></diagnostic>"
        return 200, XML, _response(f"<diagnostics>{complaint}</diagnostics>")
    records = "".join(_record(archive, one, base) for one in found[start - 1 : start - 1 + most])
    return 200, XML, _response(f"<numberOfRecords>{len(found)}</numberOfRecords><records>{records}</records>")


def _response(inner: str) -> bytes:
    space = "http://docs.oasis-open.org/ns/search-ws/sruResponse"
    head = "<?xml version='1.0' encoding='utf-8'?>"
    return (
        f"{head}<searchRetrieveResponse xmlns='{space}'><version>2.0</version>{inner}</searchRetrieveResponse>".encode()
    )


def _record(archive: Archive, one: Published, base: str) -> str:
    folder = f"{base}/frbr/officielepublicaties/{one.identifier}/1"
    urls = "".join(
        f"<itemUrl manifestation='{form}'>{folder}/{form}/{one.identifier}.{form}</itemUrl>" for form in FORMS
    )
    kern = (
        f"<identifier>{archive.written(one)}</identifier><title>{escape(one.title)}</title><language>nl</language>"
        f"<creator>Tweede Kamer der Staten-Generaal</creator><modified>{one.version[:10]}</modified>"
    )
    mantel = f"<available>{day_of(one)}</available><date>{day_of(one)}</date><subject>{one.topic}</subject>"
    told = (
        f"<product-area>officielepublicaties</product-area><publicatienaam>{one.publication}"
        f"</publicatienaam><vraagnummer>{one.case}</vraagnummer><indiener>{one.asker}</indiener>"
        f"<datumIndiening>{one.asked}</datumIndiening>"
    )
    if isinstance(one, Paper):
        told += f"<dossiernummer>{one.dossier};29 000</dossiernummer><ondernummer>{one.number}</ondernummer>"
    meta = f"<meta><owmskern>{kern}</owmskern><owmsmantel>{mantel}</owmsmantel><tpmeta>{told}</tpmeta></meta>"
    enriched = (
        f"<enrichedData><preferredUrl>{base}/{one.identifier}.html</preferredUrl>{urls}"
        f"<timestamp>{one.version}</timestamp></enrichedData>"
    )
    return (
        "<record><recordPacking>xml</recordPacking><recordData><gzd xmlns='http://standaarden.overheid.nl/sru'>"
        f"<originalData>{meta}</originalData>{enriched}</gzd></recordData></record>"
    )


def metadata(one: Published) -> bytes:
    """Return the `metadata.xml` of a publication."""
    pairs = {
        "DC.identifier": one.identifier,
        "DC.title": one.title,
        "DCTERMS.available": day_of(one),
        "OVERHEIDop.vraagnummer": one.case,
        "OVERHEIDop.indiener": one.asker,
    }
    lines = "".join(f"<metadata name='{name}' scheme='' content='{value}'/>" for name, value in pairs.items())
    return f"<metadata_gegevens>{lines}</metadata_gegevens>".encode()


def guid_of(number: int) -> str:
    """Return the key of a document in the Kamer's own archive."""
    return str(uuid.UUID(int=number))


def odata(archive: Archive, parameters: Mapping[str, str], address: str) -> Answer:
    """Answer a query for documents: at most 250 a page, with a link to the next one."""
    wanted = parameters.get("$filter", "")
    rows = [one for one in archive.shown() if not isinstance(one, Paper) and _fits(one, wanted)]
    skip, top = int(parameters.get("$skip", "0")), min(int(parameters.get("$top", PAGE)), PAGE)
    page = rows[skip : skip + top]
    answer: dict[str, object] = {"@odata.context": f"{address}/$metadata#Document"}
    answer |= {"@odata.count": len(rows)} if parameters.get("$count") == "true" else {}
    answer["value"] = [odata_row(one) for one in page]
    if top and skip + top < len(rows):
        rest = "&".join(f"{name}={quote(value)}" for name, value in parameters.items() if name != "$skip")
        answer["@odata.nextLink"] = f"{address}/Document?{rest}&$skip={skip + top}"
    return 200, JSON, json.dumps(answer).encode()


def _fits(one: Published, wanted: str) -> bool:
    sorts, words = (
        re.findall(r"Soort eq '([^']*)'", wanted),
        re.findall(r"contains\(tolower\(\w+\),'((?:[^']|'')*)'\)", wanted),
    )
    first, last = re.search(r"Datum ge ([\d-]+)", wanted), re.search(r"Datum lt ([\d-]+)", wanted)
    day = one.day.isoformat()
    return (
        (not sorts or _sort(one) in sorts)
        and (not words or any(word in one.title.lower() for word in words))
        and (first is None or day >= first[1])
        and (last is None or day < last[1])
    )


def _sort(one: Published) -> str:
    return "Antwoord schriftelijke vragen" if one.is_answered else "Schriftelijke vragen"


def is_word(one: Published) -> bool:
    """Whether the Kamer's own archive holds a document as a Word file: every fifth."""
    return one.number % 5 == 0


def odata_row(one: Published) -> dict[str, object]:
    """Return a document as the Kamer's own archive describes it."""
    first, last = one.year.split("–")
    asker = {"ActorNaam": one.asker, "ActorFractie": one.party, "Functie": "Tweede Kamerlid", "Relatie": "Indiener"}
    office = {"ActorNaam": "Beantwoorder", "ActorFractie": None, "Functie": f"minister van {one.ministry}"}
    return {
        "Id": guid_of(one.number),
        "Soort": _sort(one),
        "DocumentNummer": f"{one.day.year}D{one.number:05}",
        "Titel": _sort(one),
        "Onderwerp": one.title,
        "Datum": f"{one.day}T00:00:00+01:00",
        "Vergaderjaar": f"{first}-{last}",
        "Volgnummer": -1,
        "Aanhangselnummer": f"{first[2:]}{last[2:]}{one.number:05}" if one.is_answered else None,
        "ContentType": WORD if is_word(one) else "application/pdf",
        "GewijzigdOp": one.version,
        "Verwijderd": one.withdrawn,
        "Zaak": [{"Nummer": one.case, "Soort": "Schriftelijke vragen"}],
        "Kamerstukdossier": [],
        "DocumentActor": [asker, office],
    }


def faq(archive: Archive, parameters: Mapping[str, str], base: str) -> Answer:
    """Answer with questions of the site: as many as asked for, none beyond the last."""
    numbers = sorted(archive.questions)
    start, most = int(parameters.get("offset", "0")), int(parameters.get("rows", "25"))
    rows = [faq_row(number, archive.questions[number], base) for number in numbers[start : start + most]]
    return 200, JSON, json.dumps(rows).encode()


def faq_row(number: int, revision: int, base: str) -> dict[str, object]:
    """Return a question of the site with its answer."""
    words = Published(number, revision)
    return {
        "id": guid_of(number),
        "type": "vraag en antwoord",
        "canonical": f"{base}/onderwerpen/vraag-{number}",
        "dataurl": f"{base}/v1/infotypes/faq/{guid_of(number)}",
        "question": f"Hoe werkt regeling {number}?",
        "introduction": f"<p>{words.questions[1]}</p>",
        "content": [{"paragraphtitle": "Voorwaarden", "paragraph": f"<p>{words.questions[2]}</p>"}],
        "lastmodified": f"2024-01-{revision % 27 + 1:02}T10:00:00.000Z",
        "authorities": [f"Ministerie van {words.ministry}"],
        "subjects": [words.topic],
        "license": "CC0 1.0",
    }


def sitemap(archive: Archive, base: str, *, packed: bool) -> bytes:
    """Return the index of sitemaps, or the packed sitemap that it names."""
    if not packed:
        inner = f"<sitemap><loc>{base}/sitemap-1.xml.gz</loc></sitemap>"
        return f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{inner}</sitemapindex>".encode()
    pages = (f"<url><loc>{base}/{one.identifier}.html</loc></url>" for one in archive.shown())
    return gzip.compress(f"<urlset>{''.join(pages)}</urlset>".encode())
