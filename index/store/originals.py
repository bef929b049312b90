"""The source files that a store keeps, each once under the hash of its bytes, whatever it was called.

Knows names and bytes, no rows: the rows of the files say which of these belong to a document, and those that no row
names any more are removed.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from index.errors import ReadError
from index.store.files import ORIGINALS, checksum, sync_files, sync_folder

_SYNCING = 8


def original_name(digest: str, suffix: str) -> str:
    """Return the name, relative to the store, under which a file with this SHA-256 is kept.

    The suffix stays, for reading goes by it.
    """
    return f"{ORIGINALS}/{digest[:2]}/{digest}{suffix.lower()}"


def digest_in(name: str) -> str:
    """Return the SHA-256 that is part of a kept file's name."""
    return Path(name).name[:64]


def keep_original(root: Path, path: Path) -> str:
    """Copy a file into the store; return its name there. It is not safe from loss of power before `sync_originals`.

    Raises `ReadError` when the file changes while it is copied.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    name = original_name(digest, path.suffix)
    target = root / name
    if not target.parent.is_dir():
        target.parent.mkdir(parents=True)
    partial = target.with_name(target.name + ".partial")
    shutil.copyfile(path, partial)
    if checksum(partial) != digest:
        partial.unlink()
        raise ReadError("store.moving", path=path)
    partial.replace(target)
    return name


def sync_originals(root: Path, names: Iterable[str]) -> None:
    """Make kept files survive a loss of power."""
    paths = [root / name for name in names]
    with ThreadPoolExecutor(_SYNCING) as pool:
        # The disk gathers what is asked of it at the same time.
        list(pool.map(lambda path: sync_files([path]), paths))
    for folder in {path.parent for path in paths}:
        sync_folder(folder)
    if paths:
        sync_folder(root / ORIGINALS)


def remove_originals(root: Path, names: Iterable[str]) -> None:
    """Remove kept files."""
    for name in names:
        (root / name).unlink(missing_ok=True)


def stray_originals(root: Path, kept: set[str]) -> list[str]:
    """Return what lies among the kept files and is not one of `kept`."""
    found = (root / ORIGINALS).glob("*/*")
    return [name for path in found if (name := path.relative_to(root).as_posix()) not in kept]


def is_whole(root: Path, name: str) -> bool:
    """Whether a kept file is there as it was written."""
    path = root / name
    return path.is_file() and checksum(path) == digest_in(name)
