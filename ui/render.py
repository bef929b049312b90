"""An answer goes in, its HTML comes out: status, sentences with marks, notices, how it came about, sources.

Pure functions over values; every word that comes from a question, a document or a model is escaped by `Markup`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from markupsafe import Markup

from index.language import Language, say
from rag.values import Answer, Sentence, Suggestion
from ui.acts import Limit, further, limited, toolbar
from ui.passages import block, clip, lines
from ui.show import passage_link
from ui.sources import as_of, numbered, official_link, sources
from ui.trace_table import is_reply, trace_table

State = Literal["busy", "done", "stopped"]
_BULLETS = ("• ", "- ", "– ", "* ")


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside an answer without being part of it: questions that can be asked next, what the search was
    limited to by the reader (`limits`) and by the question itself (`found`), some of which was left out (`without`)."""

    questions: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    found: tuple[Limit, ...] = ()
    without: tuple[str, ...] = ()


def turn(answer: Answer, number: int, state: State, language: Language, beside: Beside | None = None) -> Markup:
    """Return one turn of a conversation: the question, its answer, and the sources beside it."""
    html = Markup(
        '<article class="turn {}" id="turn-{}"><h2 class="asked" id="asked-{}" tabindex="-1">'
        '<span class="sr">{} </span>{}</h2><div class="columns">'
        '<div class="answer"><h3 class="sr">{}</h3>{}</div>{}</div></article>'
    ).format(
        state,
        number,
        number,
        say("page.asked", language),
        clip(answer.question, 600),
        say("page.answer", language),
        _answer(answer, number, state, language, beside or Beside()),
        sources(answer.citations, number, language),
    )
    return block(html)


def announcement(answer: Answer, state: State, language: Language) -> str:
    """Return the one line that a screen reader is told about this state of an answer."""
    if state == "busy":
        return say("page.announce_busy", language)
    if state == "stopped":
        return say("page.announce_stopped", language)
    _, status = _status(answer, state, language)
    return say("page.announce_done", language, status=status, sources=len(answer.citations))


def collection(count: int, store_label: str, language: Language) -> Markup:
    """Return the line that says what the store holds, with the way to the library."""
    if not count:
        return Markup("<p>{}</p>").format(say("page.collection_empty", language, store=store_label))
    key = "page.collection_one" if count == 1 else "page.collection"
    html = Markup('<p class="collection">{}. <a class="view" href="library">{}</a></p>').format(
        say(key, language, count=count), say("page.collection_list", language)
    )
    return block(html)


def _answer(answer: Answer, number: int, state: State, language: Language, beside: Beside) -> Markup:
    if state == "busy":
        progress = say("page.writing" if answer.sentences else "page.busy", language)
        head = Markup('<p class="status busy"><span class="dots"></span>{}</p>').format(progress)
        return head + _sentences(answer, number, language)
    name, words = _status(answer, state, language)
    head = Markup('<p class="status {}">{}</p>').format(name, words)
    parts = [
        head,
        limited(beside.limits, beside.found, beside.without, number, language),
        _sentences(answer, number, language) or _nothing(answer, state, language),
        _support(answer.sentences, language),
        _notices(answer),
        _suggestions(answer, language),
    ]
    if state == "done":
        parts += [toolbar(answer, number, language), further(beside.questions, language)]
        parts += [trace_table(answer, number, language)]
    return Markup().join(parts)


def _status(answer: Answer, state: State, language: Language) -> tuple[str, str]:
    """Return the name and the words of a status; a greeting is returned, not turned down."""
    if state == "stopped":
        return "stopped", say("page.stopped_status", language)
    if answer.status == "refused" and is_reply(answer):
        return "reply", say("page.status.reply", language)
    return answer.status, say(f"page.status.{answer.status}", language)


def _sentences(answer: Answer, number: int, language: Language) -> Markup:
    if not answer.sentences:
        return Markup()
    titles = {c.number: f"{c.document.title}, {c.passage.label}" for c in answer.citations}
    lead = Markup('<p class="said">{}</p>').format(answer.lead) if answer.lead else Markup()
    return lead + Markup('<p class="text">{}</p>').format(
        Markup(" ").join(_sentence(sentence, titles, number, language) for sentence in answer.sentences)
    )


def _sentence(sentence: Sentence, titles: Mapping[int, str], number: int, language: Language) -> Markup:
    """Return a sentence with its marks; what supports it is said in the title of each mark, doubt in words."""
    support = say(f"page.support_{sentence.support}", language)
    marks = Markup().join(
        Markup(' <a class="cite {}" href="#quote-{}-{}" title="{}">[{}]</a>').format(
            sentence.support,
            number,
            cited,
            say("page.source_mark", language, number=cited, support=support, title=titles.get(cited, "")),
            cited,
        )
        for cited in sentence.citations
    )
    doubt = ""
    if sentence.support == "unsupported":
        doubt = Markup(' <span class="doubt">({})</span>').format(say("page.unsupported", language))
    item = " item" if sentence.text.startswith(_BULLETS) else ""
    return Markup('<span class="sentence {}{}">{}{}{}</span>').format(
        sentence.support, item, lines(sentence.text), doubt, marks
    )


def _nothing(answer: Answer, state: State, language: Language) -> Markup:
    """Say that there is no answer, unless a notice of the answer already says so."""
    if state == "stopped" or answer.notices:
        return Markup()
    return Markup('<p class="text">{}</p>').format(say(f"page.nothing.{answer.status}", language))


def _support(sentences: Sequence[Sentence], language: Language) -> Markup:
    if not sentences:
        return Markup()
    count = dict.fromkeys(("verbatim", "supported", "unsupported"), 0)
    for sentence in sentences:
        count[sentence.support] += 1
    if count["verbatim"] < len(sentences):
        words = say("page.support", language, **count)
    else:
        words = say("page.verbatim" if len(sentences) > 1 else "page.verbatim_one", language)
    return Markup('<p class="support">{} {}</p>').format(words, say("page.check", language))


def _notices(answer: Answer) -> Markup:
    """Return what is to be said beside the answer; where there is none, the notice takes its place."""
    name = "notice" if answer.sentences or answer.status == "error" else "text"
    return Markup().join(Markup('<p class="{}">{}</p>').format(name, lines(notice)) for notice in answer.notices)


def _suggestions(answer: Answer, language: Language) -> Markup:
    if not answer.suggestions:
        if answer.status != "unanswerable":
            return Markup()
        address = "library?" + urlencode({"q": answer.question})
        return Markup('<p><a class="view" href="{}">{}</a></p>').format(address, say("page.search_yourself", language))
    is_list = answer.status == "answered"
    items = Markup().join(_suggested(suggestion, language) for suggestion in answer.suggestions)
    return Markup('<div class="suggestions"><h3>{}</h3><ul>{}</ul></div>').format(
        say("page.listed" if is_list else "page.suggestions", language), items
    )


def _suggested(suggestion: Suggestion, language: Language) -> Markup:
    document, passage = suggestion.document, suggestion.passage
    facts = [
        say(f"kind.{document.kind}", language),
        passage.label,
        numbered(document, language),
        as_of(document, language),
    ]
    return Markup('<li><a class="title show" href="{}">{}</a> <span class="facts">{}</span> {}</li>').format(
        passage_link(passage),
        document.title,
        " · ".join(fact for fact in facts if fact),
        official_link(document, (), language),
    )
