"""What the page serves: the assistant and the plain facts about it. Knows no screen and no network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.language import Language
from index.values import Document, Filters
from rag.values import Answer, Message


class Answers(Protocol):
    """What the page asks of an assistant: answers that grow; the last one of a stream is whole."""

    def stream(
        self,
        question: str,
        history: Sequence[Message] = (),
        filters: Filters | None = None,
        language: Language = "nl",
    ) -> Iterator[Answer]:
        """Yield the answer as far as it is known; raise a `VraagbaakError` for a person to read."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk to be served.

    `model_name` is the setting `model` (`extractive`, `openai:NAME@URL`): the page says which model answers and
    whether the question leaves the premises. `store_label` names the store in words. `documents` gives what the
    store holds now; `text` the reading text of one document by its identifier.
    """

    assistant: Answers
    model_name: str
    store_label: str
    has_samples: bool
    documents: Callable[[], list[Document]]
    text: Callable[[str], str]
    language: Language = "nl"
