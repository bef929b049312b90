"""A passage with the spans of its quotes goes in, safe HTML with those words marked comes out.

Everything is built from `Markup` templates: whatever is filled in is escaped unless it is `Markup` itself. The HTML
stays on one line, because a blank line would end a block of HTML in Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from index.language import Language, say

WHOLE = 700
"""Passages of at most this many characters are shown whole."""
AROUND = 160
"""How many characters are shown before and after the quoted words of a longer passage."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """The words of one citation: its number and its span in the passage's text (not the document's)."""

    number: int
    start: int
    end: int


_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def lines(text: str) -> Markup:
    """Return `text` escaped, every line end as `<br>`, also at its edges."""
    return Markup("<br>").join(escape(part) for part in _LINE_END.split(text))


def block(html: Markup) -> Markup:
    """Return `html` on one line: a line end that came in with a title or a name would end the block in Markdown."""
    return Markup(_LINE_END.sub(" ", html))


def clip(text: str, limit: int) -> str:
    """Return `text` on one line, cut at a word with "…" when it is longer than `limit` characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[:limit].rsplit(" ", 1)[0].rstrip(",;:. ") + " …"


def marked(text: str, quotes: Sequence[Quoted], window: tuple[int, int], prefix: str, language: Language) -> Markup:
    """Return `text[window]` with the words of `quotes` in `<mark>`, each followed by its number.

    `prefix` starts the `id` of each mark (`prefix + number`); without one the marks have no `id`.
    """
    first, last = window
    cuts = {first, last} | {min(max(edge, first), last) for q in quotes for edge in (q.start, q.end)}
    pieces = []
    for start, end in pairwise(sorted(cuts)):
        over = [q for q in quotes if q.start < end and start < q.end]
        piece = lines(text[start:end])
        pieces.append(_mark(piece, over, (start, end), prefix, language) if over else piece)
    return Markup().join(pieces)


def windows(text: str, quotes: Sequence[Quoted], floor: int = 0) -> list[tuple[int, int]]:
    """Return the spans of a passage that are worth showing first: the quoted words with some text around them.

    Of a longer passage nothing before `floor` is shown, where its answer begins, unless the quoted words stand there.
    """
    if len(text) <= WHOLE:
        return [(0, len(text))]
    if not quotes:
        return [(0, _word_edge(text, WHOLE))]
    spans: list[tuple[int, int]] = []
    for quote in sorted(quotes, key=lambda q: q.start):
        start = max(_word_edge(text, max(quote.start - AROUND, 0)), floor if floor <= quote.start else 0)
        end = max(quote.end, _word_edge(text, min(quote.end + AROUND, len(text))))
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _word_edge(text: str, position: int) -> int:
    """Move `position` back to the edge of a word, so that no word is cut."""
    if position in (0, len(text)):
        return position
    space = max(text.rfind(" ", 0, position), text.rfind("\n", 0, position))
    return space + 1 if space >= 0 else 0


def _mark(piece: Markup, over: Sequence[Quoted], span: tuple[int, int], prefix: str, language: Language) -> Markup:
    starting = [q for q in over if q.start == span[0]]
    ending = [str(q.number) for q in over if q.end == span[1]]
    anchors = Markup().join(
        Markup('<span id="{}{}" tabindex="-1"></span>').format(prefix, q.number) for q in starting[1:] if prefix
    )
    name = Markup(' id="{}{}" tabindex="-1"').format(prefix, starting[0].number) if starting and prefix else ""
    numbers = ", ".join(str(q.number) for q in over)
    before = Markup('<span class="sr">{}: </span>').format(say("page.quote_start", language, numbers=numbers))
    after = Markup('<span class="sr"> {} </span>').format(say("page.quote_end", language))
    label = Markup('<sup class="number">{}</sup>').format(", ".join(ending)) if ending else ""
    return Markup("{}{}<mark{}>{}</mark>{}{}").format(anchors, before, name, piece, label, after)
