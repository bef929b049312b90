"""The desk as other programs meet it: the bundled samples behind the routes and guards of the server."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from index.build import build_index
from index.milvus.store import MilvusStore
from index.store import Store
from index.store.snapshot import Snapshots
from index.tokens import count_tokens
from rag.assistant import Assistant
from ui.desk import Desk
from ui.observed import observed
from ui.operation import Operation, make_operation
from ui.settings import Settings

SAMPLES = Path(__file__).resolve().parents[3] / "index" / "samples"


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the bundled samples, searched by words."""
    folder = tmp_path_factory.mktemp("store")
    build_index([SAMPLES], folder, None, count_tokens=count_tokens)
    return folder


def desk_over(store: Snapshots, assistant: Any = None) -> Desk:
    """A desk over a store."""

    def documents() -> Any:
        with store.snapshot() as snapshot:
            return snapshot.documents()

    return Desk(
        assistant=assistant or Assistant(store),
        model_name="extractive",
        store_label="de proefverzameling",
        has_samples=False,
        documents=documents,
        text=lambda _: "",
        store=store,
    )


class App:
    """A desk without its page, with what surrounds it, to be called as a program would."""

    def __init__(self, settings: Settings, store: Snapshots, assistant: Any = None) -> None:
        from ui.api.errors import handle_errors
        from ui.server import add_guards, add_routes

        self.operation: Operation = make_operation(settings, store)
        self.stopping = asyncio.Event()
        self.app = FastAPI(openapi_url="/api/openapi.json", docs_url=None, redoc_url=None)
        handle_errors(self.app)
        desk = desk_over(store, assistant)
        desk = replace(desk, assistant=observed(desk.assistant, self.operation.metrics, self.operation.journal))
        add_routes(self.app, desk, self.operation, self.stopping)
        add_guards(self.app, self.operation, self.stopping, {})

    def client(self, host: str = "127.0.0.1", peer: str = "127.0.0.1", **headers: str) -> TestClient:
        """A client at the address `peer` that calls the desk by the name `host`."""
        return TestClient(
            self.app,
            base_url=f"http://{host}",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            client=(peer, 50000),
            raise_server_exceptions=False,
        )


@pytest.fixture(scope="session")
def app_over() -> Callable[[Settings, Store], App]:
    """Make a desk over a store: `app_over(settings, store)`."""
    return App


@pytest.fixture
def make_app(samples: Path, tmp_path: Path) -> Callable[..., App]:
    """Make a desk over the samples: `make_app(store=…, assistant=…, **settings)`."""

    def make(store: Store | MilvusStore | None = None, assistant: Any = None, **settings: Any) -> App:
        store = store or Store.open(samples)
        place = store.folder if isinstance(store, Store) else store.address
        values = {"store": str(place), "desk": str(tmp_path / "desk"), "embedder": "none"}
        return App(Settings(**(values | settings)), store, assistant)

    return make


@pytest.fixture(scope="session")
def client(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """A program on this very machine, that changes nothing."""
    desk = tmp_path_factory.mktemp("desk")
    settings = Settings(store=str(samples), desk=str(desk), embedder="none")
    return App(settings, Store.open(samples)).client()


@pytest.fixture(scope="session")
def running(run_server: Callable[..., AbstractContextManager[str]]) -> Callable[[App], AbstractContextManager[str]]:
    """Serve a desk on a free port: `with running(app) as address`."""
    import uvicorn

    return lambda app: run_server(
        uvicorn.Server(uvicorn.Config(app.app, log_level="warning", access_log=False, proxy_headers=False))
    )


class SlowAssistant:
    """Takes `seconds` for each answer, then gives what `assistant` does; `begun` counts who came so far."""

    def __init__(self, assistant: Assistant, seconds: float = 0.0, let: threading.Event | None = None) -> None:
        self.assistant = assistant
        self.seconds = seconds
        self.let = let
        self.begun = threading.Semaphore(0)

    def stream(self, *asked: Any) -> Iterator[Any]:
        """Yield an empty beginning, wait, and yield the answer."""
        *_, whole = self.assistant.stream(*asked)
        self.begun.release()
        yield replace(whole, sentences=(), citations=(), notices=())
        time.sleep(self.seconds)
        if self.let is not None:
            self.let.wait(30)
        yield whole


@pytest.fixture
def slow(samples: Path) -> Callable[..., SlowAssistant]:
    """Make a slow assistant: `slow(seconds)`, or `slow(let=event)` that waits for an event."""
    return lambda seconds=0.0, let=None: SlowAssistant(Assistant(Store.open(samples)), seconds, let)
