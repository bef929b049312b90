"""The views beside the conversation, without a browser: what they show and what they refuse."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
import pytest

from index.language import say
from index.values import Document, Filters
from rag.receipt import check_receipt
from rag.values import Answer
from ui.conversation import Turn
from ui.desk import Desk
from ui.keep import kept
from ui.limits import choices_of, fields, limits_from_json, read_limits, said
from ui.settings import Settings
from ui.show import quoted, show_link
from ui.views.statement import as_html


@pytest.fixture(scope="module")
def statements(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("statements")


@pytest.fixture(scope="module")
def address(
    serving: Callable[..., AbstractContextManager[str]], small_desk: Callable[..., Desk], statements: Path
) -> Iterator[str]:
    with serving(small_desk(statements=statements, settings={"model": "extractive"})) as url:
        yield url


def marks(page: str) -> list[str]:
    return [html.unescape(re.sub("<[^>]+>", "", found)) for found in re.findall(r"<mark[^>]*>(.*?)</mark>", page)]


def test_a_source_links_to_its_document_with_the_quoted_words_marked(address: str, whole: Answer) -> None:
    page = httpx.get(f"{address}/{show_link(whole.citations)}").text
    assert marks(page) == [citation.quote for citation in whole.citations]
    assert 'id="quote-1"' in page and "Wie betaalt de fietsbrug?" in page


def test_words_that_changed_since_are_not_marked_and_the_page_says_so(address: str, whole: Answer) -> None:
    changed = replace(whole.citations[0], quote="Heel andere woorden.")
    page = httpx.get(f"{address}/{show_link([changed])}").text
    assert marks(page) == [] and "veranderd sinds het antwoord" in page


@pytest.mark.parametrize(
    "quote", ["", "x", "1.2", "1.-2.5.aaaaaaaa", "1.5.2.aaaaaaaa", "1.0.999999999.aaaaaaaa", "١.0.1.a"]
)
def test_a_span_that_is_none_marks_nothing(quote: str) -> None:
    assert quoted("de hele tekst", [quote])[0] == []


def test_a_document_that_is_gone_is_said_to_be_gone(address: str) -> None:
    answer = httpx.get(f"{address}/document", params={"id": "nergens"})
    assert answer.status_code == 404 and "niet (meer) in de verzameling" in answer.text


def test_a_document_shows_how_it_was_understood(address: str, document_of: Callable[..., Document]) -> None:
    page = httpx.get(f"{address}/en/document", params={"id": document_of().document}).text
    assert "How the program read this document" in page and 'lang="en"' in page
    for words in ("1751", "6 March 2023", "brug.txt", "vraag 5", "vraag 6", "Passages: 2"):
        assert words in page


@pytest.mark.parametrize(("path", "status"), [("/page?id=ah-tk-20222023-1751&page=1", 404), ("/page?id=x&page=y", 422)])
def test_a_page_of_what_is_no_pdf_is_refused(address: str, path: str, status: int) -> None:
    assert httpx.get(address + path).status_code == status


def test_the_library_lists_and_finds_what_the_store_holds(address: str) -> None:
    page = httpx.get(f"{address}/library").text
    assert "Hierin staat 1 document." in page and "Antwoord op vragen over de fietsbrug" in page
    found = httpx.get(f"{address}/library", params={"q": "Wie betaalt de brug?"}).text
    assert "Gevonden voor" in found and "vraag 6" in found
    assert "Niets gevonden" in httpx.get(f"{address}/library", params={"q": "zeppelin", "kind": "letter"}).text


def test_the_library_keeps_to_its_limits(address: str) -> None:
    assert "fietsbrug" not in httpx.get(f"{address}/library", params={"kind": "letter"}).text.partition('id="found"')[2]
    assert "fietsbrug" in httpx.get(f"{address}/library", params={"party": "partij a"}).text.partition('id="found"')[2]
    assert httpx.get(f"{address}/library", params={"since": "gisteren"}).status_code == 422


def test_only_an_administrator_sees_how_to_add_and_remove(
    serving: Callable[..., AbstractContextManager[str]], small_desk: Callable[..., Desk], address: str
) -> None:
    assert 'id="add"' in httpx.get(f"{address}/library").text  # on this machine everyone is one
    with serving(small_desk(), Settings(host="0.0.0.0", hosts=("desk.example",), auth="none")) as url:
        page = httpx.get(f"{url}/library", headers={"Host": "desk.example"}).text
    assert "Hierin staat 1 document." in page and 'id="add"' not in page and 'class="remove"' not in page


def test_the_operator_s_own_statement_takes_the_place_of_ours(address: str, statements: Path) -> None:
    ours = httpx.get(f"{address}/privacy").text
    assert "Wat er met uw vraag gebeurt" in ours and "geen taalmodel" in ours
    (statements / "privacy.nl.md").write_text("# Ons beleid\n\n- <b>Eén</b>\n", encoding="utf-8")
    own = httpx.get(f"{address}/privacy").text
    assert "<h1>Ons beleid</h1>" in own and "<li>&lt;b&gt;Eén&lt;/b&gt;</li>" in own
    assert "Accessibility" in httpx.get(f"{address}/en/accessibility").text
    assert as_html("een\ntwee\n\n* x") == "<p>een twee</p><ul><li>x</li></ul>"


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_an_answer_is_saved_with_its_sources_and_the_line_that_it_must_be_checked(
    address: str, whole: Answer, form: str
) -> None:
    saved = httpx.post(f"{address}/save/{form}", content=kept((Turn(whole, "done"),)))
    assert saved.status_code == 200 and "attachment" in saved.headers["content-disposition"]
    text = html.unescape(saved.text).replace("\\", "")
    for words in (whole.question, whole.citations[1].quote, "[2]", "stand van 6 maart 2023", "Controleer het antwoord"):
        assert words in text
    assert "officielebekendmakingen.nl" in text and "model: extractive" in text.lower()


def test_the_saved_receipt_can_be_verified(address: str, whole: Answer, small_desk: Callable[..., Desk]) -> None:
    receipt = httpx.post(f"{address}/save/receipt", content=kept((Turn(whole, "done"),))).json()
    with small_desk().store.snapshot() as snapshot:
        assert [check.state for check in check_receipt(receipt, snapshot.text, "x")] == ["there", "there"]
    assert receipt["settings"] == {"model": "extractive"}


def test_what_was_not_answered_is_saved_too(address: str) -> None:
    nothing = Turn(Answer("b", "Staat dit er?", "unanswerable", notices=("Het staat er niet.",)), "done")
    assert "Het staat er niet." in httpx.post(f"{address}/en/save/markdown", content=kept((nothing,))).text


@pytest.mark.parametrize(
    "path",
    [
        "/library?q=%00",
        "/library?q=%22%28%5B%7B*%3F%3A%5E~",
        "/library?q=" + "x" * 5000,
        "/library?page=-1&kind=%00&party=" + "y" * 3000,
        "/library?page=99999999999999999999999",
        "/library?page=een",
        "/library?since=9999-99-99",
        "/document",
        "/document?id=%00",
        "/document?id=..%2F..%2Fetc%2Fpasswd",
        "/document?id=ah-tk-20222023-1751" + "&quote=1.0.9.aaaaaaaa" * 300,
        "/page?id=..%2Fstore.sqlite&page=1",
        "/page?id=ah-tk-20222023-1751&page=99999999999999999999",
        "/en/document?id=%F0%9F%92%A5%ED%A0%80",
        "/privacy/../../etc/passwd",
        "/desk/..%2Fpage.py",
    ],
)
def test_a_malformed_address_is_refused_or_answered_and_breaks_nothing(address: str, path: str) -> None:
    answer = httpx.get(address + path)
    assert answer.status_code < 500 and "root:" not in answer.text and "import gradio" not in answer.text


def test_the_name_of_a_saved_file_cannot_break_out_of_its_header(address: str, whole: Answer) -> None:
    turn = Turn(replace(whole, id='x"\r\nSet-Cookie: a=b; é/../../'), "done")
    saved = httpx.post(f"{address}/save/text", content=kept((turn,)))
    assert saved.headers["content-disposition"] == 'attachment; filename="vraagbaak-xSetCookieab.txt"'
    assert "set-cookie" not in saved.headers


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"[1]", b"\xff\xfe", b"[" * 5000, b'[{"state":"done"}]'])
def test_what_is_no_answer_is_not_saved(address: str, body: bytes) -> None:
    assert httpx.post(f"{address}/save/markdown", content=body).status_code == 422
    assert httpx.post(f"{address}/save/../../etc", content=body).status_code in (404, 405)


def test_a_body_without_end_is_refused(address: str) -> None:
    assert httpx.post(f"{address}/save/text", content=b" " * 3_000_000).status_code == 413


def test_limits_are_read_and_said_again() -> None:
    filters, without = limits_from_json('{"kind": ["letter"], "since": ["2023-01-02"], "without": ["party"]}')
    assert filters == Filters(kinds=("letter",), since=date(2023, 1, 2)) and without == ("party",)
    assert [words for _, _, words in said(filters, "nl")] == ["Kamerbrief", "vanaf 2 januari 2023"]
    for text in ("", "[]", "3", '{"kind": 3}', "[" * 100_000):
        assert limits_from_json(text) == (Filters(), ())
    assert read_limits({"kind": ["", "faq"]}).kinds == ("faq",)


def test_only_what_occurs_can_be_chosen(document_of: Callable[..., Document]) -> None:
    other = document_of(document="b", kind="letter", askers=(), answered_by=())
    choices = choices_of([document_of(), other])
    assert choices.kinds == ("answer", "letter") and choices.parties == ("Partij A",)
    shown = fields(choices, Filters(kinds=("letter",)), "nl")
    assert 'value="letter" checked' in shown and "<select" not in shown  # one party leaves nothing to choose


def test_a_link_to_a_passage_marks_the_whole_of_it(address: str) -> None:
    page = httpx.get(f"{address}/library", params={"q": "betaalt"}).text
    link = html.unescape(re.findall(r'href="(document\?[^"]*quote[^"]*)"', page)[0])
    (marked,) = marks(httpx.get(f"{address}/{link}").text)
    assert marked.startswith("Vraag 6") and marked.endswith("de helft van de fietsbrug.")


def test_where_there_is_nothing_a_reader_gets_a_page_and_a_program_one_sentence(address: str) -> None:
    page = httpx.get(f"{address}/en/nergens", headers={"Accept": "text/html"})
    assert page.status_code == 404 and say("api.nothing", "en") in page.text and "<h1>" in page.text
    assert 'href="../desk/views.css"' in page.text and "script-src 'self'" in page.headers["content-security-policy"]
    assert httpx.get(f"{address}/api/nergens").json() == {"error": say("api.nothing", "nl")}
    assert (
        httpx.get(f"{address}/library?page=x", headers={"Accept": "text/html"})
        .headers["content-type"]
        .startswith("text/html")
    )
