"""A passage or a question goes in, the terms that words are found by come out, field by field; knows no engine."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from index.asking import topicality
from index.dutch import index_terms, index_text, is_stem_term
from index.filters import facets
from index.profiles import ABOUT, BODY, REST, about_document, about_passage, beside
from index.values import Document, Passage

# What a match is worth in each field, and as a stem or as the very word.
FIELDS = {"words": 1.0, "about": 0.3}
FIELD_PARTS = {"words": (BODY, REST), "about": (ABOUT, ABOUT)}
WORD, STEM = 0.5, 1.0

_MOST_TERMS = 96
_OTHER_WORDS = 0.5  # what a word is worth that stands for an abbreviation in the question, or the reverse


def query_terms(query: str, others: Mapping[str, Sequence[str]] | None = None) -> list[tuple[str, str, float]]:
    """Return (field, term, weight) for all that `query` is searched by, each once.

    A term weighs as much as it says about the matter (`index.asking`); said again, it weighs more, but not twice.
    `others` are the words that stand for an abbreviation or a name in it: together they weigh half of what one would.
    """
    counts = Counter(index_terms(query))
    said = {term: topicality(term) * math.log2(1 + count) for term, count in counts.items()}
    for words in (others or {}).values():
        for term in index_terms(" ".join(words)):
            said.setdefault(term, _OTHER_WORDS * topicality(term) / math.sqrt(len(words)))
    first = sorted(said, key=said.__getitem__, reverse=True)[:_MOST_TERMS]
    forms = [(term, said[term], STEM if is_stem_term(term) else WORD) for term in first]
    return [(field, term, weight * worth * form) for term, weight, form in forms for field, worth in FIELDS.items()]


def passage_terms(passage: Passage, document: Document, about: str) -> dict[str, str]:
    """Return for each of `FIELDS` the terms of a passage, blanks between them; `about` is of `shared_terms`."""
    # Title, question and answer are one field: apart, the wrong answer of the right document often comes first.
    words = " ".join([document.title, beside(passage), passage.body])
    return {"words": index_text(words), "about": f"{index_text(about_passage(passage))} {about}".strip()}


def shared_terms(document: Document) -> tuple[dict[str, Any], str]:
    """Return what all passages of a document have in common: what they are filtered by, and terms about it."""
    limits: dict[str, Any] = {facet: values for facet, values in facets(document).items() if values}
    if document.date:
        limits["date"] = document.date.toordinal()
    return limits, index_text(about_document(document))
