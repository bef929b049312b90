"""What is personal is masked before anything sees it; what only looks like it stays."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.store import Store
from rag.answer_json import to_json
from rag.assistant import Assistant
from rag.privacy import MASK, mask
from rag.scripted import ScriptedModel
from rag.values import Message

PERSONAL = [
    ("mijn bsn is 111222333.", "citizen"),
    ("BSN111222333", "citizen"),
    ("bsn: 1234.56.782", "citizen"),
    ("burgerservicenummer 1 2 3 4 5 6 7 8 2", "citizen"),
    ("bsn 12345672", "citizen"),
    ("NL91ABNA0417164300", "bank"),
    ("nl91 abna 0417 1643 00 is mijn rekening", "bank"),
    ("GB82 WEST 1234 5698 7654 32", "bank"),
    ("4111 1111 1111 1111", "card"),
    ("5500-0000-0000-0004", "card"),
    ("iemand@voorbeeld.nl", "email"),
    ("iemand (at) voorbeeld.nl", "email"),
    ("06-12345678", "phone"),
    ("06 12 34 56 78", "phone"),
    ("+31 6 12345678", "phone"),
    ("0031612345678", "phone"),
    ("(020) 123 45 67", "phone"),
    ("0182-123456", "phone"),
    ("1234 AB 12", "address"),
    ("1234ab 12", "address"),
    ("1234 AB, nr. 12", "address"),
    ("Dorpsstraat 12, 1234 AB", "address"),
]
HARMLESS = [
    "123456789",
    "€ 123.456.782",
    "123.456.782 euro",
    "Aanhangsel van de Handelingen, 2023-2024, nr. 1751",
    "ah-tk-20222023-1751",
    "2023Z02340",
    "Kamerstuk 28 638, nr. 214",
    "202106905/1/R2",
    "NL92ABNA0417164300",
    "4111 1111 1111 1112",
    "0800-0113",
    "bel 113 of 112 of 14070",
    "op 06-12-2024 waren er 10 mensen",
    "van 01-01-2024 10 uur",
    "doelen voor 2030 EU 55% minder",
    "in 2024 en 2025",
    "de postcode 1234 AB",
    "@vraagbaak",
]
SECRETS = ("111222333", "NL91ABNA0417164300", "06-12345678", "iemand@voorbeeld.nl", "1234 AB 12")


@pytest.mark.parametrize(("text", "sort"), PERSONAL)
def test_personal_data_are_masked(text: str, sort: str) -> None:
    masked = mask(text)
    assert masked.found == (sort,)
    assert MASK in masked.text
    assert sum(character.isdigit() for character in masked.text) == 0
    assert "voorbeeld" not in masked.text


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_personal_stays_as_it_is(text: str) -> None:
    assert mask(text).text == text
    assert mask(text).found == ()


def test_the_words_around_a_number_stay() -> None:
    assert mask("Mijn rekening NL91 ABNA 0417 1643 00 en de rest").text == f"Mijn rekening {MASK} en de rest"


@given(st.text(alphabet="0123456789 .-@abNLnl,+()€", max_size=80))
def test_masking_a_masked_text_changes_nothing_more(text: str) -> None:
    once = mask(text).text
    assert len(mask(once).text) <= max(len(once), 3 * len(text))
    assert mask(once).text == mask(mask(once).text).text


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_personal_reaches_the_model_the_trace_or_the_answer(store: Store, secret: str) -> None:
    model = ScriptedModel(["De verbouwing kost € 1.250.000. [1]"])
    history = [
        Message("user", f"Mijn gegevens zijn {secret}. Wanneer gaat de fietsbrug Oosterhaven open?"),
        Message("assistant", f"Dag {secret}, op 14 juni 2024."),
    ]
    question = f"Ik ben {secret}. Hoeveel kost de verbouwing van de wijkbibliotheek?"
    seen = [
        *(json.dumps(to_json(a), ensure_ascii=False) for a in Assistant(store, model).stream(question, history)),
        *(message.text for messages in model.asked for message in messages),
        *(message.text for messages in model.asked for message in messages),
    ]
    follow_up = ScriptedModel(["Dat kost 3,4 miljoen euro. [1]"])
    answers = list(Assistant(store, follow_up).stream("En wat kost dat?", history))
    seen += [json.dumps(to_json(answer), ensure_ascii=False) for answer in answers]
    seen += [message.text for messages in follow_up.asked for message in messages]
    assert follow_up.asked
    assert not [text for text in seen if secret in text]


@pytest.mark.parametrize("hidden", ["\u200b", "\u00ad", "\U000e0031", "\ufe0f", "\u2060", "\u034f"])
def test_an_invisible_character_does_not_hide_a_number(assistant: Assistant, hidden: str) -> None:
    answer = assistant.ask(f"Mijn bsn is 1112{hidden}22333. Wat kost de fietsbrug?")
    assert answer.question == f"Mijn bsn is {MASK}. Wat kost de fietsbrug?"


@pytest.mark.parametrize("secret", ["111222333", "NL91ABNA0417164300", "4111 1111 1111 1111"])
def test_a_question_with_a_citizen_bank_or_card_number_is_kindly_refused(assistant: Assistant, secret: str) -> None:
    answer = assistant.ask(f"Mijn nummer is {secret}. Wat kost de verbouwing van de wijkbibliotheek?")
    assert (answer.status, answer.sentences, len(answer.notices)) == ("refused", (), 1)
    assert "opnieuw" in answer.notices[0]


@pytest.mark.parametrize("secret", ["06-12345678", "iemand@voorbeeld.nl", "1234 AB 12"])
def test_other_personal_data_are_left_out_and_the_question_is_answered(assistant: Assistant, secret: str) -> None:
    answer = assistant.ask(f"Mijn adres is {secret}. Wat kost de verbouwing van de wijkbibliotheek?")
    assert answer.status == "answered"
    assert "1.250.000" in answer.text
    assert "weggelaten" in answer.notices[0]


def test_a_question_of_which_nothing_is_left_is_refused(assistant: Assistant) -> None:
    assert assistant.ask("Mijn e-mailadres is iemand@voorbeeld.nl").status == "refused"
    assert assistant.ask("06-12345678").status == "refused"


def _real_questions(shared: Path) -> Iterator[str]:
    for path in sorted((shared / "questions").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line).get("question") or ""


@pytest.mark.real
def test_no_real_question_holds_anything_that_is_masked(shared: Path) -> None:
    assert [question for question in _real_questions(shared) if mask(question).found] == []


@pytest.mark.parametrize("part", ["a", "a.b", "1 ", "06 ", "1234 AB ", "NL91", "((0", "a@"])
def test_masking_takes_no_longer_than_the_text_is_long(part: str) -> None:
    def cost(length: int) -> float:
        started = time.process_time()
        mask(part * (length // len(part)))
        return time.process_time() - started

    assert min(cost(80_000) for _ in range(2)) < 30 * max(cost(10_000), 0.005)  # eight times the text; squared: 64
