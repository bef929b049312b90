"""Readings go in, generations that can be searched come out, and nothing that was committed is ever lost or half seen.

store      opening a store, and the snapshots that requests read
snapshot   one generation of any store, searched
contents   one generation of a store in a folder, read
folder_snapshot    its searching
loaded     its engines, opened and verified
write      the one writer
admin      generations, rollback, check, repair, purge
backup     a store copied and put back
manifest, generations, rows, profile_rows, indexes, vectors, files    what those are made of
"""

from index.store.store import Store

__all__ = ["Store"]
