"""Takes the tree of an HTML page and gives its lines: an official publication, or any page by its headings.

Navigation, hidden parts, scripts and styles are left out; the ids of headings are kept for links straight to them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.errors import ReadError
from index.read.html import BLOCKS, parse_html
from index.read.page_parts import about_page, classes_of, content_of, is_left_out, show_controlled
from index.read.source import Role, Source
from index.read.table import MOST_ACROSS, MOST_DOWN, Cell, span_of, spread, table_lines
from index.read.tree import Node
from index.read.writer import Inline, Writer
from index.values import Kind

_OPENS: dict[str, Role] = {"vraag": "question", "antwoord": "answer", "kamervraagopmerking": "notice"}
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BOLD = frozenset(("b", "strong", "th"))
_ERROR = re.compile(
    r"\b(?:404|403|500|502|503)\b|niet gevonden|bestaat niet|not found|\berror\b|foutmelding|\bfout\b|storing"
    r"|access denied|geen toegang|unavailable|niet beschikbaar",
    re.IGNORECASE,
)
_ERROR_PAGE = 1200  # characters; a page of more than this with such a title is about errors
_OFFICIAL = re.compile(r"(?:stb|stcrt|trb|gmb|prb|bgr|wsb)-", re.IGNORECASE)


def read_html(text: str, name: str) -> Source:
    """Return the lines of a page with their roles, its metadata and, where it says so, its kind.

    Raises `ReadError` for a page that only reports an error, such as an archive gives for a missing document.
    """
    root = parse_html(text, name)
    show_controlled(root)
    about = about_page(root)
    page = _Page(root)
    title = " ".join(about.get("title", ())[:1])
    content = content_of(root)
    page.read(content, title)
    length = sum(map(len, content.text.split()))
    if length < _ERROR_PAGE and "identifier" not in about and _ERROR.search(f"{title} {page.first_heading}"):
        raise ReadError("read.error_page", file=name)
    kind: Kind | None = "publication" if _OFFICIAL.match(" ".join(about.get("identifier", ()))) else None
    return page.writer.source(kind=kind, about=about)


def write_fragment(writer: Writer, text: str) -> None:
    """Write the blocks of a piece of HTML that stands in another file, its headings as text."""
    root = parse_html(text, "")
    page = _Page(root)
    page.has_title = True
    page.read(root, "")
    for line in page.writer.source().lines:
        writer.block(line.text, "row" if line.role == "row" else "text")


class _Page:
    """One page while its tree is walked."""

    def __init__(self, root: Node) -> None:
        self.writer = Writer()
        self.has_title = False
        self.first_heading = ""
        self.level = 1  # of the last heading
        self.below = 0  # the level of the heading that text stands below, where that is not the last
        self.anchor = ""
        self.marks: dict[str, str] = {}
        self.notes: dict[str, Inline] = {}
        for node in root.all("div", "li", "p"):
            if "noot" in classes_of(node):
                self._keep_note(node)

    def read(self, content: Node, title: str) -> None:
        is_whole = content.tag in ("body", "")
        if content.find("h1") is None and content.find("h2", "h3", "p") is not None and title:
            kop = next((node for node in content.all("p") if "staatscourant_kop" in classes_of(node)), None)
            if kop is None:
                self.writer.block(title, "title")
                self.has_title = True
        self._walk(content.parts, is_whole)

    def _walk(self, parts: Sequence[Node | str], is_whole: bool, prefix: str = "") -> str:
        """Write blocks in order; words between them are paragraphs too. Returns a prefix that is not yet written."""
        loose = Inline()
        for part in parts:
            if isinstance(part, str) or (part.tag not in BLOCKS and not _holds_blocks(part)):
                if isinstance(part, Node) and part.tag == "br" and loose:
                    self._write(self._with(prefix, loose))
                    loose, prefix = Inline(), ""
                else:
                    self._add(loose, part)
                continue
            if loose:
                self._write(self._with(prefix, loose))
                loose, prefix = Inline(), ""
            prefix = self._block(part, is_whole, prefix)
        if loose:
            self._write(self._with(prefix, loose))
            prefix = ""
        return prefix

    def _block(self, node: Node, is_whole: bool, prefix: str) -> str:
        if is_left_out(node) or (is_whole and node.tag in ("header", "footer") and node.find("h1") is None):
            return prefix
        classes = classes_of(node)
        role = next((_OPENS[name] for name in classes if name in _OPENS), None)
        if "noot" in classes and node.attributes.get("data-note") == "kept":
            return prefix
        if role:
            self._opened(node, role, is_whole)
        elif node.tag in _HEADINGS or node.tag == "summary" or "staatscourant_kop" in classes:
            self._heading(node)
        elif node.tag == "table" and not _is_layout(node):
            self._table(node)
        elif node.tag in ("ul", "ol"):
            self._list(node, is_whole)
        else:
            self._keep_anchor(node)
            prefix = self._walk(node.parts, is_whole, prefix)
            if node.tag == "details" or "data-panel" in node.attributes:
                self.below = self.level  # what comes next is no longer about what folds out
            return prefix
        return ""

    def _write(self, text: Inline, role: Role = "text") -> None:
        self.writer.block(text, role, self.below)

    def _opened(self, node: Node, role: Role, is_whole: bool) -> None:
        """A question, an answer or a notice of a Kamervraag: its heading as printed, then what it holds."""
        heading = next((h for h in node.nodes if h.tag in _HEADINGS or "nummer" in classes_of(h)), None)
        names: dict[Role, str] = {"question": "Vraag", "answer": "Antwoord", "notice": "Mededeling"}
        printed = heading.text if heading else ""
        text = printed if re.search(r"[^\W\d]{4}", printed) else f"{names[role]} {printed}".strip()
        self.writer.block(text, role, 0, self._anchor_of(node) or (self._anchor_of(heading) if heading else ""))
        self._walk([part for part in node.parts if part is not heading], is_whole)

    def _heading(self, node: Node) -> None:
        text = self._inline(node)
        if not text:
            return
        level = int(node.tag[1]) if node.tag in _HEADINGS else 1
        if node.tag == "summary":  # one of several beside each other, below the heading above them
            level = self.level + 1
        else:
            self.level = level
        self.first_heading = self.first_heading or text.text
        anchor = self._anchor_of(node) or self.anchor
        self.anchor, self.below = "", 0
        if "kamervraagomschrijving_kop" in classes_of(node):
            self.writer.block(text)
        elif level == 1 and not self.has_title:
            self.writer.block(text, "title", 0, anchor)
            self.has_title = True
        else:
            self.writer.block(text, "heading", level, anchor)

    def _list(self, node: Node, is_whole: bool) -> None:
        number = int(start) if (start := node.attributes.get("start", "1")).isdigit() and len(start) < 6 else 1
        told = "expliciet" in classes_of(node)
        for item in node.nodes:
            if item.tag != "li" or is_left_out(item):
                self._walk([item], is_whole)
                continue
            printed = told or next((n for n in item.all("span") if classes_of(n) & {"ol", "li.nr"}), None) is not None
            prefix = "" if printed else f"{number}." if node.tag == "ol" else "•"
            self._walk(item.parts, is_whole, prefix)
            number += 1

    def _table(self, node: Node) -> None:
        caption = node.find("caption")
        if caption:
            self._write(self._inline(caption))
        rows: list[list[Cell]] = []
        headers = 0
        for row in node.all("tr"):
            cells = [cell for cell in row.nodes if cell.tag in ("td", "th")]
            if len(rows) == headers and len(cells) > 1 and all(cell.tag == "th" for cell in cells):
                headers += 1
            rows.append([self._cell(cell) for cell in cells])
        for text in table_lines(spread(rows), headers):
            self._write(text, "row")

    def _cell(self, node: Node) -> Cell:
        across, down = node.attributes.get("colspan", ""), node.attributes.get("rowspan", "")
        return Cell(self._inline(node), span_of(across, MOST_ACROSS), span_of(down, MOST_DOWN))

    def _inline(self, node: Node) -> Inline:
        line = Inline()
        for part in node.parts:
            self._add(line, part, bold=node.tag in _BOLD)
        return line

    def _add(self, line: Inline, part: Node | str, *, bold: bool = False) -> None:
        if isinstance(part, str):
            line.add(part, bold=bold)
        elif part.tag == "br":
            line.add(" ")
        elif "nootnum" in classes_of(part):
            self._mark(line, part)
        elif not is_left_out(part):
            self._keep_anchor(part)
            apart = part.tag in BLOCKS or part.tag in ("td", "th")
            if apart:
                line.add(" ")
            for inner in part.parts:
                self._add(line, inner, bold=bold or part.tag in _BOLD)
            if apart:
                line.add(" ")

    def _mark(self, line: Inline, node: Node) -> None:
        """A note mark: it points to its note by address, else by what is printed."""
        printed = "".join(filter(str.isalnum, node.text))
        if printed in self.notes:
            if printed not in self.marks:
                self.marks[printed] = self.writer.new_mark(printed)
                self.writer.note(self.marks[printed], self.notes[printed])
            line.mark(self.marks[printed])
        else:
            line.add(node.text)

    def _keep_note(self, node: Node) -> None:
        number = next((inner for inner in node.all("span", "a", "sup") if "nootnum" in classes_of(inner)), None)
        if number is None:
            return
        printed = "".join(filter(str.isalnum, number.text))
        number.parts = []
        content = self._inline(node)
        if printed and content and printed not in self.notes:
            self.notes[printed] = content
            node.attributes["data-note"] = "kept"

    def _keep_anchor(self, node: Node) -> None:
        if node.attributes:
            self.anchor = node.attributes.get("id") or node.attributes.get("name") or self.anchor

    def _anchor_of(self, node: Node) -> str:
        inner = next((a for a in node.nodes if a.tag == "a" and ("id" in a.attributes or "name" in a.attributes)), None)
        if node.attributes.get("id") or inner is None:
            return node.attributes.get("id", "")
        return inner.attributes.get("id") or inner.attributes.get("name", "")

    def _with(self, prefix: str, content: Inline) -> Inline:
        if not prefix:
            return content
        line = Inline(f"{prefix} ")
        line.append(content)
        return line


def _holds_blocks(node: Node) -> bool:
    return node.find(*BLOCKS) is not None


def _is_layout(table: Node) -> bool:
    """Whether a table only places parts of a page: it holds tables, headings or one column."""
    inside = [node for part in table.nodes for node in part.all("table", *_HEADINGS)]
    return bool(inside) or all(len(row.nodes) < 2 for row in table.all("tr"))
