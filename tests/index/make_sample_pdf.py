"""The lines of two sample documents in, their PDFs out: `python tests/index/make_sample_pdf.py` writes index/samples.

The pages look like those of the official answers: a head, a column of text, the notes below it, the identifier in the
margin. A source in `sample_pdfs` has fields, then pages parted by `==`; on a page `--` comes before the notes, `**`
before a bold line, `^` before a note's mark, and `~` stands where a word may be cut at the end of a line. Only fonts
that every reader of PDF has are used.
"""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
SAMPLES = HERE.parent.parent / "index" / "samples"
WIDTH, HEIGHT = 558, 771
MARGIN, COLUMN = 40, 202
TEXT, NOTE, SMALL, LEADING = 8.5, 7.0, 5.5, 9.6
PLAIN, BOLD = "F1", "F2"
COLUMN_WIDTH = 318
# Widths of Helvetica in thousandths of its size (Adobe's published metrics); all other signs are 556 wide.
NARROW = {222: "ijl’", 278: " ftI!,.:;/", 333: "r()-", 500: "ckvsxyzJ"}
WIDE = {667: "ABEKPSVXY", 611: "FTZ", 722: "wCDHNRU", 778: "GOQ", 833: "mM", 944: "W"}
WIDTHS = {sign: width for table in (NARROW, WIDE) for width, signs in table.items() for sign in signs}


def main() -> None:
    """Write every source in `sample_pdfs` as a PDF among the samples."""
    for source in sorted((HERE / "sample_pdfs").glob("*.txt")):
        (SAMPLES / source.with_suffix(".pdf").name).write_bytes(make_pdf(source.read_text(encoding="utf-8")))


def make_pdf(source: str) -> bytes:
    """Return the PDF of one source; the same source always gives the same bytes."""
    head, *pages = source.split("\n==\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return _file([_page(fields, number, page) for number, page in enumerate(pages, 1)])


def _page(fields: dict[str, str], number: int, page: str) -> str:
    body, _, notes = page.partition("\n--\n")
    year = fields["year"]
    marks = _head(year) if number == 1 else []
    top = HEIGHT - (250 if number == 1 else 40)
    for line in (line for paragraph in body.splitlines() for line in wrap(paragraph)):
        size, font = (12.0, BOLD) if line.startswith("**") else (TEXT, PLAIN)
        marks.append(_line(COLUMN, top, line.removeprefix("**"), size, font))
        top -= LEADING
    lowest = 100 + 9 * len(notes.splitlines())
    for row, line in enumerate(notes.splitlines(), 1):
        marks.append(_line(COLUMN, lowest - 9 * row, line, NOTE))
    if number == 1:
        marks += [_line(MARGIN, 48, fields["id"], SMALL), _line(MARGIN, 38, fields["place"], SMALL)]
    marks.append(_line(COLUMN, 38, f"Gemeenteraad, vergaderjaar {year}, Aanhangsel", TEXT))
    marks.append(_line(515, 38, str(number), TEXT))
    return "\n".join(marks)


def wrap(paragraph: str) -> list[str]:
    """Return the lines of a paragraph as wide as the column, words cut at `~` where that fills a line."""
    lines = [""]
    for word in paragraph.split(" "):
        parts = word.split("~")
        for kept in range(len(parts), -1, -1):
            cut = "".join(parts[:kept]) + ("-" if 0 < kept < len(parts) else "")
            longer = f"{lines[-1]} {cut}".strip() if kept else lines[-1]
            if _width(longer) <= COLUMN_WIDTH:
                lines[-1] = longer
                lines += ["".join(parts[kept:])] if kept < len(parts) else []
                break
    return lines


def _width(line: str) -> float:
    return TEXT * sum(WIDTHS.get(sign, 556) for sign in line) / 1000


def _head(year: str) -> list[str]:
    rule = f"0.7 w {MARGIN} 690 m 520 690 l S {MARGIN} 640 m 520 640 l S"
    return [
        _line(MARGIN, 728, "Gemeenteraad van Voorbeeldstad", 18, BOLD),
        rule,
        _line(MARGIN, 674, f"Vergaderjaar {year}", TEXT),
        _line(COLUMN, 674, "Aanhangsel van de Handelingen", TEXT, BOLD),
        _line(COLUMN, 622, "Vragen gesteld door de leden van de raad, met de daarop door het", TEXT, BOLD),
        _line(COLUMN, 612, "college gegeven antwoorden", TEXT, BOLD),
    ]


def _line(x: float, y: float, text: str, size: float, font: str = PLAIN) -> str:
    before, *raised = text.split("^")
    shown = f"BT /{font} {size} Tf {x} {y:.1f} Td ({_escape(before)}) Tj"
    for piece in raised:  # a mark is one digit, small and raised; the line goes on after it
        shown += f" /{font} 5 Tf 3 Ts ({piece[0]}) Tj /{font} {size} Tf 0 Ts ({_escape(piece[1:])}) Tj"
    return shown + " ET"


def _escape(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file(pages: list[str]) -> bytes:
    """Return a PDF of the pages' content streams: catalogue, page tree, two fonts, then page and stream in turn."""
    kids = " ".join(f"{5 + 2 * index} 0 R" for index in range(len(pages)))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /Lang (nl-NL) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} /MediaBox [0 0 {WIDTH} {HEIGHT}] >>",
        font.format("Helvetica"),
        font.format("Helvetica-Bold"),
    ]
    for index, page in enumerate(pages):
        fonts = f"<< /Font << /{PLAIN} 3 0 R /{BOLD} 4 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R /Resources {fonts} /Contents {6 + 2 * index} 0 R >>")
        objects.append(f"<< /Length {len(page.encode('cp1252'))} >>\nstream\n{page}\nendstream")
    out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode("cp1252")


if __name__ == "__main__":
    main()
