"""Takes the lines of a Kamervraag without furniture and gives its blocks: questions, answers, notices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.read.source import Line
from index.recognise.furniture import is_head
from index.recognise.numbers import Heading, parse_heading, parse_numbers

_HEAD_STARTS = re.compile(
    r"\s*(?:AH\s{0,3}\d{1,5}\s*$|\d{4}Z\d{4,6}\s*$|voorbeeld-\S+\s*$|\(ingezonden\b"
    r"|(?:(?:Mondelinge|Schriftelijke)\s{1,3})?[Vv]ragen\s{1,3}van\b|(?:Antwoord|Mededeling)\s{1,3}van\b"
    r"|Zie ook Aanhangsel\b|Zie ook\b.{0,80}\bnr)",
)
_NOTICE = re.compile(r"\s*Mededeling(?:\s*[-–:].{0,40})?\s*$")
_EXPLANATION = re.compile(r"\s*Toelichting\s*(?P<colon>:)?\s*(?P<rest>.*)$", re.DOTALL)
_ITEM = re.compile(r"\s*(\d{1,3})[.)]\s{0,6}(?=\S)")
_BARE = re.compile(r"\s*(\d{1,3})[.)]?\s*$")
_Kind = Literal["question", "answer", "notice", "text"]
_TOLD: dict[str, _Kind] = {"question": "question", "answer": "answer", "notice": "notice", "explanation": "text"}


@dataclass(frozen=True, slots=True)
class Block:
    """A heading with the lines below it; `heading` as printed, `anchor` where a link to the page leads to it."""

    kind: Literal["question", "answer", "notice", "text"]
    numbers: tuple[int, ...]
    lines: tuple[Line, ...]
    heading: str = ""
    label: str = ""
    anchor: str = ""


def head_length(lines: Sequence[Line]) -> int:
    """How many lines form the head: all before the first heading, else those that begin as a head does."""
    told = next((position for position, line in enumerate(lines) if line.role in _TOLD), None)
    if told is not None:
        return told
    for position, line in enumerate(lines):
        heading = _heading(line)
        if (heading and heading.kind == "question") or (len(line.text) < 80 and _NOTICE.match(line.text)):
            return position
    length = 0
    inside = False
    for position, line in enumerate(lines):
        text = line.text
        if _HEAD_STARTS.match(text) or is_head(text) or (_BARE.match(text) and not length):
            inside, length = True, position + 1
        elif not text.strip():
            inside = False
        elif inside and not _ITEM.match(text):
            length = position + 1
        else:
            break
    return length


def _heading(line: Line) -> Heading | None:
    """The heading that a line is; a row of a table is none."""
    return None if line.cells or line.role == "row" else parse_heading(line.text)


def find_blocks(lines: Sequence[Line]) -> list[Block]:
    """Return the blocks in order, by the headings where there are any, else by numbers or paragraphs."""
    if any(line.role in _TOLD for line in lines):
        return _by_markup(lines)
    if any((heading := _heading(line)) and heading.kind == "question" for line in lines):
        return _by_headings(lines, numbered=False)
    if any((heading := _heading(line)) and heading.kind == "answer" for line in lines):
        return _by_headings(lines, numbered=True)
    if _numbered_lines(lines):
        return _by_headings(lines, numbered=True)
    return _by_paragraphs(lines)


class _Builder:
    """The blocks as they grow."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.kind: Literal["question", "answer", "notice", "text"] = "text"
        self.numbers: tuple[int, ...] = ()
        self.heading = self.label = self.anchor = ""
        self.lines: list[Line] = []

    def open(
        self,
        kind: Literal["question", "answer", "notice", "text"],
        numbers: tuple[int, ...],
        heading: str,
        label: str = "",
        anchor: str = "",
    ) -> None:
        self.close()
        self.anchor = anchor
        self.kind, self.numbers, self.heading, self.label, self.lines = kind, numbers, heading.strip(), label, []

    def close(self) -> None:
        if self.kind != "text" or any(line.text.strip() for line in self.lines):
            label = self.label or ("inleiding" if self.kind == "text" else "")
            self.blocks.append(Block(self.kind, self.numbers, tuple(self.lines), self.heading, label, self.anchor))

    @property
    def last_question(self) -> int:
        asked = [*(block.numbers for block in self.blocks if block.kind == "question")]
        if self.kind == "question":
            asked.append(self.numbers)
        return max((max(numbers) for numbers in asked if numbers), default=0)


def _by_markup(lines: Sequence[Line]) -> list[Block]:
    """The blocks that markup tells: a line that opens each, with its numbers."""
    builder = _Builder()
    for line in lines:
        kind = _TOLD.get(line.role)
        if kind:
            name = "toelichting" if line.role == "explanation" else ""
            numbers = parse_numbers(line.text) if kind in ("question", "answer") else ()
            if kind == "question" and not numbers:
                numbers = (builder.last_question + 1,)
            builder.open(kind, numbers, line.text, name, line.anchor)
        else:
            builder.lines.append(line)
    builder.close()
    return builder.blocks


def _by_headings(lines: Sequence[Line], *, numbered: bool) -> list[Block]:
    builder = _Builder()
    for position, line in enumerate(lines):
        heading = _heading(line)
        explanation = _EXPLANATION.match(line.text) if line.text.lstrip().startswith("Toelichting") else None
        if heading:
            builder.open(heading.kind, heading.numbers, line.text[: heading.rest])
            if line.text[heading.rest :].strip():
                builder.lines.append(rest_of(line, heading.rest))
        elif _NOTICE.match(line.text[:80]) and len(line.text) < 80:
            builder.open("notice", (), line.text)
        elif explanation and (explanation["colon"] or not explanation["rest"]):
            builder.open("text", (), "Toelichting", "toelichting")
            if explanation["rest"].strip():
                builder.lines.append(rest_of(line, explanation.start("rest")))
        elif numbered and (start := _question_start(lines, position, builder)) is not None:
            number, rest = start
            builder.open("question", (number,), line.text[:rest])
            if line.text[rest:].strip():
                builder.lines.append(rest_of(line, rest))
        else:
            builder.lines.append(line)
    builder.close()
    return builder.blocks


def rest_of(line: Line, start: int) -> Line:
    """The line from `start` on, its spans moved along."""
    moved = tuple((max(a - start, 0), b - start) for a, b in line.marks if b > start)
    cuts = tuple((max(a - start, 0), b - start) for a, b in line.cuts if b > start)
    return replace(line, text=line.text[start:], at=line.at + start, marks=moved, cuts=cuts, cells=(), columns=())


def _question_start(lines: Sequence[Line], position: int, builder: _Builder) -> tuple[int, int] | None:
    """The number of the question that starts here and where its text does, if it is the next in order.

    Within an answer a numbered list may stand: there only a paragraph that asks something starts a question.
    """
    text = lines[position].text
    match = _BARE.match(text) or _ITEM.match(text)
    if match is None or lines[position].cells or int(match[1]) != builder.last_question + 1:
        return None
    if builder.kind == "answer" and not _asks(lines, position):
        return None
    return int(match[1]), match.end()


def _asks(lines: Sequence[Line], position: int) -> bool:
    """Whether the paragraph at `position` holds a question before the next heading."""
    if position and lines[position - 1].text.strip():
        return False
    seen = False
    for line in lines[position : position + 40]:
        if _heading(line) or (seen and not line.text.strip()):
            return False
        seen = seen or not _BARE.match(line.text)
        if "?" in line.text:
            return True
    return False


def _numbered_lines(lines: Sequence[Line]) -> bool:
    expected = 1
    for line in lines:
        match = _BARE.match(line.text) or _ITEM.match(line.text)
        if match and not line.cells and int(match[1]) == expected:
            expected += 1
    return expected > 1


def _by_paragraphs(lines: Sequence[Line]) -> list[Block]:
    """Questions without numbers, one a paragraph; a document without a question mark holds none."""
    groups: list[list[Line]] = [[]]
    for line in lines:
        if line.text.strip():
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    groups = [group for group in groups if group]
    if not any("?" in line.text for group in groups for line in group):
        return [Block("text", (), tuple(lines), label="inleiding")] if groups else []
    return [Block("question", (number,), tuple(group)) for number, group in enumerate(groups, 1)]
