"""What a server gives for a document is looked at before it is kept: anything else is refused by its name."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from eval.fetch_documents import Published, as_html, as_pdf, as_xml
from index.documents import read_document
from index.errors import FetchError, ReadError
from index.fetch.bodies import refuse_no_document
from index.fetch.download import pack_reason, say_reason
from index.fetch.hosts import shown
from index.fetch.values import Form
from index.language import LANGUAGES

ONE = Published(9)
URL = "https://zoek.officielebekendmakingen.nl/x"


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("form", "body", "suffix"),
    [
        ("xml", as_xml(ONE), ".xml"),
        ("html", as_html(ONE), ".html"),
        ("pdf", as_pdf(ONE), ".pdf"),
        ("json", b'{"question": "x"}', ".json"),
        ("any", as_pdf(ONE), ".pdf"),
        ("any", zipped(**{"../../brief.txt": b"Een brief over de dijk."}), ".zip"),
        ("any", b"Zo maar een tekst.", ".txt"),
    ],
)
def test_a_document_of_its_form_is_let_through(form: Form, body: bytes, suffix: str) -> None:
    assert refuse_no_document(form, body, URL) == suffix


def publication(inner: bytes, head: bytes = b"") -> bytes:
    return b"<?xml version='1.0'?>" + head + b"<officiele-publicatie>" + inner + b"</officiele-publicatie>"


LAUGHS = publication(b"<al>&b;</al>", b"<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]>")
OUTSIDE = publication(b"<al>&a;</al>", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>")
DEEP = publication(b"<al>" * 5000 + b"x" + b"</al>" * 5000)


@pytest.mark.parametrize(
    ("form", "body", "key"),
    [
        ("xml", b"  \n", "fetch.empty"),
        ("xml", as_html(ONE), "fetch.error_page"),
        ("xml", b"<?xml version='1.0'?><html><body><p>Storing</p></body></html>", "fetch.error_page"),
        ("xml", as_pdf(ONE), "fetch.wrong_type"),
        ("xml", as_xml(ONE)[:-30], "fetch.garbled"),
        ("xml", LAUGHS, "fetch.garbled"),
        ("xml", OUTSIDE, "fetch.garbled"),
        ("xml", DEEP, "fetch.garbled"),
        ("xml", publication(b"<kamervragen/>"), "fetch.empty_record"),
        ("xml", b"<r><diagnostics><message>m</message></diagnostics></r>", "fetch.diagnostics"),
        ("html", as_html(ONE)[:-40], "fetch.cut"),
        ("html", b"<html><head><title>404</title></head><body>Niet gevonden</body></html>", "fetch.error_page"),
        ("html", b"<html><body></body></html>", "fetch.empty"),
        ("pdf", as_pdf(ONE)[:-300], "fetch.cut"),
        ("pdf", as_html(ONE), "fetch.error_page"),
        ("docx", b"PK\x03\x04 half", "fetch.garbled"),
        ("docx", as_pdf(ONE), "fetch.wrong_type"),
        ("json", b'{"half": ', "fetch.garbled"),
        ("any", zipped(groot=b" " * 80_000_000), "fetch.garbled"),
        ("any", gzip.compress(b"x"), "fetch.garbled"),
        ("any", b"\x89PNG\r\n\x1a\n", "fetch.garbled"),
    ],
)
def test_what_is_no_document_is_refused_by_name(form: Form, body: bytes, key: str) -> None:
    with pytest.raises(FetchError) as refused:
        refuse_no_document(form, body, URL)
    assert refused.value.key == key
    for language in LANGUAGES:
        told = say_reason(pack_reason(refused.value), language)
        assert told == refused.value.say(language) or "reason" in refused.value.fields
        assert "{" not in told


def test_a_reason_is_kept_with_the_reason_inside_it() -> None:
    error = FetchError("fetch.garbled", url=URL, reason=ReadError("read.broken_xml", file="x", line=3))
    assert (
        say_reason(pack_reason(error), "en")
        == f"{URL} cannot be read (x is not valid XML (line 3). Supply the file again.)."
    )
    assert say_reason('{"key": "fetch.of_later_times"}', "en") == "fetch.of_later_times"
    assert say_reason(json.dumps({"key": "fetch.impossible_date"}), "nl").startswith("De datum")
    assert say_reason("fetch.impossible_date", "nl").startswith("De datum")
    assert say_reason("", "nl") == ""


def test_words_of_a_server_cannot_steer_a_terminal() -> None:
    assert shown("\x1b[2Jweg\r\n\u202e") == "?[2Jweg???"
    assert len(shown("x" * 5000)) < 400


def test_an_identifier_in_capitals_is_the_same_document_in_every_form(tmp_path: Path) -> None:
    shouted = as_html(ONE).replace(ONE.identifier.encode(), ONE.identifier.upper().encode())
    path = tmp_path / "document.html"
    path.write_bytes(shouted)
    assert read_document(path, path.name, len).document.document == ONE.identifier
