"""An answer goes in; out come the texts by which a reader takes it along: to paste, Markdown, and HTML to print.

Each names its sources and says that the answer must be checked before it is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from index.language import Language, long_date, say
from rag.values import Answer, Citation
from ui.passages import clip, lines
from ui.sources import as_of, numbered, text_fragment

_SPECIAL = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]<>#|~"})
_STYLE = (
    "@page{size:A4;margin:22mm 20mm}body{font:11pt/1.5 Georgia,serif;color:#111;max-width:44rem;margin:2rem auto;"
    "padding:0 1rem}h1{font-size:1.35rem;line-height:1.3}h2{font-size:1.05rem;margin-top:1.6rem}"
    "blockquote{margin:.3rem 0;padding-left:.8rem;border-left:3px solid #bbb}li{margin-bottom:1rem;break-inside:avoid}"
    ".quiet{color:#444;font-size:.9rem}.check{border:1px solid #999;padding:.5rem .8rem}a{color:#154f86}"
    "sup{font-weight:bold}@media print{body{margin:0;padding:0}a{color:inherit}}"
)


def as_text(answer: Answer, language: Language, made: datetime) -> str:
    """Return the answer with its sources as plain text, to be pasted elsewhere."""
    rows = [
        answer.question,
        "",
        *(_body(answer) or [say(f"page.status.{answer.status}", language)]),
        *answer.notices,
        "",
    ]
    if answer.citations:
        rows.append(say("page.sources", language) + ":")
        rows += [f"[{c.number}] {_source(c, language)} {c.document.url or ''}".rstrip() for c in answer.citations]
        rows += [""]
    return "\n".join([*rows, *_made(answer, language, made)]) + "\n"


def as_markdown(answer: Answer, language: Language, made: datetime) -> str:
    """Return the answer with its sources and their quoted words as Markdown."""
    rows = [f"# {_plain(answer.question)}", "", *(f"{_plain(line)}  " for line in _body(answer)), ""]
    rows += [row for notice in answer.notices for row in (f"> {_plain(notice)}", "")]
    if answer.citations:
        rows += [f"## {say('page.sources', language)}", ""]
        for citation in answer.citations:
            link = f" [{say('save.link', language)}](<{_address(citation)}>)" if _address(citation) else ""
            rows += [f"{citation.number}. {_plain(_source(citation, language))}{link}", ""]
            rows += [f"   > {_plain(clip(citation.quote, 2000))}", ""]
    return "\n".join([*rows, "---", "", *(row for line in _made(answer, language, made) for row in (_plain(line), ""))])


def as_html(answer: Answer, language: Language, made: datetime) -> str:
    """Return the answer as a whole HTML page that prints well and needs nothing beside it."""
    sources = Markup().join(
        Markup('<li value="{}">{}{}<blockquote>{}</blockquote></li>').format(
            citation.number, _source(citation, language), _anchor(citation, language), lines(citation.quote)
        )
        for citation in answer.citations
    )
    body = Markup().join(Markup("<p>{}</p>").format(lines(line)) for line in _body(answer))
    notices = Markup().join(Markup('<p class="check">{}</p>').format(lines(notice)) for notice in answer.notices)
    made_lines = Markup("<br>").join(_made(answer, language, made))
    whole = Markup(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width, initial-scale=1"><title>{}</title><style>{}</style></head><body><h1>{}</h1>{}{}'
        '{}<p class="quiet">{}</p></body></html>'
    )
    listed = Markup("<h2>{}</h2><ol>{}</ol>").format(say("page.sources", language), sources) if sources else ""
    title = clip(answer.question, 80)
    return whole.format(language, title, Markup(_STYLE), answer.question, body, notices, listed, made_lines)


def _body(answer: Answer) -> list[str]:
    return [s.text + "".join(f" [{number}]" for number in s.citations) for s in answer.sentences]


def _source(citation: Citation, language: Language) -> str:
    document = citation.document
    facts: Sequence[str] = (
        document.title.rstrip("."),
        citation.passage.label,
        say(f"kind.{document.kind}", language),
        numbered(document, language),
        as_of(document, language),
        say("page.sample", language) if document.is_sample else "",
    )
    return ", ".join(fact for fact in facts if fact) + "."


def _address(citation: Citation) -> str:
    url = citation.document.url or ""
    if not url.lower().startswith(("https://", "http://")) or any(mark in url for mark in "<> \n"):
        return ""
    fragment = text_fragment([citation.quote])
    return url + ("" if "#" in url else "#") + fragment


def _anchor(citation: Citation, language: Language) -> Markup:
    address = _address(citation)
    return Markup(' <a href="{}">{}</a>').format(address, say("save.link", language)) if address else Markup()


def _made(answer: Answer, language: Language, made: datetime) -> list[str]:
    model = say("save.model", language, model=answer.model, generation=answer.generation)
    when = say("save.made", language, date=long_date(made.date(), language), time=f"{made:%H:%M}")
    return [say("page.check", language), f"{when} {model}"]


def _plain(text: str) -> str:
    """Return text on one line in which nothing means anything to Markdown."""
    return " ".join(text.split()).translate(_SPECIAL)
