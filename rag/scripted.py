"""A language model that plays given chunks, for tests and for showing what happens when a model misbehaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.errors import ModelError
from rag.values import Message


class ScriptedModel:
    """Plays `chunks` to every question; `failure`, where given, is raised after the last one.

    `asked` holds the messages of each call, so that a test can see what a model would have been shown.
    """

    def __init__(self, chunks: Sequence[str], failure: ModelError | None = None, name: str = "scripted") -> None:
        self._chunks = tuple(chunks)
        self._failure = failure
        self._name = name
        self.asked: list[tuple[Message, ...]] = []

    @property
    def name(self) -> str:
        """The name it was given."""
        return self._name

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Yield the chunks, then raise the failure where there is one."""
        self.asked.append(tuple(messages))
        yield from self._chunks
        if self._failure is not None:
            raise self._failure
