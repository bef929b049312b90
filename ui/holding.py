"""A desk goes in, what its store holds comes out, counted once for each generation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from threading import Lock

from index.values import Document
from ui.desk import Desk
from ui.limits import Choices, choices_of


@dataclass(frozen=True, slots=True)
class Holding:
    """The documents of one generation, the newest first, and what they can be limited to."""

    documents: tuple[Document, ...] = ()
    choices: Choices = field(default_factory=Choices)


class Held:
    """Gives what the store of a desk holds now."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = Lock()
        self._known: tuple[int, Holding] | None = None

    def now(self) -> Holding:
        """Return what the newest generation holds."""
        with self._desk.store.snapshot() as snapshot:
            generation = snapshot.generation
        with self._lock:
            if self._known is None or self._known[0] != generation:
                found = self._desk.documents()
                newest = sorted(found, key=lambda d: (d.date or date.min, d.document), reverse=True)
                self._known = generation, Holding(tuple(newest), choices_of(newest))
            return self._known[1]
