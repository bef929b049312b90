"""What holds for every real document beside the project."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from index.chunk import cut
from index.documents import find_files, read_document
from index.read import read
from index.read.pdf import LINE_END_HYPHEN
from index.recognise import recognise
from index.tokens import bundled
from index.values import Reading

pytestmark = pytest.mark.real

FOLDERS = ("seeds", "documents/ah-tk-pdf", "documents/kamervragen-txt", "documents/kamerbrief-pdf")
FURNITURE = re.compile(
    r"ISSN 0921|Tweede Kamer, vergaderjaar \d{4}–\d{4}, (?:Aanhangsel|Vragen) \d*$|^’s-Gravenhage \d{4}|"
    r"^(?:ah|kv)-tk-\S+$|Pagina \d+ van \d+|^Kenmerk\b|^(?:Vraag|Antwoord) \d",
    re.MULTILINE,
)
WORD = re.compile(r"[^\W_]+")
MARKUP = re.compile(r"</?sup>|\]\(\S*?\)")  # a link's target repeats its words


@cache
def all_readings(shared: Path) -> tuple[Reading, ...]:
    files = find_files([shared / folder for folder in FOLDERS])
    return tuple(read_document(path, str(path), bundled().count) for path in files)


@pytest.fixture(scope="module")
def readings(shared: Path) -> tuple[Reading, ...]:
    return all_readings(shared)


def test_every_document_is_understood_as_what_it_is(readings: tuple[Reading, ...]) -> None:
    kinds: dict[str, int] = {}
    for reading in readings:
        kinds[reading.document.kind] = kinds.get(reading.document.kind, 0) + 1
    assert kinds == {"answer": 35, "questions": 18, "postponement": 2, "oral": 3, "letter": 3, "page": 1}


def test_every_passage_is_exactly_its_span(readings: tuple[Reading, ...]) -> None:
    for reading in readings:
        for passage in reading.passages:
            assert reading.text[passage.start : passage.end] == passage.text != ""
            if passage.answer is not None and passage.answer_start is not None:
                end = passage.answer_start + len(passage.answer)
                assert reading.text[passage.answer_start : end] == passage.answer != ""
                assert passage.start <= passage.answer_start and end <= passage.end
            assert all(note in reading.text for note in passage.notes.values())


def test_no_furniture_and_no_heading_is_left_in_a_passage(readings: tuple[Reading, ...]) -> None:
    for reading in readings:
        for passage in reading.passages:
            assert not FURNITURE.search(passage.text), (passage.passage, FURNITURE.search(passage.text))


def test_question_numbers_are_complete_and_each_is_answered_once(readings: tuple[Reading, ...]) -> None:
    for reading in readings:
        firsts = [passage for passage in reading.passages if not re.search(r"\.\d+$", passage.passage)]
        numbers = sorted(number for passage in firsts for number in passage.numbers)
        assert numbers == list(range(1, len(numbers) + 1)), reading.document.source
        if reading.document.kind == "answer":
            assert all(passage.answer for passage in reading.passages if passage.numbers)


def test_references_lead_to_questions_of_the_same_document(readings: tuple[Reading, ...]) -> None:
    for reading in readings:
        known = {number for passage in reading.passages for number in passage.numbers}
        for passage in reading.passages:
            assert set(passage.refers_to) <= known - set(passage.numbers)
    assert not [warning for reading in readings for warning in reading.warnings]


def test_identifiers_are_official_and_each_document_has_its_own(readings: tuple[Reading, ...]) -> None:
    names = [reading.document.document for reading in readings]
    assert len(set(names)) == len(names)
    for reading in readings:
        document = reading.document
        if document.kind in {"answer", "questions", "postponement", "oral"}:
            assert re.fullmatch(r"ah-tk-\d{8}-\d+|kv-tk-\d{4}Z\d{5}", document.document)
            assert document.url == f"https://zoek.officielebekendmakingen.nl/{document.document}.html"
            assert document.date is not None and document.title and document.number
            assert document.askers or document.document.startswith("ah-tk-20242025-6")  # Word files name no asker


def test_pieces_keep_to_the_budget_but_for_a_long_question(readings: tuple[Reading, ...]) -> None:
    count = bundled().count
    for reading in readings:
        for passage in reading.passages:
            assert count(passage.body) <= 400, passage.passage


def test_no_word_of_a_source_is_lost_and_each_leads_back_to_its_place(shared: Path) -> None:
    for path in find_files([shared / folder for folder in FOLDERS]):
        source = read(path)
        draft = recognise(source)
        done = cut(draft, "document", len)
        left = list(source.text)
        for run in done.runs:
            length = run.end - run.start
            here = source.text[run.at : run.at + length].replace(LINE_END_HYPHEN, "-")
            assert here == done.text[run.start : run.end], path
            left[run.at : run.at + length] = " " * length
        headings = (part.heading for part in draft.parts)
        marks = (mark for part in draft.parts for p in (*part.question, *part.body) for _, mark in p.marks)
        known = Counter(WORD.findall(" ".join((*draft.removed, *headings, *marks, *(n.mark for n in draft.notes)))))
        lost = Counter(WORD.findall(MARKUP.sub(" ", "".join(left)))) - known
        assert not lost, (path, lost)


def test_ministry_letter_is_parted_at_its_headings_without_its_margin(readings: tuple[Reading, ...]) -> None:
    letter = next(reading for reading in readings if reading.document.title == "Verzamelbrief luchtvaart")
    labels = list(dict.fromkeys(passage.label for passage in letter.passages))
    assert labels == [
        "inleiding",
        "1. Registratiekosten voor drone-exploitanten in andere EU-landen",
        "2. Controles door de Nederlandse Arbeidsinspectie (NLA) en de Inspectie Leefomgeving en Transport (ILT)",
        "3. Tiende update zomerdrukte Schiphol",
        "4. Verbod korte vluchten Benelux",
        "Benelux",
        "EU-recht",
        "EU-verordening 1008/2008",
        "(Bilaterale en EU) luchtvervoerverdragen met derde landen",
        "Conclusie",
    ]
    assert sorted({int(mark) for passage in letter.passages for mark in passage.notes}) == list(range(1, 14))
    assert "IENW/BSK" not in letter.text and "motie van kamerlid De Hoop over periodieke" in letter.text
