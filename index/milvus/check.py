"""A store in Milvus is compared with itself: texts with their checksums, passages and counts with the texts."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from index.errors import EmbedderError, StoreError
from index.milvus.address import MilvusAddress
from index.milvus.commit import count
from index.milvus.counts import KINDS, Counts, CountWriter
from index.milvus.current import Current
from index.milvus.packed import Unpacked
from index.milvus.rows import Generation, Rows
from index.milvus.server import Row, Server
from index.milvus.state import State, dropped_rows, is_prepared, read_state
from index.milvus.tables import DOCUMENTS, STATE, counts_table
from index.milvus.write import MilvusWriter
from index.protocols import Embedder
from index.store.check import Damage

_AT_ONCE = 200


def check_store(address: MilvusAddress) -> list[Damage]:
    """Return all that is damaged in the generation that is switched on; nothing when every text and count agrees.

    Raises `StoreError` when the server cannot be reached, has no such store, or the store changed meanwhile.
    """
    server, moment = Server(address), time.monotonic()
    if not is_prepared(server):
        raise StoreError("milvus.missing", store=address)
    state = read_state(server)
    number = state.manifest.generation
    current = Current(server, number, moment)
    counts = Counts(server, state.table, number, current)
    rows = Rows(server, Generation(state, dropped_rows(server, number), counts, current=current))
    return [Damage(part, number, rebuildable) for part, rebuildable in _damaged(rows, counts, state)]


def repair_store(address: MilvusAddress, embedder: Embedder | None = None) -> list[Damage]:
    """Make what is damaged again from the stored texts; return what was found, nothing when all was whole.

    Raises `StoreError` when a text itself is damaged, `EmbedderError` when `embedder` is not the store's.
    """
    found = check_store(address)
    if texts := [damage for damage in found if not damage.rebuildable]:
        raise StoreError("milvus.damaged", store=address, part=texts[0].part)
    if found:
        manifest = read_state(Server(address)).manifest
        if manifest.embedder and embedder is None:
            raise EmbedderError("embedder.other", folder=address, found=manifest.embedder.name, name="none")
        manifest.refuse_other(embedder, address)
        with MilvusWriter(address, embedder, encoding=manifest.encoding, rebuild=True) as writer:
            writer.commit()
    return found


def _damaged(rows: Rows, counts: Counts, state: State) -> Iterator[tuple[str, bool]]:
    """Give each part that is damaged, and whether it can be made again from the texts."""
    listed = rows.scan(DOCUMENTS.name, rows.visible, ["row", "document", "first", "passages"])
    expected = CountWriter(rows.server, state.table)
    read = 0
    for start in range(0, len(listed), _AT_ONCE):
        for row, whole in _wholes(rows, listed[start : start + _AT_ONCE]):
            if whole is None:
                yield str(row["document"]), False
            else:
                read += 1
                count(expected, whole.document, whole.passages, 1)
        rows.generation.texts.clear()
    totals = (len(listed), sum(int(row["passages"]) for row in listed))
    if totals != (state.manifest.documents, state.manifest.passages):
        yield STATE.name, False
    if not state.table:
        return
    there = {
        (int(row["number"]), int(row["row"])) for row in rows.scan(state.passages, rows.visible, ["number", "row"])
    }
    for row in listed:
        own = {(int(row["first"]) + place, int(row["row"])) for place in range(int(row["passages"]))}
        if own - there:
            yield str(row["document"]), True
        there -= own
    if there:
        yield state.passages, True
    if read == len(listed) and any(dict(counts.all(kind)) != expected.changed(kind) for kind in KINDS):
        yield counts_table(state.table).name, True


def _wholes(rows: Rows, listed: Sequence[Row]) -> Iterator[tuple[Row, Unpacked | None]]:
    """Give each document whole, none for one whose text is damaged."""
    try:
        found = rows.wholes(int(row["row"]) for row in listed)
        yield from ((row, found[int(row["row"])]) for row in listed)
    except StoreError as error:
        if error.key != "milvus.damaged":
            raise
        if len(listed) == 1:
            yield listed[0], None
            return
        for row in listed:
            yield from _wholes(rows, [row])
