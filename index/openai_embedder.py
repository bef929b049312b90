"""Texts go in, unit vectors come out, by any server with an OpenAI-compatible `/embeddings`; a door to httpx.

The key goes into the request's header and nowhere else: no error and no `repr` holds it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from index.embed import unsaid_prompts
from index.errors import EmbedderError
from index.protocols import Vectors

if TYPE_CHECKING:
    import httpx

PREFIX = "openai:"

_BATCH = 64
_RETRYABLE = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
_LONGEST_WAIT = 8.0


class OpenAIEmbedder:
    """An `Embedder` behind `POST {url}/embeddings`.

    `timeout` is the longest silence in seconds, `attempts` counts the first try too. `digest` knows the model by its
    name and the length of its vectors: a server that gives another model the same name is not found out.
    """

    def __init__(
        self,
        name: str,
        url: str,
        *,
        api_key: str | None = None,
        timeout: float = 60.0,
        attempts: int = 4,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = f"{PREFIX}{name}"
        self._model = name
        self._url = url.rstrip("/").removesuffix("/embeddings")
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._timeout = timeout
        self._attempts = attempts
        self._transport = transport
        self._sleep = sleep
        self._prompts = unsaid_prompts(name)

    def __repr__(self) -> str:
        return f"OpenAIEmbedder({self._model!r}, {self._url!r})"

    @cached_property
    def dimensions(self) -> int:
        """The length of each vector, as the server gives it."""
        return int(self._embedded(["vraag"]).shape[1])

    @cached_property
    def digest(self) -> str:
        """A hash of the model's name, its prompts and the length of its vectors."""
        return hashlib.sha256(repr((self._model, self._prompts, self.dimensions)).encode("utf-8")).hexdigest()[:32]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), dimensions), each row of length 1; raise `EmbedderError`."""
        prompted = [self._prompts[1] + text for text in texts]
        parts = [self._embedded(prompted[start : start + _BATCH]) for start in range(0, len(prompted), _BATCH)]
        if not parts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        return np.concatenate(parts)

    def embed_question(self, text: str) -> Vectors:
        """Return an array of shape (dimensions,) of length 1; raise `EmbedderError` when the server gives none."""
        vector: Vectors = self._embedded([self._prompts[0] + text])[0]
        return vector

    def _embedded(self, texts: list[str]) -> Vectors:
        # Servers refuse an empty text.
        body = {"model": self._model, "input": [text or " " for text in texts], "encoding_format": "float"}
        vectors = self._vectors(self._asked(body), len(texts))
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
        return unit

    def _asked(self, body: Mapping[str, object]) -> Any:
        """Send a request, again when that may help, and return the JSON of the reply."""
        import httpx

        named = {"name": self._model, "url": self._url}
        with httpx.Client(timeout=self._timeout, transport=self._transport, trust_env=False) as client:
            for attempt in range(1, self._attempts + 1):
                try:
                    response = client.post(f"{self._url}/embeddings", headers=self._headers, json=body)
                except (httpx.HTTPError, httpx.InvalidURL) as error:
                    if attempt == self._attempts or isinstance(error, httpx.InvalidURL):
                        raise EmbedderError("embedder.unreachable", **named) from error
                    self._sleep(min(_LONGEST_WAIT, 2.0 ** (attempt - 1)))
                    continue
                if response.status_code not in _RETRYABLE or attempt == self._attempts:
                    break
                wait = response.headers.get("retry-after", "")
                self._sleep(min(_LONGEST_WAIT, float(wait) if wait.isdigit() else 2.0 ** (attempt - 1)))
        if response.status_code in (401, 403):
            raise EmbedderError("embedder.key_refused", **named)
        if response.status_code != 200:
            raise EmbedderError("embedder.status", status=response.status_code, **named)
        try:
            return response.json()
        except ValueError as error:
            raise EmbedderError("embedder.garbled", **named) from error

    def _vectors(self, reply: Any, count: int) -> Vectors:
        """Return the vectors of a reply in the order that was asked for."""
        try:
            rows = sorted(reply["data"], key=lambda row: row["index"])
            vectors = np.array([row["embedding"] for row in rows], dtype=np.float32)
        except (KeyError, TypeError, ValueError) as error:
            raise EmbedderError("embedder.garbled", name=self._model, url=self._url) from error
        if vectors.ndim != 2 or len(vectors) != count or not np.isfinite(vectors).all():
            raise EmbedderError("embedder.garbled", name=self._model, url=self._url)
        return vectors


def load_openai_embedder(setting: str, api_key: str | None = None) -> OpenAIEmbedder:
    """Return the embedder of the setting `openai:NAME@URL`; raise `EmbedderError` for another form."""
    name, _, url = setting.removeprefix(PREFIX).rpartition("@")
    if not name or not url.startswith(("http://", "https://")):
        raise EmbedderError("embedder.unknown_setting", setting=setting)
    return OpenAIEmbedder(name, url, api_key=api_key)
