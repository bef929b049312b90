"""Takes a draft and the metadata of its publication and gives the draft with what the metadata know better or more.

An identifier and dates of the metadata go before those of the text; other metadata fill what the text leaves open.
Metadata can hold impossible dates and odd spellings: what cannot be read is left out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from index.read.owms import identifier_of
from index.read.source import About
from index.recognise.draft import Draft, Meta
from index.values import Asker

_CASE = re.compile(r"(?<!\d)\d{4}Z\d{4,6}(?!\d)")
_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_JOURNAL = re.compile(r"(?:stb|stcrt|trb|gmb|prb|bgr|wsb)-(\d{4})-(\d+)", re.IGNORECASE)


def with_metadata(draft: Draft, about: About) -> Draft:
    """Return the draft with its metadata completed from `about`."""
    return replace(draft, meta=_completed(draft.meta, about)) if about else draft


def _completed(meta: Meta, about: About) -> Meta:
    identifier = next(filter(None, map(identifier_of, about.get("identifier", ()))), None)
    asked = _day(about, "datumindiening") or meta.asked
    answered = _day(about, "datumontvangst") or meta.answered
    is_question = meta.kind in ("answer", "questions", "postponement", "oral")
    published = _day(about, "available", "issued", "date", "lastmodified", "modified")
    askers = tuple(Asker(name) for name in about.get("indiener", ()))
    filed = [value for name in ("category", "subject", "subjects") for value in about.get(name, ())]
    topics = [topic.strip() for value in filed for topic in value.split("|")]
    return replace(
        meta,
        document=identifier or meta.document,
        title=_title(meta, about),
        number=meta.number or _number(about, identifier),
        case=meta.case or _case(about),
        asked=asked if is_question else meta.asked,
        answered=answered if is_question else meta.answered,
        date=(answered or asked or meta.date) if is_question else published or meta.date,
        askers=meta.askers or askers,
        topics=meta.topics or tuple(dict.fromkeys(topics)),
        url=meta.url or next(iter(about.get("canonical", ())), None),
    )


def _title(meta: Meta, about: About) -> str:
    return meta.title or next(iter(about.get("title", ())), "")


def _case(about: About) -> str | None:
    for name in ("vraagnummer", "kamervraagnummer"):
        for value in about.get(name, ()):
            if match := _CASE.search(value):
                return match[0]
    return None


def _number(about: About, identifier: str | None) -> str | None:
    printed = about.get("aanhangselnummer", ()) or about.get("aanhangsel", ())
    if printed and printed[0].isdigit():
        return printed[0]
    dossier, piece = about.get("dossiernummer", ()), about.get("ondernummer", ())
    if dossier and piece:
        first = dossier[0].split(";")[0].strip().replace(" ", "")
        return f"{first}-{piece[0]}"
    journal = _JOURNAL.fullmatch(identifier or "")
    return f"{journal[1]}, {journal[2]}" if journal else None


def _day(about: About, *names: str) -> date | None:
    """The first possible date under the first of `names` that holds one."""
    for name in names:
        for value in about.get(name, ()):
            for year, month, day in _DATE.findall(value):
                try:
                    return date(int(year), int(month), int(day))
                except ValueError:
                    continue
    return None
