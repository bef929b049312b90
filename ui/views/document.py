"""A document and the spans that were quoted go in; the whole text comes out with those words marked, for a PDF its page
too, and how the document was understood."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from markupsafe import Markup

from index.errors import VraagbaakError
from index.language import long_date
from index.places import boxes_of, place_of
from index.read.pdf import PageBoxes
from index.store.snapshot import Snapshot
from index.values import Document, Passage, Reading
from ui.passages import Quoted, clip, lines, marked
from ui.show import MARK, passage_link, quoted
from ui.sources import as_of, numbered, official_link, people
from ui.views.here import Here


def document_view(here: Here, snapshot: Snapshot, reading: Reading, asked: Sequence[str]) -> str:
    """Return the view of one document; `asked` are the quotes as a link names them."""
    document, text = reading.document, reading.text
    quotes, is_changed = quoted(text, asked)
    words = [text[q.start : q.end] for q in quotes]
    pages = _pages(here, snapshot, reading, quotes)
    body = Markup(
        '<p class="back"><a href="./">{}</a></p><h1>{}</h1><p class="facts">{}</p>{}<p class="foot">{}</p>{}'
        '<div class="panes{}"><section class="reading" aria-label="{}"><div class="passage">{}</div></section>'
        "{}</div>{}"
    ).format(
        here.say("view.back"),
        document.title,
        " · ".join(_facts(here, document)),
        people(document, here.language),
        official_link(document, words, here.language),
        Markup('<p class="notice">{}</p>').format(here.say("view.changed")) if is_changed else "",
        " paged" if pages else "",
        here.say("view.text"),
        marked(text, quotes, (0, len(text)), MARK, here.language),
        pages,
        _understood(here, reading),
    )
    return here.html(clip(document.title, 80), body)


def _facts(here: Here, document: Document) -> list[str]:
    kind = here.say(f"kind.{document.kind}")
    return [fact for fact in (kind, numbered(document, here.language), as_of(document, here.language)) if fact]


def _pages(here: Here, snapshot: Snapshot, reading: Reading, quotes: Sequence[Quoted]) -> Markup:
    """Return the pages of a PDF that hold the quoted words, those words boxed; nothing for what has no pages."""
    places = [place for q in quotes for place in place_of(reading, q.start, q.end) if place.page is not None]
    if not places:
        return Markup()
    try:
        path = snapshot.original(reading.document.document)
        if path is None or path.suffix != ".pdf":
            return Markup()
        boxes = boxes_of(path, places)
    except VraagbaakError as error:  # the text is there all the same
        return Markup('<section class="pages"><p class="notice">{}</p></section>').format(error.say(here.language))
    figures = Markup().join(_page(here, reading.document, number, boxes[number]) for number in boxes)
    return Markup('<section class="pages" aria-label="{}">{}</section>').format(here.say("view.pages"), figures)


def _page(here: Here, document: Document, number: int, page: PageBoxes) -> Markup:
    rectangles = Markup().join(
        Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="2"/>').format(
            *(round(value, 1) for value in (left - 1, page.height - top - 1, right - left + 2, top - bottom + 2))
        )
        for boxes in page.boxes
        for left, bottom, right, top in boxes
    )
    return Markup(
        '<figure class="page"><figcaption>{}</figcaption><div class="sheet">'
        '<img src="page?{}" alt="{}" width="{}" height="{}">'
        '<svg viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg></div></figure>'
    ).format(
        here.say("view.page", page=number),
        urlencode({"id": document.document, "page": number}),
        here.say("view.page_alt", page=number),
        round(page.width),
        round(page.height),
        round(page.width, 1),
        round(page.height, 1),
        rectangles,
    )


def _understood(here: Here, reading: Reading) -> Markup:
    document = reading.document
    days = {name: getattr(document, name) for name in ("date", "asked", "answered")}
    rows = {
        "document": document.document,
        "case": document.case,
        "number": document.number,
        **{name: long_date(day, here.language) for name, day in days.items() if day},
        "topics": ", ".join(document.topics),
        "source": ", ".join(Path(source).name for source in document.sources or (document.source,)),
    }
    table = Markup().join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(here.say(f"command.field_{name}"), value)
        for name, value in rows.items()
        if value
    )
    passages = Markup().join(_passage(here, passage) for passage in reading.passages)
    return Markup(
        '<section class="understood" id="understood"><h2>{}</h2><p>{}</p><dl>{}</dl><h3>{}</h3><ol>{}</ol></section>'
    ).format(
        here.say("view.understood"),
        here.say("view.understood_why"),
        table,
        here.say("view.passages", count=len(reading.passages)),
        passages,
    )


def _passage(here: Here, passage: Passage) -> Markup:
    rows = (
        ("view.question", passage.question),
        ("view.answer" if passage.answer is not None else "view.body", passage.body),
        ("view.refers", ", ".join(map(str, passage.refers_to))),
        ("view.notes", "\n".join(f"{mark}: {note}" for mark, note in passage.notes.items())),
    )
    parts = Markup().join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(here.say(key), lines(value)) for key, value in rows if value
    )
    begin = clip(passage.question or passage.body, 90)
    return Markup(
        '<li><details><summary><b>{}</b> {}</summary><dl>{}</dl><p><a href="{}">{}</a></p></details></li>'
    ).format(passage.label, begin, parts, passage_link(passage), here.say("view.show_here"))
