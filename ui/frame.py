"""A desk goes in, the fixed parts of its page come out as HTML: heading, welcome, examples, what answers here."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from markupsafe import Markup

from index.language import LANGUAGES, Language, say
from ui.desk import Desk
from ui.passages import clip

EXAMPLES = 4
"""How many example questions are offered."""


def heading(desk: Desk, language: Language) -> Markup:
    """Return the name of the page, a way to the other language, and a warning where the documents are samples."""
    other = next(name for name in LANGUAGES if name != language)
    address = f"{other}/" if language == desk.language else "../"
    samples = Markup('<p class="samples">{}</p>').format(say("page.samples", language)) if desk.has_samples else ""
    return Markup(
        '<div class="bar"><h1>{}</h1><p class="tagline">{}</p><a class="language" href="{}">'
        '<span lang="{}">{}</span></a></div>{}'
    ).format(
        say("page.title", language),
        say("page.tagline", language),
        address,
        other,
        say("page.other_language", language),
        samples,
    )


def welcome(language: Language) -> Markup:
    """Return what stands on the page before the first question."""
    return Markup("<h2>{}</h2><p>{}</p>").format(say("page.welcome", language), say("page.intro", language))


def examples(desk: Desk, language: Language) -> list[str]:
    """Return example questions: written ones for the samples, else questions about the newest documents."""
    if desk.has_samples:
        return [question.strip() for question in say("page.examples_samples", language).split("|")][:EXAMPLES]
    dated = sorted((d for d in desk.documents() if d.date), key=lambda d: str(d.date), reverse=True)
    return [say("page.example_about", language, title=clip(d.title, 90)) for d in dated[:EXAMPLES]]


def machine(desk: Desk, language: Language) -> Markup:
    """Return the line that says that a machine answers, which one, and whether the question leaves the premises.

    The sentence for a lost connection waits here too: when it is needed, the server can no longer send it.
    """
    return Markup('<p class="offline">{}</p><p>{} {}</p>').format(
        say("page.offline", language), say("page.machine", language), _model_line(desk.model_name, language)
    )


def alert(text: str) -> Markup:
    """Return a sentence about the question box that is shown and read aloud at once."""
    return Markup('<p class="alert" role="alert">{}</p>').format(text)


def _model_line(model_name: str, language: Language) -> str:
    name, _, url = model_name.rpartition("@")
    host = urlsplit(url).hostname or ""
    if not name or not host:
        key = "page.model_none" if model_name in ("", "extractive") else "page.model_named"
        return say(key, language, model=model_name)
    key = "page.model_local" if is_own_network(host) else "page.model_remote"
    return say(key, language, model=name.removeprefix("openai:"), host=host)


def is_own_network(host: str) -> bool:
    """Whether `host` is this machine or a private address; a name that must be looked up counts as outside."""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or address.is_private


def announced(text: str) -> Markup:
    """Return the line that the page's script hands to a screen reader, once for each text."""
    return Markup('<p class="sr announced">{}</p>').format(text)
