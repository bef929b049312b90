"""Takes the text of an HTML page, well-formed or not, and gives its tree; runs and fetches nothing.

The parser of the standard library takes minutes for a megabyte of unclosed tags (in Python 3.11), so the tags are
found here by expressions that never look back: the time is in proportion to the length, whatever the page holds.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator

from index.errors import ReadError
from index.read.tree import DEEPEST, MOST, Node

# A tag with its quotes closed, which may hold "<" and ">"; and one that ends at the first of those all the same.
_QUOTED_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:_.-]{0,40}+)((?:\"[^\"]*+\"|'[^']*+'|[^>\"'])*+)>")
_PLAIN_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:_.-]{0,40}+)((?:[^<>\"']++|\"[^\"<>]*+\"|'[^'<>]*+'|[\"'])*+)>")
_LONGEST_TAG = 20_000  # characters that quotes are followed over, so often as `_PATIENCE` in vain
_PATIENCE = 200
_ATTRIBUTE = re.compile(r"([^\s=\"'/>]{1,60}+)(?:\s{0,9}+=\s{0,9}+(\"[^\"]*+\"|'[^']*+'|[^\s\"'>]++))?")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())  # noqa: SIM905
_RAW = frozenset(("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"))
BLOCKS = frozenset(
    (
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "center",
            "dd",
            "details",
            "div",
            "dl",
            "dt",
            "fieldset",
        ),
        *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
        *("li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "ul"),
    )
)
# What a start tag closes of itself when its end tag was left out, and what it never closes beyond.
_CLOSES = {
    "li": (frozenset(("li",)), frozenset(("ul", "ol", "menu"))),
    "dt": (frozenset(("dt", "dd")), frozenset(("dl",))),
    "dd": (frozenset(("dt", "dd")), frozenset(("dl",))),
    "tr": (frozenset(("tr", "td", "th")), frozenset(("table",))),
    "td": (frozenset(("td", "th")), frozenset(("tr", "table"))),
    "th": (frozenset(("td", "th")), frozenset(("tr", "table"))),
    "tbody": (frozenset(("thead", "tbody", "tr", "td", "th")), frozenset(("table",))),
    "option": (frozenset(("option",)), frozenset(("select",))),
}
_IN_PARAGRAPH = frozenset(("p",))
_BEYOND_PARAGRAPH = frozenset(("table", "td", "th", "div", "li", "section", "article", "body", "button", "object"))
_REACH = 40  # how far up a left-out end tag is looked for

Event = tuple[str, str, str]  # "start" | "end" | "text", the tag, and the attributes or the text


def parse_html(text: str, name: str) -> Node:
    """Return a root whose parts are the page; what is nested too deep lies beside, no longer inside.

    Raises `ReadError` where the page holds too many elements.
    """
    tree = _Tree()
    count = 0
    for event, tag, rest in _Scanner(text).events():
        count += event != "end"
        if count > 2 * MOST:
            raise ReadError("read.too_many", file=name)
        if event == "text":
            tree.open[-1].parts.append(html.unescape(rest) if tag != "raw" else rest)
        elif event == "end":
            tree.end(tag)
        else:
            tree.start(tag, rest)
    return tree.root


class _Scanner:
    """Finds the tags of a page from left to right; every character is looked at a bounded number of times."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lowered = text.lower()
        if len(self.lowered) != len(text):
            self.lowered = text
        self.missing: set[str] = set()  # endings that do not come any more
        self.in_vain = 0

    def events(self) -> Iterator[Event]:
        text, at = self.text, 0
        while (start := text.find("<", at)) >= 0:
            if start > at:
                yield "text", "", text[at:start]
            following = text[start + 1 : start + 2]
            if following in ("!", "?"):
                at = self._after_declaration(start)
                continue
            match = self._tag(start) if following == "/" or following.isalpha() else None
            if match is None:
                at = start + 1
                yield "text", "", "<"
                continue
            at, tag = match.end(), match[2].lower()
            yield ("end" if match[1] else "start"), tag, match[3]
            if not match[1] and tag in _RAW and not match[3].rstrip().endswith("/"):
                end = self.lowered.find(f"</{tag}", at)
                end = len(text) if end < 0 else end
                yield "text", "raw" if tag in ("script", "style") else "", text[at:end]
                at = end
        if at < len(text):
            yield "text", "", text[at:]

    def _tag(self, start: int) -> re.Match[str] | None:
        if self._find(">", start) < 0:
            return None
        if self.in_vain < _PATIENCE:
            match = _QUOTED_TAG.match(self.text, start, min(start + _LONGEST_TAG, len(self.text)))
            if match:
                return match
            self.in_vain += 1
        return _PLAIN_TAG.match(self.text, start)

    def _after_declaration(self, start: int) -> int:
        """Where a comment, a doctype or an instruction ends; one that never ends is only its first sign."""
        if self.text.startswith("<![CDATA[", start):
            return start + len("<![CDATA[")
        close = "-->" if self.text.startswith("<!--", start) else ">"
        end = self._find(close, start + 2)
        if end < 0:
            return start + (4 if close == "-->" else 2)
        return end + len(close)

    def _find(self, close: str, start: int) -> int:
        end = -1 if close in self.missing else self.text.find(close, start)
        if end < 0:
            self.missing.add(close)
        return end


class _Tree:
    """The tree as it grows, with the elements that are open."""

    def __init__(self) -> None:
        self.root = Node("")
        self.open = [self.root]
        self.names: Counter[str] = Counter()
        self.beyond = 0  # elements that are open but no longer nested

    def start(self, tag: str, attributes: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in _CLOSES:
            self._close(*_CLOSES[tag])
        if tag in BLOCKS:
            self._close(_IN_PARAGRAPH, _BEYOND_PARAGRAPH)
        node = Node(tag, _attributes(attributes))
        self.open[-1].parts.append(node)
        if tag in _VOID or attributes.rstrip().endswith("/"):
            return
        if len(self.open) >= DEEPEST:
            self.beyond += 1
            return
        self.open.append(node)
        self.names[tag] += 1

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if self.beyond:
            self.beyond -= 1
        elif self.names[tag]:
            while self._pop() != tag:
                pass

    def _close(self, closed: frozenset[str], beyond: frozenset[str]) -> None:
        """Close the outermost of `closed` that is open nearer than one of `beyond`."""
        place = 0
        for back in range(1, min(len(self.open), _REACH)):
            tag = self.open[-back].tag
            if tag in beyond:
                break
            if tag in closed:
                place = back
        for _ in range(place):
            self._pop()

    def _pop(self) -> str:
        tag = self.open.pop().tag
        self.names[tag] -= 1
        return tag


def _attributes(text: str) -> dict[str, str]:
    if not text.strip(" /"):
        return {}
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        value = (match[2] or "").strip("\"'")
        found.setdefault(match[1].lower(), html.unescape(value))
    return found
