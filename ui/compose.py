"""The composition root: from settings to the parts that work together. The only file that names concrete classes.

Everything is imported when it is asked for, so that a command pays only for what it uses.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import SettingsError
from ui.settings import Settings, api_key, embedder_key

if TYPE_CHECKING:
    from index.fetch.client import Client
    from index.fetch.values import Source
    from index.protocols import Embedder
    from index.store.snapshot import Snapshots
    from index.values import Document
    from rag.assistant import Assistant
    from rag.protocols import Judge, LanguageModel
    from ui.desk import Desk


def make_embedder(settings: Settings) -> Embedder | None:
    """Return the embedder of the setting `embedder`, or None for `none`.

    That is `bundled`, servers (`openai:NAME@URL,…`, `tei:NAME@URL,…`), or a sentence-transformers name or folder.
    """
    if settings.embedder == "none":
        return None
    from index.static_embedding import BUNDLED, bundled

    if settings.embedder == BUNDLED:
        return bundled()
    from index.openai_embedder import PREFIXES, load_openai_embedder

    if settings.embedder.startswith(PREFIXES):
        return load_openai_embedder(settings.embedder, embedder_key())
    from index.embed import load_embedder

    return load_embedder(settings.embedder)


def open_store(settings: Settings) -> Snapshots:
    """Return the existing store of the setting `store`; a missing or foreign one is a `StoreError`."""
    from index.abbreviations import use_list
    from index.cross_encoder import CrossEncoder
    from index.where import open_store as open_there

    if settings.abbreviations != "none":
        use_list(Path(settings.abbreviations))
    cross_encoder = None if settings.cross_encoder == "none" else CrossEncoder(settings.cross_encoder)
    return open_there(settings.store_place, make_embedder(settings), cross_encoder)


def make_model(settings: Settings) -> LanguageModel | None:
    """Return the language model of the setting `model`, or None for `extractive` (no model at all)."""
    from rag.models import load_model

    return load_model(settings.model, api_key=api_key())


def make_judge(settings: Settings) -> Judge:
    """Return the judge of the setting `judge`: `rules`, or the rules and a model of inference, `nli:NAME-OR-FOLDER`."""
    from rag.verify import RuleJudge

    rules = RuleJudge(settings.language)
    if settings.judge == "rules":
        return rules
    if not settings.judge.startswith("nli:"):
        raise SettingsError("model.unknown_judge", setting=settings.judge)
    from rag.nli_judge import NliJudge
    from rag.second_judge import BothJudges

    return BothJudges(rules, NliJudge(settings.judge.removeprefix("nli:")))


def make_assistant(settings: Settings) -> Assistant:
    """Return the assistant over the existing store, with the model of the settings."""
    from index.tokens import bundled
    from rag.assistant import Assistant

    model = make_model(settings)
    return Assistant(
        open_store(settings), model, judge=make_judge(settings) if model else None, count_tokens=bundled().count
    )


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
        assistant=Assistant(store, model, judge=make_judge(settings) if model else None, count_tokens=bundled().count),
        model_name=settings.model,
        store_label=settings.store,
        has_samples=any(document.is_sample for document in documents()),
        documents=documents,
        text=text,
        store=store,
        settings={"model": settings.model, "embedder": settings.embedder},
        statements=settings.desk_folder / "statements",
        language=settings.language,
    )


def make_client(settings: Settings, stop: Callable[[], bool]) -> Client:
    """Return what asks the hosts of the settings, and no others, for documents."""
    from importlib.metadata import version

    from index.fetch.client import Client
    from index.fetch.hosts import Hosts, host_of
    from index.fetch.pace import Pace

    services = (
        settings.fetch_koop,
        settings.fetch_publications,
        settings.fetch_tweede_kamer,
        settings.fetch_rijksoverheid,
    )
    hosts = [host_of(name) for name in (*services, *settings.fetch_hosts)]
    hosts += [host_of(name, inside=True) for name in settings.fetch_inside_hosts]
    return Client(Hosts(hosts), f"Vraagbaak/{version('vraagbaak')}", Pace(settings.fetch_per_minute / 60, stop=stop))


def make_sources(settings: Settings, client: Client, wanted: Sequence[str]) -> list[Source]:
    """Return the source that each word stands for: a name, an identifier, an address, or a file with those.

    Raises `FetchError` for a word that stands for nothing.
    """
    from index.errors import FetchError
    from index.fetch import addresses, koop_sru
    from index.fetch.names import name_of_address, official
    from index.fetch.rijksoverheid_faq import Rijksoverheid
    from index.fetch.tweede_kamer_odata import TweedeKamer

    def koop(label: str, *publications: str) -> koop_sru.KoopSru:
        return koop_sru.KoopSru(client, settings.fetch_koop, publications, label)

    def publications(identifiers: Sequence[str], label: str) -> Source:
        return koop_sru.Publications(koop(label), client, settings.fetch_publications, identifiers, label)

    def of_words(words: Sequence[str], label: str) -> list[Source]:
        home = settings.fetch_publications.rstrip("/") + "/"
        named = {word: official(name_of_address(word) if word.startswith(home) else word) for word in words}
        identifiers = [name for name in named.values() if name]
        others = [word for word, name in named.items() if not name]
        unknown = next((word for word in others if "://" not in word), None)
        if unknown is not None:
            raise FetchError("fetch.unknown", what=unknown, known=", ".join(known))
        sources: list[Source] = [publications(identifiers, label)] if identifiers else []
        maps = [word for word in others if addresses.is_sitemap(word)]
        sources += [addresses.Sitemap(client, word) for word in maps]
        pages = [word for word in others if word not in maps]
        return [*sources, *([addresses.Addresses(client, pages, label)] if pages else [])]

    known: dict[str, Callable[[], Source]] = {
        "kamervragen": lambda: koop("kamervragen", koop_sru.ANSWERED, koop_sru.ASKED),
        "kamerstukken": lambda: koop("kamerstukken", koop_sru.PAPERS),
        "tweedekamer": lambda: TweedeKamer(client, settings.fetch_tweede_kamer),
        "rijksoverheid": lambda: Rijksoverheid(client, settings.fetch_rijksoverheid),
    }
    sources: list[Source] = []
    for word in wanted:
        if word in known:
            sources.append(known[word]())
        elif "://" not in word and os.path.isfile(word):  # noqa: PTH113 - one that is too long is none
            sources += of_words(addresses.read_list(Path(word)), word)
        else:
            if "://" in word:
                client.check(word)
            sources += of_words([word], word)
    return sources
