"""Conservation: files go in, and for each document comes out how many of its words were kept, set aside or lost.

A word is kept when it stands in the reading text at the place that leads back to it, set aside when it is furniture,
a heading that a label stands for, or a note's mark; else it is lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.measures import Measure, proportion
from index.chunk import cut
from index.documents import find_files
from index.read import Source, read_all
from index.recognise import recognise

_WORD = re.compile(r"[^\W_]+")
_MARKUP = re.compile(r"</?sup>|\]\(\S*?\)")  # a link's target repeats its words


@dataclass(frozen=True, slots=True)
class Conservation:
    """What became of the words of one document's source; `lost` names those that are nowhere."""

    file: str
    words: int
    kept: int
    removed: int
    lost: tuple[str, ...]


def conservation(paths: Sequence[Path]) -> Iterator[Conservation]:
    """Yield the figures of each document in `paths`; a file that cannot be read is left to the indexing to name."""
    for path in find_files(paths):
        for found in read_all(path):
            if found.source:
                yield account(found.source, found.name)


def account(source: Source, name: str) -> Conservation:
    """Return what became of the words of one source."""
    draft = recognise(source)
    done = cut(draft, "document", len)
    left = list(source.text)
    for run in done.runs:
        left[run.at : run.at + run.end - run.start] = " " * (run.end - run.start)
    headings = (part.heading for part in draft.parts)
    marks = (mark for part in draft.parts for p in (*part.question, *part.body) for _, mark in p.marks)
    told = (draft.meta.title,) if draft.meta.kind == "faq" else ()  # made of the file's name
    known = Counter(_WORD.findall(" ".join((*draft.removed, *headings, *marks, *told, *(n.mark for n in draft.notes)))))
    unseen = Counter(_WORD.findall(_MARKUP.sub(" ", "".join(left))))
    lost = unseen - known
    words = len(_WORD.findall(_MARKUP.sub(" ", source.text)))
    removed = unseen.total() - lost.total()
    return Conservation(name, words, words - unseen.total(), removed, tuple(lost.elements()))


def measure(figures: Sequence[Conservation]) -> Measure:
    """Return the share of documents of which no word was lost."""
    return proportion("conserved", [not figure.lost for figure in figures])
