"""The folder of training texts goes in; laws cut into sections, and questions with their answers, come out.

Knows the three files it reads and how Belgian members of parliament number their questions; knows no words.
"""

from __future__ import annotations

import csv
import json
import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SENTENCE = re.compile(r'(?<=[.?!;:])\s+(?=[A-Z«"\d])|(?<=[a-z][.?!])(?=[A-Z])|\n+')
_NUMBER = re.compile(r'(?<![\d.,/])(\d{1,2})\.(?:\s*(?:tot(?: en met)?|t/m|en|,|-)\s*(\d{1,2})\.)?(?=\s*[A-Za-z"(«])')
# An answer that only says that the answer was sent by post teaches nothing.
_SENT_ELSEWHERE = re.compile(r"verwijs het geachte lid|rechtstreeks toegestuurd|ter inzage bij de griffie")
_BARE_HEADING = re.compile(r"(?:Artikel|Hoofdstuk|Afdeling|Paragraaf|§|Titel)\s*[\dIVX.a-z:]*$")
_NEW_CHAPTER = ("Hoofdstuk", "Afdeling", "Titel", "Paragraaf", "§")
_MOST_NUMBERS = 40


@dataclass(frozen=True, slots=True)
class Section:
    """The sentences of one article of a law, or of one question or answer, and the heading above them."""

    sentences: tuple[str, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts on one matter; `kind` says how they belong together."""

    kind: str
    query: str
    passage: str


def law_sections(folder: Path) -> Iterator[Section]:
    """Yield every article of `laws.txt.xz` that holds more than a line, under the last heading that says something."""
    with lzma.open(folder / "laws.txt.xz", "rt", encoding="utf-8") as file:
        laws = file.read().split("\f")
    for law in laws:
        yield from _sections(law.split("\n"))


def belgian_texts(folder: Path) -> Iterator[Section]:
    """Yield the questions and answers of both Belgian files as running text."""
    for row in _rows(folder / "belgian-questions-2017.jsonl"):
        yield Section((row["title"], *_sentences(row["question"])), row["title"])
        if _says_something(row["answer"], 500):
            yield Section((row["title"], *_sentences(row["answer"])), row["title"])
    for row in _rows(folder / "belgian-questions-2020.jsonl"):
        yield Section(tuple(_sentences(row["nl"])))


def belgian_pairs(folder: Path) -> Iterator[Pair]:
    """Yield title, question and answer of each row paired, and each numbered question with its numbered answer."""
    for row in _rows(folder / "belgian-questions-2017.jsonl"):
        title, question, answer = row["title"], row["question"], row["answer"]
        yield Pair("title-question", title, question)
        if len(answer) > 150 and _says_something(answer, 500):
            yield Pair("title-answer", title, answer)
            yield Pair("question-answer", question, answer)
        answers = numbered(answer)[1]
        yield from _introduced(question)
        for number, asked in numbered(question)[1].items():
            answered = answers.get(number, "")
            if len(answered) > 100 and _says_something(answered, 300):
                yield Pair("part", asked, answered)
                yield Pair("titled-part", f"{title} {asked}", answered)
    for row in _rows(folder / "belgian-questions-2020.jsonl"):
        yield from _introduced(row["nl"])


def sick_pairs(folder: Path) -> Iterator[Pair]:
    """Yield the sentence pairs of SICK-NL that say the same, or nearly."""
    with (folder / "sick-nl.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            label, score = row["entailment_label"], float(row["relatedness_score"])
            if label == "ENTAILMENT" or (score >= 4.2 and label != "CONTRADICTION"):
                yield Pair("same", row["sentence_A"], row["sentence_B"])


def numbered(text: str) -> tuple[str, dict[int, str]]:
    """Return what stands before "1.", and the text under each number; "2. en 3." gives both the same text."""
    marks: list[tuple[int, int, int, int]] = []
    expected = 1
    for found in _NUMBER.finditer(text):
        first, last = int(found[1]), int(found[2] or found[1])
        if first == expected and first <= last < _MOST_NUMBERS:
            marks.append((first, last, found.start(), found.end()))
            expected = last + 1
    if not marks:
        return text, {}
    ends = [mark[2] for mark in marks[1:]] + [len(text)]
    parts = {
        number: text[start:end].strip()
        for (first, last, _, start), end in zip(marks, ends, strict=True)
        for number in range(first, last + 1)
    }
    return text[: marks[0][2]], parts


def _introduced(question: str) -> Iterator[Pair]:
    introduction, parts = numbered(question)
    if len(introduction) > 100:
        for part in parts.values():
            yield Pair("introduction", part, introduction)


def _says_something(answer: str, short: int) -> bool:
    return len(answer) >= short or not _SENT_ELSEWHERE.search(answer)


def _sections(lines: list[str]) -> Iterator[Section]:
    heading, sentences, titled = "", list[str](), False
    for line in (line.strip() for line in lines):
        if not line.startswith("#"):
            sentences += _sentences(line)
            continue
        found = line.strip("# ").strip()
        if not titled:
            titled = True
            continue
        if sum(map(len, sentences)) > 80:
            yield Section(tuple(sentences), heading)
        sentences = []
        if len(found) > 12 and not _BARE_HEADING.match(found):
            heading = found
        elif found.startswith(_NEW_CHAPTER):
            heading = ""
    if sum(map(len, sentences)) > 80:
        yield Section(tuple(sentences), heading)


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE.split(text) if len(part.strip()) > 3]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
