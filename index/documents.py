"""Takes paths and gives documents that are read, recognised and cut: the whole of reading on one screen."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from index.chunk import cut
from index.errors import ReadError
from index.read import Source, read, read_all
from index.read.beside import side_files
from index.recognise import recognise
from index.recognise.draft import Draft, Meta
from index.recognise.links import OFFICIAL_PAGE
from index.values import Document, Places, Reading

__all__ = ["find_files", "official_page", "read_document", "read_documents", "side_files"]

_PAGES = {
    "BWB": "https://wetten.overheid.nl/{document}",
    "CVDR": "https://lokaleregelgeving.overheid.nl/{document}",
}
_NAMES = {"letter": "brief", "page": "pagina", "faq": "faq", "publication": "publicatie"}


def find_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files in `paths` and in their folders, each once and in a stable order; hidden ones are left out.

    A folder that cannot be opened, or a link that leads nowhere, stands among them: reading it says what is wrong.
    """
    files: dict[Path, None] = {}
    for path in paths:
        if _is_folder(path):
            files.update(dict.fromkeys(sorted(_inside(path))))
        elif is_there(path):
            files[path] = None
        else:
            raise ReadError("read.missing", file=str(path))
    return list(files)


def _inside(folder: Path) -> Iterator[Path]:
    closed: list[Path] = []
    for place, folders, names in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            file = Path(place, name)
            if not name.startswith(".") and _is_file(file):
                yield file
    yield from closed


def is_there(path: Path) -> bool:
    """Whether anything stands at a path, or stands where we may not look: then reading it says so."""
    try:
        return path.exists()
    except OSError:
        return True


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _is_file(path: Path) -> bool:
    """Whether a path is a file, or a link that leads nowhere or to where we may not look."""
    try:
        return path.is_file() or (path.is_symlink() and not path.exists())
    except OSError:
        return True


def read_document(path: Path, source: str, count_tokens: Callable[[str], int]) -> Reading:
    """Return the file's first document with its text and passages; `source` is stored as given.

    Raises `ReadError` with one sentence that names the file, the reason and the cure.
    """
    return _understood(read(path), source, count_tokens)


def read_documents(path: Path, source: str, count_tokens: Callable[[str], int]) -> list[Reading]:
    """Return all documents in a file: an archive or a list can hold many, a file about another document none.

    A document within a file has a `source` of its own ("archief.zip!/brief.docx"). What of an archive could not be
    read is a warning of its first document. Raises `ReadError` where nothing of the file could be read.
    """
    readings: list[Reading] = []
    errors: list[ReadError] = []
    for found in read_all(path):
        try:
            if found.error:
                raise found.error
            if found.source:
                place = found.name.removeprefix(str(path))
                readings.append(_understood(found.source, source + place, count_tokens))
        except ReadError as error:
            errors.append(error)
    if errors and not readings:
        raise errors[0]
    if errors:
        readings[0] = replace(readings[0], warnings=(*map(str, errors), *readings[0].warnings))
    return readings


def _understood(lines: Source, source: str, count_tokens: Callable[[str], int]) -> Reading:
    draft = recognise(lines)
    document = _document(draft, source)
    done = cut(draft, document.document, count_tokens)
    if not done.passages:
        raise ReadError("read.empty", file=source)
    places = Places(done.runs, _pages(lines))
    return Reading(document, done.text, done.passages, (*lines.warnings, *done.warnings), places)


def _pages(source: Source) -> tuple[int, ...]:
    """Where in the file's own text each page begins, for a file that has pages."""
    if source.format != "pdf":
        return ()
    starts = [0] * source.pages
    at, page = 0, 0
    for line in source.lines:
        if line.page > page:  # a page without text begins where the next one does
            starts[page : line.page] = [line.at] * (line.page - page)
            page = line.page
        at = line.at + len(line.text)
    starts[page:] = [at] * (source.pages - page)
    return tuple(starts)


def _document(draft: Draft, source: str) -> Document:
    meta = draft.meta
    name = meta.document or _content_name(draft)
    return Document(
        document=name,
        kind=meta.kind,
        title=meta.title,
        source=source,
        sources=(source,),
        case=meta.case,
        number=meta.number,
        date=meta.date,
        asked=meta.asked,
        answered=meta.answered,
        askers=meta.askers,
        answered_by=meta.answered_by,
        topics=meta.topics,
        url=official_page(meta) or _safe(meta.url),
        follows=meta.follows,
    )


def official_page(meta: Meta) -> str | None:
    """Return the address of the official publication, where the document has an official identifier."""
    if meta.document is None or meta.document.startswith("voorbeeld-"):
        return None
    for start, page in _PAGES.items():
        if meta.document.startswith(start):
            return page.format(document=meta.document)
    return OFFICIAL_PAGE.format(document=meta.document)


def _safe(address: str | None) -> str | None:
    """An address that a page gives of itself, if it is one of the web."""
    return address if address and re.fullmatch(r"https?://[^\s<>\"']{1,2000}", address) else None


def _content_name(draft: Draft) -> str:
    """An identifier made from the words of the document, the same for the same words in another file."""
    words = " ".join(paragraph.text for part in draft.parts for paragraph in (*part.question, *part.body))
    digest = hashlib.sha256(f"{draft.meta.title} {words}".encode()).hexdigest()[:12]
    return f"{_NAMES.get(draft.meta.kind, 'kamervraag')}-{digest}"
