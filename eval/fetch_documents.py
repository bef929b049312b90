"""Made-up Kamervragen in any number, each as official XML, HTML and PDF: a number and a revision go in, words come out.

The words are real Dutch words drawn at random, the people are roles; the same number and revision give the same bytes.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from xml.sax.saxutils import escape

from eval.generator import vocabulary
from eval.printed import Print, make_pdf, shows_paragraphs

ANSWERED, ASKED = "Kamervragen (Aanhangsel)", "Kamervragen zonder antwoord"
_MONTHS = "januari februari maart april mei juni juli augustus september oktober november december".split()  # noqa: SIM905
_TOPICS = ("mensenhandel", "stikstof", "woningbouw", "zorg", "onderwijs")
_PARTIES = ("Partij A", "Partij B", "Partij C", "Partij D")
_MINISTRIES = ("Justitie en Veiligheid", "Financiën", "Onderwijs, Cultuur en Wetenschap", "Defensie")
_FIRST = date(2023, 1, 2)
_OFTEN = 3000  # how many of the vocabulary's words are drawn from


@dataclass(frozen=True)
class Published:
    """One Kamervraag, answered or (every eighth) not; a later revision has other words under the same identifier."""

    number: int
    revision: int = 0
    withdrawn: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether it is an `ah`, otherwise it is a `kv`."""
        return self.number % 8 != 0

    @property
    def publication(self) -> str:
        """The name of the publication that it is part of."""
        return ANSWERED if self.is_answered else ASKED

    @property
    def asked(self) -> date:
        """The day of the questions."""
        return _FIRST + timedelta(days=self.number % 900)

    @property
    def answered(self) -> date:
        """The day of the answer."""
        return self.asked + timedelta(days=21)

    @property
    def day(self) -> date:
        """The day of publication."""
        return self.answered if self.is_answered else self.asked

    @property
    def case(self) -> str:
        """The number of the case."""
        return f"{self.asked.year}Z{self.number:05}"

    @property
    def year(self) -> str:
        """The parliamentary year."""
        first = self.day.year - (self.day.month < 9)
        return f"{first}–{first + 1}"

    @property
    def identifier(self) -> str:
        """The official identifier."""
        return f"ah-tk-{self.year.replace('–', '')}-{self.number}" if self.is_answered else f"kv-tk-{self.case}"

    @property
    def topic(self) -> str:
        """A word that stands in its title."""
        return _TOPICS[self.number % len(_TOPICS)]

    @property
    def party(self) -> str:
        """The party of the asker."""
        return _PARTIES[self.number % len(_PARTIES)]

    @property
    def ministry(self) -> str:
        """The ministry of the one who answers."""
        return _MINISTRIES[self.number % len(_MINISTRIES)]

    @property
    def title(self) -> str:
        """What the questions are about."""
        return f"de aanpak van {self.topic} in gemeente {self.number}"

    @property
    def version(self) -> str:
        """The moment of the last change, as the archive tells it."""
        return f"{self.day}T10:00:{self.revision % 60:02}+02:00"

    @property
    def asker(self) -> str:
        """Who asked: a role."""
        return f"Vragensteller{chr(65 + self.number % 26)}"

    @cached_property
    def _chance(self) -> random.Random:
        return random.Random(f"{self.number} {self.revision}")

    @cached_property
    def questions(self) -> dict[int, str]:
        """The questions by number."""
        return {number: self._sentence(12, "?") for number in range(1, 3 + self.number % 3)}

    @cached_property
    def answers(self) -> Mapping[tuple[int, ...], Sequence[str]]:
        """The paragraphs of each answer; 2 and 3 are answered together where there are both."""
        if not self.is_answered:
            return {}
        numbers: list[tuple[int, ...]] = [(number,) for number in self.questions]
        if len(numbers) > 2:
            numbers[1:3] = [(2, 3)]
        return {
            each: [" ".join(self._sentence(14, ".") for _ in range(3)) for _ in range(1 + self.number % 2)]
            for each in numbers
        }

    @property
    def note(self) -> str:
        """The footnote at question 1."""
        return f"Kamerstuk 28 638, nr. {self.number}."

    @property
    def head(self) -> list[str]:
        """Who asked whom about what, who answered when."""
        asked = (
            f"Vragen van het lid {self.asker} ({self.party}) aan de Minister van {self.ministry} over {self.title} "
            f"(ingezonden {long_date(self.asked)})."
        )
        answered = f"Antwoord van Minister Beantwoorder ({self.ministry}) (ontvangen {long_date(self.answered)})."
        return [asked, answered] if self.is_answered else [asked]

    def _sentence(self, length: int, end: str) -> str:
        words = self._chance.choices(vocabulary()[:_OFTEN], k=length)
        return " ".join(word.lower() for word in words).capitalize() + end


class Paper(Published):
    """A Kamerstuk: a letter with a dossier and a number."""

    dossier = "28638"
    is_answered = False
    publication = "Kamerstuk"

    @property
    def identifier(self) -> str:
        """The official identifier."""
        return f"kst-{self.dossier}-{self.number}"


def long_date(day: date) -> str:
    """Return `6 maart 2023`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def as_xml(one: Published) -> bytes:
    """Return a Kamervraag or a Kamerstuk as official XML."""
    if isinstance(one, Paper):
        return _paper(one)
    printed = one.identifier.rpartition("-")[2]
    parts = [
        f"<kamervraagkop><tekstregel inhoud='vergaderjaar'>Vergaderjaar {one.year}</tekstregel></kamervraagkop>",
        f"<kamervraagnummer>{printed}</kamervraagnummer>" if one.is_answered else "",
        f"<kamervraagnummer>{one.case}</kamervraagnummer>",
    ]
    for sort, text in zip(("vraag", "antwoord"), one.head, strict=False):
        parts.append(f"<kamervraagomschrijving type='{sort}'>{escape(text)}</kamervraagomschrijving>")
    for number, question in one.questions.items():
        note = f"<noot id='n1' type='voet'><noot.nr>1</noot.nr><noot.al>{one.note}</noot.al></noot>"
        mark = note if number == 1 else ""
        parts.append(f"<vraag><nr>Vraag {number}</nr><al>{escape(question)}{mark}</al></vraag>")
    for numbers, paragraphs in one.answers.items():
        body = "".join(f"<al>{escape(text)}</al>" for text in paragraphs)
        parts.append(f"<antwoord><nr>Antwoord {_names(numbers)}</nr>{body}</antwoord>")
    body = "\n".join(filter(None, parts))
    root = f"<officiele-publicatie><kamervragen>{body}</kamervragen></officiele-publicatie>"
    return f"<?xml version='1.0' encoding='utf-8'?>\n{root}".encode()


def _paper(one: Paper) -> bytes:
    paragraphs = "".join(f"<al>{escape(text)}</al>" for text in one.questions.values())
    number = f"<dossiernummer><dossiernr>{one.dossier}</dossiernr></dossiernummer>"
    title = f"BRIEF VAN DE MINISTER VAN {one.ministry.upper()}"
    body = (
        f"<dossier>{number}<titel>{one.topic.capitalize()}</titel></dossier>"
        f"<stuk><stuknr><ondernummer>{one.number}</ondernummer></stuknr><titel>{escape(title)}</titel></stuk>"
        "<al>Aan de Voorzitter van de Tweede Kamer der Staten-Generaal</al>"
        f"<al>Den Haag, {long_date(one.day)}</al><divisie><kop><titel>Aanleiding</titel></kop>{paragraphs}</divisie>"
    )
    root = f"<officiele-publicatie><kamerstuk>{body}</kamerstuk></officiele-publicatie>"
    return f"<?xml version='1.0' encoding='utf-8'?>\n{root}".encode()


def as_docx(one: Published) -> bytes:
    """Return a Kamervraag as a ministry's Word file, without its note."""
    texts = [one.identifier.rpartition("-")[2] if one.is_answered else "", one.case, *one.head]
    for number, question in one.questions.items():
        texts += [f"Vraag {number}", question]
    for numbers, paragraphs in one.answers.items():
        texts += [f"Antwoord {_names(numbers)}", *paragraphs]
    space = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
    body = "".join(f"<w:p><w:r><w:t xml:space='preserve'>{escape(text)}</w:t></w:r></w:p>" for text in texts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in (("[Content_Types].xml", "<Types/>"), ("word/document.xml", _word(space, body))):
            file.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def _word(space: str, body: str) -> str:
    return f"<w:document {space}><w:body>{body}</w:body></w:document>"


def as_html(one: Published) -> bytes:
    """Return a Kamervraag as a page of the official site."""
    number = f"<p class='kamervraagnummer'>{one.identifier.rpartition('-')[2]}</p>" if one.is_answered else ""
    parts = [f"{number}<p>{one.case}</p>"]
    parts += [f"<h1 class='kamervraagomschrijving_kop'>{escape(text)}</h1>" for text in one.head]
    for nr, question in one.questions.items():
        mark = "<a class='nootnum' href='#n1'>1</a>" if nr == 1 else ""
        head = f"<h2 class='stuktitel'>Vraag {nr}</h2>"
        parts.append(f"<div class='vraag' id='v{nr}'>{head}<p>{escape(question)}{mark}</p></div>")
    for numbers, paragraphs in one.answers.items():
        body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
        parts.append(f"<div class='antwoord'><h2 class='stuktitel'>Antwoord {_names(numbers)}</h2>{body}</div>")
    notes = f"<div class='voet noot'><span class='nootnum'>1</span><p>{one.note}</p></div>"
    meta = f"<meta name='DC.identifier' content='{one.identifier}'>"
    head = f"<!DOCTYPE html><html lang='nl'><head><title>{escape(one.title)}</title>{meta}</head>"
    return f"{head}<body><nav>Menu</nav><div id='broodtekst'>{''.join(parts)}{notes}</div></body></html>".encode()


def as_pdf(one: Published) -> bytes:
    """Return a Kamervraag as it is printed."""
    paragraphs = [one.case, "", *one.head, ""]
    for number, question in one.questions.items():
        mark = "^1" if number == 1 else ""
        together = next((numbers for numbers in one.answers if number in numbers), (number,))
        if number == together[0]:
            paragraphs.append(f"Vraag {_names(together)}")
        paragraphs.append(question + mark)
        if number == together[-1]:
            paragraphs.append("")
            if together in one.answers:
                paragraphs += [f"Antwoord {_names(together)}", *one.answers[together], ""]
    printed = one.identifier.rpartition("-")[2] if one.is_answered else ""
    return make_pdf(Print(one.identifier, one.year, printed, paragraphs, (f"1 {one.note}",)))


def is_clear_in_print(one: Published) -> bool:
    """Whether print shows where the paragraphs of each answer, and the questions that share one, part."""
    blocks = [*one.answers.values(), *([one.questions[number] for number in numbers] for numbers in one.answers)]
    return all(map(shows_paragraphs, blocks))


def _names(numbers: Sequence[int]) -> str:
    return " en ".join(map(str, numbers))
