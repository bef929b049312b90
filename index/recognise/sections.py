"""Takes the lines of a letter or page and parts them at their headings, by markup or by the way they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.read.source import Line, Span
from index.recognise.draft import Part
from index.recognise.join import Vocabulary, join
from index.recognise.paragraphs import Layout, split_paragraphs
from index.recognise.tables import table_at

PATH = " › "
_MARKED = re.compile(r"\s{0,3}(#{1,6})\s+(?=\S)")
_BOLD_LINE = re.compile(r"\s*(\*\*|__)(?=\S)(.{1,200}?)\1[\s:]*")
_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=\D)")
_ITEM = re.compile(r"\s*(?:[\u2022\u25cf\u25aa•·*–—-]\s|\d{1,2}[.)]\s|[a-z][.)]\s|>)")
_EMPHASIS = re.compile(r"(?<![\\*\w])\*{1,3}(?=[^\s*])|(?<=[^\s*\\])\*{1,3}(?![*])|\\(?=[_*\[\]()#])")
_LINK = re.compile(r"(!?\[)([^\[\]]{0,500})(\]\([^()\s]{0,2000}\))")
_SUP = re.compile(r"<sup>\s*(\d{1,3})\s*</sup>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:sup|sub|b|i|em|strong|u|br)\s*/?>", re.IGNORECASE)

Heading = tuple[int, str, int]  # level, title, number of lines it takes
FindHeading = Callable[[Sequence[Line], int], Heading | None]


@dataclass(slots=True)
class _Section:
    path: tuple[str, ...]
    lines: list[Line]


def is_markdown(lines: Sequence[Line]) -> bool:
    """Whether a text is marked up: headings with #, bold lines, or raised note marks."""
    texts = [line.text for line in lines]
    signs = sum(bool(_MARKED.match(text) or _BOLD_LINE.fullmatch(text[:400]) or _SUP.search(text)) for text in texts)
    return signs >= 2


def without_markup(line: Line) -> Line:
    """Leave the markup of a Markdown line out of its reading text; the words all stay."""
    spans: list[Span] = [match.span() for match in _TAG.finditer(line.text) if not _in(match.span(), line.marks)]
    for link in _LINK.finditer(line.text):
        spans += [link.span(1), link.span(3)]
    if not re.match(r"\s*\*\s", line.text):
        spans += [match.span() for match in _EMPHASIS.finditer(line.text)]
    heading = _MARKED.match(line.text)
    if heading:
        spans.append(heading.span())
    return replace(line, cuts=tuple(sorted({*line.cuts, *spans})))


def _in(span: Span, others: Sequence[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in others)


def marked_heading(lines: Sequence[Line], position: int) -> Heading | None:
    """A Markdown heading, or a line that is all bold."""
    text = lines[position].text
    marked = _MARKED.match(text)
    if marked:
        return _levelled(len(marked[1]), text[marked.end() :]), plain(text[marked.end() :]), 1
    bold = _BOLD_LINE.fullmatch(text) if len(text) < 300 else None
    if bold:
        return _levelled(6, bold[2]), plain(bold[2]), 1
    return None


def plain(text: str) -> str:
    """A heading without its markup."""
    return " ".join(re.sub(r"[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}", "", _SUP.sub("", text)).strip(" #:").split())


def pdf_heading(lines: Sequence[Line], position: int) -> Heading | None:
    """Bold lines, or a short line under white that is no sentence."""
    line = lines[position]
    if not line.text.strip():
        return None
    if line.bold:
        taken = [line]
        for following in lines[position + 1 : position + 4]:
            if not following.bold or not following.text or following.cells or taken[-1].ends:
                break
            taken.append(following)
        title = " ".join(" ".join(part.text.split()) for part in taken)
        return (_levelled(2, title), title, len(taken)) if len(title) <= 250 else None
    above = position == 0 or not lines[position - 1].text.strip() or lines[position - 1].bold
    return _standing(lines, position, above=above and line.ends) or _large(lines, position)


def _large(lines: Sequence[Line], position: int) -> Heading | None:
    """A short line in larger type than what it stands above."""
    line, text = lines[position], lines[position].text.strip()
    below = next((line for line in lines[position + 1 : position + 4] if line.text.strip()), None)
    if below is None or line.size < 1.15 * below.size or not 2 <= len(text) <= 110 or text[-1] in ".:;,-":
        return None
    return (_levelled(2, text), text, 1) if text[0].isupper() or text[0].isdigit() else None


def standing_heading(lines: Sequence[Line], position: int) -> Heading | None:
    """A short line of a text under white that is no sentence and no list item; or what markup tells is a heading."""
    line = lines[position]
    if line.role:
        return (min(line.level, 9), " ".join(line.text.split()), 1) if line.role == "heading" else None
    above = position == 0 or not lines[position - 1].text.strip()
    return _standing(lines, position, above=above)


def _standing(lines: Sequence[Line], position: int, *, above: bool) -> Heading | None:
    text = lines[position].text.strip()
    if not above or not 2 <= len(text) <= 110 or text[-1] in ".:;,!-" or text[0].islower() or _ITEM.match(text):
        return None
    following = lines[position + 1].text.strip() if position + 1 < len(lines) else ""
    if following:
        below = len(text) <= 60 and (following[0].isupper() or following[0] in "«“(") and text[-1] != "?"
        return (_levelled(3, text), text, 1) if below and len(following) > len(text) else None
    rest = next((line.text.strip() for line in lines[position + 1 :] if line.text.strip()), "")
    if not rest or len(text.split()) > 14:
        return None
    return _levelled(2, text), text, 1


def _levelled(level: int, title: str) -> int:
    """Numbers show the level better than markup does: "4." is 1, "4.1" is 2; without number 10 and more."""
    number = _NUMBER.match(plain(title))
    return number[1].count(".") + 1 if number else 10 + level


def split_sections(lines: Sequence[Line], find: FindHeading) -> list[tuple[tuple[str, ...], list[Line]]]:
    """Return (heading path, lines) in order; the lines before the first heading have an empty path."""
    sections = [_Section((), [])]
    stack: list[tuple[int, str]] = []
    position = 0
    while position < len(lines):
        table = table_at(lines, position, spaced=find is not pdf_heading)
        if table:
            sections[-1].lines += lines[position : position + table.length]
            position += table.length
            continue
        heading = find(lines, position)
        if heading is None:
            sections[-1].lines.append(lines[position])
            position += 1
            continue
        level, title, taken = heading
        flat = min(level, 11) if any(other < 10 for other, _ in stack) or level >= 10 else level
        stack = [(other, name) for other, name in stack if other < flat]
        stack.append((flat, title))
        sections.append(_Section(tuple(name for _, name in stack), []))
        position += taken
    return [(section.path, section.lines) for section in sections]


def section_parts(
    sections: Sequence[tuple[tuple[str, ...], list[Line]]], layout: Layout, words: Vocabulary
) -> list[Part]:
    """Return the sections as parts; a heading without text of its own is printed above the next."""
    parts: list[Part] = []
    waiting = ""
    for path, lines in sections:
        body = split_paragraphs(lines, layout, words)
        title = path[-1] if path else ""
        if not body:
            waiting = "\n".join(filter(None, (waiting, title)))
            continue
        heading = "\n".join(filter(None, (waiting, title)))
        waiting = ""
        parts.append(Part(title or "inleiding", (), body, heading=heading, context=PATH.join(path)))
    if waiting:
        parts.append(Part(waiting.split("\n")[-1], (), (join([], words),), heading=waiting, is_passage=False))
    return parts
