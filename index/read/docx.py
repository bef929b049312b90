"""Takes the archive of a Word document and gives its lines: headings, numbered items, tables, footnotes.

The format is a ZIP of XML files; our own readers of both are bounded, so no library for Word is needed. Headers and
footers of pages are furniture and left out; what was deleted under "track changes" is not there any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from index.errors import ReadError
from index.read.archive import Archive
from index.read.owms import about_of_pairs
from index.read.source import Source
from index.read.table import MOST_ACROSS, repeated, span_of, table_lines
from index.read.tree import Node
from index.read.word_styles import Numbering, Styles
from index.read.writer import Inline, Writer
from index.read.xml import parse_xml

PART = 64 * 1024 * 1024  # bytes of one part, unpacked
_LEFT_OUT = frozenset(
    (
        *("del", "movefrom", "instrtext", "deltext", "fallback", "ppr", "rpr", "sectpr", "tblpr", "tblgrid", "trpr"),
        *("tcpr", "fldchar", "drawing", "object", "commentreference", "annotationref", "footnoteref", "endnoteref"),
    )
)
_BLOCKS = frozenset(("p", "tbl"))


def read_docx(archive: Archive) -> Source:
    """Return the lines of a Word document with their roles, notes and title."""
    body = _part(archive, "word/document.xml")
    if body is None:
        raise ReadError("read.broken_zip", file=archive.name)
    return _Word(archive).read(body)


def _part(archive: Archive, member: str) -> Node | None:
    data = archive.read(member, PART)
    return parse_xml(data, archive.label(member)) if data else None


@dataclass(slots=True)
class _Paragraph:
    """A paragraph as it grows: its lines, parted where the writer broke them."""

    lines: list[Inline] = field(default_factory=lambda: [Inline()])

    @property
    def line(self) -> Inline:
        return self.lines[-1]


class _Word:
    """One document while it is walked."""

    def __init__(self, archive: Archive) -> None:
        self.writer = Writer()
        self.styles = Styles(_part(archive, "word/styles.xml"))
        self.numbering = Numbering(_part(archive, "word/numbering.xml"))
        self.notes = {
            kind: {node.attributes.get("id", ""): node for node in (root.all(kind) if root is not None else ())}
            for kind, root in (
                ("footnote", _part(archive, "word/footnotes.xml")),
                ("endnote", _part(archive, "word/endnotes.xml")),
            )
        }
        core = _part(archive, "docProps/core.xml")
        self.about = about_of_pairs(
            (node.tag, node.text) for node in (core.nodes if core else ()) if node.tag in ("identifier", "subject")
        )

    def read(self, root: Node) -> Source:
        self._walk(root)
        return self.writer.source(about=self.about)

    def _walk(self, node: Node) -> None:
        for part in node.nodes:
            if part.tag == "p":
                self._paragraph(part)
            elif part.tag == "tbl":
                self._table(part)
            elif part.tag not in _LEFT_OUT:
                self._walk(part)

    def _paragraph(self, node: Node) -> None:
        paragraph = self._content(node)
        properties = node.first("ppr")
        style = self.styles.of(properties)
        number = self.numbering.next(properties, style) if any(paragraph.lines) else ""
        if style.is_title and not self.writer.has_text:
            self.writer.block(_joined(paragraph.lines), "title")
        elif style.level:
            self.writer.block(_prefixed(number, _joined(paragraph.lines)), "heading", style.level)
        else:
            first = next((n for n, line in enumerate(paragraph.lines) if line), len(paragraph.lines))
            for position, line in enumerate(paragraph.lines[first:]):
                if position:
                    self.writer.line(line)
                else:
                    self.writer.block(_prefixed(number, line))
        for box in _boxes(node):
            self._walk(box)

    def _content(self, node: Node) -> _Paragraph:
        paragraph = _Paragraph()
        self._runs(node, paragraph, bold=False)
        return paragraph

    def _runs(self, node: Node, paragraph: _Paragraph, *, bold: bool) -> None:
        for part in node.nodes:
            tag = part.tag
            if tag == "t":
                paragraph.line.add("".join(piece for piece in part.parts if isinstance(piece, str)), bold=bold)
            elif tag in ("tab", "ptab"):
                paragraph.line.add(" ")
            elif tag in ("br", "cr"):
                paragraph.lines.append(Inline())
            elif tag == "nobreakhyphen":
                paragraph.line.add("-", bold=bold)
            elif tag in ("footnotereference", "endnotereference"):
                self._note(paragraph.line, tag.removesuffix("reference"), part.attributes.get("id", ""))
            elif tag == "r":
                self._runs(part, paragraph, bold=_is_bold(part))
            elif tag not in _LEFT_OUT and tag not in ("txbxcontent", *_BLOCKS):
                self._runs(part, paragraph, bold=bold)

    def _note(self, line: Inline, kind: str, identifier: str) -> None:
        node = self.notes[kind].get(identifier)
        if node is None:
            return
        content = Inline()
        for paragraph in node.all("p"):
            for inner in self._content(paragraph).lines:
                content.append(inner)
                content.add(" ")
        if content:
            mark = self.writer.new_mark()
            line.mark(mark)
            self.writer.note(mark, content)

    def _table(self, table: Node) -> None:
        rows: list[list[Inline]] = []
        headers = 0
        for row in table.nodes:
            if row.tag != "tr":
                continue
            properties = row.first("trpr")
            if properties and properties.first("tblheader") and headers == len(rows):
                headers += 1
            rows.append([])
            above = rows[-2] if len(rows) > 1 else []
            for cell in row.nodes:
                if cell.tag == "tc":
                    place = len(rows[-1])
                    merged = _goes_on(cell) and place < len(above)
                    content = repeated(above[place]) if merged else self._cell(cell)
                    rows[-1] += [content] * _span(cell)
        for line in table_lines(rows, headers):
            self.writer.block(line, "row")

    def _cell(self, cell: Node) -> Inline:
        content = Inline()
        for paragraph in cell.all("p"):
            for line in self._content(paragraph).lines:
                content.append(line)
                content.add(" ")
        return content


def _boxes(node: Node) -> Iterator[Node]:
    """The text boxes that hang on a paragraph, each once: Word stores a second copy for older programs."""
    for part in node.nodes:
        if part.tag == "txbxcontent":
            yield part
        elif part.tag != "fallback":
            yield from _boxes(part)


def _goes_on(cell: Node) -> bool:
    """Whether a cell is the lower part of the one above it."""
    properties = cell.first("tcpr")
    merge = properties.first("vmerge") if properties else None
    return merge is not None and merge.attributes.get("val", "continue") == "continue"


def _span(cell: Node) -> int:
    span = cell.find("gridspan")
    return span_of(span.attributes.get("val", "") if span else "", MOST_ACROSS)


def _is_bold(run: Node) -> bool:
    properties = run.first("rpr")
    bold = properties.first("b") if properties else None
    return bold is not None and bold.attributes.get("val", "1") not in ("0", "false", "off")


def _joined(lines: list[Inline]) -> Inline:
    whole = Inline()
    for line in lines:
        whole.append(line)
        whole.add(" ")
    return whole


def _prefixed(number: str, content: Inline) -> Inline:
    if not number or not content:
        return content
    line = Inline(f"{number} ")
    line.append(content)
    return line
