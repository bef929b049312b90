"""What the page serves: the assistant and the plain facts about it. Knows no screen and no network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from index.language import Language
from index.values import Document

if TYPE_CHECKING:
    from index.store.snapshot import Snapshots
    from rag.assistant import Assistant


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk to be served.

    `model_name` is the setting `model` (`extractive`, `openai:NAME@URL`): the page says which model answers and
    whether the question leaves the premises. `store_label` names the store in words. `documents` gives what the
    store holds now; `text` the reading text of one document by its identifier. `store` is what is read and searched;
    `settings` are those that a receipt names; `statements` is the folder of the operator's own statements.
    """

    assistant: Assistant
    model_name: str
    store_label: str
    has_samples: bool
    documents: Callable[[], list[Document]]
    text: Callable[[str], str]
    store: Snapshots
    settings: Mapping[str, str] = field(default_factory=dict)
    statements: Path | None = None
    language: Language = "nl"
