"""A desk goes in, the fixed parts of its page come out as HTML: heading, welcome, examples, what answers here."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from markupsafe import Markup

from index.language import LANGUAGES, Language, say
from index.values import Filters
from ui.access.values import Caller
from ui.desk import Desk
from ui.limits import Choices, fields
from ui.passages import block, clip

STATEMENTS = ("privacy", "accessibility")
"""The statements that the operator may edit; each is a view of its own."""
EXAMPLES = 4
"""How many example questions are offered."""


def heading(desk: Desk, language: Language, view: str = "", rest: str = "", caller: Caller | None = None) -> Markup:
    """Return the name of the page, the way to the other views and language, and a warning where these are samples.

    `view` is the name of the view that is shown, none for the conversation; `rest` is what follows it in its address.
    `caller` is who sees it: one who is known by name reads that name, and can log out of a session.
    """
    other = next(name for name in LANGUAGES if name != language)
    address = (f"{other}/" if language == desk.language else "../") + view + rest
    samples = Markup('<p class="samples">{}</p>').format(say("page.samples", language)) if desk.has_samples else ""
    name = Markup("<p class='brand'>{}</p>" if view else "<h1>{}</h1>").format(say("page.title", language))
    return Markup('<div class="bar">{}<p class="tagline">{}</p><ul class="views">{}{}</ul>{}{}</div>{}').format(
        name,
        say("page.tagline", language),
        _way("./", "page.view_questions", view == "", language),
        _way("library", "page.view_library", view == "library", language),
        _other(other, address, language),
        account(caller, language) if caller else "",
        samples,
    )


def plain_bar(language: Language, page: str, other: tuple[Language, str] | None = None) -> Markup:
    """Return the bar above what stands beside the desk: its name, which leads to `page`, and the way to the `other`
    language."""
    return Markup(
        '<header id="heading"><div class="bar"><p class="brand"><a href="{}">{}</a></p><p class="tagline">{}</p>'
        "{}</div></header>"
    ).format(
        page, say("page.title", language), say("page.tagline", language), _other(*other, language) if other else ""
    )


def account(caller: Caller, language: Language) -> Markup:
    """Return who is known by name, and the way out of a session; nothing of one who was not asked."""
    if caller.by not in ("session", "proxy"):
        return Markup()
    out = Markup('<button type="button" class="logout">{}</button>').format(say("access.leave", language))
    return Markup('<div class="account"><span class="who"><span class="sr">{} </span>{}</span>{}</div>').format(
        say("access.logged_in", language), caller.name, out if caller.by == "session" else ""
    )


def _other(other: Language, address: str, language: Language) -> Markup:
    return Markup('<a class="language" href="{}"><span lang="{}">{}</span></a>').format(
        address, other, say("page.other_language", language)
    )


def _way(address: str, key: str, is_here: bool, language: Language) -> Markup:
    here = Markup('<span class="sr"> ({})</span>').format(say("page.view_here", language)) if is_here else ""
    return Markup('<li><a class="view{}" href="{}">{}{}</a></li>').format(
        " here" if is_here else "", address, say(key, language), here
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
    return Markup('<p class="offline">{}</p><p>{}</p>').format(
        say("page.offline", language), machine_line(desk, language)
    )


def machine_line(desk: Desk, language: Language) -> str:
    """Return the sentences that say that a machine answers, which one, and where the question goes."""
    return f"{say('page.machine', language)} {_model_line(desk.model_name, language)}"


def limits(choices: Choices, language: Language) -> Markup:
    """Return the fields that limit a search, behind one click, and the place for what was chosen."""
    return Markup(
        '<div class="chosen" id="chosen" hidden><span>{}</span><ul id="chips"></ul></div><details id="narrow">'
        "<summary>{}</summary>{}</details>"
    ).format(say("page.limiting", language), say("page.limits", language), fields(choices, Filters(), language))


def words(language: Language) -> Markup:
    """Return what the page's script says, in the reader's language."""
    keys: tuple[str, ...] = (
        "copied",
        "copy_failed",
        "save_failed",
        "check",
        "close",
        "show",
        "loading",
        "load_failed",
        "unlimit",
    )
    keys += ("logged_out", "log_in", "full", "failed")
    dated = ("limited_since", "limited_until")
    said = [(key, say(f"page.{key}", language)) for key in keys]
    said += [(key, say(f"page.{key}", language, date="{}")) for key in dated]
    said += [("left", say("page.left", language, count="{}"))]
    return Markup().join(Markup('<p id="word-{}">{}</p>').format(key, text) for key, text in said)


def kept(text: str) -> Markup:
    """Return the conversation for the page's script, which lets the tab keep it."""
    return block(Markup('<p class="kept">{}</p>').format(text))


def footer(language: Language, page: str = "") -> Markup:
    """Return the way to the statements about privacy and accessibility, which stand below `page`."""
    links = Markup(" · ").join(
        Markup('<a class="view" href="{}">{}</a>').format(page + name, say(f"page.{name}", language))
        for name in STATEMENTS
    )
    return Markup('<p class="statements">{}</p>').format(links)


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
