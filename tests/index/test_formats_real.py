"""The real official files beside the project: what each is, its parts, and every word in its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from index.documents import read_documents
from index.tokens import bundled

# document, number of parts (pieces of one part count once), the first and the last label
EXPECTED = {
    "bgr.xml": ("bgr-2024-715", 10, "inleiding", "Bijlage 1 bij"),
    "bwb_toestand_3.xml": ("BWBR0003984", 5, "inleiding", "slot"),
    "cvdr_example1.xml": ("CVDR112779", None, "alinea", "alinea"),
    "gmb.html": ("gmb-2017-100007", None, "alinea", "alinea"),
    "gmb.xml": ("gmb-2017-100002", None, "alinea", "alinea"),
    "prb.xml": ("prb-2017-1003", 4, "Neerzeldertseweg 4", "Informatie"),
    "stb.html": ("stb-2014-296", 4, "inleiding", "NOTA VAN TOELICHTING"),
    "stb.xml": ("stb-2018-84", 5, "inleiding", "slot"),
    "stcrt.html": ("stcrt-2013-10981", 4, "inleiding", "Zienswijzen"),
    "stcrt.xml": ("stcrt-2015-47076", 1, "inleiding", "inleiding"),
}
SIDE_FILES = {"opmeta1.xml", "opmeta2.xml", "searchrec.xml"}


@pytest.mark.real
@pytest.mark.parametrize("name", EXPECTED)
def test_official_publication_is_parted_as_a_reader_would(shared: Path, name: str) -> None:
    document, parts, first, last = EXPECTED[name]
    (reading,) = read_documents(shared / "documents" / "koop" / name, name, bundled().count)
    assert (reading.document.document, reading.document.kind) == (document, "publication")
    assert reading.document.title
    labels = [passage.label for passage in reading.passages]
    assert parts is None or len(set(labels)) == parts
    assert labels[0].startswith(first)
    assert labels[-1].startswith(last)
    assert reading.warnings == ()
    for passage in reading.passages:
        assert reading.text[passage.start : passage.end] == passage.text


@pytest.mark.real
def test_side_files_are_no_documents_and_no_errors(shared: Path) -> None:
    for name in SIDE_FILES:
        assert read_documents(shared / "documents" / "koop" / name, name, bundled().count) == []


@pytest.mark.real
@pytest.mark.parametrize("name", ["stb.xml", "stcrt.xml", "gmb.xml", "prb.xml", "bgr.xml", "bwb_toestand_3.xml"])
def test_every_word_of_an_official_xml_is_in_its_text(shared: Path, name: str) -> None:
    xml = (shared / "documents" / "koop" / name).read_text(encoding="utf-8-sig")
    xml = re.sub(r"<meta-data>.*?</meta-data>|<\?.*?\?>", " ", xml, flags=re.DOTALL)
    xml = re.sub(r"<officiele-publicatie.*?</kop>|<citeertitel.*?</citeertitel>", " ", xml, count=1, flags=re.DOTALL)
    source = re.sub(r"<[^>]*>", "", re.sub(r"</(?:al|entry|li.nr|titel|lidnr|label|nr|functie|voornaam)>", " ", xml))
    (reading,) = read_documents(shared / "documents" / "koop" / name, name, bundled().count)
    there = set(re.findall(r"\w+", reading.text))
    lost = [word for word in re.findall(r"\w+", source.replace("&amp;", "&")) if word not in there]
    assert lost == []
