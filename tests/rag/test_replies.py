"""What needs no document gets a short reply, danger gets a signpost, and a real question is never swallowed."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from rag.assistant import Assistant
from rag.collection import LED_IN, collection_question
from rag.phrases import table
from rag.replies import reply_to, without_courtesies
from rag.signposts import signposts_for

DATA = Path(__file__).resolve().parent.parent.parent / "eval" / "data"
REPLIES = {
    "Hallo": "greeting",
    "Goedemorgen Vraagbaak!": "greeting",
    "Hoi, hoe gaat het?": "greeting",
    "Hello there": "greeting",
    "Bedankt!": "thanks",
    "ok, dank u wel": "thanks",
    "Thank you very much.": "thanks",
    "Wat kun je allemaal?": "self",
    "Ben je een mens?": "self",
    "Hoe werkt deze chat?": "self",
    "Who are you?": "self",
    "Wat is de status van mijn aanvraag?": "own_file",
    "Goedemiddag, is mijn aanvraag al behandeld?": "own_file",
    "Waarom is mijn uitkering stopgezet?": "own_file",
    "Wat vind jij van het kabinet?": "opinion",
    "Op welke partij moet ik stemmen?": "opinion",
    "What do you think of the minister?": "opinion",
    "Wie gaat de verkiezingen winnen?": "prediction",
    "Kun je de huizenprijzen voorspellen?": "prediction",
}
CONTENT = [
    "Hallo, wat kost een parkeervergunning?",
    "Dag van de arbeid: wanneer is die?",
    "Wat vindt de minister van het bericht?",
    "Wat vindt u van de kritiek op de wachtlijsten?",
    "Wanneer krijg ik mijn energietoeslag?",
    "Hoe zit het met mijn uitkering als ik ga samenwonen?",
    "Hoe werkt de Stadspas?",
    "Hoe werkt dat?",
    "Vind je werk naast je uitkering, wat gebeurt er dan?",
    "Kunt u voorspellen hoeveel woningen er komen?",
    "Ben je voor 1950 geboren, krijg je dan meer?",
    "Wat kunt u doen aan de overlast?",
    "Welke documenten heeft u naar de Kamer gestuurd?",
    "Hoeveel vragen kreeg de gemeente over asbest?",
    "Wat staat er in de laatste brief over mensenhandel?",
    "Wie vroeg naar de kosten en wat was het antwoord?",
]
SIGNS = {
    "Ik wil dood": "113",
    "Ik denk vaak aan zelfmoord, waar kan ik hulp krijgen?": "113",
    "Mijn dochter wil niet meer leven": "113",
    "I want to kill myself": "113",
    "Ik word nu bedreigd, wat moet ik doen?": "112",
    "Ik ben in gevaar": "112",
    "Ik word gedwongen": "033-4481186",
    "Ik word gedwongen om te werken zonder loon": "033-4481186",
    "Mijn baas heeft mijn paspoort afgepakt": "0800-7000",
    "I am being exploited by my employer": "033-4481186",
    "Mijn man slaat mij. Waar kan ik heen?": "0800-2000",
    "Ik word gedwongen te trouwen": "0800-2000",
}
NO_SIGNS = [
    "Wat doet de minister tegen mensenhandel?",
    "Hoeveel slachtoffers van mensenhandel worden gedwongen tot prostitutie?",
    "Bent u bekend met het bericht «Ik wil dood»?",
    "Wat doet de gemeente voor mensen die aan zelfmoord denken?",
    "Ik word gedwongen belasting te betalen, klopt dat?",
    "Ik word verplicht een vergunning te kopen. Wat kost die?",
    "Ik wil een einde maken aan mijn abonnement",
]


def _questions(paths: Iterator[Path]) -> Iterator[str]:
    for path in sorted(paths):
        for line in path.read_text(encoding="utf-8").splitlines():
            question = json.loads(line).get("question")
            if question:
                yield " ".join(question.split())


def _swallowed(question: str) -> bool:
    return bool(reply_to(question, "nl") or signposts_for(question, "nl") or collection_question(question))


@pytest.mark.parametrize(("question", "name"), REPLIES.items())
def test_what_needs_no_document_gets_its_reply(question: str, name: str) -> None:
    for language in ("nl", "en"):
        reply = reply_to(question, language)
        assert reply is not None
        assert (reply.name, reply.text) == (name, table("replies")[name][language])


@pytest.mark.parametrize("question", CONTENT)
def test_a_question_about_the_matter_is_never_swallowed(question: str) -> None:
    assert not _swallowed(question)


@pytest.mark.parametrize(("question", "number"), SIGNS.items())
def test_a_sign_of_danger_is_pointed_the_way(question: str, number: str) -> None:
    for language in ("nl", "en"):
        lines = " ".join(signposts_for(question, language))
        assert number in lines
        assert "112" in lines


@pytest.mark.parametrize("question", NO_SIGNS)
def test_a_question_about_policy_is_no_sign_of_danger(question: str) -> None:
    assert signposts_for(question, "nl") == ()


def test_none_of_our_own_questions_is_swallowed() -> None:
    questions = list(_questions(DATA.glob("*.jsonl")))
    assert len(questions) > 400
    swallowed = [question for question in questions if _swallowed(question) and not _is_led_in(question)]
    assert swallowed == []


def _is_led_in(question: str) -> bool:
    """Whether it is about who asked or said something or when: it is answered with words of the document itself."""
    asked = collection_question(question)
    return asked is not None and asked.ask in (*LED_IN, "asked_by", "asked_when")


@pytest.mark.real
def test_no_real_question_is_swallowed(shared: Path) -> None:
    questions = list(_questions((shared / "questions").glob("*.jsonl")))
    assert len(questions) > 1400
    assert [question for question in questions if _swallowed(question)] == []


def test_a_reply_stands_in_the_notices_and_claims_no_answer(assistant: Assistant) -> None:
    answer = assistant.ask("Wat vind jij van de fietsbrug?")
    assert (answer.status, answer.sentences, answer.citations) == ("refused", (), ())
    assert answer.notices == (table("replies")["opinion"]["nl"],)
    assert "reply: opinion" in answer.trace[0].decision


def test_the_signpost_comes_first_and_then_the_answer(assistant: Assistant) -> None:
    answer = assistant.ask("Ik word nu bedreigd. Wanneer gaat de fietsbrug Oosterhaven open?")
    assert answer.notices[0] == table("signposts")["danger"]["nl"]
    plain = assistant.ask("Wanneer gaat de fietsbrug Oosterhaven open?")
    assert plain.notices == ()
    assert answer.notices[0] in answer.notices


def test_a_greeting_before_a_question_does_not_hinder_its_answer(assistant: Assistant) -> None:
    answer = assistant.ask("Goedemiddag, wat kost de verbouwing van de wijkbibliotheek? Alvast bedankt!")
    assert "1.250.000" in answer.text
    assert answer.question.startswith("Goedemiddag")


def test_courtesies_alone_are_kept() -> None:
    assert without_courtesies("Hallo, bedankt.") in ("Hallo, bedankt.", "bedankt.")
    assert without_courtesies("Bedankt") == "Bedankt"


def test_the_editable_files_are_whole() -> None:
    for name in ("replies", "signposts"):
        for sign, entry in table(name).items():
            if sign != "lists":
                assert set(entry) == {"nl", "en", "when"}
                written = "".join(chain.from_iterable(entry["when"].split()))
                assert not any(unicodedata.combining(c) for c in unicodedata.normalize("NFD", written))
