"""Takes the path of a file and gives its lines: one reader for each kind of file, chosen by the file's content."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import ReadError
from index.read.archive import Archive
from index.read.beside import with_metadata_beside
from index.read.docx import read_docx
from index.read.odt import is_odt, read_odt
from index.read.official_xml import read_official_xml
from index.read.owms import is_side_file
from index.read.page_html import read_html
from index.read.pdf import read_pdf
from index.read.rows import is_csv, read_csv, read_json, read_xlsx
from index.read.sniff import sniff, unread_kind
from index.read.source import Line, Source
from index.read.text import decode, read_text
from index.read.xml import parse_xml

__all__ = ["Found", "Line", "Source", "read", "read_all"]

LARGEST = 200 * 1024 * 1024  # bytes; a document is never larger, a mistaken file may be
MARKUP = 64 * 1024 * 1024  # bytes of an XML, HTML or JSON file: its tree takes many times more
_NESTED = 3  # archives in archives
_CHARSET = re.compile(rb"(?:charset|encoding)\s{0,3}=\s{0,3}[\"']?([\w.:-]{2,30})", re.IGNORECASE)
_TAG = re.compile(rb"</(?:html|body|main|div|p|script|style|h[1-6])\s*>", re.IGNORECASE)
_PAGE = ("html", "htm", "xhtml")  # the name tells only what the content leaves open
# What a name can end in that a plain text never is; anything else is known by its content alone.
_NEVER_TEXT = {
    **{"pdf": "PDF", "docx": "Word (docx)", "xlsx": "Excel (xlsx)", "odt": "OpenDocument (odt)", "zip": "ZIP"},
    **{"doc": "Word (doc)", "json": "JSON", "jsonl": "JSON", "xml": "XML"},
}
_OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "PowerPoint"}


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a file: the lines of a document, or why it could not be read, or neither for a side file.

    `name` is the path of the file, with the place in it: "archief.zip!/brief.docx", "faq.json#12".
    """

    name: str
    source: Source | None = None
    error: ReadError | None = None


def read(path: Path) -> Source:
    """Return the lines of a file's first document; a `ReadError` names the file, the reason and the cure."""
    for found in read_all(path):
        if found.error:
            raise found.error
        if found.source:
            return found.source
    raise ReadError("read.side_file", file=str(path))


def read_all(path: Path) -> Iterator[Found]:
    """Yield all that a file holds, one by one; a `ReadError` is raised where the file as a whole cannot be read."""
    name = str(path)
    try:
        if path.stat().st_size > LARGEST:
            raise ReadError("read.too_large", file=name, megabytes=LARGEST // 1024 // 1024)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ReadError("read.missing", file=name) from error
    except OSError as error:
        raise ReadError("read.unreadable", file=name, reason=error.strerror or type(error).__name__) from error

    def beside(other: str) -> bytes | None:
        file = path.parent / other
        return file.read_bytes() if file.is_file() and file.stat().st_size < MARKUP else None

    for found in _read(data, name, 0):
        yield replace(found, source=with_metadata_beside(found.source, path, beside)) if found.source else found


def _read(data: bytes, name: str, depth: int) -> Iterator[Found]:
    if not data.strip():
        raise ReadError("read.empty", file=name)
    unread = unread_kind(data)
    if unread:
        raise ReadError("read.unknown_kind", file=name, kind=unread)
    kind = sniff(data)
    ending = name.rpartition(".")[2].lower()
    if kind == "text" and ending in _NEVER_TEXT:
        raise ReadError("read.not_what_it_says", file=name, kind=_NEVER_TEXT[ending])
    if kind == "text" and ending in _PAGE and _TAG.search(data):
        kind = "html"  # something stands before the page
    if kind == "zip":
        yield from _read_zip(data, name, depth)
        return
    if kind == "json":
        for place, source in read_json(decode(_bounded(data, name), name), name):
            yield Found(f"{name}#{place}" if place else name, source)
        return
    found = _READERS[kind](data, name)
    yield _filled(found, name) if found else Found(name)


def _read_zip(data: bytes, name: str, depth: int) -> Iterator[Found]:
    archive = Archive(data, name)
    office = next((kind for member, kind in _OFFICE.items() if member in archive.names), None)
    if office == "docx":
        yield _filled(read_docx(archive), name)
    elif office == "xlsx":
        yield _filled(read_xlsx(archive), name)
    elif is_odt(archive):
        yield _filled(read_odt(archive), name)
    elif office or "mimetype" in archive.names:
        raise ReadError("read.unknown_kind", file=name, kind=office or "OpenDocument/EPUB")
    elif depth >= _NESTED:
        raise ReadError("read.nested_zip", file=name)
    else:
        if not any(archive.documents()):
            raise ReadError("read.empty", file=name)
        for member in archive.documents():
            yield from _read_member(archive, member, depth)


def _read_member(archive: Archive, member: str, depth: int) -> Iterator[Found]:
    label = archive.label(member)
    folder = member.rpartition("/")[0]

    def beside(other: str) -> bytes | None:
        return archive.read(f"{folder}/{other}" if folder else other, MARKUP)

    try:
        for found in _read(archive.read(member) or b"", label, depth + 1):
            source = with_metadata_beside(found.source, Path(member), beside) if found.source else None
            yield replace(found, source=source)
    except ReadError as error:
        error.__cause__ = error.__context__ = None
        yield Found(label, error=error.with_traceback(None))  # its frames hold all that was unpacked


def _filled(source: Source, name: str) -> Found:
    if not any(line.text.strip() for line in source.lines):
        raise ReadError("read.empty", file=name)
    return Found(name, source)


def _read_xml(data: bytes, name: str) -> Source | None:
    root = parse_xml(_bounded(data, name), name)
    return None if is_side_file(root) else read_official_xml(root)


def _read_html(data: bytes, name: str) -> Source:
    return read_html(_html_text(_bounded(data, name), name), name)


def _read_plain(data: bytes, name: str) -> Source:
    text = decode(data, name)
    return read_csv(text, name) if is_csv(text) else read_text(data, name)


def _bounded(data: bytes, name: str) -> bytes:
    if len(data) > MARKUP:
        raise ReadError("read.too_large", file=name, megabytes=MARKUP // 1024 // 1024)
    return data


def _html_text(data: bytes, name: str) -> str:
    """The text of a page in the encoding that it declares, where it can be read so; else as any text is."""
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = declared[1].decode("ascii").lower()
        encoding = "cp1252" if encoding in ("iso-8859-1", "latin-1", "latin1", "us-ascii") else encoding
        try:
            if codecs.lookup(encoding)._is_text_encoding:
                return data.decode(encoding)
        except (LookupError, UnicodeDecodeError, ValueError):
            pass
    return decode(data, name)


_READERS: dict[str, Callable[[bytes, str], Source | None]] = {
    "pdf": read_pdf,
    "xml": _read_xml,
    "html": _read_html,
    "text": _read_plain,
}
