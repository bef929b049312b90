"""What the store holds goes in, the library comes out: searched and limited; for an administrator also added to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from index.filters import within
from index.store.snapshot import Snapshot
from index.values import Document, Filters, Hit
from ui.holding import Holding
from ui.limits import fields, said
from ui.passages import clip
from ui.show import passage_link
from ui.sources import as_of, numbered, official_link
from ui.views.here import Here

A_PAGE = 50
"""How many documents stand on one page of the list."""
HITS = 30
"""How many passages a search looks at."""
SCRIPTS = ("library.js",)
_LATER = {name: f"{{{name}}}" for name in ("percent", "done", "total", "count", "failed", "reason", "title")}
"""What the script fills in."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader wants to see of the library: what a question finds, or page `number` of all, within filters."""

    question: str
    filters: Filters
    number: int


def library_view(here: Here, snapshot: Snapshot, holding: Holding, wanted: Wanted) -> str:
    """Return the view of the library."""
    question, filters = wanted.question, wanted.filters
    found = _found(here, snapshot, question, filters) if question else _all(here, holding, filters, wanted.number)
    body = Markup('<h1>{}</h1><p class="intro">{}</p>{}{}<div id="found">{}</div>').format(
        here.say("view.library"),
        here.say(
            "view.library_one" if len(holding.documents) == 1 else "view.library_count", count=len(holding.documents)
        ),
        _form(here, holding, question, filters),
        _add(here) if here.is_administrator else "",
        found,
    )
    return here.html(here.say("view.library"), body, SCRIPTS)


def _form(here: Here, holding: Holding, question: str, filters: Filters) -> Markup:
    is_open = Markup(" open") if not filters.is_empty else ""
    return Markup(
        '<form class="search" role="search" method="get" action="library"><div class="row"><label class="field">'
        '<span>{}</span><input type="search" name="q" value="{}" maxlength="500"></label>'
        '<button class="primary" type="submit">{}</button></div>'
        '<details class="narrow"{}><summary>{}</summary>{}</details></form>'
    ).format(
        here.say("view.library_search"),
        question,
        here.say("view.search"),
        is_open,
        here.say("page.limits"),
        fields(holding.choices, filters, here.language),
    )


def _found(here: Here, snapshot: Snapshot, question: str, filters: Filters) -> Markup:
    hits = snapshot.search(question, HITS, filters)
    grouped: dict[str, list[Hit]] = {}
    for hit in hits:
        grouped.setdefault(hit.document.document, []).append(hit)
    head = here.say("view.found" if grouped else "view.found_none", count=len(grouped), question=clip(question, 120))
    items = Markup().join(_item(here, of[0].document, of[:3]) for of in grouped.values())
    return Markup('<h2 role="status">{}</h2><ul class="documents">{}</ul>').format(head, items)


def _all(here: Here, holding: Holding, filters: Filters, number: int) -> Markup:
    documents = [document for document in holding.documents if within(document, filters)]
    pages = max(1, -(-len(documents) // A_PAGE))
    number = min(max(1, number), pages)
    shown = documents[(number - 1) * A_PAGE : number * A_PAGE]
    if not holding.documents:
        return Markup('<p class="empty">{}</p>').format(here.say("view.library_empty"))
    head = here.say("view.listed_one" if len(documents) == 1 else "view.listed", count=len(documents))
    items = Markup().join(_item(here, document, ()) for document in shown)
    return Markup('<h2>{}</h2><ul class="documents">{}</ul>{}').format(
        head, items, _pager(here, filters, number, pages) if pages > 1 else ""
    )


def _pager(here: Here, filters: Filters, number: int, pages: int) -> Markup:
    limits = [(name, value) for name, value, _ in said(filters, here.language)]
    links = [
        Markup('<a href="library?{}">{}</a>').format(urlencode([*limits, ("page", to)]), here.say(key))
        for key, to in (("view.previous", number - 1), ("view.next", number + 1))
        if 1 <= to <= pages
    ]
    return Markup('<nav class="pager" aria-label="{}"><span>{}</span> {}</nav>').format(
        here.say("view.pager"), here.say("view.page_of", page=number, pages=pages), Markup(" ").join(links)
    )


def _item(here: Here, document: Document, hits: Sequence[Hit]) -> Markup:
    facts = (here.say(f"kind.{document.kind}"), numbered(document, here.language), as_of(document, here.language))
    places = Markup().join(
        Markup('<li><a href="{}">{}</a> <span class="excerpt">{}</span></li>').format(
            passage_link(hit.passage), hit.passage.label, clip(hit.passage.body, 220)
        )
        for hit in hits
    )
    remove = ""
    if here.is_administrator:
        remove = Markup(
            '<button type="button" class="remove" data-document="{}" hidden>{}<span class="sr">: {}</span></button>'
        ).format(document.document, here.say("view.remove"), document.title)
    return Markup(
        '<li class="document"><a class="title" href="document?{}">{}</a><p class="facts">{}</p>{}'
        '<p class="foot">{}{}</p></li>'
    ).format(
        urlencode({"id": document.document}),
        document.title,
        " · ".join(fact for fact in facts if fact),
        Markup("<ul>{}</ul>").format(places) if places else "",
        official_link(document, (), here.language),
        remove,
    )


def _add(here: Here) -> Markup:
    """Return where an administrator drops files; the sentences that the script needs stand with it."""
    names = ("sending", "reading", "added", "failed", "sure", "removed", "keep", "there")
    words = {f"data-{name}": here.say(f"view.add_{name}", **_LATER) for name in names}
    said = Markup("").join(Markup(' {}="{}"').format(name, text) for name, text in words.items())
    return Markup(
        '<details class="add" id="add" hidden{}><summary>{}</summary><p id="add-how">{}</p>'
        '<label class="drop"><span>{}</span>'
        '<input class="sr" type="file" multiple id="files" aria-describedby="add-how"></label>'
        '<div id="progress" hidden><p id="doing"></p><progress max="1" value="0" aria-labelledby="doing"></progress>'
        '</div><ul id="files-done"></ul></details><p id="told" role="status"></p>'
    ).format(said, here.say("view.add"), here.say("view.add_how"), here.say("view.add_choose"))
