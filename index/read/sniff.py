"""Takes the first bytes of a file and tells what kind of file it is, whatever its name; knows how each kind begins."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["pdf", "zip", "xml", "html", "json", "text"]

# First bytes of kinds of files that are not read, with their name for a person.
_UNREAD = (
    (b"\xd0\xcf\x11\xe0", "Word/Excel 97–2003"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!", "RAR"),
)
_HTML = re.compile(
    r"(?:\s|<!--.{0,4000}?-->|<\?.{0,400}?>)*+<(?:!doctype\s+html\b|(?:html|head|body|meta|title)[\s>/])",
    re.IGNORECASE | re.DOTALL,
)
_PIECE = re.compile(r"\s*+<(?:main|article|section|div|table|ul|h[1-6]|p)[\s>]", re.IGNORECASE)
_XML = re.compile(r"\s*+<(?:\?xml\b|!--|!doctype\b|[A-Za-z_][\w.:-]{0,60}+[\s>/])", re.IGNORECASE)
_CLOSED = re.compile(r"</[A-Za-z][\w.:-]{0,60}>|/>")
_JSON = re.compile(r"\s*+(?:\[\s*+[{\]]|\{\s*+[\"}])")
_START = 16_384


def unread_kind(data: bytes) -> str | None:
    """Return the name of a kind of file that is known but not read."""
    return next((kind for start, kind in _UNREAD if data.startswith(start)), None)


def sniff(data: bytes) -> Kind:
    """Return what a file is by how it begins; anything else is text."""
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    start = data[:_START].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").decode("latin-1")
    is_closed = data[-64:].rstrip(b"\x00\r\n ").endswith(b">")  # Markdown may begin with a tag, it ends without
    if _HTML.match(start) or (_PIECE.match(start) and is_closed):
        return "html"
    if _XML.match(start) and (start.lstrip().startswith("<?xml") or (is_closed and _CLOSED.search(start))):
        return "xml"
    return "json" if _JSON.match(start) else "text"
