"""Tables of every kind of file become rows that can be read on their own, the headers repeated in each."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from index.documents import read_document
from index.errors import ReadError
from index.places import place_of

ROWS = ["Wijk: Noord; Jaar: 2023; Bomen: 12", "Wijk: Noord; Jaar: 2024; Bomen: 15", "Wijk: Zuid; Jaar: 2024; Bomen: 9"]
XML = """<?xml version="1.0"?><officiele-publicatie><gemeenteblad><al>Zie de tabel.</al><table><tgroup>
<colspec colname="a"/><colspec colname="b"/><colspec colname="c"/>
<thead><row><entry>Wijk</entry><entry>Jaar</entry><entry>Bomen</entry></row></thead><tbody>
<row><entry colname="a" morerows="1">Noord</entry><entry colname="b">2023</entry><entry colname="c">12</entry></row>
<row><entry colname="b">2024</entry><entry colname="c">15</entry></row>
<row><entry>Zuid</entry><entry>2024</entry><entry>9</entry></row></tbody></tgroup></table></gemeenteblad>
</officiele-publicatie>"""
HTML = """<html><body><h1>Bomen</h1><p>Zie de tabel.</p><table><tr><th>Wijk<th>Jaar<th>Bomen
<tr><td rowspan=2>Noord<td>2023<td>12<tr><td>2024<td>15<tr><td>Zuid<td>2024<td>9</table></body></html>"""
MARKDOWN = """# Bomen

Zie de **tabel**.

| Wijk  | Jaar | Bomen |
|-------|------|------:|
| Noord | 2023 | 12    |
| Noord | 2024 | 15    |
| Zuid  | 2024 | 9     |

## Slot

Tot zover.
"""


def zipped(*members: tuple[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members:
            file.writestr(name, data)
    return buffer.getvalue()


def word() -> bytes:
    def cell(text: str, merge: str = "") -> str:
        return f"<tc><tcPr>{merge}</tcPr><p><r><t>{text}</t></r></p></tc>"

    rows = [
        "<trPr><tblHeader/></trPr>" + cell("Wijk") + cell("Jaar") + cell("Bomen"),
        cell("Noord", "<vMerge val='restart'/>") + cell("2023") + cell("12"),
        cell("", "<vMerge/>") + cell("2024") + cell("15"),
        cell("Zuid") + cell("2024") + cell("9"),
    ]
    table = "".join(f"<tr>{row}</tr>" for row in rows)
    body = f"<p><r><t>Zie de tabel.</t></r></p><tbl>{table}</tbl>"
    return zipped(("word/document.xml", f"<document><body>{body}</body></document>"))


def open_document() -> bytes:
    def cell(text: str, spans: str = "") -> str:
        return f"<table-cell {spans}><p>{text}</p></table-cell>"

    rows = [
        cell("Noord", "number-rows-spanned='2'") + cell("2023") + cell("12"),
        "<covered-table-cell/>" + cell("2024") + cell("15"),
        cell("Zuid") + cell("2024") + cell("9"),
    ]
    head = f"<table-header-rows><table-row>{cell('Wijk')}{cell('Jaar')}{cell('Bomen')}</table-row></table-header-rows>"
    table = "".join(f"<table-row>{row}</table-row>" for row in rows)
    note = "<note><note-citation>1</note-citation><note-body><p>Geteld in mei.</p></note-body></note>"
    body = f"<h outline-level='1'>Bomen</h><p>Zie de<s/>tabel{note}.</p><table>{head}{table}</table>"
    content = f"<document-content><body><text>{body}</text></body></document-content>"
    return zipped(("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", content))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("tabel.xml", XML.encode()),
        ("tabel.html", HTML.encode()),
        ("tabel.md", MARKDOWN.encode()),
        ("tabel.docx", word()),
        ("tabel.odt", open_document()),
    ],
)
def test_rows_stand_on_their_own_also_where_a_cell_spans_them(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    reading = read_document(path, name, len)
    lines = reading.text.split("\n")
    assert [line for line in lines if "; " in line] == ROWS
    assert any(line.startswith("Zie de tabel") for line in lines)


def test_words_of_a_drawn_table_lead_back_to_their_cells(tmp_path: Path) -> None:
    path = tmp_path / "tabel.md"
    path.write_text(MARKDOWN, encoding="utf-8")
    reading = read_document(path, path.name, len)
    at = reading.text.index(ROWS[2])
    for word_, line in (("Zuid", "| Zuid"), ("9", "9     |"), ("Wijk", "Wijk  |")):
        start = reading.text.index(word_, at)
        (place,) = place_of(reading, start, start + len(word_))
        assert MARKDOWN[place.start : place.end] == word_
        assert line in MARKDOWN[place.start - 2 : place.end + 7]


def test_bars_without_a_rule_of_hyphens_are_text(tmp_path: Path) -> None:
    path = tmp_path / "tekst.txt"
    path.write_text("Keuze\n\nKies a | b | c.\nOf kies d | e | f.\n\nDat is alles.\n", encoding="utf-8")
    assert "Kies a | b | c." in read_document(path, path.name, len).text


def test_open_document_has_headings_and_notes(tmp_path: Path) -> None:
    path = tmp_path / "bomen.odt"
    path.write_bytes(open_document())
    reading = read_document(path, path.name, len)
    assert [dict(passage.notes) for passage in reading.passages] == [{"1": "Geteld in mei."}]
    assert reading.passages[0].context == "Bomen" or reading.document.title == "Bomen"


def test_long_cell_over_many_rows_is_not_repeated(tmp_path: Path) -> None:
    path = tmp_path / "lang.html"
    long = "Een lange toelichting op alle jaren. " * 5
    rows = f"<tr><td rowspan=3>{long}<td>2023<tr><td>2024<tr><td>2025"
    path.write_text(f"<html><body><p>Zie.</p><table><tr><th>Wat<th>Jaar{rows}</table></body></html>", encoding="utf-8")
    assert read_document(path, path.name, len).text.count(long.strip()) == 1


@pytest.mark.parametrize(
    "name", ["brief.docx", "lijst.json", "brief.pdf", "wet.xml", "map.zip", "lijst.xlsx", "oud.doc"]
)
def test_file_that_is_not_what_its_name_says_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text("Dit is gewone tekst, zonder meer.", encoding="utf-8")
    with pytest.raises(ReadError) as caught:
        read_document(path, name, len)
    assert caught.value.key == "read.not_what_it_says"
    assert name in str(caught.value)


def test_days_in_a_workbook_are_iso_dates(tmp_path: Path) -> None:
    styles = (
        "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='dd/mm/yyyy'/>"
        "<numFmt numFmtId='165' formatCode='0.00 &quot;dagen&quot;'/></numFmts>"
        "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='164'/><xf numFmtId='165'/></cellXfs></styleSheet>"
    )

    def row(number: int, question: str, cell: str) -> str:
        return f"<row><c r='A{number}' t='inlineStr'><is><t>{question}</t></is></c>{cell}</row>"

    sheet = "".join(
        (
            row(1, "vraag", "<c r='B1' t='inlineStr'><is><t>antwoord</t></is></c>"),
            row(2, "Wanneer begint het?", "<c r='B2' s='1'><v>45123</v></c>"),
            row(3, "Wanneer sluit het?", "<c r='B3' s='2'><v>45123.75</v></c>"),
            row(4, "Hoe lang?", "<c r='B4' s='3'><v>45123</v></c>"),
        )
    )
    path = tmp_path / "vragen.xlsx"
    path.write_bytes(
        zipped(
            ("xl/workbook.xml", "<workbook><workbookPr/></workbook>"),
            ("xl/styles.xml", styles),
            ("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{sheet}</sheetData></worksheet>"),
        )
    )
    answers = [passage.answer for passage in read_document(path, path.name, len).passages]
    assert answers == ["2023-07-16", "2023-07-16 18:00", "45123"]
