"""Files that mean harm, made from chance: bombs, loops, outside references, names that lead out of an archive."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Callable, Sequence

SECRET = "kanariegeheim"  # stands in a file beside the case; it may be in no reading
HIDDEN = "verborgenwoord"  # stands in what a page does not show; in no reading of a page whose tags are whole
CANARY = "kanarie.txt"
_TEXT = b"De raad besluit over de brug. De brug gaat open op 3 mei 2024."
_ODT = b"application/vnd.oasis.opendocument.text"
_ROOT = "officiele-publicatie"

Hostile = tuple[str, bytes]  # the end of the file's name, and its bytes


def _entity_bomb(chance: random.Random) -> Hostile:
    levels, width = chance.randint(3, 40), chance.randint(2, 30)
    entities = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * width}'>" for n in range(1, levels))
    xml = f'<?xml version="1.0"?><!DOCTYPE {_ROOT} [<!ENTITY l0 "ha">{entities}]><{_ROOT}>&l{levels - 1};</{_ROOT}>'
    return ".xml", xml.encode()


def _outside_entity(chance: random.Random) -> Hostile:
    address = chance.choice((CANARY, "file:///etc/passwd", "http://127.0.0.1:9/x", f"../{CANARY}", "//127.0.0.1/x"))
    entity, use = chance.choice(
        (("x SYSTEM", "&x;"), ("x PUBLIC 'p'", "&x;"), ("% x SYSTEM", ""), ("% x PUBLIC 'p'", ""))
    )
    inside = "%x;" if entity.startswith("%") else ""
    doctype = chance.choice(
        (f"<!DOCTYPE {_ROOT} [<!ENTITY {entity} '{address}'>{inside}]>", f"<!DOCTYPE {_ROOT} SYSTEM '{address}'>")
    )
    link = f'<?xml-stylesheet href="{address}"?><{_ROOT} xmlns:xi="http://www.w3.org/2001/XInclude">'
    body = f'<xi:include href="{address}" parse="text"/><gemeenteblad><al>De raad besluit. {use}</al></gemeenteblad>'
    return ".xml", f"<?xml version='1.0'?>{doctype}{link}{body}</{_ROOT}>".encode()


def _scripted_page(chance: random.Random) -> Hostile:
    address = chance.choice((CANARY, "file:///etc/passwd", "http://127.0.0.1:9/x", "javascript:alert(1)"))
    pieces = [
        f"<script>fetch('{address}'); var x = '{HIDDEN}'</script>",
        f"<script src='{address}'></script>",
        f"<style>@import '{address}'; p::after {{ content: '{HIDDEN}' }}</style>",
        f"<img src='{address}' onerror='{HIDDEN}'>",
        f"<iframe src='{address}'></iframe>",
        f"<object data='{address}'></object><embed src='{address}'>",
        f"<meta http-equiv=refresh content='0; url={address}'><base href='{address}'>",
        f"<svg><script>{HIDDEN}</script></svg>",
        f"<template><p>{HIDDEN}</p></template><p hidden>{HIDDEN}</p>",
        f"<a href='{address}'>De brug gaat open.</a>",
        "<p>De raad besluit over de brug.</p>",
        "<h2>Regels</h2>",
    ]
    chosen = "".join(chance.choices(pieces, k=chance.randint(1, 40)))
    return ".html", f"<!DOCTYPE html><html><head></head><body><p>De raad.</p>{chosen}</body></html>".encode()


def _deep(chance: random.Random) -> Hostile:
    depth = chance.choice((200, 20_000, 300_000))
    suffix, start, opening, closing = chance.choice(
        (
            (".json", "", "[", "]"),
            (".json", "", '{"vraag":', "}"),
            (".xml", "<?xml version='1.0'?>", "<al>", "</al>"),
            (".html", "<html>", "<table><tr><td>", "</table>"),
            (".html", "<html>", "<ul><li>", ""),
            (".html", "<html>", "<blockquote>", "</blockquote>"),
            (".md", "# Kop\n\n## Kop\n\n", "> ", ""),
            (".md", "# Kop\n\n", "- ", ""),
        )
    )
    return suffix, f"{start}{opening * depth} De raad besluit. {closing * depth}".encode()


def _zipped(members: Sequence[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members:
            file.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _zip_bomb(chance: random.Random) -> Hostile:
    size = chance.choice((9_000_000, 60_000_000))
    name = chance.choice(("groot.txt", "groot.xml", "word/document.xml", "xl/workbook.xml", "content.xml"))
    data = bytearray(_zipped([(name, b"0" * size), *([("mimetype", b"")] if chance.random() < 0.2 else [])]))
    if chance.random() < 0.3:  # it lies about its size
        for start in (data.find(b"PK\x03\x04") + 22, data.find(b"PK\x01\x02") + 24):
            data[start : start + 4] = (100).to_bytes(4, "little")
    whole = bytes(data)
    for _ in range(chance.choice((0, 0, 1, 2, 5))):
        whole = _zipped([(f"{n}.zip", whole) for n in range(chance.choice((1, 5)))])
    return ".zip", whole


def _many_members(chance: random.Random) -> Hostile:
    count = chance.choice((500, 21_000))
    return ".zip", _zipped([(f"{n}.txt", _TEXT if n < 200 else b"") for n in range(count)])


def _zip_slip(chance: random.Random) -> Hostile:
    names = (
        "../../weg.txt",
        "/tmp/weg.txt",
        "C:\\weg.txt",
        "..\\..\\weg.txt",
        "a\x07/weg.txt",
        "a/../../weg.txt",
        "//x/y",
    )
    return ".zip", _zipped([(name, _TEXT) for name in chance.sample(names, chance.randint(1, len(names)))])


def _office(chance: random.Random) -> Hostile:
    """A Word document or a workbook of odd parts, or one that only calls itself so."""
    words = " ".join(chance.choices(_TEXT.decode().split(), k=30))
    paragraph = f"<p><pPr><pStyle val='Kop{chance.randint(0, 9)}'/></pPr><r><t>{words}</t></r></p>"
    span = chance.choice(("0", "2", "999999999", "-1", "x"))
    table = f"<tbl><tr><tc><tcPr><gridSpan val='{span}'/><vMerge/></tcPr>{paragraph}</tc></tr></tbl>"
    body = "".join(chance.choices((paragraph, table, "<tbl>" * 60, "<p/>", "<footnoteReference id='1'/>"), k=20))
    place = chance.choice(("A1", "XFD1048576", "A99999999999", "", "B1"))
    cell = f"<c r='{place}' t='{chance.choice('sbne')}'><v>7</v></c>"
    return chance.choice(
        (
            (".docx", _zipped([("word/document.xml", f"<document><body>{body}</body></document>".encode())])),
            (".xlsx", _zipped([("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", _sheet(cell))])),
            (
                ".odt",
                _zipped([("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", body.encode())]),
            ),
            (".docx", _TEXT),
            (".json", _TEXT),
            (".doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + _TEXT * 100),
        )
    )


def _sheet(cell: str) -> bytes:
    return f"<worksheet><sheetData><row>{cell * 50}</row><row>{cell * 50}</row></sheetData></worksheet>".encode()


def _many_pages(chance: random.Random) -> Hostile:
    return ".pdf", _pdf([b"BT /F 12 Tf 72 700 Td (De raad besluit.) Tj ET"], pages=chance.choice((100, 1_000, 10_000)))


def _odd_pdf(chance: random.Random) -> Hostile:
    """Pages that loop, count wrongly, are packed a thousand times, or are nothing but text."""
    form = chance.randrange(5)
    if form == 0:
        return ".pdf", _pdf([_TEXT], pages=3, count=chance.choice((-1, 0, 2_000_000_000)))
    if form == 1:
        return ".pdf", _pdf([_TEXT], pages=3, loops=True)
    line = chance.choice((b"BT /F 1 Tf 1 1 Td (a) Tj ET ", b"q ", b"BT /F 12 Tf (De raad) Tj ET\n", b"0 0 m 9 9 l S "))
    times = chance.choice((100, 20_000, 400_000))
    return ".pdf", _pdf([line * times], pages=chance.choice((1, 2)), packed=form > 2)


def _drawn_pdf(chance: random.Random) -> Hostile:
    """Tables of any size, crooked, with lines that are missing, on a page that may be turned or far too small."""
    columns, rows = chance.choice(((2, 3), (4, 12), (9, 40), (60, 90), (400, 400)))
    pages = [_drawn(chance, columns, rows) for _ in range(chance.choice((1, 2, 4)))]
    if chance.random() < 0.1:
        pages = [chance.choice((b"5 5 m 90 5 l S ", b"5 5 50 20 re f ", b"1e9 0 m 1e9 9 l S ")) * 300_000]
    return ".pdf", _pdf(pages, pages=len(pages), packed=True)


def _drawn(chance: random.Random, columns: int, rows: int) -> bytes:
    width, height, shift = 500 / columns, 700 / rows, chance.choice((0, 0, 0, 1, 4))
    turned = chance.choice(
        ("", "", "0 1 -1 0 595 0 cm", "-1 0 0 -1 595 842 cm", "0.01 0 0 0.01 0 0 cm", "1 0.2 0 1 0 0 cm")
    )
    kept = chance.choice((1, 1, 1, 0.95, 0.6))

    def place(number: int, step: float) -> float:
        return 40 + number * step + chance.uniform(-shift, shift)

    lines = [f"{place(0, 1)} {place(n, height)} m 540 {place(n, height)} l S" for n in range(rows + 1)]
    lines += [f"{place(n, width)} 40 m {place(n, width)} 740 l S" for n in range(columns + 1)]
    lines = [line for line in lines if chance.random() < kept]
    cells = [(n, m) for n in range(columns) for m in range(rows)][:3000]
    if chance.random() < 0.3:
        lines = [f"{place(n, width)} {place(m, height)} {width} {height} re {chance.choice('fS')}" for n, m in cells]
    size = min(9.0, width / 4, height / 1.5)
    words = [
        f"BT /F {size:.2f} Tf {44 + n * width:.1f} {45 + m * height:.1f} Td ({chance.choice(_CELLS)}) Tj ET"
        for n, m in cells
        if chance.random() < 0.9
    ]
    return "\n".join((turned, *lines, *chance.sample(words, len(words)))).encode()


def _pdf(
    contents: Sequence[bytes],
    pages: int,
    count: int | None = None,
    *,
    packed: bool = False,
    loops: bool = False,
) -> bytes:
    """A PDF of `pages` pages that show the contents in turn; `count` is how many it says it has.

    With `loops` they hold themselves.
    """
    first = 4 + len(contents)
    kids = " ".join(f"{first + n} 0 R" for n in range(pages)) + (" 2 0 R" if loops else "")
    streams = [zlib.compress(content) if packed else content for content in contents]
    coding = b" /Filter /FlateDecode" if packed else b""
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /URI /URI (http://127.0.0.1:9/x) >> >>",
        f"<< /Type /Pages /Count {pages if count is None else count} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *(b"<< /Length %d%s >> stream\n%s\nendstream" % (len(data), coding, data) for data in streams),
        *(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {4 + n % len(contents)} 0 R"
            " /Resources << /Font << /F 3 0 R >> >> >>".encode()
            for n in range(pages)
        ),
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R >>\n"
    return bytes(out) + f"{end}startxref\n{len(out)}\n%%EOF\n".encode()


def _wide_table(chance: random.Random) -> Hostile:
    columns = chance.choice((3, 500, 20_000))
    sign = chance.choice(";,\t|")
    head = sign.join(("vraag", "antwoord", *(f"kolom {n}" for n in range(columns))))
    quote = chance.choice(('"', '""', "'", ""))
    row = sign.join((f"{quote}Gaat de brug open?", "Ja.", *("x" for _ in range(columns))))
    return ".csv", "\n".join((head, *(row for _ in range(30_000 // columns)))).encode()


_CELLS = ("12", "De raad", "2024", "Vraag 1", "Antwoord 1", "een heel lang woord dat niet past", "-", "€ 5", "1.")

HOSTILE: dict[str, Callable[[random.Random], Hostile]] = {
    "deep": _deep,
    "drawn-pdf": _drawn_pdf,
    "entity-bomb": _entity_bomb,
    "many-members": _many_members,
    "many-pages": _many_pages,
    "odd-pdf": _odd_pdf,
    "office": _office,
    "outside-entity": _outside_entity,
    "scripted-page": _scripted_page,
    "wide-table": _wide_table,
    "zip-bomb": _zip_bomb,
    "zip-slip": _zip_slip,
}
