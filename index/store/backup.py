"""A store copied to another folder and back, while others read it; either is there in full or not at all."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from index.errors import StoreError
from index.store.admin import check_store
from index.store.files import DATABASE, checksum, locked, remove_strangers, sync_files, sync_folder
from index.store.generations import kept_files
from index.store.manifest import read_manifests
from index.store.rows import connect, damage_named, failures_named
from index.store.store import prepare_folder

_ATTEMPTS = 5


def backup(folder: Path, target: Path) -> None:
    """Copy the store in `folder`, with all its generations, to `target`, which is missing or empty.

    Readers and a writer may go on meanwhile. Raises `StoreError` when the store is damaged or `target` holds anything.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise StoreError("store.target", folder=target)
    partial = target.with_name(f"{target.name}.partial")
    with closing(connect(folder)) as source, failures_named(target):
        for attempt in range(_ATTEMPTS):
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True)
            try:
                _copy(folder, source, partial)
                break
            except FileNotFoundError:
                # A writer let go of a generation between the copy of the rows and that of its files.
                if attempt == _ATTEMPTS - 1:
                    raise
        if target.exists():
            target.rmdir()
        partial.rename(target)
        sync_folder(target.parent)


def restore(saved: Path, folder: Path) -> None:
    """Put the store that was saved in `saved` in the place of the one in `folder`, or where there is none yet.

    Readers keep what they have to the end of their request. Raises `StoreError` when the saved one is damaged.
    """
    if damages := check_store(saved):
        raise StoreError("store.damaged", folder=saved, part=damages[0].part)
    prepare_folder(folder)
    with (
        closing(connect(saved)) as source,
        closing(connect(folder, write=True)) as target,
        locked(folder),
        failures_named(folder),
    ):
        manifests = read_manifests(source, saved)
        # Names of index files are never given twice, so that these stand beside those in use until the switch.
        for name, digest in _files(source, saved).items():
            _copy_file(saved, folder, name, digest)
        source.backup(target)
        remove_strangers(folder, kept_files(manifests))


def _copy(folder: Path, source: sqlite3.Connection, target: Path) -> None:
    with damage_named(folder), closing(sqlite3.connect(target / DATABASE)) as copy:
        source.backup(copy)
        files = _files(copy, folder)
    for name, digest in files.items():
        _copy_file(folder, target, name, digest)
    sync_files([target / DATABASE])
    sync_folder(target)


def _files(connection: sqlite3.Connection, folder: Path) -> dict[str, str]:
    manifests = read_manifests(connection, folder)
    return {name: digest for manifest in manifests for name, digest in manifest.files.items()}


def _copy_file(source: Path, target: Path, name: str, digest: str) -> None:
    path = target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / name, path)
    if checksum(path) != digest:
        raise StoreError("store.damaged", folder=source, part=name)
    sync_files([path])
    sync_folder(path.parent)
