"""Takes the lines of an openkamer export and gives its questions with their answers and its metadata."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.read.source import Line, Source
from index.recognise.dates import find_date
from index.recognise.draft import Draft, Meta, Paragraph, Part
from index.recognise.join import Vocabulary, join
from index.recognise.numbers import label
from index.recognise.people import parse_askers
from index.recognise.topics import split_topics
from index.values import Official

_BULLET = re.compile(r"\s*[\u2022*-]\s+(?:Vraag\s+(\d{1,3})|(Mededeling)\b.*)\s*$")
_TITLE = re.compile(r"\s*Kamervraag\s+((?:\d{4}Z\d{4,6})|voorbeeld-[\w-]+)\s*$")
_JOINED = re.compile(r"Zie antwoord vraag (\d{1,3})\.?")
_OFFICIAL = re.compile(r"([^(),]+)\(([^()]*)\)(?:\s*\(([^()]*)\))?")
_ROLE = re.compile(
    r"(minister-president|minister|staatssecretaris|wethouder|burgemeester)\b\s*(?:van|voor)?\s*(.*)", re.I
)
_FIELDS = (
    ("asked", "Ingediend"),
    ("answered", "Beantwoord"),
    ("askers", "Indieners"),
    ("askers", "Indiener"),
    ("officials", "Beantwoord door"),
    ("topics", "Onderwerpen"),
    ("topics", "Onderwerp"),
    ("question_url", "Bron vraag"),
    ("answer_url", "Bron antwoord"),
)
_NUMBERED = re.compile(r"\s*(Kamervraag|Kamerantwoord) document nummer:\s*(\S+)\s*$")


@dataclass(frozen=True, slots=True)
class _Block:
    number: int
    question: tuple[Paragraph, ...]
    answer: tuple[Paragraph, ...]
    joins: int | None

    @property
    def said(self) -> str:
        """The answer as one text."""
        return " ".join(paragraph.text for paragraph in self.answer)


def looks_like(source: Source) -> bool:
    """Whether the file starts with "Kamervraag <number>" and has the fields of an export."""
    first = [line.text for line in source.lines[:40] if line.text.strip()][:12]
    if not first or not _TITLE.match(first[0]) or not any(text.strip().startswith("Ingediend") for text in first):
        return False
    return any(_BULLET.match(line.text) for line in source.lines if len(line.text) < 100)


def parse(source: Source) -> Draft:
    """Return the export as a draft: the answers that openkamer split are joined again."""
    words = Vocabulary(source.lines)
    lines = list(source.lines)
    starts = [position for position, line in enumerate(lines) if _BULLET.match(line.text)]
    end = next((p for p, line in enumerate(lines) if _NUMBERED.match(line.text)), len(lines))
    starts = [start for start in starts if start < end]
    head, foot = lines[: starts[0] if starts else end], lines[end:]
    blocks: list[_Block] = []
    notices: list[Part] = []
    for start, stop in zip(starts, [*starts[1:], end], strict=False):
        bullet = _BULLET.match(lines[start].text)
        body = lines[start + 1 : stop]
        if bullet and bullet[1]:
            blocks.append(_block(int(bullet[1]), body, words))
        else:
            heading = lines[start].text.strip().lstrip("\u2022*- ")
            notices.append(Part("mededeling", (), _paragraphs(body, words), heading=heading))
    meta, head_paragraphs = _meta(head, foot, bool(any(block.answer for block in blocks)), words)
    tail = tuple(join([line], words) for line in foot if line.text.strip())
    removed = [text for block in blocks if block.joins is not None for text in (f"Vraag {block.number}", block.said)]
    return Draft(meta, head_paragraphs, (*_parts(blocks), *notices), tail, (), tuple(removed))


def _paragraphs(lines: Sequence[Line], words: Vocabulary) -> tuple[Paragraph, ...]:
    return tuple(join([line], words) for line in lines if line.text.strip())


def _block(number: int, lines: Sequence[Line], words: Vocabulary) -> _Block:
    filled = [position for position, line in enumerate(lines) if line.text.strip()]
    first = filled[0] if filled else 0
    blank = next((p for p in range(first, len(lines)) if not lines[p].text.strip()), len(lines))
    question = _paragraphs(lines[:blank], words)
    answer = _paragraphs(lines[blank:], words)
    joined = _JOINED.fullmatch(" ".join(paragraph.text for paragraph in answer))
    return _Block(number, question, answer, int(joined[1]) if joined else None)


def _parts(blocks: list[_Block]) -> list[Part]:
    """Join each question that has only "Zie antwoord vraag N." to question N, which holds the answer of both."""
    by_number = {block.number: block for block in blocks}
    joined: dict[int, list[_Block]] = {}
    for block in blocks:
        target = _target(block, by_number)
        if target is not None:
            joined.setdefault(target, []).append(block)
    followers = {id(block) for group in joined.values() for block in group}
    parts: list[Part] = []
    for position, block in enumerate(blocks):
        if id(block) in followers:
            if not _is_beside(blocks, position, joined):
                parts.append(_far_part(block))
            continue
        group = joined.get(block.number, []) if by_number[block.number] is block else []
        parts.append(_group_part(block, group, blocks[position + 1 :]))
    return parts


def _target(block: _Block, by_number: dict[int, _Block]) -> int | None:
    """The number of the block that holds this block's answer; None where it has its own or none is found."""
    seen: set[int] = set()
    current = block
    while current.joins is not None:
        following = by_number.get(current.joins)
        if following is None or current.joins in seen or following is block:
            return None
        seen.add(current.joins)
        current = following
    return current.number if current is not block and current.answer else None


def _is_beside(blocks: list[_Block], position: int, joined: dict[int, list[_Block]]) -> bool:
    """Whether nothing but questions of the same group stands between a follower and the block with its answer."""
    group = next(group for group in joined.values() if any(other is blocks[position] for other in group))
    head = next(number for number, others in joined.items() if others is group)
    for block in reversed(blocks[:position]):
        if block.number == head:
            return True
        if not any(block is other for other in group):
            return False
    return False


def _group_part(block: _Block, group: list[_Block], following: list[_Block]) -> Part:
    numbers = tuple(sorted({block.number, *(other.number for other in group)}))
    beside = [block]
    for other in following:
        if not any(other is follower for follower in group):
            break
        beside.append(other)
    far = [other for other in group if not any(other is near for near in beside)]
    context = "\n".join(paragraph.text for other in far for paragraph in other.question)
    question = tuple(paragraph for other in beside for paragraph in other.question)
    name = label(numbers)
    return Part(name, question, block.answer, bool(block.answer), numbers, name.capitalize(), context)


def _far_part(block: _Block) -> Part:
    name = label((block.number,))
    return Part(name, block.question, block.answer, False, (), name.capitalize(), is_passage=False)


def _meta(
    head: Sequence[Line], foot: Sequence[Line], answered: bool, words: Vocabulary
) -> tuple[Meta, tuple[Paragraph, ...]]:
    fields: dict[str, str] = {}
    titles: list[Line] = []
    case = None
    for line in head:
        text = line.text.strip()
        title = _TITLE.match(line.text)
        names = [(name, start) for name, start in _FIELDS if text.startswith(start + " ")]
        if title and case is None:
            case = title[1]
        elif names:
            name, start = max(names, key=lambda pair: len(pair[1]))
            fields.setdefault(name, text[len(start) :].strip())
        elif text and not fields:
            titles.append(line)
    for line in foot:
        if match := _NUMBERED.match(line.text):
            fields[match[1]] = match[2]
    paragraphs = tuple(join([line], words) for line in head if line.text.strip())
    title_text = join(titles, words).text
    asked, reply = find_date(fields.get("asked", "")), find_date(fields.get("answered", ""))
    meta = Meta("answer" if answered else "questions", title_text, case=case, asked=asked)
    document = fields.get("Kamerantwoord") or _last_part(fields.get("answer_url"))
    question = fields.get("Kamervraag") or _last_part(fields.get("question_url"))
    return (
        replace(
            meta,
            document=(document if answered else None) or question or document,
            number=(document.rsplit("-", 1)[-1] if answered and document else case),
            answered=reply,
            date=reply or asked,
            askers=parse_askers(fields.get("askers", "")),
            answered_by=_officials(fields.get("officials", "")),
            topics=split_topics(fields.get("topics", "")),
        ),
        paragraphs,
    )


def _officials(text: str) -> tuple[Official, ...]:
    officials = []
    for match in _OFFICIAL.finditer(text):
        role = _ROLE.match(match[2].strip())
        name = match[1].strip()
        if role:
            officials.append(Official(name, role[1].lower(), role[2].strip() or None))
        else:
            officials.append(Official(name, match[2].strip() or None))
    return tuple(officials)


def _last_part(url: str | None) -> str | None:
    match = re.search(r"/((?:ah|kv|voorbeeld)-[\w-]+)(?:\.html)?\s*$", url or "")
    return match[1] if match else None
