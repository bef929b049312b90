"""Files made to break, hang, fill or mislead a reader: each ends in one clear sentence, in bounded time."""

from __future__ import annotations

import io
import socket
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents import read_document, read_documents
from index.errors import ReadError
from index.read.archive import Archive
from index.read.html import parse_html
from index.read.sniff import sniff

SECONDS = 60.0  # for one hostile file of a few megabytes, on a very busy machine; a hang takes hours
TEXT = "De raad besluit.\n\nHet besluit gaat in op 1 mei."


def words(text: str) -> int:
    return len(text.split())


def zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members:
            file.writestr(name, data)
    return buffer.getvalue()


def refusal(tmp_path: Path, data: bytes) -> str:
    path = tmp_path / "vreemd.bestand"
    path.write_bytes(data)
    started = time.monotonic()
    with pytest.raises(ReadError) as caught:
        read_document(path, path.name, words)
    assert time.monotonic() - started < SECONDS
    assert "vreemd.bestand" in str(caught.value)
    return caught.value.key


LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
BOMB = f'<?xml version="1.0"?><!DOCTYPE officiele-publicatie [<!ENTITY l0 "ha">{LAUGHS}]><officiele-publicatie>&l9;'
OUTSIDE = '<!DOCTYPE officiele-publicatie [<!ENTITY x SYSTEM "file:///etc/passwd">]><officiele-publicatie>&x;'
PARAMETER = (
    '<!DOCTYPE officiele-publicatie [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]><officiele-publicatie>'
)
END = "</officiele-publicatie>"


@pytest.mark.parametrize("xml", [BOMB, OUTSIDE, PARAMETER])
def test_entities_are_refused_before_they_cost_anything(tmp_path: Path, xml: str) -> None:
    assert refusal(tmp_path, (xml + END).encode()) == "read.entities"


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"<?xml version='1.0'?>" + b"<al>" * 100_000, "read.too_deep"),
        (b"<?xml version='1.0'?><al>" + b"<al/>" * 600_000 + b"</al>", "read.too_many"),
        (b"<?xml version='1.0'?><al>half", "read.broken_xml"),
        (b"<?xml version='1.0' encoding='raar'?><al>x</al>", "read.encoding"),
        (b"<html><body>" + b"<p>" * 700_000, "read.too_many"),
        (b"<html><body><script>alert('x')</script></body></html>", "read.empty"),
    ],
)
def test_markup_without_end_or_bottom_is_refused(tmp_path: Path, data: bytes, key: str) -> None:
    assert refusal(tmp_path, data) == key


@pytest.mark.parametrize(
    "piece",
    [
        "<!--",
        "<!",
        "<?",
        "<",
        "</",
        "<a ",
        "<a b='",
        '<a b="x',
        "<a/",
        "<![CDATA[",
        "<script>",
        "<title>",
        "&",
        "<li><ul>",
    ],
)
def test_html_costs_time_in_proportion_to_its_length(piece: str) -> None:
    started = time.monotonic()
    parse_html(piece * (400_000 // len(piece)) + ">", "x")
    assert time.monotonic() - started < SECONDS


def test_deep_html_is_read_without_losing_words(tmp_path: Path) -> None:
    path = tmp_path / "diep.html"
    path.write_text("<html><body>" + "<div>" * 100_000 + "<p>De raad besluit.</p><p>Morgen.</p>")
    assert read_document(path, "diep.html", words).text.split() == ["De", "raad", "besluit.", "Morgen."]


def test_megabyte_lines_are_read_and_cut(tmp_path: Path) -> None:
    path = tmp_path / "lang.html"
    path.write_text("<p>" + "De raad besluit over de brug. " * 40_000 + "</p>")
    reading = read_document(path, "lang.html", words)
    assert len(reading.passages) > 100
    assert all(words(passage.text) < 1000 for passage in reading.passages)


@pytest.mark.parametrize(
    "text",
    [
        "Kop\n\n" + "a" * 1_000_000 + "-\nslot.\n",
        "Vragen van het lid Maas (BBB) aan de minister van A over " * 10_000,
        "vraag;antwoord\n" + "Wie?;Ik.\n" * 30_000,
    ],
    ids=["long word", "endless head", "one question over and over"],
)
def test_text_costs_time_in_proportion_to_its_length(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lang.txt"
    path.write_text(text, encoding="utf-8")
    started = time.process_time()
    assert read_document(path, path.name, words).passages
    assert time.process_time() - started < SECONDS / 2


def test_bomb_in_an_archive_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    assert refusal(tmp_path, zipped(("groot.txt", b"0" * 60_000_000))) == "read.zip_bomb"


def test_refused_members_of_an_archive_hold_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "map.zip"
    path.write_bytes(zipped(*((f"{n}.txt", b"0" * 9_000_000) for n in range(20))))
    tracemalloc.start()
    with pytest.raises(ReadError):
        read_documents(path, path.name, words)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * 9_000_000


def test_page_is_a_page_whatever_stands_before_it(tmp_path: Path) -> None:
    path = tmp_path / "pagina.html"
    path.write_text(f"{'(' * 20_000}<html><script>geheim()</script><p>De brug gaat open.</p></html>", encoding="utf-8")
    assert "geheim" not in read_document(path, path.name, words).text


def test_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    data = bytearray(zipped(("groot.txt", b"0" * 60_000_000)))
    for start in (data.find(b"PK\x03\x04") + 22, data.find(b"PK\x01\x02") + 24):
        data[start : start + 4] = (100).to_bytes(4, "little")
    assert refusal(tmp_path, bytes(data)) in ("read.zip_bomb", "read.broken_zip")


def test_archives_in_archives_end_somewhere(tmp_path: Path) -> None:
    data = zipped(("a.txt", TEXT.encode()))
    for _ in range(10):
        data = zipped(("binnen.zip", data))
    assert refusal(tmp_path, data) == "read.nested_zip"


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"PK\x03\x04 en verder niets", "read.broken_zip"),
        (zipped(("a.txt", b"x" * 5000))[:-40], "read.broken_zip"),
        (zipped(("mimetype", b"application/epub+zip")), "read.unknown_kind"),
        (zipped(("ppt/presentation.xml", b"<p/>")), "read.unknown_kind"),
        (zipped(("word/document.xml", b"<w")), "read.broken_xml"),
    ],
)
def test_broken_or_other_archive_is_named(tmp_path: Path, data: bytes, key: str) -> None:
    assert refusal(tmp_path, data) == key


def test_members_of_an_archive_are_documents_and_bad_ones_are_warnings(tmp_path: Path) -> None:
    path = tmp_path / "alles.zip"
    side = b'<metadata_gegevens><metadata name="DC.identifier" content="stb-2025-1"/></metadata_gegevens>'
    law = b"<officiele-publicatie><staatsblad><intitule>Wet</intitule><al>De wet geldt.</al></staatsblad>"
    path.write_bytes(
        zipped(
            ("map/brief.txt", TEXT.encode()),
            ("map/.verborgen", b"geheim"),
            ("__MACOSX/map/brief.txt", b"geheim"),
            ("map/plaatje.png", b"\x89PNG...."),
            ("stb-2025-1/metadata.xml", side),
            ("stb-2025-1/publicatie.xml", law + b"</officiele-publicatie>"),
        )
    )
    readings = read_documents(path, "post/alles.zip", words)
    assert [(r.document.source, r.document.kind) for r in readings] == [
        ("post/alles.zip!/map/brief.txt", "page"),
        ("post/alles.zip!/stb-2025-1/publicatie.xml", "publication"),
    ]
    assert readings[1].document.document == "stb-2025-1"
    (warning,) = readings[0].warnings
    assert "alles.zip!/map/plaatje.png" in warning


@pytest.mark.parametrize("name", ["../../weg.txt", "/etc/weg.txt", "C:\\weg.txt", "..\\..\\weg.txt", "a\x07/weg.txt"])
def test_name_in_an_archive_leads_nowhere(tmp_path: Path, name: str) -> None:
    path = tmp_path / "diep" / "slip.zip"
    path.parent.mkdir()
    path.write_bytes(zipped((name, TEXT.encode())))
    before = sorted(tmp_path.rglob("*"))
    (reading,) = read_documents(path, "slip.zip", words)
    place = reading.document.source.removeprefix("slip.zip!/")
    assert ".." not in place.split("/")
    assert not place.startswith("/")
    assert sorted(tmp_path.rglob("*")) == before


def test_nothing_in_a_document_reaches_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a document opened a connection")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    path = tmp_path / "vreemd.html"
    path.write_text(
        '<!DOCTYPE html SYSTEM "http://example.org/x.dtd"><html><head><link rel="stylesheet" href="http://example.org">'
        '<base href="http://example.org"></head><body><img src="http://example.org/a.png">'
        '<iframe src="http://example.org"></iframe>'
        "<p>De raad besluit.</p></body></html>"
    )
    assert read_document(path, "x", words).text == "De raad besluit."
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE officiele-publicatie SYSTEM "http://example.org/x.dtd"><officiele-publicatie '
        'xsi="http://example.org/x.xsd"><gemeenteblad><al>De raad&nbsp;besluit.</al></gemeenteblad>' + END
    )
    assert read_document(path, "x", words).text == "De raad besluit."


@settings(max_examples=150)
@given(st.data())
def test_damaged_file_is_read_or_refused_but_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = data.draw(st.sampled_from(SOUND))
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    put = data.draw(
        st.binary(max_size=12) | st.sampled_from([b"<", b"</al>", b"&x;", b"\x00", b"<div><table>", b"]]>"])
    )
    path = tmp_path_factory.getbasetemp() / "beschadigd"
    path.write_bytes(whole[:start] + put + whole[end:])
    try:
        readings = read_documents(path, "x", words)
    except ReadError:
        return
    for reading in readings:
        for passage in reading.passages:
            assert reading.text[passage.start : passage.end] == passage.text
            assert reading.text[passage.body_start :].startswith(passage.body)


SOUND = [
    b"<officiele-publicatie><kamervragen><vraag><nr>Vraag 1</nr><al>Mag dat?<noot><noot.al>x</noot.al></noot></al>"
    b"</vraag><antwoord><nr>Antwoord 1</nr><al>Ja.</al><table><tgroup><tbody><row><entry>a</entry></row>"
    b"</tbody></tgroup></table></antwoord></kamervragen></officiele-publicatie>",
    b"<html><body><h1>Regels</h1><ul><li>een</ul><table><tr><th>a<th>b<tr><td>1<td>2</table><h2 id=x>Kop</h2><p>Tekst."
    b"<div class='vraag'><h2>Vraag 1</h2>Mag dat?</div></body></html>",
    b'[{"question": "Mag dat?", "answer": "<p>Ja.</p>"}]',
    b'vraag;antwoord\n"Mag dat?";"Ja."\n',
    zipped(("word/document.xml", b"<document><body><p><r><t>De raad besluit.</t></r></p></body></document>")),
    zipped(("a.txt", TEXT.encode()), ("b.html", b"<p>Een brug.</p>")),
]


def test_kind_of_a_file_is_known_by_its_content() -> None:
    kinds = {
        b"%PDF-1.7": "pdf",
        b"PK\x03\x04": "zip",
        b"\xef\xbb\xbf<?xml version='1.0'?><al/>": "xml",
        b"<?xml version='1.0'?><!DOCTYPE html><html>": "html",
        b"<!-- x --><html>": "html",
        b"<div>Tekst</div>": "html",
        b"<div>Tekst</div>\n\n# Kop\n\nMarkdown": "text",
        "<kamerstuk></kamerstuk>".encode("utf-16"): "xml",
        b'{"vraag": "x"}': "json",
        b"[verslag] van de raad": "text",
        b"<sup>1</sup": "text",
        b"1 < 2 en 3 > 2": "text",
    }
    assert {data: sniff(data) for data in kinds} == kinds


def test_archive_stops_at_what_all_members_may_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.read.archive.TOTAL", 5000)
    archive = Archive(zipped(("a", b"a" * 3000), ("b", b"b" * 3000)), "x.zip")
    assert archive.read("a") == b"a" * 3000
    with pytest.raises(ReadError) as caught:
        archive.read("b")
    assert caught.value.key == "read.too_large"
