"""One generation of a store, to be read and searched: it stays the same whatever is written meanwhile.

Knows not where the store is kept: what is asked of every kind of store is abstract here, and what follows from that is
the same for all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from index.cases import is_superseded, with_questions
from index.cross_encoder import READ_AGAIN, CrossEncoder
from index.filters import within
from index.following import COMPARED, folded, names_a_time, with_answers
from index.known import Known
from index.profiles import POSTPONEMENT, QUESTIONS, REFERENCE, Codes, Profiles
from index.protocols import Vectors
from index.rerank import bonuses
from index.search import Found, Mode, Search
from index.store.manifest import Manifest
from index.store.rows import Source
from index.values import Document, Filters, Hit, Passage, Reading

HEAD = "kop"  # what stands before the first passage, in the name of a passage
_MOST_READ = 50  # who asks for more hits than a person reads wants them all, as they are
_SPARE = 10  # hits beyond those asked for, some of which make way for others


@dataclass(frozen=True, slots=True)
class Whole:
    """A document as it was put: from the file `path`, with the vectors of its passages by the words embedded."""

    reading: Reading
    path: str
    vectors: Mapping[str, Vectors]


class Snapshots(Protocol):
    """A store that was opened for reading, wherever it is kept."""

    def snapshot(self) -> Snapshot:
        """Return the newest generation, which stays as it is until the snapshot is closed."""
        ...


class Snapshot(ABC):
    """A store as it was at one generation. Close it, or use it as a context manager, when the request is done."""

    _cross_encoder: CrossEncoder | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Let go of the generation; nothing can be read from this snapshot afterwards."""

    @property
    @abstractmethod
    def manifest(self) -> Manifest:
        """What this generation consists of."""

    @property
    def generation(self) -> int:
        """The number of this generation; it rises with every change of the store."""
        return self.manifest.generation

    @abstractmethod
    def documents(self) -> list[Document]:
        """Return all documents, by identifier."""

    @abstractmethod
    def document(self, document: str) -> Document | None:
        """Return one document, none when it is not there."""

    @abstractmethod
    def text(self, document: str) -> str | None:
        """Return the reading text of one document, none when it is not there."""

    @abstractmethod
    def reading(self, document: str) -> Reading | None:
        """Return one document with its text and passages as it was understood."""

    @abstractmethod
    def case(self, document: Document) -> list[Document]:
        """Return the other documents of its case, by identifier: questions, postponement, answer."""

    @abstractmethod
    def original(self, document: str) -> Path | None:
        """Return the kept copy of the file that a document was read from; none when the store keeps none (any more).

        Raises `StoreError` when it is no longer as it was written.
        """

    @abstractmethod
    def passages(self, document: str) -> list[Passage]:
        """Return the passages of one document in reading order."""

    @abstractmethod
    def sizes(self, documents: Sequence[str]) -> Mapping[str, int]:
        """Return how many passages each of these documents has, of those that are there."""

    def passage(self, passage: str) -> tuple[Passage, Document] | None:
        """Return one passage with its document, or the head of a document; none when it is not there."""
        found = self._passage(passage)
        name, _, place = passage.rpartition("#")
        return found or (self.head(name) if place == HEAD else None)

    @abstractmethod
    def _passage(self, passage: str) -> tuple[Passage, Document] | None:
        """Return one stored passage with its document, none when it is not there."""

    def head(self, document: str) -> tuple[Passage, Document] | None:
        """Return what stands before the first passage of a document: its title, who asked, when it came in.

        It may be quoted but is not searched for; none where nothing stands there.
        """
        whole, found, passages = self.text(document), self.document(document), self.passages(document)
        if whole is None or found is None or not passages:
            return None
        text = whole[: min(passage.start for passage in passages)].rstrip()
        if not text.strip():
            return None
        return Passage(f"{document}#{HEAD}", document, HEAD.capitalize(), text, 0, len(text)), found

    @abstractmethod
    def wholes(self) -> Iterator[Whole]:
        """Give all documents as they were put, in the order in which they were."""

    @abstractmethod
    def files(self) -> list[Source]:
        """Return all files that hold a document, by path."""

    @property
    @abstractmethod
    def known(self) -> Known:
        """What this generation can be limited to by name."""

    @abstractmethod
    def retriever(self, mode: Mode = "hybrid") -> Search:
        """Return the searching of this generation by words, by meaning, or by all there is, reranked.

        Raises `EmbedderError` when `mode` is "dense" and there is no embedder.
        """

    @abstractmethod
    def mended(self, query: str) -> str:
        """Return `query` with words that neither the documents nor our lists know mended by one letter."""

    @abstractmethod
    def _other_words(self, query: str) -> Mapping[str, Sequence[str]]:
        """Return for each abbreviation and each full name in `query` the words of what stands for the same."""

    @abstractmethod
    def _fetch(self, numbers: Sequence[int]) -> Mapping[int, tuple[Passage, Document]]:
        """Return the passages with these numbers, each with its document."""

    def _profiles(self, numbers: Sequence[int]) -> Profiles:
        """Return what searching looks at in the passages with these numbers, in their order."""
        pairs = self._fetch(numbers)
        return Profiles.of(pairs[number] for number in numbers)

    def _bonuses(self, query: str, numbers: Sequence[int]) -> list[tuple[int, dict[str, float]]]:
        """Return for each passage what it is, in flags, and what to add to its score."""
        if not numbers:
            return []
        profiles = self._profiles(numbers)
        return list(zip(profiles.flags.tolist(), bonuses(query, profiles, self._other_words(query)), strict=True))

    def _beside(self, passage: Passage, document: Document) -> Passage:
        """Put the questions of the case beside an answer to several of them."""
        if passage.answer_start in (None, passage.start) or len(passage.numbers) < 2:
            return passage
        asked = next((other for other in self.case(document) if other.kind == "questions"), None)
        return with_questions(passage, self.passages(asked.document)) if asked else passage

    def search(self, query: str, top_k: int, filters: Filters | None = None, mode: Mode = "hybrid") -> list[Hit]:
        """Return at most `top_k` passages for `query`, best first, each once.

        A postponement whose answer is there as well is left out, unless it is asked for by its kind. In hybrid mode
        answers stand in for their questions, what says the same comes once, and of answers on the same matter the
        newest comes first unless `query` or `filters` name a time.
        """
        search = self.retriever(mode)
        filters = None if filters is None or filters.is_empty else self.known.resolved(filters)
        limited = bool(filters and (filters.since or filters.until))
        newest_first = not (limited or names_a_time(query))
        found = search.find(query, top_k + _SPARE, filters)
        if mode == "hybrid" and top_k <= _MOST_READ and self._cross_encoder is None and _stand_alone(found):
            # No other passages take their places, so that the first ones are read and, mostly, no others.
            first = found[: max(top_k, COMPARED)]
            hits = search.hits(first)
            hits = folded(hits, newest_first=newest_first, bodies=self._bodies(hits, first))
            if len(hits) >= min(top_k, len(found)):
                return hits[:top_k]
        hits = first_hits = search.hits(found)
        if (
            any(hit.document.kind == "postponement" for hit in hits)
            and "postponement" not in (filters or Filters()).kinds
        ):
            more = search.search(query, 2 * (top_k + _SPARE), filters)
            hits = [hit for hit in more if not is_superseded(hit.document, self.case(hit.document))]
        if mode == "hybrid" and top_k <= _MOST_READ:
            hits = self._read_again(query, hits)
            hits = with_answers(
                hits[: top_k + _SPARE],
                lambda passage, document: self._answers(passage, document, filters or Filters()),
                lambda passage, document: self._referred(passage, document, filters or Filters()),
            )
            hits = folded(hits, newest_first=newest_first, bodies=self._bodies(first_hits, found))
        return hits[:top_k]

    def _bodies(self, hits: Sequence[Hit], found: Sequence[Found]) -> Mapping[str, Codes]:
        """Return the codes of what the first hits say, by passage."""
        first = found[:COMPARED]
        bodies = self._profiles([one.number for one in first]).bodies() if first else []
        return {hit.passage.passage: body for hit, body in zip(hits, bodies, strict=False)}

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


def _stand_alone(found: Sequence[Found]) -> bool:
    """Whether none of these brings other passages, or may have to make way for its answer."""
    return not any(one.flags & (QUESTIONS | POSTPONEMENT | REFERENCE) for one in found)
