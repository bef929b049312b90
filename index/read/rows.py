"""Takes a list of questions with their answers (CSV, XLSX, JSON, JSON lines) and gives them as lines.

Which column is which is known by its name, in Dutch or English; a file without both is no list of questions.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from index.errors import ReadError
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
_HTML = re.compile(r"</?(?:p|ul|ol|li|br|h[1-6]|div|table|a|strong|em)\b[^<>]{0,500}>", re.IGNORECASE)

Pair = tuple[str, str]


def is_csv(text: str) -> bool:
    """Whether the first line of a text names a column for questions and one for answers."""
    return _delimiter(text) is not None


def _delimiter(text: str) -> str | None:
    first = re.split(r"[\r\n]", text.lstrip("\ufeff\r\n ")[:4000], maxsplit=1)[0].replace("\x00", "")
    rows = ((sign, next(csv.reader([first], delimiter=sign), [])) for sign in _DELIMITERS)
    return next((sign for sign, cells in rows if _columns(cells) is not None), None)


def read_csv(text: str, name: str) -> Source:
    """Return the rows of a CSV, parted by semicolons, commas, tabs or bars."""
    text = text.lstrip("\ufeff\r\n ").replace("\x00", "")
    delimiter = _delimiter(text) or ","
    csv.field_size_limit(_FIELD)
    try:
        return faq_source(_pairs(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), name)
    except csv.Error as error:
        raise ReadError("read.broken_table", file=name) from error


def read_xlsx(archive: Archive) -> Source:
    """Return the rows of every sheet of a workbook that names both columns in its first filled row."""
    shared = [item.text for item in _tree(archive, "xl/sharedStrings.xml", "si")]
    dated = date_styles(next(_tree(archive, "xl/styles.xml", "stylesheet"), None))
    first = first_day(next(_tree(archive, "xl/workbook.xml", "workbookpr"), None))
    pairs: list[Pair] = []
    for member in archive.documents():
        if re.fullmatch(r"xl/worksheets/sheet\d{1,4}\.xml", member):
            pairs += _pairs(_cells(row, shared, dated, first) for row in _tree(archive, member, "row"))
    return faq_source(pairs, archive.name)


def read_json(text: str, name: str) -> Iterator[tuple[str, Source]]:
    """Yield the questions of a JSON file or of JSON lines: those of rijksoverheid.nl as a document each, by its id;
    others together, with an empty id."""
    items = list(_items(text, name))
    published = [item for item in items if "content" in item and "question" in item]
    if published and len(published) == len(items):
        for number, item in enumerate(published, 1):
            yield str(item.get("id") or number), _published(item)
        return
    yield "", faq_source(filter(None, map(_pair_of, items)), name)


def faq_source(pairs: Iterable[Pair], name: str) -> Source:
    """Return questions with their answers as lines; raise `ReadError` when there are none."""
    writer = Writer()
    writer.block(_file_title(name), "title")
    filled = [(question, answer) for question, answer in pairs if question.strip() and answer.strip()]
    if not filled:
        raise ReadError("read.no_questions", file=name)
    for question, answer in filled:
        writer.block(question, "question")
        _write_text(writer, answer)
    return writer.source(kind="faq")


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


def _pairs(rows: Iterable[Sequence[str]]) -> Iterator[Pair]:
    columns: tuple[int, int] | None = None
    for row in rows:
        if columns is None:
            if any(cell.strip() for cell in row):
                columns = _columns(row)
                if columns is None:
                    return
        elif len(row) > max(columns):
            yield row[columns[0]], row[columns[1]]


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


def _items(text: str, name: str) -> Iterator[Mapping[str, Any]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = list(_json_lines(text, name))
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list) and value]
        found = [found] if "question" in found or not lists else max(lists, key=len)
    if not isinstance(found, list):
        found = []
    yield from (item for item in found if isinstance(item, dict))


def _json_lines(text: str, name: str) -> Iterator[Any]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError) as error:
                raise ReadError("read.broken_json", file=name, line=number) from error


def _pair_of(item: Mapping[str, Any]) -> Pair | None:
    columns = _columns(list(map(str, item)))
    if columns is None:
        return None
    values = list(item.values())
    question, answer = values[columns[0]], values[columns[1]]
    return (question, answer) if isinstance(question, str) and isinstance(answer, str) else None


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
