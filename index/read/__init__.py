"""Takes the path of a file and gives its lines: one reader for each kind of file, chosen by the file's content."""

from __future__ import annotations

from pathlib import Path

from index.errors import ReadError
from index.read.pdf import read_pdf
from index.read.source import Line, Source
from index.read.text import read_text

__all__ = ["Line", "Source", "read"]

LARGEST = 200 * 1024 * 1024  # bytes; a document is never larger, a mistaken file may be
# First bytes of kinds of files that are not read (yet), with their name for a person.
_UNREAD = (
    (b"PK\x03\x04", "ZIP"),
    (b"\xd0\xcf\x11\xe0", "Word/Excel 97–2003"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
)


def read(path: Path) -> Source:
    """Return the file as lines; a `ReadError` names the file, the reason and the cure."""
    name = str(path)
    try:
        if path.stat().st_size > LARGEST:
            raise ReadError("read.too_large", file=name, megabytes=LARGEST // 1024 // 1024)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ReadError("read.missing", file=name) from error
    except OSError as error:
        raise ReadError("read.unreadable", file=name, reason=error.strerror or type(error).__name__) from error
    if not data.strip():
        raise ReadError("read.empty", file=name)
    for start, kind in _UNREAD:
        if data.startswith(start):
            raise ReadError("read.unknown_kind", file=name, kind=kind)
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return read_pdf(data, name)
    source = read_text(data, name)
    if not any(line.text.strip() for line in source.lines):
        raise ReadError("read.empty", file=name)
    return source
