"""A desk goes in, its chat page is mounted on a web application. The only file that knows Gradio.

All HTML comes escaped from `ui.render` and `ui.frame`; Gradio's own sanitiser goes over it once more. What Gradio
would ask of other hosts, keep in the browser or open to the network is turned off here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

# Gradio reads these when it is imported: without them it looks things up at api.gradio.app and huggingface.co.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"

import gradio as gr

from index.errors import VraagbaakError
from index.language import Language, say
from ui import frame
from ui.access.values import caller_of
from ui.conversation import Limits, Screen, Turns, again, converse, stopped
from ui.desk import Desk
from ui.holding import Held
from ui.keep import kept, restored
from ui.limits import limits_from_json
from ui.render import collection
from ui.shell import FOLDER

if TYPE_CHECKING:
    from fastapi import FastAPI

LIMIT = 500
"""The longest question in characters, as `rag.question` takes it."""
AT_ONCE = 16
"""How many answers are made at the same time; the next ones wait in the queue."""
WAITING = 64
"""How many questions may wait."""
WAKING = 0.02
"""How many seconds Gradio's queue sleeps while nothing waits; its own thousandth wears a core down for nothing."""
KEPT = 8 * 3600
"""How many seconds a conversation that was left behind stays in memory."""
_FONT = ["system-ui", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"]

_QUIETLY: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

Updates = dict[Any, Any]


def mount(app: FastAPI, desk: Desk, path: str, language: Language) -> None:
    """Mount the page in `language` on `app` at `path` (`/`, `/en/`), and the views that belong to it before it."""
    from ui.views.routes import add_views

    add_views(app, desk, path, language)
    gr.mount_gradio_app(
        app,
        build(desk, language),
        path=path.rstrip("/") or "/",
        favicon_path=str(FOLDER / "favicon.svg") if path == "/" else None,
        theme=gr.themes.Base(font=_FONT, font_mono=["ui-monospace", "monospace"]),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        allowed_paths=[],
        max_file_size=1,
        app_kwargs={"openapi_url": None, "docs_url": None, "redoc_url": None},
    )


def build(desk: Desk, language: Language) -> gr.Blocks:
    """Return the page: heading, conversation, welcome with examples, question box, and what the store holds."""
    page: gr.Blocks = gr.Blocks(title=say("page.title", language), analytics_enabled=False, fill_width=True)
    with page:
        parts = _lay_out(desk, language)
        _connect(parts, desk, language)
        held = Held(desk)

        def holding(request: gr.Request) -> Updates:
            now = held.now()
            caller = caller_of(request.request.scope) if request.request else None
            return {
                parts.heading: frame.heading(desk, language, caller=caller),
                parts.collection: collection(len(now.documents), desk.store_label, language),
                parts.limits: frame.limits(now.choices, language),
            }

        page.load(holding, None, [parts.heading, parts.collection, parts.limits], queue=False, **_QUIETLY)
    page.queue(max_size=WAITING, default_concurrency_limit=AT_ONCE, api_open=False)
    page._queue.sleep_when_free = WAKING
    return page


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of the page that something happens to."""

    heading: gr.Markdown
    turns: gr.State
    past: gr.Markdown
    current: gr.Markdown
    welcome: gr.Column
    examples: list[gr.Button]
    box: gr.Textbox
    send: gr.Button
    stop: gr.Button
    clear: gr.Button
    status: gr.Markdown
    limits: gr.Markdown
    chosen: gr.Textbox
    count: gr.Textbox
    kept: gr.Markdown
    bring: gr.Textbox
    back: gr.Button
    collection: gr.Markdown

    @property
    def shown(self) -> list[Any]:
        """What changes while an answer is made."""
        return [
            self.turns,
            self.past,
            self.current,
            self.welcome,
            self.box,
            self.send,
            self.stop,
            self.clear,
            self.status,
            self.kept,
        ]


def _lay_out(desk: Desk, language: Language) -> _Parts:
    """Put the parts on the page from top to bottom."""
    heading = _html(frame.heading(desk, language), "heading")
    past, current = _html("", "past"), _html("", "current")
    with gr.Column(elem_id="welcome") as welcome:
        _html(frame.welcome(language), "intro")
        with gr.Row(elem_id="examples"):
            examples = [gr.Button(question, min_width=0) for question in frame.examples(desk, language)]
    with gr.Column(elem_id="composer"):
        with gr.Row(elem_id="ask"):
            box = gr.Textbox(
                label=say("page.question", language),
                placeholder=say("page.placeholder", language),
                max_length=LIMIT,
                lines=1,
                max_lines=5,
                elem_id="question",
            )
            send = gr.Button(say("page.send", language), elem_id="send", min_width=0)
            stop = gr.Button(say("page.stop", language), elem_id="stop", min_width=0, visible=False)
            clear = gr.Button(say("page.clear", language), elem_id="clear", min_width=0, visible=False)
        status = _html("", "status")
        with gr.Row(elem_id="below"):
            limits = _html("", "limits")
            _html(frame.machine(desk, language), "machine")
    held = _html("", "collection")
    _html(frame.footer(language), "footer")
    # What the page's script and the server hand each other: chosen limits, how many finished turns the page shows, and
    # the conversation that the tab keeps.
    with gr.Column(elem_id="hand", visible="hidden"):
        _html(frame.words(language), "words")
        chosen, count, kept, bring, back = (
            gr.Textbox(elem_id="limited"),
            gr.Textbox(elem_id="count"),
            _html("", "kept"),
            gr.Textbox(elem_id="bring"),
            gr.Button(elem_id="back"),
        )
    return _Parts(
        heading=heading,
        turns=gr.State((), time_to_live=KEPT),
        past=past,
        current=current,
        welcome=welcome,
        examples=examples,
        box=box,
        send=send,
        stop=stop,
        clear=clear,
        status=status,
        limits=limits,
        chosen=chosen,
        count=count,
        kept=kept,
        bring=bring,
        back=back,
        collection=held,
    )


def _connect(parts: _Parts, desk: Desk, language: Language) -> None:
    """Connect the question box, the buttons and the examples with the conversation."""

    def ask(question: str, turns: Turns, chosen: str, shown: str) -> Iterator[Updates]:
        if shown.isdecimal() and int(shown[:9]) > len(turns):
            yield {parts.kept: frame.kept("lost")}  # this program began anew: the page brings its conversation first
            return
        if not question.strip():
            yield {parts.status: frame.alert(say("page.empty_question", language))}
            return
        try:
            limits = Limits(*limits_from_json(chosen))
        except VraagbaakError as error:
            yield {parts.status: frame.alert(error.say(language))}
            return
        for number, screen in enumerate(converse(desk, question, turns, language, limits)):
            yield _shown(parts, screen, is_first=number == 0) | (_buttons(parts, is_busy=True) if number == 0 else {})

    def rest(turns: Turns) -> Updates:
        return _buttons(parts, is_busy=False, is_begun=bool(turns))

    def bring_back(text: str) -> Updates:
        with desk.store.snapshot() as snapshot:
            turns = restored(text, snapshot, language)
        if not turns:
            return {parts.kept: ""}
        return _shown(parts, again(turns, language), is_first=True) | _buttons(parts, is_busy=False)

    def stop(turns: Turns) -> Updates:
        return _shown(parts, stopped(turns, language), is_first=True) | _buttons(parts, is_busy=False)

    def clear() -> Updates:
        return _cleared(parts)

    settings: dict[str, Any] = {"outputs": parts.shown, **_QUIETLY}
    buttons = {"outputs": [parts.send, parts.stop, parts.clear], **_QUIETLY}
    running: list[Any] = [
        trigger(ask, [source, parts.turns, parts.chosen, parts.count], concurrency_id="answers", **settings)
        for trigger, source in (
            (parts.box.submit, parts.box),
            (parts.send.click, parts.box),
            *((button.click, button) for button in parts.examples),
        )
    ]
    for answering in running:  # not with the last screen: what an answer shows at its end would undo a click before it
        answering.then(rest, [parts.turns], queue=False, **buttons)
    parts.stop.click(stop, [parts.turns], cancels=running, queue=False, **settings)
    parts.clear.click(clear, None, queue=False, **settings)
    parts.back.click(bring_back, parts.bring, queue=False, **settings)


def _shown(parts: _Parts, screen: Screen, *, is_first: bool) -> Updates:
    """Return what a screen changes; what stays the same during an answer is sent with its first screen only."""
    updates: Updates = {
        parts.turns: screen.turns,
        parts.current: screen.current,
        parts.status: frame.announced(screen.announced),
    }
    if is_first:
        updates |= {
            parts.past: screen.past,
            parts.welcome: gr.Column(visible=False),
            parts.box: "",
        }
    if not screen.is_busy:
        updates[parts.kept] = frame.kept(kept(screen.turns))
    return updates


def _buttons(parts: _Parts, *, is_busy: bool, is_begun: bool = True) -> Updates:
    """Return which buttons are there: to stop while an answer is made, to ask and to begin anew when none is."""
    return {
        parts.send: gr.Button(visible=not is_busy),
        parts.stop: gr.Button(visible=is_busy),
        parts.clear: gr.Button(visible=is_begun and not is_busy),
    }


def _cleared(parts: _Parts) -> Updates:
    """Return the page as it was before the first question."""
    return {
        parts.turns: (),
        parts.past: "",
        parts.current: "",
        parts.status: "",
        parts.kept: frame.kept("[]"),
        parts.box: "",
        parts.welcome: gr.Column(visible=True),
    } | _buttons(parts, is_busy=False, is_begun=False)


def _html(value: str | Callable[[], str], name: str) -> gr.Markdown:
    """Return a part that shows our own HTML; Markdown because it is sanitised and needs no evaluated script."""
    return gr.Markdown(value, elem_id=name, sanitize_html=True, latex_delimiters=[], container=False)
