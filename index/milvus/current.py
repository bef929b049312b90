"""Whether what was just read of a generation can have missed rows that a writer let go of meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from index.errors import StoreError
from index.milvus.server import Server
from index.milvus.state import read_state

GRACE = 3.0  # seconds that what was replaced stays for those who began to read before


class Current:
    """What a reader knows of how long its generation was the one switched on; safe to share between threads."""

    def __init__(self, server: Server, generation: int, moment: float) -> None:
        """`moment` is when on `time.monotonic` the generation was known to be the newest."""
        self._server = server
        self._generation = generation
        self._moment = moment

    def known_at(self, moment: float) -> None:
        """Note that the generation was still the newest then."""
        self._moment = max(self._moment, moment)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Raise `StoreError` when what is read meanwhile may lack rows of this generation that were let go."""
        try:
            yield
        except StoreError as error:
            # A collection that is not there any more was replaced by another.
            if error.key == "milvus.refused" and self._newer():
                raise StoreError("milvus.moved_on", store=self._server.address) from error
            raise
        if time.monotonic() >= self._moment + GRACE and self._newer():
            raise StoreError("milvus.moved_on", store=self._server.address)

    def _newer(self) -> bool:
        """Whether another generation was switched on."""
        now = time.monotonic()
        if read_state(self._server).manifest.generation != self._generation:
            return True
        self.known_at(now)
        return False
