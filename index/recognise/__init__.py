"""Takes the lines of a file and gives a draft of the document they are: each kind is tried, the first that fits."""

from __future__ import annotations

from index.read.source import Source
from index.recognise import kamervragen, letter, openkamer, page
from index.recognise.draft import Draft

__all__ = ["Draft", "recognise"]

# By content, never by name; a page is what is left, for any text can be read as one.
_KINDS = (
    (openkamer.looks_like, openkamer.parse),
    (kamervragen.looks_like, kamervragen.parse),
    (letter.looks_like, letter.parse),
    (page.looks_like, page.parse),
)


def recognise(source: Source) -> Draft:
    """Return what the file was recognised as."""
    parse = next(parse for looks_like, parse in _KINDS if looks_like(source))
    return parse(source)
