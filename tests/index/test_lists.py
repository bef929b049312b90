"""Lists of questions with answers: tables, JSON lines, and the questions of rijksoverheid.nl."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index.documents import read_document, read_documents
from index.errors import ReadError
from index.values import Reading

PAIRS = [
    ("Hoe vraag ik een parkeervergunning aan?", "Dat doet u bij de balie.\nNeem uw rijbewijs mee."),
    ("Wat kost; een vergunning?", 'De prijs is "€ 30" per jaar, in de stad.'),
]


def words(text: str) -> int:
    return len(text.split())


def as_csv(delimiter: str = ";", question: str = "Vraag", answer: str = "Antwoord", encoding: str = "utf-8") -> bytes:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    rows = [("nr", question, "thema", answer), *((str(n), q, "verkeer", a) for n, (q, a) in enumerate(PAIRS, 1))]
    return "\r\n".join(delimiter.join(map(cell, row)) for row in rows).encode(encoding)


def as_jsonl() -> bytes:
    return "\n".join(json.dumps({"id": 1, "question": q, "answer": a}) for q, a in PAIRS).encode()


def as_json() -> bytes:
    return json.dumps({"items": [{"vraag": q, "antwoord": a} for q, a in PAIRS]}, ensure_ascii=False).encode()


def as_xlsx() -> bytes:
    shared = [text for pair in PAIRS for text in pair]
    items = "".join(
        f"<si><r><t xml:space='preserve'>{text[:5]}</t></r><r><t>{text[5:]}</t></r></si>" for text in shared
    )
    named = '<c r="{}1" t="inlineStr"><is><t>{}</t></is></c>'.format
    rows = f"<row>{named('B', 'Vraag')}{named('D', 'Antwoord')}</row>"
    for n in range(len(PAIRS)):
        cells = f'<c r="B{n + 2}" t="s"><v>{2 * n}</v></c><c r="C{n + 2}"><v>12</v></c>'
        rows += f'<row>{cells}<c r="D{n + 2}" t="s"><v>{2 * n + 1}</v></c></row>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("xl/workbook.xml", "<workbook/>")
        file.writestr("xl/sharedStrings.xml", f"<sst>{items}</sst>")
        file.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{rows}</sheetData></worksheet>")
    return buffer.getvalue()


def read_bytes(folder: Path, data: bytes) -> Reading:
    path = folder / "veel_gestelde-vragen.dat"
    path.write_bytes(data)
    return read_document(path, path.name, words)


@pytest.mark.parametrize(
    "make",
    [
        as_csv,
        lambda: as_csv(",", "question", "answer"),
        lambda: as_csv("\t", "VRAAG", "Antwoord", "utf-16"),
        lambda: as_csv(encoding="cp1252"),
        as_jsonl,
        as_json,
        as_xlsx,
    ],
)
def test_each_row_is_a_question_with_its_answer(tmp_path: Path, make: Callable[[], bytes]) -> None:
    reading = read_bytes(tmp_path, make())
    assert (reading.document.kind, reading.document.title) == ("faq", "Veel gestelde vragen")
    found = [(p.label, p.question, " ".join((p.answer or "").split())) for p in reading.passages]
    assert found == [(q, q, " ".join(a.split())) for q, a in PAIRS]
    for passage in reading.passages:
        assert reading.text[passage.start : passage.end] == passage.text
        assert reading.text[passage.body_start :].startswith(passage.body)


def test_references_by_number_between_rows_are_not_guessed(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, b"vraag;antwoord\nMag dat?;Zie het antwoord op vraag 3.")
    assert reading.passages[0].refers_to == ()
    assert reading.warnings == ()


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b'[{"naam": "fiets"}]', "read.no_questions"),
        (b'{"question": "Mag dat?", "answer": ', "read.broken_json"),
        (b'{"question": "Mag dat?"}\n{"question"', "read.broken_json"),
        (b"vraag;antwoord\n;\n", "read.no_questions"),
        (b"[" * 100_000 + b"{", "read.broken_json"),
    ],
)
def test_list_without_questions_is_refused_in_one_sentence(tmp_path: Path, data: bytes, key: str) -> None:
    if key == "read.broken_json" and data.startswith(b"[["):
        data = b'[{"a":' + data
    with pytest.raises(ReadError) as caught:
        read_bytes(tmp_path, data)
    assert caught.value.key == key
    assert "veel_gestelde-vragen.dat" in str(caught.value)


def test_questions_of_rijksoverheid_are_documents_with_their_own_address_and_date(tmp_path: Path) -> None:
    items = [
        {
            "id": f"abc-{n}",
            "type": "vraag en antwoord",
            "canonical": f"https://www.example.org/vraag-{n}",
            "question": f"Wat verandert er in {2024 + n}?",
            "introduction": "<p>De regels <strong>veranderen</strong>.</p>",
            "content": [
                {"paragraphtitle": "Uitzondering", "paragraph": "<ul><li>huurders</li></ul><script>x</script>"}
            ],
            "lastmodified": f"2025-0{n}-15T10:00:00.000Z",
            "subjects": ["Wonen"],
        }
        for n in (1, 2)
    ]
    path = tmp_path / "faq.json"
    path.write_text(json.dumps(items), encoding="utf-8")
    readings = read_documents(path, "map/faq.json", words)
    assert [reading.document.source for reading in readings] == ["map/faq.json#abc-1", "map/faq.json#abc-2"]
    for n, reading in enumerate(readings, 1):
        document = reading.document
        assert (document.kind, document.title) == ("faq", f"Wat verandert er in {2024 + n}?")
        assert (document.url, document.date) == (f"https://www.example.org/vraag-{n}", date(2025, n, 15))
        assert document.topics == ("Wonen",)
        (passage,) = reading.passages
        assert passage.answer == "De regels veranderen.\nUitzondering\n• huurders"
    assert len({reading.document.document for reading in readings}) == 2


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"vraag;antwoord\nMag dat?;Ja.\nEn dit?;\n;Nee.\n;\n\nKan het?;Nee.", "regel 3, 4 (2 in totaal)"),
        (b'\n\nvraag,antwoord\n"Mag\ndat?",Ja.\n"En dit?"\nKan het?,Nee.', "regel 6 (1 in totaal)"),
        (b"vraag;antwoord;bron\nMag dat?;Ja.;wet\nEn; dit?;Nee.;wet\nKan het?;Nee.;wet", "regel 3 (1 in totaal)"),
        (
            b'{"vraag": "Mag dat?", "antwoord": "Ja."}\n{"vraag": "En dit?", "antwoord": ""}\n{"vraag": "En\n[1]\n'
            b'{"vraag": "Kan het?", "antwoord": "Nee."}\n{"naam": "fiets"}\n\n7\n"a"\nnull\n',
            "geen geldige JSON met een vraag en een antwoord: regel 2, 3, 4, 6, 8 … (7 in totaal)",
        ),
        (
            b'[{"vraag": "Mag dat?", "antwoord": "Ja."}, {"vraag": "En?"}, "a",\n'
            b'{"vraag": "Kan het?", "antwoord": "Nee."}]',
            "onderdeel 2, 3 (2 in totaal)",
        ),
    ],
)
def test_what_holds_no_question_with_an_answer_is_named_and_the_rest_is_read(
    tmp_path: Path, data: bytes, told: str
) -> None:
    reading = read_bytes(tmp_path, data)
    assert [" ".join(str(p.question).split()) for p in reading.passages] == ["Mag dat?", "Kan het?"]
    (warning,) = reading.warnings
    assert told in warning and "veel_gestelde-vragen.dat" in warning


def test_a_delimiter_in_an_answer_without_quotes_cuts_nothing_off(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, b"vraag;antwoord\nMag dat?;Ja; dat mag; altijd.;\nEn dit?;Nee.;\n")
    assert [p.answer for p in reading.passages] == ["Ja; dat mag; altijd.", "Nee."]
    assert reading.warnings == ()


def test_a_question_of_rijksoverheid_without_its_answer_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    items = [{"id": "a", "question": "Mag dat?", "content": [], "introduction": "<p>Ja.</p>"}, {"id": "b"}]
    path = tmp_path / "faq.json"
    path.write_text(json.dumps(items), encoding="utf-8")
    (reading,) = read_documents(path, "faq.json", words)
    assert "onderdeel 2 (1 in totaal)" in " ".join(reading.warnings)


def test_a_list_that_breaks_off_is_broken_where_it_does(tmp_path: Path) -> None:
    data = b'[\n{"vraag": "Mag dat?", "antwoord": "Ja."},\n{"vraag": "En'
    with pytest.raises(ReadError, match="Regel 3"):
        read_bytes(tmp_path, data)
