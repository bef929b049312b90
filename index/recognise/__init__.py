"""Takes the lines of a file and gives a draft of the document they are: each kind is tried, the first that fits."""

from __future__ import annotations

from index.read.source import Source
from index.recognise import kamervragen, letter, openkamer, page
from index.recognise.draft import Draft

__all__ = ["Draft", "recognise"]

# By content, never by name; a page is what is left, for any text can be read as one.
_KINDS = (openkamer, kamervragen, letter, page)


def recognise(source: Source) -> Draft:
    """Return what the file was recognised as."""
    return next(kind for kind in _KINDS if kind.looks_like(source)).parse(source)
