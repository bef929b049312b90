"""The lines of two sample documents in, their PDFs out: `python tests/index/make_sample_pdf.py` writes index/samples.

The pages look like those of the official answers: a head, a column of text, the notes below it, the identifier in the
margin. A source in `sample_pdfs` has fields, then pages parted by `==`; on a page `--` comes before the notes, `**`
before a bold line, `^` before a note's mark, and `~` stands where a word may be cut at the end of a line. Only fonts
that every reader of PDF has are used.
"""

from __future__ import annotations

from pathlib import Path

from eval.pdf_file import BOLD, PLAIN, line, pdf_file, width_of

HERE = Path(__file__).parent
SAMPLES = HERE.parent.parent / "index" / "samples"
WIDTH, HEIGHT = 558, 771
MARGIN, COLUMN = 40, 202
TEXT, NOTE, SMALL, LEADING = 8.5, 7.0, 5.5, 9.6
COLUMN_WIDTH = 318


def main() -> None:
    """Write every source in `sample_pdfs` as a PDF among the samples."""
    for source in sorted((HERE / "sample_pdfs").glob("*.txt")):
        (SAMPLES / source.with_suffix(".pdf").name).write_bytes(make_pdf(source.read_text(encoding="utf-8")))


def make_pdf(source: str) -> bytes:
    """Return the PDF of one source; the same source always gives the same bytes."""
    head, *pages = source.split("\n==\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return pdf_file([_page(fields, number, page) for number, page in enumerate(pages, 1)], (WIDTH, HEIGHT))


def _page(fields: dict[str, str], number: int, page: str) -> str:
    body, _, notes = page.partition("\n--\n")
    year = fields["year"]
    marks = _head(year) if number == 1 else []
    top = HEIGHT - (250 if number == 1 else 40)
    for shown in (one for paragraph in body.splitlines() for one in wrap(paragraph)):
        size, font = (12.0, BOLD) if shown.startswith("**") else (TEXT, PLAIN)
        marks.append(line(COLUMN, top, shown.removeprefix("**"), size, font))
        top -= LEADING
    lowest = 100 + 9 * len(notes.splitlines())
    for row, note in enumerate(notes.splitlines(), 1):
        marks.append(line(COLUMN, lowest - 9 * row, note, NOTE))
    if number == 1:
        marks += [line(MARGIN, 48, fields["id"], SMALL), line(MARGIN, 38, fields["place"], SMALL)]
    marks.append(line(COLUMN, 38, f"Gemeenteraad, vergaderjaar {year}, Aanhangsel", TEXT))
    marks.append(line(515, 38, str(number), TEXT))
    return "\n".join(marks)


def wrap(paragraph: str) -> list[str]:
    """Return the lines of a paragraph as wide as the column, words cut at `~` where that fills a line."""
    lines = [""]
    for word in paragraph.split(" "):
        parts = word.split("~")
        for kept in range(len(parts), -1, -1):
            cut = "".join(parts[:kept]) + ("-" if 0 < kept < len(parts) else "")
            longer = f"{lines[-1]} {cut}".strip() if kept else lines[-1]
            if width_of(longer, TEXT) <= COLUMN_WIDTH:
                lines[-1] = longer
                lines += ["".join(parts[kept:])] if kept < len(parts) else []
                break
    return lines


def _head(year: str) -> list[str]:
    rule = f"0.7 w {MARGIN} 690 m 520 690 l S {MARGIN} 640 m 520 640 l S"
    return [
        line(MARGIN, 728, "Gemeenteraad van Voorbeeldstad", 18, BOLD),
        rule,
        line(MARGIN, 674, f"Vergaderjaar {year}", TEXT),
        line(COLUMN, 674, "Aanhangsel van de Handelingen", TEXT, BOLD),
        line(COLUMN, 622, "Vragen gesteld door de leden van de raad, met de daarop door het", TEXT, BOLD),
        line(COLUMN, 612, "college gegeven antwoorden", TEXT, BOLD),
    ]


if __name__ == "__main__":
    main()
