"""Takes the head of a document and gives who asked and who answered, as written and without titles."""

from __future__ import annotations

import re
import unicodedata

from index.values import Asker, Official

_ROLES = r"minister-president|minister|staats?secretaris|wethouder|burgemeester|gedeputeerde|commissaris van de koning"
_NAMES_AND_PARTY = re.compile(r"([^()]{1,300}?)\s{0,3}\(([^()]{1,80})\)")
_OFFICIAL = re.compile(
    rf"\b(?P<role>{_ROLES})\b\s{{0,3}}(?P<name>[^(),;]{{0,80}}?)\s{{0,3}}\((?P<department>[^()]{{1,160}})",
    re.IGNORECASE,
)
_TITLES = re.compile(
    r"^(?:(?:het|de(?=\sleden)|lid|leden|[Dd]hr\.|[Mm]evr\.|[Mm]w\.|dr\.|drs\.|mr\.|ir\.|ing\.|prof\.)\s+)+"
)
_ON_BEHALF = re.compile(r",?\s{1,3}mede\s{1,3}namens\b", re.IGNORECASE)
_NAME = r"[A-Z][\w’'-]+"
_DEPARTMENT = rf"{_NAME}(?:(?:,\s|\s(?:en|–|&)\s|\s){_NAME}){{0,9}}"
# "de Staatssecretarissen van Volksgezondheid, Welzijn en Sport en van Justitie en Veiligheid"
_OFFICES = re.compile(
    rf"\b(?P<role>[Mm]inisters?|[Ss]taats?secretaris(?:sen)?)\s(?P<offices>(?:van|voor)\s{_DEPARTMENT}"
    rf"(?:(?:,|,?\sen)\s(?:van|voor)\s{_DEPARTMENT}){{0,6}})"
)
_OFFICE = re.compile(rf"(?:van|voor)\s({_DEPARTMENT})")
_LONGEST = 10_000  # characters; hundreds of names


def parse_askers(text: str) -> tuple[Asker, ...]:
    """Return who asked: "Kuik (CDA), Kröger en Thijssen (beiden GroenLinks-PvdA)"."""
    text = text[:_LONGEST]
    askers: list[Asker] = []
    for match in _NAMES_AND_PARTY.finditer(text):
        party = re.sub(r"^(?:beiden|allen)\s+", "", match[2].strip())
        names = re.split(r",|\ben\b", match[1])
        askers += [Asker(name, party) for name in map(_name, names) if name]
    if not askers and text.strip():
        askers = [Asker(name) for name in map(_name, re.split(r",|\ben\b", text)) if name]
    return tuple(dict.fromkeys(askers))


def parse_officials(text: str) -> tuple[Official, ...]:
    """Return who answered: "Minister Bruins (Onderwijs, Cultuur en Wetenschap)", then those it was on behalf of."""
    officials: list[Official] = []
    for match in _OFFICIAL.finditer(text):
        role = match["role"].lower().replace("staatsecretaris", "staatssecretaris")
        name = _name(match["name"]) or role
        officials.append(Official(name, role, " ".join(match["department"].split())))
    return (*officials, *parse_on_behalf(text))


def parse_on_behalf(text: str) -> tuple[Official, ...]:
    """Return those named by their office after "mede namens", within that sentence; they have no name."""
    behalf = _ON_BEHALF.search(text)
    if behalf is None:
        return ()
    sentence = re.split(r"[.;(]", " ".join(text[behalf.end() :].split()), maxsplit=1)[0]
    officials: list[Official] = []
    for match in _OFFICES.finditer(sentence):
        role = "minister" if match["role"].lower().startswith("minister") else "staatssecretaris"
        officials += [Official(None, role, department) for department in _OFFICE.findall(match["offices"])]
    return tuple(officials)


def parse_role(text: str) -> tuple[str | None, str | None]:
    """Return role and department of "De Staatssecretaris van Justitie en Veiligheid,"."""
    match = re.search(rf"\b({_ROLES})\b(?:\s+(?:van|voor)\s+|\s+)?([^,;()]*)", text, re.IGNORECASE)
    if match is None:
        return None, None
    return match[1].lower(), " ".join(match[2].split()) or None


def _name(text: str) -> str:
    name = _TITLES.sub("", " ".join(text.split()).strip(" .,;:"))
    # An extractor gives "ć" as a letter and an accent beside it.
    return re.sub(r"(\w)\s?´", lambda match: unicodedata.normalize("NFC", match[1] + "\u0301"), name).strip()
