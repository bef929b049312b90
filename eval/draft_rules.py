"""A sentence with an amount or a date goes in, the question that it answers comes out, in its own words.

Dutch puts the finite verb second: "In 2023 vroegen 1.140 huishoudens om hulp" becomes "Hoeveel huishoudens vroegen in
2023 om hulp?". Only sentences are turned whose verb is known and whose subject is named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VERBS = _words(
    """
    is zijn was waren wordt worden werd werden heeft hebben had hadden kost kosten kostte krijgt krijgen
    kreeg kregen komt komen kwam kwamen gaat gaan ging gingen blijft blijven bleef betaalt betalen betaalde
    bedraagt bedragen bedroeg vroeg vroegen ontving ontvangen ontvangt staat staan stond stonden duurt duren
    duurde begint beginnen begon opent opende sluit sluiten sloot geldt gelden gold daalt daalde steeg
    stijgt telt tellen telde woont wonen woonden geeft geven gaf gaven stelt stelde verwacht verwachten
    verwachtte trekt trok loopt liep volgt volgen volgde vindt vinden vond vonden werkt werken werkten maakt
    maken maakte doet deed mag mogen kan kunnen moet moeten zal zullen zou zouden
    """
)
_MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
_DATE = re.compile(
    rf"\b(?P<word>op|vanaf|sinds|tot en met|tot|per|uiterlijk|in|eind|begin|medio)\s+"
    rf"(?P<fact>\d{{1,2}}\s+(?:{_MONTHS})(?:\s+\d{{4}})?|(?:{_MONTHS})\s+\d{{4}}|(?:19|20)\d\d)\b"
)
_AMOUNT = re.compile(
    r"(?<![\w.,-])(?P<about>(?:ongeveer|circa|ruim|bijna|ten hoogste|minstens|gemiddeld|maximaal)\s+)?"
    r"(?P<fact>(?P<number>\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?)(?P<scale>\s+(?:miljoen|miljard|duizend))?"
    r"\s+(?P<unit>[a-zà-ÿ]{3,}))"
)
_ASKED = {"vanaf": "Vanaf wanneer", "sinds": "Sinds wanneer", "tot": "Tot wanneer", "tot en met": "Tot wanneer"}
_END = re.compile(r"[,;:(–]|\s+(?:en|maar|omdat|waarbij|waarvan|zodat|terwijl|dat|die|of)\s")
_NOT_COUNTED = _words(f"van de het een in op per tot en of uur miljoen procentpunt samen {_MONTHS.replace('|', ' ')}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BARE = _words("dat dit het deze die zij ze wij we er hij ik u daar hier daarvan hiervan hun hen daarmee hierdoor zo")
_ARTICLES = _words("de het een deze die dit dat onze hun haar zijn elke alle")
_NOT_LAST = _words("van op aan met in bij naar voor door om tot over uit per onder tussen en of")
_SUBORDINATE = _words("zoals als wanneer omdat doordat hoewel indien nadat voordat sinds terwijl zodra hoeveel wat")
_LONGEST = 25


@dataclass(frozen=True, slots=True)
class Drafted:
    """A question and the literal words that answer it."""

    question: str
    fact: str


def turned(sentence: str, text: str = "") -> Drafted | None:
    """Return the question that `sentence` answers by its first amount or date, None where no rule fits.

    `text` is what the sentence stands in: a first word that is written large within it is a name.
    """
    if not 5 <= len(sentence.split()) <= _LONGEST or not sentence[0].isupper() or sentence.endswith("?"):
        return None
    first = sentence.split(maxsplit=1)[0]
    if first.lower() in _SUBORDINATE:
        return None
    if not re.search(rf"[a-z,] {re.escape(first)}\b", text):
        sentence = sentence[0].lower() + sentence[1:]
    counted = (a for a in _AMOUNT.finditer(sentence) if a["unit"] not in _NOT_COUNTED)
    amount = next((a for a in counted if not _YEAR.fullmatch(a["number"])), None)
    if amount:
        question = _asked(f"Hoeveel {amount['unit']}", sentence[: amount.start()], sentence[amount.end() :])
        if question:
            return Drafted(question, amount["fact"])
    date = _DATE.search(sentence)
    if date and date.start() > 0:
        question = _asked(_ASKED.get(date["word"], "Wanneer"), sentence[: date.start()], sentence[date.end() :])
        if question:
            return Drafted(question, date["fact"])
    return None


def other_year(question: str, text: str) -> str | None:
    """Return `question` with a year of which `text` does not speak, None when it names no year."""
    years = re.findall(r"\b(?:19|20)\d\d\b", question)
    if not years:
        return None
    free = [year for step in (3, 4, 5, 6, 7) if (year := str(int(years[0]) - step)) not in text]
    return question.replace(years[0], free[0]) if free else None


def _asked(opening: str, before: str, after: str) -> str | None:
    """Return the question of a clause that stands on both sides of what is asked for."""
    words = before.split()
    place = next(
        (n for n in range(1, len(words)) if words[n] in _VERBS and words[n - 1].lower() not in _ARTICLES), None
    )
    if place is None or _END.search(before) or words[-1] in _NOT_LAST:
        return None
    first, rest = words[:place], words[place + 1 :]
    named = [word for word in (*first, *rest) if word.lower() not in _BARE]
    if len(named) < 2 or words[0].lower() in _BARE or (rest and rest[0].lower() in _BARE):
        return None
    ending = _END.split(after.rstrip(" .!"))[0].split()
    return " ".join([opening, words[place], *first, *rest, *ending]) + "?"
