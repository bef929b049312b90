"""Where a store is kept, and what opens it there and writes to it: a folder of this machine, or a server of Milvus."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from index.milvus.address import MilvusAddress

if TYPE_CHECKING:
    from index.cross_encoder import CrossEncoder
    from index.protocols import Embedder
    from index.store.check import Damage
    from index.store.snapshot import Snapshots
    from index.store.writing import StoreWriter

Where = Path | MilvusAddress


def open_store(where: Where, embedder: Embedder | None = None, cross_encoder: CrossEncoder | None = None) -> Snapshots:
    """Open the store that is there; without an embedder it is searched by words alone.

    Raises `StoreError` when there is none or it cannot be read, `EmbedderError` when its vectors are another model's.
    """
    if isinstance(where, MilvusAddress):
        from index.milvus.store import MilvusStore

        return MilvusStore.open(where, embedder, cross_encoder)
    from index.store import Store

    return Store.open(where, embedder, cross_encoder)


def writer(
    where: Where,
    embedder: Embedder | None = None,
    *,
    encoding: str = "",
    rebuild: bool = False,
    removes_only: bool = False,
    keep: int | None = None,
) -> AbstractContextManager[StoreWriter]:
    """Return the writer of the store that is there; `keep` is how many generations stay, where earlier ones do."""
    options = {"rebuild": rebuild, "removes_only": removes_only}
    if isinstance(where, MilvusAddress):
        from index.milvus.write import MilvusWriter

        return MilvusWriter(where, embedder, encoding=encoding, **options)
    from index.store.write import KEPT_GENERATIONS, Writer

    return Writer(where, embedder, encoding=encoding, keep=KEPT_GENERATIONS if keep is None else keep, **options)


def prepare(where: Where, *, convert: bool = False) -> None:
    """Make an empty store where there is none; with `convert`, bring one of an earlier format to this one."""
    if isinstance(where, MilvusAddress):
        from index.milvus.server import Server
        from index.milvus.state import prepare as prepare_server

        prepare_server(Server(where))
        return
    from index.store.convert import convert as convert_folder
    from index.store.store import prepare_folder

    prepare_folder(where)
    if convert:
        convert_folder(where)


def lingering(where: Where, documents: Collection[str]) -> list[str]:
    """Return which of these removed documents are still on disk, in an earlier generation."""
    if isinstance(where, MilvusAddress):
        return []
    from index.store.admin import lingering as lingering_in_folder

    return lingering_in_folder(where, documents)


def check(where: Where) -> list[Damage]:
    """Return all that is damaged in the store that is there."""
    if isinstance(where, MilvusAddress):
        from index.milvus.check import check_store as check_server

        return check_server(where)
    from index.store.check import check_store

    return check_store(where)


def repair(where: Where, embedder: Embedder | None = None) -> list[Damage]:
    """Make what is damaged again from the stored texts; return what was found, nothing when all was whole.

    Raises `StoreError` when a text itself is damaged, `EmbedderError` when the embedder that is needed is not given.
    """
    if isinstance(where, MilvusAddress):
        from index.milvus.check import repair_store as repair_server

        return repair_server(where, embedder)
    from index.store.check import repair_store

    return repair_store(where, embedder)


def purge(where: Where) -> None:
    """Leave nothing of removed documents on disk."""
    if isinstance(where, MilvusAddress):
        from index.milvus.care import purge as purge_server

        purge_server(where)
        return
    from index.store.admin import purge as purge_folder

    purge_folder(where)
