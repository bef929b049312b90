"""Takes the lines of any other text and gives a page: a title, and a section for each heading that stands in it."""

from __future__ import annotations

import re
from dataclasses import replace

from index.read.source import Line, Source
from index.recognise.dates import DATE, find_date
from index.recognise.draft import Draft, Meta
from index.recognise.furniture import without_furniture
from index.recognise.join import Vocabulary, join
from index.recognise.paragraphs import layout_of, split_paragraphs
from index.recognise.sections import (
    is_markdown,
    marked_heading,
    pdf_heading,
    plain,
    section_parts,
    split_sections,
    standing_heading,
    without_markup,
)

_CHANGED = re.compile(
    rf"\s*(?:Laatst (?:gewijzigd|bijgewerkt)(?: op)?|Gepubliceerd(?: op)?|Publicatiedatum|Datum)\s*:?\s*({DATE})\s*",
    re.I,
)
_SUBJECT = re.compile(r"\s*(?:Onderwerp|Betreft):\s+(\S.*?)\s*")


def looks_like(_source: Source) -> bool:
    """Any text can be read as a page."""
    return True


def parse(source: Source) -> Draft:
    """Return the page by its sections."""
    words = Vocabulary(source.lines)
    layout = layout_of(source)
    pages = without_furniture(source.lines)
    dated = next((line for line in pages.lines if len(line.text) < 120 and _CHANGED.fullmatch(line.text)), None)
    lines = [line for line in pages.lines if line is not dated]
    markdown = source.format == "text" and is_markdown(lines)
    first = next((position for position, line in enumerate(lines) if line.text.strip()), 0)
    head, body = _title_lines(lines, first)
    find = marked_heading if markdown else pdf_heading if layout == "pdf" else standing_heading
    sections = split_sections(body, find)
    if markdown:
        sections = [(path, [without_markup(line) for line in part]) for path, part in sections]
        head = [without_markup(line) for line in head]
    day = _CHANGED.fullmatch(dated.text) if dated else None
    title = plain(join(head, words).text) if head else ""
    parts = section_parts(sections, "markdown" if markdown else layout, words)
    if len(parts) == 1 and not parts[0].heading:
        parts = [replace(parts[0], is_flow=True, label="pagina")]
    document = next((name for name in pages.identifiers if name.startswith("voorbeeld-")), None)
    subject = next((found[1] for line in lines[:10] if (found := _SUBJECT.fullmatch(line.text[:300]))), "")
    first_words = subject or parts[0].body[0].text[:80] if parts and parts[0].body else ""
    meta = Meta("page", title or first_words, document, date=find_date(day[1]) if day else None)
    tail = split_paragraphs([dated], "paragraphs", words) if dated else ()
    return Draft(meta, split_paragraphs(head, "paragraphs", words), tuple(parts), tail, (), pages.removed)


def _title_lines(lines: list[Line], first: int) -> tuple[list[Line], list[Line]]:
    """The first line when it stands alone and is short; else there is no title and all is text."""
    if first >= len(lines):
        return [], lines
    text = lines[first].text.strip()
    alone = first + 1 >= len(lines) or not lines[first + 1].text.strip() or lines[first].size > lines[first + 1].size
    if alone and len(text) <= 200 and any(line.text.strip() for line in lines[first + 1 :]):
        return lines[first : first + 1], lines[first + 1 :]
    return [], lines
