"""Takes what a markup reader meets, piece by piece, and gives it as lines with their roles, marks and notes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from index.read.source import About, Line, Role, Source, Span
from index.values import Kind


@dataclass(slots=True)
class Inline:
    """Running text with single spaces, the spans of the note marks in it, and whether all of it is bold."""

    text: str = ""
    marks: list[Span] = field(default_factory=list)
    plain: bool = False  # holds words that are not bold

    def add(self, text: str, *, bold: bool = False) -> None:
        """Add words; white space of any length is one space."""
        words = " ".join(text.split())
        if not words:
            if text and self.text and not self.text.endswith(" "):
                self.text += " "
            return
        if text[0].isspace() and self.text and not self.text.endswith(" "):
            self.text += " "
        self.text += words + (" " if text[-1].isspace() else "")
        self.plain = self.plain or not bold

    def mark(self, mark: str) -> None:
        """Add a note mark, close to the word before it."""
        trimmed = self.text.rstrip()
        if not self.marks or self.marks[-1][1] < len(trimmed):
            self.text = trimmed
        self.marks.append((len(self.text), len(self.text) + len(mark)))
        self.text += mark

    def append(self, other: Inline) -> None:
        """Add another running text with its marks."""
        self.marks += [(start + len(self.text), end + len(self.text)) for start, end in other.marks]
        self.text += other.text
        self.plain = self.plain or other.plain

    @property
    def is_bold(self) -> bool:
        """Whether there are words, all of them bold."""
        return bool(self.text.strip()) and not self.plain

    def __bool__(self) -> bool:
        return bool(self.text.strip())


class Writer:
    """The lines as they grow, each block parted from the next by an empty line."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._length = 0
        self._notes: list[tuple[str, Inline]] = []
        self._marks: set[str] = set()

    @property
    def has_text(self) -> bool:
        """Whether anything was written."""
        return bool(self._lines)

    @property
    def has_headings(self) -> bool:
        """Whether a heading was written."""
        return any(line.role == "heading" for line in self._lines)

    def block(self, content: Inline | str, role: Role = "text", level: int = 0, anchor: str = "") -> None:
        """Write a paragraph, a heading or what opens a part; nothing when it holds no words."""
        if isinstance(content, str):
            content = Inline(" ".join(content.split()))
        if not content:
            return
        if self._lines:
            self._put(Line("", self._length))
        self.line(content, role, level, anchor)

    def line(self, content: Inline, role: Role = "text", level: int = 0, anchor: str = "") -> None:
        """Write a further line of the same paragraph."""
        if content:
            marks = tuple(content.marks)
            self._put(Line(content.text.rstrip(), self._length, marks=marks, role=role, level=level, anchor=anchor))

    def new_mark(self, printed: str = "") -> str:
        """Return the mark for the next note: the printed one where it is a number or letter not used before."""
        wanted = "".join(filter(str.isalnum, printed))[:4]
        number = len(self._marks) + 1
        while not wanted or wanted in self._marks:
            wanted, number = str(number), number + 1
        self._marks.add(wanted)
        return wanted

    def note(self, mark: str, content: Inline) -> None:
        """Keep a note for the end."""
        self._notes.append((mark, content))

    def source(self, *, kind: Kind | None = None, about: About | None = None, warnings: tuple[str, ...] = ()) -> Source:
        """Return what was written, the notes last."""
        for mark, content in self._notes:
            beginning = Inline(mark, [(0, len(mark))])
            beginning.text += " " + content.text
            self.block(beginning, "note")
        lines = self._lines
        if not any(line.role not in ("", "text", "row", "note", "title") for line in lines):
            lines = [replace(line, role="") if line.role == "text" else line for line in lines]
        return Source("markup", tuple(lines), 1, warnings, kind, about or {})

    def _put(self, line: Line) -> None:
        self._lines.append(line)
        self._length += len(line.text) + 1
