"""Takes the styles of a workbook and the numbers it keeps for days, and gives the days as ISO dates."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from index.read.tree import Node

# Formats that are not written out in a workbook: those of days, and of days with the time (ECMA-376 part 1, 18.8.30).
_OF_DAYS = frozenset(map(str, (14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58)))
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_LAST = 2_958_465  # 31 December 9999


def date_styles(styles: Node | None) -> frozenset[str]:
    """Return the numbers of the cell styles that show a day."""
    if styles is None:
        return frozenset()
    written = {
        node.attributes.get("numfmtid", ""): node.attributes.get("formatcode", "") for node in styles.all("numfmt")
    }
    of_days = _OF_DAYS | {number for number, code in written.items() if _shows_day(code)}
    cells = styles.find("cellxfs")
    formats = [node.attributes.get("numfmtid", "") for node in (cells.nodes if cells else ())]
    return frozenset(str(place) for place, number in enumerate(formats) if number in of_days)


def _shows_day(code: str) -> bool:
    signs = _QUOTED.sub("", code).lower()
    return "d" in signs or "j" in signs or "yy" in signs


def first_day(properties: Node | None) -> date:
    """Return the day that counts as 0: of 1900, with the leap day that it never had, or of 1904."""
    since_1904 = properties is not None and properties.attributes.get("date1904", "0") in ("1", "true")
    return date(1904, 1, 1) if since_1904 else date(1899, 12, 30)


def iso_day(number: str, first: date) -> str:
    """Return "45123" as "2023-07-16", with the time where there is one; what is no such number stays as it is."""
    if not re.fullmatch(r"\d{1,7}(?:\.\d{1,20})?", number):
        return number
    days = float(number)
    if not 1 <= days <= _LAST - (first.year == 1904) * 1462:
        return number
    moment = datetime(first.year, first.month, first.day) + timedelta(seconds=round(days * 86400))
    return moment.date().isoformat() if moment.hour == moment.minute == 0 else f"{moment:%Y-%m-%d %H:%M}"
