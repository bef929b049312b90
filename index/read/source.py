"""What a file reader gives: the lines of a file with their place, knows nothing of what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from index.values import Kind

Format = Literal["pdf", "text", "markup"]
Span = tuple[int, int]
# What markup says a line is: a title, a heading, running text, a row of a table, a footnote that begins with its mark;
# or what opens a part of a Kamervraag. Without a role it is to be found out from the words.
Role = Literal["", "title", "heading", "text", "row", "note", "question", "answer", "notice", "explanation"]
About = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of a table's row: the spans of its lines in the row's text, its first row and column, how many of each
    it takes, and whether its type is bold."""

    spans: tuple[Span, ...]
    row: int
    column: int
    across: int = 1
    down: int = 1
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the file has it; an empty one parts paragraphs.

    `at` counts code points from the start of the file's own text. A PDF also gives the type size in points, the
    left edge, whether the type is bold, whether the next line's first word would still have fitted (`ends`), and
    the spans of raised note marks. A recogniser adds `cuts`, the spans that are no part of the reading text.
    Markup also gives the `role`, the level of a heading (1 is the highest) and the `anchor` that a link can lead to.
    A row of a table drawn on a page is one line with its filled `cells`; `columns` are the places of the lines between
    them, in points. A recogniser adds the rows of headers above it (`heads`), and whether it `is_head` itself.
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
    role: Role = ""
    level: int = 0
    anchor: str = ""
    cells: tuple[TableCell, ...] = ()
    columns: tuple[float, ...] = ()
    heads: tuple[Line, ...] = ()
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A file as lines, in reading order. `warnings` are whole sentences for a person.

    `kind` is what markup says the document is; `about` is its metadata by the last part of their names in lower case
    (`title`, `identifier`, `indiener`), each with its values in order.
    """

    format: Format
    lines: tuple[Line, ...]
    pages: int = 1
    warnings: tuple[str, ...] = ()
    kind: Kind | None = None
    about: About = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The lines as one text; a line's `at` counts in it."""
        return "\n".join(line.text for line in self.lines)
