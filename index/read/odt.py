"""Takes the archive of an OpenDocument text and gives its lines: headings, lists, tables, footnotes."""

from __future__ import annotations

from index.errors import ReadError
from index.read.archive import Archive
from index.read.owms import about_of_pairs
from index.read.source import Source
from index.read.table import MOST_ACROSS, MOST_DOWN, Cell, span_of, spread, table_lines
from index.read.tree import Node
from index.read.writer import Inline, Writer
from index.read.xml import parse_xml

_TEXT = b"application/vnd.oasis.opendocument.text"
_PART = 64 * 1024 * 1024  # bytes of one part, unpacked
# What a document was, is drawn, or says of itself: none of it is running text.
_LEFT_OUT = frozenset(
    ("tracked-changes", "sequence-decls", "variable-decls", "user-field-decls", "forms", "annotation")
)


def is_odt(archive: Archive) -> bool:
    """Whether an archive says that it is an OpenDocument text."""
    return "content.xml" in archive.names and (archive.read("mimetype", 200) or b"").strip().startswith(_TEXT)


def read_odt(archive: Archive) -> Source:
    """Return the lines of an OpenDocument text with their roles and notes."""
    content = archive.read("content.xml", _PART)
    if not content:
        raise ReadError("read.broken_zip", file=archive.name)
    body = parse_xml(content, archive.label("content.xml")).find("text")
    if body is None:
        raise ReadError("read.empty", file=archive.name)
    told = archive.read("meta.xml", _PART)
    meta = parse_xml(told, archive.label("meta.xml")).find("meta") if told else None
    about = about_of_pairs((node.tag, node.text) for node in (meta.nodes if meta else ()) if node.tag == "subject")
    writer = Writer()
    _Text(writer).walk(body)
    return writer.source(about=about)


class _Text:
    """One document while it is walked."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer

    def walk(self, node: Node, prefix: str = "") -> None:
        """Write what stands in an element; `prefix` is the sign of the list item it is."""
        for part in node.nodes:
            if part.tag == "h":
                level = part.attributes.get("outline-level", "1")
                self.writer.block(self.inline(part), "heading", span_of(level, 9))
            elif part.tag == "p":
                self.writer.block(self.inline(part, prefix))
                prefix = ""
            elif part.tag == "table":
                self.table(part)
            elif part.tag in ("list-item", "list-header"):
                self.walk(part, "•")
            elif part.tag not in _LEFT_OUT:
                self.walk(part)

    def table(self, node: Node) -> None:
        """Write a table row by row."""
        head = [row for group in node.all("table-header-rows") for row in group.nodes if row.tag == "table-row"]
        inside = {id(row) for table in node.all("table") if table is not node for row in table.all("table-row")}
        rows = [row for row in node.all("table-row") if id(row) not in inside]
        cells = [[self.cell(cell) for cell in row.nodes if cell.tag == "table-cell"] for row in rows]
        for line in table_lines(spread(cells), sum(id(row) not in inside for row in head)):
            self.writer.block(line, "row")

    def cell(self, node: Node) -> Cell:
        """A cell with all its paragraphs in one line; where another covers it, the file has no such cell."""
        content = Inline()
        for paragraph in node.all("p", "h"):
            content.append(self.inline(paragraph))
            content.add(" ")
        across, down = (node.attributes.get(f"number-{of}-spanned", "") for of in ("columns", "rows"))
        return Cell(content, span_of(across, MOST_ACROSS), span_of(down, MOST_DOWN))

    def inline(self, node: Node, prefix: str = "") -> Inline:
        """The words of a paragraph in one line."""
        line = Inline(f"{prefix} " if prefix else "")
        self.add(line, node)
        return line

    def add(self, line: Inline, node: Node) -> None:
        """Add the words of an element."""
        for part in node.parts:
            if isinstance(part, str):
                line.add(part)
            elif part.tag in ("s", "tab", "line-break"):
                line.add(" ")
            elif part.tag == "note":
                self.note(line, part)
            elif part.tag not in _LEFT_OUT:
                self.add(line, part)

    def note(self, line: Inline, node: Node) -> None:
        """A footnote or endnote: its mark in the line, its words kept for the end."""
        printed, body = node.first("note-citation"), node.first("note-body")
        content = Inline()
        for paragraph in body.all("p") if body else ():
            self.add(content, paragraph)
            content.add(" ")
        if content:
            mark = self.writer.new_mark(printed.text if printed else "")
            line.mark(mark)
            self.writer.note(mark, content)
