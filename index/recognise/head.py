"""Takes the head of a Kamervraag, as one text, and gives its metadata: who asked whom about what, who answered when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from index.recognise.dates import find_date, parliamentary_year
from index.recognise.furniture import SAMPLE
from index.recognise.people import parse_askers, parse_officials
from index.values import Asker, Official

_ASKED_BY = re.compile(
    r"(?P<oral>Mondelinge\s)?[Vv]ragen\s(?:van|gesteld\sdoor)\s(?P<askers>[^()]{0,300}?\([^()]{1,80}\)(?:[^()]{0,200}?\([^()]{1,80}\))*?)"
    r"\s?aan\s(?P<asked>.{0,600}?)\s?over\s?(?P<title>.{0,1500}?)\s*(?:\(\s?ingezonden|\(\s?$|Antwoord\svan|Mededeling\svan|$)",
    re.DOTALL,
)
_ANSWERED_BY = re.compile(
    r"(?P<kind>Antwoord|Mededeling)\svan\s(?P<officials>.{0,800}?)\s?\(\s?(?:\(?ontvangen\s?)+(?P<date>[^()]{0,40})\)",
    re.DOTALL,
)
_ANSWERS_TO = re.compile(
    r"[Vv]ragen\s(?:van|gesteld\sdoor)\s(?P<askers>[^().]{0,300}?\([^()]{1,80}\)(?:[^().]{0,200}?\([^()]{1,80}\))*?)"
    r"\sover\s(?P<title>[^.]{1,400})"
)
_ASKED_ON = re.compile(r"\(\s?ingezonden\s?([^()]{0,40})\)")
_ASKED_IN_NOTICE = re.compile(
    r"(?:de\sleden|het\slid|(?:het|de)(?=\sraads(?:lid|leden)\b))\s?(?P<askers>[^().]{0,200}\([^()]{1,80}\)(?:[^().]{0,120}\([^()]{1,80}\))*)"
    r"\s(?:schriftelijke\s)?vragen\sgesteld\s(?:aan\s.{0,400}?\s)?over\s(?P<title>[^.]{0,400})\.",
    re.DOTALL,
)
_DAY_IN_NOTICE = re.compile(r"\bOp\s(\d{1,2}\s[a-z]{3,9})\s(\d{4}|jl\.|jongstleden)\s(?:heeft|hebben)\b")
_YEAR = re.compile(r"Vergaderjaar\s?(\d{4})\s?[–-]\s?(\d{4})")
_AH = re.compile(r"^[^\S\n]*AH\s{0,3}(\d{1,5})[^\S\n]*$", re.MULTILINE)
_PRINTED_NUMBER = re.compile(r"^[^\S\n]*(\d{1,5})[^\S\n]*\n", re.MULTILINE)
_CASE = re.compile(r"^[^\S\n]*(\d{4}Z\d{4,6}|voorbeeld-\d{4}V\d+)[^\S\n]*$", re.MULTILINE)
_LONGEST = 10_000  # characters in which the head is looked for; a real one has some hundreds


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a Kamervraag says; `is_answer` tells an answer or postponement from bare questions."""

    is_oral: bool
    is_answer: bool
    is_notice: bool
    title: str
    document: str | None
    case: str | None
    number: str | None
    asked: date | None
    answered: date | None
    askers: tuple[Asker, ...]
    answered_by: tuple[Official, ...]


def parse_head(text: str, lines: str, identifiers: tuple[str, ...], shared: str, notice: str) -> Head:
    """Return what a head says: `text` in one line, `lines` as printed, the printed identifiers, the head that the
    series shares, and the text of a notice of postponement."""
    text, notice = text[:_LONGEST], notice[:_LONGEST]
    who, reply = _ASKED_BY.search(text), _ANSWERED_BY.search(text)
    later = _ASKED_IN_NOTICE.search(notice) if who is None else None
    answered = find_date(reply["date"]) if reply else None
    is_answer = (
        reply is not None or re.search(r"^[^\S\n]*(?:Antwoord|Mededeling)\s{1,3}van", lines, re.MULTILINE) is not None
    )
    case = _CASE.search(lines)
    number = _AH.search(lines) or (_PRINTED_NUMBER.search(lines) if is_answer else None)
    asked_by = who or later or _ANSWERS_TO.search(text)
    session = _session(shared, answered)
    document = _document(identifiers, number[1] if number else None, case[1] if case else None, is_answer, session)
    return Head(
        is_oral=who is not None and who["oral"] is not None,
        is_answer=is_answer,
        is_notice=reply is not None and reply["kind"] == "Mededeling",
        title=_title(asked_by["title"] if asked_by else "", reply),
        document=document,
        case=case[1] if case else (_case_of(document) if not is_answer else None),
        number=_number(document, number[1] if number else None, case[1] if case else None, is_answer),
        asked=find_date(asked[1]) if (asked := _ASKED_ON.search(text)) else _asked_in_notice(notice, answered),
        answered=answered,
        askers=parse_askers(asked_by["askers"]) if asked_by else (),
        answered_by=parse_officials(reply["officials"] + ")") if reply else (),
    )


def _asked_in_notice(notice: str, answered: date | None) -> date | None:
    """The day in "Op 6 november jl. hebben de leden …": the last such day before the notice."""
    match = _DAY_IN_NOTICE.search(notice)
    if match is None or answered is None:
        return None
    if match[2].isdigit():
        return find_date(f"{match[1]} {match[2]}")
    day, before = (find_date(f"{match[1]} {year}") for year in (answered.year, answered.year - 1))
    if day is None and answered.month > 2:
        return None  # a 29th of February that this year did not have
    return day if day and day <= answered else before


def _title(about: str, reply: re.Match[str] | None) -> str:
    title = re.sub(r"\s+", " ", about).strip().rstrip(".").strip()
    if title:
        return title[0].upper() + title[1:]
    return _closed(f"{reply['kind']} van {reply['officials']}".strip()) if reply else ""


def _closed(text: str) -> str:
    """Close a bracket that the head leaves open."""
    return text + ")" * (text.count("(") - text.count(")"))


def _session(shared: str, answered: date | None) -> str | None:
    year = _YEAR.search(shared)
    if year:
        return year[1] + year[2]
    return parliamentary_year(answered) if answered else None


def _document(
    identifiers: tuple[str, ...], number: str | None, case: str | None, is_answer: bool, session: str | None
) -> str | None:
    """The printed identifier, else one made by rule from the number and the parliamentary year."""
    wanted = ("ah", "voorbeeld-ah") if is_answer else ("kv", "voorbeeld-kv")
    for identifier in identifiers:
        if identifier.lower().startswith(wanted):
            return identifier if identifier.startswith(wanted) else identifier.lower().replace("z", "Z")
    samples = [identifier for identifier in identifiers if re.fullmatch(SAMPLE, identifier)]
    if samples or (case or "").startswith("voorbeeld-"):
        return samples[0] if samples else f"voorbeeld-kv-{(case or '').removeprefix('voorbeeld-')}"
    if is_answer and number and session:
        return f"ah-tk-{session}-{number}"
    if not is_answer and case:
        return f"kv-tk-{case}"
    return None


def _case_of(document: str | None) -> str | None:
    match = re.search(r"(\d{4}Z\d{4,6})$", document or "")
    return match[1] if match else None


def _number(document: str | None, number: str | None, case: str | None, is_answer: bool) -> str | None:
    if not is_answer:
        return case or _case_of(document)
    printed = re.search(r"-(\d{1,5})(?:-[hn]\d+)?$", document or "")
    return number or (printed[1] if printed else None)
