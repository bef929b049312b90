"""A caller goes in, a place among the answers that are made at the same time comes out; when all is full, `FullError`.

One known caller takes at most a quarter of the places and of the queue, so that one slow model or one eager program
does not hold up the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

_SHARE = 4


class FullError(Exception):
    """Too many questions wait already."""


class Gate:
    """`at_once` answers are made at the same time, `waiting` questions wait for a place."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self.at_once = at_once
        self._most_waiting = waiting
        self._places = anyio.Semaphore(at_once)
        self._own: dict[str, anyio.Semaphore] = {}
        self._here: Counter[str] = Counter()
        self.waiting = 0
        self.running = 0

    @asynccontextmanager
    async def place(self, caller: str) -> AsyncIterator[None]:
        """Hold a place during the block, after waiting for it; an empty name may take them all."""
        share, room = max(1, self.at_once // _SHARE), max(1, self._most_waiting // _SHARE)
        is_full = self.running + self.waiting >= self.at_once + self._most_waiting
        if is_full or (caller and self._here[caller] >= share + room):
            raise FullError
        self._here[caller] += 1
        self.waiting += 1
        own = self._own.setdefault(caller, anyio.Semaphore(share if caller else self.at_once))
        is_waiting = True
        try:
            async with own, self._places:
                self.waiting -= 1
                is_waiting = False
                self.running += 1
                try:
                    yield
                finally:
                    self.running -= 1
        finally:
            self.waiting -= is_waiting
            self._here[caller] -= 1
            if not self._here[caller]:
                del self._here[caller], self._own[caller]
