"""One generation of a store, to be read and searched: it stays the same whatever is written meanwhile."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from index.cases import CASE, FOLLOWS, case_keys, is_superseded, with_questions
from index.cross_encoder import READ_AGAIN, CrossEncoder
from index.errors import EmbedderError, StoreError
from index.filters import FACETS, facet_filters, within
from index.following import folded, names_a_time, with_answers
from index.known import Known
from index.lexical import LexicalIndex
from index.protocols import Embedder
from index.rerank import bonuses
from index.search import DENSE_WEIGHT, DenseLeg, Leg, LexicalLeg, Mode, Search
from index.spelling import mended
from index.store.encode import document_from, passage_from, places_from, row_checksum
from index.store.files import checksum
from index.store.manifest import Manifest
from index.store.originals import is_whole
from index.store.rows import DOCUMENT, PASSAGE, VISIBLE, damage_named
from index.values import Document, Filters, Hit, Passage, Reading
from index.vectors import Numbers, Segment, VectorIndex

_KEPT_TEXTS = 2_000
_IDLE_CONNECTIONS = 8
_SPARE = 10  # hits beyond those asked for, some of which make way for others

Row = tuple[Any, ...]


@dataclass(slots=True)
class Loaded:
    """The engines of one generation, opened and verified; shared by all its snapshots."""

    manifest: Manifest
    lexical: LexicalIndex | None = None
    vectors: VectorIndex | None = None
    segments: dict[str, Segment] = field(default_factory=dict)
    texts: dict[int, tuple[Document, str]] = field(default_factory=dict)
    named: dict[str, frozenset[str]] = field(default_factory=dict)

    @staticmethod
    def of(manifest: Manifest, folder: Path, before: Loaded | None = None) -> Loaded:
        """Open the files of a generation; what `before` holds already is neither read nor verified again.

        Raises `StoreError` naming the file that is not what was written, `FileNotFoundError` when one is gone.
        """
        verified = dict(before.manifest.files) if before else {}
        known = {(Path(name).name, digest) for name, digest in verified.items()}
        for name, digest in manifest.files.items():
            if (Path(name).name, digest) not in known and checksum(folder / name) != digest:
                raise StoreError("store.damaged", folder=folder, part=name)
        try:
            return Loaded._open(manifest, folder, before)
        except ValueError as error:
            # The engine says of a file that is gone what it says of a broken one.
            for name in manifest.files:
                (folder / name).stat()
            raise StoreError("store.damaged", folder=folder, part=str(error)) from error

    @staticmethod
    def _open(manifest: Manifest, folder: Path, before: Loaded | None) -> Loaded:
        have = before.segments if before else {}
        segments = {
            name: have[name] if name in have else Segment.unpack((folder / name).read_bytes())
            for name in manifest.segments
        }
        dead = np.frombuffer((folder / manifest.dead).read_bytes(), dtype="<i8") if manifest.dead else ()
        return Loaded(
            manifest,
            LexicalIndex(folder / manifest.lexical) if manifest.lexical else None,
            VectorIndex(list(segments.values()), dead) if segments else None,
            segments,
        )


class Snapshot:
    """A store as it was at one generation. Close it, or use it as a context manager, when the request is done."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        loaded: Loaded,
        folder: Path,
        embedder: Embedder | None,
        idle: list[sqlite3.Connection],
        *,
        cross_encoder: CrossEncoder | None = None,
    ) -> None:
        self._connection = connection
        self._loaded = loaded
        self._folder = folder
        self._embedder = embedder
        self._idle = idle
        self._cross_encoder = cross_encoder
        self._open = True

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the generation; nothing can be read from this snapshot afterwards."""
        if not self._open:
            return
        self._open = False
        if len(self._idle) >= _IDLE_CONNECTIONS:
            self._connection.close()
            return
        self._connection.rollback()
        self._idle.append(self._connection)

    @property
    def manifest(self) -> Manifest:
        """What this generation consists of."""
        return self._loaded.manifest

    @property
    def generation(self) -> int:
        """The number of this generation; it rises with every change of the store."""
        return self._loaded.manifest.generation

    def documents(self) -> list[Document]:
        """Return all documents, by identifier."""
        rows = self._rows(f"SELECT row FROM documents WHERE {VISIBLE} ORDER BY document")
        return [self._document(row[0])[0] for row in rows]

    def document(self, document: str) -> Document | None:
        """Return one document, none when it is not there."""
        row = self._row_of(document)
        return None if row is None else self._document(row)[0]

    def text(self, document: str) -> str | None:
        """Return the reading text of one document, none when it is not there."""
        row = self._row_of(document)
        return None if row is None else self._document(row)[1]

    def reading(self, document: str) -> Reading | None:
        """Return one document with its text and passages as it was understood."""
        row = self._row_of(document)
        if row is None:
            return None
        found, text = self._document(row)
        [(value,)] = self._raw("SELECT value FROM documents WHERE row = ?", [row])
        passages = tuple(self._passages("row = ?", [row]).values())
        return Reading(found, text, passages, places=places_from(value))

    def case(self, document: Document) -> list[Document]:
        """Return the other documents of its case, by identifier: questions, postponement, answer."""
        query = (
            f"SELECT row FROM documents WHERE ({VISIBLE}) AND document != :d AND row IN ("
            "SELECT row FROM facets WHERE facet = :case AND value IN (SELECT value FROM json_each(:keys)) "
            "UNION SELECT row FROM facets WHERE facet = :follows AND value = :d "
            "UNION SELECT row FROM documents WHERE document IN (SELECT value FROM json_each(:named))) ORDER BY document"
        )
        keys, named = json.dumps(case_keys(document)), json.dumps(document.follows)
        rows = self._rows(query, d=document.document, case=CASE, follows=FOLLOWS, keys=keys, named=named)
        return [self._document(row[0])[0] for row in rows]

    def original(self, document: str) -> Path | None:
        """Return the kept copy of the file that a document was read from; none when the store keeps none.

        Raises `StoreError` when it is no longer as it was written.
        """
        query = (
            f"SELECT kept FROM sources WHERE document = :d AND kept != '' AND ({VISIBLE}) AND path = "
            f"(SELECT path FROM documents WHERE document = :d AND ({VISIBLE}))"
        )
        rows = self._rows(query, d=document)
        if not rows:
            return None
        if not is_whole(self._folder, rows[0][0]):
            raise StoreError("store.damaged", folder=self._folder, part=rows[0][0])
        return self._folder / str(rows[0][0])

    def passages(self, document: str) -> list[Passage]:
        """Return the passages of one document in reading order."""
        row = self._row_of(document)
        return [] if row is None else list(self._passages("row = ?", [row]).values())

    def passage(self, passage: str) -> tuple[Passage, Document] | None:
        """Return one passage with its document, none when it is not there."""
        query = (
            "SELECT number, row FROM passages WHERE passage = :p AND row IN "
            f"(SELECT row FROM documents WHERE {VISIBLE})"
        )
        rows = self._rows(query, p=passage)
        if not rows:
            return None
        number, row = rows[0]
        return self._passages("number = ?", [number])[number], self._document(row)[0]

    @property
    def known(self) -> Known:
        """What this generation can be limited to by name."""
        if not self._loaded.named:
            query = (
                "SELECT DISTINCT facet, value FROM facets WHERE facet IN (SELECT value FROM json_each(:facets)) "
                f"AND row IN (SELECT row FROM documents WHERE {VISIBLE})"
            )
            named: dict[str, set[str]] = {facet: set() for facet in FACETS if facet != "document"}
            for facet, value in self._rows(query, facets=json.dumps(list(named))):
                named[facet].add(value)
            self._loaded.named = {facet: frozenset(values) for facet, values in named.items()}
        return Known(self._loaded.named, self._documents_named, lambda filters: len(self._allowed(filters)) > 0)

    def _documents_named(self, name: str) -> tuple[str, ...]:
        """Return the documents with this identifier or of this case; with a "*" in it, those that fit."""
        names = json.dumps([name, name.upper(), name.lower(), f"kst-{name}"])
        query = (
            f"SELECT document FROM documents WHERE ({VISIBLE}) AND (document GLOB :pattern OR row IN ("
            "SELECT row FROM facets WHERE facet IN ('document', :case) AND value IN "
            "(SELECT value FROM json_each(:names)))) ORDER BY document"
        )
        pattern = name if "*" in name else ""
        return tuple(row[0] for row in self._rows(query, names=names, case=CASE, pattern=pattern))

    def retriever(self, mode: Mode = "hybrid") -> Search:
        """Return the searching of this generation by words, by meaning, or by all there is, reranked.

        Raises `EmbedderError` when `mode` is "dense" and there is no embedder.
        """
        legs: list[tuple[Leg, float]] = []
        loaded, embedder = self._loaded, self._embedder
        if mode != "dense" and loaded.lexical is not None:
            legs.append((LexicalLeg(loaded.lexical), 1 - DENSE_WEIGHT))
        if mode != "lexical" and loaded.vectors is not None and embedder is not None:
            legs.append((DenseLeg(loaded.vectors, embedder, self._allowed), DENSE_WEIGHT))
        if mode == "dense" and not legs and loaded.manifest.passages:
            raise EmbedderError("embedder.none", folder=self._folder)
        return Search(legs, self._fetch, self._bonuses if mode == "hybrid" else None, self.mended)

    def mended(self, query: str) -> str:
        """Return `query` with words that neither the documents nor our lists know mended by one letter."""
        lexical = self._loaded.lexical
        return query if lexical is None else mended(query, lexical.frequency)

    def _bonuses(self, query: str, candidates: Sequence[tuple[Passage, Document]]) -> list[dict[str, float]]:
        lexical = self._loaded.lexical
        return bonuses(query, candidates, lexical.other_words(query) if lexical else None)

    def search(self, query: str, top_k: int, filters: Filters | None = None, mode: Mode = "hybrid") -> list[Hit]:
        """Return at most `top_k` passages for `query`, best first, each once.

        A postponement whose answer is there as well is left out, unless it is asked for by its kind. In hybrid mode
        answers stand in for their questions, what says the same comes once, and of answers on the same matter the
        newest comes first unless `query` or `filters` name a time.
        """
        search = self.retriever(mode)
        filters = None if filters is None or filters.is_empty else self.known.resolved(filters)
        hits = search.search(query, top_k + _SPARE, filters)
        if (
            any(hit.document.kind == "postponement" for hit in hits)
            and "postponement" not in (filters or Filters()).kinds
        ):
            more = search.search(query, 2 * (top_k + _SPARE), filters)
            hits = [hit for hit in more if not is_superseded(hit.document, self.case(hit.document))]
        if mode == "hybrid":
            hits = self._read_again(query, hits)
            limited = bool(filters and (filters.since or filters.until))
            hits = with_answers(
                hits[: top_k + _SPARE],
                lambda passage, document: self._answers(passage, document, filters or Filters()),
                lambda passage, document: self._referred(passage, document, filters or Filters()),
            )
            hits = folded(hits, newest_first=not (limited or names_a_time(query)))
        return hits[:top_k]

    def _read_again(self, query: str, hits: list[Hit]) -> list[Hit]:
        """Let the cross-encoder, if there is one, raise the best of the first hits."""
        if self._cross_encoder is None:
            return hits
        first, rest = hits[:READ_AGAIN], hits[READ_AGAIN:]
        added = self._cross_encoder.bonuses(query, [(hit.passage, hit.document) for hit in first])
        raised = [
            replace(hit, score=hit.score + more, reasons={**hit.reasons, "cross": more})
            for hit, more in zip(first, added, strict=True)
        ]
        return [*sorted(raised, key=lambda hit: -hit.score), *rest]

    def _answers(self, passage: Passage, document: Document, among: Filters) -> Iterator[tuple[Passage, Document]]:
        """Give the answers of its case to the questions in a passage."""
        for other in self.case(document):
            if other.kind == "answer" and within(other, among):
                yield from ((p, other) for p in self.passages(other.document) if set(p.numbers) & set(passage.numbers))

    def _referred(self, passage: Passage, document: Document, among: Filters) -> Iterator[tuple[Passage, Document]]:
        """Give the answers of the same document that a passage names, unless questions were asked for by number."""
        wanted = set() if among.numbers else set(passage.refers_to)
        for other in self.passages(document.document):
            if wanted & set(other.numbers) and other.passage != passage.passage:
                yield other, document

    def _fetch(self, numbers: Sequence[int]) -> Mapping[int, tuple[Passage, Document]]:
        chosen = json.dumps(list(numbers))
        among = "number IN (SELECT value FROM json_each(?))"
        rows: dict[int, int] = dict(self._raw(f"SELECT number, row FROM passages WHERE {among}", [chosen]))
        passages = self._passages(among, [chosen])
        if missing := [number for number in numbers if number not in passages]:
            raise StoreError("store.damaged", folder=self._folder, part=f"passage {missing[0]}")
        return {number: (passages[number], self._document(rows[number])[0]) for number in numbers}

    def _allowed(self, filters: Filters) -> Numbers:
        """Return the numbers of the passages within `filters`, ascending."""
        limits, values = [VISIBLE], dict[str, str]()
        for facet, wanted in facet_filters(filters).items():
            values[facet] = json.dumps(wanted)
            limits.append(
                f"row IN (SELECT row FROM facets WHERE facet = '{facet}' "
                f"AND value IN (SELECT value FROM json_each(:{facet})))"
            )
        if filters.since:
            limits.append("date >= :since")
            values["since"] = filters.since.isoformat()
        if filters.until:
            limits.append("date <= :until")
            values["until"] = filters.until.isoformat()
        query = (
            "SELECT number FROM passages WHERE row IN "
            f"(SELECT row FROM documents WHERE {' AND '.join(f'({limit})' for limit in limits)})"
        )
        if filters.numbers:
            values["numbers"] = json.dumps(filters.numbers)
            query += (
                " AND EXISTS (SELECT 1 FROM json_each(passages.value, '$.numbers') AS own "
                "WHERE own.value IN (SELECT value FROM json_each(:numbers)))"
            )
        found = [row[0] for row in self._rows(query, **values)]
        return np.array(sorted(found), dtype=np.int64)

    def _row_of(self, document: str) -> int | None:
        rows = self._rows(f"SELECT row FROM documents WHERE document = :d AND {VISIBLE}", d=document)
        return int(rows[0][0]) if rows else None

    def _document(self, row: int) -> tuple[Document, str]:
        known = self._loaded.texts.get(row)
        return known if known is not None else self._read_documents([row])[row]

    def _read_documents(self, wanted: Sequence[int]) -> dict[int, tuple[Document, str]]:
        """Read the documents in rows `wanted`, with the other files that hold them, and remember them."""
        rows, among = json.dumps(list(wanted)), "row IN (SELECT value FROM json_each(:rows))"
        found = {
            one[0]: one for one in self._rows(f"SELECT {DOCUMENT}, checksum FROM documents WHERE {among}", rows=rows)
        }
        for row in wanted:
            if row not in found or row_checksum(*found[row][:-1]) != found[row][-1]:
                part = found[row][1] if row in found else f"document {row}"
                raise StoreError("store.damaged", folder=self._folder, part=part)
        beside = self._rows(
            f"SELECT row, given FROM documents JOIN sources USING (document) WHERE documents.{among} AND "
            "sources.path != documents.path AND sources.added <= :g AND "
            "(sources.removed IS NULL OR sources.removed > :g) ORDER BY sources.path",
            rows=rows,
        )
        others: dict[int, list[str]] = {}
        for row, given in beside:
            others.setdefault(row, []).append(given)
        pairs = {row: (document_from(one[6], tuple(others.get(row, ()))), one[8]) for row, one in found.items()}
        if len(self._loaded.texts) + len(pairs) > _KEPT_TEXTS:
            self._loaded.texts.clear()
        self._loaded.texts.update(pairs)
        return pairs

    def _passages(self, where: str, values: Sequence[Any]) -> dict[int, Passage]:
        query = f"SELECT {PASSAGE}, checksum FROM passages WHERE {where} ORDER BY number"
        passages: dict[int, Passage] = {}
        rows = self._raw(query, values)
        if missing := sorted({row for _, row, *_ in rows} - self._loaded.texts.keys()):
            self._read_documents(missing)
        for number, row, passage, value, embedded, proof in rows:
            if row_checksum(number, row, passage, value, embedded) != proof:
                raise StoreError("store.damaged", folder=self._folder, part=passage)
            document, text = self._document(row)
            passages[number] = self._beside(passage_from(value, passage, document.document, text), document)
        return passages

    def _beside(self, passage: Passage, document: Document) -> Passage:
        """Put the questions of the case beside an answer to several of them."""
        if passage.answer_start in (None, passage.start) or len(passage.numbers) < 2:
            return passage
        asked = next((other for other in self.case(document) if other.kind == "questions"), None)
        return with_questions(passage, self.passages(asked.document)) if asked else passage

    def _rows(self, query: str, **values: str) -> list[Row]:
        return self._raw(query, values | {"g": self.generation})

    def _raw(self, query: str, values: Sequence[Any] | dict[str, Any]) -> list[Row]:
        if not self._open:
            raise RuntimeError("the snapshot is closed")
        with damage_named(self._folder):
            return self._connection.execute(query, values).fetchall()
