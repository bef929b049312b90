"""Takes paths and gives documents that are read, recognised and cut: the whole of reading on one screen."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from index.chunk import cut
from index.errors import ReadError
from index.read import read
from index.recognise import recognise
from index.recognise.draft import Draft, Meta
from index.values import Document, Reading

OFFICIAL_PAGE = "https://zoek.officielebekendmakingen.nl/{document}.html"
_NAMES = {"letter": "brief", "page": "pagina", "faq": "faq", "publication": "publicatie"}


def find_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files in `paths` and in their folders, each once and in a stable order; hidden ones are left out."""
    files: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = (file for file in path.rglob("*") if file.is_file())
            shown = (file for file in inside if not any(p.startswith(".") for p in file.relative_to(path).parts))
            files.update(dict.fromkeys(sorted(shown)))
        elif path.exists():
            files[path] = None
        else:
            raise ReadError("read.missing", file=str(path))
    return list(files)


def read_document(path: Path, source: str, count_tokens: Callable[[str], int]) -> Reading:
    """Return the file as a document with its text and passages; `source` is stored as given.

    Raises `ReadError` with one sentence that names the file, the reason and the cure.
    """
    lines = read(path)
    draft = recognise(lines)
    document = _document(draft, source)
    done = cut(draft, document.document, count_tokens)
    if not done.passages:
        raise ReadError("read.empty", file=str(path))
    return Reading(document, done.text, done.passages, (*lines.warnings, *done.warnings))


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
        url=official_page(meta),
    )


def official_page(meta: Meta) -> str | None:
    """Return the address of the official publication, where the document has an official identifier."""
    if meta.document is None or meta.document.startswith("voorbeeld-"):
        return None
    return OFFICIAL_PAGE.format(document=meta.document)


def _content_name(draft: Draft) -> str:
    """An identifier made from the words of the document, the same for the same words in another file."""
    words = " ".join(paragraph.text for part in draft.parts for paragraph in (*part.question, *part.body))
    digest = hashlib.sha256(f"{draft.meta.title} {words}".encode()).hexdigest()[:12]
    return f"{_NAMES.get(draft.meta.kind, 'kamervraag')}-{digest}"
