"""The library as an administrator meets it: files dropped, read, updated and removed while another reader goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from index.language import Language, say
from ui.settings import Settings

LETTER = """Vergaderjaar 2024–2025

**voorbeeld-brief-2025-9**

**Speeltuinen**

**BRIEF VAN DE WETHOUDER SPEELRUIMTE**

Aan de gemeenteraad van Voorbeeldstad

Voorbeeldstad, 4 april 2025

Betreft: Nieuwe toestellen in de speeltuin

De speeltuin aan de Wilgenlaan krijgt {count} nieuwe schommels. De gemeente betaalt dat uit de reserve.
"""
TITLE = "Nieuwe toestellen in de speeltuin"


@pytest.fixture(scope="module")
def address(serving: Callable[..., AbstractContextManager[str]], copied_settings: Settings) -> Iterator[str]:
    """A desk over a copy of the samples, for here it is changed."""
    from ui.compose import make_desk

    with serving(make_desk(copied_settings), copied_settings) as url:
        yield url


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_document_is_dropped_updated_and_removed_while_another_reader_asks(
    open_page: Callable[..., Any], address: str, tmp_path: Path, language: Language
) -> None:
    path = "/" if language == "nl" else "/en/"
    reader = open_page(address + path)
    library = open_page(f"{address}{path}library", "#add")
    page = library.page
    page.locator("#add summary").click()
    page.evaluate(
        """() => { window.doing = []; new MutationObserver(() => {
            const text = document.getElementById("doing").textContent;
            if (text && text !== window.doing.at(-1)) window.doing.push(text);
        }).observe(document.getElementById("progress"), { subtree: true, childList: true, characterData: true }); }"""
    )
    for number, count in enumerate((12, 15), 1):
        file = tmp_path / "speeltuin.md"
        file.write_text(LETTER.format(count=count), encoding="utf-8")
        page.set_input_files("#files", file)
        page.get_by_text(say("view.add_added", language, count=1, failed=0)).wait_for(timeout=60_000)
        assert page.locator("#files-done").inner_text() == f"speeltuin.md: {say('view.add_there', language)}"
        shown = reader.ask("Hoeveel nieuwe schommels krijgt de speeltuin aan de Wilgenlaan?", number)
        assert f"{count} nieuwe schommels" in shown.locator(".text").inner_text()
    doing = " ".join(page.evaluate("window.doing"))
    assert "100" in doing and say("view.add_reading", language, done=0, total=1) in doing
    item = page.locator(".document", has_text=TITLE)
    assert "14" in page.locator(".intro").inner_text()
    page.once("dialog", lambda dialog: dialog.dismiss())
    item.locator(".remove").click()
    assert item.count() == 1
    page.once("dialog", lambda dialog: dialog.accept())
    item.locator(".remove").click()
    page.get_by_text(say("view.add_removed", language, title=TITLE)).wait_for()
    item.wait_for(state="detached")
    gone = reader.ask("Hoeveel nieuwe schommels krijgt de speeltuin aan de Wilgenlaan?", 3)
    assert gone.locator(".status").inner_text() == say("page.status.unanswerable", language)
    assert library.console == [] and reader.console == []


def test_files_are_dropped_on_the_page_and_one_that_cannot_be_read_is_named(
    open_page: Callable[..., Any], address: str
) -> None:
    library = open_page(f"{address}/library", "#add")
    page = library.page
    page.locator("#add summary").click()
    data = page.evaluate_handle(
        """() => { const data = new DataTransfer();
            data.items.add(new File(["%PDF-1.7 kapot"], "<img src=x onerror=window.broken=1>.pdf"));
            return data; }"""
    )
    page.dispatch_event(".drop", "drop", {"dataTransfer": data})
    page.get_by_text(say("view.add_added", "nl", count=0, failed=1)).wait_for(timeout=60_000)
    assert page.locator("#files-done .failed").count() == 1
    assert page.evaluate("window.broken") is None


def test_the_library_is_searched_and_leads_to_the_passage(open_page: Callable[..., Any], address: str) -> None:
    library = open_page(f"{address}/library", "main")
    page = library.page
    page.fill("input[name=q]", "wachttijd jeugdhulp")
    page.keyboard.press("Enter")
    page.get_by_text("Gevonden voor").wait_for()
    page.locator("#found ul ul a").first.click()
    page.locator("mark").first.wait_for()
    assert "jeugdhulp" in page.locator("mark").first.inner_text().lower()
    page.locator(".understood summary").first.click()
    assert say("view.question", "nl") in page.locator(".understood details[open]").inner_text()
    page.click(".language")
    page.get_by_text(say("view.understood", "en")).wait_for()
    assert page.locator("mark").count() >= 1
    page.get_by_role("link", name=say("page.view_questions", "en")).click()
    page.wait_for_selector("#narrow", state="attached")
