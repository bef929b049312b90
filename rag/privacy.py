"""A text goes in, the same text without personal data comes out, with the sorts that were found. Knows no language.

What is masked: citizen service numbers (11-test), bank accounts (IBAN, mod 97), payment cards (Luhn), e-mail
addresses, phone numbers of people, and postcodes with a house number. What stands in its place holds no letter or
digit, so that no search and no model makes anything of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Sort = Literal["citizen", "bank", "card", "email", "phone", "address"]

MASK = "[…]"
GRAVE: frozenset[Sort] = frozenset({"citizen", "bank", "card"})
"""The sorts that nobody needs in order to ask something of public documents."""

_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
# Length of an IBAN by country: the countries of the single euro payments area (ISO 13616 registry).
_IBAN_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FI NL", 19: "SI", 20: "AT EE LT LU", 21: "CH HR LI LV", 22: "BG DE GB IE VA",
        23: "GI", 24: "AD CZ ES RO SE SK", 25: "PT", 26: "IS TR", 27: "FR GR IT MC SM", 28: "CY HU PL",
    }.items()
    for country in countries.split()
}  # fmt: skip
_EMAIL = re.compile(
    r"(?<![\w.+%'’-])[\w.+%'’-]+\s?(?:@|[\[(]\s?(?:at|apenstaartje)\s?[\])])\s?\w[\w-]*(?:\.\w[\w-]*)+", re.IGNORECASE
)
_IBAN = re.compile(r"(?<![^\W_])[A-Z]{2}[ .-]?\d{2}(?:[ .-]?[A-Z0-9]){11,30}", re.IGNORECASE)
_CARD = re.compile(r"(?<!\d)(?<!\d[ .,-])[2-6](?:[ .-]?\d){12,18}(?![ .,-]?\d)")
# As written in one go, in threes, or as on older papers; not an amount, and no part of a longer number.
_CITIZEN = re.compile(
    r"(?<!\d)(?<!\d[.,-])(?<!€)(?<!€ )(?:\d{9}|\d{3}([ .-])\d{3}\1\d{3}|\d{4}([ .-])\d{2}\2\d{3})"
    r"(?!\d)(?![.,/-]\d)(?!\s?(?:euro|€|miljoen|miljard))",
    re.IGNORECASE,
)
_CITIZEN_NAMED = re.compile(
    r"(?<=bsn|ofi)(?:\s?-?(?:nummer|nr\.?))?\s*(?:[:=]|is|van)?\s*((?:\d[ .-]?){7,8}\d)(?!\d)"
    r"|(?<=service)(?:\s?-?(?:nummer|nr\.?))\s*(?:[:=]|is|van)?\s*((?:\d[ .-]?){7,8}\d)(?!\d)",
    re.IGNORECASE,
)
_SEP = r"[ .\-/]?"
# Mobile, fixed and foreign numbers; the public ones that begin with 08, 09, 14 or 11 belong to nobody. Not a date.
_PHONE = re.compile(
    rf"(?<![\w+])(?:(?:\+|00)\s?31{_SEP}(?:\(0\){_SEP})?[1-7](?:{_SEP}\d){{8}}"
    rf"|(?!\d\d[-/.]\d\d[-/.]\d{{4}})\(?0[1-7](?:{_SEP}\d){{0,2}}\)?(?:\s?-\s?|{_SEP})\d(?:{_SEP}\d){{5,7}}"
    rf"|\+\s?(?!31)[1-9](?:{_SEP}\d){{7,13}})(?!\d)",
)
_HOUSE = r"(?!(?:19|20)\d\d\b)\d{1,5}(?:\s?-?\s?[a-z]\b|-\d{1,4}|\s?(?:bis|hs|huis))?"
_POSTCODE = r"[1-9]\d{3}(?:\s[A-Z]{2}|(?i:[A-Z]{2}))"
_ADDRESS = re.compile(
    rf"(?<![\w-])(?<!\d[:.,])(?:{_POSTCODE}\b(?:[ ,]|\s(?i:huisnummer|nummer|nr\.?|no\.?))+{_HOUSE}(?![\w%]|[.,]\d)"
    rf"|{_HOUSE}(?:\s?,\s?|\s){_POSTCODE}\b(?!\s?%))"
)


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without its personal data, and the sorts that stood in it, each once."""

    text: str
    found: tuple[Sort, ...] = ()


def mask(text: str) -> Masked:
    """Return `text` with `MASK` in place of everything personal."""
    found: dict[Sort, None] = {}
    for sort, pattern, longest in _RULES:

        def hide(match: re.Match[str], sort: Sort = sort, longest: Callable[[str], int] = longest) -> str:
            length = longest(match[0])
            if not length:
                return match[0]
            found[sort] = None
            return MASK + match[0][length:]

        text = pattern.sub(hide, text)
    return Masked(text, tuple(found))


def _whole(match: str) -> int:
    return len(match)


def _citizen(match: str) -> int:
    """The 11-test: the digits, weighed 9 to 2 and -1, add up to a multiple of 11."""
    digits = _digits(match).rjust(9, "0")
    total = sum(weight * int(digit) for weight, digit in zip(_BSN_WEIGHTS, digits, strict=True))
    return len(match) if total % 11 == 0 and int(digits) else 0


def _bank(match: str) -> int:
    """Mod 97 (ISO 7064): the country and check digits moved to the end, letters as 10 to 35, leave 1."""
    length = _IBAN_LENGTHS.get(match[:2].upper(), 0)
    places = [i for i, character in enumerate(match) if character.isalnum()]
    if not length or len(places) < length:
        return 0
    account = "".join(match[i] for i in places[:length])
    moved = account[4:] + account[:4]
    return places[length - 1] + 1 if int("".join(str(int(c, 36)) for c in moved)) % 97 == 1 else 0


def _card(match: str) -> int:
    """Luhn: every second digit from the right doubled, its digits added, all together a multiple of 10."""
    digits = [int(digit) for digit in reversed(_digits(match))]
    total = sum(digits[0::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return len(match) if total % 10 == 0 else 0


def _phone(match: str) -> int:
    """A Dutch number has ten digits with its first 0, nine behind the country's code."""
    digits = _digits(match)
    return len(match) if not match.strip("( ").startswith("0") or digits.startswith("00") or len(digits) == 10 else 0


def _digits(match: str) -> str:
    return "".join(str(int(character)) for character in match if character.isdecimal())


_RULES: tuple[tuple[Sort, re.Pattern[str], Callable[[str], int]], ...] = (
    ("email", _EMAIL, _whole),
    ("bank", _IBAN, _bank),
    ("card", _CARD, _card),
    ("citizen", _CITIZEN, _citizen),
    ("citizen", _CITIZEN_NAMED, _citizen),
    ("phone", _PHONE, _phone),
    ("address", _ADDRESS, _whole),
)
