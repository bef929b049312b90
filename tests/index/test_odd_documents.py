"""Odd but real forms of documents: spaced-out letters, pages that fold out, mail, answers without an official head."""

from __future__ import annotations

from pathlib import Path

from index.documents import read_document
from index.values import Asker, Official, Reading

FOLDED = """<!DOCTYPE html><html><head><title>Paspoort</title></head><body>
<nav><button aria-expanded="false" aria-controls="menu">Menu</button></nav>
<main><h1>Paspoort</h1><p>U vraagt een paspoort aan bij de gemeente.</p>
<button role="tab" aria-controls="prijs">Prijs</button>
<div role="tabpanel" id="prijs" hidden><h2>Prijs</h2><p>Een paspoort kost 83 euro.</p></div>
<h2>Veelgestelde vragen</h2>
<details><summary>Hoe lang duurt het?</summary><p>Vijf werkdagen.</p></details>
<button aria-expanded="false" aria-controls="spoed">Kan het met spoed?</button>
<div id="spoed" style="display: none"><p>Ja, dat kan.</p></div>
<p>Bel voor andere vragen 14 0123.</p>
<h3><button aria-expanded="false" aria-controls="foto">Welke foto neem ik mee?</button></h3>
<div id="foto" aria-hidden="true"><p>Een nieuwe foto.</p></div>
<div id="keuze" role="menu" hidden>Geheim</div><button aria-controls="keuze" aria-expanded="false">Kies</button>
<p hidden>Geheim</p><button>Verstuur</button></main></body></html>"""

SPACED = """AH  77
2024Z01234

Antwoord  van  minister  Maas  ( Financiën )  ( ontvangen  3  mei  2024 )

Vragen  van  het  lid  Vos  ( Partij A )  aan  de  minister  van  Financiën
over  fietsen  ( ingezonden  3  april  2024 ) .

Vraag  1
Klopt  het  dat  fietsen  belast  worden ?

Antwoord  1
Nee ,  dat  klopt  niet .

Vraag  2
Wat  is  het  tarief ?

Vraag  3
Wanneer  gaat  dat  in ?

Antwoord  2  en  3
Er  is  geen  tarief .  Zie  het  antwoord  op  vraag  1 .
"""

BARE = """2024Z05555

Antwoorden van de staatssecretaris van Infrastructuur op de vragen van het lid Vos (Partij B) over strooizout.

Vraag 1
Kent u het bericht over strooizout?

Antwoord vraag 1
Ja.

Vraag 2 t/m 4
Hoeveel zout is er? Waar ligt het? Is dat genoeg?

Antwoord op vraag 2, 3 en 4:
Er ligt genoeg voor een gemiddelde winter.

Depot         Voorraad (ton)   Gevuld
Noord                 80.000     90 %
Zuid                  50.000    100 %
"""

MAIL = """Van: loket@voorbeeldstad.example
Aan: inwoner
Datum: 4 maart 2024
Onderwerp: Uw vraag over de kapvergunning

Beste meneer, mevrouw,

U vroeg of u een vergunning nodig heeft om een boom te kappen. Dat hangt af van
de dikte van de boom en van de plaats waar hij staat. Een dikke boom mag u niet
zomaar kappen.
"""


def read_text(tmp_path: Path, text: str, name: str = "stuk.txt") -> Reading:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_document(path, name, len)


def test_what_folds_out_stands_below_its_own_question_and_menus_stay_out(tmp_path: Path) -> None:
    reading = read_text(tmp_path, FOLDED, "paspoort.html")
    found = [(passage.context, passage.text) for passage in reading.passages]
    assert found == [
        ("", "U vraagt een paspoort aan bij de gemeente."),
        ("Prijs", "Een paspoort kost 83 euro."),
        ("Veelgestelde vragen › Hoe lang duurt het?", "Vijf werkdagen."),
        ("Veelgestelde vragen › Kan het met spoed?", "Ja, dat kan."),
        ("Veelgestelde vragen", "Bel voor andere vragen 14 0123."),
        ("Veelgestelde vragen › Welke foto neem ik mee?", "Een nieuwe foto."),
    ]
    assert "Geheim" not in reading.text and "Verstuur" not in reading.text


def test_spaces_too_many_hide_no_question(tmp_path: Path) -> None:
    reading = read_text(tmp_path, SPACED)
    document = reading.document
    assert (document.document, document.title, document.case) == ("ah-tk-20232024-77", "Fietsen", "2024Z01234")
    assert document.askers == (Asker("Vos", "Partij A"),)
    assert document.answered_by == (Official("Maas", "minister", "Financiën"),)
    assert [(p.numbers, p.answer, p.refers_to) for p in reading.passages] == [
        ((1,), "Nee , dat klopt niet .", ()),
        ((2, 3), "Er is geen tarief . Zie het antwoord op vraag 1 .", (1,)),
    ]


def test_answers_below_their_questions_need_no_official_head(tmp_path: Path) -> None:
    reading = read_text(tmp_path, BARE)
    document = reading.document
    assert (document.kind, document.title, document.case) == ("answer", "Strooizout", "2024Z05555")
    assert not document.document.startswith("kv-")  # that is the document of the questions alone
    assert document.askers == (Asker("Vos", "Partij B"),)
    assert [(p.numbers, p.answer) for p in reading.passages] == [
        ((1,), "Ja."),
        (
            (2, 3, 4),
            "Er ligt genoeg voor een gemiddelde winter.\nDepot: Noord; Voorraad (ton): 80.000; Gevuld: 90 %\n"
            "Depot: Zuid; Voorraad (ton): 50.000; Gevuld: 100 %",
        ),
    ]


def test_fields_above_a_mail_stay_apart_and_its_subject_is_its_title(tmp_path: Path) -> None:
    reading = read_text(tmp_path, MAIL)
    assert reading.document.title == "Uw vraag over de kapvergunning"
    assert "Van: loket@voorbeeldstad.example\nAan: inwoner\nOnderwerp: Uw vraag" in reading.text


def test_rows_of_a_table_are_no_headings_of_a_page_without_any(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>{day}<td>9.00<td>17.00" for day in ("Maandag", "Dinsdag", "Woensdag"))
    page = f"<html><body><p>Het zwembad is open.</p><table><tr><th>Dag<th>Open<th>Dicht{rows}</table></body></html>"
    reading = read_text(tmp_path, page, "zwembad.html")
    assert [passage.label for passage in reading.passages] == ["alinea 1–3"]
