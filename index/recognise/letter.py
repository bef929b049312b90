"""Takes the lines of a letter to parliament or council, PDF, Markdown or text; gives its sections and metadata."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.read.source import Line, Source
from index.recognise.dates import DATE, find_date
from index.recognise.draft import Draft, Meta, Note
from index.recognise.furniture import SAMPLE, is_head, without_furniture
from index.recognise.join import Vocabulary, join
from index.recognise.notes import take_pdf_notes, take_text_notes
from index.recognise.paragraphs import layout_of, split_paragraphs
from index.recognise.people import parse_on_behalf, parse_role
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
from index.values import Official

_SIGNS = re.compile(
    r"\s*[*#]{0,4}\s*(?:(?:Nr\.\s?\d+\s+)?BRIEF VAN (?:DE|HET)\b|Aan de (?:Voorzitter|gemeenteraad|leden)\b"
    r"|De voorzitter van de (?:Tweede|Eerste) Kamer|Geachte (?:voorzitter|heer|mevrouw|leden|raad)\b|Betreft:?\s)"
)
_DATED = re.compile(rf"\s*(?:Datum:?\s+{DATE}|[A-Z’'][\w’' -]{{1,40}},\s{{1,3}}{DATE})\s*", re.IGNORECASE)
_GREETED = re.compile(r"\s*Geachte\b")
# A line that only greets: no figures in it, and after a comma only who else is greeted.
_SALUTATION = re.compile(r"\s*Geachte\b[^,\d]{0,60}(?:,\s{0,3}(?i:geachte)\b[^,\d]{0,60}){0,4}(?<![.?!])[,:]?\s*")
_SUBJECT = re.compile(r"\s*(?:Betreft|Onderwerp):?\s+(\S.*)")
_DOSSIER = re.compile(r"(\d{2})\s?(\d{3})(?:-([A-Z]{1,5})|\s([IVX]{1,5})(?=\s|$))?(?:\s+(\S.*))?")
_NUMBER = re.compile(r"Nr\.\s?(\d{1,5})\b\s*(.*)")
_SENDER = re.compile(r"BRIEF VAN (?:DE |HET )?(.+)", re.IGNORECASE)
_SIGNED = re.compile(
    r"\s*(?:De|DE)\s+(?:minister|staats?secretaris|wethouder|burgemeester|griffier)\b.{0,160}", re.IGNORECASE
)
_CLOSING = re.compile(r"\s*(?:Hoogachtend|Met vriendelijke groet(?:en)?|Met hoogachting)\b,?\s*")
_NOTE = re.compile(r"\s*<sup>\s*(\d{1,3})\s*</sup>\s*(?=\S)", re.IGNORECASE)
_SUP = re.compile(r"<sup>\s*(\d{1,3})\s*</sup>", re.IGNORECASE)
_RULE = re.compile(r"\s*[-_*=]{3,}\s*")
_SMALL_WORDS = {"en", "van", "de", "voor", "het", "der", "in"}


def looks_like(source: Source) -> bool:
    """Whether the first lines hold a sender, an addressee, a salutation or a subject as a letter does."""
    first = [line.text for line in source.lines if line.text.strip()][:40]
    return any(len(text) < 300 and _SIGNS.match(text) for text in first)


def parse(source: Source) -> Draft:
    """Return the letter by its sections; without headings it is running text."""
    words = Vocabulary(source.lines)
    pages = without_furniture([_bare_identifier(line) for line in source.lines])
    lines, margin = _without_margin(pages.lines)
    markdown = source.format == "text" and is_markdown(lines)
    layout = layout_of(source)
    lines, notes = _take_notes(lines, words, source.format, markdown)
    start, end = _head_end(lines), _tail_start(lines)
    end = max(start, end)
    head, body, tail = lines[:start], lines[start:end], lines[end:]
    find = marked_heading if markdown else pdf_heading if layout == "pdf" else standing_heading
    sections = split_sections(body, find)
    if markdown:
        sections = [(path, [without_markup(line) for line in part]) for path, part in sections]
        head, tail = [without_markup(line) for line in head], [without_markup(line) for line in tail]
    parts = section_parts(sections, "markdown" if markdown else layout, words)
    if len(parts) == 1 and not parts[0].heading:
        parts = [replace(parts[0], is_flow=True, label="brief")]
    meta = _meta(
        [join([line], words).text for line in head], [join([line], words).text for line in tail], pages.identifiers
    )
    if meta.answered_by and parts:
        behalf = parse_on_behalf(" ".join(paragraph.text for paragraph in parts[0].body[:4]))
        meta = replace(meta, answered_by=(*meta.answered_by, *behalf))
    own_head = [line for line in head if not is_head(line.text)]
    shared = [line.text.strip() for line in head if is_head(line.text)]
    head_paragraphs = split_paragraphs(own_head, "paragraphs", words)
    tail_paragraphs = split_paragraphs(tail, "paragraphs", words)
    removed = (*shared, *pages.removed, *margin)
    return Draft(meta, head_paragraphs, tuple(parts), tail_paragraphs, notes, removed)


def _bare_identifier(line: Line) -> Line:
    """An identifier set bold is still one."""
    match = re.fullmatch(rf"\s*\**({SAMPLE})\**\s*", line.text) if len(line.text) < 90 else None
    return replace(line, text=match[1], at=line.at + match.start(1)) if match else line


def _without_margin(lines: Sequence[Line]) -> tuple[list[Line], tuple[str, ...]]:
    """Take out what a ministry prints in the margin of its letters: small type right of the text."""
    sizes: dict[float, int] = {}
    for line in lines:
        sizes[line.size] = sizes.get(line.size, 0) + len(line.text)
    body = max(sizes, key=lambda size: sizes[size], default=0.0)
    lefts = sorted(line.left for line in lines if line.size == body and line.text)
    middle = lefts[len(lefts) // 2] if lefts else 0.0
    margin = [0 < line.size < body and not line.cells and line.left > middle + 200 for line in lines]
    kept = [line for line, out in zip(lines, margin, strict=True) if not out]
    return kept, tuple(line.text.strip() for line, out in zip(lines, margin, strict=True) if out)


def _take_notes(
    lines: Sequence[Line], words: Vocabulary, form: str, markdown: bool
) -> tuple[list[Line], tuple[Note, ...]]:
    if not markdown:
        noted = take_pdf_notes(lines, words) if form == "pdf" else take_text_notes(lines, words)
        return list(noted.lines), noted.notes
    kept: list[Line] = []
    raw: list[tuple[str, list[Line]]] = []
    in_note = False
    for line in lines:
        start = _NOTE.match(line.text)
        if start:
            raw.append((start[1], [replace(line, text=line.text[start.end() :], at=line.at + start.end())]))
            in_note = True
        elif in_note and line.text.strip():
            raw[-1][1].append(line)
        else:
            in_note = False
            if not _RULE.fullmatch(line.text) or line.text.strip() == "":
                kept.append(line)
    known = {mark for mark, _ in raw}
    marked = [
        replace(line, marks=tuple(match.span() for match in _SUP.finditer(line.text) if match[1] in known))
        for line in kept
    ]
    notes = tuple(Note(mark, join([without_markup(part) for part in parts], words)) for mark, parts in raw)
    return marked, notes


def _head_end(lines: Sequence[Line]) -> int:
    end = filled = 0
    for position, line in enumerate(lines):
        text = line.text
        if not text.strip():
            continue
        filled += 1
        if filled > 40 or _says_more(text):
            break
        if len(text) < 300 and (
            _DATED.fullmatch(text) or _SUBJECT.match(text) or _SALUTATION.fullmatch(text) or _SIGNS.match(text)
        ):
            end = position + 1
            while (
                _SUBJECT.match(text)
                and end < len(lines)
                and lines[end].text.strip()
                and not _SALUTATION.match(lines[end].text)
            ):
                end += 1
    return end


def _says_more(text: str) -> bool:
    """Whether a line that greets goes on with what the letter has to say."""
    return bool(_GREETED.match(text)) and not _SALUTATION.fullmatch(text)


def _tail_start(lines: Sequence[Line]) -> int:
    """Where the signature begins, if one stands in the last lines."""
    filled = [position for position, line in enumerate(lines) if line.text.strip()][-14:]
    signs = [
        p
        for p in filled
        if len(lines[p].text) < 200 and (_SIGNED.fullmatch(lines[p].text) or _CLOSING.fullmatch(lines[p].text))
    ]
    signs = [p for p in signs if not lines[p].text.rstrip().endswith(".")]
    return min(signs) if signs else len(lines)


@dataclass(slots=True)
class _Found:
    dossiers: list[tuple[str, str]]
    number: str | None = None
    sender: str | None = None
    subject: str | None = None
    day: date | None = None
    is_dated: bool = False


def _meta(head: Sequence[str], tail: Sequence[str], identifiers: tuple[str, ...]) -> Meta:
    found = _Found([])
    texts = [plain(text) for text in head if text.strip()]
    for position, text in enumerate(texts):
        _note_field(found, text, texts[position + 1] if position + 1 < len(texts) else "")
    signed = next((text for text in tail if _SIGNED.fullmatch(text)), None)
    role, department = parse_role(signed or found.sender or "")
    after = [
        text.strip() for text in tail if text.strip() and not _SIGNED.fullmatch(text) and not _CLOSING.fullmatch(text)
    ]
    department = _cased(department) if department else None
    name = after[0].rstrip(",") if after and signed else role
    code = found.dossiers[0][0] if found.dossiers else None
    number = f"{code}-{found.number}" if code and found.number else found.number
    printed = next((name for name in identifiers if name.lower().startswith(("kst", "blg", "voorbeeld-"))), None)
    document = printed or (f"kst-{number}" if code and found.number else None)
    topics = tuple(title for _, title in found.dossiers if title)
    return Meta(
        kind="letter",
        title=_title(found, role, department, topics),
        document=document,
        number=number,
        date=found.day,
        answered_by=(Official(name, role, department),) if name and role else (),
        topics=topics,
    )


def _note_field(found: _Found, text: str, following: str) -> None:
    dossier, number = _DOSSIER.fullmatch(text), _NUMBER.match(text)
    sender, subject = _SENDER.match(text), _SUBJECT.match(text)
    if dossier and found.number is None:
        title = dossier[5] or ""
        if not title and following and not (_DOSSIER.match(following) or _NUMBER.match(following)):
            title = following
        suffix = dossier[3] or dossier[4]
        code = dossier[1] + dossier[2] + (f"-{suffix}" if suffix else "")
        found.dossiers.append((code, title.strip()))
    elif number:
        found.number = number[1]
        _note_field(found, number[2], following)
    elif sender:
        found.sender = sender[1].strip()
    elif subject and found.subject is None:
        found.subject = subject[1].strip()
    elif _DATED.fullmatch(text) and not found.is_dated:
        found.is_dated, found.day = True, find_date(text)  # an impossible day is not made up for by another line's


def _title(found: _Found, role: str | None, department: str | None, topics: tuple[str, ...]) -> str:
    if found.subject:
        return found.subject
    sender = f"Brief van de {role} van {department}" if role and department else "Brief"
    return f"{sender} over {' en '.join(topics)}" if topics else sender


def _cased(name: str) -> str:
    if not name.isupper():
        return name
    words = [word.lower() if word.lower() in _SMALL_WORDS else word.capitalize() for word in name.split()]
    return " ".join(words)
