"""Sixty ways to run a script or reach another host, by every way that words come in: none does anything but show."""

from __future__ import annotations

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
from rag.values import Answer, Citation, Sentence, Step, Suggestion, Support
from ui.conversation import Turn
from ui.desk import Desk
from ui.keep import kept

PAYLOADS = tuple((Path(__file__).parent / "payloads.txt").read_text(encoding="utf-8").splitlines())
AT_ONCE = 10
GROUPS = tuple(PAYLOADS[start : start + AT_ONCE] for start in range(0, len(PAYLOADS), AT_ONCE))


def hostile(number: int) -> Reading:
    """A document all of whose words are a group of payloads, with a passage for each."""
    group = GROUPS[number]
    every = " ".join(group)
    text, passages = f"{every}\n\n", []
    for place, payload in enumerate(group, 1):
        start = len(text)
        text += f"Vraag {payload}\n{payload}\n\n{payload} na.\n\n"
        passages.append(
            Passage(
                passage=f"{number}#{payload}",
                document=f"{number} {every}",
                label=payload,
                text=text[start:],
                start=start,
                end=len(text),
                numbers=(place,),
                question=payload,
                answer=text[start:],
                answer_start=start,
                context=payload,
                notes={payload: payload},
                anchor=payload,
            )
        )
    document = Document(
        document=f"{number} {every}",
        kind="answer",
        title=every,
        source=f"map/{every}.txt",
        sources=tuple(f"map/{payload}.txt" for payload in group),
        case=every,
        number=every,
        askers=tuple(Asker(payload, payload) for payload in group),
        answered_by=tuple(Official(payload, payload, payload) for payload in group),
        topics=group,
        url=("https://elders.example/" if number % 2 else "javascript:window.broken=1//") + every,
    )
    return Reading(document, text, tuple(passages))


def answer_of(number: int, question: str) -> Answer:
    """An answer with a group of payloads in all its parts."""
    reading, group = hostile(number), GROUPS[number]
    citations = tuple(
        Citation(place, passage, reading.document, payload, at, at + len(payload))
        for place, (payload, passage) in enumerate(zip(group, reading.passages, strict=True), 1)
        for at in (passage.start + passage.text.index(payload),)
    )
    supports: tuple[Support, ...] = ("verbatim", "supported", "unsupported")
    return Answer(
        id=group[0],
        question=question,
        status="partial",
        sentences=tuple(Sentence(c.quote, (c.number,), supports[c.number % 3]) for c in citations),
        citations=citations,
        notices=group,
        suggestions=tuple(Suggestion(passage, reading.document) for passage in reading.passages),
        model=" ".join(group),
        trace=tuple(Step(payload, 0.1, payload) for payload in group),
    )


class HostileAssistant:
    """Answers with the group of payloads whose number begins the question; the first comes piece by piece."""

    def stream(self, question: str, *_: object, **__: object) -> Iterator[Answer]:
        """Yield a growing answer."""
        whole = answer_of(int(question[0]), question)
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
        for number in range(len(GROUPS)):
            writer.put(hostile(number), hostile(number).document.source)
        writer.commit()
    held = [hostile(number).document for number in range(len(GROUPS))]
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
    for number, group in enumerate(GROUPS):
        shown = watched.ask(f"{number} {' '.join(group)}"[:500], number + 1)
        text = " ".join(shown.locator(".text").first.inner_text().split())
        assert all(" ".join(payload.split()) in text for payload in group)
        assert shown.locator(".source").count() == len(group)
    for summary in watched.page.locator(".turn summary").all():
        summary.dispatch_event("click")
    watched.page.locator("#turn-1 a.show").first.click()
    watched.page.locator("#document-window mark").first.wait_for()
    assert_harmless(watched, address)
    watched.page.reload()
    watched.page.locator(f"#turn-{len(GROUPS)}.done").wait_for()
    assert watched.page.locator("#past mark").count() >= len(PAYLOADS) - AT_ONCE
    assert_harmless(watched, address)


def test_no_view_of_a_hostile_document_or_search_runs_anything(open_page: Callable[..., Any], address: str) -> None:
    watched = open_page(f"{address}/library", "main")
    assert watched.page.locator(".document").count() == len(GROUPS)
    assert_harmless(watched, address)
    for number, group in enumerate(GROUPS):
        reading, every = hostile(number), quote(" ".join(group))
        name = quote(reading.document.document)
        watched.page.goto(f"{address}/document?id={name}&quote={every}&x={every}#{every}")
        shown = " ".join(watched.page.locator(".reading").inner_text().split())
        assert " ".join(reading.text.split()) == shown
        assert watched.page.locator(".understood details").count() == len(group)
        assert_harmless(watched, address)
        watched.page.goto(f"{address}/library?q={every}&kind={every}&party={every}&page=1")
        assert watched.page.locator("input[type=search]").input_value() == " ".join(group)[:500].strip()
        assert_harmless(watched, address)


def test_no_saved_page_runs_anything(open_page: Callable[..., Any], address: str, tmp_path: Path) -> None:
    watched = open_page(f"{address}/privacy", "main")
    for number, group in enumerate(GROUPS):
        body = kept((Turn(answer_of(number, " ".join(group)), "done"),))
        response = watched.page.request.post(f"{address}/save/html", data=body)
        assert response.ok
        file = tmp_path / f"{number}.html"
        file.write_text(response.text(), encoding="utf-8")
        watched.page.goto(file.as_uri())
        assert watched.page.locator("blockquote").all_inner_texts() == list(group)
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
