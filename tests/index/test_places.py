"""Each stretch of a text leads back to its place in the file, and a quote from a PDF to boxes on its page."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.documents import find_files, read_document
from index.places import boxes_of, pack, place_of, unpack
from index.read import read
from index.read.pdf import LINE_END_HYPHEN
from index.values import Place, Places, Reading, Run

TEXT = "Titel van de pagina\n\nDit is een zin die\nverder gaat op de volgende regel. En nog een zin.\n"


def _letters(text: str) -> str:
    """Letters alone: a note mark between two words is a digit that the reading text lacks."""
    return "".join(filter(str.isalpha, text.replace(LINE_END_HYPHEN, "")))


def _reading(path: Path) -> Reading:
    return read_document(path, path.name, lambda text: len(text.split()))


def test_a_quote_over_a_line_end_is_one_place_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "pagina.txt"
    path.write_text(TEXT, encoding="utf-8")
    reading = _reading(path)
    quote = "zin die verder gaat"
    start = reading.text.index(quote)
    [place] = place_of(reading, start, start + len(quote))
    assert TEXT[place.start : place.end] == "zin die\nverder gaat" and place.page is None


def test_words_that_stand_in_no_file_have_no_place() -> None:
    reading = Reading.__new__(Reading)
    object.__setattr__(reading, "places", Places((Run(10, 14, 3),)))
    assert place_of(reading, 0, 10) == [] and place_of(reading, 14, 20) == []
    assert place_of(reading, 0, 12) == [Place(3, 5)]


def test_places_that_are_packed_come_back_as_they_were() -> None:
    places = Places((Run(0, 4, 7), Run(5, 9, 2), Run(30, 31, 900)), (0, 500))
    assert unpack(pack(places)) == places
    assert unpack(pack(Places())) == Places()


@pytest.mark.real
def test_every_passage_of_a_real_document_leads_back_to_its_words(shared: Path) -> None:
    folders = ("seeds", "documents/ah-tk-pdf", "documents/kamerbrief-pdf", "documents/kamervragen-txt")
    for path in find_files([shared / folder for folder in folders]):
        reading, text = _reading(path), read(path).text
        assert unpack(pack(reading.places)) == reading.places
        for passage in reading.passages:
            start = passage.body_start
            places = place_of(reading, start, passage.end)
            pages = reading.places.pages
            there = "".join(
                text[first + place.start : first + place.end]
                for place in places
                for first in [pages[place.page - 1] if place.page else 0]
            )
            body = _letters(passage.body)
            assert len(_letters(there)) >= 0.98 * len(body), passage.passage
            assert _letters(there)[:20] == body[:20] and _letters(there)[-20:] == body[-20:], passage.passage


@pytest.mark.real
def test_a_quote_over_a_page_break_is_marked_on_both_pages(shared: Path) -> None:
    path = next((shared / "documents/ah-tk-pdf").glob("01b2bcad*.pdf"))
    reading = _reading(path)
    start = reading.text.index("momenteel geen additionele")
    places = place_of(reading, start, reading.text.index("wordt jaarlijks vastgesteld", start))
    assert [place.page for place in places] == [1, 2]
    for page, found in boxes_of(path, places).items():
        assert page in (1, 2) and len(found.boxes) == 1 and found.boxes[0]
        for left, bottom, right, top in found.boxes[0]:
            assert 0 < left < right < found.width and 0 < bottom < top < found.height
            assert 5 < top - bottom < 15
