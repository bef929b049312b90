"""Asking a question, as a reader meets it: the answer, its marks and sources, what is not found, what is stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import pytest

from index.values import Document, Passage
from rag.values import Answer, Citation, Sentence, Step, Suggestion
from ui.desk import Desk

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext


def test_a_question_typed_is_answered_with_its_source_marked(
    open_page: Callable[..., Any], address: str, whole: Answer
) -> None:
    watched = open_page(address)
    turn = watched.ask("Wanneer is het onderzoek naar de fietsbrug klaar?")
    text = " ".join(turn.locator(".text").inner_text().split())
    assert "in het najaar van 2024 klaar." in text and "[1]" in text
    assert turn.locator("mark").all_inner_texts() == [citation.quote for citation in whole.citations]
    turn.locator("a.cite").nth(1).click()
    assert watched.page.evaluate("document.activeElement.id") == "quote-1-2"
    assert watched.page.locator(".source.chosen").count() == 1
    link = turn.locator("a.official").get_attribute("href")
    assert link is not None and link.startswith("https://zoek.officielebekendmakingen.nl/") and ":~:text=" in link


def test_nothing_is_asked_of_any_other_host_and_the_console_stays_silent(
    open_page: Callable[..., Any], address: str, outside: Any
) -> None:
    watched = open_page(address)
    watched.ask("Wanneer?")
    watched.page.wait_for_timeout(1500)
    assert [url for url in watched.requests if not url.startswith((address, "data:", "blob:"))] == []
    assert outside.asked == []
    assert watched.console == []


def test_a_request_to_another_host_would_have_been_seen(contexts: Callable[..., BrowserContext], outside: Any) -> None:
    from playwright.sync_api import Error

    before = len(outside.asked)
    with pytest.raises(Error):
        contexts().new_page().goto("http://elders.example/")
    assert "elders.example" in outside.asked[before]
    del outside.asked[before:]


def test_the_page_may_not_ask_anything_of_another_host(open_page: Callable[..., Any], address: str) -> None:
    watched = open_page(address)
    blocked = watched.page.evaluate(
        "fetch('https://elders.example/').then(() => 'got through', (error) => String(error))"
    )
    assert "Failed to fetch" in blocked
    assert any("Content Security Policy" in line for line in watched.console)


def test_an_answer_streams_and_is_announced_once_it_is_whole(open_page: Callable[..., Any], address: str) -> None:
    watched = open_page(address)
    watched.page.evaluate(
        """() => {
            window.seen = []; window.said = [];
            new MutationObserver(() => {
                const text = document.querySelector("#current .text")?.innerText ?? "";
                if (text !== window.seen.at(-1)) window.seen.push(text);
                const said = document.getElementById("vraagbaak-live")?.textContent ?? "";
                if (said && said !== window.said.at(-1)) window.said.push(said);
            }).observe(document, { subtree: true, childList: true, characterData: true });
        }"""
    )
    watched.ask("Wanneer?")
    watched.page.wait_for_timeout(200)
    lengths = [len(text) for text in watched.page.evaluate("window.seen")]
    assert len(lengths) >= 3 and lengths == sorted(lengths)
    said = watched.page.evaluate("window.said")
    assert [line.partition(".")[0] for line in said] == ["Uw vraag is verstuurd", "Het antwoord is klaar"]


def test_each_turn_keeps_its_own_sources(open_page: Callable[..., Any], address: str) -> None:
    watched = open_page(address)
    watched.ask("Wanneer?")
    watched.ask("Staat hier niets over?", 2)
    third = watched.ask("En wie beslist daarna?", 3)
    assert watched.page.locator("#turn-1 mark").count() == 2
    assert watched.page.locator("#turn-2 .source").count() == 0
    third.locator("a.cite").first.click()
    assert watched.page.evaluate("document.activeElement.id") == "quote-3-1"


def test_what_is_not_found_or_fails_is_said_in_words(open_page: Callable[..., Any], address: str) -> None:
    watched = open_page(address)
    assert "Niet gevonden" in watched.ask("Staat hier niets over?").inner_text()
    failed = watched.ask("Gaat dit fout?", 2).inner_text()
    assert "Er ging iets mis" in failed and "secret" not in failed


def test_an_empty_question_is_not_asked(open_page: Callable[..., Any], address: str) -> None:
    watched = open_page(address)
    watched.page.fill("#question textarea", "   ")
    watched.page.click("#send")
    watched.page.get_by_text("Typ eerst een vraag.").wait_for()
    assert watched.page.locator(".turn").count() == 0


def test_a_question_has_a_limit(open_page: Callable[..., Any], address: str) -> None:
    page = open_page(address).page
    box = page.locator("#question textarea")
    assert box.get_attribute("maxlength") == "500"
    box.press_sequentially("Waarom? ")
    assert page.locator("#left").inner_text() == ""
    box.fill("x" * 480)
    assert page.locator("#left").inner_text() == "Nog 20 tekens"


def test_an_example_is_asked_at_a_click_and_a_new_conversation_starts_clean(
    open_page: Callable[..., Any], address: str
) -> None:
    page = open_page(address).page
    example = page.locator("#examples button").first
    question = example.inner_text()
    example.click()
    page.locator("#turn-1.done").wait_for()
    assert question in page.locator("#turn-1 .asked").inner_text()
    page.click("#clear")
    page.locator("#welcome").wait_for()
    assert page.locator(".turn").count() == 0


def test_a_new_conversation_is_offered_only_when_the_answer_has_wholly_ended(
    open_page: Callable[..., Any], address: str
) -> None:
    page = open_page(address).page
    held: list[Any] = []

    def hold(request: Any) -> None:
        held.append(request)

    page.route("**/gradio_api/run/**", hold)
    with page.expect_request("**/gradio_api/run/**"):
        page.locator("#examples button").first.click()
    page.locator("#turn-1.done").wait_for()
    assert page.locator("#stop").is_visible() and not page.locator("#clear").is_visible()
    for request in held:
        request.continue_()
    page.unroute("**/gradio_api/run/**")
    page.locator("#clear").wait_for()


def test_a_running_answer_can_be_stopped(
    open_page: Callable[..., Any],
    serving: Callable[..., AbstractContextManager[str]],
    small_desk: Callable[..., Desk],
) -> None:
    with serving(small_desk(pause=3)) as url:
        page = open_page(url).page
        page.fill("#question textarea", "Wanneer?")
        page.keyboard.press("Enter")
        page.click("#stop")
        stopped = page.locator("#turn-1.stopped")
        stopped.wait_for()
        assert "niet af" in stopped.inner_text()
        page.locator("#send").wait_for()
        page.wait_for_timeout(4000)
        assert page.locator("#turn-1.stopped").count() == 1


def test_hostile_words_in_documents_questions_and_models_run_nothing(
    open_page: Callable[..., Any],
    serving: Callable[..., AbstractContextManager[str]],
    small_desk: Callable[..., Desk],
    passage_of: Callable[..., Passage],
    cite: Callable[..., Citation],
) -> None:
    payload = (
        "<script>window.broken=1</script><img src=x onerror=window.broken=1>\n\n"
        "[x](javascript:window.broken=1) <svg onload=window.broken=1></article>"
    )
    document = Document(payload, "answer", payload, payload, url="javascript:window.broken=1")
    passage = passage_of(f"Voor {payload} na.", label=payload, question=payload)
    hostile = Answer(
        id=payload,
        question=payload,
        status="answered",
        sentences=(Sentence(payload, (1,), "verbatim"),),
        citations=(cite(1, payload, passage, document),),
        notices=(payload,),
        suggestions=(Suggestion(passage, document),),
        model=payload,
        trace=(Step(payload, 0.1, payload),),
    )

    class Hostile:
        def stream(self, *_: object, **__: object) -> Iterator[Answer]:
            yield hostile

    with serving(small_desk(assistant=Hostile(), documents=lambda: [document], store_label=payload)) as url:
        watched = open_page(url)
        turn = watched.ask("<img src=x onerror=window.broken=1>")
        assert "<script>window.broken=1</script>" in turn.locator("mark").first.inner_text()
        assert turn.locator("img, script, svg, iframe").count() == 0
        assert watched.page.evaluate("window.broken") is None
        assert watched.page.locator('a[href^="javascript"]').count() == 0
        assert watched.console == []


def test_samples_are_called_samples_and_the_machine_a_machine(open_page: Callable[..., Any], address: str) -> None:
    shown = open_page(address).page.locator("body").inner_text()
    assert "verzonnen gemeente" in shown
    assert "computer" in shown and "Uw vraag gaat niet naar buiten" in shown


def test_the_page_fits_in_320_pixels(open_page: Callable[..., Any], address: str) -> None:
    watched = open_page(address, viewport={"width": 320, "height": 640})
    watched.ask("Wanneer?")
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_keyboard_alone_reaches_a_source_and_its_words(open_page: Callable[..., Any], address: str) -> None:
    watched = open_page(address)
    page = watched.page
    watched.ask("Wanneer?")
    page.evaluate("document.querySelector('#asked-1').focus()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.cite')")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "quote-1-1"


def test_what_a_reader_opened_stays_open_while_the_conversation_goes_on(
    open_page: Callable[..., Any], address: str
) -> None:
    watched = open_page(address)
    watched.ask("Wanneer?").locator(".trace summary").click()
    watched.ask("En dan?", 2)
    assert watched.page.locator("#trace-1").get_attribute("open") is not None


def test_the_other_language_is_one_click_away(open_page: Callable[..., Any], address: str) -> None:
    watched = open_page(address)
    watched.page.click("a.language")
    watched.page.get_by_role("button", name="Ask").wait_for()
    assert watched.page.url.endswith("/en/")
    assert "Answered" in watched.ask("Wanneer?").inner_text()
    assert watched.page.evaluate("document.documentElement.lang") == "en"


def test_a_question_about_the_samples_shows_what_the_assistant_answers(
    open_page: Callable[..., Any], samples: Desk, samples_address: str
) -> None:
    question = "Hoeveel woningen worden er in het Havenkwartier gebouwd?"
    answer = samples.assistant.ask(question)
    assert answer.status == "answered" and "640" in answer.text
    watched = open_page(samples_address)
    turn = watched.ask(question)
    assert "Beantwoord" in turn.inner_text()
    shown = " ".join(turn.locator(".text").inner_text().split())
    assert shown == " ".join(answer.text.split())
    marked = "".join("".join(turn.locator(".source > .passage mark").all_inner_texts()).split())
    assert marked == "".join("".join(citation.quote for citation in answer.citations).split())
    assert turn.locator(".source .sample").first.inner_text() == "voorbeelddocument"
    assert turn.locator("a.official").count() == 0
    nothing = watched.ask("Wie is de koning van Noorwegen?", 2)
    assert "Niet gevonden" in nothing.inner_text() and nothing.locator(".source").count() == 0
    assert watched.console == []


def test_every_example_about_the_samples_has_an_answer(open_page: Callable[..., Any], samples_address: str) -> None:
    page = open_page(samples_address).page
    count = page.locator("#examples button").count()
    assert count >= 3
    for number in range(count):
        page.locator("#examples button").nth(number).click()
        turn = page.locator("#turn-1.done")
        turn.wait_for()
        assert turn.locator(".status").inner_text() == "Beantwoord", turn.inner_text()
        page.click("#clear")
        page.locator("#welcome").wait_for()
