"""A document goes in, the rows that it is kept in come out, and back; knows no server.

A document is one value: what is known of it, its text and its passages together, packed and cut into parts that fit a
field. Its row holds what lists and look-ups need; each passage has a row of its own to be searched by.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from index.cases import CASE, FOLLOWS, case_keys
from index.errors import StoreError
from index.filters import facets
from index.milvus.server import Row
from index.milvus.tables import LISTED, LONGEST, LONGEST_NAME, MOST_VALUES
from index.store.encode import document_from, document_value, embedded_text, passage_from, passage_value, places_from
from index.store.rows import Source
from index.values import Document, Passage, Places, Reading

_PART = 60_000  # characters of ASCII, and so bytes


@dataclass(frozen=True, slots=True)
class Packed:
    """A document as it is written: `text` is all of it, `checksum` is of that, `embedded` the words of each passage."""

    reading: Reading
    path: str
    text: str
    checksum: str

    @property
    def parts(self) -> list[str]:
        """The text in parts that fit a field."""
        return [self.text[start : start + _PART] for start in range(0, len(self.text), _PART)]


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A document as it was read back, its passages without the questions of other documents beside them."""

    document: Document
    text: str
    places: Places
    passages: tuple[Passage, ...]
    first: int


def pack(reading: Reading, path: str) -> Packed:
    """Return a document as it is written."""
    whole = {
        "document": document_value(reading.document, reading.places),
        "text": reading.text,
        "passages": [(passage.passage, passage_value(passage)) for passage in reading.passages],
    }
    # A text may hold half a surrogate pair, which JSON can write and UTF-8 cannot.
    data = json.dumps(whole, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    return Packed(reading, path, base64.b85encode(zlib.compress(data, 6)).decode("ascii"), checksum(data))


def unpack(parts: Sequence[str], row: Row, sources: tuple[str, ...], store: object) -> Unpacked:
    """Return the document whose row and parts were read; raise `StoreError` when they are not as they were written."""
    try:
        data = zlib.decompress(base64.b85decode("".join(parts)))
    except (ValueError, zlib.error) as error:
        raise StoreError("milvus.damaged", store=store, part=row["document"]) from error
    if checksum(data) != row["checksum"]:
        raise StoreError("milvus.damaged", store=store, part=row["document"])
    whole = json.loads(data)
    document, text = document_from(whole["document"], sources), whole["text"]
    passages = tuple(passage_from(value, name, document.document, text) for name, value in whole["passages"])
    return Unpacked(document, text, places_from(whole["document"]), passages, int(row["first"]))


def checksum(data: bytes) -> str:
    """Return what is kept of a document's bytes to know them by."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def document_row(packed: Packed, row: int, first: int, generation: int) -> Row:
    """Return the row of a document; `first` is the number of its first passage, the others follow."""
    document = packed.reading.document
    value = document_value(document)
    return {
        "row": row,
        "document": document.document,
        "path": packed.path,
        "first": first,
        "passages": len(packed.reading.passages),
        "checksum": packed.checksum,
        "related": _fitting(
            [*(f"{CASE} {key}" for key in case_keys(document)), *(f"{FOLLOWS} {d}" for d in document.follows)]
        ),
        "value": value if len(value.encode("utf-8", "surrogatepass")) <= LONGEST and _is_plain(value) else "",
        "generation": generation,
    }


def text_rows(packed: Packed, row: int, generation: int) -> list[Row]:
    """Return the rows that hold the whole of a document."""
    return [
        {"key": f"{row}/{part}", "row": row, "part": part, "value": value, "generation": generation}
        for part, value in enumerate(packed.parts)
    ]


def passage_row(passage: Passage, document: Document, number: int, row: int, generation: int) -> Row:
    """Return the row that a passage is searched by, without its vectors."""
    held = facets(document)
    return {
        "number": number,
        "row": row,
        "passage": passage.passage,
        "kind": document.kind,
        "document": document.document,
        "date": document.date.toordinal() if document.date else 0,
        "asked": list(passage.numbers)[:MOST_VALUES],
        **{facet: _fitting(held[facet]) for facet in LISTED},
        "generation": generation,
    }


def names_of(document: Document) -> list[tuple[str, str]]:
    """Return (facet, value) for what a document may be limited to by name, and for its official identifier."""
    held = facets(document)
    return [(facet, value) for facet in ("kind", *LISTED) for value in held[facet] if _fitting([value])]


def embedded_words(whole: Reading | Unpacked) -> list[str]:
    """Return the words whose meaning is embedded for each passage."""
    return [embedded_text(passage) for passage in whole.passages]


def source_row(source: Source, row: int, generation: int) -> Row:
    """Return the row of a file that holds a document; the store keeps no copy of it."""
    return {
        "row": row,
        "path": source.path,
        "path_digest": path_digest(source.path),
        "given": source.given,
        "digest": source.digest,
        "reader": source.reader,
        "document": source.document,
        "generation": generation,
    }


def source_from(row: Row) -> Source:
    """Return what `source_row` wrote."""
    return Source(row["path"], row["given"], row["digest"], row["reader"], row["document"])


def path_digest(path: str) -> str:
    """Return what a path is looked up by: it may be longer than what Milvus can look up."""
    return checksum(path.encode("utf-8", "surrogatepass"))


def _fitting(values: Sequence[str]) -> list[str]:
    """Return the values that a list in a row can hold."""
    fitting = [value for value in values if _is_plain(value) and len(value.encode("utf-8")) <= LONGEST_NAME]
    return fitting[:MOST_VALUES]


def _is_plain(text: str) -> bool:
    """Whether a text can be sent as it is: half a surrogate pair cannot."""
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)
