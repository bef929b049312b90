"""Takes lines whose markup tells titles, headings and text, and gives a page or a publication by its sections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from index.read.source import Line, Source
from index.recognise.draft import Draft, Meta, Part
from index.recognise.join import Vocabulary
from index.recognise.notes import take_text_notes
from index.recognise.paragraphs import split_paragraphs
from index.recognise.sections import PATH


@dataclass(slots=True)
class _Section:
    """The lines below a heading; `path` holds the levels and titles of the headings above them, itself included."""

    path: tuple[tuple[int, str], ...] = ()
    anchor: str = ""
    lines: list[Line] = field(default_factory=list)


def looks_like(source: Source) -> bool:
    """Whether the markup says what the document is, or where its headings stand."""
    return source.kind is not None or any(line.role in ("title", "heading") for line in source.lines)


def parse(source: Source) -> Draft:
    """Return the document by its sections; the lines before the first heading are the introduction."""
    words = Vocabulary(source.lines)
    noted = take_text_notes(source.lines, words)
    titles = [line for line in noted.lines if line.role == "title"]
    parts = tuple(_parts([line for line in noted.lines if line.role != "title"], words))
    if len(parts) == 1 and not parts[0].heading:
        parts = (replace(parts[0], is_flow=True, label="pagina"),)
    head = split_paragraphs(titles, "paragraphs", words)
    title = head[0].text if head else _first_words(parts)
    return Draft(Meta(source.kind or "page", title), head, parts, (), noted.notes)


def _sections(lines: Sequence[Line]) -> Iterator[_Section]:
    section = _Section()
    for line in lines:
        path = section.path
        if line.role == "heading":
            yield section
            above = tuple(step for step in path if step[0] < line.level)
            section = _Section((*above, (line.level, line.text.strip())), line.anchor)
            continue
        if line.level and line.role in ("text", "row") and path and path[-1][0] > line.level:
            yield section
            section = _Section(tuple(step for step in path if step[0] <= line.level))
        section.lines.append(line)
    yield section


def _parts(lines: Sequence[Line], words: Vocabulary) -> Iterator[Part]:
    waiting: list[str] = []
    printed: set[tuple[tuple[int, str], ...]] = set()
    is_first = True
    for section in _sections(lines):
        title = section.path[-1][1] if section.path else ""
        is_new = bool(title) and section.path not in printed
        printed.add(section.path)
        body = split_paragraphs(section.lines, "paragraphs", words)
        if is_new:
            waiting.append(title)
        if not body:
            continue
        label = title or ("inleiding" if is_first else "slot")
        context = PATH.join(name for _, name in section.path)
        yield Part(label, (), body, heading="\n".join(waiting), context=context, anchor=section.anchor)
        waiting, is_first = [], False
    if waiting:
        # Headings without text of their own at the end: printed, and nothing to be found by.
        yield Part(waiting[-1], heading="\n".join(waiting), is_passage=False)


def _first_words(parts: Sequence[Part]) -> str:
    """What stands first where no title does: a heading, else the first words."""
    if parts and parts[0].heading:
        return parts[0].heading.split("\n")[0]
    return parts[0].body[0].text[:80] if parts and parts[0].body else ""
