"""Citations go in, the cards of their sources come out, one for each passage, in the order of their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from urllib.parse import quote as percent

from markupsafe import Markup

from index.language import Language, long_date, say
from index.values import Asker, Document, Official, Passage
from rag.values import Citation
from ui.passages import Quoted, clip, marked, windows
from ui.show import show_link

FRAGMENT_WORDS = 4
"""A text fragment names this many words at each end of a longer quote: line ends inside cannot break it."""


def sources(citations: Sequence[Citation], turn: int, language: Language) -> Markup:
    """Return the sources of one answer as a list, or nothing when it has none."""
    if not citations:
        return Markup()
    order: dict[str, int] = {}
    for citation in citations:
        order.setdefault(citation.passage.passage, len(order))
    ranked = sorted(citations, key=lambda c: (order[c.passage.passage], c.number))
    cards = Markup().join(
        _card(list(group), turn, language) for _, group in groupby(ranked, key=lambda c: c.passage.passage)
    )
    return Markup('<div class="sources"><h3>{}</h3><ol>{}</ol></div>').format(say("page.sources", language), cards)


def text_fragment(quotes: Sequence[str]) -> str:
    """Return the part of a link that makes a browser show these words (WICG, URL Fragment Text Directives)."""
    directives = []
    for quote in quotes:
        words = quote.split()
        ends = [" ".join(words)]
        if len(words) > 2 * FRAGMENT_WORDS:
            ends = [" ".join(words[:FRAGMENT_WORDS]), " ".join(words[-FRAGMENT_WORDS:])]
        directives.append("text=" + ",".join(_encode(part) for part in ends))
    return ":~:" + "&".join(directives) if directives else ""


def official_link(document: Document, quotes: Sequence[str], language: Language, anchor: str = "") -> Markup:
    """Return the link to the published document, the word for a sample, or nothing without an address.

    `anchor` is the part of the published page that holds the words, where the document's own file named one.
    """
    if document.is_sample:
        return Markup('<span class="sample">{}</span>').format(say("page.sample", language))
    if not document.url or not document.url.lower().startswith(("https://", "http://")):
        return Markup()
    fragment = text_fragment(quotes)
    joint = "#" + percent(anchor) if (fragment or anchor) and "#" not in document.url else ""
    return Markup(
        '<a class="official" href="{}" target="_blank" rel="noopener noreferrer">{}<span class="sr"> {}</span></a>'
    ).format(document.url + joint + fragment, say("page.official", language), say("page.new_tab", language))


def as_of(document: Document, language: Language) -> str:
    """Return "stand van 6 maart 2023", or nothing for a document without a date."""
    day = document.answered or document.date
    return say("page.as_of", language, date=long_date(day, language)) if day else ""


def numbered(document: Document, language: Language) -> str:
    """Return "nr. 1751", or nothing for a document without a number."""
    return say("page.number", language, number=document.number) if document.number else ""


def _card(citations: Sequence[Citation], turn: int, language: Language) -> Markup:
    passage, document = citations[0].passage, citations[0].document
    facts = (
        passage.label,
        say(f"kind.{document.kind}", language),
        numbered(document, language),
        as_of(document, language),
    )
    numbers = Markup().join(Markup('<span class="number">{}</span>').format(c.number) for c in citations)
    return Markup(
        '<li class="source" id="source-{}-{}"><div class="head">{}<h4>{}</h4></div>'
        '<p class="facts">{}</p>{}{}<p class="foot">{}</p></li>'
    ).format(
        turn,
        citations[0].number,
        numbers,
        document.title,
        Markup(" · ").join(fact for fact in facts if fact),
        people(document, language),
        _passage(citations, turn, language),
        _ways(citations, language),
    )


def _ways(citations: Sequence[Citation], language: Language) -> Markup:
    """Return the way to the whole document with the words marked, and to the published one."""
    document, passage, quotes = citations[0].document, citations[0].passage, [c.quote for c in citations]
    show = Markup('<a class="show" href="{}">{}</a>').format(show_link(citations), say("page.show", language))
    return Markup(" ").join((show, official_link(document, quotes, language, passage.anchor)))


def _passage(citations: Sequence[Citation], turn: int, language: Language) -> Markup:
    """Return the quoted words with the text around them, and the whole passage one click away."""
    passage = citations[0].passage
    quotes = [Quoted(c.number, c.start - passage.start, c.end - passage.start) for c in citations]
    shown = windows(passage.text, quotes, passage.body_start - passage.start)
    whole = (0, len(passage.text))
    prefix = f"quote-{turn}-"
    pieces = [_piece(passage, quotes, window, prefix, language) for window in shown]
    excerpt = Markup(' <span class="gap">[…]</span> ').join(pieces)
    start = Markup('<span class="gap">[…]</span> ') if shown[0][0] > 0 else ""
    end = Markup(' <span class="gap">[…]</span>') if shown[-1][1] < whole[1] else ""
    html = Markup('<div class="passage">{}{}{}</div>').format(start, excerpt, end)
    if shown == [whole]:
        return html
    asked = ""
    if passage.question and shown[0][0] > 0:
        asked = Markup('<p class="question">{}</p>').format(clip(passage.question, 200))
    return Markup('{}{}<details id="whole-{}-{}"><summary>{}</summary><div class="passage">{}</div></details>').format(
        asked,
        html,
        turn,
        citations[0].number,
        say("page.whole", language),
        _piece(passage, quotes, whole, "", language),
    )


def _piece(
    passage: Passage, quotes: Sequence[Quoted], window: tuple[int, int], prefix: str, language: Language
) -> Markup:
    """Return a stretch of a passage, the question before its answer quieter than the answer itself."""
    turning = min(max(passage.body_start - passage.start, window[0]), window[1])
    body = marked(passage.text, quotes, (turning, window[1]), prefix, language)
    if turning == window[0]:
        return body
    lead = marked(passage.text, quotes, (window[0], turning), prefix, language)
    return Markup('<span class="lead">{}</span>{}').format(lead, body)


def people(document: Document, language: Language) -> Markup:
    """Return who asked and who answered, a line each."""
    rows = []
    if document.askers:
        rows.append((say("page.asked_by", language), "; ".join(_asker(a) for a in document.askers)))
    if document.answered_by:
        rows.append((say("page.answered_by", language), "; ".join(_official(o) for o in document.answered_by)))
    return Markup().join(
        Markup('<p class="people"><span class="role">{}:</span> {}</p>').format(role, names) for role, names in rows
    )


def _asker(asker: Asker) -> str:
    return f"{asker.name} ({asker.party})" if asker.party else asker.name


def _official(official: Official) -> str:
    extra = [part for part in (official.role, official.department) if part and part != official.name]
    if official.name is None:  # another answered in this one's name as well
        return ", ".join(extra)
    return f"{official.name} ({', '.join(extra)})" if extra else official.name


def _encode(text: str) -> str:
    """Percent-encode text for a text directive, where `-`, `,` and `&` have a meaning of their own."""
    return percent(text, safe="").replace("-", "%2D")
