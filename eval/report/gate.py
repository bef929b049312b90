"""A report and thresholds go in, the thresholds that are not met come out. Knows no file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eval.report.values import Report, ReportError


@dataclass(frozen=True, slots=True)
class Threshold:
    """The least or the most that a row of the report may be; `name` is the row's key."""

    name: str
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A threshold that is not met; `value` is None when the report has no such measure."""

    threshold: Threshold
    value: float | None


def thresholds_of(table: Mapping[str, object], file: str) -> list[Threshold]:
    """Read `"grounding.right" = { min = 0.7 }` or `{ max = 0.3 }`; what is neither is a `ReportError` that names it."""
    found = []
    for name, limits in table.items():
        known = isinstance(limits, dict) and limits and set(limits) <= {"min", "max"}
        values = list(limits.values()) if isinstance(limits, dict) else []
        if not known or not all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
            raise ReportError("evaluate.gate_line", name=name, file=file)
        assert isinstance(limits, dict)
        found.append(Threshold(name, limits.get("min"), limits.get("max")))
    if not found:
        raise ReportError("evaluate.gate_none", file=file)
    return found


def failures(report: Report, thresholds: list[Threshold]) -> list[Failure]:
    """Return the thresholds that the report does not meet. A measure that is not there is not met."""
    found = []
    for threshold in thresholds:
        row = report.row(threshold.name)
        value = None if row is None else row.value
        too_low = threshold.least is not None and value is not None and value < threshold.least
        too_high = threshold.most is not None and value is not None and value > threshold.most
        if value is None or too_low or too_high:
            found.append(Failure(threshold, value))
    return found
