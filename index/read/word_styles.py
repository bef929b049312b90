"""Takes the styles and numbering of a Word document and tells which paragraphs are headings, and their numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from index.read.tree import Node

_HEADING = re.compile(r"(?:heading|kop|überschrift|titre)\s?([1-9])", re.IGNORECASE)
_TITLE = re.compile(r"(?:title|titel)", re.IGNORECASE)
_DEEPEST_STYLE = 20
_HIGHEST = 5000


@dataclass(frozen=True, slots=True)
class Style:
    """What matters of a paragraph's style; `level` is that of a heading, 0 for none."""

    level: int = 0
    is_title: bool = False
    numbering: Node | None = None


class Styles:
    """The styles of a document by their id, each with what it is based on."""

    def __init__(self, root: Node | None) -> None:
        styles = root.all("style") if root else ()
        self._styles = {node.attributes.get("styleid", ""): node for node in styles}
        self._known: dict[str, Style] = {}

    def of(self, properties: Node | None) -> Style:
        """Return the style of a paragraph with these properties."""
        if properties is None:
            return Style()
        chosen = properties.first("pstyle")
        style = self._resolved(_value(chosen)) if chosen else Style()
        level = _outline(properties)
        return Style(level, style.is_title, style.numbering) if level else style

    def _resolved(self, identifier: str) -> Style:
        if identifier not in self._known:
            self._known[identifier] = self._resolve(identifier)
        return self._known[identifier]

    def _resolve(self, identifier: str) -> Style:
        level, is_title = 0, False
        numbering: Node | None = None
        for _ in range(_DEEPEST_STYLE):
            node = self._styles.get(identifier)
            name = _value(node.first("name")) if node else ""
            match = _HEADING.fullmatch(name.strip()) or _HEADING.fullmatch(identifier)
            properties = node.first("ppr") if node else None
            level = level or (int(match[1]) if match else _outline(properties))
            is_title = is_title or _TITLE.fullmatch(name.strip()) is not None
            numbering = numbering or (properties.first("numpr") if properties else None)
            based = node.first("basedon") if node else None
            if based is None:
                break
            identifier = _value(based)
        return Style(level, is_title, numbering)


def _outline(properties: Node | None) -> int:
    outline = properties.first("outlinelvl") if properties else None
    value = _value(outline)
    return int(value) + 1 if value.isdigit() and int(value[:3]) < 9 else 0


def _value(node: Node | None) -> str:
    return node.attributes.get("val", "") if node else ""


class Numbering:
    """Counts the numbered paragraphs of a document as Word does: it stores the lists, not the numbers."""

    def __init__(self, root: Node | None) -> None:
        self._levels: dict[str, dict[int, Node]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        if root is None:
            return
        abstract = {node.attributes.get("abstractnumid", ""): node for node in root.nodes if node.tag == "abstractnum"}
        for number in root.nodes:
            if number.tag != "num":
                continue
            base = abstract.get(_value(number.first("abstractnumid")))
            levels = {_level(node): node for node in (base.nodes if base else ()) if node.tag == "lvl"}
            self._levels[number.attributes.get("numid", "")] = levels

    def next(self, properties: Node | None, style: Style) -> str:
        """Return the number or bullet of the next paragraph with these properties; empty when it has none."""
        given = (properties.first("numpr") if properties else None) or style.numbering
        if given is None:
            return ""
        number, depth = _value(given.first("numid")), _value(given.first("ilvl"))
        level = int(depth) if depth.isdigit() and len(depth) < 3 else 0
        node = self._levels.get(number, {}).get(level)
        if node is None:
            return ""
        start = _value(node.first("start"))
        first = int(start) if start.isdigit() and len(start) < 5 else 1
        self._counts[number, level] = self._counts.get((number, level), first - 1) + 1
        for deeper in range(level + 1, 10):
            self._counts.pop((number, deeper), None)
        if _value(node.first("numfmt")) == "bullet":
            return "•"
        return re.sub(
            r"%([1-9])", lambda match: self._printed(number, int(match[1]) - 1), _value(node.first("lvltext"))
        )

    def _printed(self, number: str, level: int) -> str:
        node = self._levels[number].get(level)
        write = _FORMATS.get(_value(node.first("numfmt")) if node else "", str)
        return write(min(self._counts.get((number, level), 1), _HIGHEST))


def _level(node: Node) -> int:
    value = node.attributes.get("ilvl", "")
    return int(value) if value.isdigit() and len(value) < 3 else 0


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 4)


def _roman(number: int) -> str:
    signs = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
    text = ""
    for value, sign in (*signs, (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        text += sign * (number // value)
        number %= value
    return text


_FORMATS: dict[str, Callable[[int], str]] = {
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "none": lambda _number: "",
}
