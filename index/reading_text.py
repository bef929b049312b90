"""The reading text of a document as it grows from paragraphs, with the place in the file of each stretch of it, and
its footnotes bound to their marks."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from index.recognise.draft import Note, Paragraph
from index.values import Run

Marks = Sequence[tuple[int, str]]


class ReadingText:
    """The text so far: `runs` lead back to the file, `marks` are the note marks by their place in the text."""

    def __init__(self) -> None:
        self.length = 0
        self.runs: list[Run] = []
        self.marks: list[tuple[int, str]] = []
        self._pieces: list[str] = []

    @property
    def text(self) -> str:
        """All that was added."""
        return "".join(self._pieces)

    def add(self, text: str) -> None:
        """Write text that stands in no file, such as a heading's made words."""
        self._pieces.append(text)
        self.length += len(text)

    def paragraphs(self, paragraphs: Sequence[Paragraph], separator: str = "\n") -> tuple[int, int]:
        """Write paragraphs and return the span they take."""
        start = self.length
        for position, paragraph in enumerate(paragraphs):
            if position:
                self.add(separator)
            self.marks += [(self.length + offset, mark) for offset, mark in paragraph.marks]
            for fragment in paragraph.fragments:
                if fragment.at >= 0:
                    self._lead_back(len(fragment.text), fragment.at)
                self.add(fragment.text)
        return start, self.length

    def gap(self) -> None:
        """Part what follows from what stands there by a white line."""
        if self.length:
            self.add("\n\n")

    def _lead_back(self, length: int, at: int) -> None:
        last = self.runs[-1] if self.runs else None
        if last and last.end == self.length and last.at + last.end - last.start == at:
            self.runs[-1] = Run(last.start, last.end + length, last.at)
        else:
            self.runs.append(Run(self.length, self.length + length, at))


class BoundNotes:
    """Binds footnotes to marks: of notes with one mark each is used once, in order, then the last of them."""

    def __init__(self, notes: Sequence[Note], text: ReadingText) -> None:
        """Write the notes at the end of `text`, one a line."""
        self._waiting: dict[str, deque[tuple[int, str]]] = {}
        for position, note in enumerate(notes):
            text.add("\n") if position else text.gap()
            start, _ = text.paragraphs([note.paragraph])
            self._waiting.setdefault(note.mark, deque()).append((start, note.paragraph.text))

    def bind(self, marks: Marks) -> list[BoundNote]:
        """Return the notes of `marks`, which are in reading order: each mark is given once."""
        bound: list[BoundNote] = []
        for position, mark in marks:
            waiting = self._waiting.get(mark)
            if waiting:
                start, words = waiting.popleft() if len(waiting) > 1 else waiting[0]
                bound.append(BoundNote(position, mark, start, words))
        return bound


@dataclass(frozen=True, slots=True)
class BoundNote:
    """A note's mark by its place in the text, where the note itself stands there, and its words."""

    position: int
    mark: str
    start: int
    words: str


def notes_within(notes: Sequence[BoundNote], start: int, end: int) -> dict[str, tuple[int, str]]:
    """Return those of `notes`, in reading order, whose marks stand within a span, by their mark."""
    found: dict[str, tuple[int, str]] = {}
    for note in notes[bisect_left(notes, start, key=lambda note: note.position) :]:
        if note.position > end:
            break
        found.setdefault(note.mark, (note.start, note.words))
    return found
