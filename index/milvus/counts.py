"""How many passages hold a term or explain an abbreviation, and how many documents bear a name, at each generation.

A count is a row for each generation in which it changed; of those up to a reader's generation the newest holds. A row
that two later ones stand for is removed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Literal

from index.milvus.current import Current
from index.milvus.server import Row, Server, among, literal
from index.milvus.tables import LONGEST_NAME, Table, counts_table

Kind = Literal["term", "explained", "name"]
Key = tuple[Kind, str]
KINDS: tuple[Kind, ...] = ("term", "explained", "name")

_ASKED = 1_000
_KEPT = 200_000


@dataclass(slots=True)
class Counts:
    """The counts as they are at one generation, remembered once they were asked for; safe to share between threads.

    `number` is that of their collection, 0 when there is none.
    """

    server: Server
    number: int
    generation: int
    current: Current | None = None
    _known: dict[str, int] = field(default_factory=dict)

    def terms(self, names: Iterable[str]) -> Mapping[str, int]:
        """Return in how many passages each term occurs (`weights.counted`), 0 for one that occurs in none."""
        names = set(names)
        missing = [name for name in names if name not in self._known] if self.number else []
        if missing:
            if len(self._known) > _KEPT:
                self._known.clear()
            with self._reading():
                rows = _rows(self.server, counts_table(self.number), "term", missing, self.generation)
            found = _newest(rows)
            self._known.update({name: found.get(name, 0) for name in missing})
        return {name: self._known.get(name, 0) for name in names}

    def all(self, kind: Kind) -> Mapping[str, int]:
        """Return every count of a kind that is not 0."""
        if not self.number:
            return {}
        where = f"kind == {literal(kind)} and generation <= {self.generation}"
        with self._reading():
            rows = self.server.scan(counts_table(self.number).name, where, ["name", "generation", "total"])
        found = _newest(rows)
        return {name: total for name, total in found.items() if total}

    def _reading(self) -> AbstractContextManager[None]:
        return nullcontext() if self.current is None else self.current.reading()


class CountWriter:
    """Counts what comes and goes, on top of what is there; remembers what nobody else can have changed meanwhile."""

    def __init__(self, server: Server, number: int) -> None:
        """`number` is that of the collection that is written to."""
        self.number = number
        self.table = counts_table(number)
        self._server = server
        self._changes: Counter[Key] = Counter()
        self._totals: dict[Key, int] = {}
        self._of = 0
        self._stale: list[str] = []

    def add(self, kind: Kind, names: Iterable[str], sign: int) -> None:
        """Count each of `names` once more, or once less when `sign` is -1."""
        for name in names:
            if len(name.encode("utf-8", "replace")) <= LONGEST_NAME:
                self._changes[kind, name] += sign

    def changed(self, kind: Kind) -> dict[str, int]:
        """Return by how much each count of a kind is to change."""
        return {name: change for (of, name), change in self._changes.items() if of == kind and change}

    def write(self, before: int, generation: int, beat: Callable[[], None]) -> None:
        """Write what changed since the generation `before`, for `generation`."""
        changed = {key: change for key, change in self._changes.items() if change}
        if self._of != before:
            self._totals.clear()
        stale = self._read([key for key in changed if key not in self._totals], before) if before else []
        rows = []
        for (kind, name), change in changed.items():
            total = self._totals.get((kind, name), 0) + change
            self._totals[kind, name] = total
            row = {"key": f"{kind} {name}@{generation}", "kind": kind, "name": name, "total": total}
            rows.append(row | {"generation": generation})
        self._server.put(self.table, rows, beat)
        self._changes.clear()
        self._of = generation
        self._stale += stale

    @property
    def is_stale(self) -> bool:
        """Whether rows are still there that only readers of earlier generations need."""
        return bool(self._stale)

    def forget(self) -> None:
        """Remove the rows that only readers of earlier generations needed."""
        for start in range(0, len(self._stale), _ASKED):
            self._server.delete(self.table.name, among("key", self._stale[start : start + _ASKED]))
        self._stale.clear()

    def _read(self, keys: list[Key], before: int) -> list[str]:
        """Learn the totals of `keys`; return the keys of the rows that are of no more use to anybody."""
        stale: list[str] = []
        for kind in KINDS:
            names = [name for of, name in keys if of == kind]
            rows = _rows(self._server, self.table, kind, names, before)
            newest = _newest(rows)
            latest = defaultdict[str, int](int)
            for row in rows:
                latest[row["name"]] = max(latest[row["name"]], row["generation"])
            stale += [row["key"] for row in rows if row["generation"] < latest[row["name"]]]
            self._totals.update({(kind, name): newest.get(name, 0) for name in names})
        return stale


def remove_zeros(server: Server, number: int, generation: int) -> None:
    """Remove what was counted of words and names that no document holds any more, at `generation`."""
    table = counts_table(number).name
    gone = server.scan(table, f"total == 0 and generation <= {generation}", ["kind", "name"])
    for kind in {row["kind"] for row in gone}:
        names = sorted({row["name"] for row in gone if row["kind"] == kind})
        for start in range(0, len(names), _ASKED):
            rows = _rows(server, counts_table(number), kind, names[start : start + _ASKED], generation)
            zero = {name for name, total in _newest(rows).items() if total == 0}
            # The others first: one of them that is left alone would count again.
            for is_last in (False, True):
                keys = [row["key"] for row in rows if row["name"] in zero and (row["total"] == 0) == is_last]
                if keys:
                    server.delete(table, among("key", keys))


def _rows(server: Server, table: Table, kind: Kind, names: list[str], generation: int) -> list[Row]:
    found: list[Row] = []
    for start in range(0, len(names), _ASKED):
        some = among("name", names[start : start + _ASKED])
        where = f"{some} and kind == {literal(kind)} and generation <= {generation}"
        found += server.query(table.name, where, ["key", "name", "generation", "total"])
    return found


def _newest(rows: Iterable[Row]) -> dict[str, int]:
    """Return the total of each name at its newest generation."""
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        found[row["name"]] = max(found.get(row["name"], (-1, 0)), (row["generation"], row["total"]))
    return {name: total for name, (_, total) in found.items()}
