"""Messages go to a GGUF file run by llama-cpp-python in this process, pieces of its answer come out.

The only door to llama_cpp, an extra that is compiled where it is installed. Knows no server: llama.cpp's own
server is asked by `openai_server`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from index.errors import ModelError
from rag.values import Message

_CONTEXT = 8192  # tokens: the prompt's budget, the rules and the answer


class GgufModel:
    """The model in one GGUF file, loaded when it is first asked; `deadline` is the longest answer in seconds."""

    def __init__(self, file: str, *, deadline: float = 300.0, max_tokens: int = 600, seed: int = 7) -> None:
        self._file = Path(file)
        self._deadline = deadline
        self._max_tokens = max_tokens
        self._seed = seed
        self._loaded: Any = None
        self._turn = threading.Lock()

    @property
    def name(self) -> str:
        """The file's name."""
        return self._file.name

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Yield the answer in pieces; raise `ModelError` when the file cannot be run, fails or does not end."""
        asked = [{"role": message.role, "content": message.text} for message in messages]
        with self._turn:
            self._loaded = self._loaded or self._load()
            try:
                yield from self._written(asked)
            except (RuntimeError, ValueError) as error:
                raise ModelError("model.local_failed", name=self.name, reason=error) from error

    def _written(self, asked: list[dict[str, str]]) -> Iterator[str]:
        begin, ended = time.monotonic(), False
        for event in self._loaded.create_chat_completion(
            asked, stream=True, temperature=0.0, seed=self._seed, max_tokens=self._max_tokens
        ):
            if time.monotonic() - begin > self._deadline:
                raise ModelError("model.too_slow", name=self.name, seconds=round(self._deadline))
            choice = event["choices"][0]
            piece = choice.get("delta", {}).get("content")
            ended = ended or choice.get("finish_reason") == "stop"
            if piece:
                yield piece
        if not ended:
            raise ModelError("model.cut_off", name=self.name)

    def _load(self) -> Any:
        if not self._file.is_file():
            raise ModelError("model.not_here", name=str(self._file))
        try:
            from llama_cpp import Llama
        except ImportError as error:
            raise ModelError("model.library", name=self.name, library="llama-cpp-python") from error
        try:
            return Llama(str(self._file), n_ctx=_CONTEXT, seed=self._seed, verbose=False)
        except (RuntimeError, ValueError) as error:
            raise ModelError("model.local_failed", name=self.name, reason=error) from error
