"""A reader whom a store's changes overtook reads once more, from the newest generation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from index.errors import StoreError

if TYPE_CHECKING:
    from index.store.snapshot import Snapshot, Snapshots

# What a store says that could no longer give a generation whole (`index.milvus.current`).
_OVERTAKEN = "milvus.moved_on"

T = TypeVar("T")


def read_newest(store: Snapshots, read: Callable[[Snapshot], T]) -> T:
    """Return what `read` makes of the newest generation; for one request, not for what reads a store whole."""

    def once() -> T:
        with store.snapshot() as snapshot:
            return read(snapshot)

    try:
        return once()
    except StoreError as error:
        if error.key != _OVERTAKEN:
            raise
        return once()


def begin_again(begin: Callable[[], Iterator[T]]) -> Iterator[T]:
    """Give what `begin` gives; it begins once more where it was overtaken before it gave anything."""
    given = False
    try:
        for one in begin():
            given = True
            yield one
    except StoreError as error:
        if given or error.key != _OVERTAKEN:
            raise
        yield from begin()
