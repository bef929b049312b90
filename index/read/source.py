"""What a file reader gives: the lines of a file with their place, knows nothing of what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Format = Literal["pdf", "text"]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the file has it; an empty one parts paragraphs.

    `at` counts code points from the start of the file's own text. A PDF also gives the type size in points, the
    left edge, whether the type is bold, whether the next line's first word would still have fitted (`ends`), and
    the spans of raised note marks. A recogniser adds `cuts`, the spans that are no part of the reading text.
    """

    text: str
    at: int = 0
    page: int = 1
    size: float = 0.0
    left: float = 0.0
    bold: bool = False
    ends: bool = False
    marks: tuple[Span, ...] = ()
    cuts: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A file as lines, in reading order. `warnings` are whole sentences for a person."""

    format: Format
    lines: tuple[Line, ...]
    pages: int = 1
    warnings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The lines as one text; a line's `at` counts in it."""
        return "\n".join(line.text for line in self.lines)
