"""Takes the bytes of an XML file and gives its tree; the one door to expat, closed to everything outside the file.

The parser of the standard library suffices: nothing has to be installed, and as expat only tells what it meets, an
entity, an outside reference, a too deep or too large tree is refused at the moment it is met, before it costs memory.
"""

from __future__ import annotations

from html.entities import html5
from typing import Any
from xml.parsers import expat

from index.errors import ReadError
from index.read.tree import DEEPEST, MOST, Node


def parse_xml(data: bytes, name: str) -> Node:
    """Return the root element; names without their namespace, in lower case.

    Raises `ReadError` where the file is no XML, defines entities, or is nested too deep or too large.
    """
    builder = _Builder(name)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.EntityDeclHandler = builder.refuse_entity
    parser.ExternalEntityRefHandler = builder.refuse_entity
    parser.SkippedEntityHandler = builder.named_character
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ReadError("read.broken_xml", file=name, line=error.lineno) from error
    except (LookupError, ValueError) as error:  # an encoding that does not exist
        raise ReadError("read.encoding", file=name) from error
    if not builder.root.nodes:
        raise ReadError("read.empty", file=name)
    return builder.root.nodes[0]


class _Builder:
    """Grows the tree while the parser tells what it meets."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root = Node("")
        self.open = [self.root]
        self.count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.open) > DEEPEST:
            raise ReadError("read.too_deep", file=self.name, levels=DEEPEST)
        if self.count > MOST:
            raise ReadError("read.too_many", file=self.name)
        node = Node(_local(tag), {_local(key): value for key, value in attributes.items()})
        self.open[-1].parts.append(node)
        self.open.append(node)

    def end(self, _tag: str) -> None:
        self.open.pop()

    def text(self, text: str) -> None:
        self.open[-1].parts.append(text)

    def refuse_entity(self, *_given: Any) -> int:
        raise ReadError("read.entities", file=self.name)

    def named_character(self, name: str, is_parameter: bool) -> None:
        """A character by name, such as "nbsp": known to HTML, never looked up in a file."""
        if not is_parameter and f"{name};" in html5:
            self.text(html5[f"{name};"])


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
