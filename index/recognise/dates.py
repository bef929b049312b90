"""Takes Dutch text and gives the dates in it; an impossible date is no date."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan",
            "februari feb",
            "maart mrt",
            "april apr",
            "mei",
            "juni jun",
            "juli jul",
            "augustus aug",
            "september sept sep",
            "oktober okt",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
DATE = rf"\d{{1,2}}\s{{0,3}}(?:{'|'.join(_MONTHS)})\.?\s{{0,3}}\d{{4}}"
_DATE = re.compile(rf"(?<!\d)(\d{{1,2}})\s{{0,3}}({'|'.join(_MONTHS)})\.?\s{{0,3}}(\d{{4}})", re.IGNORECASE)


def find_date(text: str) -> date | None:
    """Return the first possible date in `text`, such as "6 maart 2023", or None."""
    for match in _DATE.finditer(text):
        day, month, year = int(match[1]), _MONTHS[match[2].lower()], int(match[3])
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return None


def parliamentary_year(day: date) -> str:
    """Return the parliamentary year a day falls in, "20242025"; it runs from September."""
    first = day.year if day.month >= 9 else day.year - 1
    return f"{first}{first + 1}"
