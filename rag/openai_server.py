"""Messages go to any OpenAI-compatible server, pieces of its answer come out: the only door to model servers.

The key goes into the request's header and nowhere else: no error and no `repr` holds it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from index.errors import ModelError
from rag.values import Message

if TYPE_CHECKING:
    import httpx

_RETRYABLE = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


class OpenAIServer:
    """A model behind `POST {url}/chat/completions`, streaming.

    `timeout` is the longest silence and `deadline` the longest answer, both in seconds; `attempts` counts the first
    try too. Only a request that has not yet yielded anything is tried again. `transport` is httpx's own way to
    stand in for the network.
    """

    def __init__(
        self,
        name: str,
        url: str,
        *,
        api_key: str | None = None,
        timeout: float = 30.0,
        deadline: float = 120.0,
        attempts: int = 3,
        max_tokens: int = 600,
        seed: int = 7,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._name = name
        self._url = url.rstrip("/").removesuffix("/chat/completions")
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._timeout = timeout
        self._deadline = deadline
        self._attempts = attempts
        self._max_tokens = max_tokens
        self._seed = seed
        self._transport = transport
        self._sleep = sleep

    def __repr__(self) -> str:
        return f"OpenAIServer({self._name!r}, {self._url!r})"

    @property
    def name(self) -> str:
        """The model's name as the server knows it."""
        return self._name

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Yield the answer in pieces; raise `ModelError` when the server fails, is silent or stops half-way."""
        for attempt in range(1, self._attempts + 1):
            begun = False
            try:
                for piece in self._once(messages):
                    begun = True
                    yield piece
                return
            except ModelError as error:
                if begun or not error.retryable or attempt == self._attempts:
                    raise
                self._sleep(min(8.0, float(error.fields.get("wait") or 2.0 ** (attempt - 1))))  # type: ignore[arg-type]

    def _once(self, messages: Sequence[Message]) -> Iterator[str]:
        import httpx

        start = time.monotonic()
        finished = False
        try:
            with (
                httpx.Client(timeout=self._timeout, transport=self._transport, trust_env=False) as client,
                client.stream(
                    "POST", f"{self._url}/chat/completions", headers=self._headers, json=self._body(messages)
                ) as response,
            ):
                self._check(response)
                for line in response.iter_lines():
                    if time.monotonic() - start > self._deadline:
                        raise ModelError("model.too_slow", name=self._name, seconds=round(self._deadline))
                    piece, ends = self._piece(line)
                    finished = finished or ends
                    if piece:
                        yield piece
        except httpx.TimeoutException as error:
            raise ModelError("model.silent", retryable=True, name=self._name, url=self._url) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ModelError("model.unreachable", retryable=True, name=self._name, url=self._url) from error
        if not finished:
            raise ModelError("model.cut_off", name=self._name)

    def _body(self, messages: Sequence[Message]) -> dict[str, object]:
        return {
            "model": self._name,
            "messages": [{"role": m.role, "content": m.text} for m in messages],
            "stream": True,
            "temperature": 0,
            "seed": self._seed,
            "max_tokens": self._max_tokens,
        }

    def _check(self, response: httpx.Response) -> None:
        """Turn a refusal of the server into an error that says whether trying again may help."""
        if response.status_code == 200:
            return
        status = response.status_code
        if status in (401, 403):
            raise ModelError("model.key_refused", name=self._name, url=self._url)
        if status == 404:
            raise ModelError("model.not_found", name=self._name, url=self._url)
        wait = response.headers.get("retry-after", "")
        raise ModelError(
            "model.status",
            retryable=status in _RETRYABLE,
            name=self._name,
            url=self._url,
            status=status,
            wait=float(wait) if wait.isdigit() else None,
        )

    def _piece(self, line: str) -> tuple[str, bool]:
        """Return the text in one line of the event stream, and whether the server says that this is the end.

        `reasoning` and `reasoning_content` are a model's thoughts, not its answer, and are left aside.
        """
        if not line.startswith("data:"):
            return "", False
        data = line[5:].strip()
        if data == "[DONE]":
            return "", True
        try:
            event = json.loads(data)
        except json.JSONDecodeError as error:
            raise ModelError("model.garbled", name=self._name) from error
        if not isinstance(event, dict) or "error" in event:
            raise ModelError("model.garbled", name=self._name)
        choices = event.get("choices") or [{}]
        choice = choices[0] if isinstance(choices[0], dict) else {}
        piece = (choice.get("delta") or {}).get("content") or ""
        reason = choice.get("finish_reason")
        if reason == "length":
            raise ModelError("model.cut_off", name=self._name)
        return (piece if isinstance(piece, str) else ""), reason is not None
