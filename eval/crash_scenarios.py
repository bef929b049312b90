"""The blows a store must bear: each scenario changes a real store in a real process and strikes at it.

Knows one work folder with sources, a store, a saved copy and a reader throughout; what to play and how often is
`eval.crashes`' matter.
"""

from __future__ import annotations

import random
import shutil
import statistics
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eval.crash_bench import (
    BrokenPromiseError,
    Contents,
    Ended,
    Reader,
    change_documents,
    completed,
    contents_of_store,
    refuse_odd_sights,
    run,
)
from index.store.admin import generations

_RESTS = (0.0, 0.05, 30.0)
_KILLED, _REFUSED = -9, 3


@dataclass(frozen=True, slots=True)
class Result:
    """One crash: what was done, whether it was struck before its end, how often the reader read, what was wrong."""

    number: int
    scenario: str
    struck: bool
    reads: int
    seconds: float
    fault: str | None = None


class Bench:
    """A work folder with sources, a store and a saved copy, on which one scenario after another is played."""

    def __init__(self, folder: Path) -> None:
        self.sources, self.store, self.saved = folder / "bron", folder / "opslag é", folder / "kopie"
        self.disk = folder / "schijf"
        self._reader: Reader | None = None
        self._states: list[Contents] = []
        self._times: dict[str, list[float]] = defaultdict(lambda: [1.0])

    def play(self, number: int, scenario: str) -> Result:
        """Play one scenario; whatever is wrong is in the result."""
        chance, started = random.Random(number), time.monotonic()
        if not self.store.exists():
            change_documents(self.sources, random.Random(-1))
            completed("index", self.sources, self.store, 30)
        fault, struck, reads = None, False, 0
        try:
            self._reader = self._reader or Reader(self.store)
            allowed = [*self._states, contents_of_store(self.store)]
            states = allowed[-1:]
            struck = SCENARIOS[scenario](self, chance, states)
            sights = self._reader.seen()
            reads = len(sights)
            refuse_odd_sights(sights, allowed + states)
            self._states = states[-1:]
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"
        return Result(number, scenario, struck, reads, round(time.monotonic() - started, 2), fault)

    def close(self) -> None:
        """End the reader."""
        if self._reader:
            self._reader.close()

    # Scenarios: each returns whether the blow fell before the end

    def killed_indexing(self, chance: random.Random, allowed: list[Contents]) -> bool:
        """Kill an indexing process; the next one completes and gives what the files hold."""
        before, after = allowed[0], change_documents(self.sources, chance)
        allowed.append(after)
        struck = self._struck("index", chance, self.sources, self.store, chance.choice(_RESTS))
        _each_is_old_or_new(contents_of_store(self.store), before, after)
        completed("index", self.sources, self.store, 30)
        _same(contents_of_store(self.store), after)
        return struck

    def killed_purging(self, chance: random.Random, allowed: list[Contents]) -> bool:
        """Kill the removal and purging of documents; done again, no word of them is left on disk."""
        before = allowed[0]
        gone = chance.sample(sorted(before), 2)
        after = {document: text for document, text in before.items() if document not in gone}
        struck = self._struck("remove", chance, self.store, *gone)
        if contents_of_store(self.store) not in (before, after):
            raise BrokenPromiseError("half of a removal is there")
        completed("remove", self.store, *gone)
        _same(contents_of_store(self.store), after)
        allowed.append(after)
        left = b"".join(path.read_bytes() for path in sorted(self.store.rglob("*")) if path.is_file())
        if any(before[document].encode()[:200] in left for document in gone):
            raise BrokenPromiseError("a purged text is still on disk")
        return struck

    def killed_saving(self, chance: random.Random, allowed: list[Contents]) -> bool:
        """Kill a backup: it is there in full or not at all."""
        shutil.rmtree(self.saved, ignore_errors=True)
        struck = self._struck("backup", chance, self.store, self.saved)
        if self.saved.exists():
            _same(contents_of_store(self.saved), allowed[0])
        else:
            completed("backup", self.store, self.saved)
        _same(contents_of_store(self.saved), allowed[0])
        return struck

    def killed_restoring(self, chance: random.Random, allowed: list[Contents]) -> bool:
        """Kill a restore: the store is as before or as it was saved."""
        if not self.saved.exists():
            completed("backup", self.store, self.saved)
        before, after = allowed[0], contents_of_store(self.saved)
        allowed.append(after)
        struck = self._struck("restore", chance, self.saved, self.store)
        if contents_of_store(self.store) not in (before, after):
            raise BrokenPromiseError("half of a restore is there")
        completed("restore", self.saved, self.store)
        _same(contents_of_store(self.store), after)
        return struck

    def killed_after_rollback(self, chance: random.Random, allowed: list[Contents]) -> bool:
        """Go back to an earlier generation, and kill the change that drops the later ones."""
        kept, current = generations(self.store)
        completed("rollback", self.store, kept[0].generation)
        earlier, after = contents_of_store(self.store), change_documents(self.sources, chance)
        allowed += [earlier, after]
        struck = self._struck("index", chance, self.sources, self.store, chance.choice(_RESTS))
        _each_is_old_or_new(contents_of_store(self.store), earlier, after)
        completed("index", self.sources, self.store, 30)
        _same(contents_of_store(self.store), after)
        return struck and kept[0].generation != current

    def two_writers(self, chance: random.Random, allowed: list[Contents]) -> bool:
        """Start two writers at once: one completes, the other does too or is refused with a sentence."""
        after = change_documents(self.sources, chance)
        allowed.append(after)
        with ThreadPoolExecutor(2) as pool:
            ends = list(pool.map(lambda _: run("index", self.sources, self.store, 0), range(2)))
        if sorted({end.code for end in ends} | {0}) not in ([0], [0, _REFUSED]) or all(end.code for end in ends):
            raise BrokenPromiseError(f"two writers ended with {[(end.code, end.words[-200:]) for end in ends]}")
        _same(contents_of_store(self.store), after)
        return any(end.code == _REFUSED for end in ends)

    def full_disk(self, chance: random.Random, allowed: list[Contents]) -> bool:
        """Index on a disk that has room for a part of it only; with more room the next run completes."""
        before, after = allowed[0], change_documents(self.sources, chance)
        allowed.append(after)
        with self._small_disk() as (store, resize):
            resize(_used(store) + chance.randrange(0, 700) * 1024)
            ended = run("index", self.sources, store, chance.choice(_RESTS))
            _refused_or_done(ended, "store.full")
            _each_is_old_or_new(contents_of_store(store), before, after)
            resize(64 << 20)
            completed("index", self.sources, store, 30)
            _same(contents_of_store(store), after)
        completed("index", self.sources, self.store, 30)
        return ended.code == _REFUSED

    def read_only(self, chance: random.Random, allowed: list[Contents]) -> bool:
        """Index into a store on a disk that cannot be written; it is read meanwhile, and written when it can be."""
        before, after = allowed[0], change_documents(self.sources, chance)
        with self._small_disk() as (store, resize):
            resize(64 << 20, "ro")
            ended = run("index", self.sources, store, 0)
            _refused_or_done(ended, "store.readonly")
            _same(contents_of_store(store), before)
            resize(64 << 20, "rw")
            completed("index", self.sources, store, 30)
            _same(contents_of_store(store), after)
        allowed.append(after)
        completed("index", self.sources, self.store, 30)
        return True

    def _struck(self, action: str, chance: random.Random, *arguments: object) -> bool:
        times = self._times[action]
        ended = run(action, *arguments, kill_after=chance.uniform(0, 1.1 * statistics.median(times[-9:])))
        if ended.code not in (0, _KILLED):
            raise BrokenPromiseError(f"{action} ended with {ended.code}: {ended.words[-400:]}")
        if ended.code == 0:
            times.append(ended.seconds)
        return ended.code == _KILLED

    @contextmanager
    def _small_disk(self) -> Iterator[tuple[Path, Callable[..., None]]]:
        self.disk.mkdir(exist_ok=True)

        def resize(size: int, access: str = "rw") -> None:
            _mount("-o", f"remount,{access},size={size}", str(self.disk))

        _mount("-t", "tmpfs", "-o", f"size={64 << 20}", "tmpfs", str(self.disk))
        try:
            store = self.disk / "opslag"
            shutil.copytree(self.store, store)
            yield store, resize
        finally:
            subprocess.run(["umount", "--lazy", str(self.disk)], check=True)


SCENARIOS: dict[str, Callable[[Bench, random.Random, list[Contents]], bool]] = {
    "kill while indexing": Bench.killed_indexing,
    "kill while purging": Bench.killed_purging,
    "kill while saving": Bench.killed_saving,
    "kill while restoring": Bench.killed_restoring,
    "kill after a rollback": Bench.killed_after_rollback,
    "two writers": Bench.two_writers,
    "full disk": Bench.full_disk,
    "read-only folder": Bench.read_only,
}


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)


def _used(store: Path) -> int:
    return sum(-(-path.stat().st_size // 4096) * 4096 for path in store.rglob("*") if path.is_file())


def _refused_or_done(ended: Ended, key: str) -> None:
    if ended.code != 0 and not (ended.code == _REFUSED and ended.words.startswith(key)):
        raise BrokenPromiseError(f"exit code {ended.code}: {ended.words[-600:]}")


def _each_is_old_or_new(now: Contents, before: Contents, after: Contents) -> None:
    for document, text in now.items():
        if text not in (before.get(document), after.get(document)):
            raise BrokenPromiseError(f"{document} is neither as it was nor as it became")
    if lost := [document for document in before.keys() & after.keys() if document not in now]:
        raise BrokenPromiseError(f"lost: {lost}")


def _same(now: Contents, wanted: Contents) -> None:
    if now != wanted:
        odd = [name for name in {*now, *wanted} if now.get(name) != wanted.get(name)]
        raise BrokenPromiseError(f"not as it should be: {sorted(odd)}")
