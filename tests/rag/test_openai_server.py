"""The door to model servers, against a real HTTP server on this machine that answers as each test tells it to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from index.errors import ModelError, SettingsError
from rag.models import load_model
from rag.openai_server import OpenAIServer
from rag.values import Message

ASK = (Message("system", "Regels."), Message("user", "Vraag?"))
DONE = "data: [DONE]\n\n"


def event(content: str | None = None, finish: str | None = None, **delta: Any) -> str:
    """One event of a stream as the servers write it."""
    delta |= {} if content is None else {"content": content}
    return f"data: {json.dumps({'choices': [{'index': 0, 'delta': delta, 'finish_reason': finish}]})}\n\n"


@dataclass
class Reply:
    """What the server answers once: a status, headers, pieces of a body, and how long it waits before each."""

    status: int = 200
    pieces: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0


@dataclass
class Seen:
    """What the server was asked."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class Served:
    """A server that gives its replies in turn and keeps what it was asked."""

    def __init__(self, replies: list[Reply]) -> None:
        self.seen: list[Seen] = []
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = json.loads(self.rfile.read(length))
                served.seen.append(Seen(self.path, dict(self.headers), body))
                reply = replies[min(len(served.seen), len(replies)) - 1]
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                for piece in reply.pieces:
                    time.sleep(reply.wait)
                    self.wfile.write(piece.encode())
                    self.wfile.flush()

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def serve() -> Iterator[Callable[..., Served]]:
    """A function that starts a server with these replies."""
    started: list[Served] = []

    def start(*replies: Reply) -> Served:
        started.append(Served(list(replies)))
        return started[-1]

    yield start
    for served in started:
        served.server.shutdown()
        served.server.server_close()


def test_the_answer_arrives_in_pieces_and_the_request_is_repeatable(serve: Callable[..., Served]) -> None:
    served = serve(
        Reply(pieces=(event(role="assistant"), event("Ja, "), event("dat kan."), event(finish="stop"), DONE))
    )
    model = OpenAIServer("klein", served.url)
    assert list(model.stream(ASK)) == ["Ja, ", "dat kan."]
    asked = served.seen[0]
    assert asked.path == "/v1/chat/completions"
    assert asked.body["messages"] == [{"role": "system", "content": "Regels."}, {"role": "user", "content": "Vraag?"}]
    assert (asked.body["temperature"], asked.body["stream"], asked.body["model"]) == (0, True, "klein")
    assert isinstance(asked.body["seed"], int)


def test_thoughts_are_not_the_answer(serve: Callable[..., Served]) -> None:
    thoughts = event(reasoning_content="Even denken."), event(reasoning="Hm.")
    served = serve(Reply(pieces=(*thoughts, event("Ja."), event(finish="stop"))))
    assert list(OpenAIServer("klein", served.url).stream(ASK)) == ["Ja."]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_tried_again_after_a_pause(serve: Callable[..., Served], status: int) -> None:
    served = serve(Reply(status), Reply(status), Reply(pieces=(event("Ja."), DONE)))
    pauses: list[float] = []
    assert list(OpenAIServer("klein", served.url, sleep=pauses.append).stream(ASK)) == ["Ja."]
    assert pauses == [1.0, 2.0]


def test_the_pause_that_the_server_asks_for_is_kept(serve: Callable[..., Served]) -> None:
    served = serve(Reply(429, headers={"Retry-After": "3"}), Reply(pieces=(event("Ja."), DONE)))
    pauses: list[float] = []
    list(OpenAIServer("klein", served.url, sleep=pauses.append).stream(ASK))
    assert pauses == [3.0]


def test_a_server_that_stays_busy_is_given_up(serve: Callable[..., Served]) -> None:
    served = serve(Reply(503))
    with pytest.raises(ModelError) as error:
        list(OpenAIServer("klein", served.url, sleep=lambda _: None).stream(ASK))
    assert len(served.seen) == 3
    assert "503" in str(error.value)


@pytest.mark.parametrize(
    ("status", "key"), [(401, "model.key_refused"), (404, "model.not_found"), (400, "model.status")]
)
def test_what_will_not_change_is_not_tried_again(serve: Callable[..., Served], status: int, key: str) -> None:
    served = serve(Reply(status))
    with pytest.raises(ModelError) as error:
        list(OpenAIServer("klein", served.url).stream(ASK))
    assert (error.value.key, len(served.seen)) == (key, 1)


@pytest.mark.parametrize(
    ("pieces", "key"),
    [
        ((event("Het kost"),), "model.cut_off"),
        ((event("Het kost"), event(finish="length")), "model.cut_off"),
        ((event("Het"), "data: {kapot\n\n"), "model.garbled"),
        ((event("Het"), 'data: {"error": {"message": "weg"}}\n\n'), "model.garbled"),
    ],
)
def test_an_answer_that_breaks_off_is_an_error_and_is_not_begun_again(
    serve: Callable[..., Served], pieces: tuple[str, ...], key: str
) -> None:
    served = serve(Reply(pieces=pieces))
    with pytest.raises(ModelError) as error:
        list(OpenAIServer("klein", served.url).stream(ASK))
    assert (error.value.key, len(served.seen)) == (key, 1)


def test_a_silent_server_is_left(serve: Callable[..., Served]) -> None:
    served = serve(Reply(pieces=(event("Ja."),), wait=2.0))
    with pytest.raises(ModelError) as error:
        list(OpenAIServer("klein", served.url, timeout=0.2, attempts=1).stream(ASK))
    assert error.value.key == "model.silent"


def test_an_endless_answer_is_left_at_the_deadline(serve: Callable[..., Served]) -> None:
    served = serve(Reply(pieces=(event("bla "),) * 50, wait=0.05))
    with pytest.raises(ModelError) as error:
        list(OpenAIServer("klein", served.url, deadline=0.3).stream(ASK))
    assert error.value.key == "model.too_slow"


def test_a_server_that_is_down_is_named(serve: Callable[..., Served]) -> None:
    served = serve(Reply())
    served.server.shutdown()
    served.server.server_close()
    with pytest.raises(ModelError, match=served.url):
        list(OpenAIServer("klein", served.url, attempts=1).stream(ASK))


def test_the_key_goes_into_the_header_and_nowhere_else(serve: Callable[..., Served]) -> None:
    served = serve(Reply(401))
    model = load_model(f"openai:klein@{served.url}", api_key="geheim-123")
    assert model is not None
    with pytest.raises(ModelError) as error:
        list(model.stream(ASK))
    assert served.seen[0].headers["Authorization"] == "Bearer geheim-123"
    assert "geheim-123" not in f"{error.value} {error.value.fields} {error.value.__cause__!r} {model!r}"


def test_the_setting_names_the_model_and_the_address() -> None:
    model = load_model("openai:org/model@v2@http://127.0.0.1:9/v1")
    assert model is not None
    assert model.name == "org/model@v2"
    assert load_model("extractive") is None


@pytest.mark.parametrize(
    "setting", ["openai:klein", "openai:@http://x/v1", "openai:klein@x/v1", "gpt", "anders:a@http://x"]
)
def test_a_setting_of_another_form_is_an_error_that_names_it(setting: str) -> None:
    with pytest.raises(SettingsError, match=setting.split("@", maxsplit=1)[0]):
        load_model(setting)
