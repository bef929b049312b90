"""Takes the bytes of a ZIP and gives its members, one by one, in memory; nothing is ever written to disk.

What a member says of its own size is not believed: it is unpacked up to a limit, and an archive as a whole up to
another. A name is only a label, from which every way out of the archive is taken.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import IO

from index.errors import ReadError

MEMBER = 200 * 1024 * 1024  # bytes of one member, unpacked
TOTAL = 1024 * 1024 * 1024  # bytes of all members together, unpacked
MEMBERS = 20_000
_RATIO = 300  # unpacked to packed, for anything larger than `_SMALL`; text packs 3 to 20 times, rarely 100
_SMALL = 8 * 1024 * 1024
_PIECE = 1024 * 1024
_SEPARATOR = "!/"


class Archive:
    """The members of a ZIP by name. Raises `ReadError` where it is damaged, locked or far larger than it seems."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._size = len(data)
        self._unpacked = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OverflowError) as error:
            raise ReadError("read.broken_zip", file=name) from error
        if len(self._zip.infolist()) > MEMBERS:
            raise ReadError("read.too_many_members", file=name, most=MEMBERS)
        self._members = {info.filename: info for info in self._zip.infolist() if not info.is_dir()}

    @property
    def names(self) -> list[str]:
        """The names of the members as written, in the order of the archive."""
        return list(self._members)

    def documents(self) -> Iterator[str]:
        """Yield the members that a person put there, by name; not what systems leave behind."""
        for name in sorted(self._members):
            parts = name.replace("\\", "/").split("/")
            if not any(part.startswith(".") and part.strip(".") for part in parts) and "__MACOSX" not in parts:
                yield name

    def label(self, member: str) -> str:
        """The source of a member: "archive.zip!/map/brief.docx"; nothing in it leads out of the archive."""
        parts = member.replace("\\", "/").split("/")
        kept = ["".join(c for c in part if c.isprintable()) for part in parts if part.strip(". ")]
        return f"{self.name}{_SEPARATOR}{'/'.join(kept)}"

    def read(self, member: str, limit: int = MEMBER) -> bytes | None:
        """Return the bytes of a member; None when it is not there."""
        info = self._members.get(member)
        if info is None:
            return None
        label = self.label(member)
        if info.flag_bits & 1:
            raise ReadError("read.locked", file=label)
        try:
            with self._zip.open(info) as file:
                return self._unpack(file, label, limit, info.compress_size)
        except ReadError:
            raise
        except Exception as error:  # zlib, bz2 and lzma each have errors of their own
            raise ReadError("read.broken_zip", file=label) from error

    def _unpack(self, file: IO[bytes], label: str, limit: int, packed: int) -> bytes:
        pieces: list[bytes] = []
        size = 0
        while piece := file.read(_PIECE):
            size += len(piece)
            self._unpacked += len(piece)
            if size > limit or self._unpacked > TOTAL:
                raise ReadError("read.too_large", file=label, megabytes=min(limit, TOTAL) // 1024 // 1024)
            if size > _SMALL and size > _RATIO * max(min(packed, self._size), 1):
                raise ReadError("read.zip_bomb", file=label)
            pieces.append(piece)
        return b"".join(pieces)
