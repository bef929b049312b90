"""Documents with markup: one Kamervraag reads the same in every format, and each format keeps its own structure."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from html import escape
from pathlib import Path

import pytest

from index.documents import read_document, read_documents, side_files
from index.errors import ReadError
from index.read import read
from index.values import Asker, Official, Reading

CASE = "2025Z01234"
ASKED = (
    "Vragen van het lid De Wit (ABC) aan de Minister van Infrastructuur en Waterstaat over de dijk bij het dorp "
    "(ingezonden 3 maart 2025)."
)
ANSWERED = "Antwoord van Minister De Boer (Infrastructuur en Waterstaat) (ontvangen 24 maart 2025)."
NOTE = "Onderzoek naar dijken, 2024"
QUESTIONS = {
    1: "Kent u het onderzoek naar de dijk?",
    2: "Hoe hoog wordt de dijk?",
    3: "Wat kost dat de bewoners?",
}
ANSWERS: dict[tuple[int, ...], list[str]] = {
    (1,): ["Ja, dat onderzoek is mij bekend."],
    (2, 3): ["De dijk wordt 16 meter hoog.", "Bewoners betalen niets; zie ook het antwoord op vraag 1."],
}
NUMBER = "777"


def words(text: str) -> int:
    return len(text.split())


def names(numbers: tuple[int, ...]) -> str:
    return " en ".join(map(str, numbers))


def as_text() -> bytes:
    lines = [NUMBER, CASE, ASKED, ANSWERED]
    for number, question in QUESTIONS.items():
        lines += [f"Vraag {number}", question]
    for numbers, paragraphs in ANSWERS.items():
        lines += [f"Antwoord {names(numbers)}", *paragraphs]
    text = "\n\n".join(lines).replace(QUESTIONS[1], QUESTIONS[1] + "[1]")
    return f"{text}\n\n[1] {NOTE}\n".encode()


def as_xml(old: bool = False) -> bytes:
    number, outer = ("nummer", "vraagdoc") if old else ("nr", "officiele-publicatie")
    parts = [
        f"<kamervraagkop><tekstregel inhoud='vergaderjaar'>Vergaderjaar 2024–2025</tekstregel></kamervraagkop>"
        f"<kamervraagnummer>{NUMBER}</kamervraagnummer><kamervraagnummer>{CASE}</kamervraagnummer>"
        f"<kamervraagomschrijving type='vraag'>{ASKED}</kamervraagomschrijving>"
        f"<kamervraagomschrijving type='antwoord'>{ANSWERED}</kamervraagomschrijving>"
    ]
    for n, question in QUESTIONS.items():
        note = f"<noot id='n1' type='voet'><noot.nr>1</noot.nr><noot.al>{NOTE}</noot.al></noot>" if n == 1 else ""
        printed = n if old else f"Vraag {n}"
        parts.append(f"<vraag>\n <{number}>{printed}</{number}>\n <al>{question}{note}</al>\n</vraag>")
    for numbers, paragraphs in ANSWERS.items():
        heading = names(numbers) if old else f"Antwoord {names(numbers)}"
        body = "".join(f"<al><nadruk type='cur'>{p[:4]}</nadruk>{p[4:]}</al>" for p in paragraphs)
        parts.append(f"<antwoord><{number}>{heading}</{number}>{body}</antwoord>")
    body = "\n".join(parts)
    return f"<?xml version='1.0' encoding='utf-8'?><{outer}><kamervragen>{body}</kamervragen></{outer}>".encode()


def as_html() -> bytes:
    parts = [
        f"<p class='kamervraagnummer'>{NUMBER}</p><p>{CASE}</p>"
        f"<h1 class='kamervraagomschrijving_kop'>{ASKED}</h1><h1 class='kamervraagomschrijving_kop'>{ANSWERED}</h1>"
    ]
    for n, question in QUESTIONS.items():
        mark = "<a class='nootnum' href='#n1'>1</a>" if n == 1 else ""
        parts.append(f"<div class='vraag' id='v{n}'><h2 class='stuktitel'>Vraag {n}</h2><p>{question}{mark}</p></div>")
    for numbers, paragraphs in ANSWERS.items():
        body = "".join(f"<p>{escape(p)}</p>" for p in paragraphs)
        parts.append(f"<div class='antwoord'><p class='nummer'>Antwoord {names(numbers)}</p>{body}</div>")
    notes = f"<div class='voet noot'><span class='nootnum'>1</span><p>{NOTE}</p></div>"
    menu = (
        "<ul class='toc'><li><a href='#v1'>Inhoud van deze pagina</a></li></ul><script>var vraag = 'geheim';</script>"
    )
    page = f"<!DOCTYPE html><html><head><title>Dijk</title><style>p {{ color: red }}</style></head><body>{menu}"
    return f"{page}<div id='broodtekst'>{''.join(parts)}{notes}</div><footer>Voetregel</footer></body></html>".encode()


def docx(body: str, **parts: str) -> bytes:
    """A Word document of which the parts named ("styles", "numbering", "footnotes") are given."""
    space = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            file.writestr(f"word/{name}.xml", f"<w:{name} {space}>{content}</w:{name}>")
    return buffer.getvalue()


def paragraph(text: str, properties: str = "", extra: str = "") -> str:
    half = len(text) // 2  # Word cuts a sentence into runs anywhere
    runs = "".join(f"<w:r><w:t xml:space='preserve'>{escape(t)}</w:t></w:r>" for t in (text[:half], text[half:]))
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}{extra}</w:p>"


def as_docx() -> bytes:
    mark = "<w:r><w:footnoteReference w:id='7'/></w:r>"
    body = [paragraph(text) for text in (NUMBER, CASE, ASKED, ANSWERED)]
    for number, question in QUESTIONS.items():
        body += [paragraph(f"Vraag {number}"), paragraph(question, extra=mark if number == 1 else "")]
    for numbers, paragraphs in ANSWERS.items():
        body += [paragraph(f"Antwoord {names(numbers)}"), *map(paragraph, paragraphs)]
    note = f"<w:footnote w:id='7'>{paragraph(NOTE)}</w:footnote>"
    return docx("".join(body), footnotes=note)


def read_bytes(folder: Path, data: bytes, name: str = "document.onbekend") -> Reading:
    path = folder / name
    path.write_bytes(data)
    reading = read_document(path, name, words)
    for passage in reading.passages:
        assert reading.text[passage.start : passage.end] == passage.text
        assert reading.text[passage.body_start :].startswith(passage.body)
    return reading


@pytest.mark.parametrize("make", [as_text, as_xml, lambda: as_xml(old=True), as_html, as_docx])
def test_one_kamervraag_reads_the_same_in_every_format(tmp_path: Path, make: Callable[[], bytes]) -> None:
    reading = read_bytes(tmp_path, make())
    assert [(p.label, p.numbers, p.question, p.answer, p.refers_to, p.notes) for p in reading.passages] == [
        ("vraag 1", (1,), QUESTIONS[1], ANSWERS[(1,)][0], (), {"1": NOTE}),
        ("vraag 2 en 3", (2, 3), f"{QUESTIONS[2]}\n{QUESTIONS[3]}", "\n".join(ANSWERS[(2, 3)]), (1,), {}),
    ]
    document = reading.document
    assert (document.document, document.kind, document.case) == ("ah-tk-20242025-777", "answer", CASE)
    assert (document.asked, document.answered) == (date(2025, 3, 3), date(2025, 3, 24))
    assert document.askers == (Asker("De Wit", "ABC"),)
    assert document.answered_by == (Official("De Boer", "minister", "Infrastructuur en Waterstaat"),)
    assert document.title == "De dijk bij het dorp"
    for hidden in ("Inhoud van deze pagina", "geheim", "color", "Voetregel"):
        assert hidden not in reading.text


def test_notes_that_stand_apart_and_headings_without_markup_are_understood(tmp_path: Path) -> None:
    xml = """<officiele-publicatie><kamervragen><vraag><al>Vraag 1</al><al>Mag dat<nootref refid="n2"/>, en hoe lang
        <nootref refid="n3"/>?</al></vraag><antwoord><al>Antwoord 1</al><al>Ja, zie de wet.<nootref refid="n2"/></al>
        </antwoord><noot id="n3"><noot.nr>2</noot.nr><noot.al>De termijn</noot.al></noot>
        <noot id="n2"><noot.nr>1</noot.nr>
        <noot.al>De wet</noot.al></noot></kamervragen></officiele-publicatie>"""
    (passage,) = read_bytes(tmp_path, xml.encode()).passages
    assert (passage.numbers, passage.question, passage.answer) == ((1,), "Mag dat, en hoe lang?", "Ja, zie de wet.")
    assert passage.notes == {"1": "De wet", "2": "De termijn"}


def test_proceedings_are_parted_by_speaker(tmp_path: Path) -> None:
    xml = """<officiele-publicatie><handelingen><agendapunt><kop><titel>Fietsen</titel></kop><spreekbeurt><spreker>
        <voorvoegsels>Mevrouw</voorvoegsels><naam><achternaam>De Wit</achternaam></naam> (<politiek>ABC</politiek>):
        </spreker><tekst><al>Voorzitter. Ik pleit voor fietspaden.</al></tekst></spreekbeurt></agendapunt></handelingen>
        </officiele-publicatie>"""
    (passage,) = read_bytes(tmp_path, xml.encode()).passages
    assert passage.text == "Voorzitter. Ik pleit voor fietspaden."
    assert passage.label.startswith("Mevrouw De Wit (")


def test_answer_of_an_official_page_has_the_anchor_that_a_link_leads_to(tmp_path: Path) -> None:
    data = as_html().replace(b"<div class='antwoord'>", b"<div class='antwoord'><a id='d16e9'></a>", 1)
    assert [p.anchor for p in read_bytes(tmp_path, data).passages] == ["d16e9", "v2"]


def test_publication_in_xml_is_parted_at_its_headings_and_ends_them_where_they_end(tmp_path: Path) -> None:
    xml = """<officiele-publicatie><metadata><meta name="OVERHEIDop.externMetadataRecord"
        content="https://zoek.officielebekendmakingen.nl/stb-2025-1/metadata.xml"/></metadata>
        <kop><titel>Staatsblad</titel></kop><staatsblad><intitule>Besluit over fietsen</intitule><wet-besluit>
        <aanhef><considerans.al>Gelet op de wet;</considerans.al></aanhef><wettekst>
        <artikel id="a1"><kop><label>Artikel</label><nr>1</nr><titel>Bellen</titel></kop>
        <lid><lidnr>1.</lidnr><al>Een fiets heeft een bel.</al><lijst><li><li.nr>a.</li.nr><al>van metaal;</al></li>
        </lijst></lid></artikel><artikel>
        <kop><label>Artikel</label><nr>2</nr></kop><al>Licht is verplicht.</al></artikel>
        </wettekst><wetsluiting><ondertekening><functie>De Minister,</functie><naam><achternaam>De Boer</achternaam>
        </naam></ondertekening></wetsluiting></wet-besluit></staatsblad></officiele-publicatie>"""
    reading = read_bytes(tmp_path, xml.encode())
    assert (reading.document.document, reading.document.kind) == ("stb-2025-1", "publication")
    assert (reading.document.title, reading.document.number) == ("Besluit over fietsen", "2025, 1")
    assert [(p.label, p.text, p.anchor) for p in reading.passages] == [
        ("inleiding", "Gelet op de wet;", ""),
        ("Artikel 1 Bellen", "1. Een fiets heeft een bel.\na. van metaal;", "a1"),
        ("Artikel 2", "Licht is verplicht.", ""),
        ("slot", "De Minister, De Boer", ""),
    ]
    assert "Staatsblad" not in reading.text


def test_table_repeats_its_headers_in_every_row(tmp_path: Path) -> None:
    cals = """<officiele-publicatie><staatscourant><kop><titel>Tarieven</titel></kop><tekst><table><tgroup cols="3">
        <colspec colname="a"/><colspec colname="b"/><colspec colname="c"/><thead><row><entry>Dienst</entry>
        <entry namest="b" nameend="c">Prijs</entry></row></thead><tbody><row>
        <entry colname="a"><al>Paspoort</al></entry>
        <entry colname="c"><al>€ 70</al></entry></row></tbody></tgroup></table></tekst></staatscourant>
        </officiele-publicatie>"""
    page = """<html><body><h1>Tarieven</h1><table><tr><th>Dienst</th><th colspan="2">Prijs</th></tr>
        <tr><td>Paspoort<td><td>€ 70</table></body></html>"""
    cell = "<w:tc>{}</w:tc>".format
    row = "<w:tr>{}</w:tr>".format
    word = docx(
        paragraph("Tarieven")
        + "<w:tbl>"
        + "<w:tr><w:trPr><w:tblHeader/></w:trPr>"
        + cell(paragraph("Dienst"))
        + cell("<w:tcPr><w:gridSpan w:val='2'/></w:tcPr>" + paragraph("Prijs"))
        + "</w:tr>"
        + row(cell(paragraph("Paspoort")) + cell(paragraph("")) + cell(paragraph("€ 70")))
        + "</w:tbl>"
    )
    for data in (cals.encode(), page.encode(), word):
        assert read_bytes(tmp_path, data).passages[-1].text == "Dienst: Paspoort; Prijs: € 70"


def test_page_keeps_headings_lists_and_anchors_and_leaves_out_what_stands_around(tmp_path: Path) -> None:
    html = """<html><head><title>Paspoort aanvragen - Gemeente</title>
        <link rel="canonical" href="https://www.example.org/paspoort">
        <meta name="DCTERMS.modified" content="2025-02-30">
        <meta name="DCTERMS.issued" content="2025-01-31"></head><body><nav>Home</nav>
        <div class="breadcrumb">U bent hier</div>
        <main><h1>Paspoort</h1><p>U vraagt het aan bij de gemeente.
        <h2 id="kosten">Kosten</h2><p>Dit betaalt u: <ul><li>volwassene 70 euro<li>kind 60 euro</ul>
        <h3><a name="spoed"></a>Spoed</h3><p hidden>geheim</p><p>Dat kan <b>sneller</b>.</p>
        <div style="display: none">geheim</div></main><aside>Lees ook</aside><script>geheim()</script></body></html>"""
    reading = read_bytes(tmp_path, html.encode())
    assert (reading.document.kind, reading.document.title) == ("page", "Paspoort")
    assert (reading.document.url, reading.document.date) == ("https://www.example.org/paspoort", date(2025, 1, 31))
    assert [(p.label, p.context, p.anchor, p.text) for p in reading.passages] == [
        ("inleiding", "", "", "U vraagt het aan bij de gemeente."),
        ("Kosten", "Kosten", "kosten", "Dit betaalt u:\n• volwassene 70 euro\n• kind 60 euro"),
        ("Spoed", "Kosten › Spoed", "spoed", "Dat kan sneller."),
    ]


@pytest.mark.parametrize(
    "data",
    [
        '<html><head><meta charset="windows-1252"></head><body><p>Eén café’s</p></body></html>'.encode("cp1252"),
        b'<?xml version="1.0" encoding="ISO-8859-1"?><html><body><p>E\xe9n caf\xe9\x92s</p></body></html>',
        "<html><body><p>Eén café’s</p></body></html>".encode("utf-16"),
        "<html><body><p>Eén café’s</p></body></html>".encode("cp1252"),
        b"<p>E&eacute;n caf&#233;&rsquo;s</p>",
    ],
)
def test_html_in_any_encoding_declared_or_not_gives_the_same_words(tmp_path: Path, data: bytes) -> None:
    assert read_bytes(tmp_path, data).text == "Eén café’s"


def test_error_page_is_named_as_one(tmp_path: Path) -> None:
    path = tmp_path / "ah-tk-20242025-1.xml"
    path.write_text("<html><head><title>404 - Pagina niet gevonden</title></head><body><h1>Helaas</h1></body></html>")
    with pytest.raises(ReadError) as caught:
        read(path)
    assert caught.value.key == "read.error_page"


def test_word_headings_and_numbers_are_those_that_word_shows(tmp_path: Path) -> None:
    def numbered(level: int) -> str:
        return f"<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='3'/></w:numPr>"

    def numbering(level: int, form: str, text: str) -> str:
        inner = f"<w:start w:val='1'/><w:numFmt w:val='{form}'/><w:lvlText w:val='{text}'/>"
        return f"<w:lvl w:ilvl='{level}'>{inner}</w:lvl>"

    styles = (
        "<w:style w:styleId='Kop2'><w:name w:val='heading 2'/></w:style>"
        "<w:style w:styleId='Mijn'><w:name w:val='Eigen kop'/><w:basedOn w:val='Kop2'/></w:style>"
        "<w:style w:styleId='T'><w:name w:val='Title'/></w:style>"
    )
    levels = numbering(0, "decimal", "%1.") + numbering(1, "lowerLetter", "%1.%2)")
    lists = (
        f"<w:abstractNum w:abstractNumId='0'>{levels}</w:abstractNum>"
        "<w:num w:numId='3'><w:abstractNumId w:val='0'/></w:num>"
    )
    body = (
        paragraph("Fietsbeleid", "<w:pStyle w:val='T'/>")
        + paragraph("Regels", "<w:pStyle w:val='Mijn'/>")
        + paragraph("Rijd rechts.", numbered(0))
        + paragraph("Haal links in.", numbered(1))
        + paragraph("Wacht voor rood.", numbered(0))
        + "<w:p><w:del><w:r><w:delText>Weg</w:delText></w:r></w:del><w:ins><w:r><w:t>Nieuw.</w:t></w:r></w:ins></w:p>"
    )
    reading = read_bytes(tmp_path, docx(body, styles=styles, numbering=lists))
    (passage,) = reading.passages
    assert (reading.document.title, passage.label) == ("Fietsbeleid", "Regels")
    assert passage.text == "1. Rijd rechts.\n1.a) Haal links in.\n2. Wacht voor rood.\nNieuw."


def test_numbered_questions_of_word_get_their_numbers(tmp_path: Path) -> None:
    number = "<w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr>"
    level = "<w:lvl w:ilvl='0'><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl>"
    lists = (
        f"<w:abstractNum w:abstractNumId='0'>{level}</w:abstractNum>"
        "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>"
    )
    body = "".join(
        [
            *(paragraph(text) for text in (CASE, ASKED, ANSWERED)),
            *(paragraph(QUESTIONS[n], number) for n in QUESTIONS),
            *(paragraph(f"Antwoord op vraag {n}: Dat is {n}.") for n in QUESTIONS),
        ]
    )
    reading = read_bytes(tmp_path, docx(body, numbering=lists))
    assert [(p.numbers, p.question, p.answer) for p in reading.passages] == [
        ((n,), QUESTIONS[n], f"Dat is {n}.") for n in QUESTIONS
    ]


def test_kamerstuk_in_xml_is_a_letter_with_its_number_sender_and_sections(tmp_path: Path) -> None:
    xml = """<officiele-publicatie><kamerstuk><kamerstukkop><tekstregel inhoud="vergaderjaar">Vergaderjaar 2024–2025
        </tekstregel></kamerstukkop><dossier><dossiernummer><dossiernr>28 999</dossiernr></dossiernummer>
        <titel>Fietsen in de stad</titel></dossier><stuk><stuknr>Nr. <ondernummer>12</ondernummer></stuknr>
        <titel>BRIEF VAN DE MINISTER VAN INFRASTRUCTUUR EN WATERSTAAT</titel>
        <datumtekst>Den Haag, 3 maart 2025</datumtekst>
        </stuk><algemeen><vrije-tekst><tekst><al>Aan de Voorzitter van de Tweede Kamer der Staten-Generaal</al>
        <al>Hierbij informeer ik uw Kamer over fietsen in de binnenstad.</al></tekst>
        <divisie><kop><nr>1.</nr><titel>Aanleiding</titel></kop><al>Er komen meer fietsen.<noot id="x">
        <noot.nr>1</noot.nr>
        <noot.al>Telling</noot.al></noot></al></divisie><divisie><kop><nr>2.</nr><titel>Vervolg</titel></kop><al>Zie de
        telling.<nootref refid="x"/></al></divisie></vrije-tekst></algemeen></kamerstuk></officiele-publicatie>"""
    reading = read_bytes(tmp_path, xml.encode())
    document = reading.document
    assert (document.document, document.kind, document.number) == ("kst-28999-12", "letter", "28999-12")
    assert (document.date, document.topics) == (date(2025, 3, 3), ("Fietsen in de stad",))
    assert [(p.label, p.text, p.notes) for p in reading.passages][1:] == [
        ("1. Aanleiding", "Er komen meer fietsen.", {"1": "Telling"}),
        ("2. Vervolg", "Zie de telling.", {"1": "Telling"}),
    ]


def test_metadata_beside_a_document_complete_it_and_are_no_document(tmp_path: Path) -> None:
    folder = tmp_path / "ah-tk-20242025-777"
    folder.mkdir()
    rows = {
        "DC.identifier": "ah-tk-20242025-777-n1",
        "OVERHEIDop.vraagnummer": "2025Z09999",
        "OVERHEIDop.datumOntvangst": "2025-03-25",
        "OVERHEIDop.datumIndiening": "2009-02-31",
        "OVERHEID.category": "Verkeer | Weg",
    }
    inner = "".join(f'<metadata name="{name}" scheme="" content="{value}"/>' for name, value in rows.items())
    metadata = folder / "ah-tk-20242025-777-n1.metadata.xml"
    metadata.write_text(f"<metadata_gegevens>{inner}</metadata_gegevens>", encoding="utf-8")
    path = folder / "ah-tk-20242025-777-n1.xml"
    path.write_bytes(as_xml().replace(CASE.encode(), b""))
    (reading,) = read_documents(path, "x.xml", words)
    document = reading.document
    assert (document.document, document.case) == ("ah-tk-20242025-777-n1", "2025Z09999")
    assert (document.asked, document.answered) == (date(2025, 3, 3), date(2025, 3, 25))
    assert document.topics == ("Verkeer", "Weg")
    assert side_files(path) == [metadata]
    assert read_documents(metadata, "m.xml", words) == []


def test_metadata_of_another_document_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    other = '<metadata_gegevens><metadata name="DC.identifier" content="gmb-2025-9"/></metadata_gegevens>'
    (tmp_path / "metadata.xml").write_text(other)
    assert read_bytes(tmp_path, as_xml()).document.document == "ah-tk-20242025-777"
