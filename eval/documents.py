"""Documents: readings are held against a ground truth made by reading, line by line of a JSONL file.

A line names a file and what a reader finds in it: fields, question groups, and the first and last words of each
question, answer and section. Boundaries compare letters and digits alone, so that a space or hyphen at a line's end
counts for nothing while one word too many or too few does. A file that is not there is wrong in everything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PurePath
from typing import Any

from eval.measures import Measure, proportion
from eval.questions import QuestionsError
from index.values import Document, Passage, Reading

TRUTH = Path(__file__).parent / "data" / "documents-truth.jsonl"
TARGETS = {"groups": 1.0, "answers": 0.99, "questions": 0.99, "sections": 0.99, "fields": 0.99, "references": 0.99}
_PLAIN = ("document", "kind", "case", "number")
_DAYS = ("date", "asked", "answered")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was held against the truth: what `measure` it counts for and what was read."""

    file: str
    measure: str
    what: str
    expected: object
    found: object
    right: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """The passages of one question group or section, put together again."""

    label: str
    numbers: tuple[int, ...]
    question: str | None
    answer: str | None
    text: str
    refers_to: tuple[int, ...]


def load_truth(path: Path = TRUTH) -> list[dict[str, Any]]:
    """Read a truth file; the first line that is no truth of a document is a `QuestionsError` that names it."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError("eval.file", file=path, reason=error) from error
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            row["file"], row["parts"] = str(row["file"]), list(row["parts"])
        except (ValueError, KeyError, TypeError) as error:
            raise QuestionsError("eval.line", file=path, line=number) from error
        rows.append(row)
    if not rows:
        raise QuestionsError("eval.no_questions", file=path)
    return rows


def check(truth: Iterable[dict[str, Any]], readings: Iterable[Reading]) -> list[Check]:
    """Hold readings against the truth; a reading belongs to the file whose name is among its sources."""
    by_file: dict[str, Reading] = {}
    for reading in readings:
        for source in {reading.document.source, *reading.document.sources}:
            by_file[PurePath(source).name] = reading
    return [found for row in truth for found in _checks(row, by_file.get(row["file"]))]


def measures(checks: Sequence[Check]) -> list[Measure]:
    """Return the share that is right of each kind of check."""
    return [proportion(name, [c.right for c in checks if c.measure == name]) for name in TARGETS]


def _checks(row: dict[str, Any], reading: Reading | None) -> list[Check]:
    file = row["file"]
    parts = _parts(reading) if reading else []
    expected = [tuple(part["numbers"]) for part in row["parts"] if "numbers" in part]
    found = [part.numbers for part in parts if part.numbers]
    checks = [Check(file, "groups", "groups", expected, found, reading is not None and expected == found)]
    for name, value in _fields(row).items():
        read = _field(reading.document, name) if reading else "?"
        checks.append(Check(file, "fields", name, value, read, _same(name, value, read)))
    for wanted in row["parts"]:
        checks += _part_checks(file, wanted, parts)
    return checks


def _part_checks(file: str, wanted: dict[str, Any], parts: Sequence[_Part]) -> list[Check]:
    numbers = tuple(wanted.get("numbers", ()))
    name = f"vraag {numbers}" if numbers else wanted.get("label", "")
    found = [part for part in parts if part.numbers == numbers and name in (f"vraag {numbers}", part.label, "")]
    part = found[0] if found else None
    checks = []
    for key, measure in (("question", "questions"), ("answer", "answers"), ("text", "sections")):
        if key in wanted and wanted[key] is not None:
            read = (getattr(part, key) if part else None) or ""
            right = _ends(read, wanted[key])
            checks.append(Check(file, measure, name, wanted[key], (read[:40], read[-40:]), right))
    if "answer" in wanted:
        said = tuple(sorted(part.refers_to)) if part else ("?",)
        right = said == tuple(wanted["refers_to"])
        checks.append(Check(file, "references", name, wanted["refers_to"], said, right))
    return checks


def _parts(reading: Reading) -> list[_Part]:
    """Put the pieces of long answers and sections together again, in reading order."""
    if all(passage.label.startswith("alinea") for passage in reading.passages):  # running text is one section
        return [_joined(reading.text, list(reading.passages), label="")]
    runs = groupby(reading.passages, key=lambda passage: (passage.numbers, passage.label))
    return [_joined(reading.text, list(pieces), label=label) for (_, label), pieces in runs]


def _joined(text: str, pieces: Sequence[Passage], label: str) -> _Part:
    first, last = pieces[0], pieces[-1]
    begins = next((piece.answer_start for piece in pieces if piece.answer_start is not None), None)
    question_end = last.end if begins is None else begins
    return _Part(
        label,
        first.numbers,
        text[first.start : question_end] if first.numbers else None,
        None if begins is None else text[begins : last.end],
        text[first.start : last.end],
        first.refers_to,
    )


def _fields(row: dict[str, Any]) -> dict[str, Any]:
    names = (*_PLAIN, *_DAYS, "askers", "answered_by", "topics", "title")
    return {name: row[name] for name in names if name in row and not (name == "title" and row[name] is None)}


def _field(document: Document, name: str) -> object:
    if name in _DAYS:
        day = getattr(document, name)
        return day.isoformat() if day else None
    if name == "askers":
        return [[asker.name, asker.party] for asker in document.askers]
    if name == "answered_by":
        return [[who.name, who.role, who.department] for who in document.answered_by]
    return list(document.topics) if name == "topics" else getattr(document, name)


def _same(name: str, expected: Any, read: object) -> bool:
    return _ends(str(read), expected) if name == "title" else expected == read


def _ends(text: str, ends: Sequence[str]) -> bool:
    """Whether a text begins and ends with these words, letters and digits alone."""
    first, last = map(_letters, ends)
    said = _letters(text)
    return bool(said) and said.startswith(first) and said.endswith(last)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()
