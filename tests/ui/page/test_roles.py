"""The desk that asks who one is, in the browser: a desk user asks, an administrator changes documents, both leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.language import say
from ui.access.accounts import Accounts
from ui.settings import Settings

PASSWORD = "een heel lang wachtwoord"
QUESTION = "Hoeveel bankjes komen er in het Lindepark?"
LETTER = """Vergaderjaar 2024–2025

**voorbeeld-brief-2025-12**

**Parken**

**BRIEF VAN DE WETHOUDER GROEN**

Aan de gemeenteraad van Voorbeeldstad

Voorbeeldstad, 6 mei 2025

Betreft: Bankjes in het Lindepark

Er komen {count} bankjes in het Lindepark. De gemeente betaalt ze zelf.
"""


@pytest.fixture(scope="module")
def address(serving: Callable[..., AbstractContextManager[str]], copied_settings: Settings) -> Iterator[str]:
    """A desk with two users over a copy of the samples, for here it is changed."""
    from ui.compose import make_desk

    settings = replace(copied_settings, auth="required")
    accounts = Accounts(settings.desk_folder)
    accounts.put_user("balie", "desk", PASSWORD)
    accounts.put_user("beheer", "administrator", PASSWORD)
    with serving(make_desk(settings), settings) as url:
        yield url


def log_in(page: Any, name: str) -> None:
    """Fill in the form that a stranger is sent to."""
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")


def test_a_desk_user_asks_while_an_administrator_changes_the_documents(
    open_page: Callable[..., Any], address: str, tmp_path: Path
) -> None:
    reader = open_page(f"{address}/library?q=jeugdhulp", "form")
    log_in(reader.page, "balie")
    reader.page.wait_for_url("**/library?q=jeugdhulp")
    assert reader.page.locator(".document").count() and not reader.page.locator("#add, .remove").count()
    assert reader.page.locator(".who").inner_text().endswith("balie")
    reader.page.goto(address)
    reader.page.locator(".logout").wait_for()
    refused = reader.page.evaluate("fetch('api/documents/x', { method: 'DELETE' }).then((answer) => answer.status)")
    assert refused == 403

    keeper = open_page(f"{address}/library", "form")
    log_in(keeper.page, "beheer")
    keeper.page.locator("#add summary").click()
    for number, count in enumerate((12, 15), 1):
        file = tmp_path / "lindepark.md"
        file.write_text(LETTER.format(count=count), encoding="utf-8")
        keeper.page.set_input_files("#files", file)
        keeper.page.locator("#progress").wait_for()
        keeper.page.get_by_text(say("view.add_added", "nl", count=1, failed=0)).wait_for(timeout=90_000)
        shown = reader.ask(QUESTION, number)
        assert f"{count} bankjes" in shown.locator(".text").inner_text()
    keeper.page.once("dialog", lambda dialog: dialog.accept())
    item = keeper.page.locator(".document", has_text="Bankjes in het Lindepark")
    item.locator(".remove").click()
    item.wait_for(state="detached")
    assert reader.ask(QUESTION, 3).locator(".status").inner_text() == say("page.status.unanswerable", "nl")
    assert reader.violations() == []


def test_who_leaves_leaves_no_conversation_behind_in_any_tab(open_page: Callable[..., Any], address: str) -> None:
    reader = open_page(f"{address}/en/", "form")
    log_in(reader.page, "balie")
    reader.page.locator(".logout").wait_for()
    reader.ask("Hoeveel woningen worden er in het Havenkwartier gebouwd?")
    other = reader.page.context.new_page()
    other.goto(f"{address}/library")
    other.click(".logout")
    reader.page.wait_for_url("**/login?next=/en/")
    assert reader.page.evaluate("sessionStorage.length") == 0
    log_in(reader.page, "beheer")
    reader.page.locator(".logout").wait_for()
    assert not reader.page.locator(".turn").count()


def test_a_session_that_is_over_is_said_and_the_conversation_comes_back(
    open_page: Callable[..., Any], address: str
) -> None:
    reader = open_page(f"{address}/", "form")
    page = reader.page
    log_in(page, "balie")
    page.locator(".logout").wait_for()
    reader.ask("Hoeveel woningen worden er in het Havenkwartier gebouwd?")
    page.context.clear_cookies()
    page.fill("#question textarea", "Wanneer begint de bouw?")
    page.keyboard.press("Enter")
    page.locator("#refused", has_text=say("page.logged_out", "nl")).wait_for()
    assert not page.locator(".toast-body").is_visible()
    page.get_by_role("link", name=say("page.log_in", "nl")).click()
    log_in(page, "balie")
    page.locator("#turn-1.done").wait_for()
    assert "640 woningen" in page.locator("#turn-1").inner_text()
