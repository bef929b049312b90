"""Takes the bytes of a text file and gives its lines; knows encodings, not what the text means."""

from __future__ import annotations

import codecs

from index.errors import ReadError
from index.read.source import Line, Source

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = bytes(frozenset(range(32)) - frozenset(b"\t\n\r\f\v\x1b\x1a"))


def read_text(data: bytes, name: str) -> Source:
    """Return the lines of a text in UTF-8, UTF-16 or UTF-32 with a byte order mark, or Windows-1252."""
    text = decode(data, name).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    lines: list[Line] = []
    at = 0
    for part in text.split("\n"):
        lines.append(Line(part, at))
        at += len(part) + 1
    return Source("text", tuple(lines))


def decode(data: bytes, name: str) -> str:
    """Return the text of `data`; a `ReadError` names the file where it is no text in a known encoding."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise ReadError("read.encoding", file=name) from error
    sample = data[:65536]
    if len(sample) - len(sample.translate(None, _CONTROL)) > len(sample) // 1000:
        raise ReadError("read.binary", file=name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise ReadError("read.encoding", file=name) from error
