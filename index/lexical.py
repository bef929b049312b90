"""Passages go in by number, the numbers that share a question's words come out; the door to tantivy.

Knows no store and no vectors. Fields hold the terms of `index.dutch`, split at blanks, so that the engine's own
analysis plays no part. Scores are BM25 summed over fields and forms: higher is better.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from index.abbreviations import BETWEEN, Groups, definitions, in_other_words, learn
from index.bm25 import Field, Statistics, bm25
from index.dutch import code
from index.errors import StoreError
from index.filters import FACETS, facet_filters
from index.profiles import Profiles
from index.ranking import best_first
from index.telling import Term, telling
from index.terms import FIELD_PARTS, FIELDS, passage_terms, query_terms, shared_terms
from index.values import Document, Filters, Passage

if TYPE_CHECKING:
    from index.vectors import Numbers

_EXPLAINED = "explained"
_MOST_EXPLAINED = 5_000
_HEAP_BYTES = 64_000_000
_KEPT_TERMS = 20_000
_MANY = 150_000  # occurrences of a question's terms, each taking 11 ns: some hundred passages cannot hold so many


@dataclass(frozen=True, slots=True)
class _Words:
    """What a question is searched by: terms that some passage holds, and what each is worth, by field and code."""

    terms: Sequence[Term]
    weights: Mapping[str, Mapping[int, float]]


class LexicalIndex:
    """The lexical index of one generation. Safe to share between threads: nothing changes in it."""

    def __init__(self, folder: Path) -> None:
        """Open the index in `folder`; raise `ValueError` when it cannot be opened."""
        self._mirror: TemporaryDirectory[str] | None = None
        try:
            self._index = self._opened(folder)
        except ValueError as error:
            if "Lockfile" not in str(error):
                raise
            # The engine makes a lock file even to read, which a folder that cannot be written refuses.
            self._mirror = TemporaryDirectory(prefix="vraagbaak-", ignore_cleanup_errors=True)
            for path in (path for path in folder.iterdir() if not path.name.startswith(".tantivy-")):
                Path(self._mirror.name, path.name).symlink_to(path.resolve())
            self._index = self._opened(Path(self._mirror.name))
        self._schema = self._index.schema
        self._searcher = self._index.searcher()
        self._asked: tuple[str, _Words | None] | None = None
        self._statistics: dict[str, Statistics] = {}
        self._terms: dict[tuple[str, str], Any] = {}
        self._frequencies: dict[tuple[str, str], int] = {}
        self._other_words: tuple[str, dict[str, list[str]]] | None = None

    @staticmethod
    def _opened(folder: Path) -> Any:
        return _tantivy().Index.open(str(folder))

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(self, query: str, top_k: int, filters: Filters | None = None) -> list[tuple[int, float]]:
        """Return at most `top_k` numbers with their scores, best first."""
        words = self._words(query)
        if words is None or top_k < 1:
            return []
        return self._ranked(self._limited(self._any_of(words.terms), _filter_clauses(self._schema, filters)), top_k)

    def guesses(self, query: str, count: int, filters: Filters | None = None) -> dict[int, float] | None:
        """Return `count` numbers, among them nearly all of the best, where finding the best takes long; else None.

        Their scores are of the telling terms alone, and so too low.
        """
        words = self._words(query)
        if words is None or sum(term.passages for term in words.terms) < _MANY:
            return None
        few = self._any_of(telling(words.terms))
        found = dict(zip(*self._found(self._limited(few, _filter_clauses(self._schema, filters)), count), strict=True))
        return found if len(found) == count else None

    def scores(self, query: str, numbers: Numbers, profiles: Profiles | None = None) -> dict[int, float]:
        """Return the score of each of `numbers` that shares a word with `query`.

        With the `profiles` of these passages, in their order, they are added up here: the engine would score nearly
        all passages to score a few.
        """
        words = self._words(query)
        if words is None or len(numbers) == 0:
            return {}
        if profiles is not None and words.weights.keys() == {term.field for term in words.terms}:
            own = [
                Field(*FIELD_PARTS[field], weights, self._statistics[field].length)
                for field, weights in words.weights.items()
            ]
            scored = zip(numbers.tolist(), bm25(profiles, own).tolist(), strict=True)
            return {number: score for number, score in scored if score > 0}
        tantivy = _tantivy()
        # Looking up each number is three times as fast as the engine's own set of terms.
        each = [tantivy.Query.term_query(self._schema, "number", number) for number in numbers.tolist()]
        only = tantivy.Query.boolean_query([(tantivy.Occur.Should, number) for number in each])
        return dict(self._ranked(self._limited(self._any_of(words.terms), [only]), len(numbers)))

    def numbers(self) -> list[int]:
        """Return every number that can be found, ascending."""
        found = self._ranked(_tantivy().Query.all_query(), max(1, len(self)))
        return sorted(number for number, _ in found)

    def frequency(self, word: str) -> int:
        """Return how many passages hold a folded word as it stands."""
        return max(self._frequency(field, word) for field in FIELDS)

    @cached_property
    def explained(self) -> Groups:
        """The abbreviations that the passages explain themselves, with what they are short for."""
        if not len(self):
            return Groups()
        wanted = {_EXPLAINED: {"terms": {"field": _EXPLAINED, "size": _MOST_EXPLAINED}}}
        found = self._searcher.aggregate(_tantivy().Query.all_query(), wanted)
        return learn((bucket["key"], int(bucket["doc_count"])) for bucket in found[_EXPLAINED]["buckets"])

    def other_words(self, query: str) -> dict[str, list[str]]:
        """Return for each abbreviation and each full name in `query` the words of what stands for the same."""
        known = self._other_words
        if known is None or known[0] != query:
            self._other_words = known = (query, in_other_words(query, self.explained))
        return known[1]

    def _words(self, query: str) -> _Words | None:
        asked = self._asked
        if asked is None or asked[0] != query:
            self._asked = asked = (query, self._built(query))
        return asked[1]

    def _built(self, query: str) -> _Words | None:
        terms, weights = list[Term](), dict[str, dict[int, float]]()
        for field, term, weight in query_terms(query, self.other_words(query)):
            if frequency := self._frequency(field, term):
                statistics = self._statistics.get(field) or self._learned(field, self._term(field, term))
                rarity = statistics.rarity(frequency) if statistics else 1.0
                terms.append(Term(field, term, frequency, weight, rarity))
                if statistics:
                    weights.setdefault(field, {})[code(term)] = weight * rarity
        return _Words(terms, weights) if terms else None

    def _any_of(self, terms: Sequence[Term]) -> Any:
        tantivy = _tantivy()
        weighed = [tantivy.Query.boost_query(self._term(one.field, one.text), one.weight) for one in terms]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in weighed])

    def _learned(self, field: str, query: Any) -> Statistics | None:
        """Learn what the engine knows of a field from how it explains the score of some passage."""
        hits = self._searcher.search(query, 1, count=False).hits
        explained = query.explain(self._searcher, hits[0][1]).to_json() if hits else ""
        passages = re.search(r'"value": ([\d.]+),\s*"description": "N, total', explained)
        length = re.search(r'"value": ([\d.]+),\s*"description": "avgdl', explained)
        if passages is None or length is None:
            return None
        self._statistics[field] = Statistics(int(float(passages[1])), float(length[1]))
        return self._statistics[field]

    def _frequency(self, field: str, term: str) -> int:
        """Return how many passages hold a term; those of late are remembered."""
        known = self._frequencies.get((field, term))
        if known is None:
            if len(self._frequencies) >= _KEPT_TERMS:
                self._frequencies.clear()
            known = self._frequencies[field, term] = int(self._searcher.doc_freq(field, term))
        return known

    def _term(self, field: str, term: str) -> Any:
        """Return the engine's query for a term; those of late are remembered."""
        known = self._terms.get((field, term))
        if known is None:
            if len(self._terms) >= _KEPT_TERMS:
                self._terms.clear()
            known = _tantivy().Query.term_query(self._schema, field, term, index_option="freq")
            self._terms[field, term] = known
        return known

    def _limited(self, words: Any, limits: list[Any]) -> Any:
        if not limits:
            return words
        tantivy = _tantivy()
        unscored = [tantivy.Query.const_score_query(limit, 0.0) for limit in limits]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in (words, *unscored)])

    def _ranked(self, query: Any, top_k: int) -> list[tuple[int, float]]:
        return best_first(*self._found(query, top_k))

    def _found(self, query: Any, top_k: int) -> tuple[list[int], list[float]]:
        hits = self._searcher.search(query, min(top_k, max(self._searcher.num_docs, 1)), count=False).hits
        numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        return numbers, [score for score, _ in hits]


class LexicalWriter:
    """Adds to and removes from the index in one folder; nobody else may read that folder before `commit`."""

    def __init__(self, folder: Path) -> None:
        """Open the index in `folder`, or make one in it when it is empty."""
        tantivy = _tantivy()
        fresh = not tantivy.Index.exists(str(folder))
        self._index = tantivy.Index(_schema(), path=str(folder)) if fresh else tantivy.Index.open(str(folder))
        self._schema = self._index.schema
        # One thread, so that the same passages in the same order always give the same index.
        self._writer = self._index.writer(_HEAP_BYTES, 1)
        self._shared: tuple[Document, dict[str, Any], str] | None = None

    def add(self, number: int, passage: Passage, document: Document) -> None:
        """Add one passage with what it may be found and filtered by."""
        if self._shared is None or self._shared[0] is not document:
            self._shared = (document, *shared_terms(document))
        _, limits, about = self._shared
        fields = {"number": number, **passage_terms(passage, document, about), **limits}
        if passage.numbers:
            fields["asked"] = [str(asked) for asked in passage.numbers]
        if explained := {f"{short}{BETWEEN}{long}" for short, long in definitions(passage.text)}:
            fields[_EXPLAINED] = sorted(explained)
        self._writer.add_document(_tantivy().Document.from_dict(fields, self._schema))

    def remove(self, numbers: Iterable[int]) -> None:
        """Remove passages by number; unknown numbers are passed over.

        They are found no more, but until the engine merges their part of the index (or a purge makes it afresh) their
        words still count in how rare a word is: scores may differ a little from those of a fresh index.
        """
        # Deleting by term looks for a signed number and silently finds nothing; by query it works.
        chosen = _tantivy().Query.term_set_query(self._schema, "number", list(numbers))
        self._writer.delete_documents_by_query(chosen)

    def commit(self) -> None:
        """Write everything out and wait until merging is done; the writer cannot be used after it."""
        self._writer.commit()
        self._writer.wait_merging_threads()

    def close(self) -> None:
        """Let go of the folder without writing what is not committed; the writer cannot be used after it."""
        self._writer = None


def _filter_clauses(schema: Any, filters: Filters | None) -> list[Any]:
    if filters is None:
        return []
    tantivy = _tantivy()
    wanted = facet_filters(filters)
    if filters.numbers:
        wanted["asked"] = [str(number) for number in filters.numbers]
    clauses = [tantivy.Query.term_set_query(schema, facet, values) for facet, values in wanted.items()]
    if filters.since or filters.until:
        since, until = filters.since or date.min, filters.until or date.max
        kind = tantivy.FieldType.Integer
        clauses.append(tantivy.Query.range_query(schema, "date", kind, since.toordinal(), until.toordinal()))
    return clauses


def _schema() -> Any:
    builder = _tantivy().SchemaBuilder()
    builder.add_unsigned_field("number", indexed=True, fast=True)
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    for facet in (*FACETS, "asked"):
        builder.add_text_field(facet, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(_EXPLAINED, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_integer_field("date", indexed=True, fast=True)
    return builder.build()


def _tantivy() -> Any:
    try:
        import tantivy
    except ImportError as error:
        raise StoreError("store.library", library="tantivy") from error
    return tantivy
