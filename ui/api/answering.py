"""A question goes in, the answer as it grows comes out, made in a thread of its own after waiting for a place."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

from anyio import CancelScope, CapacityLimiter, to_thread

from index.language import Language
from index.values import Filters
from rag.values import Answer, Message
from ui.access.values import Caller
from ui.desk import Desk
from ui.gate import Gate


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked."""

    question: str
    history: Sequence[Message] = ()
    filters: Filters | None = None
    language: Language = "nl"


@dataclass(slots=True)
class Answering:
    """The way to the assistant of `desk` for programs; `gate` says how many go it at the same time.

    Its threads are its own, so that a slow model takes none of those that search and give pages.
    """

    desk: Desk
    gate: Gate
    threads: CapacityLimiter = field(init=False)

    def __post_init__(self) -> None:
        self.threads = CapacityLimiter(self.gate.at_once)

    async def growing(self, asked: Asked, caller: Caller) -> AsyncGenerator[Answer]:
        """Yield the answer as it grows; raise `FullError` when too many wait, `VraagbaakError` when it cannot be."""
        async with self.gate.place(caller.name):
            stream = cast(
                "Generator[Answer]",
                self.desk.assistant.stream(asked.question, asked.history, asked.filters, asked.language),
            )
            try:
                while (answer := await to_thread.run_sync(next, stream, None, limiter=self.threads)) is not None:
                    yield answer
            finally:
                # Who goes away half-way lets the thread come to its next sentence, and no further.
                with CancelScope(shield=True), suppress(Exception):
                    await to_thread.run_sync(stream.close, limiter=self.threads)

    async def whole(self, asked: Asked, caller: Caller) -> Answer:
        """Return the whole answer."""
        *_, answer = [grown async for grown in self.growing(asked, caller)]
        return answer
