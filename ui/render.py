"""An answer goes in, its HTML comes out: status, sentences with marks, notices, how it came about, sources.

Pure functions over values; every word that comes from a question, a document or a model is escaped by `Markup`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from markupsafe import Markup

from index.language import Language, catalogue, say
from index.values import Document
from rag.values import Answer, Sentence
from ui.passages import block, clip, lines
from ui.sources import as_of, numbered, official_link, sources

State = Literal["busy", "done", "stopped"]
_BULLETS = ("• ", "- ", "– ", "* ")


def turn(answer: Answer, number: int, state: State, language: Language) -> Markup:
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
        _answer(answer, number, state, language),
        sources(answer.citations, number, language),
    )
    return block(html)


def announcement(answer: Answer, state: State, language: Language) -> str:
    """Return the one line that a screen reader is told about this state of an answer."""
    if state == "busy":
        return say("page.announce_busy", language)
    if state == "stopped":
        return say("page.announce_stopped", language)
    status = say(f"page.status.{answer.status}", language)
    return say("page.announce_done", language, status=status, sources=len(answer.citations))


def duration(seconds: float, language: Language) -> str:
    """Return a time in words that suit its size: `12 ms`, `1,4 s`."""
    if seconds < 1:
        return say("page.milliseconds", language, value=max(1, round(seconds * 1000)))
    value = f"{seconds:.1f}"
    return say("page.seconds", language, value=value.replace(".", ",") if language == "nl" else value)


def collection(documents: Sequence[Document], store_label: str, language: Language) -> Markup:
    """Return the line that says what the store holds, with the list of documents one click away."""
    if not documents:
        return Markup("<p>{}</p>").format(say("page.collection_empty", language, store=store_label))
    key = "page.collection_one" if len(documents) == 1 else "page.collection"
    head = say(key, language, count=len(documents), store=store_label)
    newest = sorted(documents, key=lambda d: (d.date or date.min, d.document), reverse=True)
    items = Markup().join(_document_item(document, language) for document in newest[:200])
    html = Markup(
        '<details class="collection" id="collection-list"><summary>{}. {}</summary><ul>{}</ul></details>'
    ).format(head, say("page.collection_list", language), items)
    return block(html)


def _answer(answer: Answer, number: int, state: State, language: Language) -> Markup:
    if state == "busy":
        progress = say("page.writing" if answer.sentences else "page.busy", language)
        head = Markup('<p class="status busy"><span class="dots"></span>{}</p>').format(progress)
        return head + _sentences(answer, number, language)
    head = Markup('<p class="status {}">{}</p>').format(
        "stopped" if state == "stopped" else answer.status,
        say("page.stopped_status", language) if state == "stopped" else say(f"page.status.{answer.status}", language),
    )
    return Markup().join(
        (
            head,
            _sentences(answer, number, language) or _nothing(answer, state, language),
            _support(answer.sentences, language),
            _notices(answer),
            _suggestions(answer, language),
            _trace(answer, number, language) if state == "done" else "",
        )
    )


def _sentences(answer: Answer, number: int, language: Language) -> Markup:
    if not answer.sentences:
        return Markup()
    titles = {c.number: f"{c.document.title}, {c.passage.label}" for c in answer.citations}
    return Markup('<p class="text">{}</p>').format(
        Markup(" ").join(_sentence(sentence, titles, number, language) for sentence in answer.sentences)
    )


def _sentence(sentence: Sentence, titles: Mapping[int, str], number: int, language: Language) -> Markup:
    marks = Markup().join(
        Markup(' <a class="cite" href="#quote-{}-{}" title="{}">[{}]</a>').format(
            number, cited, say("page.source_mark", language, number=cited, title=titles.get(cited, "")), cited
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
        return Markup()
    is_list = answer.status == "answered"
    items = Markup().join(
        _document_item(suggestion.document, language, suggestion.passage.label) for suggestion in answer.suggestions
    )
    return Markup('<div class="suggestions"><h3>{}</h3><ul>{}</ul></div>').format(
        say("page.listed" if is_list else "page.suggestions", language), items
    )


def _document_item(document: Document, language: Language, label: str = "") -> Markup:
    facts = [
        say(f"kind.{document.kind}", language),
        label,
        numbered(document, language),
        as_of(document, language),
    ]
    return Markup('<li><span class="title">{}</span> <span class="facts">{}</span> {}</li>').format(
        document.title, " · ".join(fact for fact in facts if fact), official_link(document, (), language)
    )


def _trace(answer: Answer, number: int, language: Language) -> Markup:
    if not answer.trace:
        return Markup()
    rows = Markup().join(
        Markup('<tr><th scope="row">{}</th><td>{}</td><td class="time">{}</td></tr>').format(
            _step_name(step.step, language), step.decision or "–", duration(step.seconds, language)
        )
        for step in answer.trace
    )
    return Markup(
        '<details class="trace" id="trace-{}"><summary>{}</summary><table><thead><tr><th scope="col">{}</th>'
        '<th scope="col">{}</th><th scope="col" class="time">{}</th></tr></thead><tbody>{}</tbody></table>'
        '<p class="by">{}</p></details>'
    ).format(
        number,
        say("page.trace", language),
        say("page.trace_step", language),
        say("page.trace_decision", language),
        say("page.trace_time", language),
        rows,
        say("page.trace_by", language, model=answer.model, time=duration(answer.seconds, language)),
    )


def _step_name(step: str, language: Language) -> str:
    """Return a step's name in words; a step that has none keeps its own name."""
    return catalogue(language).get(f"page.step.{step}", step)
