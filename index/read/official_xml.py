"""Takes the tree of an official publication in XML and gives its lines, with what its markup says each of them is.

Knows the elements of Kamervragen, Kamerstukken and the official journals, of laws (BWB) and local rules (CVDR).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.read.owms import about_of_xml, identifier_in
from index.read.source import Role, Source
from index.read.table import MOST_ACROSS, MOST_DOWN, Cell, span_of, spread, table_lines
from index.read.tree import Node
from index.read.writer import Inline, Writer
from index.values import Kind

_LEFT_OUT = frozenset(
    (
        *("metadata", "meta", "meta-data", "plaatje", "illustratie", "colspec", "spanspec", "noot.nr"),
        *("li.nr", "lidnr", "term"),
        *("bwb-inputbestand", "bwb-wijzigingen", "redactionele-correcties", "brondata", "jcis", "toestand-meta"),
    )
)
_INLINE = frozenset(
    (
        *("nadruk", "extref", "intref", "sup", "inf", "vet", "cur", "ondlijn", "noot", "nootref", "nootnr", "ol"),
        *("organisatie", "naam", "voornaam", "achternaam", "functie", "datum", "plaats", "kamervraagonderwerp", "br"),
        *("redactie", "unl", "romein", "marge", "extref-groep", "intref-groep", "inline"),
    )
)
# Read as one line, however they are built.
_LINES = frozenset(
    (
        *("tekstregel", "kamervraagnummer", "kamervraagomschrijving", "omschr", "dagtekening", "ondertekening"),
        *("datumtekst", "intitule", "citeertitel", "koning", "vraagnummer", "vraagkop"),
    )
)
_OPENS: dict[str, Role] = {
    "vraag": "question",
    "antwoord": "answer",
    "kamervraagopmerking": "notice",
    "opmerking": "notice",
    "toelicht": "explanation",
}
_BOLD = frozenset(("vet", "b", "strong"))
_LIST_ITEMS = {"li": "li.nr", "specificatie-item": "li.nr", "lid": "lidnr", "definitie-item": "term"}
_LOOSE_HEADINGS = frozenset(("tussenkop", "item-titel", "spreker"))
_NUMBERED = re.compile(r"(?:vra(?:ag|gen)|antwoord(?:en)?)\s[\d ,tot/men]{1,60}:?", re.IGNORECASE)
_TITLES = ("label", "nr", "titel", "subtitel")


def read_official_xml(root: Node) -> Source:
    """Return the lines of a publication, its kind as far as the markup says it, and its metadata."""
    return _Publication(root).read()


class _Publication:
    """One publication while its tree is walked.

    Levels count in twos: headings of divisions are even; text, and headings that stand loose in it, one more than
    those of the division they belong to. So a text ends the sections that are deeper than itself.
    """

    def __init__(self, root: Node) -> None:
        self.root = root
        self.writer = Writer()
        self.marks: dict[str, str] = {}
        self.notes = {note.attributes["id"]: note for note in root.all("noot") if "id" in note.attributes}
        self.prefix = ""
        self.titled = ""
        self.anchor = ""

    def read(self) -> Source:
        questions = self.root.find("kamervragen", "vraagdoc", "vragen")
        paper = None if questions else self.root.find("kamerstuk")
        body = questions or paper or self.root.find("wetgeving", "body") or self.root
        if paper:
            self.paper_head(paper)
        elif not questions:
            self.title(body)
        self.walk(body.parts, 1)
        kind: Kind | None = None if questions or paper else "publication"
        about = about_of_xml(self.root)
        identifier = identifier_in(self.root)
        if identifier:
            about = {**about, "identifier": (identifier, *about.get("identifier", ()))}
        return self.writer.source(kind=kind, about=about)

    def title(self, body: Node) -> None:
        """The title of a publication: its own heading, below that of the journal it stands in."""
        own = body.find("intitule")
        if own is None:
            inner = [node for node in body.nodes if node.tag not in ("kop", "metadata", "meta")]
            heads = [*(node.first("kop") for node in inner), body.first("kop")]
            own = next((head for head in heads if head is not None), None)
        if own is None:
            return
        text = self.heading_of(own) if own.tag == "kop" else self.inline(own)
        self.writer.block(text, "title")
        self.titled = text.text.strip()
        own.parts = []
        if body is self.root and body.first("kop"):  # the name of the journal
            self.root.parts = [part for part in self.root.parts if not (isinstance(part, Node) and part.tag == "kop")]

    def paper_head(self, paper: Node) -> None:
        """The file's number and name, the paper's number and title, each on the line where a printed paper has it."""
        for dossier in paper.all("dossier"):
            number, title = dossier.find("dossiernr"), dossier.first("titel")
            suffix = dossier.find("dossiertoevoeging", "dossiersuffix")
            code = " ".join(filter(None, (number.text if number else "", suffix.text if suffix else "")))
            self.writer.block(f"{code} {title.text if title else ''}")
            dossier.parts = []
        for piece in paper.all("stuk"):
            number, title = piece.find("ondernummer") or piece.find("stuknr"), piece.first("titel")
            printed = f"Nr. {number.text} " if number else ""
            self.writer.block(printed + (title.text if title else ""))
            piece.parts = [part for part in piece.nodes if part is not title and part.tag != "stuknr"]

    def walk(self, parts: Sequence[Node | str], level: int) -> None:
        """Write blocks in order; loose words between them are paragraphs too."""
        loose = Inline()
        for part in parts:
            if isinstance(part, Node) and part.tag == "noot" and not loose and self._is_marked(part):
                continue  # it stands apart from where it is pointed to
            if isinstance(part, str) or (part.tag in _INLINE and not self._holds_table(part)):
                self.add_inline(loose, part, bold=False)
                continue
            self.paragraph(loose, level)
            loose = Inline()
            self.block(part, level)
        self.paragraph(loose, level)

    def block(self, node: Node, level: int) -> None:
        tag = node.tag
        if tag in _LEFT_OUT:
            return
        if tag in _OPENS:
            self.opened(node, level)
        elif tag == "kop" or (tag == "titel" and not node.nodes):
            text = self.heading_of(node) if tag == "kop" else self.inline(node)
            self.writer.block(text, "heading", 2 * level, node.attributes.get("id", self.anchor))
            self.anchor = ""
        elif tag in _LOOSE_HEADINGS:
            self.writer.block(
                self.inline(node, apart=tag == "spreker"), "heading", 2 * level + 1, node.attributes.get("id", "")
            )
        elif tag in _LINES:
            self.paragraph(self.inline(node, apart=True), level)
        elif tag in ("table", "tgroup"):
            self.table(node, level)
        elif tag in _LIST_ITEMS:
            self.item(node, level)
        else:
            self.anchor = node.attributes.get("id", "")
            self.walk(node.parts, level + (node.first("kop") is not None))

    def paragraph(self, content: Inline, level: int) -> None:
        """Write a paragraph; a short one that is all bold is a heading without its markup."""
        if not content:
            return
        text = content.text.strip()
        if content.is_bold and not self.prefix and not content.marks and _reads_as_heading(text):
            self.writer.block(content, "heading", 2 * level + 1)
            return
        if self.prefix:
            beginning = Inline(f"{self.prefix} ")
            beginning.append(content)
            content, self.prefix = beginning, ""
        if content.text.strip() != self.titled:
            self.writer.block(content, "text", 2 * level + 1)

    def opened(self, node: Node, level: int) -> None:
        """A question, an answer, a notice: its heading as printed, then what it holds."""
        number = node.first("nr", "nummer", "kop", "vraagnummer")
        beginning = node.first("al")
        if number is None and beginning and _NUMBERED.fullmatch(beginning.text):
            number = beginning
        names: dict[Role, str] = {"question": "Vraag", "answer": "Antwoord", "notice": "Mededeling"}
        role = _OPENS[node.tag]
        name = names.get(role, "Toelichting")
        printed = number.text if number else ""
        heading = printed if re.search(r"[^\W\d]{4}", printed) else f"{name} {printed}".strip()
        self.writer.block(heading, role, level, node.attributes.get("id", ""))
        self.walk([part for part in node.parts if part is not number], level)

    def item(self, node: Node, level: int) -> None:
        number = node.first(_LIST_ITEMS[node.tag])
        self.prefix = " ".join(filter(None, (self.prefix, number.text if number else "")))
        values = [part for part in node.nodes if part.tag in ("specificatie", "waarde")]
        if values:
            line = Inline()
            for value in values:
                line.add(value.text + " ")
            self.paragraph(line, level)
        else:
            self.walk(node.parts, level)
        self.prefix = ""

    def table(self, table: Node, level: int) -> None:
        for group in list(table.all("tgroup")) or [table]:
            columns = [node.attributes.get("colname", "") for node in group.nodes if node.tag == "colspec"]
            head = group.first("thead")
            headers = spread([self.row(row, columns) for row in head.all("row")]) if head else []
            bodies = (body.all("row") for body in group.nodes if body.tag != "thead")
            rows = [line for body in bodies for line in spread([self.row(row, columns) for row in body])]
            for line in table_lines([*headers, *rows], len(headers)):
                self.writer.block(line, "text", 2 * level + 1)

    def row(self, row: Node, columns: Sequence[str]) -> list[Cell]:
        return [self.cell(entry, columns) for entry in row.nodes]

    def cell(self, entry: Node, columns: Sequence[str]) -> Cell:
        """An entry of a table in the form of CALS; `morerows` counts the rows below that it takes as well."""
        name = entry.attributes.get("colname") or entry.attributes.get("namest", "")
        place = columns.index(name) if name in columns else None
        last = entry.attributes.get("nameend", "")
        across = 1
        if place is not None and last in columns and "namest" in entry.attributes:
            across = min(max(columns.index(last) - place + 1, 1), MOST_ACROSS)
        below = entry.attributes.get("morerows", "")
        down = 1 + span_of(below, MOST_DOWN) if below.isdigit() and below.strip("0") else 1
        return Cell(self.inline(entry, apart=True), across, down, place)

    def heading_of(self, node: Node) -> Inline:
        """Label, number and title of a heading in one line."""
        line = Inline()
        for part in node.nodes:
            if part.tag in _TITLES:
                line.append(self.inline(part))
                line.add(" ")
        return line if line else self.inline(node)

    def inline(self, node: Node, *, apart: bool = False) -> Inline:
        """The words of an element in one line; `apart` puts a space between the elements directly inside."""
        line = Inline()
        for part in node.parts:
            self.add_inline(line, part, bold=node.tag in _BOLD, apart=apart)
        return line

    def add_inline(self, line: Inline, part: Node | str, *, bold: bool, apart: bool = False) -> None:
        if isinstance(part, str):
            line.add(part, bold=bold)
        elif part.tag == "noot":
            self.note(line, part)
        elif part.tag == "nootref":
            self.reference(line, part.attributes.get("refid", ""))
        elif part.tag not in _LEFT_OUT or part.tag in ("li.nr", "lidnr"):
            if apart and part.tag not in ("nadruk", "extref", "intref", "sup", "inf"):
                line.add(" ")
            strong = bold or part.tag in _BOLD or (part.tag == "nadruk" and part.attributes.get("type") == "vet")
            for inner in part.parts:
                self.add_inline(line, inner, bold=strong, apart=apart)
            if apart and part.tag not in ("nadruk", "extref", "intref", "sup", "inf"):
                line.add(" ")

    def note(self, line: Inline, node: Node) -> None:
        """A footnote where it is pointed to: its mark in the line, its words kept for the end."""
        if self._is_marked(node):
            line.mark(self.marks[node.attributes["id"]])
            return
        number = node.first("noot.nr", "nootnr")
        mark = self.writer.new_mark(number.text if number else "")
        if "id" in node.attributes:
            self.marks[node.attributes["id"]] = mark
        content = Inline()
        for part in node.parts:
            if part is not number:
                self.add_inline(content, part, bold=False, apart=True)
                content.add(" ")
        if content:
            line.mark(mark)
            self.writer.note(mark, content)

    def reference(self, line: Inline, identifier: str) -> None:
        """A mark of a footnote that stands elsewhere, before or after it."""
        if identifier in self.marks:
            line.mark(self.marks[identifier])
        elif identifier in self.notes:
            self.note(line, self.notes[identifier])

    def _is_marked(self, note: Node) -> bool:
        return note.attributes.get("id", "") in self.marks

    def _holds_table(self, node: Node) -> bool:
        return node.tag == "noot" and node.find("table") is not None


def _reads_as_heading(text: str) -> bool:
    if len(text) > 150:
        return False
    return text[-1] not in ".:;," or (text[-1] == "." and len(text.split()) <= 3)
