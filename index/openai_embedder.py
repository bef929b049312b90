"""Texts go in, unit vectors come out, by servers that embed; a door to httpx.

A server speaks as OpenAI does (`/embeddings`) or as text-embeddings-inference does (`/embed`). With several addresses
the work is spread over them: each has a few requests in hand at once and no more, the least busy one gets the next, and
what one of them refuses or drops goes to another. The key goes into the request's header and nowhere else: no error
and no `repr` holds it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from index.embed import unsaid_prompts
from index.errors import EmbedderError
from index.protocols import Vectors

if TYPE_CHECKING:
    import httpx

PREFIX, TEI_PREFIX = "openai:", "tei:"
PREFIXES = (PREFIX, TEI_PREFIX)

_BATCHES = {PREFIX: 64, TEI_PREFIX: 32}  # the second is what a server of that kind takes unless told otherwise
_PATHS = {PREFIX: "/embeddings", TEI_PREFIX: "/embed"}
_AT_ONCE = 2  # requests in hand at each address: one in work, one on its way
_RETRYABLE = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
_LONGEST_WAIT = 8.0


class OpenAIEmbedder:
    """An `Embedder` behind `POST {url}/embeddings` or `/embed` at each of `urls`, which serve the same model.

    `timeout` is the longest silence in seconds, `attempts` is how often each address is tried, the first time too.
    `digest` knows the model by its name and the length of its vectors: a server that gives another model the same name
    is not found out.
    """

    def __init__(
        self,
        name: str,
        *urls: str,
        kind: str = PREFIX,
        api_key: str | None = None,
        timeout: float = 60.0,
        attempts: int = 4,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = f"{kind}{name}"
        self._model = name
        self._kind = kind
        self._path = _PATHS[kind]
        self._urls = tuple(url.rstrip("/").removesuffix(self._path) for url in urls)
        self._busy = dict.fromkeys(self._urls, 0)
        self._lock = Lock()
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._timeout = timeout
        self._attempts = attempts
        self._transport = transport
        self._sleep = sleep
        self._prompts = unsaid_prompts(name)

    def __repr__(self) -> str:
        return f"OpenAIEmbedder({self._model!r}, {', '.join(map(repr, self._urls))})"

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
        prompted, size = [self._prompts[1] + text for text in texts], _BATCHES[self._kind]
        batches = [prompted[start : start + size] for start in range(0, len(prompted), size)]
        if not batches:
            return np.empty((0, self.dimensions), dtype=np.float32)
        with ThreadPoolExecutor(min(len(batches), _AT_ONCE * len(self._urls))) as pool:
            try:
                return np.concatenate(list(pool.map(self._embedded, batches)))
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def embed_question(self, text: str) -> Vectors:
        """Return an array of shape (dimensions,) of length 1; raise `EmbedderError` when the server gives none."""
        vector: Vectors = self._embedded([self._prompts[0] + text])[0]
        return vector

    def _embedded(self, texts: list[str]) -> Vectors:
        # Servers refuse an empty text.
        given = [text or " " for text in texts]
        bodies: dict[str, dict[str, object]] = {
            PREFIX: {"model": self._model, "input": given, "encoding_format": "float"},
            TEI_PREFIX: {"inputs": given, "truncate": True},
        }
        vectors = self._asked(bodies[self._kind], len(texts))
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
        return unit

    def _asked(self, body: Mapping[str, object], count: int) -> Vectors:
        """Send a request, again and to others when that may help, and return the vectors of the reply."""
        import httpx

        tried: set[str] = set()
        with httpx.Client(timeout=self._timeout, transport=self._transport, trust_env=False) as client:
            for attempt in range(1, self._attempts * len(self._urls) + 1):
                url, last = self._taken(tried), attempt == self._attempts * len(self._urls)
                wait = min(_LONGEST_WAIT, 2.0 ** ((attempt - 1) // len(self._urls)))
                try:
                    response = client.post(f"{url}{self._path}", headers=self._headers, json=body)
                except (httpx.HTTPError, httpx.InvalidURL) as error:
                    if last or isinstance(error, httpx.InvalidURL):
                        raise EmbedderError("embedder.unreachable", name=self._model, url=url) from error
                else:
                    if response.status_code not in _RETRYABLE or last:
                        return self._read(response, url, count)
                    asked = response.headers.get("retry-after", "")
                    wait = min(_LONGEST_WAIT, float(asked)) if asked.isdigit() else wait
                finally:
                    self._released(url)
                tried.add(url)
                if len(tried) == len(self._urls):
                    # Only when no address takes it is there anything to wait for.
                    tried.clear()
                    self._sleep(wait)
        raise AssertionError("unreachable")

    def _taken(self, tried: set[str]) -> str:
        with self._lock:
            url = min((url for url in self._urls if url not in tried), key=self._busy.__getitem__)
            self._busy[url] += 1
            return url

    def _released(self, url: str) -> None:
        with self._lock:
            self._busy[url] -= 1

    def _read(self, response: httpx.Response, url: str, count: int) -> Vectors:
        """Return the vectors of a reply in the order that was asked for."""
        named = {"name": self._model, "url": url}
        if response.status_code in (401, 403):
            raise EmbedderError("embedder.key_refused", **named)
        if response.status_code != 200:
            raise EmbedderError("embedder.status", status=response.status_code, **named)
        try:
            reply: Any = response.json()
            rows = reply if self._kind == TEI_PREFIX else [row["embedding"] for row in _in_order(reply)]
            vectors = np.array(rows, dtype=np.float32)
        except (KeyError, TypeError, ValueError) as error:
            raise EmbedderError("embedder.garbled", **named) from error
        if vectors.ndim != 2 or len(vectors) != count or not np.isfinite(vectors).all():
            raise EmbedderError("embedder.garbled", **named)
        return vectors


def _in_order(reply: Any) -> list[Any]:
    return sorted(reply["data"], key=lambda row: row["index"])


def load_openai_embedder(setting: str, api_key: str | None = None) -> OpenAIEmbedder:
    """Return the embedder of the setting `openai:NAME@URL[,URL…]` or `tei:NAME@URL[,URL…]`.

    Raises `EmbedderError` for another form.
    """
    kind = next((prefix for prefix in PREFIXES if setting.startswith(prefix)), PREFIX)
    name, _, addresses = setting.removeprefix(kind).rpartition("@")
    urls = [url.strip() for url in addresses.split(",")]
    if not name or not all(url.startswith(("http://", "https://")) for url in urls):
        raise EmbedderError("embedder.unknown_setting", setting=setting)
    return OpenAIEmbedder(name, *dict.fromkeys(urls), kind=kind, api_key=api_key)
