"""Takes a PDF and the number of a page, gives the page as a picture (PNG)."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from index.errors import ReadError
from index.read.pdf import opened, page_at


def page_png(path: Path, page: int, scale: float = 1.5) -> bytes:
    """Return a page, counted from 1, at `scale` pixels for each point; raise `ReadError` when it cannot be had."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadError("read.unreadable", file=path, reason=error.strerror or type(error).__name__) from error
    with opened(data, path.name) as (document, _):
        shown = page_at(document, page, path.name)
        try:
            drawn = shown.render(scale=scale, rev_byteorder=True, maybe_alpha=False)
        except Exception as error:  # pdfium's own errors on a damaged page have no common class
            raise ReadError("read.broken_page", file=path.name, page=page) from error
        raw, used = bytes(drawn.buffer), 3 * drawn.width
        rows = (raw[start : start + used] for start in range(0, drawn.height * drawn.stride, drawn.stride))
        width, height, rgb = drawn.width, drawn.height, b"".join(rows)
    return png(width, height, rgb)


def png(width: int, height: int, rgb: bytes) -> bytes:
    """Return an image of 8 bits a colour as PNG (W3C, Portable Network Graphics, chapter 5 and 9: no filter)."""
    row = 3 * width
    rows = b"".join(b"\0" + rgb[start : start + row] for start in range(0, height * row, row))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
