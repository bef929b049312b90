"""What the markup readers give each other: elements with their attributes and what they hold, in order.

A tree is never deeper than `DEEPEST` and never holds more than `MOST` elements, so it can be walked by recursion and
its memory is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

DEEPEST = 150
MOST = 300_000


@dataclass(slots=True)
class Node:
    """An element by its local name in lower case; `parts` are its texts and elements in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    parts: list[Node | str] = field(default_factory=list)

    @property
    def nodes(self) -> list[Node]:
        """The elements directly inside."""
        return [part for part in self.parts if isinstance(part, Node)]

    def first(self, *tags: str) -> Node | None:
        """The first element directly inside with one of these names."""
        return next((node for node in self.nodes if node.tag in tags), None)

    def all(self, *tags: str) -> Iterator[Node]:
        """Every element with one of these names at any depth, in reading order, itself included."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            if node.tag in tags:
                yield node
            waiting += reversed(node.nodes)

    def find(self, *tags: str) -> Node | None:
        """The first element with one of these names at any depth."""
        return next(self.all(*tags), None)

    @property
    def text(self) -> str:
        """All text inside, with single spaces."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        waiting: list[Node | str] = [self]
        while waiting:
            part = waiting.pop()
            if isinstance(part, str):
                yield part
            else:
                waiting += reversed(part.parts)
