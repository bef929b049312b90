"""The files of a store: one writer's lock, safe writing, checksums, and what belongs to which generation.

Knows names and bytes, no rows and no meaning. Every file below `lexical/` and `vectors/` is written once and never
changed, so generations share them by hard links.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from index.errors import StoreError

DATABASE = "store.sqlite"
LOCK = "lock"
NEWEST = "newest"
LEXICAL = "lexical"
VECTORS = "vectors"
ORIGINALS = "originals"
OURS = frozenset({LOCK, NEWEST, LEXICAL, VECTORS, ORIGINALS})

_PARTIAL = ".partial"

Checksums = Mapping[str, str]


def is_foreign(folder: Path) -> bool:
    """Whether `folder` holds something that is not a store, nor the beginning of one."""
    if not folder.exists():
        return False
    if not folder.is_dir():
        return True
    names = (entry.name.removesuffix(_PARTIAL) for entry in folder.iterdir())
    return any(name not in OURS and not name.startswith(DATABASE) for name in names)


@contextmanager
def locked(folder: Path) -> Iterator[bool]:
    """Be the only writer of the store in `folder`, across processes, until the end of the block.

    Gives whether the writer before died at its work, and so may have left something behind. Raises `StoreError` at
    once when another writer is at work; the system frees the lock of a process that dies.
    """
    with (folder / LOCK).open("a+b") as lock:
        taken = _take(lock.fileno())
        lock.seek(0)
        process = lock.read(20).decode("ascii", "replace")
        if not taken:
            raise StoreError("store.busy", folder=folder, process=process)
        lock.truncate(0)
        lock.write(str(os.getpid()).encode("ascii"))
        lock.flush()
        yield bool(process)
        lock.truncate(0)


def note_newest(folder: Path, generation: int) -> None:
    """Note outside the database which generation is the last one, so that an older database is recognised as such."""
    write_file(folder / NEWEST, f"{generation} {_proof(generation)}".encode("ascii"))


def newest_noted(folder: Path) -> int | None:
    """Return the number of the last generation as it was noted; none when there is no note or it is damaged."""
    try:
        generation, proof = (folder / NEWEST).read_bytes().decode("ascii").split(" ")
        return int(generation) if proof == _proof(int(generation)) else None
    except (OSError, ValueError):
        return None


def _proof(generation: int) -> str:
    return hashlib.sha256(f"generation {generation}".encode("ascii")).hexdigest()


def write_file(path: Path, data: bytes | Callable[[BinaryIO], object]) -> None:
    """Write a whole file so that after a crash it is there in full or not at all; `data` may write it itself."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + _PARTIAL)
    with partial.open("wb") as file:
        if isinstance(data, bytes):
            file.write(data)
        else:
            data(file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` survive a loss of power, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sync_files(paths: Iterable[Path]) -> None:
    """Make the contents of files that another library wrote survive a loss of power."""
    for path in paths:
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def share_folder(source: Path, target: Path) -> None:
    """Fill the new folder `target` with the files of `source`, without copying where the file system can link."""
    target.mkdir(parents=True)
    for path in data_files(source):
        try:
            (target / path.name).hardlink_to(path)
        except OSError:
            shutil.copyfile(path, target / path.name)


def data_files(folder: Path) -> list[Path]:
    """Return the files that hold an index's data, without the lock files its engine leaves behind."""
    return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith(".tantivy-"))


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checksums(root: Path, paths: Iterable[Path], known: Checksums) -> dict[str, str]:
    """Return the checksum of each path, named relative to `root`; `known` saves reading what cannot have changed.

    `known` maps (name within its folder) to a checksum and is only right for files that are never rewritten.
    """
    return {path.relative_to(root).as_posix(): known.get(path.name) or checksum(path) for path in paths}


def remove_strangers(root: Path, keep: set[str]) -> None:
    """Remove from the index folders whatever no kept generation names: the leftovers of a crash, dropped files."""
    (root / (NEWEST + _PARTIAL)).unlink(missing_ok=True)
    for kind in (LEXICAL, VECTORS):
        if not (root / kind).is_dir():
            continue
        for path in sorted((root / kind).rglob("*"), reverse=True):
            name = path.relative_to(root).as_posix()
            if path.is_dir():
                if not any(kept.startswith(name + "/") for kept in keep):
                    shutil.rmtree(path, ignore_errors=True)
            elif name not in keep and not _is_kept_lock(path, keep, root):
                path.unlink(missing_ok=True)


def _is_kept_lock(path: Path, keep: set[str], root: Path) -> bool:
    folder = path.parent.relative_to(root).as_posix() + "/"
    return path.name.startswith(".tantivy-") and any(kept.startswith(folder) for kept in keep)


def _take(handle: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
