"""Messages go to a model of Hugging Face transformers in this process, pieces of its answer come out.

The only door to transformers and torch for writing. A name is looked for among the models already on this machine;
nothing is downloaded. Generation is greedy, so the same messages give the same answer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from queue import Empty
from typing import TYPE_CHECKING, Any

from index.errors import ModelError
from rag.values import Message

if TYPE_CHECKING:
    import torch


class LocalModel:
    """A causal language model with a chat template, loaded when it is first asked.

    `timeout` is the longest silence and `deadline` the longest answer, both in seconds; an answer of more than
    `max_tokens` tokens counts as broken off. One answer is written at a time.
    """

    def __init__(self, name: str, *, timeout: float = 120.0, deadline: float = 300.0, max_tokens: int = 600) -> None:
        self._name = name
        self._timeout = timeout
        self._deadline = deadline
        self._max_tokens = max_tokens
        self._loaded: tuple[Any, Any] | None = None
        self._turn = threading.Lock()

    @property
    def name(self) -> str:
        """The name or folder it was given."""
        return self._name

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Yield the answer in pieces; raise `ModelError` when the model is missing, fails, or does not end."""
        with self._turn:
            tokenizer, model = self._loaded = self._loaded or _load(self._name)
            yield from self._written(messages, tokenizer, model)

    def _written(self, messages: Sequence[Message], tokenizer: Any, model: Any) -> Iterator[str]:
        from transformers import StoppingCriteriaList, TextIteratorStreamer

        prompt = _prompt(self._name, tokenizer, messages)
        streamer = TextIteratorStreamer(tokenizer, skip_prompt=True, skip_special_tokens=True, timeout=self._timeout)
        writing = _Writing(model, prompt, streamer)
        stopping = StoppingCriteriaList([writing.is_stopped])
        writing.start({"streamer": streamer, "stopping_criteria": stopping, "max_new_tokens": self._max_tokens})
        begin = time.monotonic()
        try:
            for piece in streamer:
                if time.monotonic() - begin > self._deadline:
                    raise ModelError("model.too_slow", name=self._name, seconds=round(self._deadline))
                if piece:
                    yield piece
        except Empty as error:
            raise ModelError("model.local_silent", name=self._name) from error
        finally:
            writing.stop()
        if writing.failure is not None:
            raise ModelError("model.local_failed", name=self._name, reason=writing.failure) from writing.failure
        if not writing.has_ended:
            raise ModelError("model.cut_off", name=self._name)


class _Writing:
    """One generation in a thread of its own, which can be told to stop."""

    def __init__(self, model: Any, prompt: Any, streamer: Any) -> None:
        self._model = model
        self._prompt = prompt
        self._streamer = streamer
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._length = int(prompt["input_ids"].shape[1])
        self._written: torch.Tensor | None = None
        self.failure: Exception | None = None

    def is_stopped(self, ids: torch.Tensor, _scores: object, **_more: object) -> torch.Tensor:
        """Whether nobody waits for the next token any more, for each sequence."""
        import torch

        return torch.full((ids.shape[0],), self._stop.is_set(), dtype=torch.bool, device=ids.device)

    def start(self, settings: dict[str, Any]) -> None:
        """Begin to write."""

        def run() -> None:
            import torch

            try:
                with torch.inference_mode():
                    self._written = self._model.generate(**self._prompt, do_sample=False, **settings)
            except Exception as error:  # what a model's own code raises is not known beforehand
                self.failure = error
                self._streamer.end()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop writing and wait until the thread has ended, or leave it when it hangs."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    @property
    def has_ended(self) -> bool:
        """Whether the model itself ended its answer, by one of its end tokens."""
        if self._written is None or self._written.shape[1] <= self._length:
            return self._written is not None
        ends = self._model.generation_config.eos_token_id
        ends = ends if isinstance(ends, list) else [ends]
        return int(self._written[0, -1]) in ends


def _prompt(name: str, tokenizer: Any, messages: Sequence[Message]) -> Any:
    asked = [{"role": message.role, "content": message.text} for message in messages]
    try:
        return tokenizer.apply_chat_template(asked, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    except (ValueError, TypeError) as error:
        raise ModelError("model.no_template", name=name) from error


def _load(name: str) -> tuple[Any, Any]:
    try:
        from transformers import AutoModelForCausalLM, AutoTokenizer
    except ImportError as error:
        raise ModelError("model.library", name=name, library="transformers") from error
    try:
        tokenizer = AutoTokenizer.from_pretrained(name, local_files_only=True)
        model: Any = AutoModelForCausalLM.from_pretrained(name, local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError("model.not_here", name=name) from error
    return tokenizer, model.eval()
