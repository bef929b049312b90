"""Takes the lines of a file and gives a draft of the document they are: each kind is tried, the first that fits."""

from __future__ import annotations

from index.read.source import Source
from index.recognise import faq, kamervragen, letter, markup, openkamer, page
from index.recognise.draft import Draft
from index.recognise.drawn_tables import with_heads
from index.recognise.metadata import with_metadata

__all__ = ["Draft", "recognise"]

# By content, never by name; a page is what is left, for any text can be read as one.
_KINDS = (
    (faq.looks_like, faq.parse),
    (openkamer.looks_like, openkamer.parse),
    (kamervragen.looks_like, kamervragen.parse),
    (letter.looks_like, letter.parse),
    (kamervragen.has_answers, kamervragen.parse),
    (markup.looks_like, markup.parse),
    (page.looks_like, page.parse),
)


def recognise(source: Source) -> Draft:
    """Return what the file was recognised as, with what its metadata add to it."""
    source = with_heads(source)
    told = any(line.role in ("question", "answer", "notice") for line in source.lines)
    if source.kind == "publication":
        draft = markup.parse(source)
    elif told and source.kind is None:
        draft = kamervragen.parse(source)
    else:
        draft = next(parse for looks_like, parse in _KINDS if looks_like(source))(source)
    return with_metadata(draft, source.about)
