"""A store copied to another folder and back, while others read it; either is there in full or not at all."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from index.errors import StoreError
from index.store.check import check_store
from index.store.files import DATABASE, NEWEST, checksum, locked, note_newest, sync_files, sync_folder
from index.store.generations import kept_originals, remove_leftovers
from index.store.manifest import Manifest, current_generation, read_manifest, read_manifests
from index.store.originals import digest_in
from index.store.rows import connect, damage_named, failures_named, last_number
from index.store.store import prepare_folder

_ATTEMPTS = 5


def backup(folder: Path, target: Path) -> None:
    """Copy the store in `folder`, with all its generations, to `target`, which is missing or empty.

    Readers and a writer may go on meanwhile. Raises `StoreError` when the store is damaged or `target` holds anything.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise StoreError("store.target", folder=target)
    if target.resolve().is_relative_to(folder.resolve()):
        raise StoreError("store.within", folder=target)
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


def restore(saved: Path, folder: Path) -> tuple[Manifest, Manifest | None]:
    """Put the store that was saved in `saved` in the place of the one in `folder`, or where there is none yet.

    Returns what is shown now, and what was before; none where there was nothing, or nothing readable. Readers
    keep what they have to the end of their request. Raises `StoreError` when the saved one is damaged.
    """
    if not (saved / DATABASE).is_file():
        raise StoreError("store.no_backup", folder=saved)
    if damages := check_store(saved):
        raise StoreError("store.damaged", folder=saved, part=damages[0].part)
    _make_way(folder)
    prepare_folder(folder)
    with (
        closing(connect(saved)) as source,
        closing(connect(folder, write=True)) as target,
        locked(folder),
        failures_named(folder),
    ):
        replaced = None
        with suppress(StoreError):
            replaced = _shown(target, folder)
        # Names of index files are never given twice, so that these stand beside those in use until the switch.
        for name, digest in _files(source, saved).items():
            _copy_file(saved, folder, name, digest)
        # Noted first: a note may be older than the database, never newer.
        note_newest(folder, min(last_number(source, "generations"), last_number(target, "generations")))
        source.backup(target)
        note_newest(folder, last_number(target, "generations"))
        remove_leftovers(target, folder)
        return _shown(target, folder), replaced


def _shown(connection: sqlite3.Connection, folder: Path) -> Manifest:
    return read_manifest(connection, current_generation(connection, folder), folder)


def _make_way(folder: Path) -> None:
    """Take away a database that can no longer be opened: what was saved comes in its place."""
    if not (folder / DATABASE).exists() and not (folder / NEWEST).exists():
        return
    try:
        connect(folder, write=True).close()
    except StoreError as error:
        if error.key not in ("store.damaged", "store.format", "store.later"):
            raise
        with locked(folder), failures_named(folder):
            (folder / NEWEST).unlink(missing_ok=True)
            for path in folder.glob(f"{DATABASE}*"):
                path.unlink()


def _copy(folder: Path, source: sqlite3.Connection, target: Path) -> None:
    with damage_named(folder), closing(sqlite3.connect(target / DATABASE)) as copy:
        source.backup(copy)
        files = _files(copy, folder)
        newest = last_number(copy, "generations")
    for name, digest in files.items():
        _copy_file(folder, target, name, digest)
    sync_files([target / DATABASE])
    note_newest(target, newest)
    sync_folder(target)


def _files(connection: sqlite3.Connection, folder: Path) -> dict[str, str]:
    manifests = read_manifests(connection, folder)
    files = {name: digest for manifest in manifests for name, digest in manifest.files.items()}
    return files | {name: digest_in(name) for name in kept_originals(connection)}


def _copy_file(source: Path, target: Path, name: str, digest: str) -> None:
    path = target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and checksum(path) == digest:
        return
    shutil.copyfile(source / name, path)
    if checksum(path) != digest:
        raise StoreError("store.damaged", folder=source, part=name)
    sync_files([path])
    sync_folder(path.parent)
