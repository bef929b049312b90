"""Citations go in, the address that shows their words in the document comes out; and from that address the words again.

An address names spans of a text that may have changed since, so that each span carries a short proof of its words.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from urllib.parse import urlencode

from index.values import Passage
from rag.values import Citation
from ui.passages import Quoted

MARK = "quote-"
"""The mark of quote N in a document has the `id` `quote-N`."""
_QUOTE = re.compile(r"(\d{1,4})\.(\d{1,9})\.(\d{1,9})\.([0-9a-f]{8})", re.ASCII)


def show_link(citations: Sequence[Citation]) -> str:
    """Return the address of the document of `citations` with their words marked, relative to the page."""
    quotes = [("quote", f"{c.number}.{c.start}.{c.end}.{_proof(c.quote)}") for c in citations]
    query = urlencode([("id", citations[0].document.document), *quotes])
    return f"document?{query}#{MARK}{citations[0].number}"


def passage_link(passage: Passage) -> str:
    """Return the address of a document with one of its passages marked."""
    quote = f"1.{passage.start}.{passage.end}.{_proof(passage.text)}"
    return f"document?{urlencode([('id', passage.document), ('quote', quote)])}#{MARK}1"


def quoted(text: str, asked: Sequence[str]) -> tuple[list[Quoted], bool]:
    """Return the spans that an address asks to mark, and whether any of them no longer holds the words it held."""
    found, is_changed = [], False
    for quote in asked:
        match = _QUOTE.fullmatch(quote)
        if match is None:
            continue
        number, start, end = (int(match[group]) for group in (1, 2, 3))
        if start < end <= len(text) and _proof(text[start:end]) == match[4]:
            found.append(Quoted(number, start, end))
        else:
            is_changed = True
    return sorted(found, key=lambda q: (q.start, q.number)), is_changed


def _proof(words: str) -> str:
    """Return what tells whether words are still the same."""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:8]
