"""A store in Milvus that was opened for reading; any number may be open, on any number of machines."""

from __future__ import annotations

import time
from threading import Lock

from index.cross_encoder import CrossEncoder
from index.errors import StoreError
from index.milvus.address import MilvusAddress
from index.milvus.counts import Counts
from index.milvus.current import Current
from index.milvus.rows import Generation
from index.milvus.server import Server
from index.milvus.snapshot import MilvusSnapshot
from index.milvus.state import State, dropped_rows, is_prepared, read_state
from index.protocols import Embedder

# Seconds that someone who asked a question waits for a server that is gone, or that is slow.
_PATIENCE, _SILENCE = 10.0, 20.0


class MilvusStore:
    """A store in Milvus that was opened for reading."""

    def __init__(
        self, address: MilvusAddress, embedder: Embedder | None = None, cross_encoder: CrossEncoder | None = None
    ) -> None:
        self.address = address
        self.embedder = embedder
        self._cross_encoder = cross_encoder
        self._server = Server(address, patience=_PATIENCE, silence=_SILENCE)
        self._generation: Generation | None = None
        self._lock = Lock()

    @staticmethod
    def open(
        address: MilvusAddress, embedder: Embedder | None = None, cross_encoder: CrossEncoder | None = None
    ) -> MilvusStore:
        """Open the store at `address`; without an embedder it is searched by words alone.

        Raises `StoreError` when the server cannot be reached or has no such store, `EmbedderError` when its vectors
        are another model's.
        """
        store = MilvusStore(address, embedder, cross_encoder)
        if not is_prepared(store._server):
            raise StoreError("milvus.missing", store=address)
        store.snapshot().close()
        return store

    def snapshot(self) -> MilvusSnapshot:
        """Return the newest generation, which stays as it is until the snapshot is closed.

        What is replaced while it is open stays readable for some seconds; reading after that raises `StoreError`.
        """
        moment = time.monotonic()
        state = read_state(self._server)
        state.manifest.refuse_other(self.embedder, self.address)
        return MilvusSnapshot(
            self._server, self._shared(state, moment), self.embedder, cross_encoder=self._cross_encoder
        )

    def _shared(self, state: State, moment: float) -> Generation:
        with self._lock:
            number = state.manifest.generation
            if self._generation is None or self._generation.state != state:
                dropped = dropped_rows(self._server, number)
                current = Current(self._server, number, moment)
                counts = Counts(self._server, state.table, number, current)
                self._generation = Generation(state, dropped, counts, current=current)
            elif self._generation.current is not None:
                self._generation.current.known_at(moment)
            return self._generation
