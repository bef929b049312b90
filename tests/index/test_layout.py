"""Pages of a PDF and plain text as they are laid out: tables by their rows, columns, running heads, headings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from eval.conservation import account
from eval.pdf_file import PLAIN, pdf_file
from eval.pdf_file import line as drawn_line
from index.documents import read_document
from index.places import boxes_of, place_of
from index.read import read
from index.read.grid import grids_of
from index.values import Reading

HEADERS = ["Wijk", "Jaar", "Bomen"]
ROWS = [["Noord", "2023", "12"], ["Noord", "2024", "15"], ["Zuid en|omstreken", "2024", "9"]]
READ = [
    "Wijk: Noord; Jaar: 2023; Bomen: 12",
    "Wijk: Noord; Jaar: 2024; Bomen: 15",
    "Wijk: Zuid en omstreken; Jaar: 2024; Bomen: 9",
]
XS, HEIGHT = (60, 160, 220, 300), 24
TITLE = [
    "BT /F2 14 Tf 60 700 Td (Bomen in de wijken) Tj ET",
    "BT /F1 9 Tf 60 670 Td (De gemeente telt de bomen.) Tj ET",
]


def file(pages: Sequence[Sequence[str]], rotate: int = 0) -> bytes:
    return pdf_file(["\n".join(page) for page in pages], (600, 800), rotate=rotate)


def line(x: float, y: float, text: str, font: str = PLAIN, size: float = 9) -> str:
    return drawn_line(x, y, text, size, font)


def rules(rows: int, top: float, drawn: str) -> list[str]:
    ys = [top - HEIGHT * row for row in range(rows + 1)]
    columns = list(pairwise(XS))
    if drawn == "boxes":
        return [f"{a} {y - HEIGHT} {b - a} {HEIGHT} re S" for y in ys[:-1] for a, b in columns]
    if drawn == "coloured":
        return [
            f"0.9 g {a + 1} {y - HEIGHT + 1} {b - a - 2} {HEIGHT - 2} re f 0 g" for y in ys[:-1] for a, b in columns
        ]
    if drawn == "thin boxes":
        level = [f"{XS[0]} {y} {XS[-1] - XS[0]} 0.5 re f" for y in ys]
        return [*level, *(f"{x} {ys[-1]} 0.5 {top - ys[-1]} re f" for x in XS)]
    upright = XS[1:-1] if drawn == "open sides" else XS
    return [
        *(f"{XS[0]} {y} m {XS[-1]} {y} l S" for y in ys),
        *(f"{x} {top} m {x} {ys[-1]} l S" for x in upright),
    ]


def table(rows: Sequence[Sequence[str]], top: float = 650, drawn: str = "lines", *, bold: bool = True) -> list[str]:
    words = [
        line(
            XS[column] + 3, top - HEIGHT * row - 10 - 10 * part, words, "F2" if bold and rows[row] == HEADERS else "F1"
        )
        for column in range(len(rows[0]))  # column by column: the order in the file is not that of the rows
        for row in range(len(rows))
        for part, words in enumerate(rows[row][column].split("|"))
        if words
    ]
    return rules(len(rows), top, drawn) + words


def reading_of(tmp_path: Path, data: bytes, name: str = "bomen.pdf") -> tuple[Path, Reading]:
    path = tmp_path / name
    path.write_bytes(data)
    assert account(read(path), name).lost == ()
    return path, read_document(path, name, len)


@pytest.mark.parametrize("drawn", ["lines", "boxes", "coloured", "thin boxes", "open sides"])
@pytest.mark.parametrize("bold", [True, False])
def test_a_table_drawn_in_a_pdf_is_read_by_its_rows(tmp_path: Path, drawn: str, bold: bool) -> None:
    page = [*TITLE, *table([HEADERS, *ROWS], drawn=drawn, bold=bold), line(60, 500, "Tot zover de telling.")]
    _, reading = reading_of(tmp_path, file([page]))
    assert reading.text.split("\n")[-5:] == ["De gemeente telt de bomen.", *READ, "Tot zover de telling."]


def test_words_of_a_drawn_table_are_boxed_where_they_stand(tmp_path: Path) -> None:
    path, reading = reading_of(tmp_path, file([[*TITLE, *table([HEADERS, *ROWS])]]))
    start = reading.text.index("omstreken")
    ((left, bottom, right, top),) = boxes_of(path, place_of(reading, start, start + 9))[1].boxes[0]
    assert 62 < left < 64 and right < 160
    assert 650 - 3 * HEIGHT - 23 < bottom < top < 650 - 3 * HEIGHT - 9


@pytest.mark.parametrize("bold", [True, False])
@pytest.mark.parametrize("repeated", [True, False])
def test_a_table_that_goes_on_overleaf_takes_its_headers_along(tmp_path: Path, bold: bool, repeated: bool) -> None:
    pages = [
        [*TITLE, line(60, 780, "Nota bomen"), *table([HEADERS, *ROWS[:2]], bold=bold), line(280, 30, "Pagina 1 van 2")],
        [
            line(60, 780, "Nota bomen"),
            *table([*([HEADERS] if repeated else []), ROWS[2], ROWS[1]], top=740, bold=bold),
            line(280, 30, "Pagina 2 van 2"),
        ],
    ]
    _, reading = reading_of(tmp_path, file(pages))
    assert [row for row in reading.text.split("\n") if "; " in row] == [READ[0], READ[1], READ[2], READ[1]]


def test_a_table_below_other_words_on_the_next_page_is_another(tmp_path: Path) -> None:
    pages = [
        [*TITLE, *table([HEADERS, *ROWS[:2]], bold=False)],
        [line(60, 760, "Straten"), *table([["Eik", "Laan 2", "3"], ["Es", "Laan 3", "4"]], top=740)],
    ]
    _, reading = reading_of(tmp_path, file(pages))
    assert "Eik | Laan 2 | 3" in reading.text


def test_cells_that_span_stand_in_each_row_and_under_each_header(tmp_path: Path) -> None:
    def level(y: int, first: int, last: int) -> str:
        return f"{XS[first]} {y} m {XS[last]} {y} l S"

    def upright(x: int, top: int, bottom: int) -> str:
        return f"{XS[x]} {top} m {XS[x]} {bottom} l S"

    drawn = [level(650, 0, 3), level(630, 1, 3), level(610, 0, 3), level(590, 1, 3), level(570, 0, 3)]
    drawn += [upright(0, 650, 570), upright(1, 650, 570), upright(2, 630, 590), upright(3, 650, 570)]
    words = [(63, 637, "Wijk"), (163, 637, "Bomen"), (163, 617, "2023"), (223, 617, "2024")]
    drawn += [line(*place, "F2") for place in words]
    drawn += [line(63, 597, "Noord"), line(163, 597, "12"), line(223, 597, "15"), line(163, 577, "in beide even veel")]
    _, reading = reading_of(tmp_path, file([[*TITLE, *drawn]]))
    assert "Wijk: Noord; Bomen 2023: 12; Bomen 2024: 15" in reading.text
    assert "Wijk: Noord; Bomen 2023, Bomen 2024: in beide even veel" in reading.text


def test_a_page_on_its_side_is_read_and_boxed_as_it_is_shown(tmp_path: Path) -> None:
    page = ["0 1 -1 0 600 0 cm", line(60, 500, "Bomen in de wijken", "F2", 14), *table([HEADERS, *ROWS], top=450)]
    path, reading = reading_of(tmp_path, file([page], rotate=90))
    assert [row for row in reading.text.split("\n") if "; " in row] == READ
    start = reading.text.index("omstreken")
    boxes = boxes_of(path, place_of(reading, start, start + 9))[1]
    ((left, bottom, right, top),) = boxes.boxes[0]
    assert (boxes.width, boxes.height) == (800, 600)
    assert 62 < left < 64 and right < 160 and 450 - 4 * HEIGHT < bottom < top < 450 - 3 * HEIGHT


def test_a_header_above_an_empty_column_is_not_lost(tmp_path: Path) -> None:
    rows = [["Wijk", "Bomen", "Uitleg"], ["Noord", "12", ""], ["Zuid", "9", ""]]
    _, reading = reading_of(tmp_path, file([[*TITLE, *table(rows)]]))
    assert reading.text.endswith("Wijk | Bomen | Uitleg\nWijk: Noord; Bomen: 12\nWijk: Zuid; Bomen: 9")


def test_lines_of_a_chart_make_no_table(tmp_path: Path) -> None:
    chart = [f"60 {y} m 300 {y} l S" for y in range(400, 600, 20)] + ["60 400 m 60 580 l S"]
    chart += [f"{80 + 40 * year} 400 20 {40 + 20 * year} re f" for year in range(5)]
    words = [line(80 + 40 * year, 390, str(2020 + year)) for year in range(5)]
    _, reading = reading_of(tmp_path, file([[*TITLE, *chart, *words]]))
    assert reading.text.endswith("2020 2021 2022 2023 2024")


def test_words_that_cross_a_line_make_no_table(tmp_path: Path) -> None:
    rows = [["Noord", "2023", "12"], ["Een woord dat over de lijn van zijn cel heen gaat", "", "9"], ["Zuid", "2", "3"]]
    _, reading = reading_of(tmp_path, file([[*TITLE, *table(rows)]]))
    assert " | " not in reading.text


def test_a_frame_around_questions_and_answers_is_no_table(tmp_path: Path) -> None:
    rows = [["Vraag 1|Hoeveel bomen zijn er?", "Antwoord 1|Er zijn er 12."], ["Vraag 2|Waar?", "Antwoord 2|Noord."]]
    frame = [f"{x} 650 m {x} 602 l S" for x in (60, 280, 500)] + [f"60 {y} m 500 {y} l S" for y in (650, 626, 602)]
    frame += [
        line((63, 283)[column], 640 - HEIGHT * row - 10 * part, words)
        for row in range(2)
        for column in range(2)
        for part, words in enumerate(rows[row][column].split("|"))
    ]
    head = [line(60, 750, "Vragen van het lid Vragensteller \\(Partij A\\) aan de Minister van Financiën over bomen.")]
    _, reading = reading_of(tmp_path, file([[*head, *frame]]))
    assert [(p.numbers, p.question, p.answer) for p in reading.passages] == [
        ((1,), "Hoeveel bomen zijn er?", "Er zijn er 12."),
        ((2,), "Waar?", "Noord."),
    ]


def test_a_table_in_an_answer_opens_no_question(tmp_path: Path) -> None:
    rows = [["Soort", "Jaar", "Aantal"], ["Vraag", "2023", "12"], ["Antwoord", "4", "5"]]
    words = [
        line(60, 760, "Vragen van het lid Vragensteller \\(Partij A\\) aan de Minister van Financiën over bomen."),
        line(60, 720, "Vraag 1", "F2"),
        line(60, 708, "Hoeveel vragen waren er?"),
        line(60, 690, "Antwoord 1", "F2"),
        line(60, 678, "Dat staat in de tabel."),
    ]
    _, reading = reading_of(tmp_path, file([[*words, *table(rows)]]))
    (passage,) = reading.passages
    assert passage.answer == (
        "Dat staat in de tabel.\nSoort: Vraag; Jaar: 2023; Aantal: 12\nSoort: Antwoord; Jaar: 4; Aantal: 5"
    )


def test_a_thousand_lines_that_touch_are_looked_at_no_further() -> None:
    crossing = [(0.0, 5.0 * n, 4000.0, 5.0 * n) for n in range(500)]
    crossing += [(5.0 * n, 0.0, 5.0 * n, 4000.0) for n in range(500)]
    assert grids_of(crossing) == []


def test_a_sentence_goes_on_at_the_top_of_the_next_column(tmp_path: Path) -> None:
    left = ["De gemeente telt elk jaar alle", "bomen in de stad. Dat gebeurt", "in het voorjaar. Inwoners kun-"]
    right = ["nen een boom melden die ziek", "is. De gemeente komt dan", "binnen een week kijken."]
    page = [line(60, 690 - 12 * row, words) for row, words in enumerate(left)]
    page += [line(320, 690 - 12 * row, words) for row, words in enumerate(right)]
    _, reading = reading_of(tmp_path, file([[TITLE[0], *page]]))
    assert "Inwoners kunnen een boom melden die ziek is." in reading.text


def test_running_heads_and_feet_of_any_sender_are_left_out(tmp_path: Path) -> None:
    pages = [
        [
            line(60, 770, "Gemeente Voorbeeldstad - Nota bomen", size=8),
            *(TITLE if number == 1 else []),
            line(60, 600, f"Wijk {number} heeft {7 * number * number} bomen en daar blijft het bij."),
            line(280, 30, f"{number} / 4", size=8),
        ]
        for number in range(1, 5)
    ]
    _, reading = reading_of(tmp_path, file(pages))
    assert "Nota bomen" not in reading.text and "/ 4" not in reading.text
    assert [f"Wijk {n} heeft {7 * n * n} bomen" in reading.text for n in range(1, 5)] == [True] * 4


def test_questions_on_top_of_each_page_are_no_running_heads(tmp_path: Path) -> None:
    head = line(60, 780, "Vragen van het lid Vragensteller \\(Partij A\\) aan de Minister van Defensie over bomen.")
    pages = [
        [
            *([head] if number == 1 else []),
            line(60, 750, f"Vraag {number}", "F2"),
            line(60, 735, f"Hoeveel zijn er in wijk {number}?"),
            line(60, 700, f"Antwoord {number}", "F2"),
            line(60, 685, f"Er zijn er {number * 7}."),
        ]
        for number in range(1, 5)
    ]
    _, reading = reading_of(tmp_path, file(pages))
    assert [(p.numbers, p.answer) for p in reading.passages] == [((n,), f"Er zijn er {n * 7}.") for n in range(1, 5)]


def test_a_line_in_larger_or_bold_type_is_a_heading(tmp_path: Path) -> None:
    page = [
        *TITLE,
        line(60, 640, "Kosten", size=13),
        line(60, 626, "Het kappen van een boom kost honderd euro, dat is meer dan het vorig jaar was."),
        line(60, 600, "Planning", "F2"),
        line(60, 588, "De bomen worden in het voorjaar geplant, en daarna krijgen zij drie jaar lang water."),
    ]
    _, reading = reading_of(tmp_path, file([page]))
    assert [passage.label for passage in reading.passages][-2:] == ["Kosten", "Planning"]


def text_of(tmp_path: Path, table: str) -> list[str]:
    """The lines that a text makes of a table between two paragraphs."""
    whole = f"Bomen\n\nDe gemeente telt de bomen in alle wijken.\n\n{table}\n\nTot zover de telling van dit jaar.\n"
    _, reading = reading_of(tmp_path, whole.encode(), "bomen.txt")
    first, last = "De gemeente telt de bomen in alle wijken.\n", "\nTot zover"
    return reading.text[reading.text.index(first) + len(first) : reading.text.index(last)].strip("\n").split("\n")


@pytest.mark.parametrize(
    "table",
    [
        """Wijk                Jaar   Bomen
Noord               2023      12
Noord               2024      15
Zuid en omstreken   2024       9""",
        "Wijk\tJaar\tBomen\nNoord\t2023\t12\nNoord\t2024\t15\nZuid en omstreken\t2024\t9",
        "Wijk\t\t\tJaar\tBomen\nNoord\t\t\t2023\t12\nNoord\t\t\t2024\t15\nZuid en omstreken\t2024\t9",
    ],
)
def test_a_table_laid_out_with_spaces_or_tabs_is_read_by_its_rows(tmp_path: Path, table: str) -> None:
    assert text_of(tmp_path, table) == READ


def test_a_caption_above_and_a_source_below_stay(tmp_path: Path) -> None:
    table = "Tabel 1\nWijk   Aantal\n-----  ------\nNoord      12\nZuid        9\nBron: gemeente"
    assert text_of(tmp_path, table) == ["Tabel 1", "Wijk: Noord; Aantal: 12", "Wijk: Zuid; Aantal: 9", "Bron: gemeente"]


def test_a_row_of_years_is_the_header(tmp_path: Path) -> None:
    table = "         2022   2023\nNoord      10     12\nZuid        8      9"
    assert text_of(tmp_path, table) == ["Noord; 2022: 10; 2023: 12", "Zuid; 2022: 8; 2023: 9"]


def test_an_empty_cell_between_tabs_keeps_its_column(tmp_path: Path) -> None:
    table = "Wijk\tJaar\tBomen\nNoord\t\t12\nZuid\t2024"
    assert text_of(tmp_path, table) == ["Wijk: Noord; Bomen: 12", "Wijk: Zuid; Jaar: 2024"]


@pytest.mark.parametrize(
    "text",
    [
        "1.\tMeld de boom.\n2.\tWacht op bericht.\n3.\tKap de boom.",
        "De burgemeester,   De secretaris,\nBurgemeester A     Secretaris B\nVoorbeeldstad      Voorbeeldstad",
        """De gemeente telt elk jaar de bomen     De wethouder vindt dat er meer geld
in de wijken en dat kost veel tijd.    naar het groen moet gaan en de raad
Daarom komt er een nieuw systeem.      stemt daar volgende maand over.""",
        "De  gemeente telt de bomen\nin alle wijken,  en dat kost\nelk  jaar weer heel veel tijd.",
    ],
)
def test_white_that_makes_no_table_is_white(tmp_path: Path, text: str) -> None:
    found = text_of(tmp_path, text)
    assert not any(sign in row for row in found for sign in ("; ", ": ", " | "))
    assert " ".join(found).split() == text.split()
