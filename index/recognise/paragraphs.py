"""Takes lines of running text and parts them into paragraphs, by the way the file lays its text out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from index.read.source import Line, Source
from index.recognise.draft import Paragraph
from index.recognise.join import Vocabulary, join
from index.recognise.spaces import restore_spaces
from index.recognise.tables import table_at, table_paragraphs

# pdf: by geometry; wrapped: lines of a set width; fused: lines that an extractor ran together; paragraphs: one a
# line; markdown: one a line, but the notes of a page may stand in the middle of a sentence
Layout = Literal["pdf", "wrapped", "fused", "paragraphs", "markdown"]
_ITEM = re.compile(r"\s*(?:[\u2022\u25cf\u25aa•·*–—-]\s+|\d{1,2}[.)]\s+|[a-z][.)]\s+)\S")
_FIELD = re.compile(r"[A-Z][\w-]{1,20}(?: [a-z]\w{1,20})?:\s")
_STOPPED = tuple('.?!:;»”"')
_AROUND = 300  # characters before a break that are looked at
_RUN_TOGETHER = re.compile(r"Staten-Generaal\d|ISSN[\d -]{10,14}[’']s-|\d{4}Tweede Kamer")


def layout_of(source: Source) -> Layout:
    """Tell how a file lays its text out."""
    if source.format == "pdf":
        return "pdf"
    texts = [line.text.rstrip() for line in source.lines]
    if any(_RUN_TOGETHER.search(text[:200]) for text in texts):
        return "fused"
    inner = [len(a.strip()) for a, b in pairwise(texts) if a.strip() and b.strip()]
    if len(inner) >= 3 and sum(25 <= n <= 100 for n in inner) >= 0.5 * len(inner) and max(map(len, texts)) <= 160:
        return "wrapped"
    return "paragraphs"


def split_paragraphs(lines: Sequence[Line], layout: Layout, words: Vocabulary) -> tuple[Paragraph, ...]:
    """Return the lines as paragraphs, in order."""
    paragraphs: list[Paragraph] = []
    start = 0
    for position in range(len(lines)):
        if position >= start and (table := table_at(lines, position, spaced=layout not in ("pdf", "fused"))):
            paragraphs += _running_text(lines[start:position], layout, words)
            paragraphs += table_paragraphs(table, words)
            start = position + table.length
    paragraphs += _running_text(lines[start:], layout, words)
    return tuple(_with_loose_marks(paragraphs))


def _running_text(lines: Sequence[Line], layout: Layout, words: Vocabulary) -> list[Paragraph]:
    width = max((len(line.text.rstrip()) for line in lines), default=0)
    groups: list[list[Line]] = []
    blank = True
    for line in lines:
        if not line.text.strip():
            blank = True
            continue
        last = groups[-1][-1] if groups else None
        if last is None or (_parts_at_blank(last, line, layout) if blank else _parts(last, line, layout, width)):
            groups.append([line])
        else:
            groups[-1].append(line)
        blank = False
    joined = [join(group, words) for group in groups]
    return [restore_spaces(paragraph, words) for paragraph in joined] if layout == "fused" else joined


def _with_loose_marks(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Give a mark that stood alone between white lines to the paragraph before it."""
    kept: list[Paragraph] = []
    for paragraph in paragraphs:
        if paragraph.fragments:
            kept.append(paragraph)
        elif kept and paragraph.marks:
            end = len(kept[-1].text)
            marks = (*kept[-1].marks, *((end, mark) for _, mark in paragraph.marks))
            kept[-1] = Paragraph(kept[-1].fragments, marks)
    return kept


def _parts_at_blank(last: Line, line: Line, layout: Layout) -> bool:
    """Whether white parts two lines: not where a page break or its notes stand in mid-sentence."""
    if layout == "markdown":
        return not _breaks_off(last.text, line.text)
    return last.page == line.page or last.text.rstrip().endswith(_STOPPED)


def _begins_with_mark(line: Line) -> bool:
    return bool(line.marks) and not line.text[: line.marks[0][0]].strip()


def _breaks_off(before: str, after: str) -> bool:
    """Whether a paragraph ends in mid-sentence: without a stop, before what is no list item or heading."""
    before = re.sub(r"(?:<sup>.{0,12}?</sup>|\*)+\s*$", "", before.rstrip()[-_AROUND:]).rstrip()
    if not before or before.endswith((*_STOPPED, ")")) or _ITEM.match(after) or after.lstrip().startswith("#"):
        return False
    return len(before) >= 40 or after[:1].islower()


def _parts(last: Line, line: Line, layout: Layout, width: int) -> bool:
    before, after = last.text.rstrip(), line.text.strip()
    if not _begins_with_mark(line) and _ITEM.match(line.text) and (before.endswith(_STOPPED) or layout != "pdf"):
        return not (layout == "wrapped" and after[0] == "-" and after[1:2].isalpha())
    if before.endswith(("-", "\ufffe")):
        return False
    if layout == "pdf":  # what stands below the last line of a page says nothing of it
        return last.ends and (last.page == line.page or before.endswith(_STOPPED) or not after[0].islower())
    if layout == "wrapped":
        fields = _FIELD.match(before) and _FIELD.match(after)
        fits = len(before) + 1 + len(after.split(" ", 1)[0]) <= 0.85 * width  # letters are not equally wide
        return bool(fields) or (fits and before.endswith((".", "?", "!", ":", ";", "»")))
    if layout == "fused":
        return False
    return before.endswith(_STOPPED) or not after[0].islower()
