"""A question and passages go in, how well each answers it comes out, by a cross-encoder that is on this machine.

It reads question and passage together, which is slow and often better; only the first few are read again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.embed import load_cross_encoder
from index.values import Document, Passage

READ_AGAIN = 20
_WEIGHT = 0.5
"""What the best of those read again gains over the worst, in units of the fused score."""


class CrossEncoder:
    """A sentence-transformers cross-encoder by name or folder, loaded when it is first asked."""

    def __init__(self, name: str) -> None:
        self.name = name

    def bonuses(self, question: str, candidates: Sequence[tuple[Passage, Document]]) -> list[float]:
        """Return what to add to the score of each candidate, from 0 to `_WEIGHT`; raise `EmbedderError`."""
        if not candidates:
            return []
        texts = ["\n".join(filter(None, [passage.question, passage.body])) for passage, _ in candidates]
        scores = np.asarray(load_cross_encoder(self.name)([(question, text) for text in texts]), dtype=np.float64)
        spread = float(scores.max() - scores.min())
        return [_WEIGHT * (float(score) - float(scores.min())) / spread if spread else 0.0 for score in scores]
