"""The bytes of a file go in, piece by piece; a file under the SHA-256 of its content comes out, never to be run."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path, PurePosixPath

from index.errors import ReadError

FOLDER = "uploads"
_STRANGE = re.compile(r"[^\w .()+-]")
_LONGEST = 80


class Uploads:
    """Keeps files in `folder`/uploads; one that is larger than `most` bytes is a `ReadError`."""

    def __init__(self, folder: Path, most: int) -> None:
        self.folder = folder / FOLDER
        self.most = most

    async def keep(self, name: str, pieces: AsyncIterator[bytes]) -> Path:
        """Store a file and return where; the same content is stored once, under the name it had first."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        digest, size = hashlib.sha256(), 0
        handle, temporary = tempfile.mkstemp(dir=self.folder, suffix=".partial")  # mode 0600: not to be run
        try:
            with os.fdopen(handle, "wb") as file:
                async for piece in pieces:
                    size += len(piece)
                    if size > self.most:
                        raise ReadError("library.too_large", file=safe_name(name), megabytes=self.most // 1_000_000)
                    digest.update(piece)
                    file.write(piece)
            place = self.folder / digest.hexdigest()
            place.mkdir(exist_ok=True, mode=0o700)
            there = next(place.iterdir(), None)
            if there is None:
                there = place / safe_name(name)
                Path(temporary).replace(there)
            return there
        finally:
            Path(temporary).unlink(missing_ok=True)

    def holds(self, path: str) -> bool:
        """Whether a path of the store is that of a file that was uploaded."""
        return Path(path).resolve().is_relative_to(self.folder.resolve())

    def named(self, text: str) -> str:
        """Return a sentence with each upload in it by its own name: where it lies is nobody's concern."""
        for folder in {str(self.folder), str(self.folder.resolve())}:
            text = re.sub(re.escape(folder + os.sep) + rf"[0-9a-f]{{64}}{re.escape(os.sep)}", "", text)
        return text

    def forget(self, path: str) -> None:
        """Remove an uploaded file; a path elsewhere is left alone."""
        if self.holds(path):
            found = Path(path)
            found.unlink(missing_ok=True)
            if found.parent != self.folder and found.parent.is_dir() and not any(found.parent.iterdir()):
                found.parent.rmdir()


def safe_name(name: str) -> str:
    """Return the last part of a file's name with nothing in it that means something to a file system."""
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    plain = _STRANGE.sub("_", last).strip(" .") or "document"
    stem, dot, suffix = plain.rpartition(".")
    return f"{stem[:_LONGEST]}.{suffix[:10].lower()}" if dot else plain[:_LONGEST]
