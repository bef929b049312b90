"""Takes the lines of a Kamervraag, printed or from a ministry's Word file, and gives its questions and answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.read.source import Line, Source
from index.recognise.draft import Draft, Meta, Note, Part
from index.recognise.drawn_tables import without_frames
from index.recognise.furniture import is_head, without_furniture
from index.recognise.head import Head, parse_head
from index.recognise.join import Vocabulary, join
from index.recognise.links import find_links
from index.recognise.notes import Noted, take_pdf_notes, take_text_notes
from index.recognise.numbers import label, parse_heading
from index.recognise.paragraphs import Layout, layout_of, split_paragraphs
from index.recognise.questions import Block, find_blocks, head_length
from index.recognise.spaces import restore_spaces
from index.values import Kind

_HEAD = re.compile(
    r"\s*(?:(?:(?:Mondelinge|Schriftelijke)\s{1,3})?[Vv]ragen\s{1,3}van\s{1,3}(?:het|de|lid|raadslid)\b.*"
    r"|(?:Antwoord|Mededeling)\s{1,3}van\b.*|AH\s{0,3}\d{1,5}\s*)"
)
_LONGEST_TITLE = 200
_CASE = re.compile(r"\s*\d{4}Z\d{4,6}\s*")


def looks_like(source: Source) -> bool:
    """Whether the first lines hold "Vragen van het lid …" or "Antwoord van Minister …"."""
    first = [line.text for line in source.lines[:120] if line.text.strip()][:25]
    return any(len(text) < 3000 and _HEAD.match(text) for text in first)


def has_answers(source: Source) -> bool:
    """Whether questions and answers stand below headings of their own, whatever the document is."""
    headings = [found for line in source.lines if not line.cells and (found := parse_heading(line.text))]
    asked, answered = ({n for h in headings if h.kind == kind for n in h.numbers} for kind in ("question", "answer"))
    return bool(asked & answered)


@dataclass(frozen=True, slots=True)
class _Text:
    layout: Layout
    words: Vocabulary
    notes: tuple[Note, ...]


def parse(source: Source) -> Draft:
    """Return the questions with their answers, each answer with all the questions that it answers."""
    source = without_frames(source)
    words = Vocabulary(source.lines)
    layout = layout_of(source)
    pages = without_furniture(source.lines)
    noted = _noted(source, pages.lines, words)
    text = _Text(layout, words, noted.notes)
    length = head_length(noted.lines)
    head_lines, body = noted.lines[:length], noted.lines[length:]
    shared = [line.text.strip() for line in head_lines if is_head(line.text)]
    own = [line for line in head_lines if not is_head(line.text)]
    blocks = find_blocks(body)
    notice = join([line for block in blocks if block.kind in ("notice", "text") for line in block.lines], words).text
    flat = join([line for line in own if line.text.strip()], words)
    flat = restore_spaces(flat, words) if layout == "fused" else flat
    printed = "\n".join(line.text for line in own)
    head = parse_head(flat.text, printed, pages.identifiers, "\n".join(shared), notice)
    parts = _parts(blocks, text, head)
    if not parts:  # an oral question is all head
        asked = [line for line in own if line.text.strip() and not _CASE.fullmatch(line.text)]
        own = [line for line in own if _CASE.fullmatch(line.text)]
        parts = [Part("vraag", split_paragraphs(asked, layout, words))] if asked else []
    removed = (*shared, *pages.removed, *(block.heading for block in blocks))
    paragraphs = split_paragraphs([_without_marks(line) for line in own], layout, words)
    earlier = tuple(link.document for link in find_links(flat.text) if link.document.startswith("ah-"))
    meta = replace(_meta(head, parts), follows=earlier if head.is_answer else ())
    if not meta.title:
        said = (paragraph.text for paragraph in paragraphs if not _CASE.fullmatch(paragraph.text))
        meta = replace(meta, title=next(said, "")[:_LONGEST_TITLE])
    return Draft(meta, paragraphs, tuple(parts), (), noted.notes, tuple(filter(None, removed)))


def _noted(source: Source, lines: Sequence[Line], words: Vocabulary) -> Noted:
    return take_pdf_notes(lines, words) if source.format == "pdf" else take_text_notes(lines, words)


def _without_marks(line: Line) -> Line:
    return replace(line, marks=())


def _meta(head: Head, parts: Sequence[Part]) -> Meta:
    answered = any(part.is_answer for part in parts)
    kind: Kind = "questions"
    if head.is_oral:
        kind = "oral"
    elif answered:
        kind = "answer"
    elif head.is_answer:
        kind = "postponement"
    return Meta(
        kind=kind,
        title=head.title,
        document=None if answered and (head.document or "").startswith("kv-") else head.document,
        case=head.case,
        number=head.number,
        date=head.answered or head.asked,
        asked=head.asked,
        answered=head.answered,
        askers=head.askers,
        answered_by=head.answered_by,
    )


def _parts(blocks: Sequence[Block], text: _Text, head: Head) -> list[Part]:
    parts: list[Part] = []
    pending: list[Block] = []
    for block in blocks:
        if block.kind == "question":
            pending.append(block)
        elif block.kind == "answer":
            asked, pending = _asked(block, pending)
            parts.append(_answer(asked, block, text))
        else:
            parts += [_question(question, text) for question in pending]
            pending = []
            name = "mededeling" if block.kind == "notice" or head.is_notice else block.label
            body = split_paragraphs(block.lines, text.layout, text.words)
            if body:
                parts.append(Part(name, (), body, heading=block.heading or name.capitalize(), anchor=block.anchor))
    parts += [_question(question, text) for question in pending]
    return parts


def _asked(answer: Block, pending: list[Block]) -> tuple[list[Block], list[Block]]:
    """The pending questions that an answer belongs to, and those that still wait."""
    if not answer.numbers:
        return pending, []
    asked = [question for question in pending if set(question.numbers) & set(answer.numbers)]
    if not asked and len(pending) == 1:  # a misprinted number: the answer below a question is its answer
        return pending, []
    return asked, [question for question in pending if not any(question is other for other in asked)]


def _answer(asked: Sequence[Block], answer: Block, text: _Text) -> Part:
    numbers = tuple(sorted({number for block in asked for number in block.numbers} | set(answer.numbers)))
    if len(asked) == 1 and not set(asked[0].numbers) & set(answer.numbers):
        numbers = asked[0].numbers
    question = tuple(p for block in asked for p in split_paragraphs(block.lines, text.layout, text.words))
    body = split_paragraphs(answer.lines, text.layout, text.words)
    name = label(numbers) if numbers else "antwoord"
    anchor = answer.anchor or next((block.anchor for block in asked if block.anchor), "")
    return Part(name, question, body, bool(body), numbers, name.capitalize(), anchor=anchor)


def _question(block: Block, text: _Text) -> Part:
    name = label(block.numbers)
    question = split_paragraphs(block.lines, text.layout, text.words)
    return Part(name, question, (), False, block.numbers, name.capitalize(), anchor=block.anchor)
