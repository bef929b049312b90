"""The composition root: from settings to the parts that work together. The only file that names concrete classes.

Everything is imported when it is asked for, so that a command pays only for what it uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.settings import Settings, api_key

if TYPE_CHECKING:
    from index.protocols import Embedder
    from index.store import Store
    from index.values import Document
    from rag.assistant import Assistant
    from rag.protocols import LanguageModel
    from ui.desk import Desk


def make_embedder(settings: Settings) -> Embedder | None:
    """Return the embedder of the setting `embedder`: `bundled`, a sentence-transformers model, or None for `none`."""
    if settings.embedder == "none":
        return None
    from index.static_embedding import BUNDLED, bundled

    if settings.embedder == BUNDLED:
        return bundled()
    from index.embed import load_embedder

    return load_embedder(settings.embedder)


def open_store(settings: Settings) -> Store:
    """Return the existing store of the setting `store`; a missing or foreign one is a `StoreError`."""
    from index.store import Store

    return Store.open(settings.store_folder, make_embedder(settings))


def make_model(settings: Settings) -> LanguageModel | None:
    """Return the language model of the setting `model`, or None for `extractive` (no model at all)."""
    from rag.models import load_model

    return load_model(settings.model, api_key=api_key())


def make_assistant(settings: Settings) -> Assistant:
    """Return the assistant over the existing store, with the model of the settings."""
    from index.tokens import bundled
    from rag.assistant import Assistant

    model = make_model(settings)
    return Assistant(open_store(settings), model, count_tokens=bundled().count)


def make_desk(settings: Settings) -> Desk:
    """Return the desk that the page serves, over the existing store."""
    from index.tokens import bundled
    from rag.assistant import Assistant
    from ui.desk import Desk

    model = make_model(settings)
    store = open_store(settings)

    def documents() -> list[Document]:
        with store.snapshot() as snapshot:
            return snapshot.documents()

    def text(document: str) -> str:
        with store.snapshot() as snapshot:
            return snapshot.text(document) or ""

    return Desk(
        assistant=Assistant(store, model, count_tokens=bundled().count),
        model_name=settings.model,
        store_label=settings.store,
        has_samples=any(document.is_sample for document in documents()),
        documents=documents,
        text=text,
        store=store,
        settings={"model": settings.model, "embedder": settings.embedder},
        language=settings.language,
    )
