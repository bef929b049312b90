"""Documents and passages to the text of a row and back; a passage holds no words of its own but spans of its text."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from datetime import date
from operator import attrgetter
from typing import Any

from index.places import pack, unpack
from index.values import Asker, Document, Link, Official, Passage, Places, Reading

_TOTAL_BITS = 128

_LEFT_OUT = ("passage", "document", "text", "answer", "notes", "links")
_PASSAGE_FIELDS = tuple((field.name, field.default) for field in fields(Passage) if field.name not in _LEFT_OUT)
_PASSAGE_VALUES = attrgetter(*(name for name, _ in _PASSAGE_FIELDS))


def _plain(value: Any) -> object:
    """Return a date as ISO text and one of our own values as a dictionary: `asdict` copies all, and takes for ever."""
    return value.isoformat() if isinstance(value, date) else {f.name: getattr(value, f.name) for f in fields(value)}


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)


def row_checksum(*parts: object) -> bytes:
    """Return the checksum kept beside a row, over all columns that must not change."""
    joined = "\x1f".join(map(str, parts))
    return hashlib.blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class RowTotal:
    """A checksum over a set of rows that costs only what changes: the sum of the rows' own checksums."""

    def __init__(self, value: str = "") -> None:
        """Go on from an earlier `value`."""
        self._sum = int(value or "0", 16)

    @property
    def value(self) -> str:
        """The total in hexadecimal."""
        return f"{self._sum:x}"

    def add(self, checksum: bytes) -> None:
        """Count a row in."""
        self._sum = (self._sum + int.from_bytes(checksum, "big")) % (1 << _TOTAL_BITS)

    def subtract(self, checksum: bytes) -> None:
        """Count a row out."""
        self._sum = (self._sum - int.from_bytes(checksum, "big")) % (1 << _TOTAL_BITS)


def document_value(document: Document, places: Places | None = None) -> str:
    """Return a document as JSON with the places of its text in the file.

    Without `sources`, which change from file to file and stand in their own rows.
    """
    packed = pack(places) if places else ""
    value = {field.name: getattr(document, field.name) for field in fields(document)} | {"sources": ()}
    return _JSON.encode(value | ({"places": packed} if packed else {}))


def document_from(value: str, sources: tuple[str, ...] = ()) -> Document:
    """Return the document that `document_value` wrote."""
    data: dict[str, Any] = json.loads(value)
    for name in ("date", "asked", "answered"):
        data[name] = date.fromisoformat(data[name]) if data[name] else None
    data["askers"] = tuple(Asker(**asker) for asker in data["askers"])
    data["answered_by"] = tuple(Official(**official) for official in data["answered_by"])
    data["topics"], data["follows"] = tuple(data["topics"]), tuple(data.get("follows", ()))
    data["sources"] = sources
    data.pop("places", None)
    return Document(**data)


def places_from(value: str) -> Places:
    """Return the places that `document_value` wrote."""
    return unpack(json.loads(value).get("places", ""))


def passage_value(passage: Passage) -> str:
    """Return a passage as JSON: its spans in place of its words, and nothing that is as it mostly is."""
    values = zip(_PASSAGE_FIELDS, _PASSAGE_VALUES(passage), strict=True)
    data = {name: value for (name, usual), value in values if value != usual}
    if passage.answer is not None and passage.answer_start is not None:
        data["answer_end"] = passage.answer_start + len(passage.answer)
    if passage.notes:
        data["notes"] = dict(passage.notes)
    if passage.links:
        data["links"] = [(link.document, link.url, link.start, link.end) for link in passage.links]
    return _JSON.encode(data)


def passage_from(value: str, passage: str, document: str, text: str) -> Passage:
    """Return the passage that `passage_value` wrote, its words taken from the document's `text`."""
    data: dict[str, Any] = json.loads(value)
    answer_end = data.pop("answer_end", None)
    answer = None if answer_end is None else text[data["answer_start"] : answer_end]
    for name in ("numbers", "refers_to"):
        data[name] = tuple(data.get(name, ()))
    links = data.pop("links", ())
    data["links"] = tuple(Link(text[start:end], name, url, start, end) for name, url, start, end in links)
    words = text[data["start"] : data["end"]]
    return Passage(passage=passage, document=document, text=words, answer=answer, **data)


def embedded_text(passage: Passage) -> str:
    """Return the words whose meaning is embedded for a passage: what stands beside it, its question, its answer."""
    parts = (passage.context, passage.question or "", passage.body)
    return "\n".join(dict.fromkeys(part for part in parts if part))


def refuse_loose_spans(reading: Reading) -> None:
    """Raise `ValueError` when a passage is not literally the span of the text that it says it is."""
    for p in reading.passages:
        spans = [(p.start, p.text), (p.body_start, p.body)]
        if any(start < 0 or not reading.text.startswith(words, start) for start, words in spans):
            raise ValueError(f"passage {p.passage} is not in the text where it should be")
