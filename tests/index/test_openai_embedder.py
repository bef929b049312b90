"""Vectors from an OpenAI-compatible server: a real server on this machine, with a real small model behind it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.embed import SentenceEmbedder, load_embedder
from index.errors import EmbedderError
from index.openai_embedder import OpenAIEmbedder, load_openai_embedder
from index.protocols import Vectors
from index.store import Store
from index.store.write import Writer
from index.values import Document, Passage, Reading

KEY = "geheim-1234"


class Server(ThreadingHTTPServer):
    """Serves `/v1/embeddings` of a model; `statuses` are answered first, `spoil` may change a reply."""

    def __init__(self, model: SentenceEmbedder) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.model = model
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.statuses: list[int] = []
        self.spoil: Callable[[dict[str, Any]], object] = dict

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server.asked.append((self.path, dict(self.headers), body))
        if server.statuses:
            self._reply(server.statuses.pop(0), {"error": {"message": KEY}})
            return
        if self.path.endswith("/embed"):
            self._reply(200, (3 * server.model.embed_passages(body["inputs"])).tolist())
            return
        vectors = 3 * server.model.embed_passages(body["input"])
        rows = [{"object": "embedding", "index": i, "embedding": row.tolist()} for i, row in enumerate(vectors)]
        self._reply(200, server.spoil({"object": "list", "data": rows[::-1], "model": body["model"]}))

    def _reply(self, status: int, value: object) -> None:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def server(static_model: Path) -> Iterator[Server]:
    with Server(load_embedder(str(static_model))) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield served
        served.shutdown()


def embedder(server: Server, **options: Any) -> OpenAIEmbedder:
    return OpenAIEmbedder("klein", server.url, api_key=KEY, sleep=lambda _: None, **options)


def test_vectors_are_those_of_the_model_in_the_order_asked_for_and_of_length_one(server: Server) -> None:
    texts = ["de opvang", "een hogere straf", "water"]
    np.testing.assert_allclose(embedder(server).embed_passages(texts), server.model.embed_passages(texts), atol=1e-5)
    question = embedder(server).embed_question("opvang")
    assert question.shape == (server.model.dimensions,)
    np.testing.assert_allclose(np.linalg.norm(question), 1, atol=1e-5)


def test_many_texts_go_in_several_requests_and_an_empty_one_is_never_sent(server: Server) -> None:
    vectors = embedder(server).embed_passages(["opvang"] * 129 + [""])
    assert vectors.shape == (130, server.model.dimensions)
    assert [len(body["input"]) for _, _, body in server.asked] == [64, 64, 2]
    assert all(all(body["input"]) for _, _, body in server.asked)
    assert {path for path, _, _ in server.asked} == {"/v1/embeddings"}


def test_no_texts_give_no_vectors(server: Server) -> None:
    assert embedder(server).embed_passages([]).shape == (0, server.model.dimensions)


def test_the_key_is_sent_and_shown_nowhere(server: Server) -> None:
    made = embedder(server)
    made.embed_question("opvang")
    assert server.asked[0][1]["Authorization"] == f"Bearer {KEY}"
    server.statuses = [401]
    with pytest.raises(EmbedderError) as caught:
        made.embed_question("opvang")
    assert KEY not in str(caught.value) + repr(made) + made.name + made.digest


def test_prompts_that_a_model_wants_are_put_in_front(server: Server) -> None:
    made = OpenAIEmbedder("multilingual-e5-small", server.url)
    made.embed_question("opvang")
    made.embed_passages(["opvang"])
    assert [body["input"] for _, _, body in server.asked] == [["query: opvang"], ["passage: opvang"]]


def test_what_passes_is_tried_again(server: Server) -> None:
    server.statuses = [503, 429]
    assert embedder(server).embed_question("opvang").shape == (server.model.dimensions,)
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("statuses", "said", "tries"), [([404], "404", 1), ([500] * 9, "500", 4), ([403], "sleutel", 1)]
)
def test_what_does_not_pass_is_said_in_one_sentence(server: Server, statuses: list[int], said: str, tries: int) -> None:
    server.statuses = statuses
    with pytest.raises(EmbedderError, match=said):
        embedder(server).embed_question("opvang")
    assert len(server.asked) == tries


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: {"data": []},
        lambda _: {"data": [{"index": 0, "embedding": ["x"]}]},
        lambda _: {"data": [{"index": 0}]},
        lambda _: b"<html>",
        lambda _: [1],
    ],
)
def test_a_reply_without_vectors_is_an_error(server: Server, spoil: Callable[[object], object]) -> None:
    server.spoil = spoil
    with pytest.raises(EmbedderError, match="vectoren"):
        embedder(server).embed_question("opvang")


def test_a_server_that_is_not_there_is_named() -> None:
    made = OpenAIEmbedder("klein", "http://127.0.0.1:9/v1", sleep=lambda _: None)
    with pytest.raises(EmbedderError, match=r"127\.0\.0\.1:9"):
        made.embed_question("opvang")


def test_a_store_is_made_and_searched_through_the_server(server: Server, tmp_path: Path) -> None:
    made = load_openai_embedder(f"openai:klein@{server.url}")
    Store.create(tmp_path / "opslag", made)
    with Writer(tmp_path / "opslag", made) as writer:
        for text in ("opvang asiel", "hogere straf"):
            passage = Passage(f"{text}#1", text, "", text, 0, len(text))
            writer.put(Reading(Document(text, "page", "", ""), text, (passage,)), text)
        writer.commit()
    with Store.open(tmp_path / "opslag", load_openai_embedder(f"openai:klein@{server.url}")).snapshot() as snapshot:
        assert snapshot.search("asiel opvang", 2, mode="dense")[0].document.document == "opvang asiel"
    with pytest.raises(EmbedderError, match="openai:ander"):
        Store.open(tmp_path / "opslag", load_openai_embedder(f"openai:ander@{server.url}"))


@pytest.mark.parametrize("setting", ["openai:", "openai:klein", "openai:klein@ftp://x", "openai:@http://x"])
def test_another_form_of_the_setting_is_refused(setting: str) -> None:
    with pytest.raises(EmbedderError, match="openai:NAAM@ADRES"):
        load_openai_embedder(setting)


@pytest.fixture
def servers(static_model: Path) -> Iterator[list[Server]]:
    with Server(load_embedder(str(static_model))) as one, Server(load_embedder(str(static_model))) as other:
        for served in (one, other):
            threading.Thread(target=served.serve_forever, daemon=True).start()
        yield [one, other]
        for served in (one, other):
            served.shutdown()


def test_work_is_spread_over_the_addresses_and_comes_back_in_order(servers: list[Server]) -> None:
    made = load_openai_embedder(f"openai:klein@{servers[0].url},{servers[1].url}")
    texts = [f"{word} {number}" for number in range(400) for word in ("opvang", "water")]
    np.testing.assert_allclose(made.embed_passages(texts), servers[0].model.embed_passages(texts), atol=1e-5)
    assert [sum(len(body["input"]) for _, _, body in one.asked) > 0 for one in servers] == [True, True]
    assert sum(len(body["input"]) for one in servers for _, _, body in one.asked) == len(texts)


def test_what_one_address_refuses_another_does_and_waiting_is_for_when_none_can(servers: list[Server]) -> None:
    waits: list[float] = []
    servers[0].statuses = [429] * 100
    made = OpenAIEmbedder("klein", *(one.url for one in servers), sleep=waits.append)
    texts = ["opvang"] * 300
    assert made.embed_passages(texts).shape == (300, servers[0].model.dimensions)
    assert waits == []
    servers[1].statuses = [503] * 2
    assert made.embed_question("opvang").shape == (servers[0].model.dimensions,)
    assert waits == [1.0, 2.0]


def test_an_address_that_is_gone_costs_nothing_but_its_share(servers: list[Server]) -> None:
    made = OpenAIEmbedder("klein", "http://127.0.0.1:9/v1", servers[0].url, sleep=lambda _: None)
    assert made.embed_passages(["opvang"] * 200).shape == (200, servers[0].model.dimensions)


def test_no_address_has_more_in_hand_than_it_can_take(servers: list[Server], static_model: Path) -> None:
    in_hand, most, lock = [0], [0], threading.Lock()

    class Counted(SentenceEmbedder):
        def embed_passages(self, texts: Sequence[str]) -> Vectors:
            with lock:
                in_hand[0] += 1
                most[0] = max(most[0], in_hand[0])
            time.sleep(0.02)
            with lock:
                in_hand[0] -= 1
            return super().embed_passages(texts)

    model = load_embedder(str(static_model))
    servers[0].model = Counted(model.name, model._model)
    OpenAIEmbedder("klein", servers[0].url).embed_passages(["opvang"] * 640)
    assert 1 <= most[0] <= 2


def test_text_embeddings_inference_is_asked_in_its_own_words(server: Server) -> None:
    made = load_openai_embedder(f"tei:klein@{server.url}")
    texts = ["de opvang", "", *["water"] * 40]
    np.testing.assert_allclose(made.embed_passages(["water"]), server.model.embed_passages(["water"]), atol=1e-5)
    assert made.embed_passages(texts).shape == (42, server.model.dimensions)
    assert {path for path, _, _ in server.asked} == {"/v1/embed"}
    assert max(len(body["inputs"]) for _, _, body in server.asked) == 32
