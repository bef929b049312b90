"""Who cannot use a mouse, or see well, or has a small screen: axe-core on every view, keyboard, reflow, dark, calm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from index.language import say

HOMES = "Hoeveel woningen worden er in het Havenkwartier gebouwd?"
VIEWS = ("library", "library?q=jeugdhulp", "privacy", "accessibility", "document?id=voorbeeld-ah-2024-27")


@pytest.mark.parametrize(("path", "language", "scheme"), [("/", "nl", "light"), ("/en/", "en", "dark")])
def test_no_state_of_the_conversation_violates_wcag(
    open_page: Callable[..., Any], samples_address: str, path: str, language: Any, scheme: str
) -> None:
    watched = open_page(samples_address + path, color_scheme=scheme)
    page = watched.page
    assert watched.violations() == [], "empty"
    page.click("#narrow summary")
    page.check("#narrow input[value=letter]")
    assert watched.violations() == [], "limits"
    assert watched.ask(HOMES).locator(".status").inner_text() == say("page.status.unanswerable", language)
    page.locator("#chips button").click()
    page.click("#narrow summary")
    turn = watched.ask(f"{HOMES[:-1]} en hoeveel zeppelins vliegen er?", 2)
    for opened in (".trace summary", ".save summary"):
        turn.locator(opened).click()
    turn.locator("button[name=down]").click()
    assert watched.violations() == [], "answers"
    page.keyboard.press("Escape")
    turn.locator("a.show").first.click()
    page.locator("#document-window mark").wait_for()
    assert watched.violations() == [], "document"


@pytest.mark.parametrize("path", ["/", "/en/"])
def test_no_view_beside_the_conversation_violates_wcag_or_is_wider_than_320_pixels(
    open_page: Callable[..., Any], samples_address: str, path: str
) -> None:
    watched = open_page(samples_address + path + VIEWS[0], "main")
    for view in VIEWS:
        watched.page.set_viewport_size({"width": 1280, "height": 800})
        watched.page.goto(samples_address + path + view)
        for summary in watched.page.locator("main > details > summary, form summary").all():
            summary.click()
        assert watched.violations() == [], view
        watched.page.set_viewport_size({"width": 320, "height": 640})
        assert watched.width() <= 320, view
    assert watched.console == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_neither_logging_in_nor_the_api_violates_wcag_or_is_wider_than_320_pixels(
    open_page: Callable[..., Any], samples_address: str, scheme: str
) -> None:
    watched = open_page(
        f"{samples_address}/login?next=/", "main", color_scheme=scheme, viewport={"width": 320, "height": 640}
    )
    page = watched.page
    for name in ("name", "password"):
        page.fill(f"[name={name}]", "onbekend")
    page.keyboard.press("Enter")
    page.get_by_text(say("access.wrong", "nl")).wait_for()
    assert watched.violations() == [] and watched.width() <= 320
    page.click(".language")
    page.get_by_label(say("access.field_name", "en")).focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.goto(f"{samples_address}/api/docs")
    page.locator("summary").first.click()
    assert watched.violations() == [] and watched.width() <= 320
    page.goto(f"{samples_address}/nergens")
    page.get_by_text(say("api.nothing", "en")).wait_for()
    assert watched.violations() == []


def test_axe_would_have_seen_a_violation(open_page: Callable[..., Any], samples_address: str) -> None:
    watched = open_page(samples_address + "/privacy", "main")
    watched.page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=desk/favicon.svg>')"
    )
    assert [found.partition(":")[0] for found in watched.violations()] == ["image-alt"]


def test_at_320_pixels_and_at_400_percent_nothing_is_cut_off_or_covered(
    open_page: Callable[..., Any], samples_address: str
) -> None:
    # WCAG 1.4.10: 1280 by 1024 pixels at 400 % leave 320 by 256.
    watched = open_page(samples_address, viewport={"width": 320, "height": 256})
    page = watched.page
    page.click("#narrow summary")
    turn = watched.ask(HOMES)
    turn.locator(".trace summary").click()
    turn.locator(".save summary").click()
    turn.locator("button[name=down]").click()
    assert watched.width() <= 320
    page.evaluate(
        """(word) => { document.querySelector(".source h4").textContent = word;
            document.querySelector(".source mark").textContent = word; }""",
        "Arbeidsmarktdiscriminatiebestrijdingsprogramma’s",
    )
    assert watched.width() <= 320
    cut = page.evaluate(
        """() => [...document.querySelectorAll("button, a, summary, input, select, textarea, mark, h2")]
            .filter((e) => e.checkVisibility() && !e.closest(".sr, #hand, #document-window"))
            .filter((e) => e.getBoundingClientRect().right > 321 || e.getBoundingClientRect().left < -1)
            .map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert cut == []
    # WCAG 2.4.11: what has the focus is not hidden by the question box.
    for focused in turn.locator("button, a, summary").all():
        if focused.is_visible():
            focused.focus()
            hidden = focused.evaluate(
                """(e) => { const box = e.getBoundingClientRect();
                    const over = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                    return !(over && (e.contains(over) || over.contains(e))); }"""
            )
            assert not hidden, focused.inner_text()
    turn.locator("a.show").first.click()
    page.locator("#document-window mark").wait_for()
    assert page.evaluate(
        "(d => d.scrollWidth <= d.clientWidth + 1)(document.querySelector('#document-window .inside'))"
    )


def test_everything_is_done_with_the_keyboard_alone(open_page: Callable[..., Any], samples_address: str) -> None:
    watched = open_page(samples_address)
    page, keys = watched.page, watched.page.keyboard

    def tab_to(script: str) -> None:
        for _ in range(60):
            keys.press("Tab")
            if page.evaluate(f"(e => {script})(document.activeElement)"):
                shown = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert shown != "none", script
                return
        raise AssertionError(script)

    tab_to("e.textContent.includes('energietoeslag')")  # an example
    tab_to("e.matches('#question textarea')")
    keys.type(HOMES)
    keys.press("Enter")
    page.locator("#turn-1.done").wait_for()
    page.evaluate("document.querySelector('#asked-1').focus()")
    tab_to("e.matches('.cite')")
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "quote-1-1"
    tab_to("e.matches('a.show')")
    keys.press("Enter")
    page.locator("#document-window mark").wait_for()
    keys.press("Escape")
    page.evaluate("document.querySelector('#asked-1').focus()")
    tab_to("e.name === 'copy'")
    tab_to("e.matches('.save summary')")
    keys.press("Enter")
    tab_to("e.value === 'html'")
    tab_to("e.name === 'down'")
    keys.press("Enter")
    keys.press("Tab")
    assert page.evaluate("document.activeElement.value") == "1 incomplete"
    keys.press("Enter")
    page.locator("#turn-1 .thanks").wait_for()
    tab_to("e.name === 'ask'")
    keys.press("Enter")
    page.locator("#turn-2.done").wait_for()
    page.focus("#question textarea")
    tab_to("e.matches('#clear')")
    keys.press("Enter")
    page.locator("#welcome").wait_for()


def test_who_wants_less_motion_gets_none(open_page: Callable[..., Any], samples_address: str) -> None:
    page = open_page(samples_address + "/privacy", "main", reduced_motion="reduce").page
    page.evaluate("document.querySelector('main').className = 'dots'")
    moving = page.evaluate("getComputedStyle(document.querySelector('main')).animationName")
    assert moving == "none"
    assert page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")


def test_a_lost_connection_is_said_and_taken_back(open_page: Callable[..., Any], samples_address: str) -> None:
    watched = open_page(samples_address)
    page, words = watched.page, say("page.offline", "nl")
    page.route("**/healthz", lambda route: route.abort())
    page.evaluate("checkConnection()")
    page.get_by_text(words).first.wait_for()
    assert page.locator("#vraagbaak-live").inner_text() == words
    page.unroute("**/healthz")
    page.evaluate("checkConnection()")
    page.wait_for_function("!document.documentElement.classList.contains('is-offline')")
