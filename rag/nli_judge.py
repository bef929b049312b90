"""A sentence and a passage go to a model of natural-language inference, loaded from a folder; a verdict comes out.

The premise is each three sentences of the passage on end, the hypothesis the sentence (SummaC, Laban et al., TACL
2022): the surest entailment counts. Needs sentence-transformers; nothing is downloaded unless the name says so.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from index.errors import ModelError
from index.sentences import sentence_spans
from index.values import Passage
from rag.values import Verdict

_WINDOW = 3
_ENTAILED = 0.5


class NliJudge:
    """A `Judge` over a cross-encoder with a label "entailment"; `Verdict.score` is its probability."""

    def __init__(self, folder: str) -> None:
        """Load the model; raise `ModelError` when it is not there or has no label for entailment."""
        self.name = folder
        self._model = _load(folder)
        labels = {str(label).lower(): int(place) for place, label in self._model.config.id2label.items()}
        entailment = [place for label, place in labels.items() if label.startswith("entail")]
        if not entailment:
            raise ModelError("evaluate.nli_labels", name=folder, labels=", ".join(labels))
        self._entailment = entailment[0]

    def judge(self, sentence: str, passage: Passage) -> Verdict:
        """Return whether some three sentences of the passage entail the sentence."""
        spans = sentence_spans(passage.body)
        if not spans:
            return Verdict("unsupported", 0.0)
        last = max(1, len(spans) - _WINDOW + 1)
        premises = [passage.body[spans[n][0] : spans[min(n + _WINDOW, len(spans)) - 1][1]] for n in range(last)]
        logits = np.asarray(self._model.predict([(premise, sentence) for premise in premises]), dtype=np.float64)
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        score = float((odds[:, self._entailment] / odds.sum(axis=1)).max())
        return Verdict("supported" if score >= _ENTAILED else "unsupported", round(score, 4))


def _load(folder: str) -> Any:
    try:
        from sentence_transformers import CrossEncoder
    except ImportError as error:
        raise ModelError("eval.library", library="sentence-transformers") from error
    try:
        return CrossEncoder(folder, device="cpu")
    except (OSError, ValueError) as error:
        raise ModelError("evaluate.nli_model", name=folder) from error
