"""Takes the lines of a document and the files beside it, and adds the metadata that belong to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePath

from index.errors import ReadError
from index.read.owms import about_of_xml, identifier_of, is_side_file
from index.read.source import About, Source
from index.read.xml import parse_xml

Beside = Callable[[str], bytes | None]
_OF_FOLDER = ("metadata.xml", "metadata_owms.xml")
_OF_FILE = ("{stem}.metadata.xml", "{stem}_metadata.xml", "{stem}-metadata.xml", "{stem}.meta.xml")


def side_files(path: Path) -> list[Path]:
    """Return the files beside `path` that its metadata may stand in, those that are there."""
    if path.name in _OF_FOLDER:
        return []
    names = [*(name.format(stem=path.stem) for name in _OF_FILE), *_OF_FOLDER]
    return [path.with_name(name) for name in names if path.with_name(name).is_file()]


def with_metadata_beside(source: Source, path: PurePath, beside: Beside) -> Source:
    """Return the source with the metadata of its own metadata file, or of its folder's when the identifier is its."""
    own = {identifier_of(text) for text in (*source.about.get("identifier", ()), path.stem, path.parent.name)}
    for name in (*(name.format(stem=path.stem) for name in _OF_FILE), *_OF_FOLDER):
        if name == path.name:
            continue
        about = _about(beside(name), name)
        theirs = {identifier_of(text) for text in about.get("identifier", ())} - {None}
        if about and (name not in _OF_FOLDER or theirs & own):
            return replace(source, about={**about, **source.about})
    return source


def _about(data: bytes | None, name: str) -> About:
    if not data:
        return {}
    try:
        root = parse_xml(data, name)
    except ReadError:
        return {}  # it is named by itself when its own turn comes
    return about_of_xml(root) if is_side_file(root) else {}
