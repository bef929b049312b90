"""Takes the tree of an HTML page and tells what it is about, which part of it is its content, and what is hidden."""

from __future__ import annotations

from collections.abc import Iterator

from index.read.owms import about_of_pairs
from index.read.source import About
from index.read.tree import Node

_LEFT_OUT = frozenset(
    (
        *("head", "script", "style", "noscript", "template", "nav", "aside", "button", "select", "input", "textarea"),
        *("label", "svg", "math", "canvas", "iframe", "object", "audio", "video", "dialog", "menu", "title", "link"),
    )
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "dt")
_CONTROLS = (*_HEADINGS, "button", "a", "summary", "div")
_PANELS = ("div", "section", "p", "ul", "ol", "dl", "dd", "article", "table")
_POPUPS = frozenset(("dialog", "alertdialog", "menu", "listbox", "tooltip", "status"))
_HIDDEN = frozenset(("verberg", "hidden", "sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text"))
_AROUND = frozenset(("breadcrumb", "breadcrumbs", "broodkruimels", "toc", "inhouds-opgave", "skip-link", "skiplinks"))
# Metadata of publications and pages; what else a page tells about itself is for other readers.
_TOLD = frozenset(
    (
        *("identifier", "title", "canonical", "available", "issued", "date", "modified", "category", "subject"),
        *("vraagnummer", "aanhangselnummer", "aanhangsel", "indiener", "datumindiening", "datumontvangst"),
        *("dossiernummer", "ondernummer"),
    )
)


def about_page(root: Node) -> About:
    """The metadata that a page gives of itself, its title and its own address."""
    pairs: list[tuple[str, str]] = []
    for meta in root.all("meta"):
        name = meta.attributes.get("name", meta.attributes.get("property", ""))
        pairs.append((name, meta.attributes.get("content", "")))
    for link in root.all("link"):
        if link.attributes.get("rel", "").lower() == "canonical":
            pairs.append(("canonical", link.attributes.get("href", "")))
    title = root.find("title")
    pairs.append(("title", title.text if title else ""))
    return {name: values for name, values in about_of_pairs(pairs).items() if name in _TOLD}


def content_of(root: Node) -> Node:
    """The part of a page that holds what it is about; the whole page where none is marked."""
    for wanted in (_is_official, lambda node: node.tag == "main" or node.attributes.get("role") == "main"):
        found = next((node for node in _shown(root) if wanted(node)), None)
        if found and found.text:
            return found
    articles = [node for node in _shown(root) if node.tag == "article"]
    if len(articles) == 1 and articles[0].text:
        return articles[0]
    return root.find("body") or root


def show_controlled(root: Node) -> None:
    """Take off what hides the parts of a page that a visitor opens: panels of tabs, answers that fold out, and let the
    buttons that open those be their headings."""
    controlled = {name for node in root.all(*_CONTROLS) for name in node.attributes.get("aria-controls", "").split()}
    for node in root.all(*_PANELS):
        told = node.attributes
        opens = told.get("role") == "tabpanel" or told.get("hidden") == "until-found" or told.get("id") in controlled
        if opens and told.get("role") not in _POPUPS:
            for name in ("hidden", "aria-hidden", "style"):
                told.pop(name, None)
            told["data-panel"] = ""
    shown = {node.attributes.get("id") for node in root.all(*_PANELS) if not is_left_out(node)}
    in_headings = {id(inner) for node in root.all(*_HEADINGS) for inner in node.all("button")}
    for button in root.all("button"):
        told = button.attributes
        if "aria-expanded" in told and told.get("role") != "tab" and told.get("aria-controls", "") in shown:
            button.tag = "span" if id(button) in in_headings else "summary"


def _is_official(node: Node) -> bool:
    return node.attributes.get("id") == "broodtekst" or "officiele-publicatie" in classes_of(node)


def _shown(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [inner for inner in reversed(node.nodes) if not is_left_out(inner)]


def classes_of(node: Node) -> set[str]:
    """The classes of an element in lower case."""
    return set(node.attributes.get("class", "").lower().split())


def is_left_out(node: Node) -> bool:
    """Whether an element is hidden, runs, or only leads elsewhere."""
    if node.tag in _LEFT_OUT:
        return True
    if not node.attributes:
        return False
    style = node.attributes.get("style", "").replace(" ", "").lower()
    hidden = "hidden" in node.attributes or node.attributes.get("aria-hidden") == "true"
    role = node.attributes.get("role", "")
    around = role in ("navigation", "banner", "search", "contentinfo", "alert") or classes_of(node) & (
        _HIDDEN | _AROUND
    )
    return hidden or bool(around) or "display:none" in style or "visibility:hidden" in style
