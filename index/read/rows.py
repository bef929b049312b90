"""Takes a list of questions with their answers (CSV, XLSX, JSON, JSON lines) and gives them as lines.

Which column is which is known by its name, in Dutch or English; a file without both is no list of questions.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import starmap
from typing import Any

from index.errors import ReadError
from index.language import say
from index.read.archive import Archive
from index.read.owms import about_of_pairs
from index.read.page_html import write_fragment
from index.read.source import Source
from index.read.tree import Node
from index.read.workbook_dates import date_styles, first_day, iso_day
from index.read.writer import Inline, Writer
from index.read.xml import parse_xml

QUESTION = frozenset(("vraag", "vragen", "vraagstelling", "question", "q", "faq"))
ANSWER = frozenset(("antwoord", "antwoorden", "beantwoording", "answer", "a", "response"))
_DELIMITERS = ";,\t|"
_PART = 64 * 1024 * 1024  # bytes of one part of a workbook, unpacked
_FIELD = 10 * 1024 * 1024  # characters in one cell
_LINE_END = re.compile(r"\r\n?|\n")
_HTML = re.compile(r"</?(?:p|ul|ol|li|br|h[1-6]|div|table|a|strong|em)\b[^<>]{0,500}>", re.IGNORECASE)

_Row = tuple[int, Sequence[str]]
_NAMED = 5  # of the lines that are skipped


@dataclass(frozen=True, slots=True)
class _Entry:
    """What stands on a line: a question with its answer, or neither where it holds no whole pair of them."""

    line: int
    question: str = ""
    answer: str = ""

    @property
    def is_whole(self) -> bool:
        return bool(self.question.strip() and self.answer.strip())


def is_csv(text: str) -> bool:
    """Whether the first line of a text names a column for questions and one for answers."""
    return _delimiter(text) is not None


def _delimiter(text: str) -> str | None:
    first = re.split(r"[\r\n]", text.lstrip("\ufeff\r\n ")[:4000], maxsplit=1)[0].replace("\x00", "")
    rows = ((sign, next(csv.reader([first], delimiter=sign), [])) for sign in _DELIMITERS)
    return next((sign for sign, cells in rows if _columns(cells) is not None), None)


def read_csv(text: str, name: str) -> Source:
    """Return the rows of a CSV, parted by semicolons, commas, tabs or bars."""
    whole, text = text, text.lstrip("\ufeff\r\n ").replace("\x00", "")
    above = whole[: len(whole) - len(whole.lstrip("\ufeff\r\n "))].count("\n")
    delimiter = _delimiter(text) or ","
    csv.field_size_limit(_FIELD)
    try:
        rows = _csv_rows(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), above + 1)
        return faq_source(_entries(rows, delimiter), name)
    except csv.Error as error:
        raise ReadError("read.broken_table", file=name) from error


def _csv_rows(reader: Any, first: int) -> Iterator[_Row]:
    line = first
    for row in reader:  # a row can take several lines
        yield line, row
        line = first + reader.line_num


def read_xlsx(archive: Archive) -> Source:
    """Return the rows of every sheet of a workbook that names both columns in its first filled row."""
    shared = [item.text for item in _tree(archive, "xl/sharedStrings.xml", "si")]
    dated = date_styles(next(_tree(archive, "xl/styles.xml", "stylesheet"), None))
    first = first_day(next(_tree(archive, "xl/workbook.xml", "workbookpr"), None))
    entries: list[_Entry] = []
    for member in archive.documents():
        if re.fullmatch(r"xl/worksheets/sheet\d{1,4}\.xml", member):
            rows = enumerate(_tree(archive, member, "row"), 1)
            entries += _entries((_row_number(row, n), _cells(row, shared, dated, first)) for n, row in rows)
    return faq_source(entries, archive.name)


def _row_number(row: Node, number: int) -> int:
    printed = row.attributes.get("r", "")
    return int(printed) if re.fullmatch(r"[1-9]\d{0,6}", printed) else number


def read_json(text: str, name: str) -> Iterator[tuple[str, Source]]:
    """Yield the questions of a JSON file or of JSON lines: those of rijksoverheid.nl as a document each, by its id;
    others together, with an empty id."""
    items, key = _items(text, name)
    published = [(number, item) for number, item in items if _is_published(item)]
    if not published:
        yield "", faq_source(starmap(_entry_of, items), name, key)
        return
    told = {number for number, _ in published}
    warnings = _skipped([_Entry(number) for number, _ in items if number not in told], name, key)
    for position, (number, item) in enumerate(published):
        source = _published(item)
        yield str(item.get("id") or number), source if position else replace(source, warnings=warnings)


def faq_source(entries: Iterable[_Entry], name: str, key: str = "read.skipped_lines") -> Source:
    """Return questions with their answers as lines, and a warning that names what was skipped; raise `ReadError` when
    there are none."""
    writer = Writer()
    writer.block(_file_title(name), "title")
    found = list(entries)
    if not any(entry.is_whole for entry in found):
        raise ReadError("read.no_questions", file=name)
    for entry in found:
        if entry.is_whole:
            writer.block(entry.question, "question")
            _write_text(writer, entry.answer)
    skipped = [entry for entry in found if not entry.is_whole]
    return writer.source(kind="faq", warnings=_skipped(skipped, name, key))


def _skipped(entries: Sequence[_Entry], name: str, key: str) -> tuple[str, ...]:
    if not entries:
        return ()
    lines = ", ".join(str(entry.line) for entry in entries[:_NAMED]) + (" …" if len(entries) > _NAMED else "")
    return (say(key, file=name, count=len(entries), lines=lines),)


def _file_title(name: str) -> str:
    last = re.split(r"[/\\]", name)[-1]
    return re.sub(r"[_-]+", " ", last.rsplit(".", 1)[0]).strip().capitalize()


def _write_text(writer: Writer, text: str) -> None:
    """An answer, in HTML or as plain paragraphs."""
    if _HTML.search(text):
        write_fragment(writer, text)
        return
    for paragraph in re.split(r"\n\s*\n|\r|\n", text):
        writer.block(Inline(" ".join(paragraph.split())))


def _columns(names: Sequence[str]) -> tuple[int, int] | None:
    plain = [re.sub(r"[^a-z]", "", name.lower()) for name in names]
    question = next((n for n, name in enumerate(plain) if name in QUESTION), None)
    answer = next((n for n, name in enumerate(plain) if name in ANSWER), None)
    return None if question is None or answer is None else (question, answer)


def _entries(rows: Iterable[_Row], delimiter: str = "") -> Iterator[_Entry]:
    """Yield what stands in the rows below the first filled one, if that names both columns; white rows are passed by.

    Cells beyond the last that is named are the rest of an answer in which the delimiter stands; of another column
    they cannot be told.
    """
    columns: tuple[int, int] | None = None
    width = 0
    for line, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if columns is None:
            columns, width = _columns(row), len(row)
            if columns is None:
                return
            continue
        asked, answered = columns
        beyond = any(cell.strip() for cell in row[width:])
        if len(row) <= max(columns) or (beyond and answered != width - 1):
            yield _Entry(line)
        else:
            yield _Entry(
                line, row[asked], delimiter.join(row[answered:]).rstrip(f"{delimiter} ") if beyond else row[answered]
            )


def _tree(archive: Archive, member: str, tag: str) -> Iterator[Node]:
    data = archive.read(member, _PART)
    if data:
        yield from parse_xml(data, archive.label(member)).all(tag)


def _cells(row: Node, shared: Sequence[str], dated: Collection[str], first: date) -> list[str]:
    cells: list[str] = []
    for cell in row.nodes:
        letters = re.match(r"[A-Z]{1,2}(?=\d)", cell.attributes.get("r", ""))
        place = _column(letters[0]) if letters else len(cells)
        cells += [""] * (place - len(cells))
        value = cell.first("v")
        text = value.text if value else ""
        if cell.attributes.get("t") == "s":
            text = shared[int(text)] if text.isdigit() and len(text) < 9 and int(text) < len(shared) else ""
        elif cell.attributes.get("t") == "inlineStr":
            text = cell.text
        elif cell.attributes.get("s") in dated and cell.attributes.get("t", "n") == "n":
            text = iso_day(text, first)
        cells.append(text)
    return cells


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _items(text: str, name: str) -> tuple[list[tuple[int, Any]], str]:
    """Return what a list holds by its number in it, or lines by theirs, and the key of the text that names skipped."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        return _json_lines(text, name, getattr(error, "lineno", 1)), "read.skipped_json"
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list) and value]
        found = [found] if "question" in found or not lists else max(lists, key=len)
    return list(enumerate(found, 1)) if isinstance(found, list) else [], "read.skipped_items"


def _json_lines(text: str, name: str, broken: int) -> list[tuple[int, Any]]:
    """The lines that are JSON, and None for each that is not; all of it is broken where no line holds an object."""
    items: list[tuple[int, Any]] = []
    for number, line in enumerate(_LINE_END.split(text), 1):
        if line.strip():
            try:
                items.append((number, json.loads(line)))
            except (ValueError, RecursionError):
                items.append((number, None))
    first = next((number for number, item in items if item is None), broken)
    if text.lstrip().startswith("["):
        raise ReadError("read.broken_json", file=name, line=broken)
    if not any(_entry_of(*item).is_whole or _is_published(item[1]) for item in items):
        raise ReadError("read.broken_json", file=name, line=first)
    return items


def _is_published(item: Any) -> bool:
    return isinstance(item, dict) and {"content", "question"} <= item.keys()


def _entry_of(number: int, item: Any) -> _Entry:
    columns = _columns(list(map(str, item))) if isinstance(item, dict) else None
    if columns is None:
        return _Entry(number)
    values = list(item.values())
    question, answer = values[columns[0]], values[columns[1]]
    return _Entry(number, question, answer) if isinstance(question, str) and isinstance(answer, str) else _Entry(number)


def _published(item: Mapping[str, Any]) -> Source:
    """A question of rijksoverheid.nl: an introduction and titled paragraphs in HTML are its answer."""
    writer = Writer()
    question = _words(item.get("question"))
    writer.block(question, "title")
    writer.block(question, "question")
    _write_text(writer, _words(item.get("introduction")))
    content = item.get("content")
    for piece in content if isinstance(content, list) else ():
        if isinstance(piece, dict):
            writer.block(_words(piece.get("paragraphtitle")))
            _write_text(writer, _words(piece.get("paragraph")))
    pairs = [(name, _words(value)) for name in _TOLD for value in _listed(item.get(name))]
    return writer.source(kind="faq", about=about_of_pairs(pairs))


_TOLD = ("canonical", "lastmodified", "subjects", "authorities")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ""
