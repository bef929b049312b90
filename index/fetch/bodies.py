"""What a server gave for a document in, nothing out: what is no document is refused, by the name of what it is."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from index.errors import FetchError, ReadError
from index.fetch.hosts import shown
from index.fetch.values import Form
from index.read import read
from index.read.official_xml import read_official_xml
from index.read.sniff import sniff
from index.read.tree import Node
from index.read.xml import parse_xml

SUFFIXES: dict[str, str] = {"xml": ".xml", "html": ".html", "pdf": ".pdf", "zip": ".zip", "json": ".json"}
_ALLOWED: dict[Form, frozenset[str]] = {
    "xml": frozenset({"xml"}),
    "html": frozenset({"html"}),
    "pdf": frozenset({"pdf"}),
    "docx": frozenset({"zip"}),
    "json": frozenset({"json"}),
    "any": frozenset({"xml", "html", "pdf", "zip", "json", "text"}),
}
_END = 2048  # bytes at the end of a PDF or a page in which it says that it ends


def refuse_no_document(form: Form, body: bytes, url: str) -> str:
    """Return the suffix for the file of a body; raise `FetchError` where it is not a whole document of its form."""
    if not body.strip():
        raise FetchError("fetch.empty", url=shown(url))
    kind = sniff(body)
    if kind not in _ALLOWED[form]:
        # A missing publication is answered by a page that says so, with status 200.
        key = "fetch.error_page" if kind == "html" else "fetch.wrong_type"
        raise FetchError(key, gone=kind == "html", url=shown(url), wanted=form, found=kind)
    if kind == "xml":
        _refuse_no_publication(body, url)
    elif kind == "pdf":
        if b"%%EOF" not in body[-_END:]:
            raise FetchError("fetch.cut", url=shown(url))
    elif kind == "json":
        _refuse_no_json(body, url)
    elif form == "html" and b"</html" not in body[-_END:].lower():
        raise FetchError("fetch.cut", url=shown(url))
    else:
        _refuse_unreadable(body, url, SUFFIXES.get(kind, ".txt"))
    return ".docx" if form == "docx" else SUFFIXES.get(kind, ".txt")


def diagnostics_of(root: Node) -> str | None:
    """Return what the search service complains of, where its answer holds nothing else."""
    if root.find("diagnostics") is None or root.find("numberofrecords") is not None:
        return None
    words = [node.text for node in root.all("message", "details") if node.text]
    return shown(" ".join(words)) or "?"


def _refuse_no_publication(body: bytes, url: str) -> None:
    try:
        root = parse_xml(body, shown(url))
    except ReadError as error:
        raise FetchError("fetch.garbled", url=shown(url), reason=error) from error
    complaint = diagnostics_of(root)
    if complaint:
        raise FetchError("fetch.diagnostics", url=shown(url), reason=complaint)
    if root.tag == "html":
        raise FetchError("fetch.error_page", gone=True, url=shown(url))
    if not any(line.text.strip() for line in read_official_xml(root).lines):
        raise FetchError("fetch.empty_record", url=shown(url))


def _refuse_no_json(body: bytes, url: str) -> None:
    try:
        json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FetchError("fetch.garbled", url=shown(url), reason="JSON") from error


def _refuse_unreadable(body: bytes, url: str, suffix: str) -> None:
    """Read it as it will be read later on; an error page is one of the things that are no document."""
    with tempfile.TemporaryDirectory(prefix="vraagbaak-") as folder:
        path = Path(folder, f"document{suffix}")
        path.write_bytes(body)
        try:
            read(path)
        except ReadError as error:
            if error.key == "read.error_page":
                raise FetchError("fetch.error_page", gone=True, url=shown(url)) from error
            key = "fetch.empty" if error.key == "read.empty" else "fetch.garbled"
            error.fields["file"] = shown(url)
            raise FetchError(key, url=shown(url), reason=error) from error
