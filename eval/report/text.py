"""A report goes in, the lines of a table for the terminal come out."""

from __future__ import annotations

from collections.abc import Iterator

from eval.report.values import SECTIONS, Report, Row
from index.language import Language, catalogue, say


def lines(report: Report, language: Language) -> Iterator[str]:
    """Yield the table, section by section."""
    for section in SECTIONS:
        rows = [row for row in report.rows if row.section == section and row.value is not None]
        if not rows:
            continue
        yield ""
        yield say(f"evaluate.section_{section}", language).upper()
        for row in rows:
            yield _line(row, language)
    yield ""


def number(row: Row, value: float | None) -> str:
    """Return a value of the row as it is printed: three decimals for shares, fewer for what is larger."""
    if value is None:
        return "–"
    size = abs(row.value or 0.0) if row.unit or row.name == "words" else 0.0
    digits = 0 if size >= 100 else 1 if size >= 10 else 3
    return f"{value + 0.0:.{digits}f}" if abs(value) >= 0.0005 or not row.unit else f"{value:.5f}"


def interval(row: Row) -> str:
    """Return the row's interval, nothing when it has none."""
    return "" if row.low is None else f"[{number(row, row.low)} – {number(row, row.high)}]"


def about(name: str, language: Language) -> str:
    """Return what a measure says in plain words, nothing for one that has no such words."""
    return catalogue(language).get(f"evaluate.measure.{name}", "")


def _line(row: Row, language: Language) -> str:
    name = f"{row.name}, {row.part}" if row.part else row.name
    tail = row.remark or about(row.name, language)
    value = f"{number(row, row.value)} {row.unit}".rstrip()
    return f"  {name:40} {value:>11}  {interval(row):17} n = {row.count:<4} {tail}".rstrip()
