"""The care of a store in Milvus: leaving nothing of what was removed."""

from __future__ import annotations

from index.milvus.address import MilvusAddress
from index.milvus.server import Server
from index.milvus.state import read_state
from index.milvus.tables import FIXED, counts_table


def purge(address: MilvusAddress) -> None:
    """Have the server let go of what was removed; it does so in its own time, by its setting `gc.dropTolerance`."""
    server = Server(address)
    state = read_state(server)
    tables = [table.name for table in FIXED]
    if state.table:
        tables += [state.passages, counts_table(state.table).name]
    server.settle(tables, purge=True)
