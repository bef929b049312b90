"""Reading files: encodings, PDFs, and one clear sentence for each file that cannot be read."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest

from index.documents import find_files, read_document
from index.errors import ReadError
from index.read import read
from index.read.text import decode

TEXT = "Agenda’s en één café\n\nDe gemeenteraad vergadert op donderdag over de begroting van volgend jaar.\n"


def words(text: str) -> int:
    return len(text.split())


def pdf(content: bytes, extra: bytes = b"", resources: bytes = b"/Font << /F1 5 0 R >>") -> bytes:
    """A PDF of one page, with its cross-reference table, made by hand."""
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents 4 0 R /Resources << " + resources + b" >> >>",
        b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    if extra:
        bodies.append(extra)
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(bodies) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n" % count
        + table
        + (b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (count, len(out)))
    )


IMAGE = (
    b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"
    b"\nstream\n\x00\nendstream"
)


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("cp1252"),
        TEXT.replace("\n", "\r\n").encode(),
    ],
)
def test_text_is_read_in_any_usual_encoding(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "agenda.txt"
    path.write_bytes(data)
    reading = read_document(path, "agenda.txt", words)
    assert reading.document.title == "Agenda’s en één café"
    assert reading.passages[0].text.startswith("De gemeenteraad vergadert")
    assert reading.document.source == "agenda.txt"


def test_offsets_of_lines_count_in_the_text_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "agenda.txt"
    path.write_text(TEXT, encoding="utf-8")
    source = read(path)
    assert all(source.text[line.at : line.at + len(line.text)] == line.text for line in source.lines)


BAD = {
    "read.empty": b"  \n \n",
    "read.binary": bytes(range(256)) * 40,
    "read.encoding": codecs.BOM_UTF16_LE + b"a\x00\x00\xd8b",
    "read.unknown_kind": b"{\\rtf1 Een brief}",
    "read.broken_zip": b"PK\x03\x04" + b"\x00" * 50,
    "read.broken_pdf": b"%PDF-1.7\nkapot",
    "read.scan": pdf(b"q 400 0 0 400 0 0 cm /I1 Do Q", IMAGE, b"/XObject << /I1 6 0 R >>"),
}


@pytest.mark.parametrize("key", BAD)
def test_unreadable_file_is_named_with_reason_and_cure(tmp_path: Path, key: str) -> None:
    path = tmp_path / "document.bin"
    path.write_bytes(BAD[key])
    with pytest.raises(ReadError) as caught:
        read_document(path, str(path), words)
    assert caught.value.key == key
    for language in ("nl", "en"):
        sentence = caught.value.say(language)
        assert str(path) in sentence and sentence[-1] in ".f" and "\n" not in sentence


def test_scan_names_its_page_and_the_tool_that_helps(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(BAD["read.scan"])
    with pytest.raises(ReadError, match=r"bladzijde 1.*ocrmypdf"):
        read_document(path, str(path), words)


def test_pdf_with_a_password_says_so(tmp_path: Path) -> None:
    path = tmp_path / "geheim.pdf"
    locked = pdf(b"BT /F1 12 Tf 20 200 Td (Geheim) Tj ET").replace(
        b"/Root 1 0 R",
        b"/Root 1 0 R /ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 "
        b"/O <" + b"11" * 32 + b"> /U <" + b"22" * 32 + b"> >>",
    )
    path.write_bytes(locked)
    with pytest.raises(ReadError) as caught:
        read_document(path, str(path), words)
    assert caught.value.key == "read.locked"


def test_pdf_without_images_or_text_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "wit.pdf"
    path.write_bytes(pdf(b""))
    with pytest.raises(ReadError) as caught:
        read(path)
    assert caught.value.key == "read.empty"


def test_raised_number_in_a_pdf_is_told_from_a_number(tmp_path: Path) -> None:
    content = b"BT /F1 12 Tf 20 300 Td (Het plan) Tj /F1 7 Tf 5 Ts (2) Tj 0 Ts /F1 12 Tf ( kost 12 euro.) Tj ET"
    path = tmp_path / "noot.pdf"
    path.write_bytes(pdf(content))
    (line,) = read(path).lines
    assert line.text == "Het plan2 kost 12 euro."
    assert line.marks == ((8, 9),)


def test_missing_file_and_missing_folder_are_named(tmp_path: Path) -> None:
    for action in (lambda: read(tmp_path / "weg.txt"), lambda: find_files([tmp_path / "weg"])):
        with pytest.raises(ReadError, match="weg"):
            action()


def test_files_of_a_folder_come_in_one_order_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".verborgen", "map/c.txt", ".map/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    names = [path.relative_to(tmp_path).as_posix() for path in find_files([tmp_path, tmp_path / "a.txt"])]
    assert names == ["a.txt", "b.txt", "map/c.txt"]


def test_folder_or_link_that_cannot_be_opened_is_named_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, link = tmp_path / "dicht", tmp_path / "weg.txt"
    closed.mkdir()
    link.symlink_to(tmp_path / "nergens.txt")
    (tmp_path / "open.txt").write_text("De raad besluit.", encoding="utf-8")
    listed = os.scandir

    def scandir(path: str) -> object:
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(closed))
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert find_files([tmp_path]) == [closed, tmp_path / "open.txt", link]
    for path in (closed, link):
        with pytest.raises(ReadError) as caught:
            read_document(path, str(path), len)
        assert str(path) in str(caught.value)


def test_windows_text_is_not_mistaken_for_binary() -> None:
    assert decode("één — €5".encode("cp1252"), "x") == "één — €5"
