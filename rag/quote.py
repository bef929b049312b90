"""A sentence and a source go in, the span of the words in the source that support it best comes out."""

from __future__ import annotations

from collections.abc import Sequence

from index.dutch import stem
from index.rarity import rarity
from rag.evidence import Line, Source
from rag.words import best_likeness, content_tokens

_LONGEST = 2  # sentences in one quote
_WORTH = 0.15  # what a second sentence must add to be quoted too


def best_quote(sentence: str, source: Source) -> tuple[int, int]:
    """Return (start, end) in the document's text of the one or two sentences that hold most of `sentence`."""
    tokens = content_tokens(sentence)
    best, best_share = (0, 0), -1.0
    for length in range(1, _LONGEST + 1):
        for first in range(len(source.lines) - length + 1):
            share = share_held(tokens, source.lines[first : first + length])
            if share > best_share + (0.0 if length == 1 else _WORTH):
                best, best_share = (first, first + length - 1), share
    return source.lines[best[0]].start, source.lines[best[1]].end


def share_held(tokens: Sequence[str], lines: Sequence[Line]) -> float:
    """Return the share, by rarity, of `tokens` that `lines` hold; 1 when there are no tokens."""
    held = frozenset(token for line in lines for token in line.tokens)
    weights = [max(0.5, rarity(stem(token))) for token in tokens]
    total = sum(weights)
    if not total:
        return 1.0
    return sum(w * best_likeness(t, held) for w, t in zip(weights, tokens, strict=True)) / total
