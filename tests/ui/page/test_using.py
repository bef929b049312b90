"""What a reader does with an answer, in Dutch and in English: take it along, judge it, ask further, look it up."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from index.language import Language, say
from ui.acts import REASONS
from ui.desk import Desk
from ui.feedback import Feedback

SAID = "In het Havenkwartier komen 640 woningen."
HOMES = "Hoeveel woningen worden er in het Havenkwartier gebouwd?"


@pytest.fixture(scope="module", params=["nl", "en"])
def language(request: pytest.FixtureRequest) -> Language:
    found: Language = request.param
    return found


@pytest.fixture(scope="module")
def reader(open_page: Callable[..., Any], samples_address: str, language: Language) -> Any:
    """One reader of the samples, whose browser may use the clipboard."""
    path = "/" if language == "nl" else "/en/"
    return open_page(
        samples_address + path,
        permissions=["clipboard-read", "clipboard-write"],
        accept_downloads=True,
        locale="nl-NL" if language == "nl" else "en-GB",
    )


@pytest.fixture
def asked(reader: Any) -> Any:
    """The one turn of a new conversation: a question that the samples answer."""
    reader.begin()
    return reader.ask(HOMES)


def test_an_answer_is_copied_with_its_sources(reader: Any, asked: Any, language: Language) -> None:
    asked.locator("button[name=copy]").click()
    asked.get_by_text(say("page.copied", language)).wait_for()
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert HOMES in copied and "640 woningen. [1]" in copied and "Havenkwartier, vraag 1" in copied
    assert say("page.check", language) in copied and say("page.sample", language) in copied


def test_what_is_copied_by_hand_says_that_it_must_be_checked(reader: Any, asked: Any, language: Language) -> None:
    asked.locator(".text").evaluate("(element) => getSelection().selectAllChildren(element)")
    reader.page.keyboard.press("Control+c")
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("In het Havenkwartier") and say("page.check", language) in copied


@pytest.mark.parametrize(("form", "suffix"), [("markdown", ".md"), ("html", ".html"), ("receipt", ".json")])
def test_an_answer_is_saved(reader: Any, language: Language, form: str, suffix: str) -> None:
    reader.begin()
    turn = reader.ask(HOMES)
    turn.locator(".save summary").click()
    with reader.page.expect_download() as download:
        turn.get_by_role("button", name=say(f"page.save_{form}", language)).click()
    assert download.value.suggested_filename.endswith(suffix)
    text = download.value.path().read_text(encoding="utf-8")
    assert "640" in text and (form == "receipt" or say("page.check", language) in text)
    if form == "receipt":
        assert json.loads(text)["answer"]["citations"][0]["quote"].startswith(SAID)


def test_a_good_answer_is_judged_at_a_click_and_the_judgement_stays_to_be_seen(
    reader: Any, asked: Any, language: Language, samples: Desk
) -> None:
    feedback = Feedback(samples.store.folder / "store.sqlite")
    before = len(list(feedback.all()))
    asked.locator("button[name=up]").click()
    asked.get_by_text(say("page.judge_thanks", language)).wait_for()
    last = list(feedback.all())[before]
    assert (last.verdict, last.reasons, last.question) == ("up", (), None)
    reader.ask("Hoe lang wachten kinderen op jeugdhulp?", 2)
    assert reader.page.locator("#turn-1 .thanks").is_visible()


def test_a_bad_answer_is_judged_with_a_reason(reader: Any, asked: Any, language: Language, samples: Desk) -> None:
    asked.locator("button[name=down]").click()
    reasons = asked.locator("button[name=reason]")
    assert reasons.all_inner_texts() == [say(f"page.reason_{reason}", language) for reason in REASONS]
    assert reader.page.evaluate("document.activeElement.name") == "reason"
    reasons.nth(4).click()
    asked.get_by_text(say("page.judge_thanks", language)).wait_for()
    assert list(Feedback(samples.store.folder / "store.sqlite").all())[-1].reasons == ("outdated",)


def test_what_can_be_asked_next_is_asked_at_a_click(reader: Any, asked: Any, language: Language) -> None:
    assert asked.locator(".further h3").inner_text() == say("page.further", language)
    following = asked.locator(".further button").nth(1)
    question = following.inner_text()
    following.click()
    turn = reader.page.locator("#turn-2.done")
    turn.wait_for()
    assert question in turn.locator(".asked").inner_text()
    assert turn.locator(".status").inner_text() == say("page.status.answered", language)


def test_the_whole_document_is_shown_with_the_words_marked_and_boxed_on_their_page(
    reader: Any, asked: Any, language: Language
) -> None:
    asked.locator("a.show").first.click()
    shown = reader.page.locator("#document-window")
    shown.locator("mark").wait_for()
    assert shown.locator("mark").inner_text().startswith(SAID)
    assert shown.locator("mark").evaluate("(mark) => mark === document.activeElement")
    assert say("view.understood", language) in shown.inner_text() and "vraag 10" in shown.inner_text()
    image = shown.locator(".page img")
    image.evaluate("(image) => image.decode()")
    assert image.evaluate("(image) => image.naturalWidth") > 500
    box, sheet = shown.locator("rect").first.bounding_box(), image.bounding_box()
    assert sheet["x"] < box["x"] and box["x"] + box["width"] < sheet["x"] + sheet["width"]
    reader.page.keyboard.press("Escape")
    assert not shown.is_visible()
    assert reader.page.evaluate("document.activeElement.className") == "show"


def test_a_search_is_limited_and_the_limit_taken_away(reader: Any, language: Language) -> None:
    reader.begin()
    page = reader.page
    page.click("#narrow summary")
    page.check("#narrow input[value=letter]")
    page.fill("#narrow input[name=since]", "2024-02-01")
    chips = page.locator("#chips button")
    assert [chip.partition("\n")[0] for chip in chips.all_inner_texts()] == [
        say("kind.letter", language),
        say("page.limited_since", language, date="1 februari 2024" if language == "nl" else "1 February 2024"),
    ]
    turn = reader.ask(HOMES)
    assert turn.locator(".status").inner_text() == say("page.status.unanswerable", language)
    assert say("kind.letter", language) in turn.locator(".limited").inner_text()
    chips.first.click()
    chips.first.click()
    assert chips.count() == 0 and not page.is_checked("#narrow input[value=letter]")
    turn = reader.ask(HOMES, 2)
    assert "640" in turn.locator(".text").inner_text() and turn.locator(".limited").count() == 0


def test_a_limit_that_stands_in_the_question_is_shown_and_can_be_taken_away(reader: Any, language: Language) -> None:
    reader.begin()
    turn = reader.ask("Wat staat er in de Kamerbrief over het aantal woningen in het Havenkwartier?")
    chip = turn.locator("button.chip")
    assert say("kind.letter", language) in chip.inner_text()
    chip.click()
    again = reader.page.locator("#turn-2.done")
    again.wait_for()
    assert again.locator(".limited").count() == 0 and "Havenkwartier" in again.locator(".asked").inner_text()


def test_the_conversation_survives_a_reload_and_is_cleared_at_a_click(reader: Any) -> None:
    page = reader.page
    reader.begin()
    reader.ask(HOMES)
    reader.ask("En hoeveel daarvan zijn sociale huurwoningen?", 2)
    before = [page.locator(f"#turn-{n} .text").inner_text() for n in (1, 2)]
    page.reload()
    page.locator("#turn-2.done").wait_for()
    assert [page.locator(f"#turn-{n} .text").inner_text() for n in (1, 2)] == before
    assert page.locator("#turn-1 mark").first.inner_text().startswith(SAID)
    assert "3" in reader.ask("Hoe lang wachten kinderen op jeugdhulp?", 3).get_attribute("id")
    page.click("#clear")
    page.locator("#welcome").wait_for()
    page.reload()
    page.wait_for_selector("#narrow", state="attached")
    page.wait_for_timeout(800)
    assert page.locator(".turn").count() == 0 and page.evaluate("sessionStorage.length") == 0


def test_how_an_answer_came_about_is_told_in_the_reader_s_language(asked: Any, language: Language) -> None:
    asked.locator(".trace summary").click()
    rows = asked.locator(".trace tbody tr").all_inner_texts()
    assert any(row.startswith(say("page.step.retrieve", language)) for row in rows)
    assert say("answer.status_answered", language) in rows[-1]
    other = {"nl": "answered", "en": "beantwoord"}[language]
    assert other not in " ".join(rows)


def test_a_greeting_is_returned_and_not_turned_down(reader: Any, language: Language) -> None:
    reader.begin()
    turn = reader.ask("Hallo!")
    assert turn.locator(".status").inner_text() == say("page.status.reply", language)
    assert turn.locator(".acts").count() == 0


def test_nothing_found_offers_the_nearest_documents_and_part_of_it_says_which(reader: Any, language: Language) -> None:
    reader.begin()
    nothing = reader.ask("Hoeveel zeppelins vliegen er boven het Havenkwartier?")
    assert nothing.locator(".status").inner_text() == say("page.status.unanswerable", language)
    assert nothing.locator(".suggestions h3").inner_text() == say("page.suggestions", language)
    assert nothing.locator(".suggestions a.show").count() >= 1
    partly = reader.ask("Hoeveel woningen komen er in het Havenkwartier en hoeveel zeppelins vliegen er?", 2)
    assert partly.locator(".status").inner_text() == say("page.status.partial", language)
    assert "zeppelins" in partly.locator(".notice").first.inner_text()


def test_the_console_stayed_silent_and_no_other_host_was_asked(reader: Any, samples_address: str, outside: Any) -> None:
    assert [url for url in reader.requests if not url.startswith((samples_address, "data:", "blob:"))] == []
    assert outside.asked == []
    assert reader.console == []


def test_a_server_that_began_anew_loses_no_conversation(open_page: Callable[..., Any], samples_address: str) -> None:
    watched = open_page(samples_address)
    watched.ask(HOMES)
    # What a restart leaves on the server: fewer turns than the page shows.
    watched.page.evaluate("fill(document.querySelector('#count textarea'), '2')")
    watched.ask("Hoe lang wachten kinderen op jeugdhulp?", 2)
    assert "640 woningen" in watched.page.locator("#turn-1").inner_text()
    assert watched.page.locator(".turn").count() == 2
