"""A report: rows of measures, a record of every question, curves, and on what it all rests. Reads and writes JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from eval.measures import Measure
from eval.scores.case import Better
from index.errors import VraagbaakError

FORMAT = 1
Section = Literal[
    "retrieval", "grounding", "refusal", "conversations", "robustness", "judge", "documents", "performance"
]
SECTIONS: tuple[Section, ...] = (
    *("retrieval", "grounding", "refusal", "conversations"),
    *("robustness", "judge", "documents", "performance"),
)


class ReportError(VraagbaakError):
    """A file that is no report of an evaluation, or reports that cannot be compared."""


@dataclass(frozen=True, slots=True)
class Row:
    """One measure in the report: its section, which questions it is over (`part`, all when empty), and its figures."""

    section: Section
    name: str
    value: float | None
    count: int
    low: float | None = None
    high: float | None = None
    better: Better = "higher"
    part: str = ""
    unit: str = ""
    remark: str = ""

    @property
    def key(self) -> str:
        """How thresholds name it: `grounding.fact recall`, `grounding.fact recall.multi`."""
        return ".".join(filter(None, (self.section, self.name, self.part)))


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that was cited (`quote` its words) or found (`text` all of it), as far as a reader needs it."""

    passage: str
    title: str
    label: str
    quote: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One question with its answer and the value of every measure that speaks of it.

    `section` and `set` say where it was asked; `answer` has the marks, `sentences` have none; `ranking` is all that
    was found, under the names of the gold; `wrong` is in short what is not as it should be (a key of the texts).
    """

    section: Section
    set: str
    id: str
    kind: str
    question: str
    status: str
    answer: str
    sentences: tuple[str, ...]
    gold: tuple[str, ...]
    facts: tuple[str, ...]
    scores: Mapping[str, float]
    cited: tuple[Source, ...] = ()
    found: tuple[Source, ...] = ()
    ranking: tuple[str, ...] = ()
    chance: float | None = None
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All of one evaluation. `made` is ISO time, `seconds` how long it took; curves are lists of points."""

    made: str
    seconds: float
    settings: Mapping[str, str]
    store: Mapping[str, str | int]
    versions: Mapping[str, str]
    rows: tuple[Row, ...]
    records: tuple[Record, ...] = ()
    curves: Mapping[str, Sequence[Sequence[float]]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def row(self, key: str) -> Row | None:
        """Return the row that a threshold names, None when there is none."""
        return next((row for row in self.rows if row.key == key), None)


def row_of(section: Section, measure: Measure, better: Better = "higher", part: str = "") -> Row:
    """Return a measure as a row."""
    return Row(section, measure.name, measure.value, measure.count, measure.low, measure.high, better, part)


def write_report(report: Report, path: Path) -> None:
    """Write a report as JSON."""
    value = {"format": FORMAT, **asdict(report)}
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def read_report(path: Path) -> Report:
    """Read a report; a file that is none is a `ReportError` that names it."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        if value.pop("format") != FORMAT:
            raise ReportError("evaluate.report_format", file=path, expected=FORMAT)
        value["rows"] = tuple(Row(**row) for row in value["rows"])
        value["records"] = tuple(_record(record) for record in value["records"])
        value["notes"] = tuple(value["notes"])
        return Report(**value)
    except OSError as error:
        raise ReportError("evaluate.report_file", file=path, reason=error.strerror) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReportError("evaluate.report_none", file=path) from error


def _record(value: dict[str, Any]) -> Record:
    for name in ("cited", "found"):
        value[name] = tuple(Source(**source) for source in value[name])
    for name in ("sentences", "gold", "facts", "ranking"):
        value[name] = tuple(value[name])
    return Record(**value)
