"""Sixty ways to run a script or reach another host, by every way that words come in: none does anything but show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from index.store import Store
from index.store.write import Writer
from index.values import Asker, Document, Official, Passage, Reading
from rag.values import Answer, Citation, Sentence, Step, Suggestion
from ui.conversation import Turn
from ui.desk import Desk
from ui.keep import kept

PAYLOADS = tuple((Path(__file__).parent / "payloads.txt").read_text(encoding="utf-8").splitlines())
AT_ONCE = 10


def hostile(number: int) -> tuple[Document, Passage, str]:
    """A document all of whose words are one payload, its one passage, and its text."""
    payload = PAYLOADS[number]
    text = f"Stuk {number}\n\n{payload}\n\n{payload} na."
    document = Document(
        document=f"{payload}-{number}",
        kind="answer",
        title=payload,
        source=f"map/{payload}.txt",
        sources=(f"map/{payload}.txt",),
        case=payload,
        number=payload,
        askers=(Asker(payload, payload),),
        answered_by=(Official(payload, payload, payload),),
        topics=(payload,),
        url="https://elders.example/" + payload if number % 2 else "javascript:" + payload,
    )
    passage = Passage(
        passage=f"{payload}#{number}",
        document=document.document,
        label=payload,
        text=text,
        start=0,
        end=len(text),
        numbers=(number,),
        question=payload,
        answer=text,
        answer_start=0,
        context=payload,
        notes={payload: payload},
        anchor=payload,
    )
    return document, passage, text


def answer_of(first: int, question: str) -> Answer:
    """An answer of `AT_ONCE` payloads in all its parts."""
    made = [hostile(number) for number in range(first, min(first + AT_ONCE, len(PAYLOADS)))]
    citations = []
    for number, (document, passage, text) in enumerate(made, 1):
        start = text.index(document.title)
        citations.append(Citation(number, passage, document, document.title, start, start + len(document.title)))
    supports = ("verbatim", "supported", "unsupported")
    return Answer(
        id=made[0][0].title,
        question=question,
        status="partial",
        sentences=tuple(Sentence(c.quote, (c.number,), supports[c.number % 3]) for c in citations),  # type: ignore[arg-type]
        citations=tuple(citations),
        notices=tuple(c.quote for c in citations),
        suggestions=tuple(Suggestion(c.passage, c.document) for c in citations),
        model=made[0][0].title,
        trace=tuple(Step(c.quote, 0.1, c.quote) for c in citations),
    )


class HostileAssistant:
    """Answers with the payloads whose first number stands in the question; streams them character by character."""

    def stream(self, question: str, *_: object, **__: object) -> Iterator[Answer]:
        """Yield a growing answer."""
        found = re.match(r"\d+", question)
        whole = answer_of(int(found[0]) if found else 0, question)
        first = whole.sentences[0]
        for end in range(0, len(first.text), 8):
            yield replace(whole, sentences=(replace(first, text=first.text[:end]),), citations=(), trace=())
        yield whole


@pytest.fixture(scope="module")
def address(
    serving: Callable[..., AbstractContextManager[str]],
    small_desk: Callable[..., Desk],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("vijandig") / "opslag"
    store = Store.create(folder)
    with Writer(folder) as writer:
        for number in range(len(PAYLOADS)):
            document, passage, text = hostile(number)
            writer.put(Reading(document, text, (passage,)), document.source)
        writer.commit()
    held = [hostile(number)[0] for number in range(len(PAYLOADS))]
    desk = small_desk(
        assistant=HostileAssistant(),
        store=store,
        documents=lambda: held,
        store_label=PAYLOADS[0],
        model_name=PAYLOADS[5],
    )
    with serving(desk) as url:
        yield url


def assert_harmless(watched: Any, address: str) -> None:
    """Nothing ran, nothing was asked of another host, nothing was even tried."""
    page = watched.page
    assert page.evaluate("window.broken") is None
    assert page.evaluate("({}).broken") is None
    assert watched.console == []
    assert [url for url in watched.requests if not url.startswith((address, "data:", "blob:"))] == []
    assert page.url.startswith(address)
    inside = ":is(#past, #current, #collection, #limits, #machine, main.beside, #document-window)"
    for strange in (
        "script",
        "img:not(.page img)",
        "iframe",
        "object",
        "embed",
        "style",
        "link",
        "meta",
        "base",
        "math",
    ):
        assert page.locator(f"{inside} {strange}").count() == 0, strange
    addresses = page.evaluate("[...document.querySelectorAll('a')].map((a) => a.protocol)")
    assert set(addresses) <= {"http:", "https:"}
    handlers = page.evaluate(
        "[...document.querySelectorAll('*')].flatMap((e) => e.getAttributeNames()).filter((n) => n.startsWith('on'))"
    )
    assert handlers == []


def test_there_are_sixty_payloads() -> None:
    assert len(set(PAYLOADS)) >= 60


def test_no_answer_question_or_kept_conversation_runs_anything(open_page: Callable[..., Any], address: str) -> None:
    watched = open_page(address)
    for turn, first in enumerate(range(0, len(PAYLOADS), AT_ONCE), 1):
        question = f"{first} {' '.join(PAYLOADS[first : first + AT_ONCE])}"[:500]
        shown = watched.ask(question, turn)
        assert PAYLOADS[first] in " ".join(shown.locator(".text").inner_text().split())
        assert shown.locator(".source").count() == len(PAYLOADS[first : first + AT_ONCE])
    for summary in watched.page.locator(".turn summary").all():
        summary.dispatch_event("click")
    watched.page.locator("#turn-1 a.show").first.click()
    watched.page.locator("#document-window mark").first.wait_for()
    assert_harmless(watched, address)
    watched.page.reload()
    watched.page.locator("#turn-6.done").wait_for()
    assert_harmless(watched, address)


def test_no_view_of_a_hostile_document_or_search_runs_anything(open_page: Callable[..., Any], address: str) -> None:
    watched = open_page(f"{address}/library", "main")
    assert watched.page.locator(".document").count() == 50  # the first page of the list
    assert_harmless(watched, address)
    for number, payload in enumerate(PAYLOADS):
        document, _, text = hostile(number)
        watched.page.goto(f"{address}/document?id={quote(document.document)}&quote={quote(payload)}")
        assert payload.strip() in watched.page.locator("h1").inner_text()
        assert " ".join(text.split()) in " ".join(watched.page.locator(".reading").inner_text().split())
        watched.page.goto(f"{address}/library?q={quote(payload)}&kind={quote(payload)}&party={quote(payload)}")
        assert watched.page.locator("input[type=search]").input_value() == payload
        assert watched.page.evaluate("window.broken") is None
    assert_harmless(watched, address)


def test_no_saved_page_runs_anything(open_page: Callable[..., Any], address: str, tmp_path: Path) -> None:
    watched = open_page(f"{address}/privacy", "main")
    for first in range(0, len(PAYLOADS), AT_ONCE):
        body = kept((Turn(answer_of(first, PAYLOADS[first]), "done"),))
        response = watched.page.request.post(f"{address}/save/html", data=body)
        assert response.ok
        file = tmp_path / f"{first}.html"
        file.write_text(response.text(), encoding="utf-8")
        watched.page.goto(file.as_uri())
        assert PAYLOADS[first] in watched.page.locator("h1").inner_text()
        assert watched.page.evaluate("window.broken") is None
        assert watched.page.locator("script, img, iframe, object, embed, link, base, svg").count() == 0
    assert [url for url in watched.requests if not url.startswith((address, "file:"))] == []


@pytest.mark.parametrize("stored", ['[{"state":"done"}]', "<img src=x onerror=window.broken=1>", "[" * 9999, "null"])
def test_a_tab_that_someone_tampered_with_begins_anew(open_page: Callable[..., Any], address: str, stored: str) -> None:
    watched = open_page(f"{address}/privacy", "main")
    watched.page.evaluate("(text) => sessionStorage.setItem('vraagbaak', text)", stored)
    watched.page.goto(address)
    watched.page.wait_for_selector("#narrow", state="attached")
    watched.page.locator("#welcome").wait_for()
    assert watched.page.locator(".turn").count() == 0
    assert watched.page.evaluate("window.broken") is None
