"""Passages and questions go in, sparse vectors come out whose inner product is our BM25; knows no server.

It is the BM25 of the lexical index, over the same terms, fields and weights (Robertson and Zaragoza, "The Probabilistic
Relevance Framework", 2009). A passage's vector holds what a term's frequency in it is worth, a question's how rare the
term is, so that a passage is written once and the rarity of a term may change with every document that comes.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from index.terms import FIELDS, passage_terms, query_terms, shared_terms
from index.values import Document, Passage

# As in the lexical index.
K1, B = 1.2, 0.75

# How many terms a field of a passage holds, in answers to Kamervragen; it counts as much as this many passages.
_USUAL = {"words": 127.0, "about": 22.0}
_USUAL_PASSAGES = 50

_DIMENSIONS = 2**32 - 2
NO_DIMENSION = _DIMENSIONS  # the last that Milvus takes, of no term
_KEPT_TERMS = 500_000

Terms = Mapping[str, Counter[str]]
Sparse = dict[int, float]


def terms_of(passage: Passage, document: Document) -> Terms:
    """Return how often each term occurs in each field of a passage."""
    _, about = shared_terms(document)
    return {field: Counter(text.split()) for field, text in passage_terms(passage, document, about).items()}


def averages(passages: Sequence[Terms]) -> dict[str, float]:
    """Return the average length of each field, in terms, of a collection that begins with these passages.

    It may not change afterwards: the vectors that hold it are not written again.
    """
    whole = _USUAL_PASSAGES + len(passages)
    return {
        field: (_USUAL_PASSAGES * usual + sum(terms[field].total() for terms in passages)) / whole
        for field, usual in _USUAL.items()
    }


def passage_vector(terms: Terms, average: Mapping[str, float]) -> Sparse:
    """Return the vector of a passage: tf (k1 + 1) / (tf + k1 (1 - b + b length / average)) for each term."""
    vector: Sparse = {}
    for field, counts in terms.items():
        length = K1 * (1 - B + B * counts.total() / average[field])
        for term, count in counts.items():
            vector[dimension(field, term)] = count * (K1 + 1) / (count + length)
    return vector


def asked_terms(query: str, others: Mapping[str, Sequence[str]]) -> list[tuple[str, str, float]]:
    """Return (field, term, weight) for all that a question is searched by."""
    return query_terms(query, others)


def question_vector(terms: Sequence[tuple[str, str, float]], held: Mapping[str, int], passages: int) -> Sparse:
    """Return the vector of a question: its weights times ln(1 + (N - n + .5) / (n + .5)) for each term.

    `held` is in how many of `passages` a term occurs, by `counted`; one that occurs in none is left out.
    """
    vector: Sparse = {}
    for field, term, weight in terms:
        if found := held.get(counted(field, term), 0):
            vector[dimension(field, term)] = weight * math.log1p((passages - found + 0.5) / (found + 0.5))
    return vector


def counted(field: str, term: str) -> str:
    """Return the name by which the passages are counted that hold a term in a field."""
    return f"{field} {term}"


def word_names(word: str) -> list[str]:
    """Return the names by which the passages are counted that hold a word, for each field."""
    return [counted(field, word) for field in FIELDS]


@lru_cache(maxsize=_KEPT_TERMS)
def dimension(field: str, term: str) -> int:
    """Return the number of a term's dimension, by its hash: two of a million terms hardly ever share one."""
    digest = hashlib.blake2b(counted(field, term).encode("utf-8"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % _DIMENSIONS
