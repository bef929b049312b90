"""Crashes of a large store: a copy of it is changed by processes that are killed, and must not show it.

`python -m eval.crashes --store FOLDER --runs 20` copies a store that was built with the bundled embedder, and adds,
changes and removes documents in the copy by real processes, each killed by SIGKILL at a random moment. After each: a
reader that had the store open sees what it saw; opened anew, every checksum agrees and the document is as before or as
after, in the texts and in both indexes; the next run completes. In the end all of the store is checked.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from eval.crash_bench import BrokenPromiseError
from eval.crash_scenarios import Result
from eval.generator import file_name, identifier, make_document
from index.static_embedding import bundled
from index.store import Store
from index.store.check import check_store
from index.store.files import DATABASE, LOCK, NEWEST
from index.store.snapshot import Snapshot

_REWRITTEN = (DATABASE, NEWEST, LOCK)
_FIRST = 5_000_000  # numbers of documents that no generated store has
_FIRST_GUESS, _MOST = 2.0, 30.0  # seconds within which a blow falls


def copy_store(store: Path, copy: Path) -> None:
    """Copy a store that nobody writes; what is written once and never changed is linked where that can be."""

    def place(source: str, target: str) -> None:
        if Path(source).name.startswith(_REWRITTEN):
            shutil.copyfile(source, target)
            return
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)

    shutil.copytree(store, copy, copy_function=place)


def crash_large(store: Path, folder: Path, runs: int, progress: Callable[[Result], None]) -> list[Result]:
    """Play `runs` crashes on a copy of `store` in `folder`, then check all of it; return what came of each."""
    folder.mkdir(parents=True, exist_ok=True)
    copy, results = folder / "kopie", list[Result]()
    shutil.rmtree(copy, ignore_errors=True)
    copy_store(store, copy)
    bench = _Bench(copy, folder)
    for number in range(runs):
        started, struck, fault = time.monotonic(), False, None
        try:
            struck = bench.play(random.Random(number), number)
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"
        results.append(Result(number, bench.action, struck, 2, round(time.monotonic() - started, 2), fault))
        progress(results[-1])
    started = time.monotonic()
    damages = check_store(copy)
    fault = f"damaged: {damages[:3]}" if damages else None
    results.append(Result(runs, "check of all", False, 0, round(time.monotonic() - started, 2), fault))
    progress(results[-1])
    return results


class _Bench:
    """A store with a document of ours that comes, changes and goes."""

    def __init__(self, store: Path, folder: Path) -> None:
        self.action = ""
        self._store, self._folder = store, folder
        self._times: dict[str, float] = {}
        self._number = _FIRST
        self._text: str | None = None
        with Store.open(store, bundled()).snapshot() as snapshot:
            self._others = snapshot.manifest.passages

    def play(self, chance: random.Random, turn: int) -> bool:
        """Kill one change, look, and let it complete; return whether it was struck before its end."""
        self.action = ("add", "change", "remove")[turn % 3]
        if self.action == "add":
            self._number += 1
        before, after = self._text, None
        if self.action != "remove":
            after, _ = make_document(self._number, random.Random(chance.random()))
            path = self._folder / file_name(self._number)
            path.write_text(after, encoding="utf-8")
        struck = False
        with Store.open(self._store, bundled()).snapshot() as reader:
            seen = self._seen(reader)
            code = self._run(chance.uniform(0.0, self._times.get(self.action, _FIRST_GUESS)))
            struck = code != 0
            if self._seen(reader) != seen:
                raise BrokenPromiseError("a reader sees another store than it opened")
        found = self._looked()
        if found not in (before, after):
            raise BrokenPromiseError("half of a change is there")
        started = time.monotonic()
        if self._run(None) != 0:
            raise BrokenPromiseError("the run after a crash does not complete")
        self._times[self.action] = min(_MOST, time.monotonic() - started)
        self._text = after
        if self._looked() != after:
            raise BrokenPromiseError("the run after a crash lost what it did")
        return struck

    def _run(self, kill_after: float | None) -> int:
        what = identifier(self._number) if self.action == "remove" else self._folder / file_name(self._number)
        action = "remove" if self.action == "remove" else "index"
        command = [sys.executable, "-m", "eval.change_cost", "step", action, str(self._store), str(what)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            return process.wait(kill_after)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def _looked(self) -> str | None:
        """Open the store anew, which verifies every file, and return the state of our document that it is in."""
        with Store.open(self._store, bundled()).snapshot() as snapshot:
            text, passages = snapshot.text(identifier(self._number)), len(snapshot.passages(identifier(self._number)))
            if snapshot.manifest.passages != self._others + passages:
                raise BrokenPromiseError("passages are lost or doubled")
            self._seen(snapshot)
        if text is None:
            return None
        whole = [path.read_text(encoding="utf-8") for path in self._folder.glob("*.txt")]
        known = [one for one in (*whole, self._text) if one and _same_words(one, text)]
        if not known:
            raise BrokenPromiseError("a text that nobody wrote is there")
        return known[0]

    def _seen(self, snapshot: Snapshot) -> tuple[str | None, frozenset[str], frozenset[str]]:
        """Return our document as a snapshot holds it: its text, and what either index finds of it."""
        name = identifier(self._number)
        text = snapshot.text(name)
        wanted = {passage.passage for passage in snapshot.passages(name)}
        question = " ".join((text or "").split()[60:90]) or "een vraag"
        words, meaning = (
            frozenset(
                h.passage.passage for h in snapshot.search(question, 20, mode=mode) if h.document.document == name
            )
            for mode in ("lexical", "dense")
        )
        if bool(wanted) != bool(words) or not (words | meaning) <= wanted:
            raise BrokenPromiseError("the texts and the indexes disagree")
        return text, words, meaning


def _same_words(one: str, other: str) -> bool:
    """Whether a text as it was read holds the words of a file: its questions and answers, blanks aside."""
    lines = [line.strip() for line in one.splitlines() if len(line) > 100]
    return all(line in other for line in lines)
