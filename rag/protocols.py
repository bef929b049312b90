"""The two protocols of the answering floor: what can write an answer, and what can judge a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from index.values import Passage
from rag.values import Message, Verdict


class LanguageModel(Protocol):
    """Anything that writes text. `name` is shown to the user as the one that answers."""

    @property
    def name(self) -> str:
        """The model's name as the setting gives it."""
        ...

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Yield the answer in pieces; raise `ModelError` when it cannot go on."""
        ...


class Judge(Protocol):
    """Says whether a passage supports a sentence."""

    def judge(self, sentence: str, passage: Passage) -> Verdict:
        """Return the verdict on one sentence against one passage."""
        ...
