"""Bare tantivy and bare faiss, as one uses them by hand: what `eval.by_hand` compares the store with, and no more."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import tantivy

from index.protocols import Vectors

_HEAP_BYTES = 128_000_000


class BareWords:
    """An index of words with the engine's own Dutch analysis and the texts in it."""

    def __init__(self, folder: Path, texts: Iterable[tuple[int, str]], *, taken_apart: bool = False) -> None:
        """Build it in `folder` from numbers and their texts; those that were `taken_apart` are split at blanks."""
        folder.mkdir(parents=True)
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("number", stored=True, indexed=True)
        tokenizer = "whitespace" if taken_apart else "dutch"
        builder.add_text_field("text", stored=not taken_apart, tokenizer_name=tokenizer, index_option="freq")
        self._index = tantivy.Index(builder.build(), path=str(folder))
        analysis = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        for step in (tantivy.Filter.lowercase(), tantivy.Filter.stopword("dutch"), tantivy.Filter.stemmer("dutch")):
            analysis = analysis.filter(step)
        self._index.register_tokenizer("dutch", analysis.build())
        writer = self._index.writer(_HEAP_BYTES)
        for number, text in texts:
            document = tantivy.Document()
            document.add_unsigned("number", number)
            document.add_text("text", text)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._found: dict[int, Any] = {}

    def best(self, question: str, depth: int) -> dict[int, float]:
        """Return the scores of the best passages, with their texts at hand."""
        query, _ = self._index.parse_query_lenient(question, ["text"])
        hits = self._searcher.search(query, depth, count=False).hits
        found = [(score, self._searcher.doc(address)) for score, address in hits]
        numbered: list[tuple[int, float, Any]] = [(one["number"][0], score, one) for score, one in found]
        self._found = {number: document for number, _, document in numbered}
        return {number: score for number, score, _ in numbered}

    def text(self, number: int) -> str:
        """Return the text of a passage."""
        document = self._found.get(number)
        if document is None:
            query = tantivy.Query.term_query(self._index.schema, "number", number)
            document = self._searcher.doc(self._searcher.search(query, 1).hits[0][1])
        return str(document.get_first("text"))


class BareVectors:
    """A flat index of half-precision vectors, written to a file; numbers count from 1."""

    def __init__(self, path: Path, vectors: Vectors) -> None:
        """Build it from an array of shape (passages, dimensions) and write it to `path`."""
        kind = faiss.ScalarQuantizer.QT_fp16
        self._flat = faiss.IndexScalarQuantizer(vectors.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
        self._flat.add(vectors)
        path.write_bytes(faiss.serialize_index(self._flat).tobytes())
        faiss.omp_set_num_threads(1)

    def best(self, vector: Vectors, depth: int) -> dict[int, float]:
        """Return the inner products of the nearest passages."""
        scores, places = self._flat.search(np.ascontiguousarray(vector.reshape(1, -1)), depth)
        return {int(place) + 1: float(score) for score, place in zip(scores[0], places[0], strict=True)}
